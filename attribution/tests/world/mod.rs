//! A world written down in a test: sessions and links, and questions about orders in it.
#![expect(dead_code, reason = "each test program uses its own part")]

use std::convert::Infallible;

use attribution::evidence::{
    CheckoutUrl, ConsideredTouch, CustomerKey, CustomerLink, Evidence, LeftOut, Trace, Window,
    World, trace,
};
use attribution::journey::{Identify, Session};
use attribution::model::{Model, Point, shares};
use attribution::money::{Currency, decimal, parse_major, split};
use attribution::source::{Entry, SiteHosts, campaign_of, fold};

pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    pub(crate) sessions: Vec<Session>,
    pub(crate) identifies: Vec<Identify>,
    pub(crate) payments: Vec<(CustomerKey, CustomerLink)>,
}

impl World for Known {
    type Error = Infallible;

    fn sessions_named(&self, session_id: &str) -> Result<Vec<Session>, Infallible> {
        Ok(self
            .sessions
            .iter()
            .filter(|session| session.id.as_deref() == Some(session_id))
            .cloned()
            .collect())
    }

    fn sessions_of(&self, visitor: &str) -> Result<Vec<Session>, Infallible> {
        Ok(self
            .sessions
            .iter()
            .filter(|session| session.visitor == visitor)
            .cloned()
            .collect())
    }

    fn identifies_of_visitor(&self, visitor: &str) -> Result<Vec<Identify>, Infallible> {
        Ok(self
            .identifies
            .iter()
            .filter(|link| link.visitor == visitor)
            .cloned()
            .collect())
    }

    fn identifies_of_user(&self, user: &str) -> Result<Vec<Identify>, Infallible> {
        Ok(self
            .identifies
            .iter()
            .filter(|link| link.user == user)
            .cloned()
            .collect())
    }

    fn identifies_of_email(&self, email_hash: &str) -> Result<Vec<Identify>, Infallible> {
        Ok(self
            .identifies
            .iter()
            .filter(|link| link.email_hash.as_deref() == Some(email_hash))
            .cloned()
            .collect())
    }

    fn visitors_of_customer(&self, key: &CustomerKey) -> Result<Vec<CustomerLink>, Infallible> {
        Ok(self
            .payments
            .iter()
            .filter(|(customer, _)| customer == key)
            .map(|(_, link)| link.clone())
            .collect())
    }
}

pub(crate) fn site() -> SiteHosts {
    SiteHosts::new("shop.example", ["alias.example"])
}

impl Known {
    /// A session of one page view: its query and referrer.
    pub(crate) fn session(
        mut self,
        visitor: &str,
        id: &str,
        at_ms: i64,
        query: &str,
        referrer: &str,
    ) -> Self {
        let says = campaign_of(query);
        let entry = Entry {
            at_ms,
            event_id: format!("event-{visitor}-{id}"),
            is_pageview: true,
            host: "shop.example".to_owned(),
            landing_page: "/".to_owned(),
            campaign: says.campaign,
            click_ids: says.click_ids,
            tags: says.tags,
            checkout_return: says.checkout_return,
            referrer: (!referrer.is_empty()).then(|| referrer.to_owned()),
            ..Entry::default()
        };
        let (visitor, id) = (visitor.to_owned(), Some(id.to_owned()));
        self.sessions.push(Session {
            visitor,
            id,
            last_at_ms: at_ms,
            checkout_started_ms: Vec::new(),
            entry,
        });
        self
    }

    /// Changes the session added last.
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Session)) -> Self {
        change(self.sessions.last_mut().unwrap());
        self
    }

    pub(crate) fn identify(mut self, visitor: &str, user: &str, at_ms: i64) -> Self {
        let event_id = format!("identify-{visitor}-{user}-{at_ms}");
        let (visitor, user) = (visitor.to_owned(), user.to_owned());
        self.identifies.push(Identify {
            at_ms,
            event_id,
            visitor,
            user,
            email_hash: None,
            signed: false,
        });
        self
    }

    pub(crate) fn signed(mut self) -> Self {
        self.identifies.last_mut().unwrap().signed = true;
        self
    }

    pub(crate) fn email(mut self, hash: &str) -> Self {
        self.identifies.last_mut().unwrap().email_hash = Some(hash.to_owned());
        self
    }

    pub(crate) fn paid(mut self, key: CustomerKey, visitor: &str, at_ms: i64) -> Self {
        self.payments.push((
            key,
            CustomerLink {
                visitor: visitor.to_owned(),
                at_ms,
            },
        ));
        self
    }

    pub(crate) fn trace(&self, evidence: &Evidence) -> Trace {
        self.trace_within(evidence, Window::Days(90))
    }

    pub(crate) fn trace_within(&self, evidence: &Evidence, window: Window) -> Trace {
        trace(evidence, self, &site(), window).unwrap()
    }
}

/// What a payment at a time knows, to be completed.
pub(crate) fn order(at_ms: i64) -> Evidence {
    Evidence {
        at_ms,
        event_id: "order".to_owned(),
        ..Evidence::default()
    }
}

pub(crate) trait Names: Sized {
    fn of_session(self, session: &str) -> Self;
    fn of_visitor(self, visitor: &str) -> Self;
    fn of_customer(self, customer: &str) -> Self;
    fn of_email(self, hash: &str) -> Self;
    fn of_user(self, user: &str) -> Self;
    fn with_url(self, query: &str) -> Self;
    fn as_purchase(self) -> Self;
}

impl Names for Evidence {
    fn of_session(self, session: &str) -> Self {
        Self {
            session_id: Some(session.to_owned()),
            ..self
        }
    }

    fn of_visitor(self, visitor: &str) -> Self {
        Self {
            visitor_id: Some(visitor.to_owned()),
            ..self
        }
    }

    fn of_customer(self, customer: &str) -> Self {
        Self {
            customer_ids: vec![customer.to_owned()],
            ..self
        }
    }

    fn of_email(self, hash: &str) -> Self {
        Self {
            email_hashes: vec![hash.to_owned()],
            ..self
        }
    }

    fn of_user(self, user: &str) -> Self {
        Self {
            user_ids: vec![user.to_owned()],
            ..self
        }
    }

    fn with_url(self, query: &str) -> Self {
        let url = CheckoutUrl {
            says: campaign_of(query),
            host: "shop.example".to_owned(),
            landing_page: "/checkout".to_owned(),
        };
        Self {
            url: Some(url),
            ..self
        }
    }

    fn as_purchase(self) -> Self {
        Self {
            is_purchase_event: true,
            ..self
        }
    }
}

/// The level, and each touch as `session:source` (the session `-` for an address's own), those left out with
/// their reason.
pub(crate) fn told(trace: &Trace) -> String {
    let touch = |considered: &ConsideredTouch| {
        let session = considered.touch.session.as_deref().unwrap_or("-");
        let source = &considered.touch.source.source;
        match considered.left_out {
            None => format!("{session}:{source}"),
            Some(reason) => format!("({session}:{source} {})", reason.name()),
        }
    };
    let touches: Vec<String> = trace.touches.iter().map(touch).collect();
    format!("{} {}", trace.level.name(), touches.join(" "))
        .trim_end()
        .to_owned()
}

pub(crate) fn check(trace: &Trace, expected: &str) {
    assert_eq!(told(trace), expected);
    for considered in &trace.touches {
        assert_eq!(considered.used, considered.left_out.is_none());
    }
    let decided: Vec<&str> = trace
        .levels
        .iter()
        .filter(|tried| tried.decided)
        .map(|tried| tried.level.name())
        .collect();
    let expected = if trace.level.name() == "unattributed" {
        vec![]
    } else {
        vec![trace.level.name()]
    };
    assert_eq!(decided, expected);
    assert!(
        trace
            .levels
            .iter()
            .all(|tried| tried.sentence().ends_with('.'))
    );
}

pub(crate) fn reasons(trace: &Trace) -> Vec<LeftOut> {
    trace
        .touches
        .iter()
        .filter_map(|considered| considered.left_out)
        .collect()
}

/// The dimension that shapley is asked for.
#[derive(Clone, Copy)]
pub(crate) enum Dimension {
    Channel,
    Source,
}

/// The credit of every touch used, as written.
pub(crate) fn credits(
    trace: &Trace,
    model: Model,
    amount: &str,
    code: &str,
    dimension: Dimension,
) -> Vec<String> {
    let currency = Currency::parse(code).unwrap();
    let total = parse_major(amount, currency).unwrap().minor;
    let values: Vec<String> = trace
        .journey()
        .map(|touch| match dimension {
            Dimension::Channel => touch.source.channel.name().to_owned(),
            Dimension::Source => fold(&touch.source.source),
        })
        .collect();
    let points: Vec<Point<'_>> = trace
        .journey()
        .zip(&values)
        .map(|(touch, value)| Point {
            at_ms: touch.at_ms,
            is_direct: touch.source.is_direct(),
            value,
        })
        .collect();
    let shares = shares(model, &points, trace.measured_at_ms);
    split(total, &shares)
        .into_iter()
        .map(|part| decimal(part, currency.exponent()))
        .collect()
}
