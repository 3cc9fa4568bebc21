//! The three deliveries: one file, compatible file, npm package; bundled by esbuild, the module inlined last.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::{Bound, inline, shorten};
use crate::{project, shell};

/// Stands in the bundled script where the module's bytes go.
const BYTES: &str = "\"@MODULE@\"";

/// Writes the folders `dist` and `pkg`.
pub(super) fn deliver(work: &Path, module: &Bound, compatible: &Bound, wasm: &[u8]) -> Result<()> {
    let source = project::root().join("sdk-wasm/js");
    let output = work.join("dist");
    fs::create_dir_all(&output)?;
    imports_of(compatible)?;

    let one = bundle(work, &source.join("tag.js"), "iife", module)?;
    // The mark at the front keeps a page in another encoding from spoiling the bytes.
    let one = format!("\u{feff}{}", with_bytes(&one, &inline::template(wasm))?);
    fs::write(output.join("engagetrack.js"), one)?;
    let other = bundle(work, &source.join("compatible.js"), "iife", compatible)?;
    fs::write(output.join("engagetrack.compat.js"), other)?;

    let package = work.join("pkg");
    if package.exists() {
        fs::remove_dir_all(&package)?;
    }
    fs::create_dir_all(&package)?;
    let index = named(&bundle(work, &source.join("package.js"), "esm", module)?)?;
    fs::write(package.join("index.js"), with_bytes(&index, &inline::template(wasm))?)?;
    let fallback = bundle(work, &source.join("package_compatible.js"), "esm", compatible)?;
    fs::write(package.join("compat.js"), fallback)?;
    for file in ["index.d.ts", "README.md"] {
        fs::copy(source.join(file), package.join(file)).with_context(|| format!("sdk-wasm/js/{file}"))?;
    }
    let manifest = fs::read_to_string(source.join("package.template.json"))?
        .replace("@VERSION@", env!("CARGO_PKG_VERSION"));
    fs::write(package.join("package.json"), manifest)?;
    Ok(())
}

/// wasm2js imports single names; the glue has one object of them.
fn imports_of(compatible: &Bound) -> Result<()> {
    let glue = fs::read_to_string(compatible.folder.join("glue.js"))?;
    let table =
        glue.rsplit_once(shorten::TABLE).map(|(_, table)| table).context("the glue has no imports")?;
    let names = table.trim_end().trim_end_matches("};");
    let mut script = String::from("import { imports } from './glue.js';\n");
    for pair in names.split(',').filter(|pair| !pair.is_empty()) {
        let name = pair.split(':').next().unwrap_or_default();
        script.push_str(&format!("const import_{name} = (...all) => imports.{name}(...all);\nexport {{ import_{name} as {name} }};\n"));
    }
    fs::write(compatible.folder.join("imports.js"), script)?;
    Ok(())
}

fn bundle(work: &Path, entry: &Path, format: &str, bound: &Bound) -> Result<String> {
    let name = entry.file_name().unwrap_or_default();
    let to = work.join("bundled").join(name);
    let mut command = shell::program(project::npm_program("esbuild"), [entry]);
    command.args(["--bundle", "--minify", "--charset=utf8", "--legal-comments=none", "--log-level=warning"]);
    command.args(["--target=es2020", "--external:./compat.js"]);
    command.arg(format!("--format={format}"));
    command.arg(format!("--define:VERSION=\"{}\"", env!("CARGO_PKG_VERSION")));
    command.arg(format!("--alias:@glue={}", bound.folder.join("glue.js").display()));
    command.arg(format!("--alias:@module={}", bound.folder.join("module.js").display()));
    command.arg(format!("--outfile={}", to.display()));
    shell::quiet(&mut command)?;
    Ok(fs::read_to_string(to)?.trim_end().to_owned())
}

/// The members of the package's `api` as exports by their names. A bundler would write each name twice, one for its
/// own short one.
fn named(script: &str) -> Result<String> {
    let (rest, exports) = script.rsplit_once("export{").context("the package exports nothing")?;
    let (api, init) = exports
        .trim_end_matches("};")
        .split_once(" as api,")
        .context("the package exports its `api` first")?;
    let declared = fs::read_to_string(project::root().join("sdk-wasm/js/index.d.ts"))?;
    let names: Vec<_> =
        declared.lines().filter_map(|line| line.strip_prefix("export const ")?.split(':').next()).collect();
    Ok(format!("{rest}export const{{{}}}={api};export{{{init}}};", names.join(",")))
}

fn with_bytes(script: &str, expression: &str) -> Result<String> {
    let (before, after) =
        script.split_once(BYTES).context("the script has no place for the module's bytes")?;
    Ok(format!("{before}{expression}{after}"))
}
