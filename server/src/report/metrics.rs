//! Metrics: sums of credits and of traffic, and the figures that answers show of them.

use std::collections::BTreeMap;

use attribution::money::{Currency, Share, split};
use serde::Serialize;
use serde_json::Number;

use super::amount::{Amount, Unit, divide};
use super::credit::{ORDER, Part};

/// Money of one currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Cash {
    revenue: i128,
    refunds: i128,
    renewals: i128,
}

/// What is credited to one key, each currency by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    orders: i128,
    by_currency: BTreeMap<Currency, Cash>,
}

impl Sums {
    /// Adds a part of an order's movement.
    pub fn add(&mut self, part: &Part, currency: Currency, is_renewal: bool) {
        self.orders += part.orders;
        let cash = self.by_currency.entry(currency).or_default();
        cash.revenue += part.paid - part.back;
        cash.refunds += part.back;
        if is_renewal {
            cash.renewals += part.paid - part.back;
        }
    }

    /// Adds other sums.
    pub fn merge(&mut self, other: &Self) {
        self.orders += other.orders;
        for (currency, cash) in &other.by_currency {
            let own = self.by_currency.entry(*currency).or_default();
            own.revenue += cash.revenue;
            own.refunds += cash.refunds;
            own.renewals += cash.renewals;
        }
    }

    /// The sums shared out: every figure by itself, so that the parts sum to the whole.
    pub fn split(&self, shares: &[Share]) -> Vec<Self> {
        let mut parts: Vec<Self> =
            split(self.orders, shares).into_iter().map(|orders| Self { orders, ..Self::default() }).collect();
        for (currency, cash) in &self.by_currency {
            let [revenue, refunds, renewals] =
                [cash.revenue, cash.refunds, cash.renewals].map(|minor| split(minor, shares));
            let cash = std::iter::zip(revenue, std::iter::zip(refunds, renewals));
            for (part, (revenue, (refunds, renewals))) in std::iter::zip(&mut parts, cash) {
                part.by_currency.insert(*currency, Cash { revenue, refunds, renewals });
            }
        }
        parts
    }

    /// The currencies that occur.
    pub fn currencies(&self) -> impl Iterator<Item = Currency> + '_ {
        self.by_currency.keys().copied()
    }

    /// The revenue of each currency.
    pub fn by_currency(&self) -> Vec<Amount> {
        self.by_currency.iter().map(|(currency, cash)| Amount::of(cash.revenue, *currency)).collect()
    }

    /// The figures in the unit of the report.
    pub fn figures(&self, unit: Unit) -> Figures {
        let mut figures = Figures { unit, orders: self.orders, ..Figures::nothing(unit) };
        for (currency, cash) in &self.by_currency {
            figures.revenue += unit.take(cash.revenue, *currency);
            figures.refunds += unit.take(cash.refunds, *currency);
            figures.renewals += unit.take(cash.renewals, *currency);
        }
        figures
    }
}

/// Sums in the unit of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// The unit.
    pub unit: Unit,
    /// Payments less refunds.
    pub revenue: i128,
    /// Refunds, positive.
    pub refunds: i128,
    /// Revenue of renewals.
    pub renewals: i128,
    /// Millionths of orders.
    pub orders: i128,
}

impl Figures {
    /// No money and no orders.
    pub fn nothing(unit: Unit) -> Self {
        Self { unit, revenue: 0, refunds: 0, renewals: 0, orders: 0 }
    }

    /// Revenue by the order.
    pub fn average_order(&self) -> Option<Amount> {
        self.unit.amount(self.revenue).per(self.orders, ORDER)
    }

    /// Revenue by the visitor.
    pub fn per_visitor(&self, visitors: u64) -> Option<Amount> {
        self.unit.amount(self.revenue).per(visitors.into(), 1)
    }

    /// Orders by the visitor, to six decimals.
    pub fn conversion(&self, visitors: u64) -> Option<Number> {
        divide(self.orders, visitors.into()).map(millionths)
    }
}

/// Visitors and their sessions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Visits {
    /// Distinct visitors.
    pub visitors: u64,
    /// Sessions.
    pub sessions: u64,
}

/// The metrics of a row. Visits are not there where the row's key is the order's own.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "the members are the contract's own words")]
pub struct Metrics {
    pub revenue: Amount,
    pub orders: Number,
    pub refunds: Amount,
    pub new_revenue: Amount,
    pub renewal_revenue: Amount,
    pub visitors: Option<u64>,
    pub sessions: Option<u64>,
    pub conversion_rate: Option<Number>,
    pub average_order: Option<Amount>,
    pub revenue_per_visitor: Option<Amount>,
}

impl Metrics {
    /// The metrics of figures and visits.
    pub fn of(figures: &Figures, visits: Option<Visits>) -> Self {
        let money = |minor| figures.unit.amount(minor);
        let visitors = visits.map(|visits| visits.visitors);
        Self {
            revenue: money(figures.revenue),
            orders: millionths(figures.orders),
            refunds: money(figures.refunds),
            new_revenue: money(figures.revenue - figures.renewals),
            renewal_revenue: money(figures.renewals),
            visitors,
            sessions: visits.map(|visits| visits.sessions),
            conversion_rate: visitors.and_then(|visitors| figures.conversion(visitors)),
            average_order: figures.average_order(),
            revenue_per_visitor: visitors.and_then(|visitors| figures.per_visitor(visitors)),
        }
    }
}

/// Millionths as the number they are: `3`, `0.333334`.
pub fn millionths(count: i128) -> Number {
    if count % ORDER == 0 {
        return i64::try_from(count / ORDER).unwrap_or(i64::MAX).into();
    }
    attribution::money::decimal(count, 6).trim_end_matches('0').parse().unwrap_or_else(|_| 0.into())
}

/// A quotient to so many decimals, half away from zero; none by nothing.
pub fn ratio(dividend: i128, divisor: i128) -> Option<Number> {
    divide(dividend.checked_mul(ORDER)?, divisor).map(millionths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn millionths_are_written_as_the_number_they_are() {
        let check = |count, expected: &str| assert_eq!(millionths(count).to_string(), expected);
        check(3_000_000, "3");
        check(0, "0");
        check(333_334, "0.333334");
        check(1_500_000, "1.5");
        check(-250_000, "-0.25");
    }

    #[test]
    fn new_and_renewal_revenue_sum_to_revenue() {
        let usd = Currency::parse("USD").unwrap();
        let mut sums = Sums::default();
        sums.add(&Part { paid: 500, orders: ORDER, ..Part::default() }, usd, false);
        sums.add(&Part { paid: 300, orders: ORDER, ..Part::default() }, usd, true);
        sums.add(&Part { back: 100, ..Part::default() }, usd, true);
        let metrics = Metrics::of(&sums.figures(Unit::of(usd)), Some(Visits { visitors: 3, sessions: 4 }));
        let shown = serde_json::to_value(&metrics).unwrap();
        let minor = |name: &str| shown[name]["minor"].as_i64().unwrap();
        assert_eq!((minor("revenue"), minor("refunds")), (700, 100));
        assert_eq!((minor("new_revenue"), minor("renewal_revenue")), (500, 200));
        assert_eq!(minor("average_order"), 350);
        assert_eq!(minor("revenue_per_visitor"), 233);
        assert_eq!(shown["conversion_rate"].to_string(), "0.666667");
    }
}
