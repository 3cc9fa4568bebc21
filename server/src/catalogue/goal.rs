//! Goals: what a site wants its visitors to do.

use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::payments::Provider;

/// Something that counts when a visitor does it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goal {
    /// A stable id within its site.
    pub id: String,
    /// The site.
    pub site_id: String,
    /// What people call it.
    pub name: String,
    /// What reaches it.
    pub reached_by: ReachedBy,
    /// When it was made.
    pub created_at_ms: Millis,
}

/// What reaches a goal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReachedBy {
    /// A payment that the provider took.
    Payment(Provider),
}

impl Goal {
    /// The goal that connecting a provider makes: "Stripe Revenue", …
    pub fn of_provider(site_id: &str, provider: Provider, created_at_ms: Millis) -> Self {
        Self {
            id: format!("{}_revenue", provider.name()),
            site_id: site_id.to_owned(),
            name: format!("{} Revenue", provider.title()),
            reached_by: ReachedBy::Payment(provider),
            created_at_ms,
        }
    }
}
