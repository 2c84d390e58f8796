//! The topics' SQL.

use tenancy::policy::{Granted, act};
use tenancy::port::{DbError, Row};
use tenancy::realm::Realm;
use tenancy::{Query, Scope, Statement, Timestamp, sql};

use super::{MOST_TOPICS, NewTopic, Refused, Topic};
use crate::filter::Given;
use crate::ticket::Priority;
use crate::ticket::number::Format;

/// Looks up the active topics of the site's realm and of those above it, in the order they are
/// offered.
pub fn inherited(scope: &Scope) -> Query<Topic> {
    scope
        .local(sql!(
            "WITH RECURSIVE here (realm_id, parent_id) AS (
               SELECT r.realm_id, r.parent_id FROM realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = ?2
               UNION ALL
               SELECT r.realm_id, r.parent_id FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id)
             SELECT p.topic_id, p.parent_id, p.name, p.thanks, p.is_public, p.is_silent,
                    p.department_id, p.sla_plan_id, p.priority, p.agent_id, p.team_id, p.state,
                    p.status_id, p.number_format, p.sequence_id,
                    p.has_parents_forms = 1
                    OR EXISTS (SELECT 1 FROM topic_form AS a
                                WHERE a.tenant_id = ?1 AND a.topic_id = p.topic_id) AS has_forms
               FROM here
              CROSS JOIN help_topic AS p
              WHERE p.tenant_id = ?1 AND p.realm_id = here.realm_id AND p.is_active = 1
                AND p.archived_at IS NULL
              ORDER BY p.position, p.name
              LIMIT ?3"
        ))
        .bind(MOST_TOPICS)
        .rows(from_row)
}

pub(super) fn from_row(row: &Row) -> Result<Topic, DbError> {
    let priority: Option<i64> = row.get("priority")?;
    let format: Option<String> = row.get("number_format")?;
    let state: Option<String> = row.get("state")?;
    let status = row.get("status_id")?;
    Ok(Topic {
        id: row.get("topic_id")?,
        parent: row.get("parent_id")?,
        name: row.get("name")?,
        thanks: row.get("thanks")?,
        is_public: row.get("is_public")?,
        is_silent: row.get("is_silent")?,
        department: row.get("department_id")?,
        plan: row.get("sla_plan_id")?,
        priority: priority.and_then(Priority::of_id),
        agent: row.get("agent_id")?,
        team: row.get("team_id")?,
        given: state.map(|state| Given {
            is_closed: state == "closed",
            status,
        }),
        format: format.as_deref().and_then(Format::parse),
        sequence: row.get("sequence_id")?,
        has_forms: row.get("has_forms")?,
    })
}

/// What the confirmation of a topic's tickets says; nothing, when it is none that the site's
/// portal offers.
pub fn thanks(scope: &Scope, topic: Option<i64>) -> Query<String> {
    scope
        .local(sql!(
            "WITH RECURSIVE here (realm_id, parent_id) AS (
               SELECT r.realm_id, r.parent_id FROM realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = ?2
               UNION ALL
               SELECT r.realm_id, r.parent_id FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id)
             SELECT p.thanks
               FROM here
              CROSS JOIN help_topic AS p
              WHERE p.tenant_id = ?1 AND p.topic_id = ?3 AND p.realm_id = here.realm_id
                AND p.is_public = 1 AND p.is_active = 1 AND p.archived_at IS NULL"
        ))
        .bind(topic)
        .rows(|row| row.get("thanks"))
}

/// Adds a topic to a realm, behind the others, and returns its id as `topic_id`. It gets no name,
/// which refuses it, when the topic above is not to be had there.
///
/// # Errors
/// What is wrong with it.
pub fn add(
    realm: &Granted<Realm, act::DeskManage>,
    new: &NewTopic<'_>,
) -> Result<Statement, Refused> {
    new.check()?;
    let topic = &new.topic;
    let statement = realm.scope().statement(sql!(
        "INSERT INTO help_topic (tenant_id, topic_id, realm_id, parent_id, name, position,
                                 thanks, is_public, is_silent, department_id, sla_plan_id,
                                 priority, agent_id, team_id, number_format, sequence_id,
                                 has_parents_forms)
         VALUES (?1,
                 (SELECT coalesce(max(t.topic_id), 0) + 1 FROM help_topic AS t
                   WHERE t.tenant_id = ?1),
                 ?2, ?3,
                 CASE WHEN ?3 IS NULL THEN ?4 ELSE (
                   WITH RECURSIVE up (realm_id, parent_id) AS (
                     SELECT r.realm_id, r.parent_id FROM realm AS r
                      WHERE r.tenant_id = ?1 AND r.realm_id = ?2
                     UNION ALL
                     SELECT r.realm_id, r.parent_id FROM up
                       JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = up.parent_id)
                   SELECT p.name || ' / ' || ?4
                     FROM up
                    CROSS JOIN help_topic AS p
                    WHERE p.tenant_id = ?1 AND p.topic_id = ?3 AND p.realm_id = up.realm_id)
                 END,
                 (SELECT coalesce(max(t.position), 0) + 1 FROM help_topic AS t
                   WHERE t.tenant_id = ?1),
                 ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
         RETURNING topic_id"
    ));
    Ok(statement
        .bind(realm.id)
        .bind(new.parent)
        .bind(new.name.trim())
        .bind(topic.thanks.as_str())
        .bind(topic.is_public)
        .bind(topic.is_silent)
        .bind(topic.department)
        .bind(topic.plan)
        .bind(topic.priority.map(Priority::id))
        .bind(topic.agent.as_ref())
        .bind(topic.team)
        .bind(new.format)
        .bind(topic.sequence)
        .bind(new.has_parents_forms))
}

/// Archives a topic of the realm: nobody is offered it any more, nor those below it.
pub fn archive(realm: &Granted<Realm, act::DeskManage>, topic: i64, now: Timestamp) -> Statement {
    realm
        .scope()
        .statement(sql!(
            "UPDATE help_topic SET archived_at = ?4
              WHERE tenant_id = ?1 AND topic_id = ?3 AND realm_id = ?2 AND archived_at IS NULL"
        ))
        .bind(realm.id)
        .bind(topic)
        .bind(now)
}

/// Has a form filled in with the tickets of a topic of the realm, behind its other forms.
pub fn attach_form(realm: &Granted<Realm, act::DeskManage>, topic: i64, form: i64) -> Statement {
    realm
        .scope()
        .statement(sql!(
            "INSERT INTO topic_form (tenant_id, topic_id, form_id, position)
             SELECT p.tenant_id, p.topic_id, ?4,
                    (SELECT coalesce(max(f.position), 0) + 1 FROM topic_form AS f
                      WHERE f.tenant_id = ?1 AND f.topic_id = ?3)
               FROM help_topic AS p
              WHERE p.tenant_id = ?1 AND p.topic_id = ?3 AND p.realm_id = ?2
             ON CONFLICT DO NOTHING"
        ))
        .bind(realm.id)
        .bind(topic)
        .bind(form)
}
