//! What the unit tests have in the place of JavaScript's strings.

use std::cell::RefCell;

use regex::Regex;

use crate::constant::Constant;

/// A text: its place among those of the test's thread. One that was not kept is gone, and whoever asks for it fails.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Text(usize);

thread_local! {
    static TEXTS: RefCell<Vec<Option<String>>> = const { RefCell::new(Vec::new()) };
    static KEPT: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

impl Text {
    pub(crate) fn of(text: Constant) -> Self {
        Self::from(text.to_str().unwrap())
    }

    fn put(text: &str) -> Self {
        if text.is_empty() {
            return Self::default();
        }
        TEXTS.with_borrow_mut(|texts| {
            texts.push(Some(text.to_owned()));
            Self(texts.len())
        })
    }

    pub(crate) fn hexadecimal(bytes: &[u8]) -> Self {
        let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Self::put(&digits.concat())
    }

    pub(crate) fn read(self) -> String {
        let place = self.0.checked_sub(1);
        place.map_or_else(String::new, |place| {
            TEXTS.with_borrow(|texts| texts[place].clone().expect("a text is used that was not kept"))
        })
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn with(self, sign: Constant, part: Self) -> Self {
        Self::put(&[&self.read(), sign.to_str().unwrap(), &part.read()].concat())
    }

    pub(crate) fn with_number(self, sign: Constant, number: f64) -> Self {
        Self::put(&[&self.read(), sign.to_str().unwrap(), &number.to_string()].concat())
    }

    pub(crate) fn length(self) -> usize {
        self.read().encode_utf16().count()
    }

    /// A half character at the end is left out at once, for it has no place in a `String`.
    pub(crate) fn slice(self, from: usize, to: usize) -> Self {
        let units: Vec<u16> = self.read().encode_utf16().take(to).skip(from).collect();
        Self::put(String::from_utf16_lossy(&units).trim_end_matches('\u{fffd}'))
    }

    pub(crate) fn without_half_character(self) -> Self {
        self
    }

    pub(crate) fn lower_case(self) -> Self {
        Self::put(&self.read().to_lowercase())
    }

    pub(crate) fn upper_case(self) -> Self {
        Self::put(&self.read().to_uppercase())
    }

    pub(crate) fn found_by(self, pattern: Self) -> Self {
        let text = self.read();
        let groups = Regex::new(&pattern.read()).unwrap().captures(&text);
        groups.and_then(|groups| Some(Self::put(groups.get(1)?.as_str()))).unwrap_or_default()
    }

    pub(crate) fn has(self, part: Constant) -> bool {
        self.read().contains(part.to_str().unwrap())
    }

    pub(crate) fn matches(self, pattern: Constant) -> bool {
        Regex::new(pattern.to_str().unwrap()).unwrap().is_match(&self.read())
    }

    pub(crate) fn replaced(self, pattern: Constant, by: Constant) -> Self {
        Self::put(
            &Regex::new(pattern.to_str().unwrap()).unwrap().replace_all(&self.read(), by.to_str().unwrap()),
        )
    }

    pub(crate) fn number(self) -> f64 {
        let digits: String = self.read().chars().take_while(char::is_ascii_digit).collect();
        digits.parse().unwrap_or_default()
    }

    pub(crate) fn keep(&mut self) {
        KEPT.with_borrow_mut(|kept| kept.push(self.0));
    }

    pub(crate) fn sweep() {
        let kept = KEPT.take();
        TEXTS.with_borrow_mut(|texts| {
            for (place, text) in texts.iter_mut().enumerate() {
                if !kept.contains(&(place + 1)) {
                    *text = None;
                }
            }
        });
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::put(text)
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.read() == other.read()
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.read() == *other
    }
}

impl std::fmt::Display for Text {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.read())
    }
}
