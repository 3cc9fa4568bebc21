//! Touches: the entries of sessions that brought their visitor anew.

use crate::source::{Campaign, Source};

/// The entry of a session that came from somewhere: what models share credit among.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Touch {
    /// Event time, milliseconds since the epoch.
    pub at_ms: i64,
    /// Decides between touches of the same millisecond.
    pub event_id: String,
    /// The visitor; `None` for a touch read from a payment's own address when nobody is known.
    pub visitor: Option<String>,
    /// The session's id, where it has one.
    pub session: Option<String>,
    /// Where it came from.
    pub source: Source,
    /// The campaign parameters as they came.
    pub campaign: Campaign,
    /// The click ids as they came.
    pub click_ids: Vec<(String, String)>,
    /// The referrer's host without `www.`, where there is one.
    pub referrer: Option<String>,
    /// Path of the landing page.
    pub landing_page: String,
    /// Country code.
    pub country: Option<String>,
    /// Device class.
    pub device: Option<String>,
    /// Browser.
    pub browser: Option<String>,
    /// Operating system.
    pub os: Option<String>,
}

impl Touch {
    /// Its place among touches: by time, then event id, then whose it is.
    pub fn place(&self) -> (i64, &str, Option<&str>, Option<&str>) {
        (
            self.at_ms,
            &self.event_id,
            self.visitor.as_deref(),
            self.session.as_deref(),
        )
    }
}
