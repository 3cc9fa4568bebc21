//! One command per wish: set up, build, start, check, test and measure the project.
//!
//! A verb is a file with `pub(crate) fn run(…) -> anyhow::Result<()>` and a line in [`Verb`] and in [`run`].

mod bench;
mod build;
mod check;
mod ci;
mod fresh;
mod fuzz;
mod kill;
mod long;
mod map;
mod payment;
mod project;
mod ready;
mod sdk;
mod server;
mod setup;
mod shell;
mod size;
mod start;
mod test;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "One command per wish", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Install what is missing: the wasm32 target and the npm packages.
    Setup(setup::Arguments),
    /// Build the browser SDK into sdk-wasm/dist and its npm package into sdk-wasm/pkg.
    Sdk(sdk::Arguments),
    /// Build the SDK, the dashboard and the server.
    Build(build::Arguments),
    /// Set up, build and run the demo: what `npm start` does.
    Start(start::Arguments),
    /// Formatting, lints, documentation, types and tidiness, in seconds.
    Check,
    /// Format, and mend what the linters can mend by themselves.
    Fix,
    /// Everything that gates: what `npm test` does.
    Test(test::Arguments),
    /// The sizes of what is delivered, held against their budget.
    Size(size::Arguments),
    /// The real server under load, beside the disk and a bare log.
    Bench(bench::Arguments),
    /// `kill -9` under load, round after round: nothing acknowledged is lost, nothing is doubled.
    Kill(kill::Arguments),
    /// What takes too long to gate: the full counts, fuzzing, and the browsers beside Chromium.
    Long(long::Arguments),
    /// How soon the SDK is ready in Chromium, beside another tracker and a bare script.
    Ready,
    /// Everything that reads what strangers send, fed by libFuzzer.
    Fuzz(fuzz::Arguments),
    /// Write the code map of ARCHITECTURE.md.
    Map,
    /// What continuous integration runs: check, then test.
    Ci,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<()> {
    match Arguments::parse().verb {
        Verb::Setup(arguments) => setup::run(arguments),
        Verb::Sdk(arguments) => sdk::run(arguments),
        Verb::Build(arguments) => build::run(&arguments),
        Verb::Start(arguments) => start::run(&arguments),
        Verb::Check => check::run(),
        Verb::Fix => check::fix(),
        Verb::Test(arguments) => test::run(&arguments),
        Verb::Size(arguments) => size::run(arguments),
        Verb::Bench(arguments) => bench::run(&arguments),
        Verb::Kill(arguments) => kill::run(&arguments),
        Verb::Long(arguments) => long::run(&arguments),
        Verb::Ready => ready::run(),
        Verb::Fuzz(arguments) => fuzz::run(&arguments),
        Verb::Map => map::run(),
        Verb::Ci => ci::run(),
    }
}
