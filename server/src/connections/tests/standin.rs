//! Stand-ins for the providers' APIs: each checks what it is sent as the provider does, and fails when told to.

mod official;
mod strict;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};
use warp::Filter;
use warp::http::{HeaderMap, Method, Response};
use warp::path::FullPath;

use crate::payments::Provider;
use crate::payments::remote::ProviderHost;

/// An answer of a stand-in.
#[derive(Clone)]
pub(super) struct Answer {
    status: u16,
    body: Value,
    headers: Vec<(&'static str, String)>,
}

pub(super) fn answer(status: u16, body: Value) -> Answer {
    Answer { status, body, headers: Vec::new() }
}

/// What it was sent.
pub(super) struct Asked {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Asked {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(super) fn asks(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(asked, _)| asked == name).map(|(_, value)| value.as_str())
    }

    /// Where it was sent, as answers name it.
    fn origin(&self) -> String {
        format!("http://{}", self.header("host"))
    }
}

/// How it fails.
#[derive(Clone)]
pub(super) enum Trouble {
    /// It answers a status, and does nothing.
    Status(u16),
    /// It asks to wait, and does nothing.
    TooMany(u64),
    /// It does what it is asked, and answers a status.
    DoneBut(u16),
    /// It does what it is asked, and answers nothing.
    DoneButSilent,
    /// It sends elsewhere.
    Redirect,
    /// Something happens before it answers.
    While(Arc<dyn Fn() + Send + Sync>),
}

/// An endpoint that stands there.
#[derive(Clone, Debug, Default)]
pub(super) struct Endpoint {
    pub(super) id: String,
    pub(super) url: String,
    pub(super) secret: String,
    pub(super) is_enabled: bool,
    /// All that it was made with, as JSON.
    pub(super) sent: Value,
}

pub(super) struct State {
    pub(super) provider: Provider,
    /// The key that it knows, and the host at which it knows it.
    pub(super) key: String,
    /// Where it knows the key.
    pub(super) origin: String,
    /// A key that may read and no more, where the provider has such keys.
    pub(super) reader: String,
    pub(super) endpoints: Vec<Endpoint>,
    pub(super) made: usize,
    /// How it fails, by method and path; a path that ends with a star is the start of several.
    pub(super) troubles: BTreeMap<String, Trouble>,
    /// What its lists have, by path, the newest first.
    pub(super) lists: BTreeMap<String, Vec<Value>>,
    /// The stores of the account.
    pub(super) stores: Vec<&'static str>,
    /// Elements of a page, where it gives fewer than it may.
    pub(super) page: usize,
    /// Method, path and query of all that it was asked.
    pub(super) seen: Vec<String>,
    /// The versions of the API that it was asked in.
    pub(super) versions: BTreeSet<String>,
    /// By their idempotency keys, what was asked with them and what was answered.
    pub(super) once: BTreeMap<String, (Bytes, Answer)>,
    /// What it was sent that no client sends that knows its provider.
    pub(super) faults: Vec<String>,
}

/// A stand-in for one provider, live and sandbox host alike.
#[derive(Clone)]
pub(super) struct StandIn(Arc<Mutex<State>>);

impl StandIn {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    pub(super) fn endpoints(&self) -> Vec<Endpoint> {
        self.state().endpoints.clone()
    }

    pub(super) fn fails(&self, place: &str, trouble: Trouble) {
        self.state().troubles.insert(place.to_owned(), trouble);
    }

    pub(super) fn heals(&self) {
        self.state().troubles.clear();
    }

    pub(super) fn has(&self, path: &str, objects: &[Value]) {
        self.state().lists.insert(path.to_owned(), objects.to_vec());
    }

    /// Starts it; the hosts under which the server finds it. It knows `key` at the host named `knows`.
    pub(super) async fn start(provider: Provider, key: &str, knows: &str) -> (Self, Vec<ProviderHost>) {
        let stand_in = Self(Arc::new(Mutex::new(State {
            provider,
            key: key.to_owned(),
            origin: String::new(),
            reader: format!("{key}reader"),
            endpoints: Vec::new(),
            made: 0,
            troubles: BTreeMap::new(),
            lists: BTreeMap::new(),
            stores: vec!["1"],
            page: 100,
            seen: Vec::new(),
            versions: BTreeSet::new(),
            once: BTreeMap::new(),
            faults: Vec::new(),
        })));
        let names: &[&str] = match provider {
            Provider::Paddle => &["paddle", "paddle-sandbox"],
            Provider::Polar => &["polar", "polar-sandbox"],
            Provider::LemonSqueezy => &["lemonsqueezy"],
            Provider::Stripe | Provider::Api => &["stripe"],
        };
        let mut hosts = Vec::new();
        for name in names {
            let origin = format!("http://127.0.0.1:{}", serve(stand_in.clone(), *name == knows).await);
            hosts.push(format!("{name}={origin}").parse().unwrap());
            if *name == knows {
                stand_in.state().origin = origin;
            }
        }
        (stand_in, hosts)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a stand-in in a test hears from nobody but the server under test"
)]
async fn serve(stand_in: StandIn, knows: bool) -> u16 {
    let all = warp::method()
        .and(warp::path::full())
        .and(warp::query::raw().or(warp::any().map(String::new)).unify())
        .and(warp::header::headers_cloned())
        .and(warp::body::bytes())
        .then(move |method, path: FullPath, query: String, headers, body| {
            let stand_in = stand_in.clone();
            let query = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
            let asked = Asked { method, path: path.as_str().to_owned(), query, headers, body };
            async move { respond(&stand_in, knows, &asked).await }
        });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(warp::serve(all).incoming(listener).run());
    port
}

async fn respond(stand_in: &StandIn, knows: bool, asked: &Asked) -> Response<String> {
    let trouble = {
        let mut state = stand_in.state();
        let query: Vec<String> = asked.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        state.seen.push(format!("{} {}?{}", asked.method, asked.path, query.join("&")));
        let versions = ["stripe-version", "paddle-version", "polar-version"].map(|name| asked.header(name));
        state.versions.extend(versions.into_iter().filter(|version| !version.is_empty()).map(str::to_owned));
        let place = format!("{} {}", asked.method, asked.path);
        let fits = |at: &str| at.strip_suffix('*').map_or(at == place, |start| place.starts_with(start));
        state.troubles.iter().find(|(at, _)| fits(at)).map(|(_, trouble)| trouble.clone())
    };
    let judge = || strict::judge(&mut stand_in.state(), knows, asked);
    let answered = match trouble {
        None => judge(),
        Some(Trouble::Status(status)) => answer(status, json!({})),
        Some(Trouble::TooMany(wait_s)) => {
            Answer { headers: vec![("retry-after", wait_s.to_string())], ..answer(429, json!({})) }
        }
        Some(Trouble::DoneBut(status)) => {
            judge();
            answer(status, json!({}))
        }
        Some(Trouble::DoneButSilent) => {
            judge();
            tokio::time::sleep(Duration::from_mins(1)).await;
            answer(500, json!({}))
        }
        Some(Trouble::Redirect) => {
            Answer { headers: vec![("location", "/elsewhere".to_owned())], ..answer(302, json!({})) }
        }
        Some(Trouble::While(act)) => {
            act();
            judge()
        }
    };
    let kind = strict::content_type(stand_in.state().provider);
    let mut response = Response::builder().status(answered.status).header("content-type", kind);
    for (name, value) in answered.headers {
        response = response.header(name, value);
    }
    let body = if answered.status == 204 { String::new() } else { answered.body.to_string() };
    response.body(body).unwrap()
}
