//! `ci`: what continuous integration runs.

use anyhow::Result;

use crate::{check, test};

pub(crate) fn run() -> Result<()> {
    test::prepare()?;
    check::run()?;
    test::gate()
}
