//! One site's sessions and links as the chain asks for them, each read once for an answer.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::Hash;
use std::rc::Rc;

use attribution::evidence::{CustomerKey, CustomerLink, World};
use attribution::journey::{Identify, Session};
use attribution::source::{Entry, campaign_of};

use super::ledger::Ledger;
use crate::store::{self, IdentifyRow, ReadError};

/// What was read for one answer: the same question to the store is asked once.
struct Memo<K, V>(RefCell<HashMap<K, Rc<Vec<V>>>>);

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<K: Hash + Eq, V> Memo<K, V> {
    fn get(&self, key: K, read: impl FnOnce() -> Result<Vec<V>, ReadError>) -> Result<Rc<Vec<V>>, ReadError> {
        if let Some(known) = self.0.borrow().get(&key) {
            return Ok(known.clone());
        }
        let read = Rc::new(read()?);
        self.0.borrow_mut().insert(key, read.clone());
        Ok(read)
    }
}

/// The world of one site and mode, for the time of one answer.
pub struct SiteWorld<'a> {
    ledger: Ledger<'a>,
    sessions: Memo<String, Session>,
    named: Memo<String, Session>,
    identifies: Memo<String, Identify>,
    of_user: Memo<String, Identify>,
    of_email: Memo<String, Identify>,
    links: Memo<CustomerKey, CustomerLink>,
}

impl<'a> SiteWorld<'a> {
    /// The world that a ledger's orders are seen in.
    pub fn new(ledger: Ledger<'a>) -> Self {
        Self {
            ledger,
            sessions: Memo::default(),
            named: Memo::default(),
            identifies: Memo::default(),
            of_user: Memo::default(),
            of_email: Memo::default(),
            links: Memo::default(),
        }
    }

    /// The ledger.
    pub fn ledger(&self) -> Ledger<'a> {
        self.ledger
    }

    /// All sessions of a visitor.
    pub fn sessions(&self, visitor: &str) -> Result<Rc<Vec<Session>>, ReadError> {
        let Ledger { store, site, .. } = self.ledger;
        self.sessions.get(visitor.to_owned(), || {
            Ok(store.sessions_of(site.number, visitor)?.into_iter().map(session).collect())
        })
    }

    /// All identifies of a visitor.
    pub fn identifies(&self, visitor: &str) -> Result<Rc<Vec<Identify>>, ReadError> {
        let Ledger { store, site, .. } = self.ledger;
        let read = || Ok(store.identifies_of(site.number, visitor)?.into_iter().map(identify).collect());
        self.identifies.get(visitor.to_owned(), read)
    }

    /// The visitors that payments of a customer named.
    fn links(&self, key: &CustomerKey) -> Result<Rc<Vec<CustomerLink>>, ReadError> {
        let Ledger { store, site, live } = self.ledger;
        let asked = match key {
            CustomerKey::Id(id) => store::CustomerKey::Id(id.clone()),
            CustomerKey::EmailHash(hash) => store::CustomerKey::Email(hash.clone()),
        };
        self.links.get(key.clone(), || {
            let mut links = Vec::new();
            for order in store.orders_of_customer(site.number, live, &asked)? {
                let clues = self.ledger.verified(order)?.order;
                let at_ms = clues.at_ms;
                if let Some(visitor) = self.visitor_named(clues.clues.visitor, clues.clues.session)? {
                    links.push(CustomerLink { visitor, at_ms });
                }
            }
            Ok(links)
        })
    }

    /// The visitor that a payment names, by itself or by a session, whose earliest bearer it then is.
    fn visitor_named(
        &self,
        visitor: Option<String>,
        session: Option<String>,
    ) -> Result<Option<String>, ReadError> {
        let (None, Some(session)) = (&visitor, session) else { return Ok(visitor) };
        let bearers = self.sessions_named(&session)?;
        let earliest = bearers.into_iter().min_by(|left, right| {
            (left.entry.at_ms, &left.entry.event_id).cmp(&(right.entry.at_ms, &right.entry.event_id))
        });
        Ok(earliest.map(|session| session.visitor))
    }
}

impl World for SiteWorld<'_> {
    type Error = ReadError;

    fn sessions_named(&self, session_id: &str) -> Result<Vec<Session>, ReadError> {
        let Ledger { store, site, .. } = self.ledger;
        let read = || Ok(store.sessions_named(site.number, session_id)?.into_iter().map(session).collect());
        Ok(self.named.get(session_id.to_owned(), read)?.to_vec())
    }

    fn sessions_of(&self, visitor: &str) -> Result<Vec<Session>, ReadError> {
        Ok(self.sessions(visitor)?.to_vec())
    }

    fn identifies_of_visitor(&self, visitor: &str) -> Result<Vec<Identify>, ReadError> {
        Ok(self.identifies(visitor)?.to_vec())
    }

    fn identifies_of_user(&self, user: &str) -> Result<Vec<Identify>, ReadError> {
        let Ledger { store, site, .. } = self.ledger;
        let read = || Ok(store.identifies_of_user(site.number, user)?.into_iter().map(identify).collect());
        Ok(self.of_user.get(user.to_owned(), read)?.to_vec())
    }

    fn identifies_of_email(&self, email_hash: &str) -> Result<Vec<Identify>, ReadError> {
        let Ledger { store, site, .. } = self.ledger;
        let read =
            || Ok(store.identifies_of_email(site.number, email_hash)?.into_iter().map(identify).collect());
        Ok(self.of_email.get(email_hash.to_owned(), read)?.to_vec())
    }

    fn visitors_of_customer(&self, key: &CustomerKey) -> Result<Vec<CustomerLink>, ReadError> {
        Ok(self.links(key)?.to_vec())
    }
}

/// A stored session as the chain reads it.
pub(super) fn session(stored: store::Session) -> Session {
    let says = campaign_of(&stored.entry.page.query);
    let client = stored.entry.client;
    Session {
        visitor: stored.visitor,
        id: stored.id,
        entry: Entry {
            at_ms: stored.entry.at_ms,
            event_id: stored.entry.event_id,
            is_pageview: stored.entry.is_pageview,
            host: stored.entry.page.host,
            landing_page: stored.entry.page.path,
            campaign: says.campaign,
            click_ids: says.click_ids,
            referrer: stored.entry.referrer,
            tags: says.tags,
            checkout_return: stored.entry.page.checkout_return || says.checkout_return,
            country: client.country,
            device: client.device,
            browser: client.browser,
            os: client.os,
        },
        last_at_ms: stored.last_at_ms,
        checkout_started_ms: stored.checkouts_ms,
    }
}

fn identify(row: IdentifyRow) -> Identify {
    Identify {
        at_ms: row.at_ms,
        event_id: row.event_id,
        visitor: row.visitor,
        user: row.user,
        email_hash: row.email_hash,
        signed: row.signed,
    }
}
