//! Integrations: a provider's webhooks to a site, and the connection by which they were registered.

use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::payments::Provider;

/// A payment provider whose webhooks a site hears.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Integration {
    /// The site.
    pub site_id: String,
    /// The provider.
    pub provider: Provider,
    /// The webhook secrets that are valid, each sealed by the vault.
    pub secrets: Vec<Vec<u8>>,
    /// When it was added.
    pub created_at_ms: Millis,
    /// Secrets that a newer one has replaced, valid for a while yet.
    #[serde(default)]
    pub retired: Vec<RetiredSecret>,
    /// What an API key has set up at the provider; none where the webhook was made by hand.
    #[serde(default)]
    pub connection: Option<Box<Connection>>,
}

impl Integration {
    /// One that has no secret yet.
    pub fn new(site_id: &str, provider: Provider, created_at_ms: Millis) -> Self {
        Self {
            site_id: site_id.to_owned(),
            provider,
            secrets: Vec::new(),
            created_at_ms,
            retired: Vec::new(),
            connection: None,
        }
    }

    /// The sealed secrets that are valid at a time.
    pub fn valid_secrets(&self, now_ms: Millis) -> impl Iterator<Item = &[u8]> {
        let retired = self.retired.iter().filter(move |retired| retired.until_ms > now_ms);
        self.secrets.iter().chain(retired.map(|retired| &retired.secret)).map(Vec::as_slice)
    }
}

/// A webhook secret that has been replaced.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RetiredSecret {
    /// The secret, sealed by the vault.
    pub secret: Vec<u8>,
    /// When it stops being valid.
    pub until_ms: Millis,
}

/// What an API key has set up at a provider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// The API key, sealed by the vault.
    pub api_key: Vec<u8>,
    /// Whether the key moves live money, or a test's.
    pub live: bool,
    /// The provider's id of the store, where its keys open several.
    pub store: Option<String>,
    /// The provider's id of our endpoint.
    pub endpoint_id: String,
    /// When it was connected, or its secret was turned.
    pub registered_at_ms: Millis,
    /// What the last look at the endpoint found.
    pub checkup: Option<Checkup>,
    /// How far the payments of the past have been fetched.
    pub history: History,
}

/// What a look at our endpoint at the provider found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkup {
    /// When.
    pub at_ms: Millis,
    /// What was found.
    pub found: Found,
    /// What the provider said where nothing could be found out.
    pub problem: Option<String>,
}

/// How our endpoint stands at the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// It is there and switched on.
    Present,
    /// It is there, and the provider has switched it off.
    Disabled,
    /// It sends to another address than this server's.
    Moved,
    /// It is gone.
    Missing,
    /// The provider did not say.
    Unknown,
}

/// How far the payments of the past have been fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// When it was begun.
    pub started_at_ms: Millis,
    /// Which of the provider's lists is being read.
    pub part: usize,
    /// Where in it the next page begins; none at its start.
    pub cursor: Option<String>,
    /// Objects of that list that were read.
    pub read_of_part: u64,
    /// How many it has, where the provider says so.
    pub of_part: Option<u64>,
    /// Objects read in all.
    pub read: u64,
    /// How many of them told something that was not known.
    pub told: u64,
    /// The time before which nothing more is asked: the provider wants us to wait, or does not answer.
    pub wait_until_ms: Option<Millis>,
    /// Why it waits.
    pub problem: Option<String>,
    /// Lists that were left out, and why.
    pub left_out: Vec<String>,
    /// When it was done.
    pub finished_at_ms: Option<Millis>,
}

impl History {
    /// A history that is about to be fetched.
    pub fn starting(started_at_ms: Millis) -> Self {
        Self { started_at_ms, ..Self::default() }
    }

    /// Goes to the start of the next list.
    pub fn next_part(&mut self) {
        self.part = self.part.saturating_add(1);
        self.cursor = None;
        self.read_of_part = 0;
        self.of_part = None;
    }

    /// Whether there is more to fetch, and now is the time.
    pub fn is_due(&self, now_ms: Millis) -> bool {
        self.finished_at_ms.is_none() && self.wait_until_ms.is_none_or(|until_ms| until_ms <= now_ms)
    }
}
