//! Fetches past payments, a few pages at a time: what is told before a restart is not asked for again.

use std::sync::Arc;

use super::{access, unsealed};
use crate::app::App;
use crate::catalogue::{Connection, Document, History, Integration, Site};
use crate::clock::Millis;
use crate::error::ApiError;
use crate::jobs::JobResult;
use crate::payments::history::{Asked, Page, Part, fetch, notices, parts};
use crate::payments::remote::Problem;
use crate::payments::{Notice, Provider};
use crate::record::Record;
use crate::store::Outcome;

/// Pages of one provider in one run: then the other work has its turn, and the provider a rest.
const PAGES_A_RUN: usize = 10;
/// How long to wait for a provider that fails.
const FAILING_WAIT_MS: Millis = 60_000;
/// How long to wait where only somebody's help changes anything.
const REFUSING_WAIT_MS: Millis = 3_600_000;

/// Goes on with every history that is not at its end.
pub(crate) async fn run(app: Arc<App>) -> JobResult {
    let now_ms = app.clock.now_ms();
    let catalogue = app.store.catalogue();
    let is_due = |connection: &Connection| connection.history.is_due(now_ms);
    let due = catalogue.all_integrations().filter(|one| one.connection.as_deref().is_some_and(is_due));
    let mut failed = None;
    for integration in due {
        for _ in 0..PAGES_A_RUN {
            match advance(&app, &integration.site_id, integration.provider).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            }
        }
    }
    failed.map_or(Ok(()), |error| Err(error.into()))
}

/// Starts the history of a connection anew: what is known already is heard as a duplicate.
pub(crate) async fn restart(
    app: &Arc<App>,
    site: &Site,
    provider: Provider,
) -> Result<Integration, ApiError> {
    let changing = app.change().await;
    let known = app.store.catalogue().integration(&site.id, provider).cloned();
    let mut integration = known.ok_or_else(|| super::not_connected(provider))?;
    let connection = integration.connection.as_deref_mut().ok_or_else(|| super::not_connected(provider))?;
    connection.history = History::starting(app.clock.now_ms());
    changing.put(Document::Integration(integration.clone())).await?;
    Ok(integration)
}

/// Fetches one page and tells it; whether there is more to do now.
pub(crate) async fn advance(app: &Arc<App>, site_id: &str, provider: Provider) -> Result<bool, ApiError> {
    let catalogue = app.store.catalogue();
    let connection = catalogue.integration(site_id, provider).and_then(|one| one.connection.clone());
    let Some((site, connection)) = catalogue.site(site_id).zip(connection) else { return Ok(false) };
    let asked = Asked { site: site.number, at_ms: app.clock.now_ms(), live: connection.live };
    let before = connection.history.clone();
    if !before.is_due(asked.at_ms) {
        return Ok(false);
    }
    let mut after = before.clone();
    match parts(provider).get(before.part) {
        None => after.finished_at_ms = Some(asked.at_ms),
        Some(part) => {
            let key = unsealed(app, &connection)?;
            let fetched =
                fetch(&access(app, provider, &connection, &key), part, before.cursor.as_deref()).await;
            match fetched {
                Ok(page) => {
                    let email_hash = |email: &str| app.vault.email_hash(email);
                    let told = notices(provider, part, &page.objects, &asked, &email_hash);
                    let told = tell(app, told).await?;
                    turned(&mut after, &page, told);
                }
                Err(problem) => stopped(&mut after, part, &problem, asked.at_ms),
            }
        }
    }
    let goes_on = after.is_due(asked.at_ms);
    put(app, site_id, provider, &before, after).await?;
    Ok(goes_on)
}

/// Makes notices durable; how many of them told something new.
async fn tell(app: &Arc<App>, notices: Vec<Notice>) -> Result<u64, ApiError> {
    if notices.is_empty() {
        return Ok(0);
    }
    let records = notices.into_iter().map(|notice| Record::Notice(Box::new(notice))).collect();
    let outcomes = app.store.commit(records).await?;
    let new = outcomes.iter().filter(|one| matches!(one, Outcome::Recorded | Outcome::Enriched)).count();
    Ok(new as u64)
}

/// The history after a page.
fn turned(history: &mut History, page: &Page, told: u64) {
    let read = page.objects.len() as u64;
    history.read = history.read.saturating_add(read);
    history.told = history.told.saturating_add(told);
    history.wait_until_ms = None;
    history.problem = None;
    history.of_part = page.total;
    history.read_of_part = history.read_of_part.saturating_add(read);
    history.cursor.clone_from(&page.next);
    if history.cursor.is_none() {
        history.next_part();
    }
}

/// The history after a page that could not be had.
fn stopped(history: &mut History, part: &Part, problem: &Problem, now_ms: Millis) {
    let wait_ms = match problem {
        // The list is not to be had with this key; the others may be.
        Problem::MissingPermission(_) | Problem::NotFound(_) | Problem::Refused { .. } => {
            history.left_out.push(format!("{}: {problem}", part.name));
            history.next_part();
            return;
        }
        Problem::TooMany { wait_s, .. } => {
            Millis::try_from(*wait_s).unwrap_or(Millis::MAX).saturating_mul(1_000)
        }
        Problem::WrongKey(_) | Problem::UnfitKey(_) | Problem::SeveralStores(_) => REFUSING_WAIT_MS,
        Problem::Failing { .. } | Problem::TimedOut(_) | Problem::Unreachable(_) | Problem::Unreadable(_) => {
            FAILING_WAIT_MS
        }
    };
    history.wait_until_ms = Some(now_ms.saturating_add(wait_ms));
    history.problem = Some(format!("{problem}."));
}

/// Keeps how far it has come, unless it was begun anew or taken off meanwhile.
async fn put(
    app: &Arc<App>,
    site_id: &str,
    provider: Provider,
    before: &History,
    after: History,
) -> Result<(), ApiError> {
    let changing = app.change().await;
    let Some(mut integration) = app.store.catalogue().integration(site_id, provider).cloned() else {
        return Ok(());
    };
    match &mut integration.connection {
        Some(connection) if connection.history == *before => connection.history = after,
        Some(_) | None => return Ok(()),
    }
    changing.put(Document::Integration(integration)).await
}
