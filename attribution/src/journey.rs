//! Journeys: a visitor's sessions and whose they are, and the touches they make.

use crate::source::{Continuation, Entry, SiteHosts, judge};
use crate::touch::Touch;

/// A session ends when this much time passes without activity.
pub const SESSION_GAP_MS: i64 = 30 * 60 * 1000;
/// A visitor who comes back within this much time of starting a checkout returns from paying.
pub const CHECKOUT_RETURN_MS: i64 = 60 * 60 * 1000;

/// A session of a visitor. Purchases are no part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// The visitor's id.
    pub visitor: String,
    /// The session's id; `None` for one that was inferred.
    pub id: Option<String>,
    /// Its earliest event.
    pub entry: Entry,
    /// Event time of its last event.
    pub last_at_ms: i64,
    /// When checkouts were started in it (metadata asked for, payment link clicked).
    pub checkout_started_ms: Vec<i64>,
}

/// A link from a visitor to the merchant's own user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identify {
    /// Event time.
    pub at_ms: i64,
    /// Decides between links of the same millisecond.
    pub event_id: String,
    /// The visitor's id.
    pub visitor: String,
    /// The merchant's user id.
    pub user: String,
    /// The keyed hash of the e-mail that came with it.
    pub email_hash: Option<String>,
    /// Whether it was signed with the site's identify secret.
    pub signed: bool,
}

/// A session seen in its visitor's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// The entry as a touch. Where the visit continues another, `source`, `campaign`, `click_ids` and
    /// `referrer` are those of the touch that it continues; the rest is its own.
    pub touch: Touch,
    /// Why it makes no touch of its own; `None` where it makes one.
    pub continues: Option<Continuation>,
}

/// The visits of **one** visitor in time order, whatever the order given: every session once, with the
/// source that it counts for. The first makes a touch always.
pub fn visits(sessions: &[Session], site: &SiteHosts) -> Vec<Visit> {
    let starts: Vec<i64> = sessions
        .iter()
        .flat_map(|session| session.checkout_started_ms.iter().copied())
        .collect();
    let mut visits: Vec<Visit> = Vec::with_capacity(sessions.len());
    for session in in_time_order(sessions) {
        let entry = &session.entry;
        let judged = judge(entry, site);
        let is_after_checkout = || {
            starts
                .iter()
                .any(|start| (0..CHECKOUT_RETURN_MS).contains(&entry.at_ms.saturating_sub(*start)))
        };
        let continues = judged.arrival.continues.or_else(|| {
            (judged.may_return && is_after_checkout()).then_some(Continuation::CheckoutStarted)
        });
        let mut touch = Touch {
            at_ms: entry.at_ms,
            event_id: entry.event_id.clone(),
            visitor: Some(session.visitor.clone()),
            session: session.id.clone(),
            source: judged.arrival.source,
            campaign: entry.campaign.clone(),
            click_ids: entry.click_ids.clone(),
            referrer: judged.referrer,
            landing_page: entry.landing_page.clone(),
            country: entry.country.clone(),
            device: entry.device.clone(),
            browser: entry.browser.clone(),
            os: entry.os.clone(),
        };
        let visit = match (continues, visits.last()) {
            (Some(_), Some(Visit { touch: before, .. })) => {
                touch.source = before.source.clone();
                touch.campaign = before.campaign.clone();
                touch.click_ids = before.click_ids.clone();
                touch.referrer = before.referrer.clone();
                Visit { touch, continues }
            }
            _ => Visit {
                touch,
                continues: None,
            },
        };
        visits.push(visit);
    }
    visits
}

/// The user that each session of **one** visitor belongs to, aligned with [`visits`]: the last identified
/// within it, else the last before it, else the first after it; `None` where nobody was identified.
/// Identifies after `until_ms` are not looked at.
pub fn owners(sessions: &[Session], identifies: &[Identify], until_ms: i64) -> Vec<Option<String>> {
    let links = links_in_force(identifies, until_ms);
    let ordered = in_time_order(sessions);
    let entries: Vec<i64> = ordered.iter().map(|session| session.entry.at_ms).collect();
    ordered
        .iter()
        .map(|session| owner(session, &links, &entries))
        .collect()
}

/// The user that a visitor belongs to at a time: the last identified at or before it.
pub fn user_at(identifies: &[Identify], at_ms: i64) -> Option<String> {
    links_in_force(identifies, at_ms)
        .last()
        .map(|link| link.user.clone())
}

/// The links of one visitor in time order, up to a time. An unsigned one never replaces what a signed one
/// before it said.
fn links_in_force(identifies: &[Identify], until_ms: i64) -> Vec<&Identify> {
    let mut links: Vec<&Identify> = identifies
        .iter()
        .filter(|link| link.at_ms <= until_ms)
        .collect();
    links.sort_by_key(|link| (link.at_ms, &link.event_id, &link.user));
    let mut is_signed = false;
    links.retain(|link| {
        is_signed |= link.signed;
        link.signed || !is_signed
    });
    links
}

fn owner(session: &Session, links: &[&Identify], entries: &[i64]) -> Option<String> {
    let (began, last) = (
        session.entry.at_ms,
        session.last_at_ms.max(session.entry.at_ms),
    );
    // It is open until its gap has passed or the visitor enters anew.
    let next_entry = entries
        .get(entries.partition_point(|entry| *entry <= last))
        .copied();
    let open_until = last
        .saturating_add(SESSION_GAP_MS)
        .min(next_entry.unwrap_or(i64::MAX));
    let is_within =
        |at_ms: i64| (began..=last).contains(&at_ms) || at_ms > last && at_ms < open_until;
    let within = links.iter().rev().find(|link| is_within(link.at_ms));
    let before = || links.iter().rev().find(|link| link.at_ms < began);
    within
        .or_else(before)
        .or_else(|| links.first())
        .map(|link| link.user.clone())
}

fn in_time_order(sessions: &[Session]) -> Vec<&Session> {
    let mut ordered: Vec<&Session> = sessions.iter().collect();
    ordered.sort_by_key(|session| (session.entry.at_ms, &session.entry.event_id, &session.id));
    ordered
}
