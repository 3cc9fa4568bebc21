//! Times in answers and questions: ISO 8601 in UTC out; ISO 8601 or milliseconds in.

use serde_json::Value;

use crate::clock::Millis;

/// A time as answers show it, `2026-11-23T10:00:00.000Z`.
pub(crate) fn iso(at_ms: Millis) -> String {
    jiff::Timestamp::from_millisecond(at_ms).map_or_else(|_| String::new(), |at| format!("{at:.3}"))
}

/// A time as questions give it.
pub(crate) fn parse(value: &Value) -> Option<Millis> {
    if let Some(at_ms) = value.as_i64() {
        return Some(at_ms);
    }
    let at: jiff::Timestamp = value.as_str()?.parse().ok()?;
    Some(at.as_millisecond())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_time_is_shown_in_utc_and_read_both_ways() {
        assert_eq!(iso(1_763_892_000_000), "2025-11-23T10:00:00.000Z");
        assert_eq!(parse(&json!(1_763_892_000_000_i64)), Some(1_763_892_000_000));
        assert_eq!(parse(&json!("2025-11-23T12:00:00+02:00")), Some(1_763_892_000_000));
        assert_eq!(parse(&json!("tomorrow")), None);
    }
}
