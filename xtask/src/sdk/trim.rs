//! The glue without what this module has no use for.

use walrus::Module;

use super::shorten;

/// Texts are encoded at once, instead of letter by letter with a second allocation for what is not ASCII.
const PASS_STRING: &str = "function passStringToWasm0(arg, malloc) {
    const buf = cachedTextEncoder.encode(arg);
    const ptr = malloc(buf.length, 1) >>> 0;
    getUint8ArrayMemory0().set(buf, ptr);
    WASM_VECTOR_LEN = buf.length;
    return ptr;
}
";

/// A page that decodes two gigabytes of texts has other cares than Safari's limit.
const DECODE: &str = "function decodeText(bytes) {
    return cachedTextDecoder.decode(bytes);
}
";

/// Puts simpler functions in the place of wasm-bindgen's where they are there, and takes off the exports that the
/// glue then does not name.
pub(super) fn trim(glue: &str, module: &mut Module) -> String {
    let mut glue = glue.replace(", wasm.__wbindgen_realloc)", ")");
    for function in [PASS_STRING, DECODE] {
        glue = replaced(&glue, function).unwrap_or(glue);
    }
    let is_named = |name: &str| name == shorten::START || glue.contains(&format!("wasm.{name}"));
    let unnamed: Vec<_> =
        module.exports.iter().filter(|export| !is_named(&export.name)).map(walrus::Export::id).collect();
    for export in unnamed {
        module.exports.delete(export);
    }
    glue
}

/// The glue with a function in the place of the one with the same name; `None` where there is none.
fn replaced(glue: &str, function: &str) -> Option<String> {
    let (head, _) = function.split_once('(')?;
    let (before, rest) = glue.split_once(&format!("{head}("))?;
    let (_, after) = rest.split_once("\n}\n")?;
    Some(format!("{before}{function}{after}"))
}

#[cfg(test)]
mod tests {
    use super::replaced;

    #[test]
    fn a_function_takes_the_place_of_the_one_with_its_name() {
        let glue = "let a;\nfunction f(a, b) {\n    if (a) {\n    }\n}\nlet b;\n";
        let expected = "let a;\nfunction f() {\n}\nlet b;\n";
        assert_eq!(replaced(glue, "function f() {\n}\n").as_deref(), Some(expected));
        assert_eq!(replaced(glue, "function g() {\n}\n"), None);
    }
}
