//! Addresses: read whole, kept in part.

use attribution::source;
use protocol::{CLICK_IDS, limit};
use url::Url;

use super::fault::{Fault, shown};
use crate::record::Page;

/// Parameters that people and directories add to links, beside campaign parameters and click ids.
const LINK_TAGS: [&str; 3] = ["ref", "source", "via"];

/// Reads the address of a page; it must be a full one.
pub(super) fn parse(text: &str) -> Result<Url, Fault> {
    let wrong = || {
        let message = format!(
            "`url` must be the page's full address, as in https://shop.example/thanks; it is {}.",
            shown(text)
        );
        Fault::field("url", message)
    };
    let url = Url::parse(text).map_err(|_| wrong())?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(wrong());
    }
    Ok(url)
}

/// The host as it is compared and kept: lower case, in ASCII, without port or a dot at its end.
pub(super) fn host(url: &Url) -> &str {
    let host = url.host_str().unwrap_or_default();
    host.strip_suffix('.').unwrap_or(host)
}

/// What is kept of an address: host, path, and of the query only what tells where the visitor came from and
/// the keys that the site lists.
pub(super) fn keep(url: &Url, kept_parameters: &[String]) -> Page {
    let query = url.query().unwrap_or_default();
    let mut kept = String::new();
    for pair in query.split('&').filter(|pair| is_kept(pair, kept_parameters)) {
        if !kept.is_empty() {
            kept.push('&');
        }
        kept.push_str(pair);
    }
    Page {
        host: host(url).to_owned(),
        path: path(url.path()).to_owned(),
        query: kept,
        checkout_return: !query.is_empty() && source::campaign_of(query).checkout_return,
    }
}

/// A path without the slash at its end, but for the root.
fn path(path: &str) -> &str {
    match path.strip_suffix('/') {
        Some("") | None => path,
        Some(shorter) => shorter,
    }
}

fn is_kept(pair: &str, kept_parameters: &[String]) -> bool {
    let Some((name, _)) = form_urlencoded::parse(pair.as_bytes()).next() else {
        return false;
    };
    let is_campaign = name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("utm_"));
    let is_one_of = |names: &[&str]| names.iter().any(|known| name.eq_ignore_ascii_case(known));
    is_campaign
        || is_one_of(&CLICK_IDS)
        || is_one_of(&LINK_TAGS)
        || kept_parameters.iter().any(|key| *key == name)
}

/// What is kept of a referrer: its host and path. An app's keeps its scheme, which says that it is one.
/// Nothing is left of what is no address.
pub(super) fn referrer(text: &str) -> Result<Option<String>, Fault> {
    super::validate::within("referrer", text, limit::URL_CHARS)?;
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let parsed = Url::parse(text).or_else(|_| Url::parse(&format!("https://{text}")));
    Ok(parsed.ok().and_then(|url| {
        let path = url.path().trim_end_matches('/');
        match url.scheme() {
            "http" | "https" => Some(format!("{}{path}", host(&url))),
            "android-app" | "ios-app" => Some(format!("{}://{}{path}", url.scheme(), host(&url))),
            _ => None,
        }
    }))
}

/// Whether a kept referrer is on the list of referrer spam.
pub(super) fn is_spam(referrer: &str) -> bool {
    source::is_spam(referrer.split('/').next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(address: &str) -> Page {
        keep(&parse(address).unwrap(), &["plan".to_owned(), "größe".to_owned()])
    }

    #[test]
    fn of_a_query_only_what_tells_the_source_and_the_sites_own_keys_are_kept() {
        let check = |query: &str, expected: &str| {
            assert_eq!(kept(&format!("https://shop.example/a?{query}#top")).query, expected, "{query}");
        };
        check("", "");
        check("email=ana%40shop.example&token=1", "");
        check("utm_source=x&email=a&utm_campaign=spring%20sale", "utm_source=x&utm_campaign=spring%20sale");
        check("utm_source_platform=a&utm_id=7&utmsource=b", "utm_source_platform=a&utm_id=7");
        check("UTM_Source=x&GCLID=1&sccid=2&ScCid=3", "UTM_Source=x&GCLID=1&sccid=2&ScCid=3");
        check("%75tm_source=x", "%75tm_source=x");
        check("ref=a&source=b&via=c&refer=d", "ref=a&source=b&via=c");
        check("plan=pro&Plan=x&planned=y&gr%C3%B6%C3%9Fe=l", "plan=pro&gr%C3%B6%C3%9Fe=l");
        check("&&=&utm_term", "utm_term");
        check("%FF=1&utm_term=%FF", "utm_term=%FF");
    }

    #[test]
    fn a_page_is_its_host_and_path() {
        let check = |address: &str, host: &str, path: &str| {
            let page = kept(address);
            assert_eq!((page.host.as_str(), page.path.as_str()), (host, path), "{address}");
        };
        check("https://Shop.Example", "shop.example", "/");
        check("https://shop.example/", "shop.example", "/");
        check("https://shop.example:8443/Shoes/?a=b#c", "shop.example", "/Shoes");
        check("http://user:secret@shop.example./a/b//", "shop.example", "/a/b/");
        check("https://bücher.example/weiß", "xn--bcher-kva.example", "/wei%C3%9F");
        check("https://shop.example/a/../b", "shop.example", "/b");
        check("http://[::1]:8080/x", "[::1]", "/x");
    }

    #[test]
    fn what_is_no_full_web_address_is_refused() {
        for text in [
            "",
            "/thanks",
            "shop.example/thanks",
            "ftp://shop.example/",
            "file:///etc",
            "https://",
            "javascript:1",
        ] {
            assert_eq!(parse(text).unwrap_err().field.as_deref(), Some("url"), "{text}");
        }
    }

    #[test]
    fn of_a_referrer_host_and_path_are_kept() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(referrer(text).unwrap().as_deref(), expected, "{text}");
        };
        check("https://www.google.com/", Some("www.google.com"));
        check("https://GitHub.com/a/b/?q=secret#c", Some("github.com/a/b"));
        check("http://user:pass@news.example:81/x", Some("news.example/x"));
        check("www.google.com/search?q=x", Some("www.google.com/search"));
        check("android-app://com.google.android.gm/", Some("android-app://com.google.android.gm"));
        check("", None);
        check("  ", None);
        check("about:blank", None);
        check("file:///C:/secret.html", None);
        check("not an address", None);
        assert!(referrer(&"x".repeat(2_049)).is_err());
    }
}
