//! What a notice did: the orders before it beside those after it.

use std::collections::BTreeSet;

use super::is_strong;
use crate::payments::{EntryKind, Notice, Order, OrderEntry, Provider};
use crate::store::Outcome;

/// What a notice did to the orders it touches, and the members that it changed.
///
/// `before` and `after` are what [`super::fold`] makes of the gathered notices without and with it.
pub fn compare(notice: &Notice, before: &[Order], after: &[Order]) -> (Outcome, Vec<String>) {
    if notice.facts.is_empty() {
        return (Outcome::Ignored, Vec::new());
    }
    if before.iter().any(|order| contradicts(notice, order)) {
        return (Outcome::Conflict, Vec::new());
    }
    let of_notice = touched(notice, after);
    if of_notice.is_empty() {
        return (waiting(notice), Vec::new());
    }
    let mut changed: BTreeSet<&'static str> = BTreeSet::new();
    for order in &of_notice {
        changed.extend(changes(former(order, before), order));
    }
    let is_new = money_in(after) > money_in(before) || money_back(after) > money_back(before);
    let is_new = is_new || movements(after) > movements(before);
    let outcome = if is_new {
        Outcome::Recorded
    } else if changed.is_empty() {
        Outcome::Duplicate
    } else {
        Outcome::Enriched
    };
    (outcome, changed.into_iter().map(str::to_owned).collect())
}

/// What a notice without an order is: money that waits for its payment is new, a link is something new too.
fn waiting(notice: &Notice) -> Outcome {
    let gives_back = notice.facts.iter().any(|fact| {
        fact.refund.is_some()
            || fact.dispute.is_some()
            || fact.refunded_total_minor.is_some_and(|total| total > 0)
    });
    let is_pending = notice.facts.iter().all(|fact| fact.pending);
    match (gives_back, is_pending) {
        (true, _) => Outcome::Recorded,
        (false, true) => Outcome::Ignored,
        (false, false) => Outcome::Enriched,
    }
}

/// The orders that a notice speaks of, all of those in their place where parts of it were joined by likeness.
fn touched<'a>(notice: &Notice, orders: &'a [Order]) -> Vec<&'a Order> {
    let references: BTreeSet<&String> =
        notice.facts.iter().flat_map(|fact| &fact.references).filter(|name| is_strong(name)).collect();
    let of_customer = |order: &Order| {
        notice.of_customer().is_some_and(|customer| {
            order.provider == notice.provider && order.clues.customer.as_deref() == Some(customer)
        })
    };
    let speaks_of = |order: &&Order| {
        of_customer(order) || order.references.iter().any(|reference| references.contains(reference))
    };
    orders.iter().filter(speaks_of).collect()
}

/// The order that this one was: the one of the same id, else the earliest that shares a reference.
fn former<'a>(order: &Order, before: &'a [Order]) -> Option<&'a Order> {
    let shares =
        |former: &&Order| former.references.iter().any(|reference| order.references.contains(reference));
    before.iter().find(|former| former.id == order.id).or_else(|| before.iter().find(shares))
}

/// Whether the merchant's backend says another amount of an order, or of a refund, that it told before.
fn contradicts(notice: &Notice, order: &Order) -> bool {
    if notice.provider != Provider::Api || order.provider != Provider::Api {
        return false;
    }
    notice.facts.iter().any(|fact| {
        let other_payment = fact.paid.as_ref().is_some_and(|paid| {
            fact.references.iter().any(|reference| order.references.contains(reference))
                && (paid.minor != order.minor || paid.currency != order.currency)
        });
        let other_refund = fact.refund.as_ref().is_some_and(|refund| {
            let same_id = |entry: &&OrderEntry| entry.kind == EntryKind::Refund && entry.id == refund.id;
            order.entries.iter().filter(same_id).any(|entry| entry.minor != -refund.minor)
        });
        other_payment || other_refund
    })
}

fn money_in(orders: &[Order]) -> usize {
    orders.iter().flat_map(|order| &order.entries).filter(|entry| entry.kind == EntryKind::Payment).count()
}

fn money_back(orders: &[Order]) -> i64 {
    orders.iter().map(Order::refunded_minor).fold(0, i64::saturating_add)
}

fn movements(orders: &[Order]) -> usize {
    orders.iter().flat_map(|order| &order.entries).filter(|entry| entry.kind == EntryKind::Dispute).count()
}

/// The members in which two states of an order differ, by the names that answers use.
fn changes(before: Option<&Order>, after: &Order) -> Vec<&'static str> {
    let Some(before) = before else {
        return members_of(after);
    };
    let (old, new) = (&before.clues, &after.clues);
    let differs = [
        ("order_id", before.id != after.id),
        ("amount", before.minor != after.minor || before.currency != after.currency),
        ("at", before.at_ms != after.at_ms),
        ("usd_amount", before.usd_minor != after.usd_minor),
        ("tax", before.tax_minor != after.tax_minor),
        ("renewal", before.renewal != after.renewal),
        ("subscription", before.subscription != after.subscription),
        ("refunds", given_back(before) != given_back(after)),
        ("session_id", old.session != new.session),
        ("visitor_id", old.visitor != new.visitor),
        ("url", old.url != new.url),
        ("merchant_order_id", old.order_id != new.order_id),
        ("customer_id", (&old.customer, &old.user) != (&new.customer, &new.user)),
        ("email", old.email_hash != new.email_hash),
        ("country", old.country != new.country),
        ("remarks", before.remarks != after.remarks),
    ];
    differs.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
}

/// The members that a new order has.
fn members_of(order: &Order) -> Vec<&'static str> {
    let clues = &order.clues;
    let has = [
        ("amount", true),
        ("usd_amount", order.usd_minor.is_some()),
        ("tax", order.tax_minor.is_some()),
        ("renewal", order.renewal),
        ("subscription", order.subscription.is_some()),
        ("refunds", !given_back(order).is_empty()),
        ("session_id", clues.session.is_some()),
        ("visitor_id", clues.visitor.is_some()),
        ("url", clues.url.is_some()),
        ("merchant_order_id", clues.order_id.is_some()),
        ("customer_id", clues.customer.is_some() || clues.user.is_some()),
        ("email", clues.email_hash.is_some()),
        ("country", clues.country.is_some()),
    ];
    has.into_iter().filter(|(_, has)| *has).map(|(name, _)| name).collect()
}

/// The entries that are no payments.
fn given_back(order: &Order) -> Vec<&OrderEntry> {
    order.entries.iter().filter(|entry| entry.kind != EntryKind::Payment).collect()
}
