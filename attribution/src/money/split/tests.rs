//! Parts sum to the whole, always.

use super::*;
use proptest::prelude::*;

#[test]
fn ties_go_to_the_earlier_part() {
    let check = |total, weights: &[f64], expected: &[i128]| {
        assert_eq!(split(total, &normalise(weights)), expected);
    };
    check(10_000, &[1.0, 1.0, 1.0], &[3_334, 3_333, 3_333]);
    check(1, &[1.0, 1.0, 1.0], &[1, 0, 0]);
    check(101, &[1.0, 1.0], &[51, 50]);
    check(-101, &[1.0, 1.0], &[-51, -50]);
    check(0, &[1.0, 2.0], &[0, 0]);
    check(7, &[0.0, 0.0], &[4, 3]);
    check(7, &[0.0, f64::NAN, 1.0], &[0, 0, 7]);
    check(5, &[], &[]);
}

#[test]
fn shares_sum_to_one_and_repeat_a_third_exactly() {
    assert_eq!(fractions(&[(1, 3), (1, 3), (1, 3)]), [333_333_333_334, 333_333_333_333, 333_333_333_333]);
    assert_eq!(
        fractions(&[(1, 3), (1, 6), (1, 6), (1, 3)]),
        [333_333_333_333, 166_666_666_667, 166_666_666_667, 333_333_333_333]
    );
    assert_eq!(normalise(&[1.0, 1.0, 1.0]), [333_333_333_334, 333_333_333_333, 333_333_333_333]);
}

#[test]
fn a_refund_takes_back_from_the_credits_in_proportion() {
    let check = |credits: &[i128], amount, refund, expected: &[i128]| {
        assert_eq!(refund_credits(credits, amount, refund), expected);
    };
    check(&[3_334, 3_333, 3_333], 10_000, 3_000, &[1_000, 1_000, 1_000]);
    check(&[3_334, 3_333, 3_333], 10_000, 10_000, &[3_334, 3_333, 3_333]);
    check(&[3_334, 3_333, 3_333], 10_000, 0, &[0, 0, 0]);
    check(&[0, 0], 0, 5, &[0, 0]);
}

fn weights() -> impl Strategy<Value = Vec<f64>> {
    proptest::collection::vec(prop_oneof![Just(0.0), Just(1.0), 0.0..1e9_f64, 0.0..1e-300_f64], 1..40)
}

proptest! {
    #[test]
    fn shares_always_sum_to_one(weights in weights()) {
        prop_assert_eq!(normalise(&weights).iter().sum::<Share>(), SHARE_ONE);
    }

    #[test]
    fn parts_always_sum_to_the_total_and_mirror_its_sign(weights in weights(), total in -10_i128.pow(20)..10_i128.pow(20)) {
        let shares = normalise(&weights);
        let parts = split(total, &shares);
        prop_assert_eq!(parts.iter().sum::<i128>(), total);
        let negative: Vec<i128> = parts.iter().map(|part| -part).collect();
        prop_assert_eq!(split(-total, &shares), negative);
    }

    #[test]
    fn a_part_is_less_than_one_unit_from_its_share(weights in weights(), total in 0_i128..10_i128.pow(14)) {
        let shares = normalise(&weights);
        for (part, share) in split(total, &shares).into_iter().zip(shares) {
            prop_assert!((part * 1_000_000_000_000 - total * i128::from(share)).abs() < 1_000_000_000_000);
        }
    }

    #[test]
    fn refunds_in_steps_undo_an_order_exactly(weights in weights(), amount in 1_i128..10_i128.pow(15), cuts in proptest::collection::vec(0_i128..10_i128.pow(15), 0..6)) {
        let credits = split(amount, &normalise(&weights));
        let mut steps: Vec<i128> = cuts.into_iter().map(|cut| cut % (amount + 1)).chain([amount]).collect();
        steps.sort_unstable();
        let mut left = credits.clone();
        let mut before = vec![0; credits.len()];
        for step in steps {
            let after = refund_credits(&credits, amount, step);
            prop_assert_eq!(after.iter().sum::<i128>(), step);
            for ((left, after), before) in left.iter_mut().zip(&after).zip(&before) {
                *left -= after - before;
            }
            before = after;
        }
        prop_assert!(left.iter().all(|left| *left == 0));
    }
}
