//! Running other programs: what they are, how long they took, and what they said when they failed.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::project;

/// Lines of a failed program's output that are shown.
const SHOWN_LINES: usize = 40;

/// A program to be run in the project's root.
pub(crate) fn program<I: AsRef<OsStr>>(
    name: impl AsRef<OsStr>,
    arguments: impl IntoIterator<Item = I>,
) -> Command {
    let mut command = Command::new(name);
    command.args(arguments).current_dir(project::root()).stdin(Stdio::null());
    command
}

/// Cargo, with the words of `line` as its arguments.
pub(crate) fn cargo(line: &str) -> Command {
    let mut command = program("cargo", line.split_whitespace());
    // What the cargo that runs this program set for it would make build scripts (ring's) run again.
    for (name, _) in std::env::vars_os() {
        let told = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"];
        if told.iter().any(|prefix| name.to_string_lossy().starts_with(prefix)) {
            command.env_remove(name);
        }
    }
    command
}

/// npm, with the words of `line` as its arguments.
pub(crate) fn npm(line: &str) -> Command {
    program("npm", line.split_whitespace())
}

/// Runs a program whose output the reader wants to see.
pub(crate) fn show(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("{} cannot be started", name(command)))?;
    if !status.success() {
        bail!("{} failed ({status})", line(command));
    }
    Ok(())
}

/// Runs a program quietly, and gives what it wrote; its last lines are in the error when it fails.
pub(crate) fn quiet(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("{} cannot be started", name(command)))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(said);
    }
    let all = said + &String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = all.lines().collect();
    let last = lines.get(lines.len().saturating_sub(SHOWN_LINES)..).unwrap_or_default().join("\n");
    bail!("{} failed ({})\n{last}", line(command), output.status);
}

/// Whether a program can be found and runs with these arguments.
pub(crate) fn works(name: impl AsRef<OsStr>, arguments: &[&str]) -> bool {
    program(name, arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Does one step, says which and how long it took.
pub(crate) fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("· {what}");
    let (result, took) = timed(work);
    match &result {
        Ok(_) if took.as_millis() >= 500 => println!("  done in {:.1} s", took.as_secs_f64()),
        Ok(_) => {}
        Err(_) => println!("  failed after {:.1} s", took.as_secs_f64()),
    }
    result
}

/// What the work gives, and how long it took.
#[expect(clippy::disallowed_methods, reason = "a stopwatch for people; nothing here is tested against it")]
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begun = Instant::now();
    let result = work();
    (result, begun.elapsed())
}

/// The program as it would be typed.
pub(crate) fn line(command: &Command) -> String {
    let arguments: Vec<_> = command.get_args().map(OsStr::to_string_lossy).collect();
    format!("{} {}", name(command), arguments.join(" "))
}

fn name(command: &Command) -> String {
    let program = Path::new(command.get_program());
    program.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
