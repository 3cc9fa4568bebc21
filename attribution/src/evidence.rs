//! The four-level chain: what a payment knows about itself, whose journey that makes it, and why.

mod chain;
mod people;
mod sentence;

pub use chain::trace;

use crate::journey::{Identify, Session};
use crate::source::UrlEvidence;
use crate::touch::Touch;

/// A day of the lookback window.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The address that came with a payment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckoutUrl {
    /// What its query says.
    pub says: UrlEvidence,
    /// Its host.
    pub host: String,
    /// Its path.
    pub landing_page: String,
}

/// What a payment knows about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The order's time: the provider's time of payment.
    pub at_ms: i64,
    /// The order's id or its event's id; the tie-breaker of a touch made from its address.
    pub event_id: String,
    /// `engagetrack_session_id`.
    pub session_id: Option<String>,
    /// `engagetrack_visitor_id` or the provider's own reference field.
    pub visitor_id: Option<String>,
    /// Customer ids, looked up among those that payments linked to visitors.
    pub customer_ids: Vec<String>,
    /// Keyed hashes of e-mails, looked up among payments and identified users.
    pub email_hashes: Vec<String>,
    /// User ids, looked up among identified users (the `customer_id` of one's own orders goes here too).
    pub user_ids: Vec<String>,
    /// The address that came with it.
    pub url: Option<CheckoutUrl>,
    /// Whether it came as a purchase event, so that its own campaign is appended to the journey.
    pub is_purchase_event: bool,
}

/// What payments link visitors by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CustomerKey {
    /// A provider's customer id.
    Id(String),
    /// The keyed hash of an e-mail.
    EmailHash(String),
}

/// A payment's link between a customer and the visitor it named.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CustomerLink {
    /// The visitor.
    pub visitor: String,
    /// The payment's time.
    pub at_ms: i64,
}

/// The world as the caller knows it: one site's sessions and links. Answers may come in any order and
/// may reach past the order's time; the chain looks at times itself.
pub trait World {
    /// What may go wrong in looking up.
    type Error;
    /// The sessions with this id, of whichever visitors.
    fn sessions_named(&self, session_id: &str) -> Result<Vec<Session>, Self::Error>;
    /// All sessions of a visitor.
    fn sessions_of(&self, visitor: &str) -> Result<Vec<Session>, Self::Error>;
    /// All identifies of a visitor.
    fn identifies_of_visitor(&self, visitor: &str) -> Result<Vec<Identify>, Self::Error>;
    /// All identifies as this user, of whichever visitors.
    fn identifies_of_user(&self, user: &str) -> Result<Vec<Identify>, Self::Error>;
    /// All identifies that came with this e-mail.
    fn identifies_of_email(&self, email_hash: &str) -> Result<Vec<Identify>, Self::Error>;
    /// The visitors that payments linked to this customer.
    fn visitors_of_customer(&self, key: &CustomerKey) -> Result<Vec<CustomerLink>, Self::Error>;
}

/// How far back a journey reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// So many times 24 hours before the order, inclusive.
    Days(u32),
    /// To the beginning.
    Unlimited,
}

/// The level of the chain that tied a payment to its journey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Its session id.
    Session,
    /// Its visitor id.
    Visitor,
    /// Its customer, e-mail or user.
    Customer,
    /// Its own address.
    Url,
    /// None.
    Unattributed,
}

/// Why a touch that was looked at got nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeftOut {
    /// It came after the payment.
    AfterPayment,
    /// It came before the payment but after the session that the payment names.
    AfterNamedSession,
    /// It came before the lookback window.
    OutsideWindow,
    /// Its session belongs to somebody else.
    OtherPerson,
    /// It came after the first order, whose journey a renewal inherits.
    AfterFirstOrder,
}

/// By which kind of link level 3 found visitors, in the order in which they are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CustomerMatch {
    /// The customer id, linked by a payment.
    CustomerId,
    /// The e-mail, linked by a payment.
    PaymentEmail,
    /// The user id, by a signed identify.
    SignedUser,
    /// The e-mail, by a signed identify.
    SignedEmail,
    /// The user id, by an unsigned identify.
    UnsignedUser,
    /// The e-mail, by an unsigned identify.
    UnsignedEmail,
}

/// What a level found for what the payment names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The visitor that was found.
    pub visitor: String,
    /// The session that was named, at level 1.
    pub session: Option<String>,
    /// The user that the visitor belongs to at the order's time, or that the key named.
    pub user: Option<String>,
    /// By which link, at level 3.
    pub by: Option<CustomerMatch>,
    /// Event time of the session's entry (1), of the visitor's last session before the payment (2) or of the link (3).
    pub at_ms: i64,
}

/// Why a level holds or does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LevelReason {
    /// It leaves a touch inside the window.
    Holds,
    /// The purchase's own campaign was appended to the journey that a level before it found.
    Appended,
    /// A level before it decided, so it was not looked at.
    NotNeeded,
    /// The payment says nothing that this level could look for.
    NothingGiven,
    /// What the payment names is not known here.
    NotKnown,
    /// The visitor has no session that began at or before the payment.
    NoSessionBefore,
    /// All that was found was left out: after the payment, outside the window or somebody else's.
    NoTouchLeft,
    /// The purchase's own campaign is the one that the journey's last touch carries already.
    AlreadyCarried,
}

/// One level of the chain as it was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelTried {
    /// Which level.
    pub level: Level,
    /// Whether it leaves a touch inside the window.
    pub holds: bool,
    /// Whether it is the level of the order.
    pub decided: bool,
    /// What was looked for: the kind (`session_id`, `visitor_id`, `customer_id`, `email_hash`, `user_id`, `url`) and the value.
    pub looked_for: Vec<(&'static str, String)>,
    /// What was found.
    pub found: Vec<Found>,
    /// Why.
    pub reason: LevelReason,
}

/// A touch that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsideredTouch {
    /// The touch.
    pub touch: Touch,
    /// Whether it is part of the journey.
    pub used: bool,
    /// Why it is not.
    pub left_out: Option<LeftOut>,
}

/// How an order was tied to its journey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The level shown.
    pub level: Level,
    /// Every level in turn: session, visitor, customer, url.
    pub levels: [LevelTried; 4],
    /// Every touch that was looked at, in time order.
    pub touches: Vec<ConsideredTouch>,
    /// The time from which the window and time decay are measured: the order's, or the first order's for a renewal.
    pub measured_at_ms: i64,
    /// The order whose journey a renewal inherits.
    pub inherited_from: Option<String>,
}

impl Trace {
    /// The journey: the touches used, in order.
    pub fn journey(&self) -> impl Iterator<Item = &Touch> {
        self.touches
            .iter()
            .filter(|considered| considered.used)
            .map(|considered| &considered.touch)
    }

    /// The trace of a renewal, made from that of the first order: the same journey, measured from the
    /// first order's time; touches between the two orders are left out as *after the first order*.
    #[must_use]
    pub fn inherited(self, first_order_id: &str, renewal_at_ms: i64) -> Self {
        let relabelled = |considered: ConsideredTouch| {
            let is_between = considered.left_out == Some(LeftOut::AfterPayment)
                && considered.touch.at_ms <= renewal_at_ms;
            let left_out = if is_between {
                Some(LeftOut::AfterFirstOrder)
            } else {
                considered.left_out
            };
            ConsideredTouch {
                left_out,
                ..considered
            }
        };
        Self {
            touches: self.touches.into_iter().map(relabelled).collect(),
            inherited_from: Some(first_order_id.to_owned()),
            ..self
        }
    }
}

impl Window {
    /// The first moment inside the window of an order; `None` where it has no beginning.
    pub fn starts_ms(self, order_at_ms: i64) -> Option<i64> {
        match self {
            Self::Days(days) => {
                Some(order_at_ms.saturating_sub(i64::from(days).saturating_mul(DAY_MS)))
            }
            Self::Unlimited => None,
        }
    }
}

impl Level {
    /// Every level, in the order in which they are tried, and none.
    pub const ALL: [Self; 5] = [
        Self::Session,
        Self::Visitor,
        Self::Customer,
        Self::Url,
        Self::Unattributed,
    ];

    /// The level of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }

    /// The name in answers: `session`, `visitor`, `customer`, `url`, `unattributed`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Visitor => "visitor",
            Self::Customer => "customer",
            Self::Url => "url",
            Self::Unattributed => "unattributed",
        }
    }
}

impl CustomerMatch {
    /// Every kind of link, in the order in which they are tried.
    pub const ORDER: [Self; 6] = [
        Self::CustomerId,
        Self::PaymentEmail,
        Self::SignedUser,
        Self::SignedEmail,
        Self::UnsignedUser,
        Self::UnsignedEmail,
    ];
}

impl LeftOut {
    /// The name in answers, as in `after_payment`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AfterPayment => "after_payment",
            Self::AfterNamedSession => "after_named_session",
            Self::OutsideWindow => "outside_window",
            Self::OtherPerson => "other_person",
            Self::AfterFirstOrder => "after_first_order",
        }
    }
}
