//! Orders: one row each, how they are tied to a source, and those that may be one sale told twice.

use std::collections::BTreeMap;

use attribution::evidence::Level;
use attribution::model::Model;
use attribution::money::Currency;
use attribution::touch::Touch;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use super::amount::{Amount, Unit};
use super::chain::visitor_of;
use super::credit::{Book, Credited, Reservations};
use super::dimension::Dimension;
use super::ledger::Trust;
use super::question::Question;
use super::spelling::Speller;
use super::time::{shown, whole_second};
use super::{Context, Fault, ReportError};
use crate::clock::DAY_MS;
use crate::payments::{EntryKind, Order};
use crate::store::{ReadError, Span};

/// Pairs of a reported and a verified order that are listed.
const PAIRS: usize = 1_000;

/// The answer.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "the members are the contract's own words")]
pub struct Answer {
    pub rows: Vec<Row>,
    pub totals: Totals,
    pub possible_duplicates: Vec<[Row; 2]>,
    pub mixed_currencies: bool,
    pub by_currency: Vec<Amount>,
    #[serde(flatten)]
    pub reservations: Reservations,
    pub next_cursor: Option<String>,
}

/// The orders of a span by their own time, whatever was given back since.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "the members are the contract's own words")]
pub struct Totals {
    pub orders: u64,
    pub amount: Amount,
    pub refunded: Amount,
    pub net: Amount,
    pub levels: BTreeMap<&'static str, u64>,
}

/// One order.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "the members are the contract's own words")]
pub struct Row {
    pub order_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row_id: Option<String>,
    pub provider: &'static str,
    pub trust: &'static str,
    pub mode: &'static str,
    pub at: String,
    pub amount: Amount,
    pub refunded: Amount,
    pub net: Amount,
    pub converted: Option<Amount>,
    pub provisional: bool,
    pub stale: bool,
    pub kind: &'static str,
    pub level: &'static str,
    pub key: Option<BTreeMap<&'static str, String>>,
    pub visitor_uid: Option<String>,
}

/// The dimensions of a row's key.
const KEY: [Dimension; 4] = [Dimension::Channel, Dimension::Source, Dimension::Medium, Dimension::Campaign];

impl Row {
    /// The row of an order; its key is that of the touch that the model credits alone, or of the last.
    pub(super) fn of(
        order: &Credited,
        book: &Book<'_>,
        model: Model,
        speller: &Speller<'_>,
    ) -> Result<Self, ReadError> {
        let own = &order.counted.order;
        let unit = unit_of(own);
        let refunded = own.refunded_minor();
        let key = credited_touch(order, model).map(|touch| {
            KEY.into_iter()
                .map(|by| Ok((by.name(), speller.shown(by, touch)?)))
                .collect::<Result<_, ReadError>>()
        });
        let rate = order.value.as_ref().and_then(|value| value.rate.as_ref());
        let converted = order.value.as_ref().filter(|_| book.conversion.to.is_some());
        Ok(Self {
            order_id: own.id.clone(),
            row_id: order.counted.row_id.clone(),
            provider: order.counted.provider_name(),
            trust: order.counted.trust.name(),
            mode: if own.live { "live" } else { "test" },
            at: shown(own.at_ms),
            amount: unit.amount(own.minor.into()),
            refunded: unit.amount(refunded.into()),
            net: unit.amount(i128::from(own.minor) - i128::from(refunded)),
            converted: converted.map(|value| Amount::of(value.net(), value.currency)),
            provisional: rate.is_some_and(|rate| rate.provisional),
            stale: rate.is_some_and(|rate| rate.stale),
            kind: if own.renewal { "renewal" } else { "new" },
            level: order.trace.level.name(),
            key: key.transpose()?,
            visitor_uid: visitor_of(&order.counted, &order.trace),
        })
    }
}

/// What the minor units of an order are of.
pub(super) fn unit_of(order: &Order) -> Unit {
    Currency::parse(&order.currency).map_or(Unit { currency: None, exponent: 2 }, Unit::of)
}

fn credited_touch(order: &Credited, model: Model) -> Option<&Touch> {
    let journey = order.journey();
    let single = matches!(model, Model::FirstTouch | Model::LastNonDirect);
    let shares =
        order.shares(if single { model } else { Model::LastTouch }, &vec![String::new(); journey.len()]);
    let credited = shares.iter().position(|share| *share > 0)?;
    journey.get(credited).copied()
}

/// Answers with the orders whose time of payment lies in a span, the latest first.
pub fn answer(context: &Context<'_>, question: &Question) -> Result<Answer, ReportError> {
    let book = Book::of(context, question.live);
    let speller = Speller::new(book.ledger());
    // Orders around the span are looked at too: a possible duplicate may lie just outside.
    let wide = question.span.start.saturating_sub(2 * DAY_MS)..question.span.end.saturating_add(2 * DAY_MS);
    let around = book.in_span(&wide, question)?;
    let passes = |order: &&Credited| {
        let touch = credited_touch(order, question.model);
        question.filters.iter().all(|filter| filter.passes_touch(touch))
    };
    let asked: Vec<&Credited> =
        around.iter().filter(|order| is_in(order, &question.span)).filter(passes).collect();
    let mut levels: BTreeMap<&'static str, u64> = Level::ALL.map(|level| (level.name(), 0)).into();
    for order in &asked {
        *levels.entry(order.trace.level.name()).or_default() += 1;
    }
    let mut orders = asked;
    orders.retain(|order| question.level.is_none_or(|level| order.trace.level == level));
    orders.sort_by(|left, right| place(right).cmp(&place(left)));
    let (start, end) = page(&orders, question)?;
    let row = |order: &Credited| Row::of(order, &book, question.model, &speller);
    let rows = orders
        .get(start..end)
        .unwrap_or_default()
        .iter()
        .map(|order| row(order))
        .collect::<Result<_, _>>()?;
    let mut pairs = Vec::new();
    for (reported, verified) in possible_duplicates(&around, &question.span) {
        pairs.push([row(reported)?, row(verified)?]);
    }
    let sums = Sums::of(&orders, &book);
    Ok(Answer {
        next_cursor: orders
            .get(end.saturating_sub(1))
            .filter(|_| end < orders.len())
            .map(|order| cursor_of(order)),
        totals: sums.totals(u64::try_from(orders.len()).unwrap_or(u64::MAX), levels),
        mixed_currencies: sums.unit.is_mixed(),
        by_currency: sums
            .by_currency
            .into_iter()
            .map(|(currency, (paid, back))| Amount::of(paid - back, currency))
            .collect(),
        reservations: Reservations {
            unconverted: sums
                .unconverted
                .into_iter()
                .map(|(currency, net)| Amount::of(net, currency))
                .collect(),
            ..Reservations::of_rates(orders.iter().copied())
        },
        possible_duplicates: pairs,
        rows,
    })
}

fn is_in(order: &Credited, span: &Span) -> bool {
    span.contains(&order.counted.order.at_ms)
}

/// Where an order stands in the list.
fn place(order: &Credited) -> (i64, (Trust, &str, Option<&str>)) {
    (order.counted.order.at_ms, order.counted.key())
}

fn cursor_of(order: &Credited) -> String {
    let (at_ms, (trust, id, row_id)) = place(order);
    URL_SAFE_NO_PAD.encode(serde_json::json!([at_ms, trust.name(), id, row_id]).to_string())
}

/// The positions of the page asked for.
fn page(orders: &[&Credited], question: &Question) -> Result<(usize, usize), Fault> {
    let start = match &question.cursor {
        None => 0,
        Some(cursor) => {
            let wrong = || Fault::new("cursor", "`cursor` is the `next_cursor` of the answer before.");
            let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| wrong())?;
            let (at_ms, trust, id, row_id): (i64, String, String, Option<String>) =
                serde_json::from_slice(&bytes).map_err(|_| wrong())?;
            let trust = if trust == Trust::Verified.name() { Trust::Verified } else { Trust::Reported };
            let after = (at_ms, (trust, id.as_str(), row_id.as_deref()));
            orders.partition_point(|order| place(order) >= after)
        }
    };
    Ok((start, start.saturating_add(question.limit).min(orders.len())))
}

/// Sums of orders, each currency by itself.
struct Sums {
    by_currency: BTreeMap<Currency, (i128, i128)>,
    unconverted: BTreeMap<Currency, i128>,
    unit: Unit,
}

impl Sums {
    fn of(orders: &[&Credited], book: &Book<'_>) -> Self {
        let mut by_currency: BTreeMap<Currency, (i128, i128)> = BTreeMap::new();
        let mut unconverted: BTreeMap<Currency, i128> = BTreeMap::new();
        for order in orders {
            let own = &order.counted.order;
            if let Some(value) = &order.value {
                let sums = by_currency.entry(value.currency).or_default();
                sums.0 += value.paid;
                sums.1 += value.paid - value.net();
            } else if let Some(currency) = Currency::parse(&own.currency) {
                *unconverted.entry(currency).or_default() +=
                    i128::from(own.minor) - i128::from(own.refunded_minor());
            }
        }
        let unit = Unit::spanning(by_currency.keys().copied(), book.conversion.otherwise);
        Self { by_currency, unconverted, unit }
    }

    fn totals(&self, orders: u64, levels: BTreeMap<&'static str, u64>) -> Totals {
        let sum = |of: fn(&(i128, i128)) -> i128| {
            self.by_currency.iter().map(|(currency, sums)| self.unit.take(of(sums), *currency)).sum()
        };
        let (paid, back) = (sum(|sums| sums.0), sum(|sums| sums.1));
        let [amount, refunded, net] = [paid, back, paid - back].map(|minor| self.unit.amount(minor));
        Totals { orders, amount, refunded, net, levels }
    }
}

/// Pairs of a reported and a verified order of the same visitor and amount, at most a day apart, of which one lies
/// in the span.
fn possible_duplicates<'a>(orders: &'a [Credited], span: &Span) -> Vec<(&'a Credited, &'a Credited)> {
    let mut verified: BTreeMap<(String, i64, &str), Vec<&Credited>> = BTreeMap::new();
    let paid_by = |order: &'a Credited| {
        let own = &order.counted.order;
        Some((visitor_of(&order.counted, &order.trace)?, as_paid(own), own.currency.as_str()))
    };
    for order in orders.iter().filter(|order| order.counted.trust == Trust::Verified) {
        if let Some(sale) = paid_by(order) {
            verified.entry(sale).or_default().push(order);
        }
    }
    let mut pairs = Vec::new();
    for reported in orders.iter().filter(|order| order.counted.trust == Trust::Reported) {
        let like = paid_by(reported).and_then(|sale| verified.get(&sale));
        let near = like.into_iter().flatten().filter(|order| {
            apart_ms(order, reported) <= DAY_MS && (is_in(order, span) || is_in(reported, span))
        });
        pairs.extend(near.map(|order| (reported, *order)));
    }
    pairs.truncate(PAIRS);
    pairs
}

/// The amount as it was paid, before anything was given back.
fn as_paid(order: &Order) -> i64 {
    let payments = order.entries.iter().filter(|entry| entry.kind == EntryKind::Payment && entry.counts);
    payments.fold(0, |sum, entry| sum.saturating_add(entry.minor))
}

/// How far apart two orders are. A whole second that stands for its end is that second.
fn apart_ms(left: &Credited, right: &Credited) -> i64 {
    let at = |order: &Credited| whole_second(order.counted.order.at_ms);
    (at(left) - at(right)).abs()
}
