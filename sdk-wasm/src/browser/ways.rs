//! The guarded ways into the module, a number each: what is listened to, and the page's calls.

use wasm_bindgen::prelude::*;

use super::Value;
use crate::constant::{Constant, address};
use crate::text::Text;

pub(crate) const START: u8 = 0;
pub(crate) const WOKEN: u8 = 1;
pub(crate) const ANSWERED: u8 = 2;
pub(crate) const MOVED: u8 = 3;
pub(crate) const PAGE_SHOWN: u8 = 4;
pub(crate) const PAGE_HIDDEN: u8 = 5;
pub(crate) const VISIBILITY: u8 = 6;
pub(crate) const CLICKED: u8 = 7;
pub(crate) const SUBMITTED: u8 = 8;
pub(crate) const SCROLLED: u8 = 9;
pub(crate) const ACTIVE: u8 = 10;
pub(crate) const ONLINE: u8 = 11;
pub(crate) const STORED: u8 = 12;
pub(crate) const ACTIVATED: u8 = 13;
pub(crate) const PADDLE: u8 = 14;
pub(crate) const LOADED: u8 = 15;

// The public methods, in the order in which js/answers.js lists them.
pub(crate) const GET_VISITOR_ID: u8 = 16;
pub(crate) const GET_SESSION_ID: u8 = 17;
pub(crate) const GET_ATTRIBUTION: u8 = 18;
pub(crate) const CHECKOUT_METADATA: u8 = 19;
pub(crate) const TRACK_PURCHASE: u8 = 20;
pub(crate) const TRACK: u8 = 21;
pub(crate) const IDENTIFY: u8 = 22;
pub(crate) const PAGEVIEW: u8 = 23;
pub(crate) const OPT_OUT: u8 = 24;
pub(crate) const OPT_IN: u8 = 25;
pub(crate) const SET_CONSENT: u8 = 26;

#[wasm_bindgen(module = "/js/guards.js")]
extern "C" {
    /// Comes back by a way, with the event, whenever it happens to the window; passive, before the page's own
    /// listeners.
    #[wasm_bindgen(js_name = listen)]
    fn listen_to(kind: i32, way: u8);
    /// Comes back by `before`, with the arguments, ahead of each call of a method, and by `after` behind it.
    #[wasm_bindgen(js_name = wrap)]
    fn wrap_method(owner: Value, name: i32, before: u8, after: u8);
    /// Comes back by a way in so many milliseconds.
    pub(crate) fn later(after_ms: f64, way: u8);
    /// Posts a text, to outlive the page where it has no more bytes than that many, and comes back by a way with the
    /// number, the status (0 without one) and `Retry-After`.
    pub(crate) fn post(url: Text, body: Text, most: i32, way: u8, number: i32);
    /// Posts a text without an answer.
    pub(crate) fn beacon(url: Text, body: Text);
    /// Shows another address for this page, quietly.
    #[wasm_bindgen(js_name = replaceAddress)]
    pub(crate) fn replace_address(url: Text);
}

pub(crate) fn listen(kind: Constant, way: u8) {
    listen_to(address(kind), way);
}

pub(crate) fn wrap(owner: Value, name: Constant, before: u8, after: u8) {
    wrap_method(owner, address(name), before, after);
}
