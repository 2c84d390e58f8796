//! The lists' SQL.

use serde_json::json;
use tenancy::policy::{Granted, act};
use tenancy::port::DbError;
use tenancy::realm::Realm;
use tenancy::{Query, RealmId, Scope, Statement, sql};

use super::{Described, Item, Kept, NewItem, NewList, Ordering, Refused};

/// Most lists that one realm sees, its own and those of the realms above.
const MOST_LISTS: i64 = 500;

/// Looks up all lists of a realm and of those above it.
pub fn kept(scope: &Scope, realm: RealmId) -> Query<Kept> {
    scope
        .statement(sql!(
            "WITH RECURSIVE here (realm_id, parent_id, path) AS (
               SELECT r.realm_id, r.parent_id, r.path FROM realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = ?2
               UNION ALL
               SELECT r.realm_id, r.parent_id, r.path FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id)
             SELECT l.list_id, l.realm_id, here.path, l.name, l.plural, l.ordering,
                    (SELECT count(*) FROM list_item AS i
                      WHERE i.tenant_id = ?1 AND i.list_id = l.list_id) AS items,
                    (SELECT count(*) FROM field AS f
                      WHERE f.tenant_id = ?1 AND f.list_id = l.list_id) AS fields,
                    (SELECT o.form_id FROM form AS o
                      WHERE o.tenant_id = ?1 AND o.list_id = l.list_id) AS form_id
               FROM here
              CROSS JOIN list AS l
              WHERE l.tenant_id = ?1 AND l.realm_id = here.realm_id
              ORDER BY l.name, l.list_id
              LIMIT ?3"
        ))
        .bind(realm)
        .bind(MOST_LISTS)
        .rows(|row| {
            let ordering: String = row.get("ordering")?;
            let corrupt = || DbError::Corrupt(format!("list.ordering: {ordering}"));
            Ok(Kept {
                id: row.get("list_id")?,
                realm: row.get("realm_id")?,
                path: row.get("path")?,
                name: row.get("name")?,
                plural: row.get("plural")?,
                ordering: Ordering::named(&ordering).ok_or_else(corrupt)?,
                items: row.get("items")?,
                fields: row.get("fields")?,
                form: row.get("form_id")?,
            })
        })
}

/// Looks up all items of a list, in the order they were put by hand.
pub fn items(scope: &Scope, list: i64) -> Query<Item> {
    scope
        .statement(sql!(
            "SELECT i.item_id, i.value, i.abbreviation, i.is_active
               FROM list_item AS i
              WHERE i.tenant_id = ?1 AND i.list_id = ?2
              ORDER BY i.position, i.item_id"
        ))
        .bind(list)
        .rows(|row| {
            Ok(Item {
                id: row.get("item_id")?,
                value: row.get("value")?,
                abbreviation: row.get("abbreviation")?,
                is_active: row.get("is_active")?,
            })
        })
}

/// Looks up an item of a list of the realm.
pub fn described(scope: &Scope, realm: RealmId, (list, item): (i64, i64)) -> Query<Described> {
    scope
        .statement(sql!(
            "SELECT i.value, l.name, i.version
               FROM list AS l
              CROSS JOIN list_item AS i
              WHERE l.tenant_id = ?1 AND l.realm_id = ?2 AND l.list_id = ?3
                AND i.tenant_id = ?1 AND i.list_id = ?3 AND i.item_id = ?4"
        ))
        .bind(realm)
        .bind(list)
        .bind(item)
        .rows(|row| {
            Ok(Described {
                value: row.get("value")?,
                list: row.get("name")?,
                version: row.get("version")?,
            })
        })
}

/// Adds a list without items to a realm, and returns its id as `list_id`.
///
/// # Errors
/// What is wrong with it.
pub fn add(
    realm: &Granted<Realm, act::DeskManage>,
    list: &NewList<'_>,
) -> Result<Statement, Refused> {
    list.check()?;
    let statement = realm.scope().statement(sql!(
        "INSERT INTO list (tenant_id, list_id, realm_id, name, plural, ordering)
         VALUES (?1, (SELECT coalesce(max(l.list_id), 0) + 1 FROM list AS l
                       WHERE l.tenant_id = ?1), ?2, ?3, ?4, ?5)
         RETURNING list_id"
    ));
    Ok(statement
        .bind(realm.id)
        .bind(list.name.trim())
        .bind(list.plural.trim())
        .bind(list.ordering.name()))
}

/// Changes a list of the realm.
///
/// # Errors
/// What is wrong with it.
pub fn change(
    realm: &Granted<Realm, act::DeskManage>,
    list: i64,
    to: &NewList<'_>,
) -> Result<Statement, Refused> {
    to.check()?;
    let statement = realm.scope().statement(sql!(
        "UPDATE list SET name = ?4, plural = ?5, ordering = ?6
          WHERE tenant_id = ?1 AND realm_id = ?2 AND list_id = ?3"
    ));
    Ok(statement
        .bind(realm.id)
        .bind(list)
        .bind(to.name.trim())
        .bind(to.plural.trim())
        .bind(to.ordering.name()))
}

/// Adds items to a list of the realm, behind the others; one that is there already takes the
/// abbreviation, and is offered again.
pub fn import(realm: &Granted<Realm, act::DeskManage>, list: i64, items: &[NewItem]) -> Statement {
    let rows: Vec<_> = items
        .iter()
        .map(|item| json!([item.value, item.abbreviation]))
        .collect();
    realm
        .scope()
        .statement(sql!(
            "INSERT INTO list_item (tenant_id, list_id, item_id, value, abbreviation, position)
             SELECT l.tenant_id, l.list_id,
                    (SELECT coalesce(max(i.item_id), 0) FROM list_item AS i
                      WHERE i.tenant_id = ?1 AND i.list_id = ?3) + n.key + 1,
                    n.value ->> 0, n.value ->> 1,
                    (SELECT coalesce(max(i.position), 0) FROM list_item AS i
                      WHERE i.tenant_id = ?1 AND i.list_id = ?3) + n.key + 1
               FROM list AS l
              CROSS JOIN json_each(?4) AS n
              WHERE l.tenant_id = ?1 AND l.realm_id = ?2 AND l.list_id = ?3
             ON CONFLICT (tenant_id, list_id, value) DO UPDATE
                SET abbreviation = excluded.abbreviation, is_active = 1
             RETURNING item_id"
        ))
        .bind(realm.id)
        .bind(list)
        .bind(json!(rows).to_string())
}

/// Changes an item of a list of the realm.
///
/// # Errors
/// [`Refused::Items`] for a value that is empty or too long.
pub fn change_item(
    realm: &Granted<Realm, act::DeskManage>,
    list: i64,
    item: i64,
    to: &NewItem,
    is_active: bool,
) -> Result<Statement, Refused> {
    if !to.is_fit() {
        return Err(Refused::Items);
    }
    let statement = realm.scope().statement(sql!(
        "UPDATE list_item SET value = ?5, abbreviation = ?6, is_active = ?7
          WHERE tenant_id = ?1 AND list_id = ?3 AND item_id = ?4
            AND EXISTS (SELECT 1 FROM list AS l
                         WHERE l.tenant_id = ?1 AND l.list_id = ?3 AND l.realm_id = ?2)"
    ));
    Ok(statement
        .bind(realm.id)
        .bind(list)
        .bind(item)
        .bind(&*to.value)
        .bind(&*to.abbreviation)
        .bind(is_active))
}

/// Takes an item off a list of the realm, with its properties. Tickets that have it keep its value.
pub fn remove_item(
    realm: &Granted<Realm, act::DeskManage>,
    list: i64,
    item: i64,
) -> [Statement; 2] {
    let scope = realm.scope();
    let properties = scope.statement(sql!(
        "DELETE FROM list_item_value
          WHERE tenant_id = ?1 AND list_id = ?3 AND item_id = ?4
            AND EXISTS (SELECT 1 FROM list AS l
                         WHERE l.tenant_id = ?1 AND l.list_id = ?3 AND l.realm_id = ?2)"
    ));
    let whole = scope.statement(sql!(
        "DELETE FROM list_item
          WHERE tenant_id = ?1 AND list_id = ?3 AND item_id = ?4
            AND EXISTS (SELECT 1 FROM list AS l
                         WHERE l.tenant_id = ?1 AND l.list_id = ?3 AND l.realm_id = ?2)"
    ));
    [properties, whole].map(|statement| statement.bind(realm.id).bind(list).bind(item))
}

/// Puts the items of a list of the realm into an order, by their ids.
pub fn order(realm: &Granted<Realm, act::DeskManage>, list: i64, items: &[i64]) -> Statement {
    realm
        .scope()
        .statement(sql!(
            "UPDATE list_item
                SET position = (SELECT n.key FROM json_each(?4) AS n WHERE n.value = item_id)
              WHERE tenant_id = ?1 AND list_id = ?3
                AND item_id IN (SELECT n.value FROM json_each(?4) AS n)
                AND EXISTS (SELECT 1 FROM list AS l
                             WHERE l.tenant_id = ?1 AND l.list_id = ?3 AND l.realm_id = ?2)"
        ))
        .bind(realm.id)
        .bind(list)
        .bind(json!(items).to_string())
}

/// Removes a list of the realm with its items and their properties. The database refuses one that
/// a field offers; see [`super::refused`].
pub fn remove(realm: &Granted<Realm, act::DeskManage>, list: i64) -> Vec<Statement> {
    let scope = realm.scope();
    let items = scope.statement(sql!(
        "DELETE FROM list_item
          WHERE tenant_id = ?1 AND list_id = ?3
            AND EXISTS (SELECT 1 FROM list AS l
                         WHERE l.tenant_id = ?1 AND l.list_id = ?3 AND l.realm_id = ?2)"
    ));
    let whole = scope.statement(sql!(
        "DELETE FROM list WHERE tenant_id = ?1 AND realm_id = ?2 AND list_id = ?3"
    ));
    let mut batch = remove_properties(scope).to_vec();
    batch.extend([items, whole]);
    let bound = batch.into_iter();
    bound.map(|it| it.bind(realm.id).bind(list)).collect()
}

/// What its items have, and the form that says so.
fn remove_properties(scope: &Scope) -> [Statement; 4] {
    let values = scope.statement(sql!(
        "DELETE FROM list_item_value
          WHERE tenant_id = ?1 AND list_id = ?3
            AND EXISTS (SELECT 1 FROM list AS l
                         WHERE l.tenant_id = ?1 AND l.list_id = ?3 AND l.realm_id = ?2)"
    ));
    let roles = scope.statement(sql!(
        "DELETE FROM field_role
          WHERE tenant_id = ?1
            AND field_id IN (SELECT f.field_id
                               FROM form AS o
                              CROSS JOIN field AS f
                              WHERE o.tenant_id = ?1 AND o.realm_id = ?2 AND o.list_id = ?3
                                AND f.tenant_id = ?1 AND f.form_id = o.form_id)"
    ));
    let fields = scope.statement(sql!(
        "DELETE FROM field
          WHERE tenant_id = ?1
            AND form_id IN (SELECT o.form_id FROM form AS o
                             WHERE o.tenant_id = ?1 AND o.realm_id = ?2 AND o.list_id = ?3)"
    ));
    let form = scope.statement(sql!(
        "DELETE FROM form WHERE tenant_id = ?1 AND realm_id = ?2 AND list_id = ?3"
    ));
    [values, roles, fields, form]
}
