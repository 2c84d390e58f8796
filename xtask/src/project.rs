//! Where things are: the repository's folders, its functions, and the versions it locks.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;

/// This repository.
pub(crate) struct Project {
    root: PathBuf,
    target: PathBuf,
}

/// The function that only test builds of the app hold: it runs the database conformance suite on a runtime.
pub(crate) const CONFORMANCE: &str = "conformance";

impl Project {
    /// The repository this program was built from.
    pub(crate) fn find() -> Outcome<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .ok_or("xtask stands outside of its repository")?
            .to_owned();
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
        Ok(Self {
            target: root.join(target),
            root,
        })
    }

    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.root.join(below)
    }

    /// A file or folder in cargo's target folder.
    pub(crate) fn target(&self, below: &str) -> PathBuf {
        self.target.join(below)
    }

    /// Where the output of a quiet step goes.
    pub(crate) fn log(&self, step: &str) -> PathBuf {
        self.target.join("xtask").join(format!("{step}.log"))
    }

    /// A command that runs in the repository's root.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        // What `cargo run` told this program about itself must not reach the cargo it calls:
        // build scripts that look at such variables would run again each time.
        for (name, _) in env::vars_os() {
            let name = name.to_string_lossy();
            if name == "CARGO"
                || ["CARGO_PKG_", "CARGO_MANIFEST_"]
                    .iter()
                    .any(|start| name.starts_with(start))
            {
                command.env_remove(name.as_ref());
            }
        }
        command
    }

    /// The names of the functions, which are also their packages and the first segments of their paths.
    pub(crate) fn functions(&self) -> Outcome<Vec<String>> {
        packages_in(&self.path("functions"))
    }

    /// The packages in `shared/`.
    pub(crate) fn shared(&self) -> Outcome<Vec<String>> {
        packages_in(&self.path("shared"))
    }

    /// The version that Cargo.lock holds of a package.
    pub(crate) fn locked(&self, package: &str) -> Outcome<String> {
        let lock = read_toml(&self.path("Cargo.lock"))?;
        let field = |entry: &toml::Value, name| entry.get(name)?.as_str().map(str::to_owned);
        lock.get("package")
            .and_then(toml::Value::as_array)
            .into_iter()
            .flatten()
            .find(|entry| field(entry, "name").as_deref() == Some(package))
            .and_then(|entry| field(entry, "version"))
            .ok_or_else(|| format!("Cargo.lock holds no package `{package}`").into())
    }
}

/// Reads a TOML file as a table.
pub(crate) fn read_toml(path: &Path) -> Outcome<toml::Table> {
    Ok(read(path)?
        .parse()
        .map_err(|error| format!("{}: {error}", path.display()))?)
}

/// Reads a text file; the error names it.
pub(crate) fn read(path: &Path) -> Outcome<String> {
    fs::read_to_string(path)
        .map_err(|error| format!("cannot read {}: {error}", path.display()).into())
}

/// Writes a file and the folders above it; the error names it.
pub(crate) fn write(path: &Path, content: impl AsRef<[u8]>) -> Outcome {
    let folder = path.parent().ok_or("a file needs a folder")?;
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, content))
        .map_err(|error| format!("cannot write {}: {error}", path.display()).into())
}

/// Copies a file, making the folders above it; the error names both.
pub(crate) fn copy(from: &Path, to: &Path) -> Outcome {
    let folder = to.parent().ok_or("a file needs a folder")?;
    fs::create_dir_all(folder)
        .and_then(|()| fs::copy(from, to))
        .map_err(|error| {
            format!(
                "cannot copy {} to {}: {error}",
                from.display(),
                to.display()
            )
        })?;
    Ok(())
}

/// The files in a folder whose names end so, sorted by name.
pub(crate) fn files(folder: &Path, extension: &str) -> Outcome<Vec<PathBuf>> {
    let is_wanted = |path: &PathBuf| path.extension().is_some_and(|end| end == extension);
    Ok(list(folder)?.into_iter().filter(is_wanted).collect())
}

fn list(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let cannot = |error| format!("cannot list {}: {error}", folder.display());
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(cannot)? {
        paths.push(entry.map_err(cannot)?.path());
    }
    paths.sort();
    Ok(paths)
}

/// The packages whose folders are in a folder; they are named alike.
fn packages_in(folder: &Path) -> Outcome<Vec<String>> {
    let packages = list(folder)?
        .into_iter()
        .filter(|path| path.join("Cargo.toml").is_file());
    Ok(packages
        .filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
        .collect())
}
