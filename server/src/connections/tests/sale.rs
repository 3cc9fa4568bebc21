//! Sales as each provider lists them, and as its webhook tells of them.

use serde_json::{Value, json};

use crate::clock::Millis;
use crate::payments::Provider;

/// When the first sale was; each later one is an hour later.
pub(super) const FIRST_MS: Millis = 1_790_000_000_000;
const HOUR_MS: Millis = 3_600_000;

/// The path of the list in which sales stand.
pub(super) fn path(provider: Provider) -> &'static str {
    match provider {
        Provider::Stripe | Provider::Api => "/v1/payment_intents",
        Provider::LemonSqueezy => "/v1/orders",
        Provider::Paddle => "/transactions",
        Provider::Polar => "/v1/orders/",
    }
}

pub(super) fn at_ms(number: i64) -> Millis {
    FIRST_MS + number * HOUR_MS
}

fn iso(at_ms: Millis) -> String {
    jiff::Timestamp::from_millisecond(at_ms).unwrap().to_string()
}

/// A sale of 19.99 (or nothing, at the number 0) as the provider's list has it.
pub(super) fn listed(provider: Provider, number: i64) -> Value {
    let minor = if number == 0 { 0 } else { 1_999 };
    let at = iso(at_ms(number));
    let metadata = json!({"engagetrack_visitor_id": format!("v-{number}")});
    match provider {
        Provider::Stripe | Provider::Api => json!({
            "id": format!("pi_{number}"), "object": "payment_intent", "status": "succeeded",
            "amount": minor, "amount_received": minor, "currency": "usd", "livemode": true,
            "created": at_ms(number) / 1_000 - 60, "customer": "cus_1", "metadata": metadata,
            "latest_charge": {"id": format!("ch_{number}"), "created": at_ms(number) / 1_000},
        }),
        Provider::LemonSqueezy => json!({
            "type": "orders", "id": number.to_string(), "attributes": {
                "customer_id": 5, "user_email": "jane@example.com", "currency": "USD",
                "currency_rate": "1.00000000", "total": minor, "total_usd": minor, "tax": 0, "status": "paid",
                "refunded": false, "refunded_amount": 0, "created_at": at, "updated_at": at,
                "test_mode": true,
            },
        }),
        Provider::Paddle => json!({
            "id": format!("txn_{number}"), "status": "completed", "origin": "web", "customer_id": "ctm_1",
            "currency_code": "USD", "custom_data": metadata, "created_at": at, "billed_at": at,
            "updated_at": at, "items": [], "payments": [],
            "details": {
                "tax_rates_used": [], "line_items": [],
                "totals": {"grand_total": minor.to_string(), "tax": "0", "currency_code": "USD"},
            },
        }),
        Provider::Polar => json!({
            "id": format!("0000-{number}"), "paid": true, "status": "paid", "total_amount": minor,
            "applied_balance_amount": 0, "tax_amount": 0, "refunded_amount": 0, "refunded_tax_amount": 0,
            "currency": "usd", "billing_reason": "purchase", "customer_id": "c-1",
            "customer": {"email": "jane@example.com"}, "metadata": metadata, "created_at": at,
            "modified_at": null,
        }),
    }
}

/// The webhook by which the provider tells of a sale.
pub(super) fn told(provider: Provider, number: i64) -> Value {
    let object = listed(provider, number);
    match provider {
        Provider::Stripe | Provider::Api => {
            let mut object = object;
            object["latest_charge"] = json!(format!("ch_{number}"));
            json!({
                "id": format!("evt_{number}"), "type": "payment_intent.succeeded", "livemode": true,
                "created": at_ms(number) / 1_000 + 2, "data": {"object": object},
            })
        }
        Provider::LemonSqueezy => json!({
            "meta": {
                "event_name": "order_created", "webhook_id": format!("w-{number}"), "test_mode": true,
                "custom_data": {"engagetrack_visitor_id": format!("v-{number}")},
            },
            "data": object,
        }),
        Provider::Paddle => json!({
            "event_id": format!("evt_{number}"), "event_type": "transaction.completed",
            "occurred_at": iso(at_ms(number) + 2_000), "data": object,
        }),
        Provider::Polar => json!({
            "type": "order.paid", "timestamp": iso(at_ms(number) + 2_000), "data": object,
        }),
    }
}

/// Sales from one number down to another, the newest first, as lists have them.
pub(super) fn sales(provider: Provider, numbers: std::ops::RangeInclusive<i64>) -> Vec<Value> {
    numbers.rev().map(|number| listed(provider, number)).collect()
}
