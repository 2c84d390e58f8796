//! Values, and what becomes of numbers on their way.
//!
//! D1 carries every number as a double, both ways. The other hosts do as D1 does, so that a
//! statement means the same everywhere, even one that is wrong: `'T-' || ?1` with 5 bound is
//! `T-5.0` on all of them. A number needs a column or a CAST to give it a type.

use super::{DbError, Timestamp};

/// Integers beyond this are refused on every runtime, because D1 carries them as doubles.
pub const LARGEST_INTEGER: i64 = (1 << 53) - 1;

/// D1's limit on a text, a blob and a whole row, in bytes.
pub const LARGEST_VALUE: usize = 2_000_000;

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

impl Value {
    /// Checks that D1 could carry the value.
    pub(super) fn check(&self) -> Result<(), DbError> {
        let size = match self {
            Self::Null => 0,
            Self::Integer(number) => return Self::of_integer(*number).map(|_| ()),
            Self::Text(text) => text.len(),
            Self::Blob(bytes) => bytes.len(),
        };
        if size > LARGEST_VALUE {
            let what = format!("a value of more than {LARGEST_VALUE} bytes");
            return Err(DbError::Refused(what));
        }
        Ok(())
    }

    /// An integer as an adapter read it.
    ///
    /// # Errors
    /// [`DbError::Refused`] for one that D1 would have rounded.
    pub fn of_integer(number: i64) -> Result<Self, DbError> {
        if number.unsigned_abs() > LARGEST_INTEGER.unsigned_abs() {
            return Err(DbError::Refused("an integer beyond 2^53 - 1".to_owned()));
        }
        Ok(Self::Integer(number))
    }

    /// A double as an adapter read it: D1 does not tell 5.0 from 5, so nothing does.
    ///
    /// # Errors
    /// [`DbError::Refused`] for one that is no integer within 53 bits.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "checked to be whole and within 53 bits"
    )]
    pub fn of_double(number: f64) -> Result<Self, DbError> {
        if number.fract() == 0.0 && number.abs() <= as_double(LARGEST_INTEGER) {
            return Ok(Self::Integer(number as i64));
        }
        let what = format!("a number no column may hold: {number}");
        Err(DbError::Refused(what))
    }
}

/// An integer as every adapter binds it.
#[expect(clippy::cast_precision_loss, reason = "checked to fit 53 bits")]
pub fn as_double(checked: i64) -> f64 {
    checked as f64
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

impl From<Timestamp> for Value {
    fn from(value: Timestamp) -> Self {
        Self::Integer(value.0)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_integer_d1_would_round_is_refused_everywhere() {
        for number in [LARGEST_INTEGER, -LARGEST_INTEGER, 0] {
            assert_eq!(Value::Integer(number).check(), Ok(()));
            assert_eq!(
                Value::of_double(as_double(number)),
                Ok(Value::Integer(number))
            );
        }
        for number in [
            LARGEST_INTEGER + 1,
            -LARGEST_INTEGER - 1,
            i64::MAX,
            i64::MIN,
        ] {
            assert!(Value::Integer(number).check().is_err());
            assert!(Value::of_double(as_double(number)).is_err());
        }
        for number in [0.5, f64::NAN, f64::INFINITY] {
            assert!(Value::of_double(number).is_err());
        }
    }

    #[test]
    fn a_value_that_fills_a_row_of_d1_is_the_largest() {
        assert!(Value::Blob(vec![0; LARGEST_VALUE]).check().is_ok());
        assert!(Value::Blob(vec![0; LARGEST_VALUE + 1]).check().is_err());
        assert!(Value::Text("x".repeat(LARGEST_VALUE + 1)).check().is_err());
    }
}
