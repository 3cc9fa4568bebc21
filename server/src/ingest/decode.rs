//! Bytes into wire messages: JSON, read so that a fault names its field and spoils no other event of its array.

use std::fmt;

use protocol::limit;
use serde::de::{DeserializeOwned, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::fault::Fault;

/// An event as the wire has it.
pub(super) type Wire = protocol::Event<Value>;

/// A body, cut into messages that are not read yet.
pub(super) enum Body<'a> {
    /// A message alone.
    One(&'a [u8]),
    /// An array of one to [`limit::EVENTS`] of them.
    Many(Vec<&'a RawValue>),
}

/// A message that could not be read, with what can be told of its site all the same.
pub(super) struct Refused {
    pub(super) site_id: Option<String>,
    pub(super) url: Option<String>,
    pub(super) fault: Fault,
}

/// Cuts a body into messages. A byte-order mark before it is passed over.
pub(super) fn body(bytes: &[u8]) -> Result<Body<'_>, Fault> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii();
    match bytes.first() {
        None => Err(Fault::body("empty", "The body is empty; send one event as a JSON object.".to_owned())),
        Some(b'[') => many(bytes).map(Body::Many),
        Some(_) => Ok(Body::One(bytes)),
    }
}

fn many(bytes: &[u8]) -> Result<Vec<&RawValue>, Fault> {
    let Elements { kept, count } = serde_json::from_slice(bytes).map_err(|error| malformed(&error))?;
    if count == 0 {
        let message = format!("The array is empty; send 1 to {} events.", limit::EVENTS);
        return Err(Fault::body("empty", message));
    }
    if count > limit::EVENTS {
        let message = format!("The array has {count} events; send at most {} at a time.", limit::EVENTS);
        return Err(Fault::body("too_many_events", message));
    }
    Ok(kept)
}

/// The elements of an array, no more of them kept than are allowed.
struct Elements<'a> {
    kept: Vec<&'a RawValue>,
    count: usize,
}

impl<'de: 'a, 'a> Deserialize<'de> for Elements<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ElementsVisitor)
    }
}

struct ElementsVisitor;

impl<'de> Visitor<'de> for ElementsVisitor {
    type Value = Elements<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array of events")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let mut elements = Elements { kept: Vec::new(), count: 0 };
        while elements.count < limit::EVENTS {
            let Some(element) = sequence.next_element()? else {
                return Ok(elements);
            };
            elements.kept.push(element);
            elements.count += 1;
        }
        while sequence.next_element::<IgnoredAny>()?.is_some() {
            elements.count += 1;
        }
        Ok(elements)
    }
}

/// Reads one message. Unknown members are passed over, `null` is the same as absent, and of a member that is
/// there twice the last counts, as in JavaScript.
pub(super) fn message<T: DeserializeOwned>(raw: &[u8], required: &[&str]) -> Result<T, Box<Refused>> {
    // Almost every message is in order, and this is the quick way to see it.
    serde_json::from_slice(raw).or_else(|_| message_by_members(raw, required))
}

fn message_by_members<T: DeserializeOwned>(raw: &[u8], required: &[&str]) -> Result<T, Box<Refused>> {
    let mut members = match serde_json::from_slice(raw) {
        Ok(Value::Object(members)) => members,
        Ok(_) => {
            let message = "It is not a JSON object; send an object with at least `site_id` and `url`.";
            return Err(refused(&Map::new(), Fault::body("invalid", message.to_owned())));
        }
        Err(error) => return Err(refused(&Map::new(), malformed(&error))),
    };
    members.retain(|_, value| !value.is_null());
    if let Some(missing) = required.iter().find(|field| !members.contains_key(**field)) {
        let message = format!("`{missing}` is missing; it is {}.", expected(missing));
        return Err(refused(&members, Fault::field(missing, message)));
    }
    serde_path_to_error::deserialize(Value::Object(members.clone())).map_err(|error| {
        // What is wrong within a member is told of the member.
        let path = error.path().to_string();
        let field = path.split(['.', '[']).next().unwrap_or_default().to_owned();
        let message = format!("`{field}` must be {}.", expected(&field));
        refused(&members, Fault::field(&field, message))
    })
}

#[expect(clippy::unnecessary_box_returns, reason = "the error of a result must be small")]
fn refused(members: &Map<String, Value>, fault: Fault) -> Box<Refused> {
    let text = |field: &str| members.get(field).and_then(Value::as_str).map(str::to_owned);
    Box::new(Refused { site_id: text("site_id"), url: text("url"), fault })
}

/// The parser's own message may repeat what was sent at any length, so only its place is told.
fn malformed(error: &serde_json::Error) -> Fault {
    let message = format!(
        "The body is not valid JSON (line {}, column {}); make it with a JSON library, in UTF-8.",
        error.line(),
        error.column()
    );
    Fault::body("malformed_json", message)
}

/// What a field must be, in words.
fn expected(field: &str) -> &'static str {
    match field {
        "site_id" => "the site's public id, a string that begins with pk_live_",
        "url" => "the page's full address, a string that begins with http:// or https://",
        "visitor_uid" => "the visitor's id, a string of 1 to 64 letters, digits, _ and -",
        "user_id" => "your own id of the user, a string",
        "event_type" => "one of pageview, click, form_submit, download, outbound, purchase, custom",
        "persistence" => "\"storage\" or \"memory\"",
        "at" | "sent_at" => "a number: milliseconds since 1970 by the client's clock",
        "screen_w" | "screen_h" => "a number of pixels",
        "time_on_page" => "a number of seconds",
        "scroll_depth" => "a number from 0 to 100",
        _ => "a string",
    }
}
