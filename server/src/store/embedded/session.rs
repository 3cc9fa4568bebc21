//! Sessions from events: what an event adds to its session, and which sessions events without an id belong to.
//!
//! A session is a function of the set of its events, not of their order of arrival.

use super::row::LooseEvent;
use crate::clock::Millis;
use crate::record::Event;
use crate::store::{Session, SessionEntry};

/// A session ends after so long without activity.
pub(super) const GAP_MS: Millis = 30 * 60 * 1_000;
/// Checkouts of one session that are kept, the latest.
const CHECKOUTS: usize = 8;
/// The name of the custom event by which a site says that a checkout starts.
const CHECKOUT_EVENT: &str = "checkout";

/// Whether an event says that its visitor starts to pay.
fn starts_checkout(event: &Event) -> bool {
    event.name.as_deref() == Some(CHECKOUT_EVENT)
}

fn entry_of(event: &Event) -> SessionEntry {
    SessionEntry {
        at_ms: event.at_ms,
        event_id: event.event_id.clone(),
        is_pageview: event.kind == protocol::EventType::Pageview,
        page: event.page.clone(),
        referrer: event.referrer.clone(),
        client: event.client.clone(),
    }
}

/// An event without a session id, as it is kept.
pub(super) fn loose(event: &Event) -> LooseEvent {
    LooseEvent {
        entry: entry_of(event),
        time_on_page_ms: event.time_on_page_ms.unwrap_or(0),
        starts_checkout: starts_checkout(event),
    }
}

/// The session that an event belongs to, with the event in it.
pub(super) fn with_event(session: Option<Session>, event: &Event, visitor: &str) -> Session {
    let one = single(loose(event), visitor, event.session.clone());
    match session {
        Some(session) => joined(session, one),
        None => one,
    }
}

/// A session of one event.
fn single(event: LooseEvent, visitor: &str, id: Option<String>) -> Session {
    Session {
        visitor: visitor.to_owned(),
        id,
        last_at_ms: event.entry.at_ms,
        last_event_id: event.entry.event_id.clone(),
        last_time_on_page_ms: event.time_on_page_ms,
        pageviews: u32::from(event.entry.is_pageview),
        others: u32::from(!event.entry.is_pageview),
        checkouts_ms: if event.starts_checkout { vec![event.entry.at_ms] } else { Vec::new() },
        entry: event.entry,
    }
}

/// Two parts of one session as one; the same whichever comes first.
fn joined(mut session: Session, other: Session) -> Session {
    if (other.entry.at_ms, &other.entry.event_id) < (session.entry.at_ms, &session.entry.event_id) {
        session.entry = other.entry;
    }
    if (other.last_at_ms, &other.last_event_id) > (session.last_at_ms, &session.last_event_id) {
        session.last_at_ms = other.last_at_ms;
        session.last_event_id = other.last_event_id;
        session.last_time_on_page_ms = other.last_time_on_page_ms;
    }
    session.pageviews = session.pageviews.saturating_add(other.pageviews);
    session.others = session.others.saturating_add(other.others);
    session.checkouts_ms.extend(other.checkouts_ms);
    session.checkouts_ms.sort_unstable();
    let surplus = session.checkouts_ms.len().saturating_sub(CHECKOUTS);
    session.checkouts_ms.drain(..surplus);
    session
}

/// All sessions of a visitor: those that the client named, and those inferred from events without a session id.
///
/// An event without an id joins a named session within 30 minutes; the others are parted by 30 minutes without
/// activity and by an entry whose campaign or click ids differ. `named` and `loose` may come in any order.
pub(super) fn infer(mut named: Vec<Session>, mut loose: Vec<LooseEvent>, visitor: &str) -> Vec<Session> {
    loose.sort_by(|a, b| (a.entry.at_ms, &a.entry.event_id).cmp(&(b.entry.at_ms, &b.entry.event_id)));
    named.sort_by(|a, b| (a.entry.at_ms, &a.id).cmp(&(b.entry.at_ms, &b.id)));
    let mut inferred: Vec<Session> = Vec::new();
    for event in loose {
        let at_ms = event.entry.at_ms;
        let reaches = |session: &Session| {
            session.entry.at_ms.saturating_sub(GAP_MS) <= at_ms
                && at_ms <= session.last_at_ms.saturating_add(GAP_MS)
        };
        if let Some(session) = named.iter_mut().rev().find(|session| reaches(session)) {
            *session = joined(session.clone(), single(event, visitor, None));
            continue;
        }
        let one = single(event, visitor, None);
        match inferred.last_mut() {
            Some(last) if at_ms <= last.last_at_ms.saturating_add(GAP_MS) && !brings_another(last, &one) => {
                *last = joined(last.clone(), one);
            }
            _ => inferred.push(one),
        }
    }
    named.extend(inferred);
    named.sort_by(|a, b| (a.entry.at_ms, &a.entry.event_id).cmp(&(b.entry.at_ms, &b.entry.event_id)));
    named
}

/// Whether an entry has campaign parameters or click ids, and others than the session's.
fn brings_another(session: &Session, entry: &Session) -> bool {
    let of = |session: &Session| {
        let says = attribution::source::campaign_of(&session.entry.page.query);
        (says.campaign, says.click_ids)
    };
    let (campaign, click_ids) = of(entry);
    let empty = campaign == attribution::source::Campaign::default() && click_ids.is_empty();
    !empty && (campaign, click_ids) != of(session)
}

#[cfg(test)]
mod tests {
    //! Sessions are a function of the set of events.

    use proptest::prelude::*;

    use super::*;
    use crate::record::Page;

    const MINUTE: Millis = 60_000;

    fn at(minute: Millis, query: &str) -> LooseEvent {
        let event = Event {
            at_ms: minute * MINUTE,
            event_id: format!("e{minute}"),
            page: Page { query: query.to_owned(), ..Page::default() },
            ..Event::default()
        };
        loose(&event)
    }

    fn named(from: Millis, to: Millis) -> Session {
        let first = single(at(from, ""), "v", Some("s".to_owned()));
        joined(first, single(at(to, ""), "v", None))
    }

    fn check(named_sessions: Vec<Session>, minutes: &[(Millis, &str)], expected: &[(Millis, Millis, u32)]) {
        let events = minutes.iter().map(|(minute, query)| at(*minute, query)).collect();
        let found: Vec<_> = infer(named_sessions, events, "v")
            .into_iter()
            .map(|session| (session.entry.at_ms / MINUTE, session.last_at_ms / MINUTE, session.pageviews))
            .collect();
        assert_eq!(found, expected, "{minutes:?}");
    }

    #[test]
    fn events_without_an_id_are_parted_by_silence_and_by_another_campaign() {
        check(vec![], &[(0, ""), (30, "")], &[(0, 30, 2)]);
        check(vec![], &[(0, ""), (31, "")], &[(0, 0, 1), (31, 31, 1)]);
        check(vec![], &[(0, ""), (5, "utm_source=x"), (6, "utm_source=x")], &[(0, 0, 1), (5, 6, 2)]);
        check(vec![], &[(0, "gclid=1"), (5, "")], &[(0, 5, 2)]);
    }

    #[test]
    fn events_without_an_id_join_a_named_session_within_thirty_minutes() {
        check(vec![named(100, 110)], &[(140, "")], &[(100, 140, 3)]);
        check(vec![named(100, 110)], &[(141, "")], &[(100, 110, 2), (141, 141, 1)]);
        check(vec![named(100, 110)], &[(70, "")], &[(70, 110, 3)]);
        check(vec![named(100, 110)], &[(69, "")], &[(69, 69, 1), (100, 110, 2)]);
    }

    proptest! {
        #[test]
        fn the_order_of_arrival_does_not_change_a_session(order in Just((0..6_i64).collect::<Vec<_>>()).prop_shuffle()) {
            let event = |minute: Millis| Event {
                at_ms: minute / 2,
                event_id: format!("e{minute}"),
                session: Some("s".to_owned()),
                time_on_page_ms: u32::try_from(minute).ok(),
                name: Some("checkout".to_owned()),
                ..Event::default()
            };
            let fold = |order: &[Millis]| order.iter().fold(None, |session, minute| Some(with_event(session, &event(*minute), "v")));
            prop_assert_eq!(fold(&order), fold(&[0, 1, 2, 3, 4, 5]));
        }
    }
}
