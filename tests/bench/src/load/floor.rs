//! The floor: the product's own SQL, written down for a worker without our code.
//!
//! The product is asked natively on a copy of the floor's own data. For what is measured under
//! load it is asked twice: what differs is what is another for each request. `floor/floor.js` says
//! how it is written down.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use host::native::Sqlite;
use realmdesk_tests::{DAY, SECOND, World};
use rusqlite::Connection;
use serde_json::{Map, Value, json};
use tenancy::port::{Batch, BatchStatement, Random, Value as Bound, as_double};

use crate::Outcome;
use crate::client::{Answer, Desk};
use crate::http::demo;
use crate::native::Native;
use crate::scenario::{SCENARIOS, Scenario, named};
use crate::table::folder;

const WORKER: &str = include_str!("../../floor/floor.js");

/// Writes the worker for the data that a server of ours has made in a state folder.
pub(crate) fn write(state: &Path) -> Outcome {
    let mut replays = Map::new();
    for (index, scenario) in SCENARIOS.iter().enumerate() {
        replays.insert(scenario.name.to_owned(), replay(state, scenario, index)?);
    }
    let module = format!(
        "export const create = {};\nexport const queue = {};\nexport const replays = {};\n",
        varied(&asked(state, "API create")?),
        varied(&asked(state, "queue page")?),
        Value::Object(replays)
    );
    let target = folder().join("floor");
    fs::create_dir_all(&target)?;
    fs::write(target.join("floor.js"), WORKER)?;
    fs::write(target.join("statements.js"), module)?;
    Ok(())
}

/// A native help desk on a copy of the data.
struct Copy {
    desk: Native,
    folder: PathBuf,
}

impl Copy {
    fn of(state: &Path) -> Outcome<Self> {
        let folder = folder().join("copy");
        // What was left by a run that was broken off does not belong to this copy.
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        let file = folder.join("demo.db");
        fs::copy(state.join("demo.db"), &file)?;
        let newest = last_moment(&file)?;
        let desk = Native::of(World::on(Sqlite::file(&file)?), demo(state)?)?;
        desk.world.turn(newest - desk.world.now().0 + SECOND);
        Ok(Self { desk, folder })
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Everything that a scenario asks of the database, as it was asked: what prepares it, then itself.
/// Each scenario has days and dice of its own, so that all can be asked of one database.
fn replay(state: &Path, scenario: &Scenario, index: usize) -> Outcome<Value> {
    let mut copy = Copy::of(state)?;
    let world = &copy.desk.world;
    world.turn(DAY * i64::try_from(index)?);
    world.random.fill(&mut vec![0; 64 * (index + 1)]);
    world.meter.keep();
    let ask = (scenario.prepare)(&mut copy.desk)?;
    let before = copy.desk.world.meter.take_kept();
    copy.desk.world.meter.keep();
    copy.desk.send(&ask.numbered(index)).and_then(Answer::ok)?;
    let measured = copy.desk.world.meter.take_kept();
    Ok(json!({ "before": plain(&before), "measured": plain(&measured) }))
}

/// Batches with their values as they were.
fn plain(batches: &[Batch]) -> Value {
    let value = |value: &Bound| match value {
        Bound::Null => Value::Null,
        Bound::Integer(number) => as_double(*number).into(),
        Bound::Text(text) => text.as_str().into(),
        Bound::Blob(bytes) => json!({ "bytes": bytes }),
    };
    let statement = |of: &BatchStatement| json!({ "sql": of.sql, "values": of.values.iter().map(value).collect::<Vec<_>>() });
    let batches = batches
        .iter()
        .map(|batch| batch.iter().map(statement).collect());
    Value::Array(batches.collect())
}

/// What a scenario asks the database, two times.
struct Asked {
    first: Vec<Batch>,
    second: Vec<Batch>,
    /// The clock at the first time.
    now: i64,
}

fn asked(state: &Path, scenario: &str) -> Outcome<Asked> {
    let mut copy = Copy::of(state)?;
    let desk = &mut copy.desk;
    let ask = (named(scenario)?.prepare)(desk)?;
    let mut once = || {
        let ask = desk.again(&ask);
        desk.world.meter.keep();
        desk.send(&ask).and_then(Answer::ok)?;
        Ok::<_, Box<dyn Error>>((desk.world.meter.take_kept(), desk.world.now().0))
    };
    let ((first, now), (second, _)) = (once()?, once()?);
    Ok(Asked { first, second, now })
}

/// The newest time in a database; what is asked comes after it.
fn last_moment(file: &Path) -> Outcome<i64> {
    let newest = "SELECT coalesce(max(created_at), 0) FROM ticket";
    Ok(Connection::open(file)?.query_row(newest, [], |row| row.get(0))?)
}

fn varied(asked: &Asked) -> Value {
    let mut ids = BTreeMap::new();
    let mut statement = |(one, other): (&BatchStatement, &BatchStatement)| {
        let values = one.values.iter().zip(&other.values);
        let values = values.map(|(one, other)| value(one, other, asked.now, &mut ids));
        json!({ "sql": one.sql, "values": values.collect::<Vec<_>>() })
    };
    let batches = asked.first.iter().zip(&asked.second);
    let batches = batches.map(|(one, other)| one.iter().zip(other).map(&mut statement).collect());
    Value::Array(batches.collect())
}

/// Numbers the ids that are another in each request.
type Ids = BTreeMap<String, usize>;

fn value(one: &Bound, other: &Bound, now: i64, ids: &mut Ids) -> Value {
    match (one, other) {
        (Bound::Null, _) => Value::Null,
        (Bound::Integer(number), same) if one == same => as_double(*number).into(),
        (Bound::Integer(number), _) => json!({ "now": number - now }),
        (Bound::Blob(bytes), _) => json!({ "bytes": bytes }),
        // The one constant that has to be computed: 64 digits are a SHA-256.
        (Bound::Text(text), same) if one == same && is_hash(text) => json!({ "key": text }),
        (Bound::Text(text), same) if one == same => text.as_str().into(),
        (Bound::Text(text), _) => fresh(text, ids),
    }
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn fresh(text: &str, ids: &mut Ids) -> Value {
    if let Ok(candidates) = serde_json::from_str::<Vec<String>>(text) {
        let digits: Vec<usize> = candidates.iter().map(String::len).collect();
        return json!({ "numbers": digits });
    }
    let next = ids.len();
    if is_id(text) {
        return json!({ "id": *ids.entry(text.to_owned()).or_insert(next) });
    }
    // An id inside of a text: that of a letter in its Message-ID.
    let mut varied = text.to_owned();
    for (id, number) in ids.iter() {
        varied = varied.replace(id, &format!("{{id {number}}}"));
    }
    if varied == text {
        // What is left are tokens and hashes: unique, and of this length.
        return json!({ "text": with_fresh_end(text, ids) });
    }
    json!({ "text": varied })
}

/// The text with a fresh id in place of its last 36 characters, so that it is unique and as long.
fn with_fresh_end(text: &str, ids: &mut Ids) -> String {
    let number = ids.len();
    ids.insert(format!("end of {number}"), number);
    let kept = text
        .char_indices()
        .rev()
        .nth(35)
        .map_or(0, |(start, _)| start);
    format!("{}{{id {number}}}", &text[..kept])
}

fn is_id(text: &str) -> bool {
    text.len() == 36 && text.split('-').map(str::len).eq([8, 4, 4, 4, 12])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(one: &str, other: &str, ids: &mut Ids) -> Value {
        value(&Bound::Text(one.into()), &Bound::Text(other.into()), 0, ids)
    }

    #[test]
    fn what_differs_between_two_requests_is_made_anew_in_each() {
        let ids = &mut Ids::new();
        let (one, other) = (
            "019e1111-2222-7333-8444-555555555555",
            "019e1111-2222-7333-8444-666666666666",
        );
        assert_eq!(of("same", "same", ids), "same");
        assert_eq!(of(one, other, ids), json!({ "id": 0 }));
        let (message, next) = (format!("<{one}@desk>"), format!("<{other}@desk>"));
        assert_eq!(of(&message, &next, ids), json!({ "text": "<{id 0}@desk>" }));
        assert_eq!(
            of("[\"123456\"]", "[\"9\"]", ids),
            json!({ "numbers": [6] })
        );
        let number = |one, other| {
            value(
                &Bound::Integer(one),
                &Bound::Integer(other),
                500,
                &mut Ids::new(),
            )
        };
        assert_eq!(
            [number(7, 7), number(600, 700)],
            [json!(7.0), json!({ "now": 100 })]
        );
    }
}
