//! The payments of the past: fetched once, counted once, whatever comes between.

use serde_json::{Value, json};

use super::standin::Trouble;
use super::{PROVIDERS, Server, sale};
use crate::connections::history;
use crate::payments::Provider;

#[tokio::test]
async fn past_payments_are_fetched_page_by_page_and_twice_is_once() {
    for provider in PROVIDERS {
        let server = Server::start(provider).await;
        server.stand_in.has(sale::path(provider), &sale::sales(provider, 0..=5));
        server.stand_in.state().page = 2;
        assert_eq!(server.connected().await["history"]["state"], "running");
        server.fetch().await;
        let orders = server.orders();
        assert_eq!(orders.len(), 5, "{provider:?}: the one of nothing is left out");
        for (order, number) in orders.iter().zip(1..) {
            assert_eq!((order.minor, order.currency.as_str()), (1_999, "USD"));
            assert_eq!(order.at_ms / 1_000, sale::at_ms(number) / 1_000, "{provider:?}");
            if provider != Provider::LemonSqueezy {
                assert_eq!(order.clues.visitor, Some(format!("v-{number}")), "{provider:?}");
            }
        }
        let shown = server.shown().await["history"].clone();
        assert_eq!((&shown["state"], &shown["told"]), (&json!("done"), &json!(5)), "{provider:?} {shown}");
        assert_eq!(shown["left_out"], json!([]), "{:?}", server.stand_in.state().faults);
        assert_eq!(server.shown().await["last_event"], Value::Null, "no webhook was heard");

        let (status, _) = server.ask("POST", &server.one("/history"), &json!({})).await;
        assert_eq!(status, 200);
        server.fetch().await;
        let shown = server.shown().await["history"].clone();
        assert_eq!((&shown["state"], &shown["told"]), (&json!("done"), &json!(0)), "{provider:?} {shown}");
        assert_eq!(server.orders(), orders);
    }
}

#[tokio::test]
async fn webhooks_that_come_before_or_after_do_not_double_what_is_fetched() {
    for provider in PROVIDERS {
        let server = Server::start(provider).await;
        server.stand_in.has(sale::path(provider), &sale::sales(provider, 1..=3));
        server.connected().await;
        let secret = server.stand_in.endpoints()[0].secret.clone();
        assert_eq!(server.hear(&secret, &sale::told(provider, 3)).await.1, "recorded");
        let heard = server.orders();
        server.fetch().await;
        assert_eq!(server.hear(&secret, &sale::told(provider, 1)).await.0, 200);
        let orders = server.orders();
        assert_eq!(orders.len(), 3, "{provider:?}");
        assert_eq!(orders[2], heard[0], "{provider:?}: the webhook had said it all");
        let entries: usize = orders.iter().map(|order| order.entries.len()).sum();
        assert_eq!(entries, 3, "{provider:?}");
    }
}

#[tokio::test]
async fn a_history_goes_on_where_a_restart_broke_it_off() {
    for provider in PROVIDERS {
        let server = Server::start(provider).await;
        server.stand_in.has(sale::path(provider), &sale::sales(provider, 1..=6));
        server.stand_in.state().page = 2;
        server.connected().await;
        assert!(history::advance(&server.app, &server.site, provider).await.unwrap());
        assert_eq!(server.orders().len(), 2);
        let server = server.restarted().await;
        server.stand_in.state().seen.clear();
        server.fetch().await;
        assert_eq!(server.orders().len(), 6, "{provider:?}");
        let pages =
            server.stand_in.state().seen.iter().filter(|seen| seen.contains(sale::path(provider))).count();
        assert_eq!(pages, 2, "{provider:?}: the first page is not fetched again");
        assert_eq!(server.shown().await["history"]["told"], 6);
    }
}

#[tokio::test]
async fn a_history_waits_as_long_as_the_provider_asks_it_to() {
    for provider in PROVIDERS {
        let server = Server::start(provider).await;
        server.stand_in.has(sale::path(provider), &sale::sales(provider, 1..=2));
        server.connected().await;
        server.stand_in.fails("GET /*", Trouble::TooMany(7));
        server.fetch().await;
        let shown = server.shown().await["history"].clone();
        assert_eq!(shown["state"], "waiting", "{shown}");
        assert!(shown["problem"].as_str().unwrap().contains("7 seconds"), "{shown}");
        server.stand_in.heals();
        let asked = server.stand_in.state().seen.len();
        server.after(6_999);
        history::run(server.app.clone()).await.unwrap();
        assert_eq!(server.stand_in.state().seen.len(), asked, "{provider:?}: it waits");
        server.after(1);
        history::run(server.app.clone()).await.unwrap();
        assert_eq!(server.orders().len(), 2, "{provider:?}");

        server.ask("POST", &server.one("/history"), &json!({})).await;
        server.stand_in.fails("GET /*", Trouble::Status(502));
        server.fetch().await;
        assert!(server.shown().await["history"]["problem"].as_str().unwrap().contains("502"));
        server.stand_in.heals();
        server.after(60_000);
        server.fetch().await;
        assert_eq!(server.shown().await["history"]["state"], "done");
    }
}

#[tokio::test]
async fn a_list_that_the_key_may_not_read_is_left_out_by_name() {
    for (provider, permission) in [
        (Provider::Stripe, "rak_payment_intent_read"),
        (Provider::Paddle, "transaction.read"),
        (Provider::Polar, "orders:read"),
    ] {
        let server = Server::start(provider).await;
        server.connected().await;
        server.stand_in.fails(&format!("GET {}", sale::path(provider)), Trouble::Status(403));
        server.fetch().await;
        let shown = server.shown().await["history"].clone();
        assert_eq!(shown["state"], "done", "{shown}");
        assert!(shown["left_out"][0].as_str().unwrap().contains(permission), "{shown}");
    }
}

#[tokio::test]
async fn a_history_of_a_provider_that_was_disconnected_meanwhile_ends() {
    let server = Server::start(Provider::Stripe).await;
    server.stand_in.has("/v1/payment_intents", &sale::sales(Provider::Stripe, 1..=4));
    server.stand_in.state().page = 1;
    server.connected().await;
    history::advance(&server.app, &server.site, Provider::Stripe).await.unwrap();
    server.ask("DELETE", &server.one(""), &json!({})).await;
    assert!(!history::advance(&server.app, &server.site, Provider::Stripe).await.unwrap());
    assert_eq!(server.orders().len(), 1, "what was fetched stays");
}

/// A subscription of Stripe: its first payment by a checkout that names the visitor, and a renewal that does not.
fn subscription(server: &Server, first_s: i64) {
    let month_s = 30 * 86_400;
    let invoice = |number: i64, reason: &str, at: i64| {
        json!({
            "id": format!("in_{number}"), "object": "invoice", "status": "paid", "amount_paid": 2_900,
            "currency": "eur", "livemode": true, "customer": "cus_9", "customer_email": "Jane@Example.com",
            "billing_reason": reason, "created": at, "status_transitions": {"paid_at": at},
            "parent": {"subscription_details": {"subscription": "sub_1"}},
            "payments": {"data": [{
                "id": format!("inpay_{number}"), "status": "paid", "amount_paid": 2_900, "currency": "eur",
                "livemode": true, "invoice": format!("in_{number}"),
                "payment": {"type": "payment_intent", "payment_intent": format!("pi_sub{number}")},
                "status_transitions": {"paid_at": at},
            }]},
        })
    };
    let intent = |number: i64, at: i64| {
        json!({
            "id": format!("pi_sub{number}"), "status": "succeeded", "amount_received": 2_900,
            "currency": "eur", "livemode": true, "created": at, "customer": "cus_9",
            "latest_charge": {"id": format!("ch_sub{number}"), "created": at},
        })
    };
    let later_s = first_s + month_s;
    let other = json!({
        "id": "pi_other", "status": "succeeded", "amount_received": 500, "currency": "eur",
        "livemode": true, "created": first_s + 600, "customer": "cus_9",
        "latest_charge": {"id": "ch_other", "created": first_s + 600},
    });
    let stand_in = &server.stand_in;
    stand_in.has("/v1/payment_intents", &[intent(2, later_s), other, intent(1, first_s)]);
    let invoices = [invoice(2, "subscription_cycle", later_s), invoice(1, "subscription_create", first_s)];
    stand_in.has("/v1/invoices", &invoices);
    stand_in.has(
        "/v1/checkout/sessions",
        &[json!({
            "id": "cs_1", "mode": "subscription", "status": "complete", "payment_status": "paid",
            "amount_total": 2_900, "currency": "eur", "livemode": true, "created": first_s - 30,
            "customer": "cus_9", "subscription": "sub_1", "invoice": "in_1",
            "metadata": {"engagetrack_visitor_id": "v-1"},
        })],
    );
    stand_in.has(
        "/v1/refunds",
        &[json!({
            "id": "re_1", "status": "succeeded", "amount": 900, "currency": "eur", "created": later_s + 60,
            "payment_intent": "pi_sub2", "charge": "ch_sub2",
        })],
    );
    stand_in.has(
        "/v1/disputes",
        &[json!({
            "id": "dp_1", "status": "won", "amount": 500, "currency": "eur", "payment_intent": "pi_other",
            "livemode": true, "balance_transactions": [
                {"id": "txn_a", "amount": -500, "created": first_s + 900},
                {"id": "txn_b", "amount": 500, "created": first_s + 1_900},
            ],
        })],
    );
}

#[tokio::test]
async fn fetched_renewals_and_payments_without_metadata_find_the_visitor_of_their_customer() {
    let server = Server::start(Provider::Stripe).await;
    let first_s = sale::FIRST_MS / 1_000;
    server.app.clock.set_ms(sale::FIRST_MS - 3_600_000);
    let visit = json!({
        "site_id": server.site, "url": "https://shop.example/?utm_source=newsletter&utm_medium=email",
        "visitor_uid": "v-1", "session_id": "s-1",
    });
    let agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36";
    let request =
        warp::http::Request::builder().method("POST").uri("/api/v1/event").header("user-agent", agent);
    let request = request.body(http_body_util::Full::new(bytes::Bytes::from(visit.to_string()))).unwrap();
    assert_eq!(server.front.answer("203.0.113.9".parse().unwrap(), request).await.status(), 202);
    server.app.clock.set_ms(super::NOW_MS);
    subscription(&server, first_s);
    server.connected().await;
    server.fetch().await;
    assert!(server.stand_in.state().faults.is_empty(), "{:?}", server.stand_in.state().faults);
    let orders = server.orders();
    assert_eq!(orders.len(), 3, "{orders:?}");
    let query = "period=custom&from=2026-09-01&to=2026-11-30";
    let path = format!("/api/v1/sites/{}/stats/orders?{query}", server.site);
    let (status, answer) = server.ask("GET", &path, &json!({})).await;
    assert_eq!(status, 200, "{answer}");
    let rows = answer["data"]["rows"].as_array().unwrap();
    let row = |id: &str| rows.iter().find(|row| row["order_id"] == id).unwrap();
    let check = |id: &str, level: &str, kind: &str, net: i64| {
        let row = row(id);
        assert_eq!((&row["level"], &row["kind"]), (&json!(level), &json!(kind)), "{row}");
        assert_eq!(row["key"]["source"], "newsletter", "{row}");
        assert_eq!(row["net"]["minor"], net, "{row}");
    };
    check("pi_sub1", "visitor", "new", 2_900);
    check("pi_sub2", "visitor", "renewal", 2_000);
    check("pi_other", "customer", "new", 500);
    let entries = &orders.iter().find(|order| order.id == "pi_other").unwrap().entries;
    assert_eq!(entries.len(), 3, "paid, taken, returned: {entries:?}");

    let secret = server.stand_in.endpoints()[0].secret.clone();
    let withdrawn = json!({
        "id": "evt_dp", "type": "charge.dispute.funds_withdrawn", "created": first_s + 903, "livemode": true,
        "data": {"object": {"id": "dp_1", "status": "needs_response", "amount": 500, "currency": "eur",
            "payment_intent": "pi_other"}},
    });
    assert_eq!(server.hear(&secret, &withdrawn).await.0, 200);
    let order = server.app.store.order(1, true, "pi_other").unwrap().unwrap();
    assert_eq!(order.entries.len(), 3, "the webhook tells of the same movement: {:?}", order.entries);
    assert_eq!(order.refunded_minor(), 0);
}

#[tokio::test]
async fn a_refund_that_changed_its_state_is_news_to_a_later_history() {
    let server = Server::start(Provider::Stripe).await;
    server.stand_in.has("/v1/payment_intents", &sale::sales(Provider::Stripe, 1..=1));
    let refund = |status: &str| {
        json!({
            "id": "re_1", "status": status, "amount": 900, "currency": "usd",
            "created": sale::at_ms(1) / 1_000 + 60, "payment_intent": "pi_1", "charge": "ch_1",
        })
    };
    server.stand_in.has("/v1/refunds", &[refund("pending")]);
    server.connected().await;
    server.fetch().await;
    assert_eq!(server.orders()[0].refunded_minor(), 900);
    server.after(60_000);
    server.stand_in.has("/v1/refunds", &[refund("failed")]);
    server.ask("POST", &server.one("/history"), &json!({})).await;
    server.fetch().await;
    assert_eq!(server.orders()[0].refunded_minor(), 0);
    assert_eq!(server.shown().await["history"]["told"], 1);
}
