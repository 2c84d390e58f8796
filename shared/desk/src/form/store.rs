//! What forms ask for, and what is filled in, with the SQL.

use serde_json::json;
use tenancy::port::{BatchStatement, DbError, Row, Rows};
use tenancy::scope::Queries;
use tenancy::{Id, Query, RealmId, Scope, Statement, sql};

use super::candidate::candidates;
use super::{Access, Answer, Condition, Field, Kind, MOST_FIELDS, Options, Purpose};
use crate::setting::Key;

/// Most names of fields that one realm has, its own and those of the realms above.
const MOST_NAMES: i64 = 1000;
/// How many values one statement writes: their texts must fit into one that D1 takes.
pub(super) const VALUES_AT_ONCE: usize = 10;

/// The query for the fields that a ticket is asked for; see [`asked`].
pub struct Asked(Query<Field>);

/// Looks up the fields that tickets of a topic are asked for, in the order they are shown: of the
/// forms for all tickets, then of the topic's own, without those that are switched off where the
/// form is attached. Where none is named that is the realm's default.
///
/// Whether tickets may have that topic is not looked at: whoever asks knows the topics, and
/// leaves out its fields with [`crate::intake::Setup::asks`] where they may not.
pub fn asked(scope: &Scope, topic: Option<i64>) -> Asked {
    Asked(fields(scope, topic))
}

impl Queries for Asked {
    type Readers = <(Query<Field>,) as Queries>::Readers;
    type Answers = Vec<Field>;

    fn split(self) -> (Vec<BatchStatement>, Self::Readers) {
        (self.0,).split()
    }

    fn answers(readers: Self::Readers, rows: Vec<Rows>) -> Result<Vec<Field>, DbError> {
        let (found,) = <(Query<Field>,)>::answers(readers, rows)?;
        let mut fields: Vec<Field> = Vec::new();
        for field in found {
            // A form may be attached to a topic and to the one above it.
            if fields.iter().all(|known| known.id != field.id) {
                fields.push(field);
            }
        }
        Ok(fields)
    }
}

fn fields(scope: &Scope, topic: Option<i64>) -> Query<Field> {
    scope
        .local(sql!(
            "WITH RECURSIVE here (realm_id, parent_id, above) AS (
               SELECT r.realm_id, r.parent_id, 0 FROM realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = ?2
               UNION ALL
               SELECT r.realm_id, r.parent_id, here.above + 1 FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id),
             topic (topic_id, above) AS (
               SELECT coalesce(?3, (
                 SELECT cast(d.value AS INTEGER)
                   FROM (SELECT s.value, s.is_locked, here.above
                           FROM here
                          CROSS JOIN setting AS s
                          WHERE s.tenant_id = ?1 AND s.realm_id = here.realm_id AND s.key = ?5
                         UNION ALL
                         SELECT s.value, s.is_locked, 1000000
                           FROM tenant_setting AS s
                          WHERE s.tenant_id = ?1 AND s.key = ?5) AS d
                  ORDER BY d.is_locked DESC, iif(d.is_locked, -d.above, d.above)
                  LIMIT 1)), 0
               UNION ALL
               SELECT p.parent_id, topic.above + 1
                 FROM topic
                 JOIN help_topic AS p ON p.tenant_id = ?1 AND p.topic_id = topic.topic_id
                WHERE p.has_parents_forms = 1 AND topic.above < 16),
             asked (form_id, topic_id, purpose, above, position) AS (
               SELECT o.form_id, NULL, o.kind, iif(o.kind = 'user', 100, 99), o.form_id
                 FROM here
                CROSS JOIN form AS o
                WHERE o.tenant_id = ?1 AND o.realm_id = here.realm_id
                  AND o.kind IN ('ticket', 'user') AND o.is_active = 1
               UNION ALL
               SELECT a.form_id, a.topic_id, o.kind, topic.above, a.position
                 FROM topic
                CROSS JOIN topic_form AS a
                CROSS JOIN form AS o
                WHERE a.tenant_id = ?1 AND a.topic_id = topic.topic_id
                  AND o.tenant_id = ?1 AND o.form_id = a.form_id AND o.is_active = 1)
             SELECT f.field_id, f.form_id, f.name, f.label, f.hint, f.kind, f.options,
                    f.user_access, f.agent_access, f.when_field_id, f.when_values, l.ordering,
                    asked.purpose,
                    CASE f.kind
                    WHEN 'list' THEN
                      (SELECT json_group_array(json_array(i.position, i.item_id, i.value))
                         FROM list_item AS i
                        WHERE i.tenant_id = ?1 AND i.list_id = f.list_id AND i.is_active = 1)
                    WHEN 'department' THEN
                      (SELECT json_group_array(json_array(
                                cast(g.department_id AS TEXT), g.name, r.realm_id, r.path,
                                g.is_public))
                         FROM here
                        CROSS JOIN realm AS r
                        CROSS JOIN department AS g
                        WHERE r.tenant_id = ?1 AND r.realm_id = here.realm_id
                          AND g.tenant_id = ?1 AND g.realm_id = here.realm_id)
                    WHEN 'agent' THEN
                      (SELECT json_group_array(json_array(a.email, a.name, r.realm_id, r.path, 0))
                         FROM here
                        CROSS JOIN realm AS r
                        CROSS JOIN agent AS a
                        WHERE r.tenant_id = ?1 AND r.realm_id = here.realm_id
                          AND a.tenant_id = ?1 AND a.realm_id = here.realm_id AND a.is_active = 1)
                    END AS items,
                    EXISTS (SELECT 1 FROM field_role AS w
                             WHERE w.tenant_id = ?1 AND w.field_id = f.field_id) AS is_limited
               FROM asked
              CROSS JOIN field AS f
               LEFT JOIN list AS l ON l.tenant_id = ?1 AND l.list_id = f.list_id
              WHERE f.tenant_id = ?1 AND f.form_id = asked.form_id AND f.is_active = 1
                AND (asked.topic_id IS NULL
                     OR NOT EXISTS (SELECT 1 FROM topic_field_off AS x
                                     WHERE x.tenant_id = ?1 AND x.topic_id = asked.topic_id
                                       AND x.form_id = f.form_id AND x.field_id = f.field_id))
              ORDER BY asked.above DESC, asked.position, f.position, f.field_id
              LIMIT ?4"
        ))
        .bind(topic)
        .bind(MOST_FIELDS)
        .bind(Key::DefaultTopic.name())
        .rows(field_from_row)
}

pub(super) fn field_from_row(row: &Row) -> Result<Field, DbError> {
    let when: Option<i64> = row.get("when_field_id")?;
    let condition = |field| {
        let values = json_of(row, "when_values")?;
        let values = values.as_array().into_iter().flatten();
        let values = values.filter_map(|value| value.as_str().map(str::to_owned));
        Ok(Condition {
            field,
            values: values.collect(),
        })
    };
    let kind = named(row, "kind", Kind::named)?;
    let mut field = Field {
        id: row.get("field_id")?,
        form: row.get("form_id")?,
        purpose: purpose(row)?,
        name: row.get("name")?,
        label: row.get("label")?,
        hint: row.get("hint")?,
        kind,
        options: options(row, kind)?,
        user: named(row, "user_access", Access::named)?,
        agent: named(row, "agent_access", Access::named)?,
        condition: when.map(condition).transpose()?,
        is_limited: row.get("is_limited")?,
        candidates: match kind {
            Kind::Department | Kind::Agent => candidates(row)?,
            Kind::Text
            | Kind::Memo
            | Kind::Email
            | Kind::Phone
            | Kind::Checkbox
            | Kind::Choice
            | Kind::List
            | Kind::Date
            | Kind::Priority
            | Kind::Files
            | Kind::Section
            | Kind::Information
            | Kind::Zone
            | Kind::State
            | Kind::Flag => Vec::new(),
        },
    };
    field.reveal(|_| false);
    Ok(field)
}

/// Looks up what mails call the fields that tickets of a realm may be asked for, and those of
/// their users (`user.phone`) and of these users' organizations (`user.organization.phone`), each
/// with what people read before it.
pub fn names(scope: &Scope, realm: RealmId) -> Query<(String, String)> {
    scope
        .statement(sql!(
            "WITH RECURSIVE here (realm_id, parent_id) AS (
               SELECT r.realm_id, r.parent_id FROM realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = ?2
               UNION ALL
               SELECT r.realm_id, r.parent_id FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id)
             SELECT whose.value || f.name AS name, min(f.label) AS label
               FROM here
              CROSS JOIN form AS o
              CROSS JOIN field AS f
              CROSS JOIN json_each(CASE o.kind WHEN 'user' THEN '[\"\", \"user.\"]'
                                               WHEN 'organization' THEN '[\"user.organization.\"]'
                                               ELSE '[\"\"]' END) AS whose
              WHERE o.tenant_id = ?1 AND o.realm_id = here.realm_id AND o.is_active = 1
                AND o.kind <> 'list'
                AND f.tenant_id = ?1 AND f.form_id = o.form_id AND f.is_active = 1
                AND f.kind NOT IN ('section', 'information')
              GROUP BY 1
              ORDER BY 1
              LIMIT ?3"
        ))
        .bind(realm)
        .bind(MOST_NAMES)
        .rows(|row| Ok((row.get("name")?, row.get("label")?)))
}

pub(super) fn purpose(row: &Row) -> Result<Purpose, DbError> {
    named(row, "purpose", Purpose::named)
}

pub(super) fn named<T>(
    row: &Row,
    column: &str,
    named: fn(&str) -> Option<T>,
) -> Result<T, DbError> {
    let name: String = row.get(column)?;
    named(&name).ok_or_else(|| DbError::Corrupt(format!("field.{column}: {name}")))
}

pub(super) fn json_of(row: &Row, column: &str) -> Result<serde_json::Value, DbError> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|_| DbError::Corrupt(format!("field.{column}: {text}")))
}

/// What a field offers: its own choices, or in their order the items of its list.
fn options(row: &Row, kind: Kind) -> Result<Options, DbError> {
    let mut options = Options::of_stored(&json_of(row, "options")?);
    if kind == Kind::List {
        options.choices = items(row)?;
    }
    Ok(options)
}

fn items(row: &Row) -> Result<Vec<(String, String)>, DbError> {
    let listed = json_of(row, "items")?;
    let listed = listed.as_array().into_iter().flatten();
    let ordering: Option<String> = row.get("ordering")?;
    let is_by_name = matches!(ordering.as_deref(), Some("alpha" | "-alpha"));
    let mut items = Vec::new();
    for item in listed {
        let value = item[2].as_str().unwrap_or_default().to_owned();
        let (position, id) = (item[0].as_i64(), item[1].as_i64().unwrap_or_default());
        let place = (is_by_name.then(|| value.to_lowercase()), position, id);
        // Put in one by one: a list has few items, and the library's sort weighs 3 kB.
        let at = items.partition_point(|(before, _)| *before < place);
        items.insert(at, (place, value));
    }
    if ordering.as_deref() == Some("-alpha") {
        items.reverse();
    }
    let choices = items
        .into_iter()
        .map(|((_, _, id), value)| (id.to_string(), value));
    Ok(choices.collect())
}

/// Writes what was filled in with a ticket. It takes the ticket's realm from the ticket (T-19).
/// The priority is the ticket's own and is not written a second time.
pub(crate) fn fill_in(scope: &Scope, ticket: &Id, answers: &[Answer]) -> Vec<Statement> {
    rows(answers, |rows| {
        scope
            .statement(sql!(
                "INSERT INTO field_value (tenant_id, ticket_id, field_id, position, realm_id,
                                          text, number)
                 SELECT t.tenant_id, t.ticket_id, v.value ->> 0, v.value ->> 1, t.realm_id,
                        v.value ->> 2, v.value ->> 3
                   FROM ticket AS t
                  CROSS JOIN json_each(?3) AS v
                  WHERE t.tenant_id = ?1 AND t.ticket_id = ?2"
            ))
            .bind(ticket)
            .bind(rows)
    })
}

/// The statements for some values, each with as many as it takes: as JSON, `[field, position,
/// text, number]`.
pub(super) fn rows(answers: &[Answer], write: impl Fn(String) -> Statement) -> Vec<Statement> {
    let row = |answer: &Answer| {
        let values = answer.values.iter().enumerate();
        let rows = values.map(|(at, value)| json!([answer.field, at, value.text, value.number]));
        rows.collect::<Vec<_>>()
    };
    let kept = answers
        .iter()
        .filter(|answer| answer.kind != Kind::Priority);
    let rows: Vec<_> = kept.flat_map(row).collect();
    let some = rows.chunks(VALUES_AT_ONCE);
    some.map(|some| write(json!(some).to_string())).collect()
}
