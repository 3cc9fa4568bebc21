//! The explanation of an order: all that is needed to compute by hand whose money it is.

mod evidence;

use std::collections::BTreeMap;

use attribution::evidence::ConsideredTouch;
use attribution::model::Model;
use attribution::money::{Share, refund_credits};
use serde::Serialize;

use super::amount::{Amount, Unit};
use super::credit::{Book, Credited};
use super::dimension::Dimension;
use super::ledger::Trust;
use super::orders::{Row, unit_of};
use super::question::Question;
use super::revenue::joined;
use super::spelling::Speller;
use super::time::{iso, shown as moment};
use super::{Context, ReportError};
use crate::payments::{EntryKind, OrderEntry};
use crate::store::{NoticeRow, ReadError};

/// The answer.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "the members are the contract's own words")]
pub struct Answer {
    #[serde(flatten)]
    pub row: Row,
    pub tax: Option<Amount>,
    pub country: Option<String>,
    pub customer: Customer,
    pub inherited_from: Option<String>,
    pub replaces: Vec<String>,
    pub others: Vec<String>,
    pub remarks: Vec<String>,
    pub entries: Vec<Entry>,
    pub evidence: evidence::Evidence,
    pub touches: Vec<Touch>,
    pub credits: BTreeMap<&'static str, BTreeMap<usize, Credit>>,
    pub webhooks: Vec<Webhook>,
}

/// Who bought.
#[derive(Clone, Debug, Default, Serialize)]
#[allow(missing_docs, reason = "the members are the contract's own words")]
pub struct Customer {
    pub customer_id: Option<String>,
    pub user_id: Option<String>,
    pub name: Option<String>,
}

/// A movement of the order's money.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "the members are the contract's own words")]
pub struct Entry {
    pub at: String,
    pub kind: EntryKind,
    pub id: String,
    pub status: String,
    pub amount: Amount,
    pub counts: bool,
    pub reporting: Option<Amount>,
    pub rate: Option<String>,
    pub rate_date: Option<String>,
    pub rate_source: Option<&'static str>,
}

/// A touch that was looked at.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "the members are the contract's own words")]
pub struct Touch {
    pub at: String,
    pub session_id: Option<String>,
    pub visitor_uid: Option<String>,
    pub channel: String,
    pub source: String,
    pub medium: String,
    pub campaign: String,
    pub term: String,
    pub content: String,
    pub referrer: Option<String>,
    pub landing_page: String,
    pub country: Option<String>,
    pub device: Option<String>,
    pub used: bool,
    pub reason: Option<&'static str>,
}

/// What a touch gets: of 10^12, of the payment, and of what is left of it.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "the members are the contract's own words")]
pub struct Credit {
    pub weight: Share,
    pub money: Amount,
    pub net: Amount,
}

/// A webhook that spoke of the order.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "the members are the contract's own words")]
pub struct Webhook {
    pub event_id: String,
    #[serde(rename = "type")]
    pub event_type: String,
    pub at: String,
    pub received_at: String,
    pub status: crate::store::Outcome,
    pub changed: Vec<String>,
}

/// Explains an order of the question's mode.
pub fn answer(context: &Context<'_>, question: &Question, order_id: &str) -> Result<Answer, ReportError> {
    let book = Book::explaining(context, question.live);
    let mut found = book.ledger().find(order_id)?.into_iter();
    let counted = found.next().ok_or(ReportError::NotFound)?;
    let others = found.filter_map(|other| other.row_id).collect();
    let order = book.credited(counted)?;
    let speller = Speller::new(book.ledger());
    let own = &order.counted.order;
    let reported = order.counted.trust == Trust::Reported;
    let notices = if reported { Vec::new() } else { context.store.notices_of(context.site.number, own)? };
    Ok(Answer {
        row: Row::of(&order, &book, question.model, &speller)?,
        tax: own.tax_minor.map(|tax| unit_of(own).amount(tax.into())),
        country: own.clues.country.clone(),
        customer: customer(&order, context)?,
        inherited_from: order.trace.inherited_from.clone(),
        replaces: replaced(&order),
        others,
        remarks: own.remarks.clone(),
        entries: entries(&order),
        evidence: evidence::of(&order, context.site.window_days),
        touches: order
            .trace
            .touches
            .iter()
            .map(|touch| shown_touch(touch, &speller))
            .collect::<Result<_, _>>()?,
        credits: Model::ALL
            .into_iter()
            .filter(|model| *model != Model::Markov)
            .map(|model| (model.name(), credits(&order, model, question)))
            .collect(),
        webhooks: notices.into_iter().map(webhook).collect(),
    })
}

fn customer(order: &Credited, context: &Context<'_>) -> Result<Customer, ReadError> {
    let clues = &order.counted.order.clues;
    let of_journey = order.trace.levels.iter().find(|level| level.holds);
    let user = of_journey.and_then(|level| level.found.first()).and_then(|found| found.user.clone());
    let user_id = user.or_else(|| clues.user.clone());
    let name = match &user_id {
        Some(user) => {
            let identifies = context.store.identifies_of_user(context.site.number, user)?;
            identifies.into_iter().rev().find_map(|identify| identify.name)
        }
        None => None,
    };
    Ok(Customer { customer_id: clues.customer.clone(), user_id, name })
}

/// The ids of the reported purchases whose place it takes, each once.
fn replaced(order: &Credited) -> Vec<String> {
    let mut ids: Vec<String> =
        order.counted.replaces.iter().map(|purchase| purchase.order_id.clone()).collect();
    ids.dedup();
    ids
}

fn entries(order: &Credited) -> Vec<Entry> {
    let own = &order.counted.order;
    let rate = order.value.as_ref().and_then(|value| value.rate.as_ref());
    let reporting = |position: usize| {
        let value = order.value.as_ref()?;
        let minor = (*value.entries.get(position)?)?;
        Some(Amount::of(minor, value.currency))
    };
    let show = |(position, entry): (usize, &OrderEntry)| Entry {
        at: moment(entry.at_ms),
        kind: entry.kind,
        id: entry.id.clone(),
        status: entry.state.clone(),
        amount: unit_of(own).amount(entry.minor.into()),
        counts: entry.counts,
        reporting: reporting(position),
        rate: rate.map(super::rates::Rate::text),
        rate_date: rate.map(|rate| rate.date.to_string()),
        rate_source: rate.map(|rate| if rate.is_of_provider() { own.provider.name() } else { "ecb" }),
    };
    own.entries.iter().enumerate().map(show).collect()
}

fn shown_touch(considered: &ConsideredTouch, speller: &Speller<'_>) -> Result<Touch, ReadError> {
    let touch = &considered.touch;
    let shown = |by: Dimension| speller.shown(by, touch);
    Ok(Touch {
        // A touch made from the payment's own address has the payment's time, shown as that is.
        at: if touch.session.is_none() { moment(touch.at_ms) } else { iso(touch.at_ms) },
        session_id: touch.session.clone(),
        visitor_uid: touch.visitor.clone(),
        channel: shown(Dimension::Channel)?,
        source: shown(Dimension::Source)?,
        medium: shown(Dimension::Medium)?,
        campaign: shown(Dimension::Campaign)?,
        term: shown(Dimension::Term)?,
        content: shown(Dimension::Content)?,
        referrer: touch.referrer.clone(),
        landing_page: touch.landing_page.clone(),
        country: touch.country.clone(),
        device: touch.device.clone(),
        used: considered.used,
        reason: considered.left_out.map(attribution::evidence::LeftOut::name),
    })
}

/// The credits of a model by the touch's position among those listed; touches without a weight are left out.
fn credits(order: &Credited, model: Model, question: &Question) -> BTreeMap<usize, Credit> {
    let listed = order.trace.touches.iter().enumerate().filter(|(_, touch)| touch.used);
    let positions: Vec<usize> = listed.map(|(position, _)| position).collect();
    // Where the question names no dimension, shapley goes by source.
    let by = |touch: &attribution::touch::Touch| {
        let value = |by: &Dimension| by.folded(by.of_touch(touch)).into_owned();
        joined(&question.dimensions.iter().map(value).collect::<Vec<_>>())
    };
    let values: Vec<String> = order.journey().into_iter().map(by).collect();
    let shares = order.shares(model, &values);
    if shares.is_empty() {
        return BTreeMap::new();
    }
    let own = &order.counted.order;
    let (unit, paid, net, money) = if let Some(value) = &order.value {
        (Unit::of(value.currency), value.paid, value.net(), order.credits(&shares))
    } else {
        // Without a rate the credits are shown in what was paid.
        let (paid, back) = (i128::from(own.minor), i128::from(own.refunded_minor()));
        (unit_of(own), paid, paid - back, attribution::money::split(paid, &shares))
    };
    let back = refund_credits(&money, paid, paid - net);
    let mut credits = BTreeMap::new();
    for ((position, weight), (money, back)) in
        std::iter::zip(std::iter::zip(positions, shares), std::iter::zip(money, back))
    {
        if weight > 0 {
            credits.insert(
                position,
                Credit { weight, money: unit.amount(money), net: unit.amount(money - back) },
            );
        }
    }
    credits
}

fn webhook(row: NoticeRow) -> Webhook {
    Webhook {
        event_id: row.notice.event_id,
        event_type: row.notice.event_type,
        at: iso(row.notice.at_ms),
        received_at: iso(row.notice.received_ms),
        status: row.outcome,
        changed: row.changed,
    }
}
