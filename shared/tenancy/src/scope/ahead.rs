//! Bytes that are written ahead of their batch, so that no round trip outgrows a worker's memory.

use std::mem;

use super::Statement;
use crate::port::{Batch, Database, DbError, Rows, Value};

/// How many bytes one batch carries. D1 takes bytes as lists of numbers, which weigh some ten
/// times as much, and a worker has 128 MB for everything.
const MOST: usize = 2 << 20;

/// Runs a batch. Where it carries more than [`MOST`] bytes, those of its statements that may
/// be ([`Statement::ahead`]) are run before it, in parts; in the answer they have no rows.
pub(super) async fn run(
    database: &dyn Database,
    batch: Vec<Statement>,
) -> Result<Vec<Rows>, DbError> {
    if batch.iter().map(weight).sum::<usize>() <= MOST {
        return database.run(whole(batch)).await;
    }
    let is_ahead: Vec<bool> = batch.iter().map(|statement| statement.is_ahead).collect();
    let (ahead, rest): (Vec<_>, Vec<_>) = batch.into_iter().partition(|it| it.is_ahead);
    for part in parts(ahead) {
        database.run(part).await?;
    }
    let mut rows = database.run(whole(rest)).await?.into_iter();
    let mut row = |is_ahead: bool| (!is_ahead).then(|| rows.next()).flatten();
    Ok(is_ahead
        .into_iter()
        .map(|it| row(it).unwrap_or_default())
        .collect())
}

fn whole(batch: Vec<Statement>) -> Batch {
    batch.into_iter().map(Statement::into_inner).collect()
}

fn weight(statement: &Statement) -> usize {
    let weigh = |value: &Value| match value {
        Value::Blob(bytes) => bytes.len(),
        Value::Null | Value::Integer(_) | Value::Text(_) => 0,
    };
    statement.inner.values.iter().map(weigh).sum()
}

/// The same in their order, as many together as one batch carries.
fn parts(statements: Vec<Statement>) -> Vec<Batch> {
    let (mut parts, mut part, mut carried) = (Vec::new(), Vec::new(), 0);
    for statement in statements {
        let more = weight(&statement);
        if carried + more > MOST && !part.is_empty() {
            parts.push(mem::take(&mut part));
            carried = 0;
        }
        carried += more;
        part.push(statement.into_inner());
    }
    parts.push(part);
    parts
}
