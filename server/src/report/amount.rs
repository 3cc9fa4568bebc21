//! Money in answers: exact minor units, their currency, and the same as a decimal.

use attribution::money::{Currency, decimal, rescale};
use serde::ser::{Serialize, SerializeStruct, Serializer};

/// What minor units are of: a currency, or a sum of several at one exponent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The currency; none where several were added as they are.
    pub currency: Option<Currency>,
    /// How many decimals the minor unit has.
    pub exponent: u8,
}

impl Unit {
    /// One currency.
    pub fn of(currency: Currency) -> Self {
        Self { currency: Some(currency), exponent: currency.exponent() }
    }

    /// The unit of a report in which these currencies occur: the only one, or none at the largest exponent.
    pub fn spanning(currencies: impl IntoIterator<Item = Currency>, otherwise: Option<Currency>) -> Self {
        let mut currencies: Vec<Currency> = currencies.into_iter().collect();
        currencies.sort_unstable();
        currencies.dedup();
        match currencies.as_slice() {
            [] => otherwise.map_or(Self { currency: None, exponent: 2 }, Self::of),
            [only] => Self::of(*only),
            several => {
                let exponent = several.iter().map(|currency| currency.exponent()).max().unwrap_or_default();
                Self { currency: None, exponent }
            }
        }
    }

    /// Whether several currencies are added in it.
    pub fn is_mixed(self) -> bool {
        self.currency.is_none()
    }

    /// An amount of a currency of this unit in it; exact, for the unit has no fewer decimals.
    pub fn take(self, minor: i128, currency: Currency) -> i128 {
        rescale(minor, currency.exponent(), self.exponent).unwrap_or_default()
    }

    /// So many minor units.
    pub fn amount(self, minor: i128) -> Amount {
        Amount { minor, unit: self }
    }
}

/// An amount as answers show it: `{"minor": 14999, "currency": "USD", "decimal": "149.99"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// Minor units.
    pub minor: i128,
    /// What they are of.
    pub unit: Unit,
}

impl Amount {
    /// An amount of one currency.
    pub fn of(minor: i128, currency: Currency) -> Self {
        Unit::of(currency).amount(minor)
    }

    /// Major units with exactly the unit's decimals.
    pub fn decimal(&self) -> String {
        decimal(self.minor, self.unit.exponent)
    }

    /// The amount divided by `parts` of `whole` parts, half away from zero; none by nothing.
    pub fn per(&self, parts: i128, whole: i128) -> Option<Self> {
        let divided = divide(self.minor.checked_mul(whole)?, parts)?;
        Some(Self { minor: divided, ..*self })
    }
}

/// A quotient, half away from zero; none where the divisor is not above zero.
pub(super) fn divide(dividend: i128, divisor: i128) -> Option<i128> {
    if divisor <= 0 {
        return None;
    }
    let doubled = dividend.checked_abs()?.checked_mul(2)?.checked_add(divisor)?;
    doubled.checked_div(divisor.checked_mul(2)?)?.checked_mul(dividend.signum())
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_struct("Money", 3)?;
        match i64::try_from(self.minor) {
            Ok(minor) => members.serialize_field("minor", &minor)?,
            Err(_) => members.serialize_field("minor", &self.minor)?,
        }
        members.serialize_field("currency", &self.unit.currency.as_ref().map(Currency::code))?;
        members.serialize_field("decimal", &self.decimal())?;
        members.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).unwrap()
    }

    #[test]
    fn money_is_written_in_minor_units_and_as_a_decimal() {
        let shown = serde_json::to_string(&Amount::of(14_999, currency("USD"))).unwrap();
        assert_eq!(shown, r#"{"minor":14999,"currency":"USD","decimal":"149.99"}"#);
    }

    #[test]
    fn several_currencies_are_added_at_the_largest_exponent() {
        let unit = Unit::spanning(["USD", "KWD", "JPY"].map(currency), Some(currency("EUR")));
        assert_eq!((unit.is_mixed(), unit.exponent), (true, 3));
        assert_eq!(unit.take(150, currency("USD")), 1_500);
        let shown = serde_json::to_string(&unit.amount(unit.take(7, currency("JPY")))).unwrap();
        assert_eq!(shown, r#"{"minor":7000,"currency":null,"decimal":"7.000"}"#);
        assert_eq!(
            Unit::spanning([currency("RON"), currency("RON")], Some(currency("USD"))),
            Unit::of(currency("RON"))
        );
        assert_eq!(Unit::spanning([], Some(currency("USD"))), Unit::of(currency("USD")));
    }

    #[test]
    fn a_quotient_rounds_half_away_from_zero_and_nothing_divides_by_nothing() {
        let check = |minor, parts, expected| {
            assert_eq!(Amount::of(minor, currency("USD")).per(parts, 1).map(|money| money.minor), expected);
        };
        check(5, 2, Some(3));
        check(-5, 2, Some(-3));
        check(4, 3, Some(1));
        check(4, 0, None);
    }
}
