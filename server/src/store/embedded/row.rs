//! Values of rows: compact bytes of the derived types. They can change with every release, since another format is
//! rebuilt from the log.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::payments::Provider;
use crate::store::{HeardWebhook, ReadError, SessionEntry};

/// The bytes of a value.
pub(super) fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, ReadError> {
    postcard::to_stdvec(value).map_err(|error| ReadError(error.to_string()))
}

/// The value of bytes.
pub(super) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ReadError> {
    postcard::from_bytes(bytes).map_err(|error| ReadError(format!("a row is damaged: {error}")))
}

/// An event without a session id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct LooseEvent {
    /// What a session that begins with it would have as its entry.
    pub(super) entry: SessionEntry,
    /// Visible time on the page, milliseconds.
    pub(super) time_on_page_ms: u32,
    /// Whether it starts a checkout.
    pub(super) starts_checkout: bool,
}

/// What is counted per site.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Counters {
    pub(super) verified_orders: u64,
    pub(super) reported_purchases: u64,
    pub(super) last_webhooks: BTreeMap<Provider, HeardWebhook>,
}

/// The earliest spelling of a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Spelling {
    pub(super) at_ms: Millis,
    pub(super) event_id: String,
    pub(super) text: String,
}
