//! What facts come to: one order however often its money is told, and never more given back than came in.

use serde_json::{Value, json};

use super::*;
use crate::payments::testing::{self, object};

const NOW_MS: Millis = 1_795_600_000_000;
/// When the payments of these tests were made, seconds.
const PAID_S: i64 = 1_772_443_798;

fn stripe(kind: &str, at_s: i64, name: &str, patch: Value) -> Notice {
    let object = object(&format!("stripe/{name}"), patch);
    let id = format!("evt_{kind}_{at_s}_{}_{}", object["id"], object["status"]);
    testing::stripe(&id, kind, at_s, object).read(NOW_MS)
}

fn intent(patch: Value) -> Notice {
    stripe("payment_intent.succeeded", PAID_S, "intent", patch)
}

fn invoice(patch: Value) -> Notice {
    stripe("invoice.paid", PAID_S + 2, "invoice", patch)
}

fn joining(intent: &str, invoice: &str) -> Notice {
    let patch =
        json!({"id": format!("inpay_{intent}"), "invoice": invoice, "payment": {"payment_intent": intent}});
    stripe("invoice_payment.paid", PAID_S + 3, "invoice_payment", patch)
}

fn session() -> Notice {
    let patch =
        json!({"mode": "payment", "payment_intent": "pi_3first", "invoice": null, "subscription": null});
    stripe("checkout.session.completed", PAID_S + 4, "session", patch)
}

fn refund(at_s: i64, id: &str, amount: i64, status: &str) -> Notice {
    let patch = json!({"id": id, "amount": amount, "status": status, "created": PAID_S + 100});
    stripe("refund.updated", at_s, "refund", patch)
}

fn refunded(at_s: i64, total: i64) -> Notice {
    stripe("charge.refunded", at_s, "charge", json!({"amount_refunded": total}))
}

fn dispute(kind: &str, at_s: i64, patch: Value) -> Notice {
    stripe(&format!("charge.dispute.funds_{kind}"), at_s, "dispute", patch)
}

/// Folds in every order that turning and reversing gives, and expects the same of each.
fn folded(notices: &[Notice]) -> Vec<Order> {
    let mut all: Vec<&Notice> = notices.iter().collect();
    let expected = fold(&all);
    for _ in 0..all.len() {
        all.rotate_left(1);
        assert_eq!(fold(&all), expected);
        let reversed: Vec<&Notice> = all.iter().copied().rev().collect();
        assert_eq!(fold(&reversed), expected);
    }
    expected
}

fn one(notices: &[Notice]) -> Order {
    let mut orders = folded(notices);
    assert_eq!(orders.len(), 1, "{orders:?}");
    orders.remove(0)
}

/// What a payment of 58.31 comes to with these beside it: what was given back, and the remarks.
fn given_back(more: &[Notice]) -> (i64, Vec<String>) {
    let notices: Vec<Notice> = std::iter::once(intent(json!({}))).chain(more.iter().cloned()).collect();
    let order = one(&notices);
    assert_eq!(order.minor, 5_831);
    (order.refunded_minor(), order.remarks)
}

fn nothing() -> Vec<String> {
    Vec::new()
}

#[test]
fn any_one_of_the_objects_that_tell_a_payment_records_it_and_all_of_them_are_one() {
    let session =
        stripe("checkout.session.completed", PAID_S, "session", json!({"mode": "payment", "invoice": null}));
    for (alone, id) in [
        (intent(json!({})), "pi_3first"),
        (joining("pi_3first", "in_1first"), "pi_3first"),
        (invoice(json!({})), "in_1first"),
        (session, "cs_live_a1"),
    ] {
        let order = one(&[alone]);
        assert_eq!((order.id.as_str(), order.minor, order.currency.as_str()), (id, 5_831, "EUR"));
    }
    let all = [intent(json!({})), invoice(json!({})), joining("pi_3first", "in_1first")];
    let order = one(&all);
    assert_eq!((order.id.as_str(), order.minor, order.entries.len()), ("pi_3first", 5_831, 1));
    assert_eq!((order.tax_minor, order.subscription.as_deref()), (Some(931), Some("sub_1team")));
    assert_eq!(order.remarks, nothing());
    let once = one(&[intent(json!({})), self::session()]);
    assert_eq!(
        (once.id.as_str(), once.minor, once.clues.country.as_deref()),
        ("pi_3first", 5_831, Some("RO"))
    );
}

#[test]
fn the_intent_decides_the_amount_then_the_invoices_payment_then_the_invoice() {
    let (paid, invoiced) = (json!({"amount_received": 5_000}), json!({"amount_paid": 6_000}));
    let join = joining("pi_3first", "in_1first");
    assert_eq!(one(&[intent(paid), invoice(invoiced.clone()), join.clone()]).minor, 5_000);
    assert_eq!(one(&[invoice(invoiced.clone()), join]).minor, 5_831);
    assert_eq!(one(&[invoice(invoiced)]).minor, 6_000);
}

#[test]
fn an_intent_and_an_invoice_alike_are_one_within_ten_minutes_and_say_so() {
    let apart = |seconds: i64| {
        let paid_at = json!({"status_transitions": {"paid_at": PAID_S + seconds}});
        folded(&[intent(json!({})), invoice(paid_at)]).len()
    };
    assert_eq!((apart(0), apart(600), apart(-600)), (1, 1, 1));
    assert_eq!((apart(601), apart(-601)), (2, 2));
    let order = one(&[intent(json!({})), invoice(json!({}))]);
    assert_eq!(
        (order.id.as_str(), order.remarks.as_slice()),
        ("pi_3first", &[JOINED_BY_LIKENESS.to_owned()][..])
    );
    for other in [json!({"customer": "cus_other"}), json!({"amount_paid": 5_832}), json!({"currency": "usd"})]
    {
        assert_eq!(folded(&[intent(json!({})), invoice(other.clone())]).len(), 2, "{other}");
    }
    assert_eq!(folded(&[intent(json!({"customer": null})), invoice(json!({"customer": null}))]).len(), 2);
}

#[test]
fn what_likeness_joined_an_invoice_payment_parts() {
    let (first, second) =
        (json!({"id": "pi_3first"}), json!({"id": "pi_3second", "latest_charge": "ch_3second"}));
    let crossed = [
        intent(first),
        stripe("payment_intent.succeeded", PAID_S + 60, "intent", second),
        invoice(json!({"id": "in_1first"})),
        joining("pi_3second", "in_1first"),
    ];
    let orders = folded(&crossed);
    let told: Vec<_> = orders.iter().map(|order| (order.id.as_str(), order.subscription.is_some())).collect();
    assert_eq!(told, [("pi_3first", false), ("pi_3second", true)]);
    assert!(orders.iter().all(|order| order.remarks.is_empty()), "{orders:?}");
}

#[test]
fn an_invoice_that_two_intents_paid_is_one_order_of_both() {
    let part = |id: &str, at_s: i64, minor: i64| {
        let charge = format!("ch_{id}");
        let patch = json!({"id": id, "amount_received": minor, "latest_charge": charge});
        stripe("payment_intent.succeeded", at_s, "intent", patch)
    };
    let parts = [
        part("pi_3b", PAID_S, 3_000),
        part("pi_3a", PAID_S + 50, 2_831),
        joining("pi_3a", "in_1first"),
        joining("pi_3b", "in_1first"),
        invoice(json!({})),
    ];
    let order = one(&parts);
    assert_eq!((order.id.as_str(), order.minor, order.entries.len()), ("pi_3b", 5_831, 2));
}

#[test]
fn a_sum_of_refunds_is_set_and_what_a_later_one_takes_back_never_counted() {
    assert_eq!(given_back(&[refunded(PAID_S + 10, 1_190)]), (1_190, nothing()));
    assert_eq!(given_back(&[refunded(PAID_S + 10, 1_190), refunded(PAID_S + 20, 5_831)]), (5_831, nothing()));
    assert_eq!(given_back(&[refunded(PAID_S + 10, 5_831), refunded(PAID_S + 20, 1_190)]), (1_190, nothing()));
    let notices = [intent(json!({})), refunded(PAID_S + 10, 1_190), refunded(PAID_S + 20, 2_000)];
    let steps: Vec<_> = one(&notices).entries.iter().map(|entry| (entry.at_ms, entry.minor)).collect();
    assert_eq!(steps[1..], [((PAID_S + 10) * 1_000, -1_190), ((PAID_S + 20) * 1_000, -810)]);
}

#[test]
fn refund_objects_count_in_their_latest_state_and_never_beside_their_sum() {
    let back = |status| refund(PAID_S + 100, "re_1", 1_190, status);
    assert_eq!(given_back(&[back("pending"), refunded(PAID_S + 101, 1_190)]), (1_190, nothing()));
    let twice =
        [back("succeeded"), refund(PAID_S + 110, "re_2", 810, "succeeded"), refunded(PAID_S + 120, 2_000)];
    assert_eq!(given_back(&twice), (2_000, nothing()));
    // One that failed in the end gave nothing back, and stays in the explanation.
    let failed =
        [back("succeeded"), refunded(PAID_S + 101, 1_190), refund(PAID_S + 500, "re_1", 1_190, "failed")];
    assert_eq!(given_back(&failed), (0, nothing()));
    let order = one(&[intent(json!({})), back("succeeded"), refund(PAID_S + 500, "re_1", 1_190, "failed")]);
    let told: Vec<_> =
        order.entries.iter().map(|entry| (entry.state.as_str(), entry.minor, entry.counts)).collect();
    assert_eq!(told, [("paid", 5_831, true), ("failed", -1_190, false)]);
    // At the same time the further state is the later one.
    assert_eq!(given_back(&[back("succeeded"), back("failed")]), (0, nothing()));
    assert_eq!(given_back(&[back("requires_action")]), (0, nothing()));
    assert_eq!(given_back(&[back("canceled")]), (0, nothing()));
}

#[test]
fn objects_that_do_not_sum_to_what_was_given_back_are_remarked() {
    let told = [refund(PAID_S + 100, "re_1", 1_190, "succeeded"), refunded(PAID_S + 101, 2_000)];
    assert_eq!(given_back(&told), (1_190, vec![REFUND_OBJECTS_INCOMPLETE.to_owned()]));
}

#[test]
fn a_pending_refund_counts_at_stripe_and_nowhere_else() {
    assert_eq!(given_back(&[refund(PAID_S + 100, "re_1", 1_190, "pending")]).0, 1_190);
    let polar = |status: &str| {
        let paid =
            testing::polar("w1", "order.paid", "2026-03-02T09:30:01Z", object("polar/order", json!({})));
        let back = object("polar/refund", json!({"status": status}));
        let back = testing::polar("w2", "refund.created", "2026-03-05T10:00:01Z", back);
        one(&[paid.read(NOW_MS), back.read(NOW_MS)]).refunded_minor()
    };
    assert_eq!((polar("pending"), polar("succeeded"), polar("failed")), (0, 1_190, 0));
    let paddle = |status: &str| {
        let paid = object("paddle/transaction", json!({}));
        let paid = testing::paddle("evt_1", "transaction.completed", "2026-03-02T09:30:01Z", paid);
        let back = object("paddle/adjustment", json!({"status": status}));
        let back = testing::paddle("evt_2", "adjustment.updated", "2026-03-06T10:00:00Z", back);
        one(&[paid.read(NOW_MS), back.read(NOW_MS)]).refunded_minor()
    };
    let found = ["pending_approval", "approved", "rejected", "reversed"].map(paddle);
    assert_eq!(found, [0, 1_190, 0, 0]);
}

#[test]
fn a_dispute_that_is_lost_keeps_what_it_took_and_one_that_is_won_gives_it_back() {
    let taken = || dispute("withdrawn", PAID_S + 1_000, json!({}));
    let returned = || dispute("reinstated", PAID_S + 9_000, json!({"status": "won"}));
    assert_eq!(given_back(&[taken()]), (5_831, nothing()));
    assert_eq!(given_back(&[taken(), returned()]), (0, nothing()));
    let order = one(&[intent(json!({})), taken(), returned()]);
    let told: Vec<_> = order.entries.iter().map(|entry| (entry.at_ms, entry.minor)).collect();
    // Each in the period in which it happened.
    assert_eq!(told[1..], [((PAID_S + 1_000) * 1_000, -5_831), ((PAID_S + 9_000) * 1_000, 5_831)]);
    let partly = dispute("withdrawn", PAID_S + 1_000, json!({"amount": 2_000}));
    assert_eq!(given_back(&[partly]), (2_000, nothing()));
}

#[test]
fn refunds_and_disputes_together_never_exceed_the_payment() {
    let too_much = vec![REFUNDS_EXCEED_PAYMENT.to_owned()];
    let taken = || dispute("withdrawn", PAID_S + 1_000, json!({}));
    let back = refund(PAID_S + 100, "re_1", 1_190, "succeeded");
    assert_eq!(given_back(&[back.clone(), taken()]), (5_831, too_much.clone()));
    let returned = dispute("reinstated", PAID_S + 9_000, json!({"status": "won"}));
    assert_eq!(given_back(&[back, taken(), returned.clone()]), (1_190, too_much.clone()));
    // What was never taken cannot come back on top of the payment.
    assert_eq!(given_back(&[returned]), (0, too_much));
}

#[test]
fn live_and_test_money_of_one_name_are_two_orders() {
    let mut test = intent(json!({}));
    test.live = false;
    let orders = folded(&[intent(json!({})), test]);
    assert_eq!(orders.iter().map(|order| order.live).collect::<std::collections::BTreeSet<_>>().len(), 2);
}

#[test]
fn what_a_customers_own_events_tell_is_each_orders_as_it_was_when_it_was_paid() {
    let of = |id: &str, kind: &str, at: &str, name: &str, patch: Value| {
        testing::paddle(id, kind, at, object(&format!("paddle/{name}"), patch)).read(NOW_MS)
    };
    let country = |id: &str, at: &str, code: &str| {
        of(id, "address.created", at, "address", json!({"country_code": code}))
    };
    let notices = [
        of("evt_1", "transaction.completed", "2026-03-02T09:30:01Z", "transaction", json!({})),
        of("evt_2", "customer.created", "2026-03-01T00:00:00Z", "customer", json!({})),
        country("evt_3", "2026-03-01T00:00:00Z", "DE"),
        country("evt_4", "2026-03-02T09:27:00Z", "RO"),
        country("evt_5", "2026-04-02T00:00:00Z", "FR"),
    ];
    let clues = one(&notices).clues;
    assert_eq!(clues.country.as_deref(), Some("RO"));
    assert_eq!(clues.email_hash.as_deref(), Some("hash of ana.pop@mail.example"));
    let late = [notices[0].clone(), notices[4].clone()];
    assert_eq!(one(&late).clues.country.as_deref(), Some("FR"));
}

#[test]
fn what_tells_of_no_money_is_no_order() {
    let session = stripe(
        "checkout.session.completed",
        PAID_S,
        "session",
        json!({"payment_status": "unpaid", "mode": "payment"}),
    );
    let back = refund(PAID_S + 100, "re_1", 1_190, "succeeded");
    assert_eq!(folded(&[session, back, dispute("withdrawn", PAID_S + 1_000, json!({}))]), []);
}
