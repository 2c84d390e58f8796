//! Why a batch did not run, whichever runtime says so.

use std::fmt;

/// Why a batch did not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DbError {
    /// Somebody else changed the row first: the guard on its `version` (or on an epoch) refused
    /// the write.
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
            return if column.ends_with(".version") || column.ends_with("_epoch") {
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
            "NOT NULL constraint failed: agent.session_epoch",
            DbError::Stale,
        );
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
}
