//! What administrators do with forms: see all of them, change one, and its fields.

use serde_json::json;
use tenancy::policy::{Granted, act};
use tenancy::port::{DbError, Row};
use tenancy::realm::{Path, Realm};
use tenancy::{Query, RealmId, Scope, Statement, sql};

use super::making::{Refused, is_title};
use super::store::{field_from_row, purpose};
use super::{Field, MOST_FIELDS, NewField, Purpose};

/// Most forms that one realm has, its own and those of the realms above.
const MOST_FORMS: i64 = 500;

/// A form as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its id.
    pub id: i64,
    /// The realm it belongs to.
    pub realm: RealmId,
    /// Where that realm stands.
    pub path: Path,
    /// What people read above it.
    pub title: String,
    /// What it is filled in with, of the realm and those below.
    pub purpose: Purpose,
    /// Whether it is filled in at all.
    pub is_active: bool,
    /// How many fields it has.
    pub fields: i64,
}

/// Looks up all forms of a realm and of those above it.
pub fn kept(scope: &Scope, realm: RealmId) -> Query<Kept> {
    scope
        .statement(sql!(
            "WITH RECURSIVE here (realm_id, parent_id, path) AS (
               SELECT r.realm_id, r.parent_id, r.path FROM realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = ?2
               UNION ALL
               SELECT r.realm_id, r.parent_id, r.path FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id)
             SELECT o.form_id, o.realm_id, here.path, o.title, o.kind AS purpose,
                    o.is_active,
                    (SELECT count(*) FROM field AS f
                      WHERE f.tenant_id = ?1 AND f.form_id = o.form_id) AS fields
               FROM here
              CROSS JOIN form AS o
              WHERE o.tenant_id = ?1 AND o.realm_id = here.realm_id
              ORDER BY o.form_id
              LIMIT ?3"
        ))
        .bind(realm)
        .bind(MOST_FORMS)
        .rows(|row| {
            Ok(Kept {
                id: row.get("form_id")?,
                realm: row.get("realm_id")?,
                path: row.get("path")?,
                title: row.get("title")?,
                purpose: purpose(row)?,
                is_active: row.get("is_active")?,
                fields: row.get("fields")?,
            })
        })
}

/// A field as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptField {
    /// What it asks for. What it offers from a list is left out.
    pub field: Field,
    /// The list it offers.
    pub list: Option<i64>,
    /// How it is used.
    pub usage: Usage,
}

/// How a field is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Whether it is asked for at all.
    pub is_active: bool,
    /// Whether a ticket that lacks it cannot be closed.
    pub is_needed_to_close: bool,
}

/// Looks up all fields of a form, in their order.
pub fn kept_fields(scope: &Scope, form: i64) -> Query<KeptField> {
    scope
        .statement(sql!(
            "SELECT f.field_id, f.form_id, f.name, f.label, f.hint, f.kind, f.options,
                    f.user_access, f.agent_access, f.when_field_id, f.when_values, f.list_id,
                    f.is_active, f.is_needed_to_close, 'ticket' AS purpose, NULL AS ordering,
                    '[]' AS items,
                    EXISTS (SELECT 1 FROM field_role AS w
                             WHERE w.tenant_id = ?1 AND w.field_id = f.field_id) AS is_limited
               FROM field AS f
              WHERE f.tenant_id = ?1 AND f.form_id = ?2
              ORDER BY f.position, f.field_id
              LIMIT ?3"
        ))
        .bind(form)
        .bind(MOST_FIELDS)
        .rows(kept_field)
}

fn kept_field(row: &Row) -> Result<KeptField, DbError> {
    Ok(KeptField {
        field: field_from_row(row)?,
        list: row.get("list_id")?,
        usage: Usage {
            is_active: row.get("is_active")?,
            is_needed_to_close: row.get("is_needed_to_close")?,
        },
    })
}

/// Changes a form of the realm. A form of users, of organizations, or of a list stays one: what is
/// filled into it is theirs.
///
/// # Errors
/// What is wrong with it.
pub fn change(
    realm: &Granted<Realm, act::DeskManage>,
    form: i64,
    to: &super::NewForm<'_>,
    is_active: bool,
) -> Result<Statement, Refused> {
    if !is_title(to.title) {
        return Err(Refused::Title);
    }
    let statement = realm.scope().statement(sql!(
        "UPDATE form
            SET title = ?4, is_active = ?6,
                kind = iif(kind IN ('ticket', 'topic') AND ?5 IN ('ticket', 'topic'), ?5, kind)
          WHERE tenant_id = ?1 AND realm_id = ?2 AND form_id = ?3"
    ));
    Ok(statement
        .bind(realm.id)
        .bind(form)
        .bind(to.title.trim())
        .bind(to.purpose.name())
        .bind(is_active))
}

/// Changes a field of a form of the realm. Its name and its kind stay: programs know it by the
/// one, and what was filled in is of the other.
///
/// # Errors
/// What is wrong with it.
pub fn change_field(
    realm: &Granted<Realm, act::DeskManage>,
    field: i64,
    to: &NewField<'_>,
    usage: Usage,
) -> Result<Statement, Refused> {
    to.check()?;
    let statement = realm.scope().statement(sql!(
        "UPDATE field
            SET label = ?5, hint = ?6, options = ?7, list_id = ?8, user_access = ?9,
                agent_access = ?10, when_field_id = ?11, when_values = ?12, is_active = ?13,
                is_needed_to_close = ?14
          WHERE tenant_id = ?1 AND field_id = ?3 AND form_id = ?4
            AND EXISTS (SELECT 1 FROM form AS o
                         WHERE o.tenant_id = ?1 AND o.form_id = ?4 AND o.realm_id = ?2)"
    ));
    let condition = to.condition.as_ref();
    let values = condition.map_or(&[][..], |it| &it.values);
    Ok(statement
        .bind(realm.id)
        .bind(field)
        .bind(to.form)
        .bind(to.label.trim())
        .bind(to.hint)
        .bind(json!(to.options).to_string())
        .bind(to.list)
        .bind(to.user.name())
        .bind(to.agent.name())
        .bind(condition.map(|it| it.field))
        .bind(json!(values).to_string())
        .bind(usage.is_active)
        .bind(usage.is_needed_to_close))
}

/// Puts the fields of a form of the realm into an order, by their ids.
pub fn order(realm: &Granted<Realm, act::DeskManage>, form: i64, fields: &[i64]) -> Statement {
    realm
        .scope()
        .statement(sql!(
            "UPDATE field
                SET position = (SELECT i.key FROM json_each(?4) AS i WHERE i.value = field_id)
              WHERE tenant_id = ?1 AND form_id = ?3
                AND field_id IN (SELECT i.value FROM json_each(?4) AS i)
                AND EXISTS (SELECT 1 FROM form AS o
                             WHERE o.tenant_id = ?1 AND o.form_id = ?3 AND o.realm_id = ?2)"
        ))
        .bind(realm.id)
        .bind(form)
        .bind(json!(fields).to_string())
}
