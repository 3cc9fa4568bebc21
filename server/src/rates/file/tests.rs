//! The bank's own forms are read, strangers' ones are refused, and nothing makes the reader stop or grow.

use std::io::{Cursor, Write};

use proptest::prelude::*;
use zip::write::SimpleFileOptions;

use super::*;
use crate::record::DayRates;

const DAILY_XML: &str = include_str!("../testing/days.xml");
const CSV: &str = include_str!("../testing/days.csv");
const DAILY_CSV: &str = include_str!("../testing/day.csv");
const ZIP: &[u8] = include_bytes!("../testing/days.zip");

fn until() -> DayNumber {
    crate::rates::parse_day("2026-10-30").unwrap()
}

/// `day currency rate`, one after the other.
fn read(bytes: &[u8]) -> String {
    let parsed = parse(bytes, until()).unwrap();
    let days: Vec<DayRates> = parsed.days.into_iter().map(DayRates::from).collect();
    let days = days.iter();
    days.flat_map(|day| day.per_euro.iter().map(move |(code, rate)| format!("{} {code} {rate}", day.day)))
        .collect::<Vec<_>>()
        .join(", ")
}

fn faults(text: &str) -> Vec<(u64, String)> {
    let parsed = parse(text.as_bytes(), until()).unwrap();
    parsed.faults.into_iter().map(|fault| (fault.line, fault.error)).collect()
}

fn zipped(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file(name, SimpleFileOptions::default()).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap().into_inner()
}

#[test]
fn every_form_of_the_banks_says_the_same() {
    let both = "2026-10-29 USD 1.113, 2026-10-30 ISK 136, 2026-10-30 USD 1.1172";
    assert_eq!(read(DAILY_XML.as_bytes()), both);
    assert_eq!(read(CSV.as_bytes()), both);
    assert_eq!(read(format!("\u{feff}{}", CSV.replace('\n', "\r\n")).as_bytes()), both);
    assert_eq!(read(&zipped("eurofxref-hist.csv", CSV.as_bytes())), both);
    assert_eq!(read(ZIP), both);
    assert_eq!(read(&zipped("folder/eurofxref.XML", DAILY_XML.as_bytes())), both);
    assert_eq!(read(DAILY_CSV.as_bytes()), "2026-10-30 ISK 136, 2026-10-30 USD 1.1172");
}

#[test]
fn currencies_of_former_times_are_left_out_and_named() {
    let parsed = parse(CSV.as_bytes(), until()).unwrap();
    assert_eq!(parsed.left_out.into_iter().collect::<Vec<_>>(), ["CYP"]);
    assert_eq!(parsed.fault_count, 0);
}

#[test]
fn a_bad_line_is_named_and_the_rest_is_read() {
    let text = "Date,USD,RON\n2026-10-30,1.1172,5.3447\n30/10/2026,1,2\n2026-10-29,abc,5.3441\n2026-10-28,1\n\
                2026-10-31,1,2\n1998-12-31,1,2\n2026-10-27,1.1,5.3\n";
    assert_eq!(
        faults(text),
        [
            (3, r#""30/10/2026" is no day"#.to_owned()),
            (4, r#""abc" is no rate of USD"#.to_owned()),
            (5, "2 fields where the head has 3".to_owned()),
            (6, "2026-10-31 has not come yet".to_owned()),
            (7, "1998-12-31 is before the euro".to_owned()),
        ]
    );
    let rest = "2026-10-27 RON 5.3, 2026-10-27 USD 1.1, 2026-10-29 RON 5.3441, 2026-10-30 RON 5.3447, 2026-10-30 USD 1.1172";
    assert_eq!(read(text.as_bytes()), rest);
    let xml = DAILY_XML.replace("136.00", "-1").replace("2026-10-29", "yesterday");
    assert_eq!(
        faults(&xml),
        [(7, r#""-1" is no rate of ISK"#.to_owned()), (9, r#""yesterday" is no day"#.to_owned())]
    );
    assert_eq!(read(xml.as_bytes()), "2026-10-30 USD 1.1172");
    let broken = DAILY_XML.replace("</gesmes:Envelope>", "</other>");
    assert_eq!(faults(&broken).len(), 1);
}

#[test]
fn faults_are_bounded() {
    let text = format!("Date,USD\n{}", "nonsense,1\n".repeat(5_000));
    let parsed = parse(text.as_bytes(), until()).unwrap();
    assert_eq!((parsed.faults.len(), parsed.fault_count), (NAMED_FAULTS, 5_000));
    let text = format!("Date,{}USD\n2026-10-30,{}1.1\n", "XXX,".repeat(5_000), "1,".repeat(5_000));
    assert_eq!(parse(text.as_bytes(), until()).unwrap().days[0].per_euro.len(), 1);
}

#[test]
fn what_is_not_the_banks_is_refused() {
    let check = |bytes: &[u8], expected: &str| {
        let error = parse(bytes, until()).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    };
    check(b"", "none of the bank's files");
    check(b"site,revenue\nshop,1\n", "none of the bank's files");
    check(b"<html><body>Not found</body></html>", "none of the bank's files");
    check(&[0xff, 0xfe, 0x00], "none of the bank's files");
    check(b"PK\x03\x04 and then nothing of a zip", "cannot be unpacked");
    check(&zipped("readme.txt", CSV.as_bytes()), "none of the bank's files");
    check(&zipped("bomb.csv", &vec![b' '; FILE_BYTES + 1]), "MiB");
    check(&vec![b' '; FILE_BYTES + 1], "MiB");
}

proptest! {
    #[test]
    fn no_bytes_make_it_stop(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _read = parse(&bytes, until());
    }

    #[test]
    fn nothing_like_a_file_of_the_banks_makes_it_stop(
        start in prop::sample::select(vec!["Date,USD,RON\n", "<Cube time='2026-10-30'>", "PK\x03\x04", "<?xml?><!DOCTYPE a [<!ENTITY b 'c'>]>"]),
        rest in "[0-9A-Z,.'\"<>/&; \n-]{0,300}",
    ) {
        let _read = parse(format!("{start}{rest}").as_bytes(), until());
    }

    #[test]
    fn a_file_cut_anywhere_gives_no_other_rates(at in 0..CSV.len()) {
        if let Ok(parsed) = parse(&CSV.as_bytes()[..at], until()) {
            for day in parsed.days.into_iter().map(DayRates::from) {
                for rate in day.per_euro.into_values() {
                    // The last figure may have lost digits; it is no other number.
                    prop_assert!(CSV.contains(&rate));
                }
            }
        }
    }
}
