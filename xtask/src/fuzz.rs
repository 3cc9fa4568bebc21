//! `fuzz`: everything that reads what strangers send, fed by libFuzzer for a while, each in its turn.

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

/// A target, and what it starts from.
struct Target {
    name: &'static str,
    /// The folder of its examples, below the server's sources.
    examples: Option<&'static str>,
    /// How many kinds of events an example is planted as; none where it is planted as it is.
    kinds: Option<u8>,
}

impl Target {
    /// A target that reads a provider's objects. No provider has more kinds of events.
    const fn of_provider(name: &'static str, examples: &'static str) -> Self {
        Self { name, examples: Some(examples), kinds: Some(16) }
    }
}

const TARGETS: [Target; 6] = [
    Target::of_provider("stripe", "payments/testing/stripe"),
    Target::of_provider("lemonsqueezy", "payments/testing/lemonsqueezy"),
    Target::of_provider("paddle", "payments/testing/paddle"),
    Target::of_provider("polar", "payments/testing/polar"),
    Target { name: "signature", examples: None, kinds: None },
    Target { name: "rates", examples: Some("rates/testing"), kinds: None },
];

/// What libFuzzer needs of the compiler. All of the product is safe Rust, so no sanitizer is asked for, and the stable
/// compiler will do.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
     -Cllvm-args=-sanitizer-coverage-trace-compares -Clink-dead-code -Ccodegen-units=1";
/// Bytes of an example that is made up.
const LONGEST: u32 = 16 * 1024;
/// Seconds for each target in the long run.
const LONG_S: u64 = 60;

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let home = project::root().join("target/fuzz");
    let host = host()?;
    shell::step("the fuzz targets, instrumented", || build(&home, &host))?;
    for target in &TARGETS {
        if arguments.only.as_deref().is_some_and(|only| only != target.name) {
            continue;
        }
        let corpus = home.join("corpus").join(target.name);
        fs::create_dir_all(&corpus)?;
        plant(target, &corpus)?;
        shell::step(&format!("{} for {} s", target.name, arguments.seconds), || {
            let binary = home.join(&host).join("release").join(target.name);
            let mut fuzzer = shell::program(binary, [&corpus]);
            fuzzer.arg(format!("-max_total_time={}", arguments.seconds)).arg(format!("-max_len={LONGEST}"));
            fuzzer.arg(format!("-artifact_prefix={}/", home.display()));
            shell::show(fuzzer.args(["-verbosity=0", "-print_funcs=0", "-print_final_stats=1"]))
        })?;
    }
    Ok(())
}

/// Every target, as long as it takes to believe it.
pub(crate) fn long() -> Result<()> {
    run(&Arguments { seconds: LONG_S, only: None })
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

/// Puts the tests' own examples into a corpus.
fn plant(target: &Target, corpus: &Path) -> Result<()> {
    let Some(examples) = target.examples else { return Ok(()) };
    let folder = project::root().join("server/src").join(examples);
    for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let example = fs::read(&path)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(kinds) = target.kinds else {
            fs::write(corpus.join(name), &example)?;
            continue;
        };
        for kind in 0..kinds {
            fs::write(corpus.join(format!("{name}-{kind}")), [&[kind], example.as_slice()].concat())?;
        }
    }
    Ok(())
}
