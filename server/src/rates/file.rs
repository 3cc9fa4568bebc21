//! The bank's files as they are downloaded: XML, CSV, or a zip with one of them in it. Pure, and bounded.

mod archive;
mod csv;
mod xml;

use std::collections::{BTreeMap, BTreeSet};

use attribution::money::Currency;
use jiff::civil::Date;
use serde::Serialize;

use super::{Day, DayNumber, PerEuro, number};

/// Bytes of a file, and of what is packed in it; the bank's longest has 9 MB.
pub const FILE_BYTES: usize = 24 * 1024 * 1024;
/// Days of a file: eighty years of working days.
const DAYS: usize = 20_000;
/// Bad lines that are named; more are counted.
const NAMED_FAULTS: usize = 100;
/// Characters of what a bad line says that are shown.
const SHOWN_CHARS: usize = 40;
/// The bank's first day, before which there was no euro.
const FIRST_DAY: Date = Date::constant(1999, 1, 1);

/// Why a file is not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// It is too long, or unpacks to something too long.
    #[error("the file has more than {} MiB, and so it is not one of the bank's", FILE_BYTES / 1024 / 1024)]
    TooLarge,
    /// It is a zip that cannot be unpacked.
    #[error("the zip cannot be unpacked: {0}")]
    Zip(String),
    /// It is something else.
    #[error(
        "this is none of the bank's files: give its eurofxref XML or CSV, or the zip of it, for example eurofxref-hist.zip"
    )]
    Unknown,
}

/// A line that is passed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BadLine {
    /// Its number, from one.
    pub line: u64,
    /// What is wrong with it.
    pub error: String,
}

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// The rates of each day, by day.
    pub days: Vec<Day>,
    /// Bad lines, the first of them.
    pub faults: Vec<BadLine>,
    /// How many bad lines there are.
    pub fault_count: u64,
    /// Codes that are no currencies any more, whose rates are left out.
    pub left_out: BTreeSet<String>,
}

/// Reads a file; days after `until` have not come yet and are bad lines.
pub fn parse(bytes: &[u8], until: DayNumber) -> Result<Parsed, FileError> {
    let unpacked;
    let mut bytes = bytes;
    if archive::is_zip(bytes) {
        unpacked = archive::unpack(bytes)?;
        bytes = &unpacked;
    }
    if bytes.len() > FILE_BYTES {
        return Err(FileError::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| FileError::Unknown)?;
    let text = text.trim_start_matches('\u{feff}');
    let mut reading = Reading { until, parsed: Parsed::default(), days: BTreeMap::new() };
    if text.trim_start().starts_with('<') {
        xml::read(text, &mut reading);
    } else {
        csv::read(text, &mut reading);
    }
    reading.done()
}

/// A file being read.
struct Reading {
    until: DayNumber,
    parsed: Parsed,
    days: BTreeMap<DayNumber, BTreeMap<Currency, PerEuro>>,
}

impl Reading {
    /// A day, where it is one that the bank may speak of.
    fn day(&mut self, line: u64, text: &str, found: Option<Date>) -> Option<DayNumber> {
        let known = found.filter(|date| *date >= FIRST_DAY).and_then(number).filter(|day| *day <= self.until);
        let fault = match (known, found) {
            (Some(day), _) if self.days.len() < DAYS || self.days.contains_key(&day) => return Some(day),
            (Some(_), _) => format!("more than {DAYS} days"),
            (None, Some(found)) if found < FIRST_DAY => format!("{found} is before the euro"),
            (None, Some(found)) => format!("{found} has not come yet"),
            (None, None) => format!("{} is no day", shown(text)),
        };
        self.fault(line, fault);
        None
    }

    /// A rate of a day.
    fn rate(&mut self, line: u64, day: DayNumber, code: &str, rate: &str) {
        let known = Currency::parse(code).filter(|currency| currency.code() == code);
        match (known, PerEuro::parse(rate)) {
            (None, _) => self.unknown(line, code),
            (Some(currency), Some(rate)) => {
                self.days.entry(day).or_default().insert(currency, rate);
            }
            (Some(currency), None) => self.fault(line, format!("{} is no rate of {currency}", shown(rate))),
        }
    }

    /// A code that is no currency today; one that was is left out, and named.
    fn unknown(&mut self, line: u64, code: &str) {
        if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            self.fault(line, format!("{} is no currency", shown(code)));
        } else if self.parsed.left_out.len() < NAMED_FAULTS {
            self.parsed.left_out.insert(code.to_owned());
        }
    }

    fn fault(&mut self, line: u64, error: String) {
        self.parsed.fault_count += 1;
        if self.parsed.faults.len() < NAMED_FAULTS {
            self.parsed.faults.push(BadLine { line, error });
        }
    }

    fn done(self) -> Result<Parsed, FileError> {
        if self.days.is_empty() && self.parsed.fault_count == 0 {
            return Err(FileError::Unknown);
        }
        let days = self.days.into_iter().map(|(number, per_euro)| Day { number, per_euro }).collect();
        Ok(Parsed { days, ..self.parsed })
    }
}

/// The beginning of what a stranger wrote, quoted.
fn shown(text: &str) -> String {
    let cut: String = text.chars().take(SHOWN_CHARS).collect();
    format!("{cut:?}")
}

#[cfg(test)]
mod tests;
