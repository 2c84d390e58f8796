//! The Cloudflare app: one module per function, made by worker-build, below one entry module.

use std::fs;
use std::path::Path;

use crate::Outcome;
use crate::build::{Function, Plan, Runtime, is_current, mark, output};
use crate::process;
use crate::project::{Project, copy, write};
use crate::report::Report;
use crate::toolchain::{Toolchain, WORKERS};
use crate::tools::Packagers;

/// The entry of a test build: the app's functions and the one that runs the conformance suite.
const TEST_ENTRY: &str = r#"import { app, functions } from "./dispatch.js";

export default app({ ...functions, conformance: () => import("./conformance/index.js") });
"#;

/// The name of the entry module of an app, or of its test build.
pub(crate) fn entry(conformance: bool) -> &'static str {
    if conformance { "test.js" } else { "worker.js" }
}

pub(crate) fn build(
    project: &Project,
    report: &mut Report,
    toolchain: &Toolchain,
    packagers: &Packagers,
    plan: &Plan,
    functions: &[Function],
) -> Outcome {
    report.loud(
        &format!("compile {} functions for Workers", functions.len()),
        || {
            let mut cargo = project.command("cargo");
            cargo.args([
                "build",
                "--lib",
                "--profile",
                plan.profile,
                "--target",
                WORKERS,
            ]);
            cargo.args(packages(functions));
            // worker-build sets it, and cargo does not notice when it changes.
            cargo.env("WASM_BINDGEN_USE_JS_SYS", "1");
            process::loud(toolchain.apply(&mut cargo))
        },
    )?;
    let how = format!(
        "{} {}",
        packagers.wasm_bindgen.display(),
        packagers.worker_build.display()
    );
    for function in functions {
        let folder = output(project, Runtime::Cloudflare, function.is_test).join(&function.name);
        let wasm = project
            .target(WORKERS)
            .join(plan.profile)
            .join(&function.name)
            .with_extension("wasm");
        let stamp = project.target("xtask/stamps").join(&function.name);
        if is_current(&stamp, &wasm, &how) && folder.join("index.js").is_file() {
            continue;
        }
        report.quiet(&format!("package {} for Workers", function.name), || {
            package(
                project, toolchain, packagers, plan, functions, function, &folder,
            )?;
            write(&stamp, mark(&wasm, &how)?)
        })?;
    }
    let app = output(project, Runtime::Cloudflare, false);
    for module in ["worker.js", "dispatch.js"] {
        copy(&project.path("functions").join(module), &app.join(module))?;
    }
    if plan.conformance {
        write(
            &output(project, Runtime::Cloudflare, true).join(entry(true)),
            TEST_ENTRY,
        )?;
    }
    Ok(())
}

/// Has worker-build bind, optimise and bundle one compiled function.
fn package(
    project: &Project,
    toolchain: &Toolchain,
    packagers: &Packagers,
    plan: &Plan,
    functions: &[Function],
    function: &Function,
    folder: &Path,
) -> Outcome {
    let scratch = project.target("xtask/worker-build").join(&function.name);
    let mut command = project.command(&packagers.worker_build);
    command
        .args(["--profile", plan.profile])
        .arg("--out-dir")
        .arg(&scratch);
    if plan.profile != "release" {
        command.arg("--no-opt");
    }
    // The same selection of packages as above, so that cargo finds the same features and nothing to do.
    command.arg(&function.folder).args(packages(functions));
    command
        .env("WASM_BINDGEN_BIN", &packagers.wasm_bindgen)
        .env("ESBUILD_BIN", &packagers.esbuild)
        .env("WASM_OPT_BIN", &packagers.wasm_opt);
    process::quiet(
        toolchain.apply(&mut command),
        &project.log(&format!("worker-build-{}", function.name)),
    )?;
    if folder.is_dir() {
        fs::remove_dir_all(folder)?;
    }
    for file in ["index.js", "index_bg.wasm"] {
        copy(&scratch.join(file), &folder.join(file))?;
    }
    Ok(())
}

fn packages(functions: &[Function]) -> impl Iterator<Item = String> {
    functions
        .iter()
        .map(|function| format!("--package={}", function.name))
}
