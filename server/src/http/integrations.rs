//! Integrations: the payment providers of a site, connected by an API key or by the secret of a webhook made by hand.

mod shown;

use std::sync::Arc;

use serde::Deserialize;
use serde_json::json;
use warp::reply::Response;

use super::request::Request;
use super::{body, reply};
use crate::accounts::{Scope, site_access};
use crate::app::App;
use crate::catalogue::{Document, Integration, Site};
use crate::connections::{self, Changed};
use crate::error::ApiError;
use crate::payments::{Provider, secret};
use shown::shown;

/// Secrets valid at once: two during a rotation, and some left behind.
const SECRETS_LIMIT: usize = 8;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewIntegration {
    provider: String,
    #[serde(default)]
    api_key: Option<String>,
    #[serde(default)]
    webhook_secret: Option<String>,
    #[serde(default)]
    store_id: Option<String>,
}

/// The providers of a site, and how each is doing.
pub(crate) async fn list(app: Arc<App>, request: Request) -> Result<Response, ApiError> {
    let (_, site) = site_access(&app, &request, Scope::SitesRead)?;
    let number = site.number;
    let activity = app.work(move |app| app.store.activity(number)).await??;
    let catalogue = app.store.catalogue();
    let rows: Vec<_> = catalogue
        .integrations(&site.id)
        .map(|integration| shown(&app, integration, Some(&activity)))
        .collect();
    Ok(reply::data(rows))
}

/// Connects a provider by an API key, or gives it one more secret of a webhook made by hand.
pub(crate) async fn add(app: Arc<App>, mut request: Request) -> Result<Response, ApiError> {
    let (_, site) = site_access(&app, &request, Scope::IntegrationsWrite)?;
    let wanted: NewIntegration = body::json(&mut request).await?;
    let provider = connectable(&wanted.provider)?;
    let changed = match (wanted.api_key, wanted.webhook_secret) {
        (Some(key), None) => {
            let key = key.trim().to_owned();
            whole(connections::connect(app.clone(), site, provider, key, wanted.store_id)).await?
        }
        (None, Some(secret)) => {
            let integration = add_secret(&app, &site, provider, &secret).await?;
            Changed { integration, left_behind: None }
        }
        (Some(_), Some(_)) | (None, None) => {
            let message = "Give the provider's `api_key`, or the `webhook_secret` of a webhook made by hand.";
            return Err(ApiError::invalid("api_key", message));
        }
    };
    Ok(reply::created(told(&app, &changed)))
}

/// Gives a connected provider a new secret; the old one stays valid for a day.
pub(crate) async fn rotate(app: Arc<App>, request: Request) -> Result<Response, ApiError> {
    let (_, site) = site_access(&app, &request, Scope::IntegrationsWrite)?;
    let provider = integrated(&request)?;
    let changed = whole(connections::rotate(app.clone(), site, provider)).await?;
    Ok(reply::data(told(&app, &changed)))
}

/// Fetches the past payments anew.
pub(crate) async fn fetch_history(app: Arc<App>, request: Request) -> Result<Response, ApiError> {
    let (_, site) = site_access(&app, &request, Scope::IntegrationsWrite)?;
    let provider = integrated(&request)?;
    let integration = connections::history::restart(&app, &site, provider).await?;
    Ok(reply::data(shown(&app, &integration, None)))
}

/// Disconnects a provider: its webhook there, then the integration here; `force=true` does the second alone where
/// the first cannot be done.
pub(crate) async fn remove(app: Arc<App>, request: Request) -> Result<Response, ApiError> {
    let (_, site) = site_access(&app, &request, Scope::IntegrationsWrite)?;
    let provider = integrated(&request)?;
    let force = form_urlencoded::parse(request.query.as_bytes())
        .any(|(name, value)| name == "force" && value == "true");
    let left_behind = whole(connections::disconnect(app.clone(), site, provider, force)).await?;
    Ok(reply::data(json!({ "left_behind": left_behind })))
}

/// The valid webhook secrets; one that this vault did not seal is none.
pub(crate) fn opened(app: &App, integration: &Integration) -> Vec<String> {
    let secrets = integration.valid_secrets(app.clock.now_ms());
    let secrets = secrets.filter_map(|sealed| app.vault.unseal(sealed).ok());
    secrets.filter_map(|secret| String::from_utf8(secret).ok()).collect()
}

/// Does a change to its end even when whoever asked for it has gone away: half of it must never stay.
async fn whole<T: Send + 'static>(
    change: impl Future<Output = Result<T, ApiError>> + Send + 'static,
) -> Result<T, ApiError> {
    let done = tokio::spawn(change).await;
    done.map_err(|error| ApiError::internal(format!("a change of an integration stopped: {error}")))?
}

async fn add_secret(
    app: &Arc<App>,
    site: &Site,
    provider: Provider,
    secret: &str,
) -> Result<Integration, ApiError> {
    let secret = webhook_secret(provider, secret)?;
    let changing = app.change().await;
    let now_ms = app.clock.now_ms();
    let known = app.store.catalogue().integration(&site.id, provider).cloned();
    let mut integration = known.unwrap_or_else(|| Integration::new(&site.id, provider, now_ms));
    if opened(app, &integration).iter().any(|known| known == secret) {
        return Ok(integration);
    }
    if integration.secrets.len() >= SECRETS_LIMIT {
        let message = "There are enough secrets; remove the integration, then add the one that is valid.";
        return Err(ApiError::conflict("too_many_secrets", message));
    }
    integration.secrets.push(app.vault.seal(secret.as_bytes())?);
    let goal = connections::goal_to_make(app, &site.id, provider);
    changing.put_all([Document::Integration(integration.clone())].into_iter().chain(goal)).await?;
    Ok(integration)
}

fn told(app: &App, changed: &Changed) -> serde_json::Value {
    let mut told = shown(app, &changed.integration, None);
    if let Some(members) = told.as_object_mut() {
        members.insert("left_behind".to_owned(), json!(changed.left_behind));
    }
    told
}

/// The provider that a path names.
fn integrated(request: &Request) -> Result<Provider, ApiError> {
    let name = request.parameter(1);
    let provider = Provider::parse(name).filter(|provider| *provider != Provider::Api);
    provider.ok_or_else(|| connections::no_integration(name))
}

/// The provider that a body names.
fn connectable(name: &str) -> Result<Provider, ApiError> {
    Provider::parse(name).filter(|provider| *provider != Provider::Api).ok_or_else(|| {
        let message = format!("{name:?} cannot be connected; stripe, lemonsqueezy, paddle and polar can.");
        ApiError::invalid("provider", message)
    })
}

fn webhook_secret(provider: Provider, text: &str) -> Result<&str, ApiError> {
    let trimmed = text.trim();
    match secret::fault(provider, trimmed) {
        Some(fault) => Err(ApiError::invalid("webhook_secret", fault)),
        None => Ok(trimmed),
    }
}
