//! A document: any one of the small things, and where it stands.

use serde::{Deserialize, Serialize};

use super::{Account, Goal, Integration, Key, SignIn, Site};

/// A small document, kept whole in memory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Document {
    /// A site.
    Site(Site),
    /// An API key.
    Key(Key),
    /// A provider whose webhooks a site hears.
    Integration(Integration),
    /// Something that a site wants its visitors to do.
    Goal(Goal),
    /// A person who signs in.
    Account(Account),
    /// A browser that is signed in.
    SignIn(SignIn),
}

/// What kind of document it is, and which.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DocumentKey {
    /// `site`, `key`, `integration`, `goal`, `account` or `sign_in`.
    pub kind: String,
    /// Its id within the kind.
    pub id: String,
}

impl Document {
    /// Where the document stands; putting another one there replaces it.
    pub fn key(&self) -> DocumentKey {
        let (kind, id) = match self {
            Self::Site(site) => ("site", site.id.clone()),
            Self::Key(key) => ("key", key.id.clone()),
            Self::Integration(integration) => {
                ("integration", format!("{}/{}", integration.site_id, integration.provider.name()))
            }
            Self::Goal(goal) => ("goal", format!("{}/{}", goal.site_id, goal.id)),
            Self::Account(account) => ("account", account.id.clone()),
            Self::SignIn(sign_in) => ("sign_in", sign_in.hash.clone()),
        };
        DocumentKey { kind: kind.to_owned(), id }
    }
}
