//! Entries of the queue, each the line by which it is stored.

use crate::text::{halves, number, own, push_number};

/// Events that wait, in memory or in storage.
pub(super) const ENTRIES: usize = 200;
/// Bytes that wait.
pub(super) const BYTES: usize = 256 * 1024;
/// The server remembers an event's id for seven days; a later retry could count twice, but for purchases.
pub(super) const AGE_MS: u64 = 7 * 24 * 60 * 60 * 1000;

/// What an entry is, by its letter in storage, which decides where it goes and what may be dropped first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    Event = b'e',
    Purchase = b'p',
    Identify = b'i',
    /// Time on a page: not worth a second delivery once the browser has taken it over.
    Engagement = b't',
}

/// A message as it will be sent, but for its time of sending.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    /// As it is stored: the kind's letter with the time, the id and the JSON, with tabs between.
    pub(super) line: String,
    /// The number of the request that carries it; 0 while it waits.
    pub(super) batch: u32,
    /// Whether storage holds it.
    pub(super) is_stored: bool,
}

impl Entry {
    pub(crate) fn new(kind: Kind, at_ms: u64, id: &str, json: &str) -> Self {
        let mut line = own(match kind {
            Kind::Event => "e",
            Kind::Purchase => "p",
            Kind::Identify => "i",
            Kind::Engagement => "t",
        });
        push_number(&mut line, at_ms);
        for part in ["\t", id, "\t", json] {
            line.push_str(part);
        }
        Self { line, batch: 0, is_stored: false }
    }

    /// Reads a line that was stored; `None` where it is none of ours.
    pub(super) fn parse(line: &str) -> Option<Self> {
        let entry = Self { line: own(line), batch: 0, is_stored: true };
        let json = entry.json();
        (json.starts_with('{') && json.ends_with('}')).then_some(entry)
    }

    /// When it happened, ms.
    pub(super) fn at_ms(&self) -> u64 {
        number(self.line.get(1..).unwrap_or_default())
    }

    /// Whether the server may have forgotten its id.
    pub(super) fn is_stale(&self, now_ms: u64) -> bool {
        !self.is(Kind::Purchase) && now_ms.saturating_sub(self.at_ms()) > AGE_MS
    }

    pub(super) fn is(&self, kind: Kind) -> bool {
        self.line.as_bytes().first() == Some(&(kind as u8))
    }

    #[inline(never)]
    pub(super) fn id(&self) -> &str {
        halves(halves(&self.line, b'\t').1, b'\t').0
    }

    #[inline(never)]
    pub(super) fn json(&self) -> &str {
        halves(halves(&self.line, b'\t').1, b'\t').1
    }
}
