//! Position: 40 % each to first and last, 20 % among those between.

use super::{Point, count};
use crate::money::{Share, fractions};

pub(super) fn shares(journey: &[Point<'_>]) -> Vec<Share> {
    let (touches, last) = (journey.len(), journey.len().saturating_sub(1));
    let between = count(touches).saturating_sub(2).saturating_mul(5);
    let share = |position| match touches {
        1 | 2 => (1, count(touches)),
        _ if position == 0 || position == last => (2, 5),
        _ => (1, between),
    };
    fractions(&(0..touches).map(share).collect::<Vec<_>>())
}
