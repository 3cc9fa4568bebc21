//! `setup`: installs what is missing, the ordinary way first; says what it does, and costs nothing when all is there.

mod browser;
mod browsers;
mod descriptions;
pub(crate) mod wasm_target;

use anyhow::{Context, Result};

use crate::{fresh, project, shell};

#[derive(clap::Args, Clone, Copy)]
pub(crate) struct Arguments {
    /// Also what the tests need: Chromium with its driver, wasm-pack, wasm-bindgen's test runner, Prism.
    #[arg(long)]
    tests: bool,
}

pub(crate) fn run(arguments: Arguments) -> Result<()> {
    if arguments.tests { for_tests() } else { for_build() }
}

/// What a build needs.
pub(crate) fn for_build() -> Result<()> {
    wasm_target::install()?;
    npm_packages()
}

/// What the tests need on top.
pub(crate) fn for_tests() -> Result<()> {
    for_build()?;
    browser::install()?;
    descriptions::install()
}

/// What the long tests need on top.
pub(crate) fn for_long_tests() -> Result<()> {
    for_tests()?;
    browsers::install()
}

fn npm_packages() -> Result<()> {
    let root = project::root();
    let locked = root.join("package-lock.json").exists();
    let manifests = [
        "package.json",
        "package-lock.json",
        "www/package.json",
        "tests/package.json",
        "sdk-wasm/package.json",
    ];
    let installed = [root.join("node_modules/.package-lock.json")];
    let install = || {
        let ordinary =
            if locked { "ci --no-audit --no-fund --loglevel=error" } else { "install --no-audit --no-fund" };
        shell::step(&format!("npm packages: npm {ordinary}"), || {
            let first = shell::quiet(&mut shell::npm(ordinary));
            let Err(reason) = first else { return Ok(()) };
            println!("  {reason:#}\n  trying npm install instead");
            shell::quiet(&mut shell::npm("install --no-audit --no-fund"))
                .map(drop)
                .context("the npm packages cannot be installed; Node 20 or later and access to npm's registry are needed")
        })
    };
    // A first `npm install` writes the lock file, so what is remembered is taken again after it.
    if fresh::unless_fresh("npm", &manifests, "", &installed, install)? {
        fresh::unless_fresh("npm", &manifests, "", &installed, || Ok(()))?;
    }
    Ok(())
}
