//! What Stripe's events say.

use serde_json::{Value, json};

use crate::clock::Millis;
use crate::payments::testing::{self, object};
use crate::payments::{Clues, Dispute, Fact, Notice, Paid, Refund, RefundState};

const NOW_MS: Millis = 1_795_600_000_000;
const CREATED_S: i64 = 1_772_443_800;

fn said(kind: &str, object: Value) -> Notice {
    testing::stripe("evt_1", kind, CREATED_S, object).read(NOW_MS)
}

fn fact(kind: &str, name: &str, patch: Value) -> Option<Fact> {
    said(kind, object(name, patch)).facts.into_iter().next()
}

fn session(patch: Value) -> Option<Fact> {
    fact("checkout.session.completed", "stripe/session", patch)
}

fn intent(patch: Value) -> Fact {
    fact("payment_intent.succeeded", "stripe/intent", patch).unwrap()
}

fn invoice(patch: Value) -> Fact {
    fact("invoice.paid", "stripe/invoice", patch).unwrap()
}

fn minor(fact: &Fact) -> Option<i64> {
    fact.paid.as_ref().map(|paid| paid.minor)
}

#[test]
fn an_intent_tells_money_charge_and_customer() {
    let notice = said("payment_intent.succeeded", object("stripe/intent", json!({})));
    assert_eq!((notice.event_id.as_str(), notice.at_ms, notice.live), ("evt_1", 1_772_443_800_000, true));
    let fact = intent(json!({"metadata": {"engagetrack_visitor_id": "v-1", "engagetrack_order_id": "A-7"}}));
    assert_eq!(fact.references[..2], ["intent:pi_3first", "charge:ch_3first"]);
    // A whole second means its end.
    let paid = Paid { rank: 0, minor: 5_831, currency: "EUR".to_owned(), at_ms: 1_772_443_800_999 };
    assert_eq!(fact.paid, Some(paid));
    let expected = Clues {
        visitor: Some("v-1".to_owned()),
        order_id: Some("A-7".to_owned()),
        customer: Some("cus_9s6XKzkNRiz8".to_owned()),
        ..Clues::default()
    };
    assert_eq!((fact.clues, fact.pending, fact.renewal), (expected, false, None));
    assert_eq!(minor(&intent(json!({"amount": 9_999, "amount_received": 5_000}))), Some(5_000));
}

#[test]
fn a_paid_session_in_payment_mode_is_money_tax_country_and_journey() {
    let fact = session(json!({
        "mode": "payment", "payment_intent": "pi_3first", "invoice": null, "subscription": null,
        "client_reference_id": "v-link", "metadata": {"engagetrack_session_id": "s-1"},
    }));
    let fact = fact.unwrap();
    assert_eq!(fact.references, ["session:cs_live_a1", "intent:pi_3first"]);
    assert_eq!((minor(&fact), fact.tax_minor, fact.pending), (Some(5_831), Some(931), false));
    let expected = Clues {
        session: Some("s-1".to_owned()),
        reference: Some("v-link".to_owned()),
        customer: Some("cus_9s6XKzkNRiz8".to_owned()),
        email_hash: Some("hash of ana.pop@mail.example".to_owned()),
        country: Some("RO".to_owned()),
        ..Clues::default()
    };
    assert_eq!(fact.clues, expected);
}

#[test]
fn of_a_subscription_the_session_is_the_link_and_the_invoice_the_money() {
    let fact = session(json!({"metadata": {"engagetrack_visitor_id": "v-1"}})).unwrap();
    assert_eq!(fact.references, ["session:cs_live_a1", "invoice:in_1first"]);
    assert_eq!((&fact.paid, fact.pending), (&None, false));
    assert_eq!(fact.subscription.as_deref(), Some("sub_1team"));
    assert_eq!(fact.clues.visitor.as_deref(), Some("v-1"));
}

#[test]
fn a_session_that_took_no_money_yet_is_not_counted() {
    let of = |mode: &str, status: &str, total: i64| {
        session(json!({"mode": mode, "payment_status": status, "amount_total": total}))
            .map(|fact| (minor(&fact), fact.pending))
    };
    assert_eq!(of("payment", "paid", 5_831), Some((Some(5_831), false)));
    // A transfer that is on its way, and what was free.
    assert_eq!(of("payment", "unpaid", 5_831), Some((None, true)));
    assert_eq!(of("payment", "no_payment_required", 0), Some((None, true)));
    assert_eq!(of("payment", "paid", 0), Some((None, true)));
    // A free trial.
    assert_eq!(of("subscription", "no_payment_required", 0), Some((None, true)));
    assert_eq!(of("setup", "no_payment_required", 0), None);
    let arrived = fact(
        "checkout.session.async_payment_succeeded",
        "stripe/session",
        json!({"mode": "payment", "payment_intent": "pi_3late"}),
    );
    assert_eq!(minor(&arrived.unwrap()), Some(5_831));
}

#[test]
fn a_reference_that_can_be_no_visitor_is_none() {
    let reference = |id: &str| session(json!({"client_reference_id": id})).unwrap().clues.reference;
    assert_eq!(reference("v_8f14e45f-ceea").as_deref(), Some("v_8f14e45f-ceea"));
    assert_eq!(reference("ana.pop@mail.example"), None);
    assert_eq!(reference(&"a".repeat(65)), None);
}

#[test]
fn an_invoice_tells_the_same_since_basil_and_before_it() {
    let told = json!({"engagetrack_visitor_id": "v-1"});
    let since = invoice(json!({"parent": {"subscription_details": {"metadata": told}}}));
    let before = invoice(json!({
        "payment_intent": "pi_3first", "charge": "ch_3first", "subscription": "sub_1team", "parent": null,
        "tax": 931, "total_taxes": null, "lines": {"data": []}, "subscription_details": {"metadata": told},
    }));
    assert_eq!(since.references[0], "invoice:in_1first");
    assert_eq!(before.references[..3], ["intent:pi_3first", "invoice:in_1first", "charge:ch_3first"]);
    let at_ms = 1_772_443_799_999;
    assert_eq!(since.paid, Some(Paid { rank: 2, minor: 5_831, currency: "EUR".to_owned(), at_ms }));
    for fact in [&since, &before] {
        assert_eq!((fact.tax_minor, fact.renewal), (Some(931), Some(false)));
        assert_eq!(fact.subscription.as_deref(), Some("sub_1team"));
        assert_eq!(fact.clues.visitor.as_deref(), Some("v-1"));
        assert_eq!(fact.clues.country.as_deref(), Some("RO"));
        assert_eq!(fact.clues.email_hash.as_deref(), Some("hash of ana.pop@mail.example"));
        assert_eq!(fact.paid, since.paid);
    }
    let between = invoice(json!({
        "total_taxes": null, "total_tax_amounts": [{"amount": 900}, {"amount": 31}],
        "parent": null, "lines": {"data": [{"subscription": "sub_1line", "metadata": told}]},
    }));
    assert_eq!((between.tax_minor, between.subscription.as_deref()), (Some(931), Some("sub_1line")));
    assert_eq!(between.clues.visitor.as_deref(), Some("v-1"));
}

#[test]
fn only_the_subscriptions_own_cycle_renews() {
    for (reason, renews) in [
        ("subscription_create", false),
        ("subscription_cycle", true),
        ("subscription_update", false),
        ("subscription_threshold", false),
        ("manual", false),
    ] {
        assert_eq!(invoice(json!({"billing_reason": reason})).renewal, Some(renews), "{reason}");
    }
    assert_eq!(invoice(json!({"billing_reason": null})).renewal, None);
}

#[test]
fn the_invoice_of_a_trial_is_nothing_to_count_but_its_journey_is_kept() {
    let fact = invoice(json!({"amount_paid": 0, "metadata": {"engagetrack_visitor_id": "v-1"}}));
    assert_eq!((&fact.paid, fact.pending, fact.clues.visitor.as_deref()), (&None, true, Some("v-1")));
}

#[test]
fn an_invoice_payment_joins_invoice_and_intent_once_it_is_paid() {
    let of = |patch| fact("invoice_payment.paid", "stripe/invoice_payment", patch).unwrap();
    let paid = of(json!({}));
    assert_eq!(paid.references, ["intent:pi_3first", "invoice:in_1first"]);
    let at_ms = 1_772_443_799_999;
    assert_eq!(paid.paid, Some(Paid { rank: 1, minor: 5_831, currency: "EUR".to_owned(), at_ms }));
    let open = of(json!({"status": "open"}));
    assert_eq!((open.paid, open.pending), (None, true));
}

#[test]
fn stripes_exponents_are_read_and_isos_are_kept() {
    let check = |currency: &str, amount: i64, expected: Option<i64>| {
        let fact = intent(json!({"currency": currency, "amount_received": amount}));
        assert_eq!(minor(&fact), expected, "{amount} {currency}");
    };
    check("eur", 1_234, Some(1_234));
    check("jpy", 1_234, Some(1_234));
    check("krw", 50_000, Some(50_000));
    check("kwd", 12_340, Some(12_340));
    // Two decimals at Stripe and none in ISO 4217; what does not divide rounds half away.
    check("isk", 123_400, Some(1_234));
    check("ugx", 123_450, Some(1_235));
    check("ugx", 123_449, Some(1_234));
    // None at Stripe and two in ISO 4217.
    check("mga", 1_234, Some(123_400));
    check("???", 1_234, None);
    let refund = fact("refund.created", "stripe/refund", json!({"currency": "isk", "amount": 119_000}));
    assert_eq!(refund.unwrap().refund.unwrap().minor, 1_190);
    let taxed =
        invoice(json!({"currency": "isk", "amount_paid": 583_100, "total_taxes": [{"amount": 93_100}]}));
    assert_eq!((minor(&taxed), taxed.tax_minor), (Some(5_831), Some(931)));
}

#[test]
fn a_refund_is_an_object_in_its_latest_state() {
    for (kind, status, state) in [
        ("refund.created", "pending", Some(RefundState::Pending)),
        ("refund.created", "requires_action", Some(RefundState::RequiresAction)),
        ("refund.updated", "succeeded", Some(RefundState::Succeeded)),
        ("charge.refund.updated", "canceled", Some(RefundState::Canceled)),
        ("refund.failed", "failed", Some(RefundState::Failed)),
        ("refund.updated", "considered", None),
    ] {
        let told = fact(kind, "stripe/refund", json!({"status": status}));
        let expected = state.map(|state| {
            Some(Refund { id: "re_3back".to_owned(), minor: 1_190, created_ms: 1_772_704_800_000, state })
        });
        assert_eq!(told.as_ref().map(|fact| fact.refund.clone()), expected, "{kind} {status}");
        let joins = told.is_none_or(|fact| fact.references == ["intent:pi_3first", "charge:ch_3first"]);
        assert!(joins, "{kind} {status}");
    }
}

#[test]
fn a_charge_tells_the_sum_of_refunds_so_far_and_no_payment() {
    let told = fact("charge.refunded", "stripe/charge", json!({"amount_refunded": 1_190})).unwrap();
    assert_eq!(told.references, ["intent:pi_3first", "charge:ch_3first"]);
    assert_eq!((told.refunded_total_minor, told.paid, told.refund), (Some(1_190), None, None));
}

#[test]
fn funds_withdrawn_are_taken_reinstated_ones_given_back_and_nothing_else_moves_money() {
    for (kind, status, taken) in [
        ("funds_withdrawn", "needs_response", Some(true)),
        ("funds_withdrawn", "under_review", Some(true)),
        ("funds_reinstated", "won", Some(false)),
        ("funds_withdrawn", "warning_needs_response", None),
        ("created", "needs_response", None),
        ("updated", "under_review", None),
        ("closed", "lost", None),
        ("closed", "won", None),
    ] {
        let told = fact(&format!("charge.dispute.{kind}"), "stripe/dispute", json!({"status": status}));
        let expected = taken.map(|taken| {
            let id = "dp_3first".to_owned();
            Some(Dispute { id, minor: 5_831, taken, at_ms: 1_772_443_800_000 })
        });
        assert_eq!(told.map(|fact| fact.dispute), expected, "{kind} {status}");
    }
}

#[test]
fn test_mode_is_told_by_the_event() {
    let mut sent = testing::stripe("evt_1", "invoice.paid", CREATED_S, object("stripe/invoice", json!({})));
    sent.body["livemode"] = json!(false);
    assert!(!sent.read(NOW_MS).live);
}
