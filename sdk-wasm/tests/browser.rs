//! The surface in a real browser: ids and where they are kept, what a session captured, and that nothing throws.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops there")]

use js_sys::{Object, Reflect};
use sdk_wasm::{ask, enter, ways};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Storage, window};

wasm_bindgen_test_configure!(run_in_browser);

fn call(way: u8, all: &[&JsValue]) -> JsValue {
    let given = |place: usize| all.get(place).map_or(JsValue::UNDEFINED, |value| (*value).clone());
    ask(way, [&given(0), &given(1), &given(2)])
}

fn get_visitor_id() -> String {
    call(ways::GET_VISITOR_ID, &[]).as_string().unwrap()
}

fn get_session_id() -> String {
    call(ways::GET_SESSION_ID, &[]).as_string().unwrap()
}

fn local() -> Storage {
    window().unwrap().local_storage().unwrap().unwrap()
}

fn clear() {
    local().clear().unwrap();
    window().unwrap().session_storage().unwrap().unwrap().clear().unwrap();
}

fn options(members: &[(&str, JsValue)]) -> JsValue {
    let options = Object::new();
    let own = [("siteId", "pk_live_0123456789abcdef01234567".into()), ("allowLocalhost", JsValue::TRUE)];
    for (name, value) in own.iter().chain(members) {
        Reflect::set(&options, &(*name).into(), value).unwrap();
    }
    options.into()
}

/// A page that begins, its ingest where nobody answers.
fn begin(members: &[(&str, JsValue)]) {
    call(ways::START, &[&options(members), &"http://127.0.0.1:9".into()]);
}

fn member(object: &JsValue, name: &str) -> String {
    Reflect::get(object, &name.into()).unwrap().as_string().unwrap_or_default()
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            14 => byte == b'4',
            _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
        })
}

/// Everything that is stored under any name.
fn all_stored() -> String {
    let storage = local();
    let names = (0..storage.length().unwrap()).filter_map(|place| storage.key(place).unwrap());
    names.filter_map(|name| storage.get_item(&name).unwrap()).collect()
}

#[wasm_bindgen_test]
fn the_visitor_is_the_same_on_every_page_and_the_session_within_half_an_hour() {
    clear();
    begin(&[]);
    let (visitor, session) = (get_visitor_id(), get_session_id());
    assert!(is_uuid(&visitor) && is_uuid(&session), "{visitor} {session}");
    begin(&[]);
    assert_eq!((get_visitor_id(), get_session_id()), (visitor.clone(), session));
    window().unwrap().session_storage().unwrap().unwrap().clear().unwrap();
    begin(&[]);
    assert_eq!(get_visitor_id(), visitor);
}

#[wasm_bindgen_test]
fn what_a_checkout_needs_names_the_visitor_the_session_the_address_and_the_order() {
    clear();
    begin(&[]);
    let metadata = call(ways::CHECKOUT_METADATA, &[&"ORD-789".into()]);
    assert_eq!(member(&metadata, "engagetrack_visitor_id"), get_visitor_id());
    assert_eq!(member(&metadata, "engagetrack_session_id"), get_session_id());
    assert_eq!(member(&metadata, "engagetrack_order_id"), "ORD-789");
    assert!(member(&metadata, "engagetrack_url").starts_with("http"));
    assert_eq!(member(&call(ways::CHECKOUT_METADATA, &[]), "engagetrack_order_id"), "");
}

#[wasm_bindgen_test]
fn a_session_keeps_where_it_came_from() {
    clear();
    let history = window().unwrap().history().unwrap();
    let before = window().unwrap().location().href().unwrap();
    history
        .replace_state_with_url(
            &JsValue::NULL,
            "",
            Some("?utm_source=news%20letter&utm_campaign=spring&gclid=abc"),
        )
        .unwrap();
    begin(&[]);
    history.replace_state_with_url(&JsValue::NULL, "", Some(&before)).unwrap();
    let attribution = call(ways::GET_ATTRIBUTION, &[]);
    for (name, value) in [("utm_source", "news letter"), ("utm_campaign", "spring"), ("gclid", "abc")] {
        assert_eq!(member(&attribution, name), value);
    }
    let first = Reflect::get(&attribution, &"first_touch".into()).unwrap();
    assert_eq!(member(&first, "utm_campaign"), "spring");
}

#[wasm_bindgen_test]
fn what_cannot_be_sent_waits_in_storage_within_bounds() {
    clear();
    begin(&[("autoPageviews", "off".into())]);
    for number in 0..2_000 {
        call(ways::TRACK, &[&format!("event {number}").into()]);
    }
    let kept = all_stored().len();
    assert!(kept < 1_000_000, "{kept} characters are kept of 2,000 events");
}

#[wasm_bindgen_test]
fn what_the_module_no_longer_holds_is_swept() {
    clear();
    begin(&[]);
    for number in 0..2_000 {
        call(ways::TRACK, &[&format!("event {number}").into()]);
    }
    // The numbers of values begin anew after each call: two for each event that waits, and the machine's own.
    let number = enter(ways::GET_VISITOR_ID, 0, 0, 0);
    assert!((1..500).contains(&number), "the visitor's id has number {number}");
}

#[wasm_bindgen_test]
fn hostile_arguments_never_throw() {
    clear();
    begin(&[]);
    let cycle = Object::new();
    Reflect::set(&cycle, &"me".into(), &cycle).unwrap();
    let thrower = js_sys::eval(
        "({ get boom() { throw new Error('boom') }, toString() { throw new Error('no text') } })",
    );
    let thrower = thrower.unwrap();
    for value in [cycle.into(), thrower, js_sys::eval("10n").unwrap(), JsValue::NULL, f64::NAN.into()] {
        call(ways::TRACK, &[&value, &value]);
        call(ways::TRACK, &[&"named".into(), &value]);
        for way in [ways::TRACK_PURCHASE, ways::IDENTIFY, ways::PAGEVIEW, ways::CHECKOUT_METADATA] {
            call(way, &[&value, &value, &value]);
        }
    }
    assert!(is_uuid(&get_visitor_id()));
}

#[wasm_bindgen_test]
fn opting_out_forgets_and_opting_in_begins_as_somebody_new() {
    clear();
    begin(&[]);
    let visitor = get_visitor_id();
    call(ways::OPT_OUT, &[]);
    assert_eq!(get_visitor_id(), "");
    assert!(!all_stored().contains(&visitor));
    call(ways::OPT_IN, &[]);
    assert!(is_uuid(&get_visitor_id()));
    assert_ne!(get_visitor_id(), visitor);
}

#[wasm_bindgen_test]
fn memory_persistence_keeps_nothing_in_the_browser() {
    clear();
    begin(&[("persistence", "memory".into())]);
    call(ways::TRACK, &[&"seen".into()]);
    assert!(!get_session_id().is_empty());
    assert_eq!(all_stored(), "");
    let metadata = call(ways::CHECKOUT_METADATA, &[]);
    assert!(!Reflect::has(metadata.unchecked_ref::<Object>(), &"engagetrack_visitor_id".into()).unwrap());
}
