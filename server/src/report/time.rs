//! Times in answers and questions: ISO 8601 in UTC, and a day's beginning in a site's time zone.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::clock::Millis;

/// The site's time zone; UTC where the name is not known.
pub fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// ISO 8601 in UTC, with milliseconds only where there are some: `2026-10-01T10:00:00Z`.
pub fn iso(at_ms: Millis) -> String {
    Timestamp::from_millisecond(at_ms).map(|at| at.to_string()).unwrap_or_default()
}

/// A time of payment as shown: of a whole second that was taken for its end, that second.
pub fn shown(at_ms: Millis) -> String {
    iso(whole_second(at_ms))
}

/// The time, or the second whose end it stands for.
pub fn whole_second(at_ms: Millis) -> Millis {
    if at_ms.rem_euclid(1_000) == 999 { at_ms - 999 } else { at_ms }
}

/// The moment in a time zone.
pub fn zoned(at_ms: Millis, zone: &TimeZone) -> Zoned {
    Timestamp::from_millisecond(at_ms).unwrap_or_default().to_zoned(zone.clone())
}

/// The first moment of a day. A day whose midnight the clocks skip begins when they arrive.
pub fn day_start(day: Date, zone: &TimeZone) -> Option<Millis> {
    Some(day.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond())
}

/// A text as a moment: ISO 8601 with an offset, or milliseconds since the epoch.
pub fn parse_moment(text: &str) -> Option<Millis> {
    match text.parse::<Millis>() {
        Ok(at_ms) => Timestamp::from_millisecond(at_ms).ok().map(Timestamp::as_millisecond),
        Err(_) => text.parse::<Timestamp>().ok().map(Timestamp::as_millisecond),
    }
}

/// A text as a day: `2026-11-01`.
pub fn parse_day(text: &str) -> Option<Date> {
    (text.len() == 10).then(|| text.parse().ok())?
}
