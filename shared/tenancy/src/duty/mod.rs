//! Duties: the departments and teams that an agent works in, and what they make of a ticket: the
//! role that counts on it (osTicket's DP-5), and whether an agent who is limited to their duties
//! sees it at all (DP-6). Pure.
//!
//! Duties only narrow: what sight leaves out they never bring back.

mod footing;
mod store;
mod work;

#[cfg(test)]
pub(crate) mod random;
#[cfg(test)]
mod tests;

use std::fmt;

use crate::Id;
use crate::policy::{Keys, RoleKey};
use crate::realm::Path;

pub use footing::Footing;
pub use work::{Referee, Work};

/// A department that an agent works in or manages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// The department.
    pub department: i64,
    /// Its name.
    pub name: String,
    /// What the agent is to it.
    pub capacity: Capacity,
    path: Path,
}

/// What an agent is to a department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Capacity {
    /// A member whose primary role counts there.
    Member,
    /// A member with a role of their own for it.
    Holding(HeldRole),
    /// Its manager, and no member.
    Manager,
}

/// A role that somebody holds, with what it permits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldRole {
    /// The role's name.
    pub name: String,
    /// What it permits.
    pub keys: Keys<RoleKey>,
}

impl Post {
    /// Whether the agent has a role of their own for it, and it gives this key.
    pub fn gives(&self, key: RoleKey) -> bool {
        matches!(&self.capacity, Capacity::Holding(role) if role.keys.holds(key))
    }
}

/// A team that an agent works with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Band {
    /// The team.
    pub team: i64,
    /// Its name.
    pub name: String,
    path: Path,
}

/// What an agent works in. The default is nobody's, and not limited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Duties {
    agent: Option<Id>,
    is_limited: bool,
    posts: Vec<Post>,
    bands: Vec<Band>,
}

/// What ties an agent to a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tie<'d> {
    /// It is in a department of theirs.
    Department(&'d Post),
    /// It is open, and assigned to them.
    Assigned,
    /// It is open, and assigned to a team of theirs.
    TeamAssigned(&'d Band),
    /// It was referred to them.
    Referred,
    /// It was referred to a team of theirs.
    TeamReferred(&'d Band),
    /// It was referred to a department of theirs.
    DepartmentReferred(&'d Post),
}

impl fmt::Display for Tie<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Department(post) => match post.capacity {
                Capacity::Manager => write!(f, "it is in {}, which they manage", post.name),
                Capacity::Member | Capacity::Holding(_) => {
                    write!(f, "it is in {}, where they are a member", post.name)
                }
            },
            Self::Assigned => f.write_str("it is assigned to them"),
            Self::TeamAssigned(band) => write!(f, "it is assigned to their team {}", band.name),
            Self::Referred => f.write_str("it was referred to them"),
            Self::TeamReferred(band) => write!(f, "it was referred to their team {}", band.name),
            Self::DepartmentReferred(post) => {
                write!(f, "it was referred to {}, where they work", post.name)
            }
        }
    }
}

impl Duties {
    /// Whether the agent sees nothing but what they are tied to.
    pub fn is_limited(&self) -> bool {
        self.is_limited
    }

    /// The departments the agent works in or manages, by their ids.
    pub fn posts(&self) -> &[Post] {
        &self.posts
    }

    /// The teams the agent works with, by their ids.
    pub fn bands(&self) -> &[Band] {
        &self.bands
    }

    /// The agent, if these duties are anybody's.
    pub fn agent(&self) -> Option<&Id> {
        self.agent.as_ref()
    }

    /// Everything that ties the agent to a ticket (DP-6).
    pub fn ties(&self, work: &Work) -> Vec<Tie<'_>> {
        let own = self.post(work.department).map(Tie::Department);
        let referred = work.referrals.iter().filter_map(|to| self.referred(to));
        own.into_iter()
            .chain(self.assigned(work))
            .chain(referred)
            .collect()
    }

    /// Whether a ticket is within the agent's reach, as far as duties decide.
    pub fn reach(&self, work: &Work) -> bool {
        !self.is_limited || !self.ties(work).is_empty()
    }

    fn assigned(&self, work: &Work) -> Vec<Tie<'_>> {
        if !work.is_open {
            return Vec::new();
        }
        let own = self.is_assigned(work).then_some(Tie::Assigned);
        let team = work.team.and_then(|team| self.band(team));
        own.into_iter().chain(team.map(Tie::TeamAssigned)).collect()
    }

    fn referred(&self, to: &Referee) -> Option<Tie<'_>> {
        match to {
            Referee::Agent(agent) => (self.agent.as_ref() == Some(agent)).then_some(Tie::Referred),
            Referee::Team(team) => self.band(*team).map(Tie::TeamReferred),
            Referee::Department(department) => self.post(*department).map(Tie::DepartmentReferred),
        }
    }

    fn is_assigned(&self, work: &Work) -> bool {
        self.agent.is_some() && self.agent == work.agent
    }

    fn post(&self, department: i64) -> Option<&Post> {
        self.posts.iter().find(|post| post.department == department)
    }

    fn band(&self, team: i64) -> Option<&Band> {
        self.bands.iter().find(|band| band.team == team)
    }

    /// Leaves out the names of departments and teams of realms that somebody may not know.
    pub(crate) fn veil(&mut self, knows: impl Fn(&Path) -> bool) {
        for post in self.posts.iter_mut().filter(|post| !knows(&post.path)) {
            "another department".clone_into(&mut post.name);
        }
        for band in self.bands.iter_mut().filter(|band| !knows(&band.path)) {
            "another team".clone_into(&mut band.name);
        }
    }
}
