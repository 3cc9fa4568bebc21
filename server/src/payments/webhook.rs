//! Webhooks that have verified, read: what a provider says becomes a notice, whichever provider it is.

use serde_json::Value;

use super::signature::Headers;
use super::{Clues, Fact, Notice, Provider, history, lemonsqueezy, paddle, payload, polar, stripe};
use crate::catalogue::SiteNumber;
use crate::clock::Millis;

/// A webhook whose signature has been verified.
pub struct Webhook<'a> {
    /// Who sent it.
    pub provider: Provider,
    /// The site that it was sent to.
    pub site: SiteNumber,
    /// Whether the account is for tests alone; it decides where the payload does not say so itself.
    pub sandbox: bool,
    /// Looks up its headers.
    pub headers: &'a Headers<'a>,
    /// Its raw bytes.
    pub body: &'a [u8],
    /// When it arrived.
    pub received_ms: Millis,
    /// The keyed hash under which e-mails are kept.
    pub email_hash: &'a dyn Fn(&str) -> String,
}

/// How a provider is read: first what it wraps an event in, then the event's object.
pub(super) struct Reader {
    pub(super) open: for<'a> fn(&'a Value, &Headers<'_>) -> Result<Envelope<'a>, String>,
    pub(super) fact: fn(&Event<'_>) -> Option<Fact>,
}

/// What a provider wraps an event in.
pub(super) struct Envelope<'a> {
    pub(super) event_id: String,
    pub(super) event_type: String,
    /// The provider's time of the event, where it gives one.
    pub(super) at_ms: Option<Millis>,
    /// Live money or a test's, where it says so.
    pub(super) live: Option<bool>,
    /// What the event is about.
    pub(super) object: &'a Value,
}

/// An event as the functions of its provider read it.
pub(super) struct Event<'a> {
    pub(super) kind: &'a str,
    pub(super) at_ms: Millis,
    pub(super) body: &'a Value,
    pub(super) object: &'a Value,
    pub(super) email_hash: &'a dyn Fn(&str) -> String,
}

/// Reads a webhook. An event that is not ours to count has no facts. The error says what is wrong with the body.
pub fn read(webhook: &Webhook<'_>) -> Result<Notice, String> {
    let reader = match webhook.provider {
        Provider::Stripe => stripe::READER,
        Provider::LemonSqueezy => lemonsqueezy::READER,
        Provider::Paddle => paddle::READER,
        Provider::Polar => polar::READER,
        Provider::Api => return Err("the merchant's own backend sends no webhooks".to_owned()),
    };
    let body: Value =
        serde_json::from_slice(webhook.body).map_err(|error| format!("the body is no JSON: {error}"))?;
    let envelope = (reader.open)(&body, webhook.headers)?;
    let at_ms = envelope.at_ms.unwrap_or(webhook.received_ms);
    let event = Event {
        kind: &envelope.event_type,
        at_ms,
        body: &body,
        object: envelope.object,
        email_hash: webhook.email_hash,
    };
    let said = (reader.fact)(&event).filter(|fact| !fact.references.is_empty());
    let facts: Vec<Fact> =
        said.map(|fact| Fact { at_ms, event_id: envelope.event_id.clone(), ..fact }).into_iter().collect();
    Ok(Notice {
        site: webhook.site,
        provider: webhook.provider,
        payload: if facts.is_empty() { None } else { payload::kept(&body) },
        live: envelope.live.unwrap_or(!webhook.sandbox),
        event_id: envelope.event_id,
        event_type: envelope.event_type,
        at_ms,
        received_ms: webhook.received_ms,
        facts,
    })
}

/// A notice as today's reader reads its kept payload: what a mended reader understands better becomes true of the past
/// too. What no payload keeps (who somebody is) stays as it was read at first, and so does all of one that says nothing.
pub fn read_again(notice: Notice) -> Notice {
    let Some(body) = notice.payload.as_deref() else { return notice };
    let again = read(&Webhook {
        provider: notice.provider,
        site: notice.site,
        sandbox: !notice.live,
        headers: &|name| (name == "webhook-id").then_some(notice.event_id.as_str()),
        body: body.as_bytes(),
        received_ms: notice.received_ms,
        email_hash: &|_| String::new(),
    });
    let Some((again, fact)) = again.ok().and_then(|mut again| again.facts.pop().map(|fact| (again, fact)))
    else {
        return notice;
    };
    let first = notice.facts.first().map(|fact| fact.clues.clone()).unwrap_or_default();
    let fact = Fact {
        event_id: notice.event_id.clone(),
        clues: Clues { email_hash: None, ..fact.clues }.or(first),
        ..fact
    };
    let again = Notice { at_ms: again.at_ms, facts: vec![fact], ..notice };
    if history::is_fetched(&again.event_id) { history::behind_webhooks(again) } else { again }
}

#[cfg(test)]
mod tests;
