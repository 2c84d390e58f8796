//! `cargo xtask build`: every function as an artefact of each runtime, in build/.

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::UNIX_EPOCH;

use crate::Outcome;
use crate::cloudflare::App;
use crate::project::{CONFORMANCE, Project};
use crate::report::Report;
use crate::sizes;
use crate::spin;
use crate::toolchain::Toolchain;
use crate::tools::{self, Packagers};

/// One of the two hosts the functions run on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Runtime {
    Cloudflare,
    Spin,
}

impl Runtime {
    pub(crate) const ALL: [Self; 2] = [Self::Cloudflare, Self::Spin];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Cloudflare => "cloudflare",
            Self::Spin => "spin",
        }
    }
}

impl FromStr for Runtime {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|runtime| runtime.name() == name);
        found.ok_or_else(|| format!("there is no runtime `{name}`, only cloudflare and spin"))
    }
}

/// What to build, and how well.
pub(crate) struct Plan {
    pub(crate) runtimes: Vec<Runtime>,
    /// The cargo profile: `release`, or `quick` for the loop of edit and look.
    pub(crate) profile: &'static str,
    /// Whether the function that runs the conformance suite is built too, beside the app.
    pub(crate) conformance: bool,
}

/// A crate that becomes a function.
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    /// Part of test builds only: its artefacts stay out of what is deployed.
    pub(crate) is_test: bool,
}

pub(crate) fn command(project: &Project, mut args: lexopt::Parser) -> Outcome {
    let mut plan = Plan {
        runtimes: Runtime::ALL.to_vec(),
        profile: "release",
        conformance: false,
    };
    while let Some(arg) = args.next()? {
        match arg {
            lexopt::Arg::Long("runtime") => {
                plan.runtimes = vec![args.value()?.to_string_lossy().parse()?];
            }
            lexopt::Arg::Long("dev") => plan.profile = "quick",
            other => return Err(other.unexpected().into()),
        }
    }
    run(project, &mut Report::new(), &plan)?;
    sizes::print(project)
}

/// Sets up what the plan needs and carries it out.
pub(crate) fn run(project: &Project, report: &mut Report, plan: &Plan) -> Outcome {
    let toolchain = &Toolchain::ensure(project, report)?;
    let functions = &functions(project, plan)?;
    for runtime in &plan.runtimes {
        match runtime {
            Runtime::Cloudflare => {
                tools::npm(project, report)?;
                let packagers = &Packagers::ensure(project, report)?;
                let app = App {
                    project,
                    toolchain,
                    packagers,
                    plan,
                    functions,
                };
                app.build(report)?;
            }
            Runtime::Spin => spin::build(project, report, toolchain, plan, functions)?,
        }
    }
    Ok(())
}

/// Where a runtime's artefacts are: those of the app, or those that only tests add.
pub(crate) fn output(project: &Project, runtime: Runtime, is_test: bool) -> PathBuf {
    project
        .path(if is_test { "build/test" } else { "build" })
        .join(runtime.name())
}

/// Whether `input` is still the file that `stamp` was written for; `how` says what else the result depends on.
pub(crate) fn is_current(stamp: &Path, input: &Path, how: &str) -> bool {
    fs::read_to_string(stamp).is_ok_and(|old| mark(input, how).is_ok_and(|new| old == new))
}

/// What a stamp for `input` holds.
pub(crate) fn mark(input: &Path, how: &str) -> Outcome<String> {
    let file =
        fs::metadata(input).map_err(|error| format!("cannot read {}: {error}", input.display()))?;
    let changed = file.modified()?.duration_since(UNIX_EPOCH)?.as_nanos();
    Ok(format!(
        "{} {} {changed}\n{how}\n",
        input.display(),
        file.len()
    ))
}

fn functions(project: &Project, plan: &Plan) -> Outcome<Vec<Function>> {
    let names = project.functions()?.into_iter();
    let mut functions: Vec<_> = names
        .map(|name| Function {
            folder: project.path("functions").join(&name),
            name,
            is_test: false,
        })
        .collect();
    if plan.conformance {
        let folder = project.path("tests").join(CONFORMANCE);
        functions.push(Function {
            name: CONFORMANCE.to_owned(),
            folder,
            is_test: true,
        });
    }
    Ok(functions)
}
