//! Paddle's past payments: completed transactions, what adjusted them, and the customers who paid.

use serde_json::{Value, json};

use super::{Asked, Event, Page, Part, event_id, is_positive, objects, text};
use crate::payments::Provider;
use crate::payments::connect::Access;
use crate::payments::remote::Problem;

pub(super) const PARTS: [Part; 3] = [
    Part {
        name: "transactions",
        path: "/transactions",
        query: &[("status", "completed"), ("order_by", "id[DESC]"), ("per_page", "30")],
        permission: "transaction.read",
        events: transaction,
    },
    Part {
        name: "adjustments",
        path: "/adjustments",
        query: &[("order_by", "id[DESC]"), ("per_page", "50")],
        permission: "adjustment.read",
        events: adjustment,
    },
    Part {
        name: "customers",
        path: "/customers",
        query: &[("status", "active,archived"), ("order_by", "id[DESC]"), ("per_page", "200")],
        permission: "customer.read",
        events: customer,
    },
];

pub(super) async fn fetch(access: &Access<'_>, part: &Part, cursor: Option<&str>) -> Result<Page, Problem> {
    let mut query = part.query.to_vec();
    query.extend(cursor.map(|cursor| ("after", cursor)));
    let answer = access.get(part.path, &query, part.permission).await?;
    let objects = objects(&answer, "/data", Provider::Paddle)?;
    let has_more = answer.pointer("/meta/pagination/has_more").and_then(Value::as_bool) == Some(true);
    let last = objects.last().map(|object| text(object, "/id").to_owned());
    Ok(Page {
        next: last.filter(|id| has_more && !id.is_empty()),
        total: answer.pointer("/meta/pagination/estimated_total").and_then(Value::as_u64),
        objects,
    })
}

fn event(kind: &str, object: &Value, occurred_at: &str) -> Event {
    let id = event_id(&[text(object, "/id"), text(object, "/updated_at")]);
    let body = json!({ "event_id": id, "event_type": kind, "occurred_at": occurred_at, "data": object });
    Event { id, body }
}

fn transaction(object: &Value, _: &Asked) -> Vec<Event> {
    let billed = ["/billed_at", "/created_at"].map(|place| text(object, place));
    let at = billed.into_iter().find(|at| !at.is_empty()).unwrap_or_default();
    let told = || event("transaction.completed", object, at);
    is_positive(object.pointer("/details/totals/grand_total")).then(told).into_iter().collect()
}

fn adjustment(object: &Value, _: &Asked) -> Vec<Event> {
    vec![event("adjustment.updated", object, text(object, "/updated_at"))]
}

fn customer(object: &Value, _: &Asked) -> Vec<Event> {
    vec![event("customer.updated", object, text(object, "/updated_at"))]
}
