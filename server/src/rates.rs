//! Exchange rates: how many units of a currency the European Central Bank gave for a euro, day by day.
//!
//! A copy of the bank's file is built in; what is imported or refreshed later are records of the log, which stand
//! over it. How reports convert by them is in [`crate::report::rates`].

pub mod file;
pub mod import;
mod per_euro;
pub mod refresh;
mod table;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use attribution::money::Currency;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::clock::{DAY_MS, Millis};
use crate::record::DayRates;
use file::Parsed;
pub use per_euro::PerEuro;
pub use table::Table;

/// Whose rates they are.
pub const SOURCE: &str = "European Central Bank";

/// A day, counted from the first of January 1970.
pub type DayNumber = i32;

/// What the bank says of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// The day.
    pub number: DayNumber,
    /// Units per euro.
    pub per_euro: BTreeMap<Currency, PerEuro>,
}

impl From<Day> for DayRates {
    fn from(day: Day) -> Self {
        let written = |(currency, rate): (Currency, PerEuro)| (currency.code().to_owned(), rate.to_string());
        Self { day: date(day.number).to_string(), per_euro: day.per_euro.into_iter().map(written).collect() }
    }
}

/// The bank's file of all days, as it was on the day that `server/data/README.md` names.
static BANK_FILE: &[u8] = include_bytes!("../data/eurofxref-hist.zip");

static BUILT_IN: LazyLock<Arc<Table>> = LazyLock::new(|| {
    let parsed = file::parse(BANK_FILE, DayNumber::MAX);
    debug_assert!(parsed.as_ref().is_ok_and(|parsed| parsed.faults.is_empty()), "the bank's file is whole");
    let days = parsed.map(|Parsed { days, .. }| days).unwrap_or_default();
    let mut table = Table::default();
    for Day { number, per_euro } in days {
        for (currency, rate) in per_euro {
            table.put(number, currency, rate);
        }
    }
    Arc::new(table)
});

/// The rates that the binary brings along.
pub fn built_in() -> Arc<Table> {
    BUILT_IN.clone()
}

/// The UTC day of a time.
pub fn day_of(at_ms: Millis) -> DayNumber {
    DayNumber::try_from(at_ms.div_euclid(DAY_MS)).unwrap_or(DayNumber::MAX)
}

/// The date of a day.
pub fn date(day: DayNumber) -> Date {
    let since = Span::new().try_days(day);
    since.and_then(|since| Date::constant(1970, 1, 1).checked_add(since)).unwrap_or(Date::MAX)
}

/// The day of a date.
fn number(date: Date) -> Option<DayNumber> {
    let midnight: Timestamp = date.to_zoned(TimeZone::UTC).ok()?.timestamp();
    Some(day_of(midnight.as_millisecond()))
}

/// The day of a date as records write it, `2026-10-30`.
pub fn parse_day(text: &str) -> Option<DayNumber> {
    number(text.parse().ok()?)
}

impl Table {
    /// Puts all rates of a day in; what is no day, no currency or no rate is passed over.
    pub fn take(&mut self, told: &DayRates) {
        let Some(day) = parse_day(&told.day) else { return };
        for (code, rate) in &told.per_euro {
            if let (Some(currency), Some(rate)) = (Currency::parse(code), PerEuro::parse(rate)) {
                self.put(day, currency, rate);
            }
        }
    }
}

#[cfg(test)]
mod tests;
