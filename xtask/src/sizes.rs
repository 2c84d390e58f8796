//! `cargo xtask sizes`: what each function weighs as it is deployed, raw and gzipped.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::build::{Runtime, output};
use crate::project::Project;

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
        let module = output(project, Runtime::Cloudflare, false).join(&name);
        let component = output(project, Runtime::Spin, false)
            .join(&name)
            .with_extension("wasm");
        let (raw, zipped) = weigh(&[module.join("index.js"), module.join("index_bg.wasm")])?;
        let (spin_raw, spin_zipped) = weigh(&[component])?;
        let sizes = [raw, zipped, spin_raw, spin_zipped];
        row(&name, &sizes);
        for (total, size) in totals.iter_mut().zip(sizes) {
            *total += size;
        }
    }
    row("in all", &totals);
    Ok(())
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
