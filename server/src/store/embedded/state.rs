//! The derived data: sled beneath, the latest commits in memory above it.
//!
//! The writer puts what a commit changed into the `fresh` layer, in memory. A thread of its own moves that layer
//! down into sled in one atomic batch that also carries the sequence number of the last frame in it, so that sled
//! always holds exactly the frames up to that number. Hot rows are written once for many commits, no sender waits
//! for sled, and a reader sees fresh over `sinking` (on its way down) over sled: every commit before it began, and
//! at most single rows of commits that sink while it reads.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError, RwLock};
use std::time::Duration;

use imbl::OrdMap;
use sled::IVec;

use super::key;
use crate::store::ReadError;

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
/// The version of the rows; another one is rebuilt from the log.
const FORMAT: &[u8] = b"1";

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
        std::panic::catch_unwind(move || Self::open_unguarded(dir))
            .unwrap_or_else(|_| Err(StateError("sled panicked while opening".to_owned())))
    }

    fn open_unguarded(dir: PathBuf) -> Result<Arc<Self>, StateError> {
        let database = sled::Config::new()
            .path(dir)
            .cache_capacity(CACHE_BYTES)
            .flush_every_ms(Some(1_000))
            .mode(sled::Mode::HighThroughput)
            .open()?;
        let tree = database.open_tree("rows")?;
        let sequence = match tree.get(key::APPLIED)? {
            Some(bytes) => {
                if tree.get(key::FORMAT)?.as_deref() != Some(FORMAT) {
                    return Err(StateError("its rows have another format".to_owned()));
                }
                u64::from_be_bytes(
                    bytes.as_ref().try_into().map_err(|_| StateError("its sequence number is damaged".to_owned()))?,
                )
            }
            None if tree.is_empty() => 0,
            None => return Err(StateError("it has rows but no sequence number".to_owned())),
        };
        Ok(Arc::new(Self {
            tree,
            database,
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
        View { fresh: layers.fresh, sinking: layers.sinking, tree: self.tree.clone() }
    }

    /// Puts in what frame `sequence` changed; waits while sled is far behind.
    pub(super) fn put(&self, sequence: u64, changes: BTreeMap<Bytes, Option<Bytes>>) -> Result<(), StateError> {
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
                drop(self.sunk.wait_while(sink, |sink| {
                    sink.sequence == before && sink.failed.is_none() && !sink.stop
                }));
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
            let mut batch = sled::Batch::default();
            for (key, value) in &layer {
                match value {
                    Some(value) => batch.insert(key, value),
                    None => batch.remove(key),
                }
            }
            batch.insert(key::APPLIED, &sequence.to_be_bytes());
            batch.insert(key::FORMAT, FORMAT);
            self.tree.apply_batch(batch)?;
        }
        drop(layer);
        self.layers.write().unwrap_or_else(PoisonError::into_inner).sinking = Layer::default();
        Ok(sequence)
    }

    /// Sinks until [`State::stop`]; the body of the sinking thread.
    pub(super) fn sink_until_stopped(&self) {
        loop {
            let sink = self.sink.lock().unwrap_or_else(PoisonError::into_inner);
            let (mut sink, _) = self
                .wake
                .wait_timeout_while(sink, SINK_INTERVAL, |sink| !sink.asked && !sink.stop)
                .unwrap_or_else(PoisonError::into_inner);
            sink.asked = false;
            let stop = sink.stop;
            drop(sink);
            let result = self.sink_once();
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

    /// Asks the sinking thread to sink once more and end.
    pub(super) fn stop(&self) {
        self.sink.lock().unwrap_or_else(PoisonError::into_inner).stop = true;
        self.wake.notify_one();
    }

    /// Sinks everything and syncs sled, for a clean end.
    pub(super) fn close(&self) -> Result<(), StateError> {
        self.sink_once()?;
        self.database.flush()?;
        Ok(())
    }
}

fn remove_partial_snapshots(dir: &Path) -> Result<(), StateError> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Ok(()) };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("snap.") && name.ends_with(".generating") {
            std::fs::remove_file(entry.path()).map_err(|error| StateError(error.to_string()))?;
        }
    }
    Ok(())
}

/// The derived data as a reader sees it.
#[derive(Clone)]
pub(super) struct View {
    fresh: Layer,
    sinking: Layer,
    tree: sled::Tree,
}

impl View {
    /// The value of a key.
    pub(super) fn get(&self, key: &[u8]) -> Result<Option<Bytes>, ReadError> {
        for layer in [&self.fresh, &self.sinking] {
            if let Some(value) = layer.get(key) {
                return Ok(value.clone());
            }
        }
        Ok(self.tree.get(key)?)
    }

    /// The rows from `from` (inclusive) to `to` (exclusive), by key.
    pub(super) fn range(&self, from: &[u8], to: &[u8]) -> Merge<'_> {
        let bounds = (Bound::Included(Bytes::from(from)), Bound::Excluded(Bytes::from(to)));
        let below = self.tree.range(from.to_vec()..to.to_vec());
        Merge {
            layers: [
                layer_rows(&self.fresh, bounds.clone()).peekable(),
                layer_rows(&self.sinking, bounds).peekable(),
                (Box::new(below.map(|row| row.map(|(key, value)| (key, Some(value))).map_err(ReadError::from)))
                    as Rows<'_>)
                    .peekable(),
            ],
        }
    }

    /// The rows whose keys begin with `prefix`, by key.
    pub(super) fn prefixed(&self, prefix: &[u8]) -> Merge<'_> {
        self.range(prefix, &key::after_prefix(prefix))
    }

    /// The last row whose key begins with `prefix`.
    pub(super) fn last(&self, prefix: &[u8]) -> Result<Option<(Bytes, Bytes)>, ReadError> {
        let mut to = key::after_prefix(prefix);
        loop {
            let mut best: Option<(Bytes, Option<Bytes>)> =
                self.tree.range(prefix.to_vec()..to.clone()).next_back().transpose()?.map(|(key, value)| (key, Some(value)));
            for layer in [&self.sinking, &self.fresh] {
                let bounds = (Bound::Included(Bytes::from(prefix)), Bound::Excluded(Bytes::from(to.as_slice())));
                if let Some((key, value)) = layer.range(bounds).next_back()
                    && best.as_ref().is_none_or(|(found, _)| key >= found)
                {
                    best = Some((key.clone(), value.clone()));
                }
            }
            match best {
                None => return Ok(None),
                Some((key, Some(value))) => return Ok(Some((key, value))),
                Some((key, None)) => to = key.to_vec(),
            }
        }
    }
}

type Row = Result<(Bytes, Option<Bytes>), ReadError>;
type Rows<'a> = Box<dyn Iterator<Item = Row> + 'a>;

fn layer_rows(layer: &Layer, bounds: (Bound<Bytes>, Bound<Bytes>)) -> Rows<'_> {
    Box::new(layer.range(bounds).map(|(key, value)| Ok((key.clone(), value.clone()))))
}

/// Rows of several layers in one order; an upper layer's row hides those below it.
pub(super) struct Merge<'a> {
    layers: [Peekable<Rows<'a>>; 3],
}

impl Iterator for Merge<'_> {
    type Item = Result<(Bytes, Bytes), ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let mut smallest: Option<Bytes> = None;
            for layer in &mut self.layers {
                match layer.peek() {
                    Some(Err(error)) => return Some(Err(error.clone())),
                    Some(Ok((key, _))) if smallest.as_ref().is_none_or(|found| key < found) => {
                        smallest = Some(key.clone());
                    }
                    _ => {}
                }
            }
            let key = smallest?;
            let mut shown: Option<Option<Bytes>> = None;
            for layer in &mut self.layers {
                let here = layer.next_if(|row| matches!(row, Ok((found, _)) if *found == key));
                if let (None, Some(Ok((_, value)))) = (&shown, here) {
                    shown = Some(value);
                }
            }
            if let Some(Some(value)) = shown {
                return Some(Ok((key, value)));
            }
        }
    }
}

/// A snapshot with changes of its own on top, which nobody else sees yet.
pub(super) struct Draft<'a> {
    view: &'a View,
    changes: BTreeMap<Bytes, Option<Bytes>>,
}

impl<'a> Draft<'a> {
    /// A draft without changes.
    pub(super) fn new(view: &'a View) -> Self {
        Self { view, changes: BTreeMap::new() }
    }

    /// The value of a key, the draft's own changes first.
    pub(super) fn get(&self, key: &[u8]) -> Result<Option<Bytes>, ReadError> {
        match self.changes.get(key) {
            Some(value) => Ok(value.clone()),
            None => self.view.get(key),
        }
    }

    /// Puts a row in.
    pub(super) fn put(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.changes.insert(Bytes::from(key), Some(Bytes::from(value)));
    }

    /// Takes a row out.
    pub(super) fn remove(&mut self, key: Vec<u8>) {
        self.changes.insert(Bytes::from(key), None);
    }

    /// The rows whose keys begin with `prefix`, the draft's own changes first.
    pub(super) fn prefixed(&self, prefix: &[u8]) -> Result<Vec<(Bytes, Bytes)>, ReadError> {
        let mut rows: BTreeMap<Bytes, Option<Bytes>> = BTreeMap::new();
        for row in self.view.prefixed(prefix) {
            let (key, value) = row?;
            rows.insert(key, Some(value));
        }
        let bounds = (Bound::Included(Bytes::from(prefix)), Bound::Excluded(Bytes::from(key::after_prefix(prefix))));
        for (key, value) in self.changes.range(bounds) {
            rows.insert(key.clone(), value.clone());
        }
        Ok(rows.into_iter().filter_map(|(key, value)| Some((key, value?))).collect())
    }

    /// All changes.
    pub(super) fn into_changes(self) -> BTreeMap<Bytes, Option<Bytes>> {
        self.changes
    }
}

#[cfg(test)]
mod tests;
