//! `sdk`: builds the crate `sdk-wasm` into the one file, the compatible file and the npm package.
//!
//! ```text
//! cargo build ─► bindgen (glue) ─► trim, shorten (names) ─► optimise (wasm-opt) ─► deliver (esbuild, inline)
//!        mvp  ─► bindgen ─► trim, shorten ─► optimise (wasm2js) ─► deliver: engagetrack.compat.js
//! ```

mod bindgen;
mod compile;
mod deliver;
mod inline;
mod optimise;
mod shorten;
mod trim;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::setup::{self, wasm_target};
use crate::{fresh, project, shell};

#[derive(clap::Args, Clone, Copy)]
pub(crate) struct Arguments {
    /// Build even when nothing has changed.
    #[arg(long)]
    force: bool,
    /// Build the plain way too, for its size.
    #[arg(long)]
    plain: bool,
}

/// The two forms in which the module is built.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// WebAssembly, for all browsers of the last years.
    Module,
    /// WebAssembly of the first hour, to be turned into JavaScript.
    Compatible,
}

/// The two ways in which the SDK is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Build {
    /// With the standard library built for size too.
    Smallest,
    /// With the standard library as it is delivered.
    Plain,
}

impl Build {
    pub(crate) const ALL: [Self; 2] = [Self::Smallest, Self::Plain];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Smallest => "smallest",
            Self::Plain => "plain",
        }
    }

    /// The folder of everything that this build makes.
    pub(crate) fn folder(self) -> PathBuf {
        project::work().join("sdk").join(self.name())
    }
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
    setup::for_build()?;
    if !build(arguments.force)? {
        println!("· SDK: nothing has changed");
    }
    if arguments.plain {
        build_plain()?;
    }
    crate::size::run(crate::size::Arguments::default())
}

/// Builds the SDK where its inputs have changed; answers whether it did.
pub(crate) fn build(force: bool) -> Result<bool> {
    let outputs =
        [project::sdk_output().join("engagetrack.js"), project::sdk_output().join("engagetrack.compat.js")];
    unless_fresh("sdk", force, &outputs, |toolchain| {
        let smallest = compile::is_smallest(toolchain);
        let build = if smallest { Build::Smallest } else { Build::Plain };
        make(toolchain, build)?;
        copy(&build.folder().join("dist"), &project::sdk_output())?;
        copy(&build.folder().join("pkg"), &project::sdk_package())
    })
}

/// Builds the SDK the plain way too, beside what is delivered, so that its size is known.
pub(crate) fn build_plain() -> Result<()> {
    let output = [Build::Plain.folder().join("dist/engagetrack.js")];
    unless_fresh("sdk-plain", false, &output, |toolchain| make(toolchain, Build::Plain)).map(drop)
}

fn unless_fresh(
    name: &str,
    force: bool,
    outputs: &[PathBuf],
    work: impl FnOnce(&wasm_target::Toolchain) -> Result<()>,
) -> Result<bool> {
    wasm_target::install()?;
    let toolchain = wasm_target::installed().context("there is no wasm32 target; run `cargo xtask setup`")?;
    let dependencies = shell::quiet(&mut shell::cargo(&format!(
        "tree --package sdk-wasm --edges normal --target {} --prefix none",
        wasm_target::TRIPLE
    )))?;
    let extra = format!("{dependencies}{:?}{}{force}", toolchain.name, toolchain.has_source);
    fresh::unless_fresh(name, &INPUTS, &extra, outputs, || {
        shell::step(&format!("browser {name}, minutes the first time"), || work(&toolchain))
    })
}

fn make(toolchain: &wasm_target::Toolchain, build: Build) -> Result<()> {
    let work = build.folder();
    let module = bind(&work, Form::Module, &compile::compile(toolchain, Form::Module, build)?)?;
    let compatible = bind(&work, Form::Compatible, &compile::compile(toolchain, Form::Compatible, build)?)?;
    let wasm = optimise::module(&work, &module.wasm)?;
    shorten::keep_imports(&module.folder, &wasm)?;
    let lowered = optimise::javascript(&compatible)?;
    shorten::keep_imports(&compatible.folder, &lowered)?;
    deliver::deliver(&work, &module, &compatible, &wasm)
}

fn bind(work: &Path, form: Form, compiled: &Path) -> Result<Bound> {
    let folder = work.join(match form {
        Form::Module => "module",
        Form::Compatible => "compatible",
    });
    let mut output = bindgen::generate(compiled, form)?;
    let glue = output.start().cloned().context("wasm-bindgen gave no glue")?;
    let glue = trim::trim(&glue, output.wasm_mut())?;
    let glue = shorten::names(glue, output.wasm_mut());
    bindgen::write(&folder, &glue, &output)?;
    Ok(Bound { folder, wasm: output.wasm_mut().emit_wasm() })
}

/// Whether what is delivered was made by this build.
pub(crate) fn is_delivered(build: Build) -> bool {
    let script = |folder: PathBuf| fs::read(folder.join("engagetrack.js")).ok();
    let delivered = script(project::sdk_output());
    delivered.is_some() && delivered == script(build.folder().join("dist"))
}

/// Copies the files of a folder.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for file in fs::read_dir(from)? {
        let file = file?;
        fs::copy(file.path(), to.join(file.file_name()))?;
    }
    Ok(())
}
