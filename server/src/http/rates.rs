//! Exchange rates: which are known, and the bank's file taken in.

use std::sync::Arc;

use serde_json::json;
use warp::http::header::CONTENT_TYPE;
use warp::reply::Response;

use super::request::Request;
use super::{body, reply};
use crate::accounts::{Scope, access};
use crate::app::App;
use crate::error::{ApiError, ErrorKind};
use crate::rates::file::{self, FILE_BYTES, FileError};
use crate::rates::{SOURCE, built_in, date, day_of, import};

/// What a file is sent as: no page of another origin can send it without asking.
pub(crate) const FILE_TYPE: &str = "application/octet-stream";

/// Which rates are known, and how fetching them fares.
pub(crate) async fn show(app: Arc<App>, request: Request) -> Result<Response, ApiError> {
    access(&app, &request, None, Scope::AnalyticsRead)?;
    let rates = app.store.rates();
    let day = |day: Option<i32>| day.map(|day| date(day).to_string());
    Ok(reply::data(json!({
        "source": SOURCE,
        "built_in": day(built_in().latest()),
        "first": day(rates.days().first().copied()),
        "last": day(rates.latest()),
        "days": rates.days().len(),
        "currencies": rates.currencies().map(|currency| currency.code().to_owned()).collect::<Vec<_>>(),
        "refresh": { "on": app.config.refresh_rates, "fared": app.refresh.told() },
    })))
}

/// Takes a file of the bank's in, as it was downloaded.
pub(crate) async fn import(app: Arc<App>, mut request: Request) -> Result<Response, ApiError> {
    access(&app, &request, None, Scope::ImportWrite)?;
    if request.header(CONTENT_TYPE) != Some(FILE_TYPE) {
        let message = format!("Send the bank's file as it is, with the header Content-Type: {FILE_TYPE}.");
        return Err(ApiError::new(ErrorKind::Invalid, "not_a_file", message));
    }
    let bytes = body::read(&mut request, FILE_BYTES).await?;
    let today = day_of(app.clock.now_ms());
    let parsed = app.work(move |_| file::parse(&bytes, today)).await??;
    if let (true, Some(fault)) = (parsed.days.is_empty(), parsed.faults.first()) {
        let message = format!("No line of the file is good; line {}: {}.", fault.line, fault.error);
        return Err(ApiError::new(ErrorKind::Invalid, "no_rates", message));
    }
    Ok(reply::data(import::take(&*app.store, parsed).await?))
}

impl From<FileError> for ApiError {
    fn from(error: FileError) -> Self {
        let kind = if error == FileError::TooLarge { ErrorKind::TooLarge } else { ErrorKind::Invalid };
        let said = error.to_string();
        let mut letters = said.chars();
        let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
        Self::new(kind, "no_rates", format!("{first}{}.", letters.as_str()))
    }
}
