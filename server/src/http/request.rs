//! A request as handlers see it: what a route was matched with, and who sent it.

use std::fmt;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::{Buf, Bytes};
use futures_util::Stream;
use warp::http::{HeaderMap, HeaderName, Method};

use crate::config::{Network, client_address};

/// Names one request in its answer and in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestId(u64);

impl RequestId {
    /// The next one of this process.
    #[expect(clippy::new_without_default, reason = "two of them are never the same")]
    pub fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// Tells the requests of one process from those of another.
        static PROCESS: OnceLock<String> = OnceLock::new();
        let process = PROCESS.get_or_init(|| crate::secrets::random_hex(4).unwrap_or_default());
        write!(formatter, "{process}{:08x}", self.0)
    }
}

/// What is known of a request before a route is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Arrived {
    /// Its name.
    pub id: RequestId,
    /// The other end of the connection; none within the process.
    pub peer: Option<IpAddr>,
    /// Whether it comes from the command line on a stopped data directory, whose owner may do everything.
    pub is_operator: bool,
}

impl Default for Arrived {
    /// A stranger without an address.
    fn default() -> Self {
        Self { id: RequestId::new(), peer: None, is_operator: false }
    }
}

type Body = Pin<Box<dyn Stream<Item = Result<Bytes, warp::Error>> + Send>>;

/// A request that a route has taken.
pub(crate) struct Request {
    pub(crate) arrived: Arrived,
    pub(crate) method: Method,
    /// The route's pattern, fit for the log: it holds no one's ids.
    pub(crate) route: &'static str,
    pub(crate) parameters: Vec<String>,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
}

impl Request {
    /// The path's parameters, in its order; an empty text where there is none of that number.
    pub(crate) fn parameter(&self, place: usize) -> &str {
        self.parameters.get(place).map_or("", String::as_str)
    }

    /// A header as text.
    pub(crate) fn header(&self, name: HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The value of a cookie.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        let lines = self.headers.get_all(warp::http::header::COOKIE).iter();
        lines
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(key, value)| (key == name).then_some(value))
    }

    /// The address of whoever began the request.
    pub(crate) fn client(&self, trusted: &[Network]) -> Option<IpAddr> {
        let forwarded: Vec<&str> =
            self.headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok()).collect();
        self.arrived.peer.map(|peer| client_address(peer, &forwarded, trusted))
    }
}

/// A stream of whatever buffers, as bytes.
pub(crate) fn as_bytes(stream: impl Stream<Item = Result<impl Buf, warp::Error>> + Send + 'static) -> Body {
    use futures_util::TryStreamExt;
    Box::pin(stream.map_ok(|mut buffer| buffer.copy_to_bytes(buffer.remaining())))
}
