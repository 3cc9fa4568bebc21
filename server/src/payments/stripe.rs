//! Stripe: what its events say, from before the API version of March 2025 ("basil") and after it.

mod objects;

use serde_json::Value;

use super::{Fact, Notice, Provider, payload};
use crate::catalogue::SiteNumber;
use crate::clock::Millis;

/// The events that are worth subscribing to. `invoice.payment_succeeded` and `charge.succeeded` are not among
/// them: they tell the same money again.
pub const EVENTS: [&str; 14] = [
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "payment_intent.succeeded",
    "invoice.paid",
    "invoice_payment.paid",
    "charge.refunded",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
];

/// Characters of an event's id and type.
const NAME_CHARS: usize = 255;

/// What an event says, as it came from its object.
pub(super) struct Event<'a> {
    object: &'a Value,
    at_ms: Millis,
    email_hash: &'a dyn Fn(&str) -> String,
}

/// Reads an event whose signature has been verified. An event that is not ours to count has no facts.
///
/// `email_hash` is the keyed hash under which e-mails are kept. The error says what is wrong with the body.
pub fn read(
    body: &[u8],
    site: SiteNumber,
    received_ms: Millis,
    email_hash: &dyn Fn(&str) -> String,
) -> Result<Notice, String> {
    let event: Value = serde_json::from_slice(body).map_err(|error| format!("the body is no JSON: {error}"))?;
    let event_id = name(&event, "id")?;
    let event_type = name(&event, "type")?;
    let at_ms = event.get("created").and_then(Value::as_i64).and_then(milliseconds).unwrap_or(received_ms);
    let object = event.pointer("/data/object").unwrap_or(&Value::Null);
    let mut facts: Vec<Fact> = Vec::new();
    facts.extend(fact(&event_type, &Event { object, at_ms, email_hash }).filter(|fact| !fact.references.is_empty()));
    for fact in &mut facts {
        fact.at_ms = at_ms;
        fact.event_id.clone_from(&event_id);
    }
    Ok(Notice {
        site,
        provider: Provider::Stripe,
        payload: if facts.is_empty() { None } else { payload::kept(&event) },
        live: event.get("livemode").and_then(Value::as_bool).unwrap_or(true),
        event_id,
        event_type,
        at_ms,
        received_ms,
        facts,
    })
}

fn fact(event_type: &str, event: &Event<'_>) -> Option<Fact> {
    match event_type {
        "checkout.session.completed" | "checkout.session.async_payment_succeeded" => objects::session(event),
        "payment_intent.succeeded" => Some(objects::intent(event)),
        "invoice.paid" => Some(objects::invoice(event)),
        "invoice_payment.paid" => Some(objects::invoice_payment(event)),
        "charge.refunded" => objects::charge(event),
        "refund.created" | "refund.updated" | "refund.failed" | "charge.refund.updated" => objects::refund(event),
        "charge.dispute.funds_withdrawn" => objects::dispute(event, true),
        "charge.dispute.funds_reinstated" => objects::dispute(event, false),
        // A dispute that is opened, moved on or closed moves no money by itself: the two events above do.
        _ => None,
    }
}

fn name(event: &Value, member: &str) -> Result<String, String> {
    let text = event.get(member).and_then(Value::as_str).unwrap_or_default();
    if text.is_empty() || text.chars().count() > NAME_CHARS {
        return Err(format!("the event's `{member}` is missing, or longer than {NAME_CHARS} characters"));
    }
    Ok(text.to_owned())
}

/// Seconds since the epoch as milliseconds; none where they are no time.
fn milliseconds(seconds: i64) -> Option<Millis> {
    (0..=253_402_300_799).contains(&seconds).then(|| seconds * 1_000)
}

/// The end of a whole second: a session that began within it is before the payment.
fn end_of_second(at_ms: Millis) -> Millis {
    if at_ms % 1_000 == 0 { at_ms + 999 } else { at_ms }
}

#[cfg(test)]
mod tests;
