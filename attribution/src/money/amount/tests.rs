//! Amounts are read and shown exactly.

use super::*;
use proptest::prelude::*;

fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

fn check(text: &str, code: &str, expected: Result<i128, AmountFault>) {
    assert_eq!(parse_major(text, currency(code)).map(|money| money.minor), expected, "{text} {code}");
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
        assert_eq!(Money::new(minor, currency(code)).decimal(), expected);
    };
    check(-1_900, "USD", "-19.00");
    check(14_800, "JPY", "14800");
    check(1_250, "KWD", "1.250");
    check(5, "USD", "0.05");
    check(-5, "USD", "-0.05");
    check(0, "USD", "0.00");
    check(-7, "JPY", "-7");
    check(1, "CLF", "0.0001");
    assert_eq!(Money::new(-1_900, currency("USD")).to_string(), "-19.00 USD");
}

#[test]
fn stripe_figures_become_iso_minor_units() {
    let check = |minor, code, expected| {
        assert_eq!(Money::from_stripe(minor, currency(code)).unwrap().minor, expected);
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
    let (dollar, euro) = (Money::new(1, currency("USD")), Money::new(1, currency("EUR")));
    assert_eq!(dollar.checked_add(euro), None);
    assert_eq!(dollar.checked_add(dollar), Some(Money::new(2, currency("USD"))));
    assert_eq!(dollar.checked_neg(), Some(Money::new(-1, currency("USD"))));
    assert_eq!(Money::new(i128::MAX, currency("USD")).checked_add(dollar), None);
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
