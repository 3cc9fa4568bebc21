//! JavaScript's own strings, in js/texts.js.

use wasm_bindgen::convert::IntoWasmAbi;
use wasm_bindgen::describe::WasmDescribe;
use wasm_bindgen::prelude::*;

/// A text: the number of a string of the page, which is 0 for the empty one alone.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Text(u32);

#[wasm_bindgen(module = "/js/texts.js")]
extern "C" {
    fn of(constant: &str) -> u32;
    fn hexadecimal(bytes: &[u8]) -> u32;
    fn from(value: &JsValue) -> u32;
    fn value(text: Text) -> JsValue;
    fn joined(text: Text, sign: &str, part: Text) -> u32;
    fn numbered(text: Text, sign: &str, number: f64) -> u32;
    fn found(text: Text, pattern: Text) -> u32;
    fn matches(text: Text, pattern: &str) -> bool;
    fn replaced(text: Text, pattern: &str, by: &str) -> u32;
    fn same(one: Text, other: Text) -> bool;
    fn length(text: Text) -> usize;
    fn slice(text: Text, from: usize, to: usize) -> u32;
    fn lower(text: Text) -> u32;
    fn upper(text: Text) -> u32;
    fn parsed(text: Text) -> f64;
    fn keep(text: Text) -> u32;
    fn sweep();
}

impl WasmDescribe for Text {
    fn describe() {
        u32::describe();
    }
}

/// JavaScript is given the number.
impl IntoWasmAbi for Text {
    type Abi = u32;

    fn into_abi(self) -> u32 {
        self.0
    }
}

impl PartialEq for Text {
    #[inline(always)]
    fn eq(&self, other: &Self) -> bool {
        same(*self, *other)
    }
}

impl Text {
    /// A constant of the module.
    pub(crate) fn of(constant: &str) -> Self {
        Self(of(constant))
    }

    /// Bytes, two digits each.
    pub(crate) fn hexadecimal(bytes: &[u8]) -> Self {
        Self(hexadecimal(bytes))
    }

    /// A value of the page that is a text; empty where it is none.
    pub(crate) fn from_page(value: &JsValue) -> Self {
        Self(from(value))
    }

    /// The text as a value of the page.
    pub(crate) fn to_page(self) -> JsValue {
        value(self)
    }

    /// A text that JavaScript has put among them.
    pub(crate) fn at(place: u32) -> Self {
        Self(place)
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The text, a sign and a part, joined.
    pub(crate) fn with(self, sign: &str, part: Self) -> Self {
        Self(joined(self, sign, part))
    }

    /// The text, a sign and a number in decimal, joined.
    pub(crate) fn with_number(self, sign: &str, number: f64) -> Self {
        Self(numbered(self, sign, number))
    }

    /// How many UTF-16 units it has.
    pub(crate) fn length(self) -> usize {
        length(self)
    }

    /// From one UTF-16 unit up to another.
    pub(crate) fn slice(self, from: usize, to: usize) -> Self {
        Self(slice(self, from, to))
    }

    pub(crate) fn lower_case(self) -> Self {
        Self(lower(self))
    }

    pub(crate) fn upper_case(self) -> Self {
        Self(upper(self))
    }

    /// What the first group of a pattern finds; empty where it finds nothing.
    pub(crate) fn found_by(self, pattern: Self) -> Self {
        Self(found(self, pattern))
    }

    /// Whether a pattern finds anything.
    pub(crate) fn matches(self, pattern: &str) -> bool {
        matches(self, pattern)
    }

    /// With everything that a pattern finds replaced; `$1` stands for its first group.
    pub(crate) fn replaced(self, pattern: &str, by: &str) -> Self {
        Self(replaced(self, pattern, by))
    }

    /// The whole number that it begins with, 0 where it begins with none.
    pub(crate) fn number(self) -> f64 {
        parsed(self).max(0.0)
    }

    /// Without the first half of a character whose second was cut off.
    pub(crate) fn without_half_character(self) -> Self {
        self.replaced("[\\ud800-\\udbff]$", "")
    }

    /// Lets it outlive the next [`Text::sweep`], under another number.
    pub(crate) fn keep(&mut self) {
        self.0 = keep(*self);
    }

    /// Forgets all texts but those that were kept.
    pub(crate) fn sweep() {
        sweep();
    }
}
