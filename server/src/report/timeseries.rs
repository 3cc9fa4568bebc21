//! The series: metrics by interval, every interval there, empty ones with zeros.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::amount::{Amount, Unit};
use super::credit::{Book, Credited, Reservations};
use super::markov;
use super::metrics::{Sums, Visits, millionths};
use super::overview::{Figure, each_part};
use super::period::{Cut, cuts};
use super::question::Question;
use super::revenue::Ends;
use super::time::iso;
use super::traffic::{self, Counts};
use super::{Context, Fault, ReportError};
use crate::clock::Millis;
use crate::store::{ReadError, Span};

/// The metrics of a series.
const METRICS: [&str; 7] = ["visitors", "sessions", "pageviews", "revenue", "orders", "refunds", "customers"];

/// The metrics of an interval.
type Metrics = BTreeMap<&'static str, Figure>;

/// The answer.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "the members are the contract's own words")]
pub struct Answer {
    pub interval: &'static str,
    pub rows: Vec<Row>,
    pub totals: Metrics,
    pub from: String,
    pub to: String,
    pub previous: Option<Ends>,
    pub mixed_currencies: bool,
    pub by_currency: Vec<Amount>,
    #[serde(flatten)]
    pub reservations: Reservations,
}

/// One interval.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "the members are the contract's own words")]
pub struct Row {
    pub at: String,
    pub metrics: Metrics,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<Metrics>,
}

/// What an interval holds.
#[derive(Default)]
struct Interval {
    sums: Sums,
    visits: Visits,
    pageviews: u64,
    customers: BTreeSet<String>,
}

impl Interval {
    fn metrics(&self, unit: Unit, wanted: &[&'static str]) -> Metrics {
        let figures = self.sums.figures(unit);
        let of = |name: &str| match name {
            "visitors" => Figure::Number(self.visits.visitors.into()),
            "sessions" => Figure::Number(self.visits.sessions.into()),
            "pageviews" => Figure::Number(self.pageviews.into()),
            "revenue" => Figure::Money(unit.amount(figures.revenue)),
            "orders" => Figure::Number(millionths(figures.orders)),
            "refunds" => Figure::Money(unit.amount(figures.refunds)),
            _ => Figure::Number(self.customers.len().into()),
        };
        wanted.iter().map(|name| (*name, of(name))).collect()
    }
}

/// A span's intervals, and the whole of it.
struct Series {
    cuts: Vec<Cut>,
    intervals: Vec<Interval>,
    whole: Interval,
    reservations: Reservations,
}

impl Series {
    fn of(book: &Book<'_>, question: &Question, span: &Span) -> Result<Self, ReportError> {
        let too_many = || {
            Fault::new("interval", "That would be too many rows; ask for a longer `interval`, as in `day`.")
        };
        let cuts = cuts(span, question.interval, &question.zone).ok_or_else(too_many)?;
        let intervals = cuts.iter().map(|_| Interval::default()).collect();
        let mut series =
            Self { cuts, intervals, whole: Interval::default(), reservations: Reservations::default() };
        let orders = book.in_span(span, question)?;
        series.reservations = Reservations::of(&orders, span);
        for order in &orders {
            series.add_order(order, question, span);
        }
        series.add_visits(book, question, span)?;
        Ok(series)
    }

    /// The position of the interval of a moment.
    fn position(&self, at_ms: Millis) -> usize {
        self.cuts.partition_point(|cut| cut.span.end <= at_ms)
    }

    fn add_order(&mut self, order: &Credited, question: &Question, span: &Span) {
        let Some(value) = &order.value else { return };
        let renews = order.counted.order.renewal;
        each_part(order, question, span, &mut |at_ms, part| {
            let position = self.position(at_ms);
            for interval in self.intervals.get_mut(position).into_iter().chain([&mut self.whole]) {
                interval.sums.add(part, value.currency, renews);
                if part.orders > 0 {
                    interval.customers.insert(customer_of(order));
                }
            }
        });
    }

    fn add_visits(&mut self, book: &Book<'_>, question: &Question, span: &Span) -> Result<(), ReadError> {
        let (mut by_interval, mut all): (Counts<usize>, Counts<()>) = (Counts::new(), Counts::new());
        let by_session = question.filters_touches();
        traffic::each(book, span, question, &mut |seen| {
            let position = self.position(seen.session.entry.at_ms);
            by_interval.count(position, seen);
            all.count((), seen);
            if by_session {
                self.add_pageviews(seen.session.entry.at_ms, seen.session.pageviews.into());
            }
        })?;
        for (position, interval) in self.intervals.iter_mut().enumerate() {
            interval.visits = by_interval.of(&position);
        }
        self.whole.visits = all.of(&());
        if !by_session {
            let ledger = book.ledger();
            ledger.store.events(ledger.site.number, span.clone(), &mut |event| {
                if event.kind == protocol::EventType::Pageview {
                    self.add_pageviews(event.at_ms, 1);
                }
            })?;
        }
        Ok(())
    }

    fn add_pageviews(&mut self, at_ms: Millis, count: u64) {
        let position = self.position(at_ms);
        for interval in self.intervals.get_mut(position).into_iter().chain([&mut self.whole]) {
            interval.pageviews += count;
        }
    }
}

/// Who bought, as far as it is known: a customer, an e-mail, a visitor, or else nobody but this order.
fn customer_of(order: &Credited) -> String {
    let counted = &order.counted;
    let clues = &counted.order.clues;
    let known = [("customer", &clues.customer), ("email", &clues.email_hash), ("visitor", &clues.visitor)];
    let known = known.into_iter().find_map(|(kind, id)| Some(format!("{kind}:{}", id.as_ref()?)));
    known.unwrap_or_else(|| {
        format!("order:{}:{}", counted.order.id, counted.row_id.as_deref().unwrap_or_default())
    })
}

/// Answers with the series of a span.
pub fn answer(context: &Context<'_>, question: &Question) -> Result<Answer, ReportError> {
    markov::check(question)?;
    let wanted = wanted(question)?;
    let book = Book::of(context, question.live);
    let now = Series::of(&book, question, &question.span)?;
    let before = question.former.as_ref().map(|span| Series::of(&book, question, span)).transpose()?;
    let currencies = now.whole.sums.currencies();
    let currencies = currencies.chain(before.iter().flat_map(|before| before.whole.sums.currencies()));
    let unit = Unit::spanning(currencies, book.conversion.otherwise);
    let nothing = Interval::default();
    let rows = std::iter::zip(&now.cuts, &now.intervals).enumerate().map(|(position, (cut, interval))| Row {
        at: cut.label.clone(),
        metrics: interval.metrics(unit, &wanted),
        previous: before
            .as_ref()
            .map(|before| before.intervals.get(position).unwrap_or(&nothing).metrics(unit, &wanted)),
    });
    Ok(Answer {
        interval: question.interval.name(),
        rows: rows.collect(),
        totals: now.whole.metrics(unit, &wanted),
        from: iso(question.span.start),
        to: iso(question.span.end),
        previous: question.former.as_ref().map(Ends::of),
        mixed_currencies: unit.is_mixed(),
        by_currency: now.whole.sums.by_currency(),
        reservations: now.reservations,
    })
}

fn wanted(question: &Question) -> Result<Vec<&'static str>, Fault> {
    let Some(asked) = &question.metrics else { return Ok(METRICS.to_vec()) };
    let known = |name: &String| METRICS.into_iter().find(|known| known == name);
    asked.iter().map(known).collect::<Option<_>>().ok_or_else(|| {
        Fault::new(
            "metrics",
            format!("`metrics` is one or several of {}, as in `visitors,revenue`.", METRICS.join(", ")),
        )
    })
}
