//! Connections: a provider connected by its API key, whole or not at all; its secret turned; taken off again.

pub(crate) mod checkup;
pub(crate) mod history;
mod refusal;

use std::collections::HashSet;
use std::sync::{Arc, Mutex as BlockingMutex, PoisonError};

use crate::app::App;
use crate::catalogue::{Connection, Document, Goal, History, Integration, RetiredSecret, Site};
use crate::clock::{DAY_MS, Millis};
use crate::error::ApiError;
use crate::payments::Provider;
use crate::payments::connect::{Access, Account, Registered, check};
use crate::payments::remote::Problem;
pub(crate) use refusal::no_integration;
use refusal::{busy, needs_public_url, not_connected, not_removed, refused};

/// A secret that has been replaced stays valid this long: what is on its way is not lost.
const RETIRED_MS: Millis = DAY_MS;
/// Retired secrets that are kept; whoever turns a secret more often than that in a day loses the oldest.
const RETIRED_KEPT: usize = 8;

/// The integrations whose provider is being spoken to: one change of each at a time.
#[derive(Debug, Default)]
pub struct Busy(BlockingMutex<HashSet<(String, Provider)>>);

/// The right to change one integration at its provider.
struct Held<'a>(&'a Busy, (String, Provider));

impl Busy {
    fn hold(&self, site: &Site, provider: Provider) -> Result<Held<'_>, ApiError> {
        let place = (site.id.clone(), provider);
        let is_free = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(place.clone());
        if is_free { Ok(Held(self, place)) } else { Err(busy(provider)) }
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1);
    }
}

/// What a change came to: the integration as it stands, and what could not be tidied up behind it.
pub(crate) struct Changed {
    pub(crate) integration: Integration,
    pub(crate) left_behind: Option<String>,
}

/// Connects a provider by an API key. The webhook is registered at the provider and everything is stored, or
/// nothing is: a webhook that cannot be kept is taken away again.
pub(crate) async fn connect(
    app: Arc<App>,
    site: Site,
    provider: Provider,
    key: String,
    store: Option<String>,
) -> Result<Changed, ApiError> {
    let _held = app.busy.hold(&site, provider)?;
    needs_public_url(&app.config, provider)?;
    let account = check(&app.remote, provider, &key, store.as_deref()).await;
    let account = account.map_err(|problem| refused(provider, problem))?;
    let history = Some(History::starting(app.clock.now_ms()));
    attach(&app, &site, provider, &key, account, history).await
}

/// Gives a connected provider a new secret; the old one stays valid for a day.
pub(crate) async fn rotate(app: Arc<App>, site: Site, provider: Provider) -> Result<Changed, ApiError> {
    let _held = app.busy.hold(&site, provider)?;
    needs_public_url(&app.config, provider)?;
    let (connection, key) = connected(&app, &site, provider)?;
    let account = Account { live: connection.live, store: connection.store };
    attach(&app, &site, provider, &key, account, None).await
}

/// Takes a provider off: its webhook there, then the integration here. `force` goes on when the first cannot be done.
pub(crate) async fn disconnect(
    app: Arc<App>,
    site: Site,
    provider: Provider,
    force: bool,
) -> Result<Option<String>, ApiError> {
    let _held = app.busy.hold(&site, provider)?;
    let catalogue = app.store.catalogue();
    let integration =
        catalogue.integration(&site.id, provider).ok_or_else(|| no_integration(provider.name()))?;
    let mut left_behind = None;
    if let Some(connection) = &integration.connection {
        match (remove_endpoint(&app, provider, connection).await, force) {
            (Ok(()), _) => {}
            (Err(reason), true) => left_behind = Some(left(provider, &connection.endpoint_id, &reason)),
            (Err(reason), false) => return Err(not_removed(provider, &connection.endpoint_id, &reason)),
        }
    }
    app.change().await.remove([Document::Integration(integration.clone()).key()]).await?;
    Ok(left_behind)
}

/// The address to which a provider sends the webhooks of a site.
pub(crate) fn webhook_url(app: &App, provider: Provider, site_id: &str) -> String {
    format!("{}/api/v1/webhooks/{}/{site_id}", app.config.public_url.origin(), provider.name())
}

/// A connection with its key unsealed.
fn connected(app: &App, site: &Site, provider: Provider) -> Result<(Connection, String), ApiError> {
    let catalogue = app.store.catalogue();
    let connection = catalogue.integration(&site.id, provider).and_then(|found| found.connection.as_deref());
    let connection = connection.ok_or_else(|| not_connected(provider))?;
    Ok((connection.clone(), unsealed(app, connection)?))
}

fn unsealed(app: &App, connection: &Connection) -> Result<String, ApiError> {
    let key = app.vault.unseal(&connection.api_key)?;
    String::from_utf8(key).map_err(|_| ApiError::internal("a stored API key is no text"))
}

fn access<'a>(app: &'a App, provider: Provider, connection: &'a Connection, key: &'a str) -> Access<'a> {
    Access { remote: &app.remote, provider, key, live: connection.live, store: connection.store.as_deref() }
}

/// Registers our endpoint, stores it with its secret and the key, and takes away what stood there before. Without a
/// `history` the one that is being fetched goes on.
async fn attach(
    app: &Arc<App>,
    site: &Site,
    provider: Provider,
    key: &str,
    account: Account,
    history: Option<History>,
) -> Result<Changed, ApiError> {
    let store = account.store.as_deref();
    let access = Access { remote: &app.remote, provider, key, live: account.live, store };
    let url = webhook_url(app, provider, &site.id);
    let before = app.store.catalogue().integration(&site.id, provider).and_then(|one| one.connection.clone());
    let (registered, mut former) = register(&access, &url, before.as_deref()).await?;
    let endpoint_id = registered.id.clone();
    let kept = keep(app, site, provider, key, &account, registered, history).await;
    let integration = match kept {
        Ok(integration) => integration,
        Err(error) => {
            if let Err(problem) = access.remove(&endpoint_id).await {
                tracing::error!(provider = provider.name(), %problem, "a webhook that could not be kept stays");
            }
            return Err(error);
        }
    };
    let mut left_behind = None;
    // An endpoint of another account goes by that account's key.
    if let Some(before) = before.filter(|before| !former.contains(&before.endpoint_id)) {
        let removed = remove_endpoint(app, provider, &before).await;
        left_behind = removed.err().map(|reason| left(provider, &before.endpoint_id, &reason));
    }
    for id in former.drain(..) {
        if let Err(problem) = access.remove(&id).await {
            left_behind = Some(left(provider, &id, &problem.to_string()));
        }
    }
    Ok(Changed { integration, left_behind })
}

/// Makes our endpoint; the ids of those that it takes the place of come back. They go once the new one is kept.
async fn register(
    access: &Access<'_>,
    url: &str,
    before: Option<&Connection>,
) -> Result<(Registered, Vec<String>), ApiError> {
    let refused = |problem| refused(access.provider, problem);
    let endpoints = access.endpoints().await.map_err(refused)?;
    let is_ours = |id: &str| before.is_some_and(|before| before.endpoint_id == id);
    let ours = endpoints.iter().filter(|endpoint| endpoint.url == url || is_ours(&endpoint.id));
    let mut former: Vec<String> = ours.map(|endpoint| endpoint.id.clone()).collect();
    if endpoints.len() >= access.endpoint_limit()
        && let Some(id) = former.pop()
    {
        access.remove(&id).await.map_err(refused)?;
    }
    match access.register(url).await {
        Ok(registered) => Ok((registered, former)),
        Err(problem) => {
            if problem.is_open() {
                sweep(access, url, &former).await;
            }
            Err(refused(problem))
        }
    }
}

/// Takes away an endpoint that may have been made although the answer was lost.
async fn sweep(access: &Access<'_>, url: &str, former: &[String]) {
    let swept = async {
        let endpoints = access.endpoints().await?;
        for endpoint in endpoints.iter().filter(|found| found.url == url && !former.contains(&found.id)) {
            access.remove(&endpoint.id).await?;
        }
        Ok::<_, Problem>(())
    };
    if let Err(problem) = swept.await {
        let provider = access.provider.name();
        tracing::warn!(provider, %problem, "a webhook may stay at the provider; connecting again replaces it");
    }
}

/// Stores the integration with everything sealed, and the provider's goal, in one commit.
async fn keep(
    app: &Arc<App>,
    site: &Site,
    provider: Provider,
    key: &str,
    account: &Account,
    registered: Registered,
    history: Option<History>,
) -> Result<Integration, ApiError> {
    let changing = app.change().await;
    let now_ms = app.clock.now_ms();
    let known = app.store.catalogue().integration(&site.id, provider).cloned();
    let mut integration = known.unwrap_or_else(|| Integration::new(&site.id, provider, now_ms));
    retire(&mut integration, now_ms);
    integration.secrets = vec![app.vault.seal(registered.secret.as_bytes())?];
    let going_on = integration.connection.take().map(|connection| connection.history);
    integration.connection = Some(Box::new(Connection {
        api_key: app.vault.seal(key.as_bytes())?,
        live: account.live,
        store: account.store.clone(),
        endpoint_id: registered.id,
        registered_at_ms: now_ms,
        checkup: None,
        history: history.or(going_on).unwrap_or_default(),
    }));
    let goal = goal_to_make(app, &site.id, provider);
    changing.put_all([Document::Integration(integration.clone())].into_iter().chain(goal)).await?;
    Ok(integration)
}

/// The provider's goal, where the site has none yet.
pub(crate) fn goal_to_make(app: &App, site_id: &str, provider: Provider) -> Option<Document> {
    let goal = Goal::of_provider(site_id, provider, app.clock.now_ms());
    let is_there = app.store.catalogue().goals(site_id).any(|known| known.id == goal.id);
    (!is_there).then_some(Document::Goal(goal))
}

/// The secrets in force become retired ones; those whose day has passed go.
fn retire(integration: &mut Integration, now_ms: Millis) {
    let until_ms = now_ms.saturating_add(RETIRED_MS);
    let replaced = std::mem::take(&mut integration.secrets);
    integration.retired.retain(|retired| retired.until_ms > now_ms);
    integration.retired.extend(replaced.into_iter().map(|secret| RetiredSecret { secret, until_ms }));
    let surplus = integration.retired.len().saturating_sub(RETIRED_KEPT);
    integration.retired.drain(..surplus);
}

/// Takes our endpoint away at the provider; the error says why it could not be done.
async fn remove_endpoint(app: &App, provider: Provider, connection: &Connection) -> Result<(), String> {
    let key = unsealed(app, connection).map_err(|_| "the stored API key cannot be unsealed".to_owned())?;
    let removed = access(app, provider, connection, &key).remove(&connection.endpoint_id).await;
    removed.map_err(|problem| problem.to_string())
}

fn left(provider: Provider, endpoint_id: &str, reason: &str) -> String {
    let name = provider.title();
    tracing::warn!(provider = provider.name(), endpoint_id, reason, "a webhook stays at the provider");
    format!("The webhook {endpoint_id} stays at {name}, because {reason}; delete it there.")
}

#[cfg(test)]
mod tests;
