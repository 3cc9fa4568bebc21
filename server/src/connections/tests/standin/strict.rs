//! What each provider takes and refuses, and in which words, from its documentation and its own SDK.

mod lemonsqueezy;
mod paddle;
mod polar;
mod stripe;

use serde_json::Value;
use warp::http::Method;

use super::{Answer, Asked, Endpoint, State, answer};
use crate::payments::Provider;

/// When everything was made; no test looks at it.
const MADE: &str = "2026-11-01T00:00:00.000000Z";

/// The answer; as an error, the refusal of what no client sends that knows its provider.
type Judged = Result<Answer, Answer>;

/// What the key of a request may do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Grant {
    /// There is no key.
    Absent,
    /// It is not said as a bearer's.
    Malformed,
    /// Nobody knows it.
    Unknown,
    /// It may read.
    Read,
    /// It may do everything.
    All,
}

pub(super) fn content_type(provider: Provider) -> &'static str {
    if provider == Provider::LemonSqueezy { lemonsqueezy::MEDIA } else { "application/json" }
}

pub(super) fn judge(state: &mut State, knows: bool, asked: &Asked) -> Answer {
    let grant = grant(state, knows, asked);
    let judged = match state.provider {
        Provider::Stripe => stripe::judge(state, grant, asked),
        Provider::LemonSqueezy => lemonsqueezy::judge(state, grant, asked),
        Provider::Paddle => paddle::judge(state, grant, asked),
        Provider::Polar => polar::judge(state, grant, asked),
        Provider::Api => Err(answer(404, Value::Null)),
    };
    judged.unwrap_or_else(|refusal| {
        let (status, body) = (refusal.status, &refusal.body);
        state.faults.push(format!("{} {}: {status} {body}", asked.method, asked.path));
        refusal
    })
}

fn grant(state: &State, knows: bool, asked: &Asked) -> Grant {
    let said = asked.header("authorization");
    // The scheme has no case, and one of the SDKs writes it small.
    match said.split_once(' ') {
        _ if said.is_empty() => Grant::Absent,
        Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") && !key.trim().is_empty() => match key {
            key if knows && key == state.key => Grant::All,
            key if knows && key == state.reader => Grant::Read,
            _ => Grant::Unknown,
        },
        _ => Grant::Malformed,
    }
}

/// Whether a request changes something.
fn writes(asked: &Asked) -> bool {
    asked.method != Method::GET
}

/// The name of a parameter without what stands in brackets.
fn base(name: &str) -> &str {
    name.split('[').next().unwrap_or(name)
}

/// A parameter that none of these names has.
fn stranger<'a>(asked: &'a Asked, names: &[&str]) -> Option<&'a str> {
    asked.query.iter().map(|(name, _)| name.as_str()).find(|name| !names.contains(name))
}

/// A number that may be asked for; none where it is no number.
fn number(asked: &Asked, name: &str, default: usize) -> Option<usize> {
    asked.asks(name).map_or(Some(default), |text| text.parse().ok())
}

/// The first event that the provider does not know.
fn unknown_event(events: &[Value], known: &str) -> Option<usize> {
    let is_known = |event: &Value| event.as_str().is_some_and(|name| known.split(' ').any(|one| one == name));
    events.iter().position(|event| !is_known(event))
}

/// Whether something is an address of one of these schemes.
fn is_address(url: &Value, schemes: &[&str]) -> bool {
    let parsed = url.as_str().and_then(|text| url::Url::parse(text).ok());
    parsed.is_some_and(|url| schemes.contains(&url.scheme()) && url.has_host())
}

/// Keeps an endpoint that was made with what was sent; `id` and `secret` have the number of it.
fn made(state: &mut State, url: &Value, sent: &Value, name: impl Fn(usize) -> (String, String)) -> Endpoint {
    state.made += 1;
    let (id, secret) = name(state.made);
    let url = url.as_str().unwrap_or_default().to_owned();
    let endpoint = Endpoint { id, url, secret, is_enabled: true, sent: sent.clone() };
    state.endpoints.push(endpoint.clone());
    endpoint
}

/// Takes an endpoint away; whether there was one.
fn removed(state: &mut State, id: &str) -> bool {
    let before = state.endpoints.len();
    state.endpoints.retain(|endpoint| endpoint.id != id);
    state.endpoints.len() < before
}

fn found<'a>(state: &'a State, id: &str) -> Option<&'a Endpoint> {
    state.endpoints.iter().find(|endpoint| endpoint.id == id)
}

/// A part of a list.
struct Page {
    rows: Vec<Value>,
    has_more: bool,
    total: usize,
}

/// The rows after the one of an id; none where no row has it.
fn after(rows: &[Value], id: Option<&str>, size: usize) -> Option<Page> {
    let from = id.map_or(Some(0), |id| Some(rows.iter().position(|one| one["id"] == id)? + 1))?;
    let page: Vec<_> = rows.iter().skip(from).take(size).cloned().collect();
    Some(Page { has_more: from + page.len() < rows.len(), rows: page, total: rows.len() })
}

/// A page by its number, which counts from one; and the number of the last.
fn numbered(rows: &[Value], number: usize, size: usize) -> (Page, usize) {
    let from = number.saturating_sub(1).saturating_mul(size);
    let page: Vec<_> = rows.iter().skip(from).take(size).cloned().collect();
    let last = rows.len().div_ceil(size).max(1);
    (Page { has_more: number < last, rows: page, total: rows.len() }, last)
}
