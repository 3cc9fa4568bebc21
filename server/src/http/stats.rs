//! Reports: who may ask, and the question handed to the reports' own room.

use std::sync::Arc;

use serde::Serialize;
use warp::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use warp::reply::{Reply, Response};

use super::request::Request;
use crate::accounts::{Scope, site_access};
use crate::app::App;
use crate::catalogue::Site;
use crate::error::ApiError;
use crate::report::question::Question;
use crate::report::{Context, ReportError, csv, explanation, orders, overview, revenue, timeseries};

/// What is asked, beside its parameters.
enum Asked {
    Overview,
    Timeseries,
    Revenue,
    Orders,
    Order(String),
}

/// Answers one report of a site.
pub(crate) async fn report(app: Arc<App>, request: Request) -> Result<Response, ApiError> {
    let asked = match request.parameter(1) {
        "overview" => Asked::Overview,
        "timeseries" => Asked::Timeseries,
        "revenue" => Asked::Revenue,
        "orders" => Asked::Orders,
        other => {
            let message =
                format!("There is no report {other:?}; there are overview, timeseries, revenue and orders.");
            return Err(ApiError::not_found("unknown_report", message));
        }
    };
    answer(app, request, asked).await
}

/// Explains one order.
pub(crate) async fn order(app: Arc<App>, request: Request) -> Result<Response, ApiError> {
    let id = request.parameter(1).to_owned();
    answer(app, request, Asked::Order(id)).await
}

async fn answer(app: Arc<App>, request: Request, asked: Asked) -> Result<Response, ApiError> {
    let (_, site) = site_access(&app, &request, Scope::AnalyticsRead)?;
    let parameters: Vec<_> = form_urlencoded::parse(request.query.as_bytes()).into_owned().collect();
    app.work(move |app| answered(app, &site, &asked, &parameters)).await?
}

fn answered(
    app: &App,
    site: &Site,
    asked: &Asked,
    parameters: &[(String, String)],
) -> Result<Response, ApiError> {
    // Before the rates and all else are read: what changes meanwhile makes the answer too new, never too old.
    let version = app.store.version();
    let rates = app.store.rates();
    let context = Context { store: &*app.store, site, rates: &rates, now_ms: app.clock.now_ms() };
    let question = Question::parse(parameters, &context).map_err(ReportError::from)?;
    let named = format!("{} {} {question:?}", site.id, asked.name());
    let text = app.answers.get(&named, version, || asked.answer(&context, &question))?;
    let (kind, body) = if question.is_csv {
        ("text/csv; charset=utf-8", text.to_string())
    } else {
        ("application/json", format!(r#"{{"success":true,"data":{text}}}"#))
    };
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if question.is_csv {
        headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"report.csv\""));
    }
    Ok(response)
}

impl Asked {
    fn name(&self) -> &str {
        match self {
            Self::Overview => "overview",
            Self::Timeseries => "timeseries",
            Self::Revenue => "revenue",
            Self::Orders => "orders",
            Self::Order(id) => id,
        }
    }

    /// The answer as the text that goes out.
    fn answer(&self, context: &Context<'_>, question: &Question) -> Result<String, ReportError> {
        match self {
            Self::Overview => {
                let answer = overview::answer(context, question)?;
                written(question, &answer, &[&answer.metrics])
            }
            Self::Timeseries => {
                let answer = timeseries::answer(context, question)?;
                written(question, &answer, &answer.rows)
            }
            Self::Revenue => {
                let answer = revenue::answer(context, question)?;
                written(question, &answer, &answer.rows)
            }
            Self::Orders => {
                let answer = orders::answer(context, question)?;
                written(question, &answer, &answer.rows)
            }
            Self::Order(id) => {
                let answer = explanation::answer(context, question, id)?;
                written(question, &answer, &[&answer.row])
            }
        }
    }
}

/// The whole answer as JSON, or its rows as a table.
fn written<T: Serialize, R: Serialize>(
    question: &Question,
    answer: &T,
    rows: &[R],
) -> Result<String, ReportError> {
    if question.is_csv {
        return Ok(csv::table(rows));
    }
    serde_json::to_string(answer).map_err(|error| crate::store::ReadError(error.to_string()).into())
}

impl From<ReportError> for ApiError {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::Question(fault) => Self::invalid(fault.field, fault.message),
            ReportError::Read(error) => error.into(),
            ReportError::NotFound => Self::not_found("unknown_order", "There is no such order of this site."),
        }
    }
}
