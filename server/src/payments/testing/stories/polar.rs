//! The story as Polar tells it: refunds are objects, and the order says how much went back so far; it has no disputes.

use serde_json::{Value, json};

use super::{Story, ledger, metadata, needed, spare};
use crate::payments::testing::{Sent, object, polar};

const IDS: [&str; 3] = [
    "3d0a3c1e-6d43-4a05-9a53-2f4c1b6f0001",
    "3d0a3c1e-6d43-4a05-9a53-2f4c1b6f0002",
    "3d0a3c1e-6d43-4a05-9a53-2f4c1b6f0003",
];

pub(super) fn story() -> Story {
    let order = |kind: &str, at: usize, time: &str, patch: Value| {
        let reason = if at == 0 { "subscription_create" } else { "subscription_cycle" };
        let day = ["2026-03-02", "2026-04-02", "2026-05-02"][at];
        let mut data = object("polar/order", patch);
        let own = json!({"id": IDS[at], "billing_reason": reason, "created_at": format!("{day}T09:30:00.250000Z"), "metadata": metadata()});
        super::super::merge(&mut data, own);
        polar(&format!("msg_{kind}_{time}"), kind, time, data)
    };
    let refunded = |net: i64, tax: i64| json!({"refunded_amount": net, "refunded_tax_amount": tax, "status": "partially_refunded"});
    let failing = |status: &str| {
        json!({"id": "3d0a3c1e-6d43-4a05-9a53-2f4c1b6f0701", "order_id": IDS[1], "amount": 1_681, "tax_amount": 319,
            "created_at": "2026-04-04T10:00:00.5Z", "status": status})
    };
    let told = vec![
        needed(order("order.paid", 0, "2026-03-02T09:30:01Z", json!({}))),
        needed(order("order.paid", 1, "2026-04-02T09:30:01Z", json!({}))),
        needed(order("order.paid", 2, "2026-05-02T09:30:01Z", json!({}))),
        spare(refund("refund.created", "2026-03-05T10:00:01Z", json!({}))),
        needed(refund("refund.updated", "2026-03-05T10:00:03Z", json!({"status": "succeeded"}))),
        spare(order("order.refunded", 0, "2026-03-05T10:00:04Z", refunded(1_000, 190))),
        spare(refund("refund.created", "2026-04-04T10:00:01Z", failing("pending"))),
        spare(refund("refund.updated", "2026-04-04T10:00:03Z", failing("succeeded"))),
        spare(order("order.refunded", 1, "2026-04-04T10:00:04Z", refunded(1_681, 319))),
        needed(refund("refund.updated", "2026-04-08T10:00:00Z", failing("failed"))),
    ];
    Story { name: "polar", told, ledger: ledger(IDS) }
}

fn refund(kind: &str, time: &str, patch: Value) -> Sent {
    polar(&format!("msg_{kind}_{time}"), kind, time, object("polar/refund", patch))
}
