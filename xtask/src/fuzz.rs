//! `fuzz`: everything that reads a webhook, fed by libFuzzer for a while, each in its turn.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::{project, shell};

#[derive(clap::Args, Clone)]
pub(crate) struct Arguments {
    /// Seconds for each target.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Only this target.
    only: Option<String>,
}

/// A target, and the folder of examples that it starts from.
const TARGETS: [(&str, Option<&str>); 5] = [
    ("stripe", Some("stripe")),
    ("lemonsqueezy", Some("lemonsqueezy")),
    ("paddle", Some("paddle")),
    ("polar", Some("polar")),
    ("signature", None),
];

/// What libFuzzer needs of the compiler. All of the product is safe Rust, so no sanitizer is asked for, and the stable
/// compiler will do.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
     -Cllvm-args=-sanitizer-coverage-trace-compares -Clink-dead-code -Ccodegen-units=1";
/// Bytes of an example that is made up.
const LONGEST: u32 = 16 * 1024;
/// More kinds of events than any provider has: an example is planted for each.
const KINDS: u8 = 16;

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let home = project::root().join("target/fuzz");
    let host = host()?;
    shell::step("the fuzz targets, instrumented", || build(&home, &host))?;
    for (target, examples) in TARGETS {
        if arguments.only.as_deref().is_some_and(|only| only != target) {
            continue;
        }
        let corpus = home.join("corpus").join(target);
        fs::create_dir_all(&corpus)?;
        examples.map_or(Ok(()), |folder| plant(folder, &corpus))?;
        shell::step(&format!("{target} for {} s", arguments.seconds), || {
            let binary = home.join(&host).join("release").join(target);
            let mut fuzzer = shell::program(binary, [&corpus]);
            fuzzer.arg(format!("-max_total_time={}", arguments.seconds)).arg(format!("-max_len={LONGEST}"));
            fuzzer.arg(format!("-artifact_prefix={}/", home.display()));
            shell::show(fuzzer.args(["-verbosity=0", "-print_final_stats=1"]))
        })?;
    }
    Ok(())
}

/// Builds for the host by its name: then only the targets get the flags, and no build script.
fn build(home: &Path, host: &str) -> Result<()> {
    let mut cargo = shell::cargo("build --quiet --release --manifest-path fuzz/Cargo.toml --target");
    shell::quiet(cargo.arg(host).env("RUSTFLAGS", FLAGS).env("CARGO_TARGET_DIR", home)).map(drop)
}

fn host() -> Result<String> {
    let said = shell::quiet(&mut shell::program("rustc", ["-vV"]))?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("rustc does not say for which host it is")
}

/// Puts the tests' own objects into a corpus, each as an object of each kind of event.
fn plant(folder: &str, corpus: &Path) -> Result<()> {
    let examples = project::root().join("server/src/payments/testing").join(folder);
    for entry in fs::read_dir(&examples).with_context(|| examples.display().to_string())? {
        let path = entry?.path();
        let object = fs::read(&path)?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        for kind in 0..KINDS {
            fs::write(corpus.join(format!("{name}-{kind}")), [&[kind], object.as_slice()].concat())?;
        }
    }
    Ok(())
}
