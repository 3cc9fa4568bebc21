//! `window.engagetrack`: the surface of the browser SDK, which passes each call on to the machine in `client`.
//!
//! ```text
//! page ─► js/ (guards each call) ─► lib ─► client: Input → Vec<Effect> ─► browser, transport ─► server
//! ```

mod browser;
mod campaign;
mod client;
mod config;
mod consent;
mod engagement;
mod identity;
mod links;
mod members;
mod pageview;
mod queue;
mod text;
mod transport;

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

use browser::{Browser, Json, coerced, member, object, ways};
use client::{Client, Input, Person, Purchase};

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: lol_alloc::LockedAllocator<lol_alloc::FreeListAllocator> =
    lol_alloc::LockedAllocator::new(lol_alloc::FreeListAllocator::new());

thread_local! {
    static CLIENT: RefCell<Option<Client<Browser>>> = const { RefCell::new(None) };
}

/// Asks the machine; `None` before it has started, or while it is asked already (a page's `toJSON` that calls back).
fn with<T>(ask: impl FnOnce(&mut Client<Browser>) -> T) -> Option<T> {
    CLIENT.with(|client| client.try_borrow_mut().ok()?.as_mut().map(ask))
}

/// Tells the machine what happened, and does what it asks for.
#[inline(never)]
fn act(input: Input<Json>) {
    with(|client| client.handle(input));
    perform();
}

#[inline(never)]
fn perform() {
    browser::perform(with(Client::take_effects).unwrap_or_default());
}

/// The one way into the module, for the page's calls and for what is listened to: `way` says which of [`ways`].
#[wasm_bindgen]
pub fn enter(way: u8, first: &JsValue, second: &JsValue, third: &JsValue) -> JsValue {
    match way {
        ways::START => start(first, &coerced(second).unwrap_or_default(), third.is_truthy()),
        ways::GET_VISITOR_ID => return get_visitor_id().into(),
        ways::GET_SESSION_ID => return get_session_id().into(),
        ways::GET_ATTRIBUTION => return get_attribution(),
        ways::CHECKOUT_METADATA => return checkout_metadata(first),
        ways::TRACK_PURCHASE => track_purchase(first, second.clone(), third),
        ways::TRACK => track(first, second.clone()),
        ways::IDENTIFY => identify(first, second),
        ways::PAGEVIEW => pageview(first),
        ways::OPT_OUT => opt_out(),
        ways::OPT_IN => opt_in(),
        ways::SET_CONSENT => set_consent(first.is_truthy()),
        _ => browser::happened(way, first, second, third),
    }
    JsValue::UNDEFINED
}

/// Starts with the attributes of the tag, or the options of `init`. `origin` is that of the script; a `resumed`
/// start goes on for a module that failed on this page, and reports no page view again.
pub fn start(options: &JsValue, origin: &str, resumed: bool) {
    let surroundings = browser::surroundings();
    let begins = !surroundings.is_prerendering && !resumed;
    let client = Client::new(Browser, browser::config(options, origin), surroundings, &browser::stored());
    CLIENT.with(|cell| cell.replace(Some(client)));
    perform();
    browser::listen();
    if begins {
        act(Input::Begin);
    }
}

/// The visitor's id; empty after `optOut`.
pub fn get_visitor_id() -> String {
    with(|client| text::own(client.visitor())).unwrap_or_default()
}

/// The session's id; empty after `optOut`.
pub fn get_session_id() -> String {
    let id = with(|client| text::own(client.session())).unwrap_or_default();
    perform();
    id
}

/// A purchase; `revenue` in major units, a number or a decimal text.
pub fn track_purchase(order_id: &JsValue, revenue: JsValue, currency: &JsValue) {
    act(Input::Purchased(Purchase {
        order_id: coerced(order_id).unwrap_or_default(),
        revenue: Json(revenue),
        currency: coerced(currency).unwrap_or_default(),
    }));
}

/// A custom event.
pub fn track(name: &JsValue, properties: JsValue) {
    act(Input::Track(coerced(name).unwrap_or_default(), properties.is_object().then_some(Json(properties))));
}

/// The visitor is the merchant's user.
pub fn identify(user_id: &JsValue, traits: &JsValue) {
    let Some(user_id) = coerced(user_id).filter(|user_id| !user_id.is_empty()) else { return };
    let text = |name| coerced(&member(traits, name)).unwrap_or_default();
    let mut user_hash = text("user_hash");
    if user_hash.is_empty() {
        user_hash = text("userHash");
    }
    act(Input::Identified(Person {
        user_id,
        name: text("name"),
        email: text("email"),
        avatar: text("avatar"),
        user_hash,
        custom: browser::custom(traits),
    }));
}

/// A page view, of the current address or of one that is named.
pub fn pageview(url: &JsValue) {
    act(Input::Pageview(coerced(url).and_then(|url| browser::absolute(&url))));
}

/// What was captured for this session, and the visitor's first touch.
pub fn get_attribution() -> JsValue {
    let touches = with(|client| {
        let (now, first_at_ms, first) = client.touches();
        (now.clone(), first_at_ms, first)
    });
    let Some((now, first_at_ms, first)) = touches else { return object(&members::Members::default()) };
    let mut attribution = browser::touch(&now);
    if first_at_ms > 0 {
        let mut first = browser::touch(&first);
        #[expect(clippy::cast_precision_loss, reason = "milliseconds since the epoch fit a double")]
        first.number("at", first_at_ms as f64);
        attribution.value("first_touch", Some(Json(object(&first))));
    }
    object(&attribution)
}

/// What a provider's checkout metadata needs, so that its webhook finds this session.
pub fn checkout_metadata(order_id: &JsValue) -> JsValue {
    let order_id = coerced(order_id).unwrap_or_default();
    let members = with(|client| client.checkout(&order_id)).unwrap_or_default();
    perform();
    object(&members)
}

/// Stop, and forget everything that was kept.
pub fn opt_out() {
    act(Input::OptOut);
}

/// Start again, as somebody new.
pub fn opt_in() {
    act(Input::OptIn);
}

/// Consent was given, or was refused or withdrawn.
pub fn set_consent(granted: bool) {
    act(Input::Consent(granted));
}
