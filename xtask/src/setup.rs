//! `cargo xtask setup`: everything the other commands would install on first use.

use crate::Outcome;
use crate::project::Project;
use crate::report::Report;
use crate::toolchain::Toolchain;
use crate::tools::{self, Packagers};

pub(crate) fn command(project: &Project, mut args: lexopt::Parser) -> Outcome {
    let mut lint_tools = false;
    while let Some(arg) = args.next()? {
        match arg {
            lexopt::Arg::Long("tools") => lint_tools = true,
            other => return Err(other.unexpected().into()),
        }
    }
    let mut report = Report::new();
    Toolchain::ensure(project, &mut report)?;
    tools::npm(project, &mut report)?;
    Packagers::ensure(project, &mut report)?;
    if lint_tools {
        tools::deny(project, &mut report)?;
        tools::typos(project, &mut report)?;
    }
    Ok(())
}
