//! What Polar's events say.

use serde_json::{Value, json};

use crate::clock::Millis;
use crate::payments::testing::{self, object};
use crate::payments::{Fact, Notice, Paid, Refund, RefundState};

const NOW_MS: Millis = 1_795_600_000_000;

fn order(kind: &str, patch: Value) -> Notice {
    testing::polar("msg_1", kind, "2026-03-02T09:30:01.123456Z", object("polar/order", patch)).read(NOW_MS)
}

fn paid(patch: Value) -> Fact {
    fact(order("order.paid", patch))
}

fn fact(notice: Notice) -> Fact {
    notice.facts.into_iter().next().unwrap()
}

#[test]
fn an_order_tells_money_tax_customer_country_and_journey() {
    let notice = order(
        "order.paid",
        json!({"metadata": {"engagetrack_visitor_id": "v-1", "engagetrack_session_id": "s-1"}}),
    );
    assert_eq!((notice.event_id.as_str(), notice.at_ms, notice.live), ("msg_1", 1_772_443_801_123, true));
    let fact = fact(notice);
    assert_eq!(fact.references, ["order:3d0a3c1e-6d43-4a05-9a53-2f4c1b6f0001"]);
    let paid = Paid { rank: 0, minor: 5_831, currency: "EUR".to_owned(), at_ms: 1_772_443_800_250 };
    assert_eq!(fact.paid, Some(paid));
    assert_eq!((fact.tax_minor, fact.refunded_total_minor, fact.pending), (Some(931), Some(0), false));
    assert_eq!(fact.subscription.as_deref(), Some("3d0a3c1e-6d43-4a05-9a53-2f4c1b6f0300"));
    let clues = fact.clues;
    assert_eq!((clues.visitor.as_deref(), clues.session.as_deref()), (Some("v-1"), Some("s-1")));
    assert_eq!(clues.customer.as_deref(), Some("3d0a3c1e-6d43-4a05-9a53-2f4c1b6f0100"));
    assert_eq!(clues.email_hash.as_deref(), Some("hash of ana.pop@mail.example"));
    assert_eq!((clues.country.as_deref(), clues.user), (Some("RO"), None));
}

#[test]
fn what_an_earlier_balance_paid_is_not_paid_again() {
    let minor = |patch| paid(patch).paid.map(|paid| paid.minor);
    assert_eq!(minor(json!({"applied_balance_amount": -831})), Some(5_000));
    assert_eq!(minor(json!({"applied_balance_amount": null})), Some(5_831));
    assert_eq!(minor(json!({"applied_balance_amount": -5_831})), None);
    assert_eq!(minor(json!({"total_amount": 0})), None);
    assert!(paid(json!({"total_amount": 0})).pending);
}

#[test]
fn amounts_are_counted_as_stripe_counts_them() {
    let minor = |currency: &str, total: i64| {
        paid(json!({"currency": currency, "total_amount": total})).paid.map(|paid| paid.minor)
    };
    assert_eq!(minor("jpy", 1_500), Some(1_500));
    assert_eq!(minor("isk", 150_050), Some(1_501));
    assert_eq!(minor("mga", 1_500), Some(150_000));
    assert_eq!(minor("???", 1_500), None);
}

#[test]
fn only_the_subscriptions_own_cycle_renews() {
    for (reason, renews) in [
        ("purchase", false),
        ("subscription_create", false),
        ("subscription_cycle", true),
        ("subscription_update", false),
    ] {
        assert_eq!(paid(json!({"billing_reason": reason})).renewal, Some(renews), "{reason}");
    }
}

#[test]
fn a_refunded_order_tells_the_sum_so_far_with_its_tax_and_no_payment() {
    let fact = fact(order("order.refunded", json!({"refunded_amount": 1_000, "refunded_tax_amount": 190})));
    assert_eq!((fact.refunded_total_minor, fact.paid, fact.pending), (Some(1_190), None, false));
}

#[test]
fn a_refund_is_an_object_in_its_latest_state() {
    for (status, state) in [
        ("pending", RefundState::Pending),
        ("succeeded", RefundState::Succeeded),
        ("failed", RefundState::Failed),
        ("canceled", RefundState::Canceled),
    ] {
        let data = object("polar/refund", json!({"status": status}));
        let fact = fact(testing::polar("msg_2", "refund.updated", "2026-03-06T10:00:00Z", data).read(NOW_MS));
        assert_eq!(fact.references, ["order:3d0a3c1e-6d43-4a05-9a53-2f4c1b6f0001"]);
        let id = "3d0a3c1e-6d43-4a05-9a53-2f4c1b6f0700".to_owned();
        assert_eq!(fact.refund, Some(Refund { id, minor: 1_190, state, created_ms: 1_772_704_800_500 }));
    }
    let data = object("polar/refund", json!({"status": "considered"}));
    let notice = testing::polar("msg_2", "refund.updated", "2026-03-06T10:00:00Z", data).read(NOW_MS);
    assert!(notice.facts.is_empty());
}

#[test]
fn the_reference_of_a_checkout_link_stands_behind_the_metadata() {
    let fact = paid(json!({"metadata": {"reference_id": "v-2", "engagetrack_visitor_id": "v-1"}}));
    assert_eq!((fact.clues.visitor.as_deref(), fact.clues.reference.as_deref()), (Some("v-1"), Some("v-2")));
    for odd in [json!(""), json!("ana.pop@mail.example"), json!(null), json!({"a": 1})] {
        assert_eq!(paid(json!({"metadata": {"reference_id": odd}})).clues.reference, None);
    }
    assert_eq!(paid(json!({"metadata": {"reference_id": 17}})).clues.reference.as_deref(), Some("17"));
}

#[test]
fn the_merchants_own_id_of_a_customer_is_kept_beside_polars() {
    let clues = paid(json!({"customer": {"external_id": "user-7"}})).clues;
    assert_eq!(clues.user.as_deref(), Some("user-7"));
    assert_eq!(clues.customer.as_deref(), Some("3d0a3c1e-6d43-4a05-9a53-2f4c1b6f0100"));
    let clues = paid(json!({"customer_id": null, "billing_address": null})).clues;
    assert_eq!(clues.customer.as_deref(), Some("3d0a3c1e-6d43-4a05-9a53-2f4c1b6f0100"));
    assert_eq!(clues.country.as_deref(), Some("RO"));
}
