//! The three levels that find a journey: by session, by visitor, by customer.

use std::collections::{BTreeMap, BTreeSet};

use super::people::{People, Person, Until};
use super::{
    ConsideredTouch, CustomerKey, CustomerMatch, Evidence, Found, Level, LevelReason, LevelTried, World,
};
use crate::journey::Identify;
use crate::touch::Touch;

/// Tries one of the first three levels: says so in `tried`, and gives every touch that it looked at.
pub(super) fn try_level<W: World>(
    tried: &mut LevelTried,
    evidence: &Evidence,
    people: &mut People<'_, W>,
) -> Result<Vec<ConsideredTouch>, W::Error> {
    let touches = match tried.level {
        Level::Session => by_session(tried, evidence, people)?,
        Level::Visitor => by_visitor(tried, evidence, people)?,
        Level::Customer => by_customer(tried, evidence, people)?,
        Level::Url | Level::Unattributed => Vec::new(),
    };
    tried.holds = tried.reason == LevelReason::Holds;
    tried.touch = last_used(&touches).cloned();
    Ok(touches)
}

/// The last touch of those that are used.
pub(super) fn last_used(touches: &[ConsideredTouch]) -> Option<&Touch> {
    touches
        .iter()
        .filter(|considered| considered.used)
        .map(|considered| &considered.touch)
        .max_by_key(|touch| touch.place())
}

fn verdict(touches: &[ConsideredTouch]) -> LevelReason {
    if touches.iter().any(|considered| considered.used) {
        LevelReason::Holds
    } else {
        LevelReason::NoTouchLeft
    }
}

/// Level 1: the session that the payment names, the named visitor's where several visitors share its id.
fn by_session<W: World>(
    tried: &mut LevelTried,
    evidence: &Evidence,
    people: &mut People<'_, W>,
) -> Result<Vec<ConsideredTouch>, W::Error> {
    let Some(session_id) = &evidence.session_id else {
        tried.reason = LevelReason::NothingGiven;
        return Ok(Vec::new());
    };
    tried.looked_for.push(("session_id", session_id.clone()));
    let sessions = people.world.sessions_named(session_id)?;
    let is_of_another = |visitor: &String| evidence.visitor_id.as_ref() != Some(visitor);
    let named = sessions.iter().min_by_key(|session| {
        (is_of_another(&session.visitor), session.entry.at_ms, &session.entry.event_id, &session.visitor)
    });
    let Some(session) = named else {
        tried.reason = LevelReason::NotKnown;
        return Ok(Vec::new());
    };
    let person = people.person_of(&session.visitor)?;
    tried.found.push(Found {
        visitor: session.visitor.clone(),
        session: session.id.clone(),
        user: people.history(&session.visitor)?.user.clone(),
        by: None,
        at_ms: session.entry.at_ms,
    });
    let touches = people.consider(&person, Until::Session(session))?;
    tried.reason = verdict(&touches);
    Ok(touches)
}

/// Level 2: the visitor that the payment names, with a session that began at or before it.
fn by_visitor<W: World>(
    tried: &mut LevelTried,
    evidence: &Evidence,
    people: &mut People<'_, W>,
) -> Result<Vec<ConsideredTouch>, W::Error> {
    let Some(visitor) = &evidence.visitor_id else {
        tried.reason = LevelReason::NothingGiven;
        return Ok(Vec::new());
    };
    tried.looked_for.push(("visitor_id", visitor.clone()));
    let history = people.history(visitor)?;
    let Some(last_entry_ms) = history.last_entry_ms else {
        tried.reason = if history.is_known { LevelReason::NoSessionBefore } else { LevelReason::NotKnown };
        let alone = Person { visitors: BTreeSet::from([visitor.clone()]), users: None };
        return people.consider(&alone, Until::Payment);
    };
    let user = history.user.clone();
    tried.found.push(Found { visitor: visitor.clone(), session: None, user, by: None, at_ms: last_entry_ms });
    let person = people.person_of(visitor)?;
    let touches = people.consider(&person, Until::Payment)?;
    tried.reason = verdict(&touches);
    Ok(touches)
}

/// Level 3: the first link that yields a touch, by payments before identifies, signed before unsigned.
fn by_customer<W: World>(
    tried: &mut LevelTried,
    evidence: &Evidence,
    people: &mut People<'_, W>,
) -> Result<Vec<ConsideredTouch>, W::Error> {
    let named =
        |kind, values: &[String]| values.iter().map(|value| (kind, value.clone())).collect::<Vec<_>>();
    tried.looked_for = named("customer_id", &evidence.customer_ids);
    tried.looked_for.extend(named("email_hash", &evidence.email_hashes));
    tried.looked_for.extend(named("user_id", &evidence.user_ids));
    tried.reason =
        if tried.looked_for.is_empty() { LevelReason::NothingGiven } else { LevelReason::NotKnown };
    let mut looked_at = Vec::new();
    for by in CustomerMatch::ORDER {
        let keys = match by {
            CustomerMatch::CustomerId => &evidence.customer_ids,
            CustomerMatch::PaymentEmail | CustomerMatch::SignedEmail | CustomerMatch::UnsignedEmail => {
                &evidence.email_hashes
            }
            CustomerMatch::SignedUser | CustomerMatch::UnsignedUser => &evidence.user_ids,
        };
        for key in keys {
            let (person, found) = linked(by, key, people)?;
            if found.is_empty() {
                continue;
            }
            let touches = people.consider(&person, Until::Payment)?;
            tried.reason = verdict(&touches);
            if tried.reason == LevelReason::Holds {
                tried.found = found;
                looked_at.retain(|earlier: &ConsideredTouch| {
                    !touches.iter().any(|touch| touch.touch == earlier.touch)
                });
                looked_at.extend(touches);
                return Ok(looked_at);
            }
            tried.found.extend(found);
            looked_at.extend(touches);
        }
    }
    Ok(looked_at)
}

/// The links that one key has by one kind of link, at or before the order's time.
struct Links {
    /// Visitor, user where an identify made the link, and when.
    links: Vec<(String, Option<String>, i64)>,
    /// The users whose sessions count; `None` where all of the visitors' do.
    users: Option<BTreeSet<String>>,
}

impl Links {
    fn by_payment<W: World>(key: &CustomerKey, people: &People<'_, W>) -> Result<Self, W::Error> {
        let links = people.payments_in_time(people.world.visitors_of_customer(key)?);
        Ok(Self {
            links: links.into_iter().map(|link| (link.visitor, None, link.at_ms)).collect(),
            users: None,
        })
    }

    fn by_identify<W: World>(identifies: Vec<Identify>, is_signed: bool, people: &People<'_, W>) -> Self {
        let links = people.in_time(identifies).into_iter().filter(|link| link.signed == is_signed);
        let links: Vec<_> = links.map(|link| (link.visitor, Some(link.user), link.at_ms)).collect();
        let users = Some(links.iter().filter_map(|(_, user, _)| user.clone()).collect());
        Self { links, users }
    }
}

/// The person that one key names by one kind of link, and the links themselves.
fn linked<W: World>(
    by: CustomerMatch,
    key: &str,
    people: &People<'_, W>,
) -> Result<(Person, Vec<Found>), W::Error> {
    let world = people.world;
    let Links { links, users } = match by {
        CustomerMatch::CustomerId => Links::by_payment(&CustomerKey::Id(key.to_owned()), people)?,
        CustomerMatch::PaymentEmail => Links::by_payment(&CustomerKey::EmailHash(key.to_owned()), people)?,
        CustomerMatch::SignedUser => Links::by_identify(world.identifies_of_user(key)?, true, people),
        CustomerMatch::SignedEmail => Links::by_identify(world.identifies_of_email(key)?, true, people),
        CustomerMatch::UnsignedUser => Links::by_identify(world.identifies_of_user(key)?, false, people),
        CustomerMatch::UnsignedEmail => Links::by_identify(world.identifies_of_email(key)?, false, people),
    };
    let mut first_links: BTreeMap<(String, Option<String>), i64> = BTreeMap::new();
    for (visitor, user, at_ms) in links {
        let first = first_links.entry((visitor, user)).or_insert(at_ms);
        *first = at_ms.min(*first);
    }
    let visitors = first_links.keys().map(|(visitor, _)| visitor.clone()).collect();
    let found = |((visitor, user), at_ms)| Found { visitor, session: None, user, by: Some(by), at_ms };
    Ok((Person { visitors, users }, first_links.into_iter().map(found).collect()))
}
