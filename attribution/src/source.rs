//! Sources: what a session's entry says about where its visitor came from.

mod classify;
mod click;
mod entry;
mod hosts;
mod list;
mod places;
mod query;
mod spam;

pub use classify::classify;
pub(crate) use classify::judge;
pub(crate) use click::Meaning;
pub use entry::{Campaign, Entry, Tags, UrlEvidence};
pub use hosts::SiteHosts;
pub use query::campaign_of;
pub use spam::is_spam;

use crate::channel::Channel;

/// Shown for a value that is missing, empty, `null` or `undefined`.
pub const NOT_SET: &str = "(not set)";
/// The medium shown for Direct.
pub const NO_MEDIUM: &str = "(none)";
/// The source shown for Direct.
pub const DIRECT: &str = "Direct";

/// What kind of place a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// No source at all.
    Direct,
    /// A search engine.
    Search,
    /// A social network.
    Social,
    /// A video site.
    Video,
    /// A shopping site.
    Shopping,
    /// A chat assistant.
    AiAssistant,
    /// A web mail or mail app.
    Mail,
    /// Any other place.
    Other,
}

/// Where an entry came from, in the spelling to show. Group by [`fold`] of a value, not by the value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Source {
    /// The source: a known name, a host, the tag as written, `Direct` or `(not set)`.
    pub source: String,
    /// The medium, as in `organic`; `(none)` for Direct.
    pub medium: String,
    /// The campaign, or `(not set)`.
    pub campaign: String,
    /// The search term, or `(not set)`.
    pub term: String,
    /// The content tag, or `(not set)`.
    pub content: String,
    /// The channel by the rules.
    pub channel: Channel,
    /// Whether the medium or a counting click id says that the visit was paid for.
    pub paid: bool,
    /// What kind of place the source is.
    pub kind: Kind,
    /// The name of the click id that counted, as in `gclid`.
    pub click_id: Option<&'static str>,
}

impl Source {
    /// Whether this is Direct (for the model *last non-direct*).
    pub fn is_direct(&self) -> bool {
        self.channel == Channel::Direct
    }
}

/// Why an entry makes no touch of its own but continues the touch before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Continuation {
    /// It came from the site's own domain, a subdomain of it or an alias.
    OwnSite,
    /// It came back from paying or signing in, by the referrer's host.
    ReturnHost,
    /// Its address carries a checkout's success parameter.
    CheckoutParameter,
    /// The same visitor started a checkout less than 60 minutes before.
    CheckoutStarted,
    /// The session turned over on an open page: its first event is no page view.
    TurnedOver,
}

/// An entry judged: its source, and whether it continues the touch before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The source that the entry has when there is no touch before it.
    pub source: Source,
    /// Why it continues the touch before it, if it does.
    pub continues: Option<Continuation>,
}

/// The value without surrounding space; `None` for one that is empty, `null` or `undefined`.
fn present(value: &str) -> Option<&str> {
    let value = value.trim();
    let is_missing = value.is_empty()
        || value.eq_ignore_ascii_case("null")
        || value.eq_ignore_ascii_case("undefined")
        || value.eq_ignore_ascii_case(NOT_SET);
    (!is_missing).then_some(value)
}

/// The key that equal values share: trimmed and case-folded.
pub fn fold(value: &str) -> String {
    value.trim().to_lowercase()
}
