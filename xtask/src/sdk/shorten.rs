//! Short names: imports and exports of the module get one or two letters, in the module and in its glue alike.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use walrus::Module;

/// The name of the module from which everything is imported.
pub(super) const IMPORTED: &str = "_";

/// The beginning of what the glue gives to the module.
pub(super) const TABLE: &str = "export const imports = {";

/// Renames, and gives the glue that belongs to the renamed module. It exports `imports`, an object of what the
/// module imports, in place of the single functions.
pub(super) fn names(glue: String, module: &mut Module) -> String {
    let mut glue = glue;
    let mut table = String::from(TABLE);
    for (place, import) in module.imports.iter_mut().enumerate() {
        let short = letters(place);
        glue =
            glue.replace(&format!("export function {}(", import.name), &format!("function {}(", import.name));
        // What needs no translation is imported past the glue.
        if import.module.starts_with("./snippets/") {
            glue = format!("import {{ {} }} from '{}';\n{glue}", import.name, import.module);
        }
        table.push_str(&format!("{short}:{},", import.name));
        import.name = short;
        IMPORTED.clone_into(&mut import.module);
    }
    // What wasm-bindgen's own loader would do; there is no table of JavaScript values to fill.
    glue.push_str("\nexport const begin = (exports) => { wasm = exports; };\n");
    let mut renamed = HashMap::new();
    for (place, export) in module.exports.iter_mut().enumerate() {
        let short = letters(place);
        renamed.insert(std::mem::replace(&mut export.name, short.clone()), short);
    }
    let mut glue = members(&glue, &renamed);
    glue.push_str(&table);
    glue.push_str("};\n");
    glue
}

/// Takes off what the glue gives to a module that, once optimised, no longer asks for it.
pub(super) fn keep_imports(folder: &Path, wasm: &[u8]) -> Result<()> {
    let module = Module::from_buffer(wasm)?;
    let asked: HashSet<&str> = module.imports.iter().map(|import| import.name.as_str()).collect();
    let path = folder.join("glue.js");
    let glue = fs::read_to_string(&path)?;
    let (rest, table) = glue.rsplit_once(TABLE).context("the glue has no imports")?;
    let mut kept = format!("{rest}{TABLE}");
    for pair in table.trim_end().trim_end_matches("};").split_inclusive(',') {
        if pair.split_once(':').is_some_and(|(name, _)| asked.contains(name)) {
            kept.push_str(pair);
        }
    }
    kept.push_str("};\n");
    fs::write(path, kept)?;
    Ok(())
}

/// Replaces each `wasm.NAME` by `wasm.SHORT`.
fn members(glue: &str, renamed: &HashMap<String, String>) -> String {
    let mut result = String::with_capacity(glue.len());
    let mut parts = glue.split("wasm.");
    result.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let end =
            part.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '$').unwrap_or(part.len());
        let (name, rest) = part.split_at(end);
        result.push_str("wasm.");
        result.push_str(renamed.get(name).map_or(name, String::as_str));
        result.push_str(rest);
    }
    result
}

/// a … z, A … Z, aa, ba, …
fn letters(place: usize) -> String {
    const ALPHABET: &[u8; 52] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut rest = place;
    let mut name = String::new();
    loop {
        let letter = ALPHABET.get(rest % ALPHABET.len()).copied().unwrap_or(b'a');
        name.push(char::from(letter));
        rest /= ALPHABET.len();
        if rest == 0 {
            return name;
        }
        rest -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_distinct_and_short() {
        let all: std::collections::HashSet<String> = (0..3_000).map(letters).collect();
        assert_eq!(all.len(), 3_000);
        assert_eq!(letters(0), "a");
        assert_eq!(letters(51), "Z");
        assert_eq!(letters(52).len(), 2);
    }

    #[test]
    fn members_are_renamed_whole() {
        let renamed = HashMap::from([("start".to_owned(), "a".to_owned())]);
        let glue = "wasm.start(); wasm.start2(); let x = wasm.start;";
        assert_eq!(members(glue, &renamed), "wasm.a(); wasm.start2(); let x = wasm.a;");
    }
}
