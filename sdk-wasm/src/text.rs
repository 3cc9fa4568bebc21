//! Texts: in the browser JavaScript's own, by their numbers; in the unit tests a stand-in's.
//!
//! The browser cuts, joins and searches them, and forgets what is not kept.
//!
//! Patterns are written in what JavaScript's `RegExp` and the crate `regex` both understand. They meet strangers'
//! addresses, so none may try the same place in more ways than one.

#[cfg(not(test))]
mod page;
#[cfg(test)]
mod stand_in;

use crate::constant::Constant;

#[cfg(not(test))]
pub(crate) use page::Text;
#[cfg(test)]
pub(crate) use stand_in::Text;

/// The end of a text, for [`Text::slice`].
pub(crate) const END: usize = i32::MAX as usize;

impl Text {
    /// What the first group of a pattern finds; empty where it finds nothing.
    #[inline(never)]
    pub(crate) fn found(self, pattern: Constant) -> Self {
        // Most texts of a page that begins are empty, which is known without asking.
        if self.is_empty() { self } else { self.found_by(Self::of(pattern)) }
    }

    /// Whether it is the text of a constant.
    #[inline(never)]
    pub(crate) fn is(self, constant: Constant) -> bool {
        !self.is_empty() && self == Self::of(constant)
    }

    /// The text with a part behind its sign, where there is one.
    #[inline(never)]
    pub(crate) fn and(self, sign: Constant, part: Self) -> Self {
        self.with(if part.is_empty() { c"" } else { sign }, part)
    }

    /// The text cut to so many UTF-16 units, between characters.
    #[inline(never)]
    pub(crate) fn cut(self, units: usize) -> Self {
        if self.length() > units { self.slice(0, units).without_half_character() } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters() {
        let cut = |text: &str, units: usize| Text::from(text).cut(units);
        assert_eq!(cut("aé漢b", 3), "aé漢");
        assert_eq!(cut("ab", 3), "ab");
        assert_eq!(cut("é", 0), "");
        assert_eq!(cut("a𝄞", 2), "a");
    }

    #[test]
    fn a_part_comes_behind_its_sign_where_there_is_one() {
        assert_eq!(Text::from("a").and(c"?", Text::from("b")), "a?b");
        assert_eq!(Text::from("a").and(c"?", Text::default()), "a");
        assert_eq!(Text::from("a").with_number(c"=", 1_700_000_000_123.0), "a=1700000000123");
    }

    #[test]
    fn a_number_is_read_as_far_as_it_goes() {
        for (text, expected) in
            [("120;x", 120.0), ("1700000000123\nx", 1_700_000_000_123.0), ("x", 0.0), ("", 0.0)]
        {
            assert!((Text::from(text).number() - expected).abs() < f64::EPSILON, "{text}");
        }
    }
}
