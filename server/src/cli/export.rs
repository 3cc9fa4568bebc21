//! `export`: what is stored, one JSON object a line.

use std::io::{BufWriter, Write};

use anyhow::{Context, bail};
use clap::Subcommand;
use serde_json::json;

use super::Directory;
use crate::catalogue::SiteNumber;
use crate::clock::{Clock, Millis};
use crate::store::Store;
use crate::store::embedded::Embedded;

/// What is written out.
#[derive(Subcommand)]
pub(super) enum ExportCommand {
    /// The events of a site, by time.
    Events(Of),
    /// The verified orders of a site, by time; test money among them.
    Orders(Of),
}

/// Of which site, from where.
#[derive(clap::Args)]
pub(super) struct Of {
    /// The site.
    #[arg(long, value_name = "ID")]
    site: String,
    #[command(flatten)]
    directory: Directory,
}

impl ExportCommand {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let (Self::Events(of) | Self::Orders(of)) = &self;
        let data_dir = &of.directory.data_dir;
        if !data_dir.is_dir() {
            bail!("there is no data directory {}; name another with --data-dir", data_dir.display());
        }
        let store = Embedded::open(data_dir, &Clock::System)?;
        let site = &of.site;
        let number = store.catalogue().site(site).with_context(|| format!("there is no site {site}"))?.number;
        let mut output = BufWriter::new(std::io::stdout().lock());
        match self {
            Self::Events(_) => events(&store, number, &mut output)?,
            Self::Orders(_) => orders(&store, number, &mut output)?,
        }
        output.flush().context("the export could not be written")
    }
}

fn events(store: &Embedded, site: SiteNumber, output: &mut impl Write) -> anyhow::Result<()> {
    let mut written = Ok(());
    store.events(site, 0..Millis::MAX, &mut |event| {
        let line = json!({
            "at": event.at_ms,
            "event_id": event.event_id,
            "event_type": event.kind,
            "event_name": event.name,
            "visitor_uid": event.visitor,
            "session_id": event.session,
            "path": event.path,
        });
        if written.is_ok() {
            written = writeln!(output, "{line}");
        }
    })?;
    written.context("the export could not be written")
}

fn orders(store: &Embedded, site: SiteNumber, output: &mut impl Write) -> anyhow::Result<()> {
    for live in [true, false] {
        for order in store.orders(site, live, 0..Millis::MAX)? {
            let line = json!({
                "order_id": order.id,
                "provider": order.provider.name(),
                "mode": if live { "live" } else { "test" },
                "at": order.at_ms,
                "currency": order.currency,
                "minor": order.minor,
                "refunded_minor": order.refunded_minor(),
                "renewal": order.renewal,
            });
            writeln!(output, "{line}").context("the export could not be written")?;
        }
    }
    Ok(())
}
