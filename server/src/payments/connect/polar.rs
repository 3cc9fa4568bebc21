//! Connecting Polar: `https://polar.sh/docs/api-reference/webhooks`, version 2026-10, read November 2026.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Access, Account, Endpoint, Registered, list, text};
use crate::payments::Provider;
use crate::payments::polar::EVENTS;
use crate::payments::remote::{Body, Call, Problem, Remote, Service};

/// The version of Polar's API that we speak, and that our endpoints send.
const VERSION: &str = "2026-10";
const HEADERS: [(&str, &str); 1] = [("Polar-Version", VERSION)];
const PATH: &str = "/v1/webhooks/endpoints";
const PERMISSION: &str = "webhooks:write";

/// A call of Polar's API, live or sandbox.
pub(in crate::payments) fn call<'a>(
    (key, live): (&'a str, bool),
    method: Method,
    path: &'a str,
    permission: &'static str,
) -> Call<'a> {
    Call {
        provider: Provider::Polar,
        service: if live { Service::Polar } else { Service::PolarSandbox },
        key,
        method,
        path,
        query: &[],
        headers: &HEADERS,
        body: None,
        permission,
    }
}

/// Keys of both servers look the same: the one that knows it tells.
pub(super) async fn check(remote: &Remote, key: &str) -> Result<Account, Problem> {
    let ask = async |live| {
        let first = call((key, live), Method::GET, PATH, PERMISSION);
        remote.call(Call { query: &[("limit", "1")], ..first }).await?;
        Ok(Account { live, store: None })
    };
    match ask(true).await {
        Err(Problem::WrongKey(_)) => ask(false).await,
        answered => answered,
    }
}

pub(super) async fn endpoints(access: &Access<'_>) -> Result<Vec<Endpoint>, Problem> {
    let all = call((access.key, access.live), Method::GET, PATH, PERMISSION);
    let answer = access.remote.call(Call { query: &[("limit", "100")], ..all }).await?;
    let rows = list(&answer, "/items").ok_or_else(|| access.unreadable())?;
    let endpoint = |row: &Value| {
        let is_enabled = row.get("enabled").and_then(Value::as_bool).unwrap_or(true);
        Some(Endpoint { id: text(row, "/id")?, url: text(row, "/url")?, is_enabled })
    };
    Ok(rows.iter().filter_map(endpoint).collect())
}

/// Polar makes the secret; one that is sent along is refused.
pub(super) async fn register(access: &Access<'_>, url: &str) -> Result<Registered, Problem> {
    let body = json!({
        "url": url,
        "name": "EngageTrack",
        "format": "raw",
        "events": EVENTS,
        "api_version": VERSION,
    });
    let new = call((access.key, access.live), Method::POST, PATH, PERMISSION);
    let made = access.remote.call(Call { body: Some(Body::Json(body)), ..new }).await?;
    let read = text(&made, "/id").zip(text(&made, "/secret"));
    read.map(|(id, secret)| Registered { id, secret }).ok_or_else(|| access.unreadable())
}

pub(super) async fn remove(access: &Access<'_>, id: &str) -> Result<(), Problem> {
    let path = format!("{PATH}/{id}");
    let one = call((access.key, access.live), Method::DELETE, &path, PERMISSION);
    access.remote.call(one).await.map(drop)
}
