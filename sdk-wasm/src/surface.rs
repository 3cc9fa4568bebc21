//! The surface: the one way in, which passes each call on to the machine in `client`.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use wasm_bindgen::prelude::*;

use crate::browser::{self, Browser, Value, ways};
use crate::client::{Client, Input, Purchase};
use crate::members::Members;
use crate::text::Text;

/// The machine of this page. A page has one thread, so the lock is only a mark that the machine is being asked.
static CLIENT: Mutex<Option<Client<Browser>>> = Mutex::new(None);

/// Asks the machine; `None` before it has started, or while it is asked already (a page's `toJSON` that calls back).
pub(crate) fn with<T>(ask: impl FnOnce(&mut Client<Browser>) -> T) -> Option<T> {
    CLIENT.try_lock().ok()?.as_mut().map(ask)
}

/// Tells the machine what happened, and does what it asks for.
#[inline(never)]
pub(crate) fn act(input: Input<Value>) {
    with(|client| client.handle(input));
    perform();
}

#[inline(never)]
fn perform() {
    browser::perform(with(Client::take_effects).unwrap_or_default());
}

/// How many ways in are under way: the page's code may call back.
static DEPTH: AtomicU32 = AtomicU32::new(0);

/// The one way into the module, for the page's calls and for what is listened to: `way` says which of `ways`, and
/// values go in and out by their numbers in js/values.js.
#[wasm_bindgen]
pub fn enter(way: u8, first: i32, second: i32, third: i32) -> i32 {
    DEPTH.fetch_add(1, Ordering::Relaxed);
    let mut answer = entered(way, Value::at(first), Value::at(second), Value::at(third));
    if DEPTH.fetch_sub(1, Ordering::Relaxed) == 1 {
        with(Client::keep_texts);
        answer.keep();
        Text::sweep();
    }
    answer.number_of()
}

/// The same for callers in Rust, with values instead of their numbers.
pub fn ask(way: u8, all: [&JsValue; 3]) -> JsValue {
    let [first, second, third] = all.map(|value| Value::of(value).number_of());
    Value::at(enter(way, first, second, third)).js()
}

fn entered(way: u8, first: Value, second: Value, third: Value) -> Value {
    match way {
        ways::START => start(first, second.coerced(), third != Value::NOTHING),
        ways::GET_VISITOR_ID => return with(|client| client.visitor()).unwrap_or_default().value(),
        ways::GET_SESSION_ID => return session(),
        ways::GET_ATTRIBUTION => return attribution(),
        ways::CHECKOUT_METADATA => return checkout_metadata(first),
        ways::TRACK_PURCHASE => act(Input::Purchased(Purchase {
            order_id: first.coerced(),
            revenue: (second != Value::NOTHING).then_some(second),
            currency: third.coerced(),
        })),
        ways::TRACK => act(Input::Track(first.coerced(), second.is_object().then_some(second))),
        ways::IDENTIFY => identify(first.coerced(), second),
        ways::PAGEVIEW => pageview(first.coerced()),
        ways::OPT_OUT => act(Input::OptOut),
        ways::OPT_IN => act(Input::OptIn),
        ways::SET_CONSENT => act(Input::Consent(!first.coerced().matches(c"^(false|0|NaN)?$"))),
        ways::SETTLED => act(Input::Woken),
        _ => browser::happened(way, first, second, third),
    }
    Value::NOTHING
}

/// Starts with the attributes of the tag, or the options of `init`. `origin` is that of the script; a `resumed`
/// start goes on for a module that failed on this page, and reports no page view again.
fn start(options: Value, origin: Text, resumed: bool) {
    Text::begin();
    let surroundings = browser::surroundings();
    let begins = !surroundings.is_prerendering && !resumed;
    let client = Client::new(Browser, browser::config(options, origin), &surroundings);
    if let Ok(mut machine) = CLIENT.try_lock() {
        // A page starts once, and the machine lives as long as the page.
        std::mem::forget(machine.replace(client));
    }
    perform();
    if begins {
        with(Client::begin_with_next);
    }
    browser::listen();
    // The page has its ids now; its page view waits for a task of its own.
    ways::later(0.0, ways::SETTLED);
}

fn session() -> Value {
    let id = with(Client::session).unwrap_or_default();
    perform();
    id.value()
}

fn identify(user_id: Text, traits: Value) {
    if !user_id.is_empty() {
        let person = browser::traits(traits);
        Members::text(person, c"user_id", user_id);
        act(Input::Identified(person));
    }
}

fn pageview(url: Text) {
    let named = browser::absolute(url);
    // What is named and is no address is no page view.
    if url.is_empty() || !named.is_empty() {
        act(Input::Pageview(if url.is_empty() { url } else { named }));
    }
}

/// What was captured for this session, and the visitor's first touch.
fn attribution() -> Value {
    let attribution = with(|client| {
        let (now, first_at_ms, first) = client.touches();
        let attribution = browser::touch(now);
        if first_at_ms > 0.0 {
            let first = browser::touch(first);
            Members::number(first, c"at", first_at_ms);
            attribution.set(c"first_touch", first);
        }
        attribution
    });
    attribution.unwrap_or_else(Value::object)
}

/// What a provider's checkout metadata needs, so that its webhook finds this session.
fn checkout_metadata(order_id: Value) -> Value {
    let order_id = order_id.coerced();
    let metadata = with(|client| client.checkout(order_id));
    perform();
    metadata.unwrap_or_else(Value::object)
}
