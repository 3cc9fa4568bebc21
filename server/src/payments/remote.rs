//! A provider's API, called: one client for all of them, bounded in time and bytes, and what can go wrong.

mod problem;
mod service;

use std::fmt;
use std::sync::OnceLock;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use reqwest::{Method, Response};
use serde_json::Value;
use url::Url;

use super::Provider;
pub use problem::Problem;
pub use service::{ProviderHost, Service};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Bytes of an answer: a page of a hundred invoices stays well below.
const ANSWER_BYTES: usize = 8 * 1024 * 1024;
/// Seconds to wait where the provider asks to wait and does not say how long.
const DEFAULT_WAIT_S: u64 = 30;
/// Seconds that are waited at most, whatever the provider says.
const LONGEST_WAIT_S: u64 = 3_600;
/// What is sent along.
pub(crate) enum Body {
    /// Pairs, as a form.
    Form(Vec<(&'static str, String)>),
    /// JSON; its content type may stand among the headers.
    Json(Value),
}

/// One call.
pub(crate) struct Call<'a> {
    pub(crate) provider: Provider,
    pub(crate) service: Service,
    pub(crate) key: &'a str,
    pub(crate) method: Method,
    pub(crate) path: &'a str,
    pub(crate) query: &'a [(&'a str, &'a str)],
    pub(crate) headers: &'a [(&'static str, &'a str)],
    pub(crate) body: Option<Body>,
    /// What the key must be allowed to do, in the provider's word.
    pub(crate) permission: &'static str,
}

/// The APIs of the providers.
pub struct Remote {
    hosts: Vec<ProviderHost>,
    timeout: Duration,
    client: OnceLock<Option<reqwest::Client>>,
}

impl fmt::Debug for Remote {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Remote")
    }
}

impl Remote {
    /// The APIs of the providers, each call given up after `timeout`; `hosts` stand in for them in tests.
    pub fn new(hosts: Vec<ProviderHost>, timeout: Duration) -> Self {
        Self { hosts, timeout, client: OnceLock::new() }
    }

    /// Calls, and gives what was answered; JSON null where the answer is empty.
    pub(crate) async fn call(&self, call: Call<'_>) -> Result<Value, Problem> {
        let name = call.provider.title();
        let answered = tokio::time::timeout(self.timeout, self.answer(&call));
        answered.await.unwrap_or(Err(Problem::TimedOut(name)))
    }

    async fn answer(&self, call: &Call<'_>) -> Result<Value, Problem> {
        let name = call.provider.title();
        let response = self.request(call)?.send().await.map_err(|error| lost(name, &error))?;
        let (status, wait_s) = (response.status(), wait_s(&response));
        let bytes = bounded(name, response).await?;
        if status.is_success() {
            let is_empty = bytes.iter().all(u8::is_ascii_whitespace);
            let read = if is_empty { Ok(Value::Null) } else { serde_json::from_slice(&bytes) };
            return read.map_err(|_| Problem::Unreadable(name));
        }
        Err(problem::judged(
            call,
            status.as_u16(),
            wait_s,
            &serde_json::from_slice(&bytes).unwrap_or_default(),
        ))
    }

    fn request(&self, call: &Call<'_>) -> Result<reqwest::RequestBuilder, Problem> {
        let name = call.provider.title();
        let client = self.client.get_or_init(|| self.client().ok()).as_ref();
        let client = client.ok_or(Problem::Unreachable(name))?;
        let stand_in = self.hosts.iter().find(|host| host.service() == call.service);
        let origin = stand_in.map_or(call.service.origin(), ProviderHost::origin);
        let mut url =
            Url::parse(&format!("{origin}{}", call.path)).map_err(|_| Problem::Unreachable(name))?;
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(call.query);
        }
        let mut authorization =
            HeaderValue::from_str(&format!("Bearer {}", call.key)).map_err(|_| Problem::WrongKey(name))?;
        authorization.set_sensitive(true);
        let mut request = client.request(call.method.clone(), url).header(AUTHORIZATION, authorization);
        for (header, value) in call.headers {
            request = request.header(*header, *value);
        }
        Ok(match &call.body {
            None => request,
            Some(Body::Form(pairs)) => {
                let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
                // A space as %20 is one to every reader; a plus sign of a value is encoded already.
                request
                    .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .body(form.replace('+', "%20"))
            }
            Some(Body::Json(value)) => {
                let is_said = call.headers.iter().any(|(header, _)| CONTENT_TYPE == *header);
                let request =
                    if is_said { request } else { request.header(CONTENT_TYPE, "application/json") };
                request.body(value.to_string())
            }
        })
    }

    fn client(&self) -> Result<reqwest::Client, reqwest::Error> {
        let builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .user_agent(concat!("EngageTrack/", env!("CARGO_PKG_VERSION")));
        // A stand-in is on this machine, and is spoken to in the clear and past any proxy.
        if self.hosts.is_empty() { builder.https_only(true).build() } else { builder.no_proxy().build() }
    }
}

fn lost(name: &'static str, error: &reqwest::Error) -> Problem {
    if error.is_timeout() { Problem::TimedOut(name) } else { Problem::Unreachable(name) }
}

async fn bounded(name: &'static str, mut response: Response) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| lost(name, &error))? {
        if bytes.len() + chunk.len() > ANSWER_BYTES {
            return Err(Problem::Unreadable(name));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn wait_s(response: &Response) -> u64 {
    let header = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let seconds = header.and_then(|text| text.trim().parse::<u64>().ok());
    seconds.map_or(DEFAULT_WAIT_S, |seconds| seconds.clamp(1, LONGEST_WAIT_S))
}
