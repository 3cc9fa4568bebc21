//! binaryen's part: a smaller module, and the module as plain JavaScript.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::{Bound, shorten};
use crate::{project, shell};

/// Passes that were measured to pay. Not `-tnh`: it takes the bounds checks out and saves nothing.
const MODULE: &str = "--low-memory-unused -Oz --flatten --rereloop --simplify-locals -Oz -Oz --converge";

/// What browsers of the last years understand, and no more: what is written may use it.
const FEATURES: &str = "--enable-reference-types --enable-bulk-memory --enable-bulk-memory-opt --enable-sign-ext \
    --enable-mutable-globals --enable-nontrapping-float-to-int --enable-multivalue --enable-call-indirect-overlong";

/// What browsers have no use for.
const STRIP: &str = "--strip-debug --strip-producers --strip-target-features";

/// What is left of later features in the library is lowered before wasm2js, which knows none of them.
const LOWER: &str = "--enable-bulk-memory --enable-bulk-memory-opt --enable-sign-ext --enable-mutable-globals \
    --enable-nontrapping-float-to-int --llvm-memory-copy-fill-lowering --signext-lowering \
    --llvm-nontrapping-fptoint-lowering -Oz --strip-debug --strip-producers --strip-target-features";

/// The module, made as small as wasm-opt can; `named.wasm` is the same with its names.
pub(super) fn module(work: &Path, wasm: &[u8]) -> Result<Vec<u8>> {
    let before = work.join("before.wasm");
    let named = work.join("named.wasm");
    let after = work.join("engagetrack.wasm");
    fs::write(&before, wasm)?;
    binaryen("wasm-opt", &format!("{FEATURES} -g {MODULE}"), &before, &named)?;
    binaryen("wasm-opt", &format!("{FEATURES} {STRIP}"), &named, &after)?;
    Ok(fs::read(after)?)
}

/// The module, lowered, as it then becomes JavaScript: `module.js` beside its glue.
pub(super) fn javascript(bound: &Bound) -> Result<Vec<u8>> {
    let before = bound.folder.join("before.wasm");
    let lowered = bound.folder.join("lowered.wasm");
    let script = bound.folder.join("module.js");
    fs::write(&before, &bound.wasm)?;
    binaryen("wasm-opt", LOWER, &before, &lowered)?;
    binaryen("wasm2js", "-Oz", &lowered, &script)?;
    let own = format!("from '{}'", shorten::IMPORTED);
    fs::write(&script, fs::read_to_string(&script)?.replace(&own, "from './imports.js'"))?;
    Ok(fs::read(&lowered)?)
}

fn binaryen(name: &str, flags: &str, from: &Path, to: &Path) -> Result<()> {
    let mut command = shell::program(project::npm_program(name), flags.split_whitespace());
    shell::quiet(command.arg(from).arg("-o").arg(to)).map(drop)
}
