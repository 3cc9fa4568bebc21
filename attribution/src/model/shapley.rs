//! Shapley: the same to each distinct value of the journey, and within a value to its touches equally.
//!
//! This is the exact Shapley value of the game in which a set of values is worth the orders whose values all
//! lie in it (Zhao, Mahboobi, Bagheri: Shapley Value Methods for Attribution Modeling, 2018, simplified form).

use std::collections::HashMap;

use super::{Point, count};
use crate::money::{Share, fractions};

pub(super) fn shares(journey: &[Point<'_>]) -> Vec<Share> {
    let mut touches: HashMap<&str, u64> = HashMap::new();
    for touch in journey {
        let of_value = touches.entry(touch.value).or_default();
        *of_value = of_value.saturating_add(1);
    }
    let values = count(touches.len());
    let share = |touch: &Point<'_>| {
        (
            1,
            values.saturating_mul(touches.get(touch.value).copied().unwrap_or(1)),
        )
    };
    fractions(&journey.iter().map(share).collect::<Vec<_>>())
}
