//! Credits: every order's money in the reporting currency, and each movement of it shared among its touches.

use std::collections::BTreeMap;
use std::rc::Rc;

use attribution::evidence::Trace;
use attribution::model::{Model, Point, shares};
use attribution::money::{Currency, Share, refund_credits, split};
use attribution::touch::Touch;
use serde::Serialize;

use super::Context;
use super::amount::{Amount, Unit};
use super::chain::Tracer;
use super::dimension::Dimension;
use super::ledger::{Counted, Ledger};
use super::question::Question;
use super::rates::Rate;
use crate::payments::{EntryKind, Order};
use crate::rates::Table;
use crate::store::{ReadError, Span};

/// An order counts so many millionths, so that models can split it.
pub const ORDER: i128 = 1_000_000;

/// Whether and into what amounts are converted.
#[derive(Clone, Copy)]
pub struct Conversion<'a> {
    /// The reporting currency, while the site has an active integration; none leaves amounts as they are.
    pub to: Option<Currency>,
    /// The currency of a report without any money.
    pub otherwise: Option<Currency>,
    rates: &'a Table,
}

impl<'a> Conversion<'a> {
    /// What holds for a site now.
    pub fn of(context: &Context<'a>) -> Self {
        let is_integrated = context.store.catalogue().integrations(&context.site.id).next().is_some();
        let reporting = Currency::parse(&context.site.currency).or_else(|| Currency::parse("USD"));
        Self { to: reporting.filter(|_| is_integrated), otherwise: reporting, rates: context.rates }
    }
}

/// An order's money as reports count it.
#[derive(Clone, Debug)]
pub struct Value {
    /// Of what the figures are.
    pub currency: Currency,
    /// What was paid.
    pub paid: i128,
    /// The movements, aligned with the order's entries; none for one that does not count.
    pub entries: Vec<Option<i128>>,
    /// The rate, where it was converted.
    pub rate: Option<Rate>,
}

impl Value {
    /// What is left of the payment.
    pub fn net(&self) -> i128 {
        self.entries.iter().flatten().sum()
    }
}

impl Conversion<'_> {
    /// An order's money; none where there is no rate. It is converted once: a payment or refund is the difference
    /// of what its sum so far converts to, so that a full refund is the exact negative.
    pub fn value(&self, order: &Order) -> Option<Value> {
        let own = Currency::parse(&order.currency)?;
        let to = self.to.unwrap_or(own);
        let rate = if to == own { None } else { Some(Rate::of(order, own, to, self.rates)?) };
        let convert = |minor: i64| match &rate {
            Some(rate) => rate.convert(minor.into()),
            None => Some(minor.into()),
        };
        let (mut paid, mut back) = (0_i64, 0_i64);
        let mut entries = Vec::with_capacity(order.entries.len());
        for entry in &order.entries {
            let sum = if entry.kind == EntryKind::Payment { &mut paid } else { &mut back };
            if !entry.counts {
                entries.push(None);
                continue;
            }
            let before = convert(*sum)?;
            *sum = sum.saturating_add(entry.minor);
            entries.push(Some(convert(*sum)? - before));
        }
        Some(Value { currency: to, paid: convert(paid)?, entries, rate })
    }
}

/// What a touch, or nobody, gets of an order within a span.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Money in.
    pub paid: i128,
    /// Money back, positive.
    pub back: i128,
    /// Millionths of an order.
    pub orders: i128,
}

/// An order of a report: whose journey it has, and what it is worth.
pub struct Credited {
    /// The order.
    pub counted: Counted,
    /// How it is tied to its journey.
    pub trace: Rc<Trace>,
    /// Its money; none where there is no rate.
    pub value: Option<Value>,
}

impl Credited {
    /// The touches that share its money.
    pub fn journey(&self) -> Vec<&Touch> {
        self.trace.journey().collect()
    }

    /// Its own value of a dimension that is the order's.
    #[expect(clippy::wildcard_enum_match_arm, reason = "all other dimensions are those of touches")]
    pub fn own(&self, dimension: Dimension) -> Option<&str> {
        match dimension {
            Dimension::Provider => Some(self.counted.provider_name()),
            Dimension::Trust => Some(self.counted.trust.name()),
            Dimension::Currency => Some(&self.counted.order.currency),
            _ => None,
        }
    }

    /// The shares of its journey's touches by a model; `values` are those of the dimension asked for.
    pub fn shares(&self, model: Model, values: &[String]) -> Vec<Share> {
        let journey = self.journey();
        let points: Vec<Point<'_>> = std::iter::zip(&journey, values)
            .map(|(touch, value)| Point { at_ms: touch.at_ms, is_direct: touch.source.is_direct(), value })
            .collect();
        shares(model, &points, self.trace.measured_at_ms)
    }

    /// The money of each touch by its shares; nobody's where there are none.
    pub fn credits(&self, shares: &[Share]) -> Vec<i128> {
        let paid = self.value.as_ref().map_or(0, |value| value.paid);
        if shares.is_empty() { vec![paid] } else { split(paid, shares) }
    }

    /// What each touch gets within a span, and when: one row of parts for each movement.
    pub fn movements(&self, shares: &[Share], span: &Span) -> Vec<(i64, Vec<Part>)> {
        let Some(value) = &self.value else { return Vec::new() };
        let credits = self.credits(shares);
        let order = &self.counted.order;
        let mut movements = Vec::new();
        if span.contains(&order.at_ms) {
            let whole = if shares.is_empty() { vec![ORDER] } else { split(ORDER, shares) };
            let parts = whole.into_iter().map(|orders| Part { orders, ..Part::default() }).collect();
            movements.push((order.at_ms, parts));
        }
        let (mut paid, mut back) = (0_i128, 0_i128);
        for (entry, minor) in std::iter::zip(&order.entries, &value.entries) {
            let Some(minor) = minor else { continue };
            let is_payment = entry.kind == EntryKind::Payment;
            let sum = if is_payment { &mut paid } else { &mut back };
            let before = refund_credits(&credits, value.paid, *sum);
            *sum += if is_payment { *minor } else { -*minor };
            if !span.contains(&entry.at_ms) {
                continue;
            }
            let after = refund_credits(&credits, value.paid, *sum);
            let parts = std::iter::zip(after, before).map(|(after, before)| {
                let moved = after - before;
                if is_payment {
                    Part { paid: moved, ..Part::default() }
                } else {
                    Part { back: moved, ..Part::default() }
                }
            });
            movements.push((entry.at_ms, parts.collect()));
        }
        movements
    }
}

/// The orders of a report.
pub struct Book<'a> {
    /// Follows the chain.
    pub tracer: Tracer<'a>,
    /// Whether amounts are converted.
    pub conversion: Conversion<'a>,
}

impl<'a> Book<'a> {
    /// The orders of a site in a mode.
    pub fn of(context: &Context<'a>, live: bool) -> Self {
        let ledger = Ledger { store: context.store, site: context.site, live };
        Self { tracer: Tracer::new(ledger), conversion: Conversion::of(context) }
    }

    /// The same, for an explanation: every level of the chain is tried.
    pub fn explaining(context: &Context<'a>, live: bool) -> Self {
        let ledger = Ledger { store: context.store, site: context.site, live };
        Self { tracer: Tracer::explaining(ledger), conversion: Conversion::of(context) }
    }

    /// The ledger.
    pub fn ledger(&self) -> Ledger<'a> {
        self.tracer.world.ledger()
    }

    /// An order with its journey and its money.
    pub fn credited(&self, counted: Counted) -> Result<Credited, ReadError> {
        let trace = self.tracer.trace(&counted)?;
        let value = self.conversion.value(&counted.order);
        Ok(Credited { counted, trace, value })
    }

    /// The orders with a movement in a span for which the question's conditions on orders hold.
    pub fn in_span(&self, span: &Span, question: &Question) -> Result<Vec<Credited>, ReadError> {
        let mut credited = Vec::new();
        for counted in self.ledger().in_span(span)? {
            let order = self.credited(counted)?;
            let passes = |filter: &super::dimension::Filter| {
                !filter.dimension.is_of_order() || filter.passes(order.own(filter.dimension))
            };
            if question.filters.iter().all(passes) {
                credited.push(order);
            }
        }
        Ok(credited)
    }
}

/// What is to be known of converted figures.
#[derive(Clone, Debug, Default, Serialize)]
#[allow(missing_docs, reason = "the members are the contract's own words")]
pub struct Reservations {
    /// The amounts that are in no figure, for there is no rate.
    pub unconverted: Vec<Amount>,
    pub provisional: bool,
    pub stale: bool,
}

impl Reservations {
    /// Those of orders by their movements within a span.
    pub fn of(orders: &[Credited], span: &Span) -> Self {
        let moves = |order: &&Credited| {
            order.counted.order.entries.iter().any(|entry| entry.counts && span.contains(&entry.at_ms))
        };
        Self { unconverted: unconverted(orders, span), ..Self::of_rates(orders.iter().filter(moves)) }
    }

    /// Those that the rates of orders give cause to.
    pub fn of_rates<'a>(orders: impl Iterator<Item = &'a Credited>) -> Self {
        let mut told = Self::default();
        for rate in orders.filter_map(|order| order.value.as_ref()?.rate.as_ref()) {
            told.provisional |= rate.provisional;
            told.stale |= rate.stale;
        }
        told
    }
}

/// The amounts within a span that could not be converted, by currency.
fn unconverted(orders: &[Credited], span: &Span) -> Vec<Amount> {
    let mut sums: BTreeMap<Currency, i128> = BTreeMap::new();
    for order in orders.iter().filter(|order| order.value.is_none()).map(|order| &order.counted.order) {
        let Some(currency) = Currency::parse(&order.currency) else { continue };
        for entry in order.entries.iter().filter(|entry| entry.counts && span.contains(&entry.at_ms)) {
            *sums.entry(currency).or_default() += i128::from(entry.minor);
        }
    }
    sums.into_iter().map(|(currency, minor)| Unit::of(currency).amount(minor)).collect()
}
