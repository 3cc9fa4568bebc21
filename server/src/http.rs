//! HTTP: the table of routes, and the doors around it.

pub(crate) mod account;
pub(crate) mod body;
pub(crate) mod event;
pub(crate) mod files;
pub mod front;
pub(crate) mod health;
pub(crate) mod host;
pub(crate) mod integrations;
pub(crate) mod keys;
pub mod limits;
pub(crate) mod orders;
pub(crate) mod rates;
pub(crate) mod reply;
pub(crate) mod request;
pub(crate) mod route;
pub mod serve;
pub(crate) mod sites;
pub(crate) mod stats;
pub(crate) mod time;
pub(crate) mod users;
pub(crate) mod webhooks;

use std::sync::Arc;

use protocol::{EVENT_PATH, IDENTIFY_PATH};
use warp::filters::BoxedFilter;
use warp::http::Method;
use warp::path::FullPath;
use warp::reply::{Reply, Response};
use warp::{Filter, http::HeaderMap};

use crate::accounts::Scope::{Admin, AnalyticsRead, ImportWrite, IntegrationsWrite, SitesRead, SitesWrite};
use crate::app::App;
use crate::config::Config;
use crate::error::ApiError;
pub use request::{Arrived, RequestId};
use request::{Request, as_bytes};
use route::Access::{Needs, Public, SignedIn};
use route::Route;

/// Every route. The most asked stands first.
#[rustfmt::skip]
pub(crate) fn routes(config: &Config) -> Vec<Route> {
    let own = |path: &Option<String>| path.clone().map(|path| &*path.leak());
    let (event_path, script_path) = (own(&config.event_path), own(&config.script_path));
    let mut table = vec![
        Route::post(EVENT_PATH, Public, event::event),
        Route::options(EVENT_PATH, Public, event::preflight),
        Route::post(IDENTIFY_PATH, Public, event::identify),
        Route::options(IDENTIFY_PATH, Public, event::preflight),
        Route::get("/engagetrack.js", Public, files::script),
        Route::get("/sdk.js", Public, files::script),
        Route::get("/engagetrack.compat.js", Public, files::compatible_script),
        Route::post("/api/v1/webhooks/{provider}/{site}", Public, webhooks::receive),

        Route::get("/api/v1/sites/{site}/stats/{report}", Needs(AnalyticsRead), stats::report),
        Route::get("/api/v1/sites/{site}/stats/orders/{id}", Needs(AnalyticsRead), stats::order),

        Route::get("/api/v1/sites", Needs(SitesRead), sites::list),
        Route::post("/api/v1/sites", Needs(SitesWrite), sites::add),
        Route::get("/api/v1/sites/{site}", Needs(SitesRead), sites::show),
        Route::patch("/api/v1/sites/{site}", Needs(SitesWrite), sites::change),
        Route::get("/api/v1/sites/{site}/status", Needs(SitesRead), sites::status),
        Route::post("/api/v1/sites/{site}/orders", Needs(ImportWrite), orders::add),
        Route::delete("/api/v1/sites/{site}/orders/{id}", Needs(ImportWrite), orders::remove),
        Route::get("/api/v1/sites/{site}/integrations", Needs(SitesRead), integrations::list),
        Route::post("/api/v1/sites/{site}/integrations", Needs(IntegrationsWrite), integrations::add),
        Route::post("/api/v1/sites/{site}/integrations/{provider}/rotate", Needs(IntegrationsWrite), integrations::rotate),
        Route::post("/api/v1/sites/{site}/integrations/{provider}/history", Needs(IntegrationsWrite), integrations::fetch_history),
        Route::delete("/api/v1/sites/{site}/integrations/{provider}", Needs(IntegrationsWrite), integrations::remove),
        Route::get("/api/v1/sites/{site}/keys", Needs(Admin), keys::list),
        Route::post("/api/v1/sites/{site}/keys", Needs(Admin), keys::add),
        Route::delete("/api/v1/sites/{site}/keys/{id}", Needs(Admin), keys::remove),
        Route::get("/api/v1/keys", Needs(Admin), keys::list_general),
        Route::post("/api/v1/keys", Needs(Admin), keys::add_general),
        Route::delete("/api/v1/keys/{id}", Needs(Admin), keys::remove_general),
        Route::get("/api/v1/users", Needs(Admin), users::list),
        Route::post("/api/v1/users", Needs(Admin), users::add),
        Route::delete("/api/v1/users/{id}", Needs(Admin), users::remove),

        Route::get("/api/v1/rates", Needs(AnalyticsRead), rates::show),
        Route::post("/api/v1/rates", Needs(ImportWrite), rates::import),

        Route::get("/api/v1/setup", Public, account::needs_account).on_own_host(),
        Route::post("/api/v1/setup", Public, account::set_up).on_own_host(),
        Route::post("/api/v1/login", Public, account::log_in).on_own_host(),
        Route::post("/api/v1/logout", Public, account::log_out).on_own_host(),
        Route::get("/api/v1/me", SignedIn, account::me),

        Route::get("/healthz", Public, health::live),
        Route::get("/readyz", Public, health::ready),
        Route::get("/metrics", Public, health::metrics).on_own_host(),
    ];
    if let Some(path) = event_path {
        table.push(Route::post(path, Public, event::event));
        table.push(Route::options(path, Public, event::preflight));
    }
    if let Some(path) = script_path {
        table.push(Route::get(path, Public, files::script));
    }
    table
}

/// All routes as one filter that answers everything and rejects nothing.
pub(crate) fn filter(app: &Arc<App>) -> BoxedFilter<(Response,)> {
    let table = routes(&app.config);
    let known: Arc<[_]> = table.iter().map(|route| (route.method.clone(), route.pattern)).collect();
    let last = everything_else(app, known);
    // From the back, so that the first row is the first that is tried.
    table.into_iter().rev().fold(last, |later, route| route.build(app).or(later).unify().boxed())
}

/// What no route takes: a known path by another method, a page of the dashboard, or nothing.
fn everything_else(app: &Arc<App>, known: Arc<[(Method, &'static str)]>) -> BoxedFilter<(Response,)> {
    let app = app.clone();
    warp::path::full()
        .and(warp::method())
        .and(warp::header::headers_cloned())
        .and(warp::ext::optional::<Arrived>())
        .map(move |path: FullPath, method: Method, headers: HeaderMap, arrived: Option<Arrived>| {
            let arrived = arrived.unwrap_or_default();
            let request = Request {
                arrived,
                method,
                route: "/{path*}",
                parameters: Vec::new(),
                path: path.as_str().to_owned(),
                query: String::new(),
                headers,
                body: as_bytes(futures_util::stream::empty::<Result<bytes::Bytes, warp::Error>>()),
            };
            let answer = otherwise(&app, &known, &request);
            answer.unwrap_or_else(|error| error.into_response(arrived.id, request.route))
        })
        .boxed()
}

fn otherwise(app: &App, known: &[(Method, &str)], request: &Request) -> Result<Response, ApiError> {
    let of_path = known.iter().filter(|(_, pattern)| route::parameters(pattern, &request.path).is_some());
    let mut methods: Vec<&str> = of_path.map(|(method, _)| method.as_str()).collect();
    methods.dedup();
    if !methods.is_empty() {
        return Err(ApiError::method_not_allowed(&methods.join(", ")));
    }
    let is_read = matches!(request.method, Method::GET | Method::HEAD);
    if is_read && request.path != "/api" && !request.path.starts_with("/api/") {
        return files::dashboard(app, request).map(Reply::into_response);
    }
    Err(ApiError::not_found("not_found", "There is nothing at this path."))
}

#[cfg(test)]
mod tests;
