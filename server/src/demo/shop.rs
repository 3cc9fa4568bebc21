//! The shop: a few pages with the script tag in them, and a button that pays.

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use rust_embed::RustEmbed;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use super::provider;

/// Connections of the shop at once; it is for one person.
const CONNECTIONS: usize = 64;
/// Bytes of an order.
const ORDER_BYTES: usize = 64 * 1024;

/// The shop's pages.
#[derive(RustEmbed)]
#[folder = "$OUT_DIR/embedded/demo"]
struct Pages;

/// A shop whose tag sends to one server.
pub(super) struct Shop {
    origin: String,
    site_id: String,
    webhook_url: String,
    secret: String,
}

impl Shop {
    /// A shop for a site of the server at `origin`, whose payments are signed with `secret`.
    pub(super) fn new(origin: &str, site_id: &str, secret: String) -> Self {
        Self {
            origin: origin.to_owned(),
            site_id: site_id.to_owned(),
            webhook_url: format!("{origin}/api/v1/webhooks/stripe/{site_id}"),
            secret,
        }
    }

    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        if request.method() == Method::POST && request.uri().path() == "/pay" {
            return self.pay(request.into_body()).await;
        }
        let path = request.uri().path().trim_matches('/');
        let name = match path {
            "" => "index.html".to_owned(),
            path if path.contains('.') => path.to_owned(),
            path => format!("{path}.html"),
        };
        match Pages::get(&name) {
            Some(file) => {
                let kind = mime_guess::from_path(&name).first_or_octet_stream();
                response(StatusCode::OK, kind.as_ref(), self.filled(&name, &file.data))
            }
            None => response(
                StatusCode::NOT_FOUND,
                "text/plain; charset=utf-8",
                Bytes::from("The shop has no such page."),
            ),
        }
    }

    /// A page with its placeholders filled.
    fn filled(&self, name: &str, data: &[u8]) -> Bytes {
        match std::str::from_utf8(data) {
            Ok(text) if mime_guess::from_path(name).first() == Some(mime_guess::mime::TEXT_HTML) => text
                .replace("{{SDK_ORIGIN}}", &self.origin)
                .replace("{{DASHBOARD}}", &self.origin)
                .replace("{{SITE_ID}}", &self.site_id)
                .into(),
            _ => Bytes::copy_from_slice(data),
        }
    }

    async fn pay(&self, body: Incoming) -> Response<Full<Bytes>> {
        let paid = async {
            let body = Limited::new(body, ORDER_BYTES).collect().await;
            let body =
                body.map_err(|error| anyhow::anyhow!("the order could not be read: {error}"))?.to_bytes();
            let order: Value = serde_json::from_slice(&body)?;
            provider::pay(&self.webhook_url, &self.secret, &order).await
        };
        let (status, answer) = match paid.await {
            Ok(intent) => (StatusCode::OK, json!({ "payment_intent": intent })),
            Err(error) => (StatusCode::BAD_REQUEST, json!({ "error": format!("{error:#}") })),
        };
        response(status, "application/json", answer.to_string().into())
    }
}

fn response(status: StatusCode, kind: &str, body: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    if let Ok(kind) = kind.parse() {
        response.headers_mut().insert(CONTENT_TYPE, kind);
    }
    response.headers_mut().insert(CACHE_CONTROL, hyper::header::HeaderValue::from_static("no-cache"));
    response
}

/// Serves the shop until it is aborted.
pub(super) async fn serve(listener: TcpListener, shop: Arc<Shop>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = places.clone().acquire_owned().await else { return };
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "the shop could not take a connection");
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                continue;
            }
        };
        let shop = shop.clone();
        tokio::spawn(async move {
            let service = service_fn(|request| {
                let shop = shop.clone();
                async move { Ok::<_, Infallible>(shop.answer(request).await) }
            });
            if let Err(error) = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await {
                tracing::debug!(%error, "a connection of the shop ended early");
            }
            drop(place);
        });
    }
}
