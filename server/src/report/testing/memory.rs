//! The store of plain vectors: every question is answered by looking at everything.

use std::collections::BTreeMap;
use std::sync::Arc;

use attribution::source::{campaign_of, fold};

use crate::catalogue::{Catalogue, SiteNumber};
use crate::payments::{Notice, Order, fold as folding};
use crate::rates::Table;
use crate::record::{Event, Identify, Record};
use crate::store::{
    Committed, CustomerKey, EventRow, IdentifyRow, NoticeRow, Outcome, ReadError, ReportedPurchase, Session,
    SessionEntry, SiteActivity, Span, Store, Unavailable,
};

/// Everything that has arrived at one site.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) events: Vec<Event>,
    pub(crate) identifies: Vec<Identify>,
    pub(crate) notices: Vec<NoticeRow>,
    pub(crate) withdrawn: Vec<String>,
    catalogue: Arc<Catalogue>,
}

impl Memory {
    pub(crate) fn documents(&mut self, change: impl FnOnce(&mut Catalogue)) {
        let mut catalogue = (*self.catalogue).clone();
        change(&mut catalogue);
        self.catalogue = Arc::new(catalogue);
    }

    /// Hears a notice; what became of it.
    pub(crate) fn hear(&mut self, notice: Notice) -> Outcome {
        if self.notices.iter().any(|row| row.notice.event_id == notice.event_id) {
            return if self.touches_withdrawn(&notice) { Outcome::Ignored } else { Outcome::Duplicate };
        }
        let before = self.all_orders(None);
        let after = self.all_orders(Some(&notice));
        if after.is_empty() && self.touches_withdrawn(&notice) {
            return Outcome::Ignored;
        }
        let (outcome, changed) = folding::compare(&notice, &before, &after);
        if outcome != Outcome::Conflict {
            self.notices.push(NoticeRow { notice, outcome, changed });
        }
        outcome
    }

    fn touches_withdrawn(&self, notice: &Notice) -> bool {
        let references = notice.facts.iter().flat_map(|fact| &fact.references);
        references
            .filter_map(|name| name.strip_prefix("order:"))
            .any(|id| self.withdrawn.iter().any(|gone| gone == id))
    }

    fn all_orders(&self, with: Option<&Notice>) -> Vec<Order> {
        let notices: Vec<&Notice> = self.notices.iter().map(|row| &row.notice).chain(with).collect();
        folding::fold(&notices).into_iter().filter(|order| !self.withdrawn.contains(&order.id)).collect()
    }

    fn orders_where(&self, live: bool, wanted: impl Fn(&Order) -> bool) -> Vec<Order> {
        self.all_orders(None).into_iter().filter(|order| order.live == live && wanted(order)).collect()
    }

    fn purchases_where(&self, wanted: impl Fn(&Event, &str) -> bool) -> Vec<ReportedPurchase> {
        let mut purchases: Vec<ReportedPurchase> = self
            .events
            .iter()
            .filter_map(|event| {
                let purchase =
                    event.purchase.as_ref().filter(|purchase| wanted(event, &purchase.order_id))?;
                Some(ReportedPurchase {
                    at_ms: event.at_ms,
                    event_id: event.event_id.clone(),
                    order_id: purchase.order_id.clone(),
                    minor: purchase.minor,
                    currency: purchase.currency.clone(),
                    visitor: event.visitor.clone(),
                    session: event.session.clone(),
                    page: event.page.clone(),
                    referrer: event.referrer.clone(),
                })
            })
            .collect();
        purchases.sort_by(|left, right| (left.at_ms, &left.event_id).cmp(&(right.at_ms, &right.event_id)));
        purchases
    }

    fn all_sessions(&self) -> Vec<Session> {
        let mut of_sessions: BTreeMap<(&str, &str), Vec<&Event>> = BTreeMap::new();
        for event in self.events.iter().filter(|event| event.purchase.is_none()) {
            if let (Some(visitor), Some(session)) = (&event.visitor, &event.session) {
                of_sessions.entry((visitor, session)).or_default().push(event);
            }
        }
        let mut sessions: Vec<Session> = Vec::new();
        for ((visitor, id), mut events) in of_sessions {
            events.sort_by(|left, right| (left.at_ms, &left.event_id).cmp(&(right.at_ms, &right.event_id)));
            let (first, last) = (events[0], events[events.len() - 1]);
            let pageviews = events.iter().filter(|event| event.kind == protocol::EventType::Pageview).count();
            sessions.push(Session {
                visitor: visitor.to_owned(),
                id: Some(id.to_owned()),
                entry: SessionEntry {
                    at_ms: first.at_ms,
                    event_id: first.event_id.clone(),
                    is_pageview: first.kind == protocol::EventType::Pageview,
                    page: first.page.clone(),
                    referrer: first.referrer.clone(),
                    client: first.client.clone(),
                },
                last_at_ms: last.at_ms,
                last_event_id: last.event_id.clone(),
                last_time_on_page_ms: last.time_on_page_ms.unwrap_or_default(),
                pageviews: pageviews.try_into().unwrap(),
                others: (events.len() - pageviews).try_into().unwrap(),
                checkouts_ms: Vec::new(),
            });
        }
        sessions.sort_by(|left, right| {
            (left.entry.at_ms, &left.entry.event_id).cmp(&(right.entry.at_ms, &right.entry.event_id))
        });
        sessions
    }

    fn identifies_where(&self, wanted: impl Fn(&Identify) -> bool) -> Vec<IdentifyRow> {
        let mut rows: Vec<IdentifyRow> = self
            .identifies
            .iter()
            .filter(|identify| wanted(identify))
            .map(|identify| IdentifyRow {
                at_ms: identify.at_ms,
                event_id: identify.event_id.clone(),
                visitor: identify.visitor.clone(),
                user: identify.user.clone(),
                signed: identify.signed,
                email_hash: identify.email_hash.clone(),
                name: None,
            })
            .collect();
        rows.sort();
        rows
    }
}

impl Store for Memory {
    fn commit(&self, _records: Vec<Record>) -> Committed {
        Box::pin(std::future::ready(Err(Unavailable::Stopped)))
    }

    fn catalogue(&self) -> Arc<Catalogue> {
        self.catalogue.clone()
    }

    fn rates(&self) -> Arc<Table> {
        Arc::default()
    }

    fn version(&self) -> u64 {
        (self.events.len() + self.identifies.len() + self.notices.len()) as u64
    }

    fn events(
        &self,
        _site: SiteNumber,
        span: Span,
        visit: &mut dyn FnMut(EventRow),
    ) -> Result<(), ReadError> {
        let mut events: Vec<&Event> =
            self.events.iter().filter(|event| span.contains(&event.at_ms)).collect();
        events.sort_by(|left, right| (left.at_ms, &left.event_id).cmp(&(right.at_ms, &right.event_id)));
        for event in events {
            visit(EventRow::from(event));
        }
        Ok(())
    }

    fn sessions(
        &self,
        _site: SiteNumber,
        span: Span,
        visit: &mut dyn FnMut(Session),
    ) -> Result<(), ReadError> {
        self.all_sessions().into_iter().filter(|session| span.contains(&session.entry.at_ms)).for_each(visit);
        Ok(())
    }

    fn sessions_of(&self, _site: SiteNumber, visitor: &str) -> Result<Vec<Session>, ReadError> {
        Ok(self.all_sessions().into_iter().filter(|session| session.visitor == visitor).collect())
    }

    fn sessions_named(&self, _site: SiteNumber, id: &str) -> Result<Vec<Session>, ReadError> {
        Ok(self.all_sessions().into_iter().filter(|session| session.id.as_deref() == Some(id)).collect())
    }

    fn identifies_of(&self, _site: SiteNumber, visitor: &str) -> Result<Vec<IdentifyRow>, ReadError> {
        Ok(self.identifies_where(|identify| identify.visitor == visitor))
    }

    fn identifies_of_user(&self, _site: SiteNumber, user: &str) -> Result<Vec<IdentifyRow>, ReadError> {
        Ok(self.identifies_where(|identify| identify.user == user))
    }

    fn identifies_of_email(
        &self,
        _site: SiteNumber,
        email_hash: &str,
    ) -> Result<Vec<IdentifyRow>, ReadError> {
        Ok(self.identifies_where(|identify| identify.email_hash.as_deref() == Some(email_hash)))
    }

    fn orders(&self, _site: SiteNumber, live: bool, span: Span) -> Result<Vec<Order>, ReadError> {
        Ok(self.orders_where(live, |order| order.entries.iter().any(|entry| span.contains(&entry.at_ms))))
    }

    fn order(&self, _site: SiteNumber, live: bool, id: &str) -> Result<Option<Order>, ReadError> {
        Ok(self.orders_where(live, |order| order.id == id).into_iter().next())
    }

    fn orders_of_merchant_id(
        &self,
        _site: SiteNumber,
        live: bool,
        id: &str,
    ) -> Result<Vec<Order>, ReadError> {
        Ok(self.orders_where(live, |order| order.clues.order_id.as_deref() == Some(id)))
    }

    fn orders_of_customer(
        &self,
        _site: SiteNumber,
        live: bool,
        key: &CustomerKey,
    ) -> Result<Vec<Order>, ReadError> {
        Ok(self.orders_where(live, |order| match key {
            CustomerKey::Id(id) => order.clues.customer.as_ref() == Some(id),
            CustomerKey::Email(hash) => order.clues.email_hash.as_ref() == Some(hash),
        }))
    }

    fn orders_of_subscription(
        &self,
        _site: SiteNumber,
        live: bool,
        id: &str,
    ) -> Result<Vec<Order>, ReadError> {
        Ok(self.orders_where(live, |order| order.subscription.as_deref() == Some(id)))
    }

    fn notices_of(&self, _site: SiteNumber, order: &Order) -> Result<Vec<NoticeRow>, ReadError> {
        let of_customer = |row: &NoticeRow| {
            row.notice.of_customer().is_some_and(|id| order.clues.customer.as_deref() == Some(id))
        };
        let speaks = |row: &&NoticeRow| {
            let mut references = row.notice.facts.iter().flat_map(|fact| &fact.references);
            of_customer(row) || references.any(|name| order.references.contains(name))
        };
        let mut rows: Vec<NoticeRow> = self.notices.iter().filter(speaks).cloned().collect();
        rows.sort_by(|left, right| {
            (left.notice.at_ms, &left.notice.event_id).cmp(&(right.notice.at_ms, &right.notice.event_id))
        });
        Ok(rows)
    }

    fn purchases(&self, _site: SiteNumber, span: Span) -> Result<Vec<ReportedPurchase>, ReadError> {
        Ok(self.purchases_where(|event, _| span.contains(&event.at_ms)))
    }

    fn purchases_of(&self, _site: SiteNumber, order_id: &str) -> Result<Vec<ReportedPurchase>, ReadError> {
        Ok(self.purchases_where(|_, id| id == order_id))
    }

    fn is_withdrawn(&self, _site: SiteNumber, order_id: &str) -> Result<bool, ReadError> {
        Ok(self.withdrawn.iter().any(|id| id == order_id))
    }

    fn activity(&self, _site: SiteNumber) -> Result<SiteActivity, ReadError> {
        Ok(SiteActivity::default())
    }

    fn spelling(
        &self,
        _site: SiteNumber,
        dimension: &str,
        folded: &str,
    ) -> Result<Option<String>, ReadError> {
        let mut events: Vec<&Event> = self.events.iter().collect();
        events.sort_by(|left, right| (left.at_ms, &left.event_id).cmp(&(right.at_ms, &right.event_id)));
        Ok(events.into_iter().find_map(|event| {
            let campaign = campaign_of(&event.page.query).campaign;
            let value = match dimension {
                "source" => campaign.source,
                "medium" => campaign.medium,
                "campaign" => campaign.campaign,
                "term" => campaign.term,
                _ => campaign.content,
            };
            value.map(|value| value.trim().to_owned()).filter(|value| fold(value) == folded)
        }))
    }
}
