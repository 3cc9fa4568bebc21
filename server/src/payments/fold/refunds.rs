//! What was given back: refund objects in their latest state, else cumulative figures, and disputes beside them.

use std::collections::BTreeMap;

use super::{Heard, REFUND_OBJECTS_INCOMPLETE, REFUNDS_EXCEED_PAYMENT, is_kind};
use crate::clock::Millis;
use crate::payments::history::is_fetched;
use crate::payments::order::{EntryKind, OrderEntry};
use crate::payments::{Provider, Refund, RefundState};

/// The movements after the payment, and what is to be remarked on them.
pub(super) struct GivenBack {
    pub(super) entries: Vec<OrderEntry>,
    pub(super) remarks: Vec<String>,
}

/// A refund object as one event tells it.
type Told<'a> = (Millis, RefundState, &'a str, &'a Refund);

/// Reads the movements of an order of `paid` minor units, by time.
pub(super) fn read(heard: &[Heard<'_>], provider: Provider, paid: i64) -> GivenBack {
    let mut entries = Vec::new();
    let mut remarks = Vec::new();
    for of_payment in by_payment(heard) {
        let objects = objects(&of_payment);
        let totals = totals(&of_payment);
        if objects.is_empty() {
            entries.extend(steps(&totals));
            continue;
        }
        if totals.last().is_some_and(|total| disagrees(&objects, *total, provider)) {
            remarks.push(REFUND_OBJECTS_INCOMPLETE.to_owned());
        }
        entries
            .extend(objects.values().filter_map(|told| told.last()).map(|told| refund_entry(told, provider)));
    }
    remarks.dedup();
    entries.extend(disputes(heard));
    entries.sort_by(|left, right| {
        (left.at_ms, kind_order(left), &left.id).cmp(&(right.at_ms, kind_order(right), &right.id))
    });
    if limit(&mut entries, paid) {
        remarks.push(REFUNDS_EXCEED_PAYMENT.to_owned());
    }
    GivenBack { entries, remarks }
}

/// The facts by the payment that they speak of; most often there is one, and all are of it.
fn by_payment<'a>(heard: &[Heard<'a>]) -> Vec<Vec<Heard<'a>>> {
    let intent_of = |heard: &Heard<'a>| heard.fact.references.iter().find(|name| is_kind(name, "intent"));
    let mut by_intent: BTreeMap<Option<&String>, Vec<Heard<'a>>> = BTreeMap::new();
    for one in heard {
        by_intent.entry(intent_of(one)).or_default().push(*one);
    }
    if by_intent.keys().flatten().count() > 1 {
        by_intent.into_values().collect()
    } else {
        vec![heard.to_vec()]
    }
}

/// Every refund object with all that was told of it, the latest last; at equal times the further state is later.
fn objects<'a>(heard: &[Heard<'a>]) -> BTreeMap<&'a str, Vec<Told<'a>>> {
    let mut objects: BTreeMap<&str, Vec<Told<'_>>> = BTreeMap::new();
    for fact in heard.iter().map(|heard| heard.fact) {
        if let Some(refund) = &fact.refund {
            let told = (fact.at_ms, refund.state, fact.event_id.as_str(), refund);
            objects.entry(&refund.id).or_default().push(told);
        }
    }
    for told in objects.values_mut() {
        told.sort_by_key(|(at_ms, state, event_id, _)| (*at_ms, *state, *event_id));
    }
    objects
}

/// The cumulative figures by time, each with its time; at equal times the larger is later.
fn totals(heard: &[Heard<'_>]) -> Vec<(Millis, i64)> {
    let mut totals: Vec<(Millis, i64)> =
        heard.iter().filter_map(|heard| Some((heard.fact.at_ms, heard.fact.refunded_total_minor?))).collect();
    totals.sort_unstable();
    totals
}

/// The steps that the cumulative figures take. What a later figure takes back has never counted.
fn steps(totals: &[(Millis, i64)]) -> Vec<OrderEntry> {
    let mut least = i64::MAX;
    let mut held: Vec<(Millis, i64)> = Vec::new();
    for (at_ms, total) in totals.iter().rev() {
        least = least.min(*total);
        held.push((*at_ms, least));
    }
    let mut before = 0;
    let mut entries = Vec::new();
    for (at_ms, total) in held.into_iter().rev() {
        if total > before {
            entries.push(entry(at_ms, EntryKind::Refund, "", "total", before - total, true));
            before = total;
        }
    }
    entries
}

/// Whether the objects sum to something else than the cumulative figure did when it was told.
fn disagrees(
    objects: &BTreeMap<&str, Vec<Told<'_>>>,
    (at_ms, total): (Millis, i64),
    provider: Provider,
) -> bool {
    let then = |told: &Vec<Told<'_>>| {
        let known = told.iter().rfind(|(told_ms, ..)| *told_ms <= at_ms);
        // Made before the figure but told after it: the figure knew it as it was made.
        let (_, state, _, refund) =
            known.or_else(|| told.first().filter(|told| told.3.created_ms <= at_ms))?;
        counts(*state, provider).then_some(refund.minor)
    };
    objects.values().filter_map(then).fold(0_i64, i64::saturating_add) != total
}

/// Whether money counts as given back in this state: Stripe takes it at once, the others when it is done.
fn counts(state: RefundState, provider: Provider) -> bool {
    match state {
        RefundState::Succeeded => true,
        RefundState::Pending => provider == Provider::Stripe,
        RefundState::RequiresAction | RefundState::Failed | RefundState::Canceled => false,
    }
}

fn refund_entry((_, state, _, refund): &Told<'_>, provider: Provider) -> OrderEntry {
    let counts = counts(*state, provider);
    entry(refund.created_ms, EntryKind::Refund, &refund.id, state.name(), -refund.minor, counts)
}

/// The movements of disputes. What was fetched is the same movements with times of their own: each that a webhook
/// told of is left out.
fn disputes(heard: &[Heard<'_>]) -> Vec<OrderEntry> {
    let (fetched, told): (Vec<&Heard<'_>>, Vec<&Heard<'_>>) =
        heard.iter().partition(|one| is_fetched(&one.fact.event_id));
    let mut entries = movements(&told);
    let mut told: Vec<(String, String)> =
        entries.iter().map(|entry| (entry.id.clone(), entry.state.clone())).collect();
    for entry in movements(&fetched) {
        match told.iter().position(|(id, state)| *id == entry.id && *state == entry.state) {
            Some(place) => drop(told.swap_remove(place)),
            None => entries.push(entry),
        }
    }
    entries
}

fn movements(heard: &[&Heard<'_>]) -> Vec<OrderEntry> {
    let mut entries: Vec<OrderEntry> = Vec::new();
    for dispute in heard.iter().filter_map(|heard| heard.fact.dispute.as_ref()) {
        let (state, minor) =
            if dispute.taken { ("taken", -dispute.minor) } else { ("returned", dispute.minor) };
        let entry = entry(dispute.at_ms, EntryKind::Dispute, &dispute.id, state, minor, true);
        if !entries.contains(&entry) {
            entries.push(entry);
        }
    }
    entries
}

fn entry(at_ms: Millis, kind: EntryKind, id: &str, state: &str, minor: i64, counts: bool) -> OrderEntry {
    OrderEntry { at_ms, kind, id: id.to_owned(), state: state.to_owned(), minor, counts }
}

fn kind_order(entry: &OrderEntry) -> u8 {
    match entry.kind {
        EntryKind::Payment => 0,
        EntryKind::Refund => 1,
        EntryKind::Dispute => 2,
    }
}

/// Holds what refunds and open or lost disputes take together to what was paid, at every moment: the counting
/// entries become the steps of that held sum. Whether anything had to be held.
fn limit(entries: &mut [OrderEntry], paid: i64) -> bool {
    let mut wanted = 0_i64;
    let mut held = 0_i64;
    let mut is_limited = false;
    for entry in entries.iter_mut().filter(|entry| entry.counts) {
        wanted = wanted.saturating_sub(entry.minor);
        let now = wanted.clamp(0, paid.max(0));
        is_limited |= now != wanted;
        entry.minor = held.saturating_sub(now);
        held = now;
    }
    is_limited
}
