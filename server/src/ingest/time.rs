//! Event time: a client's clock counts only as a difference.

use crate::clock::{DAY_MS, Millis};

/// An event is at most this old when it arrives.
const OLDEST_MS: Millis = 7 * DAY_MS;

/// When an event happened, by the server's clock.
///
/// With both of the client's times it is `received_ms` less their difference, the difference held between
/// nothing and 7 days. `at` alone is taken as it is, held between 7 days before the arrival and the arrival.
/// Without `at` it is the arrival.
pub fn event_time(received_ms: Millis, at: Option<f64>, sent_at: Option<f64>) -> Millis {
    let age_ms = match (at, sent_at) {
        (Some(at), Some(sent_at)) => whole_ms(sent_at - at),
        (Some(at), None) => received_ms.saturating_sub(whole_ms(at)),
        (None, _) => 0,
    };
    received_ms.saturating_sub(age_ms.clamp(0, OLDEST_MS))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the cast saturates, and what it gives is held in bounds"
)]
fn whole_ms(ms: f64) -> Millis {
    ms.round() as Millis
}

#[cfg(test)]
mod tests {
    use super::event_time;

    const NOW: i64 = 1_793_904_730_000;
    const DAY: i64 = 86_400_000;

    #[test]
    fn a_clients_clock_counts_only_as_a_difference() {
        let check = |at: Option<f64>, sent_at: Option<f64>, age: i64| {
            assert_eq!(event_time(NOW, at, sent_at), NOW - age, "at {at:?}, sent at {sent_at:?}");
        };
        check(None, None, 0);
        check(None, Some(5.0), 0);
        // Both: a clock that is decades off still tells how long ago it was.
        check(Some(1_000.0), Some(1_000.0), 0);
        check(Some(1_000.0), Some(6_000.0), 5_000);
        check(Some(1_000.4), Some(6_000.0), 5_000);
        check(Some(6_000.0), Some(1_000.0), 0);
        check(Some(0.0), Some(7.0 * 86_400_000.0), 7 * DAY);
        check(Some(0.0), Some(7.0 * 86_400_000.0 + 1.0), 7 * DAY);
        check(Some(-1e308), Some(1e308), 7 * DAY);
        check(Some(1e308), Some(-1e308), 0);
    }

    #[test]
    fn at_alone_is_taken_as_it_is_within_the_week_before_the_arrival() {
        let check = |at: f64, age: i64| assert_eq!(event_time(NOW, Some(at), None), NOW - age, "at {at}");
        #[expect(clippy::cast_precision_loss, reason = "a time of this century is exact")]
        let now = NOW as f64;
        check(now, 0);
        check(now - 1.0, 1);
        check(now + 1.0, 0);
        check(now - 7.0 * 86_400_000.0, 7 * DAY);
        check(now - 7.0 * 86_400_000.0 - 1.0, 7 * DAY);
        check(0.0, 7 * DAY);
        check(-1e308, 7 * DAY);
        check(1e308, 0);
    }
}
