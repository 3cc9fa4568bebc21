//! `test`: everything that gates, each step with its time, and a plain closing line.

use anyhow::{Context, Result, bail};

use crate::setup::wasm_target;
use crate::{build, kill, sdk, setup, shell, size};

#[derive(clap::Args, Clone)]
pub(crate) struct Arguments {
    /// Only the steps whose name contains this.
    only: Option<String>,
}

/// One step: its name, and what it runs.
pub(crate) type Step = (&'static str, fn() -> Result<()>);

/// In this order; a failure does not stop the later ones.
const STEPS: [Step; 7] = [
    ("Rust tests of the workspace", rust),
    ("dashboard: Vitest", dashboard),
    ("SDK: wasm-pack test in headless Chromium", in_browser),
    ("end to end: Playwright", end_to_end),
    ("providers: stand-ins and webhooks by their own SDKs, requests by their own descriptions", providers),
    ("kill -9 under load, a short run", kill::short),
    ("sizes against their budget", sizes),
];

/// Payment providers; each has a stand-in.
const PROVIDERS: usize = 4;

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    prepare()?;
    steps(&STEPS, arguments.only.as_deref().unwrap_or_default())
}

/// Installs and builds what the steps need.
pub(crate) fn prepare() -> Result<()> {
    setup::for_tests()?;
    build::all("start")
}

/// All steps.
pub(crate) fn gate() -> Result<()> {
    steps(&STEPS, "")
}

/// Those of the steps whose name contains a text.
pub(crate) fn steps(all: &[Step], only: &str) -> Result<()> {
    let mut passed = Vec::new();
    let mut failed = Vec::new();
    for (name, run) in all.iter().filter(|(name, _)| name.contains(only)) {
        println!("\n── {name}");
        let (result, took) = shell::timed(run);
        let seconds = took.as_secs_f64();
        match result {
            Ok(()) => passed.push(format!("{name}: {seconds:.1} s")),
            Err(reason) => {
                eprintln!("{reason:#}");
                failed.push(format!("{name}: failed after {seconds:.1} s"));
            }
        }
    }
    println!("\n{}", [passed.as_slice(), failed.as_slice()].concat().join("\n"));
    println!("\nsteps: {} passed, {} failed", passed.len(), failed.len());
    if !failed.is_empty() {
        bail!("{} of the steps failed", failed.len());
    }
    Ok(())
}

fn rust() -> Result<()> {
    shell::show(&mut shell::cargo("test --quiet --workspace"))
}

fn dashboard() -> Result<()> {
    shell::show(&mut shell::npm("run test --workspace www --if-present"))
}

fn in_browser() -> Result<()> {
    let toolchain = wasm_target::installed().context("there is no wasm32 target")?;
    let driver = shell::quiet(&mut shell::program("sh", ["-c", "command -v chromedriver"]))?;
    let line =
        format!("test --headless --chrome --mode no-install --chromedriver {} sdk-wasm", driver.trim());
    let mut command = shell::program("wasm-pack", line.split(' '));
    command.env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    toolchain.select(&mut command);
    shell::show(&mut command)?;
    shell::show(&mut shell::npm("run test --workspace sdk-wasm --if-present"))
}

fn end_to_end() -> Result<()> {
    shell::show(&mut shell::npm("run e2e --workspace tests"))
}

/// The stand-ins come first, by what the Rust tests are built of: the same packages and features.
fn providers() -> Result<()> {
    let mut by_sdks = shell::cargo("test --workspace --lib -- --ignored standin::official");
    let said = shell::quiet(&mut by_sdks)?;
    let passed = said.lines().filter(|line| line.starts_with("test ") && line.ends_with(" ... ok")).count();
    // A filter that fits no test would pass too.
    if passed != PROVIDERS {
        bail!("{passed} of {PROVIDERS} stand-ins were asked by their providers' SDKs:\n{said}");
    }
    println!("{passed} stand-ins taken for their providers by the official SDKs");
    shell::show(&mut shell::npm("run providers --workspace tests"))
}

/// Both builds of the SDK have their budget; the plain one is what a machine without the library's source has.
fn sizes() -> Result<()> {
    sdk::build_plain()?;
    size::run(size::Arguments::default())
}
