//! The wire: the two messages that a browser or a backend sends to the server, and their limits.
//!
//! Browsers keep an old SDK for months, so this crate changes by addition only. It depends on `serde` alone and
//! knows no JSON library: [`Event`] and [`Identify`] are generic over `V`, "any JSON value", which is a `JsValue`
//! in the browser and a `serde_json::Value` in the server.

use serde::{Deserialize, Serialize};

/// The path of the ingest endpoint, from the server's root.
pub const EVENT_PATH: &str = "/api/v1/event";
/// The path of the identify endpoint, from the server's root.
pub const IDENTIFY_PATH: &str = "/api/v1/identify";

/// The limits of a message, in one place; longer is a fault that names the field.
pub mod limit {
    /// Bytes of one request body.
    pub const BODY_BYTES: usize = 256 * 1024;
    /// Events of one array.
    pub const EVENTS: usize = 50;
    /// Characters of `url` and `referrer`, the length that browsers themselves agree on.
    pub const URL_CHARS: usize = 2_048;
    /// Characters of `visitor_uid`, `session_id`.
    pub const ID_CHARS: usize = 64;
    /// Characters of `event_id`, `order_id`, `user_id`.
    pub const KEY_CHARS: usize = 200;
    /// Characters of `title`, `event_name` and of an identify's `name`, `email`.
    pub const TEXT_CHARS: usize = 300;
    /// Members of `properties` and of an identify's `custom`.
    pub const PROPERTIES: usize = 30;
    /// Characters of the name of a property.
    pub const PROPERTY_KEY_CHARS: usize = 64;
    /// Characters of a property's text.
    pub const PROPERTY_TEXT_CHARS: usize = 1_000;
    /// Revenue is below this, in major units.
    pub const REVENUE_MAJOR: u64 = 1_000_000_000_000;
    /// Pixels of `screen_w`, `screen_h`.
    pub const SCREEN_PIXELS: f64 = 100_000.0;
    /// Seconds of `time_on_page`: a day.
    pub const TIME_ON_PAGE_SECONDS: f64 = 86_400.0;
}

/// What happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventType {
    /// A page was seen.
    #[default]
    Pageview,
    /// Something on the page was clicked.
    Click,
    /// A form was submitted.
    FormSubmit,
    /// A file was downloaded.
    Download,
    /// A link to another site was followed.
    Outbound,
    /// Something was paid for.
    Purchase,
    /// Anything else; `event_name` says what.
    Custom,
}

/// Where the browser keeps its ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Persistence {
    /// In `localStorage` and `sessionStorage`.
    #[default]
    Storage,
    /// Nowhere: the server derives a visitor that lives for a day.
    Memory,
}

/// One event of `POST /api/v1/event`.
///
/// `V` is any JSON value. `revenue` is in major units, a number or a decimal string; `at` and `sent_at` are
/// milliseconds by the sender's clock; `time_on_page` is in seconds, `scroll_depth` from 0 to 100.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields are the contract's own words, described above")]
pub struct Event<V> {
    pub site_id: String,
    pub url: String,
    #[serde(default)]
    pub event_type: EventType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referrer: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitor_uid: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub screen_w: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub screen_h: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_on_page: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scroll_depth: Option<f64>,
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub revenue: Option<V>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_id: Option<String>,
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub properties: Option<V>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<f64>,
    #[serde(default)]
    pub persistence: Persistence,
}

/// The body of `POST /api/v1/identify`: this visitor is the merchant's user `user_id`.
///
/// `user_hash` is the lower-case hex HMAC-SHA256 of `user_id` under the site's identify secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields are the contract's own words, described above")]
pub struct Identify<V> {
    pub site_id: String,
    pub visitor_uid: String,
    pub user_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<String>,
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub custom: Option<V>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_hash: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<f64>,
}

fn none<V>() -> Option<V> {
    None
}

/// The campaign parameters that a touch is made of, in the order in which they are kept and dropped.
pub const CAMPAIGN_PARAMETERS: [&str; 5] =
    ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"];

/// The ad click ids that are captured, spelt as the networks spell them.
pub const CLICK_IDS: [&str; 14] = [
    "gclid",
    "gbraid",
    "wbraid",
    "dclid",
    "fbclid",
    "msclkid",
    "ttclid",
    "twclid",
    "li_fat_id",
    "rdt_cid",
    "epik",
    "ScCid",
    "yclid",
    "irclickid",
];

/// The members of a provider's checkout metadata by which a payment finds its journey.
pub mod metadata {
    /// The visitor.
    pub const VISITOR_ID: &str = "engagetrack_visitor_id";
    /// The session.
    pub const SESSION_ID: &str = "engagetrack_session_id";
    /// The checkout's address, campaign parameters kept.
    pub const URL: &str = "engagetrack_url";
    /// The merchant's own order id.
    pub const ORDER_ID: &str = "engagetrack_order_id";
    /// Characters of one value: Stripe refuses a longer one, and with it the whole checkout.
    pub const VALUE_CHARS: usize = 500;
}
