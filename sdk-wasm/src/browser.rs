//! The browser's side: look-ups, storage, listeners; the only room that touches `web-sys`.

mod listeners;
mod options;
mod value;
pub mod ways;

use js_sys::Date;
use wasm_bindgen::prelude::*;

use crate::campaign::{NAMES, Touch};
use crate::client::{Effect, Environment, Slot};
use crate::constant::{Constant, address};
use crate::members::Members;
use crate::text::Text;
use crate::transport;

pub(crate) use listeners::{happened, listen};
pub(crate) use options::{config, surroundings, traits};
pub(crate) use value::Value;

/// The beginning of the names under which entries of the queue are stored; their ids follow.
const ENTRY: Constant = c"engagetrack_queue.";

#[wasm_bindgen(module = "/js/guards.js")]
extern "C" {
    #[wasm_bindgen(js_name = absolute)]
    fn resolved(url: Value) -> i32;
    fn parameter(query: Value, name: i32) -> i32;
    /// What an area of storage holds under a name with an id behind it.
    fn stored(area: i32, name: i32, id: Value) -> i32;
    /// Stores a text; an empty one is removed.
    fn store(area: i32, name: i32, id: Value, text: Value);
    /// What stands behind such a beginning in an area's names, with zeros between.
    fn endings(area: i32, beginning: i32) -> i32;
    fn warn(what: i32);
}

/// The name of a place in storage. The first two are read by the tag too, before the module runs.
fn key(slot: Slot) -> Constant {
    match slot {
        Slot::Visitor => c"engagetrack_visitor_id",
        Slot::Session => c"engagetrack_session_id",
        Slot::SessionState => c"engagetrack_session",
        Slot::First => c"engagetrack_first_touch",
        Slot::Queue => c"engagetrack_queue",
        Slot::Choice => c"engagetrack_choice",
    }
}

/// Where it is stored: with the tab, or with the browser's profile.
fn area(slot: Slot) -> Constant {
    match slot {
        Slot::Session | Slot::SessionState => c"sessionStorage",
        Slot::Visitor | Slot::First | Slot::Queue | Slot::Choice => c"localStorage",
    }
}

/// What is stored in a place, of the entry with an id where it has one.
fn get(slot: Slot, name: Constant, id: Value) -> Text {
    Text::at(stored(address(area(slot)), address(name), id))
}

fn put(slot: Slot, name: Constant, id: Value, text: Text) {
    store(address(area(slot)), address(name), id, text.value());
}

/// An address as the page would follow it; empty for what is none.
pub(crate) fn absolute(url: Text) -> Text {
    Text::at(resolved(url.value()))
}

/// The machine's eyes in a real browser.
pub(crate) struct Browser;

impl Environment for Browser {
    type Value = Value;

    #[inline(never)]
    fn now_ms(&self) -> f64 {
        Date::now().floor()
    }

    fn random(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        // Without a source the id is bad, but the page goes on; no browser is without one.
        getrandom::fill(&mut bytes).unwrap_or_default();
        bytes
    }

    #[inline(never)]
    fn address(&self) -> Text {
        Value::WINDOW.text(c"location.href")
    }

    fn referrer(&self) -> Text {
        Value::WINDOW.text(c"document.referrer")
    }

    fn title(&self) -> Text {
        Value::WINDOW.text(c"document.title")
    }

    fn screen(&self) -> (f64, f64) {
        (Value::WINDOW.number(c"screen.width"), Value::WINDOW.number(c"screen.height"))
    }

    fn is_visible(&self) -> bool {
        !Value::WINDOW.has(c"document.hidden")
    }

    fn is_online(&self) -> bool {
        Value::WINDOW.has(c"navigator.onLine")
    }

    #[inline(never)]
    fn read(&self, slot: Slot) -> Text {
        get(slot, key(slot), Value::NOTHING)
    }

    #[inline(never)]
    fn entries(&self, mut each: impl FnMut(Text, Text)) {
        let mut ids = Text::at(endings(address(area(Slot::Queue)), address(ENTRY)));
        while !ids.is_empty() {
            let id = ids.found(cr"^([^\0]*)");
            each(id, get(Slot::Queue, ENTRY, id.value()));
            ids = ids.found(cr"\0([\s\S]*)");
        }
    }

    fn json(&self, value: Value) -> Text {
        value.json()
    }
}

/// A touch as the page is told of it: names as in the contract, values without their escapes.
#[inline(never)]
pub(crate) fn touch(touch: Touch) -> Value {
    let members = Value::object();
    // These two are there even where they are empty.
    members.set(c"referrer", touch.referrer().value());
    members.set(c"landing_page", touch.landing().value());
    let campaign = touch.campaign().value();
    for name in &NAMES {
        Members::text(members, name, Text::at(parameter(campaign, address(name))));
    }
    members
}

/// Does what the machine asks for. The machine is not borrowed meanwhile: the page may answer at once by a call.
pub(crate) fn perform(effects: Vec<Effect>) {
    for effect in effects {
        match effect {
            Effect::Store(slot, text) => {
                put(slot, key(slot), Value::NOTHING, text);
                if slot == Slot::Queue && text.is_empty() {
                    Browser.entries(|id, _| put(Slot::Queue, ENTRY, id.value(), text));
                }
            }
            Effect::StoreEntry(id, text) => put(Slot::Queue, ENTRY, id.value(), text),
            Effect::Send(target, url, batch) => transport::send(target, url, batch),
            Effect::Wake(after_ms) => ways::later(after_ms, ways::WOKEN),
            Effect::Address(url) => ways::replace_address(url.value()),
            Effect::Warn(what) => warn(address(what)),
        }
    }
}
