//! `export`: what is stored, one JSON object a line.

use std::io::{BufWriter, Write};

use anyhow::{Context, bail};
use clap::Subcommand;
use serde_json::json;

use super::Directory;
use crate::clock::{Clock, Millis};
use crate::store::Store;
use crate::store::embedded::Embedded;

/// What is written out.
#[derive(Subcommand)]
pub(super) enum ExportCommand {
    /// The events of a site, by time.
    Events {
        /// The site.
        #[arg(long, value_name = "ID")]
        site: String,
        #[command(flatten)]
        directory: Directory,
    },
}

impl ExportCommand {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let Self::Events { site, directory } = self;
        if !directory.data_dir.is_dir() {
            bail!(
                "there is no data directory {}; name another with --data-dir",
                directory.data_dir.display()
            );
        }
        let store = Embedded::open(&directory.data_dir, &Clock::System)?;
        let catalogue = store.catalogue();
        let number = catalogue.site(&site).with_context(|| format!("there is no site {site}"))?.number;
        let mut output = BufWriter::new(std::io::stdout().lock());
        let mut written = Ok(());
        store.events(number, 0..Millis::MAX, &mut |event| {
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
        written.and_then(|()| output.flush()).context("the export could not be written")
    }
}
