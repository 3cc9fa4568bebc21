//! Bodies as a whole: arrays, malformed JSON, and what hostile senders try.
#![expect(clippy::wildcard_enum_match_arm, reason = "whatever else there is fails the test")]

use super::*;

fn refused(body: &[u8]) -> Fault {
    let fault = read_bytes(body).unwrap_err();
    assert_eq!((fault.kind, fault.field.as_deref()), (FaultKind::Invalid, None), "{fault:?}");
    fault
}

fn fault(body: &[u8]) -> Fault {
    match only(read_bytes(body).unwrap()) {
        Item::Fault(fault) => fault,
        other => panic!("no fault: {other:?}"),
    }
}

#[test]
fn an_array_is_read_event_by_event() {
    let body = json!([pageview(&json!({})), pageview(&json!({"title": 7})), 7, null, purchase(&json!({}))]);
    let reading = read_bytes(body.to_string().as_bytes()).unwrap();
    assert!(reading.array);
    let kinds: Vec<_> = reading
        .items
        .iter()
        .map(|item| match item {
            Item::Fault(fault) => fault.field.as_deref().unwrap_or("whole"),
            Item::Record(_) => "recorded",
            Item::Dropped(reason) => reason,
        })
        .collect();
    assert_eq!(kinds, ["recorded", "title", "whole", "whole", "recorded"]);
    assert!(!read_bytes(pageview(&json!({})).to_string().as_bytes()).unwrap().array);
}

#[test]
fn an_array_holds_one_to_fifty_events() {
    let array = |count: usize| Value::from(vec![pageview(&json!({})); count]).to_string();
    assert_eq!(read_bytes(array(1).as_bytes()).unwrap().items.len(), 1);
    assert_eq!(read_bytes(array(50).as_bytes()).unwrap().items.len(), 50);
    assert_eq!(refused(array(51).as_bytes()).code, "too_many_events");
    assert_eq!(refused(format!("[{}1]", "1,".repeat(100_000)).as_bytes()).code, "too_many_events");
    assert_eq!(refused(b"[]").code, "empty");
    assert_eq!(refused(b" [ ] ").code, "empty");
}

#[test]
fn a_body_without_json_is_told_where_it_breaks() {
    assert_eq!(refused(b"").code, "empty");
    assert_eq!(refused(b" \r\n\t").code, "empty");
    for body in [
        &b"{"[..],
        b"{\"site_id\":}",
        b"nonsense",
        b"{'a':1}",
        b"{} {}",
        b"NaN",
        b"{\"revenue\":NaN}",
        b"{\"a\":\"\xff\"}",
    ] {
        let fault = fault(body);
        assert_eq!(fault.code, "malformed_json", "{fault:?}");
        assert!(fault.message.contains("line 1"), "{}", fault.message);
    }
    for body in [&b"[{]"[..], b"[", b"[{},]", b"[{}", b"[{}]]", b"[\"\xff\"]"] {
        assert_eq!(refused(body).code, "malformed_json");
    }
    for body in [&b"7"[..], b"\"text\"", b"null", b"true"] {
        assert_eq!(fault(body).code, "invalid");
    }
}

#[test]
fn what_a_sender_wrote_is_repeated_in_small_pieces_only() {
    let long = "x".repeat(1_000_000);
    let messages = [
        fault(format!("{{\"{long}\":").as_bytes()).message,
        fault(json!({"site_id": long, "url": 1}).to_string().as_bytes()).message,
        fault_of(&pageview(&json!({"url": format!("https://{long}/")}))).message,
        fault_of(&pageview(&json!({"screen_w": long}))).message,
        fault_of(&pageview(&json!({"visitor_uid": long}))).message,
        fault_of(&pageview(&json!({"properties": {long.clone(): {}}}))).message,
    ];
    for message in messages {
        assert!(message.chars().count() < 400, "{} characters", message.chars().count());
    }
    let spoilt = fault_of(&pageview(&json!({"visitor_uid": "a\u{1b}[2Jb\r\n"}))).message;
    assert!(!spoilt.contains(char::is_control), "{spoilt:?}");
}

#[test]
fn nesting_of_any_depth_is_refused_or_passed_over() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let with = |field: &str, value: &str| {
        format!(r#"{{"site_id":"{SITE}","url":"https://shop.example/","{field}":{value}}}"#)
    };
    assert_eq!(fault(with("properties", &nested(100_000)).as_bytes()).code, "malformed_json");
    assert_eq!(fault(with("properties", r#"{"a":[[[1]]]}"#).as_bytes()).field.as_deref(), Some("properties"));
    recorded(only(read_bytes(with("unknown", &nested(100_000)).as_bytes()).unwrap()));
    let deep = read_bytes(nested(100_000).as_bytes()).unwrap();
    assert!(matches!(deep.items.as_slice(), [Item::Fault(_)]));
}

#[test]
fn of_a_member_that_is_there_twice_the_last_counts() {
    let body = format!(
        r#"{{"site_id":"no","site_id":"{SITE}","url":"https://shop.example/a","title":"1","title":"2"}}"#
    );
    assert_eq!(recorded(only(read_bytes(body.as_bytes()).unwrap())).title.as_deref(), Some("2"));
    let body =
        format!(r#"{{"site_id":"{SITE}","url":"https://shop.example/a","properties":{{"a":1,"a":2}}}}"#);
    let event = recorded(only(read_bytes(body.as_bytes()).unwrap()));
    assert_eq!(event.properties["a"], record::Scalar::Number("2".to_owned()));
}

#[test]
fn a_byte_order_mark_is_passed_over() {
    let body = format!("\u{feff}{}", pageview(&json!({})));
    recorded(only(read_bytes(body.as_bytes()).unwrap()));
}

#[test]
fn members_that_a_json_library_treats_specially_do_no_harm() {
    for name in ["$serde_json::private::Number", "$serde_json::private::RawValue"] {
        for value in [json!("1"), json!("x"), json!("{\"a\":1}"), json!(7)] {
            for field in ["revenue", "properties"] {
                let item = read_one(&pageview(&json!({field: {name: value}})));
                assert!(matches!(item, Item::Fault(_) | Item::Record(_)));
            }
        }
    }
}
