//! Successful answers.

use serde::Serialize;
use serde_json::json;
use warp::http::header::{CACHE_CONTROL, HeaderValue, SET_COOKIE};
use warp::http::{Response as HttpResponse, StatusCode};
use warp::reply::{Reply, Response};

use crate::error::ApiError;

/// `{"success": true, "data": …}`.
pub(crate) fn data(data: impl Serialize) -> Response {
    let mut response = warp::reply::json(&json!({ "success": true, "data": data })).into_response();
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The same for what was made just now.
pub(crate) fn created(value: impl Serialize) -> Response {
    warp::reply::with_status(data(value), StatusCode::CREATED).into_response()
}

/// Taken in, and durable.
pub(crate) fn accepted(body: impl Reply) -> Response {
    warp::reply::with_status(body, StatusCode::ACCEPTED).into_response()
}

/// Sets a cookie on an answer.
pub(crate) fn with_cookie(mut response: Response, cookie: &str) -> Result<Response, ApiError> {
    let value =
        HeaderValue::from_str(cookie).map_err(|_| ApiError::internal("a cookie is no header value"))?;
    response.headers_mut().insert(SET_COOKIE, value);
    Ok(response)
}

/// Nothing to say.
pub(crate) fn nothing() -> Response {
    let mut response = HttpResponse::new(warp::reply::reply().into_response().into_body());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}
