//! The overview: each metric of a site as one figure, beside what it was before.

use std::collections::BTreeMap;

use attribution::model::Model;
use serde::Serialize;
use serde_json::Number;

use super::amount::{Amount, Unit};
use super::credit::{Book, Credited, Reservations};
use super::markov;
use super::metrics::{Figures, Sums, Visits, millionths, ratio};
use super::question::Question;
use super::revenue::Ends;
use super::time::iso;
use super::traffic::{self, Counts};
use super::{Context, ReportError};
use crate::store::{ReadError, Span};

/// The answer.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "the members are the contract's own words")]
pub struct Answer {
    pub metrics: BTreeMap<&'static str, Metric>,
    pub from: String,
    pub to: String,
    pub previous: Option<Ends>,
    pub mixed_currencies: bool,
    #[serde(flatten)]
    pub reservations: Reservations,
    pub by_currency: Vec<Amount>,
}

/// One metric, what it was before, and the change as a share of that.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "the members are the contract's own words")]
pub struct Metric {
    pub value: Figure,
    pub previous: Figure,
    pub change: Option<Number>,
}

/// A figure of a metric.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Figure {
    /// Money.
    Money(Amount),
    /// A count or a rate.
    Number(Number),
    /// Nothing to divide by, or nothing to compare with.
    Nothing,
}

/// Facts of a span.
pub(super) struct Facts {
    pub(super) sums: Sums,
    visits: Visits,
    pageviews: u64,
    bounces: u64,
    duration_ms: i128,
}

impl Facts {
    pub(super) fn of(
        book: &Book<'_>,
        orders: &[Credited],
        question: &Question,
        span: &Span,
    ) -> Result<Self, ReadError> {
        let mut facts = Self {
            sums: Sums::default(),
            visits: Visits::default(),
            pageviews: 0,
            bounces: 0,
            duration_ms: 0,
        };
        for order in orders {
            each_part(order, question, span, &mut |_, part| {
                if let Some(value) = &order.value {
                    facts.sums.add(part, value.currency, order.counted.order.renewal);
                }
            });
        }
        let mut counts: Counts<()> = Counts::new();
        traffic::each(book, span, question, &mut |seen| {
            let session = seen.session;
            counts.count((), seen);
            facts.bounces += u64::from(session.pageviews == 1 && session.others == 0);
            let active_ms = session.last_at_ms.saturating_sub(session.entry.at_ms);
            facts.duration_ms += i128::from(active_ms) + i128::from(session.last_time_on_page_ms);
            if question.filters_touches() {
                facts.pageviews += u64::from(session.pageviews);
            }
        })?;
        facts.visits = counts.of(&());
        if !question.filters_touches() {
            // Pages seen are counted when they are seen, and nobody's too.
            let ledger = book.ledger();
            ledger.store.events(ledger.site.number, span.clone(), &mut |event| {
                facts.pageviews += u64::from(event.kind == protocol::EventType::Pageview);
            })?;
        }
        Ok(facts)
    }

    fn metrics(&self, unit: Unit) -> BTreeMap<&'static str, Figure> {
        let figures = self.sums.figures(unit);
        let money = |minor| Figure::Money(unit.amount(minor));
        let optional = |amount: Option<Amount>| amount.map_or(Figure::Nothing, Figure::Money);
        let rate = |number: Option<Number>| number.map_or(Figure::Nothing, Figure::Number);
        let count = |count: u64| Figure::Number(count.into());
        let Visits { visitors, sessions } = self.visits;
        let Figures { revenue, refunds, renewals, orders, .. } = figures;
        // Whole seconds: what a visible time is measured in.
        let duration = super::amount::divide(self.duration_ms, i128::from(sessions) * 1_000);
        BTreeMap::from([
            ("visitors", count(visitors)),
            ("sessions", count(sessions)),
            ("pageviews", count(self.pageviews)),
            ("bounce_rate", rate(ratio(self.bounces.into(), sessions.into()))),
            ("duration", rate(duration.and_then(|seconds| i64::try_from(seconds).ok()).map(Number::from))),
            ("revenue", money(revenue)),
            ("orders", Figure::Number(millionths(orders))),
            ("refunds", money(refunds)),
            ("conversion_rate", rate(figures.conversion(visitors))),
            ("average_order", optional(figures.average_order())),
            ("revenue_per_visitor", optional(figures.per_visitor(visitors))),
            ("new_revenue", money(revenue - renewals)),
            ("renewal_revenue", money(renewals)),
        ])
    }
}

/// Gives each part of an order's movements in a span that passes the question's conditions, with its time. Without
/// conditions on touches the order is given whole.
pub(super) fn each_part(
    order: &Credited,
    question: &Question,
    span: &Span,
    give: &mut dyn FnMut(i64, &super::credit::Part),
) {
    let journey = order.journey();
    let shares = if question.filters_touches() {
        let values: Vec<String> = journey.iter().map(|touch| touch.source.source.to_lowercase()).collect();
        order.shares(question.model, &values)
    } else {
        Vec::new()
    };
    for (at_ms, parts) in order.movements(&shares, span) {
        for (position, part) in parts.iter().enumerate() {
            let touch = journey.get(position).copied().filter(|_| !shares.is_empty());
            if !question.filters_touches() || question.passes_touch(touch) {
                give(at_ms, part);
            }
        }
    }
}

/// Answers with the overview of a span.
pub fn answer(context: &Context<'_>, question: &Question) -> Result<Answer, ReportError> {
    if question.model == Model::Markov {
        markov::check(question)?;
    }
    let book = Book::of(context, question.live);
    let orders = book.in_span(&question.span, question)?;
    let now = Facts::of(&book, &orders, question, &question.span)?;
    let before = match &question.former {
        Some(span) => Some(Facts::of(&book, &book.in_span(span, question)?, question, span)?),
        None => None,
    };
    let currencies = now.sums.currencies().chain(before.iter().flat_map(|before| before.sums.currencies()));
    let unit = Unit::spanning(currencies, book.conversion.otherwise);
    let mut former = before.map(|before| before.metrics(unit)).unwrap_or_default();
    let metrics = now.metrics(unit).into_iter().map(|(name, value)| {
        let previous = former.remove(name).unwrap_or(Figure::Nothing);
        (name, Metric { change: change(&value, &previous), value, previous })
    });
    Ok(Answer {
        metrics: metrics.collect(),
        from: iso(question.span.start),
        to: iso(question.span.end),
        previous: question.former.as_ref().map(Ends::of),
        mixed_currencies: unit.is_mixed(),
        reservations: Reservations::of(&orders, &question.span),
        by_currency: now.sums.by_currency(),
    })
}

/// The change as a share of what was; none where that is nothing.
fn change(value: &Figure, previous: &Figure) -> Option<Number> {
    let (now, before) = match (value, previous) {
        (Figure::Money(now), Figure::Money(before)) => (now.minor, before.minor),
        (Figure::Number(now), Figure::Number(before)) => (in_millionths(now)?, in_millionths(before)?),
        _ => return None,
    };
    // Of what was below zero, a rise is a rise still.
    ratio(now.checked_sub(before)?, before.checked_abs()?)
}

fn in_millionths(number: &Number) -> Option<i128> {
    let text = number.to_string();
    let (sign, text) = text.strip_prefix('-').map_or((1, text.as_str()), |text| (-1, text));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{fraction:0<6}").parse::<i128>().ok().map(|millionths| sign * millionths)
}
