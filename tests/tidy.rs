//! Tidiness: the rules of the house that no compiler holds.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops there")]

use std::fs;
use std::path::{Path, PathBuf};

/// Lines of a file; a longer one has two subjects.
const LINES: usize = 460;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The files below a folder with an ending, generated ones aside.
fn files(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !["target", "node_modules", "dist", "pkg", "test-results", ".git"].contains(&name.as_str())
                {
                    open.push(path);
                }
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                let shown = path.strip_prefix(root()).unwrap().display().to_string();
                found.push((shown, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!found.is_empty(), "{folder} has such files");
    found
}

fn rust() -> Vec<(String, String)> {
    ["protocol", "attribution", "server", "sdk-wasm", "xtask", "tests", "fuzz"]
        .iter()
        .flat_map(|folder| files(folder, &[".rs"]))
        .collect()
}

/// Names that only some places may use.
fn only(name: &str, allowed: &[&str]) {
    for (path, text) in rust() {
        let uses = text.lines().any(|line| !line.trim_start().starts_with("//") && line.contains(name));
        let may = allowed.iter().any(|place| path.starts_with(place)) || path == "tests/tidy.rs";
        assert!(!uses || may, "{path} names {name}, which only {allowed:?} may");
    }
}

#[test]
fn every_rust_file_opens_with_a_sentence_and_has_one_subject() {
    for (path, text) in rust() {
        assert!(text.starts_with("//! "), "{path} does not open with a sentence");
        let lines = text.lines().count();
        assert!(lines <= LINES, "{path} has {lines} lines");
        for word in ["utils", "helpers", "common", "manager", "misc"] {
            assert!(!path.ends_with(&format!("{word}.rs")), "{path} says nothing of what it holds");
        }
    }
}

#[test]
fn libraries_are_named_in_their_own_rooms_alone() {
    only("sled::", &["server/src/store/embedded"]);
    // A stand-in for a payment provider is a server too.
    only("warp::", &["server/src/http", "server/src/error.rs", "server/src/connections/tests"]);
    only("web_sys::", &["sdk-wasm/src/browser", "sdk-wasm/tests"]);
    // A load generator signs by the same clock as the server that it asks.
    only("SystemTime::now", &["server/src/clock.rs", "xtask/src/payment.rs"]);
}

#[test]
fn attribution_and_protocol_do_no_io() {
    for (manifest, allowed) in [("attribution/Cargo.toml", &[][..]), ("protocol/Cargo.toml", &["serde"][..])]
    {
        let text = fs::read_to_string(root().join(manifest)).unwrap();
        let dependencies = text.split("[dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
        for line in dependencies.lines().filter(|line| line.contains('=') || line.contains(".workspace")) {
            let name = line.split(['.', ' ', '=']).next().unwrap();
            assert!(allowed.contains(&name), "{manifest} depends on {name}");
        }
    }
    for folder in ["attribution/src", "protocol/src"] {
        for (path, text) in files(folder, &[".rs"]) {
            for name in ["std::fs", "std::net", "std::io", "std::env", "std::thread", "std::time", "async fn"]
            {
                assert!(!text.contains(name), "{path} names {name}");
            }
        }
    }
}

#[test]
fn nothing_is_left_for_later() {
    let mut all = rust();
    all.extend(files("www/src", &[".ts", ".tsx", ".css"]));
    all.extend(files("sdk-wasm/js", &[".js", ".ts"]));
    for (path, text) in all {
        for word in ["TODO", "FIXME", "unimplemented!", "todo!"] {
            assert!(path == "tests/tidy.rs" || !text.contains(word), "{path} says {word}");
        }
    }
}
