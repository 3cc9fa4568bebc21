//! Hosts and names find their place, and only theirs.

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
    check("x.com", "/i/grok/share/1", Some(("Grok", Kind::AiAssistant)));
    check("x.com", "/i/groknews", Some(("X", Kind::Social)));
    check("gemini.google.com", "", Some(("Gemini", Kind::AiAssistant)));
    check("bing.com", "/chat", Some(("Copilot", Kind::AiAssistant)));
    check("google.com", "/search", Some(("Google", Kind::Search)));
    check("google.com", "/shopping/product/1", Some(("Google Shopping", Kind::Shopping)));
    check("shopping.google.de", "", Some(("Google Shopping", Kind::Shopping)));
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
        assert_eq!(named(text).map(|place| place.name), expected, "{text}");
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
