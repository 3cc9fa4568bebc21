//! Known signatures of all four schemes, and what is refused.

use super::*;

const BODY: &[u8] = br#"{"id":"evt_1","type":"x"}"#;
const NOW_MS: Millis = 1_764_000_000_000;
const STRIPE: &str = "ffcb2abfdb1be66e2a5c45a34f69c29e0ec067d502c64558bdbe5bc3c551f8c0";

fn check(
    scheme: Provider,
    headers: &[(&'static str, &'static str)],
    secrets: &[&str],
    now_ms: Millis,
) -> Result<(), Refusal> {
    let secrets: Vec<String> = secrets.iter().map(|secret| (*secret).to_owned()).collect();
    let find = |name: &str| headers.iter().find(|(given, _)| *given == name).map(|(_, value)| *value);
    verify(scheme, &find, BODY, &secrets, now_ms)
}

fn check_stripe(header: String, secrets: &[&str], now_ms: Millis) -> Result<(), Refusal> {
    check(Provider::Stripe, &[("stripe-signature", Box::leak(header.into_boxed_str()))], secrets, now_ms)
}

#[test]
fn a_known_stripe_signature_verifies() {
    check_stripe(format!("t=1764000000,v1={STRIPE}"), &["whsec_2c7f0b6e9d1a4f53"], NOW_MS).unwrap();
}

#[test]
fn any_signature_and_any_secret_may_match_during_a_rotation() {
    let other = "140311e00b31f24168e4adcc7ec99a299e88ed9bc4eaa98adc489488238c12b2";
    let header = format!("t=1764000000,v1={other},v1={STRIPE},v0=00");
    check_stripe(header.clone(), &["whsec_2c7f0b6e9d1a4f53"], NOW_MS).unwrap();
    check_stripe(header.clone(), &["no", "other"], NOW_MS).unwrap();
    assert_eq!(check_stripe(header, &["no", "neither"], NOW_MS), Err(Refusal::NoMatch));
}

#[test]
fn a_stripe_signature_of_another_scheme_time_or_body_is_refused() {
    let secrets = ["whsec_2c7f0b6e9d1a4f53"];
    let refused = |header: String| check_stripe(header, &secrets, NOW_MS).unwrap_err();
    assert_eq!(refused(format!("t=1764000000,v0={STRIPE}")), Refusal::Malformed("Stripe-Signature"));
    assert_eq!(refused(format!("t=1764000001,v1={STRIPE}")), Refusal::NoMatch);
    assert_eq!(refused(format!("t=soon,v1={STRIPE}")), Refusal::Malformed("Stripe-Signature"));
    assert_eq!(refused(format!("v1={STRIPE}")), Refusal::Malformed("Stripe-Signature"));
    assert_eq!(refused(format!("t=1764000000,v1={}", &STRIPE[..62])), Refusal::NoMatch);
    assert_eq!(refused(String::new()), Refusal::Malformed("Stripe-Signature"));
    let headers = |_: &str| None;
    let missing = verify(Provider::Stripe, &headers, BODY, &["a".to_owned()], NOW_MS);
    assert_eq!(missing, Err(Refusal::Missing("Stripe-Signature")));
}

#[test]
fn stripe_looks_back_five_minutes_and_not_ahead() {
    let at = |now_ms| check_stripe(format!("t=1764000000,v1={STRIPE}"), &["whsec_2c7f0b6e9d1a4f53"], now_ms);
    assert_eq!(at(NOW_MS + 300_999), Ok(()));
    assert_eq!(at(NOW_MS + 301_000), Err(Refusal::TooOld));
    assert_eq!(at(NOW_MS - 86_400_000), Ok(()));
}

#[test]
fn the_other_providers_schemes_verify() {
    let lemon = [("x-signature", "7c0304a2bbcc3bde37f2209d857893f61412f07fb9c8a09537d7eb9845898d32")];
    assert_eq!(check(Provider::LemonSqueezy, &lemon, &["sixsix"], NOW_MS), Ok(()));
    assert_eq!(check(Provider::LemonSqueezy, &lemon, &["sevens"], NOW_MS), Err(Refusal::NoMatch));
    let paddle = "ts=1764000000;h1=859ec46da54f5318db768a06715bfae81deb969d0f69045a6f6d9d7babc7614f";
    assert_eq!(check(Provider::Paddle, &[("paddle-signature", paddle)], &["pdl_ntfset_abc"], NOW_MS), Ok(()));
}

#[test]
fn polar_secrets_are_tried_decoded_and_as_they_are() {
    let polar = |signature, secret: &str, now_ms| {
        let headers =
            [("webhook-id", "msg_1"), ("webhook-timestamp", "1764000000"), ("webhook-signature", signature)];
        check(Provider::Polar, &headers, &[secret], now_ms)
    };
    let decoded = "v1,AAAA v1,jKiAlCG4dNxOgI97p7FjHJln25OwEhaFjMXj4iSbLms=";
    assert_eq!(polar(decoded, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", NOW_MS), Ok(()));
    let whole = "v1,TcHb8zw0umtIWuCk6ohP3Rla+uR/1Zjdk1OgTi9ITXw=";
    assert_eq!(polar(whole, "chosen by hand", NOW_MS), Ok(()));
    assert_eq!(polar(whole, "chosen by hand", NOW_MS - 300_001), Err(Refusal::TooNew));
    assert_eq!(polar(whole, "chosen by hand", NOW_MS + 301_000), Err(Refusal::TooOld));
}

/// A request that verifies: the scheme, its headers, its secret.
type Signed = (Provider, Vec<(&'static str, String)>, &'static str);

fn signed() -> Vec<Signed> {
    let text = str::to_owned;
    let polar = |signature: &str| {
        vec![
            ("webhook-id", text("msg_1")),
            ("webhook-timestamp", text("1764000000")),
            ("webhook-signature", text(signature)),
        ]
    };
    vec![
        (
            Provider::Stripe,
            vec![("stripe-signature", format!("t=1764000000,v1={STRIPE}"))],
            "whsec_2c7f0b6e9d1a4f53",
        ),
        (
            Provider::LemonSqueezy,
            vec![("x-signature", text("7c0304a2bbcc3bde37f2209d857893f61412f07fb9c8a09537d7eb9845898d32"))],
            "sixsix",
        ),
        (
            Provider::Paddle,
            vec![(
                "paddle-signature",
                text("ts=1764000000;h1=859ec46da54f5318db768a06715bfae81deb969d0f69045a6f6d9d7babc7614f"),
            )],
            "pdl_ntfset_abc",
        ),
        (
            Provider::Polar,
            polar("v1,jKiAlCG4dNxOgI97p7FjHJln25OwEhaFjMXj4iSbLms="),
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        ),
        (Provider::Polar, polar("v1,TcHb8zw0umtIWuCk6ohP3Rla+uR/1Zjdk1OgTi9ITXw="), "chosen by hand"),
    ]
}

fn verified(scheme: Provider, headers: &[(&'static str, String)], body: &[u8], secrets: &[String]) -> bool {
    let find = |name: &str| headers.iter().find(|(given, _)| *given == name).map(|(_, value)| value.as_str());
    verify(scheme, &find, body, secrets, NOW_MS).is_ok()
}

/// Every text that differs from this one in a single byte, as far as a header or a secret can hold it.
fn changed(text: &str) -> impl Iterator<Item = String> {
    (0..text.len()).flat_map(move |at| {
        (0x20..0x7f_u8).filter(move |byte| *byte != text.as_bytes()[at]).map(move |byte| {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] = byte;
            String::from_utf8(bytes).unwrap()
        })
    })
}

#[test]
fn every_change_of_a_single_byte_of_body_header_or_secret_is_refused() {
    for (scheme, headers, secret) in signed() {
        let secrets = [secret.to_owned()];
        assert!(verified(scheme, &headers, BODY, &secrets), "{scheme:?}");
        for at in 0..BODY.len() {
            for byte in (0..=u8::MAX).filter(|byte| *byte != BODY[at]) {
                let mut body = BODY.to_vec();
                body[at] = byte;
                assert!(!verified(scheme, &headers, &body, &secrets), "{scheme:?} {at} {byte}");
            }
        }
        for shorter in 0..BODY.len() {
            assert!(!verified(scheme, &headers, &BODY[..shorter], &secrets), "{scheme:?} {shorter}");
        }
        for (at, (name, value)) in headers.iter().enumerate() {
            for other in changed(value) {
                let mut headers = headers.clone();
                headers[at].1.clone_from(&other);
                assert!(!verified(scheme, &headers, BODY, &secrets), "{scheme:?} {name}: {other}");
            }
        }
        for other in changed(secret) {
            assert!(!verified(scheme, &headers, BODY, &[other.clone()]), "{scheme:?} {other}");
        }
    }
}

#[test]
fn both_secrets_of_a_rotation_verify_and_without_one_nothing_does() {
    for (scheme, headers, secret) in signed() {
        let (new, old) = ("another secret".to_owned(), secret.to_owned());
        assert!(verified(scheme, &headers, BODY, &[new.clone(), old.clone()]), "{scheme:?}");
        assert!(verified(scheme, &headers, BODY, &[old, new.clone()]), "{scheme:?}");
        assert!(!verified(scheme, &headers, BODY, &[new]), "{scheme:?}");
        assert!(!verified(scheme, &headers, BODY, &[]), "{scheme:?}");
    }
}

#[test]
fn the_schemes_that_sign_a_time_refuse_one_that_is_stale() {
    for (scheme, headers, secret) in signed() {
        let find =
            |name: &str| headers.iter().find(|(given, _)| *given == name).map(|(_, value)| value.as_str());
        let at = |now_ms| verify(scheme, &find, BODY, &[secret.to_owned()], now_ms);
        assert_eq!(at(NOW_MS + 300_999), Ok(()), "{scheme:?}");
        let expected = if scheme == Provider::LemonSqueezy { Ok(()) } else { Err(Refusal::TooOld) };
        assert_eq!(at(NOW_MS + 301_000), expected, "{scheme:?}");
    }
}

#[test]
fn the_standard_webhooks_own_example_verifies() {
    let headers = [
        ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
        ("webhook-timestamp", "1614265330"),
        ("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
    ];
    let find = |name: &str| headers.iter().find(|(given, _)| *given == name).map(|(_, value)| *value);
    let secrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned()];
    let body = br#"{"test": 2432232314}"#;
    assert_eq!(verify(Provider::Polar, &find, body, &secrets, 1_614_265_330_000), Ok(()));
}

#[test]
fn a_webhook_of_paddle_classic_is_told_apart_from_one_without_a_signature() {
    let headers = |_: &str| None;
    let refused = |body: &[u8]| verify(Provider::Paddle, &headers, body, &["a".to_owned()], NOW_MS);
    let classic = b"alert_name=payment_succeeded&p_signature=AAAA";
    assert_eq!(refused(classic), Err(Refusal::PaddleClassic));
    assert_eq!(refused(BODY), Err(Refusal::Missing("Paddle-Signature")));
}
