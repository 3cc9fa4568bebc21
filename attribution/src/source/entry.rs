//! An entry as it came: the first event of a session, and what its address says.

/// The `utm_*` parameters of an address, decoded, as written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Campaign {
    /// `utm_source`.
    pub source: Option<String>,
    /// `utm_medium`.
    pub medium: Option<String>,
    /// `utm_campaign`.
    pub campaign: Option<String>,
    /// `utm_term`.
    pub term: Option<String>,
    /// `utm_content`.
    pub content: Option<String>,
    /// Other `utm_…` parameters (`utm_id` and the like), by lower-case name, in the order of the address.
    pub other: Vec<(String, String)>,
}

/// The parameters that people and directories add to links.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Tags {
    /// `ref`.
    pub reference: Option<String>,
    /// `source`.
    pub source: Option<String>,
    /// `via`.
    pub via: Option<String>,
}

/// What the query of an address says about where its visitor came from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct UrlEvidence {
    /// The campaign parameters.
    pub campaign: Campaign,
    /// Ad click ids by canonical name (`gclid`, `ScCid`, …), at most one each, in the order of the address.
    pub click_ids: Vec<(String, String)>,
    /// `ref`, `source`, `via`.
    pub tags: Tags,
    /// Whether a checkout's success parameter is there.
    pub checkout_return: bool,
}

/// The entry of a session: its earliest event by event time, purchases aside, as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Entry {
    /// Event time, milliseconds since the epoch.
    pub at_ms: i64,
    /// Decides between entries of the same millisecond.
    pub event_id: String,
    /// Whether the event is a page view; if not, the session turned over on an open page.
    pub is_pageview: bool,
    /// The host of the page.
    pub host: String,
    /// The path of the page, without host, query and fragment.
    pub landing_page: String,
    /// The campaign parameters of its address.
    pub campaign: Campaign,
    /// The click ids of its address: name and value.
    pub click_ids: Vec<(String, String)>,
    /// The referrer as it came: a full URL, or host and path.
    pub referrer: Option<String>,
    /// `ref`, `source`, `via` of its address.
    pub tags: Tags,
    /// Whether its address carries a checkout's success parameter.
    pub checkout_return: bool,
    /// Country code of the visitor.
    pub country: Option<String>,
    /// Device class.
    pub device: Option<String>,
    /// Browser.
    pub browser: Option<String>,
    /// Operating system.
    pub os: Option<String>,
}

/// Reads the query of an address (without `?`): percent-decoded, `+` as space, names in any case.
pub fn campaign_of(query: &str) -> UrlEvidence {
    let _ = query;
    UrlEvidence::default()
}
