//! The guarded ways into the module, a number each: what is listened to, and the page's calls.

#![expect(missing_docs, reason = "they are called as what they stand for")]

use wasm_bindgen::prelude::*;

use super::Value;
use crate::constant::{Constant, address};

pub const START: u8 = 0;
pub const WOKEN: u8 = 1;
pub const ANSWERED: u8 = 2;
pub const MOVED: u8 = 3;
pub const PAGE_SHOWN: u8 = 4;
pub const PAGE_HIDDEN: u8 = 5;
pub const VISIBILITY: u8 = 6;
pub const CLICKED: u8 = 7;
pub const SUBMITTED: u8 = 8;
pub const SCROLLED: u8 = 9;
pub const ACTIVE: u8 = 10;
pub const ONLINE: u8 = 11;
pub const STORED: u8 = 12;
pub const ACTIVATED: u8 = 13;
pub const PADDLE: u8 = 14;
pub const LOADED: u8 = 15;

// The public methods, in the order in which js/answers.js lists them.
pub const GET_VISITOR_ID: u8 = 16;
pub const GET_SESSION_ID: u8 = 17;
pub const GET_ATTRIBUTION: u8 = 18;
pub const CHECKOUT_METADATA: u8 = 19;
pub const TRACK_PURCHASE: u8 = 20;
pub const TRACK: u8 = 21;
pub const IDENTIFY: u8 = 22;
pub const PAGEVIEW: u8 = 23;
pub const OPT_OUT: u8 = 24;
pub const OPT_IN: u8 = 25;
pub const SET_CONSENT: u8 = 26;

pub const SETTLED: u8 = 27;

#[wasm_bindgen(module = "/js/guards.js")]
extern "C" {
    /// Comes back by a way, with the event, whenever it happens to the window, before the page's own
    /// listeners.
    #[wasm_bindgen(js_name = listen)]
    fn listen_to(kind: i32, way: u8);
    /// Comes back by `before`, with the arguments, ahead of each call of a method, and by `after` behind it.
    #[wasm_bindgen(js_name = wrap)]
    fn wrap_method(owner: Value, name: i32, before: u8, after: u8);
    /// Comes back by a way in so many milliseconds.
    pub(crate) fn later(after_ms: f64, way: u8);
    /// Posts a text, to outlive the page where it is short enough, and comes back by a way with the number, the status
    /// (0 without one) and `Retry-After`.
    pub(crate) fn post(url: Value, body: Value, way: u8, number: i32);
    /// Posts a text without an answer.
    pub(crate) fn beacon(url: Value, body: Value);
    /// Shows another address for this page, quietly.
    #[wasm_bindgen(js_name = replaceAddress)]
    pub(crate) fn replace_address(url: Value);
}

pub(crate) fn listen(kind: Constant, way: u8) {
    listen_to(address(kind), way);
}

pub(crate) fn wrap(owner: Value, name: Constant, before: u8, after: u8) {
    wrap_method(owner, address(name), before, after);
}
