//! The Rust toolchain that builds WASM, and its standard libraries.
//!
//! rustup brings them where its server answers. Where it does not, Debian's compiler does (see `debian`),
//! and then every build for WASM, and no other, goes through that one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::Outcome;
use crate::debian;
use crate::process;
use crate::project::Project;
use crate::report::Report;

/// What the functions are compiled for: Cloudflare's workerd, and Spin.
pub(crate) const TARGETS: [&str; 2] = [WORKERS, WASI];
pub(crate) const WORKERS: &str = "wasm32-unknown-unknown";
pub(crate) const WASI: &str = "wasm32-wasip2";

/// The name under which rustup knows Debian's toolchain.
pub(crate) const EDGE: &str = "edge";

/// rustup waits for ever on a server that does not answer.
const RUSTUP_LIMIT: Duration = Duration::from_mins(2);

/// A toolchain that has the standard library of every WASM target.
pub(crate) enum Toolchain {
    /// The one that builds everything else too.
    Default,
    /// Debian's, with the linkers of the default one, which Debian's has not.
    Edge { linkers: PathBuf },
}

impl Toolchain {
    /// The toolchain as it is, or set up now.
    pub(crate) fn ensure(project: &Project, report: &mut Report) -> Outcome<Self> {
        report.quiet("WASM standard libraries", || {
            if let Some(ready) = Self::ready(project)? {
                return Ok(ready);
            }
            let Err(refusal) = add_with_rustup(project) else {
                return Ok(Self::Default);
            };
            debian::install(project).map_err(|error| {
                format!(
                    "the standard libraries of {} are missing; \
                     install them with `rustup target add {}`\n  rustup: {refusal}\n  Debian: {error}",
                    TARGETS.join(" and "),
                    TARGETS.join(" "),
                )
            })?;
            Self::edge(project)
        })
    }

    /// The toolchain when nothing has to be installed.
    fn ready(project: &Project) -> Outcome<Option<Self>> {
        if has_targets(project) {
            return Ok(Some(Self::Default));
        }
        if debian::is_installed(project) {
            return Self::edge(project).map(Some);
        }
        Ok(None)
    }

    fn edge(project: &Project) -> Outcome<Self> {
        let rustlib = Path::new(&process::output(
            project.command("rustc").args(["--print", "sysroot"]),
        )?)
        .join("lib/rustlib");
        let linkers = fs::read_dir(&rustlib)?
            .filter_map(Result::ok)
            .map(|entry| entry.path().join("bin"))
            .find(|bin| bin.join("rust-lld").is_file() && bin.join("wasm-component-ld").is_file())
            .ok_or_else(|| format!("no rust-lld and wasm-component-ld in {}", rustlib.display()))?;
        Ok(Self::Edge { linkers })
    }

    /// Makes a command, and the cargo and rustc it calls, use this toolchain.
    pub(crate) fn apply<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        if let Self::Edge { linkers } = self {
            let path = std::env::var_os("PATH").unwrap_or_default();
            let folders = std::iter::once(linkers.clone()).chain(std::env::split_paths(&path));
            if let Ok(path) = std::env::join_paths(folders) {
                command.env("PATH", path);
            }
            command
                .env("RUSTUP_TOOLCHAIN", EDGE)
                .env_remove("LD_LIBRARY_PATH");
        }
        command
    }
}

/// Whether the compiler has the standard library of every WASM target.
fn has_targets(project: &Project) -> bool {
    TARGETS.iter().all(|target| {
        process::output(project.command("rustc").args([
            "--print",
            "target-libdir",
            "--target",
            target,
        ]))
        .and_then(|folder| Ok(fs::read_dir(folder)?))
        .is_ok_and(|mut files| {
            files.any(|file| {
                file.is_ok_and(|file| file.file_name().to_string_lossy().starts_with("libstd-"))
            })
        })
    })
}

fn add_with_rustup(project: &Project) -> Outcome {
    let mut rustup = project.command("rustup");
    rustup.args(["target", "add"]).args(TARGETS);
    process::quiet_within(&mut rustup, &project.log("rustup"), Some(RUSTUP_LIMIT))
}
