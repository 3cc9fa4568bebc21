//! Errors as callers see them: the only place that knows which status they have.

use std::fmt;

use serde_json::{Map, Value, json};
use warp::http::header::{ALLOW, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use warp::http::{HeaderMap, StatusCode};
use warp::reply::{Reply, Response};

use crate::http::RequestId;
use crate::secrets::VaultError;
use crate::store::{ReadError, Unavailable};

/// What kind of answer an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The request is malformed or says something that cannot be.
    Invalid,
    /// Nobody known asks.
    Unauthorized,
    /// Someone known asks for what is not theirs.
    Forbidden,
    /// There is no such thing.
    NotFound,
    /// The thing is there, but not for this method.
    MethodNotAllowed,
    /// The body did not arrive in time.
    TimedOut,
    /// It contradicts what is there.
    Conflict,
    /// The body is too long.
    TooLarge,
    /// Too much in too short a time.
    TooMany,
    /// It could not be made durable now.
    Unavailable,
    /// It failed, and nobody outside is told how.
    Internal,
}

impl ErrorKind {
    fn status(self) -> StatusCode {
        match self {
            Self::Invalid => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TimedOut => StatusCode::REQUEST_TIMEOUT,
            Self::Conflict => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// An error as its caller sees it, with what the log alone is told.
#[derive(Debug)]
pub struct ApiError {
    kind: ErrorKind,
    code: &'static str,
    message: String,
    field: Option<String>,
    extra: Box<Extra>,
}

#[derive(Debug, Default)]
struct Extra {
    members: Map<String, Value>,
    headers: HeaderMap,
    inside: Option<String>,
}

impl ApiError {
    /// An error of a kind: a code for programs, a sentence for people.
    pub fn new(kind: ErrorKind, code: &'static str, message: impl Into<String>) -> Self {
        Self { kind, code, message: message.into(), field: None, extra: Box::default() }
    }

    /// A field holds what it cannot hold.
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Invalid, "invalid", message).with_field(Some(field.to_owned()))
    }

    /// Nobody known asks.
    pub fn unauthorized(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unauthorized, code, message).with_header(WWW_AUTHENTICATE, "Bearer")
    }

    /// Someone known asks for what is not theirs.
    pub fn forbidden(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Forbidden, code, message)
    }

    /// There is no such thing.
    pub fn not_found(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::NotFound, code, message)
    }

    /// There is no such site.
    pub fn unknown_site(id: &str) -> Self {
        Self::not_found(
            "unknown_site",
            format!("There is no site {id:?}: check its id, pk_live_ and 24 digits."),
        )
    }

    /// The thing is there, for other methods.
    pub fn method_not_allowed(allowed: &str) -> Self {
        Self::new(ErrorKind::MethodNotAllowed, "method_not_allowed", format!("This path answers {allowed}."))
            .with_header(ALLOW, allowed)
    }

    /// It contradicts what is there.
    pub fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Conflict, code, message)
    }

    /// Too much in too short a time; try again after so many seconds.
    pub fn too_many(message: impl Into<String>, retry_after_s: u64) -> Self {
        Self::new(ErrorKind::TooMany, "rate_limited", message)
            .with_header(RETRY_AFTER, &retry_after_s.to_string())
    }

    /// It could not be made durable now.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unavailable, "unavailable", message).with_header(RETRY_AFTER, "1")
    }

    /// A payment provider does not answer as it should; try again after so many seconds.
    pub fn provider_unavailable(message: impl Into<String>, retry_after_s: u64) -> Self {
        Self::new(ErrorKind::Unavailable, "provider_unavailable", message)
            .with_header(RETRY_AFTER, &retry_after_s.to_string())
    }

    /// A payment provider is asked too often; try again after so many seconds.
    pub fn provider_rate_limited(message: impl Into<String>, retry_after_s: u64) -> Self {
        Self::new(ErrorKind::TooMany, "provider_rate_limited", message)
            .with_header(RETRY_AFTER, &retry_after_s.to_string())
    }

    /// It failed; the log is told how, the caller is not.
    pub fn internal(inside: impl Into<String>) -> Self {
        let message = "Something failed inside the server; its log has the request id.";
        let mut error = Self::new(ErrorKind::Internal, "internal", message);
        error.extra.inside = Some(inside.into());
        error
    }

    /// Names the field at fault.
    #[must_use]
    pub fn with_field(mut self, field: Option<String>) -> Self {
        self.field = field;
        self
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.extra.headers.insert(name, value);
        }
        self
    }

    /// Adds a member to the body.
    #[must_use]
    pub fn with_member(mut self, name: &str, value: Value) -> Self {
        self.extra.members.insert(name.to_owned(), value);
        self
    }

    /// What kind of answer it is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The code for programs.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The answer, once logged where it is ours to mend.
    pub(crate) fn into_response(self, request_id: RequestId, route: &str) -> Response {
        if let Some(inside) = &self.extra.inside {
            tracing::error!(%request_id, route, error = inside.as_str(), "a request failed");
        }
        let mut body = self.extra.members;
        body.insert("error".to_owned(), json!(self.message));
        body.insert("code".to_owned(), json!(self.code));
        body.insert("request_id".to_owned(), json!(request_id.to_string()));
        if let Some(field) = self.field {
            body.insert("field".to_owned(), json!(field));
        }
        let reply = warp::reply::with_status(warp::reply::json(&body), self.kind.status());
        let mut response = reply.into_response();
        response.headers_mut().extend(self.extra.headers);
        response
    }
}

/// As the log says it.
impl fmt::Display for ApiError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inside = self.extra.inside.as_deref().unwrap_or(&self.message);
        write!(formatter, "{}: {inside}", self.code)
    }
}

impl std::error::Error for ApiError {}

impl From<Unavailable> for ApiError {
    fn from(error: Unavailable) -> Self {
        match error {
            Unavailable::Full => {
                Self::unavailable("The server is taking in more than it can store; try again.")
            }
            Unavailable::Stopped => {
                Self::unavailable("The server cannot store anything now; try again, and see its log.")
            }
        }
    }
}

impl From<ReadError> for ApiError {
    fn from(error: ReadError) -> Self {
        Self::internal(error.to_string())
    }
}

impl From<VaultError> for ApiError {
    fn from(error: VaultError) -> Self {
        Self::internal(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(error: impl Into<ApiError>) -> u16 {
        error.into().into_response(RequestId::new(), "test").status().as_u16()
    }

    #[test]
    fn every_error_has_the_status_of_the_contract() {
        assert_eq!(status(ApiError::invalid("url", "")), 400);
        assert_eq!(status(ApiError::unauthorized("x", "")), 401);
        assert_eq!(status(ApiError::forbidden("x", "")), 403);
        assert_eq!(status(ApiError::unknown_site("x")), 404);
        assert_eq!(status(ApiError::method_not_allowed("GET")), 405);
        assert_eq!(status(ApiError::conflict("x", "")), 409);
        assert_eq!(status(ApiError::new(ErrorKind::TooLarge, "x", "")), 413);
        assert_eq!(status(ApiError::too_many("", 3)), 429);
        assert_eq!(status(Unavailable::Full), 503);
        assert_eq!(status(Unavailable::Stopped), 503);
        assert_eq!(status(ReadError("disk".to_owned())), 500);
        assert_eq!(status(VaultError::Sealed), 500);
    }

    #[test]
    fn what_failed_inside_stays_inside() {
        let error = ApiError::from(ReadError("/secret/path is torn".to_owned()));
        assert!(!error.message.contains("secret"));
        assert_eq!(error.code(), "internal");
    }

    #[test]
    fn an_answer_that_asks_to_wait_says_how_long() {
        let response = ApiError::from(Unavailable::Full).into_response(RequestId::new(), "test");
        assert_eq!(response.headers()[RETRY_AFTER], "1");
        let response = ApiError::too_many("", 7).into_response(RequestId::new(), "test");
        assert_eq!(response.headers()[RETRY_AFTER], "7");
    }
}
