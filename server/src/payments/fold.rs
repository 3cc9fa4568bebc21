//! Facts to orders: what all that was said comes to, whatever came first.

mod compare;
mod customers;
mod group;
mod refunds;

use std::collections::{BTreeMap, BTreeSet};

pub use compare::compare;

use super::order::{EntryKind, Order, OrderEntry};
use super::{CUSTOMER, Clues, Fact, LIKENESS, LIKENESS_MS, Notice, Paid, Provider};
use crate::clock::Millis;

/// The remark of an order whose parts nothing joins but their likeness.
pub const JOINED_BY_LIKENESS: &str = "joined_by_likeness";
/// The remark of an order whose refund objects and cumulative figure disagree.
pub const REFUND_OBJECTS_INCOMPLETE: &str = "refund_objects_incomplete";
/// The remark of an order of which more was given back or disputed than was paid.
pub const REFUNDS_EXCEED_PAYMENT: &str = "refunds_exceed_payment";

/// A fact, and who said it.
#[derive(Clone, Copy, PartialEq)]
struct Heard<'a> {
    provider: Provider,
    live: bool,
    fact: &'a Fact,
}

/// Folds notices into the orders that they tell of, by time; none while none of them tells of money.
///
/// `notices` are all notices that references connect (those beginning with [`LIKENESS`] included), directly or
/// through others, and those about the customers of these, in any order: the answer does not depend on it. Most
/// often that is one order; it is several where nothing but likeness connects them.
pub fn fold(notices: &[&Notice]) -> Vec<Order> {
    let mut heard: Vec<Heard<'_>> = notices
        .iter()
        .flat_map(|notice| {
            notice.facts.iter().map(|fact| Heard { provider: notice.provider, live: notice.live, fact })
        })
        .collect();
    heard.sort_by(|left, right| place(left).cmp(&place(right)));
    heard.dedup();
    let (of_customers, of_orders): (Vec<_>, Vec<_>) =
        heard.into_iter().partition(|heard| heard.fact.is_of_customer());
    let mut drafts: Vec<Draft<'_>> = group::connected(&of_orders).into_iter().map(Draft::new).collect();
    join_alike(&mut drafts);
    let mut orders: Vec<Order> = drafts.into_iter().filter_map(|draft| draft.order()).collect();
    for order in &mut orders {
        customers::tell(order, &of_customers);
    }
    orders.sort_by(|left, right| (left.at_ms, &left.id).cmp(&(right.at_ms, &right.id)));
    orders
}

/// The order in which facts are read: by the provider's time, ties by event id.
fn place<'a>(heard: &Heard<'a>) -> (Millis, &'a str, &'a [String], bool) {
    (heard.fact.at_ms, &heard.fact.event_id, &heard.fact.references, heard.live)
}

/// Whether a reference joins for certain.
fn is_strong(reference: &str) -> bool {
    !reference.starts_with(LIKENESS) && !is_kind(reference, CUSTOMER)
}

/// Whether a reference is of a kind, as in `intent:pi_1`.
pub(super) fn is_kind(reference: &str, kind: &str) -> bool {
    reference.strip_prefix(kind).is_some_and(|rest| rest.starts_with(':'))
}

/// The id of an object, without its kind.
fn without_kind(reference: &str) -> &str {
    reference.split_once(':').map_or(reference, |(_, id)| id)
}

/// Which object names an order, the first kind that is there; a merchant's own order is named by itself.
fn name_among<'a>(references: &(impl Iterator<Item = &'a str> + Clone), provider: Provider) -> &'a str {
    const KINDS: [&str; 5] = ["intent", "invoice", "session", "charge", "order"];
    let kinds: &[&str] = if provider == Provider::Api { &["order"] } else { &KINDS };
    let named = kinds.iter().find_map(|kind| references.clone().find(|reference| is_kind(reference, kind)));
    named.map(without_kind).unwrap_or_default()
}

/// Money that came in, told by the best of the objects that tell it.
#[derive(Clone, Copy)]
struct Payment<'a> {
    provider: Provider,
    id: &'a str,
    paid: &'a Paid,
}

impl Payment<'_> {
    /// The lowest rank decides; of equal ones the earliest, for facts are read by time.
    fn is_better_than(&self, other: &Self) -> bool {
        self.paid.rank < other.paid.rank
    }

    fn entry(&self) -> OrderEntry {
        OrderEntry {
            at_ms: self.paid.at_ms,
            kind: EntryKind::Payment,
            id: self.id.to_owned(),
            state: "paid".to_owned(),
            minor: self.paid.minor,
            counts: true,
        }
    }
}

/// The facts of one order, before they are one.
struct Draft<'a> {
    heard: Vec<Heard<'a>>,
    is_joined_by_likeness: bool,
}

impl<'a> Draft<'a> {
    fn new(heard: Vec<Heard<'a>>) -> Self {
        Self { heard, is_joined_by_likeness: false }
    }

    fn facts(&self) -> impl Iterator<Item = &'a Fact> {
        self.heard.iter().map(|heard| heard.fact)
    }

    fn references(&self) -> BTreeSet<&'a str> {
        self.facts()
            .flat_map(|fact| &fact.references)
            .map(String::as_str)
            .filter(|name| is_strong(name))
            .collect()
    }

    /// The payments, by time: one, or one for each of several intents that paid an invoice in parts.
    fn payments(&self) -> Vec<Payment<'a>> {
        let mut by_intent: BTreeMap<&str, Payment<'a>> = BTreeMap::new();
        let mut best: Option<Payment<'a>> = None;
        for heard in &self.heard {
            let Some(paid) = &heard.fact.paid else { continue };
            let references = heard.fact.references.iter().map(String::as_str);
            let id = name_among(&references, heard.provider);
            let payment = Payment { provider: heard.provider, id, paid };
            if best.as_ref().is_none_or(|best| payment.is_better_than(best)) {
                best = Some(payment);
            }
            if let Some(intent) = references.clone().find(|reference| is_kind(reference, "intent")) {
                let slot = by_intent.entry(intent).or_insert(payment);
                if payment.is_better_than(slot) {
                    *slot = payment;
                }
            }
        }
        if by_intent.is_empty() {
            return best.into_iter().collect();
        }
        let mut payments: Vec<Payment<'a>> = by_intent.into_values().collect();
        payments.sort_by_key(|payment| (payment.paid.at_ms, payment.id));
        payments
    }

    fn clues(&self) -> Clues {
        let clues = self.facts().fold(Clues::default(), |clues, fact| clues.or(fact.clues.clone()));
        Clues { visitor: clues.visitor.or(clues.reference), reference: None, ..clues }
    }

    fn order(&self) -> Option<Order> {
        let payments = self.payments();
        let first = payments.first()?;
        let currency = first.paid.currency.clone();
        let paid = || payments.iter().filter(|payment| payment.paid.currency == currency);
        let minor = paid().fold(0_i64, |sum, payment| sum.saturating_add(payment.paid.minor));
        let references = self.references();
        let given_back = refunds::read(&self.heard, first.provider, minor);
        let mut remarks = given_back.remarks;
        if self.is_joined_by_likeness {
            remarks.insert(0, JOINED_BY_LIKENESS.to_owned());
        }
        // Where several intents paid, the first of them names the order.
        let paid_first =
            std::iter::once(first.id).filter(|id| references.contains(format!("intent:{id}").as_str()));
        let named = name_among(&references.iter().copied(), first.provider);
        Some(Order {
            provider: first.provider,
            id: paid_first.chain([named]).next()?.to_owned(),
            live: self.heard.first()?.live,
            minor,
            usd_minor: self.facts().filter(|fact| fact.paid.is_some()).find_map(|fact| fact.usd_minor),
            tax_minor: self.facts().find_map(|fact| fact.tax_minor),
            at_ms: first.paid.at_ms,
            renewal: self.facts().any(|fact| fact.renewal == Some(true)),
            subscription: self.facts().find_map(|fact| fact.subscription.clone()),
            clues: self.clues(),
            entries: paid().map(Payment::entry).chain(given_back.entries).collect(),
            references: references.iter().map(|reference| (*reference).to_owned()).collect(),
            remarks,
            currency,
        })
    }
}

/// Two drafts that may be the two halves of one payment, the nearest in time first.
type Pair<'a> = (Millis, &'a str, &'a str, usize, usize);

/// Joins an intent and an invoice that nothing else joins where customer, amount and currency are the same and
/// they are at most ten minutes apart: each with the nearest, and each at most once.
fn join_alike(drafts: &mut Vec<Draft<'_>>) {
    let sides: Vec<Option<Side<'_>>> = drafts.iter().map(Side::of).collect();
    let mut pairs: Vec<Pair<'_>> = Vec::new();
    for (left, intent) in sides.iter().enumerate().filter_map(|(at, side)| Some((at, side.as_ref()?))) {
        for (right, invoice) in sides.iter().enumerate().filter_map(|(at, side)| Some((at, side.as_ref()?))) {
            let apart_ms = intent.paid.at_ms.abs_diff(invoice.paid.at_ms);
            if intent.is_alike(invoice) && apart_ms <= LIKENESS_MS.unsigned_abs() {
                pairs.push((
                    Millis::try_from(apart_ms).unwrap_or(Millis::MAX),
                    intent.id,
                    invoice.id,
                    left,
                    right,
                ));
            }
        }
    }
    pairs.sort_unstable();
    let mut joined: BTreeMap<usize, usize> = BTreeMap::new();
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    for (_, _, _, left, right) in pairs {
        if !taken.contains(&left) && !taken.contains(&right) {
            taken.extend([left, right]);
            joined.insert(right, left);
        }
    }
    // From the back, so that positions before stay.
    for (right, left) in joined.iter().rev() {
        let mut moved =
            drafts.get_mut(*right).map(|draft| std::mem::take(&mut draft.heard)).unwrap_or_default();
        if let Some(draft) = drafts.get_mut(*left) {
            draft.heard.append(&mut moved);
            draft.heard.sort_by(|left, right| place(left).cmp(&place(right)));
            draft.is_joined_by_likeness = true;
        }
    }
}

/// A draft that lacks its other half: an intent without an invoice, or an invoice without an intent.
struct Side<'a> {
    is_intent: bool,
    id: &'a str,
    customer: String,
    live: bool,
    paid: &'a Paid,
}

impl<'a> Side<'a> {
    fn of(draft: &Draft<'a>) -> Option<Self> {
        let references = draft.references();
        let has = |kind: &str| references.iter().any(|reference| is_kind(reference, kind));
        let (is_intent, is_invoice) = (has("intent"), has("invoice"));
        let payments = draft.payments();
        let [payment] = payments.as_slice() else { return None };
        (is_intent != is_invoice).then_some(())?;
        Some(Self {
            is_intent,
            id: payment.id,
            customer: draft.clues().customer?,
            live: draft.heard.first()?.live,
            paid: payment.paid,
        })
    }

    fn is_alike(&self, invoice: &Self) -> bool {
        let facts =
            |side: &Self| (side.customer.clone(), side.live, side.paid.minor, side.paid.currency.clone());
        self.is_intent && !invoice.is_intent && facts(self) == facts(invoice)
    }
}

#[cfg(test)]
mod tests;
