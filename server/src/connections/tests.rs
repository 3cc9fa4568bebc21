//! Connections against stand-ins for the providers: whole or not at all, looked after, turned, taken off.

mod connecting;
mod failing;
mod past;
mod sale;
mod sent;
mod standin;

use base64::Engine as _;
use bytes::Bytes;
use hmac::{Hmac, Mac};
use http_body_util::{BodyExt, Full};
use serde_json::{Value, json};
use sha2::Sha256;
use std::sync::Arc;
use std::time::Duration;
use warp::http::Request;

use crate::app::App;
use crate::catalogue::{Connection, Integration};
use crate::clock::{Clock, Millis};
use crate::config::Config;
use crate::connections::history::advance;
use crate::http::front::Front;
use crate::ingest::Ingest;
use crate::payments::{Order, Provider};
use crate::secrets::Vault;
use crate::store::embedded::Embedded;
use standin::StandIn;

const NOW_MS: Millis = 1_795_600_000_000;
const PROVIDERS: [Provider; 4] =
    [Provider::Stripe, Provider::LemonSqueezy, Provider::Paddle, Provider::Polar];

/// A key of each provider, the host that knows it, and whether it moves live money.
fn key(provider: Provider) -> (&'static str, &'static str, bool) {
    match provider {
        Provider::Stripe | Provider::Api => ("rk_live_51HyZsecretsecret", "stripe", true),
        Provider::LemonSqueezy => ("eyJ0eXAi.secret.lemon", "lemonsqueezy", false),
        Provider::Paddle => ("pdl_sdbx_apikey_01secret", "paddle-sandbox", false),
        Provider::Polar => ("polar_oat_secretsecret", "polar-sandbox", false),
    }
}

/// A server with one site, and a stand-in for one provider.
struct Server {
    app: Arc<App>,
    front: Front,
    store: Arc<Embedded>,
    site: String,
    provider: Provider,
    stand_in: StandIn,
    dir: tempfile::TempDir,
}

impl Server {
    async fn start(provider: Provider) -> Self {
        Self::start_at(provider, "https://stats.example").await
    }

    async fn start_at(provider: Provider, public_url: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (key, knows, _) = key(provider);
        let (stand_in, hosts) = StandIn::start(provider, key, knows).await;
        let mut config = Config::new("127.0.0.1:8080".parse().unwrap(), dir.path().to_owned());
        config.public_url = public_url.parse().unwrap();
        config.provider_hosts = hosts;
        config.provider_timeout = Duration::from_secs(2);
        let (app, store) = open(config, Clock::manual(NOW_MS));
        let front = Front::new(app.clone());
        let mut server = Self { app, front, store, site: String::new(), provider, stand_in, dir };
        let (_, made) = server.ask("POST", "/api/v1/sites", &json!({"domain": "shop.example"})).await;
        server.site = made["data"]["site_id"].as_str().unwrap().to_owned();
        server
    }

    /// The same after a restart.
    async fn restarted(self) -> Self {
        let (config, clock) = (self.app.config.clone(), self.app.clock.clone());
        let store = self.store.clone();
        tokio::task::spawn_blocking(move || store.close()).await.unwrap();
        let Self { site, provider, stand_in, dir, app, front, store } = self;
        drop((app, front, store));
        let (app, store) = open(config, clock);
        Self { front: Front::new(app.clone()), app, store, site, provider, stand_in, dir }
    }

    async fn ask(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
        let request = request.body(Full::new(Bytes::from(body.to_string()))).unwrap();
        let response = self.front.answer_operator(request).await;
        let status = response.status().as_u16();
        let text = response.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&text).unwrap_or_default())
    }

    fn path(&self, rest: &str) -> String {
        format!("/api/v1/sites/{}/integrations{rest}", self.site)
    }

    fn one(&self, rest: &str) -> String {
        self.path(&format!("/{}{rest}", self.provider.name()))
    }

    async fn connect(&self) -> (u16, Value) {
        self.connect_by(key(self.provider).0).await
    }

    async fn connect_by(&self, key: &str) -> (u16, Value) {
        let body = json!({"provider": self.provider.name(), "api_key": key});
        self.ask("POST", &self.path(""), &body).await
    }

    /// Connects, and expects that it can be done.
    async fn connected(&self) -> Value {
        let (status, answer) = self.connect().await;
        assert_eq!(status, 201, "{answer} {:?}", self.stand_in.state().faults);
        answer["data"].clone()
    }

    /// The provider's row of the list.
    async fn shown(&self) -> Value {
        self.ask("GET", &self.path(""), &json!({})).await.1["data"][0].clone()
    }

    fn integration(&self) -> Option<Integration> {
        self.app.store.catalogue().integration(&self.site, self.provider).cloned()
    }

    fn connection(&self) -> Connection {
        *self.integration().unwrap().connection.unwrap()
    }

    fn url(&self) -> String {
        format!("https://stats.example/api/v1/webhooks/{}/{}", self.provider.name(), self.site)
    }

    fn after(&self, later_ms: Millis) {
        self.app.clock.set_ms(self.app.clock.now_ms() + later_ms);
    }

    /// Hears a webhook signed with a secret: its status, and what became of it.
    async fn hear(&self, secret: &str, body: &Value) -> (u16, String) {
        let body = body.to_string();
        let headers = signed(self.provider, secret, &body, self.app.clock.now_ms() / 1_000);
        let path = format!("/api/v1/webhooks/{}/{}", self.provider.name(), self.site);
        let mut request = Request::builder().method("POST").uri(path);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let request = request.body(Full::new(Bytes::from(body))).unwrap();
        let response = self.front.answer("203.0.113.9".parse().unwrap(), request).await;
        let status = response.status().as_u16();
        let answer = response.into_body().collect().await.unwrap().to_bytes();
        let answer: Value = serde_json::from_slice(&answer).unwrap_or_default();
        (status, answer["status"].as_str().unwrap_or_default().to_owned())
    }

    /// Fetches the history to its end, or until it must wait.
    async fn fetch(&self) {
        while advance(&self.app, &self.site, self.provider).await.unwrap() {}
    }

    fn orders(&self) -> Vec<Order> {
        self.app.store.orders(1, key(self.provider).2, 0..Millis::MAX).unwrap()
    }

    /// Nothing of it may be half there: neither here nor at the provider.
    fn assert_nothing_stands(&self, why: &str) {
        assert_eq!(self.integration(), None, "{why}");
        assert_eq!(self.app.store.catalogue().goals(&self.site).count(), 0, "{why}");
        assert!(self.stand_in.endpoints().is_empty(), "{why}: {:?}", self.stand_in.endpoints());
    }
}

fn open(config: Config, clock: Clock) -> (Arc<App>, Arc<Embedded>) {
    let store = Embedded::open(&config.data_dir, &clock).unwrap();
    let vault = Vault::of_keys([1; 32], [2; 32]);
    (App::new(config, clock, store.clone(), vault, Ingest::open(None, None).unwrap()), store)
}

/// The headers with which a provider signs a body.
fn signed(provider: Provider, secret: &str, body: &str, at_s: i64) -> Vec<(&'static str, String)> {
    let base64 = base64::engine::general_purpose::STANDARD;
    let mac = |key: &[u8], text: String| {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().to_vec()
    };
    let hex_of = |text| hex::encode(mac(secret.as_bytes(), text));
    match provider {
        Provider::Stripe | Provider::Api => {
            vec![("stripe-signature", format!("t={at_s},v1={}", hex_of(format!("{at_s}.{body}"))))]
        }
        Provider::LemonSqueezy => vec![("x-signature", hex_of(body.to_owned()))],
        Provider::Paddle => {
            vec![("paddle-signature", format!("ts={at_s};h1={}", hex_of(format!("{at_s}:{body}"))))]
        }
        Provider::Polar => {
            let key = base64.decode(secret.trim_start_matches("whsec_")).unwrap();
            // The id of a delivery is not that of what was fetched.
            let id = format!("msg_{}", body.len());
            let signature = base64.encode(mac(&key, format!("{id}.{at_s}.{body}")));
            vec![
                ("webhook-id", id),
                ("webhook-timestamp", at_s.to_string()),
                ("webhook-signature", format!("v1,{signature}")),
            ]
        }
    }
}
