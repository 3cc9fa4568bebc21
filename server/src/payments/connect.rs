//! Connecting a provider by its API key: the four calls that it takes, each provider's in its own file.

pub(in crate::payments) mod lemonsqueezy;
pub(in crate::payments) mod paddle;
pub(in crate::payments) mod polar;
pub(in crate::payments) mod stripe;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::Provider;
use super::remote::{Problem, Remote};

/// What our endpoints are called at the provider.
const DESCRIPTION: &str = "EngageTrack: which source brought this money";
/// Characters of an API key; the longest known have some 110.
const KEY_CHARS: usize = 300;
/// What is encoded of an id in a path; ids of providers hold nothing of it.
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'-');

/// Whose key it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Whether it moves live money, or a test's.
    pub live: bool,
    /// The provider's id of the store, where its keys open several.
    pub store: Option<String>,
}

/// A webhook endpoint that stands at the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The provider's id.
    pub id: String,
    /// Where it sends.
    pub url: String,
    /// Whether it is switched on.
    pub is_enabled: bool,
}

/// An endpoint that was made just now.
pub struct Registered {
    /// The provider's id.
    pub id: String,
    /// The secret with which its webhooks are signed.
    pub secret: String,
}

/// A key, checked: what may be asked of its provider.
#[derive(Clone, Copy)]
pub struct Access<'a> {
    /// The APIs.
    pub remote: &'a Remote,
    /// Whose.
    pub provider: Provider,
    /// The key.
    pub key: &'a str,
    /// Whether it moves live money.
    pub live: bool,
    /// The store.
    pub store: Option<&'a str>,
}

/// Checks a key, and says whose it is. `store` chooses among several.
pub async fn check(
    remote: &Remote,
    provider: Provider,
    key: &str,
    store: Option<&str>,
) -> Result<Account, Problem> {
    if key.is_empty() || key.len() > KEY_CHARS || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Problem::UnfitKey("An API key is one word, as the provider shows it"));
    }
    match provider {
        Provider::Stripe => stripe::check(remote, key).await,
        Provider::LemonSqueezy => lemonsqueezy::check(remote, key, store).await,
        Provider::Paddle => paddle::check(remote, key).await,
        Provider::Polar => polar::check(remote, key).await,
        Provider::Api => Err(Problem::UnfitKey("Your own backend sends orders by an API key of EngageTrack")),
    }
}

impl Access<'_> {
    /// All endpoints of the account.
    pub async fn endpoints(&self) -> Result<Vec<Endpoint>, Problem> {
        match self.provider {
            Provider::Stripe => stripe::endpoints(self).await,
            Provider::LemonSqueezy => lemonsqueezy::endpoints(self).await,
            Provider::Paddle => paddle::endpoints(self).await,
            Provider::Polar => polar::endpoints(self).await,
            Provider::Api => Ok(Vec::new()),
        }
    }

    /// Makes an endpoint that sends to an address.
    pub async fn register(&self, url: &str) -> Result<Registered, Problem> {
        match self.provider {
            Provider::Stripe => stripe::register(self, url).await,
            Provider::LemonSqueezy => lemonsqueezy::register(self, url).await,
            Provider::Paddle => paddle::register(self, url).await,
            Provider::Polar => polar::register(self, url).await,
            Provider::Api => Err(Problem::Unreadable("API")),
        }
    }

    /// Takes an endpoint away; one that is gone already is away.
    pub async fn remove(&self, id: &str) -> Result<(), Problem> {
        let id = utf8_percent_encode(id, IN_PATH).to_string();
        let removed = match self.provider {
            Provider::Stripe => stripe::remove(self, &id).await,
            Provider::LemonSqueezy => lemonsqueezy::remove(self, &id).await,
            Provider::Paddle => paddle::remove(self, &id).await,
            Provider::Polar => polar::remove(self, &id).await,
            Provider::Api => Ok(()),
        };
        match removed {
            Err(Problem::NotFound(_)) => Ok(()),
            removed => removed,
        }
    }

    /// How many endpoints the provider allows; one more is refused.
    pub fn endpoint_limit(&self) -> usize {
        match self.provider {
            Provider::Stripe => 16,
            Provider::Paddle => 10,
            Provider::LemonSqueezy | Provider::Polar | Provider::Api => usize::MAX,
        }
    }

    fn unreadable(&self) -> Problem {
        Problem::Unreadable(self.provider.title())
    }
}

/// The elements of a list in an answer.
fn list<'a>(answer: &'a Value, pointer: &str) -> Option<&'a Vec<Value>> {
    answer.pointer(pointer)?.as_array()
}

/// A text in an answer.
fn text(answer: &Value, pointer: &str) -> Option<String> {
    answer.pointer(pointer)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}
