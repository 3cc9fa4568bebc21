//! Files that the binary carries: the browser SDK, and the dashboard with its pages.

use std::borrow::Cow;
use std::sync::Arc;

use rust_embed::{EmbeddedFile, RustEmbed};
use warp::http::header::{
    ACCEPT_ENCODING, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, ETAG, HeaderName, HeaderValue, IF_NONE_MATCH, REFERRER_POLICY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use warp::http::{HeaderMap, StatusCode};
use warp::reply::{Reply, Response};

use super::host::admit;
use super::request::Request;
use super::route::Reach;
use crate::app::App;
use crate::error::ApiError;

/// The browser SDK, built by `cargo xtask sdk`.
#[derive(RustEmbed)]
#[folder = "$OUT_DIR/embedded/sdk"]
struct Sdk;

/// The dashboard, built by its own bundler.
#[derive(RustEmbed)]
#[folder = "$OUT_DIR/embedded/dashboard"]
struct Dashboard;

const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const X_FRAME_OPTIONS: HeaderName = HeaderName::from_static("x-frame-options");

/// Nothing of another origin, nothing inline, in nobody's frame.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; \
                      form-action 'self'; frame-ancestors 'none'";
/// A script whose name does not change is asked for again after a while, and is mostly not sent again.
const SCRIPT_CACHE: &str = "public, max-age=3600, stale-while-revalidate=86400";
/// A file with its hash in its name is the same for ever.
const ASSET_CACHE: &str = "public, max-age=31536000, immutable";
/// The page that loads them is asked for each time.
const PAGE_CACHE: &str = "no-cache";

/// The one-file SDK.
pub(crate) async fn script(_app: Arc<App>, request: Request) -> Result<Response, ApiError> {
    sdk(&request, "engagetrack.js")
}

/// The SDK for browsers that may not run WebAssembly.
pub(crate) async fn compatible_script(_app: Arc<App>, request: Request) -> Result<Response, ApiError> {
    sdk(&request, "engagetrack.compat.js")
}

fn sdk(request: &Request, name: &str) -> Result<Response, ApiError> {
    let file = negotiated::<Sdk>(name, &request.headers).ok_or_else(|| {
        ApiError::not_found(
            "not_built",
            "The browser SDK is not in this binary: build it with `cargo xtask build`.",
        )
    })?;
    let mut response = answer(file, name, SCRIPT_CACHE, &request.headers);
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    Ok(response)
}

/// A file of the dashboard; its page for every other path, since the dashboard knows its own paths.
pub(crate) fn dashboard(app: &App, request: &Request) -> Result<Response, ApiError> {
    admit(app, request, Reach::OwnHost)?;
    let path = request.path.trim_start_matches('/');
    let is_asset = path.starts_with("assets/");
    let file = negotiated::<Dashboard>(path, &request.headers).filter(|_| path != "index.html");
    let mut response = match (file, is_asset) {
        (Some(file), _) => {
            answer(file, path, if is_asset { ASSET_CACHE } else { PAGE_CACHE }, &request.headers)
        }
        (None, true) => return Err(ApiError::not_found("not_found", "There is no such file.")),
        (None, false) => {
            let page = negotiated::<Dashboard>("index.html", &request.headers).ok_or_else(|| {
                let message = "The dashboard is not in this binary: build it with `cargo xtask build`.";
                ApiError::not_found("not_built", message)
            })?;
            answer(page, "index.html", PAGE_CACHE, &request.headers)
        }
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    Ok(response)
}

/// A file in the best form that the browser reads.
struct Negotiated {
    file: EmbeddedFile,
    encoding: Option<&'static str>,
}

fn negotiated<Files: RustEmbed>(name: &str, headers: &HeaderMap) -> Option<Negotiated> {
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    for (encoding, suffix) in [("br", "br"), ("gzip", "gz")] {
        if accepts(accepted, encoding)
            && let Some(file) = Files::get(&format!("{name}.{suffix}"))
        {
            return Some(Negotiated { file, encoding: Some(encoding) });
        }
    }
    let file = Files::get(name).filter(|_| !name.is_empty())?;
    Some(Negotiated { file, encoding: None })
}

fn accepts(accepted: &str, encoding: &str) -> bool {
    accepted.split(',').any(|offer| {
        let mut parts = offer.split(';').map(str::trim);
        let is_refused =
            |part: &str| part.strip_prefix("q=").is_some_and(|weight| weight.parse() == Ok(0.0_f32));
        parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding)) && !parts.any(is_refused)
    })
}

fn answer(found: Negotiated, name: &str, cache: &'static str, asked: &HeaderMap) -> Response {
    let hash = hex::encode(found.file.metadata.sha256_hash().get(..12).unwrap_or_default());
    let tag = format!("\"{hash}\"");
    let known = asked.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let is_known =
        known.flat_map(|list| list.split(',')).any(|one| one.trim().trim_start_matches("W/") == tag);
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        match found.file.data {
            Cow::Borrowed(bytes) => warp::reply::Response::new(bytes.into()),
            Cow::Owned(bytes) => warp::reply::Response::new(bytes.into()),
        }
    };
    let headers = response.headers_mut();
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    let kind = if kind.type_() == "text" || kind.subtype() == "javascript" {
        format!("{}; charset=utf-8", kind.essence_str())
    } else {
        kind.to_string()
    };
    if let (Ok(kind), Ok(tag)) = (HeaderValue::from_str(&kind), HeaderValue::from_str(&tag)) {
        headers.insert(CONTENT_TYPE, kind);
        headers.insert(ETAG, tag);
    }
    if let Some(encoding) = found.encoding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_is_used_where_it_is_offered_and_not_refused() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("gzip;q=0.5", "gzip"));
        assert!(!accepts("gzip;q=0", "gzip"));
        assert!(!accepts("", "br"));
        assert!(!accepts("brotli", "br"));
    }
}
