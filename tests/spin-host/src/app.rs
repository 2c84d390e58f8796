//! Loads an application: manifest, variables, routes, and compiled components.
//!
//! Compiling takes seconds, so its result is kept under the state folder and found again by what went into it.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use http::uri::Authority;
use wasmtime::component::{Component, Linker};
use wasmtime::error::Context as _;
use wasmtime::{Config, Engine, Result};
use wasmtime_wasi_http::handler::ProxyHandler;
use wasmtime_wasi_http::p3::bindings::ServicePre;

use crate::instance::{Grant, State, linker};
use crate::manifest::{self, Manifest, Route};
use crate::outbound::AllowedHosts;
use crate::request::Spoofed;
use crate::routes::Router;
use crate::sqlite::Databases;
use crate::variables::Variables;
use crate::worker::Worker;

/// What to load, and with what.
#[derive(Debug)]
pub struct Options {
    pub manifest: PathBuf,
    /// Where compiled components are kept, and the database unless it is named.
    pub state: PathBuf,
    pub sqlite_file: Option<PathBuf>,
    pub variables: BTreeMap<String, String>,
    pub spoofed: Spoofed,
}

/// An application that can serve requests.
pub struct App {
    pub(crate) router: Router,
    pub(crate) workers: BTreeMap<String, ProxyHandler<Worker>>,
    pub(crate) spoofed: Spoofed,
}

impl App {
    /// Loads an application that will answer at `origin`.
    pub fn load(options: &Options, origin: &Authority) -> Result<Self> {
        let manifest = Manifest::read(&options.manifest)?;
        let environment = |name: &str| std::env::var(name).ok();
        let variables = Variables::resolve(&manifest, &options.variables, environment)?;
        // Instances are allocated on demand: a pool answers a seventh more requests, but caps their number and reserves terabytes of addresses.
        let engine = Engine::new(&Config::new())?;
        let linker = linker(&engine)?;
        let loader = Loader {
            options,
            origin,
            variables,
            engine,
            linker,
            database: database(options)?,
        };

        let routed = manifest
            .trigger
            .http
            .iter()
            .filter_map(|trigger| match &trigger.route {
                Route::Path(path) => Some((path.as_str(), trigger.component.as_str())),
                Route::Private(_) => None,
            });
        let router = Router::new(routed)?;
        let mut workers = BTreeMap::new();
        for (id, component) in &manifest.component {
            let worker = loader
                .load(id.as_str(), component)
                .with_context(|| format!("cannot load the component {:?}", id.as_str()))?;
            workers.insert(id.as_str().to_owned(), ProxyHandler::new(worker));
        }
        Ok(Self {
            router,
            workers,
            spoofed: options.spoofed,
        })
    }

    /// Route and component, best match first.
    pub fn routes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.router.list()
    }
}

/// The file behind the database `default`, by Spin's own name unless another is given.
fn database(options: &Options) -> Result<Arc<Path>> {
    let file = options
        .sqlite_file
        .clone()
        .unwrap_or_else(|| options.state.join("sqlite_db.db"));
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create the folder {}", folder.display()))?;
    }
    Ok(file.into())
}

struct Loader<'a> {
    options: &'a Options,
    origin: &'a Authority,
    variables: Variables,
    engine: Engine,
    linker: Linker<State>,
    database: Arc<Path>,
}

impl Loader<'_> {
    fn load(&self, id: &str, component: &manifest::Component) -> Result<Worker> {
        let hosts = component.allowed_outbound_hosts.iter();
        let hosts = hosts
            .map(|host| self.variables.expand(host))
            .collect::<Result<Vec<_>>>()?;
        let grant = Grant {
            component: id.into(),
            environment: component.environment.clone(),
            variables: self.variables.for_component(&component.variables)?,
            databases: Databases {
                file: Arc::clone(&self.database),
                allowed: component.sqlite_databases.clone().into(),
            },
            allowed_hosts: AllowedHosts::parse(hosts.iter().map(String::as_str))?,
            origin: self.origin.clone(),
        };
        let compiled = self.compiled(id, &component.source)?;
        let service = ServicePre::new(self.linker.instantiate_pre(&compiled)?)?;
        Ok(Worker {
            grant: Arc::new(grant),
            service,
        })
    }

    /// Compiles a component, or finds it compiled.
    fn compiled(&self, id: &str, source: &Path) -> Result<Component> {
        let wasm = fs::read(source).with_context(|| format!("cannot read {}", source.display()))?;
        let kept = self.options.state.join("compiled");
        let file = kept.join(format!("{id}.{:016x}.cwasm", self.fingerprint(&wasm)));
        if file.exists() {
            // SAFETY: the file was written below and is as trusted as this program: whoever can change the state folder can run code as this user anyway.
            match unsafe { Component::deserialize_file(&self.engine, &file) } {
                Ok(component) => return Ok(component),
                Err(error) => eprintln!("spin-host: {} is not usable: {error}", file.display()),
            }
        }
        let start = Instant::now();
        let component = Component::new(&self.engine, &wasm)?;
        eprintln!(
            "spin-host: compiled {id} in {:.1} s",
            start.elapsed().as_secs_f32()
        );
        replace(&kept, id, &file, &component.serialize()?)
            .with_context(|| format!("cannot write {}", file.display()))?;
        Ok(component)
    }

    fn fingerprint(&self, wasm: &[u8]) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.engine
            .precompile_compatibility_hash()
            .hash(&mut hasher);
        wasm.hash(&mut hasher);
        hasher.finish()
    }
}

/// Keeps one compiled file per component; a reader never sees half of it.
fn replace(folder: &Path, id: &str, file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let own = format!("{id}.");
    for old in fs::read_dir(folder)?.filter_map(Result::ok) {
        if old.file_name().to_string_lossy().starts_with(&own) {
            _ = fs::remove_file(old.path());
        }
    }
    let partial = file.with_extension(format!("{}.part", std::process::id()));
    fs::write(&partial, bytes)?;
    fs::rename(partial, file)
}
