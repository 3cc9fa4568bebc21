//! Numbers as text and back, without the formatting machinery, which would double the module.

/// Appends a number in decimal.
pub(crate) fn push_number(text: &mut String, number: u64) {
    if number >= 10 {
        push_number(text, number / 10);
    }
    let digit = u8::try_from(number % 10).unwrap_or_default();
    text.push(char::from(b'0' + digit));
}

/// The number that a text begins with, 0 where it begins with none.
pub(crate) fn number(text: &str) -> u64 {
    text.bytes()
        .take_while(u8::is_ascii_digit)
        .fold(0, |sum: u64, byte| sum.saturating_mul(10).saturating_add(u64::from(byte - b'0')))
}

/// The text cut to so many characters.
pub(crate) fn cut(text: &str, characters: usize) -> &str {
    match text.char_indices().nth(characters) {
        Some((end, _)) => text.get(..end).unwrap_or(text),
        None => text,
    }
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
    }
}
