//! Connecting Lemon Squeezy: `https://docs.lemonsqueezy.com/api/webhooks`, read November 2026.

use serde_json::{Value, json};

use super::{Access, Account, Endpoint, Manner, Registered, list, text};
use crate::payments::lemonsqueezy::EVENTS;
use crate::payments::remote::{Body, Problem, Service};
use crate::secrets::random_hex;

const MEDIA: &str = "application/vnd.api+json";
/// Keys of Lemon Squeezy may do everything.
pub(in crate::payments) const PERMISSION: &str = "of a full key";

pub(super) const MANNER: Manner = Manner {
    live: Service::LemonSqueezy,
    test: Service::LemonSqueezy,
    // Both are wanted with each request, one without a body among them.
    headers: &[("Accept", MEDIA), ("content-type", MEDIA)],
    endpoints: "/v1/webhooks",
    write: PERMISSION,
};

pub(super) async fn check(access: Access<'_>) -> Result<Account, Problem> {
    let user = access.get("/v1/users/me", &[], PERMISSION).await?;
    let is_test = user.pointer("/meta/test_mode").and_then(Value::as_bool);
    let is_test = is_test.ok_or_else(|| access.unreadable())?;
    let answer = access.get("/v1/stores", &[("page[size]", "100")], PERMISSION).await?;
    let rows = list(&answer, "/data").ok_or_else(|| access.unreadable())?;
    let stores: Vec<(String, String)> = rows
        .iter()
        .filter_map(|row| Some((text(row, "/id")?, text(row, "/attributes/name").unwrap_or_default())))
        .collect();
    let chosen = match (access.store, stores.as_slice()) {
        (None, [(only, _)]) => only.clone(),
        (None, []) => return Err(Problem::UnfitKey("That key of Lemon Squeezy opens no store")),
        (Some(wanted), known) if known.iter().any(|(id, _)| id == wanted) => wanted.to_owned(),
        (None | Some(_), _) => return Err(Problem::SeveralStores(stores)),
    };
    Ok(Account { live: !is_test, store: Some(chosen) })
}

pub(super) async fn endpoints(access: &Access<'_>) -> Result<Vec<Endpoint>, Problem> {
    let query = [("filter[store_id]", access.store.unwrap_or_default()), ("page[size]", "100")];
    access.listed(&query, PERMISSION, "/data", endpoint).await
}

fn endpoint(row: &Value) -> Option<Endpoint> {
    Some(Endpoint { id: text(row, "/id")?, url: text(row, "/attributes/url")?, is_enabled: true })
}

/// Lemon Squeezy never gives a secret out: it is ours, of 40 characters at most.
pub(super) async fn register(access: &Access<'_>, url: &str) -> Result<Registered, Problem> {
    let secret = random_hex(20).map_err(|_| access.unreadable())?;
    let body = json!({"data": {
        "type": "webhooks",
        "attributes": {"url": url, "events": EVENTS, "secret": secret, "test_mode": !access.live},
        "relationships": {"store": {"data": {"type": "stores", "id": access.store}}},
    }});
    let made = access.make(Body::Json(body)).await?;
    let id = text(&made, "/data/id").ok_or_else(|| access.unreadable())?;
    Ok(Registered { id, secret })
}
