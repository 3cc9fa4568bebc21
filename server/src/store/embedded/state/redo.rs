//! The rows of a layer on its way into sled, in a file, so that a sinking that a crash broke off can be completed.
//!
//! The files are not synced: after a loss of power sled cannot be trusted either, and all is rebuilt from the log.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Layer, StateError};

/// Rows as they stand in a file: keys, and values or the mark that there is none any more.
type Rows = Vec<(Vec<u8>, Option<Vec<u8>>)>;

/// The folder of these files, each named by the last frame of its layer.
pub(super) struct Redo(PathBuf);

impl Redo {
    pub(super) fn open(dir: &Path) -> Result<Self, StateError> {
        fs::create_dir_all(dir).map_err(|error| failed(dir, &error))?;
        Ok(Self(dir.to_owned()))
    }

    fn path(&self, sequence: u64) -> PathBuf {
        self.0.join(format!("{sequence:020}"))
    }

    /// Writes a layer whole or not at all.
    pub(super) fn write(&self, sequence: u64, layer: &Layer) -> Result<(), StateError> {
        let rows: Vec<(&[u8], Option<&[u8]>)> =
            layer.iter().map(|(key, value)| (&key[..], value.as_deref())).collect();
        let mut bytes = postcard::to_stdvec(&rows).map_err(|error| StateError(error.to_string()))?;
        bytes.extend_from_slice(&crc32c::crc32c(&bytes).to_le_bytes());
        let unfinished = self.0.join("unfinished");
        fs::write(&unfinished, &bytes)
            .and_then(|()| fs::rename(&unfinished, self.path(sequence)))
            .map_err(|error| failed(&self.0, &error))
    }

    /// Reads a layer.
    pub(super) fn read(&self, sequence: u64) -> Result<Rows, StateError> {
        let path = self.path(sequence);
        let bytes = fs::read(&path).map_err(|error| failed(&path, &error))?;
        let damaged = || StateError(format!("{} is damaged", path.display()));
        let (rows, checksum) = bytes.split_last_chunk::<4>().ok_or_else(damaged)?;
        if crc32c::crc32c(rows) != u32::from_le_bytes(*checksum) {
            return Err(damaged());
        }
        postcard::from_bytes(rows).map_err(|_| damaged())
    }

    /// Removes the files of layers up to `sequence`.
    pub(super) fn forget(&self, sequence: u64) -> Result<(), StateError> {
        for entry in fs::read_dir(&self.0).map_err(|error| failed(&self.0, &error))? {
            let path = entry.map_err(|error| failed(&self.0, &error))?.path();
            let number =
                path.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse::<u64>().ok());
            if number.is_some_and(|number| number <= sequence) {
                fs::remove_file(&path).map_err(|error| failed(&path, &error))?;
            }
        }
        Ok(())
    }
}

fn failed(path: &Path, error: &std::io::Error) -> StateError {
    StateError(format!("{}: {error}", path.display()))
}
