//! Paddle Billing: what its transactions, adjustments, customers and their addresses say.

use attribution::money::Currency;
use serde_json::Value;

use super::object::{self, Units, references, text};
use super::signature::Headers;
use super::webhook::{Envelope, Event, Reader};
use super::{CUSTOMER, Clues, Dispute, Fact, Refund, RefundState, clues};

/// The events that are worth subscribing to. `transaction.paid` is not among them: it tells the same money again.
pub const EVENTS: [&str; 7] = [
    "transaction.completed",
    "adjustment.created",
    "adjustment.updated",
    "customer.created",
    "customer.updated",
    "address.created",
    "address.updated",
];

pub(super) const READER: Reader = Reader { open, fact };

fn open<'a>(body: &'a Value, _headers: &Headers<'_>) -> Result<Envelope<'a>, String> {
    Ok(Envelope {
        event_id: object::name(body, "/event_id")?,
        event_type: object::name(body, "/event_type")?,
        at_ms: object::first_time(body, &["/occurred_at"]),
        // A sandbox account says nothing of it.
        live: None,
        object: body.get("data").unwrap_or(&Value::Null),
    })
}

fn fact(event: &Event<'_>) -> Option<Fact> {
    match event.kind {
        "transaction.completed" => Some(transaction(event)),
        "adjustment.created" | "adjustment.updated" => adjustment(event),
        "customer.created" | "customer.updated" => customer(event),
        "address.created" | "address.updated" => address(event),
        _ => None,
    }
}

fn transaction(event: &Event<'_>) -> Fact {
    let object = event.object;
    let units = Units::of(object, "/currency_code", Currency::exponent);
    let total = object::integer(object, "/details/totals/grand_total");
    let at_ms = object::first_time(object, &["/billed_at"]).unwrap_or(event.at_ms);
    let paid = units.zip(total).and_then(|(units, total)| units.paid(total, 0, at_ms));
    Fact {
        references: references(object, &[("order", "/id")]),
        pending: paid.is_none(),
        paid,
        usd_minor: dollars(object),
        tax_minor: units.and_then(|units| units.minor(object, "/details/totals/tax")),
        renewal: text(object, "/origin").map(|origin| origin == "subscription_recurring"),
        subscription: object::id(object, "/subscription_id"),
        clues: Clues {
            customer: object::id(object, "/customer_id"),
            ..clues::of_metadata(object.get("custom_data").unwrap_or(&Value::Null))
        },
        ..Fact::default()
    }
}

/// What Paddle pays out of a transaction before its fee, where it pays out in dollars: a rate of its own.
fn dollars(object: &Value) -> Option<i64> {
    let units = Units::of(object, "/details/payout_totals/currency_code", Currency::exponent);
    units.filter(|units| units.currency.code() == "USD")?.minor(object, "/details/payout_totals/grand_total")
}

/// Refunds are objects that must be approved; a chargeback takes, and its reversal gives back by an adjustment of
/// its own. A credit is not money back, and a warning moves none.
fn adjustment(event: &Event<'_>) -> Option<Fact> {
    let object = event.object;
    let units = Units::of(object, "/currency_code", Currency::exponent)?;
    let id = object::id(object, "/id")?;
    let minor = units.minor(object, "/totals/total")?;
    let created_ms = object::first_time(object, &["/created_at"]).unwrap_or(event.at_ms);
    let status = text(object, "/status")?;
    let mut fact =
        Fact { references: references(object, &[("order", "/transaction_id")]), ..Fact::default() };
    match text(object, "/action")? {
        "refund" => fact.refund = Some(Refund { id, minor, state: state(status)?, created_ms }),
        // What was taken stays taken when its reversal marks it.
        action @ ("chargeback" | "chargeback_reverse") if matches!(status, "approved" | "reversed") => {
            fact.dispute = Some(Dispute { id, minor, taken: action == "chargeback", at_ms: created_ms });
        }
        _ => return None,
    }
    Some(fact)
}

fn state(status: &str) -> Option<RefundState> {
    match status {
        "pending_approval" => Some(RefundState::Pending),
        "approved" => Some(RefundState::Succeeded),
        "reversed" => Some(RefundState::Failed),
        "rejected" => Some(RefundState::Canceled),
        _ => None,
    }
}

/// A transaction names its customer by id alone; this tells the e-mail.
fn customer(event: &Event<'_>) -> Option<Fact> {
    let email_hash = clues::hashed(event.object.get("email"), event.email_hash)?;
    let customer = object::id(event.object, "/id");
    Some(Fact {
        references: references(event.object, &[(CUSTOMER, "/id")]),
        clues: Clues { customer, email_hash: Some(email_hash), ..Clues::default() },
        ..Fact::default()
    })
}

/// Nor does it name the country; the customer's address does.
fn address(event: &Event<'_>) -> Option<Fact> {
    let country = clues::country(event.object.get("country_code"))?;
    let customer = object::id(event.object, "/customer_id");
    Some(Fact {
        references: references(event.object, &[(CUSTOMER, "/customer_id")]),
        clues: Clues { customer, country: Some(country), ..Clues::default() },
        ..Fact::default()
    })
}

#[cfg(test)]
mod tests;
