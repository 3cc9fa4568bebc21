//! The command line.
#![expect(clippy::doc_markdown, reason = "the comments are the help that people read")]

mod admin;
mod export;
mod import;
mod integration;
mod serve;
mod stand_ins;
mod target;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::clock::Clock;
use crate::store::embedded;
use crate::telemetry::{self, LogFormat};

pub(crate) use serve::{Running, ServeArguments};

/// Self-hosted web analytics that answers one question well: which traffic source brought this money?
#[derive(Parser)]
#[command(name = "engagetrack", version, about, arg_required_else_help = true)]
struct Arguments {
    /// What is logged, as in RUST_LOG.
    #[arg(long, global = true, env = "ENGAGETRACK_LOG", default_value = "info", value_name = "DIRECTIVES")]
    log: String,
    /// How it is logged.
    #[arg(long, global = true, env = "ENGAGETRACK_LOG_FORMAT", default_value = "text")]
    log_format: LogFormat,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server.
    Serve(ServeArguments),
    /// Run a server with a demo shop beside it, to try things out.
    Demo(crate::demo::DemoArguments),
    /// Add, list: the websites that are counted.
    #[command(subcommand)]
    Site(admin::SiteCommand),
    /// Add, list, remove: API keys.
    #[command(subcommand)]
    Key(admin::KeyCommand),
    /// Add, list, rotate, history, remove: the payment providers of a site.
    #[command(subcommand)]
    Integration(integration::IntegrationCommand),
    /// Add, list, remove: the people who sign in.
    #[command(subcommand)]
    User(admin::UserCommand),
    /// Take in files of others, as the European Central Bank's exchange rates.
    #[command(subcommand)]
    Import(import::ImportCommand),
    /// Write out what is stored, one JSON object a line.
    #[command(subcommand)]
    Export(export::ExportCommand),
    /// Read the whole log of a stopped data directory and name the first damage.
    Check(Directory),
    /// Build all derived data of a stopped data directory anew from its log.
    Rebuild(Directory),
}

/// A stopped data directory.
#[derive(clap::Args, Clone)]
struct Directory {
    /// The data directory.
    #[arg(long, env = "ENGAGETRACK_DATA_DIR", default_value = "data")]
    data_dir: PathBuf,
}

/// Runs the command that was typed.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    telemetry::start(arguments.log_format, &arguments.log);
    match run_command(arguments.command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("engagetrack: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run_command(command: Command) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match command {
        Command::Serve(arguments) => return runtime.block_on(serve::serve(arguments)),
        Command::Demo(arguments) => return runtime.block_on(crate::demo::run(arguments)),
        Command::Site(command) => runtime.block_on(command.run())?,
        Command::Key(command) => runtime.block_on(command.run())?,
        Command::Integration(command) => runtime.block_on(command.run())?,
        Command::User(command) => runtime.block_on(command.run())?,
        Command::Import(command) => runtime.block_on(command.run())?,
        Command::Export(command) => command.run()?,
        Command::Check(directory) => {
            let checked = embedded::check(&directory.data_dir)?;
            println!(
                "{} frames with {} records, {} bytes, all whole",
                checked.frames, checked.records, checked.log_bytes
            );
        }
        Command::Rebuild(directory) => {
            embedded::rebuild(&directory.data_dir, &Clock::System)?;
            println!("the derived data is built anew");
        }
    }
    Ok(ExitCode::SUCCESS)
}
