//! What is large in the module: its functions by name, and what is not code.

use std::path::Path;

use anyhow::Result;

use crate::{project, shell};

/// So many of the largest are shown.
const SHOWN: usize = 15;

/// Prints the largest functions of the module that still has its names.
pub(super) fn show(folder: &Path) -> Result<()> {
    let mut command = shell::program(project::npm_program("wasm-opt"), ["--all-features", "--func-metrics"]);
    let metrics = shell::quiet(command.arg(folder.join("named.wasm")))?;
    let mut functions = functions(&metrics);
    functions.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    let code: u64 = functions.iter().map(|(_, bytes)| bytes).sum();
    println!("the module's code, {code} bytes in {} functions; the largest:", functions.len());
    for (name, bytes) in functions.iter().take(SHOWN) {
        println!("{bytes:>10}  {name}");
    }
    Ok(())
}

/// The functions with their bytes, as binaryen's metrics tell them.
fn functions(metrics: &str) -> Vec<(&str, u64)> {
    let mut functions = Vec::new();
    let mut name = "";
    for line in metrics.lines() {
        if let Some(rest) = line.strip_prefix("func: ") {
            name = rest.trim();
        } else if let Some(rest) = line.trim().strip_prefix("[binary-bytes]") {
            let bytes = rest.trim_start_matches([' ', ':']).split(' ').next().unwrap_or_default();
            functions.push((name, bytes.parse().unwrap_or_default()));
        }
    }
    functions
}

#[cfg(test)]
mod tests {
    use super::functions;

    #[test]
    fn metrics_are_read() {
        let metrics = "global\n [total]   : 1\nfunc: alpha\n [binary-bytes] : 26      \n [total] : 9\nfunc: beta\n [binary-bytes] : 7\n";
        assert_eq!(functions(metrics), [("alpha", 26), ("beta", 7)]);
    }
}
