//! Conversion: the rate at which an order's money becomes the reporting currency's.
//!
//! The European Central Bank's rate of the payment's UTC date, or the last one before it. Where the bank has none, a
//! rate of the provider's own into US dollars serves, and through the bank's rate of that date other currencies too.

use attribution::money::{Currency, decimal};
use jiff::civil::Date;

use super::amount::divide;
use crate::payments::Order;
use crate::rates::{DayNumber, PerEuro, Table, date, day_of};

/// A rate older than the payment by more than so many days is stale.
const FRESH_DAYS: DayNumber = 7;

/// How the money of one order converts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    provider: Option<Provided>,
    bank: Option<Quoted>,
    multiply: i128,
    divide: i128,
    /// The day of the bank's rates, or of the payment.
    pub date: Date,
    /// Whether the rate of the payment's own day may still come.
    pub provisional: bool,
    /// Whether it is more than seven days older than the payment.
    pub stale: bool,
}

/// What a provider says that a payment is in US dollars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Provided {
    paid_minor: i64,
    paid_exponent: u8,
    usd_minor: i64,
    usd_exponent: u8,
}

/// The bank's rates of two currencies, of one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Quoted {
    from: PerEuro,
    to: PerEuro,
}

impl Rate {
    /// The rate of an order in another currency than its own; none where none is known.
    pub fn of(order: &Order, own: Currency, to: Currency, rates: &Table) -> Option<Self> {
        let paid_on = day_of(order.at_ms);
        Self::of_bank(own, to, paid_on, rates).or_else(|| Self::of_provider(order, own, to, paid_on, rates))
    }

    fn of_bank(own: Currency, to: Currency, paid_on: DayNumber, rates: &Table) -> Option<Self> {
        let (day, from, to_rate) = rates.both(own, to, paid_on)?;
        // Common powers of ten are left out, so that large amounts fit.
        let up = u32::from(to.exponent()) + u32::from(from.scale());
        let down = u32::from(own.exponent()) + u32::from(to_rate.scale());
        Some(Self {
            provider: None,
            bank: Some(Quoted { from, to: to_rate }),
            multiply: to_rate.digits().checked_mul(10_i128.checked_pow(up.saturating_sub(down))?)?,
            divide: from.digits().checked_mul(10_i128.checked_pow(down.saturating_sub(up))?)?,
            date: date(day),
            provisional: rates.latest().is_none_or(|latest| latest < paid_on),
            stale: paid_on.saturating_sub(day) > FRESH_DAYS,
        })
    }

    fn of_provider(
        order: &Order,
        own: Currency,
        to: Currency,
        paid_on: DayNumber,
        rates: &Table,
    ) -> Option<Self> {
        let usd = Currency::parse("USD")?;
        let usd_minor = order.usd_minor.filter(|minor| *minor > 0 && order.minor > 0)?;
        let onwards = if to == usd { None } else { Some(Self::of_bank(usd, to, paid_on, rates)?) };
        let (multiply, divide) = onwards.map_or((1, 1), |rate| (rate.multiply, rate.divide));
        let provided = Provided {
            paid_minor: order.minor,
            paid_exponent: own.exponent(),
            usd_minor,
            usd_exponent: usd.exponent(),
        };
        Some(Self {
            provider: Some(provided),
            bank: onwards.and_then(|rate| rate.bank),
            multiply: multiply.checked_mul(usd_minor.into())?,
            divide: divide.checked_mul(order.minor.into())?,
            date: onwards.map_or_else(|| date(paid_on), |rate| rate.date),
            provisional: onwards.is_some_and(|rate| rate.provisional),
            stale: onwards.is_some_and(|rate| rate.stale),
        })
    }

    /// Minor units in minor units of the other currency, half away from zero.
    pub fn convert(&self, minor: i128) -> Option<i128> {
        divide(minor.checked_mul(self.multiply)?, self.divide)
    }

    /// The rate as the figures it was made of, as in `1.1193/5.3492`.
    pub fn text(&self) -> String {
        let provider = self.provider.map(|said| {
            let usd = decimal(said.usd_minor.into(), said.usd_exponent);
            format!("{usd}/{}", decimal(said.paid_minor.into(), said.paid_exponent))
        });
        let bank = self.bank.map(|quoted| format!("{}/{}", quoted.to, quoted.from));
        [provider, bank].into_iter().flatten().collect::<Vec<_>>().join(" × ")
    }

    /// Whether the provider's own rate is in it.
    pub fn is_of_provider(&self) -> bool {
        self.provider.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payments::{Clues, Provider};
    use crate::rates::parse_day;
    use crate::report::time::parse_moment;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).unwrap()
    }

    fn table() -> Table {
        let mut table = Table::default();
        for (day, code, rate) in [
            ("2026-10-23", "USD", "1.1193"),
            ("2026-10-23", "RON", "5.3492"),
            ("2026-10-26", "USD", "1.1188"),
            ("2026-10-26", "RON", "5.3473"),
            ("2026-10-26", "JPY", "175.68"),
        ] {
            table.put(parse_day(day).unwrap(), currency(code), PerEuro::parse(rate).unwrap());
        }
        table
    }

    fn order(code: &str, at: &str, minor: i64, usd_minor: Option<i64>) -> Order {
        Order {
            provider: Provider::LemonSqueezy,
            id: "1".to_owned(),
            live: true,
            currency: code.to_owned(),
            minor,
            usd_minor,
            tax_minor: None,
            at_ms: parse_moment(at).unwrap(),
            renewal: false,
            subscription: None,
            clues: Clues::default(),
            entries: Vec::new(),
            references: Vec::new(),
            remarks: Vec::new(),
        }
    }

    fn check(from: &str, to: &str, at: &str, minor: i64, expected: Option<(i128, &str, bool, bool)>) {
        let rate = Rate::of(&order(from, at, minor, None), currency(from), currency(to), &table());
        let found = rate.map(|rate| {
            (rate.convert(minor.into()).unwrap(), rate.date.to_string(), rate.provisional, rate.stale)
        });
        let found = found
            .as_ref()
            .map(|(minor, date, provisional, stale)| (*minor, date.as_str(), *provisional, *stale));
        assert_eq!(found, expected, "{from} {to} {at}");
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
    fn where_the_bank_has_no_rate_the_providers_own_serves_and_only_there() {
        let at = "2026-10-27T00:00:00Z";
        let told = |code: &str, to: &str, usd_minor| {
            let order = order(code, at, 3_075, usd_minor);
            let rate = Rate::of(&order, currency(code), currency(to), &table())?;
            Some((rate.convert(3_075).unwrap(), rate.text(), rate.is_of_provider(), rate.provisional))
        };
        // 3.075 dinars are 10.00 dollars, says the provider.
        assert_eq!(told("KWD", "USD", Some(1_000)), Some((1_000, "10.00/3.075".to_owned(), true, false)));
        let in_lei = (4_779, "10.00/3.075 × 5.3473/1.1188".to_owned(), true, true);
        assert_eq!(told("KWD", "RON", Some(1_000)), Some(in_lei));
        assert_eq!(told("KWD", "USD", None), None);
        let of_bank = Some((643, "1.1188/5.3473".to_owned(), false, true));
        assert_eq!(told("RON", "USD", Some(1_000)), of_bank);
    }
}
