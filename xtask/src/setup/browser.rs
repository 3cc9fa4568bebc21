//! What browser tests need: Chromium with its driver, wasm-bindgen's test runner and wasm-pack.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::{project, shell};

/// Programs that are Chromium, the first that exists is used.
const CHROMIUM: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

pub(crate) fn install() -> Result<()> {
    let version = locked_version("wasm-bindgen")?;
    if chromium().is_none() || !shell::works("chromedriver", &["--version"]) {
        shell::step("Chromium and its driver: apt-get install", || {
            apt_install(&["chromium", "chromium-driver"])
        })
        .context(
            "the browser tests need Chromium and chromedriver on the PATH; install them and run this again",
        )?;
    }
    // The runner must be of the very version of the library, or it refuses the module.
    let runner = shell::quiet(&mut shell::program("wasm-bindgen", ["--version"])).unwrap_or_default();
    if runner.trim() != format!("wasm-bindgen {version}") {
        cargo_install(&["wasm-bindgen-cli", "--version", &version])?;
    }
    if !shell::works("wasm-pack", &["--version"]) {
        cargo_install(&["wasm-pack", "--locked"])?;
    }
    Ok(())
}

/// Chromium's program.
pub(crate) fn chromium() -> Option<&'static str> {
    CHROMIUM.into_iter().find(|name| shell::works(name, &["--version"]))
}

/// Installs Debian packages, after refreshing the lists only where that is needed.
pub(crate) fn apt_install(packages: &[&str]) -> Result<()> {
    if !PathBuf::from("/usr/bin/apt-get").exists() {
        bail!("this system has no apt-get; please install {} by its own means", packages.join(", "));
    }
    let arguments = ["-o", "DPkg::Lock::Timeout=120", "install", "-y", "--no-install-recommends"];
    let install = || {
        let mut command = as_root();
        shell::quiet(command.args(arguments).args(packages).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    if install().is_err() {
        apt_update()?;
        install()?;
    }
    Ok(())
}

/// Refreshes the lists of Debian's packages.
pub(crate) fn apt_update() -> Result<()> {
    shell::quiet(as_root().arg("update")).map(drop)
}

fn as_root() -> std::process::Command {
    let is_root = shell::quiet(&mut shell::program("id", ["-u"])).is_ok_and(|id| id.trim() == "0");
    if is_root { shell::program("apt-get", [""; 0]) } else { shell::program("sudo", ["-n", "apt-get"]) }
}

/// Installs a program of the package registry.
pub(super) fn cargo_install(arguments: &[&str]) -> Result<()> {
    let line = arguments.join(" ");
    shell::step(&format!("cargo install {line}, about two minutes"), || {
        let mut command = shell::program("cargo", ["install", "--quiet"]);
        command.args(arguments).env("CARGO_TARGET_DIR", project::work().join("install"));
        shell::quiet(&mut command).map(drop)
    })
}

/// The version of a crate in the lock file.
pub(crate) fn locked_version(name: &str) -> Result<String> {
    let lock = fs::read_to_string(project::root().join("Cargo.lock"))?;
    let entry = format!("name = \"{name}\"\nversion = \"");
    let rest =
        lock.split_once(&entry).map(|(_, rest)| rest).with_context(|| format!("Cargo.lock has no {name}"))?;
    Ok(rest.split('"').next().unwrap_or_default().to_owned())
}
