//! `build`: the SDK, the dashboard and the server, each only where something changed.

use anyhow::Result;

use crate::{fresh, project, sdk, setup, shell};

#[derive(clap::Args, Clone)]
pub(crate) struct Arguments {
    /// The server's cargo profile.
    #[arg(long, default_value = "release")]
    profile: String,
}

const DASHBOARD: [&str; 3] = ["www", "package.json", "package-lock.json"];

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    setup::for_build()?;
    all(&arguments.profile)
}

/// Builds everything, the server with a cargo profile.
pub(crate) fn all(profile: &str) -> Result<()> {
    assets()?;
    shell::step(&format!("server, profile {profile}"), || {
        shell::show(&mut shell::cargo(&format!("build --package engagetrack --profile {profile}")))
    })
}

/// Builds what the server embeds.
pub(crate) fn assets() -> Result<()> {
    sdk::build(false)?;
    let output = [project::root().join("www/dist/index.html")];
    fresh::unless_fresh("dashboard", &DASHBOARD, "", &output, || {
        shell::step("dashboard", || shell::quiet(&mut shell::npm("run build --workspace www")).map(drop))
    })?;
    Ok(())
}
