//! Past payments: lists of a provider's API, read page by page and told as its webhooks would have told them.

mod lemonsqueezy;
mod paddle;
mod polar;
mod stripe;

use serde_json::Value;

use super::connect::Access;
use super::remote::Problem;
use super::{Notice, Provider, Webhook};
use crate::catalogue::SiteNumber;
use crate::clock::Millis;

/// What stands before the ids of events that no webhook brought.
const FETCHED: &str = "history:";
/// How far what was fetched stands behind what webhooks tell of the same money: they know its time best.
const FETCHED_RANK: u8 = 100;

/// One of the lists that a provider's past payments are read from.
pub struct Part {
    /// What it lists.
    pub name: &'static str,
    path: &'static str,
    query: &'static [(&'static str, &'static str)],
    permission: &'static str,
    /// The events that one of its objects comes to.
    events: fn(&Value, &Asked) -> Vec<Event>,
}

/// One page of a list.
#[derive(Default)]
pub struct Page {
    /// Its objects.
    pub objects: Vec<Value>,
    /// Where the next page begins; none after the last.
    pub next: Option<String>,
    /// How many objects the whole list has, where the provider says so.
    pub total: Option<u64>,
}

/// For whom, and when, a page was asked for.
pub struct Asked {
    /// The site.
    pub site: SiteNumber,
    /// When.
    pub at_ms: Millis,
    /// Whether the key moves live money.
    pub live: bool,
}

/// An event as a webhook would have brought it.
struct Event {
    id: String,
    body: Value,
}

/// The lists of a provider, in the order in which they are read.
pub fn parts(provider: Provider) -> &'static [Part] {
    match provider {
        Provider::Stripe => &stripe::PARTS,
        Provider::LemonSqueezy => &lemonsqueezy::PARTS,
        Provider::Paddle => &paddle::PARTS,
        Provider::Polar => &polar::PARTS,
        Provider::Api => &[],
    }
}

/// Fetches a page.
pub async fn fetch(access: &Access<'_>, part: &Part, cursor: Option<&str>) -> Result<Page, Problem> {
    match access.provider {
        Provider::Stripe => stripe::fetch(access, part, cursor).await,
        Provider::LemonSqueezy => lemonsqueezy::fetch(access, part, cursor).await,
        Provider::Paddle => paddle::fetch(access, part, cursor).await,
        Provider::Polar => polar::fetch(access, part, cursor).await,
        Provider::Api => Ok(Page::default()),
    }
}

/// What a page tells: a notice for each event that its objects come to. What is not ours to count is left out.
pub fn notices(
    provider: Provider,
    part: &Part,
    objects: &[Value],
    asked: &Asked,
    email_hash: &dyn Fn(&str) -> String,
) -> Vec<Notice> {
    let read = |event: Event| {
        let body = event.body.to_string();
        super::read(&Webhook {
            provider,
            site: asked.site,
            sandbox: !asked.live,
            headers: &|name| (name == "webhook-id").then_some(event.id.as_str()),
            body: body.as_bytes(),
            received_ms: asked.at_ms,
            email_hash,
        })
        .ok()
    };
    let events = objects.iter().flat_map(|object| (part.events)(object, asked));
    let notices = events.filter_map(read).filter(|notice| !notice.facts.is_empty());
    notices.map(behind_webhooks).collect()
}

/// Puts what was fetched behind what webhooks tell.
pub(super) fn behind_webhooks(mut notice: Notice) -> Notice {
    for paid in notice.facts.iter_mut().filter_map(|fact| fact.paid.as_mut()) {
        paid.rank = paid.rank.saturating_add(FETCHED_RANK);
    }
    notice
}

/// Whether an event id is of something fetched, not of a webhook.
pub fn is_fetched(event_id: &str) -> bool {
    event_id.starts_with(FETCHED)
}

/// The id of the event that an object comes to: the same object, unchanged, always gives the same one.
fn event_id(parts: &[&str]) -> String {
    format!("{FETCHED}{}", parts.join(":"))
}

/// A text member of an object; empty where it has none.
fn text<'a>(object: &'a Value, pointer: &str) -> &'a str {
    object.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// Whether an amount, a number or a decimal text, is above zero.
fn is_positive(amount: Option<&Value>) -> bool {
    let number = |value: &Value| value.as_i64().or_else(|| value.as_str()?.parse().ok());
    amount.and_then(number).is_some_and(|amount| amount > 0)
}

/// The objects of an answer.
fn objects(answer: &Value, pointer: &str, provider: Provider) -> Result<Vec<Value>, Problem> {
    let objects = answer.pointer(pointer).and_then(Value::as_array).cloned();
    objects.ok_or(Problem::Unreadable(provider.title()))
}

/// The number of the page after this one, of lists whose pages are numbered.
fn next_number(cursor: Option<&str>, last: Option<u64>) -> Option<String> {
    let number: u64 = cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(1);
    last.filter(|last| number < *last).map(|_| number.saturating_add(1).to_string())
}
