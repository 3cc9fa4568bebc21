//! What Paddle Billing's events say.

use serde_json::{Value, json};

use crate::clock::Millis;
use crate::payments::testing::{self, object};
use crate::payments::{Clues, Dispute, Fact, Notice, Paid, Refund, RefundState};

const NOW_MS: Millis = 1_795_600_000_000;

fn transaction(patch: Value) -> Notice {
    let data = object("paddle/transaction", patch);
    testing::paddle("evt_1", "transaction.completed", "2026-03-02T09:30:02.5Z", data).read(NOW_MS)
}

fn adjustment(patch: Value) -> Option<Fact> {
    let data = object("paddle/adjustment", patch);
    let notice = testing::paddle("evt_2", "adjustment.updated", "2026-03-06T10:00:00Z", data).read(NOW_MS);
    notice.facts.into_iter().next()
}

fn fact(notice: Notice) -> Fact {
    notice.facts.into_iter().next().unwrap()
}

#[test]
fn a_transaction_tells_money_tax_subscription_and_journey() {
    let custom = json!({"engagetrack_visitor_id": "v-1", "engagetrack_session_id": "s-1"});
    let notice = transaction(json!({"custom_data": custom}));
    assert_eq!((notice.event_id.as_str(), notice.at_ms), ("evt_1", 1_772_443_802_500));
    let fact = fact(notice);
    assert_eq!(fact.references, ["order:txn_01kj1first0000000000000000"]);
    let paid = Paid { rank: 0, minor: 5_831, currency: "EUR".to_owned(), at_ms: 1_772_443_800_294 };
    assert_eq!(fact.paid, Some(paid));
    assert_eq!((fact.tax_minor, fact.renewal, fact.pending), (Some(931), Some(false), false));
    assert_eq!(fact.subscription.as_deref(), Some("sub_01kj1team00000000000000000"));
    let expected = Clues {
        visitor: Some("v-1".to_owned()),
        session: Some("s-1".to_owned()),
        customer: Some("ctm_01kj1ana000000000000000000".to_owned()),
        ..Clues::default()
    };
    assert_eq!(fact.clues, expected);
}

#[test]
fn without_the_time_of_billing_the_events_time_is_the_payments() {
    let fact = fact(transaction(json!({"billed_at": null})));
    assert_eq!(fact.paid.unwrap().at_ms, 1_772_443_802_500);
}

#[test]
fn only_the_subscriptions_own_cycle_renews() {
    for (origin, renews) in [
        ("web", false),
        ("api", false),
        ("subscription_recurring", true),
        ("subscription_update", false),
        ("subscription_charge", false),
    ] {
        assert_eq!(fact(transaction(json!({"origin": origin}))).renewal, Some(renews), "{origin}");
    }
}

#[test]
fn a_trial_is_nothing_to_count_but_its_journey_is_kept() {
    let custom = json!({"engagetrack_visitor_id": "v-1"});
    let fact = fact(transaction(json!({"details": {"totals": {"grand_total": "0"}}, "custom_data": custom})));
    assert_eq!((fact.paid, fact.pending, fact.clues.visitor.as_deref()), (None, true, Some("v-1")));
}

#[test]
fn amounts_are_texts_in_the_lowest_unit_of_the_currency() {
    let minor = |currency: &str, total: Value| {
        let patch = json!({"currency_code": currency, "details": {"totals": {"grand_total": total}}});
        fact(transaction(patch)).paid.map(|paid| (paid.minor, paid.currency))
    };
    assert_eq!(minor("JPY", json!("1500")), Some((1_500, "JPY".to_owned())));
    assert_eq!(minor("USD", json!(1_500)), Some((1_500, "USD".to_owned())));
    for odd in [json!("15.00"), json!("-1500"), json!("99999999999999999999"), json!(null)] {
        assert_eq!(minor("USD", odd), None);
    }
    assert_eq!(minor("???", json!("1500")), None);
}

#[test]
fn what_is_paid_out_in_dollars_is_paddles_own_rate() {
    let dollars = |patch: Value| fact(transaction(json!({"details": {"payout_totals": patch}}))).usd_minor;
    assert_eq!(dollars(json!({})), Some(6_297));
    assert_eq!(dollars(json!({"currency_code": "GBP"})), None);
    assert_eq!(dollars(json!(null)), None);
    assert_eq!(dollars(json!({"grand_total": "many"})), None);
}

#[test]
fn a_refund_counts_when_it_is_approved() {
    for (status, state) in [
        ("pending_approval", RefundState::Pending),
        ("approved", RefundState::Succeeded),
        ("rejected", RefundState::Canceled),
        ("reversed", RefundState::Failed),
    ] {
        let fact = adjustment(json!({"status": status})).unwrap();
        assert_eq!(fact.references, ["order:txn_01kj1first0000000000000000"]);
        let refund = Refund {
            id: "adj_01kj1back0000000000000000".to_owned(),
            minor: 1_190,
            state,
            created_ms: 1_772_704_800_500,
        };
        assert_eq!(fact.refund, Some(refund));
    }
    assert_eq!(adjustment(json!({"status": "considered"})), None);
}

#[test]
fn a_chargeback_takes_its_reversal_gives_back_and_nothing_else_moves_money() {
    for (action, status, taken) in [
        ("chargeback", "approved", Some(true)),
        ("chargeback", "reversed", Some(true)),
        ("chargeback_reverse", "approved", Some(false)),
        ("chargeback", "pending_approval", None),
        ("chargeback_warning", "approved", None),
        ("chargeback_warning_reverse", "approved", None),
        ("credit", "approved", None),
        ("credit_reverse", "approved", None),
    ] {
        let said = adjustment(json!({"action": action, "status": status})).map(|fact| fact.dispute);
        let expected = taken.map(|taken| {
            let id = "adj_01kj1back0000000000000000".to_owned();
            Some(Dispute { id, minor: 1_190, taken, at_ms: 1_772_704_800_500 })
        });
        assert_eq!(said, expected, "{action} {status}");
    }
}

#[test]
fn a_customer_tells_the_hash_of_the_email_and_no_order() {
    let customer = |patch| {
        let data = object("paddle/customer", patch);
        testing::paddle("evt_3", "customer.updated", "2026-03-02T09:27:00Z", data).read(NOW_MS)
    };
    let notice = customer(json!({}));
    assert_eq!(notice.of_customer(), Some("ctm_01kj1ana000000000000000000"));
    assert_eq!(notice.facts[0].clues.email_hash.as_deref(), Some("hash of ana.pop@mail.example"));
    assert!(customer(json!({"email": null})).facts.is_empty());
    assert_eq!(transaction(json!({})).of_customer(), None);
}

#[test]
fn an_address_tells_the_country_of_its_customer_and_no_order() {
    let address = |patch| {
        let data = object("paddle/address", patch);
        testing::paddle("evt_4", "address.created", "2026-03-02T09:27:00Z", data).read(NOW_MS)
    };
    let notice = address(json!({}));
    assert_eq!(notice.of_customer(), Some("ctm_01kj1ana000000000000000000"));
    assert_eq!(notice.facts[0].clues.country.as_deref(), Some("RO"));
    assert!(address(json!({"country_code": null})).facts.is_empty());
    assert!(address(json!({"customer_id": null})).facts.is_empty());
}
