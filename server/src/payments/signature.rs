//! Signatures of webhooks: HMAC-SHA256 over the raw bytes, compared in constant time, before anything is parsed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::Provider;
use crate::clock::Millis;

/// How old a signed timestamp may be; also how far ahead, where the scheme looks both ways.
const TOLERANCE_MS: Millis = 300_000;
/// Signatures looked at in one header; during a rotation there are two or three.
const SIGNATURES: usize = 16;

/// Looks up a header by its lower-case name.
pub type Headers<'a> = dyn Fn(&str) -> Option<&'a str> + 'a;

/// Why a webhook is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The header is not there.
    #[error("the header {0} is missing")]
    Missing(&'static str),
    /// The header cannot be read.
    #[error("the header {0} cannot be read")]
    Malformed(&'static str),
    /// The signature is older than the scheme allows.
    #[error("the signature is more than five minutes old; compare the clocks of both machines")]
    TooOld,
    /// The signature is of a time to come.
    #[error("the signature's time is more than five minutes ahead; compare the clocks of both machines")]
    TooNew,
    /// No secret makes that signature of these bytes.
    #[error("no webhook secret of this integration makes this signature of this body")]
    NoMatch,
}

/// Verifies a webhook. Any one matching signature by any one of the secrets is enough.
///
/// `body` is the raw bytes as they came; `headers` answers lower-case names.
pub fn verify(
    scheme: Provider,
    headers: &Headers<'_>,
    body: &[u8],
    secrets: &[String],
    now_ms: Millis,
) -> Result<(), Refusal> {
    let signed = match scheme {
        Provider::Stripe => stripe(headers, now_ms)?,
        Provider::LemonSqueezy => lemon_squeezy(headers)?,
        Provider::Paddle => paddle(headers, now_ms)?,
        Provider::Polar => polar(headers, now_ms)?,
        // The merchant's backend shows an API key; nothing of it is signed.
        Provider::Api => return Err(Refusal::NoMatch),
    };
    let keys = secrets.iter().flat_map(|secret| keys(scheme, secret));
    // All are tried, so that the time taken does not tell which one matched.
    let matches = keys.fold(false, |found, key| signed.matches(&key, body) | found);
    if matches { Ok(()) } else { Err(Refusal::NoMatch) }
}

/// What a header claims: these signatures, each of `prefix` followed by the body.
struct Signed {
    prefix: String,
    signatures: Vec<Vec<u8>>,
}

impl Signed {
    fn matches(&self, key: &[u8], body: &[u8]) -> bool {
        // HMAC takes keys of any length; were it to refuse one, that key matches nothing.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return false };
        mac.update(self.prefix.as_bytes());
        mac.update(body);
        self.signatures.iter().fold(false, |found, signature| mac.clone().verify_slice(signature).is_ok() | found)
    }
}

/// The keys that a secret stands for.
fn keys(scheme: Provider, secret: &str) -> Vec<Vec<u8>> {
    let mut keys = vec![secret.as_bytes().to_vec()];
    if scheme == Provider::Polar
        && let Some(encoded) = secret.strip_prefix("whsec_")
        && let Ok(key) = STANDARD.decode(encoded)
    {
        keys.push(key);
    }
    keys
}

fn stripe(headers: &Headers<'_>, now_ms: Millis) -> Result<Signed, Refusal> {
    const NAME: &str = "Stripe-Signature";
    let header = headers("stripe-signature").ok_or(Refusal::Missing(NAME))?;
    let (timestamp, signatures) = parts(header, ',', "t", "v1").ok_or(Refusal::Malformed(NAME))?;
    within(timestamp, now_ms, false).ok_or(Refusal::Malformed(NAME))??;
    Ok(Signed { prefix: format!("{timestamp}."), signatures })
}

fn paddle(headers: &Headers<'_>, now_ms: Millis) -> Result<Signed, Refusal> {
    const NAME: &str = "Paddle-Signature";
    let header = headers("paddle-signature").ok_or(Refusal::Missing(NAME))?;
    let (timestamp, signatures) = parts(header, ';', "ts", "h1").ok_or(Refusal::Malformed(NAME))?;
    within(timestamp, now_ms, false).ok_or(Refusal::Malformed(NAME))??;
    Ok(Signed { prefix: format!("{timestamp}:"), signatures })
}

fn lemon_squeezy(headers: &Headers<'_>) -> Result<Signed, Refusal> {
    const NAME: &str = "X-Signature";
    let header = headers("x-signature").ok_or(Refusal::Missing(NAME))?;
    let signature = hex::decode(header.trim()).map_err(|_| Refusal::Malformed(NAME))?;
    Ok(Signed { prefix: String::new(), signatures: vec![signature] })
}

fn polar(headers: &Headers<'_>, now_ms: Millis) -> Result<Signed, Refusal> {
    let id = headers("webhook-id").ok_or(Refusal::Missing("webhook-id"))?;
    let timestamp = headers("webhook-timestamp").ok_or(Refusal::Missing("webhook-timestamp"))?;
    let header = headers("webhook-signature").ok_or(Refusal::Missing("webhook-signature"))?;
    within(timestamp, now_ms, true).ok_or(Refusal::Malformed("webhook-timestamp"))??;
    let signatures: Vec<Vec<u8>> = header
        .split(' ')
        .filter_map(|part| part.strip_prefix("v1,"))
        .filter_map(|encoded| STANDARD.decode(encoded).ok())
        .take(SIGNATURES)
        .collect();
    if signatures.is_empty() {
        return Err(Refusal::Malformed("webhook-signature"));
    }
    Ok(Signed { prefix: format!("{id}.{timestamp}."), signatures })
}

/// The timestamp and the hexadecimal signatures of a header of `name=value` parts.
fn parts<'a>(header: &'a str, separator: char, time: &str, kind: &str) -> Option<(&'a str, Vec<Vec<u8>>)> {
    let pairs = || header.split(separator).filter_map(|part| part.trim().split_once('='));
    let timestamp = pairs().find(|(name, _)| *name == time)?.1;
    let signatures: Vec<Vec<u8>> = pairs()
        .filter(|(name, _)| *name == kind)
        .filter_map(|(_, signature)| hex::decode(signature).ok())
        .take(SIGNATURES)
        .collect();
    (!signatures.is_empty()).then_some((timestamp, signatures))
}

/// Whether a timestamp in seconds is near enough; none where it is no timestamp.
fn within(timestamp: &str, now_ms: Millis, both_ways: bool) -> Option<Result<(), Refusal>> {
    let signed_ms = timestamp.parse::<i64>().ok()?.checked_mul(1_000)?;
    let age_ms = now_ms.checked_sub(signed_ms)?;
    // A second has a thousand milliseconds: an age of 300.999 s is 300 whole seconds.
    Some(if age_ms >= TOLERANCE_MS + 1_000 {
        Err(Refusal::TooOld)
    } else if both_ways && age_ms < -TOLERANCE_MS {
        Err(Refusal::TooNew)
    } else {
        Ok(())
    })
}

#[cfg(test)]
mod tests {
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
        let at = |now_ms| {
            check_stripe(format!("t=1764000000,v1={STRIPE}"), &["whsec_2c7f0b6e9d1a4f53"], now_ms)
        };
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
}
