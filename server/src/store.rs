//! The one door to durable data.
//!
//! [`Store`] speaks domain types: a batch of records is committed whole and answered one by one, everything read
//! is derived from the records. The embedded engine is [`embedded::Embedded`]; another one answers the same trait.

pub mod embedded;
pub mod log;

use std::collections::BTreeMap;
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::catalogue::{Catalogue, SiteNumber};
use crate::clock::Millis;
use crate::payments::{Notice, Order, Provider};
use crate::rates::Table;
use crate::record::{Client, Event, Page, Record};

/// What became of a record, once durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was new and counts.
    Recorded,
    /// It told something more about what was there.
    Enriched,
    /// It was there already, or said nothing new.
    Duplicate,
    /// It is kept as heard, but is not ours to count.
    Ignored,
    /// It contradicts what is there, and nothing was stored.
    Conflict,
}

/// Why a batch was not made durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// The queue is full; the sender should try again.
    #[error("the queue of commits is full")]
    Full,
    /// The store has stopped acknowledging.
    #[error("the store has stopped")]
    Stopped,
}

/// Why a question could not be answered.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the store could not be read: {0}")]
pub struct ReadError(pub String);

/// The outcomes of a batch, in its order, once it is durable.
pub type Committed = Pin<Box<dyn Future<Output = Result<Vec<Outcome>, Unavailable>> + Send>>;

/// A half-open span of event time in milliseconds.
pub type Span = Range<Millis>;

/// A session as its events tell it, purchases aside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// The visitor.
    pub visitor: String,
    /// The client's session id, or none where the server inferred the session.
    pub id: Option<String>,
    /// Its earliest event.
    pub entry: SessionEntry,
    /// The time of its last event.
    pub last_at_ms: Millis,
    /// The event id of its last event.
    pub last_event_id: String,
    /// The visible time on page that its last event reported, milliseconds.
    pub last_time_on_page_ms: u32,
    /// Page views.
    pub pageviews: u32,
    /// Other events, purchases aside.
    pub others: u32,
    /// When it started a checkout (asked for metadata, clicked a payment link); at most 8 are kept.
    pub checkouts_ms: Vec<Millis>,
}

/// The event with which a session begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionEntry {
    /// Event time.
    pub at_ms: Millis,
    /// The event's id: ties go by it.
    pub event_id: String,
    /// Whether it is a page view.
    pub is_pageview: bool,
    /// The page.
    pub page: Page,
    /// The referrer, without query and fragment.
    pub referrer: Option<String>,
    /// What the address and the agent told.
    pub client: Client,
}

/// An event as reports count it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EventRow {
    /// Event time.
    pub at_ms: Millis,
    /// Its id.
    pub event_id: String,
    /// What happened.
    pub kind: protocol::EventType,
    /// The visitor.
    pub visitor: Option<String>,
    /// The session as the client named it.
    pub session: Option<String>,
    /// The page's path.
    pub path: String,
    /// The name of a custom event.
    pub name: Option<String>,
}

/// A reported purchase as it arrived.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReportedPurchase {
    /// Event time.
    pub at_ms: Millis,
    /// Its event id; with the order id it tells rows apart.
    pub event_id: String,
    /// The merchant's order id.
    pub order_id: String,
    /// Minor units.
    pub minor: i64,
    /// ISO 4217 code.
    pub currency: String,
    /// The visitor it names.
    pub visitor: Option<String>,
    /// The session it names.
    pub session: Option<String>,
    /// Its own page, campaign parameters kept.
    pub page: Page,
    /// Its referrer.
    pub referrer: Option<String>,
}

/// A visitor was named as a user.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct IdentifyRow {
    /// Event time.
    pub at_ms: Millis,
    /// Its id.
    pub event_id: String,
    /// The visitor.
    pub visitor: String,
    /// The user.
    pub user: String,
    /// Whether it was signed.
    pub signed: bool,
    /// The keyed hash of the user's e-mail.
    pub email_hash: Option<String>,
    /// The name given.
    pub name: Option<String>,
}

/// A notice as it was heard, and what it changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoticeRow {
    /// The notice.
    pub notice: Notice,
    /// What became of it.
    pub outcome: Outcome,
    /// The members of the order that it changed.
    pub changed: Vec<String>,
}

/// A webhook, or an order from the merchant's backend, as it was heard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeardWebhook {
    /// When it arrived.
    pub at_ms: Millis,
    /// The provider's word for the kind of event.
    pub event_type: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// What the setup page asks about a site.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SiteActivity {
    /// The earliest event's time.
    pub first_event_ms: Option<Millis>,
    /// The latest event.
    pub last_event: Option<EventRow>,
    /// The webhook of each provider that was heard last.
    pub last_webhooks: BTreeMap<Provider, HeardWebhook>,
    /// Verified live orders.
    pub verified_orders: u64,
    /// Reported purchases.
    pub reported_purchases: u64,
}

/// Which customer: an id of the provider's, or the keyed hash of an e-mail.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CustomerKey {
    /// The provider's customer id (or the `customer_id` of an order from the merchant's backend).
    Id(String),
    /// The keyed hash of an e-mail.
    Email(String),
}

/// The durable data, seen through what the product asks of it. Reads are of the last commit and may take a while:
/// call them off the asynchronous threads.
pub trait Store: Send + Sync + 'static {
    /// Commits a batch: durable, and visible to every later read, once the future is ready.
    fn commit(&self, records: Vec<Record>) -> Committed;

    /// All small documents.
    fn catalogue(&self) -> Arc<Catalogue>;

    /// The exchange rates that are known, those built in among them.
    fn rates(&self) -> Arc<Table>;

    /// Turns with every commit that changed something: answers may be cached by it.
    fn version(&self) -> u64;

    /// The events of a site in a span, by event time, given to `visit` one by one.
    fn events(&self, site: SiteNumber, span: Span, visit: &mut dyn FnMut(EventRow)) -> Result<(), ReadError>;

    /// The sessions of a site whose entry lies in a span, by entry time.
    fn sessions(&self, site: SiteNumber, span: Span, visit: &mut dyn FnMut(Session))
    -> Result<(), ReadError>;

    /// All sessions of a visitor, inferred ones included, by entry.
    fn sessions_of(&self, site: SiteNumber, visitor: &str) -> Result<Vec<Session>, ReadError>;

    /// The sessions that bear a client's session id, one for each visitor that used it.
    fn sessions_named(&self, site: SiteNumber, session: &str) -> Result<Vec<Session>, ReadError>;

    /// The identifies of a visitor, by time.
    fn identifies_of(&self, site: SiteNumber, visitor: &str) -> Result<Vec<IdentifyRow>, ReadError>;

    /// The identifies of a user on every visitor, by time.
    fn identifies_of_user(&self, site: SiteNumber, user: &str) -> Result<Vec<IdentifyRow>, ReadError>;

    /// The identifies that gave an e-mail, by time.
    fn identifies_of_email(&self, site: SiteNumber, email_hash: &str) -> Result<Vec<IdentifyRow>, ReadError>;

    /// Verified orders with an entry in a span.
    fn orders(&self, site: SiteNumber, live: bool, span: Span) -> Result<Vec<Order>, ReadError>;

    /// A verified order.
    fn order(&self, site: SiteNumber, live: bool, id: &str) -> Result<Option<Order>, ReadError>;

    /// The verified orders that name a merchant's order id in their metadata.
    fn orders_of_merchant_id(&self, site: SiteNumber, live: bool, id: &str) -> Result<Vec<Order>, ReadError>;

    /// The verified orders of a customer, by time.
    fn orders_of_customer(
        &self,
        site: SiteNumber,
        live: bool,
        key: &CustomerKey,
    ) -> Result<Vec<Order>, ReadError>;

    /// The verified orders of a subscription, by time.
    fn orders_of_subscription(&self, site: SiteNumber, live: bool, id: &str)
    -> Result<Vec<Order>, ReadError>;

    /// The notices that speak of an order, by the provider's time.
    fn notices_of(&self, site: SiteNumber, order: &Order) -> Result<Vec<NoticeRow>, ReadError>;

    /// Reported purchases in a span of event time.
    fn purchases(&self, site: SiteNumber, span: Span) -> Result<Vec<ReportedPurchase>, ReadError>;

    /// Reported purchases of one order id, by event time, then event id.
    fn purchases_of(&self, site: SiteNumber, order_id: &str) -> Result<Vec<ReportedPurchase>, ReadError>;

    /// Whether an order id was taken back.
    fn is_withdrawn(&self, site: SiteNumber, order_id: &str) -> Result<bool, ReadError>;

    /// What the setup page asks.
    fn activity(&self, site: SiteNumber) -> Result<SiteActivity, ReadError>;

    /// The earliest spelling seen of a value, per dimension; none where it was never seen.
    fn spelling(&self, site: SiteNumber, dimension: &str, folded: &str) -> Result<Option<String>, ReadError>;
}

/// The facts of an event that a report needs of it.
impl From<&Event> for EventRow {
    fn from(event: &Event) -> Self {
        Self {
            at_ms: event.at_ms,
            event_id: event.event_id.clone(),
            kind: event.kind,
            visitor: event.visitor.clone(),
            session: event.session.clone(),
            path: event.page.path.clone(),
            name: event.name.clone(),
        }
    }
}
