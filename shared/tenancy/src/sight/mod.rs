//! Sight: the realms whose rows of one table a viewer may see.
//!
//! Where somebody stands ([`Standing`]) is loaded with each request, so a change counts from the
//! next one on. From it the sight of a table is computed in pure Rust, once:
//!
//! 1. what the table's direction shows from the primary realm (T-3 to T-5),
//! 2. and what grants and realm rules add (T-8, T-9, T-11),
//! 3. without what restrictions close (T-10),
//! 4. and of that only what the selected realm would see (T-21).
//!
//! It is bound as one parameter, a JSON list of path ranges, so that statement text stays static
//! however many ranges there are. [`Explanation`] tells why a realm is in it or is not.

mod explain;
mod program;
mod selector;
mod spans;
mod standing;
mod store;
mod user;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;

use crate::realm::Path;

pub use explain::{Effect, Explanation, Reason};
pub use program::FindProgramStanding;
pub use selector::{Choice, Requirement, choices, deselect, requirements, select};
pub use standing::{Extension, Node, Restriction, Role, Standing, Way};
pub use store::FindStanding;
pub(crate) use store::MOST_RESTRICTIONS;
pub use user::FindUserStanding;

use spans::Spans;

/// The realms a viewer may see, as disjoint half-open ranges of paths. Only a [`Standing`] makes
/// one; the default sees nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sight(Spans);

impl Sight {
    /// Whether rows of the realm at this path are seen.
    pub fn sees(&self, realm: &Path) -> bool {
        self.0.contain(realm)
    }

    /// The ranges as the statements take them: `[["from","to"],…]`.
    pub fn to_json(&self) -> String {
        self.0.to_json()
    }

    /// What lies between the ranges, for statements that take it from the whole.
    pub fn rest_to_json(&self) -> String {
        self.0.complement().to_json()
    }
}

/// The realms that somebody may give to others: those they hold themselves (T-65). To be shown a
/// realm, be it by a grant, is not to hold it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holdings(Sight);

impl Holdings {
    /// The realms, as a sight that statements can be bound to.
    pub fn as_sight(&self) -> &Sight {
        &self.0
    }

    /// Those of the realms that are this one or lie below it, from the one behind `after` on.
    pub fn within(&self, realm: &Path, after: Option<&Path>) -> Sight {
        let rest = after.map_or_else(Spans::everything, Spans::behind);
        Sight(self.0.0.and(&Spans::subtree(realm)).and(&rest))
    }
}
