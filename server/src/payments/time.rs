//! Times as providers write them.

use serde_json::Value;

use crate::clock::Millis;

/// The last second of the year 9999: what is later is no time of a payment.
const LAST_SECOND: i64 = 253_402_300_799;

/// Seconds since the epoch; none where they are no time.
pub(super) fn of_seconds(seconds: &Value) -> Option<Millis> {
    let seconds = seconds.as_i64().filter(|seconds| (0..=LAST_SECOND).contains(seconds))?;
    Some(seconds * 1_000)
}

/// ISO 8601 with an offset; none where it is no time.
pub(super) fn of_text(text: &Value) -> Option<Millis> {
    let at: jiff::Timestamp = text.as_str()?.parse().ok()?;
    (0..=LAST_SECOND).contains(&at.as_second()).then(|| at.as_millisecond())
}

/// The end of a whole second: a session that began within it is before the payment.
pub(super) fn end_of_second(at_ms: Millis) -> Millis {
    if at_ms % 1_000 == 0 { at_ms + 999 } else { at_ms }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_time_is_read_to_the_millisecond_and_what_is_none_is_left() {
        let check = |text: &str, expected| assert_eq!(of_text(&json!(text)), expected, "{text}");
        check("2025-11-24T16:00:00.123956Z", Some(1_764_000_000_123));
        check("2025-11-24T17:00:00+01:00", Some(1_764_000_000_000));
        check("2025-11-24T16:00:00", None);
        check("1969-12-31T23:59:59Z", None);
        check("soon", None);
        assert_eq!(of_text(&json!(1_764_000_000)), None);
        assert_eq!(of_seconds(&json!(1_764_000_000)), Some(1_764_000_000_000));
        assert_eq!(of_seconds(&json!(-1)), None);
        assert_eq!(of_seconds(&json!(i64::MAX)), None);
        assert_eq!(end_of_second(1_764_000_000_000), 1_764_000_000_999);
        assert_eq!(end_of_second(1_764_000_000_001), 1_764_000_000_001);
    }
}
