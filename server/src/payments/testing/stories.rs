//! One story as each provider tells it: a subscription's first payment, two renewals, a part given back, a refund that
//! fails later, a dispute that is won.

mod lemonsqueezy;
mod paddle;
mod polar;
mod stripe;

use serde_json::{Value, json};

use super::Sent;

/// All that a provider says, and what it comes to.
pub(crate) struct Story {
    pub(crate) name: &'static str,
    /// The webhooks; a spare one may be lost and the money is the same.
    pub(crate) told: Vec<Told>,
    /// The orders by time, added up by hand.
    pub(crate) ledger: [Line; 3],
}

/// A webhook of a story.
pub(crate) struct Told {
    pub(crate) sent: Sent,
    pub(crate) is_spare: bool,
}

/// An order in the ledger: its id, what was paid, what was given back for good, whether it renews.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) id: &'static str,
    pub(crate) minor: i64,
    pub(crate) given_back: i64,
    pub(crate) renewal: bool,
}

pub(crate) fn all() -> Vec<Story> {
    vec![
        stripe::since_basil(),
        stripe::before_basil(),
        lemonsqueezy::story(),
        paddle::story(),
        polar::story(),
    ]
}

/// The first payment of 58.31, of which 11.90 went back, and two renewals whose refund failed and whose dispute was won.
fn ledger(ids: [&'static str; 3]) -> [Line; 3] {
    let [first, second, third] = ids;
    let renewal = |id| Line { id, minor: 5_831, given_back: 0, renewal: true };
    [Line { id: first, minor: 5_831, given_back: 1_190, renewal: false }, renewal(second), renewal(third)]
}

/// What the shop wrote into the checkout.
fn metadata() -> Value {
    json!({"engagetrack_visitor_id": "v-ana", "engagetrack_session_id": "s-ana"})
}

fn needed(sent: Sent) -> Told {
    Told { sent, is_spare: false }
}

fn spare(sent: Sent) -> Told {
    Told { sent, is_spare: true }
}
