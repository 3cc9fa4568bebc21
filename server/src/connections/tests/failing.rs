//! Whatever fails half-way, nothing half stands, and what is said tells what to do.

use std::sync::Arc;

use serde_json::{Value, json};

use super::standin::Trouble;
use super::{PROVIDERS, Server, key};
use crate::payments::Provider;

async fn refused(server: &Server, status: u16, code: &str) -> Value {
    let (answered, answer) = server.connect().await;
    assert_eq!((answered, &answer["code"]), (status, &json!(code)), "{:?}: {answer}", server.provider);
    answer
}

#[tokio::test]
async fn a_wrong_key_is_refused_by_name() {
    for provider in PROVIDERS {
        let server = Server::start(provider).await;
        let wrong = format!("{}wrong", key(provider).0);
        for other in [wrong.as_str(), "two words", ""] {
            let (status, answer) = server.connect_by(other).await;
            assert_eq!((status, &answer["code"]), (400, &json!("wrong_api_key")), "{answer}");
            assert_eq!(answer["field"], "api_key", "{answer}");
        }
        server.assert_nothing_stands(provider.name());
    }
    let server = Server::start(Provider::Stripe).await;
    let (_, answer) = server.connect_by("pk_live_51HyZ").await;
    assert!(answer["error"].as_str().unwrap().contains("publishable"), "{answer}");
    assert!(server.stand_in.state().seen.is_empty(), "it is not even shown to Stripe");
}

#[tokio::test]
async fn a_missing_permission_is_named() {
    let named = [
        (Provider::Stripe, "rak_webhook_write"),
        (Provider::Paddle, "notification_setting.write"),
        (Provider::Polar, "webhooks:write"),
    ];
    for (provider, permission) in named {
        let server = Server::start(provider).await;
        let reader = server.stand_in.state().reader.clone();
        let (status, answer) = server.connect_by(&reader).await;
        assert_eq!((status, &answer["code"]), (400, &json!("missing_permission")), "{provider:?}: {answer}");
        assert_eq!(answer["permission"], permission, "{answer}");
        assert!(answer["error"].as_str().unwrap().contains(permission), "{answer}");
        server.assert_nothing_stands(permission);
    }
}

#[tokio::test]
async fn a_provider_that_fails_at_any_call_leaves_nothing_behind() {
    for provider in PROVIDERS {
        for place in ["GET /*", "POST /*"] {
            let server = Server::start(provider).await;
            let fails = |trouble| {
                server.stand_in.heals();
                server.stand_in.fails(place, trouble);
            };
            fails(Trouble::TooMany(7));
            refused(&server, 429, "provider_rate_limited").await;
            fails(Trouble::Status(500));
            refused(&server, 503, "provider_unavailable").await;
            fails(Trouble::Redirect);
            refused(&server, 503, "provider_unavailable").await;
            server.assert_nothing_stands(place);
            assert!(!server.stand_in.state().seen.iter().any(|seen| seen.contains("elsewhere")));
            server.stand_in.heals();
            server.connected().await;
        }
    }
}

#[tokio::test]
async fn a_webhook_whose_making_was_answered_wrongly_or_not_at_all_is_swept_away() {
    for provider in PROVIDERS {
        for trouble in [Trouble::DoneBut(500), Trouble::DoneBut(200), Trouble::DoneButSilent] {
            let server = Server::start(provider).await;
            server.stand_in.fails("POST /*", trouble);
            refused(&server, 503, "provider_unavailable").await;
            assert_eq!(server.stand_in.state().made, 1, "it was made");
            server.assert_nothing_stands(provider.name());
        }
    }
}

#[tokio::test]
async fn a_webhook_that_cannot_be_stored_is_taken_away_again() {
    for provider in PROVIDERS {
        let server = Server::start(provider).await;
        let store = server.store.clone();
        let close = Arc::new(move || {
            let store = store.clone();
            std::thread::spawn(move || store.close()).join().unwrap();
        });
        server.stand_in.fails("POST /*", Trouble::While(close));
        refused(&server, 503, "unavailable").await;
        assert_eq!(server.stand_in.state().made, 1, "it was made");
        server.assert_nothing_stands(provider.name());
    }
}

#[tokio::test]
async fn a_caller_who_goes_away_half_way_does_not_stop_it_half_way() {
    let server = Arc::new(Server::start(Provider::Stripe).await);
    let (began, seen) = std::sync::mpsc::sync_channel(1);
    let act = Arc::new(move || assert!(began.try_send(()).is_ok()));
    server.stand_in.fails("POST /*", Trouble::While(act));
    let asking = tokio::spawn({
        let server = server.clone();
        async move { server.connect().await }
    });
    while seen.try_recv().is_err() {
        tokio::task::yield_now().await;
    }
    asking.abort();
    let whole = async {
        while server.integration().is_none() {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), whole).await.unwrap();
    assert_eq!(server.connection().endpoint_id, server.stand_in.endpoints()[0].id);
}

#[tokio::test]
async fn what_fails_while_a_connection_stands_leaves_it_as_it_was() {
    for provider in PROVIDERS {
        let server = Server::start(provider).await;
        server.connected().await;
        let before = server.integration();
        for trouble in [Trouble::Status(500), Trouble::DoneBut(500), Trouble::Status(403)] {
            server.stand_in.heals();
            server.stand_in.fails("POST /*", trouble);
            let (status, answer) = server.ask("POST", &server.one("/rotate"), &json!({})).await;
            assert_ne!(status, 200, "{answer}");
            assert_ne!(server.connect().await.0, 201);
            assert_eq!(server.integration(), before);
            let endpoints = server.stand_in.endpoints();
            assert_eq!(endpoints.len(), 1, "{endpoints:?}");
            assert_eq!(endpoints[0].id, server.connection().endpoint_id);
        }
    }
}

#[tokio::test]
async fn one_that_could_not_be_removed_after_a_new_one_stands_is_said() {
    let server = Server::start(Provider::Polar).await;
    server.connected().await;
    let former = server.connection().endpoint_id;
    server.stand_in.fails("DELETE /*", Trouble::Status(500));
    let answer = server.connected().await;
    assert!(answer["left_behind"].as_str().unwrap().contains(&former), "{answer}");
    assert_ne!(server.connection().endpoint_id, former);
}

#[tokio::test]
async fn a_server_that_no_provider_can_reach_says_so_before_it_asks_anything() {
    for url in ["http://127.0.0.1:8080", "http://stats.example", "https://localhost"] {
        let server = Server::start_at(Provider::Stripe, url).await;
        let answer = refused(&server, 400, "public_url_needed").await;
        assert!(answer["error"].as_str().unwrap().contains("--public-url"), "{answer}");
        assert!(server.stand_in.state().seen.is_empty());
        server.assert_nothing_stands(url);
    }
}
