//! What holds of every provider: what is no event is refused, and what is kept names nobody.

use serde_json::json;

use super::*;
use crate::payments::testing::{self, Sent, object};

const NOW_MS: Millis = 1_795_600_000_000;
const PROVIDERS: [Provider; 4] =
    [Provider::Stripe, Provider::LemonSqueezy, Provider::Paddle, Provider::Polar];

fn of_all() -> Vec<Sent> {
    vec![
        testing::stripe("evt_1", "checkout.session.completed", 1, object("stripe/session", json!({}))),
        testing::stripe("evt_2", "payment_intent.succeeded", 1, object("stripe/intent", json!({}))),
        testing::stripe("evt_3", "invoice.paid", 1, object("stripe/invoice", json!({}))),
        testing::stripe("evt_4", "charge.refunded", 1, object("stripe/charge", json!({}))),
        testing::stripe("evt_5", "refund.created", 1, object("stripe/refund", json!({}))),
        testing::stripe("evt_6", "charge.dispute.funds_withdrawn", 1, object("stripe/dispute", json!({}))),
        testing::lemon_squeezy(
            "order_created",
            ("orders", "1"),
            object("lemonsqueezy/order", json!({})),
            json!({"note": "for Ana"}),
        ),
        testing::lemon_squeezy(
            "subscription_created",
            ("subscriptions", "1"),
            object("lemonsqueezy/subscription", json!({})),
            json!([]),
        ),
        testing::lemon_squeezy(
            "subscription_payment_success",
            ("subscription-invoices", "1"),
            object("lemonsqueezy/invoice", json!({})),
            json!(null),
        ),
        testing::paddle(
            "evt_a",
            "transaction.completed",
            "2026-03-02T09:30:00Z",
            object("paddle/transaction", json!({"custom_data": {"who": "Ana Pop"}})),
        ),
        testing::paddle(
            "evt_b",
            "adjustment.updated",
            "2026-03-02T09:30:00Z",
            object("paddle/adjustment", json!({})),
        ),
        testing::paddle(
            "evt_c",
            "customer.created",
            "2026-03-02T09:30:00Z",
            object("paddle/customer", json!({})),
        ),
        testing::paddle(
            "evt_d",
            "address.created",
            "2026-03-02T09:30:00Z",
            object("paddle/address", json!({})),
        ),
        testing::polar(
            "w1",
            "order.paid",
            "2026-03-02T09:30:00Z",
            object(
                "polar/order",
                json!({"customer": {"external_id": "ana.pop@mail.example"}, "metadata": {"reference_id": "ana.pop@mail.example"}}),
            ),
        ),
        testing::polar("w2", "refund.created", "2026-03-02T09:30:00Z", object("polar/refund", json!({}))),
    ]
}

#[test]
fn no_kept_payload_names_a_person() {
    for sent in of_all() {
        let kept = sent.read(NOW_MS).payload.unwrap_or_else(|| panic!("{sent:?} says nothing"));
        for personal in [
            "Ana",
            "ana.pop",
            "Pop",
            "Strada",
            "Brasov",
            "500035",
            "4242",
            "+40",
            "signature",
            "secret",
            "gravatar",
            "\"ro\"",
        ] {
            assert!(!kept.contains(personal), "{personal} in {kept}");
        }
    }
}

#[test]
fn a_kept_payload_is_read_again_to_the_same_and_to_more_where_the_reader_was_mended() {
    for sent in of_all() {
        let first = sent.read(NOW_MS);
        assert_eq!(read_again(first.clone()), first, "{sent:?}");
        // As a reader would have read it that knew little.
        let mut little = first.clone();
        let Clues { email_hash, user, .. } = little.facts[0].clues.clone();
        little.at_ms = 0;
        little.facts[0] = Fact {
            references: vec!["order:?".to_owned()],
            event_id: first.event_id.clone(),
            clues: Clues { user, email_hash, ..Clues::default() },
            ..Fact::default()
        };
        let is_customer = first.event_type.starts_with("customer.");
        assert_eq!(read_again(little.clone()), if is_customer { little } else { first }, "{sent:?}");
    }
}

#[test]
fn what_was_fetched_stays_behind_webhooks_when_it_is_read_again() {
    let sent =
        testing::stripe("history:pi_1", "payment_intent.succeeded", 1, object("stripe/intent", json!({})));
    let fetched = history::behind_webhooks(sent.read(NOW_MS));
    assert!(fetched.facts[0].paid.as_ref().unwrap().rank >= 100);
    assert_eq!(read_again(fetched.clone()), fetched);
}

#[test]
fn an_event_that_is_not_ours_to_count_says_nothing() {
    let unknown = [
        testing::stripe("evt_1", "invoice.payment_succeeded", 1, object("stripe/invoice", json!({}))),
        testing::stripe("evt_2", "charge.succeeded", 1, object("stripe/charge", json!({}))),
        testing::lemon_squeezy(
            "subscription_payment_recovered",
            ("subscription-invoices", "1"),
            object("lemonsqueezy/invoice", json!({})),
            json!({}),
        ),
        testing::paddle(
            "evt_3",
            "transaction.paid",
            "2026-03-02T09:30:00Z",
            object("paddle/transaction", json!({})),
        ),
        testing::polar("w1", "order.created", "2026-03-02T09:30:00Z", object("polar/order", json!({}))),
    ];
    for sent in unknown {
        let notice = sent.read(NOW_MS);
        assert!(notice.facts.is_empty() && notice.payload.is_none(), "{notice:?}");
    }
}

#[test]
fn a_body_that_is_no_event_is_refused_with_what_is_wrong_with_it() {
    for provider in PROVIDERS {
        for body in
            ["", "{", "[]", "null", "7", "{}", "\u{feff}{}", r#"{"data":{}}"#, r#"{"id":"","type":""}"#]
        {
            let refused = testing::notice(provider, "w1", body.as_bytes(), NOW_MS, &testing::email_hash);
            assert!(refused.is_err(), "{provider:?}: {body}");
        }
        let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
        assert!(testing::notice(provider, "w1", deep.as_bytes(), NOW_MS, &testing::email_hash).is_err());
    }
    let polar = testing::polar("", "order.paid", "2026-03-02T09:30:00Z", object("polar/order", json!({})));
    let refused =
        testing::notice(Provider::Polar, "", polar.body.to_string().as_bytes(), NOW_MS, &testing::email_hash);
    assert!(refused.unwrap_err().contains("webhook-id"));
}

#[test]
fn an_object_whose_members_are_of_other_types_says_what_can_be_read_and_nothing_else() {
    for sent in of_all() {
        for odd in [json!(null), json!(true), json!(-1), json!("x"), json!([]), json!({})] {
            let mut body = sent.body.clone();
            let pointers = ["/data/object", "/data/attributes", "/data"];
            let at = pointers
                .iter()
                .find(|at| body.pointer(at).is_some_and(serde_json::Value::is_object))
                .unwrap();
            for member in body.pointer_mut(at).unwrap().as_object_mut().unwrap().values_mut() {
                *member = odd.clone();
            }
            let body = body.to_string();
            let said =
                testing::notice(sent.provider, &sent.id, body.as_bytes(), NOW_MS, &testing::email_hash);
            let money = said.into_iter().flat_map(|notice| notice.facts);
            for fact in money {
                assert!(
                    fact.paid.is_none() && fact.refund.is_none() && fact.dispute.is_none(),
                    "{fact:?} of {body}"
                );
            }
        }
    }
}

#[test]
fn the_account_tells_the_mode_where_the_payload_does_not() {
    for sent in of_all() {
        let body = sent.body.to_string();
        let headers = |_: &str| Some("w1");
        let live = |sandbox| {
            let webhook = Webhook {
                provider: sent.provider,
                site: 1,
                sandbox,
                headers: &headers,
                body: body.as_bytes(),
                received_ms: NOW_MS,
                email_hash: &testing::email_hash,
            };
            read(&webhook).unwrap().live
        };
        assert!(live(false), "{sent:?}");
        let tells = matches!(sent.provider, Provider::Stripe | Provider::LemonSqueezy);
        assert_eq!(live(true), tells, "{sent:?}");
    }
}
