//! `map`: writes the code map of ARCHITECTURE.md from the first sentence of every file.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::project;

const BEGIN: &str = "<!-- the map: written by `cargo xtask map` -->\n";
const END: &str = "<!-- end of the map -->";
/// The folders whose files are mapped, in reading order.
const ROOMS: [&str; 6] =
    ["protocol/src", "attribution/src", "server/src", "sdk-wasm/src", "xtask/src", "www/src"];

/// Writes the map.
pub(crate) fn run() -> Result<()> {
    let path = project::root().join("ARCHITECTURE.md");
    fs::write(&path, mapped(&fs::read_to_string(&path)?)?)?;
    Ok(())
}

/// Fails when the map is not that of today's files.
pub(crate) fn check() -> Result<()> {
    let text = fs::read_to_string(project::root().join("ARCHITECTURE.md"))?;
    ensure!(mapped(&text)? == text, "the code map of ARCHITECTURE.md is stale: run `cargo xtask map`");
    Ok(())
}

fn mapped(text: &str) -> Result<String> {
    let (before, rest) = text.split_once(BEGIN).context("ARCHITECTURE.md has no map")?;
    let (_, after) = rest.split_once(END).context("the map has no end")?;
    let mut map = String::new();
    for room in ROOMS {
        map += &format!("\n**{room}**\n\n");
        for file in sources(&project::root().join(room))? {
            let name = file.strip_prefix(project::root().join(room))?.display().to_string();
            let sentence = first_sentence(&file)?;
            map += &format!("- `{name}`: {sentence}\n");
        }
    }
    Ok(format!("{before}{BEGIN}{map}\n{END}{after}"))
}

/// The sources below a folder, tests aside, a file before the folder of its name.
fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(sources(&path)?);
        } else if (name.ends_with(".rs") || name.ends_with(".ts") || name.ends_with(".tsx"))
            && name != "tests.rs"
            && !name.contains(".test.")
        {
            found.push(path);
        }
    }
    found.sort_by_key(|path| path.with_extension(""));
    Ok(found)
}

/// The first sentence of a file: of its `//!` lines, or of the comment that a TypeScript file begins with.
fn first_sentence(path: &Path) -> Result<String> {
    let text = fs::read_to_string(path)?;
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .take_while(|line| line.starts_with("//") || line.starts_with("/**") || line.starts_with('*'))
        .map(|line| line.trim_start_matches(['/', '*', '!']).trim_end_matches("*/").trim())
        .take_while(|line| !line.is_empty())
        .collect();
    let paragraph = lines.join(" ");
    ensure!(!paragraph.is_empty(), "{} does not open with a sentence", path.display());
    let end = paragraph.find(". ").map_or(paragraph.len(), |at| at.saturating_add(1));
    Ok(paragraph.get(..end).unwrap_or_default().to_owned())
}
