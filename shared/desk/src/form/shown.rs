//! What was filled in with a ticket, as its pages show it, with its SQL.

use tenancy::port::{DbError, Row};
use tenancy::principal::Agent;
use tenancy::{Id, Query, Scope, Table, sql};

use super::store::{json_of, named};
use super::{Kind, Options};

/// A value that was filled in, as it is shown. Of some choices each is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The field.
    pub field: i64,
    /// What people read before it.
    pub label: String,
    /// What the field takes.
    pub kind: Kind,
    /// The value in words.
    pub text: String,
    /// The value as it is compared, where it is a number, a day or a moment.
    pub number: Option<i64>,
    /// All files of the field, where it takes files.
    pub files: Vec<ShownFile>,
}

/// A file of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownFile {
    /// Its id, by which it is fetched.
    pub id: String,
    /// Its name, which is no path.
    pub name: String,
    /// How many bytes it has.
    pub size: i64,
}

fn files(row: &Row) -> Result<Vec<ShownFile>, DbError> {
    let listed = json_of(row, "files")?;
    let file = |file: &serde_json::Value| {
        Some(ShownFile {
            id: file[0].as_str()?.to_owned(),
            name: file[1].as_str()?.to_owned(),
            size: file[2].as_i64()?,
        })
    };
    Ok(listed
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(file)
        .collect())
}

fn shown_from_row(row: &Row) -> Result<Shown, DbError> {
    let kind = named(row, "kind", Kind::named)?;
    let text: String = row.get("text")?;
    let text = if kind == Kind::Choice {
        let options = Options::of_stored(&json_of(row, "options")?);
        let choice = options.choices.into_iter().find(|(key, _)| *key == text);
        choice.map_or(text, |(_, label)| label)
    } else {
        text
    };
    Ok(Shown {
        field: row.get("field_id")?,
        label: row.get("label")?,
        kind,
        text,
        number: row.get("number")?,
        files: files(row)?,
    })
}

/// What was filled in with a ticket, as far as its requester may see it.
pub fn shown_to_user(scope: &Scope, number: &str) -> Query<Shown> {
    scope
        .statement(sql!(
            "SELECT f.field_id, f.label, f.kind, f.options, v.text, v.number,
                    CASE f.kind WHEN 'files' THEN
                      (SELECT json_group_array(json_array(a.attachment_id, a.name, s.size))
                         FROM attachment AS a
                         JOIN file AS s ON s.tenant_id = ?1 AND s.sha256 = a.sha256
                        WHERE a.tenant_id = ?1 AND a.ticket_id = t.ticket_id
                          AND a.field_id = f.field_id)
                    ELSE '[]' END AS files
               FROM ticket AS t
               JOIN field_value AS v ON v.tenant_id = t.tenant_id AND v.ticket_id = t.ticket_id
               JOIN field AS f ON f.tenant_id = v.tenant_id AND f.field_id = v.field_id
              WHERE t.tenant_id = ?1 AND t.number = ?2 AND f.user_access <> 'hidden'
              ORDER BY f.form_id, f.position, f.field_id, v.position"
        ))
        .bind(number)
        .rows(shown_from_row)
}

/// The fields that are limited to roles which the agent does not have (T-47).
pub fn closed_to(scope: &Scope, agent: &Id) -> Query<i64> {
    scope
        .statement(sql!(
            "SELECT DISTINCT l.field_id
               FROM field_role AS l
              WHERE l.tenant_id = ?1
                AND NOT EXISTS (SELECT 1 FROM agent AS a
                                 CROSS JOIN field_role AS own
                                 WHERE a.tenant_id = ?1 AND a.agent_id = ?2
                                   AND own.tenant_id = ?1 AND own.field_id = l.field_id
                                   AND own.role_id = a.role_id)"
        ))
        .bind(agent)
        .rows(|row| row.get("field_id"))
}

/// What was filled in with a ticket, as far as an agent may see it: the ticket is in sight, and
/// the field is not limited to roles that the agent does not have (T-47).
pub fn shown_to_agent(scope: &Scope, agent: &Agent, number: &str) -> Query<Shown> {
    scope
        .sighted(
            &agent.sight(Table::Ticket),
            sql!(
                "SELECT f.field_id, f.label, f.kind, f.options, v.text, v.number,
                        CASE f.kind WHEN 'files' THEN
                          (SELECT json_group_array(json_array(a.attachment_id, a.name, s.size))
                             FROM attachment AS a
                             JOIN file AS s ON s.tenant_id = ?1 AND s.sha256 = a.sha256
                            WHERE a.tenant_id = ?1 AND a.ticket_id = t.ticket_id
                              AND a.field_id = f.field_id)
                        ELSE '[]' END AS files
                   FROM ticket AS t
                   JOIN realm AS r ON r.tenant_id = t.tenant_id AND r.realm_id = t.realm_id
                   JOIN field_value AS v
                     ON v.tenant_id = t.tenant_id AND v.ticket_id = t.ticket_id
                   JOIN field AS f ON f.tenant_id = v.tenant_id AND f.field_id = v.field_id
                  WHERE t.tenant_id = ?1 AND t.number = ?3 AND f.agent_access <> 'hidden'
                    AND EXISTS (SELECT 1 FROM json_each(?2) AS span
                                 WHERE r.path >= span.value ->> 0 AND r.path < span.value ->> 1)
                    AND (NOT EXISTS (SELECT 1 FROM field_role AS l
                                      WHERE l.tenant_id = ?1 AND l.field_id = f.field_id)
                         OR EXISTS (SELECT 1 FROM field_role AS l
                                      JOIN agent AS a
                                        ON a.tenant_id = l.tenant_id AND a.role_id = l.role_id
                                     WHERE l.tenant_id = ?1 AND l.field_id = f.field_id
                                       AND a.agent_id = ?4))
                  ORDER BY f.form_id, f.position, f.field_id, v.position"
            ),
        )
        .bind(number)
        .bind(&agent.id)
        .rows(shown_from_row)
}
