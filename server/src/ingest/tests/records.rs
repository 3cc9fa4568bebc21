//! What is recorded of an event, and what is not.

use super::*;
use crate::record::{Client, Purchase, Scalar};
use protocol::Persistence;

#[test]
fn a_full_event_becomes_a_record_with_all_of_it() {
    let event = event_of(&pageview(&json!({
        "url": "https://Shop.Example/Shoes/?utm_source=x&email=a%40b.example&plan=pro&session_id=cs_live_1",
        "event_type": "custom", "event_name": "sign_up", "referrer": "https://www.google.com/search?q=secret",
        "title": "Shoes\nand more", "session_id": "s-1", "screen_w": 1920, "screen_h": 1080.4, "time_on_page": 12.3456,
        "scroll_depth": 66.6, "properties": {"seats": 3, "rate": 1.10, "trial": true, "note": "ä", "none": null},
        "event_id": "e-1", "at": NOW - 5_000, "sent_at": NOW - 2_000,
    })));
    let expected = record::Event {
        site: 7,
        event_id: "e-1".to_owned(),
        has_own_id: true,
        at_ms: NOW - 3_000,
        received_ms: NOW,
        kind: EventType::Custom,
        name: Some("sign_up".to_owned()),
        visitor: Some("ana-1".to_owned()),
        session: Some("s-1".to_owned()),
        page: record::Page {
            host: "shop.example".to_owned(),
            path: "/Shoes".to_owned(),
            query: "utm_source=x&plan=pro".to_owned(),
            checkout_return: true,
        },
        referrer: Some("www.google.com/search".to_owned()),
        title: Some("Shoes\nand more".to_owned()),
        screen: Some((1_920, 1_080)),
        time_on_page_ms: Some(12_346),
        scroll_depth: Some(67),
        purchase: None,
        properties: [
            ("none".to_owned(), Scalar::Null),
            ("note".to_owned(), Scalar::Text("ä".to_owned())),
            ("rate".to_owned(), Scalar::Number("1.1".to_owned())),
            ("seats".to_owned(), Scalar::Number("3".to_owned())),
            ("trial".to_owned(), Scalar::Bool(true)),
        ]
        .into(),
        client: Client {
            country: Some("US".to_owned()),
            device: Some("desktop".to_owned()),
            browser: Some("Chrome".to_owned()),
            os: Some("Windows".to_owned()),
        },
        persistence: Persistence::Storage,
    };
    assert_eq!(event, expected);
}

#[test]
fn a_purchase_says_nothing_of_its_sender() {
    let event = event_of(&purchase(&json!({"persistence": "storage"})));
    assert_eq!(event.client, Client::default());
    let money = Purchase { order_id: "ORD-12345".to_owned(), minor: 24_999, currency: "RON".to_owned() };
    assert_eq!(event.purchase, Some(money));
    assert_eq!(event.visitor.as_deref(), Some("ana-1"));
}

#[test]
fn money_beside_another_event_is_held_to_the_rules_and_not_kept() {
    let event = event_of(&pageview(&json!({"revenue": 5, "currency": "EUR", "order_id": "a"})));
    assert_eq!(event.purchase, None);
}

#[test]
fn an_event_without_an_id_gets_one_from_what_it_says() {
    let one = event_of(&pageview(&json!({})));
    assert!(!one.has_own_id);
    assert_eq!(one.event_id.len(), 32);
    assert_eq!(event_of(&pageview(&json!({}))).event_id, one.event_id);
    for other in [
        json!({"visitor_uid": "bob"}),
        json!({"session_id": "s"}),
        json!({"at": NOW - 1}),
        json!({"title": "x"}),
    ] {
        assert_ne!(event_of(&pageview(&other)).event_id, one.event_id, "{other}");
    }
}

#[test]
fn a_browser_that_keeps_nothing_is_a_visitor_for_the_day() {
    let ingest = Ingest::open(None, None).unwrap();
    let catalogue = catalogue_of(site());
    let visitor = |arrival: &Arrival, event: Value| {
        let reading = ingest.read_events(&catalogue, arrival, event.to_string().as_bytes()).unwrap();
        recorded(only(reading)).visitor
    };
    let memory = |members: Value| {
        let mut event = pageview(&json!({"persistence": "memory"}));
        extend(&mut event, &members);
        event
    };
    let today = visitor(&arrival(), memory(json!({"visitor_uid": null}))).unwrap();
    assert_eq!(visitor(&arrival(), memory(json!({"visitor_uid": "mallory"}))), Some(today.clone()));
    assert_ne!(
        visitor(&Arrival { received_ms: NOW + DAY, ..arrival() }, memory(json!({}))),
        Some(today.clone())
    );
    assert_ne!(visitor(&Arrival { agent: "other".to_owned(), ..arrival() }, memory(json!({}))), Some(today));
    assert_eq!(visitor(&Arrival { address: None, ..arrival() }, memory(json!({}))), None);
    let mut bought = purchase(&json!({"persistence": "memory"}));
    assert_eq!(visitor(&arrival(), bought.take()), None);
}

#[test]
fn neither_address_nor_agent_is_in_a_record() {
    for event in [pageview(&json!({"persistence": "memory"})), pageview(&json!({})), purchase(&json!({}))] {
        let written = format!("{:?}", event_of(&event));
        assert!(
            !written.contains("8.8.8.8") && !written.contains("Mozilla") && !written.contains("537.36"),
            "{written}"
        );
    }
}

#[test]
fn agents_are_told_apart_by_device_browser_and_system() {
    let check = |agent: &str, device: Option<&str>, browser: Option<&str>, os: Option<&str>| {
        let body = pageview(&json!({})).to_string();
        let from = Arrival { agent: agent.to_owned(), ..arrival() };
        let reading =
            Ingest::open(None, None).unwrap().read_events(&catalogue_of(site()), &from, body.as_bytes());
        let client = recorded(only(reading.unwrap())).client;
        let told = (client.device.as_deref(), client.browser.as_deref(), client.os.as_deref());
        assert_eq!(told, (device, browser, os), "{agent}");
    };
    check(CHROME, Some("desktop"), Some("Chrome"), Some("Windows"));
    let safari = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15";
    check(safari, Some("desktop"), Some("Safari"), Some("macOS"));
    let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1";
    check(iphone, Some("phone"), Some("Safari"), Some("iOS"));
    let ipad = "Mozilla/5.0 (iPad; CPU OS 16_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.3 Mobile/15E148 Safari/604.1";
    check(ipad, Some("tablet"), Some("Safari"), Some("iOS"));
    let pixel = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36";
    check(pixel, Some("phone"), Some("Chrome"), Some("Android"));
    let tab = "Mozilla/5.0 (Linux; Android 13; SM-X700) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";
    check(tab, Some("tablet"), Some("Chrome"), Some("Android"));
    let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0";
    check(firefox, Some("desktop"), Some("Firefox"), Some("Linux"));
    let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0";
    check(edge, Some("desktop"), Some("Edge"), Some("Windows"));
    check("", None, None, None);
    check(&"x".repeat(1_000_000), None, None, None);
}

#[test]
fn countries_come_from_the_address_in_either_family() {
    let country = |address: &str| {
        let body = pageview(&json!({})).to_string();
        let from = Arrival { address: Some(address.parse().unwrap()), ..arrival() };
        let reading =
            Ingest::open(None, None).unwrap().read_events(&catalogue_of(site()), &from, body.as_bytes());
        recorded(only(reading.unwrap())).client.country
    };
    assert_eq!(country("8.8.8.8").as_deref(), Some("US"));
    assert_eq!(country("::ffff:8.8.8.8").as_deref(), Some("US"));
    assert_eq!(country("2001:4860:4860::8888").as_deref(), Some("US"));
    assert_eq!(country("194.25.0.125").as_deref(), Some("DE"));
    for nowhere in ["127.0.0.1", "192.168.1.1", "::1", "fe80::1"] {
        assert_eq!(country(nowhere), None, "{nowhere}");
    }
}

#[test]
fn a_country_file_that_is_none_is_told_by_its_setting() {
    let directory = tempfile::tempdir().unwrap();
    let missing = directory.path().join("missing.mmdb");
    let told = |path: &Path| Ingest::open(Some(path), None).err().unwrap().to_string();
    assert!(told(&missing).starts_with("--geoip"));
    std::fs::write(&missing, "nonsense").unwrap();
    assert!(told(&missing).contains("no country database"));
}
