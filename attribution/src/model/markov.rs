//! Markov: removal effects of a first-order chain over all journeys of a report.
//!
//! States are the start, one per value, conversion and null. With Q the part of the transitions that stays
//! among start and values, N = (I − Q)⁻¹ holds the visits expected, and h = N·a, where a is the chance of
//! converting next, the chance of conversion from each state. Removing a value (what would enter it goes to
//! null) takes away the conversions that pass through it: N\[s,c\] ÷ N\[c,c\] is the chance of ever reaching
//! c from the start s, so its removal effect is N\[s,c\] ÷ N\[c,c\] · h\[c\] ÷ h\[s\]. One inversion gives all.
//! The effect counts orders, not their value. Definition: Anderl, Becker, von Wangenheim, Schumann, *Mapping
//! the customer journey*, International Journal of Research in Marketing 33 (2016).

mod matrix;

use std::collections::BTreeMap;

use self::matrix::Matrix;
use crate::money::{SHARE_ONE, Share, normalise};

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
    /// The share of each in the report's attributed money, summing to exactly [`SHARE_ONE`]. Split the money
    /// of the whole report by them: [`crate::money::split`], ties to the earlier key.
    pub shares: Vec<Share>,
    /// The removal effect of each, between 0 and 1.
    pub effects: Vec<f64>,
    /// The chance of conversion from the start: the share of paths that convert.
    pub conversion: f64,
}

/// Removal effects over the paths; those without values are none. `None` where no path converts or all
/// effects are zero: then use linear and say so. The answer does not depend on the order of the paths.
pub fn removal_effects(paths: &[Path<'_>]) -> Option<Markov> {
    let chain = Chain::of(paths);
    let mut counts = Counts::new(chain.keys.len());
    for path in &chain.paths {
        counts.add(path, 1.0);
    }
    let (effects, conversion) = counts.effects()?;
    let shares = normalise(&effects);
    let keys = chain.keys.into_iter().map(str::to_owned).collect();
    Some(Markov {
        keys,
        shares,
        effects,
        conversion,
    })
}

/// The 2.5th and the 97.5th percentile of each key's share over so many bootstrap samples of the paths, in
/// the order of [`Markov::keys`]. The same paths, in whatever order, and seed give the same answer. Samples
/// without a conversion are left out; without any other, every interval is the whole.
pub fn intervals(paths: &[Path<'_>], resamples: u32, seed: u64) -> Vec<(Share, Share)> {
    let mut chain = Chain::of(paths);
    chain.paths.sort();
    let mut random = SplitMix(seed);
    let mut drawn: Vec<Vec<Share>> = vec![Vec::new(); chain.keys.len()];
    for _ in 0..resamples {
        let mut counts = Counts::new(chain.keys.len());
        for _ in 0..chain.paths.len() {
            if let Some(path) = chain.paths.get(random.below(chain.paths.len())) {
                counts.add(path, 1.0);
            }
        }
        let Some((effects, _)) = counts.effects() else {
            continue;
        };
        for (of_key, share) in drawn.iter_mut().zip(normalise(&effects)) {
            of_key.push(share);
        }
    }
    drawn.into_iter().map(percentiles).collect()
}

fn percentiles(mut shares: Vec<Share>) -> (Share, Share) {
    shares.sort_unstable();
    let last = shares.len().saturating_sub(1);
    let low = last.saturating_mul(25).div_euclid(1000);
    let high = last.saturating_sub(low);
    (
        shares.get(low).copied().unwrap_or(0),
        shares.get(high).copied().unwrap_or(SHARE_ONE),
    )
}

/// Paths with their values numbered in order of key.
struct Chain<'a> {
    keys: Vec<&'a str>,
    paths: Vec<(Vec<usize>, bool)>,
}

impl<'a> Chain<'a> {
    fn of(paths: &[Path<'a>]) -> Self {
        let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
        for path in paths {
            numbers.extend(path.values.iter().map(|value| (*value, 0)));
        }
        for (number, value) in numbers.values_mut().enumerate() {
            *value = number;
        }
        let numbered = |path: &Path<'_>| {
            let values = path
                .values
                .iter()
                .filter_map(|value| numbers.get(value).copied())
                .collect();
            (values, path.converts)
        };
        let paths = paths
            .iter()
            .filter(|path| !path.values.is_empty())
            .map(numbered)
            .collect();
        Self {
            keys: numbers.into_keys().collect(),
            paths,
        }
    }
}

/// How often each state was followed by which. State 0 is the start, value k is state k + 1.
struct Counts {
    moves: Matrix,
    conversions: Vec<f64>,
    departures: Vec<f64>,
}

impl Counts {
    fn new(keys: usize) -> Self {
        let states = keys.saturating_add(1);
        Self {
            moves: Matrix::zero(states),
            conversions: vec![0.0; states],
            departures: vec![0.0; states],
        }
    }

    fn add(&mut self, (values, converts): &(Vec<usize>, bool), times: f64) {
        let mut state = 0;
        for value in values {
            let next = value.saturating_add(1);
            self.moves.add(state, next, times);
            add(&mut self.departures, state, times);
            state = next;
        }
        add(&mut self.departures, state, times);
        if *converts {
            add(&mut self.conversions, state, times);
        }
    }

    /// The removal effect of each value, and the chance of conversion from the start.
    fn effects(self) -> Option<(Vec<f64>, f64)> {
        let Self {
            mut moves,
            conversions,
            departures,
        } = self;
        // I − Q; a state that no path of a sample visits leads nowhere.
        for (state, departed) in departures.iter().enumerate() {
            moves.scale_row(
                state,
                if *departed > 0.0 {
                    -1.0 / departed
                } else {
                    0.0
                },
            );
            moves.add(state, state, 1.0);
        }
        let visits = moves.inverted()?;
        let converting: Vec<f64> = std::iter::zip(&conversions, &departures)
            .map(|(converted, departed)| {
                if *departed > 0.0 {
                    converted / departed
                } else {
                    0.0
                }
            })
            .collect();
        let chances = visits.times(&converting);
        let conversion = chances.first().copied().filter(|chance| *chance > 0.0)?;
        let effect = |(state, chance): (usize, &f64)| {
            let reached = visits.at(0, state) / visits.at(state, state);
            (reached * chance / conversion).clamp(0.0, 1.0)
        };
        let effects: Vec<f64> = chances.iter().enumerate().skip(1).map(effect).collect();
        effects
            .iter()
            .any(|effect| *effect > 0.0)
            .then_some((effects, conversion))
    }
}

fn add(counts: &mut [f64], state: usize, times: f64) {
    if let Some(count) = counts.get_mut(state) {
        *count += times;
    }
}

/// The generator SplitMix64 (Steele, Lea, Flood 2014): small, seeded, the same everywhere.
struct SplitMix(u64);

impl SplitMix {
    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below the bound, by the high half of a product.
    fn below(&mut self, bound: usize) -> usize {
        let bound = u128::try_from(bound).unwrap_or(u128::MAX);
        let product = u128::from(self.next()).saturating_mul(bound);
        usize::try_from(product >> 64).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn effects(paths: &[(&[&str], bool)]) -> Option<Markov> {
        let paths: Vec<Path<'_>> = paths
            .iter()
            .map(|(values, converts)| Path {
                values,
                converts: *converts,
            })
            .collect();
        removal_effects(&paths)
    }

    fn check(paths: &[(&[&str], bool)], expected: &[(&str, f64)]) {
        let found = effects(paths).unwrap();
        let keys: Vec<&str> = expected.iter().map(|(key, _)| *key).collect();
        assert_eq!(found.keys, keys);
        for (effect, (key, expected)) in found.effects.iter().zip(expected) {
            assert!(
                (effect - expected).abs() < 1e-12,
                "{key}: {effect}, not {expected}"
            );
        }
    }

    #[test]
    fn removal_effects_are_those_worked_by_hand() {
        // Every conversion passes the one value.
        check(&[(&["a"], true), (&["a"], false)], &[("a", 1.0)]);
        // Half of the conversions pass each.
        check(&[(&["a"], true), (&["b"], true)], &[("a", 0.5), ("b", 0.5)]);
        // b is on every way to conversion, a on the only way to b.
        check(
            &[(&["a", "b"], true), (&["a"], false)],
            &[("a", 1.0), ("b", 1.0)],
        );
        // From the start 2/3 to a, 1/3 to b; from a half to b, half to null; from b always to conversion.
        check(
            &[(&["a", "b"], true), (&["a"], false), (&["b"], true)],
            &[("a", 0.5), ("b", 1.0)],
        );
        // A value that never converts has no effect.
        check(
            &[(&["a"], true), (&["b"], false)],
            &[("a", 1.0), ("b", 0.0)],
        );
        // A repeat is a step to oneself: it changes how long, not whether.
        check(
            &[(&["a", "a"], true), (&["b"], true)],
            &[("a", 0.5), ("b", 0.5)],
        );
    }

    #[test]
    fn without_a_conversion_there_is_no_answer() {
        assert_eq!(effects(&[]), None);
        assert_eq!(effects(&[(&["a"], false)]), None);
        assert_eq!(effects(&[(&[], true)]), None);
    }

    #[test]
    fn intervals_hold_the_share_and_are_the_same_each_time() {
        let paths: Vec<Path<'_>> = (0..60)
            .map(|number| Path {
                values: if number % 3 == 0 { &["a", "b"] } else { &["b"] },
                converts: number % 2 == 0,
            })
            .collect();
        let found = removal_effects(&paths).unwrap();
        let spread = intervals(&paths, 200, 7);
        for ((low, high), share) in spread.iter().zip(&found.shares) {
            assert!(low <= share && share <= high && low < high);
        }
        let reversed: Vec<Path<'_>> = paths.iter().rev().copied().collect();
        assert_eq!(intervals(&reversed, 200, 7), spread);
    }

    fn paths() -> impl Strategy<Value = Vec<(Vec<&'static str>, bool)>> {
        let value = prop_oneof![Just("a"), Just("b"), Just("c"), Just("d")];
        proptest::collection::vec(
            (proptest::collection::vec(value, 1..6), any::<bool>()),
            1..30,
        )
    }

    /// The chance of conversion when a value is removed, by following the chain step by step.
    fn conversion_without(paths: &[(Vec<&str>, bool)], removed: &str) -> f64 {
        let mut moves: BTreeMap<&str, BTreeMap<&str, f64>> = BTreeMap::new();
        for (values, converts) in paths {
            let end = if *converts { "(conversion)" } else { "(null)" };
            let states: Vec<&str> = ["(start)"]
                .into_iter()
                .chain(values.iter().copied())
                .chain([end])
                .collect();
            for pair in states.windows(2) {
                *moves
                    .entry(pair[0])
                    .or_default()
                    .entry(pair[1])
                    .or_default() += 1.0;
            }
        }
        let mut standing: BTreeMap<&str, f64> = BTreeMap::from([("(start)", 1.0)]);
        for _ in 0..3000 {
            let mut next: BTreeMap<&str, f64> = BTreeMap::new();
            for (state, weight) in &standing {
                match moves.get(state) {
                    Some(_) if *state == removed => {}
                    Some(moves) => {
                        let all: f64 = moves.values().sum();
                        for (target, count) in moves {
                            *next.entry(target).or_default() += weight * count / all;
                        }
                    }
                    None => *next.entry(state).or_default() += weight,
                }
            }
            standing = next;
        }
        standing.get("(conversion)").copied().unwrap_or(0.0)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_chance_from_the_start_is_the_share_of_paths_that_convert(paths in paths()) {
            let given: Vec<Path<'_>> = paths.iter().map(|(values, converts)| Path { values, converts: *converts }).collect();
            let converting = paths.iter().filter(|(_, converts)| *converts).count();
            match removal_effects(&given) {
                Some(found) => {
                    prop_assert!((found.conversion - converting as f64 / paths.len() as f64).abs() < 1e-9);
                    prop_assert_eq!(found.shares.iter().sum::<Share>(), SHARE_ONE);
                    let reversed: Vec<Path<'_>> = given.iter().rev().copied().collect();
                    prop_assert_eq!(removal_effects(&reversed), Some(found));
                }
                None => prop_assert_eq!(converting, 0),
            }
        }

        #[test]
        fn a_removal_effect_is_what_the_chain_loses_without_the_value(paths in paths()) {
            let given: Vec<Path<'_>> = paths.iter().map(|(values, converts)| Path { values, converts: *converts }).collect();
            if let Some(found) = removal_effects(&given) {
                for (key, effect) in found.keys.iter().zip(&found.effects) {
                    let lost = 1.0 - conversion_without(&paths, key) / found.conversion;
                    prop_assert!((lost - effect).abs() < 1e-6, "{}: {} {}", key, lost, effect);
                }
            }
        }
    }
}
