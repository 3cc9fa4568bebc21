//! The table: what was put is found, and what is built in is the bank's.

use attribution::money::Currency;

use super::*;

fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

fn day(text: &str) -> DayNumber {
    parse_day(text).unwrap()
}

fn table(rates: &[(&str, &str, &str)]) -> Table {
    let mut table = Table::default();
    for (on, code, rate) in rates {
        table.put(day(on), currency(code), PerEuro::parse(rate).unwrap());
    }
    table
}

#[test]
fn days_are_counted_from_1970_and_come_back() {
    for (text, expected) in [("1970-01-01", 0), ("1999-01-04", 10_595), ("2026-10-30", 20_756)] {
        assert_eq!(day(text), expected);
        assert_eq!(date(expected).to_string(), text);
        assert_eq!(day_of(i64::from(expected) * DAY_MS + DAY_MS - 1), expected);
    }
}

#[test]
fn both_rates_are_of_one_day_the_last_that_has_them() {
    let table = table(&[
        ("2026-10-23", "USD", "1.1193"),
        ("2026-10-23", "RON", "5.3492"),
        ("2026-10-26", "USD", "1.1188"),
        ("2026-10-28", "RON", "5.3473"),
    ]);
    let check = |from: &str, to: &str, on: &str, expected: Option<(&str, &str, &str)>| {
        let found = table.both(currency(from), currency(to), day(on));
        let found = found.map(|(day, from, to)| (date(day).to_string(), from.to_string(), to.to_string()));
        let found = found.as_ref().map(|(day, from, to)| (day.as_str(), from.as_str(), to.as_str()));
        assert_eq!(found, expected, "{from} {to} {on}");
    };
    check("RON", "USD", "2026-10-23", Some(("2026-10-23", "5.3492", "1.1193")));
    check("RON", "USD", "2026-10-30", Some(("2026-10-23", "5.3492", "1.1193")));
    check("EUR", "USD", "2026-10-30", Some(("2026-10-26", "1", "1.1188")));
    check("RON", "EUR", "2026-10-30", Some(("2026-10-28", "5.3473", "1")));
    check("RON", "USD", "2026-10-22", None);
    check("KWD", "USD", "2026-10-30", None);
}

#[test]
fn a_currency_that_the_bank_has_ceased_to_give_has_no_rate_eight_days_later() {
    let table = table(&[
        ("2022-03-01", "RUB", "117.201"),
        ("2022-03-01", "USD", "1.1162"),
        ("2022-03-08", "USD", "1.0892"),
        ("2022-03-09", "USD", "1.0993"),
    ]);
    let found = |on: &str| table.both(currency("RUB"), currency("USD"), day(on)).map(|(found, _, _)| found);
    assert_eq!(found("2022-03-08"), Some(day("2022-03-01")));
    assert_eq!(found("2022-03-09"), None);
}

#[test]
fn a_table_that_ends_keeps_its_last_rates() {
    let table = table(&[("2026-10-30", "USD", "1.1172")]);
    let found = table.both(currency("EUR"), currency("USD"), day("2027-10-30"));
    assert_eq!(found.map(|(found, _, _)| found), Some(day("2026-10-30")));
}

#[test]
fn rates_come_in_any_order_and_replace_former_ones() {
    let rates = [("2026-10-28", "USD", "3"), ("2026-10-26", "USD", "1"), ("2026-10-27", "USD", "2")];
    let mut table = table(&rates);
    table.put(day("2026-10-27"), currency("USD"), PerEuro::parse("2.5").unwrap());
    let told: Vec<_> =
        table.days().iter().map(|day| table.on(*day, currency("USD")).unwrap().to_string()).collect();
    assert_eq!(told, ["1", "2.5", "3"]);
    assert_eq!(table.on(day("2026-10-25"), currency("USD")), None);
}

#[test]
fn the_banks_file_is_built_in_whole() {
    let built_in = built_in();
    assert_eq!(built_in.days().first(), Some(&day("1999-01-04")));
    assert!(built_in.latest() >= Some(day("2026-10-30")));
    assert!(built_in.days().len() >= 7_126);
    let rate = |on: &str, code: &str| built_in.on(day(on), currency(code)).map(|rate| rate.to_string());
    assert_eq!(rate("2026-10-30", "RON").as_deref(), Some("5.3447"));
    assert_eq!(rate("1999-01-04", "USD").as_deref(), Some("1.1789"));
    assert_eq!(rate("1999-01-04", "RON"), None);
}
