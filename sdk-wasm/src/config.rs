//! What the site asks for, what the browser says of itself, and what it has stored.

use crate::text::{joined, own};

/// The switches by their names, a bit each in this order: the first four are off unless the site switches them on.
pub(crate) const SWITCHES: &str = "allowLocalhost hashRoutes respectGpc respectDnt \
    autoPageviews outbound downloads forms engagement paymentLinks";

/// The bits of the switches.
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
    pub(crate) site_id: String,
    pub(crate) api_host: String,
    pub(crate) event_path: String,
    /// The shop's own domains, between which the visitor is carried: a list with commas.
    pub(crate) hostnames: String,
    pub(crate) switches: u32,
}

impl Default for Config {
    fn default() -> Self {
        use switch::{DOWNLOADS, ENGAGEMENT, FORMS, OUTBOUND, PAGEVIEWS, PAYMENT_LINKS};
        Self {
            site_id: String::new(),
            api_host: String::new(),
            event_path: own(protocol::EVENT_PATH),
            hostnames: String::new(),
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
    pub(crate) fn url(&self, is_identify: bool) -> String {
        let (folder, word) = match self.event_path.strip_suffix("/event") {
            _ if !is_identify => (self.event_path.as_str(), ""),
            Some(folder) => (folder, "/identify"),
            None => ("", protocol::IDENTIFY_PATH),
        };
        joined(&[&self.api_host, folder, word])
    }
}

/// What the browser says when the SDK starts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Surroundings {
    pub(crate) host: String,
    pub(crate) gpc: bool,
    pub(crate) dnt: bool,
    /// Whether the page is only being prepared, and may never be seen.
    pub(crate) is_prerendering: bool,
}
