//! Follows the chain: session, visitor, customer, url, the first that leaves a touch.

use super::levels::try_level;
use super::people::People;
use super::url::try_url;
use super::{ConsideredTouch, Evidence, Level, LevelReason, LevelTried, Trace, Window, World};
use crate::source::SiteHosts;
use crate::touch::Touch;

/// Follows the chain for one payment. The answer depends on the evidence and the world alone, not on the
/// order in which the world gives its sessions and links.
///
/// A renewal is traced by its first order's evidence and time; see [`Trace::inherited`].
pub fn trace<W: World>(
    evidence: &Evidence,
    world: &W,
    site: &SiteHosts,
    window: Window,
) -> Result<Trace, W::Error> {
    let mut people = People::new(world, site, evidence.at_ms, window);
    let mut looked_at = Vec::new();
    let mut deciding: Option<(Level, Vec<ConsideredTouch>)> = None;
    let mut levels = [Level::Session, Level::Visitor, Level::Customer, Level::Url].map(not_needed);
    let [session, visitor, customer, url] = &mut levels;
    for tried in [session, visitor, customer] {
        if deciding.is_some() {
            break;
        }
        let touches = try_level(tried, evidence, &mut people)?;
        if tried.holds {
            deciding = Some((tried.level, touches));
        } else {
            looked_at.extend(touches);
        }
    }
    let appended = try_url(url, evidence, site, deciding.as_ref().map(|(_, touches)| touches.as_slice()));
    let level = match (&appended, &deciding) {
        (Some(_), _) => Level::Url,
        (None, Some((level, _))) => *level,
        (None, None) => Level::Unattributed,
    };
    for tried in &mut levels {
        tried.decided = tried.level == level;
    }
    let decided = deciding.map(|(_, touches)| touches).unwrap_or_default();
    Ok(Trace {
        level,
        levels,
        touches: listed(decided, looked_at, appended),
        measured_at_ms: evidence.at_ms,
        inherited_from: None,
    })
}

/// As [`trace`], and every level that was not needed is tried all the same, each by itself: that levels agree is
/// the best proof there is, that they do not is a finding. Touches that only such a level looked at are not listed.
pub fn explain<W: World>(
    evidence: &Evidence,
    world: &W,
    site: &SiteHosts,
    window: Window,
) -> Result<Trace, W::Error> {
    let mut trace = trace(evidence, world, site, window)?;
    let mut people = People::new(world, site, evidence.at_ms, window);
    for tried in trace.levels.iter_mut().filter(|tried| tried.reason == LevelReason::NotNeeded) {
        if tried.level == Level::Url {
            try_url(tried, evidence, site, None);
        } else {
            try_level(tried, evidence, &mut people)?;
        }
    }
    Ok(trace)
}

const fn not_needed(level: Level) -> LevelTried {
    LevelTried {
        level,
        holds: false,
        decided: false,
        looked_for: Vec::new(),
        found: Vec::new(),
        touch: None,
        reason: LevelReason::NotNeeded,
    }
}

/// Every touch once, in time order: as the deciding level saw it, else as the first level that looked at it.
/// An appended touch stands after the journey's last, whatever the clocks say.
fn listed(
    decided: Vec<ConsideredTouch>,
    looked_at: Vec<ConsideredTouch>,
    appended: Option<Touch>,
) -> Vec<ConsideredTouch> {
    let mut touches: Vec<ConsideredTouch> = Vec::with_capacity(decided.len());
    for considered in decided.into_iter().chain(looked_at) {
        if !touches.iter().any(|listed| listed.touch.place() == considered.touch.place()) {
            touches.push(considered);
        }
    }
    touches.sort_by(|left, right| left.touch.place().cmp(&right.touch.place()));
    if let Some(touch) = appended {
        let at_ms = touch.at_ms;
        let after_journey =
            touches.iter().rposition(|considered| considered.used).map_or(0, |last| last.saturating_add(1));
        let after_earlier = touches.partition_point(|considered| considered.touch.at_ms <= at_ms);
        touches
            .insert(after_journey.max(after_earlier), ConsideredTouch { touch, used: true, left_out: None });
    }
    touches
}
