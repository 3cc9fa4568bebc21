//! What the machine asks of the browser.

use crate::constant::Constant;
use crate::queue::Batch;
use crate::text::Text;

/// A place in the browser's storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    Visitor,
    Session,
    SessionState,
    First,
    Queue,
    Choice,
}

impl Slot {
    /// What is kept of a visitor.
    pub(crate) const OF_VISITOR: [Self; 4] = [Self::Visitor, Self::Session, Self::SessionState, Self::First];
}

/// How a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// With an answer.
    Fetch,
    /// Without one, by a browser that will outlive the page.
    Beacon,
}

/// One thing to do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Effect {
    /// Let a place in storage hold a text; an empty one is removed, and with [`Slot::Queue`] go all entries then.
    Store(Slot, Text),
    /// Store an entry of the queue under its id; an empty one is removed.
    StoreEntry(Text, Text),
    /// Send a request to an address.
    Send(Target, Text, Batch),
    /// Come back with [`super::Input::Woken`] after so many milliseconds.
    Wake(f64),
    /// Show another address for this page.
    Address(Text),
    /// Say something to the developer.
    Warn(Constant),
}
