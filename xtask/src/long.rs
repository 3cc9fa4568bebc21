//! `long`: what takes too long to gate: full counts, fuzzing, and the browsers beside Chromium.

use anyhow::Result;

use crate::{build, fuzz, kill, setup, shell, test};

#[derive(clap::Args, Clone)]
pub(crate) struct Arguments {
    /// Only the steps whose name contains this.
    only: Option<String>,
}

/// Connections of the browser that are cut.
const CUTS: &str = "500";
/// Orders in which the webhooks of a story arrive.
const ORDERS: &str = "1000";

const STEPS: [test::Step; 5] = [
    ("webhooks in 1,000 orders of arrival", orders),
    ("fuzzing of what reads strangers' input", fuzz::long),
    ("SDK: 500 cut connections", cuts),
    ("SDK: Firefox and WebKit", browsers),
    ("kill -9 under load, 1,000 times", kill::long),
];

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    setup::for_long_tests()?;
    build::all("start")?;
    test::steps(&STEPS, arguments.only.as_deref().unwrap_or_default())
}

fn orders() -> Result<()> {
    let mut command = shell::cargo("test --package engagetrack --lib stories");
    shell::show(command.env("ENGAGETRACK_ORDERS_OF_ARRIVAL", ORDERS))
}

fn cuts() -> Result<()> {
    let mut command = shell::npm("run e2e --workspace tests -- sdk/cuts");
    shell::show(command.env("ENGAGETRACK_CUTS", CUTS))
}

fn browsers() -> Result<()> {
    shell::show(&mut shell::npm("run elsewhere --workspace tests"))
}
