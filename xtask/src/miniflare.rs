//! What `miniflare.mjs` is told: the app as wrangler.toml describes it, and where this machine keeps its data.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::Outcome;
use crate::project::{Project, files, read_toml};
use crate::state::State;

/// What differs from one start to the next.
pub(crate) struct Settings<'a> {
    pub(crate) port: u16,
    pub(crate) main: &'static str,
    /// The folders whose modules are the app.
    pub(crate) modules: Vec<PathBuf>,
    /// Laid over the variables of wrangler.toml.
    pub(crate) vars: &'a [(&'static str, String)],
    /// The demo data, as rows.
    pub(crate) rows: Option<&'a Path>,
}

/// The content of the file that `miniflare.mjs` reads.
pub(crate) fn config(project: &Project, state: &State, settings: &Settings<'_>) -> Outcome<Value> {
    let wrangler = read_toml(&project.path("wrangler.toml"))?;
    let text = |name: &str| {
        wrangler
            .get(name)
            .and_then(toml::Value::as_str)
            .map(str::to_owned)
    };
    let database = database(&wrangler)?;
    let mut vars = Map::new();
    for (name, value) in wrangler
        .get("vars")
        .and_then(toml::Value::as_table)
        .into_iter()
        .flatten()
    {
        vars.insert(name.clone(), value.as_str().into());
    }
    for (name, value) in settings.vars {
        vars.insert((*name).to_owned(), value.as_str().into());
    }
    Ok(json!({
        "port": settings.port,
        "main": settings.main,
        "modules": settings.modules,
        "compatibility_date": text("compatibility_date").ok_or("wrangler.toml has no compatibility_date")?,
        "compatibility_flags": strings(wrangler.get("compatibility_flags")),
        "vars": vars,
        "database": {
            "binding": field(database, "binding")?,
            "id": field(database, "database_id")?,
            "folder": state.path("d1"),
        },
        "migrations": migrations(&project.path(&field(database, "migrations_dir")?))?,
        "rows": settings.rows,
    }))
}

fn database(wrangler: &toml::Table) -> Outcome<&toml::Table> {
    let databases = wrangler.get("d1_databases").and_then(toml::Value::as_array);
    let first = databases
        .and_then(|databases| databases.first())
        .and_then(toml::Value::as_table);
    first.ok_or_else(|| "wrangler.toml has no [[d1_databases]]".into())
}

fn field(table: &toml::Table, name: &str) -> Outcome<String> {
    let value = table
        .get(name)
        .and_then(toml::Value::as_str)
        .map(str::to_owned);
    value.ok_or_else(|| format!("[[d1_databases]] in wrangler.toml has no {name}").into())
}

fn strings(value: Option<&toml::Value>) -> Vec<&str> {
    let values = value.and_then(toml::Value::as_array).into_iter().flatten();
    values.filter_map(toml::Value::as_str).collect()
}

/// The migrations in their order, which is that of their names.
fn migrations(folder: &Path) -> Outcome<Vec<Value>> {
    let files = files(folder, "sql")?.into_iter();
    let named =
        |path: PathBuf| json!({ "name": path.file_name()?.to_string_lossy(), "path": path }).into();
    Ok(files.filter_map(named).collect())
}
