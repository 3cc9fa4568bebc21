//! A zip with one of the bank's files in it, unpacked within a limit.

use std::borrow::Cow;
use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::{FILE_BYTES, FileError};

/// Bytes of a zip; the bank's has 650 KB. Its directory is held in memory.
const ZIP_BYTES: usize = 4 * 1024 * 1024;

/// Whether the bytes are a zip's.
pub(super) fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// The first file in it whose name ends as the bank's do.
pub(super) fn unpack(bytes: &[u8]) -> Result<Vec<u8>, FileError> {
    if bytes.len() > ZIP_BYTES {
        return Err(FileError::TooLarge);
    }
    let fault = |error: &dyn std::fmt::Display| FileError::Zip(error.to_string());
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| fault(&error))?;
    let is_bank_file =
        |name: &str| [".csv", ".xml"].iter().any(|end| name.to_ascii_lowercase().ends_with(end));
    let name = archive.file_names().flatten().find(|name| is_bank_file(name)).map(Cow::into_owned);
    let name = name.ok_or(FileError::Unknown)?;
    let packed = archive.by_name(&name).map_err(|error| fault(&error))?;
    let mut unpacked = Vec::new();
    packed.take(FILE_BYTES as u64 + 1).read_to_end(&mut unpacked).map_err(|error| fault(&error))?;
    if unpacked.len() > FILE_BYTES { Err(FileError::TooLarge) } else { Ok(unpacked) }
}
