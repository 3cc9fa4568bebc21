//! An amount of money, and the exact reading of amounts that people and carts write.

use super::Currency;

/// The longest text read as an amount: more digits than any double prints, with room for padding.
const TEXT_LIMIT: usize = 400;
/// Amounts have at most this many digits before the point.
const WHOLE_DIGITS: i64 = 12;

/// An amount in integer minor units of one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    /// Minor units: cents for USD, yen for JPY, fils for KWD.
    pub minor: i128,
    /// The currency that the minor units are of.
    pub currency: Currency,
}

/// Why a text is no amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmountFault {
    /// It is not a decimal number (words, `NaN`, `Infinity`, hexadecimal, empty).
    NotANumber,
    /// It is below zero.
    Negative,
    /// It is 10^12 or more.
    TooLarge,
    /// It has more characters than any amount needs.
    TooLong,
}

impl std::fmt::Display for AmountFault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::NotANumber => "the amount is not a decimal number",
            Self::Negative => "the amount is below zero",
            Self::TooLarge => "the amount is 10^12 or more",
            Self::TooLong => "the amount has too many characters",
        })
    }
}

impl std::error::Error for AmountFault {}

impl Money {
    /// An amount of so many minor units.
    pub const fn new(minor: i128, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// What Stripe's integer means: its own exponent turned into that of ISO 4217, half away from zero.
    /// `None` where it does not fit.
    pub fn from_stripe(minor: i128, currency: Currency) -> Option<Self> {
        rescale(minor, currency.stripe_exponent(), currency.exponent())
            .map(|minor| Self { minor, currency })
    }

    /// The amount in major units with exactly the currency's decimals: `-19.00`, `14800`, `1.250`.
    pub fn decimal(&self) -> String {
        decimal(self.minor, self.currency.exponent())
    }

    /// The sum; `None` where the currencies differ or the sum does not fit.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        if self.currency != other.currency {
            return None;
        }
        self.minor
            .checked_add(other.minor)
            .map(|minor| Self { minor, ..self })
    }

    /// The negative; `None` where it does not fit.
    pub fn checked_neg(self) -> Option<Self> {
        self.minor.checked_neg().map(|minor| Self { minor, ..self })
    }
}

impl std::fmt::Display for Money {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} {}", self.decimal(), self.currency)
    }
}

/// Minor units in major units with so many decimals, for sums that have no currency of their own.
pub fn decimal(minor: i128, exponent: u8) -> String {
    let decimals = usize::from(exponent);
    let sign = if minor < 0 { "-" } else { "" };
    let mut digits = minor.unsigned_abs().to_string();
    if decimals == 0 {
        return format!("{sign}{digits}");
    }
    let missing = decimals.saturating_add(1).saturating_sub(digits.len());
    digits.insert_str(0, &"0".repeat(missing));
    digits.insert(digits.len().saturating_sub(decimals), '.');
    format!("{sign}{digits}")
}

/// Reads an amount in major units from the exact text of a JSON number or decimal string: `0 ≤ x < 10^12`,
/// exponents as in `1.5E-2` included. Decimals beyond the currency's are rounded half away from zero.
///
/// ```
/// use attribution::money::{AmountFault, Currency, parse_major};
/// let euro = Currency::parse("EUR").unwrap();
/// assert_eq!(parse_major("89.97000000000001", euro).unwrap().minor, 8997);
/// assert_eq!(parse_major("-1", euro), Err(AmountFault::Negative));
/// ```
pub fn parse_major(text: &str, currency: Currency) -> Result<Money, AmountFault> {
    if text.len() > TEXT_LIMIT {
        return Err(AmountFault::TooLong);
    }
    let written = Written::parse(text).ok_or(AmountFault::NotANumber)?;
    if written.digits.is_empty() {
        return Ok(Money { minor: 0, currency });
    }
    if written.is_negative {
        return Err(AmountFault::Negative);
    }
    if written.point > WHOLE_DIGITS {
        return Err(AmountFault::TooLarge);
    }
    Ok(Money {
        minor: written.minor(currency.exponent()),
        currency,
    })
}

/// A decimal number as written: its digits without leading zeros, and where its point stands among them.
struct Written {
    is_negative: bool,
    digits: Vec<u8>,
    point: i64,
}

impl Written {
    fn parse(text: &str) -> Option<Self> {
        let (is_negative, text) = text
            .strip_prefix('-')
            .map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all_digits = whole.bytes().chain(fraction.bytes());
        if all_digits.clone().next().is_none()
            || !all_digits.clone().all(|byte| byte.is_ascii_digit())
        {
            return None;
        }
        let leading_zeros = all_digits.clone().take_while(|byte| *byte == b'0').count();
        let digits: Vec<u8> = all_digits
            .skip(leading_zeros)
            .map(|byte| byte.saturating_sub(b'0'))
            .collect();
        let whole = i64::try_from(whole.len())
            .ok()?
            .saturating_sub(i64::try_from(leading_zeros).ok()?);
        Some(Self {
            is_negative,
            digits,
            point: whole.saturating_add(exponent),
        })
    }

    /// The minor units, where the point stands at most [`WHOLE_DIGITS`] digits in.
    fn minor(&self, exponent: u8) -> i128 {
        let kept = self.point.saturating_add(i64::from(exponent));
        let Ok(kept) = usize::try_from(kept) else {
            return 0;
        };
        let padded = self.digits.iter().copied().chain(std::iter::repeat(0));
        let minor = padded.take(kept).fold(0_i128, |sum, digit| {
            sum.saturating_mul(10).saturating_add(i128::from(digit))
        });
        let rounds_up = self.digits.get(kept).is_some_and(|digit| *digit >= 5);
        minor.saturating_add(i128::from(rounds_up))
    }
}

/// An exponent's value; one too long for an integer counts as the nearest that fits.
fn parse_exponent(text: &str) -> Option<i64> {
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let value = digits.parse().unwrap_or(i64::MAX);
    Some(if is_negative {
        value.saturating_neg()
    } else {
        value
    })
}

/// Minor units at one exponent as minor units at another, half away from zero; `None` on overflow.
pub fn rescale(minor: i128, from_exponent: u8, to_exponent: u8) -> Option<i128> {
    let factor = 10_i128.checked_pow(u32::from(from_exponent.abs_diff(to_exponent)))?;
    if to_exponent >= from_exponent {
        return minor.checked_mul(factor);
    }
    let whole = minor.checked_div(factor)?;
    let rest = minor.checked_rem(factor)?;
    let is_half_or_more = rest.unsigned_abs().saturating_mul(2) >= factor.unsigned_abs();
    whole.checked_add(if is_half_or_more { minor.signum() } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).unwrap()
    }

    fn check(text: &str, code: &str, expected: Result<i128, AmountFault>) {
        assert_eq!(
            parse_major(text, currency(code)).map(|money| money.minor),
            expected,
            "{text} {code}"
        );
    }

    #[test]
    fn an_amount_is_read_exactly_as_written() {
        check("249.99", "RON", Ok(24_999));
        check("0", "USD", Ok(0));
        check("-0", "USD", Ok(0));
        check("-0.00", "USD", Ok(0));
        check("0e999999999999999999999", "USD", Ok(0));
        check("89.97000000000001", "USD", Ok(8_997));
        check("0.005", "USD", Ok(1));
        check("0.00499999999999999999999", "USD", Ok(0));
        check("1499.5", "JPY", Ok(1_500));
        check("1499.4", "JPY", Ok(1_499));
        check("12.340", "KWD", Ok(12_340));
        check("12.3405", "KWD", Ok(12_341));
        check("1e3", "USD", Ok(100_000));
        check("1.5E-2", "USD", Ok(2));
        check("1.4e-2", "USD", Ok(1));
        check("12345e-2", "USD", Ok(12_345));
        check("1e+2", "USD", Ok(10_000));
        check("1e-999999999999999999999", "USD", Ok(0));
        check("0.4e-2", "USD", Ok(0));
        check("0.6e-2", "USD", Ok(1));
        check("6e-3", "USD", Ok(1));
        check("6e-4", "USD", Ok(0));
        check("0.000000000001e12", "USD", Ok(100));
        check("007.50", "USD", Ok(750));
        check("999999999999.99", "USD", Ok(99_999_999_999_999));
    }

    #[test]
    fn what_is_no_amount_is_refused_with_the_reason() {
        use AmountFault::{Negative, NotANumber, TooLarge, TooLong};
        for text in [
            "",
            "-",
            ".",
            "e3",
            "1e",
            "1e+",
            "NaN",
            "Infinity",
            "-Infinity",
            "0x10",
            "1,5",
            " 1",
            "1 ",
            "+1",
            "1.2.3",
            "--1",
            "٣",
            "1e2e3",
        ] {
            check(text, "USD", Err(NotANumber));
        }
        check("-1", "USD", Err(Negative));
        check("-1e-999", "USD", Err(Negative));
        check("1000000000000", "USD", Err(TooLarge));
        check("1e12", "JPY", Err(TooLarge));
        check("1e308", "USD", Err(TooLarge));
        check(&"1".repeat(500), "USD", Err(TooLong));
    }

    #[test]
    fn an_amount_is_shown_with_exactly_its_decimals() {
        let check = |minor, code, expected: &str| {
            assert_eq!(Money::new(minor, currency(code)).decimal(), expected)
        };
        check(-1_900, "USD", "-19.00");
        check(14_800, "JPY", "14800");
        check(1_250, "KWD", "1.250");
        check(5, "USD", "0.05");
        check(-5, "USD", "-0.05");
        check(0, "USD", "0.00");
        check(-7, "JPY", "-7");
        check(1, "CLF", "0.0001");
        assert_eq!(
            Money::new(-1_900, currency("USD")).to_string(),
            "-19.00 USD"
        );
    }

    #[test]
    fn stripe_figures_become_iso_minor_units() {
        let check = |minor, code, expected| {
            assert_eq!(
                Money::from_stripe(minor, currency(code)).unwrap().minor,
                expected
            )
        };
        check(1_500, "JPY", 1_500);
        check(150_000, "ISK", 1_500);
        check(150_050, "ISK", 1_501);
        check(150_049, "ISK", 1_500);
        check(-150_050, "ISK", -1_501);
        check(12_340, "KWD", 12_340);
        check(7, "MGA", 700);
    }

    #[test]
    fn money_of_two_currencies_is_never_added() {
        let (dollar, euro) = (
            Money::new(1, currency("USD")),
            Money::new(1, currency("EUR")),
        );
        assert_eq!(dollar.checked_add(euro), None);
        assert_eq!(
            dollar.checked_add(dollar),
            Some(Money::new(2, currency("USD")))
        );
        assert_eq!(dollar.checked_neg(), Some(Money::new(-1, currency("USD"))));
        assert_eq!(
            Money::new(i128::MAX, currency("USD")).checked_add(dollar),
            None
        );
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_back_as_the_same_amount(minor in 0_i128..100_000_000_000_000, code in "USD|EUR") {
            let money = Money::new(minor, currency(&code));
            prop_assert_eq!(parse_major(&money.decimal(), currency(&code)), Ok(money));
        }

        #[test]
        fn no_text_makes_the_reader_fail_otherwise_than_by_a_fault(text in "[-+0-9.eE]{0,40}") {
            if let Ok(money) = parse_major(&text, currency("KWD")) {
                prop_assert!((0..=1_000_000_000_000_000).contains(&money.minor));
            }
        }
    }
}
