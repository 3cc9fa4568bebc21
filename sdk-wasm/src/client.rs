//! The SDK as a machine without hands: what happens goes in as [`Input`], what is to be done comes out as [`Effect`].
//!
//! It sees clock, chance and page through [`Environment`] alone, so that tests pin all three.

mod choice;
mod collect;
mod input;
mod output;
mod report;
#[cfg(test)]
mod tests;

use crate::campaign::{Touch, captured, shortened, with_campaign};
use crate::config::{Config, Surroundings, switch};
use crate::consent::{Collection, collection};
use crate::constant::{Constant, constant};
use crate::engagement::Engagement;
use crate::identity::{Session, dated, dated_touch, is_id, new_id};
use crate::links;
use crate::members::Members;
use crate::pageview::{Page, reported};
use crate::queue::Queue;
use crate::text::Text;

pub(crate) use input::{Input, Purchase};
pub(crate) use output::{Effect, Slot, Target};

/// The look-ups that the machine may make; none of them waits for anything.
pub(crate) trait Environment {
    /// Any JSON value.
    type Value: Members;
    /// Milliseconds since the epoch.
    fn now_ms(&self) -> f64;
    fn random(&self) -> [u8; 16];
    /// The address of the document.
    fn address(&self) -> Text;
    /// The document's own referrer.
    fn referrer(&self) -> Text;
    fn title(&self) -> Text;
    /// Width and height of the screen.
    fn screen(&self) -> (f64, f64);
    fn is_visible(&self) -> bool;
    fn is_online(&self) -> bool;
    /// What a place in the browser's storage holds; empty where there is nothing, or storage is forbidden.
    fn read(&self, slot: Slot) -> Text;
    /// The entries of the queue that the browser's storage holds, with their ids, in no order.
    fn entries(&self, each: impl FnMut(Text, Text));
    /// The JSON of a value; empty where it has none.
    fn json(&self, value: Self::Value) -> Text;
}

/// The state of one page's SDK.
pub(crate) struct Client<E: Environment> {
    environment: E,
    pub(crate) config: Config,
    host: Text,
    collection: Collection,
    /// The visitor's own, as it is to be stored.
    choice: Text,
    /// Before a prerendered page is activated, nothing is sent.
    is_begun: bool,
    /// The address under which the page began, until its page view is made; empty after.
    due: Text,
    visitor: Text,
    session: Session,
    first: Text,
    page: Page,
    engagement: Engagement,
    queue: Queue,
    effects: Vec<Effect>,
}

impl<E: Environment> Client<E> {
    /// Takes up what earlier pages stored. Nothing is sent before [`Input::Begin`].
    pub(crate) fn new(environment: E, config: Config, surroundings: &Surroundings) -> Self {
        let collection = collection(&config, surroundings, environment.read(Slot::Choice));
        let mut client = Self {
            environment,
            config,
            host: surroundings.host,
            collection,
            choice: Text::default(),
            is_begun: !surroundings.is_prerendering,
            due: Text::default(),
            visitor: Text::default(),
            session: Session::default(),
            first: Text::default(),
            page: Page::default(),
            engagement: Engagement::default(),
            queue: Queue::default(),
            effects: Vec::new(),
        };
        client.identities(true);
        client
    }

    /// The page has begun; its page view is made ahead of the next input.
    pub(crate) fn begin_with_next(&mut self) {
        self.due = self.address();
    }

    /// Takes up who is visiting, by what is stored where that may be used, or begins with somebody new.
    fn identities(&mut self, is_known: bool) {
        let address = self.environment.address();
        let bare = links::without(address);
        let now_ms = self.environment.now_ms();
        let referrer = self.environment.referrer();
        if bare != address {
            self.effects.push(Effect::Address(bare));
        }
        if self.collection == Collection::Stopped {
            return;
        }
        if !self.config.has(switch::MEMORY) {
            self.visitor = links::carried(address, referrer, self.config.hostnames, now_ms);
            if is_known {
                self.restore(now_ms);
            }
        }
        if self.visitor.is_empty() {
            self.visitor = self.new_id();
        }
        self.enter(reported(bare, self.config.has(switch::HASH_ROUTES)), referrer, true);
        self.keep(Slot::Visitor);
    }

    /// Takes up what earlier pages stored.
    fn restore(&mut self, now_ms: f64) {
        let visitor = self.environment.read(Slot::Visitor);
        if is_id(visitor) {
            self.visitor = visitor;
        }
        self.first = self.environment.read(Slot::First);
        self.session.restore(self.environment.read(Slot::Session), self.environment.read(Slot::SessionState));
        self.environment.entries(|id, stored| self.queue.restore(id, stored, now_ms));
        self.queue.hold(self.environment.read(Slot::Queue), now_ms);
        let held_ms = self.queue.held(now_ms);
        if held_ms > 0.0 {
            self.effects.push(Effect::Wake(held_ms));
        }
    }

    /// What is to be done now, in order.
    pub(crate) fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// The visitor's id; empty where nothing may be kept.
    pub(crate) fn visitor(&self) -> Text {
        self.visitor
    }

    /// The session's id, a new one after thirty minutes of silence; empty where nothing may be kept.
    pub(crate) fn session(&mut self) -> Text {
        if self.collection != Collection::Stopped && self.session.is_over(self.environment.now_ms()) {
            self.renew(None);
        }
        self.session.id
    }

    /// The touch of this session, and the visitor's first with its time.
    pub(crate) fn touches(&self) -> (Touch, f64, Touch) {
        (self.session.touch, self.first.number(), dated_touch(self.first))
    }

    /// What a provider's checkout carries to its webhook.
    pub(crate) fn checkout(&mut self, order_id: Text) -> E::Value {
        use protocol::metadata::{ORDER_ID, SESSION_ID, URL, VALUE_CHARS, VISITOR_ID};
        let members = E::Value::object();
        if self.collection != Collection::Stopped {
            if !self.config.has(switch::MEMORY) {
                members.text(constant!(VISITOR_ID), self.visitor);
            }
            members.text(constant!(SESSION_ID), self.session());
            let address = with_campaign(self.address(), self.session.touch.campaign());
            members.text(constant!(URL), shortened(address, captured(address), VALUE_CHARS));
        }
        members.text(constant!(ORDER_ID), order_id.cut(VALUE_CHARS));
        members
    }

    /// Whether payments are told who the visitor is.
    pub(crate) fn carries_to_payments(&self) -> bool {
        self.config.has(switch::PAYMENT_LINKS) && !self.config.has(switch::MEMORY)
    }

    /// The address that a link is to be followed by; empty where that is its own.
    pub(crate) fn link(&self, href: Text) -> Text {
        if self.config.has(switch::MEMORY) || self.visitor.is_empty() {
            return Text::default();
        }
        if self.carries_to_payments() {
            let payment = links::payment(href, self.visitor);
            if !payment.is_empty() {
                return payment;
            }
        }
        links::carrying(href, self.host, self.config.hostnames, self.visitor, self.environment.now_ms())
    }

    /// A page is entered, or the visitor is active on it: the session may turn over.
    fn enter(&mut self, url: Text, referrer: Text, is_load: bool) {
        let touch = Touch::of(url, referrer);
        let campaign = touch.campaign();
        let is_other_campaign = !campaign.is_empty() && campaign != self.session.touch.campaign();
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
        self.keep(Slot::Session);
        self.touch_session();
        if self.first.is_empty() {
            self.first = dated(self.environment.now_ms(), self.session.touch);
            self.keep(Slot::First);
        }
    }

    fn touch_session(&mut self) {
        self.session.last_ms = self.environment.now_ms();
        self.keep(Slot::SessionState);
    }

    #[inline(never)]
    fn keep(&mut self, slot: Slot) {
        let may_keep = matches!(self.collection, Collection::Active | Collection::Silent);
        if may_keep && !self.config.has(switch::MEMORY) {
            let effect = Effect::Store(slot, self.stored(slot));
            self.effects.push(effect);
        }
    }

    /// What a place in storage shall hold now.
    fn stored(&self, slot: Slot) -> Text {
        match slot {
            Slot::Visitor => self.visitor,
            Slot::Session => self.session.id,
            Slot::SessionState => self.session.state(),
            Slot::First => self.first,
            Slot::Queue => self.queue.held_until(),
            Slot::Choice => self.choice,
        }
    }

    /// Says something to the developer.
    #[inline(never)]
    fn warn(&mut self, what: Constant) {
        self.effects.push(Effect::Warn(what));
    }

    /// Lets the texts that the machine still holds outlive the next sweep.
    pub(crate) fn keep_texts(&mut self) {
        let Self { environment: _, collection: _, is_begun: _, engagement: _, .. } = self;
        let Config { site_id, api_host, event_path, hostnames, switches: _ } = &mut self.config;
        let Session { id, last_ms: _, touch } = &mut self.session;
        let Page { url, session, at_ms: _, reports: _ } = &mut self.page;
        let kept = [
            site_id,
            api_host,
            event_path,
            hostnames,
            &mut self.host,
            &mut self.choice,
            &mut self.due,
            &mut self.visitor,
            id,
            &mut touch.0,
            &mut self.first,
            url,
            session,
        ];
        for text in kept {
            text.keep();
        }
        self.queue.keep_texts();
    }

    fn new_id(&self) -> Text {
        new_id(self.environment.random())
    }

    /// The document's address without what was carried in it.
    fn address(&self) -> Text {
        links::without(self.environment.address())
    }
}
