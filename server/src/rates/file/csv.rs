//! The bank's CSV: a head of currencies, then a line for each day; the file of a single day writes dates in words.

use csv::{ReaderBuilder, StringRecord, Trim};
use jiff::civil::Date;
use jiff::fmt::strtime;

use super::Reading;

/// What stands where there is no rate.
const NO_RATE: [&str; 2] = ["N/A", ""];

/// Reads all lines. Without the bank's head nothing is read.
pub(super) fn read(text: &str, reading: &mut Reading) {
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).trim(Trim::All).from_reader(text.as_bytes());
    let mut head = StringRecord::new();
    if !reader.read_record(&mut head).is_ok_and(|is_there| is_there) || head.get(0) != Some("Date") {
        return;
    }
    let mut row = StringRecord::new();
    loop {
        match reader.read_record(&mut row) {
            Ok(true) => line(&head, &row, reading),
            Ok(false) => return,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                reading.fault(line, format!("the rest cannot be read: {error}"));
                return;
            }
        }
    }
}

fn line(head: &StringRecord, row: &StringRecord, reading: &mut Reading) {
    let number = row.position().map_or(0, csv::Position::line);
    let said = row.get(0).unwrap_or_default();
    let Some(day) = reading.day(number, said, read_date(said)) else { return };
    if row.len() != head.len() {
        reading.fault(number, format!("{} fields where the head has {}", row.len(), head.len()));
        return;
    }
    for (code, rate) in std::iter::zip(head, row).skip(1) {
        if !NO_RATE.contains(&rate) {
            reading.rate(number, day, code, rate);
        }
    }
}

/// `2026-10-30`, or `30 October 2026`.
fn read_date(text: &str) -> Option<Date> {
    text.parse().ok().or_else(|| strtime::parse("%d %B %Y", text).ok()?.to_date().ok())
}
