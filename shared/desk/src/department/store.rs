//! The departments' SQL.

use tenancy::policy::{Granted, act};
use tenancy::port::{DbError, Row};
use tenancy::realm::Realm;
use tenancy::{Query, RealmId, Scope, Statement, sql};

use super::{Kept, MOST_DEPARTMENTS, Refused, Wanted};

/// Looks up the departments of a realm and of those above it, by name.
pub fn kept(scope: &Scope, realm: RealmId) -> Query<Kept> {
    scope
        .statement(sql!(
            "WITH RECURSIVE here (realm_id, parent_id, path) AS (
               SELECT r.realm_id, r.parent_id, r.path FROM realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = ?2
               UNION ALL
               SELECT r.realm_id, r.parent_id, r.path FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id)
             SELECT d.department_id, d.realm_id, here.path, d.name, d.is_public, d.sla_plan_id,
                    d.answers_tickets, d.answers_messages,
                    a.email AS manager, m.path AS manager_path
               FROM here
              CROSS JOIN department AS d
               LEFT JOIN agent AS a ON a.tenant_id = ?1 AND a.agent_id = d.manager_id
               LEFT JOIN realm AS m ON m.tenant_id = ?1 AND m.realm_id = a.realm_id
              WHERE d.tenant_id = ?1 AND d.realm_id = here.realm_id
              ORDER BY d.name, d.department_id"
        ))
        .bind(realm)
        .rows(from_row)
}

fn from_row(row: &Row) -> Result<Kept, DbError> {
    let manager: Option<String> = row.get("manager")?;
    Ok(Kept {
        id: row.get("department_id")?,
        realm: row.get("realm_id")?,
        path: row.get("path")?,
        name: row.get("name")?,
        is_public: row.get("is_public")?,
        plan: row.get("sla_plan_id")?,
        manager: manager.zip(row.get("manager_path")?),
        answers_tickets: row.get("answers_tickets")?,
        answers_messages: row.get("answers_messages")?,
    })
}

/// Adds a department to a realm, and returns it as `department_id`.
///
/// # Errors
/// What is wrong with it.
pub fn add(
    realm: &Granted<Realm, act::DeskManage>,
    new: &Wanted<'_>,
) -> Result<Statement, Refused> {
    let name = new.checked()?;
    let statement = realm.scope().statement(sql!(
        "INSERT INTO department (tenant_id, department_id, realm_id, name, is_public,
                                 sla_plan_id, manager_id, answers_tickets, answers_messages)
         VALUES (?1,
                 (SELECT coalesce(max(d.department_id), 0) + 1 FROM department AS d
                   WHERE d.tenant_id = ?1
                  HAVING count(*) < ?9),
                 ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         RETURNING department_id"
    ));
    Ok(statement
        .bind(realm.id)
        .bind(name)
        .bind(new.is_public)
        .bind(new.plan)
        .bind(new.manager.value())
        .bind(new.answers_tickets)
        .bind(new.answers_messages)
        .bind(MOST_DEPARTMENTS))
}

/// Makes a department of the realm another one; stale, where it was renamed meanwhile.
///
/// # Errors
/// What is wrong with it.
pub fn change(
    realm: &Granted<Realm, act::DeskManage>,
    was: &Kept,
    to: &Wanted<'_>,
) -> Result<Vec<Statement>, Refused> {
    let name = to.checked()?;
    let statement = realm.scope().statement(sql!(
        "UPDATE department
            SET name = CASE WHEN name = ?4 THEN ?5 END, is_public = ?6, sla_plan_id = ?7,
                manager_id = iif(?8 = 1, ?9, manager_id),
                answers_tickets = ?10, answers_messages = ?11
          WHERE tenant_id = ?1 AND realm_id = ?2 AND department_id = ?3"
    ));
    Ok(vec![
        statement
            .bind(realm.id)
            .bind(was.id)
            .bind(was.name.as_str())
            .bind(name)
            .bind(to.is_public)
            .bind(to.plan)
            .bind(to.manager.is_wished())
            .bind(to.manager.value())
            .bind(to.answers_tickets)
            .bind(to.answers_messages),
    ])
}

/// Removes a department of the realm, and its members from it. The database refuses one that
/// something needs; see [`super::refused`].
pub fn remove(realm: &Granted<Realm, act::DeskManage>, was: &Kept) -> Vec<Statement> {
    let scope = realm.scope();
    let left = scope
        .statement(sql!(
            "DELETE FROM department_member WHERE tenant_id = ?1 AND department_id = ?2"
        ))
        .bind(was.id);
    let removed = scope
        .statement(sql!(
            "DELETE FROM department
              WHERE tenant_id = ?1 AND realm_id = ?2 AND department_id = ?3"
        ))
        .bind(realm.id)
        .bind(was.id);
    vec![left, removed]
}
