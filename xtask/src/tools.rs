//! The pinned tools: each in a folder named after its version, so that an upgrade is a new folder
//! and two clones with different pins share one cache.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::Outcome;
use crate::process;
use crate::project::{Project, copy};
use crate::report::Report;

const WORKER_BUILD: &str = "0.8.7";
const CARGO_DENY: &str = "0.20.2";
const TYPOS: &str = "1.52.0";

/// The oldest Node that the packages in package.json run on.
const NODE_MAJOR: u32 = 20;

/// What it takes to make a Cloudflare module out of a compiled function.
pub(crate) struct Packagers {
    pub(crate) worker_build: PathBuf,
    pub(crate) wasm_bindgen: PathBuf,
    pub(crate) esbuild: PathBuf,
    pub(crate) wasm_opt: PathBuf,
}

impl Packagers {
    pub(crate) fn ensure(project: &Project, report: &mut Report) -> Outcome<Self> {
        // wasm-bindgen refuses modules of any version but its own.
        let bindgen = project.locked("wasm-bindgen")?;
        Ok(Self {
            wasm_bindgen: cargo_tool(
                project,
                report,
                "wasm-bindgen-cli",
                &bindgen,
                "wasm-bindgen",
            )?,
            worker_build: cargo_tool(
                project,
                report,
                "worker-build",
                WORKER_BUILD,
                "worker-build",
            )?,
            esbuild: node_tool(project, report, "esbuild")?,
            wasm_opt: node_tool(project, report, "wasm-opt")?,
        })
    }
}

/// The checker of licences, bans and advisories.
pub(crate) fn deny(project: &Project, report: &mut Report) -> Outcome<PathBuf> {
    cargo_tool(project, report, "cargo-deny", CARGO_DENY, "cargo-deny")
}

/// The spelling checker. Its wheel holds the program itself, nothing is compiled.
pub(crate) fn typos(project: &Project, report: &mut Report) -> Outcome<PathBuf> {
    let folder = cache()?.join(format!("typos-{TYPOS}"));
    let binary = folder.join("bin/typos");
    report.quiet(&format!("typos {TYPOS}"), || {
        if binary.is_file() {
            return Ok(());
        }
        let mut pip = project.command("python3");
        pip.args([
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--no-deps",
            "--only-binary",
            ":all:",
        ])
        .arg("--target")
        .arg(&folder)
        .arg(format!("typos=={TYPOS}"));
        process::quiet(&mut pip, &project.log("typos")).map_err(|error| {
            format!("typos is missing; it needs Python 3 with pip (Debian: python3-pip)\n  {error}")
                .into()
        })
    })?;
    Ok(binary)
}

/// The packages of package-lock.json, in `node_modules`.
pub(crate) fn npm(project: &Project, report: &mut Report) -> Outcome {
    report.quiet("npm packages", || {
        let lock = project.path("package-lock.json");
        let stamp = project.path("node_modules/.installed-lock.json");
        if fs::read(&lock)? == fs::read(&stamp).unwrap_or_default() {
            return Ok(());
        }
        check_node(project)?;
        let mut npm = project.command("npm");
        // No package here needs its install script, so none gets to run one.
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
        process::quiet(&mut npm, &project.log("npm"))?;
        copy(&lock, &stamp)
    })
}

fn check_node(project: &Project) -> Outcome {
    let version = process::output(project.command("node").arg("--version")).unwrap_or_default();
    let major = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < NODE_MAJOR) || !process::is_on_path("npm") {
        return Err(format!(
            "Node {NODE_MAJOR} or newer with npm is missing; install it from your distribution or with a version manager"
        )
        .into());
    }
    Ok(())
}

fn node_tool(project: &Project, report: &mut Report, name: &str) -> Outcome<PathBuf> {
    let binary = project.path("node_modules/.bin").join(name);
    if !binary.exists() {
        npm(project, report)?;
    }
    Ok(binary)
}

fn cargo_tool(
    project: &Project,
    report: &mut Report,
    name: &str,
    version: &str,
    binary: &str,
) -> Outcome<PathBuf> {
    let root = cache()?.join(format!("{name}-{version}"));
    let path = root.join("bin").join(binary);
    report.quiet(&format!("{name} {version}"), || {
        if path.is_file() {
            return Ok(());
        }
        let locked = cargo_install(project, name, version, &root, true);
        // A lock file can hold a version that its author took back since; then the ranges decide.
        let outcome = match locked {
            Err(error) if error.to_string().contains("failed to select a version") => {
                cargo_install(project, name, version, &root, false)
            }
            other => other,
        };
        outcome.map_err(|error| {
            format!(
                "{name} {version} is missing; install it with \
                 `cargo install {name} --version {version} --root {}`\n  {error}",
                root.display()
            )
            .into()
        })
    })?;
    Ok(path)
}

fn cargo_install(
    project: &Project,
    name: &str,
    version: &str,
    root: &Path,
    locked: bool,
) -> Outcome {
    let mut cargo = project.command("cargo");
    cargo
        .args(["install", name, "--version", version])
        .arg("--root")
        .arg(root);
    if locked {
        cargo.arg("--locked");
    }
    // They run for seconds; building them is what takes minutes.
    cargo
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0");
    process::quiet(&mut cargo, &project.log(name))
}

/// Where the tools are kept, outside of any clone.
fn cache() -> Outcome<PathBuf> {
    let variable = |name| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    variable("REALMDESK_TOOLS")
        .or_else(|| Some(variable("XDG_CACHE_HOME")?.join("realmdesk/tools")))
        .or_else(|| Some(variable("HOME")?.join(".cache/realmdesk/tools")))
        .ok_or_else(|| "no place for tools: set HOME or REALMDESK_TOOLS".into())
}
