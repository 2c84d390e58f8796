//! Spans: sets of realms as sorted, disjoint, half-open ranges of paths.
//!
//! A path is a prefix code, so a subtree is the one range from the path to the path with `~`
//! behind it, and a realm alone the one to the path with `!` behind it. All operations are
//! linear in the number of ranges.

use serde::Serialize;

use crate::realm::Path;

/// Sorts after every character of a path.
const AFTER_SUBTREE: char = '~';
/// Sorts before every character of a path.
const AFTER_SELF: char = '!';

/// From this path, up to and without that one.
type Span = (String, String);

/// A set of realms.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Spans(Vec<Span>);

impl Spans {
    /// Every realm there is.
    pub(crate) fn everything() -> Self {
        Self(vec![(String::new(), AFTER_SUBTREE.to_string())])
    }

    /// A realm and all below it.
    pub(crate) fn subtree(path: &Path) -> Self {
        Self(vec![(path.to_string(), end(path))])
    }

    /// A realm and all above it.
    pub(crate) fn upwards(path: &Path) -> Self {
        let above = path.ancestors();
        Self::of(above.iter().chain([path]).map(only).collect())
    }

    /// Every realm that comes behind this one in the order of the tree, its own subtree first.
    pub(crate) fn behind(path: &Path) -> Self {
        let (_, from) = only(path);
        Self::of(vec![(from, AFTER_SUBTREE.to_string())])
    }

    /// Paints subtrees, the deeper over the shallower, and returns where the top coat is `true`.
    /// So the nearest realm at or above another decides about it.
    pub(crate) fn painted(mut coats: Vec<(&Path, bool)>) -> Self {
        coats.sort();
        let mut painter = Painter::default();
        for (path, is_on) in coats {
            painter.leave(|open| !open.covers(path));
            painter.advance(path.to_string());
            painter.inside.push((path, is_on));
        }
        painter.leave(|_| true);
        Self::of(painter.painted)
    }

    /// The realms of either.
    pub(crate) fn or(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        Self::of(self.0)
    }

    /// The realms of both.
    pub(crate) fn and(&self, other: &Self) -> Self {
        let (mut left, mut right) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut common = Vec::new();
        while let (Some(one), Some(two)) = (left.peek(), right.peek()) {
            let (from, to) = ((&one.0).max(&two.0), (&one.1).min(&two.1));
            if from < to {
                common.push((from.clone(), to.clone()));
            }
            if one.1 < two.1 {
                left.next()
            } else {
                right.next()
            };
        }
        Self(common)
    }

    /// The realms of this that are not of the other.
    pub(crate) fn without(&self, other: &Self) -> Self {
        self.and(&other.complement())
    }

    /// Whether the realm at this path is one of them.
    pub(crate) fn contain(&self, path: &Path) -> bool {
        let path = path.as_str();
        let begun = self.0.partition_point(|(from, _)| from.as_str() <= path);
        let last = begun.checked_sub(1).and_then(|last| self.0.get(last));
        last.is_some_and(|(_, to)| path < to.as_str())
    }

    /// As statements take them.
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|_| "[]".to_owned())
    }

    /// All other realms.
    pub(crate) fn complement(&self) -> Self {
        let mut gaps = Vec::with_capacity(self.0.len() + 1);
        let mut from = String::new();
        for (start, end) in &self.0 {
            gaps.push((std::mem::replace(&mut from, end.clone()), start.clone()));
        }
        gaps.push((from, AFTER_SUBTREE.to_string()));
        Self::of(gaps)
    }

    /// Sorts ranges, merges those that touch, and drops empty ones.
    fn of(mut ranges: Vec<Span>) -> Self {
        ranges.retain(|(from, to)| from < to);
        ranges.sort();
        let mut merged: Vec<Span> = Vec::with_capacity(ranges.len());
        for (from, to) in ranges {
            match merged.last_mut() {
                Some(last) if from <= last.1 => last.1 = to.max(std::mem::take(&mut last.1)),
                Some(_) | None => merged.push((from, to)),
            }
        }
        Self(merged)
    }
}

fn end(path: &Path) -> String {
    format!("{path}{AFTER_SUBTREE}")
}

fn only(path: &Path) -> Span {
    (path.to_string(), format!("{path}{AFTER_SELF}"))
}

/// Walks along the paths, knowing which subtrees it is inside of.
#[derive(Default)]
struct Painter<'p> {
    inside: Vec<(&'p Path, bool)>,
    at: String,
    painted: Vec<Span>,
}

impl Painter<'_> {
    /// Leaves the innermost subtrees that are over.
    fn leave(&mut self, is_over: impl Fn(&Path) -> bool) {
        while let Some((path, _)) = self
            .inside
            .last()
            .copied()
            .filter(|(path, _)| is_over(path))
        {
            self.advance(end(path));
            self.inside.pop();
        }
    }

    /// Goes on in the colour of the innermost subtree.
    fn advance(&mut self, to: String) {
        let from = std::mem::replace(&mut self.at, to.clone());
        if self.inside.last().is_some_and(|(_, is_on)| *is_on) {
            self.painted.push((from, to));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(ranges: &[(&str, &str)]) -> Spans {
        let owned = |(from, to): &(&str, &str)| ((*from).to_owned(), (*to).to_owned());
        Spans::of(ranges.iter().map(owned).collect())
    }

    #[test]
    fn touching_ranges_are_one() {
        let merged = spans(&[("c", "d"), ("a", "b"), ("b", "c"), ("a", "aa"), ("x", "x")]);
        assert_eq!(merged, Spans(vec![("a".to_owned(), "d".to_owned())]));
    }

    #[test]
    fn what_is_taken_away_leaves_two_ends() {
        let left = spans(&[("a", "m"), ("p", "z")]).without(&spans(&[("c", "d"), ("l", "q")]));
        assert_eq!(left, spans(&[("a", "c"), ("d", "l"), ("q", "z")]));
        assert_eq!(
            spans(&[("a", "b")]).without(&Spans::everything()),
            Spans::default()
        );
    }

    #[test]
    fn behind_a_realm_come_those_below_it_and_then_its_later_siblings() {
        let root = Path::root(0);
        let behind = Spans::behind(&root.child(3));
        for later in [root.child(3).child(0), root.child(4), root.child(36)] {
            assert!(behind.contain(&later), "{later}");
        }
        for earlier in [root.clone(), root.child(2).child(9), root.child(3)] {
            assert!(!behind.contain(&earlier), "{earlier}");
        }
    }

    #[test]
    fn the_deeper_coat_covers_the_shallower() {
        let root = Path::root(0);
        let (one, two) = (root.child(0), root.child(1));
        let below = one.child(4);
        let coats = vec![(&below, true), (&root, true), (&one, false), (&two, true)];
        let on = Spans::painted(coats);
        assert!(on.contain(&root) && on.contain(&two) && on.contain(&below.child(0)));
        assert!(!on.contain(&one) && !on.contain(&one.child(0)) && !on.contain(&one.child(5)));
    }
}
