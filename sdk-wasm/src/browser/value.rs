//! Values of the page, in js/values.js, and what may be asked of them; what throws answers nothing.

use wasm_bindgen::convert::IntoWasmAbi;
use wasm_bindgen::describe::WasmDescribe;
use wasm_bindgen::prelude::*;

use crate::constant::{Constant, address};
use crate::members::Members;
use crate::text::Text;

/// The number of a value of the page; 0 is nothing, and the empty text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Value(i32);

#[wasm_bindgen(module = "/js/values.js")]
extern "C" {
    fn put(value: &JsValue) -> i32;
    fn take(value: Value) -> JsValue;
    fn keep(value: Value) -> i32;
}

#[wasm_bindgen(module = "/js/guards.js")]
extern "C" {
    fn find(object: Value, path: i32) -> i32;
    fn text(object: Value, path: i32) -> i32;
    fn has(object: Value, path: i32) -> bool;
    #[wasm_bindgen(js_name = isMissing)]
    fn is_missing(object: Value, path: i32) -> bool;
    #[wasm_bindgen(js_name = isObject)]
    fn is_object(value: Value) -> bool;
    fn closest(element: Value, selector: i32) -> i32;
    fn string(value: Value) -> i32;
    fn stringify(value: Value) -> i32;
    fn object() -> i32;
    fn set(object: Value, name: i32, value: Value);
    fn unset(object: Value, name: i32);
    fn assign(onto: Value, from: Value);
}

impl WasmDescribe for Value {
    fn describe() {
        i32::describe();
    }
}

/// JavaScript is given the number.
impl IntoWasmAbi for Value {
    type Abi = i32;

    fn into_abi(self) -> i32 {
        self.0
    }
}

impl Value {
    pub(crate) const NOTHING: Self = Self(0);
    pub(crate) const WINDOW: Self = Self(1);

    /// The value that JavaScript has put under a number.
    pub(crate) fn at(number: i32) -> Self {
        Self(number)
    }

    pub(crate) fn number_of(self) -> i32 {
        self.0
    }

    /// Lets it outlive the next sweep, under another number.
    pub(crate) fn keep(&mut self) {
        self.0 = keep(*self);
    }

    /// A value of the bindings of the browser.
    pub(crate) fn of(value: &JsValue) -> Self {
        Self(put(value))
    }

    #[inline(never)]
    pub(crate) fn of_number(number: f64) -> Self {
        Self::of(&serde_wasm_bindgen::to_value(&number).unwrap_or_default())
    }

    /// The value itself, for the bindings of the browser.
    pub(crate) fn js(self) -> JsValue {
        take(self)
    }

    /// What a path of members leads to.
    pub(crate) fn find(self, path: Constant) -> Self {
        Self(find(self, address(path)))
    }

    /// The same for a text; empty where it is none.
    pub(crate) fn text(self, path: Constant) -> Text {
        Text::at(text(self, address(path)))
    }

    /// The same for a whole number; 0 where it is none, or below.
    #[inline(never)]
    pub(crate) fn number(self, path: Constant) -> f64 {
        self.find(path).coerced().number()
    }

    /// Whether a path leads to what counts as true.
    pub(crate) fn has(self, path: Constant) -> bool {
        has(self, address(path))
    }

    /// Whether a path leads to nothing.
    pub(crate) fn is_missing(self, path: Constant) -> bool {
        is_missing(self, address(path))
    }

    /// The element, or the closest one around it, that a selector finds.
    pub(crate) fn closest(self, selector: Constant) -> Self {
        Self(closest(self, address(selector)))
    }

    pub(crate) fn is_object(self) -> bool {
        is_object(self)
    }

    /// The value as text, as JavaScript itself makes it; empty for what is missing or cannot be text.
    pub(crate) fn coerced(self) -> Text {
        Text::at(string(self))
    }

    /// Its JSON; empty where it has none.
    pub(crate) fn json(self) -> Text {
        // Half a character is escaped in JSON, and no server reads that.
        Text::at(stringify(self)).replaced(cr"\\ud[89a-f]..", cr"\ufffd")
    }

    /// Sets a member where the object lets itself be set.
    pub(crate) fn set(self, name: Constant, value: Self) {
        set(self, address(name), value);
    }

    /// Removes a member.
    pub(crate) fn unset(self, name: Constant) {
        unset(self, address(name));
    }

    /// Copies the members of another object, as far as they let themselves be read.
    pub(crate) fn assign(self, from: Self) {
        assign(self, from);
    }
}

impl Members for Value {
    fn object() -> Self {
        Self(object())
    }

    #[inline(never)]
    fn text(self, name: Constant, text: Text) {
        if !text.is_empty() {
            set(self, address(name), text.value());
        }
    }

    fn number(self, name: Constant, number: f64) {
        set(self, address(name), Self::of_number(number));
    }

    fn value(self, name: Constant, value: Self) {
        set(self, address(name), value);
    }
}
