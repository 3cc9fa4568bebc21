//! `long`: what takes too long to gate: full counts, and the browsers beside Chromium.

use anyhow::Result;

use crate::{build, kill, setup, shell, test};

#[derive(clap::Args, Clone)]
pub(crate) struct Arguments {
    /// Only the steps whose name contains this.
    only: Option<String>,
}

/// Connections of the browser that are cut.
const CUTS: &str = "500";

const STEPS: [test::Step; 3] = [
    ("SDK: 500 cut connections", cuts),
    ("SDK: Firefox and WebKit", browsers),
    ("kill -9 under load, 1,000 times", kill::long),
];

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    setup::for_long_tests()?;
    build::all("start")?;
    test::steps(&STEPS, arguments.only.as_deref().unwrap_or_default())
}

fn cuts() -> Result<()> {
    let mut command = shell::npm("run e2e --workspace tests -- sdk/cuts");
    shell::show(command.env("ENGAGETRACK_CUTS", CUTS))
}

fn browsers() -> Result<()> {
    shell::show(&mut shell::npm("run elsewhere --workspace tests"))
}
