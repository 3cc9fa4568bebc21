//! Polar: what its orders and refunds say.

use attribution::money::Currency;
use serde_json::Value;

use super::object::{self, Units, references, text};
use super::signature::Headers;
use super::webhook::{Envelope, Event, Reader};
use super::{Clues, Fact, Refund, RefundState, clues};

/// The events that are worth subscribing to. `order.created` and `order.updated` are not among them: they tell the
/// same money again.
pub const EVENTS: [&str; 4] = ["order.paid", "order.refunded", "refund.created", "refund.updated"];

pub(super) const READER: Reader = Reader { open, fact };

/// The header that has the event's id, the same for each try.
const ID_HEADER: &str = "webhook-id";

fn open<'a>(body: &'a Value, headers: &Headers<'_>) -> Result<Envelope<'a>, String> {
    let id = Value::from(headers(ID_HEADER).unwrap_or_default());
    Ok(Envelope {
        event_id: object::id(&id, "")
            .ok_or_else(|| format!("the header {ID_HEADER} is missing or too long"))?,
        event_type: object::name(body, "/type")?,
        at_ms: object::first_time(body, &["/timestamp"]),
        // A sandbox is a server of its own and says nothing of it.
        live: None,
        object: body.get("data").unwrap_or(&Value::Null),
    })
}

fn fact(event: &Event<'_>) -> Option<Fact> {
    match event.kind {
        "order.paid" => Some(order(event, true)),
        "order.refunded" => Some(order(event, false)),
        "refund.created" | "refund.updated" => refund(event),
        _ => None,
    }
}

fn order(event: &Event<'_>, is_paid: bool) -> Fact {
    let object = event.object;
    let units = units(object);
    let at_ms = object::first_time(object, &["/created_at"]).unwrap_or(event.at_ms);
    let paid = is_paid.then(|| units?.paid(total(object)?, 0, at_ms)).flatten();
    Fact {
        references: references(object, &[("order", "/id")]),
        pending: is_paid && paid.is_none(),
        paid,
        tax_minor: units.and_then(|units| units.minor(object, "/tax_amount")),
        refunded_total_minor: sum(object, "/refunded_amount", "/refunded_tax_amount")
            .filter(|refunded| *refunded >= 0)
            .and_then(|refunded| units?.iso(refunded)),
        renewal: text(object, "/billing_reason").map(|reason| reason == "subscription_cycle"),
        subscription: object::id(object, "/subscription_id"),
        clues: clues_of(event),
        ..Fact::default()
    }
}

/// What the customer paid: of the total, tax in, what was not taken from an earlier balance (which is negative).
fn total(order: &Value) -> Option<i64> {
    sum(order, "/total_amount", "/applied_balance_amount")
}

fn refund(event: &Event<'_>) -> Option<Fact> {
    let object = event.object;
    let state = match text(object, "/status")? {
        "pending" => RefundState::Pending,
        "succeeded" => RefundState::Succeeded,
        "failed" => RefundState::Failed,
        "canceled" => RefundState::Canceled,
        _ => return None,
    };
    let amount = sum(object, "/amount", "/tax_amount").filter(|amount| *amount >= 0)?;
    let minor = units(object)?.iso(amount)?;
    let created_ms = object::first_time(object, &["/created_at"]).unwrap_or(event.at_ms);
    Some(Fact {
        references: references(object, &[("order", "/order_id")]),
        refund: Some(Refund { id: object::id(object, "/id")?, minor, state, created_ms }),
        ..Fact::default()
    })
}

fn units(object: &Value) -> Option<Units> {
    Units::of(object, "/currency", Currency::stripe_exponent)
}

/// An amount, and what belongs to it where it is told.
fn sum(object: &Value, pointer: &str, other: &str) -> Option<i64> {
    object::integer(object, pointer)?.checked_add(object::integer(object, other).unwrap_or_default())
}

fn clues_of(event: &Event<'_>) -> Clues {
    let object = event.object;
    let metadata = object.get("metadata").unwrap_or(&Value::Null);
    let countries = ["/billing_address/country", "/customer/billing_address/country"];
    Clues {
        // A checkout link takes no other member from its address.
        reference: clues::member(metadata, "reference_id").filter(|id| clues::is_client_id(id)),
        customer: object::id(object, "/customer_id").or_else(|| object::id(object, "/customer")),
        user: object::id(object, "/customer/external_id"),
        email_hash: clues::hashed(object.pointer("/customer/email"), event.email_hash),
        country: countries.iter().find_map(|pointer| clues::country(object.pointer(pointer))),
        ..clues::of_metadata(metadata)
    }
}

#[cfg(test)]
mod tests;
