//! Reports: a question becomes an answer, computed from the store by pure arithmetic on integers.
//!
//! A report is a synchronous function over a [`Context`]; call it off the asynchronous threads. Answers may be
//! kept by [`cache::Answers`], for the same question on the same version of the store has the same answer.

pub mod amount;
pub mod cache;
pub mod chain;
pub mod credit;
pub mod csv;
pub mod dimension;
pub mod explanation;
pub mod ledger;
mod markov;
pub mod metrics;
pub mod orders;
pub mod overview;
pub mod period;
pub mod question;
pub mod rates;
pub mod revenue;
mod spelling;
pub mod time;
pub mod timeseries;
pub mod traffic;
pub mod world;

use crate::catalogue::Site;
use crate::clock::Millis;
use crate::rates::Table;
use crate::store::{ReadError, Store};

/// What every report stands on.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The durable data.
    pub store: &'a dyn Store,
    /// The site that is asked about.
    pub site: &'a Site,
    /// The exchange rates that are known.
    pub rates: &'a Table,
    /// The present.
    pub now_ms: Millis,
}

/// A parameter that cannot be answered: which one, what is wrong, and a right value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Fault {
    /// The parameter.
    pub field: &'static str,
    /// A sentence for who asked.
    pub message: String,
}

impl Fault {
    fn new(field: &'static str, message: impl Into<String>) -> Self {
        Self { field, message: message.into() }
    }
}

/// Why a report has no answer.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ReportError {
    /// The question cannot be answered.
    #[error(transparent)]
    Question(#[from] Fault),
    /// The store could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// There is no such order.
    #[error("there is no such order of this site")]
    NotFound,
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
