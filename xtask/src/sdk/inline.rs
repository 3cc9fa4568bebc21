//! A module inside a script: its bytes as code points 0 to 255 of a template string, which costs nothing once
//! the script is compressed.

/// A JavaScript expression whose characters are the bytes.
pub(super) fn template(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 5 / 4);
    text.push('`');
    let mut rest = bytes.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        match byte {
            // A digit after `\0` would make it an octal escape, which a template refuses.
            0 if rest.peek().is_some_and(u8::is_ascii_digit) => text.push_str("\\x00"),
            0 => text.push_str("\\0"),
            b'\r' => text.push_str("\\r"),
            b'\n' => text.push_str("\\n"),
            b'\\' | b'`' | b'$' => {
                text.push('\\');
                text.push(char::from(byte));
            }
            _ => text.push(char::from(byte)),
        }
    }
    text.push('`');
    text
}

#[cfg(test)]
mod tests {
    use super::template;

    #[test]
    fn only_what_a_template_reads_otherwise_is_escaped() {
        let check = |bytes: &[u8], expected: &str| assert_eq!(template(bytes), expected);
        check(b"ab", "`ab`");
        check(b"\0a\0", "`\\0a\\0`");
        check(b"\x001", "`\\x001`");
        check(b"\r\n\\`$", "`\\r\\n\\\\\\`\\$`");
        check(&[0xc3, 0xff], "`\u{c3}\u{ff}`");
    }
}
