//! An entry as it came: the first event of a session, and what its address says.

use super::present;

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

impl Campaign {
    /// Whether no parameter has a value.
    pub fn is_empty(&self) -> bool {
        let known = [
            &self.source,
            &self.medium,
            &self.campaign,
            &self.term,
            &self.content,
        ];
        let mut values = known
            .into_iter()
            .flatten()
            .chain(self.other.iter().map(|(_, value)| value));
        values.all(|value| present(value).is_none())
    }

    /// The parameters that have a value, by name.
    pub fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        let known = [
            ("utm_source", &self.source),
            ("utm_medium", &self.medium),
            ("utm_campaign", &self.campaign),
            ("utm_term", &self.term),
            ("utm_content", &self.content),
        ];
        let known = known
            .into_iter()
            .filter_map(|(name, value)| value.as_deref().map(|value| (name, value)));
        let other = self
            .other
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        known
            .chain(other)
            .filter(|(_, value)| present(value).is_some())
    }
}

impl UrlEvidence {
    /// Whether there is a campaign parameter or a click id, which make a touch by themselves.
    pub fn has_campaign(&self) -> bool {
        !self.campaign.is_empty()
            || self
                .click_ids
                .iter()
                .any(|(_, value)| present(value).is_some())
    }

    /// Whether there is anything that names a source.
    pub fn names_source(&self) -> bool {
        let tags = [&self.tags.reference, &self.tags.source, &self.tags.via];
        self.has_campaign()
            || tags
                .into_iter()
                .flatten()
                .any(|value| present(value).is_some())
    }
}
