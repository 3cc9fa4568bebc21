//! Identify: this visitor is the merchant's user so-and-so, signed or not.

use std::collections::BTreeMap;

use hmac::{Hmac, Mac};
use protocol::limit;
use serde_json::Value;
use sha2::Sha256;
use url::Url;

use super::decode::{self, Body};
use super::enrich::derived_id;
use super::fault::Fault;
use super::{Arrival, event_time, properties, site_of, validate};
use crate::catalogue::{Catalogue, Site};
use crate::record::{Identify, Record, Scalar};

/// The two things that reading an identify needs of whoever keeps the server's keys.
pub trait IdentifyKeys {
    /// The keyed hash of an e-mail that is trimmed and in lower case.
    fn email_hash(&self, email: &str) -> String;

    /// A site's identify secret, opened; none where it cannot be.
    fn open_secret(&self, sealed: &[u8]) -> Option<Vec<u8>>;
}

pub(super) fn read(
    catalogue: &Catalogue,
    arrival: &Arrival,
    body: &[u8],
    keys: &dyn IdentifyKeys,
) -> Result<Record, Fault> {
    let Body::One(raw) = decode::body(body)? else {
        let message = "The body is an array; identify one visitor at a time.".to_owned();
        return Err(Fault::body("invalid", message));
    };
    let wire: protocol::Identify<Value> = decode::message(raw, &["site_id", "visitor_uid", "user_id"])
        .map_err(|refused| {
            let site = refused.site_id.as_deref().map(|id| site_of(catalogue, id));
            site.and_then(Result::err).unwrap_or(refused.fault)
        })?;
    let site = site_of(catalogue, &wire.site_id)?;
    let visitor = validate::opaque_id("visitor_uid", wire.visitor_uid)?;
    let user = validate::key("user_id", wire.user_id)?;
    let own_id = wire.event_id.map(|id| validate::key("event_id", id)).transpose()?;
    let at = validate::number("at", wire.at, f64::MIN..=f64::MAX)?;
    let sent_at = validate::number("sent_at", wire.sent_at, f64::MIN..=f64::MAX)?;
    let email = validate::text("email", wire.email, limit::TEXT_CHARS)?;
    let email_hash = email.as_deref().map(|email| keys.email_hash(&email.trim().to_lowercase()));
    let profile = [
        ("name", validate::text("name", wire.name, limit::TEXT_CHARS)?),
        ("email", email),
        ("avatar", avatar(wire.avatar)?),
    ];
    let traits = traits(profile, properties::flat("custom", wire.custom)?);
    if let Some(hash) = &wire.user_hash {
        validate::within("user_hash", hash, limit::KEY_CHARS)?;
    }
    let signed = is_signed(site, &user, wire.user_hash.as_deref(), keys);
    if site.signed_identify_only && !signed {
        return Err(Fault::unsigned());
    }
    let at_ms = event_time(arrival.received_ms, at, sent_at);
    Ok(Record::Identify(Box::new(Identify {
        site: site.number,
        has_own_id: own_id.is_some(),
        event_id: own_id.unwrap_or_else(|| {
            derived_id([site.id.as_bytes(), visitor.as_bytes(), b"", &at_ms.to_be_bytes(), raw])
        }),
        at_ms,
        received_ms: arrival.received_ms,
        visitor,
        user,
        signed,
        email_hash,
        traits,
    })))
}

/// Avatars are shown by other people's browsers, so only an address of the web will do.
fn avatar(value: Option<String>) -> Result<Option<String>, Fault> {
    let avatar = validate::text("avatar", value, limit::URL_CHARS)?;
    let is_of_the_web =
        |text: &String| Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if avatar.as_ref().is_some_and(|text| !is_of_the_web(text)) {
        let message =
            "`avatar` must be the picture's full address, as in https://shop.example/ana.png.".to_owned();
        return Err(Fault::field("avatar", message));
    }
    Ok(avatar)
}

/// The profile's own members under their names; a custom member of such a name stands beside it as `custom.…`.
fn traits(
    profile: [(&str, Option<String>); 3],
    custom: BTreeMap<String, Scalar>,
) -> BTreeMap<String, Scalar> {
    let is_taken = |name: &str| profile.iter().any(|(taken, _)| *taken == name);
    let mut traits: BTreeMap<String, Scalar> = custom
        .into_iter()
        .map(|(name, value)| if is_taken(&name) { (format!("custom.{name}"), value) } else { (name, value) })
        .collect();
    for (name, value) in profile {
        if let Some(value) = value {
            traits.insert(name.to_owned(), Scalar::Text(value));
        }
    }
    traits
}

/// Whether the hash is that of the user id under the site's secret, compared in constant time.
fn is_signed(site: &Site, user: &str, hash: Option<&str>, keys: &dyn IdentifyKeys) -> bool {
    let (Some(sealed), Some(hash)) = (&site.identify_secret, hash) else {
        return false;
    };
    let (Some(secret), Ok(hash)) = (keys.open_secret(sealed), hex::decode(hash)) else {
        return false;
    };
    Hmac::<Sha256>::new_from_slice(&secret)
        .is_ok_and(|mac| mac.chain_update(user.as_bytes()).verify_slice(&hash).is_ok())
}
