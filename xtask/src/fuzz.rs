//! `cargo xtask fuzz`: asks a running server everything that the REST API's own document allows,
//! and much that it does not, and holds the answers to the document.
//!
//! Schemathesis does it, if it is on the PATH (`pip install schemathesis`). Spin answers 500 by
//! itself where a header's bytes are no UTF-8; what it reports of that is none of the function's.

use std::fs;

use lexopt::ValueExt;

use crate::Outcome;
use crate::process;
use crate::project::Project;

const PROGRAM: &str = "schemathesis";
/// The key of the demo data.
const KEY: &str = "ACME0000000000000000000000000001";
/// Not held against the answers: a due time that has passed and a choice that is not there fit the
/// document and are refused all the same; and a change without `If-Match` is told 428 (RFC 6585),
/// which Schemathesis does not expect.
const LEFT_OUT: &str = "positive_data_acceptance,missing_required_header";

pub(crate) fn command(project: &Project, mut args: lexopt::Parser) -> Outcome {
    let (mut url, mut key) = ("http://127.0.0.1:8787".to_owned(), KEY.to_owned());
    let mut examples = "100".to_owned();
    while let Some(arg) = args.next()? {
        match arg {
            lexopt::Arg::Long("url") => url = args.value()?.string()?,
            lexopt::Arg::Long("key") => key = args.value()?.string()?,
            lexopt::Arg::Long("examples") => examples = args.value()?.string()?,
            other => return Err(other.unexpected().into()),
        }
    }
    if !process::is_on_path(PROGRAM) {
        println!("skipped: {PROGRAM} is not on the PATH; `pip install {PROGRAM}` puts it there");
        return Ok(());
    }
    let folder = project.target("fuzz");
    fs::create_dir_all(&folder)?;
    let mut fuzz = project.command(PROGRAM);
    fuzz.current_dir(folder)
        .arg("run")
        .arg(format!("{url}/api/v1/openapi.json"))
        .args(["--header", &format!("X-API-Key: {key}")])
        .args(["--max-examples", &examples])
        .args(["--exclude-checks", LEFT_OUT])
        .args(["--rate-limit", "auto", "--continue-on-failure"]);
    process::loud(&mut fuzz)
}
