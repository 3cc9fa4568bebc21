//! What the site asks for, what the browser says of itself, and what it has stored.

use crate::constant::constant;
use crate::text::Text;

/// The bits of the switches; the first four are off unless the site switches them on.
pub(crate) mod switch {
    pub(crate) const LOCALHOST: u32 = 1;
    pub(crate) const HASH_ROUTES: u32 = 1 << 1;
    pub(crate) const GPC: u32 = 1 << 2;
    pub(crate) const DNT: u32 = 1 << 3;
    pub(crate) const PAGEVIEWS: u32 = 1 << 4;
    pub(crate) const OUTBOUND: u32 = 1 << 5;
    pub(crate) const DOWNLOADS: u32 = 1 << 6;
    pub(crate) const FORMS: u32 = 1 << 7;
    pub(crate) const ENGAGEMENT: u32 = 1 << 8;
    pub(crate) const PAYMENT_LINKS: u32 = 1 << 9;
    /// Nothing is kept in the browser.
    pub(crate) const MEMORY: u32 = 1 << 10;
    /// Nothing is sent without consent.
    pub(crate) const CONSENT: u32 = 1 << 11;
}

/// The attributes of the tag, or the options of `init`.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) site_id: Text,
    pub(crate) api_host: Text,
    pub(crate) event_path: Text,
    /// The pattern of the shop's own domains, between which the visitor is carried.
    pub(crate) hostnames: Text,
    pub(crate) switches: u32,
}

impl Default for Config {
    fn default() -> Self {
        use switch::{DOWNLOADS, ENGAGEMENT, FORMS, OUTBOUND, PAGEVIEWS, PAYMENT_LINKS};
        Self {
            site_id: Text::default(),
            api_host: Text::default(),
            event_path: Text::of(constant!(protocol::EVENT_PATH)),
            hostnames: Text::default(),
            switches: PAGEVIEWS | OUTBOUND | DOWNLOADS | FORMS | ENGAGEMENT | PAYMENT_LINKS,
        }
    }
}

impl Config {
    /// Whether a switch is on.
    pub(crate) fn has(&self, switch: u32) -> bool {
        self.switches & switch != 0
    }

    /// Switches on or off.
    pub(crate) fn switch(&mut self, switch: u32, is_on: bool) {
        self.switches &= !switch;
        if is_on {
            self.switches |= switch;
        }
    }

    /// The address of ingest, or that of identify: beside ingest, where that has its usual last word.
    pub(crate) fn url(&self, is_identify: bool) -> Text {
        let folder = self.event_path.found(c"^(.*/)event$");
        let path = if !is_identify {
            self.event_path
        } else if folder.is_empty() {
            Text::of(constant!(protocol::IDENTIFY_PATH))
        } else {
            folder.with(c"identify", Text::default())
        };
        self.api_host.with(c"", path)
    }
}

/// What the browser says when the SDK starts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Surroundings {
    pub(crate) host: Text,
    pub(crate) gpc: bool,
    pub(crate) dnt: bool,
    /// Whether the page is only being prepared, and may never be seen.
    pub(crate) is_prerendering: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identify_is_beside_ingest() {
        let check = |event_path: &str, expected: &str| {
            let config = Config { event_path: event_path.into(), ..Config::default() };
            assert_eq!(config.url(true), expected);
            assert_eq!(config.url(false), event_path);
        };
        check("/api/v1/event", "/api/v1/identify");
        check("/event", "/identify");
        check("/in", "/api/v1/identify");
    }
}
