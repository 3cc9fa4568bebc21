//! JavaScript's own strings, in js/values.js.

use wasm_bindgen::prelude::*;

use crate::browser::Value;
use crate::constant::{Constant, address};

/// A text: a value of the page that is a string, and nothing where it is empty.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Text(Value);

#[wasm_bindgen(module = "/js/values.js")]
extern "C" {
    fn remember(memory: &JsValue);
    fn constant(at: i32) -> i32;
    fn hexadecimal(bytes: &[u8]) -> i32;
    fn joined(text: Value, sign: i32, part: Value) -> i32;
    fn found(text: Value, pattern: Value) -> i32;
    fn includes(text: Value, part: i32) -> bool;
    fn matches(text: Value, pattern: i32) -> bool;
    fn replaced(text: Value, pattern: i32, by: i32) -> i32;
    fn same(one: Value, other: Value) -> bool;
    fn length(text: Value) -> i32;
    fn slice(text: Value, from: i32, to: i32) -> i32;
    fn cased(text: Value, method: i32) -> i32;
    fn parsed(text: Value) -> f64;
    fn sweep();
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        same(self.0, other.0)
    }
}

impl Text {
    /// Lets JavaScript read the constants of the module.
    pub(crate) fn begin() {
        remember(&wasm_bindgen::memory());
    }

    /// A constant of the module.
    pub(crate) fn of(text: Constant) -> Self {
        Self::at(constant(address(text)))
    }

    /// Bytes, two digits each.
    pub(crate) fn hexadecimal(bytes: &[u8]) -> Self {
        Self::at(hexadecimal(bytes))
    }

    /// The text that JavaScript has put under a number.
    pub(crate) fn at(number: i32) -> Self {
        Self(Value::at(number))
    }

    /// The text as any value of the page.
    pub(crate) fn value(self) -> Value {
        self.0
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == Value::NOTHING
    }

    /// The text, a sign and a part, joined.
    pub(crate) fn with(self, sign: Constant, part: Self) -> Self {
        Self::at(joined(self.0, address(sign), part.0))
    }

    /// The text, a sign and a number in decimal, joined.
    pub(crate) fn with_number(self, sign: Constant, number: f64) -> Self {
        self.with(sign, Self(Value::of_number(number)))
    }

    /// How many UTF-16 units it has.
    #[expect(clippy::cast_sign_loss, reason = "it is a length")]
    pub(crate) fn length(self) -> usize {
        length(self.0) as usize
    }

    /// From one UTF-16 unit up to another.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        reason = "no text is longer than `END`"
    )]
    pub(crate) fn slice(self, from: usize, to: usize) -> Self {
        Self::at(slice(self.0, from as i32, to as i32))
    }

    pub(crate) fn lower_case(self) -> Self {
        Self::at(cased(self.0, address(c"toLowerCase")))
    }

    pub(crate) fn upper_case(self) -> Self {
        Self::at(cased(self.0, address(c"toUpperCase")))
    }

    /// What the first group of a pattern finds; empty where it finds nothing.
    pub(crate) fn found_by(self, pattern: Self) -> Self {
        Self::at(found(self.0, pattern.0))
    }

    /// Whether it has a constant in it.
    pub(crate) fn has(self, part: Constant) -> bool {
        includes(self.0, address(part))
    }

    /// Whether a pattern finds anything.
    pub(crate) fn matches(self, pattern: Constant) -> bool {
        matches(self.0, address(pattern))
    }

    /// With everything that a pattern finds replaced; `$1` stands for its first group.
    pub(crate) fn replaced(self, pattern: Constant, by: Constant) -> Self {
        Self::at(replaced(self.0, address(pattern), address(by)))
    }

    /// The whole number that it begins with, 0 where it begins with none.
    pub(crate) fn number(self) -> f64 {
        parsed(self.0).max(0.0)
    }

    /// Without the first half of a character whose second was cut off.
    pub(crate) fn without_half_character(self) -> Self {
        self.replaced(cr"[\ud800-\udbff]$", c"")
    }

    /// Lets it outlive the next [`Text::sweep`], under another number.
    pub(crate) fn keep(&mut self) {
        self.0.keep();
    }

    /// Forgets all values but the texts that were kept.
    pub(crate) fn sweep() {
        sweep();
    }
}
