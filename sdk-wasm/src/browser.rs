//! The browser's side: look-ups, storage, listeners; the only file, with `transport`, that touches `web-sys`.

mod listeners;
mod options;
pub(crate) mod ways;

use js_sys::{Date, JSON, Object, Reflect, decode_uri_component};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::{Storage, Url, Window};

use crate::campaign::{self, Touch};
use crate::client::{Client, Effect, Environment, Slot};
use crate::config::{Stored, Surroundings};
use crate::members::Members;
use crate::text::halves;
use crate::transport;

pub(crate) use listeners::{happened, listen};
pub(crate) use options::{coerced, config};

#[wasm_bindgen]
extern "C" {
    /// The window, as its own value: a look-up that needs no cell to keep it in.
    #[wasm_bindgen(js_namespace = window, js_name = valueOf)]
    pub(crate) fn window() -> Window;
    #[wasm_bindgen(js_namespace = console)]
    fn warn(who: &str, what: &str);
}

#[inline(never)]
pub(crate) fn document() -> JsValue {
    member(&window(), "document")
}

#[inline(never)]
pub(crate) fn navigator() -> JsValue {
    member(&window(), "navigator")
}

/// An address as the page would follow it; `None` for what is none.
pub(crate) fn absolute(url: &str) -> Option<String> {
    Some(text(&*Url::new_with_base(url, &Browser.address()).ok()?, "href"))
}

/// A JSON value of the page, passed on as it is.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct Json(#[serde(with = "serde_wasm_bindgen::preserve")] pub(crate) JsValue);

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
        text(&member(&window(), "location"), "href")
    }

    #[inline(never)]
    fn referrer(&self) -> String {
        text(&document(), "referrer")
    }

    fn title(&self) -> String {
        text(&document(), "title")
    }

    fn screen(&self) -> (f64, f64) {
        let screen = member(&window(), "screen");
        (number(&screen, "width"), number(&screen, "height"))
    }

    fn is_visible(&self) -> bool {
        !member(&document(), "hidden").is_truthy()
    }

    fn is_online(&self) -> bool {
        member(&navigator(), "onLine").is_truthy()
    }

    fn object(&self, members: &Members<Json>) -> Json {
        Json(object(members))
    }

    #[inline(never)]
    fn json(&self, members: &Members<Json>) -> Option<String> {
        stringified(&object(members))
    }
}

/// The JSON of a value; `None` where it has none.
#[inline(never)]
fn stringified(value: &JsValue) -> Option<String> {
    JSON::stringify(value).ok()?.as_string()
}

/// An object of the page.
#[inline(never)]
pub(crate) fn object(members: &Members<Json>) -> JsValue {
    members.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).unwrap_or_default()
}

/// What failed here costs a detail, never the page.
pub(crate) fn ignore<T, E>(result: Result<T, E>) {
    drop(result);
}

/// A member of an object; `undefined` where that is none, or its getter throws.
#[inline(never)]
pub(crate) fn member(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or_default()
}

/// A member that is a text; empty where it is none.
#[inline(never)]
pub(crate) fn text(object: &JsValue, name: &str) -> String {
    member(object, name).as_string().unwrap_or_default()
}

/// A member that is a number; 0 where it is none.
#[inline(never)]
pub(crate) fn number(object: &JsValue, name: &str) -> f64 {
    member(object, name).as_f64().unwrap_or_default()
}

/// Sets a member where the object lets itself be set.
#[inline(never)]
pub(crate) fn set(object: &JsValue, name: &str, value: &JsValue) {
    ignore(Reflect::set(object, &name.into(), value));
}

/// A shallow copy of an object, over members of ours.
#[inline(never)]
pub(crate) fn copy(ours: &JsValue, object: &JsValue) -> JsValue {
    Object::assign(ours.unchecked_ref::<Object>(), object.unchecked_ref()).into()
}

/// The traits that have no name of their own in the contract.
pub(crate) fn custom(traits: &JsValue) -> Option<Json> {
    let own = member(traits, "custom");
    if own.is_object() || !traits.is_object() {
        return own.is_object().then_some(Json(own));
    }
    let rest = copy(&Object::new(), traits);
    for name in ["name", "email", "avatar", "user_hash", "userHash"] {
        // What is undefined is not in the JSON.
        set(&rest, name, &JsValue::UNDEFINED);
    }
    (stringified(&rest)? != "{}").then_some(Json(rest))
}

/// A touch as the page is told of it: names as in the contract, values without their escapes.
pub(crate) fn touch(touch: &Touch) -> Members<Json> {
    let mut members = Members::default();
    members.text("referrer", touch.referrer());
    members.text("landing_page", touch.landing());
    for name in campaign::names() {
        if let Some(mut rest) = campaign::parameter(touch.campaign(), name) {
            let mut value = String::new();
            loop {
                let (word, others) = halves(rest, b'+');
                value.push_str(word);
                if word.len() == rest.len() {
                    break;
                }
                value.push_str(" ");
                rest = others;
            }
            let decoded = decode_uri_component(&value).ok().and_then(|text| text.as_string());
            members.text(name, decoded.as_ref().unwrap_or(&value));
        }
    }
    members
}

/// What the browser says of itself and of the visitor's wishes.
pub(crate) fn surroundings() -> Surroundings {
    let navigator = navigator();
    Surroundings {
        host: text(&member(&window(), "location"), "hostname"),
        gpc: member(&navigator, "globalPrivacyControl").is_truthy(),
        dnt: text(&navigator, "doNotTrack") == "1",
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
        queue: read(Slot::Queue),
        choice: read(Slot::Choice),
    }
}

/// A stored text; empty where there is none, or storage is forbidden.
#[inline(never)]
pub(crate) fn read(slot: Slot) -> String {
    storage(slot).get_item(slot.key()).ok().flatten().unwrap_or_default()
}

fn write(slot: Slot, value: &str) {
    let storage = storage(slot);
    let result =
        if value.is_empty() { storage.remove_item(slot.key()) } else { storage.set_item(slot.key(), value) };
    // A full or forbidden storage costs memory across pages, never the page.
    ignore(result);
}

/// Where storage is forbidden, this is `undefined`, whose every method throws.
#[inline(never)]
fn storage(slot: Slot) -> Storage {
    member(&window(), if slot.is_of_tab() { "sessionStorage" } else { "localStorage" }).unchecked_into()
}

/// Does what the machine asks for. The machine is not borrowed meanwhile: the page may answer at once by a call.
pub(crate) fn perform(effects: Vec<Effect>) {
    for effect in effects {
        match effect {
            Effect::Store(slot) => {
                let held = read(slot);
                if let Some(value) = crate::with(|client: &mut Client<Browser>| client.stored(slot, &held)) {
                    write(slot, &value);
                }
            }
            Effect::Send(target, batch) => transport::send(target, &batch),
            Effect::Wake(after_ms) => {
                ways::later(u32::try_from(after_ms).unwrap_or(u32::MAX), ways::WOKEN);
            }
            Effect::Address(url) => ways::replace_address(&url),
            Effect::Warn(what) => warn("engagetrack:", what),
        }
    }
}
