//! Markov: the paths of a report, those that end in an order and those that do not, and what each value is worth.

use std::collections::{BTreeMap, BTreeSet};

use attribution::journey::{owners, user_at, visits};
use attribution::model::Model;
use attribution::model::markov::{Path, removal_effects};
use attribution::money::Share;
use attribution::touch::Touch;

use super::chain::visitor_of;
use super::credit::{Book, Credited};
use super::question::Question;
use super::revenue::joined;
use super::spelling::Speller;
use super::{Fault, ReportError};
use crate::clock::Millis;
use crate::store::{ReadError, Span};

/// Values of one chain; its matrix grows with their square.
const VALUES: usize = 400;

/// The share of each key in a report's attributed money.
pub(super) struct Effects {
    /// The folded values.
    pub(super) keys: Vec<Vec<String>>,
    /// As they are shown.
    pub(super) shown: Vec<Vec<String>>,
    /// Their shares.
    pub(super) shares: Vec<Share>,
}

/// A person: the merchant's user, or a visitor who is nobody's.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Person {
    User(String),
    Visitor(String),
}

/// Refuses what markov cannot answer: it is a property of a whole report.
pub(super) fn check(question: &Question) -> Result<(), Fault> {
    if question.model != Model::Markov {
        return Ok(());
    }
    if question.filters_touches() {
        let message = "markov shares the money of a whole report: leave out filters on sources, or ask for another \
                       model, as in `model=linear`.";
        return Err(Fault::new("model", message));
    }
    if question.dimensions.iter().any(|dimension| dimension.is_of_order()) {
        let message = "markov shares money among sources: ask by `dimension=source`, or for another model, as in \
                       `model=linear`.";
        return Err(Fault::new("dimension", message));
    }
    Ok(())
}

/// The removal effects of a report's values; none where no path converts or all effects are zero.
pub(super) fn effects(
    book: &Book<'_>,
    orders: &[Credited],
    question: &Question,
    span: &Span,
) -> Result<Option<Effects>, ReportError> {
    let mut paths = Paths { question, shown: BTreeMap::new(), speller: Speller::new(book.ledger()) };
    let mut lists: Vec<(Vec<String>, bool)> = Vec::new();
    let mut buyers: BTreeSet<Person> = BTreeSet::new();
    for order in orders.iter().filter(|order| span.contains(&order.counted.order.at_ms)) {
        if let Some(visitor) = visitor_of(&order.counted, &order.trace) {
            buyers.insert(person_at(book, &visitor, order.counted.order.at_ms)?);
        }
        let journey = order.journey();
        for touch in &journey {
            if let Some(visitor) = &touch.visitor {
                buyers.insert(owner_of(book, visitor, touch)?);
            }
        }
        lists.push((paths.values(&journey)?, true));
    }
    for touches in touches_of_others(book, span, &buyers)? {
        lists.push((paths.values(&touches.iter().collect::<Vec<_>>())?, false));
    }
    if paths.shown.len() > VALUES {
        let message =
            format!("markov compares {VALUES} values at most: ask by `dimension=source` or `channel`.");
        return Err(Fault::new("dimension", message).into());
    }
    let borrowed: Vec<(Vec<&str>, bool)> = lists
        .iter()
        .map(|(values, converts)| (values.iter().map(String::as_str).collect(), *converts))
        .collect();
    let walked: Vec<Path<'_>> =
        borrowed.iter().map(|(values, converts)| Path { values, converts: *converts }).collect();
    let Some(found) = removal_effects(&walked) else { return Ok(None) };
    let named = found.keys.iter().filter_map(|value| paths.shown.get(value)).cloned();
    let (keys, shown) = named.unzip();
    Ok(Some(Effects { keys, shown, shares: found.shares }))
}

/// The values of touches, with how their keys are shown.
struct Paths<'a> {
    question: &'a Question,
    shown: BTreeMap<String, (Vec<String>, Vec<String>)>,
    speller: Speller<'a>,
}

impl Paths<'_> {
    fn values(&mut self, touches: &[&Touch]) -> Result<Vec<String>, ReadError> {
        let mut values = Vec::with_capacity(touches.len());
        for touch in touches {
            let dimensions = &self.question.dimensions;
            let key: Vec<String> =
                dimensions.iter().map(|by| by.folded(by.of_touch(touch)).into_owned()).collect();
            let value = joined(&key);
            if !self.shown.contains_key(&value) {
                let shown =
                    dimensions.iter().map(|by| self.speller.shown(*by, touch)).collect::<Result<_, _>>()?;
                self.shown.insert(value.clone(), (key, shown));
            }
            values.push(value);
        }
        Ok(values)
    }
}

/// The person that a visitor is at a time.
fn person_at(book: &Book<'_>, visitor: &str, at_ms: Millis) -> Result<Person, ReadError> {
    let user = user_at(&book.tracer.world.identifies(visitor)?, at_ms);
    Ok(user.map_or_else(|| Person::Visitor(visitor.to_owned()), Person::User))
}

/// The person that the session of a touch belongs to.
fn owner_of(book: &Book<'_>, visitor: &str, touch: &Touch) -> Result<Person, ReadError> {
    let theirs = touches_of(book, visitor)?.into_iter();
    let own =
        theirs.into_iter().find(|(_, other)| other.event_id == touch.event_id && other.at_ms == touch.at_ms);
    Ok(own.map_or_else(|| Person::Visitor(visitor.to_owned()), |(person, _)| person))
}

/// A visitor's touches, each with the person that it belongs to.
fn touches_of(book: &Book<'_>, visitor: &str) -> Result<Vec<(Person, Touch)>, ReadError> {
    let world = &book.tracer.world;
    let sessions = world.sessions(visitor)?;
    let owners = owners(&sessions, &world.identifies(visitor)?, Millis::MAX);
    let person =
        |owner: Option<String>| owner.map_or_else(|| Person::Visitor(visitor.to_owned()), Person::User);
    let visits = visits(&sessions, &book.tracer.hosts);
    let touches = std::iter::zip(visits, owners).filter(|(visit, _)| visit.continues.is_none());
    Ok(touches.map(|(visit, owner)| (person(owner), visit.touch)).collect())
}

/// The touches in a span of each person who is no buyer, in time order.
fn touches_of_others(
    book: &Book<'_>,
    span: &Span,
    buyers: &BTreeSet<Person>,
) -> Result<Vec<Vec<Touch>>, ReadError> {
    let ledger = book.ledger();
    let mut visitors: BTreeSet<String> = BTreeSet::new();
    ledger.store.sessions(ledger.site.number, span.clone(), &mut |session| {
        visitors.insert(session.visitor);
    })?;
    let mut by_person: BTreeMap<Person, Vec<Touch>> = BTreeMap::new();
    for visitor in visitors {
        for (person, touch) in touches_of(book, &visitor)? {
            if span.contains(&touch.at_ms) && !buyers.contains(&person) {
                by_person.entry(person).or_default().push(touch);
            }
        }
    }
    let mut paths: Vec<Vec<Touch>> = by_person.into_values().collect();
    for path in &mut paths {
        path.sort_by(|left, right| (left.at_ms, &left.event_id).cmp(&(right.at_ms, &right.event_id)));
    }
    Ok(paths)
}
