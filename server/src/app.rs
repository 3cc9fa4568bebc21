//! The application: everything that handlers share.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex as BlockingMutex, PoisonError};

use tokio::sync::{Mutex, Semaphore};

use crate::accounts::setup::SetupLink;
use crate::catalogue::{Document, DocumentKey};
use crate::clock::{Clock, Millis};
use crate::config::Config;
use crate::connections::Busy;
use crate::error::ApiError;
use crate::http::limits::Limits;
use crate::ingest::Ingest;
use crate::payments::Provider;
use crate::payments::remote::Remote;
use crate::rates::refresh::Refresh;
use crate::record::Record;
use crate::report::cache::Answers;
use crate::secrets::Vault;
use crate::store::{Outcome, Store};
use crate::telemetry::Counters;

/// Questions and passwords worked on at once: more would only make each of them slower.
const WORKERS: usize = 8;
/// Refused webhooks remembered of one integration.
const REFUSED_KEPT: usize = 1_000;

/// What all handlers share.
pub struct App {
    /// The settings.
    pub config: Config,
    /// The clock.
    pub clock: Clock,
    /// The durable data.
    pub store: Arc<dyn Store>,
    /// The keys of the data directory.
    pub vault: Vault,
    /// Reads what strangers send.
    pub ingest: Ingest,
    /// How much may be sent.
    pub limits: Limits,
    /// The one-time link of the first start.
    pub setup: SetupLink,
    /// Counters since the start.
    pub counters: Counters,
    /// Answers of reports, kept while the store does not change.
    pub answers: Answers,
    /// Webhooks whose signature did not hold, since the start.
    pub refused: RefusedWebhooks,
    /// The APIs of the payment providers.
    pub remote: Remote,
    /// The integrations that are being changed at their provider.
    pub busy: Busy,
    /// How the refresh of exchange rates has fared since the start.
    pub refresh: Refresh,
    /// Held by whoever reads documents in order to change them.
    changing: Mutex<()>,
    workers: Arc<Semaphore>,
}

impl App {
    /// The application over its parts.
    pub fn new(
        config: Config,
        clock: Clock,
        store: Arc<dyn Store>,
        vault: Vault,
        ingest: Ingest,
    ) -> Arc<Self> {
        Arc::new(Self {
            limits: Limits::new(&config, &clock),
            remote: Remote::new(config.provider_hosts.clone(), config.provider_timeout),
            busy: Busy::default(),
            config,
            clock,
            store,
            vault,
            ingest,
            setup: SetupLink::default(),
            counters: Counters::default(),
            answers: Answers::default(),
            refused: RefusedWebhooks::default(),
            refresh: Refresh::default(),
            changing: Mutex::default(),
            workers: Arc::new(Semaphore::new(WORKERS)),
        })
    }

    /// Does slow work (a report, a password) away from the threads that answer requests.
    pub(crate) async fn work<T, F>(self: &Arc<Self>, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce(&App) -> T + Send + 'static,
    {
        let permit = self.workers.clone().acquire_owned().await;
        let permit = permit.map_err(|_| ApiError::unavailable("The server is stopping; try again."))?;
        let app = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            let answer = work(&app);
            drop(permit);
            answer
        });
        done.await.map_err(|error| ApiError::internal(format!("a worker stopped: {error}")))
    }

    /// Keeps other changes of documents out while one is read, judged and put.
    pub(crate) async fn change(&self) -> Changing<'_> {
        Changing { app: self, _held: self.changing.lock().await }
    }
}

/// The right to change documents; there is one at a time.
pub(crate) struct Changing<'a> {
    app: &'a App,
    _held: tokio::sync::MutexGuard<'a, ()>,
}

impl Changing<'_> {
    /// Puts a document in, in the place of a former one.
    pub(crate) async fn put(&self, document: Document) -> Result<(), ApiError> {
        self.commit(vec![Record::Put { document, new: false }]).await
    }

    /// Puts documents in, all of them or none.
    pub(crate) async fn put_all(
        &self,
        documents: impl IntoIterator<Item = Document>,
    ) -> Result<(), ApiError> {
        let records = documents.into_iter().map(|document| Record::Put { document, new: false });
        self.commit(records.collect()).await
    }

    /// Puts a document in where none stands.
    pub(crate) async fn add(&self, document: Document) -> Result<(), ApiError> {
        self.commit(vec![Record::Put { document, new: true }]).await
    }

    /// Takes documents out.
    pub(crate) async fn remove(&self, keys: impl IntoIterator<Item = DocumentKey>) -> Result<(), ApiError> {
        let records: Vec<_> = keys.into_iter().map(Record::Remove).collect();
        if records.is_empty() { Ok(()) } else { self.commit(records).await }
    }

    async fn commit(&self, records: Vec<Record>) -> Result<(), ApiError> {
        let outcomes = self.app.store.commit(records).await?;
        if outcomes.contains(&Outcome::Conflict) {
            return Err(ApiError::conflict("exists", "There is one already."));
        }
        Ok(())
    }
}

/// Webhooks whose signature did not hold, by site; the setup page shows the last one and its reason.
#[derive(Debug, Default)]
pub struct RefusedWebhooks(BlockingMutex<HashMap<String, VecDeque<Refusal>>>);

/// One webhook that was refused.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// When it arrived.
    pub at_ms: Millis,
    /// Whom it claims to come from.
    pub provider: Provider,
    /// Why it was refused.
    pub reason: String,
}

impl RefusedWebhooks {
    /// Remembers a refusal. Only of sites that are there, so that strangers do not fill the memory.
    pub fn push(&self, site_id: &str, refusal: Refusal) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = all.entry(site_id.to_owned()).or_default();
        if kept.len() >= REFUSED_KEPT {
            kept.pop_front();
        }
        kept.push_back(refusal);
    }

    /// How many there were of a site since a time, and the last one of all; of one provider, or of any.
    pub fn since(
        &self,
        site_id: &str,
        provider: Option<Provider>,
        since_ms: Millis,
    ) -> (usize, Option<Refusal>) {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = all.get(site_id).into_iter().flatten();
        let mut kept = kept.filter(|refusal| provider.is_none_or(|asked| asked == refusal.provider));
        let count = kept.clone().filter(|refusal| refusal.at_ms >= since_ms).count();
        (count, kept.next_back().cloned())
    }
}
