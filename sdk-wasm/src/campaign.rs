//! What an address says about its source: campaign parameters and ad click ids, and addresses that carry them.

use protocol::{CAMPAIGN_PARAMETERS, CLICK_IDS};

use crate::text::{cut, halves, joined, last_halves, length, own, pieces};

/// Characters of a captured campaign, all of its parameters together.
const CAMPAIGN_CHARS: usize = 1_000;

/// What brought a session, or the visitor at first, in one text of three lines; addresses hold no line breaks.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Touch(pub(crate) String);

impl Touch {
    /// The touch of a page that was entered.
    pub(crate) fn of(url: &str, referrer: &str) -> Self {
        Self(joined(&[&captured(url), "\n", referrer, "\n", path(url)]))
    }

    /// The captured parameters as they stand in an address, joined by `&`; empty without any.
    pub(crate) fn campaign(&self) -> &str {
        halves(&self.0, b'\n').0
    }

    pub(crate) fn referrer(&self) -> &str {
        halves(halves(&self.0, b'\n').1, b'\n').0
    }

    /// The path of the page on which it began.
    pub(crate) fn landing(&self) -> &str {
        last_halves(&self.0, b'\n').1
    }
}

/// An address in its parts: up to the query, the query, the fragment, both without their sign.
pub(crate) fn parts(url: &str) -> (&str, &str, &str) {
    let (rest, fragment) = halves(url, b'#');
    let (base, query) = halves(rest, b'?');
    (base, query, fragment)
}

/// The host of an address, without user and port; empty where it has none.
#[inline(never)]
pub(crate) fn host(url: &str) -> &str {
    let authority = halves(after_scheme(url), b'/').0;
    let host = last_halves(authority, b'@').1;
    if host.starts_with('[') {
        return host.get(..=halves(host, b']').0.len()).unwrap_or_default();
    }
    halves(host, b':').0
}

/// The path of an address.
#[inline(never)]
pub(crate) fn path(url: &str) -> &str {
    let rest = after_scheme(url);
    let path = rest.get(halves(rest, b'/').0.len()..).unwrap_or_default();
    if path.is_empty() { "/" } else { path }
}

/// Host and path.
#[inline(never)]
fn after_scheme(url: &str) -> &str {
    halves(parts(url).0, b':').1.strip_prefix("//").unwrap_or_default()
}

/// Whether a host is one of a list with commas, or below one.
#[inline(never)]
pub(crate) fn is_listed(host: &str, listed: &str) -> bool {
    pieces(listed, b',').map(str::trim_ascii).any(|name| {
        host.strip_suffix(name)
            .is_some_and(|rest| !name.is_empty() && (rest.is_empty() || rest.ends_with('.')))
    })
}

/// The value of a parameter of a query, as it stands there.
#[inline(never)]
pub(crate) fn parameter<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    pieces(query, b'&')
        .map(|pair| halves(pair, b'='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

/// The names of what is captured, in the contract's order.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which would say so")]
pub(crate) static NAMES: [&str; CAMPAIGN_PARAMETERS.len() + CLICK_IDS.len()] = {
    let mut names = [""; CAMPAIGN_PARAMETERS.len() + CLICK_IDS.len()];
    let mut place = 0;
    while place < names.len() {
        names[place] = if place < CAMPAIGN_PARAMETERS.len() {
            CAMPAIGN_PARAMETERS[place]
        } else {
            CLICK_IDS[place - CAMPAIGN_PARAMETERS.len()]
        };
        place += 1;
    }
    names
};

/// The campaign parameters and click ids of an address, in the contract's order, joined by `&`.
#[inline(never)]
pub(crate) fn captured(url: &str) -> String {
    let (_, query, _) = parts(url);
    let mut pairs = String::new();
    for name in &NAMES {
        if let Some(value) = parameter(query, name).filter(|value| !value.is_empty()) {
            push_pair(&mut pairs, name);
            append(&mut pairs, "=", value);
        }
    }
    own(fitting(&pairs, CAMPAIGN_CHARS))
}

/// An address with a campaign at the end of its query, unless it carries one of its own.
pub(crate) fn with_campaign(url: &str, campaign: &str) -> String {
    with_pair(url, if captured(url).is_empty() { campaign } else { "" })
}

/// Origin and path of an address, then as many of the campaign's parameters as fit, dropped whole from the end.
#[inline(never)]
pub(crate) fn shortened(url: &str, campaign: &str, characters: usize) -> String {
    let mut short = own(cut(parts(url).0, characters));
    let left = characters.saturating_sub(length(&short) + 1);
    append(&mut short, "?", fitting(campaign, left));
    short
}

/// An address without one parameter.
#[inline(never)]
pub(crate) fn without(url: &str, name: &str) -> String {
    let (base, query, fragment) = parts(url);
    let mut kept = String::new();
    for pair in pieces(query, b'&') {
        if halves(pair, b'=').0 != name {
            push_pair(&mut kept, pair);
        }
    }
    assemble(base, &kept, fragment)
}

/// An address with one pair more at the end of its query.
#[inline(never)]
pub(crate) fn with_pair(url: &str, pair: &str) -> String {
    let (base, query, fragment) = parts(url);
    let mut query = own(query);
    push_pair(&mut query, pair);
    assemble(base, &query, fragment)
}

#[inline(never)]
fn fitting(pairs: &str, characters: usize) -> &str {
    let mut kept = pairs;
    while length(kept) > characters {
        kept = last_halves(kept, b'&').0;
    }
    kept
}

fn push_pair(pairs: &mut String, pair: &str) {
    append(pairs, if pairs.is_empty() { "" } else { "&" }, pair);
}

#[inline(never)]
fn assemble(base: &str, query: &str, fragment: &str) -> String {
    let mut url = own(base);
    append(&mut url, "?", query);
    append(&mut url, "#", fragment);
    url
}

/// Appends a part behind its sign, where there is one.
#[inline(never)]
fn append(text: &mut String, sign: &str, part: &str) {
    if !part.is_empty() {
        text.push_str(sign);
        text.push_str(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_comes_apart() {
        let check = |url: &str, expected_host: &str, expected_path: &str| {
            assert_eq!((host(url), path(url)), (expected_host, expected_path), "{url}");
        };
        check("https://shop.example/a/b?c=/d#e", "shop.example", "/a/b");
        check("http://user@shop.example:8080", "shop.example", "/");
        check("http://[::1]:8080/a", "[::1]", "/a");
        check("file:///home/a.html", "", "/home/a.html");
        check("about:blank", "", "/");
        assert_eq!(parts("https://a.example/?b?c#d#e"), ("https://a.example/", "b?c", "d#e"));
    }

    #[test]
    fn hosts_match_at_a_label_boundary() {
        let listed = "shop.example,";
        for (host, expected) in [
            ("shop.example", true),
            ("www.shop.example", true),
            ("myshop.example", false),
            ("example", false),
            ("", false),
        ] {
            assert_eq!(is_listed(host, listed), expected, "{host}");
        }
    }

    #[test]
    fn campaign_parameters_and_click_ids_are_captured_in_the_contracts_order() {
        let check = |url: &str, expected: &str| assert_eq!(captured(url), expected, "{url}");
        check(
            "https://a.example/?gclid=1&x=2&utm_medium=cpc&utm_source=g%20h",
            "utm_source=g%20h&utm_medium=cpc&gclid=1",
        );
        check("https://a.example/?utm_source=&ScCid=5#utm_term=x", "ScCid=5");
        check("https://a.example/?xutm_source=1&scCid=5", "");
    }

    #[test]
    fn a_campaign_is_merged_only_where_none_is() {
        let check =
            |url: &str, expected: &str| assert_eq!(with_campaign(url, "utm_source=a&gclid=b"), expected);
        check("https://a.example/thanks", "https://a.example/thanks?utm_source=a&gclid=b");
        check("https://a.example/?order=1#top", "https://a.example/?order=1&utm_source=a&gclid=b#top");
        check("https://a.example/?utm_source=c", "https://a.example/?utm_source=c");
    }

    #[test]
    fn a_shortened_address_drops_whole_parameters_from_the_end() {
        let campaign = "utm_source=a&utm_medium=bb&gclid=c";
        let check = |limit: usize, expected: &str| {
            let short = shortened("https://a.example/p?q=1#f", campaign, limit);
            assert_eq!(short, expected);
            assert!(short.chars().count() <= limit);
        };
        check(500, "https://a.example/p?utm_source=a&utm_medium=bb&gclid=c");
        check(53, "https://a.example/p?utm_source=a&utm_medium=bb");
        check(45, "https://a.example/p?utm_source=a");
        check(20, "https://a.example/p");
        check(10, "https://a.");
    }

    #[test]
    fn a_parameter_goes_in_and_out() {
        let with = with_pair("https://a.example/?b=1#c", "_x=2");
        assert_eq!(with, "https://a.example/?b=1&_x=2#c");
        assert_eq!(without(&with, "_x"), "https://a.example/?b=1#c");
        assert_eq!(without("https://a.example/?_x=2", "_x"), "https://a.example/");
        assert_eq!(without("https://a.example/?_xy=2", "_x"), "https://a.example/?_xy=2");
    }
}
