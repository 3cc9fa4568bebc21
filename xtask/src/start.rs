//! `start`: set up what is missing, build what has changed, run the demo.

use anyhow::Result;

use crate::{build, project, setup, shell};

#[derive(clap::Args, Clone)]
pub(crate) struct Arguments {
    /// Arguments for `engagetrack demo`.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    setup::for_build()?;
    build::all("start")?;
    let mut demo = shell::program(project::server_binary("start"), ["demo", "--data-dir", "data"]);
    demo.args(&arguments.rest).stdin(std::process::Stdio::inherit());
    shell::show(&mut demo)
}
