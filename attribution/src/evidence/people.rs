//! Whose touches a level looks at: the histories of visitors, and who is one person with whom.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::{ConsideredTouch, CustomerLink, LeftOut, Window, World};
use crate::journey::{Identify, Session, owners, user_at, visits};
use crate::source::SiteHosts;
use crate::touch::Touch;

/// What is known of one visitor: the touches, and the user that each belongs to.
pub(super) struct History {
    touches: Vec<(Touch, Option<String>)>,
    /// When the visitor's last session began that did so at or before the order.
    pub(super) last_entry_ms: Option<i64>,
    /// Whether any session is known.
    pub(super) is_known: bool,
    /// The user that the visitor belongs to at the order's time.
    pub(super) user: Option<String>,
}

/// The visitors whose touches are one journey.
pub(super) struct Person {
    /// The visitors.
    pub(super) visitors: BTreeSet<String>,
    /// The users whose sessions count; `None` where all do.
    pub(super) users: Option<BTreeSet<String>>,
}

/// Up to which moment touches count.
#[derive(Clone, Copy)]
pub(super) enum Until<'a> {
    /// Up to the payment.
    Payment,
    /// Up to the entry of the session that the payment names, whatever the clocks say.
    Session(&'a Session),
}

/// Looks histories up, each visitor's once.
pub(super) struct People<'w, W> {
    pub(super) world: &'w W,
    site: &'w SiteHosts,
    pub(super) order_at_ms: i64,
    window_from_ms: Option<i64>,
    histories: BTreeMap<String, Rc<History>>,
}

impl<'w, W: World> People<'w, W> {
    pub(super) fn new(world: &'w W, site: &'w SiteHosts, order_at_ms: i64, window: Window) -> Self {
        let window_from_ms = window.starts_ms(order_at_ms);
        Self {
            world,
            site,
            order_at_ms,
            window_from_ms,
            histories: BTreeMap::new(),
        }
    }

    pub(super) fn history(&mut self, visitor: &str) -> Result<Rc<History>, W::Error> {
        if let Some(history) = self.histories.get(visitor) {
            return Ok(Rc::clone(history));
        }
        let sessions = self.world.sessions_of(visitor)?;
        let identifies = self.world.identifies_of_visitor(visitor)?;
        let owners = owners(&sessions, &identifies, self.order_at_ms);
        let visits = visits(&sessions, self.site);
        let entries = sessions.iter().map(|session| session.entry.at_ms);
        let history = Rc::new(History {
            last_entry_ms: entries.filter(|at_ms| *at_ms <= self.order_at_ms).max(),
            is_known: !sessions.is_empty(),
            user: user_at(&identifies, self.order_at_ms),
            touches: std::iter::zip(visits, owners)
                .filter(|(visit, _)| visit.continues.is_none())
                .map(|(visit, owner)| (visit.touch, owner))
                .collect(),
        });
        self.histories
            .insert(visitor.to_owned(), Rc::clone(&history));
        Ok(history)
    }

    /// The person that a visitor belongs to at the order's time; the visitor alone where nobody was identified.
    pub(super) fn person_of(&mut self, visitor: &str) -> Result<Person, W::Error> {
        let mut visitors = BTreeSet::from([visitor.to_owned()]);
        let Some(user) = self.history(visitor)?.user.clone() else {
            return Ok(Person {
                visitors,
                users: None,
            });
        };
        let links = self.in_time(self.world.identifies_of_user(&user)?);
        visitors.extend(links.into_iter().map(|link| link.visitor));
        Ok(Person {
            visitors,
            users: Some(BTreeSet::from([user])),
        })
    }

    /// The identifies at or before the order's time.
    pub(super) fn in_time(&self, identifies: Vec<Identify>) -> Vec<Identify> {
        identifies
            .into_iter()
            .filter(|link| link.at_ms <= self.order_at_ms)
            .collect()
    }

    /// The links of payments at or before the order's time.
    pub(super) fn payments_in_time(&self, links: Vec<CustomerLink>) -> Vec<CustomerLink> {
        links
            .into_iter()
            .filter(|link| link.at_ms <= self.order_at_ms)
            .collect()
    }

    /// Every touch of the person's visitors, used or left out for a reason.
    pub(super) fn consider(
        &mut self,
        person: &Person,
        until: Until<'_>,
    ) -> Result<Vec<ConsideredTouch>, W::Error> {
        let mut considered = Vec::new();
        for visitor in &person.visitors {
            let history = self.history(visitor)?;
            for (touch, owner) in &history.touches {
                let is_theirs = person
                    .users
                    .as_ref()
                    .is_none_or(|users| owner.as_ref().is_some_and(|owner| users.contains(owner)));
                let left_out = self
                    .left_out(touch, until)
                    .or((!is_theirs).then_some(LeftOut::OtherPerson));
                considered.push(ConsideredTouch {
                    touch: touch.clone(),
                    used: left_out.is_none(),
                    left_out,
                });
            }
        }
        Ok(considered)
    }

    fn left_out(&self, touch: &Touch, until: Until<'_>) -> Option<LeftOut> {
        let is_after_payment = touch.at_ms > self.order_at_ms;
        let too_late = match until {
            Until::Payment => is_after_payment,
            Until::Session(session) => {
                let entry = &session.entry;
                (touch.at_ms, &touch.event_id) > (entry.at_ms, &entry.event_id)
            }
        };
        if too_late {
            return Some(if is_after_payment {
                LeftOut::AfterPayment
            } else {
                LeftOut::AfterNamedSession
            });
        }
        self.window_from_ms
            .is_some_and(|from| touch.at_ms < from)
            .then_some(LeftOut::OutsideWindow)
    }
}
