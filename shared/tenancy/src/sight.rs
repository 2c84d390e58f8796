//! Sight: the realms whose rows of one table a viewer may see.
//!
//! It is computed once per request and table in pure Rust and bound as one parameter, a JSON
//! list of path ranges, so that statement text stays static however many ranges there are.

use crate::realm::Path;

/// In which direction a viewer sees along the tree (T-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Direction {
    /// The own realm and everything below it (T-3). What a missing value means.
    #[default]
    Down,
    /// The own realm and everything above it (T-4).
    Up,
    /// The own realm, everything above and everything below (T-5).
    Both,
    /// The table is not separated: every realm of the tenant (T-1).
    Off,
}

/// The realms a viewer may see, as disjoint half-open ranges of paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    spans: Vec<(String, String)>,
}

/// Sorts after every character of a path.
const AFTER_SUBTREE: char = '~';
/// Sorts before every character of a path.
const AFTER_SELF: char = '!';

impl Sight {
    /// What a viewer whose primary realm is `primary` sees of a table with this direction.
    pub fn new(direction: Direction, primary: &Path) -> Self {
        let above = primary.ancestors().into_iter().map(|path| only(&path));
        let spans = match direction {
            Direction::Down => vec![subtree(primary)],
            Direction::Up => above.chain([only(primary)]).collect(),
            Direction::Both => above.chain([subtree(primary)]).collect(),
            Direction::Off => vec![(String::new(), AFTER_SUBTREE.to_string())],
        };
        Self { spans }
    }

    /// Whether rows of the realm at this path are seen.
    pub fn sees(&self, realm: &Path) -> bool {
        let path = realm.as_str();
        self.spans
            .iter()
            .any(|(from, to)| from.as_str() <= path && path < to.as_str())
    }

    /// The ranges as the statements take them: `[["from","to"],…]`.
    pub fn to_json(&self) -> String {
        serde_json::to_string(&self.spans).unwrap_or_else(|_| "[]".to_owned())
    }
}

fn subtree(path: &Path) -> (String, String) {
    (path.to_string(), format!("{path}{AFTER_SUBTREE}"))
}

fn only(path: &Path) -> (String, String) {
    (path.to_string(), format!("{path}{AFTER_SELF}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Root, two children, one grandchild below the first child.
    fn tree() -> [Path; 4] {
        let root = Path::root(0);
        [
            root.clone(),
            root.child(0),
            root.child(1),
            root.child(0).child(0),
        ]
    }

    fn seen(direction: Direction) -> Vec<usize> {
        let sight = Sight::new(direction, &tree()[1]);
        (0..4).filter(|index| sight.sees(&tree()[*index])).collect()
    }

    #[test]
    fn t_1_a_table_that_is_not_separated_is_seen_from_everywhere() {
        assert_eq!(seen(Direction::Off), [0, 1, 2, 3]);
    }

    #[test]
    fn t_2_a_missing_direction_means_down() {
        assert_eq!(Direction::default(), Direction::Down);
    }

    #[test]
    fn t_3_down_sees_the_own_realm_and_those_below() {
        assert_eq!(seen(Direction::Down), [1, 3]);
    }

    #[test]
    fn t_4_up_sees_the_own_realm_and_those_above() {
        assert_eq!(seen(Direction::Up), [0, 1]);
    }

    #[test]
    fn t_5_both_never_sees_siblings() {
        assert_eq!(seen(Direction::Both), [0, 1, 3]);
    }

    #[test]
    fn the_ranges_travel_as_one_json_text() {
        let sight = Sight::new(Direction::Up, &tree()[1]);
        assert_eq!(sight.to_json(), r#"[["a0","a0!"],["a0a0","a0a0!"]]"#);
    }
}
