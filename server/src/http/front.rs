//! What stands before the routes: it names each request, and adds what every answer carries.

use std::net::IpAddr;
use std::sync::Arc;

use protocol::{EVENT_PATH, IDENTIFY_PATH};
use tower::ServiceExt;
use warp::filters::BoxedFilter;
use warp::http::Request as HttpRequest;
use warp::http::header::{HeaderName, HeaderValue};
use warp::hyper::body::Body;
use warp::reply::Response;

use super::request::{Arrived, RequestId};
use crate::app::App;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The whole of the HTTP side of an application; cheap to clone.
#[derive(Clone)]
pub struct Front {
    app: Arc<App>,
    routes: BoxedFilter<(Response,)>,
}

impl Front {
    /// Builds the routes of an application.
    pub fn new(app: Arc<App>) -> Self {
        Self { routes: super::filter(&app), app }
    }

    /// Answers a request that came over a connection.
    pub async fn answer<B>(&self, peer: IpAddr, request: HttpRequest<B>) -> Response
    where
        B: Body + Send + Sync + 'static,
        B::Data: Send,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        self.route(Arrived { id: RequestId::new(), peer: Some(peer), is_operator: false }, request).await
    }

    /// Answers a request of whoever owns the data directory and stands at its command line.
    pub async fn answer_operator<B>(&self, request: HttpRequest<B>) -> Response
    where
        B: Body + Send + Sync + 'static,
        B::Data: Send,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        self.route(Arrived { id: RequestId::new(), peer: None, is_operator: true }, request).await
    }

    async fn route<B>(&self, arrived: Arrived, mut request: HttpRequest<B>) -> Response
    where
        B: Body + Send + Sync + 'static,
        B::Data: Send,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        request.extensions_mut().insert(arrived);
        let is_open = self.is_open_to_all_origins(request.uri().path());
        let Ok(mut response) = warp::service(self.routes.clone()).oneshot(request).await;
        self.app.counters.answered(response.status().as_u16());
        if is_open {
            super::event::open_to_all_origins(response.headers_mut());
        }
        if let Ok(id) = HeaderValue::from_str(&arrived.id.to_string()) {
            response.headers_mut().insert(X_REQUEST_ID, id);
        }
        tracing::debug!(request_id = %arrived.id, status = response.status().as_u16(), "answered");
        response
    }

    fn is_open_to_all_origins(&self, path: &str) -> bool {
        path == EVENT_PATH || path == IDENTIFY_PATH || self.app.config.event_path.as_deref() == Some(path)
    }
}
