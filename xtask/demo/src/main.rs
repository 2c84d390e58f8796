//! Migrates a local SQLite database and fills it with demo data, once.
//!
//! Tickets come in through the real functions on the native host, with a clock that is turned
//! back, so that what one sees is what the product does.
//! Everything here is for a help desk on one's own machine: keys and passwords are the same each
//! time, so that the examples in the README work as they stand.

mod acme;
mod clock;
mod dump;
mod migrate;
mod parent;
mod tenant;

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

use host::native::Sqlite;
use serde_json::{Value, json};

use crate::tenant::World;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// What the command line says.
#[derive(Default)]
struct Options {
    sqlite: PathBuf,
    sql: PathBuf,
    portal_origin: String,
    info: Option<PathBuf>,
    dump: Option<PathBuf>,
    no_demo: bool,
}

impl Options {
    fn parse() -> Outcome<Self> {
        use lexopt::prelude::{Long, ValueExt};
        let mut options = Self::default();
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                Long("sqlite") => options.sqlite = parser.value()?.into(),
                Long("sql") => options.sql = parser.value()?.into(),
                Long("portal-origin") => options.portal_origin = parser.value()?.string()?,
                Long("info") => options.info = Some(parser.value()?.into()),
                Long("dump") => options.dump = Some(parser.value()?.into()),
                Long("no-demo") => options.no_demo = true,
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(options)
    }
}

fn main() -> Outcome {
    let options = Options::parse()?;
    let database = Arc::new(Sqlite::file(&options.sqlite)?);
    migrate::apply(&database, &options.sql)?;
    let tenants = if options.no_demo {
        Vec::new()
    } else {
        fill(&database, &options)?
    };
    if let Some(info) = &options.info {
        std::fs::write(info, format!("{:#}\n", json!({ "tenants": tenants })))?;
    }
    if let Some(file) = &options.dump {
        std::fs::write(file, dump::rows(&database)?.to_string())?;
    }
    Ok(())
}

/// Fills an empty database, and tells what is in it either way.
fn fill(database: &Arc<Sqlite>, options: &Options) -> Outcome<Vec<Value>> {
    let world = World::new(Arc::clone(database), &options.portal_origin);
    if world.is_empty()? {
        acme::fill(&world)?;
        parent::fill(&world)?;
    }
    Ok(vec![
        acme::info(&options.portal_origin),
        parent::info(&options.portal_origin),
    ])
}
