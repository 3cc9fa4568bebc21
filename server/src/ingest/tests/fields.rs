//! Every row of the field table: valid, missing, of the wrong type, out of its limits.

use super::*;

/// The event is recorded.
#[track_caller]
fn good(event: &Value) {
    if let Item::Fault(fault) = read_one(event) {
        panic!("{event}: {fault:?}");
    }
}

/// The event is refused as invalid, and the fault names the field.
#[track_caller]
fn bad(event: &Value, field: &str) {
    let fault = fault_of(event);
    let text: String = event.to_string().chars().take(200).collect();
    assert_eq!((fault.kind, fault.field.as_deref()), (FaultKind::Invalid, Some(field)), "{text}: {fault:?}");
    assert!(fault.message.contains(field), "the message names the field: {}", fault.message);
    assert!(fault.message.chars().count() < 400, "the message is bounded: {}", fault.message.len());
}

fn without(mut event: Value, field: &str) -> Value {
    event.as_object_mut().unwrap().remove(field);
    event
}

/// Values that no field of text takes.
fn no_texts() -> [Value; 5] {
    [json!(1), json!(true), json!(["a"]), json!({"a": "b"}), json!(-0.0)]
}

/// Values that no field of a number takes.
fn no_numbers() -> [Value; 6] {
    [json!("1"), json!("NaN"), json!(false), json!([1]), json!({}), json!("")]
}

#[test]
fn only_site_and_url_are_required_and_null_is_absent() {
    good(&json!({"site_id": SITE, "url": "https://shop.example/"}));
    for field in ["site_id", "url"] {
        bad(&without(pageview(&json!({})), field), field);
        bad(&pageview(&json!({field: null})), field);
        for value in no_texts() {
            bad(&pageview(&json!({field: value})), field);
        }
    }
    for field in [
        "event_type",
        "event_name",
        "referrer",
        "title",
        "visitor_uid",
        "session_id",
        "screen_w",
        "screen_h",
        "time_on_page",
        "scroll_depth",
        "revenue",
        "currency",
        "order_id",
        "properties",
        "event_id",
        "at",
        "sent_at",
        "persistence",
    ] {
        good(&pageview(&json!({field: null})));
    }
    good(&pageview(&json!({"a_later_field": {"deep": [1, 2]}})));
}

#[test]
fn an_unknown_site_goes_before_a_wrong_domain_and_that_before_all_else() {
    let check = |event: &Value, kind: FaultKind, code: &str| {
        let fault = fault_of(event);
        assert_eq!((fault.kind, fault.code), (kind, code), "{event}");
    };
    let elsewhere = "https://otherdomain.com/checkout";
    check(&pageview(&json!({"site_id": "YOUR_SITE_PUBLIC_ID"})), FaultKind::UnknownSite, "unknown_site");
    check(&pageview(&json!({"site_id": ""})), FaultKind::UnknownSite, "unknown_site");
    check(&pageview(&json!({"site_id": "x".repeat(1_000_000)})), FaultKind::UnknownSite, "unknown_site");
    check(
        &pageview(&json!({"site_id": "no", "url": elsewhere, "title": 7})),
        FaultKind::UnknownSite,
        "unknown_site",
    );
    check(&without(pageview(&json!({"site_id": "no"})), "url"), FaultKind::UnknownSite, "unknown_site");
    check(&pageview(&json!({"url": elsewhere})), FaultKind::WrongDomain, "wrong_domain");
    check(&pageview(&json!({"url": elsewhere, "title": 7})), FaultKind::WrongDomain, "wrong_domain");
    check(&pageview(&json!({"url": elsewhere, "visitor_uid": "<>"})), FaultKind::WrongDomain, "wrong_domain");
    check(&pageview(&json!({"url": "nowhere", "title": 7})), FaultKind::Invalid, "invalid");
}

#[test]
fn the_url_is_a_full_one_of_the_sites_hosts() {
    for url in [
        "https://shop.example",
        "http://SHOP.Example:8080/a?b#c",
        "https://www.shop.example/",
        "https://a.b.shop.example/",
        "https://shop.example./",
        "https://bücher.example/",
        "https://xn--bcher-kva.example/",
        "https://u:p@shop.example/",
    ] {
        good(&pageview(&json!({"url": url})));
    }
    for url in [
        "https://notshop.example/",
        "https://shop.example.evil.com/",
        "https://shop.example@evil.com/",
        "http://localhost/",
        "http://127.0.0.1/",
        "https://example/",
        "https://evil.com/?shop.example",
        "https://evil.com#@shop.example",
    ] {
        assert_eq!(fault_of(&pageview(&json!({"url": url}))).kind, FaultKind::WrongDomain, "{url}");
    }
    for url in [
        "",
        "/shoes",
        "shop.example",
        "ftp://shop.example/",
        "javascript:alert(1)",
        "https://",
        "https://shop .example/",
    ] {
        bad(&pageview(&json!({"url": url})), "url");
    }
    let long = |chars: usize| format!("https://shop.example/{}", "a".repeat(chars - 21));
    good(&pageview(&json!({"url": long(2_048)})));
    bad(&pageview(&json!({"url": long(2_049)})), "url");
    bad(&pageview(&json!({"url": long(1_000_000)})), "url");
}

#[test]
fn localhost_is_the_sites_only_where_it_is_its_domain_or_an_alias() {
    let catalogue = catalogue_of(Site { aliases: vec!["localhost".to_owned()], ..site() });
    let body = pageview(&json!({"url": "http://localhost:3000/"})).to_string();
    let reading = Ingest::open(None, None).unwrap().read_events(&catalogue, &arrival(), body.as_bytes());
    recorded(only(reading.unwrap()));
}

#[test]
fn enumerations_take_their_own_words_only() {
    for word in ["pageview", "click", "form_submit", "download", "outbound", "custom"] {
        good(&pageview(&json!({"event_type": word})));
    }
    for word in ["storage", "memory"] {
        good(&pageview(&json!({"persistence": word})));
    }
    for field in ["event_type", "persistence"] {
        for value in [
            json!("Pageview"),
            json!(""),
            json!("refund"),
            json!(1),
            json!({"pageview": 1}),
            json!("x".repeat(1_000_000)),
        ] {
            bad(&pageview(&json!({field: value})), field);
        }
    }
}

#[test]
fn texts_have_a_length() {
    for (field, limit) in [("title", 300), ("event_name", 300), ("referrer", 2_048)] {
        good(&pageview(&json!({field: "ü".repeat(limit)})));
        good(&pageview(&json!({field: ""})));
        bad(&pageview(&json!({field: "ü".repeat(limit + 1)})), field);
        bad(&pageview(&json!({field: "a".repeat(1_000_000)})), field);
        for value in no_texts() {
            bad(&pageview(&json!({field: value})), field);
        }
    }
    bad(&pageview(&json!({"event_name": "sign\nup"})), "event_name");
}

#[test]
fn visitor_and_session_are_opaque_ids_of_narrow_spelling() {
    for field in ["visitor_uid", "session_id"] {
        good(&without(pageview(&json!({})), field));
        for id in ["a", "A_b-9", "9b2f6c3e-7f0e-4a52-9d1c-0f6a2f9f8a11", &"x".repeat(64)] {
            good(&pageview(&json!({field: id})));
        }
        for id in [
            "",
            " ",
            "a b",
            "é",
            "a.b",
            "a\u{0}",
            "<value you stored in step 2>",
            &"x".repeat(65),
            &"x".repeat(1_000_000),
        ] {
            bad(&pageview(&json!({field: id})), field);
        }
        for value in no_texts() {
            bad(&pageview(&json!({field: value})), field);
        }
    }
}

#[test]
fn numbers_have_a_range() {
    for (field, most) in [
        ("screen_w", 100_000.0),
        ("screen_h", 100_000.0),
        ("time_on_page", 86_400.0),
        ("scroll_depth", 100.0),
    ] {
        for value in [json!(0), json!(-0.0), json!(99.5), json!(most)] {
            good(&pageview(&json!({field: value})));
        }
        for value in [json!(-1), json!(-0.001), json!(most + 0.5), json!(1e308), json!(-1e308)] {
            bad(&pageview(&json!({field: value})), field);
        }
        for value in no_numbers() {
            bad(&pageview(&json!({field: value})), field);
        }
    }
    for field in ["at", "sent_at"] {
        for value in [json!(0), json!(-1), json!(1_793_904_730_000.25), json!(1e308)] {
            good(&pageview(&json!({field: value})));
        }
        for value in no_numbers() {
            bad(&pageview(&json!({field: value})), field);
        }
    }
    let beyond = format!(r#"{{"site_id":"{SITE}","url":"https://shop.example/","at":1e999}}"#);
    let Item::Fault(fault) = only(read_bytes(beyond.as_bytes()).unwrap()) else { panic!("1e999 is no time") };
    assert_eq!(fault.field.as_deref(), Some("at"));
}

#[test]
fn a_purchase_needs_revenue_currency_and_order_id() {
    good(&purchase(&json!({})));
    for field in ["revenue", "currency", "order_id"] {
        bad(&without(purchase(&json!({})), field), field);
        bad(&purchase(&json!({field: null})), field);
    }
    for code in ["RO", "RONN", "ABC", "", "€", "R\u{0}N"] {
        bad(&purchase(&json!({"currency": code})), "currency");
        bad(&pageview(&json!({"currency": code})), "currency");
    }
    for field in ["currency", "order_id"] {
        for value in no_texts() {
            bad(&purchase(&json!({field: value})), field);
        }
    }
}

#[test]
fn ids_of_the_senders_own_have_a_length_and_no_control_characters() {
    for field in ["order_id", "event_id"] {
        for id in ["1", "№ 7 / ä", &"ü".repeat(200)] {
            good(&purchase(&json!({field: id})));
        }
        for id in
            ["", "  ", "a\nb", "a\u{0}b", "a\u{7f}", "a\u{85}b", &"x".repeat(201), &"x".repeat(1_000_000)]
        {
            bad(&purchase(&json!({field: id})), field);
        }
    }
}

#[test]
fn revenue_is_read_exactly_and_never_below_zero() {
    let minor = |revenue: Value, code: &str| {
        event_of(&purchase(&json!({"revenue": revenue, "currency": code}))).purchase.unwrap().minor
    };
    assert_eq!(minor(json!(249.99), "RON"), 24_999);
    assert_eq!(minor(json!("249.99"), "ron"), 24_999);
    assert_eq!(minor(json!(0), "USD"), 0);
    assert_eq!(minor(json!(-0.0), "USD"), 0);
    assert_eq!(minor(serde_json::from_str("89.97000000000001").unwrap(), "USD"), 8_997);
    assert_eq!(minor(serde_json::from_str("1.005").unwrap(), "USD"), 101);
    assert_eq!(minor(json!(1499.5), "JPY"), 1_500);
    assert_eq!(minor(json!("12.3405"), "KWD"), 12_341);
    assert_eq!(minor(serde_json::from_str("999999999999.99").unwrap(), "USD"), 99_999_999_999_999);
    for revenue in [
        json!(-1),
        json!("-0.01"),
        json!(1e12),
        json!(1e308),
        json!("1000000000000"),
        json!("NaN"),
        json!("Infinity"),
        json!(""),
        json!("12,50"),
        json!("€5"),
        json!(true),
        json!([5]),
        json!({"amount": 5}),
        json!("9".repeat(1_000_000)),
    ] {
        bad(&purchase(&json!({"revenue": revenue})), "revenue");
        bad(&pageview(&json!({"revenue": revenue})), "revenue");
    }
}

#[test]
fn properties_are_flat_and_bounded() {
    let many = |count: usize| {
        (0..count).map(|index| (format!("k{index}"), json!(index))).collect::<serde_json::Map<_, _>>()
    };
    for properties in [
        json!({}),
        json!({"plan": "pro", "seats": 3, "trial": false, "coupon": null, "rate": 1.10}),
        Value::Object(many(30)),
        json!({"ü".repeat(64): "ü".repeat(1_000)}),
    ] {
        good(&pageview(&json!({"properties": properties})));
    }
    for properties in [
        json!("a"),
        json!(1),
        json!([]),
        json!(true),
        json!({"a": {}}),
        json!({"a": [1]}),
        Value::Object(many(31)),
        json!({"": 1}),
        json!({"a\n": 1}),
        json!({"ü".repeat(65): 1}),
        json!({"a": "ü".repeat(1_001)}),
        json!({"x".repeat(1_000_000): 1}),
    ] {
        bad(&pageview(&json!({"properties": properties})), "properties");
    }
}
