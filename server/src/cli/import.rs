//! `import`: files of others, taken in.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail};
use bytes::Bytes;
use clap::Subcommand;
use hyper::Method;
use indicatif::ProgressBar;
use serde_json::Value;

use super::admin::show;
use super::target::{Body, Call, Target};
use crate::rates::file::FILE_BYTES;

/// What is taken in.
#[derive(Subcommand)]
pub(super) enum ImportCommand {
    /// The European Central Bank's exchange rates; doing it twice changes nothing.
    Rates {
        /// A file of the bank's: its eurofxref XML or CSV, or the zip of it.
        file: PathBuf,
        #[command(flatten)]
        target: Target,
    },
}

impl ImportCommand {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let Self::Rates { file, target } = self;
        let named = || format!("{} cannot be read", file.display());
        let length = std::fs::metadata(&file).with_context(named)?.len();
        if length > FILE_BYTES as u64 {
            bail!("{} has {length} bytes; the bank's files have {FILE_BYTES} at most", file.display());
        }
        let bytes = Bytes::from(std::fs::read(&file).with_context(named)?);
        let progress = ProgressBar::new_spinner().with_message(format!("taking in {}", file.display()));
        progress.enable_steady_tick(Duration::from_millis(100));
        let call =
            Call { method: Method::POST, path: "/api/v1/rates".to_owned(), body: Some(Body::File(bytes)) };
        let answer = target.ask(call).await;
        progress.finish_and_clear();
        let mut summary = answer?;
        if !target.json {
            tell_bad_lines(&mut summary);
        }
        show(&target, &summary);
        Ok(())
    }
}

/// Names the bad lines for people, each on a line of its own.
fn tell_bad_lines(summary: &mut Value) {
    let faults = summary.as_object_mut().and_then(|members| members.remove("faults"));
    for fault in faults.as_ref().and_then(Value::as_array).into_iter().flatten() {
        if let (Some(line), Some(error)) =
            (fault.get("line").and_then(Value::as_u64), fault.get("error").and_then(Value::as_str))
        {
            eprintln!("line {line}: {error}");
        }
    }
}
