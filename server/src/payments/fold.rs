//! Facts to orders: what all that was said about one payment comes to, whatever came first.

use super::{Fact, Notice, Order};
use crate::store::Outcome;

/// Folds the facts of one order. None while none of them tells of money.
///
/// `notices` are all notices of the order's references, in any order; the answer does not depend on it.
pub fn fold(notices: &[&Notice]) -> Option<Order> {
    let _facts: Vec<&Fact> = notices.iter().flat_map(|notice| &notice.facts).collect();
    None
}

/// What a notice did to the orders it touches, and the members that it changed.
pub fn compare(_notice: &Notice, _before: &[Order], _after: &[Order]) -> (Outcome, Vec<String>) {
    (Outcome::Ignored, Vec::new())
}
