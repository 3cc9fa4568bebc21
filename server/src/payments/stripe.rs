//! Stripe: what its events say, from before the API version of March 2025 ("basil") and after it.

mod objects;

use serde_json::Value;

use super::signature::Headers;
use super::webhook::{Envelope, Event, Reader};
use super::{Fact, object, time};

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

pub(super) const READER: Reader = Reader { open, fact };

fn open<'a>(body: &'a Value, _headers: &Headers<'_>) -> Result<Envelope<'a>, String> {
    Ok(Envelope {
        event_id: object::name(body, "/id")?,
        event_type: object::name(body, "/type")?,
        at_ms: body.get("created").and_then(time::of_seconds),
        live: body.get("livemode").and_then(Value::as_bool),
        object: body.pointer("/data/object").unwrap_or(&Value::Null),
    })
}

fn fact(event: &Event<'_>) -> Option<Fact> {
    match event.kind {
        "checkout.session.completed" | "checkout.session.async_payment_succeeded" => objects::session(event),
        "payment_intent.succeeded" => Some(objects::intent(event)),
        "invoice.paid" => Some(objects::invoice(event)),
        "invoice_payment.paid" => Some(objects::invoice_payment(event)),
        "charge.refunded" => objects::charge(event),
        "refund.created" | "refund.updated" | "refund.failed" | "charge.refund.updated" => {
            objects::refund(event)
        }
        "charge.dispute.funds_withdrawn" => objects::dispute(event, true),
        "charge.dispute.funds_reinstated" => objects::dispute(event, false),
        // A dispute that is opened, moved on or closed moves no money by itself: the two events above do.
        _ => None,
    }
}

#[cfg(test)]
mod tests;
