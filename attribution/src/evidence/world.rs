//! What the chain asks of its caller: one site's sessions and the links between visitors, users and customers.

use crate::journey::{Identify, Session};

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
