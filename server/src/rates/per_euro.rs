//! A rate: an exact decimal number of units per euro, in eight bytes.

use std::fmt;

/// Digits of a rate; the bank gives seven at most.
const DIGITS: usize = 15;

/// Units of a currency per euro: a decimal number above zero, trailing zeros dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PerEuro {
    /// The digits above, how many of them stand behind the point in the last byte.
    packed: u64,
}

impl PerEuro {
    /// The euro itself.
    pub const ONE: Self = Self { packed: 1 << 8 };

    /// Reads a decimal number as the bank writes it; none where it is no number above zero or has too many digits.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, fraction) = match text.split_once('.') {
            Some((_, "")) => return None,
            Some((whole, fraction)) => (whole, fraction.trim_end_matches('0')),
            None => (text, ""),
        };
        let count = whole.trim_start_matches('0').len() + fraction.len();
        let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || count > DIGITS || !is_number(whole) || !is_number(fraction) {
            return None;
        }
        let digits =
            whole.bytes().chain(fraction.bytes()).fold(0, |sum, byte| sum * 10 + u64::from(byte - b'0'));
        let scale = u8::try_from(fraction.len()).ok()?;
        (digits > 0).then_some(Self { packed: (digits << 8) | u64::from(scale) })
    }

    /// Its digits as one number.
    pub fn digits(self) -> i128 {
        (self.packed >> 8).into()
    }

    /// How many of the digits stand behind the point.
    pub fn scale(self) -> u8 {
        self.packed.to_le_bytes()[0]
    }
}

impl fmt::Display for PerEuro {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&attribution::money::decimal(self.digits(), self.scale()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_the_number_that_is_written() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(PerEuro::parse(text).map(|rate| rate.to_string()).as_deref(), expected, "{text}");
        };
        check("1.1193", Some("1.1193"));
        check("136.00", Some("136"));
        check("0.83380", Some("0.8338"));
        check("20275.17", Some("20275.17"));
        check("100", Some("100"));
        check("007.5", Some("7.5"));
        check("999999999999999", Some("999999999999999"));
        for text in
            ["", "0", "0.0", ".5", "1.", "-1", "+1", "1,5", "1.2.3", "N/A", "1e3", " 1", "1234567890.1234567"]
        {
            check(text, None);
        }
        assert_eq!(PerEuro::parse("1.0"), Some(PerEuro::ONE));
    }
}
