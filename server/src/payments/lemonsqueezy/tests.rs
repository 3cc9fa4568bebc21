//! What Lemon Squeezy's events say.

use serde_json::{Value, json};

use crate::clock::Millis;
use crate::payments::testing::{self, object};
use crate::payments::{Fact, Notice, Paid};

const NOW_MS: Millis = 1_795_600_000_000;

fn custom() -> Value {
    json!({"engagetrack_visitor_id": "v-1", "engagetrack_session_id": "s-1", "engagetrack_url": "https://shop.example/?utm_source=news&token=1"})
}

fn order(event_name: &str, patch: Value) -> Notice {
    testing::lemon_squeezy(event_name, ("orders", "71001"), object("lemonsqueezy/order", patch), custom())
        .read(NOW_MS)
}

fn invoice(event_name: &str, patch: Value) -> Notice {
    let invoice = object("lemonsqueezy/invoice", patch);
    testing::lemon_squeezy(event_name, ("subscription-invoices", "71001"), invoice, custom()).read(NOW_MS)
}

fn fact(notice: Notice) -> Fact {
    notice.facts.into_iter().next().unwrap()
}

#[test]
fn an_order_tells_money_tax_customer_and_journey() {
    let notice = order("order_created", json!({}));
    assert_eq!((notice.event_id.as_str(), notice.live), ("order_created-71001-0", true));
    assert_eq!(notice.at_ms, 1_772_443_802_000);
    let fact = fact(notice);
    assert_eq!(fact.references, ["order:order:71001"]);
    let paid = Paid { rank: 0, minor: 5_831, currency: "EUR".to_owned(), at_ms: 1_772_443_800_999 };
    assert_eq!(fact.paid, Some(paid));
    assert_eq!((fact.tax_minor, fact.refunded_total_minor, fact.pending), (Some(931), Some(0), false));
    let clues = fact.clues;
    assert_eq!((clues.visitor.as_deref(), clues.session.as_deref()), (Some("v-1"), Some("s-1")));
    assert_eq!(clues.url.as_deref(), Some("https://shop.example/?utm_source=news"));
    assert_eq!(clues.customer.as_deref(), Some("660042"));
    assert_eq!(clues.email_hash.as_deref(), Some("hash of ana.pop@mail.example"));
}

#[test]
fn test_mode_is_told_by_the_event_or_the_object() {
    let mut sent = testing::lemon_squeezy(
        "order_created",
        ("orders", "1"),
        object("lemonsqueezy/order", json!({})),
        json!({}),
    );
    sent.body["meta"]["test_mode"] = json!(true);
    assert!(!sent.read(NOW_MS).live);
    sent.body["meta"].as_object_mut().unwrap().remove("test_mode");
    assert!(sent.read(NOW_MS).live);
    sent.body["data"]["attributes"]["test_mode"] = json!(true);
    assert!(!sent.read(NOW_MS).live);
}

#[test]
fn an_event_without_an_id_is_named_by_what_it_says() {
    let mut sent = testing::lemon_squeezy(
        "order_refunded",
        ("orders", "71001"),
        object("lemonsqueezy/order", json!({"refunded_amount": 1_000})),
        json!({}),
    );
    sent.body["meta"].as_object_mut().unwrap().remove("webhook_id");
    assert_eq!(sent.read(NOW_MS).event_id, "order_refunded:71001:1000");
}

#[test]
fn nothing_paid_is_nothing_to_count() {
    for patch in [json!({"total": 0}), json!({"status": "pending"}), json!({"status": "failed"})] {
        let fact = fact(order("order_created", patch));
        assert_eq!(fact.paid, None);
        assert_eq!(fact.clues.visitor.as_deref(), Some("v-1"));
    }
    assert!(fact(order("order_created", json!({"total": 0}))).pending);
}

#[test]
fn a_refund_is_the_sum_so_far_and_an_old_payload_only_says_that_all_was_given_back() {
    let refunded = |patch| fact(order("order_refunded", patch)).refunded_total_minor;
    assert_eq!(refunded(json!({"refunded_amount": 1_000, "status": "partial_refund"})), Some(1_000));
    assert_eq!(refunded(json!({"refunded_amount": 5_831, "refunded": true})), Some(5_831));
    assert_eq!(refunded(json!({"refunded_amount": null, "refunded": true})), Some(5_831));
    assert_eq!(refunded(json!({"refunded_amount": null, "refunded": false})), None);
    assert_eq!(fact(order("order_refunded", json!({}))).paid, None);
}

#[test]
fn the_first_invoice_is_the_orders_money_and_the_subscription_links_them() {
    let initial = fact(invoice("subscription_payment_success", json!({"billing_reason": "initial"})));
    assert_eq!(initial.references, ["first:5500"]);
    assert_eq!((initial.paid, initial.refunded_total_minor, initial.pending), (None, None, true));
    let given_back = json!({"billing_reason": "initial", "refunded_amount": 5_831, "refunded": true});
    let refunded = fact(invoice("subscription_payment_refunded", given_back));
    assert_eq!((refunded.references, refunded.refunded_total_minor), (vec!["first:5500".to_owned()], None));
    let subscription = object("lemonsqueezy/subscription", json!({}));
    let link =
        testing::lemon_squeezy("subscription_created", ("subscriptions", "5500"), subscription, custom());
    let link = fact(link.read(NOW_MS));
    assert_eq!(link.references, ["order:order:71001", "first:5500"]);
    assert_eq!((link.subscription.as_deref(), link.paid, link.pending), (Some("5500"), None, false));
}

#[test]
fn a_renewal_and_an_upgrade_are_orders_of_their_own_number_space() {
    for (reason, renews) in [("renewal", true), ("updated", false)] {
        let fact = fact(invoice("subscription_payment_success", json!({"billing_reason": reason})));
        assert_eq!(fact.references, ["order:subscription-invoice:71001"]);
        assert_eq!((fact.renewal, fact.subscription.as_deref()), (Some(renews), Some("5500")));
        assert_eq!(fact.paid.map(|paid| paid.minor), Some(5_831));
    }
    let refunded = fact(invoice("subscription_payment_refunded", json!({"refunded_amount": 31})));
    assert_eq!((refunded.paid, refunded.refunded_total_minor), (None, Some(31)));
}

#[test]
fn custom_data_may_be_missing_empty_or_of_other_types() {
    for custom in [
        json!(null),
        json!([]),
        json!({}),
        json!({"engagetrack_visitor_id": ""}),
        json!({"engagetrack_visitor_id": [1]}),
    ] {
        let sent = testing::lemon_squeezy(
            "order_created",
            ("orders", "1"),
            object("lemonsqueezy/order", json!({})),
            custom,
        );
        assert_eq!(fact(sent.read(NOW_MS)).clues.visitor, None);
    }
    let numbers =
        json!({"engagetrack_visitor_id": 17, "engagetrack_session_id": true, "engagetrack_order_id": 2.5});
    let sent = testing::lemon_squeezy(
        "order_created",
        ("orders", "1"),
        object("lemonsqueezy/order", json!({})),
        numbers,
    );
    let clues = fact(sent.read(NOW_MS)).clues;
    let read = [&clues.visitor, &clues.session, &clues.order_id].map(Option::as_deref);
    assert_eq!(read, [Some("17"), Some("true"), Some("2.5")]);
}

#[test]
fn the_dollars_beside_a_payment_are_the_providers_own_rate() {
    let patch = json!({"currency": "KWD", "currency_rate": "3.25000000", "total": 3_080, "total_usd": 1_001});
    let fact = fact(order("order_created", patch));
    assert_eq!((fact.paid.map(|paid| paid.currency), fact.usd_minor), (Some("KWD".to_owned()), Some(1_001)));
}

#[test]
fn a_zero_decimal_currency_is_read_by_the_dollars_beside_it() {
    let minor = |total: i64| {
        let patch = json!({"currency": "JPY", "currency_rate": "0.00670000", "total": total, "total_usd": 1_005, "tax": total / 11});
        let fact = fact(order("order_created", patch));
        (fact.paid.unwrap().minor, fact.tax_minor)
    };
    assert_eq!(minor(1_500), (1_500, Some(136)));
    assert_eq!(minor(150_000), (1_500, Some(136)));
}
