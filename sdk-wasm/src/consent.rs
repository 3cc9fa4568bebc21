//! Whether anything may be collected: the visitor's choice, the site's demand for consent, signals and places.

use crate::config::{Config, Surroundings, switch};
use crate::constant::Constant;
use crate::text::Text;

/// What is done with what happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Collection {
    /// It is sent.
    Active,
    /// It is held in memory until there is consent; nothing is stored.
    Waiting,
    /// A page of the developer's own machine: ids as usual, nothing is sent.
    Silent,
    /// Nothing is kept, nothing is sent.
    Stopped,
}

/// The visitor's stored refusal.
pub(crate) const REFUSED: Constant = c"refused";
/// The visitor's stored consent.
pub(crate) const GRANTED: Constant = c"granted";

/// Hosts of the developer's own machine; pages without a host are files.
const LOCAL: Constant = cr"^$|^(.*\.)?localhost$|^127\.|^\[::1\]$";

/// What to do on this page, given the choice that is stored.
pub(crate) fn collection(config: &Config, surroundings: &Surroundings, choice: Text) -> Collection {
    let is_signalled =
        config.has(switch::GPC) && surroundings.gpc || config.has(switch::DNT) && surroundings.dnt;
    if choice.is(REFUSED) || is_signalled {
        Collection::Stopped
    } else if !config.has(switch::LOCALHOST) && surroundings.host.matches(LOCAL) {
        Collection::Silent
    } else if config.has(switch::CONSENT) && !choice.is(GRANTED) {
        Collection::Waiting
    } else {
        Collection::Active
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strictest_wish_wins() {
        let check = |host: &str, gpc: bool, choice: &str, change: fn(&mut Config), expected: Collection| {
            let mut config = Config::default();
            change(&mut config);
            let surroundings = Surroundings { host: host.into(), gpc, ..Surroundings::default() };
            assert_eq!(collection(&config, &surroundings, choice.into()), expected, "{host} {gpc} {choice}");
        };
        check("a.example", false, "", |_| (), Collection::Active);
        check("a.example", true, "", |_| (), Collection::Active);
        check("a.example", true, "", |config| config.switch(switch::GPC, true), Collection::Stopped);
        check("a.example", true, "", |config| config.switch(switch::DNT, true), Collection::Active);
        check("a.example", false, "refused", |_| (), Collection::Stopped);
        check("a.example", false, "", |config| config.switch(switch::CONSENT, true), Collection::Waiting);
        check(
            "a.example",
            false,
            "granted",
            |config| config.switch(switch::CONSENT, true),
            Collection::Active,
        );
        for host in ["localhost", "app.localhost", "127.0.0.1", "[::1]", ""] {
            check(host, false, "", |_| (), Collection::Silent);
            check(host, false, "", |config| config.switch(switch::LOCALHOST, true), Collection::Active);
        }
        check("localhost.example", false, "", |_| (), Collection::Active);
    }
}
