//! Whether the server lives, whether it may be sent traffic, and its counters.

use std::sync::Arc;

use serde_json::json;
use warp::http::header::{CONTENT_TYPE, HeaderValue};
use warp::reply::{Reply, Response};

use super::request::Request;
use crate::app::App;
use crate::clock::DAY_MS;
use crate::error::ApiError;

/// The process answers.
pub(crate) async fn live(_app: Arc<App>, _request: Request) -> Result<Response, ApiError> {
    Ok(warp::reply::json(&json!({ "status": "ok" })).into_response())
}

/// The store acknowledges: an empty batch goes the whole way.
pub(crate) async fn ready(app: Arc<App>, _request: Request) -> Result<Response, ApiError> {
    app.store.commit(Vec::new()).await?;
    Ok(warp::reply::json(&json!({ "status": "ok" })).into_response())
}

/// Counters in Prometheus' text format.
pub(crate) async fn metrics(app: Arc<App>, _request: Request) -> Result<Response, ApiError> {
    let mut text = app.counters.render();
    if let Some(latest) = app.store.rates().latest() {
        // Whoever watches is told of rates that grow old by the age of this.
        let name = "engagetrack_rates_latest_day_timestamp_seconds";
        let at_s = i64::from(latest) * (DAY_MS / 1_000);
        text.push_str(&format!(
            "# HELP {name} The last day with exchange rates.\n# TYPE {name} gauge\n{name} {at_s}\n"
        ));
    }
    let mut response = text.into_response();
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    Ok(response)
}
