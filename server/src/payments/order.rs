//! An order: what all facts about one payment come to.

use serde::{Deserialize, Serialize};

use super::{Clues, Provider};
use crate::clock::Millis;

/// A verified order, folded from its facts; the same whatever order they came in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// Who took the money.
    pub provider: Provider,
    /// Unique within the site, live and test money apart.
    pub id: String,
    /// Live money, or a test's.
    pub live: bool,
    /// ISO 4217 code of all its amounts.
    pub currency: String,
    /// What was paid, minor units.
    pub minor: i64,
    /// What the provider says that it is in US dollars, minor units.
    pub usd_minor: Option<i64>,
    /// The tax in it.
    pub tax_minor: Option<i64>,
    /// The time of payment.
    pub at_ms: Millis,
    /// Whether it renews a subscription.
    pub renewal: bool,
    /// The subscription.
    pub subscription: Option<String>,
    /// What it knows about its journey.
    pub clues: Clues,
    /// Payment first, then refunds and disputes by time.
    pub entries: Vec<OrderEntry>,
    /// All references of its facts, sorted.
    pub references: Vec<String>,
    /// Remarks that the explanation shows: `joined_by_likeness`, `refund_objects_incomplete`.
    pub remarks: Vec<String>,
}

/// What kind of movement it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// Money in.
    Payment,
    /// Money given back.
    Refund,
    /// Money taken by a dispute, or given back by one.
    Dispute,
}

/// One movement of an order's money, at its own time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderEntry {
    /// When.
    pub at_ms: Millis,
    /// What.
    pub kind: EntryKind,
    /// The provider's id of the object, or empty.
    pub id: String,
    /// `paid`, `pending`, `succeeded`, `failed`, `taken`, `returned`, `total`, …
    pub state: String,
    /// Minor units, negative where money went back.
    pub minor: i64,
    /// Whether it counts in figures; one that does not stays in the explanation.
    pub counts: bool,
}

impl Order {
    /// What was given back or taken, minor units, positive.
    pub fn refunded_minor(&self) -> i64 {
        self.entries
            .iter()
            .filter(|entry| entry.counts && entry.kind != EntryKind::Payment)
            .fold(0_i64, |sum, entry| sum.saturating_sub(entry.minor))
    }
}
