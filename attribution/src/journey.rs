//! Journeys: a visitor's sessions and whose they are, and the touches they make.

use crate::source::{Continuation, Entry, SiteHosts};
use crate::touch::Touch;

/// A session ends when this much time passes without activity.
pub const SESSION_GAP_MS: i64 = 30 * 60 * 1000;
/// A visitor who comes back within this much time of starting a checkout returns from paying.
pub const CHECKOUT_RETURN_MS: i64 = 60 * 60 * 1000;

/// A session of a visitor. Purchases are no part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// The visitor's id.
    pub visitor: String,
    /// The session's id; `None` for one that was inferred.
    pub id: Option<String>,
    /// Its earliest event.
    pub entry: Entry,
    /// Event time of its last event.
    pub last_at_ms: i64,
    /// When checkouts were started in it (metadata asked for, payment link clicked).
    pub checkout_started_ms: Vec<i64>,
}

/// A link from a visitor to the merchant's own user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identify {
    /// Event time.
    pub at_ms: i64,
    /// Decides between links of the same millisecond.
    pub event_id: String,
    /// The visitor's id.
    pub visitor: String,
    /// The merchant's user id.
    pub user: String,
    /// The keyed hash of the e-mail that came with it.
    pub email_hash: Option<String>,
    /// Whether it was signed with the site's identify secret.
    pub signed: bool,
}

/// A session seen in its visitor's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// The entry as a touch. Where the visit continues another, `source`, `campaign`, `click_ids` and
    /// `referrer` are those of the touch that it continues; the rest is its own.
    pub touch: Touch,
    /// Why it makes no touch of its own; `None` where it makes one.
    pub continues: Option<Continuation>,
}

/// The visits of **one** visitor in time order, whatever the order given: every session once, with the
/// source that it counts for.
pub fn visits(sessions: &[Session], site: &SiteHosts) -> Vec<Visit> {
    let _ = (sessions, site);
    Vec::new()
}
