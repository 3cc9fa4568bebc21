//! What each input does.

use protocol::{Event, EventType, Identify, Persistence, limit};

use super::{Client, Effect, Environment, Input, Person, Purchase, Slot, Target};
use crate::campaign::with_campaign;
use crate::config::Stored;
use crate::consent::{Collection, GRANTED, REFUSED};
use crate::engagement::Engagement;
use crate::links::{Followed, followed};
use crate::pageview::{Cause, reported};
use crate::queue::{Answer, Entry, Kind};
use crate::text::cut;

/// The name of the custom event that reports attention to a page.
pub(crate) const ENGAGEMENT: &str = "engagement";
/// A page without activity is looked at again no sooner than this, so that scrolling does not write all the time.
const ACTIVITY_MS: u64 = 5_000;

impl<E: Environment> Client<E> {
    /// Takes in what happened.
    pub(crate) fn handle(&mut self, input: Input<E::Value>) {
        match input {
            Input::OptOut => self.stop(true),
            Input::OptIn => self.opt_in(),
            Input::Consent(is_granted) => self.consent(is_granted),
            Input::Chosen(choice) if self.is_refusal(&choice) => self.stop(false),
            Input::Chosen(_) => {}
            Input::Begin => self.begin(),
            _ if self.collection == Collection::Stopped => {}
            Input::Moved(cause) => self.moved(cause),
            Input::Pageview(url) => self.pageview(url, Cause::Manual),
            Input::Track(name, properties) => self.track(&name, properties),
            Input::Purchased(purchase) => self.purchased(purchase),
            Input::Identified(person) => self.identified(person),
            Input::Followed(href, is_download) => self.followed(&href, is_download),
            Input::Submitted(form, action) => self.submitted(&form, &action),
            Input::Scrolled(percent) => {
                self.engagement.scrolled(percent);
                self.active();
            }
            Input::Active => self.active(),
            Input::Hidden => self.hidden(),
            Input::Shown => self.shown(),
            Input::Online => self.queue.hasten(),
            Input::Woken => self.woken(),
            Input::Answered(number, answer) => self.answered(number, answer),
        }
        self.flush();
    }

    fn begin(&mut self) {
        self.is_begun = true;
        if self.collection != Collection::Stopped {
            self.moved(Cause::Load);
        }
    }

    fn moved(&mut self, cause: Cause) {
        if self.config.auto_pageviews {
            self.pageview(None, cause);
        } else {
            self.active();
        }
    }

    fn pageview(&mut self, url: Option<String>, cause: Cause) {
        let url = reported(&url.unwrap_or_else(|| self.address()), self.config.hash_routes);
        if !self.is_begun || !self.page.is_news(&url, cause) {
            return;
        }
        self.report_engagement();
        let referrer = self.page.referrer_of_next(&url, cause, &self.environment.referrer());
        if cause == Cause::Restore {
            self.active();
        } else {
            self.enter(&url, &referrer, false);
        }
        let now_ms = self.environment.now_ms();
        self.engagement = Engagement::begin(self.environment.is_visible(), now_ms);
        self.page.url = url;
        self.page.session.clone_from(&self.session.id);
        self.page.at_ms = now_ms;
        self.page.reports = 0;
        let (width, height) = self.environment.screen();
        let mut event = self.event(EventType::Pageview);
        event.url.clone_from(&self.page.url);
        event.referrer = Some(referrer).filter(|referrer| !referrer.is_empty());
        event.screen_w = Some(width);
        event.screen_h = Some(height);
        self.push(Kind::Event, event);
    }

    fn track(&mut self, name: &str, properties: Option<E::Value>) {
        self.active();
        let mut event = self.event(EventType::Custom);
        event.event_name = Some(cut(name, limit::TEXT_CHARS).to_owned());
        event.properties = properties;
        self.push(Kind::Event, event);
    }

    fn purchased(&mut self, purchase: Purchase<E::Value>) {
        if purchase.order_id.is_empty() {
            self.effects.push(Effect::Warn("trackPurchase needs an order id; the purchase was not sent"));
            return;
        }
        self.active();
        let mut event = self.event(EventType::Purchase);
        event.url =
            reported(&with_campaign(&event.url, &self.session.touch.campaign), self.config.hash_routes);
        event.event_id = Some(purchase_event_id(&purchase.order_id));
        event.revenue = Some(purchase.revenue);
        event.currency = Some(purchase.currency.trim().to_ascii_uppercase());
        event.order_id = Some(purchase.order_id);
        self.push(Kind::Purchase, event);
    }

    fn identified(&mut self, person: Person<E::Value>) {
        if self.config.is_memory {
            self.effects.push(Effect::Warn(
                "identify needs a visitor id, which persistence \"memory\" does not send",
            ));
            return;
        }
        self.active();
        let at_ms = self.environment.now_ms();
        let id = self.new_id();
        let identify = Identify {
            site_id: self.config.site_id.clone(),
            visitor_uid: self.visitor.clone(),
            user_id: person.user_id,
            name: person.name,
            email: person.email,
            avatar: person.avatar,
            custom: person.custom,
            user_hash: person.user_hash,
            event_id: Some(id.clone()),
            at: Some(milliseconds(at_ms)),
            sent_at: None,
        };
        let json = self.environment.identify_json(identify);
        self.enqueue(Kind::Identify, at_ms, id, json);
    }

    fn followed(&mut self, href: &str, is_download: bool) {
        self.active();
        let kind = match followed(href, is_download, &self.host, &self.config.hostnames) {
            Followed::Download if self.config.downloads => EventType::Download,
            Followed::Outbound if self.config.outbound => EventType::Outbound,
            Followed::Download | Followed::Outbound | Followed::Inside => return,
        };
        self.with_properties(kind, &[("href", href)]);
    }

    fn submitted(&mut self, form: &str, action: &str) {
        self.active();
        if self.config.forms {
            let action = action.split(['?', '#']).next().unwrap_or_default();
            self.with_properties(EventType::FormSubmit, &[("form", form), ("action", action)]);
        }
    }

    fn with_properties(&mut self, kind: EventType, members: &[(&str, &str)]) {
        let mut event = self.event(kind);
        let members: Vec<_> =
            members.iter().map(|(name, value)| (*name, cut(value, limit::PROPERTY_TEXT_CHARS))).collect();
        event.properties = Some(self.environment.object(&members));
        self.push(Kind::Event, event);
    }

    /// The visitor did something: the session goes on, or a new one begins without a new source.
    fn active(&mut self) {
        let now_ms = self.environment.now_ms();
        if self.session.is_over(now_ms) {
            self.renew(None);
        } else if now_ms.saturating_sub(self.session.last_ms) > ACTIVITY_MS {
            self.touch_session();
        } else {
            self.session.last_ms = now_ms;
        }
    }

    fn hidden(&mut self) {
        let now_ms = self.environment.now_ms();
        self.engagement.hide(now_ms);
        self.report_engagement();
        self.keep(Slot::SessionState, &self.session.state());
        if self.may_send() && self.environment.is_online() {
            while let Some(batch) = self.queue.next_parting(now_ms) {
                self.effects.push(Effect::Send(Target::Beacon, batch));
            }
        }
        self.save();
    }

    fn shown(&mut self) {
        let now_ms = self.environment.now_ms();
        self.engagement.show(now_ms);
        self.active();
        self.queue.resume();
    }

    /// Attention to the current page, dated to its page view: the time on it follows from there, and the
    /// session's last event stays what the visitor did last.
    fn report_engagement(&mut self) {
        if !self.config.engagement || self.page.url.is_empty() {
            return;
        }
        let Some((seconds, depth)) = self.engagement.take(self.environment.now_ms()) else { return };
        self.page.reports += 1;
        let at_ms = self.page.at_ms + self.page.reports;
        let mut event = self.event(EventType::Custom);
        event.event_name = Some(ENGAGEMENT.to_owned());
        event.session_id = Some(self.page.session.clone());
        event.url.clone_from(&self.page.url);
        event.time_on_page = Some(milliseconds(seconds).min(limit::TIME_ON_PAGE_SECONDS));
        event.scroll_depth = Some(f64::from(depth));
        event.at = Some(milliseconds(at_ms));
        self.push(Kind::Engagement, event);
    }

    fn woken(&mut self) {
        if let Some(number) = self.queue.overdue(self.environment.now_ms()) {
            self.answered(number, Answer::Lost);
        }
    }

    fn answered(&mut self, number: u32, answer: Answer) {
        if !answer.is_retryable() && !answer.is_success() {
            self.effects
                .push(Effect::Warn("the server refused an event, which is not sent again: see the request"));
        }
        let [random, ..] = self.environment.random();
        let wake = self.queue.answer(number, answer, self.environment.now_ms(), random);
        if wake.is_some() || self.queue.is_behind() {
            self.save();
        }
        self.effects.extend(wake.map(Effect::Wake));
    }

    /// Everything that is kept is forgotten; a refusal of this tab is remembered.
    fn stop(&mut self, is_own: bool) {
        self.collection = Collection::Stopped;
        self.visitor.clear();
        self.session = crate::identity::Session::default();
        self.first.clear();
        self.queue.clear();
        self.effects.retain(|effect| matches!(effect, Effect::Address(_)));
        let all = Slot::ALL.into_iter().filter(|slot| *slot != Slot::Choice);
        self.effects.extend(all.map(Effect::Forget));
        if is_own {
            self.effects.push(Effect::Keep(Slot::Choice, REFUSED.to_owned()));
        }
    }

    fn opt_in(&mut self) {
        if self.collection != Collection::Stopped {
            self.consent(true);
            return;
        }
        self.collection = Collection::Active;
        self.effects.push(Effect::Forget(Slot::Choice));
        if self.config.needs_consent {
            self.keep(Slot::Choice, GRANTED);
        }
        self.identities(&Stored::default());
        self.page = crate::pageview::Page::default();
        self.moved(Cause::Load);
    }

    fn consent(&mut self, is_granted: bool) {
        if !is_granted {
            // Where consent is needed, its absence says enough; else only a remembered refusal stops the next page.
            self.stop(!self.config.needs_consent);
            if self.config.needs_consent {
                self.effects.push(Effect::Forget(Slot::Choice));
            }
        } else if self.collection == Collection::Stopped {
            self.opt_in();
        } else if self.collection == Collection::Waiting {
            self.collection = Collection::Active;
            for (slot, value) in [
                (Slot::Choice, GRANTED.to_owned()),
                (Slot::Visitor, self.visitor.clone()),
                (Slot::Session, self.session.id.clone()),
                (Slot::SessionState, self.session.state()),
                (Slot::First, self.first.clone()),
            ] {
                self.keep(slot, &value);
            }
        }
    }

    /// Whether a stored choice ends what this page does: a refusal, or the withdrawal of a consent that is needed.
    fn is_refusal(&self, choice: &str) -> bool {
        let was_granted =
            self.config.needs_consent && !self.config.is_memory && self.collection == Collection::Active;
        choice == REFUSED || was_granted && choice != GRANTED
    }

    /// An event of now, of this page, visitor and session.
    fn event(&self, event_type: EventType) -> Event<E::Value> {
        let title = self.environment.title();
        let is_memory = self.config.is_memory;
        // Where no page view has told it, the session's first event tells where the visitor came from.
        let referrer = self.page.url.is_empty().then(|| self.session.touch.referrer.clone());
        Event {
            site_id: self.config.site_id.clone(),
            url: reported(&self.address(), self.config.hash_routes),
            event_type,
            event_name: None,
            referrer: referrer.filter(|referrer| !referrer.is_empty()),
            title: Some(cut(&title, limit::TEXT_CHARS).to_owned()).filter(|title| !title.is_empty()),
            visitor_uid: (!is_memory).then(|| self.visitor.clone()),
            session_id: Some(self.session.id.clone()),
            screen_w: None,
            screen_h: None,
            time_on_page: None,
            scroll_depth: None,
            revenue: None,
            currency: None,
            order_id: None,
            properties: None,
            event_id: None,
            at: None,
            sent_at: None,
            persistence: if is_memory { Persistence::Memory } else { Persistence::Storage },
        }
    }

    fn push(&mut self, kind: Kind, mut event: Event<E::Value>) {
        let at_ms = self.environment.now_ms();
        event.at.get_or_insert(milliseconds(at_ms));
        let id = event.event_id.get_or_insert_with(|| self.new_id()).clone();
        let json = self.environment.event_json(event);
        self.enqueue(kind, at_ms, id, json);
    }

    fn enqueue(&mut self, kind: Kind, at_ms: u64, id: String, json: Option<String>) {
        if self.collection == Collection::Silent {
            return;
        }
        match json {
            Some(json) => self.queue.push(Entry { kind, at_ms, id, json, batch: 0, is_stored: false }),
            None => self.effects.push(Effect::Warn("properties that are not JSON were not sent")),
        }
    }

    fn flush(&mut self) {
        if !self.may_send() {
            return;
        }
        if let Some(batch) = self.queue.next(self.environment.now_ms()) {
            self.effects.push(Effect::Send(Target::Fetch, batch));
            self.effects.push(Effect::Wake(crate::queue::ANSWER_MS));
        }
    }

    fn may_send(&self) -> bool {
        self.is_begun && self.collection == Collection::Active
    }

    fn save(&mut self) {
        if self.collection != Collection::Active || self.config.is_memory {
            return;
        }
        self.effects.extend(self.queue.changes().into_iter().map(|(id, line)| Effect::KeepEntry(id, line)));
        if self.queue.held(self.environment.now_ms()).is_some() {
            self.keep(Slot::Queue, &self.queue.held_until());
        }
    }
}

/// The same for each load of a thanks page, and the same as no other event's.
fn purchase_event_id(order_id: &str) -> String {
    const PREFIX: &str = "order:";
    let fits = order_id.chars().count() + PREFIX.len() <= limit::KEY_CHARS;
    [if fits { PREFIX } else { "" }, order_id].concat()
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds since the epoch fit a double for 285,000 years")]
fn milliseconds(whole: u64) -> f64 {
    whole as f64
}
