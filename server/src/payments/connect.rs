//! Connecting a provider by its API key: the four calls that it takes, each provider's in its own file.

pub(in crate::payments) mod lemonsqueezy;
mod paddle;
mod polar;
mod stripe;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use serde_json::Value;

use super::Provider;
use super::remote::{Body, Call, Problem, Remote, Service};

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

/// How a provider's API is called.
struct Manner {
    /// Where live money is.
    live: Service,
    /// Where a test's is.
    test: Service,
    /// What is sent along each time.
    headers: &'static [(&'static str, &'static str)],
    /// The list of webhook endpoints; each stands below it by its id.
    endpoints: &'static str,
    /// What a key must be allowed to do to make an endpoint and to take it away.
    write: &'static str,
}

fn manner(provider: Provider) -> Result<&'static Manner, Problem> {
    match provider {
        Provider::Stripe => Ok(&stripe::MANNER),
        Provider::LemonSqueezy => Ok(&lemonsqueezy::MANNER),
        Provider::Paddle => Ok(&paddle::MANNER),
        Provider::Polar => Ok(&polar::MANNER),
        Provider::Api => Err(Problem::UnfitKey("Your own backend sends orders by an API key of EngageTrack")),
    }
}

/// A key of a provider: what is asked there is asked by it.
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
    manner(provider)?;
    let access = Access { remote, provider, key, live: true, store };
    match provider {
        Provider::Stripe => stripe::check(access).await,
        Provider::LemonSqueezy => lemonsqueezy::check(access).await,
        Provider::Paddle => paddle::check(access).await,
        Provider::Polar => polar::check(access).await,
        Provider::Api => Err(access.unreadable()),
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
            Provider::Api => Err(self.unreadable()),
        }
    }

    /// Takes an endpoint away; one that is gone already is away.
    pub async fn remove(&self, id: &str) -> Result<(), Problem> {
        let Manner { endpoints, write, .. } = manner(self.provider)?;
        let path = format!("{endpoints}/{}", utf8_percent_encode(id, IN_PATH));
        match self.remote.call(self.call(Method::DELETE, &path, write)?).await {
            Ok(_) | Err(Problem::NotFound(_)) => Ok(()),
            Err(problem) => Err(problem),
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

    /// A call of the provider's API.
    fn call<'a>(
        &'a self,
        method: Method,
        path: &'a str,
        permission: &'static str,
    ) -> Result<Call<'a>, Problem> {
        let manner = manner(self.provider)?;
        Ok(Call {
            provider: self.provider,
            service: if self.live { manner.live } else { manner.test },
            key: self.key,
            method,
            path,
            query: &[],
            headers: manner.headers,
            body: None,
            permission,
        })
    }

    /// Asks for something.
    pub(super) async fn get(
        &self,
        path: &str,
        query: &[(&str, &str)],
        permission: &'static str,
    ) -> Result<Value, Problem> {
        self.remote.call(Call { query, ..self.call(Method::GET, path, permission)? }).await
    }

    /// Asks for the endpoints; an answer has them at a pointer, in rows of the provider's own.
    async fn listed(
        &self,
        query: &[(&str, &str)],
        permission: &'static str,
        pointer: &str,
        endpoint: fn(&Value) -> Option<Endpoint>,
    ) -> Result<Vec<Endpoint>, Problem> {
        let answer = self.get(manner(self.provider)?.endpoints, query, permission).await?;
        let rows = list(&answer, pointer).ok_or_else(|| self.unreadable())?;
        Ok(rows.iter().filter_map(endpoint).collect())
    }

    /// Sends what makes an endpoint.
    async fn make(&self, body: Body) -> Result<Value, Problem> {
        let Manner { endpoints, write, .. } = manner(self.provider)?;
        self.remote.call(Call { body: Some(body), ..self.call(Method::POST, endpoints, write)? }).await
    }

    /// The endpoint that an answer tells of, its id and secret at these pointers.
    fn registered(&self, made: &Value, id: &str, secret: &str) -> Result<Registered, Problem> {
        let read = text(made, id).zip(text(made, secret));
        read.map(|(id, secret)| Registered { id, secret }).ok_or_else(|| self.unreadable())
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
