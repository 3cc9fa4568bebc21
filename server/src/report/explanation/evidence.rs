//! The evidence of an order: every level of the chain as it was tried, with what was looked for and found.

use std::collections::BTreeMap;

use attribution::evidence::{ConsideredTouch, Level, LevelTried, Window};
use attribution::touch::Touch;
use serde::Serialize;

use crate::report::credit::Credited;
use crate::report::ledger::Trust;
use crate::report::time::iso;

/// How the order was tied to its journey.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "the members are the contract's own words")]
pub struct Evidence {
    pub level: &'static str,
    /// The exact time that touches are compared with; a whole second of the provider's is its end.
    pub order_time: String,
    /// The time that the window and time decay are measured from: a renewal's is its first order's.
    pub measured_at: String,
    pub window_from: Option<String>,
    pub levels: Vec<Tried>,
}

/// One level.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "the members are the contract's own words")]
pub struct Tried {
    pub level: &'static str,
    pub holds: bool,
    pub decided: bool,
    pub looked_for: BTreeMap<&'static str, String>,
    pub found: Option<Found>,
    pub reported: bool,
    pub reason: String,
}

/// What a level found.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "the members are the contract's own words")]
pub struct Found {
    pub session_id: Option<String>,
    pub visitor_uid: Option<String>,
    pub user_id: Option<String>,
    pub at: Option<String>,
    pub touch: Option<usize>,
    /// All visitors, where a customer's level found several.
    pub visitors: Vec<String>,
}

/// The evidence of an order.
pub(super) fn of(order: &Credited, window_days: Option<u32>) -> Evidence {
    let trace = &order.trace;
    let window = window_days.map_or(Window::Unlimited, Window::Days);
    Evidence {
        level: trace.level.name(),
        order_time: iso(order.counted.order.at_ms),
        measured_at: iso(trace.measured_at_ms),
        window_from: window.starts_ms(trace.measured_at_ms).map(iso),
        levels: trace.levels.iter().map(|tried| shown(order, tried)).collect(),
    }
}

fn shown(order: &Credited, tried: &LevelTried) -> Tried {
    let mut looked_for: BTreeMap<&'static str, String> = BTreeMap::new();
    for (kind, value) in &tried.looked_for {
        // Of several values of one kind all are shown.
        looked_for
            .entry(kind)
            .and_modify(|text| *text = format!("{text}, {value}"))
            .or_insert_with(|| value.clone());
    }
    Tried {
        level: tried.level.name(),
        holds: tried.holds,
        decided: tried.decided,
        found: found(order, tried),
        reported: is_reported(order, tried.level),
        reason: tried.sentence(),
        looked_for,
    }
}

fn found(order: &Credited, tried: &LevelTried) -> Option<Found> {
    let touch = tried.touch.as_ref().and_then(|touch| place_of(order, touch));
    if tried.level == Level::Url {
        return tried.holds.then_some(Found {
            session_id: None,
            visitor_uid: None,
            user_id: None,
            at: None,
            touch,
            visitors: Vec::new(),
        });
    }
    let first = tried.found.first()?;
    let mut visitors: Vec<String> = tried.found.iter().map(|found| found.visitor.clone()).collect();
    visitors.dedup();
    Some(Found {
        session_id: first.session.clone(),
        visitor_uid: Some(first.visitor.clone()),
        user_id: first.user.clone(),
        at: Some(iso(first.at_ms)),
        touch,
        visitors,
    })
}

/// Where a touch stands among those that are listed: itself, or else the last one of the same source and campaign
/// (an address repeats what its session came with).
fn place_of(order: &Credited, touch: &Touch) -> Option<usize> {
    let touches = &order.trace.touches;
    let itself = touches.iter().position(|listed| listed.touch.place() == touch.place());
    let alike = |listed: &ConsideredTouch| {
        let (one, other) = (&listed.touch.source, &touch.source);
        listed.used
            && (&one.source, &one.medium, &one.campaign) == (&other.source, &other.medium, &other.campaign)
    };
    itself.or_else(|| touches.iter().rposition(alike))
}

/// Whether a level's evidence came from a reported purchase.
fn is_reported(order: &Credited, level: Level) -> bool {
    let counted = &order.counted;
    counted.trust == Trust::Reported
        || match level {
            Level::Session => counted.filled.session,
            Level::Visitor => counted.filled.visitor,
            Level::Url => counted.filled.url,
            Level::Customer | Level::Unattributed => false,
        }
}
