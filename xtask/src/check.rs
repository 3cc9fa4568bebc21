//! `check`: formatting, lints, documentation, types and tidiness; `fix`: mends what can be mended by a program.

use anyhow::Result;

use crate::{map, shell};

pub(crate) fn run() -> Result<()> {
    shell::step("cargo fmt", || shell::quiet(&mut shell::cargo("fmt --all --check")).map(drop))?;
    shell::step("clippy", || {
        shell::quiet(&mut shell::cargo("clippy --quiet --workspace --all-targets -- -D warnings")).map(drop)
    })?;
    shell::step("rustdoc", || {
        let mut doc = shell::cargo("doc --quiet --workspace --no-deps --document-private-items");
        shell::quiet(doc.env("RUSTDOCFLAGS", "-D warnings")).map(drop)
    })?;
    for folder in ["www", "tests"] {
        shell::step(&format!("{folder}: types and style"), || {
            shell::quiet(&mut shell::npm(&format!("run check --workspace {folder}"))).map(drop)
        })?;
    }
    shell::step("the code map", map::check)?;
    shell::step("tidiness", || {
        shell::quiet(&mut shell::cargo("test --quiet --package tests --test tidy")).map(drop)
    })
}

pub(crate) fn fix() -> Result<()> {
    shell::step("clippy --fix", || {
        let line = "clippy --quiet --workspace --all-targets --fix --allow-dirty --allow-staged";
        shell::quiet(&mut shell::cargo(line)).map(drop)
    })?;
    shell::step("cargo fmt", || shell::quiet(&mut shell::cargo("fmt --all")).map(drop))?;
    shell::step("Biome", || shell::quiet(&mut shell::npm("run fix --workspaces --if-present")).map(drop))
}
