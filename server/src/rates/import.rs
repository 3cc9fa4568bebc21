//! Taking rates in: what a file says becomes records, a few days at a time.

use std::collections::BTreeSet;

use serde::Serialize;

use super::date;
use super::file::{BadLine, Parsed};
use crate::record::Record;
use crate::store::{Outcome, Store, Unavailable};

/// Days committed at once: nobody waits long behind them.
const BATCH_DAYS: usize = 500;

/// What became of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Days that it speaks of.
    pub days: usize,
    /// Its first day.
    pub first: Option<String>,
    /// Its last day.
    pub last: Option<String>,
    /// Days of which nothing was known.
    pub recorded: usize,
    /// Days of which it says more, or something else.
    pub enriched: usize,
    /// Days that were known just so.
    pub duplicate: usize,
    /// Codes that are no currencies any more.
    pub left_out: BTreeSet<String>,
    /// How many lines are bad.
    pub bad_lines: u64,
    /// The first of them.
    pub faults: Vec<BadLine>,
}

/// Makes what is new or changed durable.
pub async fn take(store: &dyn Store, parsed: Parsed) -> Result<Summary, Unavailable> {
    let Parsed { days, faults, fault_count, left_out } = parsed;
    let mut summary = Summary {
        days: days.len(),
        first: days.first().map(|day| date(day.number).to_string()),
        last: days.last().map(|day| date(day.number).to_string()),
        left_out,
        bad_lines: fault_count,
        faults,
        ..Summary::default()
    };
    let mut days = days.into_iter().peekable();
    while days.peek().is_some() {
        let batch = days.by_ref().take(BATCH_DAYS).map(|day| Record::Rates(day.into())).collect();
        for outcome in store.commit(batch).await? {
            match outcome {
                Outcome::Recorded => summary.recorded += 1,
                Outcome::Enriched => summary.enriched += 1,
                Outcome::Duplicate | Outcome::Ignored | Outcome::Conflict => summary.duplicate += 1,
            }
        }
    }
    Ok(summary)
}
