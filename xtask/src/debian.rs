//! The WASM standard libraries without rustup's server: Debian's compiler builds them from Debian's source.
//!
//! It is the compiler that Debian keeps current for its web browsers, newer than the release's own.
//! The result stands in that compiler's own folder, and rustup learns its name, so that
//! `RUSTUP_TOOLCHAIN=edge` is all a build needs to say.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::Outcome;
use crate::process;
use crate::project::{Project, copy, files, write};
use crate::toolchain::{EDGE, TARGETS, WASI};

/// The compiler, its cargo, its linter, the source of std, and the C library that std stands on under WASI.
const PACKAGES: [&str; 5] = [
    "rustc-web",
    "cargo-web",
    "rust-web-clippy",
    "rust-web-src",
    "wasi-libc",
];

/// Where Debian's compiler looks for its libraries.
const SYSROOT: &str = "/usr";
const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";

/// Where `wasi-libc` puts what every WASI program is linked with.
const WASI_LIBC: &str = "/usr/lib/wasm32-wasi";
const WASI_PARTS: [&str; 3] = ["libc.a", "crt1-command.o", "crt1-reactor.o"];

/// Beside the libraries: the version of the compiler that made them.
const BUILT_BY: &str = "built-by";

const APT_LIMIT: Duration = Duration::from_mins(10);
const BUILD_LIMIT: Duration = Duration::from_mins(15);

/// Whether the compiler that is here now has libraries that it built itself; it takes no others.
pub(crate) fn is_installed(project: &Project) -> bool {
    let mut rustc = project.command("rustc");
    rustc.arg("--version").env("RUSTUP_TOOLCHAIN", EDGE);
    process::output(&mut rustc).is_ok_and(|version| {
        let stamps = TARGETS.map(|target| library(target).join(BUILT_BY));
        let is_current = |stamp| fs::read_to_string(stamp).is_ok_and(|by| by == version);
        stamps.into_iter().all(is_current)
    })
}

/// Installs the compiler, builds the libraries and makes the toolchain known to rustup.
pub(crate) fn install(project: &Project) -> Outcome {
    if !process::is_on_path("apt-get") {
        return Err("this is no Debian, there is no apt-get".into());
    }
    if !rustix::process::geteuid().is_root() {
        return Err("its packages can only be installed by root".into());
    }
    apt(project, &["update"])?;
    // A compiler that came from Debian by another name is the person's; it is not taken away.
    let install = ["install", "--yes", "--no-install-recommends", "--no-remove"];
    apt(project, &[&install[..], &PACKAGES].concat())?;
    for target in TARGETS {
        build_std(project, target)?;
    }
    let mut rustup = project.command("rustup");
    rustup.args(["toolchain", "link", EDGE, SYSROOT]);
    process::quiet(&mut rustup, &project.log("rustup-link"))
}

fn apt(project: &Project, args: &[&str]) -> Outcome {
    let mut apt = project.command("apt-get");
    apt.args(args).env("DEBIAN_FRONTEND", "noninteractive");
    process::quiet_within(&mut apt, &project.log("apt"), Some(APT_LIMIT))
}

/// Builds std for a target and puts it where the compiler finds it.
fn build_std(project: &Project, target: &str) -> Outcome {
    let scratch = project.target("xtask/std");
    let manifest = "[package]\nname = \"probe\"\nedition = \"2024\"\n[workspace]\n";
    write(&scratch.join("Cargo.toml"), manifest)?;
    write(&scratch.join("src/lib.rs"), "#![no_std]\n")?;
    let mut cargo = project.command(CARGO);
    cargo
        .current_dir(&scratch)
        .args([
            "build",
            "--release",
            "--target",
            target,
            "--target-dir",
            "target",
        ])
        .arg("-Zbuild-std=std,panic_abort")
        // The switch that lets a released compiler build std, as it was when it was released.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC", RUSTC)
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("LD_LIBRARY_PATH")
        // Link-time optimisation works on bitcode.
        .env("RUSTFLAGS", "-Cembed-bitcode=yes");
    let log = project.log(&format!("std-{target}"));
    process::quiet_within(&mut cargo, &log, Some(BUILD_LIMIT))?;

    let library = library(target);
    for file in files(
        &scratch.join("target").join(target).join("release/deps"),
        "rlib",
    )? {
        put(&file, &library)?;
    }
    if target == WASI {
        for part in WASI_PARTS {
            put(
                &Path::new(WASI_LIBC).join(part),
                &library.join("self-contained"),
            )?;
        }
    }
    let version = process::output(project.command(RUSTC).arg("--version"))?;
    write(&library.join(BUILT_BY), version)
}

/// Where the compiler looks for a target's libraries.
fn library(target: &str) -> PathBuf {
    Path::new(SYSROOT)
        .join("lib/rustlib")
        .join(target)
        .join("lib")
}

fn put(file: &Path, folder: &Path) -> Outcome {
    let name = file.file_name().ok_or("a file needs a name")?;
    // The probe is no part of std.
    if name.to_string_lossy().starts_with("libprobe") {
        return Ok(());
    }
    copy(file, &folder.join(name))
}
