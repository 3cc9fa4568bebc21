//! `window.engagetrack`: the surface of the browser SDK, which passes each call on to the machine in `client`.
//!
//! ```text
//! page ─► js/ (guards each call) ─► lib ─► client: Input → Vec<Effect> ─► browser, transport ─► server
//! ```

#[cfg(not(test))]
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
#[cfg(not(test))]
mod transport;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use wasm_bindgen::prelude::*;

use browser::{Browser, Json, coerced, ways};
use client::{Client, Input, Purchase};
use members::Members;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: lol_alloc::LockedAllocator<lol_alloc::FreeListAllocator> =
    lol_alloc::LockedAllocator::new(lol_alloc::FreeListAllocator::new());

/// The machine of this page. A page has one thread, so the lock is only a mark that the machine is being asked.
static CLIENT: Mutex<Option<Client<Browser>>> = Mutex::new(None);

/// Asks the machine; `None` before it has started, or while it is asked already (a page's `toJSON` that calls back).
fn with<T>(ask: impl FnOnce(&mut Client<Browser>) -> T) -> Option<T> {
    CLIENT.try_lock().ok()?.as_mut().map(ask)
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

/// How many ways in are under way: the page's code may call back.
static DEPTH: AtomicU32 = AtomicU32::new(0);

/// The one way into the module, for the page's calls and for what is listened to: `way` says which of `ways`.
#[wasm_bindgen]
pub fn enter(way: u8, first: &JsValue, second: &JsValue, third: &JsValue) -> JsValue {
    DEPTH.fetch_add(1, Ordering::Relaxed);
    let answer = entered(way, first, second, third);
    if DEPTH.fetch_sub(1, Ordering::Relaxed) == 1 {
        with(Client::keep_texts);
        text::Text::sweep();
    }
    answer
}

fn entered(way: u8, first: &JsValue, second: &JsValue, third: &JsValue) -> JsValue {
    match way {
        ways::START => start(first, second, third.is_truthy()),
        ways::GET_VISITOR_ID => return get_visitor_id(),
        ways::GET_SESSION_ID => return get_session_id(),
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
pub fn start(options: &JsValue, origin: &JsValue, resumed: bool) {
    let surroundings = browser::surroundings();
    let begins = !surroundings.is_prerendering && !resumed;
    let client = Client::new(Browser, browser::config(options, coerced(origin)), surroundings);
    if let Ok(mut machine) = CLIENT.try_lock() {
        // A page starts once, and the machine lives as long as the page.
        std::mem::forget(machine.replace(client));
    }
    perform();
    browser::listen();
    if begins {
        act(Input::Begin);
    }
}

/// The visitor's id; empty after `optOut`.
pub fn get_visitor_id() -> JsValue {
    with(|client| client.visitor()).unwrap_or_default().to_page()
}

/// The session's id; empty after `optOut`.
pub fn get_session_id() -> JsValue {
    let id = with(Client::session).unwrap_or_default();
    perform();
    id.to_page()
}

/// A purchase; `revenue` in major units, a number or a decimal text.
pub fn track_purchase(order_id: &JsValue, revenue: JsValue, currency: &JsValue) {
    act(Input::Purchased(Purchase {
        order_id: coerced(order_id),
        revenue: Json(revenue),
        currency: coerced(currency),
    }));
}

/// A custom event.
pub fn track(name: &JsValue, properties: JsValue) {
    act(Input::Track(coerced(name), properties.is_object().then_some(Json(properties))));
}

/// The visitor is the merchant's user.
pub fn identify(user_id: &JsValue, traits: &JsValue) {
    let user_id = coerced(user_id);
    if !user_id.is_empty() {
        let mut person = browser::traits(traits);
        person.text("user_id", user_id);
        act(Input::Identified(person));
    }
}

/// A page view, of the current address or of one that is named.
pub fn pageview(url: &JsValue) {
    let url = coerced(url);
    let named = browser::absolute(url);
    // What is named and is no address is no page view.
    if url.is_empty() || !named.is_empty() {
        act(Input::Pageview(if url.is_empty() { url } else { named }));
    }
}

/// What was captured for this session, and the visitor's first touch.
pub fn get_attribution() -> JsValue {
    let attribution = with(|client| {
        let (now, first_at_ms, first) = client.touches();
        let mut attribution = browser::touch(now);
        if first_at_ms > 0.0 {
            let mut first = browser::touch(first);
            first.number("at", first_at_ms);
            attribution.value("first_touch", &first);
        }
        attribution
    });
    attribution.unwrap_or_else(Json::object).0
}

/// What a provider's checkout metadata needs, so that its webhook finds this session.
pub fn checkout_metadata(order_id: &JsValue) -> JsValue {
    let order_id = coerced(order_id);
    let metadata = with(|client| client.checkout(order_id));
    perform();
    metadata.unwrap_or_else(Json::object).0
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
