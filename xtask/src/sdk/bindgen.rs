//! wasm-bindgen's part: the module with its glue, in the form that bundlers take.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::{Bindgen, EncodeInto, Output};

use super::Form;
use crate::project;

/// Runs wasm-bindgen over a compiled module.
pub(super) fn generate(compiled: &Path, form: Form) -> Result<Output> {
    let mut bytes = fs::read(compiled)?;
    if form == Form::Compatible {
        bytes = without_features(&bytes)?;
    }
    let mut bindgen = Bindgen::new();
    bindgen.input_bytes("engagetrack", bytes).bundler(true)?.typescript(false);
    // The names stay until the module is optimised, so that `size` can say what is large.
    bindgen.remove_producers_section(true).encode_into(EncodeInto::Always);
    bindgen.generate_output()
}

/// The standard library may speak of features that the module must not use: without the section that names them,
/// wasm-bindgen keeps to what wasm2js understands.
fn without_features(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut module = walrus::Module::from_buffer(bytes)?;
    module.customs.remove_raw("target_features");
    Ok(module.emit_wasm())
}

/// Writes the glue. What it imports of the crate's own JavaScript comes from where the loader has it too, so that
/// both speak to the same.
pub(super) fn write(folder: &Path, glue: &str, output: &Output) -> Result<()> {
    let mut glue = glue.to_owned();
    for path in output.local_modules().keys() {
        // `sdk-wasm-HASH/js/FILE` is the copy of a file of the crate.
        let (_, file) = path.split_once('/').context("a snippet without a folder")?;
        let source = project::root().join("sdk-wasm").join(file);
        glue = glue.replace(&format!("./snippets/{path}"), &source.to_string_lossy());
    }
    fs::create_dir_all(folder)?;
    fs::write(folder.join("glue.js"), glue)?;
    Ok(())
}
