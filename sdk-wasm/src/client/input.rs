//! What happens to the machine.

use crate::pageview::Cause;
use crate::queue::Answer;
use crate::text::Text;

/// What `trackPurchase` was given. `revenue` is passed on as it is: the server reads it exactly.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Purchase<V> {
    pub(crate) order_id: Text,
    pub(crate) revenue: Option<V>,
    pub(crate) currency: Text,
}

/// One thing that happened.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Input<V> {
    /// The page is really there: loaded, or activated after prerendering.
    Begin,
    /// The address may have changed, or the document has come back.
    Moved(Cause),
    /// The site reports a page view, of an address of its own where it names one; else this is empty.
    Pageview(Text),
    Track(Text, Option<V>),
    Purchased(Purchase<V>),
    /// The visitor is the site's user `user_id`, with these traits.
    Identified(V),
    /// A link was followed; whether it is marked as a download.
    Followed(Text, bool),
    /// A form was sent: its name or id, and where it goes.
    Submitted(Text, Text),
    /// The page was scrolled to so many percent.
    Scrolled(f64),
    /// The visitor did something else.
    Active,
    Hidden,
    Shown,
    /// The network is back.
    Online,
    /// A time that was asked for has come.
    Woken,
    /// A request ended.
    Answered(i32, Answer),
    OptOut,
    OptIn,
    Consent(bool),
    /// Another tab changed the stored choice to this.
    Chosen(Text),
}
