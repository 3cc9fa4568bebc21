//! The payload that is kept of a webhook: enough to read it again, nothing that names a person.

use protocol::metadata;
use serde_json::{Map, Value};

/// Bytes of a payload that is kept.
const BYTES: usize = 16 * 1024;
/// Elements of an array that are kept.
const ELEMENTS: usize = 20;
/// Characters of a text that are kept.
const CHARS: usize = 500;

/// The members in which merchants write what they like.
const METADATA: [&str; 2] = ["custom_data", "metadata"];
/// The member of metadata that Polar fills from a checkout link's address.
const REFERENCE: &str = "reference_id";

/// The members that are kept, by name: an open list would one day hold somebody's address. Sorted.
const KEPT: [&str; 117] = [
    "action",
    "address",
    "adjusted_totals",
    "amount",
    "amount_discount",
    "amount_due",
    "amount_paid",
    "amount_received",
    "amount_refunded",
    "amount_remaining",
    "amount_requested",
    "amount_shipping",
    "amount_subtotal",
    "amount_tax",
    "amount_total",
    "api_version",
    "applied_balance_amount",
    "attempt_count",
    "attributes",
    "billed_at",
    "billing_address",
    "billing_details",
    "billing_reason",
    "cancellation_reason",
    "captured",
    "charge",
    "checkout_id",
    "client_reference_id",
    "country",
    "country_code",
    "created",
    "created_at",
    "currency",
    "currency_code",
    "currency_rate",
    "custom_data",
    "customer",
    "customer_address",
    "customer_details",
    "customer_id",
    "data",
    "details",
    "discount",
    "discount_amount",
    "discount_total",
    "disputed",
    "due_amount",
    "event_id",
    "event_name",
    "event_type",
    "external_id",
    "failure_reason",
    "grand_total",
    "grand_total_tax",
    "id",
    "invoice",
    "invoice_payment",
    "is_default",
    "latest_charge",
    "lines",
    "livemode",
    "meta",
    "metadata",
    "mode",
    "modified_at",
    "net_amount",
    "object",
    "occurred_at",
    "order_id",
    "origin",
    "paid",
    "paid_at",
    "parent",
    "payment",
    "payment_intent",
    "payment_link",
    "payment_status",
    "payments",
    "payout_totals",
    "presentment_amount",
    "presentment_currency",
    "presentment_details",
    "proration",
    "quantity",
    "reason",
    "refunded",
    "refunded_amount",
    "refunded_amount_usd",
    "refunded_at",
    "refunded_tax_amount",
    "refunds",
    "status",
    "status_transitions",
    "subscription",
    "subscription_details",
    "subscription_id",
    "subscription_item_details",
    "subtotal",
    "subtotal_amount",
    "tax",
    "tax_amount",
    "tax_inclusive",
    "tax_usd",
    "test_mode",
    "timestamp",
    "total",
    "total_amount",
    "total_details",
    "total_tax_amounts",
    "total_taxes",
    "total_usd",
    "totals",
    "transaction_id",
    "type",
    "unit_amount",
    "updated_at",
    "webhook_id",
];

/// The payload to keep, as JSON; none where even that is too large.
pub fn kept(event: &Value) -> Option<String> {
    let text = cut(event, false).to_string();
    (text.len() <= BYTES).then_some(text)
}

fn cut(value: &Value, in_metadata: bool) -> Value {
    match value {
        Value::Object(members) => Value::Object(cut_object(members, in_metadata)),
        Value::Array(elements) => {
            Value::Array(elements.iter().take(ELEMENTS).map(|element| cut(element, in_metadata)).collect())
        }
        // Nothing that is kept is an e-mail, wherever a merchant or a provider puts one.
        Value::String(text) if text.contains('@') => Value::Null,
        Value::String(text) => Value::String(text.chars().take(CHARS).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

fn cut_object(members: &Map<String, Value>, in_metadata: bool) -> Map<String, Value> {
    let is_kept = |name: &str| if in_metadata { is_ours(name) } else { KEPT.binary_search(&name).is_ok() };
    members
        .iter()
        .filter(|(name, value)| is_kept(name) && !value.is_null())
        .map(|(name, value)| {
            let value = match name.as_str() {
                metadata::URL => cut_url(value),
                "client_reference_id" | "external_id" | "reason" | REFERENCE => cut_reference(value),
                "address" | "billing_address" | "customer_address" if !value.is_object() => Value::Null,
                _ => cut(value, METADATA.contains(&name.as_str())),
            };
            (name.clone(), value)
        })
        .collect()
}

/// A reference field is meant for an id, a reason for a word; some put an e-mail or a sentence there.
fn cut_reference(value: &Value) -> Value {
    if value.as_str().is_some_and(super::clues::is_client_id) { value.clone() } else { Value::Null }
}

/// Of a merchant's metadata only our own members: the rest may hold anything.
fn is_ours(name: &str) -> bool {
    const OURS: [&str; 5] =
        [metadata::VISITOR_ID, metadata::SESSION_ID, metadata::URL, metadata::ORDER_ID, REFERENCE];
    OURS.contains(&name)
}

fn cut_url(value: &Value) -> Value {
    value.as_str().and_then(super::clues::kept_url).map_or(Value::Null, Value::String)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_addresses_cards_and_foreign_metadata_are_cut() {
        let kept = kept(&json!({
            "id": "evt_1",
            "data": {"object": {
                "amount_total": 1999, "client_reference_id": "jane@example.com",
                "customer_details": {"email": "jane@example.com", "name": "Jane Doe", "phone": "+33 1",
                    "address": {"line1": "1 rue X", "postal_code": "75001", "city": "Paris", "country": "FR"}},
                "payment_method_details": {"card": {"last4": "4242"}},
                "metadata": {"engagetrack_visitor_id": "v-1", "note": "for Jane",
                    "engagetrack_url": "https://shop.example/?email=jane%40example.com&ref=a"},
            }},
        }))
        .unwrap();
        for personal in ["jane", "Jane", "rue", "75001", "Paris", "4242", "+33"] {
            assert!(!kept.contains(personal), "{personal} in {kept}");
        }
        for wanted in ["evt_1", "1999", "FR", "v-1", "ref=a"] {
            assert!(kept.contains(wanted), "{wanted} not in {kept}");
        }
    }

    #[test]
    fn the_members_that_are_kept_are_sorted_so_that_they_are_found() {
        assert!(KEPT.is_sorted());
    }

    #[test]
    fn a_payload_is_bounded() {
        let lines: Vec<Value> =
            (0..1_000).map(|id| json!({"id": format!("{id}{}", "x".repeat(400))})).collect();
        assert!(kept(&json!({"lines": lines})).unwrap().len() < BYTES);
        let wide: Vec<Value> = (0..20).map(|_| json!({"id": "x".repeat(500), "lines": lines})).collect();
        assert_eq!(kept(&json!({"data": wide})), None);
    }
}
