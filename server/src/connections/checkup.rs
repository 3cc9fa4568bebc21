//! Looks every day whether the providers still have our endpoints.

use std::sync::Arc;

use super::{access, unsealed, webhook_url};
use crate::app::App;
use crate::catalogue::{Checkup, Connection, Document, Found};
use crate::clock::{DAY_MS, Millis};
use crate::error::ApiError;
use crate::jobs::JobResult;
use crate::payments::Provider;
use crate::payments::remote::Problem;

/// How long what was found holds good.
const HOLDS_MS: Millis = DAY_MS;
/// The same where nothing was found out.
const UNKNOWN_HOLDS_MS: Millis = DAY_MS / 12;

/// Looks at each endpoint at which nobody has looked for a day.
pub(crate) async fn run(app: Arc<App>) -> JobResult {
    let now_ms = app.clock.now_ms();
    let catalogue = app.store.catalogue();
    let mut failed = None;
    for integration in catalogue.all_integrations() {
        let Some(connection) = integration.connection.as_deref().filter(|one| is_due(one, now_ms)) else {
            continue;
        };
        let looked = look(&app, &integration.site_id, integration.provider, connection).await;
        failed = looked.err().or(failed);
    }
    failed.map_or(Ok(()), |error| Err(error.into()))
}

fn is_due(connection: &Connection, now_ms: Millis) -> bool {
    let Some(checkup) = &connection.checkup else {
        return connection.registered_at_ms.saturating_add(HOLDS_MS) <= now_ms;
    };
    let holds_ms = if checkup.found == Found::Unknown { UNKNOWN_HOLDS_MS } else { HOLDS_MS };
    checkup.at_ms.saturating_add(holds_ms) <= now_ms
}

/// Looks at one endpoint, and keeps what was found.
pub(crate) async fn look(
    app: &Arc<App>,
    site_id: &str,
    provider: Provider,
    connection: &Connection,
) -> Result<(), ApiError> {
    let key = unsealed(app, connection)?;
    let answer = access(app, provider, connection, &key).endpoints().await;
    let now_ms = app.clock.now_ms();
    let checkup = match answer {
        Ok(endpoints) => {
            let url = webhook_url(app, provider, site_id);
            let ours = endpoints.iter().find(|endpoint| endpoint.id == connection.endpoint_id);
            let found = match ours {
                None => Found::Missing,
                Some(endpoint) if endpoint.url != url => Found::Moved,
                Some(endpoint) if !endpoint.is_enabled => Found::Disabled,
                Some(_) => Found::Present,
            };
            Checkup { at_ms: now_ms, found, problem: None }
        }
        Err(problem) => Checkup { at_ms: now_ms, found: Found::Unknown, problem: Some(sentence(&problem)) },
    };
    let changing = app.change().await;
    let Some(mut integration) = app.store.catalogue().integration(site_id, provider).cloned() else {
        return Ok(());
    };
    let current = integration.connection.as_deref_mut();
    // Another endpoint may have taken its place meanwhile; that one was not looked at.
    let Some(current) = current.filter(|one| one.endpoint_id == connection.endpoint_id) else {
        return Ok(());
    };
    current.checkup = Some(checkup);
    integration.retired.retain(|retired| retired.until_ms > now_ms);
    changing.put(Document::Integration(integration)).await
}

fn sentence(problem: &Problem) -> String {
    format!("{problem}.")
}
