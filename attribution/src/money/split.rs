//! Largest-remainder splits: integer parts that sum to the whole, ties to the earlier part.

/// A part of one, counted in units of 1 / [`SHARE_ONE`].
pub type Share = u64;

/// The whole that the shares of an order sum to: 10^12.
pub const SHARE_ONE: Share = 1_000_000_000_000;

const ONE: u128 = SHARE_ONE as u128;

/// Integer shares in proportion to the weights, summing to exactly [`SHARE_ONE`].
/// Empty for no weights; equal shares where no weight is above zero. Weights below zero count as zero.
pub fn normalise(weights: &[f64]) -> Vec<Share> {
    let usable = |weight: f64| {
        if weight.is_finite() && weight > 0.0 {
            weight
        } else {
            0.0
        }
    };
    let sum: f64 = weights.iter().copied().map(usable).sum();
    if sum <= 0.0 {
        let parts = u64::try_from(weights.len()).unwrap_or(u64::MAX);
        return fractions(&vec![(1, parts); weights.len()]);
    }
    let quotas: Vec<f64> = weights
        .iter()
        .map(|weight| usable(*weight) / sum * one_as_float())
        .collect();
    let parts = quotas.iter().map(|quota| whole_units(*quota)).collect();
    let remainders: Vec<f64> = quotas.iter().map(|quota| quota.fract()).collect();
    let ranking = ranked(weights.len(), |left, right| {
        item(&remainders, right).total_cmp(&item(&remainders, left))
    });
    hand_out(parts, &ranking, ONE)
        .into_iter()
        .map(share)
        .collect()
}

/// Integer shares from exact fractions (numerator, denominator) that sum to one, summing to exactly [`SHARE_ONE`].
pub fn fractions(quotas: &[(u64, u64)]) -> Vec<Share> {
    let scaled = |(numerator, denominator): (u64, u64)| {
        (
            ONE.saturating_mul(u128::from(numerator)),
            u128::from(denominator.max(1)),
        )
    };
    let parts = quotas
        .iter()
        .map(|quota| scaled(*quota))
        .map(|(top, bottom)| top.checked_div(bottom).unwrap_or(0))
        .collect();
    let remainder = |index: usize| {
        let (top, bottom) = scaled(item(quotas, index));
        (top.checked_rem(bottom).unwrap_or(0), bottom)
    };
    let ranking = ranked(quotas.len(), |left, right| {
        let ((left_top, left_bottom), (right_top, right_bottom)) =
            (remainder(left), remainder(right));
        right_top
            .saturating_mul(left_bottom)
            .cmp(&left_top.saturating_mul(right_bottom))
    });
    hand_out(parts, &ranking, ONE)
        .into_iter()
        .map(share)
        .collect()
}

/// Splits a total (minor units, either sign) over shares that sum to [`SHARE_ONE`]. The parts sum to the
/// total, and a negative total gives exactly the negative parts.
///
/// ```
/// use attribution::money::{normalise, split};
/// assert_eq!(split(10_000, &normalise(&[1.0, 1.0, 1.0])), [3_334, 3_333, 3_333]);
/// ```
pub fn split(total: i128, shares: &[Share]) -> Vec<i128> {
    let whole = total.unsigned_abs();
    let (high, low) = (
        whole.checked_div(ONE).unwrap_or(0),
        whole.checked_rem(ONE).unwrap_or(0),
    );
    let products: Vec<u128> = shares
        .iter()
        .map(|share| low.saturating_mul(u128::from(*share)))
        .collect();
    let parts = std::iter::zip(shares, &products)
        .map(|(share, product)| {
            high.saturating_mul(u128::from(*share))
                .saturating_add(product.checked_div(ONE).unwrap_or(0))
        })
        .collect();
    let remainder = |index: usize| item(&products, index).checked_rem(ONE).unwrap_or(0);
    let ranking = ranked(shares.len(), |left, right| {
        remainder(right).cmp(&remainder(left))
    });
    signed(hand_out(parts, &ranking, whole), total)
}

/// What a cumulative refund takes back from each credit of an order of `amount` (minor units, the sum of
/// the credits): parts that sum to `cumulative_refund`. A full refund gives the credits themselves, so its
/// credits are their exact negative; one refund of several takes the difference of two cumulative answers.
pub fn refund_credits(credits: &[i128], amount: i128, cumulative_refund: i128) -> Vec<i128> {
    if amount == 0 {
        return vec![0; credits.len()];
    }
    let refund = cumulative_refund.unsigned_abs();
    let bottom = amount.unsigned_abs();
    let products: Vec<u128> = credits
        .iter()
        .map(|credit| credit.unsigned_abs().saturating_mul(refund))
        .collect();
    let parts = products
        .iter()
        .map(|product| product.checked_div(bottom).unwrap_or(0))
        .collect();
    let remainder = |index: usize| item(&products, index).checked_rem(bottom).unwrap_or(0);
    let ranking = ranked(credits.len(), |left, right| {
        remainder(right).cmp(&remainder(left))
    });
    signed(hand_out(parts, &ranking, refund), cumulative_refund)
}

/// Positions in the order in which the units that flooring left over are handed out: stable, so ties go to
/// the earlier.
fn ranked(count: usize, larger_first: impl Fn(usize, usize) -> std::cmp::Ordering) -> Vec<usize> {
    let mut ranking: Vec<usize> = (0..count).collect();
    ranking.sort_by(|left, right| larger_first(*left, *right));
    ranking
}

/// Adds one unit each to the first positions of the ranking until the parts sum to the whole. Rounding of
/// floating-point quotas can leave the floors above the whole; then the last positions give a unit back.
fn hand_out(mut parts: Vec<u128>, ranking: &[usize], whole: u128) -> Vec<u128> {
    let sum = parts
        .iter()
        .fold(0_u128, |sum, part| sum.saturating_add(*part));
    let mut missing = whole.saturating_sub(sum);
    let mut surplus = sum.saturating_sub(whole);
    for position in ranking.iter().cycle().take(ranking.len().saturating_mul(2)) {
        let Some(part) = parts.get_mut(*position) else {
            continue;
        };
        if missing == 0 {
            break;
        }
        *part = part.saturating_add(1);
        missing = missing.saturating_sub(1);
    }
    for position in ranking.iter().rev() {
        let Some(part) = parts.get_mut(*position) else {
            continue;
        };
        if surplus > 0 && *part > 0 {
            *part = part.saturating_sub(1);
            surplus = surplus.saturating_sub(1);
        }
    }
    // Shares that sum to less than one still part with the whole.
    if let Some(first) = parts.first_mut() {
        *first = first.saturating_add(missing);
    }
    parts
}

fn signed(parts: Vec<u128>, like: i128) -> Vec<i128> {
    let sign = like.signum();
    parts
        .into_iter()
        .map(|part| {
            i128::try_from(part)
                .unwrap_or(i128::MAX)
                .saturating_mul(sign)
        })
        .collect()
}

fn item<T: Copy + Default>(items: &[T], index: usize) -> T {
    items.get(index).copied().unwrap_or_default()
}

fn share(part: u128) -> Share {
    Share::try_from(part).unwrap_or(SHARE_ONE)
}

#[expect(clippy::cast_precision_loss, reason = "10^12 is exact in a double")]
const fn one_as_float() -> f64 {
    SHARE_ONE as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a quota is between 0 and 10^12, and flooring is meant"
)]
const fn whole_units(quota: f64) -> u128 {
    quota as u128
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ties_go_to_the_earlier_part() {
        let check = |total, weights: &[f64], expected: &[i128]| {
            assert_eq!(split(total, &normalise(weights)), expected)
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
        assert_eq!(
            fractions(&[(1, 3), (1, 3), (1, 3)]),
            [333_333_333_334, 333_333_333_333, 333_333_333_333]
        );
        assert_eq!(
            fractions(&[(1, 3), (1, 6), (1, 6), (1, 3)]),
            [
                333_333_333_333,
                166_666_666_667,
                166_666_666_667,
                333_333_333_333
            ]
        );
        assert_eq!(
            normalise(&[1.0, 1.0, 1.0]),
            [333_333_333_334, 333_333_333_333, 333_333_333_333]
        );
    }

    #[test]
    fn a_refund_takes_back_from_the_credits_in_proportion() {
        let check = |credits: &[i128], amount, refund, expected: &[i128]| {
            assert_eq!(refund_credits(credits, amount, refund), expected)
        };
        check(
            &[3_334, 3_333, 3_333],
            10_000,
            3_000,
            &[1_000, 1_000, 1_000],
        );
        check(
            &[3_334, 3_333, 3_333],
            10_000,
            10_000,
            &[3_334, 3_333, 3_333],
        );
        check(&[3_334, 3_333, 3_333], 10_000, 0, &[0, 0, 0]);
        check(&[0, 0], 0, 5, &[0, 0]);
    }

    fn weights() -> impl Strategy<Value = Vec<f64>> {
        proptest::collection::vec(
            prop_oneof![Just(0.0), Just(1.0), 0.0..1e9_f64, 0.0..1e-300_f64],
            1..40,
        )
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
}
