//! Bodies: read with a limit and within a time, decoded with the field at fault named.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use warp::http::header::CONTENT_TYPE;

use super::request::Request;
use crate::error::{ApiError, ErrorKind};

/// Bytes of a body of the dashboard or of an administrator.
const SMALL_BYTES: usize = 64 * 1024;
/// Bytes of a body that is too long which are read all the same: a sender that still writes when the connection is
/// closed would see it break and never read the answer.
const PASSED_OVER_BYTES: usize = 4 * 1024 * 1024;
/// How long that may take.
const PASS_OVER_TIMEOUT: Duration = Duration::from_secs(5);
/// A phone on a poor line sends 256 KiB in this; a sender that trickles does not hold a connection longer.
const READ_TIMEOUT: Duration = Duration::from_secs(20);

/// Reads the whole body, at most `limit` bytes of it.
pub(crate) async fn read(request: &mut Request, limit: usize) -> Result<Bytes, ApiError> {
    let whole = tokio::time::timeout(READ_TIMEOUT, collect(request, limit)).await.unwrap_or_else(|_| {
        Err(ApiError::new(
            ErrorKind::TimedOut,
            "body_timeout",
            "The body did not arrive in time; send it again.",
        ))
    })?;
    if let Some(whole) = whole {
        return Ok(whole);
    }
    let in_time = tokio::time::timeout(PASS_OVER_TIMEOUT, pass_over(request)).await.is_ok();
    tracing::debug!(in_time, "a body was longer than {limit} bytes");
    let message = format!("The body is longer than {limit} bytes; send less at once.");
    Err(ApiError::new(ErrorKind::TooLarge, "too_large", message))
}

/// The whole body; none when it is longer than the limit.
async fn collect(request: &mut Request, limit: usize) -> Result<Option<Bytes>, ApiError> {
    let announced =
        request.header(warp::http::header::CONTENT_LENGTH).and_then(|text| text.parse::<u64>().ok());
    if announced.is_some_and(|bytes| bytes > limit as u64) {
        return Ok(None);
    }
    let mut whole = Bytes::new();
    while let Some(chunk) = request.body.next().await {
        let chunk = chunk.map_err(|_| {
            ApiError::new(
                ErrorKind::Invalid,
                "body_incomplete",
                "The body ended before it was whole; send it again.",
            )
        })?;
        if whole.len() + chunk.len() > limit {
            return Ok(None);
        }
        // Nearly every body comes in one piece, and is then never copied.
        whole = if whole.is_empty() { chunk } else { join(whole, &chunk) };
    }
    Ok(Some(whole))
}

/// Reads on without keeping anything, up to a limit.
async fn pass_over(request: &mut Request) {
    let mut bytes = 0;
    while let Some(Ok(chunk)) = request.body.next().await {
        bytes += chunk.len();
        if bytes > PASSED_OVER_BYTES {
            break;
        }
    }
}

fn join(first: Bytes, second: &[u8]) -> Bytes {
    let mut both = first.try_into_mut().unwrap_or_else(|first| BytesMut::from(&first[..]));
    both.extend_from_slice(second);
    both.freeze()
}

/// Reads a JSON body of the dashboard or of an administrator; the content type must say that it is JSON, for a
/// page of another origin cannot say so without asking.
pub(crate) async fn json<T: DeserializeOwned>(request: &mut Request) -> Result<T, ApiError> {
    if !is_json(request) {
        let message = "Send the body as JSON, with the header Content-Type: application/json.";
        return Err(ApiError::new(ErrorKind::Invalid, "not_json", message));
    }
    let bytes = read(request, SMALL_BYTES).await?;
    let mut deserializer = serde_json::Deserializer::from_slice(&bytes);
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let field = (path != ".").then_some(path);
        ApiError::new(ErrorKind::Invalid, "invalid", sentence(&error.into_inner().to_string()))
            .with_field(field)
    })
}

/// Whether the content type is JSON.
pub(crate) fn is_json(request: &Request) -> bool {
    request.header(CONTENT_TYPE).is_some_and(|value| {
        let kind = value.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("application/json")
    })
}

fn sentence(problem: &str) -> String {
    let mut letters = problem.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}
