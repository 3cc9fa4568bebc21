//! Opening a data directory: the lock, the log, sled brought up to it or built anew.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fs4::fs_std::FileExt;

use super::Embedded;
use super::apply::{self, Batch, Memory};
use super::ids::SeenIds;
use super::state::{State, StateError};
use crate::clock::{Clock, Millis};
use crate::payments::read_again;
use crate::record::Record;
use crate::store::ReadError;
use crate::store::log::{self, LogError};

/// Why a data directory could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it.
    #[error(
        "the data directory {0} is in use by a running server; stop it first, or talk to it with --url and ENGAGETRACK_API_KEY"
    )]
    InUse(PathBuf),
    /// The file system refused.
    #[error(
        "the data directory {path} cannot be used: {source}; choose another with --data-dir or mend its permissions"
    )]
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

pub(super) fn lock(dir: &Path) -> Result<File, OpenError> {
    let path = dir.join("lock");
    let io = |source| OpenError::Io { path: dir.to_owned(), source };
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path).map_err(io)?;
    if !file.try_lock_exclusive().map_err(io)? {
        return Err(OpenError::InUse(dir.to_owned()));
    }
    Ok(file)
}

/// Opens sled; one that will not open, or that knows more than the log, is put aside.
pub(super) fn open_state(dir: &Path, next_sequence: u64) -> Result<Arc<State>, OpenError> {
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
pub(super) fn catch_up(log_dir: &Path, state: &State, seen: &mut SeenIds) -> Result<Memory, OpenError> {
    let mut memory = apply::load(&state.view())?;
    let mut records_done = 0_u64;
    log::replay(log_dir, state.sequence().saturating_add(1), |sequence, records| {
        let view = state.view();
        let before = records_done;
        records_done = records_done.saturating_add(records.len() as u64);
        let mut batch = Batch::replaying(&view, std::mem::take(&mut memory), seen);
        for record in records {
            batch.take(today(record))?;
        }
        let applied = batch.finish();
        memory = applied.memory;
        drop(view);
        state.put(sequence, applied.changes)?;
        if before / 500_000 != records_done / 500_000 {
            tracing::info!(records = records_done, "bringing the derived data up to the log");
        }
        Ok::<(), OpenError>(())
    })?;
    Ok(memory)
}

/// A record as the code of today understands it: kept webhooks are read again, so that what is mended in a reader holds
/// for what came before.
fn today(record: Record) -> Record {
    match record {
        Record::Notice(notice) => Record::Notice(Box::new(read_again(*notice))),
        Record::Event(_)
        | Record::Identify(_)
        | Record::Withdrawal(_)
        | Record::Put { .. }
        | Record::Remove(_)
        | Record::Rates(_) => record,
    }
}

/// Remembers the ids of the last days from the log.
pub(super) fn remember_ids(log_dir: &Path, now_ms: Millis, seen: &mut SeenIds) -> Result<(), OpenError> {
    let horizon_ms = SeenIds::horizon_ms(now_ms);
    let from = log::first_sequence_since(log_dir, horizon_ms)?;
    log::replay(log_dir, from, |_, records| {
        for record in records {
            let (site, id, received_ms) = match &record {
                Record::Event(event) if event.has_own_id => (event.site, &event.event_id, event.received_ms),
                Record::Identify(identify) if identify.has_own_id => {
                    (identify.site, &identify.event_id, identify.received_ms)
                }
                Record::Event(_)
                | Record::Identify(_)
                | Record::Notice(_)
                | Record::Withdrawal(_)
                | Record::Put { .. }
                | Record::Remove(_)
                | Record::Rates(_) => continue,
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
