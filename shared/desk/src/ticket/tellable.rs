//! What was filled in that mails can tell of a ticket, with its SQL.

use serde::Serialize;
use tenancy::port::{DbError, Row};
use tenancy::{Id, Query, Scope, sql};

use super::FilledIn;
use crate::alert::Asked;
use crate::form;

/// Most values that are told of, for all tickets that are asked about.
const MOST_VALUES: i64 = 1000;

/// Looks up what was filled in with some tickets, named or by their ids, and into the profiles of
/// their users (`user.phone`) and of these users' organizations (`user.organization.phone`): all
/// that every agent may see. Profiles are told in the user's own realm alone. Where nobody has
/// written a template nothing names any of it, and nothing is found.
pub fn tellable(scope: &Scope, asked: Asked<'_>, tickets: &[Id]) -> Query<(Id, FilledIn)> {
    scope
        .statement(sql!(
            "WITH own (is_there) AS MATERIALIZED (
               SELECT 1 FROM mail_template AS w WHERE w.tenant_id = ?1 LIMIT 1),
             named (ticket_id) AS MATERIALIZED (
               SELECT m.ticket_id
                 FROM own CROSS JOIN json_each(?2) AS wanted CROSS JOIN message_reference AS m
                WHERE m.tenant_id = ?1 AND m.message_id = wanted.value
                UNION
               SELECT t.ticket_id
                 FROM own CROSS JOIN json_each(?3) AS wanted CROSS JOIN ticket AS t
                WHERE t.tenant_id = ?1 AND t.number = wanted.value
                UNION
               SELECT wanted.value FROM own CROSS JOIN json_each(?4) AS wanted),
             about (ticket_id, user_id, organization_id) AS MATERIALIZED (
               SELECT t.ticket_id, iif(u.realm_id = t.realm_id, u.user_id, NULL),
                      iif(u.realm_id = t.realm_id, u.organization_id, NULL)
                 FROM named CROSS JOIN ticket AS t CROSS JOIN user AS u
                WHERE t.tenant_id = ?1 AND t.ticket_id = named.ticket_id
                  AND u.tenant_id = ?1 AND u.user_id = t.user_id),
             held (ticket_id, whose, field_id, text, number) AS (
               SELECT about.ticket_id, '', v.field_id, v.text, v.number
                 FROM about CROSS JOIN field_value AS v
                WHERE v.tenant_id = ?1 AND v.ticket_id = about.ticket_id
                UNION ALL
               SELECT about.ticket_id, 'user.', v.field_id, v.text, v.number
                 FROM about CROSS JOIN user_value AS v
                WHERE v.tenant_id = ?1 AND v.user_id = about.user_id
                UNION ALL
               SELECT about.ticket_id, 'user.organization.', v.field_id, v.text, v.number
                 FROM about CROSS JOIN organization_value AS v
                WHERE v.tenant_id = ?1 AND v.organization_id = about.organization_id)
             SELECT held.ticket_id, held.whose || o.name AS name, held.text, held.number, o.kind,
                    coalesce((SELECT c.value ->> 1 FROM json_each(o.options, '$.choices') AS c
                               WHERE o.kind = 'choice' AND c.value ->> 0 = held.text),
                             held.text) AS words,
                    o.user_access <> 'hidden' AS is_for_users
               FROM held CROSS JOIN field AS o
              WHERE o.tenant_id = ?1 AND o.field_id = held.field_id AND o.agent_access <> 'hidden'
                AND NOT EXISTS (SELECT 1 FROM field_role AS l
                                 WHERE l.tenant_id = ?1 AND l.field_id = o.field_id)
              UNION ALL
             SELECT about.ticket_id, 'user.organization.name', g.name, NULL, 'text', g.name, 1
               FROM about CROSS JOIN organization AS g
              WHERE g.tenant_id = ?1 AND g.organization_id = about.organization_id
              LIMIT ?5"
        ))
        .bind(json(asked.references))
        .bind(json(asked.numbers))
        .bind(json(tickets))
        .bind(MOST_VALUES)
        .rows(|row| Ok((row.get("ticket_id")?, from_row(row)?)))
}

fn json<T: Serialize>(list: &[T]) -> String {
    serde_json::to_string(list).unwrap_or_default()
}

fn from_row(row: &Row) -> Result<FilledIn, DbError> {
    let kind: String = row.get("kind")?;
    let corrupt = || DbError::Corrupt(format!("field.kind: {kind}"));
    Ok(FilledIn {
        name: row.get("name")?,
        text: row.get("text")?,
        words: row.get("words")?,
        is_for_users: row.get("is_for_users")?,
        kind: form::Kind::named(&kind).ok_or_else(corrupt)?,
        number: row.get("number")?,
    })
}

/// What was found of one ticket. Its phone is its user's where nobody filled in another with it.
pub fn tellable_of(ticket: &Id, found: &[(Id, FilledIn)]) -> Vec<FilledIn> {
    let own = found.iter().filter(|(of, _)| of == ticket);
    let mut told: Vec<FilledIn> = own.map(|(_, filled)| filled.clone()).collect();
    let named = |name| told.iter().find(|it| it.name == name);
    let phone = named("user.phone").filter(|_| named("phone").is_none());
    let phone = phone.map(|it| FilledIn {
        name: "phone".to_owned(),
        ..it.clone()
    });
    told.extend(phone);
    told
}
