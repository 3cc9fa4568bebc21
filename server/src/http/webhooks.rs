//! Webhooks of payment providers: verified over the raw bytes, then made durable, then answered.

use std::sync::Arc;

use serde_json::json;
use warp::http::HeaderMap;
use warp::reply::{Reply, Response};

use super::body;
use super::integrations::opened;
use super::request::Request;
use crate::app::{App, Refusal};
use crate::catalogue::{Integration, SiteNumber};
use crate::clock::Millis;
use crate::connections::no_integration;
use crate::error::{ApiError, ErrorKind};
use crate::payments::{self, Notice, Provider, Webhook, signature};
use crate::record::Record;
use crate::store::Outcome;

/// Bytes of a webhook: an event of a long invoice stays well below.
const WEBHOOK_BYTES: usize = 1024 * 1024;

/// Hears one webhook.
pub(crate) async fn receive(app: Arc<App>, mut request: Request) -> Result<Response, ApiError> {
    let (provider, site_id) = (request.parameter(0).to_owned(), request.parameter(1).to_owned());
    let catalogue = app.store.catalogue();
    let (site, integration) = Provider::parse(&provider)
        .and_then(|provider| catalogue.site(&site_id).zip(catalogue.integration(&site_id, provider)))
        .ok_or_else(|| no_integration(&provider))?;
    let bytes = body::read(&mut request, WEBHOOK_BYTES).await?;
    let now_ms = app.clock.now_ms();
    let header = |name: &str| request.headers.get(name)?.to_str().ok();
    let secrets = opened(&app, integration);
    if let Err(refusal) = signature::verify(integration.provider, &header, &bytes, &secrets, now_ms) {
        app.counters.webhook(false);
        let reason = refusal.to_string();
        app.refused.push(
            &site_id,
            Refusal { at_ms: now_ms, provider: integration.provider, reason: reason.clone() },
        );
        return Err(ApiError::unauthorized("bad_signature", format!("The webhook is refused: {reason}.")));
    }
    app.counters.webhook(true);
    let notice = notice(&app, integration, site.number, &request.headers, &bytes, now_ms)?;
    let outcomes = app.store.commit(vec![Record::Notice(Box::new(notice))]).await?;
    Ok(status(outcomes.first().copied().unwrap_or(Outcome::Ignored)))
}

/// What a webhook says that has verified.
fn notice(
    app: &App,
    integration: &Integration,
    site: SiteNumber,
    headers: &HeaderMap,
    body: &[u8],
    received_ms: Millis,
) -> Result<Notice, ApiError> {
    let webhook = Webhook {
        provider: integration.provider,
        site,
        sandbox: integration.connection.as_deref().is_some_and(|connection| !connection.live),
        headers: &|name| headers.get(name)?.to_str().ok(),
        body,
        received_ms,
        email_hash: &|email| app.vault.email_hash(email),
    };
    payments::read(&webhook).map_err(|problem| {
        ApiError::new(ErrorKind::Invalid, "invalid", format!("The webhook is refused: {problem}."))
    })
}

/// `{"status": …}`, what became of it.
pub(crate) fn status(outcome: Outcome) -> Response {
    warp::reply::json(&json!({ "status": outcome })).into_response()
}
