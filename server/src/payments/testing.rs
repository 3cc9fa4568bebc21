//! Webhooks as tests write them: the providers' whole objects, changed where a test wants them otherwise.

pub(crate) mod stories;

use serde_json::{Value, json};

use super::{Notice, Provider, Webhook, read};
use crate::clock::Millis;

/// A webhook as it is sent.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) provider: Provider,
    /// The header by which Polar names its events.
    pub(crate) id: String,
    pub(crate) body: Value,
}

impl Sent {
    /// What it says, arrived at site 1 at a time.
    pub(crate) fn read(&self, received_ms: Millis) -> Notice {
        notice(self.provider, &self.id, self.body.to_string().as_bytes(), received_ms, &email_hash).unwrap()
    }
}

/// What a body that has verified says at site 1, or what is wrong with it.
pub(crate) fn notice(
    provider: Provider,
    id: &str,
    body: &[u8],
    received_ms: Millis,
    email_hash: &dyn Fn(&str) -> String,
) -> Result<Notice, String> {
    let headers = |name: &str| (name == "webhook-id" && !id.is_empty()).then_some(id);
    read(&Webhook { provider, site: 1, sandbox: false, headers: &headers, body, received_ms, email_hash })
}

/// The hash of an e-mail in tests.
pub(crate) fn email_hash(email: &str) -> String {
    format!("hash of {email}")
}

/// An event of Stripe about an object; `created` in seconds.
pub(crate) fn stripe(id: &str, kind: &str, created: i64, object: Value) -> Sent {
    let mut body = json!({
        "id": id, "object": "event", "api_version": "2026-10-28.endive", "created": created, "livemode": true,
        "pending_webhooks": 1, "request": {"id": null, "idempotency_key": null}, "type": kind, "data": {},
    });
    body["data"]["object"] = object;
    Sent { provider: Provider::Stripe, id: String::new(), body }
}

/// An event of Lemon Squeezy about an object of a kind, with its custom data.
pub(crate) fn lemon_squeezy(event_name: &str, data: (&str, &str), attributes: Value, custom: Value) -> Sent {
    let (kind, id) = data;
    let webhook_id = format!("{event_name}-{id}-{}", attributes["refunded_amount"]);
    let mut body = json!({
        "meta": {"test_mode": false, "event_name": event_name, "webhook_id": webhook_id},
        "data": {"type": kind, "id": id, "links": {"self": format!("https://api.lemonsqueezy.com/v1/{kind}/{id}")}},
    });
    body["meta"]["custom_data"] = custom;
    body["data"]["attributes"] = attributes;
    Sent { provider: Provider::LemonSqueezy, id: String::new(), body }
}

/// An event of Paddle about an object.
pub(crate) fn paddle(event_id: &str, event_type: &str, occurred_at: &str, data: Value) -> Sent {
    let mut body = json!({
        "event_id": event_id, "event_type": event_type, "occurred_at": occurred_at,
        "notification_id": event_id.replace("evt", "ntf"),
    });
    body["data"] = data;
    Sent { provider: Provider::Paddle, id: String::new(), body }
}

/// An event of Polar about an object.
pub(crate) fn polar(id: &str, kind: &str, timestamp: &str, data: Value) -> Sent {
    let mut body = json!({"type": kind, "timestamp": timestamp});
    body["data"] = data;
    Sent { provider: Provider::Polar, id: id.to_owned(), body }
}

/// A provider's object, changed by a merge patch (RFC 7396, but that null is put as it is).
pub(crate) fn object(name: &str, patch: Value) -> Value {
    let text = match name {
        "stripe/session" => include_str!("testing/stripe/session.json"),
        "stripe/intent" => include_str!("testing/stripe/intent.json"),
        "stripe/invoice" => include_str!("testing/stripe/invoice.json"),
        "stripe/invoice_payment" => include_str!("testing/stripe/invoice_payment.json"),
        "stripe/charge" => include_str!("testing/stripe/charge.json"),
        "stripe/refund" => include_str!("testing/stripe/refund.json"),
        "stripe/dispute" => include_str!("testing/stripe/dispute.json"),
        "lemonsqueezy/order" => include_str!("testing/lemonsqueezy/order.json"),
        "lemonsqueezy/subscription" => include_str!("testing/lemonsqueezy/subscription.json"),
        "lemonsqueezy/invoice" => include_str!("testing/lemonsqueezy/invoice.json"),
        "paddle/transaction" => include_str!("testing/paddle/transaction.json"),
        "paddle/adjustment" => include_str!("testing/paddle/adjustment.json"),
        "paddle/address" => include_str!("testing/paddle/address.json"),
        "paddle/customer" => include_str!("testing/paddle/customer.json"),
        "polar/order" => include_str!("testing/polar/order.json"),
        "polar/refund" => include_str!("testing/polar/refund.json"),
        other => unreachable!("there is no object {other}"),
    };
    let mut object: Value = serde_json::from_str(text).unwrap();
    merge(&mut object, patch);
    object
}

fn merge(target: &mut Value, patch: Value) {
    match (target, patch) {
        (Value::Object(target), Value::Object(patch)) => {
            for (name, value) in patch {
                merge(target.entry(name).or_insert(Value::Null), value);
            }
        }
        (target, patch) => *target = patch,
    }
}
