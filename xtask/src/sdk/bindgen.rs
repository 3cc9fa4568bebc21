//! wasm-bindgen's part: the module with its glue, in the form that bundlers take.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::{Bindgen, EncodeInto, Output};

use super::Form;
use crate::project;

/// Runs wasm-bindgen over a compiled module.
pub(super) fn generate(compiled: &Path, form: Form) -> Result<Output> {
    let bytes = with_features(&fs::read(compiled)?, form)?;
    let mut bindgen = Bindgen::new();
    bindgen.input_bytes("engagetrack", bytes).bundler(true)?.typescript(false);
    // The names stay until the module is optimised, so that `size` can say what is large.
    bindgen.remove_producers_section(true).encode_into(EncodeInto::Always);
    bindgen.generate_output()
}

/// The section in which a module names the features that it was compiled for.
const FEATURES: &str = "target_features";

/// The standard library may have been compiled for features that the module does without. wasm-bindgen reads from
/// their names what it may use: no table of JavaScript values, and for wasm2js nothing of later years.
fn with_features(bytes: &[u8], form: Form) -> Result<Vec<u8>> {
    let mut module = walrus::Module::from_buffer(bytes)?;
    let named = module.customs.remove_raw(FEATURES).map(|section| section.data).unwrap_or_default();
    let kept = features(&named)
        .into_iter()
        .filter(|(_, name)| form == Form::Module && *name != b"reference-types")
        .collect::<Vec<_>>();
    let mut data = vec![u8::try_from(kept.len())?];
    for (prefix, name) in kept {
        data.extend([prefix, u8::try_from(name.len())?]);
        data.extend(name);
    }
    module.customs.add(walrus::RawCustomSection { name: FEATURES.to_owned(), data });
    Ok(module.emit_wasm())
}

/// The features of the section, each with the sign before it. All numbers are below 128.
fn features(section: &[u8]) -> Vec<(u8, &[u8])> {
    let mut features = Vec::new();
    let mut rest = section.get(1..).unwrap_or_default();
    while let [prefix, length, after @ ..] = rest {
        let Some((name, next)) = after.split_at_checked(usize::from(*length)) else { break };
        features.push((*prefix, name));
        rest = next;
    }
    features
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

#[cfg(test)]
mod tests {
    use super::features;

    #[test]
    fn features_are_read_one_by_one() {
        assert_eq!(features(b"\x02+\x03abc-\x02de"), [(b'+', b"abc".as_slice()), (b'-', b"de".as_slice())]);
        assert_eq!(features(b"\x01+\x09abc"), []);
        assert_eq!(features(b""), []);
    }
}
