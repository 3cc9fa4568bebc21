//! Whether the server lives, whether it may be sent traffic, and its counters.

use std::sync::Arc;

use serde_json::json;
use warp::http::header::{CONTENT_TYPE, HeaderValue};
use warp::reply::{Reply, Response};

use super::request::Request;
use crate::app::App;
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
    let mut response = app.counters.render().into_response();
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    Ok(response)
}
