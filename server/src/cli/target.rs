//! Where an administrative command goes: to a stopped data directory, or to a running server; the answer is the
//! same, because both go through the same endpoints.
#![expect(clippy::doc_markdown, reason = "the comments are the help that people read")]

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use anyhow::{Context, bail};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::header::CONTENT_TYPE;
use hyper::{Method, Request};
use serde_json::Value;

use super::serve::open;
use super::stand_ins::StandIns;
use crate::config::{Config, PublicUrl};
use crate::http::front::Front;
use crate::http::rates::FILE_TYPE;

/// Where a command goes, and how it answers.
#[derive(clap::Args, Clone)]
pub(super) struct Target {
    /// A stopped data directory.
    #[arg(
        long,
        env = "ENGAGETRACK_DATA_DIR",
        default_value = "data",
        value_name = "DIR",
        conflicts_with = "url"
    )]
    data_dir: PathBuf,
    /// A running server; the key stands in ENGAGETRACK_API_KEY.
    #[arg(long, env = "ENGAGETRACK_URL", value_name = "URL")]
    url: Option<PublicUrl>,
    /// The address by which browsers reach the server of the data directory, for the addresses that are printed.
    #[arg(long, env = "ENGAGETRACK_PUBLIC_URL", value_name = "URL")]
    public_url: Option<PublicUrl>,
    #[command(flatten)]
    stand_ins: StandIns,
    /// Print one JSON object.
    #[arg(long)]
    pub(super) json: bool,
}

/// One question of a command.
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) body: Option<Body>,
}

/// What goes with a question.
pub(super) enum Body {
    /// What is said.
    Json(Value),
    /// A file, as it is.
    File(Bytes),
}

impl Body {
    fn content_type(&self) -> &'static str {
        match self {
            Self::Json(_) => "application/json",
            Self::File(_) => FILE_TYPE,
        }
    }

    fn bytes(self) -> Bytes {
        match self {
            Self::Json(said) => said.to_string().into(),
            Self::File(bytes) => bytes,
        }
    }
}

impl Target {
    /// Asks, and gives the answer's data; a refusal is an error with the server's own sentence.
    pub(super) async fn ask(&self, call: Call) -> anyhow::Result<Value> {
        let (is_success, text) = match &self.url {
            Some(url) => ask_server(url, call).await?,
            None => self.ask_directory(call).await?,
        };
        let answer: Value =
            serde_json::from_slice(&text).context("the answer is not EngageTrack's; check --url")?;
        if is_success {
            return Ok(answer.get("data").cloned().unwrap_or_default());
        }
        bail!("{}", answer.get("error").and_then(Value::as_str).unwrap_or("the command was refused"))
    }

    async fn ask_directory(&self, call: Call) -> anyhow::Result<(bool, Bytes)> {
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080));
        let mut config = Config::new(listen, self.data_dir.clone());
        if let Some(url) = &self.public_url {
            config.public_url = url.clone();
        }
        config.provider_hosts.clone_from(&self.stand_ins.provider_host);
        let (app, store) = open(config)?;
        let mut request = Request::builder().method(call.method).uri(call.path);
        if let Some(body) = &call.body {
            request = request.header(CONTENT_TYPE, body.content_type());
        }
        let request = request.body(Full::new(call.body.map(Body::bytes).unwrap_or_default()))?;
        let response = Front::new(app).answer_operator(request).await;
        let is_success = response.status().is_success();
        let text = response.into_body().collect().await?.to_bytes();
        tokio::task::spawn_blocking(move || store.close()).await?;
        Ok((is_success, text))
    }
}

async fn ask_server(url: &PublicUrl, call: Call) -> anyhow::Result<(bool, Bytes)> {
    let key = std::env::var("ENGAGETRACK_API_KEY").context(
        "a running server wants an API key: put one with the scope admin into ENGAGETRACK_API_KEY, \
         or stop the server and use --data-dir",
    )?;
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    let mut request = client
        .request(call.method, format!("{}{}", url.origin(), call.path))
        .header("authorization", format!("Bearer {key}"));
    if let Some(body) = call.body {
        request = request.header(CONTENT_TYPE, body.content_type()).body(body.bytes());
    }
    let response = request.send().await.with_context(|| format!("{} does not answer", url.origin()))?;
    Ok((response.status().is_success(), response.bytes().await?))
}
