//! The page that is looked at: when a change of address is a new page view, and what its referrer is.

use protocol::limit;

use crate::campaign::{captured, shortened};
use crate::text::Text;

/// Why a page may have come into view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The document was loaded, or activated after prerendering.
    Load,
    /// The address changed within the document.
    Navigate,
    /// The browser brought the whole document back from its cache.
    Restore,
    /// The site says so.
    Manual,
}

/// The current page.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// Its address as it is reported; empty before the first page view.
    pub(crate) url: Text,
    /// The session in which it was seen.
    pub(crate) session: Text,
    /// When it was seen, ms.
    pub(crate) at_ms: f64,
    /// How often attention to it was reported.
    pub(crate) reports: f64,
}

impl Page {
    /// Whether an address is a new page view for this cause.
    pub(crate) fn is_news(&self, url: Text, cause: Cause) -> bool {
        cause != Cause::Navigate || self.url != url
    }

    /// Where the visitor came from: within the document from the address before.
    pub(crate) fn referrer_of_next(&self, url: Text, cause: Cause, document: Text) -> Text {
        if cause == Cause::Restore {
            // Going back brings the old referrer along, which brought nobody this time.
            url
        } else if self.url.is_empty() {
            bounded(document)
        } else {
            self.url
        }
    }
}

/// An address as it is reported: without its fragment, unless that is the route, and within the limit.
#[inline(never)]
pub(crate) fn reported(href: Text, has_hash_routes: bool) -> Text {
    bounded(if has_hash_routes { href } else { href.found(c"^([^#]*)") })
}

#[inline(never)]
fn bounded(url: Text) -> Text {
    if url.length() <= limit::URL_CHARS {
        return url;
    }
    shortened(url, captured(url), limit::URL_CHARS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reported_address_has_a_fragment_only_where_that_is_the_route() {
        let check = |href: &str, has_hash_routes: bool, expected: &str| {
            assert_eq!(reported(href.into(), has_hash_routes), expected);
        };
        check("https://a.example/x?y=1#token", false, "https://a.example/x?y=1");
        check("https://a.example/#/pricing", true, "https://a.example/#/pricing");
        check("https://a.example/", false, "https://a.example/");
    }

    #[test]
    fn a_long_address_keeps_its_campaign_and_fits() {
        let long = ["https://a.example/x?utm_source=a&junk=", &"j".repeat(3000)].concat();
        assert_eq!(reported(long.as_str().into(), false), "https://a.example/x?utm_source=a");
    }

    #[test]
    fn a_page_within_the_document_came_from_the_one_before() {
        let page = Page { url: "https://a.example/1".into(), ..Page::default() };
        let check = |page: &Page, cause: Cause, expected: &str| {
            assert_eq!(
                page.referrer_of_next("https://a.example/2".into(), cause, "https://b.example/".into()),
                expected
            );
        };
        check(&Page::default(), Cause::Load, "https://b.example/");
        check(&Page::default(), Cause::Manual, "https://b.example/");
        check(&page, Cause::Navigate, "https://a.example/1");
        check(&page, Cause::Restore, "https://a.example/2");
        assert!(!page.is_news("https://a.example/1".into(), Cause::Navigate));
        assert!(page.is_news("https://a.example/1".into(), Cause::Manual));
    }
}
