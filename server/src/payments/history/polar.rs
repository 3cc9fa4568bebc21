//! Polar's past payments: paid orders, and their refunds.

use serde_json::{Value, json};

use super::{Asked, Event, Page, Part, event_id, next_number, objects, text};
use crate::payments::Provider;
use crate::payments::connect::Access;
use crate::payments::remote::Problem;

const LIMIT: (&str, &str) = ("limit", "100");

pub(super) const PARTS: [Part; 2] = [
    // The slash at the end belongs to these paths.
    Part { name: "orders", path: "/v1/orders/", query: &[LIMIT], permission: "orders:read", events: order },
    Part {
        name: "refunds",
        path: "/v1/refunds/",
        query: &[LIMIT],
        permission: "refunds:read",
        events: refund,
    },
];

/// The newest first: what arrives meanwhile shows some objects twice and hides none.
pub(super) async fn fetch(access: &Access<'_>, part: &Part, cursor: Option<&str>) -> Result<Page, Problem> {
    let mut query = part.query.to_vec();
    query.push(("page", cursor.unwrap_or("1")));
    let answer = access.get(part.path, &query, part.permission).await?;
    let page = |member: &str| answer.pointer(&format!("/pagination/{member}")).and_then(Value::as_u64);
    Ok(Page {
        objects: objects(&answer, "/items", Provider::Polar)?,
        next: next_number(cursor, page("max_page")),
        total: page("total_count"),
    })
}

/// An event of an object as it was when it was changed last.
fn event(kind: &str, object: &Value) -> Event {
    let changed = ["/modified_at", "/created_at"].map(|place| text(object, place));
    let at = changed.into_iter().find(|at| !at.is_empty()).unwrap_or_default();
    let id = event_id(&[text(object, "/id"), at]);
    Event { id, body: json!({ "type": kind, "timestamp": at, "data": object }) }
}

fn order(object: &Value, _: &Asked) -> Vec<Event> {
    let amount = |member: &str| object.get(member).and_then(Value::as_i64).unwrap_or_default();
    let is_paid = object.get("paid").and_then(Value::as_bool) == Some(true)
        && amount("total_amount").saturating_add(amount("applied_balance_amount")) > 0;
    is_paid.then(|| event("order.paid", object)).into_iter().collect()
}

fn refund(object: &Value, _: &Asked) -> Vec<Event> {
    vec![event("refund.updated", object)]
}
