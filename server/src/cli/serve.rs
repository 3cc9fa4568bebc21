//! `serve`: the settings, the start, and what is printed for whoever started it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;

use super::stand_ins::StandIns;
use crate::app::App;
use crate::clock::Clock;
use crate::config::{
    Config, DEFAULT_EVENTS_PER_ADDRESS, DEFAULT_EVENTS_PER_SITE, DEFAULT_MAX_CONNECTIONS, Network, PublicUrl,
};
use crate::http::front::Front;
use crate::http::serve::{listen, serve as serve_http};
use crate::ingest::Ingest;
use crate::rates::refresh::BANK;
use crate::secrets::Vault;
use crate::store::embedded::Embedded;

/// The settings of a server.
#[derive(clap::Args, Clone)]
pub(crate) struct ServeArguments {
    /// Where to listen.
    #[arg(long, env = "ENGAGETRACK_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub(crate) listen: SocketAddr,
    /// Where the data lives; made if it is not there.
    #[arg(long, env = "ENGAGETRACK_DATA_DIR", default_value = "data", value_name = "DIR")]
    pub(crate) data_dir: PathBuf,
    /// The address by which browsers and providers reach the server, as in `https://stats.example.com`.
    #[arg(long, env = "ENGAGETRACK_PUBLIC_URL", value_name = "URL")]
    public_url: Option<PublicUrl>,
    /// A proxy whose X-Forwarded-For is believed: an address or a network; may be given several times.
    #[arg(long, env = "ENGAGETRACK_TRUSTED_PROXY", value_delimiter = ',', value_name = "NETWORK")]
    trusted_proxy: Vec<Network>,
    /// A country database in MaxMind's format, in place of the one built in.
    #[arg(long, env = "ENGAGETRACK_GEOIP", value_name = "FILE")]
    geoip: Option<PathBuf>,
    /// Another path for events, beside /api/v1/event, so that a site serves it first-party.
    #[arg(long, env = "ENGAGETRACK_EVENT_PATH", value_name = "PATH")]
    event_path: Option<String>,
    /// Another path for the script, beside /engagetrack.js.
    #[arg(long, env = "ENGAGETRACK_SCRIPT_PATH", value_name = "PATH")]
    script_path: Option<String>,
    /// Events a second from one address; 0 is no limit.
    #[arg(long, env = "ENGAGETRACK_EVENTS_PER_ADDRESS", default_value_t = DEFAULT_EVENTS_PER_ADDRESS, value_name = "N")]
    events_per_address: u32,
    /// Events a second of one site; 0 is no limit.
    #[arg(long, env = "ENGAGETRACK_EVENTS_PER_SITE", default_value_t = DEFAULT_EVENTS_PER_SITE, value_name = "N")]
    events_per_site: u32,
    /// Connections open at once.
    #[arg(long, env = "ENGAGETRACK_MAX_CONNECTIONS", default_value_t = DEFAULT_MAX_CONNECTIONS, value_name = "N")]
    max_connections: usize,
    #[command(flatten)]
    stand_ins: StandIns,
    /// Whether exchange rates are fetched each working day: `on`, but for the demo; off where there is no network, then
    /// `import rates`.
    #[arg(long, env = "ENGAGETRACK_REFRESH_RATES", value_name = "on|off")]
    refresh_rates: Option<Switch>,
    /// Where the European Central Bank's files are fetched from; for tests.
    #[arg(long, env = "ENGAGETRACK_RATES_ORIGIN", default_value = BANK, hide = true, value_name = "URL")]
    rates_origin: String,
}

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Switch {
    On,
    Off,
}

impl ServeArguments {
    /// Leaves the network alone unless it is asked for.
    pub(crate) fn stay_inside(&mut self) {
        self.refresh_rates.get_or_insert(Switch::Off);
    }

    /// The settings for a listener that has its port.
    fn config(self, listen: SocketAddr) -> Config {
        Config {
            public_url: self.public_url.unwrap_or_else(|| PublicUrl::of_listener(listen)),
            trusted_proxies: self.trusted_proxy,
            geoip: self.geoip,
            event_path: self.event_path,
            script_path: self.script_path,
            events_per_address: self.events_per_address,
            events_per_site: self.events_per_site,
            max_connections: self.max_connections,
            provider_hosts: self.stand_ins.provider_host,
            refresh_rates: self.refresh_rates != Some(Switch::Off),
            rates_origin: self.rates_origin,
            ..Config::new(listen, self.data_dir)
        }
    }
}

/// Opens the data directory of the settings, and the application over it.
pub(crate) fn open(config: Config) -> anyhow::Result<(Arc<App>, Arc<Embedded>)> {
    let clock = Clock::System;
    let store = Embedded::open(&config.data_dir, &clock)?;
    let vault = Vault::open(&config.data_dir.join("keys"))?;
    let ingest = Ingest::open(config.geoip.as_deref(), Some(&config.data_dir.join("salts")))?;
    Ok((App::new(config, clock, store.clone(), vault, ingest), store))
}

/// A server that listens, not yet answering.
pub(crate) struct Running {
    pub(crate) app: Arc<App>,
    pub(crate) front: Front,
    store: Arc<Embedded>,
    listener: tokio::net::TcpListener,
}

impl Running {
    /// Listens, then opens the data.
    pub(crate) async fn start(arguments: ServeArguments) -> anyhow::Result<Self> {
        let listener = listen(arguments.listen, "--listen").await?;
        let address = listener.local_addr().context("the listener has no address")?;
        let (app, store) = open(arguments.config(address))?;
        Ok(Self { front: Front::new(app.clone()), app, store, listener })
    }

    /// Where browsers find the dashboard: the one-time link while there is no account.
    pub(crate) fn dashboard(&self) -> anyhow::Result<String> {
        let origin = self.app.config.public_url.origin();
        if self.app.store.catalogue().accounts().next().is_some() {
            return Ok(format!("{origin}/"));
        }
        let token = self.app.setup.open(self.app.clock.now_ms())?;
        Ok(format!(
            "{origin}/welcome#token={token}\n               (works once, for one hour: it makes your account)"
        ))
    }

    /// Answers until it is asked to stop, or until the store has stopped acknowledging.
    pub(crate) async fn until_stopped(self) -> ExitCode {
        let mut failure = self.store.failure();
        let failed = async move {
            // The sender lives as long as the store.
            drop(failure.wait_for(Option::is_some).await);
        };
        let connections = self.app.config.max_connections;
        let jobs = crate::jobs::start(self.app);
        let mut code = ExitCode::SUCCESS;
        let stop = async {
            tokio::select! {
                () = stop_asked() => tracing::info!("stopping"),
                () = failed => code = ExitCode::FAILURE,
            }
        };
        serve_http(self.listener, self.front, connections, stop).await;
        jobs.abort();
        let store = self.store;
        if tokio::task::spawn_blocking(move || store.close()).await.is_err() {
            tracing::error!("the store could not be closed; it will be brought up from its log");
        }
        code
    }
}

/// Ready when the process is asked to end.
async fn stop_asked() {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = match signal(SignalKind::terminate()) {
        Ok(terminate) => terminate,
        Err(error) => {
            tracing::error!(%error, "the server cannot be told to stop by a signal");
            return std::future::pending().await;
        }
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// Runs the server.
pub(super) async fn serve(arguments: ServeArguments) -> anyhow::Result<ExitCode> {
    let running = Running::start(arguments).await?;
    let config = &running.app.config;
    println!("EngageTrack is running.");
    println!("  Dashboard    {}", running.dashboard()?);
    println!("  Script       {}/engagetrack.js", config.public_url.origin());
    println!("  Data         {}", config.data_dir.display());
    println!("  Listens on   http://{}", running.listener.local_addr()?);
    println!("  Ctrl-C stops it.");
    Ok(running.until_stopped().await)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        serve: ServeArguments,
    }

    #[test]
    fn a_server_fetches_rates_and_one_that_stays_inside_only_where_it_is_asked_to() {
        let refreshes = |words: &[&str], stays_inside: bool| {
            let mut serve = Line::parse_from(["serve"].iter().chain(words)).serve;
            if stays_inside {
                serve.stay_inside();
            }
            serve.config(SocketAddr::from(([127, 0, 0, 1], 8080))).refresh_rates
        };
        assert!(refreshes(&[], false));
        assert!(!refreshes(&["--refresh-rates", "off"], false));
        assert!(!refreshes(&[], true));
        assert!(refreshes(&["--refresh-rates", "on"], true));
    }
}
