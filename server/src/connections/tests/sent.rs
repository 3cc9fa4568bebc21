//! What each provider is sent, where it would take less too: pinned versions, the events that are read, the one store.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::standin::Endpoint;
use super::{PROVIDERS, Server, sale};
use crate::payments::Provider;

const STRIPE: &str = "charge.dispute.closed charge.dispute.created charge.dispute.funds_reinstated \
    charge.dispute.funds_withdrawn charge.dispute.updated charge.refunded \
    checkout.session.async_payment_succeeded checkout.session.completed invoice.paid invoice_payment.paid \
    payment_intent.succeeded refund.created refund.failed refund.updated";
const LEMON_SQUEEZY: &str = "order_created order_refunded subscription_created \
    subscription_payment_refunded subscription_payment_success";
const PADDLE: &str = "address.created address.updated adjustment.created adjustment.updated \
    customer.created customer.updated transaction.completed";
const POLAR: &str = "order.paid order.refunded refund.created refund.updated";
const DESCRIPTION: &str = "EngageTrack: which source brought this money";

/// All that an endpoint is made with, its events sorted.
fn wanted(provider: Provider, endpoint: &Endpoint) -> Value {
    let events = |all: &str| -> Value { all.split(' ').collect() };
    let url = &endpoint.url;
    match provider {
        Provider::Stripe | Provider::Api => json!({
            "url": url, "enabled_events": events(STRIPE), "api_version": "2026-10-28.endive",
            "description": DESCRIPTION, "metadata": {"engagetrack": "endpoint"},
        }),
        Provider::LemonSqueezy => json!({"data": {
            "type": "webhooks",
            "attributes": {
                "url": url, "events": events(LEMON_SQUEEZY), "secret": endpoint.secret, "test_mode": true,
            },
            "relationships": {"store": {"data": {"type": "stores", "id": "1"}}},
        }}),
        Provider::Paddle => json!({
            "description": DESCRIPTION, "type": "url", "destination": url,
            "subscribed_events": events(PADDLE), "api_version": 1, "traffic_source": "platform",
        }),
        Provider::Polar => json!({
            "url": url, "name": "EngageTrack", "format": "raw", "events": events(POLAR),
            "api_version": "2026-10",
        }),
    }
}

fn with_sorted_events(mut sent: Value) -> Value {
    for place in ["/enabled_events", "/data/attributes/events", "/subscribed_events", "/events"] {
        if let Some(events) = sent.pointer_mut(place).and_then(Value::as_array_mut) {
            events.sort_by_key(Value::to_string);
        }
    }
    sent
}

#[tokio::test]
async fn an_endpoint_is_made_with_what_it_needs_and_no_more() {
    for provider in PROVIDERS {
        let server = Server::start(provider).await;
        server.stand_in.has(sale::path(provider), &sale::sales(provider, 1..=3));
        server.connected().await;
        server.fetch().await;
        let [endpoint] = &server.stand_in.endpoints()[..] else { panic!("one endpoint, {provider:?}") };
        assert_eq!(with_sorted_events(endpoint.sent.clone()), wanted(provider, endpoint), "{provider:?}");
        let state = server.stand_in.state();
        let version = match provider {
            Provider::Stripe | Provider::Api => Some("2026-10-28.endive"),
            Provider::LemonSqueezy => None,
            Provider::Paddle => Some("1"),
            Provider::Polar => Some("2026-10"),
        };
        let versions: BTreeSet<String> = version.map(str::to_owned).into_iter().collect();
        assert_eq!(state.versions, versions, "{provider:?}: the one that we read");
        assert!(state.faults.is_empty(), "{:?}", state.faults);
    }
}

#[tokio::test]
async fn each_making_of_an_endpoint_at_stripe_has_a_key_of_idempotency_of_its_own() {
    let server = Server::start(Provider::Stripe).await;
    server.connected().await;
    server.ask("POST", &server.one("/rotate"), &json!({})).await;
    let state = server.stand_in.state();
    assert_eq!((state.made, state.once.len()), (2, 2));
    assert!(state.once.keys().all(|key| key.len() > 20), "nobody guesses it: {:?}", state.once.keys());
}

#[tokio::test]
async fn lists_of_lemon_squeezy_are_asked_for_the_one_store() {
    let server = Server::start(Provider::LemonSqueezy).await;
    server.connected().await;
    server.fetch().await;
    let state = server.stand_in.state();
    let of_stores = |seen: &&String| {
        seen.starts_with("GET ") && !seen.contains("/v1/users/me") && !seen.contains("/v1/stores")
    };
    let lists: Vec<_> = state.seen.iter().filter(of_stores).collect();
    assert!(lists.len() >= 3 && lists.iter().all(|seen| seen.contains("filter[store_id]=1")), "{lists:?}");
}
