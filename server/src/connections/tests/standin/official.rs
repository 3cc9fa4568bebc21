//! The stand-ins against the official SDKs: what these do succeeds, and wrong requests are refused in their words.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::super::{key, sale};
use super::StandIn;
use crate::payments::Provider;

/// Wrong requests that a script must have seen refused.
const REFUSALS: usize = 10;

/// Three objects, the newest first.
fn numbered(one: fn(usize) -> Value) -> Vec<Value> {
    (1..=3).rev().map(one).collect()
}

fn of_stripe() -> Vec<(&'static str, Vec<Value>)> {
    vec![
        (
            "/v1/invoices",
            numbered(|number| {
                let payment = json!({"id": format!("inpay_{number}"), "status": "paid"});
                let status = if number == 2 { "open" } else { "paid" };
                json!({
                    "id": format!("in_{number}"), "object": "invoice", "status": status,
                    "payments": {"object": "list", "data": [payment]},
                })
            }),
        ),
        (
            "/v1/checkout/sessions",
            numbered(|number| {
                let status = if number == 2 { "expired" } else { "complete" };
                json!({"id": format!("cs_{number}"), "object": "checkout.session", "status": status})
            }),
        ),
        (
            "/v1/refunds",
            numbered(
                |number| json!({"id": format!("re_{number}"), "object": "refund", "status": "succeeded"}),
            ),
        ),
        ("/v1/disputes", numbered(|number| json!({"id": format!("dp_{number}"), "object": "dispute"}))),
    ]
}

/// The lists beside that of the sales.
fn others(provider: Provider) -> Vec<(&'static str, Vec<Value>)> {
    match provider {
        Provider::Stripe | Provider::Api => of_stripe(),
        Provider::LemonSqueezy => vec![
            (
                "/v1/subscriptions",
                numbered(|number| {
                    let attributes = json!({"order_id": number});
                    json!({"type": "subscriptions", "id": number.to_string(), "attributes": attributes})
                }),
            ),
            (
                "/v1/subscription-invoices",
                numbered(|number| {
                    let attributes = json!({"billing_reason": "renewal", "total": 1_999});
                    json!({"type": "subscription-invoices", "id": number.to_string(), "attributes": attributes})
                }),
            ),
        ],
        Provider::Paddle => vec![
            (
                "/adjustments",
                numbered(|number| {
                    let totals = json!({"total": "500", "currency_code": "USD"});
                    json!({
                        "id": format!("adj_{number}"), "action": "refund", "status": "approved",
                        "transaction_id": format!("txn_{number}"), "items": [], "totals": totals,
                    })
                }),
            ),
            (
                "/customers",
                numbered(|number| {
                    let status = if number == 2 { "archived" } else { "active" };
                    json!({"id": format!("ctm_{number}"), "status": status, "email": "jane@example.com"})
                }),
            ),
        ],
        Provider::Polar => vec![(
            "/v1/refunds/",
            numbered(
                |number| json!({"id": format!("0000-re-{number}"), "status": "succeeded", "amount": 500}),
            ),
        )],
    }
}

/// Runs the provider's script, which asks the stand-in by the SDK and judges each answer.
async fn is_taken_for_the_provider(provider: Provider) {
    let (key, knows, _) = key(provider);
    let (stand_in, _) = StandIn::start(provider, key, knows).await;
    stand_in.has(sale::path(provider), &sale::sales(provider, 1..=5));
    for (path, objects) in others(provider) {
        stand_in.has(path, &objects);
    }
    let (origin, reader) = {
        let state = stand_in.state();
        (state.origin.clone(), state.reader.clone())
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/providers/standins");
    let mut command = Command::new("node");
    command.arg(folder.join(provider.name()).with_extension("mjs")).args([&origin, key, &reader]);
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(output.status.success(), "{}", said.concat());
    let refused = said[0].lines().filter(|line| line.starts_with("refused: ")).count();
    assert!(refused >= REFUSALS, "{refused} refusals:\n{}", said[0]);
    println!("{}", said[0]);
}

#[tokio::test]
#[ignore = "needs the npm packages: `npm test` runs it"]
async fn stripe() {
    is_taken_for_the_provider(Provider::Stripe).await;
}

#[tokio::test]
#[ignore = "needs the npm packages: `npm test` runs it"]
async fn lemonsqueezy() {
    is_taken_for_the_provider(Provider::LemonSqueezy).await;
}

#[tokio::test]
#[ignore = "needs the npm packages: `npm test` runs it"]
async fn paddle() {
    is_taken_for_the_provider(Provider::Paddle).await;
}

#[tokio::test]
#[ignore = "needs the npm packages: `npm test` runs it"]
async fn polar() {
    is_taken_for_the_provider(Provider::Polar).await;
}
