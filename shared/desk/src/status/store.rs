//! The statuses' SQL.

use serde_json::json;
use tenancy::policy::{Granted, act};
use tenancy::port::{DbError, Row};
use tenancy::realm::Realm;
use tenancy::{Query, Scope, Statement, sql};

use super::{MOST_STATUSES, NewStatus, Refused, State, Status};

/// What every tenant starts with, as osTicket's installer seeds it.
pub(crate) fn seed(scope: &Scope) -> Statement {
    scope.statement(sql!(
        "INSERT INTO ticket_status (tenant_id, status_id, name, state, position, is_internal)
         SELECT ?1, seed.value ->> 0, seed.value ->> 1, seed.value ->> 2, seed.value ->> 0,
                seed.value ->> 3
           FROM json_each('[[1, \"Open\", \"open\", 1], [2, \"Resolved\", \"closed\", 0],
                            [3, \"Closed\", \"closed\", 1], [4, \"Archived\", \"archived\", 1],
                            [5, \"Deleted\", \"deleted\", 1]]') AS seed"
    ))
}

/// Looks up the statuses of the tenant, in their order.
pub fn all(scope: &Scope) -> Query<Status> {
    scope
        .statement(sql!(
            "SELECT s.status_id, s.name, s.description, s.state, s.can_reopen,
                    s.reopen_status_id, s.is_active, s.is_internal
               FROM ticket_status AS s
              WHERE s.tenant_id = ?1
              ORDER BY s.position, s.status_id"
        ))
        .rows(from_row)
}

fn from_row(row: &Row) -> Result<Status, DbError> {
    let state: String = row.get("state")?;
    let corrupt = || DbError::Corrupt(format!("ticket_status.state: {state}"));
    Ok(Status {
        id: row.get("status_id")?,
        name: row.get("name")?,
        description: row.get("description")?,
        state: State::named(&state).ok_or_else(corrupt)?,
        can_reopen: row.get("can_reopen")?,
        reopens_as: row.get("reopen_status_id")?,
        is_active: row.get("is_active")?,
        is_internal: row.get("is_internal")?,
    })
}

/// Adds a status to the tenant, behind the others, and returns its id as `status_id`. Its state
/// stays: tickets lie in lists by it.
///
/// # Errors
/// What is wrong with it.
pub fn add(
    tree: &Granted<Realm, act::DeskManage>,
    state: State,
    status: &NewStatus<'_>,
) -> Result<Statement, Refused> {
    status.check()?;
    let statement = tree.scope().statement(sql!(
        "INSERT INTO ticket_status (tenant_id, status_id, name, description, state, can_reopen,
                                    reopen_status_id, is_active, position)
         SELECT ?1, max(s.status_id) + 1, ?2, ?3, ?4, ?5, ?6, ?7, max(s.position) + 1
           FROM ticket_status AS s
          WHERE s.tenant_id = ?1
         HAVING count(*) < ?8
         RETURNING status_id"
    ));
    Ok(statement
        .bind(status.name.trim())
        .bind(status.description.trim())
        .bind(state.name())
        .bind(status.can_reopen)
        .bind(status.reopens_as)
        .bind(status.is_active)
        .bind(i64::try_from(MOST_STATUSES).unwrap_or(i64::MAX)))
}

/// Changes a status of the tenant.
///
/// # Errors
/// What is wrong with it.
pub fn change(
    tree: &Granted<Realm, act::DeskManage>,
    id: i64,
    to: &NewStatus<'_>,
) -> Result<Statement, Refused> {
    to.check()?;
    let statement = tree.scope().statement(sql!(
        "UPDATE ticket_status
            SET name = ?3, description = ?4, can_reopen = ?5, reopen_status_id = ?6,
                is_active = max(?7, is_internal)
          WHERE tenant_id = ?1 AND status_id = ?2"
    ));
    Ok(statement
        .bind(id)
        .bind(to.name.trim())
        .bind(to.description.trim())
        .bind(to.can_reopen)
        .bind(to.reopens_as)
        .bind(to.is_active))
}

/// Removes a status of the tenant. One that every tenant has, that tickets have or that filters
/// or help topics give makes the whole batch fail; see [`super::refused`].
pub fn remove(tree: &Granted<Realm, act::DeskManage>, id: i64) -> [Statement; 2] {
    let scope = tree.scope();
    // A name that is not there refuses the batch, where the database knows of no key.
    let kept = scope.statement(sql!(
        "UPDATE ticket_status
            SET name = CASE WHEN is_internal = 1
                   OR EXISTS (SELECT 1 FROM ticket AS t
                               WHERE t.tenant_id = ?1 AND t.status_id = ?2)
                   OR EXISTS (SELECT 1 FROM filter_action AS a
                               WHERE a.tenant_id = ?1 AND a.status_id = ?2)
                   OR EXISTS (SELECT 1 FROM help_topic AS p
                               WHERE p.tenant_id = ?1 AND p.status_id = ?2)
                 THEN NULL ELSE name END
          WHERE tenant_id = ?1 AND status_id = ?2"
    ));
    let gone = scope.statement(sql!(
        "DELETE FROM ticket_status WHERE tenant_id = ?1 AND status_id = ?2"
    ));
    [kept, gone].map(|statement| statement.bind(id))
}

/// Puts the statuses into an order, by their ids.
pub fn order(tree: &Granted<Realm, act::DeskManage>, ids: &[i64]) -> Statement {
    tree.scope()
        .statement(sql!(
            "UPDATE ticket_status
                SET position = (SELECT n.key FROM json_each(?2) AS n WHERE n.value = status_id)
              WHERE tenant_id = ?1
                AND status_id IN (SELECT n.value FROM json_each(?2) AS n)"
        ))
        .bind(json!(ids).to_string())
}
