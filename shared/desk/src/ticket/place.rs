//! Where a ticket lies in the tree, for whoever explains who sees it.

use tenancy::duty::Work;
use tenancy::policy::{Bond, Found, Thing};
use tenancy::port::{DbError, Row};
use tenancy::principal::Principal;
use tenancy::realm::Path;
use tenancy::sight::Node;
use tenancy::{Id, Query, Scope, TenantId, sql};

/// A ticket, as far as its place is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Its id.
    pub id: Id,
    /// Its number.
    pub number: String,
    /// Its subject.
    pub subject: String,
    /// Its realm.
    pub node: Node,
    /// Whose work it is.
    pub work: Work,
    tenant: TenantId,
    manager: Option<Id>,
}

impl Thing for Placed {
    fn tenant(&self) -> TenantId {
        self.tenant
    }

    fn path(&self) -> Option<&Path> {
        Some(&self.node.path)
    }

    fn work(&self) -> Option<&Work> {
        Some(&self.work)
    }

    fn bond(&self, principal: &Principal<'_>) -> Bond {
        match principal {
            Principal::Agent(agent) if Some(&agent.id) == self.manager.as_ref() => Bond::Manager,
            Principal::Agent(_)
            | Principal::User(_)
            | Principal::ApiKey(_)
            | Principal::Mailbox(_)
            | Principal::Scheduler(_)
            | Principal::Operator(_) => Bond::Other,
        }
    }
}

/// Looks up where the ticket with this number lies.
pub fn find_place(scope: &Scope, number: &str) -> Query<Found<Placed>> {
    scope
        .statement(sql!(
            "SELECT t.tenant_id, t.ticket_id, t.number, t.subject, r.realm_id, r.path, r.name, t.state,
                    t.department_id, d.manager_id, t.agent_id, t.team_id,
                    (SELECT json_group_array(json_array(f.agent_id, f.team_id, f.department_id))
                       FROM referral AS f
                      WHERE f.tenant_id = t.tenant_id AND f.ticket_id = t.ticket_id) AS referrals
               FROM ticket AS t
               JOIN realm AS r ON r.tenant_id = t.tenant_id AND r.realm_id = t.realm_id
               JOIN department AS d
                 ON d.tenant_id = t.tenant_id AND d.department_id = t.department_id
              WHERE t.tenant_id = ?1 AND t.number = ?2"
        ))
        .bind(number)
        .rows(|row| Ok(Found::new(from_row(row)?)))
}

/// Looks up where the tickets with these ids lie, for the standing of whoever is asked about.
pub(crate) fn find_places(scope: &Scope, ids: &[&Id]) -> Query<Placed> {
    let ids: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
    scope
        .statement(sql!(
            "SELECT t.tenant_id, t.ticket_id, t.number, t.subject, r.realm_id, r.path, r.name,
                    t.state, t.department_id, d.manager_id, t.agent_id, t.team_id,
                    (SELECT json_group_array(json_array(f.agent_id, f.team_id, f.department_id))
                       FROM referral AS f
                      WHERE f.tenant_id = t.tenant_id AND f.ticket_id = t.ticket_id) AS referrals
               FROM json_each(?2) AS wanted
              CROSS JOIN ticket AS t
               JOIN realm AS r ON r.tenant_id = t.tenant_id AND r.realm_id = t.realm_id
               JOIN department AS d
                 ON d.tenant_id = t.tenant_id AND d.department_id = t.department_id
              WHERE t.tenant_id = ?1 AND t.ticket_id = wanted.value"
        ))
        .bind(serde_json::to_string(&ids).unwrap_or_default())
        .rows(from_row)
}

fn from_row(row: &Row) -> Result<Placed, DbError> {
    let node = Node {
        realm: row.get("realm_id")?,
        path: row.get("path")?,
        name: row.get("name")?,
    };
    Ok(Placed {
        id: row.get("ticket_id")?,
        number: row.get("number")?,
        subject: row.get("subject")?,
        node,
        tenant: row.get("tenant_id")?,
        manager: row.get("manager_id")?,
        work: Work::from_row(row)?,
    })
}
