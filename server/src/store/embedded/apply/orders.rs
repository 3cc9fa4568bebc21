//! What notices and withdrawals change: all notices that references connect are folded anew.

use std::collections::{BTreeMap, BTreeSet};

use super::Batch;
use crate::catalogue::SiteNumber;
use crate::payments::history::is_fetched;
use crate::payments::{self, Notice, Order, Provider};
use crate::record::Withdrawal;
use crate::store::embedded::key::{Key, Kind, Parts};
use crate::store::embedded::row::Counters;
use crate::store::{CustomerKey, HeardWebhook, NoticeRow, Outcome, ReadError};

/// Notices of one order that are folded; a provider says a few dozen things about an order at most.
const NOTICES_OF_AN_ORDER: usize = 1_000;

impl Batch<'_> {
    /// The outcome, and whether the notice is new and must be logged.
    pub(super) fn notice(&mut self, notice: &Notice) -> Result<(Outcome, bool), ReadError> {
        let key = notice_key(notice.site, notice.provider, &notice.event_id);
        if self.draft.get(&key)?.is_some() {
            return Ok((Outcome::Duplicate, false));
        }
        let mut row = NoticeRow { notice: notice.clone(), outcome: Outcome::Ignored, changed: Vec::new() };
        if !notice.facts.is_empty() {
            (row.outcome, row.changed) = self.fold_around(notice)?;
        }
        if row.outcome == Outcome::Conflict {
            return Ok((Outcome::Conflict, false));
        }
        for reference in references(notice) {
            let index = Key::of(Kind::Reference, notice.site).claim(notice.live).text(notice.provider.name());
            self.draft.put(index.text(reference).text(&notice.event_id).done(), Vec::new());
        }
        self.put(key, &row)?;
        if !is_fetched(&notice.event_id) {
            self.heard(notice, row.outcome)?;
        }
        Ok((row.outcome, true))
    }

    fn heard(&mut self, notice: &Notice, outcome: Outcome) -> Result<(), ReadError> {
        let key = Key::of(Kind::Counters, notice.site).done();
        let mut counters: Counters = self.read(&key)?.unwrap_or_default();
        let heard =
            HeardWebhook { at_ms: notice.received_ms, event_type: notice.event_type.clone(), outcome };
        counters.last_webhooks.insert(notice.provider, heard);
        self.put(key, &counters)
    }

    /// Folds the orders that a notice speaks of anew; what that changed.
    fn fold_around(&mut self, notice: &Notice) -> Result<(Outcome, Vec<String>), ReadError> {
        match notice.of_customer() {
            Some(customer) => self.fold_orders_of(customer, notice),
            None => self.fold_with(notice, references(notice).cloned().collect()),
        }
    }

    /// Folds a notice with all others that references connect, these at first; what that changed.
    pub(super) fn fold_with(
        &mut self,
        notice: &Notice,
        references: BTreeSet<String>,
    ) -> Result<(Outcome, Vec<String>), ReadError> {
        let (notices, references) = self.connected(notice, references)?;
        let mut before = Vec::new();
        for id in self.orders_of_references(notice, &references)? {
            if let Some(order) = self.read::<Order>(&order_key(notice.site, notice.live, &id))? {
                before.push(order);
            }
        }
        let mut after = Vec::new();
        let mut withdrawn = false;
        for order in payments::fold::fold(&notices.values().collect::<Vec<_>>()) {
            if self.is_withdrawn(notice.site, &order.id)? {
                withdrawn = true;
            } else {
                after.push(order);
            }
        }
        if withdrawn && before.is_empty() && after.is_empty() {
            return Ok((Outcome::Ignored, Vec::new()));
        }
        let (outcome, changed) = payments::fold::compare(notice, &before, &after);
        if outcome != Outcome::Conflict {
            for order in &before {
                self.take_order_out(notice.site, order)?;
            }
            for order in &after {
                self.put_order_in(notice.site, order)?;
            }
        }
        Ok((outcome, changed))
    }

    /// A notice, all others that references connect, these at first, and those about their customers, by event id;
    /// and all references.
    fn connected(
        &self,
        notice: &Notice,
        mut seen: BTreeSet<String>,
    ) -> Result<(BTreeMap<String, Notice>, BTreeSet<String>), ReadError> {
        let mut notices = BTreeMap::new();
        seen.extend(customers(notice));
        let mut open: Vec<String> = seen.iter().cloned().collect();
        notices.insert(notice.event_id.clone(), notice.clone());
        while let Some(reference) = open.pop() {
            let prefix =
                Key::of(Kind::Reference, notice.site).claim(notice.live).text(notice.provider.name());
            for (key, _) in self.draft.prefixed(&prefix.text(&reference).done())? {
                let Some(event_id) = last_text(&key, 2) else { continue };
                if notices.contains_key(&event_id) || notices.len() >= NOTICES_OF_AN_ORDER {
                    continue;
                }
                let Some(row) =
                    self.read::<NoticeRow>(&notice_key(notice.site, notice.provider, &event_id))?
                else {
                    continue;
                };
                for reference in references(&row.notice).cloned().chain(customers(&row.notice)) {
                    if seen.insert(reference.clone()) {
                        open.push(reference);
                    }
                }
                notices.insert(event_id, row.notice);
            }
        }
        Ok((notices, seen))
    }

    fn orders_of_references(
        &self,
        notice: &Notice,
        references: &BTreeSet<String>,
    ) -> Result<BTreeSet<String>, ReadError> {
        let mut ids = BTreeSet::new();
        for reference in references {
            let key = reference_order_key(notice.site, notice.live, notice.provider, reference);
            if let Some(id) = self.read::<String>(&key)? {
                ids.insert(id);
            }
        }
        Ok(ids)
    }

    fn is_withdrawn(&self, site: SiteNumber, order_id: &str) -> Result<bool, ReadError> {
        Ok(self.draft.get(&Key::of(Kind::Withdrawal, site).text(order_id).done())?.is_some())
    }

    fn put_order_in(&mut self, site: SiteNumber, order: &Order) -> Result<(), ReadError> {
        for key in index_keys(site, order) {
            self.draft.put(key, Vec::new());
        }
        for reference in &order.references {
            self.put(reference_order_key(site, order.live, order.provider, reference), &order.id)?;
        }
        self.put(order_key(site, order.live, &order.id), order)?;
        self.count_orders(site, order, 1)
    }

    fn take_order_out(&mut self, site: SiteNumber, order: &Order) -> Result<(), ReadError> {
        for key in index_keys(site, order) {
            self.draft.remove(key);
        }
        for reference in &order.references {
            self.draft.remove(reference_order_key(site, order.live, order.provider, reference));
        }
        self.draft.remove(order_key(site, order.live, &order.id));
        self.count_orders(site, order, -1)
    }

    fn count_orders(&mut self, site: SiteNumber, order: &Order, by: i64) -> Result<(), ReadError> {
        if !order.live {
            return Ok(());
        }
        let key = Key::of(Kind::Counters, site).done();
        let mut counters: Counters = self.read(&key)?.unwrap_or_default();
        counters.verified_orders = counters.verified_orders.saturating_add_signed(by);
        self.put(key, &counters)
    }

    pub(super) fn withdraw(&mut self, withdrawal: &Withdrawal) -> Result<Outcome, ReadError> {
        let key = Key::of(Kind::Withdrawal, withdrawal.site).text(&withdrawal.order_id).done();
        if self.draft.get(&key)?.is_some() {
            return Ok(Outcome::Duplicate);
        }
        self.draft.put(key, Vec::new());
        for live in [true, false] {
            if let Some(order) =
                self.read::<Order>(&order_key(withdrawal.site, live, &withdrawal.order_id))?
            {
                self.take_order_out(withdrawal.site, &order)?;
            }
        }
        Ok(Outcome::Recorded)
    }
}

fn references(notice: &Notice) -> impl Iterator<Item = &String> {
    notice.facts.iter().flat_map(|fact| &fact.references)
}

/// The references under which notices about the customers of a notice are found.
fn customers(notice: &Notice) -> impl Iterator<Item = String> {
    let customers = notice.facts.iter().filter_map(|fact| fact.clues.customer.as_deref());
    customers.map(payments::customer_reference)
}

/// The key of a notice.
pub(in crate::store::embedded) fn notice_key(
    site: SiteNumber,
    provider: Provider,
    event_id: &str,
) -> Vec<u8> {
    Key::of(Kind::Notice, site).text(provider.name()).text(event_id).done()
}

/// The key of an order.
pub(in crate::store::embedded) fn order_key(site: SiteNumber, live: bool, id: &str) -> Vec<u8> {
    Key::of(Kind::Order, site).claim(live).text(id).done()
}

fn reference_order_key(site: SiteNumber, live: bool, provider: Provider, reference: &str) -> Vec<u8> {
    Key::of(Kind::ReferenceOrder, site).claim(live).text(provider.name()).text(reference).done()
}

/// The index rows by which an order is found.
fn index_keys(site: SiteNumber, order: &Order) -> Vec<Vec<u8>> {
    let of = |kind| Key::of(kind, site).claim(order.live);
    let mut keys: Vec<Vec<u8>> = order
        .entries
        .iter()
        .map(|entry| of(Kind::OrderTime).time(entry.at_ms).text(&order.id).done())
        .collect();
    let clues = &order.clues;
    let customers = clues
        .customer
        .clone()
        .map(CustomerKey::Id)
        .into_iter()
        .chain(clues.email_hash.clone().map(CustomerKey::Email));
    for customer in customers {
        keys.push(of(Kind::OrderCustomer).customer(&customer).time(order.at_ms).text(&order.id).done());
    }
    if let Some(subscription) = &order.subscription {
        keys.push(of(Kind::OrderSubscription).text(subscription).time(order.at_ms).text(&order.id).done());
    }
    if let Some(merchant_id) = &clues.order_id {
        keys.push(of(Kind::OrderMerchant).text(merchant_id).text(&order.id).done());
    }
    keys
}

/// The text that follows `live` and `before` other texts in a key.
fn last_text(key: &[u8], before: usize) -> Option<String> {
    let mut parts = Parts::of(key)?;
    parts.claim()?;
    for _ in 0..before {
        parts.text()?;
    }
    parts.text()
}
