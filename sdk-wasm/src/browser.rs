//! The browser's side: look-ups, storage, listeners; the only file, with `transport`, that touches `web-sys`.

pub(crate) mod guards;
mod listeners;
mod options;

use js_sys::{Date, JSON, Object, Reflect};
use protocol::{Event, Identify};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::{Document, Storage, Url, Window};

use crate::client::{Effect, Environment, Slot};
use crate::config::{Stored, Surroundings};
use crate::transport;

pub(crate) use listeners::{handle, listen};
pub(crate) use options::{coerced, config};

/// The beginning of the names under which entries of the queue are stored; their ids follow.
const ENTRY: &str = "engagetrack_queue.";

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = window)]
    static WINDOW: Window;
    #[wasm_bindgen(thread_local_v2, js_name = document)]
    static DOCUMENT: Document;
    #[wasm_bindgen(js_namespace = console)]
    fn warn(who: &str, what: &str);
}

pub(crate) fn window() -> Window {
    WINDOW.with(Clone::clone)
}

pub(crate) fn document() -> Document {
    DOCUMENT.with(Clone::clone)
}

/// An address as the page would follow it; `None` for what is none.
pub(crate) fn absolute(url: &str) -> Option<String> {
    let base = window().location().href().unwrap_or_default();
    Some(Url::new_with_base(url, &base).ok()?.href())
}

/// A JSON value of the page, passed on as it is.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct Json(#[serde(with = "serde_wasm_bindgen::preserve")] pub(crate) JsValue);

/// The machine's eyes in a real browser.
pub(crate) struct Browser;

impl Environment for Browser {
    type Value = Json;

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

    fn address(&self) -> String {
        window().location().href().unwrap_or_default()
    }

    fn referrer(&self) -> String {
        text(&document(), "referrer")
    }

    fn title(&self) -> String {
        text(&document(), "title")
    }

    fn screen(&self) -> (f64, f64) {
        let side = |name| member(&member(&window(), "screen"), name).as_f64().unwrap_or_default();
        (side("width"), side("height"))
    }

    fn is_visible(&self) -> bool {
        !document().hidden()
    }

    fn is_online(&self) -> bool {
        member(&member(&window(), "navigator"), "onLine").as_bool().unwrap_or(true)
    }

    fn object(&self, members: &[(&str, &str)]) -> Json {
        Json(object(members))
    }

    fn event_json(&self, event: Event<Json>) -> Option<String> {
        json(&event)
    }

    fn identify_json(&self, identify: Identify<Json>) -> Option<String> {
        json(&identify)
    }
}

fn json(message: &impl Serialize) -> Option<String> {
    let value = message.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).ok()?;
    JSON::stringify(&value).ok()?.as_string()
}

/// An object of texts.
pub(crate) fn object(members: &[(&str, &str)]) -> JsValue {
    let object = Object::new();
    for (name, value) in members {
        set(&object, name, &(*value).into());
    }
    object.into()
}

/// What failed here costs a detail, never the page.
pub(crate) fn ignore<T, E>(result: Result<T, E>) {
    drop(result);
}

/// A member of an object; `undefined` where that is none, or its getter throws.
pub(crate) fn member(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// A member that is a text; empty where it is none. A form named `title` stands in the place of the document's own.
pub(crate) fn text(object: &JsValue, name: &str) -> String {
    member(object, name).as_string().unwrap_or_default()
}

/// Copies the members of an object onto another, as far as they let themselves be read.
pub(crate) fn copy(onto: &JsValue, from: &JsValue) {
    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(catch, js_namespace = Object)]
        fn assign(onto: &JsValue, from: &JsValue) -> Result<JsValue, JsValue>;
    }
    ignore(assign(onto, from));
}

/// Sets a member where the object lets itself be set.
pub(crate) fn set(object: &JsValue, name: &str, value: &JsValue) {
    ignore(Reflect::set(object, &name.into(), value));
}

/// What the browser says of itself and of the visitor's wishes.
pub(crate) fn surroundings() -> Surroundings {
    let navigator = member(&window(), "navigator");
    Surroundings {
        host: window().location().hostname().unwrap_or_default(),
        gpc: member(&navigator, "globalPrivacyControl").is_truthy(),
        dnt: member(&navigator, "doNotTrack").as_string().as_deref() == Some("1"),
        is_prerendering: member(&document(), "prerendering").is_truthy(),
    }
}

/// What earlier pages stored.
pub(crate) fn stored() -> Stored {
    Stored {
        visitor: read(Slot::Visitor),
        session: read(Slot::Session),
        session_state: read(Slot::SessionState),
        first: read(Slot::First),
        queue: queue(),
        choice: read(Slot::Choice),
    }
}

/// A stored text; empty where there is none, or storage is forbidden.
pub(crate) fn read(slot: Slot) -> String {
    storage(slot).and_then(|storage| storage.get_item(slot.key()).ok()?).unwrap_or_default()
}

/// The queue that earlier pages left: its head, and a line for each entry.
fn queue() -> String {
    let mut queue = read(Slot::Queue);
    let Some(storage) = storage(Slot::Queue) else { return queue };
    for name in entries(&storage) {
        queue.push('\n');
        queue.push_str(&storage.get_item(&name).ok().flatten().unwrap_or_default());
    }
    queue
}

/// The names under which entries of the queue are stored.
fn entries(storage: &Storage) -> Vec<String> {
    let names = Object::keys(storage);
    names.iter().filter_map(|name| name.as_string()).filter(|name| name.starts_with(ENTRY)).collect()
}

fn write(slot: Slot, value: &str) {
    let Some(storage) = storage(slot) else { return };
    put(&storage, slot.key(), value);
    if slot == Slot::Queue && value.is_empty() {
        for name in entries(&storage) {
            put(&storage, &name, "");
        }
    }
}

/// Stores a text under a name; an empty one is removed.
fn put(storage: &Storage, name: &str, value: &str) {
    let result = if value.is_empty() { storage.remove_item(name) } else { storage.set_item(name, value) };
    // A full or forbidden storage costs memory across pages, never the page.
    ignore(result);
}

/// Where storage is forbidden even the look at it throws.
fn storage(slot: Slot) -> Option<Storage> {
    if slot.is_of_tab() { window().session_storage() } else { window().local_storage() }.ok()?
}

/// Does what the machine asks for. The machine is not borrowed meanwhile: the page may answer at once by a call.
pub(crate) fn perform(effects: Vec<Effect>) {
    for effect in effects {
        match effect {
            Effect::Keep(slot, value) => write(slot, &value),
            Effect::Forget(slot) => write(slot, ""),
            Effect::KeepEntry(id, line) => {
                if let Some(storage) = storage(Slot::Queue) {
                    put(&storage, &[ENTRY, &id].concat(), &line);
                }
            }
            Effect::Send(target, batch) => transport::send(target, &batch),
            Effect::Wake(after_ms) => {
                guards::later(u32::try_from(after_ms).unwrap_or(u32::MAX), guards::WOKEN);
            }
            Effect::Address(url) => {
                let history = member(&window(), "history");
                let state = member(&history, "state");
                guards::replace_address(&state, &url);
            }
            Effect::Warn(what) => warn("engagetrack:", what),
        }
    }
}
