//! The embedded engine: a log for durability, sled for everything that is read.
//!
//! sled 0.34 survives the death of the process but promises nothing when the machine loses power, so it is never
//! the only copy: the log is synced before anyone is answered, and sled is rebuilt from it whenever it will not
//! open.

mod apply;
mod ids;
mod key;
mod read;
mod row;
mod session;
mod state;
mod writer;

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use arc_swap::ArcSwap;
use fs4::fs_std::FileExt;
use tokio::sync::watch;

use super::log::{self, Log, LogError};
use super::{
    Committed, CustomerKey, EventRow, IdentifyRow, NoticeRow, ReadError, ReportedPurchase, Session, SiteActivity, Span,
    Store, Unavailable,
};
use crate::catalogue::{Catalogue, SiteNumber};
use crate::clock::{Clock, Millis};
use crate::payments::Order;
use crate::record::Record;
use apply::Batch;
use ids::SeenIds;
use key::Kind;
use state::{State, StateError};
use writer::{Queue, Writer};

/// Why a data directory could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it.
    #[error(
        "the data directory {0} is in use by a running server; stop it first, or talk to it with --url and ENGAGETRACK_API_KEY"
    )]
    InUse(PathBuf),
    /// The file system refused.
    #[error("the data directory {path} cannot be used: {source}; choose another with --data-dir or mend its permissions")]
    Io {
        /// The directory.
        path: PathBuf,
        /// What the file system said.
        source: std::io::Error,
    },
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The derived data cannot be used, not even built anew.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The derived data cannot be written.
    #[error("{0}")]
    State(String),
}

impl From<StateError> for OpenError {
    fn from(error: StateError) -> Self {
        Self::State(error.to_string())
    }
}

/// What the writer and the readers share.
struct Shared {
    state: Arc<State>,
    catalogue: ArcSwap<Catalogue>,
    version: AtomicU64,
    failure: watch::Sender<Option<String>>,
}

/// The embedded engine, open; its directory is locked as long as it lives.
pub struct Embedded {
    shared: Arc<Shared>,
    queue: Queue,
    threads: Mutex<Vec<JoinHandle<()>>>,
    _lock: File,
}

impl Embedded {
    /// Opens a data directory, made if it is not there. Sled is brought up to the log; where it cannot be used it
    /// is put aside and built anew, which may take a while and says so.
    pub fn open(dir: &Path, clock: &Clock) -> Result<Arc<Self>, OpenError> {
        let io = |source| OpenError::Io { path: dir.to_owned(), source };
        fs::create_dir_all(dir).map_err(io)?;
        let lock = lock(dir)?;
        let log_dir = dir.join("log");
        let log = Log::open(&log_dir)?;
        let state = open_state(dir, log.next_sequence())?;
        let sinking = state.clone();
        let sink_thread = std::thread::Builder::new()
            .name("sink".to_owned())
            .spawn(move || sinking.sink_until_stopped())
            .map_err(io)?;
        let mut seen = SeenIds::default();
        let catalogue = catch_up(&log_dir, &state, &mut seen)?;
        remember_ids(&log_dir, clock.now_ms(), &mut seen)?;
        let shared = Arc::new(Shared {
            state,
            catalogue: ArcSwap::from_pointee(catalogue),
            version: AtomicU64::new(log.next_sequence()),
            failure: watch::Sender::new(None),
        });
        let (queue, writer) = Writer::new(log, shared.clone(), seen, clock.clone());
        let write_thread =
            std::thread::Builder::new().name("writer".to_owned()).spawn(move || writer.run()).map_err(io)?;
        let threads = Mutex::new(vec![write_thread, sink_thread]);
        Ok(Arc::new(Self { shared, queue, threads, _lock: lock }))
    }

    /// Tells, once, why the store stopped acknowledging; whoever serves must then end.
    pub fn failure(&self) -> watch::Receiver<Option<String>> {
        self.shared.failure.subscribe()
    }

    /// Commits what is queued, sinks everything and ends the threads. Later commits are refused.
    pub fn close(&self) {
        self.queue.close();
        self.shared.state.stop();
        for thread in self.threads.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread of the store panicked; the log is whole");
            }
        }
        if let Err(error) = self.shared.state.close() {
            tracing::warn!(%error, "sled could not be closed; it will be brought up from the log");
        }
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        self.close();
    }
}

fn lock(dir: &Path) -> Result<File, OpenError> {
    let path = dir.join("lock");
    let io = |source| OpenError::Io { path: dir.to_owned(), source };
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path).map_err(io)?;
    if !file.try_lock_exclusive().map_err(io)? {
        return Err(OpenError::InUse(dir.to_owned()));
    }
    Ok(file)
}

/// Opens sled; one that will not open, or that knows more than the log, is put aside.
fn open_state(dir: &Path, next_sequence: u64) -> Result<Arc<State>, OpenError> {
    let path = dir.join("state");
    match State::open(&path) {
        Ok(state) if state.sequence() < next_sequence => return Ok(state),
        Ok(_) => tracing::warn!("the derived data is ahead of the log; it is put aside and rebuilt"),
        Err(error) => tracing::warn!(%error, "the derived data is put aside and rebuilt from the log"),
    }
    let aside = dir.join("state.aside");
    let io = |source| OpenError::Io { path: dir.to_owned(), source };
    if aside.exists() {
        fs::remove_dir_all(&aside).map_err(io)?;
    }
    fs::rename(&path, &aside).map_err(io)?;
    Ok(State::open(&path)?)
}

/// Applies the frames that sled does not hold yet.
fn catch_up(log_dir: &Path, state: &State, seen: &mut SeenIds) -> Result<Catalogue, OpenError> {
    let mut catalogue = apply::load_catalogue(&state.view())?;
    let mut records_done = 0_u64;
    log::replay(log_dir, state.sequence().saturating_add(1), |sequence, records| {
        let view = state.view();
        let before = records_done;
        records_done = records_done.saturating_add(records.len() as u64);
        let mut batch = Batch::replaying(&view, std::mem::take(&mut catalogue), seen);
        for record in records {
            batch.take(record)?;
        }
        let applied = batch.finish();
        catalogue = applied.catalogue;
        drop(view);
        state.put(sequence, applied.changes)?;
        if before / 500_000 != records_done / 500_000 {
            tracing::info!(records = records_done, "bringing the derived data up to the log");
        }
        Ok::<(), OpenError>(())
    })?;
    Ok(catalogue)
}

/// Remembers the ids of the last days from the log.
fn remember_ids(log_dir: &Path, now_ms: Millis, seen: &mut SeenIds) -> Result<(), OpenError> {
    let horizon_ms = SeenIds::horizon_ms(now_ms);
    let from = log::first_sequence_since(log_dir, horizon_ms)?;
    log::replay(log_dir, from, |_, records| {
        for record in records {
            let (site, id, received_ms) = match &record {
                Record::Event(event) if event.has_own_id => (event.site, &event.event_id, event.received_ms),
                Record::Identify(identify) if identify.has_own_id => {
                    (identify.site, &identify.event_id, identify.received_ms)
                }
                _ => continue,
            };
            if received_ms >= horizon_ms {
                seen.insert(site, id, received_ms);
            }
        }
        Ok::<(), OpenError>(())
    })
}

/// Throws the derived data away and builds it anew from the log; the directory must not be in use.
pub fn rebuild(dir: &Path, clock: &Clock) -> Result<(), OpenError> {
    let held = lock(dir)?;
    let state = dir.join("state");
    if state.exists() {
        fs::remove_dir_all(&state).map_err(|source| OpenError::Io { path: state.clone(), source })?;
    }
    drop(held);
    Embedded::open(dir, clock)?.close();
    Ok(())
}

/// What a data directory holds, as [`check`] found it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Frames of the log that were read whole.
    pub frames: u64,
    /// Records in them.
    pub records: u64,
    /// Bytes of the log.
    pub log_bytes: u64,
}

/// Reads the whole log of a directory and names the first damage; the directory must not be in use.
pub fn check(dir: &Path) -> Result<Checked, OpenError> {
    let _held = lock(dir)?;
    let log_dir = dir.join("log");
    let mut checked = Checked { log_bytes: log::bytes_on_disk(&log_dir)?, ..Checked::default() };
    log::replay(&log_dir, 0, |_, records| {
        checked.frames = checked.frames.saturating_add(1);
        checked.records = checked.records.saturating_add(records.len() as u64);
        Ok::<(), OpenError>(())
    })?;
    Ok(checked)
}

impl Store for Embedded {
    fn commit(&self, records: Vec<Record>) -> Committed {
        self.queue.submit(records)
    }

    fn catalogue(&self) -> Arc<Catalogue> {
        self.shared.catalogue.load_full()
    }

    fn version(&self) -> u64 {
        self.shared.version.load(Ordering::Acquire)
    }

    fn events(&self, site: SiteNumber, span: Span, visit: &mut dyn FnMut(EventRow)) -> Result<(), ReadError> {
        self.shared.state.view().events(site, &span, visit)
    }

    fn sessions(&self, site: SiteNumber, span: Span, visit: &mut dyn FnMut(Session)) -> Result<(), ReadError> {
        self.shared.state.view().sessions(site, &span, visit)
    }

    fn sessions_of(&self, site: SiteNumber, visitor: &str) -> Result<Vec<Session>, ReadError> {
        self.shared.state.view().sessions_of(site, visitor)
    }

    fn sessions_named(&self, site: SiteNumber, session: &str) -> Result<Vec<Session>, ReadError> {
        self.shared.state.view().sessions_named(site, session)
    }

    fn identifies_of(&self, site: SiteNumber, visitor: &str) -> Result<Vec<IdentifyRow>, ReadError> {
        self.shared.state.view().identifies(Kind::Identify, site, visitor)
    }

    fn identifies_of_user(&self, site: SiteNumber, user: &str) -> Result<Vec<IdentifyRow>, ReadError> {
        self.shared.state.view().identifies(Kind::IdentifyUser, site, user)
    }

    fn identifies_of_email(&self, site: SiteNumber, email_hash: &str) -> Result<Vec<IdentifyRow>, ReadError> {
        self.shared.state.view().identifies(Kind::IdentifyEmail, site, email_hash)
    }

    fn orders(&self, site: SiteNumber, live: bool, span: Span) -> Result<Vec<Order>, ReadError> {
        self.shared.state.view().orders(site, live, &span)
    }

    fn order(&self, site: SiteNumber, live: bool, id: &str) -> Result<Option<Order>, ReadError> {
        self.shared.state.view().order(site, live, id)
    }

    fn orders_of_merchant_id(&self, site: SiteNumber, live: bool, id: &str) -> Result<Vec<Order>, ReadError> {
        self.shared.state.view().orders_of_merchant_id(site, live, id)
    }

    fn orders_of_customer(&self, site: SiteNumber, live: bool, key: &CustomerKey) -> Result<Vec<Order>, ReadError> {
        self.shared.state.view().orders_of_customer(site, live, key)
    }

    fn orders_of_subscription(&self, site: SiteNumber, live: bool, id: &str) -> Result<Vec<Order>, ReadError> {
        self.shared.state.view().orders_of_subscription(site, live, id)
    }

    fn notices_of(&self, site: SiteNumber, order: &Order) -> Result<Vec<NoticeRow>, ReadError> {
        self.shared.state.view().notices_of(site, order)
    }

    fn purchases(&self, site: SiteNumber, span: Span) -> Result<Vec<ReportedPurchase>, ReadError> {
        self.shared.state.view().purchases(site, &span)
    }

    fn purchases_of(&self, site: SiteNumber, order_id: &str) -> Result<Vec<ReportedPurchase>, ReadError> {
        self.shared.state.view().purchases_of(site, order_id)
    }

    fn is_withdrawn(&self, site: SiteNumber, order_id: &str) -> Result<bool, ReadError> {
        self.shared.state.view().is_withdrawn(site, order_id)
    }

    fn activity(&self, site: SiteNumber) -> Result<SiteActivity, ReadError> {
        self.shared.state.view().activity(site)
    }

    fn spelling(&self, site: SiteNumber, dimension: &str, folded: &str) -> Result<Option<String>, ReadError> {
        self.shared.state.view().spelling(site, dimension, folded)
    }
}

impl From<Unavailable> for OpenError {
    fn from(error: Unavailable) -> Self {
        Self::State(error.to_string())
    }
}

#[cfg(test)]
mod tests;
