//! The embedded engine: a log for durability, sled for everything that is read.
//!
//! sled 0.34 survives the death of the process but promises nothing when the machine loses power, so it is never
//! the only copy: the log is synced before anyone is answered, and sled is rebuilt from it whenever it will not
//! open.

mod apply;
mod ids;
mod key;
mod open;
mod read;
mod row;
mod session;
mod state;
mod writer;

use std::fs::{self, File};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use arc_swap::ArcSwap;
use tokio::sync::watch;

use super::log::Log;
use super::{
    Committed, CustomerKey, EventRow, IdentifyRow, NoticeRow, ReadError, ReportedPurchase, Session,
    SiteActivity, Span, Store,
};
use crate::catalogue::{Catalogue, SiteNumber};
use crate::clock::Clock;
use crate::payments::Order;
use crate::rates::Table;
use crate::record::Record;
use apply::Memory;
use ids::SeenIds;
use key::Kind;
pub use open::{Checked, OpenError, check, rebuild};
use open::{catch_up, lock, open_state, remember_ids};
use state::State;
use writer::{Queue, Writer};

/// What the writer and the readers share.
struct Shared {
    state: Arc<State>,
    memory: ArcSwap<Memory>,
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
        let memory = catch_up(&log_dir, &state, &mut seen)?;
        remember_ids(&log_dir, clock.now_ms(), &mut seen)?;
        let shared = Arc::new(Shared {
            state,
            memory: ArcSwap::from_pointee(memory),
            version: AtomicU64::new(log.next_sequence().saturating_sub(1)),
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

impl Store for Embedded {
    fn commit(&self, records: Vec<Record>) -> Committed {
        self.queue.submit(records)
    }

    fn catalogue(&self) -> Arc<Catalogue> {
        self.shared.memory.load().catalogue.clone()
    }

    fn rates(&self) -> Arc<Table> {
        self.shared.memory.load().rates.clone()
    }

    fn version(&self) -> u64 {
        self.shared.version.load(Ordering::Acquire)
    }

    fn events(&self, site: SiteNumber, span: Span, visit: &mut dyn FnMut(EventRow)) -> Result<(), ReadError> {
        self.shared.state.view().events(site, &span, visit)
    }

    fn sessions(
        &self,
        site: SiteNumber,
        span: Span,
        visit: &mut dyn FnMut(Session),
    ) -> Result<(), ReadError> {
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

    fn orders_of_customer(
        &self,
        site: SiteNumber,
        live: bool,
        key: &CustomerKey,
    ) -> Result<Vec<Order>, ReadError> {
        self.shared.state.view().orders_of_customer(site, live, key)
    }

    fn orders_of_subscription(
        &self,
        site: SiteNumber,
        live: bool,
        id: &str,
    ) -> Result<Vec<Order>, ReadError> {
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

#[cfg(test)]
mod tests;
