//! Looking after agents: which role they have, what they are limited to, where they work.
//!
//! Nobody hands out what they do not hold (T-65): an administrator gives no role that permits more
//! than their own, none that opens what is closed to them, and no department or team but of realms
//! they hold; one who is limited to their duties frees nobody of theirs.

pub mod member;
mod store;

use tenancy::policy::{Granted, Keys, Rights, RoleKey, Thing, act};
use tenancy::port::DbError;
use tenancy::principal::{Agent, Invitation};
use tenancy::realm::{Path, Realm};
use tenancy::sight::Standing;
use tenancy::token::SessionClaims;
use tenancy::{Id, RealmId, Statement, TenantId, Timestamp};

use crate::directory::checked_name;
use crate::email::EmailAddress;
use crate::ticket::Named;

pub use store::{departments, find, list, roles, teams};

/// An agent as those see them who look after them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Employed {
    /// The agent's id.
    pub id: Id,
    /// The agent's name.
    pub name: String,
    /// The agent's address.
    pub email: String,
    /// The primary realm.
    pub realm: Named<RealmId>,
    /// The primary role.
    pub role: Named<i64>,
    /// Whether they see nothing but their duties.
    pub is_limited: bool,
    /// Whether they can sign in.
    pub is_active: bool,
    /// Goes up with each change.
    pub version: i64,
    /// Whether they have set a password, and need no invitation any more.
    pub has_password: bool,
    /// When they were last invited, where that invitation is still open.
    pub invited_at: Option<Timestamp>,
    /// Where the primary realm lies.
    pub path: Path,
    epoch: i64,
    keys: Keys<RoleKey>,
    rights: Rights,
    tenant: TenantId,
}

impl Thing for Employed {
    fn tenant(&self) -> TenantId {
        self.tenant
    }

    fn path(&self) -> Option<&Path> {
        Some(&self.path)
    }
}

/// A role, and what it permits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    keys: Keys<RoleKey>,
}

/// A department or team that the administrator holds, and what the agent is to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The name of its realm.
    pub realm: String,
    /// Whether the agent is a member.
    pub is_member: bool,
    /// The agent's role there, where it is not the primary one.
    pub role: Option<i64>,
}

/// What somebody is to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The version that was read.
    pub version: i64,
    /// The primary role.
    pub role: i64,
    /// Whether they see nothing but their duties.
    pub is_limited: bool,
    /// Whether they can sign in.
    pub is_active: bool,
    /// Of each offered department: none, or the role there, where it is not the primary one.
    pub departments: Vec<(i64, Option<Option<i64>>)>,
    /// Of each offered team whether they are a member.
    pub teams: Vec<(i64, bool)>,
}

/// An agent about to be made, who sets their own password behind an invitation.
#[derive(Clone, Debug)]
pub struct NewAgent<'a> {
    /// Their id.
    pub id: &'a Id,
    /// Their name.
    pub name: &'a str,
    /// Their address.
    pub email: &'a EmailAddress,
    /// The primary role.
    pub role: i64,
    /// Whether they see nothing but their duties.
    pub is_limited: bool,
    /// The departments they become members of, with the primary role.
    pub departments: Vec<i64>,
    /// When.
    pub now: Timestamp,
}

impl NewAgent<'_> {
    /// What the token of the first invitation says.
    pub fn claims(&self, tenant: TenantId) -> SessionClaims {
        SessionClaims {
            tenant,
            agent: self.id.clone(),
            epoch: Invitation::FIRST_EPOCH,
        }
    }
}

/// Whether an agent was not made because the tenant has one with this address.
pub fn is_known_already(error: &DbError) -> bool {
    matches!(error, DbError::Duplicate(columns) if columns.contains("agent.email"))
}

impl Employed {
    /// What the token of the next invitation says: those that were sent before open nothing any
    /// more.
    pub fn next_claims(&self) -> SessionClaims {
        SessionClaims {
            tenant: self.tenant,
            agent: self.id.clone(),
            epoch: self.epoch + 1,
        }
    }
}

/// Invites an agent again who has no password yet, or takes the invitation back; stale where
/// they have set one meanwhile.
pub fn invite_again(
    agent: &Granted<Employed, act::AgentManage>,
    now: Option<Timestamp>,
) -> Statement {
    store::invite_again(agent, agent.epoch, now)
}

/// Why an agent was not made or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The name is empty or too long.
    Name,
    /// The realm is archived, and takes nobody any more.
    Archived,
    /// There is no such role, or the administrator may not give it.
    Role,
    /// The administrator may not give this role in a department.
    DepartmentRole,
    /// The administrator is limited to their duties themselves.
    Limit,
    /// The agent holds more than the administrator does.
    Active,
    /// Nobody locks themselves out.
    OwnAccount,
}

/// What an administrator can give to an agent.
pub struct Giving<'a> {
    by: &'a Agent,
    standing: &'a Standing,
    roles: &'a [Role],
}

impl<'a> Giving<'a> {
    /// What an administrator who stands there can give of a tenant's roles.
    pub fn of(by: &'a Agent, standing: &'a Standing, roles: &'a [Role]) -> Self {
        Self {
            by,
            standing,
            roles,
        }
    }

    /// The roles that can be given for a department: those that permit no more than one's own.
    pub fn for_departments(&self) -> impl Iterator<Item = &'a Role> {
        let roles = self.roles.iter();
        roles.filter(|role| self.by.covers(&role.keys))
    }

    /// The roles that can be given as primary ones: of these, what opens nothing that is closed to
    /// whoever gives it.
    pub fn as_primary(&self) -> impl Iterator<Item = &'a Role> {
        let roles = self.for_departments();
        roles.filter(|role| !self.standing.is_shut_out_by(role.id))
    }

    /// The departments and teams they can put agents into, and take them out of.
    pub fn places(&self, found: Vec<Place>, own: &[i64]) -> Vec<Place> {
        let is_free = !self.standing.duties().is_limited();
        let is_given = |place: &Place| is_free || own.contains(&place.id);
        found.into_iter().filter(is_given).collect()
    }

    /// The statements that change an agent from what they are `now` in departments, all or nothing; stale where somebody else
    /// was first.
    ///
    /// # Errors
    /// Why not.
    pub fn change(
        &self,
        agent: &Granted<Employed, act::AgentManage>,
        wanted: &Wanted,
        now: &[Place],
    ) -> Result<Vec<Statement>, Refused> {
        self.check(agent, wanted, now)?;
        let holdings = self.standing.holdings();
        Ok(vec![
            store::update(agent, wanted),
            store::leave_departments(agent, &holdings, wanted),
            store::join_departments(agent, &holdings, wanted),
            store::leave_teams(agent, &holdings, wanted),
            store::join_teams(agent, &holdings, wanted),
        ])
    }

    /// The statements that make an agent in a realm, and a member of departments among those that
    /// are `offered`.
    ///
    /// # Errors
    /// Why not.
    pub fn make(
        &self,
        realm: &Granted<Realm, act::AgentManage>,
        new: &NewAgent<'_>,
        offered: &[Place],
    ) -> Result<Vec<Statement>, Refused> {
        let name = checked_name(new.name).map_err(|_| Refused::Name)?;
        if realm.archived_at.is_some() {
            return Err(Refused::Archived);
        }
        if !self.as_primary().any(|role| role.id == new.role) {
            return Err(Refused::Role);
        }
        if self.standing.duties().is_limited() && !new.is_limited {
            return Err(Refused::Limit);
        }
        let is_offered = |id: &i64| offered.iter().any(|place| place.id == *id);
        if !new.departments.iter().all(is_offered) {
            return Err(Refused::DepartmentRole);
        }
        let joined: Vec<(i64, Option<i64>)> =
            new.departments.iter().map(|id| (*id, None)).collect();
        let holdings = self.standing.holdings();
        Ok(vec![
            store::insert(realm, new, &name),
            store::join(realm.scope(), new.id, &holdings, &joined),
        ])
    }

    fn check(&self, agent: &Employed, wanted: &Wanted, now: &[Place]) -> Result<(), Refused> {
        let is_given = |id| self.as_primary().any(|role| role.id == id);
        if wanted.role != agent.role.id && !is_given(wanted.role) {
            return Err(Refused::Role);
        }
        let stays = |at, role| now.iter().any(|it| it.id == at && it.role == Some(role));
        let is_known = |id| self.for_departments().any(|role| role.id == id);
        let is_fit = |(at, role): &(i64, Option<Option<i64>>)| {
            let role = role.flatten();
            role.is_none_or(|role| is_known(role) || stays(*at, role))
        };
        if !wanted.departments.iter().all(is_fit) {
            return Err(Refused::DepartmentRole);
        }
        if self.standing.duties().is_limited() && agent.is_limited && !wanted.is_limited {
            return Err(Refused::Limit);
        }
        self.check_active(agent, wanted)
    }

    fn check_active(&self, agent: &Employed, wanted: &Wanted) -> Result<(), Refused> {
        match (agent.is_active, wanted.is_active) {
            (true, false) if agent.id == self.by.id => Err(Refused::OwnAccount),
            (false, true) if !self.covers(agent) => Err(Refused::Active),
            (true | false, _) => Ok(()),
        }
    }

    fn covers(&self, agent: &Employed) -> bool {
        self.by.covers(&agent.keys) && self.by.covers_rights(&agent.rights)
    }
}
