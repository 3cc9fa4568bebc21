//! `POST /api/v1/event` and `POST /api/v1/identify`: what strangers send, answered once it is durable.

use std::collections::HashMap;
use std::sync::Arc;

use protocol::{EventType, limit};
use serde_json::{Value, json};
use warp::http::HeaderMap;
use warp::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, HeaderName, HeaderValue, USER_AGENT,
};
use warp::reply::Response;

use super::limits::Left;
use super::request::Request;
use super::{body, reply};
use crate::app::App;
use crate::catalogue::SiteNumber;
use crate::error::{ApiError, ErrorKind};
use crate::ingest::{Arrival, Fault, FaultKind, IdentifyKeys, Item, Reading};
use crate::record::Record;
use crate::secrets::Vault;
use crate::store::{Outcome, Unavailable};
use crate::telemetry::Fate;

/// Says of a 202 that an event is in order but does not count, and why.
const DROPPED: HeaderName = HeaderName::from_static("x-engagetrack-dropped");

/// Takes one event or an array of them.
pub(crate) async fn event(app: Arc<App>, mut request: Request) -> Result<Response, ApiError> {
    let bytes = body::read(&mut request, limit::BODY_BYTES).await?;
    let arrival = arrival(&app, &request);
    let reading = app.ingest.read_events(&app.store.catalogue(), &arrival, &bytes)?;
    app.counters.received(reading.items.len());
    let left = take_from_limits(&app, &arrival, &reading.items).inspect_err(|_| {
        app.counters.came_to(Fate::Limited, reading.items.len());
    })?;
    let sorted = Sorted::new(reading, &app);
    let is_stored = commit(&app, sorted.records).await;
    let mut response = match (is_stored, sorted.faults.is_empty()) {
        (Err(unavailable), _) => return Err(unavailable.into()),
        (Ok(()), true) => reply::accepted("ok"),
        (Ok(()), false) if !sorted.is_array => return Err(only(sorted.faults)),
        (Ok(()), false) if sorted.accepted == 0 => return Err(all_at_fault(&sorted.faults)),
        (Ok(()), false) => {
            let errors = listed(&sorted.faults);
            reply::accepted(warp::reply::json(&json!({ "accepted": sorted.accepted, "errors": errors })))
        }
    };
    tell_dropped(response.headers_mut(), &sorted.dropped, sorted.is_array);
    if let Some(left) = left {
        left.write(response.headers_mut());
    }
    Ok(response)
}

/// Names a visitor as the merchant's user.
pub(crate) async fn identify(app: Arc<App>, mut request: Request) -> Result<Response, ApiError> {
    let bytes = body::read(&mut request, limit::BODY_BYTES).await?;
    let arrival = arrival(&app, &request);
    let read = app.ingest.read_identify(&app.store.catalogue(), &arrival, &bytes, &app.vault);
    app.counters.received(1);
    let item = read.inspect_err(|_| app.counters.came_to(Fate::Refused, 1))?;
    let left = take_from_limits(&app, &arrival, std::slice::from_ref(&item))
        .inspect_err(|_| app.counters.came_to(Fate::Limited, 1))?;
    let sorted = Sorted::new(Reading { array: false, items: vec![item] }, &app);
    commit(&app, sorted.records).await?;
    if !sorted.faults.is_empty() {
        return Err(only(sorted.faults));
    }
    let mut response = reply::accepted("ok");
    tell_dropped(response.headers_mut(), &sorted.dropped, false);
    if let Some(left) = left {
        left.write(response.headers_mut());
    }
    Ok(response)
}

/// Answers a browser that asks whether it may.
pub(crate) async fn preflight(_app: Arc<App>, _request: Request) -> Result<Response, ApiError> {
    let mut response = reply::nothing();
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST, OPTIONS"));
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type"));
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    Ok(response)
}

/// What every answer of these endpoints carries, errors included: any page may send, and read what became of it.
pub(crate) fn open_to_all_origins(headers: &mut HeaderMap) {
    const EXPOSED: &str =
        "Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-EngageTrack-Dropped";
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
}

fn arrival(app: &App, request: &Request) -> Arrival {
    Arrival {
        address: request.client(&app.config.trusted_proxies),
        agent: request.header(USER_AGENT).unwrap_or_default().to_owned(),
        received_ms: app.clock.now_ms(),
    }
}

/// What is left of the tighter limit that was asked. A purchase may come from a backend that sends for everyone, so
/// no limit of its address holds it.
fn take_from_limits(app: &App, arrival: &Arrival, items: &[Item]) -> Result<Option<Left>, ApiError> {
    let mut of_address = 0_u32;
    let mut of_sites: HashMap<SiteNumber, u32> = HashMap::new();
    for item in items {
        let site = match item {
            Item::Record(Record::Event(event)) => {
                of_address += u32::from(event.kind != EventType::Purchase);
                Some(event.site)
            }
            Item::Record(Record::Identify(identify)) => {
                of_address += 1;
                Some(identify.site)
            }
            Item::Record(_) | Item::Dropped(_) | Item::Fault(_) => {
                of_address += 1;
                None
            }
        };
        if let Some(site) = site {
            *of_sites.entry(site).or_default() += 1;
        }
    }
    let mut left = None;
    if let Some(address) = arrival.address {
        left = app.limits.take_for_address(address, of_address)?;
    }
    for (site, events) in of_sites {
        let of_site = app.limits.take_for_site(site, events)?;
        left = left.or(of_site);
    }
    Ok(left)
}

/// Items by what is to be done with them.
struct Sorted {
    is_array: bool,
    records: Vec<Record>,
    accepted: usize,
    dropped: Vec<(usize, &'static str)>,
    faults: Vec<(usize, Fault)>,
}

impl Sorted {
    fn new(reading: Reading, app: &App) -> Self {
        let mut sorted = Self {
            is_array: reading.array,
            records: Vec::new(),
            accepted: 0,
            dropped: Vec::new(),
            faults: Vec::new(),
        };
        for (index, item) in reading.items.into_iter().enumerate() {
            match item {
                Item::Record(record) => sorted.records.push(record),
                Item::Dropped(reason) => sorted.dropped.push((index, reason)),
                Item::Fault(fault) => sorted.faults.push((index, fault)),
            }
        }
        sorted.accepted = sorted.records.len() + sorted.dropped.len();
        app.counters.came_to(Fate::Dropped, sorted.dropped.len());
        app.counters.came_to(Fate::Refused, sorted.faults.len());
        sorted
    }
}

/// Makes records durable; nothing to store is stored at once.
async fn commit(app: &App, records: Vec<Record>) -> Result<(), Unavailable> {
    let events = records.len();
    if events == 0 {
        return Ok(());
    }
    let outcomes = app.store.commit(records).await.inspect_err(|_| {
        app.counters.came_to(Fate::Unavailable, events);
    })?;
    let duplicates = outcomes.iter().filter(|&&outcome| outcome == Outcome::Duplicate).count();
    app.counters.came_to(Fate::Duplicate, duplicates);
    app.counters.came_to(Fate::Accepted, events.saturating_sub(duplicates));
    Ok(())
}

fn tell_dropped(headers: &mut HeaderMap, dropped: &[(usize, &'static str)], is_array: bool) {
    if dropped.is_empty() {
        return;
    }
    let told: Vec<String> = dropped
        .iter()
        .map(|(index, reason)| if is_array { format!("{index}={reason}") } else { (*reason).to_owned() })
        .collect();
    if let Ok(value) = HeaderValue::from_str(&told.join(", ")) {
        headers.insert(DROPPED, value);
    }
}

fn only(faults: Vec<(usize, Fault)>) -> ApiError {
    let fault = faults.into_iter().next().map(|(_, fault)| fault);
    fault.map_or_else(|| ApiError::internal("an event is neither stored nor refused"), ApiError::from)
}

fn all_at_fault(faults: &[(usize, Fault)]) -> ApiError {
    let message = "No event of the array can be taken; `errors` says what is wrong with each.";
    ApiError::new(ErrorKind::Invalid, "all_invalid", message)
        .with_member("accepted", json!(0))
        .with_member("errors", Value::Array(listed(faults)))
}

fn listed(faults: &[(usize, Fault)]) -> Vec<Value> {
    let list = faults.iter().map(|(index, fault)| {
        json!({ "index": index, "code": fault.code, "field": fault.field, "error": fault.message })
    });
    list.collect()
}

impl From<Fault> for ApiError {
    fn from(fault: Fault) -> Self {
        let kind = match fault.kind {
            FaultKind::UnknownSite => ErrorKind::NotFound,
            FaultKind::WrongDomain => ErrorKind::Forbidden,
            FaultKind::Invalid => ErrorKind::Invalid,
            FaultKind::Unauthorized => ErrorKind::Unauthorized,
        };
        Self::new(kind, fault.code, fault.message).with_field(fault.field)
    }
}

impl IdentifyKeys for Vault {
    fn email_hash(&self, email: &str) -> String {
        Self::email_hash(self, email)
    }

    fn open_secret(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        self.unseal(sealed).ok()
    }
}
