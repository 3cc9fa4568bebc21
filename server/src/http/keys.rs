//! API keys: shown once when made, then known by their hash alone.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};
use warp::reply::Response;

use super::request::Request;
use super::time::{iso, parse};
use super::{body, reply};
use crate::accounts::{KEY_PREFIX, Scope, Who, access, site_access};
use crate::app::App;
use crate::catalogue::{Document, Key};
use crate::error::ApiError;
use crate::secrets::{random_hex, token_hash};

/// Characters of a key's name.
const NAME_CHARS: usize = 100;
/// Keys of one site.
const KEYS_LIMIT: usize = 200;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewKey {
    #[serde(default)]
    name: String,
    scopes: Vec<String>,
    #[serde(default)]
    expires_at: Value,
}

/// The keys of a site.
pub(crate) async fn list(app: Arc<App>, request: Request) -> Result<Response, ApiError> {
    let (_, site) = site_access(&app, &request, Scope::Admin)?;
    Ok(reply::data(keys_of(&app, Some(&site.id))))
}

/// Makes a key of a site.
pub(crate) async fn add(app: Arc<App>, mut request: Request) -> Result<Response, ApiError> {
    let (who, site) = site_access(&app, &request, Scope::Admin)?;
    make(&app, &mut request, &who, Some(site.id)).await
}

/// Takes a key of a site away.
pub(crate) async fn remove(app: Arc<App>, request: Request) -> Result<Response, ApiError> {
    let (_, site) = site_access(&app, &request, Scope::Admin)?;
    take_away(&app, Some(&site.id), request.parameter(1)).await
}

/// The keys of all sites together.
pub(crate) async fn list_general(app: Arc<App>, request: Request) -> Result<Response, ApiError> {
    access(&app, &request, None, Scope::Admin)?;
    Ok(reply::data(keys_of(&app, None)))
}

/// Makes a key that opens all sites.
pub(crate) async fn add_general(app: Arc<App>, mut request: Request) -> Result<Response, ApiError> {
    let who = access(&app, &request, None, Scope::Admin)?;
    make(&app, &mut request, &who, None).await
}

/// Takes a key that opens all sites away.
pub(crate) async fn remove_general(app: Arc<App>, request: Request) -> Result<Response, ApiError> {
    access(&app, &request, None, Scope::Admin)?;
    take_away(&app, None, request.parameter(0)).await
}

fn keys_of(app: &App, site_id: Option<&str>) -> Vec<Value> {
    let catalogue = app.store.catalogue();
    let mut keys: Vec<&Key> = catalogue.keys().filter(|key| key.site_id.as_deref() == site_id).collect();
    keys.sort_by_key(|key| key.created_at_ms);
    keys.into_iter().map(shown).collect()
}

fn shown(key: &Key) -> Value {
    json!({
        "id": key.id,
        "name": key.name,
        "scopes": key.scopes,
        "created_at": iso(key.created_at_ms),
        "expires_at": key.expires_at_ms.map(iso),
    })
}

async fn make(
    app: &App,
    request: &mut Request,
    who: &Who,
    site_id: Option<String>,
) -> Result<Response, ApiError> {
    let wanted: NewKey = body::json(request).await?;
    let now_ms = app.clock.now_ms();
    let expires_at = Some(&wanted.expires_at).filter(|value| !value.is_null());
    let expires_at_ms = expires_at
        .map(|value| {
            parse(value).filter(|&ends_ms| ends_ms > now_ms).ok_or_else(|| {
                ApiError::invalid(
                    "expires_at",
                    "`expires_at` is a time to come, for example 2030-01-01T00:00:00Z.",
                )
            })
        })
        .transpose()?;
    if wanted.name.chars().count() > NAME_CHARS {
        return Err(ApiError::invalid("name", format!("`name` has at most {NAME_CHARS} characters.")));
    }
    let scopes = granted(who, site_id.as_deref(), &wanted.scopes)?;
    let changing = app.change().await;
    if keys_of(app, site_id.as_deref()).len() >= KEYS_LIMIT {
        return Err(ApiError::conflict(
            "too_many_keys",
            format!("There are {KEYS_LIMIT} keys; remove one first."),
        ));
    }
    let token = format!("{KEY_PREFIX}{}", random_hex(16)?);
    let key = Key {
        id: format!("key_{}", random_hex(6)?),
        hash: token_hash(&token),
        site_id,
        name: wanted.name,
        scopes: scopes.into_iter().map(|scope| scope.name().to_owned()).collect(),
        created_at_ms: now_ms,
        expires_at_ms,
    };
    changing.add(Document::Key(key.clone())).await?;
    let mut row = shown(&key);
    if let Some(members) = row.as_object_mut() {
        members.insert("key".to_owned(), json!(token));
    }
    Ok(reply::created(row))
}

/// The scopes asked for, each known and each held by whoever grants it.
fn granted(who: &Who, site_id: Option<&str>, names: &[String]) -> Result<Vec<Scope>, ApiError> {
    let mut scopes = Vec::new();
    for name in names {
        let scope = Scope::parse(name).ok_or_else(|| {
            ApiError::invalid("scopes", format!("{name:?} is no scope; there are {}.", Scope::list()))
        })?;
        if !who.may(scope, site_id) {
            return Err(ApiError::forbidden(
                "missing_scope",
                format!("Nobody grants what they lack: {name}."),
            ));
        }
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    if scopes.is_empty() {
        return Err(ApiError::invalid(
            "scopes",
            format!("A key needs a scope; there are {}.", Scope::list()),
        ));
    }
    Ok(scopes)
}

async fn take_away(app: &App, site_id: Option<&str>, id: &str) -> Result<Response, ApiError> {
    let changing = app.change().await;
    let catalogue = app.store.catalogue();
    let key = catalogue.keys().find(|key| key.id == id && key.site_id.as_deref() == site_id);
    let key =
        key.cloned().ok_or_else(|| ApiError::not_found("unknown_key", format!("There is no key {id:?}.")))?;
    changing.remove([Document::Key(key).key()]).await?;
    Ok(reply::data(json!({})))
}
