//! Rows, read by column name.

use std::sync::Arc;

use super::{DbError, Timestamp, Value};

/// The rows one statement returned.
pub type Rows = Vec<Row>;

/// One row. Columns are read by name, because D1 hands rows back as objects.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    columns: Arc<[String]>,
    values: Vec<Value>,
}

impl Row {
    /// Takes the names of a statement's columns.
    ///
    /// # Errors
    /// [`DbError::Refused`] when two are alike: D1 hands rows over as objects, where only the last
    /// of them is left. It cannot be seen there any more, so the other hosts refuse it for D1.
    pub fn columns(names: Vec<String>) -> Result<Arc<[String]>, DbError> {
        let is_repeated = |(index, name): &(usize, &String)| names[..*index].contains(name);
        match names.iter().enumerate().find(is_repeated) {
            Some((_, name)) => Err(DbError::Refused(format!("two columns named {name}"))),
            None => Ok(names.into()),
        }
    }

    /// Joins one row's values with the columns all rows of the statement share.
    pub fn new(columns: Arc<[String]>, values: Vec<Value>) -> Self {
        Self { columns, values }
    }

    /// Reads a column.
    ///
    /// # Errors
    /// [`DbError::Corrupt`] names the column when it is absent or of another type.
    pub fn get<T: FromValue>(&self, column: &str) -> Result<T, DbError> {
        let corrupt = |reason: &str| DbError::Corrupt(format!("{column}: {reason}"));
        let index = self.columns.iter().position(|name| name == column);
        let value = index.and_then(|index| self.values.get(index));
        T::from_value(value.ok_or_else(|| corrupt("no such column"))?)
            .ok_or_else(|| corrupt("unexpected type"))
    }
}

/// A type that a column can be read as.
pub trait FromValue: Sized {
    /// Reads the value; `None` when it is of another type.
    fn from_value(value: &Value) -> Option<Self>;
}

/// Reads a JSON list of texts, as columns hold them; `None` when it is something else.
pub fn texts(json: &str) -> Option<Vec<String>> {
    let list: serde_json::Value = serde_json::from_str(json).ok()?;
    let texts = list.as_array()?.iter();
    texts.map(|text| text.as_str().map(str::to_owned)).collect()
}

impl FromValue for i64 {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Integer(number) => Some(*number),
            Value::Null | Value::Text(_) | Value::Blob(_) => None,
        }
    }
}

impl FromValue for bool {
    fn from_value(value: &Value) -> Option<Self> {
        match i64::from_value(value)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl FromValue for String {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.clone()),
            Value::Null | Value::Integer(_) | Value::Blob(_) => None,
        }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Blob(bytes) => Some(bytes.clone()),
            Value::Null | Value::Integer(_) | Value::Text(_) => None,
        }
    }
}

impl FromValue for Timestamp {
    fn from_value(value: &Value) -> Option<Self> {
        i64::from_value(value).map(Self)
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            Value::Integer(_) | Value::Text(_) | Value::Blob(_) => T::from_value(value).map(Some),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_of_the_wrong_type_is_named() {
        let row = Row::new(["due_at".to_owned()].into(), vec![Value::from("soon")]);
        let refused = DbError::Corrupt("due_at: unexpected type".to_owned());
        assert_eq!(row.get::<i64>("due_at"), Err(refused));
        assert_eq!(
            row.get::<Option<String>>("due_at"),
            Ok(Some("soon".to_owned()))
        );
    }
}
