//! Connecting Paddle Billing: `https://developer.paddle.com/api-reference/notification-settings`, read November 2026.

use serde_json::{Value, json};

use super::{Access, Account, DESCRIPTION, Endpoint, Manner, Registered, text};
use crate::payments::paddle::EVENTS;
use crate::payments::remote::{Body, Problem, Service};

pub(super) const MANNER: Manner = Manner {
    live: Service::Paddle,
    test: Service::PaddleSandbox,
    headers: &[("Paddle-Version", "1")],
    endpoints: "/notification-settings",
    write: "notification_setting.write",
};

/// New keys say which of the two hosts knows them; older ones are shown to both.
pub(super) async fn check(access: Access<'_>) -> Result<Account, Problem> {
    let ask = async |live| {
        Access { live, ..access }.get("/event-types", &[], "event_type.read").await?;
        Ok(Account { live, store: None })
    };
    if access.key.starts_with("pdl_live_") {
        return ask(true).await;
    }
    if access.key.starts_with("pdl_sdbx_") {
        return ask(false).await;
    }
    if access.key.starts_with("pdl_ntfset_") {
        return Err(Problem::UnfitKey("That is the secret of a notification destination, not an API key"));
    }
    match ask(true).await {
        Err(Problem::WrongKey(_)) => ask(false).await,
        answered => answered,
    }
}

pub(super) async fn endpoints(access: &Access<'_>) -> Result<Vec<Endpoint>, Problem> {
    access.listed(&[("per_page", "200")], "notification_setting.read", "/data", endpoint).await
}

fn endpoint(row: &Value) -> Option<Endpoint> {
    let is_enabled = row.get("active").and_then(Value::as_bool).unwrap_or(true);
    Some(Endpoint { id: text(row, "/id")?, url: text(row, "/destination")?, is_enabled })
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
    let made = access.make(Body::Json(body)).await?;
    access.registered(&made, "/data/id", "/data/endpoint_secret_key")
}
