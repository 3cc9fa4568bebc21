//! Hosts: a site's own, and how hosts are read and compared.

/// The hosts that are one site: its domain with all subdomains, and its aliases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SiteHosts {
    domain: String,
    aliases: Vec<String>,
}

impl SiteHosts {
    /// Hosts are case-folded; ports, a trailing dot and the domain's `www.` are dropped.
    pub fn new<S: AsRef<str>>(domain: &str, aliases: impl IntoIterator<Item = S>) -> Self {
        let domain = clean(domain);
        let domain = domain.strip_prefix("www.").unwrap_or(&domain).to_owned();
        Self {
            domain,
            aliases: aliases
                .into_iter()
                .map(|alias| clean(alias.as_ref()))
                .collect(),
        }
    }

    /// Whether the host is the domain, a subdomain of it, or an alias (label by label, case and port ignored).
    pub fn contains(&self, host: &str) -> bool {
        self.has(&clean(host))
    }

    /// As [`SiteHosts::contains`], for a host that is clean.
    pub(super) fn has(&self, host: &str) -> bool {
        let is_domain = host
            .strip_suffix(&self.domain)
            .is_some_and(|before| before.is_empty() || before.ends_with('.'));
        let without_www = host.strip_prefix("www.");
        let is_alias = |alias: &String| alias == host || Some(alias.as_str()) == without_www;
        !host.is_empty()
            && (is_domain && !self.domain.is_empty() || self.aliases.iter().any(is_alias))
    }
}

/// A host in lower case without port and trailing dot.
pub(super) fn clean(host: &str) -> String {
    let host = host.trim();
    let has_port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let host = match host.rsplit_once(':') {
        Some((host, port)) if has_port(port) && (host.ends_with(']') || !host.contains(':')) => {
            host
        }
        _ => host,
    };
    host.trim_end_matches('.').to_lowercase()
}

/// Where a referrer points: a clean host, and its path without query and fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Referrer<'a> {
    pub(super) host: String,
    pub(super) path: &'a str,
}

impl<'a> Referrer<'a> {
    /// Reads a full URL, an app's address (`android-app://…`) or a host with or without a path.
    /// `None` where it names no place that a visitor can come from.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let (has_scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) if is_followed(scheme) => (true, rest),
            Some((scheme, _))
                if scheme
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte)) =>
            {
                return None;
            }
            _ => (text.starts_with("//"), text.trim_start_matches('/')),
        };
        let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(end)?;
        let authority = authority
            .rsplit_once('@')
            .map_or(authority, |(_, host)| host);
        let host = clean(authority);
        let path = path
            .split(['?', '#'])
            .next()
            .unwrap_or_default()
            .trim_end_matches('/');
        let is_host = !host.is_empty()
            && (has_scheme || host.contains('.') || host == "localhost")
            && !host
                .contains(|letter: char| letter.is_whitespace() || "<>\"'(),;".contains(letter));
        is_host.then_some(Self { host, path })
    }

    /// The host as it is shown.
    pub(super) fn shown(&self) -> &str {
        self.host.strip_prefix("www.").unwrap_or(&self.host)
    }
}

fn is_followed(scheme: &str) -> bool {
    ["http", "https", "android-app", "ios-app"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_its_domain_with_subdomains_and_its_aliases() {
        let site = SiteHosts::new("Shop.Example", ["other.example", "Alias.example:8080"]);
        let check = |host, expected| assert_eq!(site.contains(host), expected, "{host}");
        check("shop.example", true);
        check("SHOP.example:443", true);
        check("shop.example.", true);
        check("www.shop.example", true);
        check("blog.shop.example", true);
        check("other.example", true);
        check("www.other.example", true);
        check("alias.example", true);
        check("sub.other.example", false);
        check("myshop.example", false);
        check("example", false);
        check("", false);
        assert!(SiteHosts::new("www.a.example", [""; 0]).contains("a.example"));
        assert!(!SiteHosts::default().contains("a.example"));
        assert!(!SiteHosts::default().contains(""));
        assert!(SiteHosts::new("localhost", [""; 0]).contains("localhost:3000"));
    }

    #[test]
    fn a_referrer_is_read_as_host_and_path() {
        let check = |text: &str, expected: Option<(&str, &str)>| {
            let read = Referrer::parse(text);
            assert_eq!(
                read.as_ref().map(|read| (read.host.as_str(), read.path)),
                expected,
                "{text}"
            );
        };
        check("https://www.google.com/", Some(("www.google.com", "")));
        check(
            "HTTPS://Www.Google.COM:443/search?q=a#b",
            Some(("www.google.com", "/search")),
        );
        check(
            "https://user:secret@partner.example/a/b/",
            Some(("partner.example", "/a/b")),
        );
        check("x.com/i/grok", Some(("x.com", "/i/grok")));
        check("partner.example", Some(("partner.example", "")));
        check("//partner.example/a", Some(("partner.example", "/a")));
        check(
            "android-app://com.google.android.gm/",
            Some(("com.google.android.gm", "")),
        );
        check("http://localhost:3000/a", Some(("localhost", "/a")));
        check("http://[::1]:80/a", Some(("[::1]", "/a")));
        check(
            "https://partner.example?x=https://google.com/",
            Some(("partner.example", "")),
        );
        for text in [
            "",
            "null",
            "about:blank",
            "file:///home/a.html",
            "chrome-extension://abc/page",
            "https://",
            "not a host.",
            "undefined",
        ] {
            check(text, None);
        }
    }
}
