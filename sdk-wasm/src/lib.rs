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
mod pageview;
mod queue;
mod text;
mod transport;

use std::cell::RefCell;

use js_sys::{Object, decode_uri_component};
use wasm_bindgen::prelude::*;

use browser::{Browser, Json, coerced, member, object, set};
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
fn act(input: Input<Json>) {
    with(|client| client.handle(input));
    perform();
}

fn perform() {
    browser::perform(with(Client::take_effects).unwrap_or_default());
}

/// Starts with the attributes of the tag, or the options of `init`. `origin` is that of the script; a `resumed`
/// start goes on for a module that failed on this page, and reports no page view again.
#[wasm_bindgen]
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

/// The guarded way in for what is listened to, awaited or wrapped.
#[wasm_bindgen]
pub fn handle(code: u8, first: &JsValue, second: &JsValue, third: &JsValue) {
    browser::handle(code, first, second, third);
}

/// The visitor's id; empty after `optOut`.
#[wasm_bindgen(js_name = getVisitorId)]
pub fn get_visitor_id() -> String {
    with(|client| client.visitor().to_owned()).unwrap_or_default()
}

/// The session's id; empty after `optOut`.
#[wasm_bindgen(js_name = getSessionId)]
pub fn get_session_id() -> String {
    let id = with(|client| client.session().to_owned()).unwrap_or_default();
    perform();
    id
}

/// A purchase; `revenue` in major units, a number or a decimal text.
#[wasm_bindgen(js_name = trackPurchase)]
pub fn track_purchase(order_id: &JsValue, revenue: JsValue, currency: &JsValue) {
    act(Input::Purchased(Purchase {
        order_id: coerced(order_id).unwrap_or_default(),
        revenue: Json(revenue),
        currency: coerced(currency).unwrap_or_default(),
    }));
}

/// A custom event.
#[wasm_bindgen]
pub fn track(name: &JsValue, properties: JsValue) {
    act(Input::Track(coerced(name).unwrap_or_default(), properties.is_object().then_some(Json(properties))));
}

/// The visitor is the merchant's user.
#[wasm_bindgen]
pub fn identify(user_id: &JsValue, traits: &JsValue) {
    let Some(user_id) = coerced(user_id).filter(|user_id| !user_id.is_empty()) else { return };
    let text = |name| coerced(&member(traits, name));
    let user_hash = text("user_hash").or_else(|| text("userHash"));
    act(Input::Identified(Person {
        user_id,
        name: text("name"),
        email: text("email"),
        avatar: text("avatar"),
        user_hash,
        custom: custom(traits),
    }));
}

/// The traits that have no name of their own in the contract.
fn custom(traits: &JsValue) -> Option<Json> {
    let own = member(traits, "custom");
    if own.is_object() || !traits.is_object() {
        return own.is_object().then_some(Json(own));
    }
    let rest = Object::new();
    browser::copy(&rest, traits);
    for name in ["name", "email", "avatar", "user_hash", "userHash"] {
        browser::ignore(js_sys::Reflect::delete_property(&rest, &name.into()));
    }
    (Object::keys(&rest).length() > 0).then(|| Json(rest.into()))
}

/// A page view, of the current address or of one that is named.
#[wasm_bindgen]
pub fn pageview(url: &JsValue) {
    act(Input::Pageview(coerced(url).and_then(|url| browser::absolute(&url))));
}

/// What was captured for this session, and the visitor's first touch.
#[wasm_bindgen(js_name = getAttribution)]
pub fn get_attribution() -> JsValue {
    let touches = with(|client| {
        let (now, first_at, first) = client.touches();
        (now.clone(), first_at, first)
    });
    let Some((now, first_at, first)) = touches else { return Object::new().into() };
    let attribution = touch_object(&now);
    if first_at > 0 {
        let first = touch_object(&first);
        #[expect(clippy::cast_precision_loss, reason = "milliseconds since the epoch fit a double")]
        set(&first, "at", &(first_at as f64).into());
        set(&attribution, "first_touch", &first);
    }
    attribution
}

fn touch_object(touch: &campaign::Touch) -> JsValue {
    let object = object(&[("referrer", &touch.referrer), ("landing_page", &touch.landing)]);
    for pair in touch.campaign.split('&') {
        if let Some((name, value)) = pair.split_once('=') {
            let value = value.replace('+', " ");
            let decoded = decode_uri_component(&value).ok().and_then(|text| text.as_string());
            set(&object, name, &decoded.unwrap_or(value).into());
        }
    }
    object
}

/// What a provider's checkout metadata needs, so that its webhook finds this session.
#[wasm_bindgen(js_name = checkoutMetadata)]
pub fn checkout_metadata(order_id: &JsValue) -> JsValue {
    let order_id = coerced(order_id);
    let members = with(|client| client.checkout(order_id.as_deref())).unwrap_or_default();
    perform();
    let members: Vec<(&str, &str)> = members.iter().map(|(name, value)| (*name, value.as_str())).collect();
    object(&members)
}

/// Stop, and forget everything that was kept.
#[wasm_bindgen(js_name = optOut)]
pub fn opt_out() {
    act(Input::OptOut);
}

/// Start again, as somebody new.
#[wasm_bindgen(js_name = optIn)]
pub fn opt_in() {
    act(Input::OptIn);
}

/// Consent was given, or was refused or withdrawn.
#[wasm_bindgen(js_name = setConsent)]
pub fn set_consent(granted: bool) {
    act(Input::Consent(granted));
}
