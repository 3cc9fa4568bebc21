//! What a connection sets up, here and at the provider, and how it is turned and taken off.

use std::io::Write;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::standin::{Endpoint, Trouble};
use super::{PROVIDERS, Server, key, sale};
use crate::clock::DAY_MS;
use crate::connections::checkup;
use crate::payments::Provider;

#[tokio::test]
async fn a_key_alone_registers_the_webhook_and_what_it_signs_is_heard() {
    for provider in PROVIDERS {
        let server = Server::start(provider).await;
        let shown = server.connected().await;
        assert_eq!(shown["connected_by"], "api_key", "{shown}");
        assert_eq!(shown["mode"], if key(provider).2 { "live" } else { "test" }, "{shown}");
        assert_eq!(shown["webhook_url"], server.url(), "{shown}");
        assert_eq!(shown["endpoint"]["state"], "present", "{shown}");
        let [endpoint] = &server.stand_in.endpoints()[..] else { panic!("one endpoint, {provider:?}") };
        assert_eq!(endpoint.url, server.url());
        let goals: Vec<_> =
            server.app.store.catalogue().goals(&server.site).map(|goal| goal.name.clone()).collect();
        assert_eq!(goals, [format!("{} Revenue", provider.title())]);
        let heard = server.hear(&endpoint.secret, &sale::told(provider, 1)).await;
        assert_eq!(heard, (200, "recorded".to_owned()), "{provider:?}");
        assert_eq!(server.orders().len(), 1, "{provider:?}: in the mode of the key");
        assert_eq!(server.hear("whsec_AAAA", &sale::told(provider, 2)).await.0, 401);
        let shown = server.shown().await;
        assert_eq!(shown["last_event"]["status"], "recorded", "{shown}");
        assert_eq!(shown["refused_24h"], 1, "{shown}");
        assert!(shown["last_refused"]["reason"].is_string(), "{shown}");
        assert!(server.stand_in.state().faults.is_empty(), "{:?}", server.stand_in.state().faults);
    }
}

#[tokio::test]
async fn connecting_again_takes_the_place_of_the_former_endpoint() {
    for provider in PROVIDERS {
        let server = Server::start(provider).await;
        server.connected().await;
        let former = server.stand_in.endpoints()[0].clone();
        let answer = server.connected().await;
        assert_eq!(answer["left_behind"], Value::Null);
        let endpoints = server.stand_in.endpoints();
        assert_eq!(endpoints.len(), 1, "{endpoints:?}");
        assert_ne!(endpoints[0].id, former.id);
        assert_eq!(server.connection().endpoint_id, endpoints[0].id);
        assert_eq!(server.app.store.catalogue().goals(&server.site).count(), 1);
    }
}

#[tokio::test]
async fn a_full_account_has_room_for_the_endpoint_that_replaces_ours() {
    let server = Server::start(Provider::Stripe).await;
    let other = |number: usize| Endpoint {
        id: format!("we_other{number}"),
        url: format!("https://other.example/{number}"),
        is_enabled: true,
        ..Endpoint::default()
    };
    server.stand_in.state().endpoints = (0..16).map(other).collect();
    let (status, refused) = server.connect().await;
    assert_eq!((status, &refused["code"]), (400, &json!("provider_refused")), "{refused}");
    assert!(refused["error"].as_str().unwrap().contains("maximum of 16"), "{refused}");
    server.stand_in.state().endpoints.pop();
    server.connected().await;
    server.connected().await;
    assert_eq!(server.stand_in.endpoints().len(), 16);
}

#[tokio::test]
async fn a_new_secret_is_valid_at_once_and_the_old_one_for_a_day() {
    for provider in PROVIDERS {
        let server = Server::start(provider).await;
        server.connected().await;
        let old = server.stand_in.endpoints()[0].clone();
        let (status, answer) = server.ask("POST", &server.one("/rotate"), &json!({})).await;
        assert_eq!((status, &answer["data"]["secrets"]), (200, &json!(2)), "{answer}");
        let [new] = &server.stand_in.endpoints()[..] else { panic!("one endpoint, {provider:?}") };
        assert_ne!(new.secret, old.secret);
        assert_eq!(server.hear(&old.secret, &sale::told(provider, 1)).await.0, 200);
        assert_eq!(server.hear(&new.secret, &sale::told(provider, 2)).await.0, 200);
        server.after(DAY_MS);
        assert_eq!(server.hear(&old.secret, &sale::told(provider, 3)).await.0, 401);
        assert_eq!(server.hear(&new.secret, &sale::told(provider, 3)).await.0, 200);
    }
}

#[tokio::test]
async fn disconnecting_takes_the_webhook_away_there_and_force_does_it_here_alone() {
    for provider in PROVIDERS {
        let server = Server::start(provider).await;
        server.connected().await;
        let (status, _) = server.ask("DELETE", &server.one(""), &json!({})).await;
        assert_eq!(status, 200);
        assert!(server.integration().is_none() && server.stand_in.endpoints().is_empty());

        server.connected().await;
        server.stand_in.state().endpoints.clear();
        assert_eq!(server.ask("DELETE", &server.one(""), &json!({})).await.0, 200, "it is gone already");

        server.connected().await;
        server.stand_in.fails("DELETE /*", Trouble::Status(500));
        let (status, refused) = server.ask("DELETE", &server.one(""), &json!({})).await;
        assert_eq!((status, &refused["code"]), (409, &json!("not_removed")), "{refused}");
        assert!(refused["error"].as_str().unwrap().contains("force=true"), "{refused}");
        assert!(server.integration().is_some());
        let (status, answer) = server.ask("DELETE", &server.one("?force=true"), &json!({})).await;
        assert_eq!(status, 200, "{answer}");
        assert!(answer["data"]["left_behind"].as_str().unwrap().contains(provider.title()), "{answer}");
        assert!(server.integration().is_none());
    }
}

#[tokio::test]
async fn a_webhook_made_by_hand_gives_way_to_one_that_a_key_makes() {
    let server = Server::start(Provider::Stripe).await;
    let by_hand = json!({"provider": "stripe", "webhook_secret": "whsec_byhand0123"});
    let (status, answer) = server.ask("POST", &server.path(""), &by_hand).await;
    assert_eq!((status, &answer["data"]["connected_by"]), (201, &json!("webhook_secret")), "{answer}");
    assert_eq!(answer["data"]["history"], Value::Null);
    let (status, refused) = server.ask("POST", &server.one("/rotate"), &json!({})).await;
    assert_eq!((status, &refused["code"]), (404, &json!("no_connection")), "{refused}");
    server.connected().await;
    assert_eq!(server.hear("whsec_byhand0123", &sale::told(Provider::Stripe, 1)).await.0, 200);
    let both = json!({"provider": "stripe", "webhook_secret": "whsec_byhand0123", "api_key": "rk_live_1"});
    assert_eq!(server.ask("POST", &server.path(""), &both).await.0, 400);
}

#[tokio::test]
async fn of_several_stores_one_is_chosen() {
    let server = Server::start(Provider::LemonSqueezy).await;
    server.stand_in.state().stores = vec!["7", "1"];
    let (status, refused) = server.connect().await;
    assert_eq!((status, &refused["field"]), (400, &json!("store_id")), "{refused}");
    assert_eq!(refused["stores"][0], json!({"id": "7", "name": "Store 7"}), "{refused}");
    let body = json!({"provider": "lemonsqueezy", "api_key": key(Provider::LemonSqueezy).0, "store_id": "1"});
    let (status, answer) = server.ask("POST", &server.path(""), &body).await;
    assert_eq!((status, &answer["data"]["store_id"]), (201, &json!("1")), "{answer}");
}

#[tokio::test]
async fn the_checkup_finds_what_became_of_the_endpoint_once_a_day() {
    for provider in PROVIDERS {
        let server = Server::start(provider).await;
        server.connected().await;
        let asked = || server.stand_in.state().seen.len();
        let before = asked();
        checkup::run(server.app.clone()).await.unwrap();
        assert_eq!(asked(), before, "what was made just now need not be looked at");
        let state = async || server.shown().await["endpoint"]["state"].clone();
        server.after(DAY_MS);
        checkup::run(server.app.clone()).await.unwrap();
        checkup::run(server.app.clone()).await.unwrap();
        assert_eq!((asked(), state().await), (before + 1, json!("present")));

        server.stand_in.fails("GET /*", Trouble::Status(503));
        server.after(DAY_MS);
        checkup::run(server.app.clone()).await.unwrap();
        let shown = server.shown().await;
        assert_eq!(shown["endpoint"]["state"], "unknown", "{shown}");
        assert!(shown["endpoint"]["problem"].as_str().unwrap().contains("503"), "{shown}");
        server.stand_in.heals();

        server.stand_in.state().endpoints[0].url = "https://former.example/".to_owned();
        server.after(DAY_MS);
        checkup::run(server.app.clone()).await.unwrap();
        assert_eq!(state().await, "moved");

        server.stand_in.state().endpoints.clear();
        server.after(DAY_MS);
        checkup::run(server.app.clone()).await.unwrap();
        assert_eq!(state().await, "missing", "{provider:?}");
        server.ask("POST", &server.one("/rotate"), &json!({})).await;
        assert_eq!((state().await, server.stand_in.endpoints().len()), (json!("present"), 1));
    }
}

#[tokio::test]
async fn an_endpoint_that_the_provider_switched_off_is_found_disabled() {
    for provider in [Provider::Stripe, Provider::Paddle, Provider::Polar] {
        let server = Server::start(provider).await;
        server.connected().await;
        server.stand_in.state().endpoints[0].is_enabled = false;
        server.after(DAY_MS);
        checkup::run(server.app.clone()).await.unwrap();
        assert_eq!(server.shown().await["endpoint"]["state"], "disabled", "{provider:?}");
    }
}

/// What a subscriber has written.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_key_and_no_secret_is_in_any_answer_log_or_file() {
    let log = Log::default();
    let written = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || written.clone())
        .finish();
    // For the whole process: what a thread without a subscriber has met first would never be written.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    for provider in PROVIDERS {
        let server = Server::start(provider).await;
        server.stand_in.has(sale::path(provider), &sale::sales(provider, 1..=3));
        let mut answers = vec![server.connected().await];
        let mut secrets = vec![key(provider).0.to_owned()];
        secrets.extend(server.stand_in.endpoints().into_iter().map(|endpoint| endpoint.secret));
        answers.push(server.ask("POST", &server.one("/rotate"), &json!({})).await.1);
        secrets.extend(server.stand_in.endpoints().into_iter().map(|endpoint| endpoint.secret));
        server.fetch().await;
        answers.push(server.shown().await);
        answers.push(server.connect_by("polar_oat_wrongsecretkey").await.1);
        secrets.push("wrongsecretkey".to_owned());
        for place in ["GET /*", "POST /*", "DELETE /*"] {
            for trouble in [Trouble::Status(400), Trouble::Status(500), Trouble::Redirect] {
                server.stand_in.heals();
                server.stand_in.fails(place, trouble);
                answers.push(server.connect().await.1);
                answers.push(server.ask("DELETE", &server.one(""), &json!({})).await.1);
                server.after(DAY_MS);
                checkup::run(server.app.clone()).await.unwrap();
                answers.push(server.shown().await);
            }
        }
        let debugged = format!("{:?}", server.app.store.catalogue());
        let server = server.restarted().await;
        let mut files = Vec::new();
        read_all(server.dir.path(), &mut files);
        let told = answers.iter().map(Value::to_string).collect::<String>() + &debugged;
        for secret in &secrets {
            assert!(secret.len() > 8, "{secret}");
            assert!(!told.contains(secret.as_str()), "{secret} in {told}");
            let is_in = |bytes: &[u8]| bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!is_in(&files), "{secret} in a file");
            assert!(!is_in(&log.0.lock().unwrap()), "{secret} in the log");
        }
    }
    assert!(!log.0.lock().unwrap().is_empty(), "the log was written at all");
}

fn read_all(directory: &std::path::Path, into: &mut Vec<u8>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(&path, into);
        } else {
            into.extend(std::fs::read(path).unwrap());
        }
    }
}
