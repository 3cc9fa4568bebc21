//! `size`: what is delivered, raw and compressed, against budgets that only go down, and what is large in the module.

mod items;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::sdk::{self, Build};
use crate::{project, shell};

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

/// Measures the server and each build of the SDK that is there.
pub(crate) fn run(arguments: Arguments) -> Result<()> {
    let mut over = Vec::new();
    for build in Build::ALL {
        let artefacts = sdk_artefacts(build);
        if artefacts.iter().all(|(_, path)| path.exists()) {
            let role = if sdk::is_delivered(build) {
                "this is what is delivered"
            } else {
                "built for its size alone"
            };
            println!("\nSDK, {} build; {role}", build.name());
            over.extend(measure(build.name(), &artefacts, arguments.lower)?);
            items::show(&build.folder())?;
        }
    }
    let server = [("server", project::server_binary("release"))];
    if server.iter().all(|(_, path)| path.exists()) {
        println!("\nserver");
        over.extend(measure("server", &server, arguments.lower)?);
    }
    if !over.is_empty() {
        bail!("over budget: {}", over.join("; "));
    }
    Ok(())
}

/// Prints the sizes of the artefacts beside their budget; answers which are over it.
fn measure(budget: &str, artefacts: &[Artefact], lower: bool) -> Result<Vec<String>> {
    let mut command = shell::program("node", ["-e", MEASURE]);
    let measured = shell::quiet(command.args(artefacts.iter().map(|(_, path)| path)))?;
    let path = project::root().join("xtask").join(format!("budget.{budget}.txt"));
    let limits = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    println!("{:<24}{:>10}{:>10}{:>10}{:>10}", "bytes", "raw", "gzip", "brotli", "budget");
    let mut lowered = String::new();
    let mut over = Vec::new();
    for ((name, _), line) in artefacts.iter().zip(measured.lines()) {
        let sizes: Vec<u64> = line.split(' ').filter_map(|size| size.parse().ok()).collect();
        let [raw, gzip, brotli] = sizes.as_slice() else { bail!("{name} could not be measured") };
        let limit =
            limits.lines().find_map(|limit| limit.strip_prefix(name)?.strip_prefix(": ")?.parse().ok());
        let limit: u64 = limit.with_context(|| format!("{} has no budget for {name}", path.display()))?;
        println!("{name:<24}{raw:>10}{gzip:>10}{brotli:>10}{limit:>10}");
        // A program is downloaded once and kept on a disk; a script is sent, compressed, to each visitor.
        let counted = if *name == "server" { *raw } else { *brotli };
        if counted > limit {
            over.push(format!("{budget} {name} has {counted} bytes of {limit}"));
        }
        lowered.push_str(&format!("{name}: {}\n", limit.min(counted)));
    }
    if lower {
        fs::write(&path, lowered)?;
    }
    Ok(over)
}

fn sdk_artefacts(build: Build) -> Vec<Artefact> {
    let folder = build.folder();
    vec![
        ("module", folder.join("engagetrack.wasm")),
        ("glue", folder.join("bundled/tag.js")),
        ("one-file", folder.join("dist/engagetrack.js")),
        ("compatible", folder.join("dist/engagetrack.compat.js")),
        ("package", folder.join("pkg/index.js")),
    ]
}
