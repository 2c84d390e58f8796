//! Wishes about what may also be there not: to keep it, to take it away, or to have another.

use serde::{Deserialize, Deserializer};

/// What is to become of something. Written out, nothing is said of what is kept, and what is to
/// be taken away is null.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wish<T> {
    /// It stays as it is.
    #[default]
    Keep,
    /// It is taken away.
    Clear,
    /// It becomes this.
    Set(T),
}

impl<T> Wish<T> {
    /// What it is to be, or nothing; a wish either way.
    pub fn of(value: Option<T>) -> Self {
        value.map_or(Self::Clear, Self::Set)
    }

    /// Whether anything is wished for.
    pub fn is_wished(&self) -> bool {
        !matches!(self, Self::Keep)
    }

    /// What it is to become.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear => None,
        }
    }

    /// The same wish for something that is found by this one.
    ///
    /// # Errors
    /// What the look-up says.
    pub fn try_map<U, E>(self, find: impl FnOnce(T) -> Result<U, E>) -> Result<Wish<U>, E> {
        Ok(match self {
            Self::Keep => Wish::Keep,
            Self::Clear => Wish::Clear,
            Self::Set(value) => Wish::Set(find(value)?),
        })
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Wish<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Option::deserialize(from).map(Self::of)
    }
}
