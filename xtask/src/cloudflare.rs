//! The Cloudflare app: one module per function, made by worker-build, below one entry module.

use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

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

/// What the compiler uses of WASM, and every workerd knows; newer encodings stay out.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-exception-handling",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// The name of the entry module of an app, or of its test build.
pub(crate) fn entry(conformance: bool) -> &'static str {
    if conformance { "test.js" } else { "worker.js" }
}

/// What it takes to build the app.
pub(crate) struct App<'a> {
    pub(crate) project: &'a Project,
    pub(crate) toolchain: &'a Toolchain,
    pub(crate) packagers: &'a Packagers,
    pub(crate) plan: &'a Plan,
    pub(crate) functions: &'a [Function],
}

impl App<'_> {
    pub(crate) fn build(&self, report: &mut Report) -> Outcome {
        let count = self.functions.len();
        report.loud(&format!("compile {count} functions for Workers"), || {
            self.compile()
        })?;
        let stale: Vec<_> = self
            .functions
            .iter()
            .filter(|function| !self.is_packaged(function))
            .collect();
        if !stale.is_empty() {
            let step = format!("package {} functions for Workers", stale.len());
            report.quiet(&step, || self.package_all(&stale))?;
        }
        let app = output(self.project, Runtime::Cloudflare, false);
        for module in ["worker.js", "dispatch.js"] {
            copy(
                &self.project.path("functions").join(module),
                &app.join(module),
            )?;
        }
        if self.plan.conformance {
            let tests = output(self.project, Runtime::Cloudflare, true);
            write(&tests.join(entry(true)), TEST_ENTRY)?;
        }
        Ok(())
    }

    fn compile(&self) -> Outcome {
        let mut cargo = self.project.command("cargo");
        cargo.args([
            "build",
            "--lib",
            "--profile",
            self.plan.profile,
            "--target",
            WORKERS,
        ]);
        cargo.args(self.selection());
        // worker-build sets it, and cargo does not notice when it changes.
        cargo.env("WASM_BINDGEN_USE_JS_SYS", "1");
        process::loud(self.toolchain.apply(&mut cargo))
    }

    /// Packages the functions, as many at once as there are threads; each takes one, and seconds.
    fn package_all(&self, functions: &[&Function]) -> Outcome {
        let queue = Mutex::new(functions.iter());
        let next = || queue.lock().ok().and_then(|mut queue| queue.next());
        let work = || -> Result<(), String> {
            while let Some(function) = next() {
                self.package(function)
                    .map_err(|error| format!("{}: {error}", function.name))?;
            }
            Ok(())
        };
        thread::scope(|scope| {
            let threads = thread::available_parallelism().map_or(1, NonZero::get);
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            for worker in workers {
                worker.join().map_err(|_| "packaging panicked")??;
            }
            Ok(())
        })
    }

    /// Has worker-build bind and bundle a compiled function, and optimises the result for release.
    fn package(&self, function: &Function) -> Outcome {
        let scratch = self
            .project
            .target("xtask/worker-build")
            .join(&function.name);
        let mut command = self.project.command(&self.packagers.worker_build);
        command
            .args(["--profile", self.plan.profile, "--no-opt"])
            .arg("--out-dir")
            .arg(&scratch);
        // The same selection of packages as before, so that cargo finds the same features and nothing to do.
        command.arg(&function.folder).args(self.selection());
        command
            .env("WASM_BINDGEN_BIN", &self.packagers.wasm_bindgen)
            .env("ESBUILD_BIN", &self.packagers.esbuild);
        let log = self.project.log(&format!("worker-build-{}", function.name));
        process::quiet(self.toolchain.apply(&mut command), &log)?;

        let folder = self.folder(function);
        if folder.is_dir() {
            fs::remove_dir_all(&folder)?;
        }
        copy(&scratch.join("index.js"), &folder.join("index.js"))?;
        let (bound, module) = (scratch.join("index_bg.wasm"), folder.join("index_bg.wasm"));
        if self.plan.profile == "release" {
            self.optimise(&bound, &module)?;
        } else {
            copy(&bound, &module)?;
        }
        write(
            &self.stamp(function),
            mark(&self.compiled(function), &self.tools())?,
        )
    }

    /// Runs wasm-opt, which worker-build would have do three times the work for a larger download.
    /// Functions that stand by their names are near others like them: three kilobytes compressed.
    fn optimise(&self, from: &Path, to: &Path) -> Outcome {
        let mut command = self.project.command(&self.packagers.wasm_opt);
        command
            .args(["-O1", "--dae-optimizing", "--dae-optimizing"])
            .args(["--duplicate-function-elimination"])
            .args(["--reorder-functions-by-name", "--strip-producers"])
            .args(FEATURES)
            .arg(from)
            .arg("-o")
            .arg(to);
        process::quiet(&mut command, &from.with_extension("log"))
    }

    fn is_packaged(&self, function: &Function) -> bool {
        let compiled = self.compiled(function);
        is_current(&self.stamp(function), &compiled, &self.tools())
            && self.folder(function).is_dir()
    }

    fn folder(&self, function: &Function) -> PathBuf {
        output(self.project, Runtime::Cloudflare, function.is_test).join(&function.name)
    }

    fn compiled(&self, function: &Function) -> PathBuf {
        let folder = self.project.target(WORKERS).join(self.plan.profile);
        folder.join(&function.name).with_extension("wasm")
    }

    fn stamp(&self, function: &Function) -> PathBuf {
        self.project.target("xtask/stamps").join(&function.name)
    }

    /// What else a packaged function depends on.
    fn tools(&self) -> String {
        let Packagers {
            worker_build,
            wasm_bindgen,
            ..
        } = self.packagers;
        format!("{} {}", worker_build.display(), wasm_bindgen.display())
    }

    fn selection(&self) -> impl Iterator<Item = String> {
        self.functions
            .iter()
            .map(|function| format!("--package={}", function.name))
    }
}
