//! Questions, answered from a view of the derived data.

use std::collections::BTreeSet;

use super::apply::{notice_key, order_key};
use super::key::{Key, Kind, Parts};
use super::row::{self, Counters, LooseEvent, Spelling};
use super::session::{self, GAP_MS};
use super::state::{Bytes, View};
use crate::catalogue::SiteNumber;
use crate::clock::DAY_MS;
use crate::payments::{Order, customer_reference};
use crate::store::{
    CustomerKey, EventRow, IdentifyRow, NoticeRow, ReadError, ReportedPurchase, Session, SiteActivity, Span,
};

fn damaged() -> ReadError {
    ReadError("a key is damaged".to_owned())
}

/// The keys of a kind of row within a span of time, `prefix` standing before the time.
fn span_keys(prefix: &Key, span: &Span) -> (Vec<u8>, Vec<u8>) {
    (prefix.clone().time(span.start).done(), prefix.clone().time(span.end.max(span.start)).done())
}

impl View {
    fn decoded<T: serde::de::DeserializeOwned>(&self, prefix: &[u8]) -> Result<Vec<T>, ReadError> {
        self.prefixed(prefix).map(|row| row.and_then(|(_, bytes)| row::decode(&bytes))).collect()
    }

    fn read<T: serde::de::DeserializeOwned>(&self, key: &[u8]) -> Result<Option<T>, ReadError> {
        self.get(key)?.map(|bytes| row::decode(&bytes)).transpose()
    }

    pub(super) fn events(
        &self,
        site: SiteNumber,
        span: &Span,
        visit: &mut dyn FnMut(EventRow),
    ) -> Result<(), ReadError> {
        let (from, to) = span_keys(&Key::of(Kind::Event, site), span);
        for row in self.range(&from, &to) {
            visit(row::decode(&row?.1)?);
        }
        Ok(())
    }

    /// Visitors with events without a session id in a span.
    fn loose_visitors(&self, site: SiteNumber, span: &Span) -> Result<BTreeSet<String>, ReadError> {
        let (from, to) = span_keys(&Key::of(Kind::LooseTime, site), span);
        let mut visitors = BTreeSet::new();
        for row in self.range(&from, &to) {
            let (key, _) = row?;
            let mut parts = Parts::of(&key).ok_or_else(damaged)?;
            parts.time();
            visitors.insert(parts.text().ok_or_else(damaged)?);
        }
        Ok(visitors)
    }

    pub(super) fn sessions(
        &self,
        site: SiteNumber,
        span: &Span,
        visit: &mut dyn FnMut(Session),
    ) -> Result<(), ReadError> {
        // An event without a session id may give a named session another entry, at most half an hour away, or be
        // part of an inferred one that began before the span; sessions longer than a day are not looked for.
        let wide = span.start.saturating_sub(DAY_MS)..span.end.saturating_add(GAP_MS);
        let loose = self.loose_visitors(site, &wide)?;
        for visitor in &loose {
            for session in self.sessions_of(site, visitor)? {
                if span.contains(&session.entry.at_ms) {
                    visit(session);
                }
            }
        }
        let (from, to) = span_keys(&Key::of(Kind::SessionTime, site), span);
        for row in self.range(&from, &to) {
            let (key, _) = row?;
            let mut parts = Parts::of(&key).ok_or_else(damaged)?;
            parts.time();
            let (visitor, id) = (parts.text().ok_or_else(damaged)?, parts.text().ok_or_else(damaged)?);
            if loose.contains(&visitor) {
                continue;
            }
            if let Some(session) = self.read(&Key::of(Kind::Session, site).text(&visitor).text(&id).done())? {
                visit(session);
            }
        }
        Ok(())
    }

    pub(super) fn sessions_of(&self, site: SiteNumber, visitor: &str) -> Result<Vec<Session>, ReadError> {
        let named = self.decoded::<Session>(&Key::of(Kind::Session, site).text(visitor).done())?;
        let loose = self.decoded::<LooseEvent>(&Key::of(Kind::Loose, site).text(visitor).done())?;
        Ok(session::infer(named, loose, visitor))
    }

    pub(super) fn sessions_named(&self, site: SiteNumber, id: &str) -> Result<Vec<Session>, ReadError> {
        let mut found = Vec::new();
        for row in self.prefixed(&Key::of(Kind::SessionName, site).text(id).done()) {
            let (key, _) = row?;
            let mut parts = Parts::of(&key).ok_or_else(damaged)?;
            parts.text();
            let visitor = parts.text().ok_or_else(damaged)?;
            found.extend(
                self.sessions_of(site, &visitor)?
                    .into_iter()
                    .filter(|session| session.id.as_deref() == Some(id)),
            );
        }
        Ok(found)
    }

    pub(super) fn identifies(
        &self,
        kind: Kind,
        site: SiteNumber,
        of: &str,
    ) -> Result<Vec<IdentifyRow>, ReadError> {
        self.decoded(&Key::of(kind, site).text(of).done())
    }

    /// The orders whose ids end the keys of index rows.
    fn indexed_orders(
        &self,
        site: SiteNumber,
        live: bool,
        rows: impl Iterator<Item = Result<(Bytes, Bytes), ReadError>>,
        id_of: impl Fn(&mut Parts<'_>) -> Option<String>,
    ) -> Result<Vec<Order>, ReadError> {
        let mut seen = BTreeSet::new();
        let mut orders = Vec::new();
        for row in rows {
            let (key, _) = row?;
            let mut parts = Parts::of(&key).ok_or_else(damaged)?;
            parts.claim();
            let id = id_of(&mut parts).ok_or_else(damaged)?;
            if !seen.insert(id.clone()) {
                continue;
            }
            orders.extend(self.order(site, live, &id)?);
        }
        Ok(orders)
    }

    pub(super) fn orders(&self, site: SiteNumber, live: bool, span: &Span) -> Result<Vec<Order>, ReadError> {
        let (from, to) = span_keys(&Key::of(Kind::OrderTime, site).claim(live), span);
        self.indexed_orders(site, live, self.range(&from, &to), |parts| {
            parts.time()?;
            parts.text()
        })
    }

    pub(super) fn order(&self, site: SiteNumber, live: bool, id: &str) -> Result<Option<Order>, ReadError> {
        self.read(&order_key(site, live, id))
    }

    pub(super) fn orders_of_merchant_id(
        &self,
        site: SiteNumber,
        live: bool,
        id: &str,
    ) -> Result<Vec<Order>, ReadError> {
        let prefix = Key::of(Kind::OrderMerchant, site).claim(live).text(id).done();
        self.indexed_orders(site, live, self.prefixed(&prefix), |parts| {
            parts.text()?;
            parts.text()
        })
    }

    pub(super) fn orders_of_customer(
        &self,
        site: SiteNumber,
        live: bool,
        customer: &CustomerKey,
    ) -> Result<Vec<Order>, ReadError> {
        let prefix = Key::of(Kind::OrderCustomer, site).claim(live).customer(customer).done();
        self.indexed_orders(site, live, self.prefixed(&prefix), |parts| {
            parts.claim()?;
            parts.text()?;
            parts.time()?;
            parts.text()
        })
    }

    pub(super) fn orders_of_subscription(
        &self,
        site: SiteNumber,
        live: bool,
        id: &str,
    ) -> Result<Vec<Order>, ReadError> {
        let prefix = Key::of(Kind::OrderSubscription, site).claim(live).text(id).done();
        self.indexed_orders(site, live, self.prefixed(&prefix), |parts| {
            parts.text()?;
            parts.time()?;
            parts.text()
        })
    }

    pub(super) fn notices_of(&self, site: SiteNumber, order: &Order) -> Result<Vec<NoticeRow>, ReadError> {
        let mut ids = BTreeSet::new();
        let of_customer = order.clues.customer.as_deref().map(customer_reference);
        for reference in order.references.iter().chain(&of_customer) {
            let prefix =
                Key::of(Kind::Reference, site).claim(order.live).text(order.provider.name()).text(reference);
            for row in self.prefixed(&prefix.done()) {
                let (key, _) = row?;
                let mut parts = Parts::of(&key).ok_or_else(damaged)?;
                parts.claim();
                parts.text();
                parts.text();
                ids.insert(parts.text().ok_or_else(damaged)?);
            }
        }
        let mut rows = Vec::new();
        for id in ids {
            rows.extend(self.read::<NoticeRow>(&notice_key(site, order.provider, &id))?);
        }
        rows.sort_by(|a, b| (a.notice.at_ms, &a.notice.event_id).cmp(&(b.notice.at_ms, &b.notice.event_id)));
        Ok(rows)
    }

    pub(super) fn purchases(
        &self,
        site: SiteNumber,
        span: &Span,
    ) -> Result<Vec<ReportedPurchase>, ReadError> {
        let (from, to) = span_keys(&Key::of(Kind::PurchaseTime, site), span);
        let mut found = Vec::new();
        for row in self.range(&from, &to) {
            let (key, _) = row?;
            let mut parts = Parts::of(&key).ok_or_else(damaged)?;
            let at_ms = parts.time().ok_or_else(damaged)?;
            let (order_id, event_id) = (parts.text().ok_or_else(damaged)?, parts.text().ok_or_else(damaged)?);
            // Equal purchases without an id of their own stand behind one another.
            let prefix = Key::of(Kind::Purchase, site).text(&order_id).time(at_ms).text(&event_id).done();
            found.extend(self.decoded::<ReportedPurchase>(&prefix)?);
        }
        Ok(found)
    }

    pub(super) fn purchases_of(
        &self,
        site: SiteNumber,
        order_id: &str,
    ) -> Result<Vec<ReportedPurchase>, ReadError> {
        self.decoded(&Key::of(Kind::Purchase, site).text(order_id).done())
    }

    pub(super) fn is_withdrawn(&self, site: SiteNumber, order_id: &str) -> Result<bool, ReadError> {
        Ok(self.get(&Key::of(Kind::Withdrawal, site).text(order_id).done())?.is_some())
    }

    pub(super) fn activity(&self, site: SiteNumber) -> Result<SiteActivity, ReadError> {
        let events = Key::of(Kind::Event, site).done();
        let first: Option<EventRow> =
            self.prefixed(&events).next().transpose()?.map(|(_, bytes)| row::decode(&bytes)).transpose()?;
        let last = self.last(&events)?.map(|(_, bytes)| row::decode(&bytes)).transpose()?;
        let counters: Counters = self.read(&Key::of(Kind::Counters, site).done())?.unwrap_or_default();
        Ok(SiteActivity {
            first_event_ms: first.map(|event| event.at_ms),
            last_event: last,
            last_webhooks: counters.last_webhooks,
            verified_orders: counters.verified_orders,
            reported_purchases: counters.reported_purchases,
        })
    }

    pub(super) fn spelling(
        &self,
        site: SiteNumber,
        dimension: &str,
        folded: &str,
    ) -> Result<Option<String>, ReadError> {
        let key = Key::of(Kind::Spelling, site).text(dimension).text(folded).done();
        Ok(self.read::<Spelling>(&key)?.map(|spelling| spelling.text))
    }
}
