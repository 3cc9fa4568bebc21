//! Periods: which span of time is asked about, which former span it is compared with, and where it is cut.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan as _};

use super::time::{day_start, zoned};
use crate::clock::{DAY_MS, Millis};
use crate::store;

/// Rows of a series at most.
const ROWS: usize = 1_500;
/// The longest span that is answered: ten years.
pub const LONGEST_MS: Millis = 3_660 * DAY_MS;
const MINUTE_MS: Millis = 60_000;

/// A span, and the local days that it is made of where it is made of whole ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// From inclusive, to exclusive.
    pub span: store::Span,
    /// The first day, and the day after the last.
    pub days: Option<(Date, Date)>,
    /// How far the former period lies back.
    step: Step,
}

/// How far a period's predecessor lies back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Days(i64),
    Months(i64),
    Milliseconds(Millis),
}

/// With which former span a period is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Compare {
    /// With none.
    #[default]
    Nothing,
    /// The one before it.
    Previous,
    /// The next one back that begins on the same day of the week and does not overlap.
    Weekdays,
    /// The one a year before.
    Year,
}

/// How a series is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Interval {
    /// By hours.
    Hour,
    /// By local days.
    Day,
    /// By weeks from Monday.
    Week,
    /// By calendar months.
    Month,
}

impl Compare {
    /// The word in questions.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "none" => Some(Self::Nothing),
            "previous" => Some(Self::Previous),
            "weekdays" => Some(Self::Weekdays),
            "year" => Some(Self::Year),
            _ => None,
        }
    }
}

impl Interval {
    /// The word in answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// The interval of a word.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Hour, Self::Day, Self::Week, Self::Month].into_iter().find(|interval| interval.name() == name)
    }
}

impl Period {
    /// `days` whole days that end with `last`.
    pub fn ending(last: Date, days: i64, zone: &TimeZone) -> Option<Self> {
        let first = last.checked_sub(days.saturating_sub(1).days()).ok()?;
        Self::of_days(first, last.tomorrow().ok()?, Step::Days(days), zone)
    }

    /// The calendar month of a day and the `before` months before it, up to the end of `today` at most.
    pub fn months(day: Date, before: i64, today: Date, zone: &TimeZone) -> Option<Self> {
        let first = day.first_of_month().checked_sub(before.months()).ok()?;
        let end = day.last_of_month().tomorrow().ok()?;
        let end = if first <= today { end.min(today.tomorrow().ok()?) } else { end };
        Self::of_days(first, end, Step::Months(before.saturating_add(1)), zone)
    }

    /// From a day to another one, both included.
    pub fn between(first: Date, last: Date, zone: &TimeZone) -> Option<Self> {
        let end = last.tomorrow().ok()?;
        let days = i64::from(first.until(end).ok()?.get_days());
        Self::of_days(first, end, Step::Days(days), zone)
    }

    /// From a moment to another one, which is not included.
    pub fn moments(from_ms: Millis, to_ms: Millis) -> Self {
        Self { span: from_ms..to_ms, days: None, step: Step::Milliseconds(to_ms - from_ms) }
    }

    fn of_days(first: Date, end: Date, step: Step, zone: &TimeZone) -> Option<Self> {
        Some(Self { span: day_start(first, zone)?..day_start(end, zone)?, days: Some((first, end)), step })
    }

    /// The former span of a comparison. While the period runs, it is cut at the same time of day.
    pub fn former(&self, compare: Compare, now_ms: Millis, zone: &TimeZone) -> Option<store::Span> {
        let step = self.step_back(compare)?;
        let from_ms = back(self.span.start, step, zone)?;
        // To the minute, so that the same question within a minute has the same answer.
        let now_ms = now_ms - now_ms.rem_euclid(MINUTE_MS);
        let runs = self.span.contains(&now_ms);
        let to_ms = back(if runs { now_ms } else { self.span.end }, step, zone)?;
        Some(from_ms..to_ms.clamp(from_ms, from_ms.max(self.span.start)))
    }

    fn step_back(&self, compare: Compare) -> Option<Step> {
        match compare {
            Compare::Nothing => None,
            Compare::Previous => Some(self.step),
            Compare::Year => Some(Step::Months(12)),
            Compare::Weekdays => {
                let length_ms = self.span.end.saturating_sub(self.span.start).max(1);
                // Half a day more or less is the clocks being changed.
                let days = length_ms.saturating_add(DAY_MS / 2) / DAY_MS;
                let weeks = days.saturating_add(6).div_euclid(7).max(1);
                Some(Step::Days(weeks.saturating_mul(7)))
            }
        }
    }

    /// The interval that suits the length.
    pub fn interval(&self) -> Interval {
        let days = (self.span.end - self.span.start) / DAY_MS;
        match (self.step, days) {
            (_, ..=2) => Interval::Hour,
            (Step::Months(12..), 93..) => Interval::Month,
            (_, ..=92) => Interval::Day,
            (_, ..=730) => Interval::Week,
            _ => Interval::Month,
        }
    }
}

/// A moment so much earlier, at the same time of the local day.
fn back(at_ms: Millis, step: Step, zone: &TimeZone) -> Option<Millis> {
    let span: Span = match step {
        Step::Days(days) => Span::new().try_days(days).ok()?,
        Step::Months(months) => Span::new().try_months(months).ok()?,
        Step::Milliseconds(length) => return Some(at_ms - length),
    };
    let local = zoned(at_ms, zone).datetime().checked_sub(span).ok()?;
    Some(local.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond())
}

/// One row of a series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// From inclusive, to exclusive.
    pub span: store::Span,
    /// The local day on which it begins; an hour has its moment instead.
    pub label: String,
}

/// A span cut into intervals, the first and the last shortened to it; none where they would be too many.
pub fn cuts(span: &store::Span, interval: Interval, zone: &TimeZone) -> Option<Vec<Cut>> {
    let mut cuts = Vec::new();
    let mut from_ms = span.start;
    while from_ms < span.end {
        if cuts.len() >= ROWS {
            return None;
        }
        let to_ms = after(from_ms, interval, zone)?.min(span.end);
        let label = match interval {
            Interval::Hour => super::time::iso(from_ms),
            Interval::Day | Interval::Week | Interval::Month => zoned(from_ms, zone).date().to_string(),
        };
        cuts.push(Cut { span: from_ms..to_ms, label });
        from_ms = to_ms;
    }
    Some(cuts)
}

/// The moment at which the interval of a moment ends.
fn after(at_ms: Millis, interval: Interval, zone: &TimeZone) -> Option<Millis> {
    let day = zoned(at_ms, zone).date();
    let next = match interval {
        // Hours are hours of time that passes: a day of 25 of them has 25 rows.
        Interval::Hour => return Some(hour_end(at_ms, zone)),
        Interval::Day => day.tomorrow().ok()?,
        Interval::Week => {
            let into_week = i64::from(day.weekday().to_monday_zero_offset());
            day.checked_add((7 - into_week).days()).ok()?
        }
        Interval::Month => day.last_of_month().tomorrow().ok()?,
    };
    // A zone may skip a whole day; time still goes on.
    Some(day_start(next, zone)?.max(at_ms + MINUTE_MS))
}

fn hour_end(at_ms: Millis, zone: &TimeZone) -> Millis {
    let local = zoned(at_ms, zone);
    let into_hour = i64::from(local.minute()) * MINUTE_MS
        + i64::from(local.second()) * 1_000
        + i64::from(local.millisecond());
    at_ms - into_hour + 60 * MINUTE_MS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::time::{iso, parse_moment, zone};

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn at(text: &str) -> Millis {
        parse_moment(text).unwrap()
    }

    fn shown(span: &store::Span) -> String {
        format!("{}/{}", iso(span.start), iso(span.end))
    }

    #[test]
    fn days_are_cut_in_the_sites_time_zone() {
        let bucharest = zone("Europe/Bucharest");
        let week = Period::ending(day("2026-10-27"), 7, &bucharest).unwrap();
        assert_eq!(shown(&week.span), "2026-10-20T21:00:00Z/2026-10-27T22:00:00Z");
        let cut = cuts(&week.span, Interval::Day, &bucharest).unwrap();
        assert_eq!(cut.len(), 7);
        assert_eq!(cut[4].label, "2026-10-25");
        assert_eq!(cut[4].span.end - cut[4].span.start, 25 * 60 * MINUTE_MS);
    }

    #[test]
    fn the_day_on_which_clocks_go_back_has_twenty_five_hours() {
        let bucharest = zone("Europe/Bucharest");
        let long = Period::ending(day("2026-10-25"), 1, &bucharest).unwrap();
        let hours = cuts(&long.span, Interval::Hour, &bucharest).unwrap();
        assert_eq!(hours.len(), 25);
        assert_eq!(hours[3].label, "2026-10-25T00:00:00Z");
        let short = Period::ending(day("2026-03-29"), 1, &bucharest).unwrap();
        assert_eq!(cuts(&short.span, Interval::Hour, &bucharest).unwrap().len(), 23);
    }

    #[test]
    fn a_running_period_is_compared_up_to_the_same_time_of_day() {
        let check = |period: Period, compare, now: &str, expected: &str| {
            let former = period.former(compare, at(now), &TimeZone::UTC).unwrap();
            assert_eq!(shown(&former), expected);
        };
        let utc = &TimeZone::UTC;
        let today = || Period::ending(day("2026-11-25"), 1, utc).unwrap();
        check(
            today(),
            Compare::Previous,
            "2026-11-25T15:30:20Z",
            "2026-11-24T00:00:00Z/2026-11-24T15:30:00Z",
        );
        check(
            today(),
            Compare::Previous,
            "2026-11-27T15:30:20Z",
            "2026-11-24T00:00:00Z/2026-11-25T00:00:00Z",
        );
        check(
            today(),
            Compare::Weekdays,
            "2026-11-27T15:30:20Z",
            "2026-11-18T00:00:00Z/2026-11-19T00:00:00Z",
        );
        let ten = || Period::ending(day("2026-11-25"), 10, utc).unwrap();
        check(ten(), Compare::Weekdays, "2026-11-27T00:00:00Z", "2026-11-02T00:00:00Z/2026-11-12T00:00:00Z");
        check(ten(), Compare::Year, "2026-11-27T00:00:00Z", "2025-11-16T00:00:00Z/2025-11-26T00:00:00Z");
        let month = || Period::months(day("2026-10-10"), 0, day("2026-11-25"), utc).unwrap();
        check(
            month(),
            Compare::Previous,
            "2026-11-25T00:00:00Z",
            "2026-09-01T00:00:00Z/2026-10-01T00:00:00Z",
        );
    }

    #[test]
    fn a_month_that_runs_ends_with_today() {
        let month = Period::months(day("2026-11-10"), 0, day("2026-11-25"), &TimeZone::UTC).unwrap();
        assert_eq!(shown(&month.span), "2026-11-01T00:00:00Z/2026-11-26T00:00:00Z");
        let year = Period::months(day("2026-11-10"), 11, day("2026-11-25"), &TimeZone::UTC).unwrap();
        assert_eq!(shown(&year.span), "2025-12-01T00:00:00Z/2026-11-26T00:00:00Z");
        assert_eq!(year.interval(), Interval::Month);
        assert_eq!(cuts(&year.span, Interval::Month, &TimeZone::UTC).unwrap().len(), 12);
    }

    #[test]
    fn weeks_begin_on_monday_and_too_many_rows_are_refused() {
        let span = at("2026-11-04T00:00:00Z")..at("2026-11-18T00:00:00Z");
        let labels: Vec<String> =
            cuts(&span, Interval::Week, &TimeZone::UTC).unwrap().into_iter().map(|cut| cut.label).collect();
        assert_eq!(labels, ["2026-11-04", "2026-11-09", "2026-11-16"]);
        let years = at("2020-01-01T00:00:00Z")..at("2026-01-01T00:00:00Z");
        assert_eq!(cuts(&years, Interval::Hour, &TimeZone::UTC), None);
    }
}
