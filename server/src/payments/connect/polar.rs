//! Connecting Polar: `https://polar.sh/docs/api-reference/webhooks`, version 2026-10, read November 2026.

use serde_json::{Value, json};

use super::{Access, Account, Endpoint, Manner, Registered, text};
use crate::payments::polar::EVENTS;
use crate::payments::remote::{Body, Problem, Service};

/// The version of Polar's API that we speak, and that our endpoints send.
const VERSION: &str = "2026-10";

pub(super) const MANNER: Manner = Manner {
    live: Service::Polar,
    test: Service::PolarSandbox,
    headers: &[("Polar-Version", VERSION)],
    endpoints: "/v1/webhooks/endpoints",
    write: "webhooks:write",
};

/// Keys of both servers look the same: the one that knows it tells.
pub(super) async fn check(access: Access<'_>) -> Result<Account, Problem> {
    let ask = async |live| {
        Access { live, ..access }.get(MANNER.endpoints, &[("limit", "1")], MANNER.write).await?;
        Ok(Account { live, store: None })
    };
    match ask(true).await {
        Err(Problem::WrongKey(_)) => ask(false).await,
        answered => answered,
    }
}

pub(super) async fn endpoints(access: &Access<'_>) -> Result<Vec<Endpoint>, Problem> {
    access.listed(&[("limit", "100")], MANNER.write, "/items", endpoint).await
}

fn endpoint(row: &Value) -> Option<Endpoint> {
    let is_enabled = row.get("enabled").and_then(Value::as_bool).unwrap_or(true);
    Some(Endpoint { id: text(row, "/id")?, url: text(row, "/url")?, is_enabled })
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
    let made = access.make(Body::Json(body)).await?;
    access.registered(&made, "/id", "/secret")
}
