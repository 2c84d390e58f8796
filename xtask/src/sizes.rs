//! `cargo xtask sizes`: what each function weighs as it is deployed, raw and gzipped.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::build::{Runtime, output};
use crate::project::{Project, read_toml};

/// What a function may weigh, in kB gzipped, by runtime.
const BUDGETS: &str = "tests/bench/budgets.toml";

pub(crate) fn command(project: &Project, mut args: lexopt::Parser) -> Outcome {
    match args.next()? {
        None => print(project),
        Some(arg) => Err(arg.unexpected().into()),
    }
}

/// Prints the table; what was not built is a dash.
pub(crate) fn print(project: &Project) -> Outcome {
    println!(
        "\n{:<14}{:>12}{:>12}{:>12}{:>12}",
        "kB", "cloudflare", "gzipped", "spin", "gzipped"
    );
    let mut totals = [0; 4];
    for name in project.functions()? {
        let (raw, zipped) = weigh(&artefacts(project, Runtime::Cloudflare, &name))?;
        let (spin_raw, spin_zipped) = weigh(&artefacts(project, Runtime::Spin, &name))?;
        let sizes = [raw, zipped, spin_raw, spin_zipped];
        row(&name, &sizes);
        for (total, size) in totals.iter_mut().zip(sizes) {
            *total += size;
        }
    }
    row("in all", &totals);
    Ok(())
}

/// Holds every function that was built to its budget.
pub(crate) fn check(project: &Project) -> Outcome {
    let file = project.path(BUDGETS);
    let budgets = read_toml(&file)?;
    let mut beyond = Vec::new();
    for (runtime, limits) in table(&budgets, "sizes")? {
        let limits = limits.as_table().ok_or("[sizes] holds no table")?;
        for name in project.functions()? {
            let limit = limits.get(&name).or_else(|| limits.get("any"));
            let limit = limit.and_then(toml::Value::as_integer);
            let (_, zipped) = weigh(&artefacts(project, runtime.parse()?, &name))?;
            if limit.is_some_and(|limit| zipped > 1000 * usize::try_from(limit).unwrap_or(0)) {
                beyond.push(format!(
                    "{name} weighs {} kB gzipped on {runtime}, and the budget in {BUDGETS} is {} kB",
                    zipped / 1000,
                    limit.unwrap_or_default(),
                ));
            }
        }
    }
    if beyond.is_empty() {
        Ok(())
    } else {
        Err(beyond.join("\n       ").into())
    }
}

fn table<'a>(from: &'a toml::Table, name: &str) -> Outcome<&'a toml::Table> {
    let found = from.get(name).and_then(toml::Value::as_table);
    found.ok_or_else(|| format!("{BUDGETS} has no [{name}]").into())
}

/// The files that a function is deployed as.
fn artefacts(project: &Project, runtime: Runtime, name: &str) -> Vec<PathBuf> {
    let folder = output(project, runtime, false);
    match runtime {
        Runtime::Cloudflare => {
            let module = folder.join(name);
            vec![module.join("index.js"), module.join("index_bg.wasm")]
        }
        Runtime::Spin => vec![folder.join(name).with_extension("wasm")],
    }
}

/// The bytes of the files that exist, as they are and gzipped.
fn weigh(files: &[PathBuf]) -> Outcome<(usize, usize)> {
    let mut sizes = (0, 0);
    for file in files.iter().filter(|file| file.is_file()) {
        sizes.0 += fs::read(file)?.len();
        sizes.1 += gzipped(file)?;
    }
    Ok(sizes)
}

/// gzip itself does it in no time; a library would be compiled without optimisation here.
fn gzipped(file: &Path) -> Outcome<usize> {
    let output = Command::new("gzip")
        .args(["-9", "--stdout"])
        .arg(file)
        .stdin(Stdio::null())
        .output()?;
    Ok(output.stdout.len())
}

fn row(name: &str, sizes: &[usize; 4]) {
    let cells = sizes.map(|bytes| match bytes {
        0 => "–".to_owned(),
        bytes => format!("{}.{}", bytes / 1000, bytes % 1000 / 100),
    });
    println!(
        "{name:<14}{:>12}{:>12}{:>12}{:>12}",
        cells[0], cells[1], cells[2], cells[3]
    );
}
