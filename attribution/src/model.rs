//! Models: how the touches of a journey share an order's money.

mod linear;
pub mod markov;
mod position;
mod shapley;
mod single_touch;
mod time_decay;

use crate::money::Share;

/// An attribution model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Model {
    /// All to the last touch.
    LastTouch,
    /// All to the first touch.
    FirstTouch,
    /// All to the last touch that is not Direct; to the last touch if all are.
    LastNonDirect,
    /// The same to each touch.
    Linear,
    /// More to later touches: half for every 7 days before the order.
    TimeDecay,
    /// 40 % each to first and last, 20 % among those between.
    Position,
    /// The same to each distinct value of the journey, and within a value to its touches equally.
    Shapley,
    /// By removal effects over all journeys of the report; see [`markov`].
    Markov,
}

/// What a model needs to know of a touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point<'a> {
    /// The touch's time.
    pub at_ms: i64,
    /// Whether it is Direct.
    pub is_direct: bool,
    /// The folded value of the dimension asked for (only [`Model::Shapley`] reads it).
    pub value: &'a str,
}

impl Model {
    /// Every model, in the order in which they are listed.
    pub const ALL: [Self; 8] = [
        Self::LastTouch,
        Self::FirstTouch,
        Self::LastNonDirect,
        Self::Linear,
        Self::TimeDecay,
        Self::Position,
        Self::Shapley,
        Self::Markov,
    ];

    /// The name in questions and answers, as in `last_touch`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LastTouch => "last_touch",
            Self::FirstTouch => "first_touch",
            Self::LastNonDirect => "last_non_direct",
            Self::Linear => "linear",
            Self::TimeDecay => "time_decay",
            Self::Position => "position",
            Self::Shapley => "shapley",
            Self::Markov => "markov",
        }
    }

    /// The model of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|model| model.name() == name)
    }
}

/// The share of each touch of a journey in time order, summing to exactly [`crate::money::SHARE_ONE`].
/// Empty for an empty journey, and for [`Model::Markov`], which is a property of a whole report.
///
/// ```
/// use attribution::model::{Model, Point, shares};
/// let touch = |at_ms| Point { at_ms, is_direct: false, value: "" };
/// assert_eq!(shares(Model::Linear, &[touch(1), touch(2)], 3), [500_000_000_000, 500_000_000_000]);
/// ```
pub fn shares(model: Model, journey: &[Point<'_>], order_at_ms: i64) -> Vec<Share> {
    match model {
        Model::LastTouch => single_touch::last(journey),
        Model::FirstTouch => single_touch::first(journey),
        Model::LastNonDirect => single_touch::last_non_direct(journey),
        Model::Linear => linear::shares(journey),
        Model::TimeDecay => time_decay::shares(journey, order_at_ms),
        Model::Position => position::shares(journey),
        Model::Shapley => shapley::shares(journey),
        Model::Markov => Vec::new(),
    }
}

/// A count as a denominator.
fn count(items: usize) -> u64 {
    u64::try_from(items).unwrap_or(u64::MAX)
}
