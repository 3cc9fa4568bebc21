//! A store of plain vectors, and a scene: a site with what arrives at it. Naive on purpose.

mod memory;

use jiff::Timestamp;
use serde_json::Value;

use super::question::Question;
use super::time::parse_moment;
use super::{Context, Fault};
use crate::catalogue::{Document, Integration, Site};
use crate::clock::Millis;
use crate::payments::own::{self, OwnOrder};
use crate::payments::{self, Notice, Provider};
use crate::rates::{PerEuro, Table, parse_day};
use crate::record::{Event, Identify, Page, Purchase, Record, Withdrawal};
use crate::store::Outcome;

pub(crate) use memory::Memory;

/// The hash of an e-mail in tests: anything that is the same for the same text.
pub(crate) fn email_hash(email: &str) -> String {
    format!("hash-{}", email.len()) + &email.chars().rev().collect::<String>()
}

/// A site with what has arrived at it.
pub(crate) struct Scene {
    pub(crate) store: Memory,
    pub(crate) site: Site,
    pub(crate) rates: Table,
    pub(crate) now_ms: Millis,
    /// All that arrived, for another store.
    pub(crate) arrived: Vec<Record>,
}

impl Scene {
    pub(crate) fn new(zone: &str, currency: &str, now: &str) -> Self {
        let site = Site {
            id: "pk_live_scene".to_owned(),
            number: 1,
            domain: "shop.example".to_owned(),
            aliases: Vec::new(),
            time_zone: zone.to_owned(),
            currency: currency.to_owned(),
            window_days: Some(90),
            count_orders_once: false,
            excluded_paths: Vec::new(),
            excluded_addresses: Vec::new(),
            kept_parameters: Vec::new(),
            identify_secret: None,
            signed_identify_only: false,
            created_at_ms: 0,
        };
        Self {
            store: Memory::default(),
            site,
            rates: Table::default(),
            now_ms: parse_moment(now).unwrap(),
            arrived: Vec::new(),
        }
    }

    pub(crate) fn context(&self) -> Context<'_> {
        Context { store: &self.store, site: &self.site, rates: &self.rates, now_ms: self.now_ms }
    }

    pub(crate) fn integrate(&mut self) {
        let integration = Integration::new(&self.site.id, Provider::Stripe, 0);
        self.arrived.push(Record::Put { document: Document::Integration(integration.clone()), new: false });
        self.store.documents(|catalogue| catalogue.put(Document::Integration(integration)));
    }

    pub(crate) fn rate(&mut self, day: &str, currency: &str, per_euro: &str) {
        let currency = attribution::money::Currency::parse(currency).unwrap();
        self.rates.put(parse_day(day).unwrap(), currency, PerEuro::parse(per_euro).unwrap());
    }

    /// A question, by its query.
    pub(crate) fn ask(&self, query: &str) -> Result<Question, Fault> {
        let parameters: Vec<(String, String)> =
            form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Question::parse(&parameters, &self.context())
    }

    /// An event as scenes write it.
    pub(crate) fn event(&mut self, said: &Value) {
        let text = |name: &str| said[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
        let at_ms = moment(&said["at"]);
        let purchase = text("order").map(|order_id| {
            let currency = attribution::money::Currency::parse(said["currency"].as_str().unwrap()).unwrap();
            let money = attribution::money::parse_major(&plain(&said["revenue"]), currency).unwrap();
            Purchase {
                order_id,
                minor: money.minor.try_into().unwrap(),
                currency: currency.code().to_owned(),
            }
        });
        let kind =
            if purchase.is_some() { protocol::EventType::Purchase } else { protocol::EventType::Pageview };
        let derived = || format!("{at_ms}-{}", self.store.events.len());
        let event = Event {
            site: 1,
            event_id: text("id").unwrap_or_else(derived),
            has_own_id: said["id"].is_string(),
            at_ms,
            received_ms: at_ms,
            kind,
            visitor: text("visitor"),
            session: text("session"),
            page: page(said["url"].as_str().unwrap()),
            referrer: text("referrer"),
            purchase,
            ..Event::default()
        };
        self.arrived.push(Record::Event(Box::new(event.clone())));
        self.store.events.push(event);
    }

    pub(crate) fn identify(&mut self, at: &Value, visitor: &str, user: &str, email: Option<&str>) {
        let identify = Identify {
            site: 1,
            event_id: format!("identify-{}", self.store.identifies.len()),
            at_ms: moment(at),
            visitor: visitor.to_owned(),
            user: user.to_owned(),
            email_hash: email.map(email_hash),
            ..Identify::default()
        };
        self.arrived.push(Record::Identify(Box::new(identify.clone())));
        self.store.identifies.push(identify);
    }

    /// A Stripe event that has verified.
    pub(crate) fn stripe(&mut self, body: &Value) -> Outcome {
        let notice = payments::testing::notice(
            Provider::Stripe,
            "",
            body.to_string().as_bytes(),
            self.now_ms,
            &email_hash,
        );
        self.hear(notice.unwrap())
    }

    /// An order that the merchant's backend posts.
    pub(crate) fn post(&mut self, at_ms: Millis, said: &Value) -> Outcome {
        let text = |name: &str| said[name].as_str().map(str::to_owned);
        let currency = attribution::money::Currency::parse(said["currency"].as_str().unwrap()).unwrap();
        let order = OwnOrder {
            order_id: text("order_id").unwrap(),
            minor: attribution::money::parse_major(&plain(&said["amount"]), currency)
                .unwrap()
                .minor
                .try_into()
                .unwrap(),
            currency: currency.code().to_owned(),
            visitor: text("visitor_uid"),
            session: text("session_id"),
            checkout_url: text("checkout_url"),
            customer: text("customer_id"),
            refund_of: text("refund_of"),
            renewal: said["renewal"].as_bool().unwrap_or(false),
            ..OwnOrder::default()
        };
        self.hear(own::notice(&order, 1, at_ms, &email_hash))
    }

    pub(crate) fn hear(&mut self, notice: Notice) -> Outcome {
        self.arrived.push(Record::Notice(Box::new(notice.clone())));
        self.store.hear(notice)
    }

    /// An order that its owner takes back.
    pub(crate) fn take_back(&mut self, order_id: &str, at_ms: Millis) {
        let withdrawal = Withdrawal { site: 1, order_id: order_id.to_owned(), at_ms };
        self.arrived.push(Record::Withdrawal(withdrawal));
        self.store.withdrawn.push(order_id.to_owned());
    }
}

/// A time in a scene: ISO 8601 or milliseconds.
pub(crate) fn moment(said: &Value) -> Millis {
    match said.as_str() {
        Some(text) => text.parse::<Timestamp>().unwrap().as_millisecond(),
        None => said.as_i64().unwrap(),
    }
}

/// A number or a text, as it is written.
fn plain(said: &Value) -> String {
    said.as_str().map_or_else(|| said.to_string(), str::to_owned)
}

pub(crate) fn page(text: &str) -> Page {
    let url = url::Url::parse(text).unwrap();
    let path = if url.path().len() > 1 { url.path().trim_end_matches('/') } else { url.path() };
    Page {
        host: url.host_str().unwrap().to_owned(),
        path: path.to_owned(),
        query: url.query().unwrap_or_default().to_owned(),
        checkout_return: false,
    }
}
