//! Whose journey an order has: the chain followed for each order, renewals inheriting that of their first.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use attribution::evidence::{Evidence, Level, Trace, Window, explain, trace};
use attribution::source::SiteHosts;

use super::ledger::{Counted, Ledger, Trust};
use super::world::SiteWorld;
use crate::catalogue::Site;
use crate::payments::Order;
use crate::store::{CustomerKey, ReadError};

/// A counted order of the site and mode, named.
type Name = (Trust, String, Option<String>);

/// Follows the chain for the orders of one answer.
pub struct Tracer<'a> {
    /// What it looks at.
    pub world: SiteWorld<'a>,
    /// The hosts that are the site.
    pub hosts: SiteHosts,
    window: Window,
    /// Whether levels that are not needed are tried all the same.
    is_explaining: bool,
    known: RefCell<HashMap<Name, Rc<Trace>>>,
}

/// The hosts that are a site.
pub fn hosts_of(site: &Site) -> SiteHosts {
    SiteHosts::new(&site.domain, &site.aliases)
}

impl<'a> Tracer<'a> {
    /// A tracer of a ledger's orders.
    pub fn new(ledger: Ledger<'a>) -> Self {
        let window = ledger.site.window_days.map_or(Window::Unlimited, Window::Days);
        let hosts = hosts_of(ledger.site);
        Self { world: SiteWorld::new(ledger), hosts, window, is_explaining: false, known: RefCell::default() }
    }

    /// A tracer that tries every level, so that an explanation can show whether they agree.
    pub fn explaining(ledger: Ledger<'a>) -> Self {
        Self { is_explaining: true, ..Self::new(ledger) }
    }

    /// How an order is tied to its journey.
    pub fn trace(&self, counted: &Counted) -> Result<Rc<Trace>, ReadError> {
        let (trust, id, row_id) = counted.key();
        let name = (trust, id.to_owned(), row_id.map(str::to_owned));
        if let Some(known) = self.known.borrow().get(&name) {
            return Ok(known.clone());
        }
        let found = Rc::new(match self.first_of(counted)? {
            Some((first, trace)) => (*trace).clone().inherited(&first, counted.order.at_ms),
            None if self.is_explaining => explain(&evidence(counted), &self.world, &self.hosts, self.window)?,
            None => trace(&evidence(counted), &self.world, &self.hosts, self.window)?,
        });
        self.known.borrow_mut().insert(name, found.clone());
        Ok(found)
    }

    /// The order whose journey a renewal inherits: its subscription's first, attributed or not; where that one is
    /// not known, the customer's first attributed one.
    fn first_of(&self, counted: &Counted) -> Result<Option<(String, Rc<Trace>)>, ReadError> {
        let order = &counted.order;
        if !order.renewal {
            return Ok(None);
        }
        let Ledger { store, site, live } = self.world.ledger();
        if let Some(subscription) = &order.subscription {
            let orders = store.orders_of_subscription(site.number, live, subscription)?;
            let first = earlier(orders, order).into_iter().find(|first| !first.renewal);
            if let Some(first) = first {
                return self.trace_of(first).map(Some);
            }
        }
        for former in self.earlier_of_customer(order)? {
            let (id, trace) = self.trace_of(former)?;
            if trace.level != Level::Unattributed {
                return Ok(Some((id, trace)));
            }
        }
        Ok(None)
    }

    fn trace_of(&self, order: Order) -> Result<(String, Rc<Trace>), ReadError> {
        let counted = self.world.ledger().verified(order)?;
        let trace = self.trace(&counted)?;
        Ok((counted.order.id, trace))
    }

    /// The customer's orders before this one, by time.
    fn earlier_of_customer(&self, order: &Order) -> Result<Vec<Order>, ReadError> {
        let Ledger { store, site, live } = self.world.ledger();
        let clues = &order.clues;
        let ids = [&clues.customer, &clues.user].into_iter().flatten().cloned().map(CustomerKey::Id);
        let emails = clues.email_hash.iter().cloned().map(CustomerKey::Email);
        let mut orders = Vec::new();
        for key in ids.chain(emails) {
            orders.extend(store.orders_of_customer(site.number, live, &key)?);
        }
        Ok(earlier(orders, order))
    }
}

/// The orders that are before this one, each once, by time.
fn earlier(mut orders: Vec<Order>, order: &Order) -> Vec<Order> {
    orders.retain(|other| (other.at_ms, &other.id) < (order.at_ms, &order.id));
    orders.sort_by(|left, right| (left.at_ms, &left.id).cmp(&(right.at_ms, &right.id)));
    orders.dedup_by(|left, right| left.id == right.id);
    orders
}

/// What an order knows about itself.
fn evidence(counted: &Counted) -> Evidence {
    let clues = &counted.order.clues;
    let mut customer_ids: Vec<String> =
        [&clues.customer, &clues.user].into_iter().flatten().cloned().collect();
    customer_ids.dedup();
    Evidence {
        at_ms: counted.order.at_ms,
        event_id: counted.event_id.clone().unwrap_or_else(|| counted.order.id.clone()),
        session_id: clues.session.clone(),
        visitor_id: clues.visitor.clone(),
        customer_ids,
        email_hashes: clues.email_hash.iter().cloned().collect(),
        user_ids: clues.user.iter().cloned().collect(),
        url: counted.checkout.clone(),
        is_purchase_event: counted.trust == Trust::Reported,
    }
}

/// The visitor that an order's journey is of, or else that the order names.
pub fn visitor_of(counted: &Counted, trace: &Trace) -> Option<String> {
    let found = trace
        .levels
        .iter()
        .find(|level| level.holds)
        .or(trace.levels.iter().find(|level| !level.found.is_empty()));
    let found = found.and_then(|level| level.found.first()).map(|found| found.visitor.clone());
    found.filter(|visitor| !visitor.is_empty()).or_else(|| counted.order.clues.visitor.clone())
}
