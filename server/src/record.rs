//! The records: everything durable is one of these, written to the log before anyone is answered.
//!
//! Records are stored with named members, so members may be added (with a default) but never renamed or given
//! another meaning: the log of years ago must still be read.

use std::collections::BTreeMap;

use protocol::{EventType, Persistence};
use serde::{Deserialize, Serialize};

use crate::catalogue::{Document, DocumentKey, SiteNumber};
use crate::clock::Millis;
use crate::payments::Notice;

/// One thing to make durable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Record {
    /// A visitor did something, a reported purchase included.
    Event(Box<Event>),
    /// A visitor was named as the merchant's user.
    Identify(Box<Identify>),
    /// A provider, or the merchant's backend, said something about a payment.
    Notice(Box<Notice>),
    /// A mistaken order is taken back; a later notice of that id is ignored.
    Withdrawal(Withdrawal),
    /// A small document is put in place; refused when `expected` says that none may stand there.
    Put {
        /// The document.
        document: Document,
        /// Whether it must be new.
        new: bool,
    },
    /// A small document is taken away.
    Remove(DocumentKey),
    /// The European Central Bank's rates of a day; only what is new or changed is kept.
    Rates(DayRates),
}

/// What a visitor did, enriched: the raw address and agent have ended before this.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// The site.
    pub site: SiteNumber,
    /// The client's own id, or one derived from what was sent (for ties alone).
    pub event_id: String,
    /// Whether the id is the client's own: then the event counts once.
    pub has_own_id: bool,
    /// Event time: when it happened, by the server's clock.
    pub at_ms: Millis,
    /// When it arrived.
    pub received_ms: Millis,
    /// What happened.
    pub kind: EventType,
    /// The name of a custom event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The visitor; none is nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitor: Option<String>,
    /// The session as the client named it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// The page.
    pub page: Page,
    /// The referrer as sent, without query and fragment; empty and own-page ones included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referrer: Option<String>,
    /// The page's title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Screen width and height in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub screen: Option<(u32, u32)>,
    /// Visible time on the page, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_on_page_ms: Option<u32>,
    /// How far the page was scrolled, 0 to 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scroll_depth: Option<u8>,
    /// The money of a purchase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purchase: Option<Purchase>,
    /// What the site says about it, flat.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, Scalar>,
    /// What the address and the agent told; empty for purchases.
    #[serde(default)]
    pub client: Client,
    /// Where the browser keeps its ids.
    #[serde(default)]
    pub persistence: Persistence,
}

/// The address of a page, cut to what is kept. It stands in rows too: no member may be skipped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Page {
    /// The host, lower case, without port.
    pub host: String,
    /// The path, case kept, trailing slash dropped but for the root.
    pub path: String,
    /// What is kept of the query: campaign parameters, click ids, `ref`, `source`, `via`, the site's own keys.
    #[serde(default)]
    pub query: String,
    /// Whether the query carried a checkout's success parameter.
    #[serde(default)]
    pub checkout_return: bool,
}

/// The money that a reported purchase names, exact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purchase {
    /// The merchant's order id.
    pub order_id: String,
    /// Minor units by the currency's ISO 4217 exponent.
    pub minor: i64,
    /// The ISO 4217 code, upper case.
    pub currency: String,
}

/// What the address and the agent told before they were forgotten. It stands in rows too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Client {
    /// ISO 3166-1 alpha-2, upper case.
    #[serde(default)]
    pub country: Option<String>,
    /// `desktop`, `phone`, `tablet`, …
    #[serde(default)]
    pub device: Option<String>,
    /// The browser's name.
    #[serde(default)]
    pub browser: Option<String>,
    /// The operating system's name.
    #[serde(default)]
    pub os: Option<String>,
}

/// A flat value of a property or trait. Numbers keep the text in which they came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scalar {
    /// JSON null.
    Null,
    /// JSON true or false.
    Bool(bool),
    /// A JSON number, as written.
    Number(String),
    /// A JSON string.
    Text(String),
}

impl Scalar {
    /// The text, where it is one.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

/// A visitor was named as the merchant's user.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Identify {
    /// The site.
    pub site: SiteNumber,
    /// The client's own id, or a derived one.
    pub event_id: String,
    /// Whether the id is the client's own.
    pub has_own_id: bool,
    /// When it happened, by the server's clock.
    pub at_ms: Millis,
    /// When it arrived.
    pub received_ms: Millis,
    /// The visitor.
    pub visitor: String,
    /// The merchant's user id.
    pub user: String,
    /// Whether the user id was signed with the site's identify secret.
    pub signed: bool,
    /// The keyed hash of the e-mail, for joining payments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_hash: Option<String>,
    /// The merchant's data on the user: name, e-mail, avatar and custom members.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub traits: BTreeMap<String, Scalar>,
}

/// An order that its owner took back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Withdrawal {
    /// The site.
    pub site: SiteNumber,
    /// The order's id.
    pub order_id: String,
    /// When.
    pub at_ms: Millis,
}

/// What the European Central Bank says of a day: units per euro, decimal numbers by ISO 4217 code. It stands in rows
/// too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayRates {
    /// The day, as in `2026-10-30`.
    pub day: String,
    /// The rates.
    pub per_euro: BTreeMap<String, String>,
}
