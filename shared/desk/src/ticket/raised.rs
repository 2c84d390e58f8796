//! A ticket as its requester and their colleagues know it, with its SQL.

use tenancy::policy::{Bond, Found, Thing};
use tenancy::port::{DbError, Row};
use tenancy::principal::{Account, Principal, Raised, User};
use tenancy::realm::Path;
use tenancy::{Id, Query, RealmId, Scope, TenantId, Timestamp, sql};

use super::News;
use crate::setting::{Key, Settings};

/// A ticket as its own page on the portal shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RaisedTicket {
    /// The ticket's id.
    pub id: Id,
    /// Whether it is closed.
    pub is_closed: bool,
    /// What its status is called.
    pub status: String,
    /// Whether a message opens it again once it is closed.
    pub can_reopen: bool,
    /// The realm it was raised for.
    pub realm: RealmId,
    /// That realm's name.
    pub realm_name: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// The name of whoever raised it.
    pub requester: String,
    /// Its SLA plan.
    pub plan: Option<i64>,
    /// What whoever hears of a message is told.
    pub news: News,
    tenant: TenantId,
    path: Path,
    owner: Id,
    owner_realm: RealmId,
    organization: Option<Id>,
    collaborators: Vec<Id>,
}

impl RaisedTicket {
    /// Whether the user is its requester, and not a colleague it is shared with.
    pub fn is_raised_by(&self, user: &User) -> bool {
        user.is_requester(&self.raised())
    }

    /// Whether the user may see it as far as taking part in it is concerned: where a realm does not
    /// show tickets to collaborators, another bond must be there.
    pub fn is_shown(&self, user: &User, settings: &Settings) -> bool {
        let raised = self.raised();
        settings.is_on(Key::CollaboratorsSee) || !user.is_collaborator_alone(&raised)
    }

    /// The account that a message of this user is written by; none, when only the ticket's link
    /// lets them in.
    pub fn writer<'u>(&self, user: &'u User) -> Option<&'u Account> {
        user.account_bound_to(&self.raised())
    }

    fn raised(&self) -> Raised<'_> {
        Raised {
            ticket: &self.id,
            realm: self.realm,
            owner: &self.owner,
            owner_realm: self.owner_realm,
            organization: self.organization.as_ref(),
            collaborators: &self.collaborators,
        }
    }
}

impl Thing for RaisedTicket {
    fn tenant(&self) -> TenantId {
        self.tenant
    }

    fn path(&self) -> Option<&Path> {
        Some(&self.path)
    }

    fn bond(&self, principal: &Principal<'_>) -> Bond {
        match principal {
            Principal::User(user) if user.is_requester(&self.raised()) => Bond::Requester,
            Principal::User(user) if user.is_colleague(&self.raised()) => Bond::Colleague,
            Principal::User(_)
            | Principal::Agent(_)
            | Principal::ApiKey(_)
            | Principal::Mailbox(_)
            | Principal::Scheduler(_)
            | Principal::Operator(_) => Bond::Other,
        }
    }
}

/// Looks up a ticket by its number, for whoever says they raised it.
pub fn find_raised(scope: &Scope, number: &str) -> Query<Found<RaisedTicket>> {
    scope
        .statement(sql!(
            "SELECT t.tenant_id, t.ticket_id, t.number, t.subject, t.state, t.created_at,
                    w.name AS status, w.can_reopen, t.sla_plan_id, t.realm_id, r.path, r.name AS realm,
                    t.user_id, u.name AS requester, u.email AS owner, u.realm_id AS owner_realm, u.organization_id,
                    d.name AS department, d.answers_messages,
                    (SELECT json_group_array(c.user_id) FROM collaborator AS c
                      WHERE c.tenant_id = ?1 AND c.ticket_id = t.ticket_id
                        AND c.is_active = 1) AS collaborators
               FROM ticket AS t
               JOIN realm AS r ON r.tenant_id = t.tenant_id AND r.realm_id = t.realm_id
               JOIN user AS u ON u.tenant_id = t.tenant_id AND u.user_id = t.user_id
               JOIN department AS d
                 ON d.tenant_id = t.tenant_id AND d.department_id = t.department_id
               JOIN ticket_status AS w
                 ON w.tenant_id = ?1 AND w.status_id = coalesce(t.status_id,
                      CASE WHEN t.state = 'open' THEN 1 WHEN t.shelf IS NULL THEN 3 ELSE 4 END)
              WHERE t.tenant_id = ?1 AND t.number = ?2 AND coalesce(t.shelf, '') <> 'deleted'"
        ))
        .bind(number)
        .rows(|row| Ok(Found::new(from_row(row)?)))
}

fn from_row(row: &Row) -> Result<RaisedTicket, DbError> {
    Ok(RaisedTicket {
        id: row.get("ticket_id")?,
        is_closed: row.get::<String>("state")? == "closed",
        status: row.get("status")?,
        can_reopen: row.get("can_reopen")?,
        realm: row.get("realm_id")?,
        realm_name: row.get("realm")?,
        created_at: row.get("created_at")?,
        requester: row.get("requester")?,
        plan: row.get("sla_plan_id")?,
        news: News::from_row(row)?,
        tenant: row.get("tenant_id")?,
        path: row.get("path")?,
        owner: row.get("user_id")?,
        owner_realm: row.get("owner_realm")?,
        organization: row.get("organization_id")?,
        collaborators: collaborators(row)?,
    })
}

fn collaborators(row: &Row) -> Result<Vec<Id>, DbError> {
    let text: String = row.get("collaborators")?;
    let ids: Vec<String> =
        serde_json::from_str(&text).map_err(|_| DbError::Corrupt("collaborator".to_owned()))?;
    Ok(ids.iter().filter_map(|id| Id::parse(id)).collect())
}
