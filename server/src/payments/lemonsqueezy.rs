//! Lemon Squeezy: what its orders, subscriptions and subscription invoices say.
//!
//! A subscription's first payment is told by an order and by an invoice with the reason `initial`: the order is
//! counted. Only the subscription's own event names both, so it is the link between them.

mod units;

use serde_json::Value;

use super::object::{self, Units, references, text};
use super::signature::Headers;
use super::webhook::{Envelope, Event, Reader};
use super::{Clues, Fact, clues};

/// The events that are worth subscribing to. `subscription_payment_recovered` comes with a
/// `subscription_payment_success`: it tells the same money again.
pub const EVENTS: [&str; 5] = [
    "order_created",
    "order_refunded",
    "subscription_created",
    "subscription_payment_success",
    "subscription_payment_refunded",
];

pub(super) const READER: Reader = Reader { open, fact };

/// Where the object's own members stand.
const ATTRIBUTES: &str = "/data/attributes";

fn open<'a>(body: &'a Value, _headers: &Headers<'_>) -> Result<Envelope<'a>, String> {
    let event_type = object::name(body, "/meta/event_name")?;
    let object = body.pointer(ATTRIBUTES).unwrap_or(&Value::Null);
    let event_id =
        object::id(body, "/meta/webhook_id").map_or_else(|| own_id(body, &event_type, object), Ok)?;
    let is_test = [body.pointer("/meta/test_mode"), object.get("test_mode")];
    Ok(Envelope {
        event_id,
        event_type,
        at_ms: object::first_time(object, &["/updated_at", "/created_at"]),
        live: is_test.into_iter().flatten().find_map(Value::as_bool).map(|is_test| !is_test),
        object,
    })
}

/// Older deliveries have no id: the event is the same where name, object and refunded amount are.
fn own_id(body: &Value, event_type: &str, object: &Value) -> Result<String, String> {
    let refunded = object::integer(object, "/refunded_amount").unwrap_or_default();
    Ok(format!("{event_type}:{}:{refunded}", object::name(body, "/data/id")?))
}

fn fact(event: &Event<'_>) -> Option<Fact> {
    match event.kind {
        "order_created" => Some(order(event, true)),
        "order_refunded" => Some(order(event, false)),
        "subscription_created" => Some(subscription(event)),
        "subscription_payment_success" => Some(invoice(event, true)),
        "subscription_payment_refunded" => Some(invoice(event, false)),
        _ => None,
    }
}

fn order(event: &Event<'_>, is_payment: bool) -> Fact {
    let is_open = matches!(text(event.object, "/status"), Some("pending" | "failed" | "fraudulent"));
    money(event, references(event.body, &[("order:order", "/data/id")]), is_payment && !is_open)
}

/// The link between a subscription's order, its first payment, and its invoices.
fn subscription(event: &Event<'_>) -> Fact {
    let mut references = references(event.object, &[("order:order", "/order_id")]);
    references.extend(first_payment(event.body, "/data/id"));
    Fact {
        references,
        clues: clues_of(event),
        subscription: object::id(event.body, "/data/id"),
        ..Fact::default()
    }
}

fn invoice(event: &Event<'_>, is_payment: bool) -> Fact {
    let reason = text(event.object, "/billing_reason");
    let subscription = object::id(event.object, "/subscription_id");
    if reason == Some("initial") {
        // The order tells this money, and what was given back of it.
        let references = first_payment(event.object, "/subscription_id");
        return Fact { references, pending: true, clues: clues_of(event), subscription, ..Fact::default() };
    }
    let is_open = matches!(text(event.object, "/status"), Some("pending" | "void"));
    let references = references(event.body, &[("order:subscription-invoice", "/data/id")]);
    Fact {
        subscription,
        renewal: reason.map(|reason| reason == "renewal"),
        ..money(event, references, is_payment && !is_open)
    }
}

/// What orders and invoices have in common.
fn money(event: &Event<'_>, references: Vec<String>, is_paid: bool) -> Fact {
    let object = event.object;
    let units = units::of(object);
    let total = object::integer(object, "/total");
    let at_ms = object::first_time(object, &["/created_at"]).unwrap_or(event.at_ms);
    let paid = is_paid.then(|| units?.paid(total?, 0, at_ms)).flatten();
    Fact {
        references,
        pending: is_paid && paid.is_none(),
        // The dollars beside the total are its own rate.
        usd_minor: paid.as_ref().and_then(|_| object::integer(object, "/total_usd")),
        paid,
        clues: clues_of(event),
        tax_minor: units.and_then(|units| units.minor(object, "/tax")),
        refunded_total_minor: units.and_then(|units| refunded(object, units)),
        ..Fact::default()
    }
}

/// All that was given back so far. Older payloads only say that all was.
fn refunded(object: &Value, units: Units) -> Option<i64> {
    let is_whole = object.get("refunded").and_then(Value::as_bool) == Some(true);
    units.minor(object, "/refunded_amount").or_else(|| units.minor(object, "/total").filter(|_| is_whole))
}

/// The reference that a subscription's order and its first invoice share.
fn first_payment(object: &Value, pointer: &str) -> Vec<String> {
    references(object, &[("first", pointer)])
}

fn clues_of(event: &Event<'_>) -> Clues {
    let custom = event.body.pointer("/meta/custom_data").unwrap_or(&Value::Null);
    Clues {
        customer: object::id(event.object, "/customer_id"),
        email_hash: clues::hashed(event.object.get("user_email"), event.email_hash),
        ..clues::of_metadata(custom)
    }
}

#[cfg(test)]
mod tests;
