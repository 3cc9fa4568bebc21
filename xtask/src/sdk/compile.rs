//! Cargo's part: the crate as a wasm file, with the standard library built for size where its source is at hand.

use std::path::PathBuf;

use anyhow::{Result, bail};

use super::{Build, Form};
use crate::setup::wasm_target::{TRIPLE, Toolchain};
use crate::{project, shell};

/// A panic is a trap at once: no messages, no places, no formatting.
const SMALLEST: &str = "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none \
    -Zinline-mir=yes";

/// What is trivial is put in its place, which compilers for size leave undone. The stack is small and lies first, so
/// that the addresses behind it are short.
const SMALLER: &str = "-Cllvm-args=-inline-threshold=25 -Clink-arg=-zstack-size=4096";

/// Whether the standard library can be built for size.
pub(super) fn is_smallest(toolchain: &Toolchain) -> bool {
    if !toolchain.has_source {
        return false;
    }
    // The library has dependencies of its own, which may be out of reach; then the plain library serves.
    match compile(toolchain, Form::Module, Build::Smallest) {
        Ok(_) => true,
        Err(reason) => {
            println!(
                "  the standard library cannot be built for size; the SDK will be a little larger\n  {reason:#}"
            );
            false
        }
    }
}

/// Compiles the crate.
pub(super) fn compile(toolchain: &Toolchain, form: Form, build: Build) -> Result<PathBuf> {
    // Cargo would build the libraries anew whenever the flags change: each kind has a folder of its own.
    let form_name = if form == Form::Module { "module" } else { "compatible" };
    let folder = project::work().join(format!("cargo-{form_name}-{}", build.name()));
    let mut command =
        toolchain.cargo(["build", "--quiet", "--package", "sdk-wasm", "--lib", "--profile", "wasm"]);
    command.args(["--target", TRIPLE, "--target-dir"]).arg(&folder);
    let mut flags = String::new();
    if build == Build::Smallest {
        command.args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"]);
        command.env("RUSTC_BOOTSTRAP", "1");
        flags.push_str(SMALLEST);
        flags.push(' ');
    }
    flags.push_str(SMALLER);
    flags.push_str(match form {
        // The few values that the module holds by wasm-bindgen are kept in JavaScript.
        Form::Module => " -Ctarget-feature=-reference-types",
        Form::Compatible => " -Ctarget-cpu=mvp",
    });
    command.env_remove("CARGO_ENCODED_RUSTFLAGS").env("RUSTFLAGS", flags);
    shell::quiet(&mut command)?;
    let wasm = folder.join(TRIPLE).join("wasm/sdk_wasm.wasm");
    if !wasm.exists() {
        bail!("cargo succeeded, but {} is not there", wasm.display());
    }
    Ok(wasm)
}
