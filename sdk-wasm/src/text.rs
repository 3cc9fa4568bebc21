//! Texts cut, joined and searched by few small functions: the standard library's, made for all patterns and
//! signs, would double the module.

/// What stands before the first `sign`, and what behind it; all and nothing where there is none.
#[inline(never)]
pub(crate) fn halves(text: &str, sign: u8) -> (&str, &str) {
    let place = text.bytes().position(|byte| byte == sign).unwrap_or(text.len());
    (text.get(..place).unwrap_or_default(), text.get(place + 1..).unwrap_or_default())
}

/// What stands before the last `sign`, and what behind it; nothing and all where there is none.
#[inline(never)]
pub(crate) fn last_halves(text: &str, sign: u8) -> (&str, &str) {
    match text.bytes().rposition(|byte| byte == sign) {
        Some(place) => (text.get(..place).unwrap_or_default(), text.get(place + 1..).unwrap_or_default()),
        None => ("", text),
    }
}

/// The pieces of a list, up to the last that is not empty.
pub(crate) fn pieces(list: &str, sign: u8) -> Pieces<'_> {
    Pieces { rest: list, sign }
}

/// See [`pieces`].
pub(crate) struct Pieces<'a> {
    rest: &'a str,
    sign: u8,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() {
            return None;
        }
        let (piece, rest) = halves(self.rest, self.sign);
        self.rest = rest;
        Some(piece)
    }
}

/// Whether a text has another in it.
#[inline(never)]
pub(crate) fn has(text: &str, part: &str) -> bool {
    text.as_bytes().windows(part.len()).any(|window| window == part.as_bytes())
}

/// The parts, one after the other.
#[inline(never)]
pub(crate) fn joined(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(part);
    }
    text
}

/// A text of its own.
#[inline(never)]
pub(crate) fn own(text: &str) -> String {
    text.to_owned()
}

/// Appends a number in decimal.
#[inline(never)]
pub(crate) fn push_number(text: &mut String, number: u64) {
    if number >= 10 {
        push_number(text, number / 10);
    }
    let last = (number % 10) as usize;
    text.push_str(digit(last));
}

/// A digit of a decimal or a hexadecimal number.
#[inline(never)]
pub(crate) fn digit(value: usize) -> &'static str {
    "0123456789abcdef".get(value..=value).unwrap_or_default()
}

/// The number that a text begins with, 0 where it begins with none.
#[inline(never)]
pub(crate) fn number(text: &str) -> u64 {
    let mut number: u64 = 0;
    for byte in text.bytes() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        number = number.saturating_mul(10).saturating_add(u64::from(digit));
    }
    number
}

/// Whether a byte begins a character, and does not continue one.
fn is_start(byte: u8) -> bool {
    byte & 0xc0 != 0x80
}

/// How many characters a text has.
#[inline(never)]
pub(crate) fn length(text: &str) -> usize {
    text.bytes().filter(|byte| is_start(*byte)).count()
}

/// The text cut to so many characters.
#[inline(never)]
pub(crate) fn cut(text: &str, characters: usize) -> &str {
    let mut left = characters;
    for (place, byte) in text.bytes().enumerate() {
        if is_start(byte) {
            if left == 0 {
                return text.get(..place).unwrap_or_default();
            }
            left -= 1;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_were_written() {
        for sample in [0, 7, 10, 1_700_000_000_123, u64::MAX] {
            let mut text = String::new();
            push_number(&mut text, sample);
            assert_eq!(text, sample.to_string());
            assert_eq!(number(&text), sample);
        }
        assert_eq!(number("120;x"), 120);
        assert_eq!(number("x"), 0);
        assert_eq!(number("99999999999999999999999"), u64::MAX);
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(cut("aé漢b", 3), "aé漢");
        assert_eq!(cut("ab", 3), "ab");
        assert_eq!(cut("é", 0), "");
        assert_eq!(length("aé漢b"), 4);
    }

    #[test]
    fn a_text_comes_apart_at_a_sign() {
        assert_eq!(halves("é=b=漢", b'='), ("é", "b=漢"));
        assert_eq!(halves("é", b'='), ("é", ""));
        assert_eq!(halves("a=", b'='), ("a", ""));
        assert_eq!(last_halves("é=b=漢", b'='), ("é=b", "漢"));
        assert_eq!(last_halves("é", b'='), ("", "é"));
        assert_eq!(pieces("a,,b,", b',').collect::<Vec<_>>(), ["a", "", "b"]);
    }

    #[test]
    fn a_text_has_its_parts() {
        let check = |text: &str, part: &str, expected: bool| assert_eq!(has(text, part), expected);
        check("abc", "bc", true);
        check("abc", "bd", false);
        check("b", "bc", false);
    }
}
