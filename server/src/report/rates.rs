//! Exchange rates: the seam by which reports convert, and a table of a central bank's rates per euro.

use std::collections::BTreeMap;

use attribution::money::Currency;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::amount::divide;
use crate::clock::Millis;

/// A rate older than the payment by more than so many days is stale.
const FRESH_DAYS: i32 = 7;
/// Digits of a rate.
const DIGITS: usize = 18;

/// What exchange rates are known.
pub trait Rates: Send + Sync {
    /// The rate between two different currencies for a payment of that time; none where none is known.
    fn rate(&self, from: Currency, to: Currency, at_ms: Millis) -> Option<Rate>;
}

/// No rate is known: what is not in the reporting currency stays unconverted.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoRates;

impl Rates for NoRates {
    fn rate(&self, _from: Currency, _to: Currency, _at_ms: Millis) -> Option<Rate> {
        None
    }
}

/// A decimal number as written: digits, and how many of them stand behind the point.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Decimal {
    text: String,
    digits: i128,
    scale: u32,
}

impl Decimal {
    fn parse(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = format!("{whole}{fraction}");
        let is_number =
            !digits.is_empty() && digits.len() <= DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
        let digits: i128 = if is_number { digits.parse().ok()? } else { return None };
        (digits > 0).then_some(Self {
            text: text.to_owned(),
            digits,
            scale: u32::try_from(fraction.len()).ok()?,
        })
    }
}

/// How one currency converts into another, by both of their rates per euro.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    from: Decimal,
    to: Decimal,
    exponents: (u8, u8),
    /// The day of the rates.
    pub date: Date,
    /// Whether the rate of the payment's own day may still come.
    pub provisional: bool,
    /// Whether it is more than seven days older than the payment.
    pub stale: bool,
}

impl Rate {
    /// Minor units in minor units of the other currency, half away from zero.
    pub fn convert(&self, minor: i128) -> Option<i128> {
        let (from_exponent, to_exponent) = self.exponents;
        let up = u32::from(to_exponent) + self.from.scale;
        let down = u32::from(from_exponent) + self.to.scale;
        let dividend =
            minor.checked_mul(self.to.digits)?.checked_mul(10_i128.checked_pow(up.saturating_sub(down))?)?;
        let divisor = self.from.digits.checked_mul(10_i128.checked_pow(down.saturating_sub(up))?)?;
        divide(dividend, divisor)
    }

    /// The rate as a quotient of the figures it was made of, as in `1.1193/5.3492`.
    pub fn text(&self) -> String {
        format!("{}/{}", self.to.text, self.from.text)
    }
}

/// Rates per euro by day, as the European Central Bank publishes them.
#[derive(Clone, Debug, Default)]
pub struct Table {
    days: BTreeMap<Date, BTreeMap<Currency, Decimal>>,
}

impl Table {
    /// Puts a day's rate in, units of the currency per euro; whether it is a number above zero.
    pub fn put(&mut self, day: Date, currency: Currency, per_euro: &str) -> bool {
        let rate = Decimal::parse(per_euro);
        let is_rate = rate.is_some();
        if let Some(rate) = rate {
            self.days.entry(day).or_default().insert(currency, rate);
        }
        is_rate
    }

    fn per_euro(rates: &BTreeMap<Currency, Decimal>, currency: Currency) -> Option<Decimal> {
        if currency.code() == "EUR" { Decimal::parse("1") } else { rates.get(&currency).cloned() }
    }
}

impl Rates for Table {
    fn rate(&self, from: Currency, to: Currency, at_ms: Millis) -> Option<Rate> {
        let paid_on = Timestamp::from_millisecond(at_ms).ok()?.to_zoned(TimeZone::UTC).date();
        let (date, from_rate, to_rate) = self.days.range(..=paid_on).rev().find_map(|(date, rates)| {
            Some((*date, Self::per_euro(rates, from)?, Self::per_euro(rates, to)?))
        })?;
        let latest = self.days.keys().next_back().copied()?;
        Some(Rate {
            from: from_rate,
            to: to_rate,
            exponents: (from.exponent(), to.exponent()),
            provisional: latest < paid_on,
            stale: date.until(paid_on).ok()?.get_days() > FRESH_DAYS,
            date,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::time::parse_moment;

    fn table() -> Table {
        let mut table = Table::default();
        for (day, currency, rate) in [
            ("2026-10-23", "USD", "1.1193"),
            ("2026-10-23", "RON", "5.3492"),
            ("2026-10-26", "USD", "1.1188"),
            ("2026-10-26", "RON", "5.3473"),
            ("2026-10-26", "JPY", "175.68"),
        ] {
            assert!(table.put(day.parse().unwrap(), Currency::parse(currency).unwrap(), rate));
        }
        table
    }

    fn check(from: &str, to: &str, at: &str, minor: i128, expected: Option<(i128, &str, bool, bool)>) {
        let [from, to] = [from, to].map(|code| Currency::parse(code).unwrap());
        let rate = table().rate(from, to, parse_moment(at).unwrap());
        let found = rate
            .as_ref()
            .map(|rate| (rate.convert(minor).unwrap(), rate.date.to_string(), rate.provisional, rate.stale));
        let found = found
            .as_ref()
            .map(|(minor, date, provisional, stale)| (*minor, date.as_str(), *provisional, *stale));
        assert_eq!(found, expected);
    }

    #[test]
    fn a_payment_converts_at_its_days_rate_or_the_last_before_it() {
        check("RON", "USD", "2026-10-24T10:00:00Z", 24_999, Some((5_231, "2026-10-23", false, false)));
        check("RON", "USD", "2026-10-26T00:00:00Z", 24_999, Some((5_230, "2026-10-26", false, false)));
        check("RON", "USD", "2026-10-27T00:00:00Z", 24_999, Some((5_230, "2026-10-26", true, false)));
        check("RON", "USD", "2026-11-02T23:59:59Z", 24_999, Some((5_230, "2026-10-26", true, false)));
        check("RON", "USD", "2026-11-03T00:00:00Z", 24_999, Some((5_230, "2026-10-26", true, true)));
        check("RON", "USD", "2026-10-22T00:00:00Z", 1, None);
        check("KWD", "USD", "2026-10-27T00:00:00Z", 1, None);
    }

    #[test]
    fn exponents_and_the_euro_itself_are_respected() {
        check("EUR", "USD", "2026-10-26T00:00:00Z", 10_000, Some((11_188, "2026-10-26", false, false)));
        check("USD", "EUR", "2026-10-26T00:00:00Z", 11_188, Some((10_000, "2026-10-26", false, false)));
        check("JPY", "USD", "2026-10-26T00:00:00Z", 1_500, Some((955, "2026-10-26", false, false)));
        check("USD", "JPY", "2026-10-26T00:00:00Z", -955, Some((-1_500, "2026-10-26", false, false)));
    }

    #[test]
    fn what_is_no_rate_is_not_taken() {
        let day: Date = "2026-10-23".parse().unwrap();
        for text in ["", "0", "-1", "1,5", "1.2.3", "N/A", "1e3"] {
            assert!(!Table::default().put(day, Currency::parse("USD").unwrap(), text), "{text}");
        }
    }
}
