//! Integrations: the payment providers of a site, and the secrets of their webhooks.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};
use warp::reply::Response;

use super::request::Request;
use super::time::iso;
use super::{body, reply};
use crate::accounts::{Scope, site_access};
use crate::app::App;
use crate::catalogue::{Document, Integration, Site};
use crate::clock::Millis;
use crate::error::ApiError;
use crate::payments::{Provider, secret};

/// Secrets valid at once: two during a rotation, and some left behind.
const SECRETS_LIMIT: usize = 8;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewIntegration {
    provider: String,
    webhook_secret: String,
}

/// The providers connected to a site.
pub(crate) async fn list(app: Arc<App>, request: Request) -> Result<Response, ApiError> {
    let (_, site) = site_access(&app, &request, Scope::SitesRead)?;
    let last_event_ms = last_event(&app, &site).await?;
    let catalogue = app.store.catalogue();
    let rows: Vec<_> =
        catalogue.integrations(&site.id).map(|integration| shown(&app, integration, last_event_ms)).collect();
    Ok(reply::data(rows))
}

/// Connects a provider, or gives it one more secret.
pub(crate) async fn add(app: Arc<App>, mut request: Request) -> Result<Response, ApiError> {
    let (_, site) = site_access(&app, &request, Scope::IntegrationsWrite)?;
    let wanted: NewIntegration = body::json(&mut request).await?;
    let provider = connectable(&wanted.provider)?;
    let secret = webhook_secret(provider, &wanted.webhook_secret)?;
    let changing = app.change().await;
    let catalogue = app.store.catalogue();
    let mut integration = catalogue.integration(&site.id, provider).cloned().unwrap_or_else(|| Integration {
        site_id: site.id.clone(),
        provider,
        secrets: Vec::new(),
        created_at_ms: app.clock.now_ms(),
    });
    let is_known = opened(&app, &integration).iter().any(|known| known == secret);
    if !is_known {
        if integration.secrets.len() >= SECRETS_LIMIT {
            let message = "There are enough secrets; remove the integration, then add the one that is valid.";
            return Err(ApiError::conflict("too_many_secrets", message));
        }
        integration.secrets.push(app.vault.seal(secret.as_bytes())?);
        changing.put(Document::Integration(integration.clone())).await?;
    }
    Ok(reply::created(shown(&app, &integration, None)))
}

/// Disconnects a provider.
pub(crate) async fn remove(app: Arc<App>, request: Request) -> Result<Response, ApiError> {
    let (_, site) = site_access(&app, &request, Scope::IntegrationsWrite)?;
    let changing = app.change().await;
    let catalogue = app.store.catalogue();
    let integration = Provider::parse(request.parameter(1))
        .and_then(|provider| catalogue.integration(&site.id, provider))
        .cloned()
        .ok_or_else(|| no_integration(request.parameter(1)))?;
    changing.remove([Document::Integration(integration).key()]).await?;
    Ok(reply::data(json!({})))
}

/// There is no such integration.
pub(crate) fn no_integration(provider: &str) -> ApiError {
    ApiError::not_found("no_integration", format!("The site has no integration {provider:?}; add it first."))
}

/// The valid webhook secrets; one that this vault did not seal is none.
pub(crate) fn opened(app: &App, integration: &Integration) -> Vec<String> {
    let secrets = integration.secrets.iter().filter_map(|sealed| app.vault.unseal(sealed).ok());
    secrets.filter_map(|secret| String::from_utf8(secret).ok()).collect()
}

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

async fn last_event(app: &Arc<App>, site: &Site) -> Result<Option<Millis>, ApiError> {
    let number = site.number;
    let activity = app.work(move |app| app.store.activity(number)).await??;
    Ok(activity.last_notice.map(|(at_ms, ..)| at_ms))
}

fn shown(app: &App, integration: &Integration, last_event_ms: Option<Millis>) -> Value {
    let origin = app.config.public_url.origin();
    let provider = integration.provider.name();
    json!({
        "provider": provider,
        "webhook_url": format!("{origin}/api/v1/webhooks/{provider}/{}", integration.site_id),
        "secrets": integration.secrets.len(),
        "created_at": iso(integration.created_at_ms),
        "last_event_at": last_event_ms.map(iso),
    })
}
