//! Follows the chain: session, visitor, customer, url, the first that leaves a touch.

use std::collections::{BTreeMap, BTreeSet};

use super::people::{People, Person, Until};
use super::{
    CheckoutUrl, ConsideredTouch, CustomerKey, CustomerMatch, Evidence, Found, Level, LevelReason,
    LevelTried, Trace, Window, World,
};
use crate::journey::Identify;
use crate::source::{Entry, SiteHosts, classify, fold};
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
    let appended = try_url(
        url,
        evidence,
        site,
        deciding.as_ref().map(|(_, touches)| touches.as_slice()),
    );
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

const fn not_needed(level: Level) -> LevelTried {
    LevelTried {
        level,
        holds: false,
        decided: false,
        looked_for: Vec::new(),
        found: Vec::new(),
        reason: LevelReason::NotNeeded,
    }
}

fn try_level<W: World>(
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
    Ok(touches)
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
        (
            is_of_another(&session.visitor),
            session.entry.at_ms,
            &session.entry.event_id,
            &session.visitor,
        )
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
        tried.reason = if history.is_known {
            LevelReason::NoSessionBefore
        } else {
            LevelReason::NotKnown
        };
        let alone = Person {
            visitors: BTreeSet::from([visitor.clone()]),
            users: None,
        };
        return people.consider(&alone, Until::Payment);
    };
    let user = history.user.clone();
    tried.found.push(Found {
        visitor: visitor.clone(),
        session: None,
        user,
        by: None,
        at_ms: last_entry_ms,
    });
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
    let named = |kind, values: &[String]| {
        values
            .iter()
            .map(|value| (kind, value.clone()))
            .collect::<Vec<_>>()
    };
    tried.looked_for = named("customer_id", &evidence.customer_ids);
    tried
        .looked_for
        .extend(named("email_hash", &evidence.email_hashes));
    tried
        .looked_for
        .extend(named("user_id", &evidence.user_ids));
    tried.reason = if tried.looked_for.is_empty() {
        LevelReason::NothingGiven
    } else {
        LevelReason::NotKnown
    };
    let mut looked_at = Vec::new();
    for by in CustomerMatch::ORDER {
        let keys = match by {
            CustomerMatch::CustomerId => &evidence.customer_ids,
            CustomerMatch::PaymentEmail
            | CustomerMatch::SignedEmail
            | CustomerMatch::UnsignedEmail => &evidence.email_hashes,
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

/// The person that one key names by one kind of link, and the links at or before the order's time.
fn linked<W: World>(
    by: CustomerMatch,
    key: &str,
    people: &People<'_, W>,
) -> Result<(Person, Vec<Found>), W::Error> {
    let world = people.world;
    let by_payment = |key| {
        Ok((
            None,
            people
                .payments_in_time(world.visitors_of_customer(&key)?)
                .into_iter()
                .map(|link| (link.visitor, None, link.at_ms))
                .collect(),
        ))
    };
    let by_identify = |identifies: Vec<Identify>, is_signed| {
        let links: Vec<Identify> = people
            .in_time(identifies)
            .into_iter()
            .filter(|link| link.signed == is_signed)
            .collect();
        let users: BTreeSet<String> = links.iter().map(|link| link.user.clone()).collect();
        (
            Some(users),
            links
                .into_iter()
                .map(|link| (link.visitor, Some(link.user), link.at_ms))
                .collect(),
        )
    };
    let (users, links): (Option<BTreeSet<String>>, Vec<(String, Option<String>, i64)>) = match by {
        CustomerMatch::CustomerId => by_payment(CustomerKey::Id(key.to_owned()))?,
        CustomerMatch::PaymentEmail => by_payment(CustomerKey::EmailHash(key.to_owned()))?,
        CustomerMatch::SignedUser => by_identify(world.identifies_of_user(key)?, true),
        CustomerMatch::SignedEmail => by_identify(world.identifies_of_email(key)?, true),
        CustomerMatch::UnsignedUser => by_identify(world.identifies_of_user(key)?, false),
        CustomerMatch::UnsignedEmail => by_identify(world.identifies_of_email(key)?, false),
    };
    let mut first_links: BTreeMap<(String, Option<String>), i64> = BTreeMap::new();
    for (visitor, user, at_ms) in links {
        let first = first_links.entry((visitor, user)).or_insert(at_ms);
        *first = at_ms.min(*first);
    }
    let visitors = first_links
        .keys()
        .map(|(visitor, _)| visitor.clone())
        .collect();
    let found = first_links
        .into_iter()
        .map(|((visitor, user), at_ms)| Found {
            visitor,
            session: None,
            user,
            by: Some(by),
            at_ms,
        });
    Ok((Person { visitors, users }, found.collect()))
}

/// Level 4, and the campaign that a purchase brings along: the touch that the payment's own address makes.
fn try_url(
    tried: &mut LevelTried,
    evidence: &Evidence,
    site: &SiteHosts,
    journey: Option<&[ConsideredTouch]>,
) -> Option<Touch> {
    if journey.is_some() && !evidence.is_purchase_event {
        return None;
    }
    let Some(url) = &evidence.url else {
        tried.reason = LevelReason::NothingGiven;
        return None;
    };
    tried.looked_for = named_by(url);
    let last = journey.and_then(|touches| {
        touches
            .iter()
            .filter(|considered| considered.used)
            .map(|considered| &considered.touch)
            .max_by_key(|touch| touch.place())
    });
    let (speaks, reason) = match last {
        Some(last) if url.says.has_campaign() && is_carried(url, last) => {
            (false, LevelReason::AlreadyCarried)
        }
        Some(_) if url.says.has_campaign() => (true, LevelReason::Appended),
        None if url.says.names_source() => (true, LevelReason::Holds),
        _ => (false, LevelReason::NothingGiven),
    };
    tried.reason = reason;
    tried.holds = speaks;
    speaks.then(|| touch_of(url, evidence, site))
}

fn named_by(url: &CheckoutUrl) -> Vec<(&'static str, String)> {
    let campaign = url
        .says
        .campaign
        .parameters()
        .map(|(name, value)| format!("{name}={value}"));
    let click_ids = url
        .says
        .click_ids
        .iter()
        .map(|(name, value)| format!("{name}={value}"));
    let tags = &url.says.tags;
    let tags = [
        ("ref", &tags.reference),
        ("source", &tags.source),
        ("via", &tags.via),
    ];
    let tags = tags
        .into_iter()
        .filter_map(|(name, value)| value.as_ref().map(|value| format!("{name}={value}")));
    campaign
        .chain(click_ids)
        .chain(tags)
        .map(|parameter| ("url", parameter))
        .collect()
}

/// Whether every campaign parameter and click id of the address has the same folded value in the touch.
fn is_carried(url: &CheckoutUrl, touch: &Touch) -> bool {
    let has_parameter = |(name, value): (&str, &str)| {
        touch
            .campaign
            .parameters()
            .any(|(other, carried)| other == name && fold(carried) == fold(value))
    };
    let has_click_id = |(name, value): &(String, String)| {
        touch.click_ids.iter().any(|(other, carried)| {
            other.eq_ignore_ascii_case(name) && fold(carried) == fold(value)
        })
    };
    url.says.campaign.parameters().all(has_parameter) && url.says.click_ids.iter().all(has_click_id)
}

fn touch_of(url: &CheckoutUrl, evidence: &Evidence, site: &SiteHosts) -> Touch {
    let entry = Entry {
        at_ms: evidence.at_ms,
        event_id: evidence.event_id.clone(),
        is_pageview: true,
        host: url.host.clone(),
        landing_page: url.landing_page.clone(),
        campaign: url.says.campaign.clone(),
        click_ids: url.says.click_ids.clone(),
        tags: url.says.tags.clone(),
        ..Entry::default()
    };
    Touch {
        at_ms: entry.at_ms,
        source: classify(&entry, site).source,
        event_id: entry.event_id,
        visitor: evidence.visitor_id.clone(),
        session: None,
        campaign: entry.campaign,
        click_ids: entry.click_ids,
        referrer: None,
        landing_page: entry.landing_page,
        country: None,
        device: None,
        browser: None,
        os: None,
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
        if !touches
            .iter()
            .any(|listed| listed.touch.place() == considered.touch.place())
        {
            touches.push(considered);
        }
    }
    touches.sort_by(|left, right| left.touch.place().cmp(&right.touch.place()));
    if let Some(touch) = appended {
        let at_ms = touch.at_ms;
        let after_journey = touches
            .iter()
            .rposition(|considered| considered.used)
            .map_or(0, |last| last.saturating_add(1));
        let after_earlier = touches.partition_point(|considered| considered.touch.at_ms <= at_ms);
        touches.insert(
            after_journey.max(after_earlier),
            ConsideredTouch {
                touch,
                used: true,
                left_out: None,
            },
        );
    }
    touches
}
