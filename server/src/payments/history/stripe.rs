//! Stripe's past payments: intents are the money, invoices and sessions say what it was for, then what went back.

use serde_json::{Value, json};

use super::{Asked, Event, Page, Part, event_id, is_positive, objects, text};
use crate::payments::Provider;
use crate::payments::connect::Access;
use crate::payments::remote::Problem;

/// Objects of a page; Stripe gives a hundred at most.
const LIMIT: (&str, &str) = ("limit", "100");

pub(super) const PARTS: [Part; 5] = [
    Part {
        name: "payments",
        path: "/v1/payment_intents",
        query: &[LIMIT, ("expand[]", "data.latest_charge")],
        permission: "rak_payment_intent_read",
        events: intent,
    },
    Part {
        name: "invoices",
        path: "/v1/invoices",
        query: &[LIMIT, ("status", "paid"), ("expand[]", "data.payments")],
        permission: "rak_invoice_read",
        events: invoice,
    },
    Part {
        name: "checkout sessions",
        path: "/v1/checkout/sessions",
        query: &[LIMIT, ("status", "complete")],
        permission: "rak_checkout_session_read",
        events: session,
    },
    Part {
        name: "refunds",
        path: "/v1/refunds",
        query: &[LIMIT],
        permission: "rak_charge_read",
        events: refund,
    },
    Part {
        name: "disputes",
        path: "/v1/disputes",
        query: &[LIMIT],
        permission: "rak_dispute_read",
        events: dispute,
    },
];

/// The newest first: what arrives meanwhile is told by webhooks, and shifts no page.
pub(super) async fn fetch(access: &Access<'_>, part: &Part, cursor: Option<&str>) -> Result<Page, Problem> {
    let mut query = part.query.to_vec();
    query.extend(cursor.map(|cursor| ("starting_after", cursor)));
    let answer = access.get(part.path, &query, part.permission).await?;
    let objects = objects(&answer, "/data", Provider::Stripe)?;
    let has_more = answer.get("has_more").and_then(Value::as_bool) == Some(true);
    let last = objects.last().map(|object| text(object, "/id").to_owned());
    Ok(Page { objects, next: last.filter(|id| has_more && !id.is_empty()), total: None })
}

fn event(id: String, kind: &str, created: &Value, object: &Value) -> Event {
    let live = object.get("livemode").cloned().unwrap_or(Value::Bool(true));
    let body = json!({
        "id": id, "type": kind, "created": created, "livemode": live, "data": { "object": object },
    });
    Event { id, body }
}

/// An intent is made before it is paid: the time of its charge is that of the payment.
fn intent(object: &Value, _: &Asked) -> Vec<Event> {
    let is_paid = text(object, "/status") == "succeeded" && is_positive(object.get("amount_received"));
    let charged = object.pointer("/latest_charge/created").or_else(|| object.get("created"));
    let told = |at| event(event_id(&[text(object, "/id")]), "payment_intent.succeeded", at, object);
    charged.filter(|_| is_paid).map(told).into_iter().collect()
}

/// A paid invoice, and each of its payments: since March 2025 they alone join it to its intent.
fn invoice(object: &Value, _: &Asked) -> Vec<Event> {
    if text(object, "/status") != "paid" || !is_positive(object.get("amount_paid")) {
        return Vec::new();
    }
    let mut invoice = object.clone();
    let payments = invoice.as_object_mut().and_then(|members| members.remove("payments")).unwrap_or_default();
    let payments = payments.get("data").and_then(Value::as_array).cloned().unwrap_or_default();
    let paid_at = object.pointer("/status_transitions/paid_at").filter(|at| at.is_number());
    let paid_at = paid_at.or_else(|| object.get("created")).unwrap_or(&Value::Null);
    let told = |kind, object: &Value| event(event_id(&[text(object, "/id")]), kind, paid_at, object);
    let payments = payments.iter().filter(|payment| text(payment, "/status") == "paid");
    std::iter::once(told("invoice.paid", &invoice))
        .chain(payments.map(|payment| told("invoice_payment.paid", payment)))
        .collect()
}

fn session(object: &Value, _: &Asked) -> Vec<Event> {
    let made = object.get("created").filter(|_| text(object, "/payment_status") == "paid");
    let told = |at| event(event_id(&[text(object, "/id")]), "checkout.session.completed", at, object);
    made.map(told).into_iter().collect()
}

/// A refund is told as it is now: its state is of the moment when it was asked for, and another state is news.
fn refund(object: &Value, asked: &Asked) -> Vec<Event> {
    let id = event_id(&[text(object, "/id"), text(object, "/status")]);
    vec![event(id, "refund.updated", &json!(asked.at_ms.div_euclid(1_000)), object)]
}

/// A dispute moves money by the balance transactions that stand in it.
fn dispute(object: &Value, _: &Asked) -> Vec<Event> {
    let moved = object.get("balance_transactions").and_then(Value::as_array).into_iter().flatten();
    moved
        .filter_map(|transaction| {
            let kind = match transaction.get("amount")?.as_i64()? {
                0 => return None,
                ..0 => "charge.dispute.funds_withdrawn",
                1.. => "charge.dispute.funds_reinstated",
            };
            let id = event_id(&[text(object, "/id"), text(transaction, "/id")]);
            Some(event(id, kind, transaction.get("created")?, object))
        })
        .collect()
}
