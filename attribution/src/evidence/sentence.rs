//! Says in a sentence why a level of the chain holds or does not.

use super::{CustomerMatch, Found, Level, LevelReason, LevelTried};

impl LevelTried {
    /// One sentence that says why the level holds or does not.
    pub fn sentence(&self) -> String {
        match self.reason {
            LevelReason::Holds => self.what_matched(),
            LevelReason::Appended => {
                "The purchase's own address carries a campaign, which is appended to the journey.".to_owned()
            }
            LevelReason::NotNeeded => "Not looked at, because a level before it decided.".to_owned(),
            LevelReason::NothingGiven => self.what_is_not_given().to_owned(),
            LevelReason::NotKnown => format!("Nothing is known here under {}.", self.what_was_looked_for()),
            LevelReason::NoSessionBefore => {
                format!("The visitor with {} has no session that began at or before the payment.", self.what_was_looked_for())
            }
            LevelReason::NoTouchLeft => {
                format!("{} Every touch found by it is left out, so the next level is tried.", self.what_matched())
            }
            LevelReason::AlreadyCarried => {
                "The purchase's own campaign is that of the journey's last touch, so nothing is appended.".to_owned()
            }
        }
    }

    fn what_matched(&self) -> String {
        let user = |found: &Found| match &found.user {
            Some(user) => format!(", user {user} at the time of the order"),
            None => String::new(),
        };
        match (self.level, self.found.first()) {
            (Level::Session, Some(found)) => {
                let session = found.session.as_deref().unwrap_or_default();
                format!(
                    "Session {session} is one of visitor {}{}.",
                    found.visitor,
                    user(found)
                )
            }
            (Level::Visitor, Some(found)) => {
                format!("Visitor {} is known{}.", found.visitor, user(found))
            }
            (Level::Customer, Some(found)) => {
                let link = found.by.map_or("a link", CustomerMatch::describe);
                let visitors: Vec<&str> = self
                    .found
                    .iter()
                    .map(|found| found.visitor.as_str())
                    .collect();
                format!("Tied to visitor {} by {link}.", visitors.join(", "))
            }
            (Level::Url, _) => {
                "The address that came with the payment names its source.".to_owned()
            }
            (Level::Session | Level::Visitor | Level::Customer, None)
            | (Level::Unattributed, _) => "Something was found.".to_owned(),
        }
    }

    const fn what_is_not_given(&self) -> &'static str {
        match self.level {
            Level::Session => "The payment names no session.",
            Level::Visitor => "The payment names no visitor.",
            Level::Customer => "The payment names no customer, e-mail or user.",
            Level::Url => {
                "No address with a campaign, click id or reference came with the payment."
            }
            Level::Unattributed => "The payment names nothing.",
        }
    }

    fn what_was_looked_for(&self) -> String {
        let named: Vec<String> = self
            .looked_for
            .iter()
            .map(|(kind, value)| format!("{kind} {value}"))
            .collect();
        named.join(", ")
    }
}

impl CustomerMatch {
    /// The kind of link in words.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::CustomerId => "the customer id of a payment",
            Self::PaymentEmail => "the e-mail of a payment",
            Self::SignedUser => "a signed identify of the user",
            Self::SignedEmail => "the e-mail of a signed identify",
            Self::UnsignedUser => "an unsigned identify of the user",
            Self::UnsignedEmail => "the e-mail of an unsigned identify",
        }
    }
}
