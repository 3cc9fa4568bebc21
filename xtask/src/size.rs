//! `size`: what is delivered, raw and compressed, against a budget that only goes down.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::{project, sdk, shell};

#[derive(clap::Args, Clone, Copy, Default)]
pub(crate) struct Arguments {
    /// Write today's smaller sizes into the budget.
    #[arg(long)]
    lower: bool,
}

/// A delivered file: its name in the budget, and where it is.
type Artefact = (&'static str, PathBuf);

/// Prints `raw gzip brotli` of each file that is named.
const MEASURE: &str = "const z=require('zlib'),f=require('fs');for(const p of process.argv.slice(1)){const b=f.readFileSync(p);\
    const q=b.length>4e6?{params:{[z.constants.BROTLI_PARAM_QUALITY]:5}}:{};\
    console.log(b.length,z.gzipSync(b,{level:9}).length,z.brotliCompressSync(b,q).length)}";

pub(crate) fn run(arguments: Arguments) -> Result<()> {
    let artefacts: Vec<Artefact> = artefacts().into_iter().filter(|(_, path)| path.exists()).collect();
    let mut measure = shell::program("node", ["-e", MEASURE]);
    let measured = shell::quiet(measure.args(artefacts.iter().map(|(_, path)| path)))?;
    let build = sdk::last_build().unwrap_or_else(|| "smallest".to_owned());
    let path = project::root().join("xtask").join(format!("budget.{build}.txt"));
    let budget = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    println!("{:<24}{:>10}{:>10}{:>10}{:>10}", "bytes", "raw", "gzip", "brotli", "budget");
    let mut lowered = String::new();
    let mut over = Vec::new();
    for line in budget.lines() {
        let Some((name, limit)) = line.split_once(": ") else {
            lowered.push_str(&format!("{line}\n"));
            continue;
        };
        let limit: u64 = limit.trim().parse().with_context(|| format!("budget of {name}"))?;
        let place = artefacts.iter().position(|(artefact, _)| *artefact == name);
        let Some(sizes) = place.and_then(|place| measured.lines().nth(place)) else {
            lowered.push_str(&format!("{line}\n"));
            continue;
        };
        let sizes: Vec<u64> = sizes.split(' ').filter_map(|size| size.parse().ok()).collect();
        let [raw, gzip, brotli] = sizes.as_slice() else { bail!("{name} could not be measured") };
        println!("{name:<24}{raw:>10}{gzip:>10}{brotli:>10}{limit:>10}");
        // A program is downloaded once and kept on a disk; a script is sent, compressed, to each visitor.
        let counted = if name == "server" { *raw } else { *brotli };
        if counted > limit {
            over.push(format!("{name} has {counted} bytes of {limit}"));
        }
        lowered.push_str(&format!("{name}: {}\n", limit.min(counted)));
    }
    if arguments.lower {
        fs::write(&path, lowered)?;
    }
    if !over.is_empty() {
        bail!("over budget: {}", over.join("; "));
    }
    Ok(())
}

fn artefacts() -> Vec<Artefact> {
    let work = project::work().join("sdk");
    let output = project::sdk_output();
    vec![
        ("module", work.join("engagetrack.wasm")),
        ("glue", work.join("bundled/tag.js")),
        ("one-file", output.join("engagetrack.js")),
        ("compatible", output.join("engagetrack.compat.js")),
        ("package", project::sdk_package().join("index.js")),
        ("server", project::server_binary("release")),
    ]
}
