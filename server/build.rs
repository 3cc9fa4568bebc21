//! Gathers what the binary carries (the browser SDK, the dashboard, the demo shop) and compresses it ahead.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Smaller files gain nothing by compression.
const WORTH_COMPRESSING_BYTES: usize = 512;

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("..");
    let output = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("embedded");
    // Compressing as hard as can be takes seconds: a build for development goes without.
    let compress = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    if output.exists() {
        fs::remove_dir_all(&output)?;
    }
    for (name, folder) in [("sdk", "sdk-wasm/dist"), ("dashboard", "www/dist"), ("demo", "www/demo")] {
        let (from, to) = (root.join(folder), output.join(name));
        // A folder that is not there would make every build run this again.
        fs::create_dir_all(&from)?;
        fs::create_dir_all(&to)?;
        println!("cargo:rerun-if-changed={}", from.display());
        copy(&from, &to, compress)?;
    }
    println!("cargo:rerun-if-changed=build.rs");
    Ok(())
}

fn copy(from: &Path, to: &Path, compress: bool) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir_all(&target)?;
            copy(&entry.path(), &target, compress)?;
            continue;
        }
        let bytes = fs::read(entry.path())?;
        fs::write(&target, &bytes)?;
        if compress && is_text(&target) && bytes.len() >= WORTH_COMPRESSING_BYTES {
            fs::write(beside(&target, "br"), brotli(&bytes)?)?;
            fs::write(beside(&target, "gz"), gzip(&bytes)?)?;
        }
    }
    Ok(())
}

fn is_text(path: &Path) -> bool {
    let kinds = ["js", "css", "html", "svg", "json", "map", "txt", "wasm"];
    path.extension().and_then(|kind| kind.to_str()).is_some_and(|kind| kinds.contains(&kind))
}

fn beside(path: &Path, kind: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(kind);
    PathBuf::from(name)
}

fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut compressed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut compressed, 4_096, 11, 22);
    writer.write_all(bytes)?;
    drop(writer);
    Ok(compressed)
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(bytes)?;
    writer.finish()
}
