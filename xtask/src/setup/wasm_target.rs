//! The wasm32 standard library: by rustup, else built once from Debian's packages and linked as toolchain `wasm`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{project, shell};

pub(crate) const TRIPLE: &str = "wasm32-unknown-unknown";
/// The name under which rustup knows Debian's toolchain after the fallback.
const LINKED: &str = "wasm";
/// Debian's packages: compiler, cargo and library source that can build for the web.
const PACKAGES: [&str; 3] = ["rustc-web", "cargo-web", "rust-web-src"];
const LIBRARY: &str = "/usr/lib/rustlib/wasm32-unknown-unknown/lib";
const HOST_BIN: &str = "/usr/lib/rustlib/x86_64-unknown-linux-gnu/bin";

/// A toolchain that builds for the browser.
pub(crate) struct Toolchain {
    /// Its rustup name, where it is not the default one.
    pub(crate) name: Option<&'static str>,
    /// Whether the standard library's source is at hand, so that it can be built smaller.
    pub(crate) has_source: bool,
}

impl Toolchain {
    /// Cargo of this toolchain.
    pub(crate) fn cargo<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = shell::program("cargo", arguments);
        self.select(&mut command);
        command
    }

    /// Makes a program that calls cargo use this toolchain.
    pub(crate) fn select(&self, command: &mut Command) {
        if let Some(name) = self.name {
            command.env("RUSTUP_TOOLCHAIN", name);
        }
    }
}

/// The installed toolchain that builds for the browser, the default one first.
pub(crate) fn installed() -> Option<Toolchain> {
    [None, Some(LINKED)].into_iter().find_map(|name| {
        let sysroot = sysroot(name)?;
        let library = sysroot.join("lib/rustlib").join(TRIPLE).join("lib");
        let has_core = fs::read_dir(library)
            .ok()?
            .flatten()
            .any(|file| file.file_name().to_string_lossy().starts_with("libcore-"));
        let has_source = sysroot.join("lib/rustlib/src/rust/library/std/Cargo.toml").exists();
        has_core.then_some(Toolchain { name, has_source })
    })
}

/// Makes sure that there is one.
pub(crate) fn install() -> Result<()> {
    if installed().is_some_and(|toolchain| toolchain.has_source || toolchain.name.is_some()) {
        return Ok(());
    }
    let ordinary = shell::step("wasm32 target: rustup target add", || {
        shell::quiet(&mut shell::program("rustup", ["target", "add", TRIPLE]))?;
        installed().map(drop).context("error: rustup says that it is there, but its library is not")
    });
    if let Err(reason) = ordinary {
        println!("  {}", first_line(&reason));
        return shell::step("wasm32 target: building it from Debian's packages instead, about a minute", from_debian)
            .context("neither rustup nor Debian's packages gave a wasm32 target; run `rustup target add wasm32-unknown-unknown` where it works, then again");
    }
    // Only makes the SDK smaller: without it the plain library serves.
    let source = shell::step("standard library source: rustup component add rust-src", || {
        shell::quiet(&mut shell::program("rustup", ["component", "add", "rust-src"])).map(drop)
    });
    if source.is_err() {
        println!("  not to be had; the SDK will be a little larger");
    }
    Ok(())
}

fn from_debian() -> Result<()> {
    if !Path::new("/usr/bin/apt-get").exists() {
        bail!("this system has no apt-get");
    }
    // An old list names a compiler that is too old for the workspace.
    super::browser::apt_update()?;
    super::browser::apt_install(&PACKAGES)?;
    let folder = project::work().join("wasm-std");
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("src/lib.rs"), "#![no_std]\n")?;
    let manifest = "[package]\nname = \"nothing\"\nversion = \"0.0.0\"\nedition = \"2021\"\n[workspace]\n";
    fs::write(folder.join("Cargo.toml"), manifest)?;
    let line = format!("build --release --quiet -Zbuild-std=std,panic_abort,test --target {TRIPLE}");
    let mut build = Command::new("/usr/bin/cargo");
    build.args(line.split(' ')).current_dir(&folder);
    build
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", folder.join("target"));
    // Without bitcode in the library, link-time optimisation of the SDK fails.
    build.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", "-Cembed-bitcode=yes");
    // What the outer cargo set for this program is not meant for that toolchain.
    build.env_remove("RUSTUP_TOOLCHAIN").env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
    shell::quiet(&mut build)?;
    // Two compilers' libraries beside each other would be ambiguous.
    if Path::new(LIBRARY).exists() {
        fs::remove_dir_all(LIBRARY)?;
    }
    fs::create_dir_all(LIBRARY)?;
    for file in fs::read_dir(folder.join("target").join(TRIPLE).join("release/deps"))? {
        let file = file?.path();
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.ends_with(".rlib") && !name.starts_with("libnothing-") {
            fs::copy(&file, Path::new(LIBRARY).join(name))?;
        }
    }
    link_linker()?;
    shell::quiet(&mut shell::program("rustup", ["toolchain", "link", LINKED, "/usr"]))?;
    installed().map(drop).context("the library was built, but the toolchain does not find it")
}

/// Debian leaves the linker out; rustup's stable toolchain has it.
fn link_linker() -> Result<()> {
    let link = Path::new(HOST_BIN).join("rust-lld");
    if link.exists() {
        return Ok(());
    }
    let stable = sysroot(None).context("rustc does not run")?;
    fs::create_dir_all(HOST_BIN)?;
    let linker = stable.join("lib/rustlib/x86_64-unknown-linux-gnu/bin/rust-lld");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&linker, &link)
        .with_context(|| format!("{} cannot be linked", linker.display()))?;
    Ok(())
}

fn sysroot(name: Option<&str>) -> Option<PathBuf> {
    let mut command = shell::program("rustc", ["--print", "sysroot"]);
    if let Some(name) = name {
        command.env("RUSTUP_TOOLCHAIN", name);
    }
    let path = shell::quiet(&mut command).ok()?;
    Some(PathBuf::from(path.trim()))
}

fn first_line(error: &anyhow::Error) -> String {
    let text = format!("{error:#}");
    text.lines()
        .find(|line| line.contains("error"))
        .or_else(|| text.lines().next())
        .unwrap_or_default()
        .to_owned()
}
