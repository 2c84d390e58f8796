//! The database port: run these statements in order, all or nothing.

use std::borrow::Cow;

use super::{Boxed, DbError, Rows, Value, text};

/// D1's limit on the values of one statement.
pub const MOST_VALUES: usize = 100;

/// A SQLite database, however this runtime reaches it.
///
/// There is no `begin`: D1 cannot hold a transaction open between calls, so nothing here may.
/// Read first, decide in Rust, then write one guarded batch.
pub trait Database: Send + Sync {
    /// Runs the statements in order, all or nothing, and returns the rows of each.
    ///
    /// # Errors
    /// The first statement that fails rolls everything back and names the reason.
    fn run(&self, batch: Batch) -> Boxed<'_, Result<Vec<Rows>, DbError>>;
}

/// The statements of one round trip.
pub type Batch = Vec<BatchStatement>;

/// Checks a batch before anything of it runs; every adapter begins with it.
///
/// # Errors
/// [`DbError::Refused`] for what not every runtime would carry, or refuse by itself.
pub fn check(batch: &[BatchStatement]) -> Result<(), DbError> {
    batch.iter().try_for_each(BatchStatement::check)
}

/// One statement as an adapter sees it: text and the values of `?1`, `?2`, ….
#[derive(Clone, Debug, PartialEq)]
pub struct BatchStatement {
    /// SQL text with numbered placeholders; exactly one statement.
    pub sql: Cow<'static, str>,
    /// The value of `?1` first.
    pub values: Vec<Value>,
}

impl BatchStatement {
    fn check(&self) -> Result<(), DbError> {
        text::check(&self.sql)?;
        if self.values.len() > MOST_VALUES {
            let what = format!("a statement with more than {MOST_VALUES} values");
            return Err(DbError::Refused(what));
        }
        self.values.iter().try_for_each(Value::check)
    }

    /// Whether it only reads, so that it needs no write lock. `false` when that is not plain.
    pub fn is_read(&self) -> bool {
        text::is_read(&self.sql)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hundredth_value_is_the_last() {
        let statement = |values| BatchStatement {
            sql: "SELECT 1".into(),
            values: vec![Value::Null; values],
        };
        assert!(check(&[statement(MOST_VALUES)]).is_ok());
        assert!(check(&[statement(0), statement(MOST_VALUES + 1)]).is_err());
    }
}
