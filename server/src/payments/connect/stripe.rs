//! Connecting Stripe: `https://docs.stripe.com/api/webhook_endpoints`, read November 2026.

use reqwest::Method;
use serde_json::Value;

use super::{Access, Account, DESCRIPTION, Endpoint, Registered, list, text};
use crate::payments::Provider;
use crate::payments::remote::{Body, Call, Problem, Remote, Service};
use crate::payments::stripe::EVENTS;

/// The version of Stripe's API that we speak, and that our endpoints send.
pub(in crate::payments) const VERSION: &str = "2026-10-28.endive";
const PATH: &str = "/v1/webhook_endpoints";
const HEADERS: [(&str, &str); 1] = [("Stripe-Version", VERSION)];

/// A call of Stripe's API.
pub(in crate::payments) fn call<'a>(
    key: &'a str,
    method: Method,
    path: &'a str,
    permission: &'static str,
) -> Call<'a> {
    Call {
        provider: Provider::Stripe,
        service: Service::Stripe,
        key,
        method,
        path,
        query: &[],
        headers: &HEADERS,
        body: None,
        permission,
    }
}

fn endpoint_call<'a>(key: &'a str, method: Method, path: &'a str) -> Call<'a> {
    call(key, method, path, "rak_webhook_write")
}

/// The account's own address would not do as a question: it refuses good restricted keys.
pub(super) async fn check(remote: &Remote, key: &str) -> Result<Account, Problem> {
    let live = match key.split('_').take(2).collect::<Vec<_>>().as_slice() {
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
    remote.call(Call { query: &[("limit", "1")], ..endpoint_call(key, Method::GET, PATH) }).await?;
    Ok(Account { live, store: None })
}

pub(super) async fn endpoints(access: &Access<'_>) -> Result<Vec<Endpoint>, Problem> {
    let all = Call { query: &[("limit", "100")], ..endpoint_call(access.key, Method::GET, PATH) };
    let answer = access.remote.call(all).await?;
    let rows = list(&answer, "/data").ok_or_else(|| access.unreadable())?;
    Ok(rows.iter().filter_map(endpoint).collect())
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
    let headers = [HEADERS[0], ("Idempotency-Key", once.as_str())];
    let made = access
        .remote
        .call(Call {
            headers: &headers,
            body: Some(Body::Form(form)),
            ..endpoint_call(access.key, Method::POST, PATH)
        })
        .await?;
    let read = text(&made, "/id").zip(text(&made, "/secret"));
    read.map(|(id, secret)| Registered { id, secret }).ok_or_else(|| access.unreadable())
}

pub(super) async fn remove(access: &Access<'_>, id: &str) -> Result<(), Problem> {
    let path = format!("{PATH}/{id}");
    access.remote.call(endpoint_call(access.key, Method::DELETE, &path)).await.map(drop)
}
