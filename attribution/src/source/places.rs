//! The places that are known by name: tables of hosts and names, built once from the lists.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Kind;
use super::list::pairs;

/// A place that is known by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The name to show.
    pub(super) name: &'static str,
    /// What kind of place it is.
    pub(super) kind: Kind,
    /// Whether one comes back from it, having paid or signed in.
    pub(super) is_return: bool,
}

impl Place {
    /// Whether it is a network that visitors come from, so that its name and not its host is shown.
    pub(super) const fn is_network(&self) -> bool {
        !self.is_return
            && matches!(
                self.kind,
                Kind::Search | Kind::Social | Kind::Video | Kind::Shopping | Kind::AiAssistant
            )
    }
}

/// The lists in order of precedence: of entries for the same host and path the first is kept.
const LISTS: [(&str, Kind, bool); 11] = [
    (
        include_str!("../../data/own/Returns.yml"),
        Kind::Other,
        true,
    ),
    (include_str!("../../data/own/Other.yml"), Kind::Other, false),
    (
        include_str!("../../data/own/Assistants.yml"),
        Kind::AiAssistant,
        false,
    ),
    (include_str!("../../data/own/Video.yml"), Kind::Video, false),
    (include_str!("../../data/own/Mail.yml"), Kind::Mail, false),
    (
        include_str!("../../data/own/Shopping.yml"),
        Kind::Shopping,
        false,
    ),
    (
        include_str!("../../data/own/Social.yml"),
        Kind::Social,
        false,
    ),
    (
        include_str!("../../data/own/Search.yml"),
        Kind::Search,
        false,
    ),
    (
        include_str!("../../data/matomo/AIAssistants.yml"),
        Kind::AiAssistant,
        false,
    ),
    (
        include_str!("../../data/matomo/Socials.yml"),
        Kind::Social,
        false,
    ),
    (MATOMO_SEARCH, Kind::Search, false),
];
const MATOMO_SEARCH: &str = include_str!("../../data/matomo/SearchEngines.yml");
const ALIASES: &str = include_str!("../../data/own/Aliases.yml");

/// Names as the published lists have them, and as they are shown.
const SHOWN_NAMES: [(&str, &str); 11] = [
    ("Twitter", "X"),
    ("reddit", "Reddit"),
    ("tumblr", "Tumblr"),
    ("gree", "GREE"),
    ("Google%2B", "Google+"),
    ("Vkontakte", "VK"),
    ("StackOverflow", "Stack Overflow"),
    ("Deepseek", "DeepSeek"),
    ("StartPage", "Startpage"),
    ("Windows Live Spaces", "Microsoft"),
    ("Mailru", "Mail.ru"),
];
/// Engines whose parts (images, news, other countries) the published list names apart.
const ENGINES_IN_PARTS: [&str; 5] = ["Google", "Yahoo", "Bing", "Yandex", "Baidu"];
/// In the published list of search engines, but of another kind.
const NO_ENGINES: [&str; 5] = ["ChatGPT", "Perplexity", "You", "Facebook", "MySpace"];
/// Names that are everyday words: in a `utm_source` they mean something else more often than the place.
const EVERYDAY_WORDS: [&str; 14] = [
    "you", "pi", "line", "medium", "target", "wish", "kick", "karma", "tagged", "multiply",
    "plaxo", "loom", "ted", "bol",
];
/// Labels under which a search engine answers searches; under any other it is some other service.
const SEARCH_LABELS: [&str; 22] = [
    "www", "www2", "m", "mobile", "touch", "search", "r", "html", "lite", "safe", "noai", "start",
    "images", "image", "news", "video", "web", "suche", "q", "go", "amp", "ntp",
];
/// Labels that stand before a country's top-level domain, as in `co.uk`.
const SECOND_LEVELS: [&str; 11] = [
    "co", "com", "org", "net", "ne", "or", "gov", "edu", "ac", "gob", "web",
];

struct Tables {
    /// By host (a country's top-level domain as `{}`): paths, longest first, and what is there.
    hosts: HashMap<String, Vec<(&'static str, Place)>>,
    /// By folded name or alias.
    names: HashMap<String, Place>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(Tables::build);

impl Tables {
    fn build() -> Self {
        let mut tables = Self {
            hosts: HashMap::new(),
            names: HashMap::new(),
        };
        for (list, kind, is_return) in LISTS {
            for (name, entry) in pairs(list) {
                let name = shown_name(name);
                if std::ptr::eq(list, MATOMO_SEARCH) && NO_ENGINES.contains(&name) {
                    continue;
                }
                let place = Place {
                    name,
                    kind,
                    is_return,
                };
                tables.add_host(entry, place);
                if place.is_network() && !std::ptr::eq(list, MATOMO_SEARCH) {
                    tables.add_name(name, place);
                }
            }
        }
        for (name, alias) in pairs(ALIASES) {
            if let Some(place) = tables.names.get(&name.to_lowercase()).copied() {
                tables.names.insert(alias.to_owned(), place);
            }
        }
        for paths in tables.hosts.values_mut() {
            paths.sort_by_key(|(path, _)| std::cmp::Reverse(path.len()));
        }
        tables
    }

    fn add_host(&mut self, entry: &'static str, place: Place) {
        let entry = entry.strip_prefix("www.").unwrap_or(entry);
        // A country's label before the host is found by the host itself, see `SEARCH_LABELS`.
        let entry = entry.strip_prefix("{}.").unwrap_or(entry);
        let (host, path) = entry
            .find('/')
            .map_or((entry, ""), |slash| entry.split_at(slash));
        if host.contains("{}.") || path.starts_with("//") {
            return;
        }
        let path = path.trim_end_matches('/');
        let paths = self.hosts.entry(host.to_lowercase()).or_default();
        if !paths.iter().any(|(known, _)| *known == path) {
            paths.push((path, place));
        }
    }

    fn add_name(&mut self, name: &str, place: Place) {
        let folded = name.to_lowercase();
        if !EVERYDAY_WORDS.contains(&folded.as_str()) {
            self.names.entry(folded).or_insert(place);
        }
    }

    fn at(&self, host: &str, path: &str) -> Option<Place> {
        self.hosts
            .get(host)?
            .iter()
            .find(|(prefix, _)| is_under(path, prefix))
            .map(|(_, place)| *place)
    }

    /// As [`Tables::at`], where the host ends in a country's top-level domain.
    fn in_a_country(&self, host: &str, path: &str) -> Option<Place> {
        let (rest, country) = host.rsplit_once('.')?;
        if country.len() != 2 {
            return None;
        }
        let stem = match rest.rsplit_once('.') {
            Some((stem, second_level)) if SECOND_LEVELS.contains(&second_level) => stem,
            _ => rest,
        };
        self.at(&[stem, ".{}"].concat(), path)
    }
}

fn shown_name(name: &'static str) -> &'static str {
    if let Some((_, shown)) = SHOWN_NAMES.iter().find(|(listed, _)| *listed == name) {
        return shown;
    }
    let is_part = |engine: &&str| {
        name.strip_prefix(engine).is_some_and(|rest| {
            rest.starts_with(['!', ' ']) && !rest.ends_with("Shopping") && !rest.ends_with("Video")
        })
    };
    ENGINES_IN_PARTS.into_iter().find(is_part).unwrap_or(name)
}

fn is_under(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix)
        .is_some_and(|rest| prefix.is_empty() || rest.is_empty() || rest.starts_with('/'))
}

/// The place at a host (lower-case, no port) and path. Hosts match at label boundaries; the longest entry
/// wins, its path included.
pub(super) fn at(host: &str, path: &str) -> Option<Place> {
    let mut suffix = host;
    loop {
        if let Some(place) = TABLES
            .at(suffix, path)
            .or_else(|| TABLES.in_a_country(suffix, path))
        {
            let before = host.strip_suffix(suffix).unwrap_or_default();
            return (place.kind != Kind::Search || are_search_labels(before)).then_some(place);
        }
        suffix = suffix.split_once('.')?.1;
    }
}

fn are_search_labels(labels: &str) -> bool {
    labels.split_terminator('.').all(|label| {
        let is_country = label.len() == 2 && label.bytes().all(|byte| byte.is_ascii_lowercase());
        is_country || SEARCH_LABELS.contains(&label)
    })
}

/// The network of a folded name or alias, as in `fb`.
pub(super) fn named(folded: &str) -> Option<Place> {
    TABLES.names.get(folded).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(host: &str, path: &str, expected: Option<(&str, Kind)>) {
        let found = at(host, path).map(|place| (place.name, place.kind));
        assert_eq!(found, expected, "{host}{path}");
    }

    #[test]
    fn hosts_match_at_label_boundaries() {
        check("x.com", "", Some(("X", Kind::Social)));
        check("mobile.x.com", "", Some(("X", Kind::Social)));
        check("dropbox.com", "", None);
        check("t.co", "/abc", Some(("X", Kind::Social)));
        check("xxt.co", "", None);
        check("you.com", "", Some(("You", Kind::AiAssistant)));
        check("bayou.com", "", None);
        check("com", "", None);
        check("", "", None);
    }

    #[test]
    fn the_longest_entry_wins_its_path_included() {
        check("x.com", "/i/grok", Some(("Grok", Kind::AiAssistant)));
        check(
            "x.com",
            "/i/grok/share/1",
            Some(("Grok", Kind::AiAssistant)),
        );
        check("x.com", "/i/groknews", Some(("X", Kind::Social)));
        check("gemini.google.com", "", Some(("Gemini", Kind::AiAssistant)));
        check("bing.com", "/chat", Some(("Copilot", Kind::AiAssistant)));
        check("google.com", "/search", Some(("Google", Kind::Search)));
        check(
            "google.com",
            "/shopping/product/1",
            Some(("Google Shopping", Kind::Shopping)),
        );
        check(
            "shopping.google.de",
            "",
            Some(("Google Shopping", Kind::Shopping)),
        );
        check("video.google.com", "", Some(("Google Video", Kind::Video)));
    }

    #[test]
    fn a_country_is_any_of_its_top_level_domains() {
        for host in [
            "google.de",
            "google.co.uk",
            "google.com.au",
            "www.google.fr",
            "news.google.it",
            "images.google.de",
            "google.ro",
        ] {
            check(host, "", Some(("Google", Kind::Search)));
        }
        check("de.search.yahoo.com", "", Some(("Yahoo", Kind::Search)));
        check("cn.bing.com", "", Some(("Bing", Kind::Search)));
        check("yandex.kz", "", Some(("Yandex", Kind::Search)));
        check("amazon.co.uk", "", Some(("Amazon", Kind::Shopping)));
        check("google.example", "", None);
        check("mygoogle.de", "", None);
    }

    #[test]
    fn other_services_of_a_search_engine_are_no_search() {
        check("mail.google.com", "", Some(("Gmail", Kind::Mail)));
        check("docs.google.com", "", Some(("Google", Kind::Other)));
        check("support.google.com", "", None);
        check("blog.naver.com", "", None);
        check("aws.amazon.com", "", Some(("Amazon", Kind::Other)));
        assert!(at("accounts.google.com", "").is_some_and(|place| place.is_return));
        assert!(at("github.com", "/login/oauth/authorize").is_some_and(|place| place.is_return));
    }

    #[test]
    fn video_sites_are_video_only() {
        for (host, name) in [
            ("youtube.com", "YouTube"),
            ("m.youtube.com", "YouTube"),
            ("youtu.be", "YouTube"),
            ("vimeo.com", "Vimeo"),
            ("player.vimeo.com", "Vimeo"),
            ("twitch.tv", "Twitch"),
        ] {
            check(host, "", Some((name, Kind::Video)));
        }
    }

    #[test]
    fn networks_are_known_by_name_and_alias() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(named(text).map(|place| place.name), expected, "{text}")
        };
        check("google", Some("Google"));
        check("fb", Some("Facebook"));
        check("twitter", Some("X"));
        check("x", Some("X"));
        check("tiktok", Some("TikTok"));
        check("chatgpt", Some("ChatGPT"));
        check("hacker news", Some("Hacker News"));
        check("newsletter", None);
        check("medium", None);
        check("orange", None);
        check("gmail", None);
        check("stripe", None);
    }

    #[test]
    fn every_alias_names_a_network() {
        for (name, alias) in pairs(ALIASES) {
            assert_eq!(named(alias).map(|place| place.name), Some(name), "{alias}");
        }
    }
}
