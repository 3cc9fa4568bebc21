//! `ready`: how soon the SDK is ready in Chromium, beside another tracker and a bare script.

use anyhow::Result;

use crate::{shell, test};

pub(crate) fn run() -> Result<()> {
    test::prepare()?;
    shell::show(&mut shell::npm("run ready --workspace tests"))
}
