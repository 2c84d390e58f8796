//! A realm's address in its tree.

use std::fmt;

use crate::port::{FromValue, Value};

/// A realm's address: a prefix code, so that a subtree is one range of texts.
///
/// Each step down appends one segment: a letter for how many digits follow (`a` = one), then
/// the child's place among its siblings in base 36. Segments never are prefixes of one another
/// and sort by place, so inserting a leaf changes no other path (T-15), and any depth fits
/// (T-14). Only the `realm` table holds paths.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(String);

const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

impl Path {
    /// The path of a tree's root; a tenant may have several disjoint trees (T-12).
    pub fn root(place: u32) -> Self {
        Self(segment(place))
    }

    /// The path of the child at this place among its siblings.
    #[must_use]
    pub fn child(&self, place: u32) -> Self {
        Self(format!("{}{}", self.0, segment(place)))
    }

    /// Whether `other` is this realm or lies below it.
    pub fn covers(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }

    /// The paths above this one, nearest last.
    pub fn ancestors(&self) -> Vec<Self> {
        let mut ancestors = Vec::new();
        let mut end = 0;
        while let Some(letter) = self.0.as_bytes().get(end) {
            if end > 0 {
                ancestors.push(Self(self.0[..end].to_owned()));
            }
            end += 2 + usize::from(letter.saturating_sub(b'a'));
        }
        ancestors
    }

    /// The place that this path has, or that the realm above it has, directly below `ancestor`;
    /// none unless it lies below.
    pub fn place_below(&self, ancestor: &Self) -> Option<u32> {
        let below = self.0.strip_prefix(&ancestor.0)?;
        let digits = 1 + usize::from(below.as_bytes().first()?.checked_sub(b'a')?);
        u32::from_str_radix(below.get(1..=digits)?, 36).ok()
    }

    /// The place among its siblings; none for a root.
    pub fn place(&self) -> Option<u32> {
        self.place_below(self.ancestors().last()?)
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn segment(mut place: u32) -> String {
    let mut digits = Vec::new();
    loop {
        digits.push(DIGITS[(place % 36) as usize] as char);
        place /= 36;
        if place == 0 {
            break;
        }
    }
    let letter = DIGITS[9 + digits.len()] as char;
    std::iter::once(letter)
        .chain(digits.into_iter().rev())
        .collect()
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromValue for Path {
    fn from_value(value: &Value) -> Option<Self> {
        String::from_value(value).map(Self)
    }
}

impl From<&Path> for Value {
    fn from(path: &Path) -> Self {
        Self::Text(path.0.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn path(places: &[u32]) -> Path {
        let root = Path::root(places[0]);
        places[1..]
            .iter()
            .fold(root, |path, place| path.child(*place))
    }

    #[test]
    fn siblings_one_and_ten_are_not_confused() {
        assert!(!path(&[0, 1]).covers(&path(&[0, 36])));
        assert_eq!(path(&[0, 35]).as_str(), "a0az");
        assert_eq!(path(&[0, 36]).as_str(), "a0b10");
    }

    #[test]
    fn ancestors_are_listed_from_the_root_down() {
        assert_eq!(path(&[0, 40, 2]).ancestors(), [path(&[0]), path(&[0, 40])]);
        assert!(path(&[7]).ancestors().is_empty());
    }

    #[test]
    fn a_place_is_read_back_from_anywhere_below_it() {
        let root = path(&[0]);
        assert_eq!(path(&[0, 40, 2]).place_below(&root), Some(40));
        assert_eq!(path(&[0, 40]).place_below(&root), Some(40));
        assert_eq!(root.place_below(&root), None);
        assert_eq!(path(&[1, 3]).place_below(&root), None);
        assert_eq!(path(&[0, 40, 2]).place(), Some(2));
        assert_eq!(root.place(), None);
    }

    proptest! {
        #[test]
        fn t_15_paths_sort_like_the_places_they_are_made_of(
            a in prop::collection::vec(0u32..3000, 1..13),
            b in prop::collection::vec(0u32..3000, 1..13),
        ) {
            prop_assert_eq!(path(&a).cmp(&path(&b)), a.cmp(&b));
            prop_assert_eq!(path(&a).covers(&path(&b)), b.starts_with(&a));
        }
    }
}
