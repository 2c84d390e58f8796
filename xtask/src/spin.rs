//! The Spin app: one component per function, and for tests a manifest that adds the conformance component.

use crate::Outcome;
use crate::build::{Function, Plan, Runtime, is_current, mark, output};
use crate::process;
use crate::project::{CONFORMANCE, Project, copy, read, write};
use crate::report::Report;
use crate::toolchain::{Toolchain, WASI};

/// What the manifest of a test build adds.
const CONFORMANCE_COMPONENT: &str = r#"
[[trigger.http]]
route = "/conformance/..."
component = "conformance"

[component.conformance]
source = "spin/conformance.wasm"
sqlite_databases = ["default"]
"#;

pub(crate) fn build(
    project: &Project,
    report: &mut Report,
    toolchain: &Toolchain,
    plan: &Plan,
    functions: &[Function],
) -> Outcome {
    report.loud(
        &format!("compile {} functions for Spin", functions.len()),
        || {
            let mut cargo = project.command("cargo");
            cargo.args([
                "build",
                "--lib",
                "--profile",
                plan.profile,
                "--target",
                WASI,
            ]);
            cargo.args(
                functions
                    .iter()
                    .map(|function| format!("--package={}", function.name)),
            );
            // The names of functions are a fifth of a component, and nobody but a debugger reads them.
            // For Workers it is wasm-bindgen that drops them, after having read them.
            cargo.env("CARGO_PROFILE_RELEASE_STRIP", "symbols");
            process::loud(toolchain.apply(&mut cargo))
        },
    )?;
    for function in functions {
        let built = project
            .target(WASI)
            .join(plan.profile)
            .join(&function.name)
            .with_extension("wasm");
        let component = output(project, Runtime::Spin, function.is_test)
            .join(&function.name)
            .with_extension("wasm");
        let stamp = project
            .target("xtask/stamps")
            .join(format!("{}.spin", function.name));
        if !(component.is_file() && is_current(&stamp, &built, "")) {
            copy(&built, &component)?;
            write(&stamp, mark(&built, "")?)?;
        }
    }
    if plan.conformance {
        write_test_manifest(project)?;
    }
    Ok(())
}

/// The manifest that a server is started from.
pub(crate) fn manifest(project: &Project, conformance: bool) -> std::path::PathBuf {
    project.path(if conformance {
        "build/test/spin.toml"
    } else {
        "spin.toml"
    })
}

/// Sources are relative to the manifest, and this one stands beside the test's own components.
fn write_test_manifest(project: &Project) -> Outcome {
    debug_assert!(CONFORMANCE_COMPONENT.contains(CONFORMANCE));
    let app = read(&manifest(project, false))?.replace("source = \"build/", "source = \"../");
    write(
        &manifest(project, true),
        format!("{app}{CONFORMANCE_COMPONENT}"),
    )
}
