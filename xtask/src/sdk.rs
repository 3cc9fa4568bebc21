//! `sdk`: builds the crate `sdk-wasm` into the one file, the compatible file and the npm package.
//!
//! ```text
//! cargo build ─► bindgen (glue) ─► shorten (names) ─► optimise (wasm-opt) ─► deliver (esbuild, inline)
//!        mvp  ─► bindgen ─► shorten ─► optimise (wasm2js) ─► deliver: engagetrack.compat.js
//! ```

mod bindgen;
mod compile;
mod deliver;
mod inline;
mod optimise;
mod shorten;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::setup::wasm_target;
use crate::{fresh, project, shell};

#[derive(clap::Args, Clone, Copy)]
pub(crate) struct Arguments {
    /// Build even when nothing has changed.
    #[arg(long)]
    force: bool,
}

/// The two forms in which the module is built.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// WebAssembly, for all browsers of the last years.
    Module,
    /// WebAssembly of the first hour, to be turned into JavaScript.
    Compatible,
}

/// A module after wasm-bindgen, ready to be optimised and bundled.
struct Bound {
    /// The folder with `glue.js` and its snippets.
    folder: PathBuf,
    /// The module.
    wasm: Vec<u8>,
}

const INPUTS: [&str; 6] =
    ["sdk-wasm/src", "sdk-wasm/js", "sdk-wasm/Cargo.toml", "protocol", "xtask/src/sdk.rs", "xtask/src/sdk"];

pub(crate) fn run(arguments: Arguments) -> Result<()> {
    if build(arguments.force)? {
        crate::size::run(crate::size::Arguments::default())
    } else {
        println!("· SDK: nothing has changed");
        Ok(())
    }
}

/// Builds the SDK where its inputs have changed; answers whether it did.
pub(crate) fn build(force: bool) -> Result<bool> {
    wasm_target::install()?;
    let toolchain = wasm_target::installed().context("there is no wasm32 target; run `cargo xtask setup`")?;
    let outputs =
        [project::sdk_output().join("engagetrack.js"), project::sdk_output().join("engagetrack.compat.js")];
    let dependencies = shell::quiet(&mut shell::cargo(&format!(
        "tree --package sdk-wasm --edges normal --target {} --prefix none",
        wasm_target::TRIPLE
    )))?;
    let extra = format!("{dependencies}{:?}{}{force}", toolchain.name, toolchain.has_source);
    fresh::unless_fresh("sdk", &INPUTS, &extra, &outputs, || {
        shell::step("browser SDK, two minutes the first time", || deliver(&toolchain))
    })
}

fn deliver(toolchain: &wasm_target::Toolchain) -> Result<()> {
    let work = project::work().join("sdk");
    let smallest = compile::is_smallest(toolchain);
    let module = bind(&work, Form::Module, &compile::compile(toolchain, Form::Module, smallest)?)?;
    let compatible =
        bind(&work, Form::Compatible, &compile::compile(toolchain, Form::Compatible, smallest)?)?;
    let wasm = optimise::module(&work, &module.wasm)?;
    optimise::javascript(&compatible)?;
    deliver::deliver(&work, &module, &compatible, &wasm)?;
    fs::write(work.join("build"), if smallest { "smallest" } else { "plain" })?;
    Ok(())
}

fn bind(work: &Path, form: Form, compiled: &Path) -> Result<Bound> {
    let folder = work.join(match form {
        Form::Module => "module",
        Form::Compatible => "compatible",
    });
    let mut output = bindgen::generate(compiled, form)?;
    let glue = output.start().cloned().context("wasm-bindgen gave no glue")?;
    let glue = shorten::names(glue, output.wasm_mut());
    bindgen::write(&folder, &glue, &output)?;
    Ok(Bound { folder, wasm: output.wasm_mut().emit_wasm() })
}

/// How the last build was made: `smallest` (with the standard library built for size) or `plain`.
pub(crate) fn last_build() -> Option<String> {
    fs::read_to_string(project::work().join("sdk/build")).ok()
}
