//! The canned replies' SQL.

use tenancy::policy::{Granted, act};
use tenancy::port::{DbError, Row};
use tenancy::realm::Realm;
use tenancy::{Query, RealmId, Scope, Statement, sql};

use super::{Kept, MOST_CANNED, NewCanned, Refused};

/// Looks up all canned replies of a realm and of those above it, by title.
pub fn kept(scope: &Scope, realm: RealmId) -> Query<Kept> {
    scope
        .statement(sql!(
            "WITH RECURSIVE here (realm_id, parent_id, path) AS (
               SELECT r.realm_id, r.parent_id, r.path FROM realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = ?2
               UNION ALL
               SELECT r.realm_id, r.parent_id, r.path FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id)
             SELECT c.canned_reply_id, c.realm_id, here.path, c.department_id, c.title, c.text,
                    c.is_active, c.version
               FROM here
              CROSS JOIN canned_reply AS c
              WHERE c.tenant_id = ?1 AND c.realm_id = here.realm_id
              ORDER BY c.title, c.canned_reply_id"
        ))
        .bind(realm)
        .rows(from_row)
}

fn from_row(row: &Row) -> Result<Kept, DbError> {
    Ok(Kept {
        id: row.get("canned_reply_id")?,
        realm: row.get("realm_id")?,
        path: row.get("path")?,
        department: row.get("department_id")?,
        title: row.get("title")?,
        text: row.get("text")?,
        is_active: row.get("is_active")?,
        version: row.get("version")?,
    })
}

/// Adds a canned reply to a realm, and returns it as `canned_reply_id`.
///
/// # Errors
/// What is wrong with it.
pub fn add(
    realm: &Granted<Realm, act::DeskManage>,
    new: &NewCanned<'_>,
) -> Result<Statement, Refused> {
    let text = new.checked()?;
    let statement = realm.scope().statement(sql!(
        "INSERT INTO canned_reply (tenant_id, canned_reply_id, realm_id, title, text,
                                   department_id)
         VALUES (?1,
                 (SELECT coalesce(max(c.canned_reply_id), 0) + 1 FROM canned_reply AS c
                   WHERE c.tenant_id = ?1
                  HAVING count(*) < ?6),
                 ?2, ?3, ?4, ?5)
         RETURNING canned_reply_id"
    ));
    Ok(statement
        .bind(realm.id)
        .bind(new.title.trim())
        .bind(text)
        .bind(new.department)
        .bind(MOST_CANNED))
}

/// Makes a canned reply of the realm another one. Filters that answer with it are switched off
/// together with it (FI-5).
///
/// # Errors
/// What is wrong with it.
pub fn change(
    realm: &Granted<Realm, act::DeskManage>,
    was: &Kept,
    to: &NewCanned<'_>,
    is_active: bool,
) -> Result<Vec<Statement>, Refused> {
    let text = to.checked()?;
    let statement = realm.scope().statement(sql!(
        "UPDATE canned_reply
            SET title = ?5, text = ?6, department_id = ?7, is_active = ?8,
                version = CASE WHEN version = ?4 THEN version + 1 END
          WHERE tenant_id = ?1 AND realm_id = ?2 AND canned_reply_id = ?3"
    ));
    let changed = statement
        .bind(realm.id)
        .bind(was.id)
        .bind(was.version)
        .bind(to.title.trim())
        .bind(text)
        .bind(to.department)
        .bind(is_active);
    let mut batch = vec![changed];
    if !is_active {
        batch.push(silence_filters(realm.scope(), was.id));
    }
    Ok(batch)
}

/// Deletes a canned reply of the realm, and switches off the filters that answer with it (FI-5).
pub fn delete(realm: &Granted<Realm, act::DeskManage>, was: &Kept) -> Vec<Statement> {
    let scope = realm.scope();
    let claimed = scope
        .statement(sql!(
            "UPDATE canned_reply
                SET version = CASE WHEN version = ?4 THEN version + 1 END
              WHERE tenant_id = ?1 AND realm_id = ?2 AND canned_reply_id = ?3"
        ))
        .bind(realm.id)
        .bind(was.id)
        .bind(was.version);
    let emptied = scope
        .statement(sql!(
            "UPDATE filter_action SET canned_reply_id = NULL
              WHERE tenant_id = ?1 AND canned_reply_id = ?2"
        ))
        .bind(was.id);
    let deleted = scope
        .statement(sql!(
            "DELETE FROM canned_reply
              WHERE tenant_id = ?1 AND realm_id = ?2 AND canned_reply_id = ?3"
        ))
        .bind(realm.id)
        .bind(was.id);
    vec![claimed, silence_filters(scope, was.id), emptied, deleted]
}

fn silence_filters(scope: &Scope, canned: i64) -> Statement {
    scope
        .statement(sql!(
            "UPDATE filter SET is_active = 0
              WHERE tenant_id = ?1
                AND filter_id IN (SELECT a.filter_id FROM filter_action AS a
                                   WHERE a.tenant_id = ?1 AND a.canned_reply_id = ?2)"
        ))
        .bind(canned)
}
