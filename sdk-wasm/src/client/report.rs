//! Messages: what each has in common with the others, and its way into the queue.

use protocol::limit;

use super::{Client, Environment};
use crate::campaign::with_campaign;
use crate::config::switch;
use crate::consent::Collection;
use crate::constant::Constant;
use crate::members::Members;
use crate::pageview::reported;
use crate::queue::{Entry, Kind};
use crate::text::Text;

impl<E: Environment> Client<E> {
    /// An event with two texts among its properties, the second not always there.
    #[inline(never)]
    pub(super) fn with_properties(&mut self, kind: Constant, one: (Constant, Text), other: (Constant, Text)) {
        let properties = E::Value::object();
        for (name, value) in [one, other] {
            properties.text(name, value.cut(limit::PROPERTY_TEXT_CHARS));
        }
        let event = E::Value::object();
        event.value(c"properties", properties);
        self.push_now(kind, event);
    }

    pub(super) fn push_now(&mut self, event_type: Constant, event: E::Value) {
        let id = self.new_id();
        self.push(event_type, event, Kind::Event, id, false);
    }

    /// Adds what events have in common. One that is `of_view` tells of the page view, another of this moment.
    #[inline(never)]
    pub(super) fn push(
        &mut self,
        event_type: Constant,
        event: E::Value,
        kind: Kind,
        id: Text,
        of_view: bool,
    ) {
        let mut at_ms = self.page.at_ms + self.page.reports;
        if of_view {
            event.text(c"url", self.page.url);
            event.text(c"session_id", self.page.session);
        } else {
            at_ms = self.environment.now_ms();
            let mut url = self.address();
            if kind == Kind::Purchase {
                url = with_campaign(url, self.session.touch.campaign());
            }
            event.text(c"url", reported(url, self.config.has(switch::HASH_ROUTES)));
            event.text(c"session_id", self.session.id);
        }
        event.text(c"event_type", Text::of(event_type));
        event.text(c"title", self.environment.title().cut(limit::TEXT_CHARS));
        if self.page.url.is_empty() {
            // Where no page view has told it, the session's first event tells where the visitor came from.
            event.text(c"referrer", self.session.touch.referrer());
        }
        self.enqueue(event, kind, id, at_ms);
    }

    /// Adds what messages have in common, and lets it wait for its request.
    #[inline(never)]
    pub(super) fn enqueue(&mut self, message: E::Value, kind: Kind, id: Text, at_ms: f64) {
        if self.collection == Collection::Silent {
            return;
        }
        message.text(c"site_id", self.config.site_id);
        message.text(c"event_id", id);
        message.number(c"at", at_ms);
        if self.config.has(switch::MEMORY) {
            message.text(c"persistence", Text::of(c"memory"));
        } else {
            message.text(c"visitor_uid", self.visitor);
        }
        let json = self.environment.json(message);
        if json.is_empty() {
            self.warn(c"properties that are not JSON were not sent");
        } else {
            self.queue.push(Entry::new(kind, at_ms, id, json));
        }
    }
}

/// The same for each load of a thanks page, and the same as no other event's.
pub(super) fn purchase_event_id(order_id: Text) -> Text {
    const PREFIX: Constant = c"order:";
    let fits = order_id.length() + PREFIX.count_bytes() <= limit::KEY_CHARS;
    Text::of(if fits { PREFIX } else { c"" }).with(c"", order_id)
}
