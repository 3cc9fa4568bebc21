//! The SDK as a machine without hands: what happens goes in as [`Input`], what is to be done comes out as [`Effect`].
//!
//! It sees clock, chance and page through [`Environment`] alone, so that tests pin all three.

mod collect;
mod input;
mod output;
#[cfg(test)]
mod tests;

use protocol::{Event, Identify};

use crate::campaign::{Touch, captured, shortened, with_campaign, without};
use crate::config::{Config, Stored, Surroundings};
use crate::consent::{Collection, collection};
use crate::engagement::Engagement;
use crate::identity::{Session, is_id, new_id};
use crate::links;
use crate::pageview::{Page, reported};
use crate::queue::Queue;
use crate::text;

pub(crate) use input::{Input, Person, Purchase};
pub(crate) use output::{Effect, Slot, Target};

/// The look-ups that the machine may make; none of them waits for anything.
pub(crate) trait Environment {
    /// Any JSON value.
    type Value;
    /// Milliseconds since the epoch.
    fn now_ms(&self) -> u64;
    fn random(&self) -> [u8; 16];
    /// The address of the document.
    fn address(&self) -> String;
    /// The document's own referrer.
    fn referrer(&self) -> String;
    fn title(&self) -> String;
    /// Width and height of the screen.
    fn screen(&self) -> (f64, f64);
    fn is_visible(&self) -> bool;
    fn is_online(&self) -> bool;
    /// An object of texts.
    fn object(&self, members: &[(&str, &str)]) -> Self::Value;
    /// JSON of an event; `None` where its properties have none.
    fn event_json(&self, event: Event<Self::Value>) -> Option<String>;
    /// JSON of an identify; `None` where its traits have none.
    fn identify_json(&self, identify: Identify<Self::Value>) -> Option<String>;
}

/// The state of one page's SDK.
pub(crate) struct Client<E: Environment> {
    environment: E,
    pub(crate) config: Config,
    host: String,
    collection: Collection,
    /// Before a prerendered page is activated, nothing is sent.
    is_begun: bool,
    visitor: String,
    session: Session,
    first: String,
    page: Page,
    engagement: Engagement,
    queue: Queue,
    effects: Vec<Effect>,
}

impl<E: Environment> Client<E> {
    /// Takes up what earlier pages stored. Nothing is sent before [`Input::Begin`].
    pub(crate) fn new(environment: E, config: Config, surroundings: Surroundings, stored: &Stored) -> Self {
        let collection = collection(&config, &surroundings, &stored.choice);
        let mut client = Self {
            environment,
            config,
            host: surroundings.host,
            collection,
            is_begun: !surroundings.is_prerendering,
            visitor: String::new(),
            session: Session::default(),
            first: String::new(),
            page: Page::default(),
            engagement: Engagement::default(),
            queue: Queue::default(),
            effects: Vec::new(),
        };
        client.identities(stored);
        client
    }

    fn identities(&mut self, stored: &Stored) {
        let address = self.environment.address();
        let now_ms = self.environment.now_ms();
        let brought = links::carried(&address, &self.environment.referrer(), &self.config.hostnames, now_ms);
        if address.contains(links::CARRIED) {
            self.effects.push(Effect::Address(without(&address, links::CARRIED)));
        }
        if self.collection == Collection::Stopped {
            return;
        }
        let stored = if self.config.is_memory { &Stored::default() } else { stored };
        self.visitor = match brought {
            _ if is_id(&stored.visitor) => stored.visitor.clone(),
            Some(visitor) if !self.config.is_memory => visitor,
            _ => self.new_id(),
        };
        self.first.clone_from(&stored.first);
        self.queue.restore(&stored.queue, now_ms);
        self.effects.extend(self.queue.held(now_ms).map(Effect::Wake));
        if let Some(session) = Session::parse(&stored.session, &stored.session_state) {
            self.session = session;
        }
        let url = reported(&self.address(), self.config.hash_routes);
        self.enter(&url, &self.environment.referrer(), true);
        self.keep(Slot::Visitor, &self.visitor.clone());
    }

    /// What is to be done now, in order.
    pub(crate) fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// The visitor's id; empty where nothing may be kept.
    pub(crate) fn visitor(&self) -> &str {
        &self.visitor
    }

    /// The session's id, a new one after thirty minutes of silence; empty where nothing may be kept.
    pub(crate) fn session(&mut self) -> &str {
        if self.collection != Collection::Stopped && self.session.is_over(self.environment.now_ms()) {
            self.renew(None);
        }
        &self.session.id
    }

    /// The touch of this session, and the visitor's first with its time.
    pub(crate) fn touches(&self) -> (&Touch, u64, Touch) {
        let (at, first) = self.first.split_once('\n').unwrap_or_default();
        (&self.session.touch, text::number(at), Touch::parse(first))
    }

    /// What a provider's checkout carries to its webhook: names and values.
    pub(crate) fn checkout(&mut self, order_id: Option<&str>) -> Vec<(&'static str, String)> {
        use protocol::metadata::{ORDER_ID, SESSION_ID, URL, VALUE_CHARS, VISITOR_ID};
        let mut members = Vec::new();
        if self.collection != Collection::Stopped {
            let session = self.session().to_owned();
            if !self.config.is_memory {
                members.push((VISITOR_ID, self.visitor.clone()));
            }
            let address = with_campaign(&self.address(), &self.session.touch.campaign);
            members.push((SESSION_ID, session));
            members.push((URL, shortened(&address, &captured(&address), VALUE_CHARS)));
        }
        if let Some(order_id) = order_id {
            members.push((ORDER_ID, text::cut(order_id, VALUE_CHARS).to_owned()));
        }
        members
    }

    /// The address that a link is to be followed by, where that is not its own.
    pub(crate) fn link(&self, href: &str) -> Option<String> {
        if self.config.is_memory || self.visitor.is_empty() {
            return None;
        }
        let payment = self.config.payment_links.then(|| links::payment(href, &self.visitor)).flatten();
        payment.or_else(|| {
            links::carrying(
                href,
                &self.host,
                &self.config.hostnames,
                &self.visitor,
                self.environment.now_ms(),
            )
        })
    }

    /// A page is entered, or the visitor is active on it: the session may turn over.
    fn enter(&mut self, url: &str, referrer: &str, is_load: bool) {
        let touch = Touch::of(url, referrer);
        let is_other_campaign = !touch.campaign.is_empty() && touch.campaign != self.session.touch.campaign;
        if self.session.id.is_empty() || is_other_campaign {
            self.renew(Some(touch));
        } else if self.session.is_over(self.environment.now_ms()) {
            // Within an open page the old source stays: nothing has brought the visitor anew.
            self.renew(is_load.then_some(touch));
        } else {
            self.touch_session();
        }
    }

    fn renew(&mut self, touch: Option<Touch>) {
        self.session.id = self.new_id();
        if let Some(touch) = touch {
            self.session.touch = touch;
        }
        self.keep(Slot::Session, &self.session.id.clone());
        self.touch_session();
        if self.first.is_empty() {
            text::push_number(&mut self.first, self.environment.now_ms());
            self.first.push('\n');
            self.session.touch.write(&mut self.first);
            self.keep(Slot::First, &self.first.clone());
        }
    }

    fn touch_session(&mut self) {
        self.session.last_ms = self.environment.now_ms();
        self.keep(Slot::SessionState, &self.session.state());
    }

    fn keep(&mut self, slot: Slot, value: &str) {
        let may_keep = matches!(self.collection, Collection::Active | Collection::Silent);
        if may_keep && !self.config.is_memory {
            self.effects.push(Effect::Keep(slot, value.to_owned()));
        }
    }

    fn new_id(&self) -> String {
        new_id(self.environment.random())
    }

    /// The document's address without what was carried in it.
    fn address(&self) -> String {
        let address = self.environment.address();
        if address.contains(links::CARRIED) { without(&address, links::CARRIED) } else { address }
    }
}
