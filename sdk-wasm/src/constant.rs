//! Constants of the module, which JavaScript reads by their address alone: ASCII, with a zero at the end.

use std::ffi::CStr;

pub(crate) type Constant = &'static CStr;

/// Where JavaScript finds a constant.
#[cfg(not(test))]
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "a module has four gigabytes at most"
)]
pub(crate) fn address(constant: Constant) -> i32 {
    constant.as_ptr().addr() as i32
}

/// A constant with the text of another crate's.
macro_rules! constant {
    ($text:expr) => {{
        const BYTES: [u8; $text.len() + 1] = $crate::constant::terminated($text);
        const CONSTANT: $crate::constant::Constant = match std::ffi::CStr::from_bytes_with_nul(&BYTES) {
            Ok(constant) => constant,
            Err(_) => c"",
        };
        CONSTANT
    }};
}
pub(crate) use constant;

/// A text with a zero behind it.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which would say so")]
pub(crate) const fn terminated<const LENGTH: usize>(text: &str) -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    let mut place = 0;
    while place < text.len() {
        bytes[place] = text.as_bytes()[place];
        place += 1;
    }
    bytes
}
