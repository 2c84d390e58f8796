//! What was filled in with a ticket, field by field, for whoever changes it; with its SQL.

use serde_json::json;
use tenancy::port::{DbError, Row};
use tenancy::{Id, Query, Scope, Statement, sql};

use super::store::{field_from_row, json_of};
use super::{Field, MOST_FIELDS, Value, fill_in};
use super::{amend::Amendment, store::VALUES_AT_ONCE};
use crate::wish::Wish;

/// A field that a ticket is asked for, or has a value in, and its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The field.
    pub field: Field,
    /// Whether a ticket that lacks it cannot be closed.
    pub is_needed_to_close: bool,
    /// What was filled in; nothing in one for the priority, which is the ticket's own.
    pub values: Vec<Value>,
}

impl Filled {
    /// What was filled in, as people read it.
    pub fn words(&self) -> String {
        self.field.answer(self.values.clone()).words
    }
}

/// Looks up what a ticket is asked for, in the order it is shown, and what was filled in: of the
/// forms for all tickets of its realm, of its topic's, or of that which it is to have, and of
/// whatever else it has values in. What is switched off for the topic is there with a value alone.
pub fn filled(scope: &Scope, number: &str, topic: &Wish<i64>) -> Query<Filled> {
    scope
        .statement(sql!(
            "WITH RECURSIVE worked (ticket_id, realm_id, topic_id) AS (
               SELECT t.ticket_id, t.realm_id, iif(?3 = 1, ?4, t.topic_id)
                 FROM ticket AS t
                WHERE t.tenant_id = ?1 AND t.number = ?2),
             held (field_id, text, number) AS (
               SELECT v.field_id, v.text, v.number
                 FROM worked
                CROSS JOIN field_value AS v
                WHERE v.tenant_id = ?1 AND v.ticket_id = worked.ticket_id),
             here (realm_id, parent_id, path) AS (
               SELECT r.realm_id, r.parent_id, r.path
                 FROM worked
                CROSS JOIN realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = worked.realm_id
               UNION ALL
               SELECT r.realm_id, r.parent_id, r.path FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id),
             topic (topic_id, above) AS (
               SELECT worked.topic_id, 0 FROM worked
               UNION ALL
               SELECT p.parent_id, topic.above + 1 FROM topic
                 JOIN help_topic AS p ON p.tenant_id = ?1 AND p.topic_id = topic.topic_id
                WHERE p.has_parents_forms = 1 AND topic.above < 16),
             asked (form_id, topic_id, above, position) AS (
               SELECT o.form_id, NULL, 99, o.form_id
                 FROM here
                CROSS JOIN form AS o
                WHERE o.tenant_id = ?1 AND o.realm_id = here.realm_id AND o.kind = 'ticket'
               UNION ALL
               SELECT a.form_id, a.topic_id, topic.above, a.position
                 FROM topic
                CROSS JOIN topic_form AS a
                WHERE a.tenant_id = ?1 AND a.topic_id = topic.topic_id
               UNION ALL
               SELECT f.form_id, NULL, -1, f.form_id
                 FROM held CROSS JOIN field AS f
                WHERE f.tenant_id = ?1 AND f.field_id = held.field_id)
             SELECT f.field_id, f.form_id, f.name, f.label, f.hint, f.kind, f.options,
                    f.user_access, f.agent_access, f.when_field_id, f.when_values, l.ordering,
                    f.is_needed_to_close, o.kind AS purpose,
                    CASE f.kind
                    WHEN 'list' THEN
                      (SELECT json_group_array(json_array(i.position, i.item_id, i.value))
                         FROM list_item AS i
                        WHERE i.tenant_id = ?1 AND i.list_id = f.list_id AND i.is_active = 1)
                    WHEN 'department' THEN
                      (SELECT json_group_array(json_array(
                                cast(g.department_id AS TEXT), g.name, here.realm_id, here.path,
                                g.is_public))
                         FROM here
                        CROSS JOIN department AS g
                        WHERE g.tenant_id = ?1 AND g.realm_id = here.realm_id)
                    WHEN 'agent' THEN
                      (SELECT json_group_array(json_array(
                                a.email, a.name, here.realm_id, here.path, 0))
                         FROM here
                        CROSS JOIN agent AS a
                        WHERE a.tenant_id = ?1 AND a.realm_id = here.realm_id AND a.is_active = 1)
                    END AS items,
                    CASE f.kind WHEN 'files' THEN
                      (SELECT json_group_array(json_array(a.name, NULL))
                         FROM worked
                        CROSS JOIN attachment AS a
                        WHERE a.tenant_id = ?1 AND a.ticket_id = worked.ticket_id
                          AND a.field_id = f.field_id)
                    ELSE
                      (SELECT json_group_array(json_array(held.text, held.number))
                         FROM held WHERE held.field_id = f.field_id)
                    END AS filled,
                    EXISTS (SELECT 1 FROM field_role AS w
                             WHERE w.tenant_id = ?1 AND w.field_id = f.field_id) AS is_limited
               FROM (SELECT asked.form_id, max(asked.above) AS above,
                            min(asked.position) AS position, count(asked.topic_id) AS attached,
                            json_group_array(asked.topic_id) AS topics
                       FROM asked
                      GROUP BY asked.form_id) AS once
              CROSS JOIN form AS o
              CROSS JOIN field AS f
               LEFT JOIN list AS l ON l.tenant_id = ?1 AND l.list_id = f.list_id
              WHERE o.tenant_id = ?1 AND o.form_id = once.form_id AND o.is_active = 1
                AND f.tenant_id = ?1 AND f.form_id = once.form_id AND f.is_active = 1
                AND (o.kind = 'ticket' OR once.attached = 0
                     OR EXISTS (SELECT 1 FROM json_each(once.topics) AS k
                                 WHERE k.value IS NOT NULL
                                   AND NOT EXISTS (
                                     SELECT 1 FROM topic_field_off AS x
                                      WHERE x.tenant_id = ?1 AND x.topic_id = k.value
                                        AND x.form_id = f.form_id AND x.field_id = f.field_id))
                     OR f.field_id IN (SELECT held.field_id FROM held))
              ORDER BY once.above DESC, once.position, f.position, f.field_id
              LIMIT ?5"
        ))
        .bind(number)
        .bind(topic.is_wished())
        .bind(topic.value().copied())
        .bind(MOST_FIELDS)
        .rows(from_row)
}

pub(super) fn from_row(row: &Row) -> Result<Filled, DbError> {
    let filled = json_of(row, "filled")?;
    let value = |value: &serde_json::Value| Value {
        text: value[0].as_str().unwrap_or_default().to_owned(),
        number: value[1].as_i64(),
    };
    Ok(Filled {
        field: field_from_row(row)?,
        is_needed_to_close: row.get("is_needed_to_close")?,
        values: filled.as_array().into_iter().flatten().map(value).collect(),
    })
}

/// Writes what was amended in place of what was there.
pub(crate) fn refill(scope: &Scope, ticket: &Id, amended: &[Amendment]) -> Vec<Statement> {
    if amended.is_empty() {
        return Vec::new();
    }
    let fields: Vec<i64> = amended.iter().map(|it| it.answer.field).collect();
    let emptied = scope
        .statement(sql!(
            "DELETE FROM field_value
              WHERE tenant_id = ?1 AND ticket_id = ?2
                AND field_id IN (SELECT f.value FROM json_each(?3) AS f)"
        ))
        .bind(ticket)
        .bind(json!(fields).to_string());
    let answers: Vec<_> = amended.iter().map(|it| it.answer.clone()).collect();
    let mut batch = vec![emptied];
    batch.extend(fill_in(scope, ticket, &answers));
    batch
}

/// What the history tells of amendments, in parts that a row holds: by the fields' ids what they
/// held and what they hold.
pub(crate) fn told(amended: &[Amendment]) -> Vec<String> {
    let texts = |values: &[Value]| {
        let texts = values.iter().map(|value| value.text.clone());
        json!(texts.collect::<Vec<_>>())
    };
    let told = |part: &[Amendment]| {
        let fields = part.iter().map(|it| {
            let change = json!([texts(&it.before), texts(&it.answer.values)]);
            (it.answer.field.to_string(), change)
        });
        json!({ "fields": fields.collect::<serde_json::Map<_, _>>() }).to_string()
    };
    amended.chunks(VALUES_AT_ONCE / 2).map(told).collect()
}
