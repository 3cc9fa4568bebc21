//! What is said about payments: notices of providers, the facts in them, and the orders they fold into.
//!
//! These types stand in rows of the store too, whose format writes every member: none may be skipped.

pub mod clues;
pub mod connect;
pub mod fold;
pub mod history;
pub mod lemonsqueezy;
mod object;
pub mod order;
pub mod own;
pub mod paddle;
pub mod payload;
pub mod polar;
pub mod remote;
pub mod secret;
pub mod signature;
pub mod stripe;
#[cfg(test)]
pub(crate) mod testing;
mod time;
mod webhook;

use serde::{Deserialize, Serialize};

use crate::catalogue::SiteNumber;
use crate::clock::Millis;

pub use order::{EntryKind, Order, OrderEntry};
pub use webhook::{Webhook, read, read_again};

/// Who says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// Stripe.
    Stripe,
    /// Lemon Squeezy.
    LemonSqueezy,
    /// Paddle Billing.
    Paddle,
    /// Polar.
    Polar,
    /// The merchant's own backend, by `POST …/orders`.
    Api,
}

impl Provider {
    /// The word in paths and answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stripe => "stripe",
            Self::LemonSqueezy => "lemonsqueezy",
            Self::Paddle => "paddle",
            Self::Polar => "polar",
            Self::Api => "api",
        }
    }

    /// The name that people know it by.
    pub fn title(self) -> &'static str {
        match self {
            Self::Stripe => "Stripe",
            Self::LemonSqueezy => "Lemon Squeezy",
            Self::Paddle => "Paddle",
            Self::Polar => "Polar",
            Self::Api => "API",
        }
    }

    /// The provider of a word.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Stripe, Self::LemonSqueezy, Self::Paddle, Self::Polar, Self::Api]
            .into_iter()
            .find(|provider| provider.name() == name)
    }
}

/// One thing that a provider said: a webhook that verified, or an order from the merchant's backend.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// The site.
    pub site: SiteNumber,
    /// Who says it.
    pub provider: Provider,
    /// The provider's id of the event; the same one is heard once.
    pub event_id: String,
    /// The provider's word for the kind of event.
    pub event_type: String,
    /// The provider's time of the event.
    pub at_ms: Millis,
    /// When it arrived.
    pub received_ms: Millis,
    /// Live money, or a test's.
    pub live: bool,
    /// What it says; nothing is not ours to count.
    pub facts: Vec<Fact>,
    /// The payload, personal data cut, bounded; kept so that an order can be explained and read again.
    #[serde(default)]
    pub payload: Option<String>,
}

impl Notice {
    /// The customer, where it is about a customer and about no order.
    pub fn of_customer(&self) -> Option<&str> {
        let fact = self.facts.first().filter(|fact| fact.is_of_customer())?;
        fact.clues.customer.as_deref()
    }
}

/// One fact about one order. Facts that share a reference speak of the same order, whatever came first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// The provider's objects that it names and that belong to this one order: `intent:pi_…`, `invoice:in_…`.
    pub references: Vec<String>,
    /// The provider's time of the event that said it.
    pub at_ms: Millis,
    /// The id of that event.
    pub event_id: String,
    /// Money that came in.
    #[serde(default)]
    pub paid: Option<Paid>,
    /// What the provider says that the payment is in US dollars, minor units: its own rate, for a currency that the
    /// European Central Bank has none of.
    #[serde(default)]
    pub usd_minor: Option<i64>,
    /// What the payment knows about its journey.
    #[serde(default)]
    pub clues: Clues,
    /// The provider's subscription that it belongs to.
    #[serde(default)]
    pub subscription: Option<String>,
    /// Whether it renews; unknown when this fact does not tell.
    #[serde(default)]
    pub renewal: Option<bool>,
    /// The tax in the payment, minor units.
    #[serde(default)]
    pub tax_minor: Option<i64>,
    /// A refund object in the state that this event gives.
    #[serde(default)]
    pub refund: Option<Refund>,
    /// All that was given back so far, minor units, by an object that counts it.
    #[serde(default)]
    pub refunded_total_minor: Option<i64>,
    /// Money that a dispute took or gave back.
    #[serde(default)]
    pub dispute: Option<Dispute>,
    /// Whether its object is nothing to count (a free trial, a checkout not yet paid) and only its clues are kept.
    #[serde(default)]
    pub pending: bool,
}

impl Fact {
    /// Whether it is about a customer and about no order.
    pub fn is_of_customer(&self) -> bool {
        self.references.iter().all(|reference| fold::is_kind(reference, CUSTOMER))
    }
}

/// The reference under which facts about a customer are found.
pub fn customer_reference(customer: &str) -> String {
    format!("{CUSTOMER}:{customer}")
}

/// The kind of reference of a fact that is about no order but about a customer: it tells each of the customer's
/// orders what they do not know of the customer themselves.
pub const CUSTOMER: &str = "customer";

/// The kind of reference that means "perhaps the same payment": facts that share only such a one are gathered
/// together, and the fold decides whether they are one order.
pub const LIKENESS: &str = "like:";

/// Two payments that nothing joins are taken for one only this near to each other.
pub const LIKENESS_MS: Millis = 600_000;

/// Money that came in, as one object of the provider tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paid {
    /// Which object tells it; the lowest that is there decides the amount and the time.
    pub rank: u8,
    /// Minor units by the ISO 4217 exponent.
    pub minor: i64,
    /// ISO 4217 code, upper case.
    pub currency: String,
    /// The provider's time of payment; a whole second means its end.
    pub at_ms: Millis,
}

/// What a payment knows about its journey.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Clues {
    /// The session that the checkout's metadata names.
    pub session: Option<String>,
    /// The visitor that the metadata, or the provider's own reference field, names.
    pub visitor: Option<String>,
    /// The visitor that the provider's own reference field names; any metadata goes before it.
    pub reference: Option<String>,
    /// The checkout's URL.
    pub url: Option<String>,
    /// The merchant's own order id.
    pub order_id: Option<String>,
    /// The provider's customer id.
    pub customer: Option<String>,
    /// The merchant's own id of the customer, looked up among identified users too.
    pub user: Option<String>,
    /// The keyed hash of the e-mail, trimmed and lower-cased before.
    pub email_hash: Option<String>,
    /// The billing country, ISO 3166-1 alpha-2.
    pub country: Option<String>,
}

/// How far a refund has come. Later variants win at equal times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundState {
    /// Someone must act before money moves.
    RequiresAction,
    /// On its way.
    Pending,
    /// The money went back.
    Succeeded,
    /// It came back.
    Failed,
    /// It was called off.
    Canceled,
}

impl RefundState {
    /// The word in answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::RequiresAction => "requires_action",
            Self::Pending => "pending",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        }
    }
}

/// A refund object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// The provider's id.
    pub id: String,
    /// Minor units, positive.
    pub minor: i64,
    /// How far it has come.
    pub state: RefundState,
    /// When it was made: the time at which it lowers revenue.
    pub created_ms: Millis,
}

/// A movement of a dispute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    /// The provider's id of the dispute.
    pub id: String,
    /// Minor units, positive.
    pub minor: i64,
    /// Taken from the merchant, or given back.
    pub taken: bool,
    /// When it moved.
    pub at_ms: Millis,
}
