//! Agents: somebody signed in who works tickets.

use crate::duty::{Duties, Footing, Work};
use crate::policy::{Keys, Permission, Rights, RoleKey};
use crate::port::{DbError, Row, Timestamp};
use crate::realm::Path;
use crate::scope::{And, Queries, Query, Scope, Statement};
use crate::separation::Table;
use crate::sight::{Holdings, Sight, Standing};
use crate::site::Site;
use crate::token::SessionClaims;
use crate::{Id, TenantId, password, sql};

use super::Absent;

/// After this many failures in a row an account locks (osTicket's `staff_max_logins`).
const MOST_FAILURES: i64 = 4;
/// How long it stays locked, in milliseconds (osTicket's `staff_login_timeout`).
const LOCKED_FOR: i64 = 2 * 60 * 1000;

/// How often a page is read anew when where its reader stands changes meanwhile.
const MOST_LOOKS: usize = 3;

/// A signed-in agent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Agent {
    /// The tenant the agent works in.
    pub tenant: TenantId,
    /// The agent's id.
    pub id: Id,
    /// The agent's name.
    pub name: String,
    /// The agent's address.
    pub email: String,
    /// The name of the primary realm (T-7).
    pub realm_name: String,
    path: Path,
    role: Keys<RoleKey>,
    rights: Rights,
    standing: Option<Standing>,
    epoch: i64,
}

impl Agent {
    /// Whether the agent has the key, by the role or otherwise.
    pub fn has(&self, permission: Permission) -> bool {
        match permission {
            Permission::Role(key) => self.role.holds(key),
            Permission::Agent(key) => self.rights.agent.holds(key),
            Permission::Realm(key) => self.rights.realm.holds(key),
            Permission::Call(_) => false,
        }
    }

    /// Whether the agent has the key on a ticket whose work this is: a key of roles by the role that
    /// counts there (osTicket's DP-5). Without a ticket the primary role counts.
    pub fn has_on(&self, permission: Permission, work: Option<&Work>) -> bool {
        if let (Permission::Role(key), Some(work)) = (permission, work) {
            self.footing(work).gives(key, &self.role)
        } else {
            self.has(permission)
        }
    }

    /// By which role the agent works a ticket.
    pub fn footing(&self, work: &Work) -> Footing<'_> {
        let duties = self.duties();
        duties.map_or(Footing::Onlooker, |duties| duties.footing(work))
    }

    /// Whether a ticket is within the agent's reach, as far as duties decide (DP-6).
    pub fn reaches(&self, work: &Work) -> bool {
        self.duties().is_some_and(|duties| duties.reach(work))
    }

    /// The departments and teams the agent works in, if it was looked up where they stand.
    pub fn duties(&self) -> Option<&Duties> {
        self.standing.as_ref().map(Standing::duties)
    }

    /// Whether the agent's own primary role permits all that these keys do.
    pub fn covers(&self, role: &Keys<RoleKey>) -> bool {
        role.is_within(&self.role)
    }

    /// Whether the agent has all of these rights.
    pub fn covers_rights(&self, rights: &Rights) -> bool {
        rights.is_within(&self.rights)
    }

    /// Whether the agent may open tickets for users in some department at least.
    pub fn opens_tickets(&self) -> bool {
        let key = RoleKey::TicketCreate;
        let posts = self.duties().map(Duties::posts).unwrap_or_default();
        self.role.holds(key) || posts.iter().any(|post| post.gives(key))
    }

    /// Whether the agent has any key of administration.
    pub fn administers(&self) -> bool {
        self.rights.realm.names().next().is_some()
    }

    /// Whether the realm at this path is the agent's to administer. To be granted sight of a
    /// realm is not to hold it (T-65).
    pub fn holds_realm(&self, path: &Path) -> bool {
        self.holdings().as_sight().sees(path)
    }

    /// The address of the primary realm.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The claims of a new session.
    pub fn claims(&self) -> SessionClaims {
        SessionClaims {
            tenant: self.tenant,
            agent: self.id.clone(),
            epoch: self.epoch,
        }
    }

    /// Puts the agent where they stand, as it was looked up with the account. Without it they see
    /// nothing, so a handler that forgets it shows too little and never too much.
    #[must_use]
    pub fn standing_at(self, standing: Option<Standing>) -> Self {
        Self { standing, ..self }
    }

    /// Where the agent stands, if it was looked up.
    pub fn standing(&self) -> Option<&Standing> {
        self.standing.as_ref()
    }

    /// What the agent sees of a table.
    pub fn sight(&self, table: Table) -> Sight {
        let standing = self.standing.as_ref();
        standing.map_or_else(Sight::default, |standing| standing.sight(table))
    }

    /// Reads what the agent sees, and in the same moment where they stand. If that is not what
    /// the sight was computed from, because a realm was moved, closed or granted meanwhile, it is
    /// read again: nobody sees more than before or after such a change (T-16).
    ///
    /// # Errors
    /// The database's; [`DbError::Busy`] when the standing keeps changing.
    pub async fn look<Q: Queries>(
        &mut self,
        scope: &Scope,
        queries: impl Fn(&Self) -> Q,
    ) -> Result<Q::Answers, DbError> {
        for _ in 0..MOST_LOOKS {
            let again = Standing::of_agent(scope, &self.id);
            let (standing, answers) = scope.read(And(again, queries(self))).await?;
            if standing == self.standing {
                return Ok(answers);
            }
            self.standing = standing;
        }
        Err(DbError::Busy)
    }

    /// The realms the agent may show to others.
    pub fn holdings(&self) -> Holdings {
        let standing = self.standing.as_ref();
        standing.map_or_else(Holdings::default, Standing::holdings)
    }
}

/// An agent's row, before anybody has proved to be that agent.
pub struct Credentials {
    agent: Agent,
    password_hash: Option<String>,
    is_active: bool,
    failed_sign_ins: i64,
    locked_until: Option<Timestamp>,
}

/// How an attempt to sign in ended.
pub enum SignIn {
    /// The agent is in.
    Accepted(Box<Agent>),
    /// Unknown address, wrong password or inactive account; which one is not told.
    Refused,
    /// Too many failures; try again later.
    Locked,
}

impl Credentials {
    /// Finds the account a session claims to be of.
    pub fn of_session(scope: &Scope, claims: &SessionClaims) -> Query<Self> {
        scope
            .statement(sql!(
                "SELECT a.tenant_id, a.agent_id, a.name, a.email, a.password_hash, a.is_active,
                        a.session_epoch, a.failed_sign_ins, a.locked_until, a.permissions,
                        o.permissions AS role_permissions, r.path, r.name AS realm_name
                   FROM agent AS a
                   JOIN realm AS r ON r.tenant_id = a.tenant_id AND r.realm_id = a.realm_id
                   JOIN role AS o ON o.tenant_id = a.tenant_id AND o.role_id = a.role_id
                  WHERE a.tenant_id = ?1 AND a.agent_id = ?2"
            ))
            .bind(&claims.agent)
            .rows(Self::from_row)
    }

    /// Finds the account with this address.
    pub fn of_email(scope: &Scope, email: &str) -> Query<Self> {
        scope
            .statement(sql!(
                "SELECT a.tenant_id, a.agent_id, a.name, a.email, a.password_hash, a.is_active,
                        a.session_epoch, a.failed_sign_ins, a.locked_until, a.permissions,
                        o.permissions AS role_permissions, r.path, r.name AS realm_name
                   FROM agent AS a
                   JOIN realm AS r ON r.tenant_id = a.tenant_id AND r.realm_id = a.realm_id
                   JOIN role AS o ON o.tenant_id = a.tenant_id AND o.role_id = a.role_id
                  WHERE a.tenant_id = ?1 AND a.email = ?2"
            ))
            .bind(email)
            .rows(Self::from_row)
    }

    /// Lets the agent go on with a session, if it is of this site's tenant and not revoked.
    pub fn resume(self, site: &Site, claims: &SessionClaims) -> Option<Agent> {
        let is_of_here = claims.tenant == site.tenant && self.agent.tenant == site.tenant;
        let is_current = claims.epoch == self.agent.epoch && claims.agent == self.agent.id;
        (is_of_here && is_current && self.is_active).then_some(self.agent)
    }

    /// The agent as somebody whom another asks about.
    pub fn absent(self, standing: Standing) -> Absent {
        Absent::new(self.agent.standing_at(Some(standing)))
    }

    /// Checks a password. Without an account it takes as long to refuse (T-72).
    pub fn sign_in(account: Option<Self>, typed: &str, now: Timestamp) -> SignIn {
        let stored = account
            .as_ref()
            .and_then(|account| account.password_hash.as_deref());
        let is_right = password::verify(typed, stored);
        match account {
            Some(account) if account.locked_until.is_some_and(|until| now < until) => {
                SignIn::Locked
            }
            Some(account) if is_right && account.is_active => {
                SignIn::Accepted(Box::new(account.agent))
            }
            Some(_) | None => SignIn::Refused,
        }
    }

    /// Counts a failure in the database, where dropping a cookie does not reset it, and locks
    /// the account when there were too many.
    pub fn count_failure(scope: &Scope, email: &str, now: Timestamp) -> Statement {
        scope
            .statement(sql!(
                "UPDATE agent
                    SET failed_sign_ins = CASE WHEN failed_sign_ins >= ?4 THEN 0
                                               ELSE failed_sign_ins + 1 END,
                        locked_until = CASE WHEN failed_sign_ins >= ?4 THEN ?3
                                            ELSE locked_until END
                  WHERE tenant_id = ?1 AND email = ?2"
            ))
            .bind(email)
            .bind(now + LOCKED_FOR)
            .bind(MOST_FAILURES)
    }

    /// Forgets earlier failures.
    pub fn forget_failures(scope: &Scope, agent: &Agent) -> Statement {
        scope
            .statement(sql!(
                "UPDATE agent SET failed_sign_ins = 0, locked_until = NULL
                  WHERE tenant_id = ?1 AND agent_id = ?2"
            ))
            .bind(&agent.id)
    }

    /// Ends all sessions of the agent at their next request.
    pub fn end_sessions(scope: &Scope, agent: &Agent) -> Statement {
        scope
            .statement(sql!(
                "UPDATE agent SET session_epoch = session_epoch + 1
                  WHERE tenant_id = ?1 AND agent_id = ?2"
            ))
            .bind(&agent.id)
    }

    /// Whether failures were counted since the last success.
    pub fn has_failures(&self) -> bool {
        self.failed_sign_ins > 0
    }

    fn from_row(row: &Row) -> Result<Self, DbError> {
        let agent = Agent {
            tenant: row.get("tenant_id")?,
            id: row.get("agent_id")?,
            name: row.get("name")?,
            email: row.get("email")?,
            realm_name: row.get("realm_name")?,
            path: row.get("path")?,
            role: row.get("role_permissions")?,
            rights: Rights::of_json(&row.get::<String>("permissions")?)?,
            standing: None,
            epoch: row.get("session_epoch")?,
        };
        Ok(Self {
            agent,
            password_hash: row.get("password_hash")?,
            is_active: row.get("is_active")?,
            failed_sign_ins: row.get("failed_sign_ins")?,
            locked_until: row.get("locked_until")?,
        })
    }
}
