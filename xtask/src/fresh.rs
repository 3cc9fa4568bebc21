//! Up-to-dateness: work is skipped while the content of its inputs is what it was when it last succeeded.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::project;

/// Folders that are never an input.
const SKIPPED: [&str; 6] = ["node_modules", "dist", "pkg", "target", "test-results", ".git"];

/// Does the work unless its outputs exist and neither the inputs (files or folders, from the project's root) nor
/// `extra` have changed since it last succeeded. Answers whether the work was done.
pub(crate) fn unless_fresh(
    name: &str,
    inputs: &[&str],
    extra: &str,
    outputs: &[PathBuf],
    work: impl FnOnce() -> Result<()>,
) -> Result<bool> {
    let stamp = project::work().join(format!("{name}.stamp"));
    let now = fingerprint(inputs, extra)?;
    let before = fs::read_to_string(&stamp).unwrap_or_default();
    if before == now && outputs.iter().all(|output| output.exists()) {
        return Ok(false);
    }
    work()?;
    fs::create_dir_all(project::work())?;
    fs::write(&stamp, now).with_context(|| format!("{} cannot be written", stamp.display()))?;
    Ok(true)
}

fn fingerprint(inputs: &[&str], extra: &str) -> Result<String> {
    let mut files = Vec::new();
    for input in inputs {
        collect(&project::root().join(input), &mut files)?;
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    extra.hash(&mut hasher);
    for file in files {
        file.hash(&mut hasher);
        fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_file() {
        files.push(path.to_owned());
    } else if path.is_dir() {
        for entry in fs::read_dir(path)? {
            let entry = entry?.path();
            let skipped = entry.file_name().is_some_and(|name| SKIPPED.iter().any(|skip| name == *skip));
            if !skipped {
                collect(&entry, files)?;
            }
        }
    }
    Ok(())
}
