//! Connecting Lemon Squeezy: `https://docs.lemonsqueezy.com/api/webhooks`, read November 2026.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Access, Account, Endpoint, Registered, list, text};
use crate::payments::Provider;
use crate::payments::lemonsqueezy::EVENTS;
use crate::payments::remote::{Body, Call, Problem, Remote, Service};
use crate::secrets::random_hex;

const MEDIA: &str = "application/vnd.api+json";
const HEADERS: [(&str, &str); 1] = [("Accept", MEDIA)];
const PATH: &str = "/v1/webhooks";
/// Keys of Lemon Squeezy may do everything.
const PERMISSION: &str = "of a full key";

/// A call of Lemon Squeezy's API.
pub(in crate::payments) fn call<'a>(key: &'a str, method: Method, path: &'a str) -> Call<'a> {
    Call {
        provider: Provider::LemonSqueezy,
        service: Service::LemonSqueezy,
        key,
        method,
        path,
        query: &[],
        headers: &HEADERS,
        body: None,
        permission: PERMISSION,
    }
}

pub(super) async fn check(remote: &Remote, key: &str, store: Option<&str>) -> Result<Account, Problem> {
    let name = Provider::LemonSqueezy.title();
    let user = remote.call(call(key, Method::GET, "/v1/users/me")).await?;
    let is_test = user.pointer("/meta/test_mode").and_then(Value::as_bool);
    let is_test = is_test.ok_or(Problem::Unreadable(name))?;
    let all = Call { query: &[("page[size]", "100")], ..call(key, Method::GET, "/v1/stores") };
    let answer = remote.call(all).await?;
    let rows = list(&answer, "/data").ok_or(Problem::Unreadable(name))?;
    let stores: Vec<(String, String)> = rows
        .iter()
        .filter_map(|row| Some((text(row, "/id")?, text(row, "/attributes/name").unwrap_or_default())))
        .collect();
    let chosen = match (store, stores.as_slice()) {
        (None, [(only, _)]) => only.clone(),
        (None, []) => return Err(Problem::UnfitKey("That key of Lemon Squeezy opens no store")),
        (Some(wanted), known) if known.iter().any(|(id, _)| id == wanted) => wanted.to_owned(),
        (None | Some(_), _) => return Err(Problem::SeveralStores(stores)),
    };
    Ok(Account { live: !is_test, store: Some(chosen) })
}

pub(super) async fn endpoints(access: &Access<'_>) -> Result<Vec<Endpoint>, Problem> {
    let query = [("filter[store_id]", access.store.unwrap_or_default()), ("page[size]", "100")];
    let answer = access.remote.call(Call { query: &query, ..call(access.key, Method::GET, PATH) }).await?;
    let rows = list(&answer, "/data").ok_or_else(|| access.unreadable())?;
    let endpoint = |row: &Value| {
        Some(Endpoint { id: text(row, "/id")?, url: text(row, "/attributes/url")?, is_enabled: true })
    };
    Ok(rows.iter().filter_map(endpoint).collect())
}

/// Lemon Squeezy never gives a secret out: it is ours, of 40 characters at most.
pub(super) async fn register(access: &Access<'_>, url: &str) -> Result<Registered, Problem> {
    let secret = random_hex(20).map_err(|_| access.unreadable())?;
    let body = json!({"data": {
        "type": "webhooks",
        "attributes": {"url": url, "events": EVENTS, "secret": secret, "test_mode": !access.live},
        "relationships": {"store": {"data": {"type": "stores", "id": access.store}}},
    }});
    let body = Some(Body::JsonAs(MEDIA, body));
    let made = access.remote.call(Call { body, ..call(access.key, Method::POST, PATH) }).await?;
    let id = text(&made, "/data/id").ok_or_else(|| access.unreadable())?;
    Ok(Registered { id, secret })
}

pub(super) async fn remove(access: &Access<'_>, id: &str) -> Result<(), Problem> {
    let path = format!("{PATH}/{id}");
    access.remote.call(call(access.key, Method::DELETE, &path)).await.map(drop)
}
