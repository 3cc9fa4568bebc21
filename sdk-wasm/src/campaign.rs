//! What an address says about its source: campaign parameters and ad click ids, and addresses that carry them.

use protocol::{CAMPAIGN_PARAMETERS, CLICK_IDS};

/// Characters of a captured campaign, all of its parameters together.
const CAMPAIGN_CHARS: usize = 1_000;

/// What brought a session, or the visitor at first.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Touch {
    /// The captured parameters as they stand in an address, joined by `&`; empty without any.
    pub(crate) campaign: String,
    pub(crate) referrer: String,
    /// The path of the page on which it began.
    pub(crate) landing: String,
}

impl Touch {
    /// The touch of a page that was entered.
    pub(crate) fn of(url: &str, referrer: &str) -> Self {
        Self { campaign: captured(url), referrer: referrer.to_owned(), landing: path(url).to_owned() }
    }

    /// Reads what [`Touch::write`] wrote.
    pub(crate) fn parse(text: &str) -> Self {
        let mut lines = text.split('\n').map(str::to_owned);
        let mut next = || lines.next().unwrap_or_default();
        Self { campaign: next(), referrer: next(), landing: next() }
    }

    /// Appends the touch, a line each. Addresses hold no line breaks.
    pub(crate) fn write(&self, text: &mut String) {
        for part in [&self.campaign, "\n", &self.referrer, "\n", &self.landing] {
            text.push_str(part);
        }
    }
}

/// An address in its parts: up to the query, the query, the fragment, both without their sign.
pub(crate) fn parts(url: &str) -> (&str, &str, &str) {
    let (rest, fragment) = url.split_once('#').unwrap_or((url, ""));
    let (base, query) = rest.split_once('?').unwrap_or((rest, ""));
    (base, query, fragment)
}

/// The host of an address, without user and port; empty where it has none.
pub(crate) fn host(url: &str) -> &str {
    let authority = after_scheme(parts(url).0).split('/').next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    if host.starts_with('[') {
        return host.split_inclusive(']').next().unwrap_or_default();
    }
    host.split(':').next().unwrap_or_default()
}

/// The path of an address.
pub(crate) fn path(url: &str) -> &str {
    let rest = after_scheme(parts(url).0);
    rest.find('/').and_then(|start| rest.get(start..)).unwrap_or("/")
}

fn after_scheme(base: &str) -> &str {
    base.split_once("://").map_or("", |(_, rest)| rest)
}

/// Whether a host is one of those listed, or below one.
pub(crate) fn is_listed(host: &str, listed: &[String]) -> bool {
    listed.iter().any(|name| {
        host.strip_suffix(name.as_str())
            .is_some_and(|rest| !name.is_empty() && (rest.is_empty() || rest.ends_with('.')))
    })
}

/// The value of a parameter of a query, as it stands there.
pub(crate) fn parameter<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

/// The campaign parameters and click ids of an address, in the contract's order, joined by `&`.
pub(crate) fn captured(url: &str) -> String {
    let (_, query, _) = parts(url);
    let mut pairs = String::new();
    for name in CAMPAIGN_PARAMETERS.iter().chain(&CLICK_IDS) {
        if let Some(value) = parameter(query, name).filter(|value| !value.is_empty()) {
            push_pair(&mut pairs, name);
            pairs.push('=');
            pairs.push_str(value);
        }
    }
    fitting(&pairs, CAMPAIGN_CHARS)
}

/// An address with a campaign at the end of its query, unless it carries one of its own.
pub(crate) fn with_campaign(url: &str, campaign: &str) -> String {
    if campaign.is_empty() || !captured(url).is_empty() {
        return url.to_owned();
    }
    let (base, query, fragment) = parts(url);
    let mut merged = query.to_owned();
    push_pair(&mut merged, campaign);
    assemble(base, &merged, fragment)
}

/// Origin and path of an address, then as many of the campaign's parameters as fit, dropped whole from the end.
pub(crate) fn shortened(url: &str, campaign: &str, characters: usize) -> String {
    let base = crate::text::cut(parts(url).0, characters);
    let left = characters.saturating_sub(base.chars().count() + 1);
    assemble(base, &fitting(campaign, left), "")
}

/// An address without one parameter.
pub(crate) fn without(url: &str, name: &str) -> String {
    let (base, query, fragment) = parts(url);
    let mut kept = String::new();
    for pair in query.split('&') {
        let is_named = pair.strip_prefix(name).is_some_and(|rest| rest.starts_with('='));
        if !is_named && !pair.is_empty() {
            push_pair(&mut kept, pair);
        }
    }
    assemble(base, &kept, fragment)
}

/// An address with one parameter more.
pub(crate) fn with_parameter(url: &str, name: &str, value: &str) -> String {
    let (base, query, fragment) = parts(url);
    let mut query = query.to_owned();
    push_pair(&mut query, name);
    query.push('=');
    query.push_str(value);
    assemble(base, &query, fragment)
}

fn fitting(pairs: &str, characters: usize) -> String {
    let mut kept = pairs;
    while kept.chars().count() > characters {
        kept = kept.rsplit_once('&').map_or("", |(before, _)| before);
    }
    kept.to_owned()
}

fn push_pair(pairs: &mut String, pair: &str) {
    if !pairs.is_empty() {
        pairs.push('&');
    }
    pairs.push_str(pair);
}

fn assemble(base: &str, query: &str, fragment: &str) -> String {
    let mut url = base.to_owned();
    for (sign, part) in [('?', query), ('#', fragment)] {
        if !part.is_empty() {
            url.push(sign);
            url.push_str(part);
        }
    }
    url
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
        let listed = ["shop.example".to_owned(), String::new()];
        for (host, expected) in [
            ("shop.example", true),
            ("www.shop.example", true),
            ("myshop.example", false),
            ("example", false),
            ("", false),
        ] {
            assert_eq!(is_listed(host, &listed), expected, "{host}");
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
        let with = with_parameter("https://a.example/?b=1#c", "_x", "2");
        assert_eq!(with, "https://a.example/?b=1&_x=2#c");
        assert_eq!(without(&with, "_x"), "https://a.example/?b=1#c");
        assert_eq!(without("https://a.example/?_x=2", "_x"), "https://a.example/");
        assert_eq!(without("https://a.example/?_xy=2", "_x"), "https://a.example/?_xy=2");
    }
}
