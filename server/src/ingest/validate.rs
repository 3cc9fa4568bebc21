//! A wire event into a valid one: every field in its limits, a purchase complete, its money exact.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use attribution::money::{AmountFault, Currency, parse_major};
use protocol::{EventType, Persistence, limit};
use serde_json::Value;
use url::Url;

use super::decode::Wire;
use super::fault::{Fault, shown};
use super::policy::Policy;
use super::{page, properties};
use crate::record::{Page, Purchase, Scalar};

/// An event that is in order.
pub(super) struct Valid {
    pub(super) kind: EventType,
    pub(super) name: Option<String>,
    pub(super) visitor: Option<String>,
    pub(super) session: Option<String>,
    pub(super) page: Page,
    pub(super) referrer: Option<String>,
    pub(super) title: Option<String>,
    pub(super) screen: Option<(u32, u32)>,
    pub(super) time_on_page_ms: Option<u32>,
    pub(super) scroll_depth: Option<u8>,
    pub(super) purchase: Option<Purchase>,
    pub(super) properties: BTreeMap<String, Scalar>,
    pub(super) event_id: Option<String>,
    pub(super) at: Option<f64>,
    pub(super) sent_at: Option<f64>,
    pub(super) persistence: Persistence,
}

/// Holds an event to the contract; `url` is its address, already known to be the site's.
pub(super) fn event(wire: Wire, url: &Url, policy: &Policy) -> Result<Valid, Fault> {
    within("url", &wire.url, limit::URL_CHARS)?;
    let page = page::keep(url, policy.kept_parameters());
    let width = number("screen_w", wire.screen_w, 0.0..=limit::SCREEN_PIXELS)?;
    let height = number("screen_h", wire.screen_h, 0.0..=limit::SCREEN_PIXELS)?;
    let seconds = number("time_on_page", wire.time_on_page, 0.0..=limit::TIME_ON_PAGE_SECONDS)?;
    let scroll_depth = number("scroll_depth", wire.scroll_depth, 0.0..=100.0)?;
    let money = Money { revenue: wire.revenue, currency: wire.currency, order_id: wire.order_id };
    Ok(Valid {
        kind: wire.event_type,
        name: name(wire.event_name)?,
        visitor: wire.visitor_uid.map(|id| opaque_id("visitor_uid", id)).transpose()?,
        session: wire.session_id.map(|id| opaque_id("session_id", id)).transpose()?,
        page,
        referrer: wire.referrer.as_deref().map_or(Ok(None), page::referrer)?,
        title: text("title", wire.title, limit::TEXT_CHARS)?,
        screen: width.zip(height).map(|(width, height)| (whole(width), whole(height))),
        time_on_page_ms: seconds.map(|seconds| whole(seconds * 1_000.0)),
        scroll_depth: scroll_depth.and_then(|depth| u8::try_from(whole(depth)).ok()),
        purchase: money.read(wire.event_type)?,
        properties: properties::flat("properties", wire.properties)?,
        event_id: wire.event_id.map(|id| key("event_id", id)).transpose()?,
        at: number("at", wire.at, f64::MIN..=f64::MAX)?,
        sent_at: number("sent_at", wire.sent_at, f64::MIN..=f64::MAX)?,
        persistence: wire.persistence,
    })
}

/// Refuses a text of more than so many characters.
pub(super) fn within(field: &str, text: &str, chars: usize) -> Result<(), Fault> {
    // A text of so many bytes cannot have more characters, which spares the counting.
    if text.len() > chars && text.chars().count() > chars {
        let message = format!("`{field}` is too long; use at most {chars} characters.");
        return Err(Fault::field(field, message));
    }
    Ok(())
}

/// A text for people; a blank one is none.
pub(super) fn text(field: &str, value: Option<String>, chars: usize) -> Result<Option<String>, Fault> {
    let Some(value) = value else { return Ok(None) };
    within(field, &value, chars)?;
    Ok(Some(value).filter(|value| !value.trim().is_empty()))
}

fn name(value: Option<String>) -> Result<Option<String>, Fault> {
    let name = text("event_name", value, limit::TEXT_CHARS)?;
    if name.as_deref().is_some_and(|name| name.chars().any(char::is_control)) {
        let message =
            "`event_name` has a control character in it; send a plain name, as in sign_up.".to_owned();
        return Err(Fault::field("event_name", message));
    }
    Ok(name)
}

/// The id of a visitor or a session: compared exactly, so spelt narrowly.
pub(super) fn opaque_id(field: &str, id: String) -> Result<String, Fault> {
    let is_spelt_so = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if id.is_empty() || id.len() > limit::ID_CHARS || !id.bytes().all(is_spelt_so) {
        let message = format!(
            "`{field}` must be 1 to {} letters, digits, _ and -, as the script made it; it is {}. \
             Leave it out where there is none.",
            limit::ID_CHARS,
            shown(&id)
        );
        return Err(Fault::field(field, message));
    }
    Ok(id)
}

/// An id of the sender's own making.
pub(super) fn key(field: &str, id: String) -> Result<String, Fault> {
    within(field, &id, limit::KEY_CHARS)?;
    if id.trim().is_empty() || id.chars().any(char::is_control) {
        let message = format!(
            "`{field}` must be 1 to {} characters, none of them a control character.",
            limit::KEY_CHARS
        );
        return Err(Fault::field(field, message));
    }
    Ok(id)
}

/// A number in its range, ends included.
pub(super) fn number(
    field: &str,
    value: Option<f64>,
    range: RangeInclusive<f64>,
) -> Result<Option<f64>, Fault> {
    match value {
        Some(value) if !value.is_finite() => {
            Err(Fault::field(field, format!("`{field}` is out of range; send a finite number.")))
        }
        Some(value) if !range.contains(&value) => {
            let message = format!("`{field}` must be a number from {} to {}.", range.start(), range.end());
            Err(Fault::field(field, message))
        }
        value => Ok(value),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the number is in its range, and the cast saturates"
)]
fn whole(value: f64) -> u32 {
    value.round() as u32
}

/// What an event says about money, as sent.
struct Money {
    revenue: Option<Value>,
    currency: Option<String>,
    order_id: Option<String>,
}

impl Money {
    /// A purchase needs all three. Beside other events they are held to the same rules, and not kept.
    fn read(self, kind: EventType) -> Result<Option<Purchase>, Fault> {
        let is_purchase = kind == EventType::Purchase;
        let missing = |field: &str| {
            let message =
                format!("A purchase needs `revenue`, `currency` and `order_id`; `{field}` is missing.");
            Fault::field(field, message)
        };
        let present = |field: &str, is_present: bool| {
            if is_purchase && !is_present { Err(missing(field)) } else { Ok(()) }
        };
        present("revenue", self.revenue.as_ref().is_some_and(|revenue| !revenue.is_null()))?;
        present("currency", self.currency.is_some())?;
        present("order_id", self.order_id.is_some())?;
        let currency = self.currency.as_deref().map(currency).transpose()?;
        let minor = match (self.revenue, currency.or_else(|| Currency::parse("USD"))) {
            (Some(revenue), Some(currency)) if !revenue.is_null() => Some(amount(&revenue, currency)?),
            _ => None,
        };
        let order_id = self.order_id.map(|id| key("order_id", id)).transpose()?;
        Ok(match (minor, currency, order_id) {
            (Some(minor), Some(currency), Some(order_id)) if is_purchase => {
                Some(Purchase { order_id, minor, currency: currency.code().to_owned() })
            }
            _ => None,
        })
    }
}

fn currency(code: &str) -> Result<Currency, Fault> {
    Currency::parse(code).ok_or_else(|| {
        let message =
            format!("`currency` must be a three-letter ISO 4217 code, as in EUR; it is {}.", shown(code));
        Fault::field("currency", message)
    })
}

/// The minor units of `revenue`, read from the very text that was sent.
fn amount(revenue: &Value, currency: Currency) -> Result<i64, Fault> {
    let fault = |what: &str| {
        let message = format!(
            "`revenue` {what}; send the amount in major units (not cents) as a number or a decimal string, \
             as in 149.99."
        );
        Fault::field("revenue", message)
    };
    let text = match revenue {
        Value::Number(number) => number.as_str(),
        Value::String(text) => text.as_str(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
            return Err(fault("is no number"));
        }
    };
    let money = parse_major(text, currency).map_err(|reason| {
        fault(match reason {
            AmountFault::NotANumber => "is no decimal number",
            AmountFault::Negative => "is below zero",
            AmountFault::TooLarge => "is 10^12 or more",
            AmountFault::TooLong => "has too many digits",
        })
    })?;
    i64::try_from(money.minor).map_err(|_| fault("is too large"))
}
