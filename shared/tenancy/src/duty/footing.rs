//! The role that counts on a ticket (osTicket's DP-5).

use std::fmt;

use crate::policy::{Keys, RoleKey};

use super::{Capacity, Duties, HeldRole, Post, Work};

/// By which role an agent works a ticket, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Footing<'d> {
    /// The role they have for its department.
    Department(&'d Post, &'d HeldRole),
    /// The primary role, as a member of its department without a role of their own for it.
    Member(&'d Post),
    /// The primary role, since it is assigned to them.
    Assigned,
    /// The primary role, since they are not limited to their departments.
    Unlimited,
    /// None: they may create tickets and look.
    Onlooker,
}

impl Duties {
    /// By which role the agent works a ticket. A role for its department counts before all; those
    /// who are limited to their departments have the primary role elsewhere only where it is
    /// assigned to them.
    pub fn footing(&self, work: &Work) -> Footing<'_> {
        match self
            .post(work.department)
            .map(|post| (post, &post.capacity))
        {
            Some((post, Capacity::Holding(role))) => Footing::Department(post, role),
            Some((post, Capacity::Member)) => Footing::Member(post),
            Some((_, Capacity::Manager)) | None => self.elsewhere(work),
        }
    }

    fn elsewhere(&self, work: &Work) -> Footing<'_> {
        if !self.is_limited {
            Footing::Unlimited
        } else if self.is_assigned(work) {
            Footing::Assigned
        } else {
            Footing::Onlooker
        }
    }
}

impl Footing<'_> {
    /// Whether it gives a key to somebody with this primary role.
    pub fn gives(&self, key: RoleKey, primary: &Keys<RoleKey>) -> bool {
        match self {
            Self::Department(_, role) => role.keys.holds(key),
            Self::Member(_) | Self::Assigned | Self::Unlimited => primary.holds(key),
            Self::Onlooker => key == RoleKey::TicketCreate,
        }
    }

    /// The name of the role, where it is not the primary one.
    pub fn role(&self) -> Option<&str> {
        match self {
            Self::Department(_, role) => Some(&role.name),
            Self::Member(_) | Self::Assigned | Self::Unlimited | Self::Onlooker => None,
        }
    }
}

impl fmt::Display for Footing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Department(post, role) => {
                write!(f, "has the role {} for {}", role.name, post.name)
            }
            Self::Member(post) => write!(f, "has the primary role as a member of {}", post.name),
            Self::Assigned => f.write_str("has the primary role, since it is assigned to them"),
            Self::Unlimited => {
                f.write_str("has the primary role, not being limited to departments")
            }
            Self::Onlooker => f.write_str("has no role here, and may create tickets and look"),
        }
    }
}
