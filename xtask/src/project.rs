//! Where things are: the project's folders, and cargo's target folder.

use std::path::{Path, PathBuf};

/// The project's root.
pub(crate) fn root() -> &'static Path {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest)
}

/// Cargo's target folder, wherever the environment puts it.
pub(crate) fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// The folder of what xtask remembers and builds in passing.
pub(crate) fn work() -> PathBuf {
    target().join("xtask")
}

/// The browser SDK as the server embeds it.
pub(crate) fn sdk_output() -> PathBuf {
    root().join("sdk-wasm/dist")
}

/// The browser SDK's npm package.
pub(crate) fn sdk_package() -> PathBuf {
    root().join("sdk-wasm/pkg")
}

/// The server's binary, built with a cargo profile.
pub(crate) fn server_binary(profile: &str) -> PathBuf {
    let folder = if profile == "dev" { "debug" } else { profile };
    target().join(folder).join(format!("engagetrack{}", std::env::consts::EXE_SUFFIX))
}

/// A program that npm has installed.
pub(crate) fn npm_program(name: &str) -> PathBuf {
    root().join("node_modules/.bin").join(name)
}
