//! The story as Lemon Squeezy tells it: it has no disputes, and says of refunds how much went back so far.

use serde_json::{Value, json};

use super::{Story, ledger, metadata, needed, spare};
use crate::payments::testing::{Sent, lemon_squeezy, object};

pub(super) fn story() -> Story {
    let order = |event_name: &str, patch: Value| {
        lemon_squeezy(event_name, ("orders", "71001"), object("lemonsqueezy/order", patch), metadata())
    };
    let subscription = lemon_squeezy(
        "subscription_created",
        ("subscriptions", "5500"),
        object("lemonsqueezy/subscription", json!({})),
        metadata(),
    );
    let initial = json!({"billing_reason": "initial", "created_at": "2026-03-02T09:30:00.000000Z", "updated_at": "2026-03-02T09:30:04.000000Z"});
    let third =
        json!({"created_at": "2026-05-02T09:30:00.000000Z", "updated_at": "2026-05-02T09:30:04.000000Z"});
    let back = |refunded: i64, day: &str| json!({"refunded_amount": refunded, "status": "partial_refund", "updated_at": format!("{day}T10:00:00.000000Z")});
    let told = vec![
        needed(order("order_created", json!({}))),
        spare(subscription),
        spare(invoice("subscription_payment_success", "71000", initial)),
        needed(invoice("subscription_payment_success", "71001", json!({}))),
        needed(invoice("subscription_payment_success", "71002", third)),
        spare(order("order_refunded", back(600, "2026-03-04"))),
        needed(order("order_refunded", back(1_190, "2026-03-05"))),
        spare(invoice("subscription_payment_refunded", "71001", back(2_000, "2026-04-04"))),
        needed(invoice("subscription_payment_refunded", "71001", back(0, "2026-04-05"))),
    ];
    let ids = ["order:71001", "subscription-invoice:71001", "subscription-invoice:71002"];
    Story { name: "lemonsqueezy", told, ledger: ledger(ids) }
}

fn invoice(event_name: &str, id: &str, patch: Value) -> Sent {
    lemon_squeezy(
        event_name,
        ("subscription-invoices", id),
        object("lemonsqueezy/invoice", patch),
        metadata(),
    )
}
