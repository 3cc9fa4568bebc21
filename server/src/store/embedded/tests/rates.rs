//! Exchange rates are records: only what is new or changed is kept, and it is there again after a restart.

use std::collections::BTreeMap;

use attribution::money::Currency;

use super::*;
use crate::rates::{built_in, parse_day};
use crate::record::DayRates;
use crate::store::log;

fn told(day: &str, rates: &[(&str, &str)]) -> Record {
    let per_euro = rates.iter().map(|(code, rate)| ((*code).to_owned(), (*rate).to_owned()));
    Record::Rates(DayRates { day: day.to_owned(), per_euro: per_euro.collect() })
}

fn known(store: &Embedded, day: &str, code: &str) -> Option<String> {
    let rate = store.rates().on(parse_day(day).unwrap(), Currency::parse(code).unwrap());
    rate.map(|rate| rate.to_string())
}

fn logged(dir: &Path) -> Vec<Record> {
    let mut all = Vec::new();
    log::replay(&dir.join("log"), 0, |_, records| {
        all.extend(records);
        Ok::<(), OpenError>(())
    })
    .unwrap();
    all
}

#[tokio::test]
async fn of_a_days_rates_only_what_is_new_or_changed_is_kept_and_rebuilding_gives_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let before = store.version();
    let outcomes = commit(
        &store,
        vec![
            told("2026-10-30", &[("USD", "1.1172"), ("RON", "5.34470")]),
            told("yesterday", &[("USD", "1.1172")]),
            told("2026-11-02", &[("XYZ", "1.1172"), ("USD", "nothing")]),
        ],
    )
    .await;
    assert_eq!(outcomes, [Outcome::Duplicate, Outcome::Ignored, Outcome::Duplicate]);
    assert_eq!((store.version(), store.rates().latest()), (before, built_in().latest()));
    let outcomes = commit(
        &store,
        vec![
            told("2026-11-02", &[("USD", "1.1180"), ("RON", "5.35")]),
            told("2026-11-02", &[("USD", "1.118"), ("RON", "5.36"), ("JPY", "175")]),
            told("2026-10-30", &[("USD", "1.1172"), ("RON", "5.4")]),
        ],
    )
    .await;
    assert_eq!(outcomes, [Outcome::Recorded, Outcome::Enriched, Outcome::Enriched]);
    assert!(store.version() > before, "kept answers do not outlive it");
    let check = |store: &Embedded| {
        let expected: BTreeMap<(&str, &str), &str> = [
            (("2026-11-02", "USD"), "1.118"),
            (("2026-11-02", "RON"), "5.36"),
            (("2026-11-02", "JPY"), "175"),
            (("2026-10-30", "RON"), "5.4"),
            (("2026-10-30", "USD"), "1.1172"),
        ]
        .into();
        for ((day, code), rate) in expected {
            assert_eq!(known(store, day, code).as_deref(), Some(rate), "{day} {code}");
        }
    };
    check(&store);
    let rows = all_rows(&store);
    store.close();
    drop(store);
    assert_eq!(
        logged(dir.path()),
        [
            told("2026-11-02", &[("USD", "1.1180"), ("RON", "5.35")]),
            told("2026-11-02", &[("RON", "5.36"), ("JPY", "175")]),
            told("2026-10-30", &[("RON", "5.4")]),
        ]
    );
    let store = open(dir.path());
    check(&store);
    drop(store);
    rebuild(dir.path(), &Clock::manual(NOW_MS)).unwrap();
    let store = open(dir.path());
    check(&store);
    assert_eq!(all_rows(&store), rows);
}
