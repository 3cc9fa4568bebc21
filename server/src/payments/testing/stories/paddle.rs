//! The story as Paddle Billing tells it: what goes back is an adjustment, and the customer's e-mail comes apart.

use serde_json::{Value, json};

use super::{Story, ledger, metadata, needed, spare};
use crate::payments::testing::{Sent, object, paddle};

const IDS: [&str; 3] =
    ["txn_01kj1first0000000000000000", "txn_01kj1second000000000000000", "txn_01kj1third0000000000000000"];

pub(super) fn story() -> Story {
    let transaction = |at: usize, day: &str| {
        let origin = if at == 0 { "web" } else { "subscription_recurring" };
        let patch = json!({"id": IDS[at], "origin": origin, "custom_data": metadata(), "billed_at": format!("{day}T09:30:00.294Z")});
        let event_id = format!("evt_txn_{at}");
        paddle(
            &event_id,
            "transaction.completed",
            &format!("{day}T09:30:02Z"),
            object("paddle/transaction", patch),
        )
    };
    let customer = |kind: &str, at: &str, email: &str| {
        let data = object("paddle/customer", json!({"email": email, "updated_at": at}));
        paddle(&format!("evt_{kind}"), kind, at, data)
    };
    let failing = |status: &str| {
        json!({"id": "adj_01kj1fails000000000000000", "transaction_id": IDS[1], "status": status,
            "totals": {"total": "2000"}, "created_at": "2026-04-04T10:00:00Z"})
    };
    let chargeback = |status: &str| {
        json!({"id": "adj_01kj1taken000000000000000", "transaction_id": IDS[2], "action": "chargeback", "status": status,
            "totals": {"total": "5831"}, "created_at": "2026-05-04T10:00:00Z"})
    };
    let reversal = json!({"id": "adj_01kj1given000000000000000", "transaction_id": IDS[2], "action": "chargeback_reverse",
        "status": "approved", "totals": {"total": "5831"}, "created_at": "2026-05-14T10:00:00Z"});
    let told = vec![
        spare(customer("customer.created", "2026-03-02T09:27:00Z", "Ana.Pop@mail.example")),
        spare(customer("customer.updated", "2026-04-20T09:27:00Z", "ana@new.example")),
        needed(transaction(0, "2026-03-02")),
        needed(transaction(1, "2026-04-02")),
        needed(transaction(2, "2026-05-02")),
        spare(adjustment("created", "2026-03-05T10:00:00Z", json!({}))),
        needed(adjustment("updated", "2026-03-06T10:00:00Z", json!({"status": "approved"}))),
        spare(adjustment("created", "2026-04-04T10:00:00Z", failing("approved"))),
        needed(adjustment("updated", "2026-04-08T10:00:00Z", failing("reversed"))),
        spare(adjustment("created", "2026-05-04T10:00:00Z", chargeback("approved"))),
        spare(adjustment("updated", "2026-05-14T10:00:00Z", chargeback("reversed"))),
        needed(adjustment("created", "2026-05-14T10:00:01Z", reversal)),
    ];
    Story { name: "paddle", told, ledger: ledger(IDS) }
}

fn adjustment(verb: &str, at: &str, patch: Value) -> Sent {
    paddle(&format!("evt_adj_{at}"), &format!("adjustment.{verb}"), at, object("paddle/adjustment", patch))
}
