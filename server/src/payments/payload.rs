//! The payload that is kept of a webhook: enough to read it again, nothing that names a person.

use serde_json::{Map, Value};

/// Bytes of a payload that is kept.
const BYTES: usize = 16 * 1024;
/// Elements of an array that are kept.
const ELEMENTS: usize = 20;
/// Characters of a text that are kept.
const CHARS: usize = 500;

/// The members that are kept, by name: an open list would one day hold somebody's address. Sorted.
const KEPT: [&str; 72] = [
    "address", "amount", "amount_due", "amount_paid", "amount_received", "amount_refunded", "amount_subtotal",
    "amount_tax", "amount_total", "api_version", "billing_reason", "billing_details", "captured", "charge",
    "client_reference_id", "country", "created", "currency", "customer", "customer_address", "customer_details",
    "data", "discount", "disputed", "id", "invoice", "invoice_payment", "is_default", "latest_charge", "lines",
    "livemode", "metadata", "mode", "object", "paid", "paid_at", "parent", "payment", "payment_intent",
    "payment_link", "payment_status", "payments", "proration", "quantity", "reason", "refunded", "refunds",
    "status", "status_transitions", "subscription", "subscription_details", "subscription_item_details",
    "subtotal", "tax", "tax_amount", "total", "total_details", "total_tax_amounts", "total_taxes", "type",
    "test_mode", "unit_amount", "amount_discount", "amount_shipping", "amount_requested", "amount_remaining",
    "attempt_count", "cancellation_reason", "failure_reason", "presentment_details", "presentment_amount",
    "presentment_currency",
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
        Value::String(text) => Value::String(text.chars().take(CHARS).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

fn cut_object(members: &Map<String, Value>, in_metadata: bool) -> Map<String, Value> {
    let is_kept = |name: &str| if in_metadata { is_ours(name) } else { KEPT.contains(&name) };
    members
        .iter()
        .filter(|(name, value)| is_kept(name) && !value.is_null())
        .map(|(name, value)| {
            let value = match name.as_str() {
                protocol::metadata::URL => cut_url(value),
                "client_reference_id" => cut_reference(value),
                _ => cut(value, name == "metadata"),
            };
            (name.clone(), value)
        })
        .collect()
}

/// A reference field is meant for an id; some put an e-mail there.
fn cut_reference(value: &Value) -> Value {
    if value.as_str().is_some_and(super::clues::is_client_id) { value.clone() } else { Value::Null }
}

/// Of a merchant's metadata only our own members: the rest may hold anything.
fn is_ours(name: &str) -> bool {
    name.starts_with("engagetrack_")
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
    fn a_payload_is_bounded() {
        let lines: Vec<Value> = (0..1_000).map(|id| json!({"id": format!("{id}{}", "x".repeat(400))})).collect();
        assert!(kept(&json!({"lines": lines})).unwrap().len() < BYTES);
        let wide: Vec<Value> = (0..20).map(|_| json!({"id": "x".repeat(500), "lines": lines})).collect();
        assert_eq!(kept(&json!({"data": wide})), None);
    }
}
