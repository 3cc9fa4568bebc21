//! Entries of the queue, and how they are stored.

use crate::text::Text;

/// Events that wait, in memory or in storage.
pub(super) const ENTRIES: usize = 200;
/// UTF-16 units that wait.
pub(super) const UNITS: usize = 256 * 1024;
/// The server remembers an event's id for seven days; a later retry could count twice, but for purchases.
pub(super) const AGE_MS: f64 = 7.0 * 24.0 * 60.0 * 60.0 * 1000.0;

/// What an entry is, by its number in storage, which decides where it goes and what may be dropped first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    Event,
    Purchase,
    Identify,
    /// Time on a page: not worth a second delivery once the browser has taken it over.
    Engagement,
}

/// How many kinds there are: times are stored in so many parts of a millisecond, to which the kind is added.
const KINDS: u64 = 4;

/// A message as it will be sent, but for its time of sending.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Entry {
    /// When it happened, and its kind.
    pub(super) stamp: u64,
    /// The id under which it is stored.
    pub(super) id: Text,
    pub(super) json: Text,
    /// The number of the request that carries it; 0 while it waits.
    pub(super) batch: i32,
    /// Whether storage holds it.
    pub(super) is_stored: bool,
}

impl Entry {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast saturates, which is meant"
    )]
    pub(crate) fn new(kind: Kind, at_ms: f64, id: Text, json: Text) -> Self {
        Self { stamp: at_ms as u64 * KINDS + kind as u64, id, json, batch: 0, is_stored: false }
    }

    /// Reads what [`Entry::stored`] wrote; without JSON where it is none of ours.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast saturates, which is meant"
    )]
    pub(super) fn restored(id: Text, stored: Text) -> Self {
        let json = stored.found(cr"^\d+(\{[\s\S]*\})$");
        Self { stamp: stored.number() as u64, id, json, batch: 0, is_stored: true }
    }

    /// How it is stored: its stamp, then its JSON.
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since the epoch fit a double")]
    pub(super) fn stored(&self) -> Text {
        Text::default().with_number(c"", self.stamp as f64).with(c"", self.json)
    }

    /// Whether it is too old, or nothing.
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since the epoch fit a double")]
    pub(super) fn is_stale(&self, now_ms: f64) -> bool {
        let age_ms = now_ms - (self.stamp / KINDS) as f64;
        self.json.is_empty() || !self.is(Kind::Purchase) && age_ms > AGE_MS
    }

    #[inline(never)]
    pub(super) fn is(&self, kind: Kind) -> bool {
        self.stamp % KINDS == kind as u64
    }
}
