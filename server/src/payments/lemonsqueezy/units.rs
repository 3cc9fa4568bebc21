//! How Lemon Squeezy counts: in hundredths by its documentation. For a currency that ISO 4217 gives another exponent,
//! the total in dollars beside the total tells which of the two was meant.

use attribution::money::Currency;
use serde_json::Value;

use crate::payments::object::{Units, integer};

/// Decimals of what the documentation calls cents.
const CENTS: u8 = 2;
/// Digits of a conversion rate that are read; it has eight decimals.
const RATE_DIGITS: usize = 18;

/// The units of an order or invoice.
pub(super) fn of(object: &Value) -> Option<Units> {
    Units::of(object, "/currency", |currency| exponent(object, currency))
}

/// The exponent that makes `total` at `currency_rate` what `total_usd` says; ISO's where that cannot be seen.
fn exponent(object: &Value, currency: Currency) -> u8 {
    let iso = currency.exponent();
    if iso == CENTS {
        CENTS
    } else {
        is_in_cents(object, iso).map_or(iso, |it_is| if it_is { CENTS } else { iso })
    }
}

/// `total × rate × 100 ÷ total_usd` is ten to the power of the exponent, roundings aside: on which side of the
/// middle between the two exponents it lies.
fn is_in_cents(object: &Value, iso: u8) -> Option<bool> {
    let positive = |pointer| integer(object, pointer).map(i128::from).filter(|amount| *amount > 0);
    let (rate, decimals) = rate(object.get("currency_rate")?)?;
    let total = positive("/total")?.checked_mul(rate)?.checked_mul(100)?;
    let dollars = positive("/total_usd")?.checked_mul(10_i128.checked_pow(decimals)?)?;
    let middle = match iso {
        0 => 10,
        3 => 316,
        _ => 1_000,
    };
    let is_above = total > dollars.checked_mul(middle)?;
    Some(is_above == (iso < CENTS))
}

/// A decimal's digits, and how many of them stand behind the point.
fn rate(value: &Value) -> Option<(i128, u32)> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let digits = format!("{whole}{decimals}");
    let is_read = digits.len() <= RATE_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
    let digits = is_read.then(|| digits.parse().ok()).flatten().filter(|digits| *digits > 0)?;
    Some((digits, u32::try_from(decimals.len()).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_dollars_beside_a_total_tell_its_exponent() {
        let check = |currency: &str, total: i64, rate: Value, dollars: i64, expected| {
            let object =
                json!({"currency": currency, "total": total, "currency_rate": rate, "total_usd": dollars});
            assert_eq!(of(&object).map(|units| units.exponent), expected, "{object}");
        };
        check("EUR", 2_399, json!("1.08000000"), 2_591, Some(2));
        check("JPY", 1_500, json!("0.00670000"), 1_005, Some(0));
        check("JPY", 150_000, json!("0.00670000"), 1_005, Some(2));
        check("KWD", 12_500, json!("3.25000000"), 4_063, Some(3));
        check("KWD", 1_250, json!("3.25000000"), 4_063, Some(2));
        check("JPY", 1_500, json!("soon"), 1_005, Some(0));
        check("JPY", 1_500, json!("0.0067"), 0, Some(0));
        check("JPY", i64::MAX, json!("99999999.9999999999"), 1, Some(0));
        check("???", 1, json!("1.0"), 1, None);
    }
}
