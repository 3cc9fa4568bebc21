//! Connecting Paddle Billing: `https://developer.paddle.com/api-reference/notification-settings`, read November 2026.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Access, Account, DESCRIPTION, Endpoint, Registered, list, text};
use crate::payments::Provider;
use crate::payments::paddle::EVENTS;
use crate::payments::remote::{Body, Call, Problem, Remote, Service};

const HEADERS: [(&str, &str); 1] = [("Paddle-Version", "1")];
const PATH: &str = "/notification-settings";

/// A call of Paddle's API, live or sandbox.
pub(in crate::payments) fn call<'a>(
    (key, live): (&'a str, bool),
    method: Method,
    path: &'a str,
    permission: &'static str,
) -> Call<'a> {
    Call {
        provider: Provider::Paddle,
        service: if live { Service::Paddle } else { Service::PaddleSandbox },
        key,
        method,
        path,
        query: &[],
        headers: &HEADERS,
        body: None,
        permission,
    }
}

/// New keys say which of the two hosts knows them; older ones are shown to both.
pub(super) async fn check(remote: &Remote, key: &str) -> Result<Account, Problem> {
    let ask = async |live| {
        remote.call(call((key, live), Method::GET, "/event-types", "event_type.read")).await?;
        Ok(Account { live, store: None })
    };
    if key.starts_with("pdl_live_") {
        return ask(true).await;
    }
    if key.starts_with("pdl_sdbx_") {
        return ask(false).await;
    }
    if key.starts_with("pdl_ntfset_") {
        return Err(Problem::UnfitKey("That is the secret of a notification destination, not an API key"));
    }
    match ask(true).await {
        Err(Problem::WrongKey(_)) => ask(false).await,
        answered => answered,
    }
}

pub(super) async fn endpoints(access: &Access<'_>) -> Result<Vec<Endpoint>, Problem> {
    let owner = (access.key, access.live);
    let all =
        Call { query: &[("per_page", "200")], ..call(owner, Method::GET, PATH, "notification_setting.read") };
    let answer = access.remote.call(all).await?;
    let rows = list(&answer, "/data").ok_or_else(|| access.unreadable())?;
    let endpoint = |row: &Value| {
        let is_enabled = row.get("active").and_then(Value::as_bool).unwrap_or(true);
        Some(Endpoint { id: text(row, "/id")?, url: text(row, "/destination")?, is_enabled })
    };
    Ok(rows.iter().filter_map(endpoint).collect())
}

pub(super) async fn register(access: &Access<'_>, url: &str) -> Result<Registered, Problem> {
    let body = json!({
        "description": DESCRIPTION,
        "type": "url",
        "destination": url,
        "subscribed_events": EVENTS,
        "api_version": 1,
        "traffic_source": "platform",
    });
    let owner = (access.key, access.live);
    let made = access
        .remote
        .call(Call {
            body: Some(Body::Json(body)),
            ..call(owner, Method::POST, PATH, "notification_setting.write")
        })
        .await?;
    let read = text(&made, "/data/id").zip(text(&made, "/data/endpoint_secret_key"));
    read.map(|(id, secret)| Registered { id, secret }).ok_or_else(|| access.unreadable())
}

pub(super) async fn remove(access: &Access<'_>, id: &str) -> Result<(), Problem> {
    let path = format!("{PATH}/{id}");
    let owner = (access.key, access.live);
    access.remote.call(call(owner, Method::DELETE, &path, "notification_setting.write")).await.map(drop)
}
