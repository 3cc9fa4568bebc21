//! The log of records: the truth, append-only, written and synced before anyone is answered.
//!
//! A log is a folder of segments, each named by the sequence number of its first frame. One group commit is one
//! frame (see `frame`). A segment is born by writing its header, syncing it and syncing the folder, so that its
//! name survives a crash before its first frame does. A torn tail of the last segment is cut at open; a bad frame
//! with good ones behind it is an error that names the place, never skipped.

mod frame;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::record::Record;
use frame::{Bad, Frame};

/// Bytes after which a new segment is begun.
pub const SEGMENT_BYTES: u64 = 64 * 1024 * 1024;

const HEADER: &[u8; 8] = b"ETLOG\0\0\x01";
const HEADER_BYTES: u64 = 8;

/// Why the log could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The file system refused.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// A frame in the middle is damaged.
    #[error(
        "{path}: the frame at byte {offset} is damaged ({reason}) and good frames follow it; \
         restore the segment from a backup, or move it away to go on without it"
    )]
    Damaged {
        /// The segment.
        path: PathBuf,
        /// Where.
        offset: u64,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The records cannot be turned into bytes or back.
    #[error("{path}: a record cannot be read or written: {reason}")]
    Codec {
        /// The segment.
        path: PathBuf,
        /// What the codec said.
        reason: String,
    },
}

fn io_error(path: &Path) -> impl FnOnce(io::Error) -> LogError + '_ {
    move |source| LogError::Io { path: path.to_owned(), source }
}

/// The log, open for appending.
pub struct Log {
    dir: PathBuf,
    path: PathBuf,
    file: File,
    bytes: u64,
    next_sequence: u64,
    segment_bytes: u64,
    encoder: frame::Encoder,
}

impl Log {
    /// Opens the log of a folder, made if it is not there; a torn tail is cut.
    pub fn open(dir: &Path) -> Result<Self, LogError> {
        Self::open_with(dir, SEGMENT_BYTES)
    }

    /// As [`Log::open`], with another size of segments.
    pub fn open_with(dir: &Path, segment_bytes: u64) -> Result<Self, LogError> {
        fs::create_dir_all(dir).map_err(io_error(dir))?;
        let last = segments(dir)?.pop();
        let (path, file, bytes, next_sequence) = if let Some((first, path)) = last {
            let (bytes, next_sequence) = cut_tail(&path, first)?;
            let file = OpenOptions::new().append(true).open(&path).map_err(io_error(&path))?;
            (path, file, bytes, next_sequence)
        } else {
            let (path, file) = begin_segment(dir, 1)?;
            (path, file, HEADER_BYTES, 1)
        };
        let encoder = frame::Encoder::start().map_err(io_error(&path))?;
        Ok(Self { dir: dir.to_owned(), path, file, bytes, next_sequence, segment_bytes, encoder })
    }

    /// The sequence number that the next frame will have.
    pub fn next_sequence(&self) -> u64 {
        self.next_sequence
    }

    /// Appends one frame and returns its sequence number once it is durable.
    ///
    /// After an error the log must not be written again: what is on the disk is not known any more.
    pub fn append(&mut self, records: &[Record]) -> Result<u64, LogError> {
        if self.bytes >= self.segment_bytes {
            (self.path, self.file) = begin_segment(&self.dir, self.next_sequence)?;
            self.bytes = HEADER_BYTES;
        }
        let sequence = self.next_sequence;
        let bytes = self
            .encoder
            .encode(sequence, records)
            .map_err(|reason| LogError::Codec { path: self.path.clone(), reason })?;
        self.file.write_all(bytes).map_err(io_error(&self.path))?;
        self.file.sync_data().map_err(io_error(&self.path))?;
        self.bytes = self.bytes.saturating_add(bytes.len() as u64);
        self.next_sequence = sequence.saturating_add(1);
        Ok(sequence)
    }
}

/// Reads every frame from sequence number `from` on, in order, and gives its records to `visit`.
///
/// Stops at a torn tail. `visit` may fail with its own error, which ends the reading.
pub fn replay<E: From<LogError>>(
    dir: &Path,
    from: u64,
    mut visit: impl FnMut(u64, Vec<Record>) -> Result<(), E>,
) -> Result<(), E> {
    let segments = segments(dir)?;
    for (index, (first, path)) in segments.iter().enumerate() {
        let next_first = segments.get(index.saturating_add(1)).map(|(first, _)| *first);
        if next_first.is_some_and(|next| next <= from) {
            continue;
        }
        let is_last = next_first.is_none();
        let bytes = fs::read(path).map_err(io_error(path))?;
        walk(path, &bytes, *first, is_last, |frame| {
            if frame.sequence < from {
                return Ok(());
            }
            let records = frame.decode().map_err(|reason| LogError::Codec { path: path.clone(), reason })?;
            visit(frame.sequence, records)
        })?;
    }
    Ok(())
}

/// The first frame of the segments that were last written at `since_ms` or later, by the file system's times
/// (or, where those lie behind `since_ms` altogether, in the days before the newest).
pub fn first_sequence_since(dir: &Path, since_ms: i64) -> Result<u64, LogError> {
    let mut written = Vec::new();
    for (first, path) in segments(dir)? {
        let modified = fs::metadata(&path).and_then(|found| found.modified()).map_err(io_error(&path))?;
        let since_epoch = modified.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        written.push((first, i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)));
    }
    let newest = written.iter().map(|(_, at_ms)| *at_ms).max().unwrap_or(0);
    let since_ms = since_ms.min(newest.saturating_sub(8 * crate::clock::DAY_MS));
    Ok(written.iter().filter(|(_, at_ms)| *at_ms >= since_ms).map(|(first, _)| *first).min().unwrap_or(0))
}

/// Bytes of all segments.
pub fn bytes_on_disk(dir: &Path) -> Result<u64, LogError> {
    let mut sum = 0_u64;
    for (_, path) in segments(dir)? {
        sum = sum.saturating_add(fs::metadata(&path).map_err(io_error(&path))?.len());
    }
    Ok(sum)
}

/// Walks the frames of a segment; returns the bytes that hold good frames and the next sequence number.
fn walk<E: From<LogError>>(
    path: &Path,
    bytes: &[u8],
    first: u64,
    is_last: bool,
    mut visit: impl FnMut(&Frame<'_>) -> Result<(), E>,
) -> Result<(u64, u64), E> {
    let damaged = |offset: u64, reason| LogError::Damaged { path: path.to_owned(), offset, reason };
    if !bytes.starts_with(HEADER) {
        if is_last && bytes.len() < HEADER.len() {
            return Ok((0, first));
        }
        return Err(damaged(0, "not a segment of this version").into());
    }
    let mut offset = HEADER.len();
    let mut sequence = first;
    while let Some(rest) = bytes.get(offset..).filter(|rest| !rest.is_empty()) {
        match Frame::parse(rest, sequence) {
            Ok(frame) => {
                visit(&frame)?;
                offset = offset.saturating_add(frame.bytes);
                sequence = sequence.saturating_add(1);
            }
            Err(bad) if is_last && !frame::any_behind(rest, sequence) => {
                tracing::warn!(segment = %path.display(), offset, reason = bad.reason(), "the torn tail of the log is left out");
                break;
            }
            Err(bad) => return Err(damaged(offset as u64, Bad::reason(bad)).into()),
        }
    }
    Ok((offset as u64, sequence))
}

/// Cuts what a crash left behind the last good frame; returns the segment's bytes and the next sequence number.
fn cut_tail(path: &Path, first: u64) -> Result<(u64, u64), LogError> {
    let bytes = fs::read(path).map_err(io_error(path))?;
    let (good, next_sequence) = walk::<LogError>(path, &bytes, first, true, |_| Ok(()))?;
    if good == bytes.len() as u64 && good >= HEADER_BYTES {
        return Ok((good, next_sequence));
    }
    let mut file = OpenOptions::new().write(true).open(path).map_err(io_error(path))?;
    file.set_len(good).map_err(io_error(path))?;
    if good < HEADER_BYTES {
        file.set_len(0).map_err(io_error(path))?;
        file.write_all(HEADER).map_err(io_error(path))?;
    }
    file.sync_all().map_err(io_error(path))?;
    Ok((good.max(HEADER_BYTES), next_sequence))
}

fn begin_segment(dir: &Path, first: u64) -> Result<(PathBuf, File), LogError> {
    let path = dir.join(format!("{first:020}.log"));
    let mut file = OpenOptions::new().create_new(true).append(true).open(&path).map_err(io_error(&path))?;
    file.write_all(HEADER).map_err(io_error(&path))?;
    file.sync_all().map_err(io_error(&path))?;
    sync_dir(dir)?;
    Ok((path, file))
}

/// Makes the names of a folder durable.
pub fn sync_dir(dir: &Path) -> Result<(), LogError> {
    File::open(dir).and_then(|folder| folder.sync_all()).map_err(io_error(dir))
}

/// The segments of a folder by their first sequence number.
fn segments(dir: &Path) -> Result<Vec<(u64, PathBuf)>, LogError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).map_err(io_error(dir))? {
        let path = entry.map_err(io_error(dir))?.path();
        let first = path
            .file_name()
            .and_then(|name| name.to_str())
            .and_then(|name| name.strip_suffix(".log"))
            .and_then(|stem| stem.parse().ok());
        if let Some(first) = first {
            found.push((first, path));
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests;
