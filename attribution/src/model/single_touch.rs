//! Models that give all to one touch: the first, the last, the last that is not Direct.

use super::Point;
use crate::money::{SHARE_ONE, Share};

pub(super) fn first(journey: &[Point<'_>]) -> Vec<Share> {
    all_to(journey, 0)
}

pub(super) fn last(journey: &[Point<'_>]) -> Vec<Share> {
    all_to(journey, journey.len().saturating_sub(1))
}

pub(super) fn last_non_direct(journey: &[Point<'_>]) -> Vec<Share> {
    match journey.iter().rposition(|touch| !touch.is_direct) {
        Some(chosen) => all_to(journey, chosen),
        None => last(journey),
    }
}

fn all_to(journey: &[Point<'_>], chosen: usize) -> Vec<Share> {
    (0..journey.len())
        .map(|position| if position == chosen { SHARE_ONE } else { 0 })
        .collect()
}
