//! The guarded ways into the module: each code stands for one way, and no exception of the module leaves it.

use wasm_bindgen::prelude::*;

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

#[wasm_bindgen(module = "/js/guards.js")]
extern "C" {
    /// Comes back with a code, and the event, whenever it happens; passive, before the page's own listeners.
    pub(crate) fn listen(target: &JsValue, kind: &str, code: u8);
    /// Comes back with `before`, and the arguments, ahead of each call of a method, and with `after` behind it.
    pub(crate) fn wrap(target: &JsValue, name: &str, before: u8, after: u8);
    /// Comes back with a code in so many milliseconds.
    pub(crate) fn later(after_ms: u32, code: u8);
    /// Posts a text and comes back with a code, the number, the status (0 without one) and `Retry-After`.
    pub(crate) fn post(url: &str, body: &str, keepalive: bool, code: u8, number: u32);
    /// Shows another address for this page, quietly.
    #[wasm_bindgen(js_name = replaceAddress)]
    pub(crate) fn replace_address(state: &JsValue, url: &str);
}
