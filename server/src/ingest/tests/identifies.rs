//! Identify: its fields, its traits, and what a signature changes.
#![expect(clippy::wildcard_enum_match_arm, reason = "whatever else there is fails the test")]

use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::*;
use crate::record::Scalar;

struct Keys;

impl IdentifyKeys for Keys {
    fn email_hash(&self, email: &str) -> String {
        format!("hash of {email}")
    }

    fn open_secret(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        sealed.strip_prefix(b"sealed ").map(<[u8]>::to_vec)
    }
}

fn identify(members: &Value) -> Value {
    let mut body = json!({"site_id": SITE, "visitor_uid": "ana-1", "user_id": "user 7"});
    extend(&mut body, members);
    body
}

fn read_at(site: Site, body: &[u8]) -> Result<record::Identify, Fault> {
    let ingest = Ingest::open(None, None).unwrap();
    match ingest.read_identify(&catalogue_of(site), &arrival(), body, &Keys)? {
        Item::Record(Record::Identify(identify)) => Ok(*identify),
        other => panic!("not an identify: {other:?}"),
    }
}

fn read(members: &Value) -> Result<record::Identify, Fault> {
    read_at(site(), identify(members).to_string().as_bytes())
}

#[track_caller]
fn bad(members: &Value, field: &str) {
    let fault = read(members).unwrap_err();
    assert_eq!((fault.kind, fault.field.as_deref()), (FaultKind::Invalid, Some(field)), "{fault:?}");
    assert!(fault.message.chars().count() < 400);
}

#[test]
fn an_identify_is_recorded_with_its_traits() {
    let identify = read(&json!({
        "name": "Ana", "email": " Ana@Shop.Example ", "avatar": "https://shop.example/ana.png",
        "custom": {"plan": "pro", "seats": 3, "name": "ACME"}, "event_id": "i-1", "at": 1_000, "sent_at": 3_000,
    }))
    .unwrap();
    let text = |value: &str| Scalar::Text(value.to_owned());
    let expected = record::Identify {
        site: 7,
        event_id: "i-1".to_owned(),
        has_own_id: true,
        at_ms: NOW - 2_000,
        received_ms: NOW,
        visitor: "ana-1".to_owned(),
        user: "user 7".to_owned(),
        signed: false,
        email_hash: Some("hash of ana@shop.example".to_owned()),
        traits: [
            ("avatar".to_owned(), text("https://shop.example/ana.png")),
            ("custom.name".to_owned(), text("ACME")),
            ("email".to_owned(), text(" Ana@Shop.Example ")),
            ("name".to_owned(), text("Ana")),
            ("plan".to_owned(), text("pro")),
            ("seats".to_owned(), Scalar::Number("3".to_owned())),
        ]
        .into(),
    };
    assert_eq!(identify, expected);
}

#[test]
fn site_visitor_and_user_are_required() {
    let plain = read(&json!({})).unwrap();
    assert_eq!((plain.has_own_id, plain.event_id.len(), plain.email_hash), (false, 32, None));
    for field in ["site_id", "visitor_uid", "user_id"] {
        bad(&json!({field: null}), field);
        bad(&json!({field: 7}), field);
    }
    bad(&json!({"visitor_uid": "a b"}), "visitor_uid");
    bad(&json!({"user_id": ""}), "user_id");
    bad(&json!({"user_id": "a\nb"}), "user_id");
    bad(&json!({"user_id": "x".repeat(201)}), "user_id");
    assert_eq!(read(&json!({"site_id": "no", "user_id": 7})).unwrap_err().kind, FaultKind::UnknownSite);
}

#[test]
fn the_other_fields_have_limits_too() {
    for (field, limit) in [("name", 300), ("email", 300)] {
        assert!(read(&json!({field: "ü".repeat(limit)})).is_ok());
        bad(&json!({field: "ü".repeat(limit + 1)}), field);
        bad(&json!({field: ["a"]}), field);
    }
    bad(&json!({"avatar": "javascript:alert(1)"}), "avatar");
    bad(&json!({"avatar": "data:image/png;base64,AA=="}), "avatar");
    bad(&json!({"avatar": format!("https://shop.example/{}", "a".repeat(2_048))}), "avatar");
    bad(&json!({"custom": {"a": {}}}), "custom");
    bad(&json!({"custom": "a"}), "custom");
    bad(&json!({"user_hash": "0".repeat(201)}), "user_hash");
    bad(&json!({"event_id": ""}), "event_id");
    bad(&json!({"at": "now"}), "at");
}

#[test]
fn one_identify_at_a_time_and_no_nonsense() {
    for body in [&b""[..], b"[]", b"[{}]", b"7", b"{"] {
        assert_eq!(read_at(site(), body).unwrap_err().kind, FaultKind::Invalid);
    }
}

fn hash(secret: &[u8], user: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret).unwrap().chain_update(user);
    hex::encode(mac.finalize().into_bytes())
}

fn signing(signed_identify_only: bool) -> Site {
    Site { identify_secret: Some(b"sealed secret".to_vec()), signed_identify_only, ..site() }
}

#[test]
fn a_signature_under_the_sites_secret_makes_it_signed() {
    let signed = |site: Site, members: Value| {
        read_at(site, identify(&members).to_string().as_bytes()).map(|identify| identify.signed)
    };
    let right = hash(b"secret", "user 7");
    let wrong = [
        hash(b"other", "user 7"),
        hash(b"secret", "user 8"),
        right[..62].to_owned(),
        String::new(),
        "zz".to_owned(),
    ];
    assert_eq!(signed(signing(false), json!({"user_hash": right})), Ok(true));
    assert_eq!(signed(signing(true), json!({"user_hash": right})), Ok(true));
    assert_eq!(signed(signing(false), json!({})), Ok(false));
    assert_eq!(signed(site(), json!({"user_hash": right})), Ok(false), "a site without a secret");
    for hash in wrong {
        assert_eq!(signed(signing(false), json!({"user_hash": hash})), Ok(false), "{hash}");
        let refused = signed(signing(true), json!({"user_hash": hash})).unwrap_err();
        assert_eq!(refused.kind, FaultKind::Unauthorized, "{hash}");
    }
    assert_eq!(signed(signing(true), json!({})).unwrap_err().kind, FaultKind::Unauthorized);
    let unopened = Site { identify_secret: Some(b"spoilt".to_vec()), ..signing(true) };
    assert_eq!(signed(unopened, json!({"user_hash": right})).unwrap_err().kind, FaultKind::Unauthorized);
}
