//! Traffic: the sessions of a span, each with the source that it counts for.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use attribution::journey::{Visit, visits};
use attribution::touch::Touch;

use super::credit::Book;
use super::metrics::Visits;
use super::question::Question;
use super::world;
use crate::clock::Millis;
use crate::store::{ReadError, Session, Span};

/// A visitor who began to pay within this time of a session makes it a return: then the history must be looked at.
const REACH_MS: Millis = attribution::journey::CHECKOUT_RETURN_MS;

/// A session of a span as it counts.
pub struct Seen<'a> {
    /// Its entry, with the source of the touch that it is or continues.
    pub touch: &'a Touch,
    /// The session.
    pub session: &'a Session,
    /// Whether it is the first that is given of its visitor.
    pub visitor: &'a str,
}

/// Gives every session whose entry lies in a span, visitor by visitor, for which the question's conditions hold.
pub fn each(
    book: &Book<'_>,
    span: &Span,
    question: &Question,
    give: &mut dyn FnMut(&Seen<'_>),
) -> Result<(), ReadError> {
    let ledger = book.ledger();
    let mut sessions: Vec<Session> = Vec::new();
    ledger.store.sessions(ledger.site.number, span.clone(), &mut |session| sessions.push(session))?;
    sessions.sort_by(|left, right| place(left).cmp(&place(right)));
    for of_visitor in sessions.chunk_by(|left, right| left.visitor == right.visitor) {
        let Some(first) = of_visitor.first() else { continue };
        for (session, visit) in std::iter::zip(of_visitor, seen(book, span, of_visitor)?) {
            if question.passes_touch(Some(&visit.touch)) {
                give(&Seen { touch: &visit.touch, session, visitor: &first.visitor });
            }
        }
    }
    Ok(())
}

fn place(session: &Session) -> (&str, Millis, &str) {
    (&session.visitor, session.entry.at_ms, &session.entry.event_id)
}

/// The visits of one visitor's sessions of a span. What came before is only read where the first may continue it.
fn seen(book: &Book<'_>, span: &Span, sessions: &[Session]) -> Result<Vec<Visit>, ReadError> {
    let within: Vec<_> = sessions.iter().cloned().map(world::session).collect();
    let alone = visits(&within, &book.tracer.hosts);
    let stands_alone = within.first().is_some_and(|first| {
        first.entry.is_pageview && first.entry.at_ms >= span.start.saturating_add(REACH_MS)
    });
    // An entry that continues something, or an untagged one of the own site, is only judged with what was before.
    let begins = within.first().map(|first| attribution::source::classify(&first.entry, &book.tracer.hosts));
    let continues = begins.is_none_or(|arrival| arrival.continues.is_some());
    if stands_alone && !continues {
        return Ok(alone);
    }
    let Some(visitor) = sessions.first().map(|session| &session.visitor) else { return Ok(Vec::new()) };
    let all = visits(&book.tracer.world.sessions(visitor)?, &book.tracer.hosts);
    Ok(all.into_iter().filter(|visit| span.contains(&visit.touch.at_ms)).collect())
}

/// Visitors and sessions by a key.
pub struct Counts<K> {
    visits: HashMap<K, Visits>,
    visitor: String,
    keys_of_visitor: HashSet<K>,
}

impl<K: Hash + Eq + Clone> Counts<K> {
    /// Nobody.
    pub fn new() -> Self {
        Self { visits: HashMap::new(), visitor: String::new(), keys_of_visitor: HashSet::new() }
    }

    /// Counts a session for a key; sessions come visitor by visitor.
    pub fn count(&mut self, key: K, seen: &Seen<'_>) {
        if self.visitor != seen.visitor {
            seen.visitor.clone_into(&mut self.visitor);
            self.keys_of_visitor.clear();
        }
        let visits = self.visits.entry(key.clone()).or_default();
        visits.sessions += 1;
        visits.visitors += u64::from(self.keys_of_visitor.insert(key));
    }

    /// What was counted for a key.
    pub fn of(&self, key: &K) -> Visits {
        self.visits.get(key).copied().unwrap_or_default()
    }

    /// The keys.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.visits.keys()
    }
}

impl<K: Hash + Eq + Clone> Default for Counts<K> {
    fn default() -> Self {
        Self::new()
    }
}
