//! What does not count, for one reason of a closed list, and that none of it touches a purchase.

use super::*;

fn read_from(arrival: &Arrival, event: &Value) -> Item {
    let ingest = Ingest::open(None, None).unwrap();
    only(ingest.read_events(&catalogue_of(site()), arrival, event.to_string().as_bytes()).unwrap())
}

fn check(arrival: &Arrival, event: &Value, expected: Option<&'static str>) {
    let reason = match read_from(arrival, event) {
        Item::Dropped(reason) => Some(reason),
        Item::Record(_) => None,
        Item::Fault(fault) => panic!("{fault:?}"),
    };
    assert_eq!(reason, expected, "{arrival:?} {event}");
    assert!(reason.is_none_or(|reason| dropped::REASONS.contains(&reason)));
}

fn agent(agent: &str) -> Arrival {
    Arrival { agent: agent.to_owned(), ..arrival() }
}

fn address(address: &str) -> Arrival {
    Arrival { address: Some(address.parse().unwrap()), ..arrival() }
}

#[test]
fn bots_are_dropped_and_people_are_not() {
    for bot in [
        "Googlebot/2.1 (+http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
        "Mozilla/5.0 (compatible; ClaudeBot/1.0; +claudebot@anthropic.com)",
        "curl/8.5.0",
        "axios/1.7.2",
        "GuzzleHttp/7",
        "python-requests/2.32.0",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/126.0.0.0 Safari/537.36",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "PerplexityBot/1.0",
    ] {
        check(&agent(bot), &pageview(&json!({})), Some(dropped::BOT));
    }
    for person in [
        CHROME,
        "",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 330.0.3.29.109",
        "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/AP1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.0.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/460.0.0;]",
        "Mozilla/5.0 (Linux; Android 13; SAMSUNG SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 OPR/112.0.0.0",
        "Mozilla/5.0 (Linux; Android 12; CUBOT KINGKONG 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15 Ddg/17.4",
    ] {
        check(&agent(person), &pageview(&json!({})), None);
    }
}

#[test]
fn excluded_addresses_and_networks_are_dropped() {
    for excluded in ["203.0.113.0", "203.0.113.255", "::ffff:203.0.113.9", "2001:db8::7"] {
        check(&address(excluded), &pageview(&json!({})), Some(dropped::EXCLUDED_ADDRESS));
    }
    for other in ["203.0.112.255", "203.0.114.0", "2001:db8::8", "::1"] {
        check(&address(other), &pageview(&json!({})), None);
    }
}

#[test]
fn excluded_paths_are_dropped_with_all_below_them() {
    let at = |path: &str| pageview(&json!({"url": format!("https://shop.example{path}")}));
    for excluded in ["/admin", "/admin/", "/admin/orders?x=1", "/preview", "/preview-7/a"] {
        check(&arrival(), &at(excluded), Some(dropped::EXCLUDED_PATH));
    }
    for other in ["/", "/administration", "/Admin", "/a/admin"] {
        check(&arrival(), &at(other), None);
    }
}

#[test]
fn referrer_spam_is_dropped() {
    let from = |referrer: &str| pageview(&json!({"referrer": referrer}));
    check(&arrival(), &from("https://semalt.com/x"), Some(dropped::SPAM_REFERRER));
    check(&arrival(), &from("http://a.b.semalt.com"), Some(dropped::SPAM_REFERRER));
    check(&arrival(), &from("https://notsemalt.com/"), None);
}

#[test]
fn nothing_of_it_touches_a_purchase() {
    for arrival in [agent("curl/8.5.0"), agent("GuzzleHttp/7"), address("203.0.113.9"), arrival()] {
        let event =
            purchase(&json!({"url": "https://shop.example/admin/orders", "referrer": "https://semalt.com/"}));
        check(&arrival, &event, None);
    }
}

#[test]
fn a_fault_is_told_to_a_bot_too() {
    assert!(matches!(read_from(&agent("curl/8"), &pageview(&json!({"title": 1}))), Item::Fault(_)));
}

#[test]
fn settings_that_change_are_in_force_at_once() {
    let ingest = Ingest::open(None, None).unwrap();
    let body = pageview(&json!({"url": "https://shop.example/new"})).to_string();
    let read =
        |site: Site| only(ingest.read_events(&catalogue_of(site), &arrival(), body.as_bytes()).unwrap());
    assert!(matches!(read(site()), Item::Record(_)));
    let excluding = Site { excluded_paths: vec!["/new".to_owned()], ..site() };
    assert_eq!(read(excluding), Item::Dropped(dropped::EXCLUDED_PATH));
    assert!(matches!(read(Site { domain: "moved.example".to_owned(), ..site() }), Item::Fault(_)));
    assert!(matches!(read(site()), Item::Record(_)));
}
