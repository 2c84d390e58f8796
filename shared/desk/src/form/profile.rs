//! Profiles: what the forms of users, of organizations and of lists hold of one of them, or of an
//! item; with their SQL.

use serde_json::{Value, json};
use tenancy::policy::{Granted, act};
use tenancy::realm::Realm;
use tenancy::{Id, Query, Scope, Statement, sql};

use super::amend::Amendment;
use super::filled::from_row;
use super::{Answer, Filled, MOST_FIELDS, Outcome, Purpose, rows};
use crate::directory::{Organization, Person};

/// Looks up a user's profile, in the order it is shown: of the forms for users of their realm and
/// of those above it.
pub fn of_user(scope: &Scope, user: &Id) -> Query<Filled> {
    scope
        .statement(sql!(
            "WITH RECURSIVE here (realm_id, parent_id) AS (
               SELECT r.realm_id, r.parent_id
                 FROM user AS u
                CROSS JOIN realm AS r
                WHERE u.tenant_id = ?1 AND u.user_id = ?2
                  AND r.tenant_id = ?1 AND r.realm_id = u.realm_id
               UNION ALL
               SELECT r.realm_id, r.parent_id FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id)
             SELECT f.field_id, f.form_id, f.name, f.label, f.hint, f.kind, f.options,
                    f.user_access, f.agent_access, f.when_field_id, f.when_values, l.ordering,
                    0 AS is_needed_to_close, o.kind AS purpose,
                    (SELECT json_group_array(json_array(i.position, i.item_id, i.value))
                       FROM list_item AS i
                      WHERE i.tenant_id = ?1 AND i.list_id = f.list_id AND i.is_active = 1)
                      AS items,
                    (SELECT json_group_array(json_array(v.text, v.number))
                       FROM user_value AS v
                      WHERE v.tenant_id = ?1 AND v.user_id = ?2 AND v.field_id = f.field_id)
                      AS filled,
                    EXISTS (SELECT 1 FROM field_role AS w
                             WHERE w.tenant_id = ?1 AND w.field_id = f.field_id) AS is_limited
               FROM here
              CROSS JOIN form AS o
              CROSS JOIN field AS f
               LEFT JOIN list AS l ON l.tenant_id = ?1 AND l.list_id = f.list_id
              WHERE o.tenant_id = ?1 AND o.realm_id = here.realm_id AND o.kind = 'user'
                AND o.is_active = 1
                AND f.tenant_id = ?1 AND f.form_id = o.form_id AND f.is_active = 1
              ORDER BY o.form_id, f.position, f.field_id
              LIMIT ?3"
        ))
        .bind(user)
        .bind(MOST_FIELDS)
        .rows(from_row)
}

/// Looks up an organization's profile, in the order it is shown: of the forms for organizations of
/// its realm and of those above it.
pub fn of_organization(scope: &Scope, organization: &Id) -> Query<Filled> {
    scope
        .statement(sql!(
            "WITH RECURSIVE here (realm_id, parent_id) AS (
               SELECT r.realm_id, r.parent_id
                 FROM organization AS u
                CROSS JOIN realm AS r
                WHERE u.tenant_id = ?1 AND u.organization_id = ?2
                  AND r.tenant_id = ?1 AND r.realm_id = u.realm_id
               UNION ALL
               SELECT r.realm_id, r.parent_id FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id)
             SELECT f.field_id, f.form_id, f.name, f.label, f.hint, f.kind, f.options,
                    f.user_access, f.agent_access, f.when_field_id, f.when_values, l.ordering,
                    0 AS is_needed_to_close, o.kind AS purpose,
                    (SELECT json_group_array(json_array(i.position, i.item_id, i.value))
                       FROM list_item AS i
                      WHERE i.tenant_id = ?1 AND i.list_id = f.list_id AND i.is_active = 1)
                      AS items,
                    (SELECT json_group_array(json_array(v.text, v.number))
                       FROM organization_value AS v
                      WHERE v.tenant_id = ?1 AND v.organization_id = ?2
                        AND v.field_id = f.field_id)
                      AS filled,
                    EXISTS (SELECT 1 FROM field_role AS w
                             WHERE w.tenant_id = ?1 AND w.field_id = f.field_id) AS is_limited
               FROM here
              CROSS JOIN form AS o
              CROSS JOIN field AS f
               LEFT JOIN list AS l ON l.tenant_id = ?1 AND l.list_id = f.list_id
              WHERE o.tenant_id = ?1 AND o.realm_id = here.realm_id AND o.kind = 'organization'
                AND o.is_active = 1
                AND f.tenant_id = ?1 AND f.form_id = o.form_id AND f.is_active = 1
              ORDER BY o.form_id, f.position, f.field_id
              LIMIT ?3"
        ))
        .bind(organization)
        .bind(MOST_FIELDS)
        .rows(from_row)
}

/// Looks up the properties of an item of a list, in the order they are shown.
pub fn of_item(scope: &Scope, (list, item): (i64, i64)) -> Query<Filled> {
    scope
        .statement(sql!(
            "SELECT f.field_id, f.form_id, f.name, f.label, f.hint, f.kind, f.options,
                    f.user_access, f.agent_access, f.when_field_id, f.when_values, l.ordering,
                    0 AS is_needed_to_close, o.kind AS purpose,
                    (SELECT json_group_array(json_array(i.position, i.item_id, i.value))
                       FROM list_item AS i
                      WHERE i.tenant_id = ?1 AND i.list_id = f.list_id AND i.is_active = 1)
                      AS items,
                    (SELECT json_group_array(json_array(v.text, v.number))
                       FROM list_item_value AS v
                      WHERE v.tenant_id = ?1 AND v.list_id = ?2 AND v.item_id = ?3
                        AND v.field_id = f.field_id)
                      AS filled,
                    EXISTS (SELECT 1 FROM field_role AS w
                             WHERE w.tenant_id = ?1 AND w.field_id = f.field_id) AS is_limited
               FROM form AS o
              CROSS JOIN field AS f
               LEFT JOIN list AS l ON l.tenant_id = ?1 AND l.list_id = f.list_id
              WHERE o.tenant_id = ?1 AND o.list_id = ?2 AND o.is_active = 1
                AND f.tenant_id = ?1 AND f.form_id = o.form_id AND f.is_active = 1
              ORDER BY f.position, f.field_id
              LIMIT ?4"
        ))
        .bind(list)
        .bind(item)
        .bind(MOST_FIELDS)
        .rows(from_row)
}

/// What was filled in anew, of the fields that were asked for; the others keep what they hold.
pub fn changes(filled: &[Filled], outcome: &Outcome) -> Vec<Amendment> {
    let is_open = |held: &&Filled| {
        let field = &held.field;
        let is_asked = outcome.asked.contains(&field.id) && field.agent.is_asked();
        is_asked && field.kind.takes_answers()
    };
    let change = |held: &Filled| {
        let mut answers = outcome.answers.iter();
        let answer = answers.find(|it| it.field == held.field.id);
        let values = answer.map_or_else(Vec::new, |it| it.values.clone());
        (values != held.values).then(|| Amendment {
            before: held.values.clone(),
            answer: held.field.answer(values),
        })
    };
    filled.iter().filter(is_open).filter_map(change).collect()
}

/// What the log tells of changes: what fields hold, by their names.
pub fn told(changes: &[Amendment]) -> Value {
    let told = changes.iter().map(|it| {
        let name = it.answer.name.clone();
        (name, Value::from(it.answer.words.as_str()))
    });
    Value::Object(told.collect())
}

/// Writes what was amended in a user's profile in place of what was there, unless the user has
/// changed since that version.
pub fn refill_user(
    user: &Granted<Person, act::UserEdit>,
    amended: &[Amendment],
    version: i64,
) -> Vec<Statement> {
    let scope = user.scope();
    let moved_on = scope.statement(sql!(
        "UPDATE user SET version = CASE WHEN version = ?3 THEN version + 1 END
          WHERE tenant_id = ?1 AND user_id = ?2"
    ));
    let emptied = scope.statement(sql!(
        "DELETE FROM user_value
          WHERE tenant_id = ?1 AND user_id = ?2
            AND field_id IN (SELECT f.value FROM json_each(?3) AS f)"
    ));
    let mut batch = vec![
        moved_on.bind(&user.id).bind(version),
        emptied.bind(&user.id).bind(fields(amended)),
    ];
    batch.extend(fill_in_user(scope, &user.id, &answers(amended)));
    batch
}

/// Writes what was amended in an organization's profile in place of what was there, unless the
/// organization has changed since that version.
pub fn refill_organization(
    organization: &Granted<Organization, act::OrganizationEdit>,
    amended: &[Amendment],
    version: i64,
) -> Vec<Statement> {
    let (scope, id) = (organization.scope(), &organization.id);
    let moved_on = scope.statement(sql!(
        "UPDATE organization SET version = CASE WHEN version = ?3 THEN version + 1 END
          WHERE tenant_id = ?1 AND organization_id = ?2"
    ));
    let emptied = scope.statement(sql!(
        "DELETE FROM organization_value
          WHERE tenant_id = ?1 AND organization_id = ?2
            AND field_id IN (SELECT f.value FROM json_each(?3) AS f)"
    ));
    let filled = rows(&answers(amended), |rows| {
        let written = scope.statement(sql!(
            "INSERT INTO organization_value (tenant_id, organization_id, field_id, position, text,
                                             number)
             SELECT o.tenant_id, o.organization_id, v.value ->> 0, v.value ->> 1, v.value ->> 2,
                    v.value ->> 3
               FROM organization AS o
              CROSS JOIN json_each(?3) AS v
              WHERE o.tenant_id = ?1 AND o.organization_id = ?2"
        ));
        written.bind(id).bind(rows)
    });
    let mut batch = vec![
        moved_on.bind(id).bind(version),
        emptied.bind(id).bind(fields(amended)),
    ];
    batch.extend(filled);
    batch
}

/// Writes what was amended in the properties of an item of a list of the realm in place of what was
/// there, unless they have changed since that version.
pub fn refill_item(
    realm: &Granted<Realm, act::DeskManage>,
    (list, item): (i64, i64),
    amended: &[Amendment],
    version: i64,
) -> Vec<Statement> {
    let scope = realm.scope();
    let moved_on = scope.statement(sql!(
        "UPDATE list_item SET version = CASE WHEN version = ?5 THEN version + 1 END
          WHERE tenant_id = ?1 AND list_id = ?3 AND item_id = ?4
            AND EXISTS (SELECT 1 FROM list AS l
                         WHERE l.tenant_id = ?1 AND l.list_id = ?3 AND l.realm_id = ?2)"
    ));
    let emptied = scope.statement(sql!(
        "DELETE FROM list_item_value
          WHERE tenant_id = ?1 AND list_id = ?3 AND item_id = ?4
            AND field_id IN (SELECT f.value FROM json_each(?5) AS f)
            AND EXISTS (SELECT 1 FROM list AS l
                         WHERE l.tenant_id = ?1 AND l.list_id = ?3 AND l.realm_id = ?2)"
    ));
    let filled = rows(&answers(amended), |rows| {
        let written = scope.statement(sql!(
            "INSERT INTO list_item_value (tenant_id, list_id, item_id, field_id, position, text,
                                          number)
             SELECT i.tenant_id, i.list_id, i.item_id, v.value ->> 0, v.value ->> 1,
                    v.value ->> 2, v.value ->> 3
               FROM list AS l
              CROSS JOIN list_item AS i
              CROSS JOIN json_each(?5) AS v
              WHERE l.tenant_id = ?1 AND l.realm_id = ?2 AND l.list_id = ?3
                AND i.tenant_id = ?1 AND i.list_id = ?3 AND i.item_id = ?4"
        ));
        written.bind(realm.id).bind(list).bind(item).bind(rows)
    });
    let of_item = |it: Statement| it.bind(realm.id).bind(list).bind(item);
    let mut batch = vec![
        of_item(moved_on).bind(version),
        of_item(emptied).bind(fields(amended)),
    ];
    batch.extend(filled);
    batch
}

/// Writes what somebody said of themselves with their first ticket into their profile. Under an id
/// that nobody has, as of somebody who was known before, it writes nothing: a stranger who types
/// an address does not change whose it is.
pub(crate) fn introduce(scope: &Scope, user: &Id, answers: &[Answer]) -> Vec<Statement> {
    let own = answers.iter().filter(|it| it.purpose == Purpose::User);
    fill_in_user(scope, user, &own.cloned().collect::<Vec<_>>())
}

fn fill_in_user(scope: &Scope, user: &Id, answers: &[Answer]) -> Vec<Statement> {
    rows(answers, |rows| {
        let written = scope.statement(sql!(
            "INSERT INTO user_value (tenant_id, user_id, field_id, position, text, number)
             SELECT u.tenant_id, u.user_id, v.value ->> 0, v.value ->> 1, v.value ->> 2,
                    v.value ->> 3
               FROM user AS u
              CROSS JOIN json_each(?3) AS v
              WHERE u.tenant_id = ?1 AND u.user_id = ?2"
        ));
        written.bind(user).bind(rows)
    })
}

fn fields(amended: &[Amendment]) -> String {
    let fields = amended.iter().map(|it| it.answer.field);
    json!(fields.collect::<Vec<_>>()).to_string()
}

fn answers(amended: &[Amendment]) -> Vec<Answer> {
    amended.iter().map(|it| it.answer.clone()).collect()
}
