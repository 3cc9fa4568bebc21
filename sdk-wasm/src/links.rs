//! Links: which kind a followed one is, and what is carried along it to a payment page or to another own domain.

use crate::campaign::{host, is_listed, parameter, with_pair};
use crate::constant::Constant;
use crate::identity::is_id;
use crate::text::Text;

/// The parameter that carries the visitor between the shop's own domains.
const CARRIED: Constant = c"_engagetrack";
/// It is accepted for two minutes: a link that was copied and passed on makes no two people one.
const CARRIED_MS: f64 = 2.0 * 60.0 * 1000.0;
/// Clocks of one device differ by rounding at most.
const AHEAD_MS: f64 = 1000.0;

/// Addresses of files, in lower case.
const FILE: Constant = cr"^http[^:]*://[^?#]*/[^/?#]+\.(7z|avi|csv|dmg|docx?|epub|exe|gz|iso|key|mov|mp[34]|mpeg|msi|pdf|pkg|pp[st]|pptx|rar|rtf|txt|wav|wmv|xlsx?|xml|zip)([?#]|$)";

/// Payment links of each provider, in lower case: which they are, those that carry already what it passes on to its
/// webhook, and the name of that parameter.
static PAYMENTS: [(Constant, Constant, Constant); 3] = [
    (
        cr"^https?://(buy|book|donate)\.stripe\.com([/?#]|$)",
        cr"^[^?#]*\?(?:[^#]*?&)??client_reference_id([=&#]|$)",
        c"client_reference_id",
    ),
    (
        cr"^https?://([^/?#@]*\.)?lemonsqueezy\.com/([^?#]*/)?(checkout|buy)/",
        cr"^[^?#]*\?(?:[^#]*?&)??checkout(\[|%5b)custom(\]|%5d)(\[|%5b)engagetrack_visitor_id(\]|%5d)([=&#]|$)",
        c"checkout[custom][engagetrack_visitor_id]",
    ),
    (
        cr"^https?://(buy\.polar\.sh([/?#]|$)|([^/?#@]*\.)?polar\.sh/([^?#]*/)?checkout)",
        cr"^[^?#]*\?(?:[^#]*?&)??reference_id([=&#]|$)",
        c"reference_id",
    ),
];

/// What following a link means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Followed {
    Download,
    Outbound,
    Inside,
}

/// Judges a link on a page of `own` host.
pub(crate) fn followed(href: Text, is_download: bool, own: Text, listed: Text) -> Followed {
    if !href.matches(c"^http") {
        return Followed::Inside;
    }
    if is_download || href.lower_case().matches(FILE) {
        return Followed::Download;
    }
    let host = host(href);
    if host == own || is_listed(host, listed) { Followed::Inside } else { Followed::Outbound }
}

/// A payment link with the visitor in the parameter that its provider passes on to its webhook; empty where the
/// link is no payment link, or has that parameter already.
pub(crate) fn payment(href: Text, visitor: Text) -> Text {
    let lower = href.lower_case();
    for (link, present, name) in &PAYMENTS {
        if lower.matches(link) && !lower.matches(present) {
            return with_pair(href, Text::of(name).with(c"=", visitor));
        }
    }
    Text::default()
}

/// A link to another of the shop's domains with the visitor in it; empty where it is none.
pub(crate) fn carrying(href: Text, own: Text, listed: Text, visitor: Text, now_ms: f64) -> Text {
    let host = host(href);
    if host == own || !is_listed(host, listed) || !href.matches(c"^http") {
        return Text::default();
    }
    with_pair(without(href), Text::of(CARRIED).with(c"=", visitor).with_number(c".", now_ms))
}

/// The visitor that another of the shop's domains sent along; empty where none came, too late, or from a stranger.
pub(crate) fn carried(url: Text, referrer: Text, listed: Text, now_ms: f64) -> Text {
    if !url.has(CARRIED) {
        return Text::default();
    }
    let carried = parameter(url, CARRIED);
    let age_ms = now_ms - carried.found(c"[.](.*)").number();
    let visitor = carried.found(c"^([^.]*)");
    let is_fresh = (-AHEAD_MS..=CARRIED_MS).contains(&age_ms);
    if is_fresh && is_listed(host(referrer), listed) && is_id(visitor) {
        return visitor;
    }
    Text::default()
}

/// An address without what was carried in it.
#[inline(never)]
pub(crate) fn without(url: Text) -> Text {
    if !url.has(CARRIED) {
        return url;
    }
    url.replaced(c"([?&])(?:_engagetrack=[^&#?]*&)+", c"$1").replaced(c"[?&]_engagetrack=[^&#?]*", c"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::listed;

    const VISITOR: &str = "00000000-0000-4000-8000-000000000000";

    #[test]
    fn a_followed_link_has_one_kind() {
        let listed = listed("b.example".into());
        let check = |href: &str, is_download: bool, expected: Followed| {
            assert_eq!(followed(href.into(), is_download, "a.example".into(), listed), expected, "{href}");
        };
        check("https://a.example/x", false, Followed::Inside);
        check("https://c.example/x", false, Followed::Outbound);
        check("https://shop.b.example/x", false, Followed::Inside);
        check("https://a.example/price-list.PDF?x=1", false, Followed::Download);
        check("https://a.example/report", true, Followed::Download);
        check("https://a.example/page.html", false, Followed::Inside);
        check("https://a.zip", false, Followed::Outbound);
        check("https://a.example/?of=/list.pdf", false, Followed::Inside);
        check("mailto:a@c.example", false, Followed::Inside);
        check("javascript:void(0)", false, Followed::Inside);
    }

    #[test]
    fn payment_links_get_the_parameter_that_their_provider_passes_on() {
        let check = |href: &str, expected: Option<&str>| {
            let expected = expected.map(|rest| [href, rest, VISITOR].concat()).unwrap_or_default();
            assert_eq!(payment(href.into(), VISITOR.into()), expected.as_str(), "{href}");
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
        check("https://buy.stripe.com@stranger.example/abc", None);
        check("https://stranger.example/?https://buy.stripe.com/abc", None);
        check("https://buy.stripe.com/abc?Client_Reference_Id=1", None);
        check("https://buy.stripe.com/abc?a=1&client_reference_id", None);
        check("https://buy.stripe.com/abc?next=/x?client_reference_id=1", Some("&client_reference_id="));
        check("https://buy.stripe.com/abc?client_reference_id-x=1", Some("&client_reference_id="));
    }

    #[test]
    fn the_visitor_is_carried_to_own_domains_for_two_minutes() {
        let listed = listed("b.example,a.example".into());
        let (own, visitor) = (Text::from("a.example"), Text::from(VISITOR));
        let carry = |href: Text, now_ms: f64| carrying(href, own, listed, visitor, now_ms);
        let link = carry("https://b.example/x?y=1".into(), 1_000_000.0);
        assert_eq!(link, carry(link, 1_000_000.0));
        let arrive = |referrer: &str, now_ms: f64| carried(link, referrer.into(), listed, now_ms);
        assert_eq!(arrive("https://a.example/", 1_120_000.0), VISITOR);
        assert_eq!(arrive("https://a.example/", 1_120_001.0), "");
        assert_eq!(arrive("https://a.example/", 990_000.0), "");
        assert_eq!(arrive("https://stranger.example/", 1_000_001.0), "");
        assert_eq!(arrive("", 1_000_001.0), "");
        assert_eq!(carry("https://a.example/".into(), 0.0), "");
        assert_eq!(carry("https://c.example/".into(), 0.0), "");
        let stranger = "https://b.example/?_engagetrack=me.1000000";
        assert_eq!(carried(stranger.into(), "https://a.example/".into(), listed, 1_000_000.0), "");
    }

    #[test]
    fn what_was_carried_is_taken_off_an_address() {
        let check = |url: &str, expected: &str| assert_eq!(without(url.into()), expected);
        check("https://a.example/?b=1&_engagetrack=2#c", "https://a.example/?b=1#c");
        check("https://a.example/x&y?_engagetrack=2&b=1", "https://a.example/x&y?b=1");
        check("https://a.example/?_engagetrack=2", "https://a.example/");
        check("https://a.example/x?_engagetrack=a&_engagetrack=b&c=1", "https://a.example/x?c=1");
        check("https://a.example/x?_engagetrack=a&_engagetrack=b", "https://a.example/x");
        check("https://a.example/?_engagetracker=2", "https://a.example/?_engagetracker=2");
    }
}
