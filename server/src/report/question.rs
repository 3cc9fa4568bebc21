//! Questions: the parameters of a report, validated and bounded; a fault names the parameter and shows a right value.

use attribution::evidence::Level;
use attribution::model::Model;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::dimension::{Dimension, Filter};
use super::period::{Compare, Interval, LONGEST_MS, Period, cuts};
use super::time::{parse_day, parse_moment, zone, zoned};
use super::{Context, Fault};
use crate::clock::Millis;
use crate::store::Span;

/// Rows of a page, where the question does not say.
const LIMIT: usize = 100;
/// Rows of a page at most.
const LIMIT_MAX: usize = 1_000;
/// Characters of a parameter.
const PARAMETER_CHARS: usize = 8_192;

/// A question about a site.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The span asked about.
    pub span: Span,
    /// The former span to compare with.
    pub former: Option<Span>,
    /// How a series is cut.
    pub interval: Interval,
    /// The attribution model.
    pub model: Model,
    /// By what rows are grouped; at least one.
    pub dimensions: Vec<Dimension>,
    /// Conditions, all of which hold.
    pub filters: Vec<Filter>,
    /// Rows of the page.
    pub limit: usize,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// Live money, or a test's.
    pub live: bool,
    /// Whether the answer is a table of comma-separated values.
    pub is_csv: bool,
    /// The level of the chain that orders are narrowed to.
    pub level: Option<Level>,
    /// The metrics that a series is narrowed to.
    pub metrics: Option<Vec<String>>,
    /// The time zone in which days are cut.
    pub zone: TimeZone,
}

/// The parameters as they came; the first of a name counts.
struct Parameters<'a>(&'a [(String, String)]);

impl<'a> Parameters<'a> {
    fn get(&self, name: &'static str) -> Result<Option<&'a str>, Fault> {
        let Some((_, value)) = self.0.iter().find(|(given, _)| given == name) else { return Ok(None) };
        if value.chars().count() > PARAMETER_CHARS {
            return Err(Fault::new(name, format!("`{name}` is longer than {PARAMETER_CHARS} characters.")));
        }
        Ok(Some(value.as_str()).filter(|value| !value.is_empty()))
    }

    /// A parameter read by `read`; `right` shows right values where it cannot be.
    fn read<T>(
        &self,
        name: &'static str,
        right: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Fault> {
        let Some(value) = self.get(name)? else { return Ok(None) };
        read(value).map(Some).ok_or_else(|| Fault::new(name, format!("`{name}` is {right}.")))
    }
}

impl Question {
    /// Reads the parameters of a question, as they stand in the query.
    pub fn parse(parameters: &[(String, String)], context: &Context<'_>) -> Result<Self, Fault> {
        let given = Parameters(parameters);
        let zone = zone(&context.site.time_zone);
        let period = period(&given, context.now_ms, &zone)?;
        if period.span.end.saturating_sub(period.span.start) > LONGEST_MS {
            return Err(Fault::new(
                "from",
                "A report spans ten years at most, as in `from=2026-01-01&to=2026-12-31`.",
            ));
        }
        let compare =
            given.read("compare", "none, previous, weekdays or year", Compare::parse)?.unwrap_or_default();
        let interval = given.read("interval", "hour, day, week or month", Interval::parse)?;
        let models = || format!("one of {}", Model::ALL.map(Model::name).join(", "));
        let limit = given.read("limit", "a number from 1 to 1000, as in `limit=100`", |text| {
            text.parse().ok().filter(|limit| (1..=LIMIT_MAX).contains(limit))
        })?;
        let is_csv = given.read("format", "json or csv", |text| match text {
            "json" => Some(false),
            "csv" => Some(true),
            _ => None,
        })?;
        let live = given.read("mode", "live or test", |text| match text {
            "live" => Some(true),
            "test" => Some(false),
            _ => None,
        })?;
        let question = Self {
            former: period.former(compare, context.now_ms, &zone),
            interval: interval.unwrap_or_else(|| period.interval()),
            model: given.read("model", &models(), Model::parse)?.unwrap_or(Model::LastTouch),
            dimensions: match given.get("dimension")? {
                Some(text) => Dimension::parse_list(text)?,
                None => vec![Dimension::Source],
            },
            filters: given.get("filters")?.map(Filter::parse_list).transpose()?.unwrap_or_default(),
            limit: limit.unwrap_or(LIMIT),
            cursor: given.get("cursor")?.map(str::to_owned),
            live: live.unwrap_or(true),
            is_csv: is_csv.unwrap_or(false),
            level: given.read("level", "session, visitor, customer, url or unattributed", Level::parse)?,
            metrics: given
                .get("metrics")?
                .map(|text| text.split(',').map(|name| name.trim().to_owned()).collect()),
            span: period.span,
            zone,
        };
        if interval.is_some() && cuts(&question.span, question.interval, &question.zone).is_none() {
            return Err(Fault::new(
                "interval",
                "That would be too many rows; ask for a longer `interval`, as in `day`.",
            ));
        }
        Ok(question)
    }

    /// Whether all filters on touches hold for a touch, or for none.
    pub fn passes_touch(&self, touch: Option<&attribution::touch::Touch>) -> bool {
        self.filters.iter().all(|filter| filter.passes_touch(touch))
    }

    /// Whether a condition on touches is asked.
    pub fn filters_touches(&self) -> bool {
        self.filters.iter().any(|filter| !filter.dimension.is_of_order())
    }
}

fn period(given: &Parameters<'_>, now_ms: Millis, zone: &TimeZone) -> Result<Period, Fault> {
    let today = zoned(now_ms, zone).date();
    let day = given.read("date", "a day, as in `date=2026-11-01`", parse_day)?.unwrap_or(today);
    let name = given.get("period")?;
    let ends = (given.get("from")?, given.get("to")?);
    // Both ends without a period say by themselves which span is meant.
    let name = name.unwrap_or(if ends.0.is_some() && ends.1.is_some() { "custom" } else { "30d" });
    let found = match name {
        "day" => Period::ending(day, 1, zone),
        "7d" => Period::ending(day, 7, zone),
        "30d" => Period::ending(day, 30, zone),
        "month" => Period::months(day, 0, today, zone),
        "12mo" => Period::months(day, 11, today, zone),
        "custom" => return custom(ends, zone),
        _ => return Err(Fault::new("period", "`period` is day, 7d, 30d, month, 12mo or custom.")),
    };
    found.ok_or_else(|| Fault::new("date", "`date` is a day, as in `date=2026-11-01`."))
}

/// One end of a span of one's own.
enum End {
    Day(Date),
    Moment(Millis),
}

fn end(text: &str) -> Option<End> {
    parse_day(text).map(End::Day).or_else(|| parse_moment(text).map(End::Moment))
}

fn custom((from, to): (Option<&str>, Option<&str>), zone: &TimeZone) -> Result<Period, Fault> {
    let fault = |field: &'static str| {
        let right = format!(
            "`{field}` is a day or a time, as in `{field}=2026-11-01` or `{field}=2026-11-01T12:00:00Z`."
        );
        Fault::new(field, right)
    };
    let from = from.and_then(end).ok_or_else(|| fault("from"))?;
    let to = to.and_then(end).ok_or_else(|| fault("to"))?;
    let moment = |end: &End, days_on: i64| match end {
        End::Moment(at_ms) => Some(*at_ms),
        End::Day(day) => {
            let day = if days_on == 0 { *day } else { day.tomorrow().ok()? };
            super::time::day_start(day, zone)
        }
    };
    let period = match (&from, &to) {
        (End::Day(first), End::Day(last)) if first <= last => Period::between(*first, *last, zone),
        (from, to) => match (moment(from, 0), moment(to, 1)) {
            (Some(from_ms), Some(to_ms)) if from_ms < to_ms => Some(Period::moments(from_ms, to_ms)),
            _ => None,
        },
    };
    period.ok_or_else(|| Fault::new("to", "`to` is after `from`, as in `from=2026-11-01&to=2026-11-30`."))
}

#[cfg(test)]
mod tests;
