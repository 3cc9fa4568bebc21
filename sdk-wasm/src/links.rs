//! Links: which kind a followed one is, and what is carried along it to a payment page or to another own domain.

use crate::campaign::{host, is_listed, parameter, parts, path, with_pair, without};
use crate::text::{halves, has, joined, last_halves, own, pieces};
use crate::{identity, text};

/// The parameter that carries the visitor between the shop's own domains.
pub(crate) const CARRIED: &str = "_engagetrack";
/// It is accepted for two minutes: a link that was copied and passed on makes no two people one.
const CARRIED_MS: u64 = 2 * 60 * 1000;
/// Clocks of one device differ by rounding at most.
const AHEAD_MS: u64 = 1000;

const FILES: &str = "7z avi csv dmg doc docx epub exe gz iso key mov mp3 mp4 mpeg msi pdf pkg pps ppt pptx rar rtf txt wav \
    wmv xls xlsx xml zip";
/// The hosts of Stripe's payment links.
const STRIPE: &str = "buy.stripe.com book.stripe.com donate.stripe.com";

/// What following a link means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Followed {
    Download,
    Outbound,
    Inside,
}

/// Judges a link on a page of `own` host.
pub(crate) fn followed(href: &str, is_download: bool, own: &str, listed: &str) -> Followed {
    if !href.starts_with("http") {
        return Followed::Inside;
    }
    if is_download || is_file(path(href)) {
        return Followed::Download;
    }
    let host = host(href);
    if host == own || is_listed(host, listed) { Followed::Inside } else { Followed::Outbound }
}

fn is_file(path: &str) -> bool {
    let (stem, extension) = last_halves(last_halves(path, b'/').1, b'.');
    !stem.is_empty() && pieces(FILES, b' ').any(|known| known.eq_ignore_ascii_case(extension))
}

/// A payment link with the visitor in the parameter that its provider passes on to its webhook; `None` where the
/// link is no payment link, or has that parameter already.
pub(crate) fn payment(href: &str, visitor: &str) -> Option<String> {
    let host = host(href);
    let path = path(href);
    let (name, escaped) = if pieces(STRIPE, b' ').any(|known| known == host) {
        ("client_reference_id", "")
    } else if is_listed(host, "lemonsqueezy.com") && (has(path, "/checkout/") || has(path, "/buy/")) {
        ("checkout[custom][engagetrack_visitor_id]", "checkout%5Bcustom%5D%5Bengagetrack_visitor_id%5D")
    } else if host == "buy.polar.sh" || is_listed(host, "polar.sh") && has(path, "/checkout") {
        ("reference_id", "")
    } else {
        return None;
    };
    // Percent signs of an escape may be followed by letters of either case.
    let is_there = pieces(parts(href).1, b'&').map(|pair| halves(pair, b'=').0).any(|found| {
        found.eq_ignore_ascii_case(name) || !escaped.is_empty() && found.eq_ignore_ascii_case(escaped)
    });
    (!is_there).then(|| with_pair(href, &joined(&[name, "=", visitor])))
}

/// A link to another of the shop's domains with the visitor in it; `None` where it is none.
pub(crate) fn carrying(href: &str, own: &str, listed: &str, visitor: &str, now_ms: u64) -> Option<String> {
    let host = host(href);
    if host == own || !is_listed(host, listed) || !href.starts_with("http") {
        return None;
    }
    let mut pair = joined(&[CARRIED, "=", visitor, "."]);
    text::push_number(&mut pair, now_ms);
    Some(with_pair(&without(href, CARRIED), &pair))
}

/// The visitor that an address brings along, where it is fresh and comes from one of the shop's domains.
pub(crate) fn carried(url: &str, referrer: &str, listed: &str, now_ms: u64) -> Option<String> {
    let (visitor, made) = halves(parameter(parts(url).1, CARRIED)?, b'.');
    let made_ms = text::number(made);
    let is_fresh = now_ms.saturating_sub(made_ms) <= CARRIED_MS && made_ms <= now_ms + AHEAD_MS;
    (is_fresh && is_listed(host(referrer), listed) && identity::is_id(visitor)).then(|| own(visitor))
}

#[cfg(test)]
mod tests {
    use super::*;

    const VISITOR: &str = "00000000-0000-4000-8000-000000000000";

    #[test]
    fn a_followed_link_has_one_kind() {
        let listed = "b.example";
        let check = |href: &str, is_download: bool, expected: Followed| {
            assert_eq!(followed(href, is_download, "a.example", listed), expected, "{href}");
        };
        check("https://a.example/x", false, Followed::Inside);
        check("https://c.example/x", false, Followed::Outbound);
        check("https://shop.b.example/x", false, Followed::Inside);
        check("https://a.example/price-list.PDF?x=1", false, Followed::Download);
        check("https://a.example/report", true, Followed::Download);
        check("https://a.example/page.html", false, Followed::Inside);
        check("mailto:a@c.example", false, Followed::Inside);
        check("javascript:void(0)", false, Followed::Inside);
    }

    #[test]
    fn payment_links_get_the_parameter_that_their_provider_passes_on() {
        let check = |href: &str, expected: Option<&str>| {
            let expected = expected.map(|rest| [href, rest, VISITOR].concat());
            assert_eq!(payment(href, VISITOR), expected, "{href}");
        };
        check("https://buy.stripe.com/abc", Some("?client_reference_id="));
        check("https://buy.stripe.com/abc?prefilled_email=x", Some("&client_reference_id="));
        check("https://buy.stripe.com/abc?client_reference_id=cart", None);
        check(
            "https://shop.lemonsqueezy.com/checkout/buy/1",
            Some("?checkout[custom][engagetrack_visitor_id]="),
        );
        check("https://shop.lemonsqueezy.com/buy/1?checkout%5bcustom%5D%5Bengagetrack_visitor_id%5D=x", None);
        check("https://shop.lemonsqueezy.com/", None);
        check("https://buy.polar.sh/polar_cl_1", Some("?reference_id="));
        check("https://api.polar.sh/v1/checkout-links/1/redirect", Some("?reference_id="));
        check("https://buy.polar.sh/polar_cl_1?reference_id=x", None);
        check("https://docs.polar.sh/", None);
        check("https://notbuy.stripe.com.example/abc", None);
    }

    #[test]
    fn the_visitor_is_carried_to_own_domains_for_two_minutes() {
        let listed = "b.example,a.example";
        let link = carrying("https://b.example/x?y=1", "a.example", listed, VISITOR, 1_000_000).unwrap();
        let again = carrying(&link, "a.example", listed, VISITOR, 1_000_000).unwrap();
        assert_eq!(link, again);
        let arrive = |referrer: &str, now_ms: u64| carried(&link, referrer, listed, now_ms);
        assert_eq!(arrive("https://a.example/", 1_120_000).as_deref(), Some(VISITOR));
        assert_eq!(arrive("https://a.example/", 1_120_001), None);
        assert_eq!(arrive("https://a.example/", 990_000), None);
        assert_eq!(arrive("https://stranger.example/", 1_000_001), None);
        assert_eq!(arrive("", 1_000_001), None);
        assert_eq!(carrying("https://a.example/", "a.example", listed, VISITOR, 0), None);
        assert_eq!(carrying("https://c.example/", "a.example", listed, VISITOR, 0), None);
        assert_eq!(
            carried("https://b.example/?_engagetrack=me.1000000", "https://a.example/", listed, 1_000_000),
            None
        );
    }
}
