//! A valid event into a record: what address and agent tell is looked up here, and they end here.

use std::cell::OnceCell;
use std::hash::Hasher;
use std::sync::Arc;

use protocol::{EventType, Persistence};
use siphasher::sip128::{Hasher128, SipHasher13};

use super::agent::AgentFacts;
use super::validate::Valid;
use super::{Arrival, Ingest, event_time};
use crate::catalogue::Site;
use crate::record::{Client, Event, Record};

/// The sender of a request, looked up at most once for all its events.
pub(super) struct Sender<'a> {
    ingest: &'a Ingest,
    pub(super) arrival: &'a Arrival,
    agent: OnceCell<Arc<AgentFacts>>,
    client: OnceCell<Client>,
}

impl<'a> Sender<'a> {
    pub(super) fn new(ingest: &'a Ingest, arrival: &'a Arrival) -> Self {
        Self { ingest, arrival, agent: OnceCell::new(), client: OnceCell::new() }
    }

    pub(super) fn is_bot(&self) -> bool {
        self.agent().is_bot
    }

    fn agent(&self) -> &AgentFacts {
        self.agent.get_or_init(|| self.ingest.agents.facts(&self.arrival.agent))
    }

    fn client(&self) -> Client {
        let client = self.client.get_or_init(|| Client {
            country: self.arrival.address.and_then(|address| self.ingest.countries.of(address)),
            ..self.agent().client.clone()
        });
        client.clone()
    }

    /// The visitor of a browser that keeps no ids: the same for a day, and unknowable after it.
    fn visitor_for_a_day(&self, site: &Site) -> Option<String> {
        let address = self.arrival.address?;
        Some(self.ingest.salts.visitor(self.arrival.received_ms, &site.id, address, &self.arrival.agent))
    }
}

/// The record of an event. Of a purchase, whose sender may be a backend, address and agent are not looked at.
pub(super) fn event(valid: Valid, site: &Site, sender: &Sender<'_>, raw: &[u8]) -> Record {
    let received_ms = sender.arrival.received_ms;
    let at_ms = event_time(received_ms, valid.at, valid.sent_at);
    let is_purchase = valid.kind == EventType::Purchase;
    let visitor = match valid.persistence {
        Persistence::Storage => valid.visitor,
        Persistence::Memory if is_purchase => None,
        Persistence::Memory => sender.visitor_for_a_day(site),
    };
    let has_own_id = valid.event_id.is_some();
    let event_id = valid.event_id.unwrap_or_else(|| {
        let session = valid.session.as_deref().unwrap_or_default();
        derived_id([
            site.id.as_bytes(),
            visitor.as_deref().unwrap_or_default().as_bytes(),
            session.as_bytes(),
            &at_ms.to_be_bytes(),
            raw,
        ])
    });
    Record::Event(Box::new(Event {
        site: site.number,
        event_id,
        has_own_id,
        at_ms,
        received_ms,
        kind: valid.kind,
        name: valid.name,
        visitor,
        session: valid.session,
        page: valid.page,
        referrer: valid.referrer,
        title: valid.title,
        screen: valid.screen,
        time_on_page_ms: valid.time_on_page_ms,
        scroll_depth: valid.scroll_depth,
        purchase: valid.purchase,
        properties: valid.properties,
        client: if is_purchase { Client::default() } else { sender.client() },
        persistence: valid.persistence,
    }))
}

/// An id for a message that has none, by which ties are broken the same way wherever it is read: a hash
/// without a key, each part with its length before it.
pub(super) fn derived_id<const N: usize>(parts: [&[u8]; N]) -> String {
    let mut hasher = SipHasher13::new();
    for part in parts {
        hasher.write_u64(part.len() as u64);
        hasher.write(part);
    }
    hex::encode(hasher.finish128().as_bytes())
}
