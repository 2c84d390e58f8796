//! `cargo xtask migrate`: brings a database file of Spin's to the newest schema.
//!
//! On Cloudflare, `wrangler d1 migrations apply` does it; both keep the same record in the same table.

use std::path::PathBuf;

use crate::Outcome;
use crate::launch::DEMO;
use crate::process;
use crate::project::Project;

pub(crate) fn command(project: &Project, mut args: lexopt::Parser) -> Outcome {
    let mut file = None;
    while let Some(arg) = args.next()? {
        match arg {
            lexopt::Arg::Long("sqlite") => file = Some(PathBuf::from(args.value()?)),
            other => return Err(other.unexpected().into()),
        }
    }
    // The program runs in the repository's root, the path was typed elsewhere.
    let file = std::path::absolute(file.ok_or("which database file? --sqlite FILE")?)?;
    let mut demo = project.command("cargo");
    demo.args([
        "run",
        "--quiet",
        "--package",
        DEMO,
        "--",
        "--no-demo",
        "--sqlite",
    ])
    .arg(file);
    demo.arg("--sql").arg(project.path("sql"));
    process::loud(&mut demo)
}
