//! The bank's XML: `Cube[time]` for a day, and in it `Cube[currency, rate]` for each rate.

use jiff::civil::Date;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{DayNumber, Reading};

/// Reads all days. Entities and the like are not the bank's, and are never expanded.
pub(super) fn read(text: &str, reading: &mut Reading) {
    let mut reader = Reader::from_str(text);
    let mut lines = Lines { text, line: 1, at: 0 };
    let mut day: Option<DayNumber> = None;
    loop {
        // Where the element begins.
        let line = lines.at(reader.buffer_position());
        match reader.read_event() {
            Ok(Event::Start(element) | Event::Empty(element)) if element.local_name().as_ref() == "Cube" => {
                cube(&element, line, &mut day, reading);
            }
            Ok(Event::Eof) => return,
            Ok(_) => {}
            Err(error) => {
                reading.fault(line, format!("the rest cannot be read: {error}"));
                return;
            }
        }
    }
}

fn cube(element: &BytesStart<'_>, line: u64, day: &mut Option<DayNumber>, reading: &mut Reading) {
    let attribute = |name: &str| {
        let found = element.attributes().flatten().find(|attribute| attribute.key.as_ref() == name);
        found.map(|attribute| attribute.value.trim().to_owned())
    };
    if let Some(time) = attribute("time") {
        *day = reading.day(line, &time, time.parse::<Date>().ok());
    } else if let (Some(code), Some(rate), Some(day)) = (attribute("currency"), attribute("rate"), *day) {
        reading.rate(line, day, &code, &rate);
    }
}

/// Counts lines up to a place that only goes forwards.
struct Lines<'a> {
    text: &'a str,
    line: u64,
    at: usize,
}

impl Lines<'_> {
    fn at(&mut self, position: u64) -> u64 {
        let to = usize::try_from(position).unwrap_or(usize::MAX).min(self.text.len());
        let passed = self.text.get(self.at..to).unwrap_or_default();
        self.line += passed.matches('\n').count() as u64;
        self.at = to;
        self.line
    }
}
