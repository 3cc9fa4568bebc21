//! Removal effects against figures worked by hand and against following the chain step by step.

use super::*;
use proptest::prelude::*;

fn effects(paths: &[(&[&str], bool)]) -> Option<Markov> {
    let paths: Vec<Path<'_>> =
        paths.iter().map(|(values, converts)| Path { values, converts: *converts }).collect();
    removal_effects(&paths)
}

fn check(paths: &[(&[&str], bool)], expected: &[(&str, f64)]) {
    let found = effects(paths).unwrap();
    let keys: Vec<&str> = expected.iter().map(|(key, _)| *key).collect();
    assert_eq!(found.keys, keys);
    for (effect, (key, expected)) in found.effects.iter().zip(expected) {
        assert!((effect - expected).abs() < 1e-12, "{key}: {effect}, not {expected}");
    }
}

#[test]
fn removal_effects_are_those_worked_by_hand() {
    // Every conversion passes the one value.
    check(&[(&["a"], true), (&["a"], false)], &[("a", 1.0)]);
    // Half of the conversions pass each.
    check(&[(&["a"], true), (&["b"], true)], &[("a", 0.5), ("b", 0.5)]);
    // b is on every way to conversion, a on the only way to b.
    check(&[(&["a", "b"], true), (&["a"], false)], &[("a", 1.0), ("b", 1.0)]);
    // From the start 2/3 to a, 1/3 to b; from a half to b, half to null; from b always to conversion.
    check(&[(&["a", "b"], true), (&["a"], false), (&["b"], true)], &[("a", 0.5), ("b", 1.0)]);
    // A value that never converts has no effect.
    check(&[(&["a"], true), (&["b"], false)], &[("a", 1.0), ("b", 0.0)]);
    // A repeat is a step to oneself: it changes how long, not whether.
    check(&[(&["a", "a"], true), (&["b"], true)], &[("a", 0.5), ("b", 0.5)]);
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
    proptest::collection::vec((proptest::collection::vec(value, 1..6), any::<bool>()), 1..30)
}

/// The chance of conversion when a value is removed, by following the chain step by step.
fn conversion_without(paths: &[(Vec<&str>, bool)], removed: &str) -> f64 {
    let mut moves: BTreeMap<&str, BTreeMap<&str, f64>> = BTreeMap::new();
    for (values, converts) in paths {
        let end = if *converts { "(conversion)" } else { "(null)" };
        let states: Vec<&str> = ["(start)"].into_iter().chain(values.iter().copied()).chain([end]).collect();
        for pair in states.windows(2) {
            *moves.entry(pair[0]).or_default().entry(pair[1]).or_default() += 1.0;
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
        let Some(found) = removal_effects(&given) else {
            prop_assert_eq!(converting, 0);
            return Ok(());
        };
        let expected = f64::from(u8::try_from(converting).unwrap()) / f64::from(u8::try_from(paths.len()).unwrap());
        prop_assert!((found.conversion - expected).abs() < 1e-9);
        prop_assert_eq!(found.shares.iter().sum::<Share>(), SHARE_ONE);
        let reversed: Vec<Path<'_>> = given.iter().rev().copied().collect();
        prop_assert_eq!(removal_effects(&reversed), Some(found));
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
