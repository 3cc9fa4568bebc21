//! Markov: removal effects of a first-order chain over all journeys of a report.

use crate::money::Share;

/// The touches of one person, or the journey of one order, as folded values in time order.
#[derive(Clone, Copy, Debug)]
pub struct Path<'a> {
    /// The values, consecutive repeats kept.
    pub values: &'a [&'a str],
    /// Whether it ends in an order.
    pub converts: bool,
}

/// What the chain says of a report.
#[derive(Clone, Debug, PartialEq)]
pub struct Markov {
    /// The values in order of key.
    pub keys: Vec<String>,
    /// The share of each in the report's attributed money, summing to exactly [`crate::money::SHARE_ONE`].
    pub shares: Vec<Share>,
    /// The removal effect of each, between 0 and 1.
    pub effects: Vec<f64>,
    /// The chance of conversion from the start: exactly the share of paths that convert.
    pub conversion: f64,
}

/// Removal effects over the paths. `None` where no path converts or all effects are zero: use linear and say so.
pub fn removal_effects(paths: &[Path<'_>]) -> Option<Markov> {
    let _ = paths;
    None
}

/// The 2.5th and 97.5th percentile of each key's share over `resamples` bootstrap samples of the paths
/// (seeded, so the same paths give the same answer), in the order of [`Markov::keys`].
pub fn intervals(paths: &[Path<'_>], resamples: u32, seed: u64) -> Vec<(Share, Share)> {
    let _ = (paths, resamples, seed);
    Vec::new()
}
