//! What events and identifies change.

use super::Batch;
use crate::record::{Event, Identify, Purchase};
use crate::store::embedded::key::{self, Key, Kind};
use crate::store::embedded::row::{Counters, Spelling};
use crate::store::embedded::session;
use crate::store::{EventRow, IdentifyRow, Outcome, ReadError, ReportedPurchase, Session};

impl Batch<'_> {
    pub(super) fn event(&mut self, event: &Event) -> Result<Outcome, ReadError> {
        if event.has_own_id && self.was_counted(event)? {
            return Ok(Outcome::Duplicate);
        }
        let row = Key::of(Kind::Event, event.site).time(event.at_ms).text(&event.event_id);
        // Events without an id of their own may be equal to the letter; each of them counts.
        let row = self.free_key(row, event.has_own_id)?;
        self.put(row, &EventRow::from(event))?;
        if let Some(purchase) = &event.purchase {
            self.purchase(event, purchase)?;
        } else if let Some(visitor) = &event.visitor {
            match &event.session {
                Some(session) => self.named_session(event, visitor, session)?,
                None => self.loose_event(event, visitor)?,
            }
        }
        self.spellings(event)?;
        Ok(Outcome::Recorded)
    }

    fn was_counted(&mut self, event: &Event) -> Result<bool, ReadError> {
        if self.is_repeated(event.site, &event.event_id, event.received_ms) {
            return Ok(true);
        }
        if event.purchase.is_none() {
            return Ok(false);
        }
        let key = Key::of(Kind::PurchaseId, event.site).text(&event.event_id).done();
        if !self.replaying && self.draft.get(&key)?.is_some() {
            return Ok(true);
        }
        self.draft.put(key, Vec::new());
        Ok(false)
    }

    /// The key, or the first one behind it that is free.
    fn free_key(&self, key: Key, is_unique: bool) -> Result<Vec<u8>, ReadError> {
        let mut candidate = key.clone().done();
        let mut repeat = 0_i64;
        while !is_unique && self.draft.get(&candidate)?.is_some() {
            repeat = repeat.saturating_add(1);
            candidate = key.clone().time(repeat).done();
        }
        Ok(candidate)
    }

    fn named_session(&mut self, event: &Event, visitor: &str, id: &str) -> Result<(), ReadError> {
        let row = Key::of(Kind::Session, event.site).text(visitor).text(id).done();
        let before: Option<Session> = self.read(&row)?;
        let entry_before = before.as_ref().map(|session| session.entry.at_ms);
        let after = session::with_event(before, event, visitor);
        if entry_before.is_none() {
            self.draft.put(Key::of(Kind::SessionName, event.site).text(id).text(visitor).done(), Vec::new());
        }
        if entry_before != Some(after.entry.at_ms) {
            let by_time = |at_ms| Key::of(Kind::SessionTime, event.site).time(at_ms).text(visitor).text(id).done();
            if let Some(at_ms) = entry_before {
                self.draft.remove(by_time(at_ms));
            }
            self.draft.put(by_time(after.entry.at_ms), Vec::new());
        }
        self.put(row, &after)
    }

    fn loose_event(&mut self, event: &Event, visitor: &str) -> Result<(), ReadError> {
        let row = Key::of(Kind::Loose, event.site).text(visitor).time(event.at_ms).text(&event.event_id);
        let row = self.free_key(row, event.has_own_id)?;
        self.put(row, &session::loose(event))?;
        self.draft.put(Key::of(Kind::LooseTime, event.site).time(event.at_ms).text(visitor).done(), Vec::new());
        Ok(())
    }

    fn purchase(&mut self, event: &Event, purchase: &Purchase) -> Result<(), ReadError> {
        let reported = ReportedPurchase {
            at_ms: event.at_ms,
            event_id: event.event_id.clone(),
            order_id: purchase.order_id.clone(),
            minor: purchase.minor,
            currency: purchase.currency.clone(),
            visitor: event.visitor.clone(),
            session: event.session.clone(),
            page: event.page.clone(),
            referrer: event.referrer.clone(),
        };
        let row = Key::of(Kind::Purchase, event.site).text(&purchase.order_id).time(event.at_ms).text(&event.event_id);
        let row = self.free_key(row, event.has_own_id)?;
        let by_time = Key::of(Kind::PurchaseTime, event.site).time(event.at_ms).text(&purchase.order_id);
        self.draft.put(by_time.text(&event.event_id).done(), Vec::new());
        self.put(row, &reported)?;
        let key = Key::of(Kind::Counters, event.site).done();
        let mut counters: Counters = self.read(&key)?.unwrap_or_default();
        counters.reported_purchases = counters.reported_purchases.saturating_add(1);
        self.put(key, &counters)
    }

    fn spellings(&mut self, event: &Event) -> Result<(), ReadError> {
        if event.page.query.is_empty() {
            return Ok(());
        }
        for (dimension, text) in key::spelt_values(&event.page) {
            let folded = attribution::source::fold(&text);
            let row = Key::of(Kind::Spelling, event.site).text(dimension).text(&folded).done();
            let here = Spelling { at_ms: event.at_ms, event_id: event.event_id.clone(), text };
            if self.read::<Spelling>(&row)?.is_none_or(|known| here < known) {
                self.put(row, &here)?;
            }
        }
        Ok(())
    }

    pub(super) fn identify(&mut self, identify: &Identify) -> Result<Outcome, ReadError> {
        if identify.has_own_id && self.is_repeated(identify.site, &identify.event_id, identify.received_ms) {
            return Ok(Outcome::Duplicate);
        }
        let name = identify.traits.get("name").and_then(|name| match name {
            crate::record::Scalar::Text(name) => Some(name.clone()),
            crate::record::Scalar::Null | crate::record::Scalar::Bool(_) | crate::record::Scalar::Number(_) => None,
        });
        let row = IdentifyRow {
            at_ms: identify.at_ms,
            event_id: identify.event_id.clone(),
            visitor: identify.visitor.clone(),
            user: identify.user.clone(),
            signed: identify.signed,
            email_hash: identify.email_hash.clone(),
            name,
        };
        for key in key::identify_keys(identify) {
            self.put(key, &row)?;
        }
        Ok(Outcome::Recorded)
    }
}
