//! One route: its method, its path, who may call it, from where, and what answers.

use std::sync::Arc;

use percent_encoding::percent_decode_str;
use warp::filters::BoxedFilter;
use warp::http::{HeaderMap, Method};
use warp::path::FullPath;
use warp::reply::{Reply, Response};
use warp::{Filter, Rejection};

use super::request::{Arrived, Request, as_bytes};
use crate::accounts::Scope;
use crate::app::App;
use crate::error::ApiError;

/// Whom a route answers. Handlers ask for it themselves; the table says it so that a test can hold them to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Everyone.
    Public,
    /// Whoever is signed in to the dashboard.
    SignedIn,
    /// The dashboard, or a key with the scope.
    Needs(Scope),
}

/// On which hosts a route answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// On every host: a shop's own proxy may forward it.
    AnyHost,
    /// On the host of the public URL alone.
    OwnHost,
}

/// Makes a route's filter for an application.
type Build = Box<dyn FnOnce(&Arc<App>, Reach) -> BoxedFilter<(Response,)>>;

/// One row of the table of routes.
pub(crate) struct Route {
    pub(crate) method: Method,
    pub(crate) pattern: &'static str,
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "the test that walks the table holds the handlers to it")
    )]
    pub(crate) access: Access,
    pub(crate) reach: Reach,
    build: Build,
}

impl Route {
    fn new<H, F, R>(method: Method, pattern: &'static str, access: Access, handler: H) -> Self
    where
        H: Fn(Arc<App>, Request) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Result<R, ApiError>> + Send + 'static,
        R: Reply,
    {
        let accepted = method.clone();
        let build = Box::new(move |app: &Arc<App>, reach| filter(app, &accepted, pattern, reach, handler));
        let reach = if access == Access::Public { Reach::AnyHost } else { Reach::OwnHost };
        Self { method, pattern, access, reach, build }
    }

    /// The same, on the host of the public URL alone.
    pub(crate) fn on_own_host(mut self) -> Self {
        self.reach = Reach::OwnHost;
        self
    }

    /// The filter that it is.
    pub(crate) fn build(self, app: &Arc<App>) -> BoxedFilter<(Response,)> {
        (self.build)(app, self.reach)
    }
}

/// A row of the table for each method: the pattern holds `{…}` where a segment is a parameter, `{…*}` for the rest.
macro_rules! rows {
    ($($name:ident $method:ident),*) => {
        impl Route {
            $(
                #[doc = concat!("A row of the table that answers ", stringify!($method), ".")]
                pub(crate) fn $name<H, F, R>(pattern: &'static str, access: Access, handler: H) -> Self
                where
                    H: Fn(Arc<App>, Request) -> F + Clone + Send + Sync + 'static,
                    F: Future<Output = Result<R, ApiError>> + Send + 'static,
                    R: Reply,
                {
                    Self::new(Method::$method, pattern, access, handler)
                }
            )*
        }
    };
}

rows!(get GET, post POST, patch PATCH, delete DELETE, options OPTIONS);

/// Path, method, context, headers, body, handler. The path stands before the method, so that a path that is not
/// ours is 404 whatever the method.
fn filter<H, F, R>(
    app: &Arc<App>,
    method: &Method,
    pattern: &'static str,
    reach: Reach,
    handler: H,
) -> BoxedFilter<(Response,)>
where
    H: Fn(Arc<App>, Request) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<R, ApiError>> + Send + 'static,
    R: Reply,
{
    let app = app.clone();
    at(pattern)
        .and(of_method(method))
        .and(warp::method())
        .and(warp::path::full())
        .and(warp::query::raw().or(warp::any().map(String::new)).unify())
        .and(warp::header::headers_cloned())
        .and(warp::ext::optional::<Arrived>())
        .and(warp::body::stream())
        .then(
            move |parameters,
                  method,
                  path: FullPath,
                  query,
                  headers: HeaderMap,
                  arrived: Option<Arrived>,
                  body| {
                let request = Request {
                    arrived: arrived.unwrap_or_default(),
                    method,
                    route: pattern,
                    parameters,
                    path: path.as_str().to_owned(),
                    query,
                    headers,
                    body: as_bytes(body),
                };
                answer(app.clone(), request, reach, handler.clone())
            },
        )
        .boxed()
}

async fn answer<H, F, R>(app: Arc<App>, request: Request, reach: Reach, handler: H) -> Response
where
    H: Fn(Arc<App>, Request) -> F,
    F: Future<Output = Result<R, ApiError>>,
    R: Reply,
{
    let (id, route) = (request.arrived.id, request.route);
    let answer = match super::host::admit(&app, &request, reach) {
        Ok(()) => handler(app, request).await,
        Err(refusal) => Err(refusal),
    };
    match answer {
        Ok(reply) => reply.into_response(),
        Err(error) => error.into_response(id, route),
    }
}

/// Matches a pattern against the whole path, and gives its parameters.
fn at(pattern: &'static str) -> impl Filter<Extract = (Vec<String>,), Error = Rejection> + Clone {
    warp::path::full().and_then(move |path: FullPath| {
        std::future::ready(parameters(pattern, path.as_str()).ok_or_else(warp::reject::not_found))
    })
}

/// The parameters of a path that fits a pattern; percent-encoding undone.
pub(crate) fn parameters(pattern: &str, path: &str) -> Option<Vec<String>> {
    let mut found = Vec::new();
    let mut rest = path.strip_prefix('/')?;
    let mut segments = pattern.strip_prefix('/')?.split('/').peekable();
    while let Some(segment) = segments.next() {
        if segment.ends_with("*}") {
            found.push(rest.to_owned());
            return Some(found);
        }
        let (here, after) = match rest.split_once('/') {
            Some((here, after)) if segments.peek().is_some() => (here, after),
            None if segments.peek().is_none() => (rest, ""),
            _ => return None,
        };
        if segment.starts_with('{') {
            let text = percent_decode_str(here).decode_utf8().ok().filter(|text| !text.is_empty())?;
            found.push(text.into_owned());
        } else if segment != here {
            return None;
        }
        rest = after;
    }
    Some(found)
}

/// A GET also answers HEAD: hyper leaves the body out.
fn of_method(method: &Method) -> BoxedFilter<()> {
    let method = method.clone();
    warp::method()
        .and_then(move |asked: Method| {
            let fits = asked == method || (method == Method::GET && asked == Method::HEAD);
            std::future::ready(if fits { Ok(()) } else { Err(warp::reject::not_found()) })
        })
        .untuple_one()
        .boxed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_fits_whole_paths_and_gives_their_parameters() {
        let check = |pattern: &str, path: &str, expected: Option<&[&str]>| {
            let found = parameters(pattern, path);
            assert_eq!(
                found.as_ref().map(|all| all.iter().map(String::as_str).collect::<Vec<_>>()).as_deref(),
                expected
            );
        };
        check("/api/v1/event", "/api/v1/event", Some(&[]));
        check("/api/v1/event", "/api/v1/event/", None);
        check("/api/v1/event", "/api/v1/events", None);
        check("/api/v1/event", "/api/v1", None);
        check("/sites/{site}", "/sites/pk_1", Some(&["pk_1"]));
        check("/sites/{site}", "/sites/", None);
        check("/sites/{site}/orders/{id}", "/sites/pk_1/orders/A%2F1", Some(&["pk_1", "A/1"]));
        check("/sites/{site}/orders/{id}", "/sites/pk_1/orders", None);
        check("/{path*}", "/assets/a.js", Some(&["assets/a.js"]));
        check("/{path*}", "/", Some(&[""]));
        check("/api/{path*}", "/api/x/y", Some(&["x/y"]));
    }
}
