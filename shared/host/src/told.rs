//! Rows told as one JSON text. A call into JavaScript for each value of each row costs more than
//! D1's own work on small rows; the engine writes and hands over a whole text in one.

use std::fmt;
use std::sync::Arc;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use tenancy::port::{DbError, Row, Rows, Value};

/// Reads an array of objects, all of the same columns; a blob is an array of numbers, as D1 hands
/// it back.
///
/// # Errors
/// [`DbError::Refused`] for what no column may hold, [`DbError::Failed`] for what is no such text.
pub(crate) fn rows(text: &str) -> Result<Rows, DbError> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    deserializer.deserialize_seq(Table).map_err(|error| {
        if error.is_data() {
            DbError::Refused(error.to_string())
        } else {
            DbError::Failed(error.to_string())
        }
    })
}

struct Table;

impl<'de> Visitor<'de> for Table {
    type Value = Rows;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut told: A) -> Result<Rows, A::Error> {
        let (mut rows, mut columns) = (Rows::new(), None);
        while let Some(row) = told.next_element_seed(ToldRow(&mut columns))? {
            rows.push(row);
        }
        Ok(rows)
    }
}

/// One row, with the columns of those before it; the first tells them.
struct ToldRow<'a>(&'a mut Option<Arc<[String]>>);

impl<'de> DeserializeSeed<'de> for ToldRow<'_> {
    type Value = Row;

    fn deserialize<D: Deserializer<'de>>(self, told: D) -> Result<Row, D::Error> {
        told.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for ToldRow<'_> {
    type Value = Row;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut told: A) -> Result<Row, A::Error> {
        let mut values = Vec::with_capacity(self.0.as_ref().map_or(8, |names| names.len()));
        if let Some(columns) = self.0 {
            while told.next_key_seed(KnownName)?.is_some() {
                values.push(told.next_value_seed(ToldValue)?);
            }
            return Ok(Row::new(Arc::clone(columns), values));
        }
        let mut names = Vec::new();
        while let Some(name) = told.next_key()? {
            names.push(name);
            values.push(told.next_value_seed(ToldValue)?);
        }
        let columns = Row::columns(names).map_err(|error| A::Error::custom(error.to_string()))?;
        Ok(Row::new(Arc::clone(self.0.insert(columns)), values))
    }
}

/// The name of a column that an earlier row told.
struct KnownName;

impl<'de> DeserializeSeed<'de> for KnownName {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, told: D) -> Result<(), D::Error> {
        told.deserialize_str(self)
    }
}

impl Visitor<'_> for KnownName {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a column's name")
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
}

struct ToldValue;

impl<'de> DeserializeSeed<'de> for ToldValue {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, told: D) -> Result<Value, D::Error> {
        told.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ToldValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of SQLite")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        Value::of_integer(number).map_err(|error| E::custom(error.to_string()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        self.visit_i64(i64::try_from(number).unwrap_or(i64::MAX))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        Value::of_double(number).map_err(|error| E::custom(error.to_string()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut told: A) -> Result<Value, A::Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = told.next_element()? {
            bytes.push(byte);
        }
        Ok(Value::Blob(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_value_is_read() {
        let told = rows(
            r#"[{"a":null,"b":-7,"c":"ü\"\u0000🚪","d":[0,255]},{"a":9007199254740991,"b":5.0,"c":"","d":[]}]"#,
        );
        let told = told.unwrap();
        assert_eq!(told[0].get::<Option<i64>>("a").unwrap(), None);
        assert_eq!(told[0].get::<i64>("b").unwrap(), -7);
        assert_eq!(told[0].get::<String>("c").unwrap(), "ü\"\0🚪");
        assert_eq!(told[0].get::<Vec<u8>>("d").unwrap(), [0, 255]);
        assert_eq!(told[1].get::<i64>("a").unwrap(), (1 << 53) - 1);
        assert_eq!(told[1].get::<i64>("b").unwrap(), 5);
        assert_eq!(rows("[]").unwrap(), Rows::new());
    }

    #[test]
    fn what_no_column_may_hold_is_refused() {
        for text in [
            r#"[{"a":1.5}]"#,
            r#"[{"a":9007199254740992}]"#,
            r#"[{"a":1e300}]"#,
            r#"[{"a":true}]"#,
            r#"[{"a":[256]}]"#,
            r#"[{"a":1,"a":2}]"#,
            "[1]",
        ] {
            assert!(matches!(rows(text), Err(DbError::Refused(_))), "{text}");
        }
        assert!(matches!(rows("[{"), Err(DbError::Failed(_))));
    }
}
