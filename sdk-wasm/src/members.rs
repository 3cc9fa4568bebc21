//! Objects on their way out, member by member: messages to the server, and answers to the page.
//!
//! `protocol::Event` and `protocol::Identify` say which members a message has, and the tests read every message by
//! them. Here members are set one by one, for a struct of twenty optional ones weighs as much as the rest of a file.

use crate::constant::Constant;
use crate::text::Text;

/// Any JSON value, an object to begin with.
pub(crate) trait Members: Copy {
    /// An object without members.
    fn object() -> Self;

    /// Sets a text, where it is not empty.
    fn text(self, name: Constant, text: Text);

    fn number(self, name: Constant, number: f64);

    fn value(self, name: Constant, value: Self);
}
