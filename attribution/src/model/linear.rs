//! Linear: the same to each touch.

use super::{Point, count};
use crate::money::{Share, fractions};

pub(super) fn shares(journey: &[Point<'_>]) -> Vec<Share> {
    fractions(&vec![(1, count(journey.len())); journey.len()])
}
