//! What strangers send, read: decode, validate, drop what does not count, enrich, and out comes a record.
//!
//! The raw address and the agent end in this room. What leaves it is a [`Record`], a reason why nothing is
//! recorded, or a [`Fault`] that says what to mend.

mod agent;
mod country;
mod decode;
mod enrich;
mod fault;
mod identify;
mod page;
mod policy;
mod properties;
mod salt;
mod time;
mod validate;

use std::net::IpAddr;
use std::path::Path;

use protocol::EventType;

pub use country::OpenError;
pub use fault::{Fault, FaultKind};
pub use identify::IdentifyKeys;
pub use time::event_time;

use crate::catalogue::{Catalogue, Site};
use crate::clock::Millis;
use crate::record::Record;
use decode::{Body, Wire};
use enrich::Sender;

/// Why an event that is in order is nevertheless not recorded: the closed list of reasons.
pub mod dropped {
    /// The agent is a bot's.
    pub const BOT: &str = "bot";
    /// The site excludes the sender's address.
    pub const EXCLUDED_ADDRESS: &str = "excluded_address";
    /// The site excludes the page's path.
    pub const EXCLUDED_PATH: &str = "excluded_path";
    /// The referrer is on the list of referrer spam.
    pub const SPAM_REFERRER: &str = "spam_referrer";

    /// All of them.
    pub const REASONS: [&str; 4] = [BOT, EXCLUDED_ADDRESS, EXCLUDED_PATH, SPAM_REFERRER];
}

/// Who sent a request, and when it arrived.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrival {
    /// The client's address; none where there is no client, as in an import.
    pub address: Option<IpAddr>,
    /// The `User-Agent` header, or nothing.
    pub agent: String,
    /// When the request arrived, by the server's clock.
    pub received_ms: Millis,
}

/// A body, read.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Whether it was an array; then faults are told by index.
    pub array: bool,
    /// What became of each event, in their order.
    pub items: Vec<Item>,
}

/// What became of one event.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// It is to be made durable.
    Record(Record),
    /// It is in order but does not count, for one of [`dropped::REASONS`].
    Dropped(&'static str),
    /// It is not in order.
    Fault(Fault),
}

/// What reading needs beside the message: the look-up tables, and the day's salt.
pub struct Ingest {
    agents: agent::Agents,
    countries: country::Countries,
    policies: policy::Policies,
    salts: salt::Salts,
}

impl Ingest {
    /// Opens the look-up tables. `geoip` is a country database in MaxMind's format in place of the one built in;
    /// `salts_dir` keeps the day's salt of visitors without an id over a restart, and nothing else.
    pub fn open(geoip: Option<&Path>, salts_dir: Option<&Path>) -> Result<Self, OpenError> {
        Ok(Self {
            agents: agent::Agents::default(),
            countries: country::Countries::open(geoip)?,
            policies: policy::Policies::default(),
            salts: salt::Salts::new(salts_dir),
        })
    }

    /// Reads the body of `POST /api/v1/event`: one event, or an array of up to 50, each judged by itself.
    pub fn read_events(
        &self,
        catalogue: &Catalogue,
        arrival: &Arrival,
        body: &[u8],
    ) -> Result<Reading, Fault> {
        let sender = Sender::new(self, arrival);
        let read = |raw: &[u8]| self.read_event(catalogue, &sender, raw).unwrap_or_else(Item::Fault);
        Ok(match decode::body(body)? {
            Body::One(raw) => Reading { array: false, items: vec![read(raw)] },
            Body::Many(elements) => Reading {
                array: true,
                items: elements.iter().map(|element| read(element.get().as_bytes())).collect(),
            },
        })
    }

    /// Reads the body of `POST /api/v1/identify`. A missing or wrong signature is a fault where the site takes
    /// signed ones only, and else makes the record unsigned.
    pub fn read_identify(
        &self,
        catalogue: &Catalogue,
        arrival: &Arrival,
        body: &[u8],
        keys: &dyn IdentifyKeys,
    ) -> Result<Item, Fault> {
        identify::read(catalogue, arrival, body, keys).map(Item::Record)
    }

    /// Destroys the salt of a day that is over. Reading does so too; call it now and then all the same, so that
    /// a site without visitors does not keep yesterday's salt.
    pub fn turn_day(&self, now_ms: Millis) {
        self.salts.turn(now_ms);
    }

    fn read_event(&self, catalogue: &Catalogue, sender: &Sender<'_>, raw: &[u8]) -> Result<Item, Fault> {
        let wire: Wire = decode::message(raw, &["site_id", "url"]).map_err(|refused| {
            let places = self.place(catalogue, refused.site_id.as_deref(), refused.url.as_deref());
            places.err().unwrap_or(refused.fault)
        })?;
        let site = site_of(catalogue, &wire.site_id)?;
        let policy = self.policies.of(site);
        let url = page::parse(&wire.url)?;
        policy.admit(&url)?;
        let event = validate::event(wire, &url, &policy)?;
        if event.kind != EventType::Purchase
            && let Some(reason) = Self::reason_to_drop(&policy, sender, &event)
        {
            return Ok(Item::Dropped(reason));
        }
        Ok(Item::Record(enrich::event(event, site, sender, raw)))
    }

    /// Whether the site is known and the address is the site's, for a message that is out of order elsewhere:
    /// these two faults go before all others.
    fn place(&self, catalogue: &Catalogue, site_id: Option<&str>, url: Option<&str>) -> Result<(), Fault> {
        let Some(site_id) = site_id else {
            return Ok(());
        };
        let site = site_of(catalogue, site_id)?;
        match url.map(page::parse) {
            Some(Ok(url)) => self.policies.of(site).admit(&url),
            _ => Ok(()),
        }
    }

    fn reason_to_drop(
        policy: &policy::Policy,
        sender: &Sender<'_>,
        event: &validate::Valid,
    ) -> Option<&'static str> {
        if sender.arrival.address.is_some_and(|address| policy.excludes_address(address)) {
            Some(dropped::EXCLUDED_ADDRESS)
        } else if policy.excludes_path(&event.page.path) {
            Some(dropped::EXCLUDED_PATH)
        } else if sender.is_bot() {
            Some(dropped::BOT)
        } else if event.referrer.as_deref().is_some_and(page::is_spam) {
            Some(dropped::SPAM_REFERRER)
        } else {
            None
        }
    }
}

/// The site of a public id, or the fault that there is none.
fn site_of<'a>(catalogue: &'a Catalogue, site_id: &str) -> Result<&'a Site, Fault> {
    catalogue.site(site_id).ok_or_else(|| Fault::unknown_site(site_id))
}

#[cfg(test)]
mod tests;
