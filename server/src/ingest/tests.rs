//! The contract of ingest, row by row.
#![expect(clippy::wildcard_enum_match_arm, reason = "whatever else there is fails the test")]

mod drops;
mod fields;
mod identifies;
mod messages;
mod records;

use serde_json::{Value, json};

use super::*;
use crate::catalogue::Document;
use crate::record;

const NOW: Millis = 1_793_904_730_000;
const DAY: Millis = 86_400_000;
const SITE: &str = "pk_live_0123456789abcdef01234567";
const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                      Chrome/126.0.0.0 Safari/537.36";

fn site() -> Site {
    Site {
        id: SITE.to_owned(),
        number: 7,
        domain: "shop.example".to_owned(),
        aliases: vec!["bücher.example".to_owned()],
        time_zone: "UTC".to_owned(),
        currency: "USD".to_owned(),
        window_days: Some(90),
        count_orders_once: false,
        excluded_paths: vec!["/admin".to_owned(), "/preview*".to_owned()],
        excluded_addresses: vec![
            "203.0.113.0/24".to_owned(),
            "2001:db8::7".to_owned(),
            "nonsense".to_owned(),
        ],
        kept_parameters: vec!["plan".to_owned()],
        identify_secret: None,
        signed_identify_only: false,
        created_at_ms: 0,
    }
}

fn catalogue_of(site: Site) -> Catalogue {
    let mut catalogue = Catalogue::default();
    catalogue.put(Document::Site(site));
    catalogue
}

fn arrival() -> Arrival {
    Arrival { address: Some("8.8.8.8".parse().unwrap()), agent: CHROME.to_owned(), received_ms: NOW }
}

fn read_bytes(body: &[u8]) -> Result<Reading, Fault> {
    Ingest::open(None, None).unwrap().read_events(&catalogue_of(site()), &arrival(), body)
}

/// A page view with some members more, or other ones.
fn pageview(members: &Value) -> Value {
    let mut event = json!({"site_id": SITE, "url": "https://shop.example/shoes", "visitor_uid": "ana-1"});
    extend(&mut event, members);
    event
}

/// A purchase that is in order, with some members more, or other ones.
fn purchase(members: &Value) -> Value {
    let mut event = pageview(&json!({
        "event_type": "purchase", "revenue": 249.99, "currency": "RON", "order_id": "ORD-12345",
    }));
    extend(&mut event, members);
    event
}

fn extend(event: &mut Value, members: &Value) {
    for (name, value) in members.as_object().unwrap() {
        event[name] = value.clone();
    }
}

fn read_one(event: &Value) -> Item {
    only(read_bytes(event.to_string().as_bytes()).unwrap())
}

fn only(mut reading: Reading) -> Item {
    assert_eq!(reading.items.len(), 1);
    reading.items.remove(0)
}

fn recorded(item: Item) -> record::Event {
    match item {
        Item::Record(Record::Event(event)) => *event,
        other => panic!("not recorded: {other:?}"),
    }
}

fn event_of(event: &Value) -> record::Event {
    recorded(read_one(event))
}

fn fault_of(event: &Value) -> Fault {
    match read_one(event) {
        Item::Fault(fault) => fault,
        other => panic!("no fault in {event}: {other:?}"),
    }
}
