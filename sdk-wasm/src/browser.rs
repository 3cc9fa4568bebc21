//! The browser's side: look-ups, storage, listeners; the only file, with `transport`, that touches `web-sys`.

mod listeners;
mod options;
pub(crate) mod ways;

use js_sys::{Array, Date, Object};
use wasm_bindgen::prelude::*;
use web_sys::Window;

use crate::campaign::{NAMES, Touch};
use crate::client::{Effect, Environment, Slot};
use crate::members::Members;
use crate::text::Text;
use crate::transport;

pub(crate) use listeners::{happened, listen};
pub(crate) use options::{coerced, config, surroundings, traits};

/// The beginning of the names under which entries of the queue are stored; their ids follow.
const ENTRY: &str = "engagetrack_queue.";

#[wasm_bindgen]
extern "C" {
    /// The window, as its own value: a look-up that needs no cell to keep it in.
    #[wasm_bindgen(js_namespace = window, js_name = valueOf)]
    pub(crate) fn window() -> Window;
    #[wasm_bindgen(js_namespace = console)]
    fn warn(who: &str, what: &str);
}

// Look-ups that may throw, and are guarded: what fails answers nothing.
#[wasm_bindgen(module = "/js/guards.js")]
extern "C" {
    /// What a path of members leads to from an object.
    pub(crate) fn find(object: &JsValue, path: &str) -> JsValue;
    /// The same for a text; empty where it is none.
    #[wasm_bindgen(js_name = text)]
    fn found_text(object: &JsValue, path: &str) -> u32;
    /// Sets a member where the object lets itself be set.
    pub(crate) fn set(object: &JsValue, name: &str, value: &JsValue);
    #[wasm_bindgen(js_name = setText)]
    pub(crate) fn set_text(object: &JsValue, name: &str, text: Text);
    /// Copies the members of an object onto another, as far as they let themselves be read.
    pub(crate) fn assign(onto: &JsValue, from: &JsValue);
    /// A value as text, as JavaScript itself makes it.
    fn string(value: &JsValue) -> u32;
    fn stringify(value: &JsValue) -> u32;
    /// An address as the page would follow it.
    #[wasm_bindgen(js_name = absolute)]
    fn resolved(url: Text) -> u32;
    /// A parameter of a query without its escapes.
    fn parameter(query: Text, name: &str) -> u32;
    /// What is stored under a name, for the tab or for the browser's profile.
    fn stored(of_tab: bool, name: &str, id: Text) -> u32;
    /// Stores a text under a name with an id behind it; an empty one is removed.
    fn store(of_tab: bool, name: &str, id: Text, text: Text);
    /// The names under which anything is stored for the profile.
    fn keys() -> Array;
}

#[inline(never)]
pub(crate) fn text(object: &JsValue, path: &str) -> Text {
    Text::at(found_text(object, path))
}

/// The same from the window.
#[inline(never)]
pub(crate) fn page(path: &str) -> JsValue {
    find(&window(), path)
}

#[inline(never)]
pub(crate) fn page_text(path: &str) -> Text {
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

/// An address as the page would follow it; empty for what is none.
pub(crate) fn absolute(url: Text) -> Text {
    Text::at(resolved(url))
}

/// A JSON value of the page, passed on as it is.
pub(crate) struct Json(pub(crate) JsValue);

/// The machine's eyes in a real browser.
pub(crate) struct Browser;

impl Environment for Browser {
    type Value = Json;

    #[inline(never)]
    fn now_ms(&self) -> f64 {
        Date::now()
    }

    fn random(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        // Without a source the id is bad, but the page goes on; no browser is without one.
        getrandom::fill(&mut bytes).unwrap_or_default();
        bytes
    }

    #[inline(never)]
    fn address(&self) -> Text {
        page_text("location.href")
    }

    fn referrer(&self) -> Text {
        page_text("document.referrer")
    }

    fn title(&self) -> Text {
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
    fn read(&self, slot: Slot) -> Text {
        Text::at(stored(slot.is_of_tab(), slot.key(), Text::default()))
    }

    #[inline(never)]
    fn entries(&self, mut each: impl FnMut(Text, Text)) {
        for name in keys().iter() {
            let id = Text::from_page(&name).found(r"^engagetrack_queue\.([\s\S]*)");
            if !id.is_empty() {
                each(id, Text::at(stored(false, ENTRY, id)));
            }
        }
    }

    #[inline(never)]
    fn json(&self, value: &Json) -> Text {
        Text::at(stringify(&value.0))
    }
}

impl Members for Json {
    fn object() -> Self {
        Self(Object::new().into())
    }

    #[inline(never)]
    fn text(&mut self, name: &str, text: Text) {
        if !text.is_empty() {
            set_text(&self.0, name, text);
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

/// A touch as the page is told of it: names as in the contract, values without their escapes.
#[inline(never)]
pub(crate) fn touch(touch: Touch) -> Json {
    let mut members = Json::object();
    // These two are there even where they are empty.
    set_text(&members.0, "referrer", touch.referrer());
    set_text(&members.0, "landing_page", touch.landing());
    let campaign = touch.campaign();
    for name in &NAMES {
        members.text(name, Text::at(parameter(campaign, name)));
    }
    members
}

/// Does what the machine asks for. The machine is not borrowed meanwhile: the page may answer at once by a call.
pub(crate) fn perform(effects: Vec<Effect>) {
    for effect in effects {
        match effect {
            Effect::Store(slot, text) => {
                store(slot.is_of_tab(), slot.key(), Text::default(), text);
                if slot == Slot::Queue && text.is_empty() {
                    Browser.entries(|id, _| store(false, ENTRY, id, text));
                }
            }
            Effect::StoreEntry(id, text) => store(false, ENTRY, id, text),
            Effect::Send(target, url, batch) => transport::send(target, url, batch),
            Effect::Wake(after_ms) => ways::later(after_ms, ways::WOKEN),
            Effect::Address(url) => ways::replace_address(url),
            Effect::Warn(what) => warn("engagetrack:", what),
        }
    }
}
