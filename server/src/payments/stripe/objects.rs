//! Stripe's objects, one function each: what a session, intent, invoice, charge, refund or dispute says.

use attribution::money::Currency;
use serde_json::Value;

use crate::clock::Millis;
use crate::payments::object::{self, Units, references, text};
use crate::payments::webhook::Event;
use crate::payments::{Clues, Dispute, Fact, LIKENESS, LIKENESS_MS, Paid, Refund, RefundState, clues, time};

/// Which object decides amount and time, where several are there.
mod rank {
    pub(super) const INTENT: u8 = 0;
    pub(super) const INVOICE_PAYMENT: u8 = 1;
    pub(super) const INVOICE: u8 = 2;
    pub(super) const SESSION: u8 = 3;
}

/// Lines of an invoice that are looked at.
const LINES: usize = 20;

pub(super) fn session(event: &Event<'_>) -> Option<Fact> {
    let object = event.object;
    let mode = text(object, "/mode").unwrap_or_default();
    if mode == "setup" {
        return None;
    }
    let is_paid = text(object, "/payment_status") == Some("paid");
    let paid =
        paid(object, "/amount_total", rank::SESSION, event.at_ms).filter(|_| is_paid && mode == "payment");
    let details = object.get("customer_details").unwrap_or(&Value::Null);
    let email = [details.get("email"), object.get("customer_email")]
        .into_iter()
        .flatten()
        .find(|email| email.is_string());
    let reference = text(object, "/client_reference_id").filter(|id| clues::is_client_id(id));
    let clues = Clues {
        reference: reference.map(str::to_owned),
        customer: object::id(object, "/customer"),
        email_hash: clues::hashed(email, event.email_hash),
        country: clues::country(details.pointer("/address/country")),
        ..clues_of(object, &["/metadata"])
    };
    // Of a subscription the money is told by its invoice; the session is the link to who bought it.
    let is_link = mode == "subscription" && is_paid;
    Some(Fact {
        references: references(
            object,
            &[("session", "/id"), ("intent", "/payment_intent"), ("invoice", "/invoice")],
        ),
        pending: paid.is_none() && !is_link,
        tax_minor: minor(object, "/total_details/amount_tax"),
        subscription: object::id(object, "/subscription"),
        paid,
        clues,
        ..Fact::default()
    })
}

pub(super) fn intent(event: &Event<'_>) -> Fact {
    let object = event.object;
    let amount = if object.get("amount_received").is_some() { "/amount_received" } else { "/amount" };
    let paid = paid(object, amount, rank::INTENT, event.at_ms);
    let customer = object::id(object, "/customer");
    let named = [("intent", "/id"), ("invoice", "/invoice"), ("charge", "/latest_charge")];
    let mut references = references(object, &named);
    references.extend(likeness(customer.as_deref(), paid.as_ref()));
    Fact {
        references,
        pending: paid.is_none(),
        clues: Clues {
            email_hash: clues::hashed(object.get("receipt_email"), event.email_hash),
            customer,
            ..clues_of(object, &["/metadata"])
        },
        paid,
        ..Fact::default()
    }
}

pub(super) fn invoice_payment(event: &Event<'_>) -> Fact {
    let object = event.object;
    let is_paid = text(object, "/status").is_none_or(|status| status == "paid");
    let at_ms = paid_at(object).unwrap_or(event.at_ms);
    let paid = paid(object, "/amount_paid", rank::INVOICE_PAYMENT, at_ms).filter(|_| is_paid);
    let named =
        [("intent", "/payment/payment_intent"), ("invoice", "/invoice"), ("charge", "/payment/charge")];
    Fact { references: references(object, &named), pending: paid.is_none(), paid, ..Fact::default() }
}

pub(super) fn invoice(event: &Event<'_>) -> Fact {
    let object = event.object;
    let paid = paid(object, "/amount_paid", rank::INVOICE, paid_at(object).unwrap_or(event.at_ms));
    let customer = object::id(object, "/customer");
    let named = [("intent", "/payment_intent"), ("invoice", "/id"), ("charge", "/charge")];
    let mut references = references(object, &named);
    references.extend(likeness(customer.as_deref(), paid.as_ref()));
    let places = ["/metadata", "/parent/subscription_details/metadata", "/subscription_details/metadata"];
    let lines = lines(object).fold(Clues::default(), |clues, line| clues.or(clues_of(line, &["/metadata"])));
    Fact {
        references,
        pending: paid.is_none(),
        subscription: subscription(object),
        renewal: text(object, "/billing_reason").map(|reason| reason == "subscription_cycle"),
        tax_minor: invoice_tax(object),
        clues: Clues {
            email_hash: clues::hashed(object.get("customer_email"), event.email_hash),
            country: clues::country(object.pointer("/customer_address/country")),
            customer,
            ..clues_of(object, &places).or(lines)
        },
        paid,
        ..Fact::default()
    }
}

pub(super) fn charge(event: &Event<'_>) -> Option<Fact> {
    let named = [("intent", "/payment_intent"), ("invoice", "/invoice"), ("charge", "/id")];
    Some(Fact {
        references: references(event.object, &named),
        refunded_total_minor: Some(minor(event.object, "/amount_refunded")?),
        ..Fact::default()
    })
}

pub(super) fn refund(event: &Event<'_>) -> Option<Fact> {
    let object = event.object;
    let state = match text(object, "/status")? {
        "pending" => RefundState::Pending,
        "requires_action" => RefundState::RequiresAction,
        "succeeded" => RefundState::Succeeded,
        "failed" => RefundState::Failed,
        "canceled" => RefundState::Canceled,
        _ => return None,
    };
    let created_ms = object.get("created").and_then(time::of_seconds);
    Some(Fact {
        references: references(object, &[("intent", "/payment_intent"), ("charge", "/charge")]),
        refund: Some(Refund {
            id: object::id(object, "/id")?,
            minor: minor(object, "/amount")?,
            created_ms: created_ms.unwrap_or(event.at_ms),
            state,
        }),
        ..Fact::default()
    })
}

pub(super) fn dispute(event: &Event<'_>, taken: bool) -> Option<Fact> {
    let object = event.object;
    // An inquiry ("warning") takes nothing.
    if text(object, "/status").is_some_and(|status| status.starts_with("warning_")) {
        return None;
    }
    Some(Fact {
        references: references(object, &[("intent", "/payment_intent"), ("charge", "/charge")]),
        dispute: Some(Dispute {
            id: object::id(object, "/id")?,
            minor: minor(object, "/amount")?,
            at_ms: event.at_ms,
            taken,
        }),
        ..Fact::default()
    })
}

/// References by which payments of one customer, of one amount and near in time, find each other.
fn likeness(customer: Option<&str>, paid: Option<&Paid>) -> Vec<String> {
    let (Some(customer), Some(paid)) = (customer, paid) else { return Vec::new() };
    let period = paid.at_ms.div_euclid(LIKENESS_MS);
    // Two times within one period's length of each other share at least one of their two numbers.
    [period, period + 1]
        .map(|period| format!("{LIKENESS}{customer}:{}:{}:{period}", paid.minor, paid.currency))
        .into()
}

fn paid(object: &Value, pointer: &str, rank: u8, at_ms: Millis) -> Option<Paid> {
    units(object)?.paid(object::integer(object, pointer)?, rank, at_ms)
}

fn units(object: &Value) -> Option<Units> {
    Units::of(object, "/currency", Currency::stripe_exponent)
}

fn minor(object: &Value, pointer: &str) -> Option<i64> {
    units(object)?.minor(object, pointer)
}

fn paid_at(object: &Value) -> Option<Millis> {
    object.pointer("/status_transitions/paid_at").and_then(time::of_seconds)
}

/// The clues of the metadata in these places, the first that has one.
fn clues_of(object: &Value, places: &[&str]) -> Clues {
    let found = places.iter().filter_map(|place| object.pointer(place)).map(clues::of_metadata);
    found.fold(Clues::default(), Clues::or)
}

fn lines(invoice: &Value) -> impl Iterator<Item = &Value> {
    invoice.pointer("/lines/data").and_then(Value::as_array).into_iter().flatten().take(LINES)
}

fn subscription(invoice: &Value) -> Option<String> {
    object::id(invoice, "/parent/subscription_details/subscription")
        .or_else(|| object::id(invoice, "/subscription"))
        .or_else(|| {
            lines(invoice).find_map(|line| {
                object::id(line, "/parent/subscription_item_details/subscription")
                    .or_else(|| object::id(line, "/subscription"))
            })
        })
}

fn invoice_tax(invoice: &Value) -> Option<i64> {
    let taxes =
        ["total_taxes", "total_tax_amounts"].into_iter().find_map(|member| invoice.get(member)?.as_array());
    let Some(taxes) = taxes else { return minor(invoice, "/tax") };
    let sum = taxes.iter().filter_map(|tax| tax.get("amount")?.as_i64()).try_fold(0_i64, i64::checked_add)?;
    units(invoice)?.iso(sum)
}
