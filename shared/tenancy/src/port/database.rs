//! The database port: run these statements in order, all or nothing.

use std::borrow::Cow;
use std::fmt;

use super::{Boxed, Rows};

/// Integers beyond this are refused on every runtime, because D1 carries them as doubles.
pub const LARGEST_INTEGER: i64 = (1 << 53) - 1;

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

/// One statement as an adapter sees it: text and the values of `?1`, `?2`, ….
#[derive(Clone, Debug, PartialEq)]
pub struct BatchStatement {
    /// SQL text with numbered placeholders; exactly one statement.
    pub sql: Cow<'static, str>,
    /// The value of `?1` first.
    pub values: Vec<Value>,
}

impl BatchStatement {
    /// Checks what not every runtime would refuse by itself.
    ///
    /// # Errors
    /// [`DbError::Refused`] for an integer that D1 could not carry.
    pub fn check(&self) -> Result<(), DbError> {
        let too_large = |value: &Value| match value {
            Value::Integer(number) => number.unsigned_abs() > LARGEST_INTEGER.unsigned_abs(),
            Value::Null | Value::Text(_) | Value::Blob(_) => false,
        };
        if self.values.iter().any(too_large) {
            return Err(DbError::Refused("an integer beyond 2^53 - 1".to_owned()));
        }
        Ok(())
    }
}

/// A value of SQLite. There are no floats and no booleans: nothing here needs them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// NULL.
    Null,
    /// A whole number of at most 53 bits.
    Integer(i64),
    /// UTF-8 text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Integer(value.into())
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&String> for Value {
    fn from(value: &String) -> Self {
        Self::Text(value.clone())
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Blob(value)
    }
}

impl From<super::Timestamp> for Value {
    fn from(value: super::Timestamp) -> Self {
        Self::Integer(value.0)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Why a batch did not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DbError {
    /// Somebody else changed the row first: its `version` guard refused the write.
    Stale,
    /// A row with these columns exists already, as `table.column, table.column`.
    Duplicate(String),
    /// A NOT NULL column got no value, as `table.column`.
    Missing(String),
    /// A row refers to one that does not exist (or belongs to another tenant).
    Dangling,
    /// The database stayed locked longer than the runtime waits.
    Busy,
    /// The statement or a value is outside what every runtime can carry.
    Refused(String),
    /// A column holds what its reader cannot understand, as `column: reason`.
    Corrupt(String),
    /// Anything else, in the database's words. For the log only.
    Failed(String),
}

impl DbError {
    /// Classifies what SQLite said, however the runtime wrapped it.
    pub fn from_message(message: &str) -> Self {
        let after = |marker: &str| {
            let rest = message.split_once(marker)?.1;
            let end = rest.find([':', '\n', '"', ')', '\'']).unwrap_or(rest.len());
            Some(rest[..end].trim().to_owned())
        };
        if let Some(column) = after("NOT NULL constraint failed: ") {
            return if column.ends_with(".version") {
                Self::Stale
            } else {
                Self::Missing(column)
            };
        }
        if let Some(columns) = after("UNIQUE constraint failed: ") {
            return Self::Duplicate(columns);
        }
        if message.contains("FOREIGN KEY constraint failed") {
            return Self::Dangling;
        }
        if message.contains("database is locked") || message.contains("database table is locked") {
            return Self::Busy;
        }
        Self::Failed(message.to_owned())
    }
}

impl fmt::Display for DbError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stale => f.write_str("the row was changed by somebody else first"),
            Self::Duplicate(columns) => write!(f, "a row with the same {columns} exists"),
            Self::Missing(column) => write!(f, "{column} got no value"),
            Self::Dangling => f.write_str("a row refers to one that does not exist"),
            Self::Busy => f.write_str("the database stayed locked"),
            Self::Refused(what) => write!(f, "refused: {what}"),
            Self::Corrupt(what) => write!(f, "corrupt row: {what}"),
            Self::Failed(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for DbError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_runtimes_wording_of_a_constraint_is_understood() {
        let check = |message: &str, expected: DbError| {
            assert_eq!(DbError::from_message(message), expected, "{message}");
        };
        let number = || DbError::Duplicate("ticket.tenant_id, ticket.number".to_owned());
        check(
            "UNIQUE constraint failed: ticket.tenant_id, ticket.number",
            number(),
        );
        check(
            "D1_ERROR: UNIQUE constraint failed: ticket.tenant_id, ticket.number: SQLITE_CONSTRAINT",
            number(),
        );
        check(
            "Error::Io(\"UNIQUE constraint failed: ticket.tenant_id, ticket.number\")",
            number(),
        );
        check("NOT NULL constraint failed: ticket.version", DbError::Stale);
        check(
            "D1_ERROR: NOT NULL constraint failed: ticket.version: SQLITE_CONSTRAINT",
            DbError::Stale,
        );
        check(
            "NOT NULL constraint failed: ticket.number",
            DbError::Missing("ticket.number".to_owned()),
        );
        check(
            "D1_ERROR: FOREIGN KEY constraint failed: SQLITE_CONSTRAINT",
            DbError::Dangling,
        );
        check("database is locked", DbError::Busy);
    }

    #[test]
    fn an_integer_d1_would_round_is_refused_everywhere() {
        let statement = |number| BatchStatement {
            sql: "SELECT ?1".into(),
            values: vec![Value::Integer(number)],
        };
        assert!(statement(LARGEST_INTEGER).check().is_ok());
        assert!(statement(-LARGEST_INTEGER).check().is_ok());
        assert!(statement(LARGEST_INTEGER + 1).check().is_err());
        assert!(statement(i64::MIN).check().is_err());
    }
}
