//! Which host a request was sent to, and which page sent it: the dashboard answers on its own host alone.

use warp::http::header::{AUTHORIZATION, HOST, ORIGIN};

use super::request::Request;
use super::route::Reach;
use crate::app::App;
use crate::config::is_loopback_host;
use crate::error::ApiError;

/// Lets a request through to a route, or says where the route answers.
///
/// A key is no ambient credential, so whoever bears one may also come by this machine's own address.
pub(crate) fn admit(app: &App, request: &Request, reach: Reach) -> Result<(), ApiError> {
    if reach == Reach::AnyHost || request.arrived.is_operator {
        return Ok(());
    }
    let public = &app.config.public_url;
    let host = authority(request).map_or("", without_port);
    let by_loopback =
        is_loopback_host(host) && (public.is_loopback() || request.headers.contains_key(AUTHORIZATION));
    if host.eq_ignore_ascii_case(public.host()) || by_loopback {
        return Ok(());
    }
    let message = format!(
        "This host serves the script and takes events; dashboard and API are at {}. If this host should serve \
         them, start the server with --public-url.",
        public.origin()
    );
    Err(ApiError::not_found("wrong_host", message))
}

/// Holds a change of state to the dashboard's own pages: the browser's `Origin` is that of the host asked.
pub(crate) fn same_origin(app: &App, request: &Request) -> Result<(), ApiError> {
    let Some(origin) = request.header(ORIGIN) else {
        return Err(foreign(
            "A change by the dashboard carries the header Origin; programs use an API key instead.",
        ));
    };
    if origin == app.config.public_url.origin() || is_of_host(origin, authority(request)) {
        return Ok(());
    }
    Err(foreign("This change was asked by a page of another origin, and was refused."))
}

/// The same for what a program without a cookie may ask too: a browser's `Origin` must be right where there is one.
pub(crate) fn same_origin_if_browser(app: &App, request: &Request) -> Result<(), ApiError> {
    if request.headers.contains_key(ORIGIN) { same_origin(app, request) } else { Ok(()) }
}

fn foreign(message: &str) -> ApiError {
    ApiError::forbidden("wrong_origin", message)
}

fn is_of_host(origin: &str, authority: Option<&str>) -> bool {
    let host = origin.split_once("://").map(|(_, host)| host);
    host.zip(authority).is_some_and(|(host, authority)| host.eq_ignore_ascii_case(authority))
}

fn authority(request: &Request) -> Option<&str> {
    request.header(HOST)
}

fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_cut_and_an_address_in_brackets_is_not() {
        assert_eq!(without_port("stats.example:8080"), "stats.example");
        assert_eq!(without_port("stats.example"), "stats.example");
        assert_eq!(without_port("[::1]:80"), "[::1]");
        assert_eq!(without_port("[::1]"), "[::1]");
    }

    #[test]
    fn an_origin_is_of_a_host_with_its_port() {
        assert!(is_of_host("http://127.0.0.1:8080", Some("127.0.0.1:8080")));
        assert!(!is_of_host("http://127.0.0.1:9999", Some("127.0.0.1:8080")));
        assert!(!is_of_host("null", Some("127.0.0.1:8080")));
        assert!(!is_of_host("http://evil.example", None));
    }
}
