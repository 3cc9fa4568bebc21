//! Messages: what each has in common with the others, and its way into the queue.

use protocol::limit;

use super::{Client, Effect, Environment};
use crate::campaign::with_campaign;
use crate::config::switch;
use crate::consent::Collection;
use crate::members::Members;
use crate::pageview::reported;
use crate::queue::{Entry, Kind};
use crate::text::{cut, joined, length};

impl<E: Environment> Client<E> {
    #[inline(never)]
    pub(super) fn with_properties(
        &mut self,
        kind: &'static str,
        one: (&'static str, &str),
        other: (&'static str, &str),
    ) {
        let mut properties = E::Value::object();
        for (name, value) in [one, other] {
            properties.text(name, cut(value, limit::PROPERTY_TEXT_CHARS));
        }
        let mut event = E::Value::object();
        event.value("properties", &properties);
        self.push_now(kind, event);
    }

    pub(super) fn push_now(&mut self, event_type: &'static str, event: E::Value) {
        let id = self.new_id();
        self.push(event_type, event, Kind::Event, &id, false);
    }

    /// Adds what events have in common. One that is `of_view` tells of the page view, another of this moment.
    #[inline(never)]
    pub(super) fn push(
        &mut self,
        event_type: &'static str,
        mut event: E::Value,
        kind: Kind,
        id: &str,
        of_view: bool,
    ) {
        let mut at_ms = self.page.at_ms + self.page.reports;
        if of_view {
            event.text("url", &self.page.url);
            event.text("session_id", &self.page.session);
        } else {
            at_ms = self.environment.now_ms();
            let mut url = self.address();
            if kind == Kind::Purchase {
                url = with_campaign(&url, self.session.touch.campaign());
            }
            event.text("url", &reported(&url, self.config.has(switch::HASH_ROUTES)));
            event.text("session_id", &self.session.id);
        }
        event.text("event_type", event_type);
        event.text("title", cut(&self.environment.title(), limit::TEXT_CHARS));
        if self.page.url.is_empty() {
            // Where no page view has told it, the session's first event tells where the visitor came from.
            event.text("referrer", self.session.touch.referrer());
        }
        self.enqueue(event, kind, id, at_ms);
    }

    /// Adds what messages have in common, and lets it wait for its request.
    #[inline(never)]
    pub(super) fn enqueue(&mut self, mut message: E::Value, kind: Kind, id: &str, at_ms: u64) {
        if self.collection == Collection::Silent {
            return;
        }
        message.text("site_id", &self.config.site_id);
        message.text("event_id", id);
        message.number("at", milliseconds(at_ms));
        if self.config.has(switch::MEMORY) {
            message.text("persistence", "memory");
        } else {
            message.text("visitor_uid", &self.visitor);
        }
        match self.environment.json(&message) {
            Some(json) => self.queue.push(Entry::new(kind, at_ms, id, &json)),
            None => self.effects.push(Effect::Warn("properties that are not JSON were not sent")),
        }
    }
}

/// The same for each load of a thanks page, and the same as no other event's.
pub(super) fn purchase_event_id(order_id: &str) -> String {
    const PREFIX: &str = "order:";
    let fits = length(order_id) + PREFIX.len() <= limit::KEY_CHARS;
    joined(&[if fits { PREFIX } else { "" }, order_id])
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds since the epoch fit a double for 285,000 years")]
pub(super) fn milliseconds(whole: u64) -> f64 {
    whole as f64
}
