//! The glue without what this module has no use for.

use anyhow::{Context, Result};
use walrus::Module;

/// What the bindings throw when their own promises break says nothing that a visitor could use.
const THROW: &str = "function __wbg___wbindgen_throw_";

/// Its view of the memory is a new one each time: wasm-bindgen asks whether the last was detached, which the plain
/// memory of the compatible file never is, even when it has grown.
const VIEW: &str = "function getUint8ArrayMemory0(";

/// Puts simpler functions in the place of two of wasm-bindgen's, and takes off the exports that the glue then does
/// not name.
pub(super) fn trim(glue: &str, module: &mut Module) -> Result<String> {
    // No text leaves the module but constants, which js/values.js reads by itself.
    let glue: String = glue
        .lines()
        .filter(|line| line.trim() != "cachedTextDecoder.decode();")
        .map(|line| if line.starts_with("let cachedTextDecoder") { "let cachedTextDecoder;" } else { line })
        .flat_map(|line| [line, "\n"])
        .collect();
    // What was never put into an array is undefined anyway, and a byte has one byte.
    let glue = glue.replace(".fill(undefined)", "").replace("ptr / 1", "ptr");
    let glue = with_body(&glue, VIEW, "return new Uint8Array(wasm.memory.buffer);")
        .context("the glue has no view of the memory that could be replaced")?;
    let glue = with_body(&glue, THROW, "throw new Error();").unwrap_or(glue);
    let is_named = |name: &str| glue.contains(&format!("wasm.{name}"));
    let unnamed: Vec<_> =
        module.exports.iter().filter(|export| !is_named(&export.name)).map(walrus::Export::id).collect();
    for export in unnamed {
        module.exports.delete(export);
    }
    Ok(glue)
}

/// The glue with another body for the function that begins so; `None` where there is none.
fn with_body(glue: &str, head: &str, body: &str) -> Option<String> {
    let start = glue.find(head)?;
    let line = glue.get(..start)?.rsplit('\n').next()?;
    let indent = line.get(..line.len() - line.trim_start().len())?;
    let open = start + glue.get(start..)?.find('{')? + 1;
    let close = open + glue.get(open..)?.find(&format!("\n{indent}}}"))?;
    Some(format!("{}\n    {body}{}", glue.get(..open)?, glue.get(close..)?))
}

#[cfg(test)]
mod tests {
    use super::with_body;

    #[test]
    fn a_function_gets_another_body() {
        let glue = "let a;\nexport function f_1(a, b) {\n    if (a) {\n    }\n}\nlet b;\n";
        let expected = "let a;\nexport function f_1(a, b) {\n    g();\n}\nlet b;\n";
        assert_eq!(with_body(glue, "function f_", "g();").as_deref(), Some(expected));
        assert_eq!(with_body(glue, "function g", "g();"), None);
        let indented = "let a;\n  function f() {\n    if (a) {\n    }\n  }\nlet b;\n";
        let expected = "let a;\n  function f() {\n    g();\n  }\nlet b;\n";
        assert_eq!(with_body(indented, "function f(", "g();").as_deref(), Some(expected));
    }
}
