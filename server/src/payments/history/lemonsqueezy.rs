//! Lemon Squeezy's past payments: orders, the invoices of subscriptions, and what joins the two.

use serde_json::{Value, json};

use super::{Asked, Event, Page, Part, event_id, is_positive, next_number, objects, text};
use crate::payments::Provider;
use crate::payments::connect::Access;
use crate::payments::connect::lemonsqueezy::PERMISSION;
use crate::payments::remote::Problem;

const SIZE: (&str, &str) = ("page[size]", "100");

pub(super) const PARTS: [Part; 3] = [
    Part { name: "orders", path: "/v1/orders", query: &[SIZE], permission: PERMISSION, events: order },
    Part {
        name: "subscriptions",
        path: "/v1/subscriptions",
        query: &[SIZE],
        permission: PERMISSION,
        events: subscription,
    },
    Part {
        name: "subscription invoices",
        path: "/v1/subscription-invoices",
        query: &[SIZE],
        permission: PERMISSION,
        events: invoice,
    },
];

/// The newest first: what arrives meanwhile shows some objects twice and hides none.
pub(super) async fn fetch(access: &Access<'_>, part: &Part, cursor: Option<&str>) -> Result<Page, Problem> {
    let mut query = part.query.to_vec();
    query.extend(access.store.map(|store| ("filter[store_id]", store)));
    query.push(("page[number]", cursor.unwrap_or("1")));
    let answer = access.get(part.path, &query, part.permission).await?;
    let page = |member: &str| answer.pointer(&format!("/meta/page/{member}")).and_then(Value::as_u64);
    Ok(Page {
        objects: objects(&answer, "/data", Provider::LemonSqueezy)?,
        next: next_number(cursor, page("lastPage")),
        total: page("total"),
    })
}

fn event(id: String, kind: &str, object: &Value, asked: &Asked) -> Event {
    let meta = json!({ "event_name": kind, "webhook_id": id, "test_mode": !asked.live });
    Event { id, body: json!({ "meta": meta, "data": object }) }
}

fn versioned(kind: &str, object: &Value) -> String {
    event_id(&[kind, text(object, "/id"), text(object, "/attributes/updated_at")])
}

fn order(object: &Value, asked: &Asked) -> Vec<Event> {
    let told = || event(versioned("order", object), "order_created", object, asked);
    is_positive(object.pointer("/attributes/total")).then(told).into_iter().collect()
}

fn subscription(object: &Value, asked: &Asked) -> Vec<Event> {
    vec![event(event_id(&["subscription", text(object, "/id")]), "subscription_created", object, asked)]
}

/// The first invoice of a subscription is its order's money.
fn invoice(object: &Value, asked: &Asked) -> Vec<Event> {
    let counts = is_positive(object.pointer("/attributes/total"))
        && text(object, "/attributes/billing_reason") != "initial";
    let told = || event(versioned("invoice", object), "subscription_payment_success", object, asked);
    counts.then(told).into_iter().collect()
}
