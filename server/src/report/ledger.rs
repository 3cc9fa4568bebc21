//! The ledger: verified orders and reported purchases as the orders that count, each once.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use attribution::evidence::CheckoutUrl;
use attribution::source::campaign_of;

use crate::catalogue::Site;
use crate::payments::{Clues, EntryKind, Order, OrderEntry, Provider};
use crate::record::Page;
use crate::store::{ReadError, ReportedPurchase, Span, Store};

/// How far an order is to be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trust {
    /// A provider, or the merchant's backend with a key, said so.
    Verified,
    /// The public endpoint said so.
    Reported,
}

impl Trust {
    /// The word in answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Reported => "reported",
        }
    }
}

/// What a verified order lacked and took from the reported purchase whose place it takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// The session.
    pub session: bool,
    /// The visitor.
    pub visitor: bool,
    /// The address.
    pub url: bool,
}

/// An order that counts.
#[derive(Clone, Debug)]
pub struct Counted {
    /// The order; a reported purchase stands in the same form.
    pub order: Order,
    /// How far it is to be believed.
    pub trust: Trust,
    /// What tells it from another counted purchase of the same order id.
    pub row_id: Option<String>,
    /// The reported purchases whose place it takes, by time.
    pub replaces: Vec<ReportedPurchase>,
    /// What it took from them.
    pub filled: Filled,
    /// The address that came with it.
    pub checkout: Option<CheckoutUrl>,
    /// The event id of a reported purchase.
    pub event_id: Option<String>,
}

impl Counted {
    /// The word for who took the money.
    pub fn provider_name(&self) -> &'static str {
        match self.trust {
            Trust::Verified => self.order.provider.name(),
            Trust::Reported => "event",
        }
    }

    /// What tells it from every other counted order of the site and mode.
    pub fn key(&self) -> (Trust, &str, Option<&str>) {
        (self.trust, &self.order.id, self.row_id.as_deref())
    }
}

/// One site's orders of one mode.
#[derive(Clone, Copy)]
pub struct Ledger<'a> {
    /// The durable data.
    pub store: &'a dyn Store,
    /// The site.
    pub site: &'a Site,
    /// Live money, or a test's.
    pub live: bool,
}

impl Ledger<'_> {
    /// The counted orders with a movement of money in a span, by time of payment.
    pub fn in_span(&self, span: &Span) -> Result<Vec<Counted>, ReadError> {
        let mut counted = Vec::new();
        for order in self.store.orders(self.site.number, self.live, span.clone())? {
            counted.push(self.verified(order)?);
        }
        if self.live {
            let mut of_ids: BTreeMap<String, Vec<Counted>> = BTreeMap::new();
            for purchase in self.store.purchases(self.site.number, span.clone())? {
                if let Entry::Vacant(vacant) = of_ids.entry(purchase.order_id) {
                    let of_id = self.reported(vacant.key())?;
                    vacant.insert(of_id);
                }
            }
            counted
                .extend(of_ids.into_values().flatten().filter(|counted| span.contains(&counted.order.at_ms)));
        }
        counted.sort_by(|left, right| (left.order.at_ms, left.key()).cmp(&(right.order.at_ms, right.key())));
        Ok(counted)
    }

    /// A verified order, with what reported purchases of its id tell of it.
    pub fn verified(&self, mut order: Order) -> Result<Counted, ReadError> {
        let mut replaces = Vec::new();
        if self.live {
            let own = self.store.purchases_of(self.site.number, &order.id)?;
            let merchants = order.clues.order_id.as_ref().filter(|id| **id != order.id);
            let merchants = merchants.map(|id| self.store.purchases_of(self.site.number, id)).transpose()?;
            replaces.extend(own.into_iter().chain(merchants.into_iter().flatten()));
            replaces.sort_by(|left, right| (left.at_ms, &left.event_id).cmp(&(right.at_ms, &right.event_id)));
        }
        let mut checkout = order.clues.url.as_deref().and_then(checkout_of_url);
        let mut filled = Filled::default();
        for purchase in &replaces {
            let clues = &mut order.clues;
            filled.session |= fill(&mut clues.session, purchase.session.as_ref());
            filled.visitor |= fill(&mut clues.visitor, purchase.visitor.as_ref());
            if checkout.is_none() {
                checkout = Some(checkout_of_page(&purchase.page)).filter(|url| url.says.names_source());
                filled.url |= checkout.is_some();
            }
        }
        let trust = Trust::Verified;
        Ok(Counted { order, trust, row_id: None, replaces, filled, checkout, event_id: None })
    }

    /// The reported purchases of an order id that count, by time.
    pub fn reported(&self, order_id: &str) -> Result<Vec<Counted>, ReadError> {
        if !self.live || self.store.is_withdrawn(self.site.number, order_id)? || self.is_replaced(order_id)? {
            return Ok(Vec::new());
        }
        let mut purchases = self.store.purchases_of(self.site.number, order_id)?;
        purchases.sort_by(|left, right| (left.at_ms, &left.event_id).cmp(&(right.at_ms, &right.event_id)));
        if self.site.count_orders_once {
            purchases.truncate(1);
        }
        let several = purchases.len() > 1;
        let mut counted: Vec<Counted> = purchases.into_iter().map(reported).collect();
        if several {
            let mut repeats: BTreeMap<String, usize> = BTreeMap::new();
            for one in &mut counted {
                let event_id = one.event_id.clone().unwrap_or_default();
                let repeat = repeats.entry(event_id.clone()).or_default();
                // Purchases without an id of their own may be equal to the letter.
                one.row_id = Some(if *repeat == 0 { event_id } else { format!("{event_id}.{repeat}") });
                *repeat += 1;
            }
        }
        Ok(counted)
    }

    /// Whether a verified order takes the place of the reported purchases of this id.
    fn is_replaced(&self, order_id: &str) -> Result<bool, ReadError> {
        Ok(self.store.order(self.site.number, true, order_id)?.is_some()
            || !self.store.orders_of_merchant_id(self.site.number, true, order_id)?.is_empty())
    }

    /// The counted orders of an id, the one that answers for it first: the verified one, one that took the place
    /// of the reported ones of this id, or the earliest reported one.
    pub fn find(&self, id: &str) -> Result<Vec<Counted>, ReadError> {
        let own = self.store.order(self.site.number, self.live, id)?;
        let taking = if own.is_none() {
            self.store.orders_of_merchant_id(self.site.number, self.live, id)?
        } else {
            Vec::new()
        };
        match own.into_iter().chain(taking).next() {
            Some(order) => Ok(vec![self.verified(order)?]),
            None => self.reported(id),
        }
    }
}

fn fill(member: &mut Option<String>, from: Option<&String>) -> bool {
    if member.is_some() {
        return false;
    }
    *member = from.cloned();
    member.is_some()
}

fn reported(purchase: ReportedPurchase) -> Counted {
    let entry = OrderEntry {
        at_ms: purchase.at_ms,
        kind: EntryKind::Payment,
        id: purchase.order_id.clone(),
        state: "paid".to_owned(),
        minor: purchase.minor,
        counts: true,
    };
    let order = Order {
        // A reported purchase names no provider; nothing asks it for one.
        provider: Provider::Api,
        id: purchase.order_id,
        live: true,
        currency: purchase.currency,
        minor: purchase.minor,
        usd_minor: None,
        tax_minor: None,
        at_ms: purchase.at_ms,
        renewal: false,
        subscription: None,
        clues: Clues { session: purchase.session, visitor: purchase.visitor, ..Clues::default() },
        entries: vec![entry],
        references: Vec::new(),
        remarks: Vec::new(),
    };
    Counted {
        order,
        trust: Trust::Reported,
        row_id: None,
        replaces: Vec::new(),
        filled: Filled::default(),
        checkout: Some(checkout_of_page(&purchase.page)),
        event_id: Some(purchase.event_id),
    }
}

/// An address as the chain reads it.
pub(super) fn checkout_of_page(page: &Page) -> CheckoutUrl {
    CheckoutUrl { says: campaign_of(&page.query), host: page.host.clone(), landing_page: page.path.clone() }
}

fn checkout_of_url(url: &str) -> Option<CheckoutUrl> {
    let url = url::Url::parse(url).ok()?;
    let path = url.path();
    let landing_page = if path.len() > 1 { path.trim_end_matches('/') } else { path };
    Some(CheckoutUrl {
        says: campaign_of(url.query().unwrap_or_default()),
        host: url.host_str().unwrap_or_default().to_lowercase(),
        landing_page: if landing_page.is_empty() { "/" } else { landing_page }.to_owned(),
    })
}
