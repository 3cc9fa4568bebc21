//! The demo: a server with a shop beside it, and the stand-in for Stripe that pays the shop's orders.
//!
//! The shop is an outsider: its visits come by the script tag, its payments by signed webhooks over HTTP. Nothing
//! below this file knows of it.

mod provider;
mod shop;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;

use crate::app::App;
use crate::catalogue::{Document, Goal, Integration, Site};
use crate::cli::{Running, ServeArguments};
use crate::clock::Millis;
use crate::http::serve::listen;
use crate::payments::Provider;
use crate::secrets::random_hex;

/// A demo.
#[derive(clap::Args, Clone)]
pub(crate) struct DemoArguments {
    #[command(flatten)]
    serve: ServeArguments,
    /// Where the shop listens.
    #[arg(long, env = "ENGAGETRACK_SHOP_LISTEN", default_value = "127.0.0.1:8081", value_name = "ADDRESS")]
    shop_listen: SocketAddr,
    /// Throw the data away at the end.
    #[arg(long)]
    throw_away: bool,
}

/// Runs the demo until it is asked to stop.
pub(crate) async fn run(mut arguments: DemoArguments) -> anyhow::Result<ExitCode> {
    let folder = arguments.throw_away.then(throw_away_folder).transpose()?;
    if let Some(folder) = &folder {
        arguments.serve.data_dir.clone_from(folder);
    }
    // The rates that are built in do for a shop that nobody is to wait for.
    arguments.serve.stay_inside();
    let shop_listener = listen(arguments.shop_listen, "--shop-listen").await?;
    let shop_address = shop_listener.local_addr().context("the shop's listener has no address")?;
    let running = Running::start(arguments.serve).await?;
    let (site, secret) = furnish(&running.app).await?;
    let origin = running.app.config.public_url.origin();
    let shop = Arc::new(shop::Shop::new(&origin, &site.id, secret));
    println!("EngageTrack is running.");
    println!("  Demo shop    http://{shop_address}/");
    println!("  Dashboard    {}", running.dashboard()?);
    println!("  Data         {}", running.app.config.data_dir.display());
    println!("  Come in by one of the shop's campaign links, pay, and see which source brought the money.");
    println!("  Ctrl-C stops it.");
    let serving = tokio::spawn(shop::serve(shop_listener, shop));
    let code = running.until_stopped().await;
    serving.abort();
    if let Some(folder) = folder {
        std::fs::remove_dir_all(&folder).with_context(|| format!("{} stays", folder.display()))?;
    }
    Ok(code)
}

fn throw_away_folder() -> anyhow::Result<PathBuf> {
    Ok(std::env::temp_dir().join(format!("engagetrack-demo-{}", random_hex(6)?)))
}

/// The shop's site and the secret of its Stripe integration, made where they are missing.
async fn furnish(app: &Arc<App>) -> anyhow::Result<(Site, String)> {
    let catalogue = app.store.catalogue();
    let now_ms = app.clock.now_ms();
    let mut records = Vec::new();
    let known = catalogue.sites().find(|site| site.domain == "localhost").cloned();
    let site = if let Some(site) = known {
        site
    } else {
        let site = shop_site(app, now_ms)?;
        records.push(put(Document::Site(site.clone())));
        site
    };
    let known = catalogue.integration(&site.id, Provider::Stripe).and_then(|integration| {
        integration.secrets.iter().find_map(|sealed| String::from_utf8(app.vault.unseal(sealed).ok()?).ok())
    });
    let secret = if let Some(secret) = known {
        secret
    } else {
        let secret = format!("whsec_{}", random_hex(16)?);
        let mut integration = Integration::new(&site.id, Provider::Stripe, now_ms);
        integration.secrets.push(app.vault.seal(secret.as_bytes())?);
        records.push(put(Document::Integration(integration)));
        records.push(put(Document::Goal(Goal::of_provider(&site.id, Provider::Stripe, now_ms))));
        secret
    };
    if !records.is_empty() {
        app.store.commit(records).await?;
    }
    Ok((site, secret))
}

fn shop_site(app: &App, now_ms: Millis) -> anyhow::Result<Site> {
    let highest = app.store.catalogue().sites().map(|site| site.number).max().unwrap_or(0);
    Ok(Site {
        id: format!("pk_live_{}", random_hex(12)?),
        number: highest.saturating_add(1),
        domain: "localhost".to_owned(),
        aliases: vec!["127.0.0.1".to_owned()],
        time_zone: "UTC".to_owned(),
        currency: "USD".to_owned(),
        window_days: Some(90),
        count_orders_once: false,
        excluded_paths: Vec::new(),
        excluded_addresses: Vec::new(),
        kept_parameters: Vec::new(),
        identify_secret: None,
        signed_identify_only: false,
        created_at_ms: now_ms,
    })
}

fn put(document: Document) -> crate::record::Record {
    crate::record::Record::Put { document, new: false }
}
