//! Time decay: a touch counts half for every seven days before the order.

use super::Point;
use crate::money::{Share, normalise};

/// The half-life that Adobe and Universal Analytics had.
const HALF_LIFE_MS: f64 = 7.0 * 24.0 * 60.0 * 60.0 * 1000.0;

pub(super) fn shares(journey: &[Point<'_>], order_at_ms: i64) -> Vec<Share> {
    let age_ms = |touch: &Point<'_>| order_at_ms.saturating_sub(touch.at_ms).max(0);
    // Weights are relative, so they are counted from the youngest: however old a journey, they stay above zero.
    let youngest_ms = journey.iter().map(age_ms).min().unwrap_or(0);
    let weight = |touch: &Point<'_>| {
        (-as_float(age_ms(touch).saturating_sub(youngest_ms)) / HALF_LIFE_MS).exp2()
    };
    normalise(&journey.iter().map(weight).collect::<Vec<_>>())
}

#[expect(
    clippy::cast_precision_loss,
    reason = "milliseconds of 285,000 years are exact in a double"
)]
const fn as_float(duration_ms: i64) -> f64 {
    duration_ms as f64
}
