//! The one place where time enters the server, so that tests can pin it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Milliseconds since the Unix epoch.
pub type Millis = i64;

/// A day, in milliseconds.
pub const DAY_MS: Millis = 86_400_000;

/// The clock: the system's, or one that a test sets by hand.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The system's clock.
    #[default]
    System,
    /// A clock that stands still until it is set.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `now_ms`.
    pub fn manual(now_ms: Millis) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(now_ms)))
    }

    /// The present, in milliseconds since the Unix epoch.
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    pub fn now_ms(&self) -> Millis {
        match self {
            Self::System => std::time::SystemTime::now()
                .duration_since(std::time::UNIX_EPOCH)
                .map_or(0, |since| Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX)),
            Self::Manual(now) => now.load(Ordering::SeqCst),
        }
    }

    /// Sets a manual clock; the system's cannot be set.
    pub fn set_ms(&self, now_ms: Millis) {
        if let Self::Manual(now) = self {
            now.store(now_ms, Ordering::SeqCst);
        }
    }
}
