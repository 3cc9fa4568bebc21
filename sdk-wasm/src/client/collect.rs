//! What each input does.

use protocol::limit;

use super::report::purchase_event_id;
use super::{Client, Effect, Environment, Input, Purchase, Slot, Target};
use crate::campaign::base;
use crate::config::switch;
use crate::consent::Collection;
use crate::constant::Constant;
use crate::engagement::Engagement;
use crate::links::{Followed, followed};
use crate::members::Members;
use crate::pageview::{Cause, Page, reported};
use crate::queue::{Answer, Batch, Kind};
use crate::text::Text;

/// The name of the custom event that reports attention to a page.
pub(crate) const ENGAGEMENT: Constant = c"engagement";
/// A page without activity is looked at again no sooner than this, so that scrolling does not write all the time.
const ACTIVITY_MS: f64 = 5_000.0;

impl<E: Environment> Client<E> {
    /// Takes in what happened.
    pub(crate) fn handle(&mut self, input: Input<E::Value>) {
        if !self.due.is_empty() {
            self.begin();
        }
        match input {
            Input::OptOut => self.stop(true),
            Input::OptIn => self.opt_in(),
            Input::Consent(is_granted) => self.consent(is_granted),
            Input::Chosen(choice) if self.is_refusal(choice) => self.stop(false),
            Input::Chosen(_) => {}
            Input::Begin => self.begin(),
            _ if self.collection == Collection::Stopped => {}
            Input::Moved(cause) => self.moved(Text::default(), cause),
            Input::Pageview(url) => self.pageview(url, Cause::Manual),
            Input::Track(name, properties) => self.track(name, properties),
            Input::Purchased(purchase) => self.purchased(purchase),
            Input::Identified(person) => self.identified(person),
            Input::Followed(href, is_download) => self.followed(href, is_download),
            Input::Submitted(form, action) => self.submitted(form, action),
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
        let address = std::mem::take(&mut self.due);
        if self.collection != Collection::Stopped {
            self.moved(address, Cause::Load);
        }
    }

    /// The page is under an address, the document's own where none is named.
    pub(super) fn moved(&mut self, named: Text, cause: Cause) {
        if self.config.has(switch::PAGEVIEWS) {
            self.pageview(named, cause);
        } else {
            self.active();
        }
    }

    /// A page view, of the document's own address where none is named.
    fn pageview(&mut self, named: Text, cause: Cause) {
        let url = if named.is_empty() { self.address() } else { named };
        let url = reported(url, self.config.has(switch::HASH_ROUTES));
        if !self.is_begun || !self.page.is_news(url, cause) {
            return;
        }
        self.report_engagement();
        let referrer = self.page.referrer_of_next(url, cause, self.environment.referrer());
        if cause == Cause::Restore {
            self.active();
        } else {
            self.enter(url, referrer, false);
        }
        let now_ms = self.environment.now_ms();
        self.engagement = Engagement::begin(self.environment.is_visible(), now_ms);
        self.page = Page { url, session: self.session.id, at_ms: now_ms, reports: 0.0 };
        let event = E::Value::object();
        event.text(c"referrer", referrer);
        let (width, height) = self.environment.screen();
        event.number(c"screen_w", width);
        event.number(c"screen_h", height);
        let id = self.new_id();
        self.push(c"pageview", event, Kind::Event, id, true);
    }

    fn track(&mut self, name: Text, properties: Option<E::Value>) {
        self.active();
        let event = E::Value::object();
        event.text(c"event_name", name.cut(limit::TEXT_CHARS));
        if let Some(properties) = properties {
            event.value(c"properties", properties);
        }
        self.push_now(c"custom", event);
    }

    fn purchased(&mut self, purchase: Purchase<E::Value>) {
        if purchase.order_id.is_empty() {
            self.warn(c"trackPurchase needs an order id; the purchase was not sent");
            return;
        }
        self.active();
        let event = E::Value::object();
        if let Some(revenue) = purchase.revenue {
            event.value(c"revenue", revenue);
        }
        event.text(c"currency", purchase.currency.found(cr"(\S+)").upper_case());
        event.text(c"order_id", purchase.order_id);
        self.push(c"purchase", event, Kind::Purchase, purchase_event_id(purchase.order_id), false);
    }

    fn identified(&mut self, identify: E::Value) {
        if self.config.has(switch::MEMORY) {
            self.warn(c"identify needs a visitor id, which persistence \"memory\" does not send");
            return;
        }
        self.active();
        let id = self.new_id();
        self.enqueue(identify, Kind::Identify, id, self.environment.now_ms());
    }

    fn followed(&mut self, href: Text, is_download: bool) {
        self.active();
        let kind = match followed(href, is_download, self.host, self.config.hostnames) {
            Followed::Download if self.config.has(switch::DOWNLOADS) => c"download",
            Followed::Outbound if self.config.has(switch::OUTBOUND) => c"outbound",
            Followed::Download | Followed::Outbound | Followed::Inside => return,
        };
        self.with_properties(kind, (c"href", href), (c"", Text::default()));
    }

    fn submitted(&mut self, form: Text, action: Text) {
        self.active();
        if self.config.has(switch::FORMS) {
            self.with_properties(c"form_submit", (c"form", form), (c"action", base(action)));
        }
    }

    /// The visitor did something: the session goes on, or a new one begins without a new source.
    fn active(&mut self) {
        let now_ms = self.environment.now_ms();
        if self.session.is_over(now_ms) {
            self.renew(None);
        } else if now_ms - self.session.last_ms > ACTIVITY_MS {
            self.touch_session();
        } else {
            self.session.last_ms = now_ms;
        }
    }

    fn hidden(&mut self) {
        let now_ms = self.environment.now_ms();
        self.engagement.hide(now_ms);
        self.report_engagement();
        self.keep(Slot::SessionState);
        if self.may_send() && self.environment.is_online() {
            while let Some(batch) = self.queue.next_parting(now_ms) {
                self.send(Target::Beacon, batch);
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
        if !self.config.has(switch::ENGAGEMENT) || self.page.url.is_empty() {
            return;
        }
        let Some((seconds, depth)) = self.engagement.take(self.environment.now_ms()) else { return };
        self.page.reports += 1.0;
        let event = E::Value::object();
        event.text(c"event_name", Text::of(ENGAGEMENT));
        event.number(c"time_on_page", seconds.min(limit::TIME_ON_PAGE_SECONDS));
        event.number(c"scroll_depth", depth);
        let id = self.new_id();
        self.push(c"custom", event, Kind::Engagement, id, true);
    }

    fn woken(&mut self) {
        let number = self.queue.overdue(self.environment.now_ms());
        if number != 0 {
            return self.answered(number, Answer::LOST);
        }
        // A timer may end a little before its time: then it is asked for the rest.
        let wait_ms = self.queue.patience(self.environment.now_ms());
        if wait_ms > 0.0 {
            self.effects.push(Effect::Wake(wait_ms));
        }
    }

    fn answered(&mut self, number: i32, answer: Answer) {
        if !answer.is_retryable() && !answer.is_success() {
            self.warn(c"the server refused an event, which is not sent again: see the request");
        }
        let [random, ..] = self.environment.random();
        let wake_ms = self.queue.answer(number, answer, self.environment.now_ms(), random);
        if wake_ms > 0.0 || self.queue.is_behind() {
            self.save();
        }
        if wake_ms > 0.0 {
            self.effects.push(Effect::Wake(wake_ms));
        }
    }

    fn flush(&mut self) {
        if !self.may_send() {
            return;
        }
        if let Some(batch) = self.queue.next(self.environment.now_ms()) {
            self.send(Target::Fetch, batch);
            self.effects.push(Effect::Wake(crate::queue::ANSWER_MS));
        }
    }

    #[inline(never)]
    fn send(&mut self, target: Target, batch: Batch) {
        let url = self.config.url(batch.is_identify);
        self.effects.push(Effect::Send(target, url, batch));
    }

    fn may_send(&self) -> bool {
        self.is_begun && self.collection == Collection::Active
    }

    fn save(&mut self) {
        if self.collection != Collection::Active || self.config.has(switch::MEMORY) {
            return;
        }
        self.queue.changes(|id, stored| self.effects.push(Effect::StoreEntry(id, stored)));
        if self.queue.held(self.environment.now_ms()) > 0.0 {
            self.keep(Slot::Queue);
        }
    }
}
