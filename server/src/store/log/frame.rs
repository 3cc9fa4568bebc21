//! One frame of the log: a group commit.
//!
//! | bytes | |
//! |---|---|
//! | 4 | `ETF1` |
//! | 4 | length of the payload, little-endian |
//! | 8 | sequence number, little-endian |
//! | 4 | CRC-32C of the two above and the payload |
//! | … | payload: the records as `MessagePack` with named members, zstd-compressed |

use std::io;

use crate::record::Record;

const MAGIC: &[u8; 4] = b"ETF1";
const HEAD_BYTES: usize = 20;
/// A payload is shorter than this, compressed and plain: a longer length is damage, not data.
const PAYLOAD_BYTES: usize = 64 * 1024 * 1024;
/// Fast: a frame is compressed while its senders wait.
const LEVEL: i32 = 1;

/// A frame as it stands in a segment.
pub(super) struct Frame<'a> {
    pub(super) sequence: u64,
    /// Bytes of the whole frame.
    pub(super) bytes: usize,
    payload: &'a [u8],
}

/// What is wrong with a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bad {
    Short,
    Magic,
    Sequence,
    Checksum,
}

impl Bad {
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::Short => "it is cut short",
            Self::Magic => "it does not begin like a frame",
            Self::Sequence => "its sequence number is out of order",
            Self::Checksum => "its checksum does not match",
        }
    }
}

impl<'a> Frame<'a> {
    /// Reads the frame at the beginning of `bytes`, whose sequence number must be `sequence`.
    pub(super) fn parse(bytes: &'a [u8], sequence: u64) -> Result<Self, Bad> {
        let (head, rest) = bytes.split_at_checked(HEAD_BYTES).ok_or(Bad::Short)?;
        let (magic, head) = head.split_at_checked(MAGIC.len()).ok_or(Bad::Short)?;
        if magic != MAGIC {
            return Err(Bad::Magic);
        }
        let length = u32::from_le_bytes(take(head, 0).ok_or(Bad::Short)?) as usize;
        let found = u64::from_le_bytes(take(head, 4).ok_or(Bad::Short)?);
        let checksum = u32::from_le_bytes(take(head, 12).ok_or(Bad::Short)?);
        if length > PAYLOAD_BYTES {
            return Err(Bad::Short);
        }
        let payload = rest.get(..length).ok_or(Bad::Short)?;
        if checksum != checksum_of(found, payload) {
            return Err(Bad::Checksum);
        }
        if found != sequence {
            return Err(Bad::Sequence);
        }
        Ok(Self { sequence, bytes: HEAD_BYTES.saturating_add(length), payload })
    }

    /// The records.
    pub(super) fn decode(&self) -> Result<Vec<Record>, String> {
        let plain =
            zstd::bulk::decompress(self.payload, PAYLOAD_BYTES).map_err(|error| error.to_string())?;
        rmp_serde::from_slice(&plain).map_err(|error| error.to_string())
    }
}

/// Whether any good frame with a later number stands behind the damaged one that `bytes` begins with.
pub(super) fn any_behind(bytes: &[u8], sequence: u64) -> bool {
    let mut offset = 1_usize;
    while let Some(rest) = bytes.get(offset..).filter(|rest| rest.len() >= HEAD_BYTES) {
        let Some(at) = rest.windows(MAGIC.len()).position(|window| window == MAGIC) else { return false };
        let candidate = rest.get(at..).unwrap_or_default();
        let number = candidate.get(8..).and_then(|tail| take(tail, 0)).map(u64::from_le_bytes);
        if number.is_some_and(|number| number >= sequence && Frame::parse(candidate, number).is_ok()) {
            return true;
        }
        offset = offset.saturating_add(at).saturating_add(1);
    }
    false
}

fn take<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

fn checksum_of(sequence: u64, payload: &[u8]) -> u32 {
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    let head = crc32c::crc32c(&length.to_le_bytes());
    let head = crc32c::crc32c_append(head, &sequence.to_le_bytes());
    crc32c::crc32c_append(head, payload)
}

/// Turns batches into frames, reusing its buffers.
pub(super) struct Encoder {
    compressor: zstd::bulk::Compressor<'static>,
    plain: Vec<u8>,
    frame: Vec<u8>,
}

impl Encoder {
    pub(super) fn start() -> io::Result<Self> {
        Ok(Self { compressor: zstd::bulk::Compressor::new(LEVEL)?, plain: Vec::new(), frame: Vec::new() })
    }

    /// The bytes of one frame.
    pub(super) fn encode(&mut self, sequence: u64, records: &[Record]) -> Result<&[u8], String> {
        self.plain.clear();
        let mut serializer = rmp_serde::Serializer::new(&mut self.plain).with_struct_map();
        serde::Serialize::serialize(records, &mut serializer).map_err(|error| error.to_string())?;
        if self.plain.len() > PAYLOAD_BYTES {
            return Err(format!("a batch of {} bytes is longer than a frame may be", self.plain.len()));
        }
        let payload = self.compressor.compress(&self.plain).map_err(|error| error.to_string())?;
        let length = u32::try_from(payload.len()).map_err(|error| error.to_string())?;
        self.frame.clear();
        self.frame.extend_from_slice(MAGIC);
        self.frame.extend_from_slice(&length.to_le_bytes());
        self.frame.extend_from_slice(&sequence.to_le_bytes());
        self.frame.extend_from_slice(&checksum_of(sequence, &payload).to_le_bytes());
        self.frame.extend_from_slice(&payload);
        Ok(&self.frame)
    }
}
