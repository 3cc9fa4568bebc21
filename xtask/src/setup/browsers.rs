//! The browsers beside Chromium, which only the long tests drive, and the programs that drive them.

use anyhow::{Context, Result};

use super::browser::{apt_install, cargo_install};
use crate::shell;

/// A program, and the Debian package that has it.
const PROGRAMS: [(&str, &str); 4] = [
    ("firefox-esr", "firefox-esr"),
    ("WebKitWebDriver", "webkit2gtk-driver"),
    ("xvfb-run", "xvfb"),
    ("xauth", "xauth"),
];

pub(super) fn install() -> Result<()> {
    let is_there = |name: &str| {
        let look = format!("command -v {name}");
        shell::quiet(&mut shell::program("sh", ["-c", &look])).is_ok()
    };
    let missing: Vec<&str> =
        PROGRAMS.iter().filter(|(program, _)| !is_there(program)).map(|(_, package)| *package).collect();
    if !missing.is_empty() {
        shell::step("Firefox and WebKit: apt-get install", || apt_install(&missing))
            .context("the long tests need Firefox and WebKit; install them and run this again")?;
    }
    if !is_there("geckodriver") {
        cargo_install(&["geckodriver", "--locked"])?;
    }
    Ok(())
}
