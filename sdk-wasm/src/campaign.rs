//! What an address says about its source: campaign parameters and ad click ids, and addresses that carry them.

use protocol::{CAMPAIGN_PARAMETERS, CLICK_IDS};

use crate::constant::{Constant, constant};
use crate::text::Text;

/// UTF-16 units of a captured campaign, all of its parameters together.
const CAMPAIGN_UNITS: usize = 1_000;

/// What brought a session, or the visitor at first, in one text of three lines; addresses hold no line breaks.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Touch(pub(crate) Text);

impl Touch {
    /// The touch of a page that was entered.
    pub(crate) fn of(url: Text, referrer: Text) -> Self {
        Self(captured(url).with(c"\n", referrer).with(c"\n", path(url)))
    }

    /// The captured parameters as they stand in an address, joined by `&`; empty without any.
    #[inline(never)]
    pub(crate) fn campaign(self) -> Text {
        self.0.found(c"^(.*)")
    }

    pub(crate) fn referrer(self) -> Text {
        self.0.found(c"\n(.*)\n")
    }

    /// The path of the page on which it began.
    pub(crate) fn landing(self) -> Text {
        self.0.found(c"\n.*\n(.*)")
    }
}

/// An address up to its query.
#[inline(never)]
pub(crate) fn base(url: Text) -> Text {
    url.found(c"^([^?#]*)")
}

/// The host of an address, without user and port; empty where it has none.
#[inline(never)]
pub(crate) fn host(url: Text) -> Text {
    url.found(cr"^[^:?#]*://(?:[^/?#]*@)?(\[[^\]]*\]|[^:/?#]*)")
}

/// The path of an address.
pub(crate) fn path(url: Text) -> Text {
    let path = url.found(c"^[^:?#]*://[^/?#]*(/[^?#]*)");
    if path.is_empty() { Text::of(c"/") } else { path }
}

/// The pattern of the hosts in a list with commas, and of those below them; empty for an empty list.
pub(crate) fn listed(hosts: Text) -> Text {
    // Nothing but names may reach the pattern; a `*.` means what is meant anyway.
    let hosts = hosts.lower_case().replaced(cr"[^a-z0-9.,:_-]", c"").replaced(cr"(^|,)[.]+", c"$1");
    let hosts = hosts.found(c"^,*(.*[^,])");
    if hosts.is_empty() {
        return hosts;
    }
    let hosts = hosts.replaced(cr"\.", cr"\.").replaced(c",+", c"|");
    Text::of(cr"(?:^|\.)(").with(c"", hosts).with(c")$", Text::default())
}

/// Whether a host is one of those that a pattern of [`listed`] finds.
#[inline(never)]
pub(crate) fn is_listed(host: Text, listed: Text) -> bool {
    !host.found_by(listed).is_empty()
}

/// The first value of a parameter of an address that is not empty, as it stands there.
#[inline(never)]
pub(crate) fn parameter(url: Text, name: Constant) -> Text {
    url.found_by(Text::of(cr"^[^?#]*\?(?:[^#]*?&)??").with(name, Text::of(c"=([^&#]+)")))
}

/// The names of what is captured, in the contract's order.
pub(crate) static NAMES: [Constant; CAMPAIGN_PARAMETERS.len() + CLICK_IDS.len()] = {
    macro_rules! names {
        ($($list:ident: $($place:literal)*),*) => { [$($(constant!($list[$place])),*),*] };
    }
    names!(CAMPAIGN_PARAMETERS: 0 1 2 3 4, CLICK_IDS: 0 1 2 3 4 5 6 7 8 9 10 11 12 13)
};

/// The campaign parameters and click ids of an address, in the contract's order, joined by `&`.
#[inline(never)]
pub(crate) fn captured(url: Text) -> Text {
    let mut pairs = Text::default();
    // Most addresses have none of them, which is asked faster.
    if !url.has(c"?") {
        return pairs;
    }
    for name in &NAMES {
        if !url.has(name) {
            continue;
        }
        let value = parameter(url, name);
        if !value.is_empty() {
            let sign = if pairs.is_empty() { c"" } else { c"&" };
            pairs = pairs.with(sign, Text::of(name)).with(c"=", value);
        }
    }
    fitting(pairs, CAMPAIGN_UNITS)
}

/// An address with a campaign at the end of its query, unless it carries one of its own.
pub(crate) fn with_campaign(url: Text, campaign: Text) -> Text {
    if captured(url).is_empty() { with_pair(url, campaign) } else { url }
}

/// Origin and path of an address, then as many of the campaign's parameters as fit, dropped whole from the end.
#[inline(never)]
pub(crate) fn shortened(url: Text, campaign: Text, units: usize) -> Text {
    let short = base(url).cut(units);
    let left = units.saturating_sub(short.length() + 1);
    short.and(c"?", fitting(campaign, left))
}

/// An address with one pair more at the end of its query.
#[inline(never)]
pub(crate) fn with_pair(url: Text, pair: Text) -> Text {
    let start = url.found(cr"^([^?#]*(?:\?[^#]+)?)");
    let sign = if start.matches(cr"\?") { c"&" } else { c"?" };
    start.and(sign, pair).with(c"", url.found(c"(#.*)"))
}

#[inline(never)]
fn fitting(mut pairs: Text, units: usize) -> Text {
    while pairs.length() > units {
        pairs = pairs.found(c"^(.*)&");
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_comes_apart() {
        let check = |url: &str, expected_host: &str, expected_path: &str| {
            assert_eq!(host(url.into()), expected_host, "{url}");
            assert_eq!(path(url.into()), expected_path, "{url}");
        };
        check("https://shop.example/a/b?c=/d#e", "shop.example", "/a/b");
        check("http://user@shop.example:8080", "shop.example", "/");
        check("http://[::1]:8080/a", "[::1]", "/a");
        check("file:///home/a.html", "", "/home/a.html");
        check("about:blank", "", "/");
        assert_eq!(base("https://a.example/?b?c#d#e".into()), "https://a.example/");
    }

    #[test]
    fn hosts_match_at_a_label_boundary() {
        let hosts = listed(" *.Shop.example,, b.example(+[,".into());
        for (host, expected) in [
            ("shop.example", true),
            ("www.shop.example", true),
            ("myshop.example", false),
            ("b.example", true),
            ("shopxexample", false),
            ("example", false),
            ("", false),
        ] {
            assert_eq!(is_listed(host.into(), hosts), expected, "{host}");
        }
        assert!(!is_listed("shop.example".into(), listed(" ,".into())));
    }

    #[test]
    fn campaign_parameters_and_click_ids_are_captured_in_the_contracts_order() {
        let check = |url: &str, expected: &str| assert_eq!(captured(url.into()), expected, "{url}");
        check(
            "https://a.example/?gclid=1&x=2&utm_medium=cpc&utm_source=g%20h",
            "utm_source=g%20h&utm_medium=cpc&gclid=1",
        );
        check("https://a.example/?utm_source=&ScCid=5#utm_term=x", "ScCid=5");
        check("https://a.example/?xutm_source=1&scCid=5", "");
        check("https://a.example/?next=/b?utm_source=x", "");
        check("https://a.example/b&utm_source=x?c=1", "");
        check("https://a.example/?utm_source=a&utm_source=b#?gclid=1", "utm_source=a");
    }

    #[test]
    fn a_campaign_is_merged_only_where_none_is() {
        let check = |url: &str, expected: &str| {
            assert_eq!(with_campaign(url.into(), "utm_source=a&gclid=b".into()), expected);
        };
        check("https://a.example/thanks", "https://a.example/thanks?utm_source=a&gclid=b");
        check("https://a.example/?order=1#top", "https://a.example/?order=1&utm_source=a&gclid=b#top");
        check("https://a.example/?utm_source=c", "https://a.example/?utm_source=c");
    }

    #[test]
    fn a_shortened_address_drops_whole_parameters_from_the_end() {
        let campaign = "utm_source=a&utm_medium=bb&gclid=c";
        let check = |limit: usize, expected: &str| {
            let short = shortened("https://a.example/p?q=1#f".into(), campaign.into(), limit);
            assert_eq!(short, expected);
            assert!(short.length() <= limit);
        };
        check(500, "https://a.example/p?utm_source=a&utm_medium=bb&gclid=c");
        check(53, "https://a.example/p?utm_source=a&utm_medium=bb");
        check(45, "https://a.example/p?utm_source=a");
        check(20, "https://a.example/p");
        check(10, "https://a.");
    }

    #[test]
    fn a_pair_goes_to_the_end_of_the_query() {
        let check = |url: &str, expected: &str| assert_eq!(with_pair(url.into(), "x=2".into()), expected);
        check("https://a.example/?b=1#c?d", "https://a.example/?b=1&x=2#c?d");
        check("https://a.example/?#c", "https://a.example/?x=2#c");
        check("https://a.example/?b=what?", "https://a.example/?b=what?&x=2");
        check("https://a.example/", "https://a.example/?x=2");
    }
}
