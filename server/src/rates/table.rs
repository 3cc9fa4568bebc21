//! The table: a column of days and rates for each currency.

use std::collections::BTreeMap;
use std::sync::Arc;

use attribution::money::Currency;

use super::{DayNumber, PerEuro};

/// Days without a rate, while the bank gave others, after which it has ceased to give that currency's. Its longest
/// holidays are shorter.
const CEASED_DAYS: DayNumber = 7;

/// Rates by currency and day. Cheap to clone: a column is copied when it changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    columns: BTreeMap<Currency, Arc<Column>>,
    /// All days of which something is known.
    days: Arc<Vec<DayNumber>>,
}

/// The rates of one currency, by day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Column {
    days: Vec<DayNumber>,
    rates: Vec<PerEuro>,
}

impl Column {
    /// The last rate on or before a day.
    fn last(&self, day: DayNumber) -> Option<(DayNumber, PerEuro)> {
        let place = self.days.partition_point(|known| *known <= day).checked_sub(1)?;
        Some((*self.days.get(place)?, *self.rates.get(place)?))
    }
}

impl Table {
    /// Puts a rate in, in the place of a former one.
    pub fn put(&mut self, day: DayNumber, currency: Currency, rate: PerEuro) {
        let column = Arc::make_mut(self.columns.entry(currency).or_default());
        match column.days.binary_search(&day) {
            Ok(place) => {
                if let Some(former) = column.rates.get_mut(place) {
                    *former = rate;
                }
            }
            Err(place) => {
                column.days.insert(place, day);
                column.rates.insert(place, rate);
            }
        }
        if let Err(place) = self.days.binary_search(&day) {
            Arc::make_mut(&mut self.days).insert(place, day);
        }
    }

    /// The rate of a currency on a day itself.
    pub fn on(&self, day: DayNumber, currency: Currency) -> Option<PerEuro> {
        let (found, rate) = self.columns.get(&currency)?.last(day)?;
        (found == day).then_some(rate)
    }

    /// The rates of two currencies on the last day, up to the one given, that has both; none where the bank has
    /// ceased to give one of them by then, or never gave it.
    pub fn both(
        &self,
        from: Currency,
        to: Currency,
        day: DayNumber,
    ) -> Option<(DayNumber, PerEuro, PerEuro)> {
        let known = self.days.get(self.days.partition_point(|known| *known <= day).checked_sub(1)?)?;
        let mut day = *known;
        loop {
            let (from_day, from_rate) = self.last(from, day)?;
            let (to_day, to_rate) = self.last(to, from_day)?;
            if known - to_day > CEASED_DAYS {
                return None;
            }
            if to_day == from_day {
                return Some((to_day, from_rate, to_rate));
            }
            day = to_day;
        }
    }

    fn last(&self, currency: Currency, day: DayNumber) -> Option<(DayNumber, PerEuro)> {
        if currency.code() == "EUR" {
            Some((day, PerEuro::ONE))
        } else {
            self.columns.get(&currency)?.last(day)
        }
    }

    /// All days of which something is known, in order.
    pub fn days(&self) -> &[DayNumber] {
        &self.days
    }

    /// The last day of which something is known.
    pub fn latest(&self) -> Option<DayNumber> {
        self.days.last().copied()
    }

    /// Whether anything is known of a day.
    pub fn has(&self, day: DayNumber) -> bool {
        self.days.binary_search(&day).is_ok()
    }

    /// The currencies of which there are rates, the euro aside.
    pub fn currencies(&self) -> impl Iterator<Item = Currency> + '_ {
        self.columns.keys().copied()
    }
}
