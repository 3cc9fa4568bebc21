//! Ten years of conversions beside an independent opinion: the Python package `CurrencyConverter`.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on stops there")]

use std::path::{Path, PathBuf};
use std::process::Command;

use attribution::money::Currency;
use engagetrack::clock::DAY_MS;
use engagetrack::payments::{Clues, Order, Provider};
use engagetrack::rates::{DayNumber, built_in, parse_day};
use engagetrack::report::rates::Rate;

/// The opinion, and the only version that is asked.
const PACKAGE: &str = "CurrencyConverter==0.18.23";
const FIRST: &str = "2016-10-31";
const LAST: &str = "2026-10-30";
/// Those of these years, but for the rouble and the Icelandic crown, whose last rates the package carries on for years.
const CURRENCIES: &str = "AUD,BGN,BRL,CAD,CHF,CNY,CZK,DKK,EUR,GBP,HKD,HRK,HUF,IDR,ILS,INR,JPY,KRW,MXN,MYR,NOK,NZD,PHP,\
     PLN,RON,SEK,SGD,THB,TRY,USD,ZAR";
const TARGETS: &str = "USD,EUR,JPY,RON";
/// Minor units that are converted, large enough to tell rates apart in their last digit.
const MINOR: i64 = 98_765_432;
/// So many days after a currency's last rate there is one still: seven, and a weekend.
const GRACE_DAYS: usize = 9;

/// Runs a program; what it says is in the failure.
fn run(command: &mut Command, wanted: &str) -> String {
    let output =
        command.output().unwrap_or_else(|error| panic!("{wanted}: {command:?} cannot be started: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{wanted}: {command:?} failed: {said}");
    String::from_utf8(output.stdout).unwrap()
}

/// Python with the package in an environment of its own, made where it is missing.
fn python() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("currency-converter");
    let (python, is_ready) = (folder.join("bin/python"), folder.join("ready"));
    if !is_ready.exists() {
        let wanted = "Python 3 with venv, and once a network, are needed to compare exchange rates";
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder), wanted);
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet", PACKAGE]), wanted);
        std::fs::write(is_ready, PACKAGE).unwrap();
    }
    python
}

fn ours(from: Currency, to: Currency, day: DayNumber) -> Option<i128> {
    let order = Order {
        provider: Provider::Api,
        id: String::new(),
        live: true,
        currency: from.code().to_owned(),
        minor: MINOR,
        usd_minor: None,
        tax_minor: None,
        at_ms: i64::from(day) * DAY_MS + DAY_MS / 2,
        renewal: false,
        subscription: None,
        clues: Clues::default(),
        entries: Vec::new(),
        references: Vec::new(),
        remarks: Vec::new(),
    };
    Rate::of(&order, from, to, &built_in())?.convert(MINOR.into())
}

#[test]
fn ten_years_of_conversions_are_those_of_an_independent_opinion() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/rates/opinion.py");
    let minor = MINOR.to_string();
    let mut opinion = Command::new(python());
    opinion.arg(script).args([&minor, FIRST, LAST, CURRENCIES, TARGETS]);
    let told = run(&mut opinion, "the opinion is needed");
    let (mut compared, mut without) = (0, 0);
    let mut currencies = std::collections::BTreeSet::new();
    for line in told.lines() {
        let mut words = line.split(' ');
        let [from, to] = [(); 2].map(|()| Currency::parse(words.next().unwrap()).unwrap());
        let mut unknown = 0;
        for (day, said) in (parse_day(FIRST).unwrap()..).zip(words) {
            let own = ours(from, to, day);
            if said == "-" {
                // The bank has ceased to give it; for some days its last rate serves.
                unknown += 1;
                assert!(unknown <= GRACE_DAYS || own.is_none(), "{from} {to} {day}: {own:?}");
                without += 1;
                continue;
            }
            assert_eq!(own.map(|minor| minor.to_string()).as_deref(), Some(said), "{from} {to} on day {day}");
            compared += 1;
            currencies.insert(from);
        }
    }
    assert!(currencies.len() >= 30 && compared > 400_000, "{compared} of {currencies:?}");
    println!(
        "{compared} conversions of {} currencies are the same, {without} have no rate",
        currencies.len()
    );
}
