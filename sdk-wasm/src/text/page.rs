//! JavaScript's own strings.

use js_sys::RegExp;
use wasm_bindgen::prelude::*;

use crate::browser::find;

#[wasm_bindgen]
extern "C" {
    /// A string of the page.
    #[wasm_bindgen(js_name = String)]
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) type Text;

    /// The text, a sign and a part, joined.
    #[wasm_bindgen(method, js_name = concat)]
    pub(crate) fn with(this: &Text, sign: &str, part: &Text) -> Text;
    /// The text, a sign and a number in decimal, joined.
    #[wasm_bindgen(method, js_name = concat)]
    pub(crate) fn with_number(this: &Text, sign: &str, number: f64) -> Text;
    /// How many UTF-16 units it has.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn length(this: &Text) -> usize;
    /// From one UTF-16 unit up to another.
    #[wasm_bindgen(method)]
    pub(crate) fn slice(this: &Text, from: usize, to: usize) -> Text;
    #[wasm_bindgen(method, js_name = toLowerCase)]
    pub(crate) fn lower_case(this: &Text) -> Text;
    #[wasm_bindgen(method, js_name = toUpperCase)]
    pub(crate) fn upper_case(this: &Text) -> Text;
    #[wasm_bindgen(method, js_name = match)]
    fn groups(this: &Text, pattern: &Text) -> JsValue;
    #[wasm_bindgen(method)]
    fn search(this: &Text, pattern: &str) -> i32;
    #[wasm_bindgen(method)]
    fn replace(this: &Text, pattern: &RegExp, by: &str) -> Text;
    #[wasm_bindgen(js_name = parseInt)]
    fn parsed(text: &Text) -> f64;
}

impl Default for Text {
    #[inline(never)]
    fn default() -> Self {
        Self::of("")
    }
}

impl Text {
    /// A constant of the module.
    #[inline(never)]
    pub(crate) fn of(constant: &str) -> Self {
        JsValue::from_str(constant).unchecked_into()
    }

    /// A value of the page that is a text; empty where it is none.
    #[inline(never)]
    pub(crate) fn from_page(value: JsValue) -> Self {
        if value.is_string() { value.unchecked_into() } else { Self::default() }
    }

    #[inline(never)]
    pub(crate) fn is_empty(&self) -> bool {
        self.is_falsy()
    }

    /// What the first group of a pattern finds; empty where it finds nothing.
    #[inline(never)]
    pub(crate) fn found_by(&self, pattern: &Self) -> Self {
        Self::from_page(find(&self.groups(pattern), "1"))
    }

    /// Whether a pattern finds anything.
    #[inline(never)]
    pub(crate) fn matches(&self, pattern: &str) -> bool {
        self.search(pattern) >= 0
    }

    /// With everything that a pattern finds replaced; `$1` stands for its first group.
    #[inline(never)]
    pub(crate) fn replaced(&self, pattern: &str, by: &str) -> Self {
        self.replace(&RegExp::new(pattern, "g"), by)
    }

    /// The whole number that it begins with, 0 where it begins with none.
    #[inline(never)]
    pub(crate) fn number(&self) -> f64 {
        parsed(self).max(0.0)
    }

    /// Without the first half of a character whose second was cut off.
    pub(crate) fn without_half_character(&self) -> Self {
        self.replaced("[\\ud800-\\udbff]$", "")
    }
}
