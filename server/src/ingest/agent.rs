//! User agents: which device, browser and system, and whether it is a bot.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use isbot::Bots;
use regex::{Regex, RegexBuilder};
use woothee::parser::Parser;

use crate::record::Client;

/// Characters of an agent that are looked at; no browser's is half as long.
const AGENT_BYTES: usize = 512;
/// Agents remembered in each of the two halves of the cache.
const REMEMBERED: usize = 1_024;
/// Room for the automaton of all crawler patterns.
const PATTERN_BYTES: usize = 64 * 1024 * 1024;

/// What an agent tells.
#[derive(Debug, PartialEq)]
pub(super) struct AgentFacts {
    pub(super) is_bot: bool,
    /// Without the country, which the address tells.
    pub(super) client: Client,
}

/// Agents, with those seen lately remembered: reading one anew takes a hundred times as long.
#[derive(Default)]
pub(super) struct Agents(RwLock<Remembered>);

/// Two halves: when the newer is full it becomes the older, and the older is forgotten.
#[derive(Default)]
struct Remembered {
    newer: HashMap<Box<str>, Arc<AgentFacts>>,
    older: HashMap<Box<str>, Arc<AgentFacts>>,
}

impl Agents {
    pub(super) fn facts(&self, agent: &str) -> Arc<AgentFacts> {
        let agent = agent.get(..agent.floor_char_boundary(AGENT_BYTES)).unwrap_or(agent);
        let remembered = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(facts) = remembered.newer.get(agent) {
            return facts.clone();
        }
        let older = remembered.older.get(agent).cloned();
        drop(remembered);
        let facts = older.unwrap_or_else(|| Arc::new(read(agent)));
        let mut remembered = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if remembered.newer.len() >= REMEMBERED {
            remembered.older = std::mem::take(&mut remembered.newer);
        }
        remembered.newer.insert(agent.into(), facts.clone());
        facts
    }
}

fn read(agent: &str) -> AgentFacts {
    let parsed = Parser::new().parse(agent).unwrap_or_default();
    let is_bot = parsed.category == "crawler"
        || BOTS.is_bot(agent)
        || CRAWLERS.as_ref().is_some_and(|crawlers| crawlers.is_match(agent));
    let client = Client {
        country: None,
        device: device(agent, parsed.category, parsed.os).map(str::to_owned),
        browser: known(parsed.name).map(str::to_owned),
        os: known(parsed.os).map(|os| system(os).to_owned()),
    };
    AgentFacts { is_bot, client }
}

fn known(word: &str) -> Option<&str> {
    Some(word).filter(|word| !matches!(*word, "" | "UNKNOWN" | "HTTP Library"))
}

/// Tablets say so in ways of their own: an Android one is not `Mobile`.
fn device(agent: &str, category: &str, os: &str) -> Option<&'static str> {
    let is_tablet = os == "iPad"
        || agent.contains("Tablet")
        || agent.contains("Kindle")
        || (agent.contains("Android") && !agent.contains("Mobile"));
    match category {
        "smartphone" | "mobilephone" | "pc" if is_tablet => Some("tablet"),
        "smartphone" | "mobilephone" => Some("phone"),
        "pc" => Some("desktop"),
        "appliance" if os == "DigitalTV" => Some("tv"),
        "appliance" => Some("console"),
        _ => None,
    }
}

/// Systems by their plain names. Browsers no longer tell the versions apart, so these are left out.
fn system(os: &str) -> &str {
    match os {
        "Mac OSX" | "Mac OS Classic" => "macOS",
        "iPhone" | "iPad" | "iPod" => "iOS",
        "ChromeOS" => "Chrome OS",
        windows if windows.starts_with("Windows Phone") => "Windows Phone",
        windows if windows.starts_with("Windows") => "Windows",
        other => other,
    }
}

static BOTS: LazyLock<Bots> = LazyLock::new(Bots::default);

/// The published list of crawlers (see data/README.md) as one expression; a test holds that it compiles.
static CRAWLERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let patterns: Vec<&str> = include_str!("../../data/crawler-user-agents.txt").lines().collect();
    RegexBuilder::new(&patterns.join("|")).unicode(false).size_limit(PATTERN_BYTES).build().ok()
});
