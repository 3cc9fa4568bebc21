//! The browser's side: look-ups, storage, listeners; the only file, with `transport`, that touches `web-sys`.

mod listeners;
mod options;
pub(crate) mod ways;

use js_sys::{Date, JSON, Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{Storage, Url, UrlSearchParams, Window};

use crate::campaign::{NAMES, Touch};
use crate::client::{Effect, Environment, Slot};
use crate::members::Members;
use crate::text::{joined, pieces};
use crate::transport;

pub(crate) use listeners::{happened, listen};
pub(crate) use options::{coerced, config, surroundings, traits};

/// The beginning of the names under which entries of the queue are stored; their ids follow.
const ENTRY: &str = "engagetrack_queue.";

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Object)]
    fn assign(onto: &JsValue, from: &JsValue) -> Result<JsValue, JsValue>;
    /// The window, as its own value: a look-up that needs no cell to keep it in.
    #[wasm_bindgen(js_namespace = window, js_name = valueOf)]
    pub(crate) fn window() -> Window;
    #[wasm_bindgen(js_namespace = console)]
    fn warn(who: &str, what: &str);
}

/// What a path of members leads to from an object; `undefined` where one is missing, or its getter throws.
#[inline(never)]
pub(crate) fn find(object: &JsValue, path: &str) -> JsValue {
    let mut found = object.clone();
    for name in pieces(path, b'.') {
        found = Reflect::get(&found, &name.into()).unwrap_or_default();
    }
    found
}

/// The same for a text; empty where it is none.
#[inline(never)]
pub(crate) fn text(object: &JsValue, path: &str) -> String {
    find(object, path).as_string().unwrap_or_default()
}

/// The same from the window.
#[inline(never)]
pub(crate) fn page(path: &str) -> JsValue {
    find(&window(), path)
}

#[inline(never)]
pub(crate) fn page_text(path: &str) -> String {
    text(&window(), path)
}

#[inline(never)]
pub(crate) fn page_number(path: &str) -> f64 {
    page(path).as_f64().unwrap_or_default()
}

#[inline(never)]
pub(crate) fn page_has(path: &str) -> bool {
    page(path).is_truthy()
}

/// Sets a member where the object lets itself be set.
#[inline(never)]
pub(crate) fn set(object: &JsValue, name: &str, value: &JsValue) {
    ignore(Reflect::set(object, &name.into(), value));
}

/// What failed here costs a detail, never the page.
pub(crate) fn ignore<T, E>(result: Result<T, E>) {
    drop(result);
}

/// An address as the page would follow it; `None` for what is none.
pub(crate) fn absolute(url: &str) -> Option<String> {
    Some(text(&*Url::new_with_base(url, &Browser.address()).ok()?, "href"))
}

/// A JSON value of the page, passed on as it is.
pub(crate) struct Json(pub(crate) JsValue);

/// The machine's eyes in a real browser.
pub(crate) struct Browser;

impl Environment for Browser {
    type Value = Json;

    #[inline(never)]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the clock is past 1970 and whole"
    )]
    fn now_ms(&self) -> u64 {
        Date::now() as u64
    }

    fn random(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        // Without a source the id is bad, but the page goes on; no browser is without one.
        ignore(getrandom::fill(&mut bytes));
        bytes
    }

    #[inline(never)]
    fn address(&self) -> String {
        page_text("location.href")
    }

    fn referrer(&self) -> String {
        page_text("document.referrer")
    }

    fn title(&self) -> String {
        page_text("document.title")
    }

    fn screen(&self) -> (f64, f64) {
        (page_number("screen.width"), page_number("screen.height"))
    }

    fn is_visible(&self) -> bool {
        !page_has("document.hidden")
    }

    fn is_online(&self) -> bool {
        page_has("navigator.onLine")
    }

    #[inline(never)]
    fn read(&self, slot: Slot) -> String {
        let storage = storage(slot);
        let mut held = get(&storage, slot.key());
        if slot == Slot::Queue {
            for name in entries(&storage) {
                held.push_str("\n");
                held.push_str(&get(&storage, &name));
            }
        }
        held
    }

    #[inline(never)]
    fn json(&self, value: &Json) -> Option<String> {
        JSON::stringify(&value.0).ok()?.as_string()
    }
}

impl Members for Json {
    fn object() -> Self {
        Self(Object::new().into())
    }

    #[inline(never)]
    fn text(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            set(&self.0, name, &serde_wasm_bindgen::to_value(text).unwrap_or_default());
        }
    }

    #[inline(never)]
    fn number(&mut self, name: &str, number: f64) {
        set(&self.0, name, &serde_wasm_bindgen::to_value(&number).unwrap_or_default());
    }

    fn value(&mut self, name: &str, value: &Self) {
        set(&self.0, name, &value.0);
    }
}

/// Copies the members of an object onto another, as far as they let themselves be read.
#[inline(never)]
pub(crate) fn copy(onto: &Json, from: &JsValue) {
    ignore(assign(&onto.0, from));
}

/// A touch as the page is told of it: names as in the contract, values without their escapes.
#[inline(never)]
pub(crate) fn touch(touch: &Touch) -> Json {
    let mut members = Json::object();
    // These two are there even where they are empty.
    set(&members.0, "referrer", &touch.referrer().into());
    set(&members.0, "landing_page", &touch.landing().into());
    if let Ok(values) = UrlSearchParams::new_with_str(touch.campaign()) {
        for name in &NAMES {
            members.text(name, &values.get(name).unwrap_or_default());
        }
    }
    members
}

#[inline(never)]
fn get(storage: &Storage, name: &str) -> String {
    storage.get_item(name).ok().flatten().unwrap_or_default()
}

/// Stores a text under a name; an empty one is removed.
#[inline(never)]
fn put(storage: &Storage, name: &str, value: &str) {
    // A full or forbidden storage costs memory across pages, never the page.
    ignore(if value.is_empty() { storage.remove_item(name) } else { storage.set_item(name, value) });
}

/// The names under which entries of the queue are stored.
#[inline(never)]
fn entries(storage: &Storage) -> Vec<String> {
    let mut names = Vec::new();
    let mut place = 0;
    while let Some(name) = storage.key(place).ok().flatten() {
        if name.starts_with(ENTRY) {
            names.push(name);
        }
        place += 1;
    }
    names
}

fn write(slot: Slot, value: &str) {
    let storage = storage(slot);
    put(&storage, slot.key(), value);
    if slot == Slot::Queue && value.is_empty() {
        for name in entries(&storage) {
            put(&storage, &name, "");
        }
    }
}

/// Where storage is forbidden, this is `undefined`, whose every method throws.
#[inline(never)]
fn storage(slot: Slot) -> Storage {
    page(if slot.is_of_tab() { "sessionStorage" } else { "localStorage" }).unchecked_into()
}

/// Does what the machine asks for. The machine is not borrowed meanwhile: the page may answer at once by a call.
pub(crate) fn perform(effects: Vec<Effect>) {
    for effect in effects {
        match effect {
            Effect::Store(slot) => {
                if let Some(value) = crate::with(|client| client.stored(slot)) {
                    write(slot, &value);
                }
            }
            Effect::StoreEntry(id, line) => put(&storage(Slot::Queue), &joined(&[ENTRY, &id]), &line),
            Effect::Send(target, batch) => transport::send(target, &batch),
            #[expect(clippy::cast_precision_loss, reason = "it is minutes at most")]
            Effect::Wake(after_ms) => ways::later(after_ms as f64, ways::WOKEN),
            Effect::Address(url) => ways::replace_address(&url),
            Effect::Warn(what) => warn("engagetrack:", what),
        }
    }
}
