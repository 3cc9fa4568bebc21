//! The derived data: sled beneath, the latest commits in memory above it.
//!
//! The writer puts what a commit changed into the `fresh` layer, in memory. A thread of its own sinks that layer into
//! sled: the layer is written to a file (see [`redo`]), a mark is set in sled, the rows go in one by one, and a last
//! batch takes the mark off and sets the sequence number of the last frame. A sled that is found with the mark is
//! completed from the file, so sled always holds exactly the frames up to that number. One large batch instead would
//! hold up every reader, and the writer among them, until it is in. Hot rows are written once for many commits, no
//! sender waits for sled, and a reader sees fresh over `sinking` (on its way down) over sled: every commit before it began, and
//! at most single rows of commits that sink while it reads.

mod redo;
mod view;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, PoisonError, RwLock};
use std::time::Duration;

use imbl::OrdMap;
use sled::IVec;

use super::key;
use crate::store::ReadError;
use redo::Redo;
pub(super) use view::{Draft, View};

/// A row's key or value.
pub(super) type Bytes = IVec;
/// A value, or the mark that there is none any more.
type Layer = OrdMap<Bytes, Option<Bytes>>;

/// Rows in the fresh layer at which it is sunk without waiting for the interval.
const SINK_ROWS: usize = 8_192;
/// How often the fresh layer is sunk when little happens.
const SINK_INTERVAL: Duration = Duration::from_millis(500);
/// Rows in the fresh layer at which the writer waits for sled to catch up.
const FRESH_ROWS_AT_MOST: usize = 400_000;
/// sled's own cache. Plan memory as twice this plus 35 MB per million keys.
const CACHE_BYTES: u64 = 64 * 1024 * 1024;
/// Sinks after which sled is flushed and its redo files are removed.
const SINKS_PER_FLUSH: u32 = 8;
/// How often, and after which pause, a locked sled is tried again.
const LOCK_TRIES: u32 = 500;
const LOCK_PAUSE: Duration = Duration::from_millis(10);
/// The version of the rows; another one is rebuilt from the log.
const FORMAT: &[u8] = b"3";

/// Why sled could not be used; the remedy is always to rebuild from the log.
#[derive(Debug, thiserror::Error)]
#[error("the derived data cannot be used: {0}")]
pub(super) struct StateError(pub(super) String);

impl From<sled::Error> for StateError {
    fn from(error: sled::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<sled::Error> for ReadError {
    fn from(error: sled::Error) -> Self {
        Self(error.to_string())
    }
}

#[derive(Clone, Default)]
struct Layers {
    fresh: Layer,
    sinking: Layer,
    /// The last frame that the fresh layer holds.
    sequence: u64,
}

/// The derived data, open.
pub(super) struct State {
    tree: sled::Tree,
    database: sled::Db,
    redo: Redo,
    layers: RwLock<Layers>,
    sink: Mutex<Sink>,
    wake: Condvar,
    sunk: Condvar,
}

#[derive(Default)]
struct Sink {
    stop: bool,
    asked: bool,
    failed: Option<String>,
    /// The last frame that sled holds.
    sequence: u64,
}

impl State {
    /// Opens sled in a folder, under `catch_unwind`, since it panics on some damage.
    ///
    /// A partial snapshot that a crash left behind blocks sled; it is removed first, under our own lock.
    pub(super) fn open(dir: &Path) -> Result<Arc<Self>, StateError> {
        remove_partial_snapshots(dir)?;
        let dir = dir.to_owned();
        std::panic::catch_unwind(move || Self::open_unguarded(&dir))
            .unwrap_or_else(|_| Err(StateError("sled panicked while opening".to_owned())))
    }

    fn open_unguarded(dir: &Path) -> Result<Arc<Self>, StateError> {
        let database = open_database(&dir.join("sled"))?;
        let tree = database.open_tree("rows")?;
        let redo = Redo::open(&dir.join("redo"))?;
        let sequence = match number(&tree, key::APPLIED)? {
            Some(_) if tree.get(key::FORMAT)?.as_deref() != Some(FORMAT) => {
                return Err(StateError("its rows have another format".to_owned()));
            }
            applied => match number(&tree, key::SINKING)? {
                Some(sequence) => complete(&tree, &redo, sequence)?,
                None if applied.is_none() && !tree.is_empty() => {
                    return Err(StateError("it has rows but no sequence number".to_owned()));
                }
                None => applied.unwrap_or(0),
            },
        };
        Ok(Arc::new(Self {
            tree,
            database,
            redo,
            layers: RwLock::new(Layers { sequence, ..Layers::default() }),
            sink: Mutex::new(Sink { sequence, ..Sink::default() }),
            wake: Condvar::new(),
            sunk: Condvar::new(),
        }))
    }

    /// The last frame whose changes are in.
    pub(super) fn sequence(&self) -> u64 {
        self.layers.read().unwrap_or_else(PoisonError::into_inner).sequence
    }

    /// A snapshot to read from.
    pub(super) fn view(&self) -> View {
        let layers = self.layers.read().unwrap_or_else(PoisonError::into_inner).clone();
        View::new(layers.fresh, layers.sinking, self.tree.clone())
    }

    /// Puts in what frame `sequence` changed; waits while sled is far behind.
    pub(super) fn put(
        &self,
        sequence: u64,
        changes: BTreeMap<Bytes, Option<Bytes>>,
    ) -> Result<(), StateError> {
        let rows = {
            let mut layers = self.layers.write().unwrap_or_else(PoisonError::into_inner);
            for (key, value) in changes {
                layers.fresh.insert(key, value);
            }
            layers.sequence = sequence;
            layers.fresh.len()
        };
        if rows >= SINK_ROWS {
            let mut sink = self.sink.lock().unwrap_or_else(PoisonError::into_inner);
            sink.asked = true;
            self.wake.notify_one();
            if let Some(reason) = &sink.failed {
                return Err(StateError(reason.clone()));
            }
            if rows >= FRESH_ROWS_AT_MOST {
                let before = sink.sequence;
                drop(
                    self.sunk.wait_while(sink, |sink| {
                        sink.sequence == before && sink.failed.is_none() && !sink.stop
                    }),
                );
            }
        }
        Ok(())
    }

    /// Moves the fresh layer down into sled, in one atomic batch.
    fn sink_once(&self) -> Result<u64, StateError> {
        let (layer, sequence) = {
            let mut layers = self.layers.write().unwrap_or_else(PoisonError::into_inner);
            layers.sinking = std::mem::take(&mut layers.fresh);
            (layers.sinking.clone(), layers.sequence)
        };
        if !layer.is_empty() {
            self.redo.write(sequence, &layer)?;
            self.tree.insert(key::SINKING, &sequence.to_be_bytes())?;
            put_rows(&self.tree, layer.iter().map(|(key, value)| (&key[..], value.as_deref())))?;
            finish(&self.tree, sequence)?;
        }
        drop(layer);
        self.layers.write().unwrap_or_else(PoisonError::into_inner).sinking = Layer::default();
        Ok(sequence)
    }

    /// Sinks until [`State::stop`]; the body of the sinking thread.
    pub(super) fn sink_until_stopped(&self) {
        let mut sinks = 0_u32;
        loop {
            let sink = self.sink.lock().unwrap_or_else(PoisonError::into_inner);
            let (mut sink, _) = self
                .wake
                .wait_timeout_while(sink, SINK_INTERVAL, |sink| !sink.asked && !sink.stop)
                .unwrap_or_else(PoisonError::into_inner);
            sink.asked = false;
            let stop = sink.stop;
            drop(sink);
            let mut result = self.sink_once();
            sinks = sinks.wrapping_add(1);
            if let Ok(sequence) = result
                && sinks.is_multiple_of(SINKS_PER_FLUSH)
            {
                result = self.forget_redo(sequence).map(|()| sequence);
            }
            let mut sink = self.sink.lock().unwrap_or_else(PoisonError::into_inner);
            match result {
                Ok(sequence) => sink.sequence = sequence,
                Err(error) => {
                    tracing::error!(%error, "sled refused a batch; the log is whole and a restart rebuilds from it");
                    sink.failed = Some(error.to_string());
                }
            }
            let failed = sink.failed.is_some();
            drop(sink);
            self.sunk.notify_all();
            if stop || failed {
                return;
            }
        }
    }

    /// Once sled has written everything up to `sequence`, nothing of it will have to be completed.
    fn forget_redo(&self, sequence: u64) -> Result<(), StateError> {
        self.database.flush()?;
        self.redo.forget(sequence)
    }

    /// Asks the sinking thread to sink once more and end.
    pub(super) fn stop(&self) {
        self.sink.lock().unwrap_or_else(PoisonError::into_inner).stop = true;
        self.wake.notify_one();
    }

    /// Sinks everything and syncs sled, for a clean end.
    pub(super) fn close(&self) -> Result<(), StateError> {
        let sequence = self.sink_once()?;
        self.forget_redo(sequence)
    }
}

/// A number that stands under a key.
fn number(tree: &sled::Tree, key: &[u8]) -> Result<Option<u64>, StateError> {
    let Some(bytes) = tree.get(key)? else { return Ok(None) };
    let bytes =
        bytes.as_ref().try_into().map_err(|_| StateError("a sequence number is damaged".to_owned()))?;
    Ok(Some(u64::from_be_bytes(bytes)))
}

/// Completes a sinking that a crash broke off.
fn complete(tree: &sled::Tree, redo: &Redo, sequence: u64) -> Result<u64, StateError> {
    let rows = redo.read(sequence)?;
    put_rows(tree, rows.iter().map(|(key, value)| (&key[..], value.as_deref())))?;
    finish(tree, sequence)?;
    Ok(sequence)
}

fn put_rows<'a>(
    tree: &sled::Tree,
    rows: impl Iterator<Item = (&'a [u8], Option<&'a [u8]>)>,
) -> Result<(), StateError> {
    for (key, value) in rows {
        match value {
            Some(value) => tree.insert(key, value)?,
            None => tree.remove(key)?,
        };
    }
    Ok(())
}

fn finish(tree: &sled::Tree, sequence: u64) -> Result<(), StateError> {
    let mut batch = sled::Batch::default();
    batch.insert(key::APPLIED, &sequence.to_be_bytes());
    batch.insert(key::FORMAT, FORMAT);
    batch.remove(key::SINKING);
    tree.apply_batch(batch)?;
    Ok(())
}

/// Opens sled. The process that let go of it a moment ago, this one included, may not have ended all its threads
/// yet: the directory's own lock is ours, so that is waited for.
fn open_database(dir: &Path) -> Result<sled::Db, sled::Error> {
    let config = sled::Config::new()
        .path(dir)
        .cache_capacity(CACHE_BYTES)
        .flush_every_ms(Some(1_000))
        .mode(sled::Mode::HighThroughput);
    for _ in 0..LOCK_TRIES {
        match config.open() {
            Err(sled::Error::Io(error)) if error.to_string().contains("could not acquire lock") => {
                std::thread::sleep(LOCK_PAUSE);
            }
            opened => return opened,
        }
    }
    config.open()
}

fn remove_partial_snapshots(dir: &Path) -> Result<(), StateError> {
    let Ok(entries) = std::fs::read_dir(dir.join("sled")) else { return Ok(()) };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("snap.") && name.ends_with(".generating") {
            std::fs::remove_file(entry.path()).map_err(|error| StateError(error.to_string()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
