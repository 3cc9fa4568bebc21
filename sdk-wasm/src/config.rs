//! What the site asks for, what the browser says of itself, and what it has stored.

use crate::text::joined;

/// The attributes of the tag, or the options of `init`.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the contract, set by itself")]
pub(crate) struct Config {
    pub(crate) site_id: String,
    pub(crate) api_host: String,
    pub(crate) event_path: String,
    pub(crate) is_memory: bool,
    /// The shop's own domains, between which the visitor is carried: a list with commas.
    pub(crate) hostnames: String,
    pub(crate) allow_localhost: bool,
    pub(crate) hash_routes: bool,
    pub(crate) needs_consent: bool,
    pub(crate) respect_gpc: bool,
    pub(crate) respect_dnt: bool,
    pub(crate) auto_pageviews: bool,
    pub(crate) outbound: bool,
    pub(crate) downloads: bool,
    pub(crate) forms: bool,
    pub(crate) engagement: bool,
    pub(crate) payment_links: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            site_id: String::new(),
            api_host: String::new(),
            event_path: protocol::EVENT_PATH.to_owned(),
            is_memory: false,
            hostnames: String::new(),
            allow_localhost: false,
            hash_routes: false,
            needs_consent: false,
            respect_gpc: false,
            respect_dnt: false,
            auto_pageviews: true,
            outbound: true,
            downloads: true,
            forms: true,
            engagement: true,
            payment_links: true,
        }
    }
}

impl Config {
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

/// What earlier pages stored; empty where there is nothing, or storage is forbidden.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stored {
    pub(crate) visitor: String,
    pub(crate) session: String,
    pub(crate) session_state: String,
    pub(crate) first: String,
    pub(crate) queue: String,
    pub(crate) choice: String,
}
