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

/// The member in which Paddle Classic signs.
const PADDLE_CLASSIC: &[u8] = b"p_signature";

/// Looks up a header by its lower-case name.
pub type Headers<'a> = dyn Fn(&str) -> Option<&'a str> + 'a;

/// Why a webhook is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The header is not there.
    #[error("the header {0} is missing")]
    Missing(&'static str),
    /// It comes from the product before Paddle Billing, which signs within the body.
    #[error(
        "this is a webhook of Paddle Classic, which is another product; connect a notification destination of Paddle Billing"
    )]
    PaddleClassic,
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
    #[error("its signature was made with none of the secrets that are kept here")]
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
        Provider::Paddle => paddle(headers, body, now_ms)?,
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
        self.signatures
            .iter()
            .fold(false, |found, signature| mac.clone().verify_slice(signature).is_ok() | found)
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

fn paddle(headers: &Headers<'_>, body: &[u8], now_ms: Millis) -> Result<Signed, Refusal> {
    const NAME: &str = "Paddle-Signature";
    let missing = || if is_paddle_classic(body) { Refusal::PaddleClassic } else { Refusal::Missing(NAME) };
    let header = headers("paddle-signature").ok_or_else(missing)?;
    let (timestamp, signatures) = parts(header, ';', "ts", "h1").ok_or(Refusal::Malformed(NAME))?;
    within(timestamp, now_ms, false).ok_or(Refusal::Malformed(NAME))??;
    Ok(Signed { prefix: format!("{timestamp}:"), signatures })
}

fn is_paddle_classic(body: &[u8]) -> bool {
    body.windows(PADDLE_CLASSIC.len()).any(|window| window == PADDLE_CLASSIC)
}

fn lemon_squeezy(headers: &Headers<'_>) -> Result<Signed, Refusal> {
    const NAME: &str = "X-Signature";
    let header = headers("x-signature").ok_or(Refusal::Missing(NAME))?;
    let signature = hexadecimal(header.trim()).ok_or(Refusal::Malformed(NAME))?;
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
        .filter_map(|(_, signature)| hexadecimal(signature))
        .take(SIGNATURES)
        .collect();
    (!signatures.is_empty()).then_some((timestamp, signatures))
}

/// The bytes of a hexadecimal signature; all providers write it in lower case.
fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let is_lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
    is_lower.then(|| hex::decode(text).ok()).flatten()
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
mod tests;
