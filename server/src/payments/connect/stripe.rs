//! Connecting Stripe: `https://docs.stripe.com/api/webhook_endpoints`, read November 2026.

use reqwest::Method;
use serde_json::Value;

use super::{Access, Account, DESCRIPTION, Endpoint, Manner, Registered, text};
use crate::payments::remote::{Body, Call, Problem, Service};
use crate::payments::stripe::EVENTS;

/// The version of Stripe's API that we speak, and that our endpoints send.
const VERSION: &str = "2026-10-28.endive";
const HEADER: (&str, &str) = ("Stripe-Version", VERSION);

pub(super) const MANNER: Manner = Manner {
    live: Service::Stripe,
    test: Service::Stripe,
    headers: &[HEADER],
    endpoints: "/v1/webhook_endpoints",
    write: "rak_webhook_write",
};

/// The account's own address would not do as a question: it refuses good restricted keys.
pub(super) async fn check(access: Access<'_>) -> Result<Account, Problem> {
    let live = match access.key.split('_').take(2).collect::<Vec<_>>().as_slice() {
        ["sk" | "rk", "live"] => true,
        ["sk" | "rk", "test"] => false,
        ["pk", _] => {
            return Err(Problem::UnfitKey(
                "That is Stripe's publishable key; a secret one begins with sk_, a restricted one with rk_",
            ));
        }
        _ => {
            return Err(Problem::UnfitKey(
                "A key of Stripe begins with sk_live_, rk_live_, sk_test_ or rk_test_",
            ));
        }
    };
    access.get(MANNER.endpoints, &[("limit", "1")], MANNER.write).await?;
    Ok(Account { live, store: None })
}

pub(super) async fn endpoints(access: &Access<'_>) -> Result<Vec<Endpoint>, Problem> {
    access.listed(&[("limit", "100")], MANNER.write, "/data", endpoint).await
}

fn endpoint(row: &Value) -> Option<Endpoint> {
    let is_enabled = text(row, "/status").is_none_or(|status| status == "enabled");
    Some(Endpoint { id: text(row, "/id")?, url: text(row, "/url")?, is_enabled })
}

pub(super) async fn register(access: &Access<'_>, url: &str) -> Result<Registered, Problem> {
    let mut form = vec![
        ("url", url.to_owned()),
        ("api_version", VERSION.to_owned()),
        ("description", DESCRIPTION.to_owned()),
        ("metadata[engagetrack]", "endpoint".to_owned()),
    ];
    form.extend(EVENTS.iter().map(|event| ("enabled_events[]", (*event).to_owned())));
    let once = uuid::Uuid::new_v4().to_string();
    let headers = [HEADER, ("Idempotency-Key", once.as_str())];
    let call = access.call(Method::POST, MANNER.endpoints, MANNER.write)?;
    let made = access.remote.call(Call { headers: &headers, body: Some(Body::Form(form)), ..call }).await?;
    access.registered(&made, "/id", "/secret")
}
