//! Revenue by what brought it: rows by key, what is unattributed apart, and totals that are their exact sum.

use std::collections::{BTreeMap, HashMap};

use attribution::model::Model;
use attribution::touch::Touch;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use super::amount::{Amount, Unit};
use super::credit::{Book, Credited, Part, Reservations};
use super::dimension::Dimension;
use super::markov;
use super::metrics::{Figures, Metrics, Sums, Visits};
use super::question::Question;
use super::spelling::Speller;
use super::time::iso;
use super::traffic::{self, Counts};
use super::{Context, Fault, ReportError};
use crate::store::{ReadError, Span};

/// The folded values of a row, one for each dimension asked for.
type Key = Vec<String>;

/// The answer.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "the members are the contract's own words")]
pub struct Answer {
    pub rows: Vec<Row>,
    pub totals: Metrics,
    pub unattributed: Metrics,
    pub model: &'static str,
    pub from: String,
    pub to: String,
    pub previous: Option<Ends>,
    pub mixed_currencies: bool,
    pub by_currency: Vec<Amount>,
    #[serde(flatten)]
    pub reservations: Reservations,
    pub next_cursor: Option<String>,
    /// What is to be known of the figures: that markov fell back on linear, say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'static str>,
}

/// The ends of a span.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "the members are the contract's own words")]
pub struct Ends {
    pub from: String,
    pub to: String,
}

impl Ends {
    /// The ends of a span, as they may be asked for.
    pub fn of(span: &Span) -> Self {
        Self { from: iso(span.start), to: iso(span.end) }
    }
}

/// One row.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "the members are the contract's own words")]
pub struct Row {
    pub key: BTreeMap<&'static str, String>,
    pub metrics: Metrics,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<Metrics>,
}

/// One span's sums by key.
struct Table {
    rows: HashMap<Key, Sums>,
    unattributed: Sums,
    totals: Sums,
    visits: Counts<Key>,
    all_visits: Counts<()>,
    shown: HashMap<Key, Vec<String>>,
    reservations: Reservations,
    fell_back: bool,
}

/// Answers a question about revenue.
pub fn answer(context: &Context<'_>, question: &Question) -> Result<Answer, ReportError> {
    markov::check(question)?;
    let book = Book::of(context, question.live);
    let table = Table::of(&book, question, &question.span)?;
    let former = question.former.as_ref().map(|span| Table::of(&book, question, span)).transpose()?;
    let currencies =
        table.totals.currencies().chain(former.iter().flat_map(|former| former.totals.currencies()));
    let unit = Unit::spanning(currencies, book.conversion.otherwise);
    let with_visits = question.dimensions.iter().all(|dimension| !dimension.is_of_order());
    let mut rows: Vec<Ranked> = table.keys(with_visits).map(|key| table.ranked(key, unit)).collect();
    // By revenue, the largest first; equal ones by key as shown.
    rows.sort_unstable_by(|left, right| right.0.cmp(&left.0).then_with(|| left.1.cmp(&right.1)));
    let start = match &question.cursor {
        Some(cursor) => {
            let wrong = || Fault::new("cursor", "`cursor` is the `next_cursor` of the answer before.");
            let (revenue, values) = Cursor::parse(cursor).ok_or_else(wrong)?;
            rows.partition_point(|row| row.0 > revenue || (row.0 == revenue && row.1 <= values))
        }
        None => 0,
    };
    let end = start.saturating_add(question.limit).min(rows.len());
    let page = rows.get(start..end).unwrap_or_default();
    let next_cursor = page.last().filter(|_| end < rows.len()).map(Cursor::text);
    let show = |row: &Ranked| Row {
        key: std::iter::zip(&question.dimensions, &row.1)
            .map(|(by, value)| (by.name(), value.clone()))
            .collect(),
        metrics: table.metrics(&row.2, unit, with_visits),
        previous: former.as_ref().map(|former| former.metrics(&row.2, unit, with_visits)),
    };
    Ok(Answer {
        rows: page.iter().map(show).collect(),
        totals: Metrics::of(&table.totals.figures(unit), Some(table.all_visits.of(&()))),
        unattributed: Metrics::of(&table.unattributed.figures(unit), Some(Visits::default())),
        model: question.model.name(),
        from: iso(question.span.start),
        to: iso(question.span.end),
        previous: question.former.as_ref().map(Ends::of),
        mixed_currencies: unit.is_mixed(),
        by_currency: table.totals.by_currency(),
        note: table.fell_back.then_some("markov_fell_back_on_linear"),
        reservations: table.reservations,
        next_cursor,
    })
}

impl Table {
    fn of(book: &Book<'_>, question: &Question, span: &Span) -> Result<Self, ReportError> {
        let mut table = Self {
            rows: HashMap::new(),
            unattributed: Sums::default(),
            totals: Sums::default(),
            visits: Counts::new(),
            all_visits: Counts::new(),
            shown: HashMap::new(),
            reservations: Reservations::default(),
            fell_back: false,
        };
        let speller = Speller::new(book.ledger());
        let orders = book.in_span(span, question)?;
        table.reservations = Reservations::of(&orders, span);
        let effects = if question.model == Model::Markov {
            markov::effects(book, &orders, question, span)?
        } else {
            None
        };
        table.fell_back = question.model == Model::Markov && effects.is_none();
        let model = if question.model == Model::Markov { Model::Linear } else { question.model };
        for order in &orders {
            table.credit(order, model, question, span, &speller)?;
        }
        if let Some(effects) = effects {
            table.share_by(&effects);
        }
        traffic::each(book, span, question, &mut |seen| {
            let key = question.dimensions.iter().map(|by| by.folded(by.of_touch(seen.touch)).into_owned());
            let key: Key = key.collect();
            table.visits.count(key, seen);
            table.all_visits.count((), seen);
        })?;
        table.name_visits(book, question, span, &speller)?;
        Ok(table)
    }

    /// Adds an order's movements to the rows of its touches.
    fn credit(
        &mut self,
        order: &Credited,
        model: Model,
        question: &Question,
        span: &Span,
        speller: &Speller<'_>,
    ) -> Result<(), ReadError> {
        let Some(value) = &order.value else { return Ok(()) };
        let journey = order.journey();
        let keys: Vec<Key> = journey.iter().map(|touch| key_of(order, touch, &question.dimensions)).collect();
        let shares = order.shares(model, &keys.iter().map(|key| joined(key)).collect::<Vec<_>>());
        for (touch, key) in std::iter::zip(&journey, &keys) {
            if !self.shown.contains_key(key) {
                let shown = shown(order, touch, &question.dimensions, speller)?;
                self.shown.insert(key.clone(), shown);
            }
        }
        let add = |sums: &mut Sums, part: &Part| sums.add(part, value.currency, order.counted.order.renewal);
        for (_, parts) in order.movements(&shares, span) {
            for (position, part) in parts.iter().enumerate() {
                let touch = journey.get(position).copied();
                if *part == Part::default() || !question.passes_touch(touch) {
                    continue;
                }
                match keys.get(position) {
                    Some(key) => add(self.rows.entry(key.clone()).or_default(), part),
                    None => add(&mut self.unattributed, part),
                }
                add(&mut self.totals, part);
            }
        }
        Ok(())
    }

    /// Puts the shares of a whole report in the place of those of its orders.
    fn share_by(&mut self, effects: &markov::Effects) {
        let mut attributed = Sums::default();
        for sums in self.rows.values() {
            attributed.merge(sums);
        }
        self.rows = std::iter::zip(effects.keys.iter().cloned(), attributed.split(&effects.shares)).collect();
        for (key, shown) in std::iter::zip(&effects.keys, &effects.shown) {
            self.shown.entry(key.clone()).or_insert_with(|| shown.clone());
        }
    }

    /// Finds how the keys are shown that have visits and no money.
    fn name_visits(
        &mut self,
        book: &Book<'_>,
        question: &Question,
        span: &Span,
        speller: &Speller<'_>,
    ) -> Result<(), ReadError> {
        if self.visits.keys().all(|key| self.shown.contains_key(key)) {
            return Ok(());
        }
        let mut unnamed: BTreeMap<Key, Touch> = BTreeMap::new();
        traffic::each(book, span, question, &mut |seen| {
            let key = question.dimensions.iter().map(|by| by.folded(by.of_touch(seen.touch)).into_owned());
            let key: Key = key.collect();
            if !self.shown.contains_key(&key) {
                unnamed.entry(key).or_insert_with(|| seen.touch.clone());
            }
        })?;
        for (key, touch) in unnamed {
            let shown =
                question.dimensions.iter().map(|by| speller.shown(*by, &touch)).collect::<Result<_, _>>()?;
            self.shown.insert(key, shown);
        }
        Ok(())
    }

    fn keys(&self, with_visits: bool) -> impl Iterator<Item = &Key> {
        let visited = self.visits.keys().filter(move |key| with_visits && !self.rows.contains_key(*key));
        self.rows.keys().chain(visited)
    }

    fn ranked(&self, key: &Key, unit: Unit) -> Ranked {
        let revenue = self.rows.get(key).map_or(0, |sums| sums.figures(unit).revenue);
        (revenue, self.shown.get(key).cloned().unwrap_or_else(|| key.clone()), key.clone())
    }

    fn metrics(&self, key: &Key, unit: Unit, with_visits: bool) -> Metrics {
        let figures = self.rows.get(key).map_or(Figures::nothing(unit), |sums| sums.figures(unit));
        Metrics::of(&figures, with_visits.then(|| self.visits.of(key)))
    }
}

/// The folded values of a touch, or of the order where they are its own.
fn key_of(order: &Credited, touch: &Touch, dimensions: &[Dimension]) -> Key {
    let value = |by: &Dimension| by.folded(order.own(*by).unwrap_or_else(|| by.of_touch(touch))).into_owned();
    dimensions.iter().map(value).collect()
}

fn shown(
    order: &Credited,
    touch: &Touch,
    dimensions: &[Dimension],
    speller: &Speller<'_>,
) -> Result<Vec<String>, ReadError> {
    let value = |by: &Dimension| match order.own(*by) {
        Some(own) => Ok(own.to_owned()),
        None => speller.shown(*by, touch),
    };
    dimensions.iter().map(value).collect()
}

/// Several values as one, for models that look at values.
pub(super) fn joined(key: &[String]) -> String {
    key.join("\u{1f}")
}

/// A row where it stands: its revenue, the values shown and the key.
type Ranked = (i128, Vec<String>, Key);

/// Where a page begins: after the row of this revenue and these values.
struct Cursor;

impl Cursor {
    fn text(row: &Ranked) -> String {
        let place = serde_json::json!([row.0.to_string(), row.1]);
        URL_SAFE_NO_PAD.encode(place.to_string())
    }

    fn parse(text: &str) -> Option<(i128, Vec<String>)> {
        let place = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (revenue, values): (String, Vec<String>) = serde_json::from_slice(&place).ok()?;
        Some((revenue.parse().ok()?, values))
    }
}
