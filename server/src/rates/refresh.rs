//! The daily refresh: once the bank's rates of a working day are to be out, they are fetched until they are there.
//!
//! It is asked again and again, and mostly has nothing to do. What fails is told and tried again later; reports go on
//! with the rates that are known.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::Serialize;

use super::file::{self, FILE_BYTES, FileError};
use super::{DayNumber, date, day_of, import, number};
use crate::app::App;
use crate::clock::Millis;
use crate::http::time::iso;
use crate::store::Unavailable;

/// Where the bank offers its files.
pub const BANK: &str = "https://www.ecb.europa.eu";
/// Where the bank is, as far as its day goes.
const BANK_ZONE: &str = "Europe/Berlin";
/// The bank's rates of a working day are out at this hour there.
const HOUR: i8 = 16;
/// The whole answer must have arrived in this.
const TIMEOUT: Duration = Duration::from_mins(1);
/// The first pause after a try that brought nothing; each later one is twice as long.
const PAUSE_MS: Millis = 10 * 60 * 1_000;
/// The longest pause.
const LONGEST_PAUSE_MS: Millis = 6 * 60 * 60 * 1_000;
/// Days that the file of the last 90 days surely has.
const RECENT_DAYS: DayNumber = 85;

/// Why a refresh brought nothing.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// The bank could not be reached.
    #[error("the European Central Bank does not answer: {0}")]
    Fetch(#[from] reqwest::Error),
    /// It answered with something else than a file.
    #[error("the European Central Bank answered {0}")]
    Status(u16),
    /// The file cannot be read.
    #[error("the European Central Bank's file: {0}")]
    File(#[from] FileError),
    /// It could not be made durable.
    #[error(transparent)]
    Store(#[from] Unavailable),
    /// The file is whole, but the day that is waited for is not in it.
    #[error("the European Central Bank has no rates of {0} yet")]
    NotYet(String),
}

/// How the refresh has fared since the start.
#[derive(Debug, Default)]
pub struct Refresh(Mutex<State>);

#[derive(Clone, Debug, Default)]
struct State {
    wanted: Option<DayNumber>,
    fruitless: u32,
    not_before_ms: Millis,
    told: Told,
}

/// What is told of the refresh.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Told {
    /// When rates were last fetched.
    pub last_success_at: Option<String>,
    /// When a try last brought nothing.
    pub last_failure_at: Option<String>,
    /// Why.
    pub last_failure: Option<String>,
}

impl Refresh {
    /// What is told of it.
    pub fn told(&self) -> Told {
        self.state(|state| state.told.clone())
    }

    fn state<T>(&self, of: impl FnOnce(&mut State) -> T) -> T {
        of(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether it is time to try for a day.
    fn is_time(&self, wanted: DayNumber, now_ms: Millis) -> bool {
        self.state(|state| {
            if state.wanted != Some(wanted) {
                *state = State { wanted: Some(wanted), told: state.told.clone(), ..State::default() };
            }
            state.not_before_ms <= now_ms
        })
    }

    fn came_to(&self, now_ms: Millis, result: &Result<(), RefreshError>) {
        self.state(|state| match result {
            Ok(()) => state.told.last_success_at = Some(iso(now_ms)),
            Err(error) => {
                let pause_ms = PAUSE_MS.saturating_mul(1 << state.fruitless.min(8)).min(LONGEST_PAUSE_MS);
                state.fruitless = state.fruitless.saturating_add(1);
                state.not_before_ms = now_ms.saturating_add(pause_ms);
                state.told.last_failure_at = Some(iso(now_ms));
                state.told.last_failure = Some(error.to_string());
            }
        });
    }
}

/// Fetches what the bank has published since, if it is time to.
pub(crate) async fn run(app: Arc<App>) -> Result<(), RefreshError> {
    let now_ms = app.clock.now_ms();
    let wanted = last_published(now_ms);
    let latest = app.store.rates().latest();
    let is_known = latest.is_some_and(|latest| latest >= wanted);
    if !app.config.refresh_rates || is_known || !app.refresh.is_time(wanted, now_ms) {
        return Ok(());
    }
    let result = fetch(&app, wanted, latest).await;
    app.refresh.came_to(now_ms, &result);
    result
}

async fn fetch(app: &App, wanted: DayNumber, latest: Option<DayNumber>) -> Result<(), RefreshError> {
    let bytes = download(&format!("{}{}", app.config.rates_origin, path(wanted, latest))).await?;
    let today = day_of(app.clock.now_ms());
    let read = tokio::task::spawn_blocking(move || file::parse(&bytes, today)).await;
    let parsed = read.unwrap_or(Err(FileError::Unknown))?;
    if let Some(fault) = parsed.faults.first() {
        tracing::warn!(line = fault.line, error = %fault.error, "the European Central Bank's file has a bad line");
    }
    let summary = import::take(&*app.store, parsed).await?;
    tracing::info!(days = summary.recorded, changed = summary.enriched, "exchange rates fetched");
    if app.store.rates().has(wanted) {
        return Ok(());
    }
    Err(RefreshError::NotYet(date(wanted).to_string()))
}

/// The smallest of the bank's files that has all days since the last one known.
fn path(wanted: DayNumber, latest: Option<DayNumber>) -> &'static str {
    match latest.map(|latest| wanted.saturating_sub(latest)) {
        Some(..=1) => "/stats/eurofxref/eurofxref-daily.xml",
        Some(..=RECENT_DAYS) => "/stats/eurofxref/eurofxref-hist-90d.xml",
        _ => "/stats/eurofxref/eurofxref-hist.zip",
    }
}

/// The last working day whose rates are out; of holidays it knows weekends alone.
fn last_published(now_ms: Millis) -> DayNumber {
    let zone = TimeZone::get(BANK_ZONE).unwrap_or(TimeZone::UTC);
    let now = Timestamp::from_millisecond(now_ms).unwrap_or(Timestamp::MAX).to_zoned(zone);
    let mut day = if now.hour() < HOUR { now.date().saturating_sub(1.day()) } else { now.date() };
    while matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
        day = day.saturating_sub(1.day());
    }
    number(day).unwrap_or(DayNumber::MAX)
}

/// A file of the bank's, whole and within the limit; redirects are not followed.
async fn download(url: &str) -> Result<Vec<u8>, RefreshError> {
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(TIMEOUT)
        .user_agent(concat!("EngageTrack/", env!("CARGO_PKG_VERSION")))
        .build()?;
    let mut response = client.get(url).send().await?;
    if response.status() != reqwest::StatusCode::OK {
        return Err(RefreshError::Status(response.status().as_u16()));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if bytes.len() + chunk.len() > FILE_BYTES {
            return Err(FileError::TooLarge.into());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests;
