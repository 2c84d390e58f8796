//! What administrators do with topics: see all of them, change one, put it away and bring it back.

use serde_json::json;
use tenancy::policy::{Granted, act};
use tenancy::port::{DbError, Row};
use tenancy::realm::{Path, Realm};
use tenancy::{Query, RealmId, Scope, Statement, sql};

use super::{BETWEEN, LONGEST_NAME, MOST_TOPICS, NewTopic, Refused, Topic, store};
use crate::filter::Given;
use crate::ticket::Priority;

/// Most fields of a topic's forms that administrators see.
const MOST_ATTACHED: i64 = 500;

/// A topic as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// What it does.
    pub topic: Topic,
    /// The address of the agent who gets its tickets, and where they stand.
    pub agent: Option<(String, Path)>,
    /// Topics with lower numbers are offered first, those with the same by their names.
    pub position: i64,
    /// The realm it belongs to.
    pub realm: RealmId,
    /// Where that realm stands.
    pub path: Path,
    /// What its tickets' numbers look like, as it was typed.
    pub format: Option<String>,
    /// Whether tickets may have it.
    pub is_active: bool,
    /// Whether it was put away.
    pub is_archived: bool,
    /// Whether the forms of the topic above are filled in too.
    pub has_parents_forms: bool,
    /// The forms that are filled in with its tickets.
    pub forms: Vec<i64>,
    /// The fields of those forms that its tickets are not asked for.
    pub off: Vec<i64>,
}

impl Kept {
    /// Its own name, without those of the topics above.
    pub fn own_name(&self) -> &str {
        let name = &self.topic.name;
        name.rsplit_once(BETWEEN).map_or(name, |(_, own)| own)
    }

    /// Whether it is this topic, or one below it in the tree.
    pub fn is_within(&self, id: i64, all: &[Self]) -> bool {
        let mut here = self;
        for _ in 0..=all.len() {
            if here.topic.id == id {
                return true;
            }
            let above = here.topic.parent;
            match all.iter().find(|it| Some(it.topic.id) == above) {
                Some(parent) => here = parent,
                None => return false,
            }
        }
        true
    }
}

/// Looks up all topics of a realm and of those above it, in the order they are offered.
pub fn kept(scope: &Scope, realm: RealmId) -> Query<Kept> {
    scope
        .statement(sql!(
            "WITH RECURSIVE here (realm_id, parent_id, path) AS (
               SELECT r.realm_id, r.parent_id, r.path FROM realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = ?2
               UNION ALL
               SELECT r.realm_id, r.parent_id, r.path FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id)
             SELECT p.topic_id, p.parent_id, p.name, p.thanks, p.is_public, p.is_silent,
                    p.department_id, p.sla_plan_id, p.priority, p.agent_id, p.team_id, p.state,
                    p.status_id, p.number_format, p.sequence_id, p.has_parents_forms, p.position,
                    p.is_active, p.realm_id, g.email AS agent_address, r.path AS agent_path,
                    here.path, p.archived_at IS NOT NULL AS is_archived, 0 AS has_forms,
                    (SELECT json_group_array(a.form_id) FROM topic_form AS a
                      WHERE a.tenant_id = ?1 AND a.topic_id = p.topic_id) AS forms,
                    (SELECT json_group_array(x.field_id) FROM topic_field_off AS x
                      WHERE x.tenant_id = ?1 AND x.topic_id = p.topic_id) AS off
               FROM here
              CROSS JOIN help_topic AS p
               LEFT JOIN agent AS g ON g.tenant_id = ?1 AND g.agent_id = p.agent_id
               LEFT JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = g.realm_id
              WHERE p.tenant_id = ?1 AND p.realm_id = here.realm_id
              ORDER BY p.position, p.name
              LIMIT ?3"
        ))
        .bind(realm)
        .bind(MOST_TOPICS)
        .rows(kept_from_row)
}

fn kept_from_row(row: &Row) -> Result<Kept, DbError> {
    let ids = |column| {
        let ids: String = row.get(column)?;
        serde_json::from_str(&ids).map_err(|_| DbError::Corrupt(format!("topic.{column}: {ids}")))
    };
    let address: Option<String> = row.get("agent_address")?;
    let path: Option<Path> = row.get("agent_path")?;
    Ok(Kept {
        topic: store::from_row(row)?,
        agent: address.zip(path),
        position: row.get("position")?,
        realm: row.get("realm_id")?,
        path: row.get("path")?,
        format: row.get("number_format")?,
        is_active: row.get("is_active")?,
        is_archived: row.get("is_archived")?,
        has_parents_forms: row.get("has_parents_forms")?,
        forms: ids("forms")?,
        off: ids("off")?,
    })
}

/// A field of a form that is attached to a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attached {
    /// Its id.
    pub id: i64,
    /// The form it is of.
    pub form: i64,
    /// What people read.
    pub label: String,
}

/// Looks up the fields that tickets of a topic are asked for by the forms attached to it, and
/// those that are switched off for it, as they stand in their forms.
pub fn attached(scope: &Scope, topic: i64) -> Query<Attached> {
    scope
        .statement(sql!(
            "SELECT f.field_id, f.form_id, f.label
               FROM topic_form AS a
              CROSS JOIN form AS o
              CROSS JOIN field AS f
              WHERE a.tenant_id = ?1 AND a.topic_id = ?2
                AND o.tenant_id = ?1 AND o.form_id = a.form_id AND o.kind = 'topic'
                AND f.tenant_id = ?1 AND f.form_id = a.form_id AND f.is_active = 1
              ORDER BY f.form_id, f.position, f.field_id
              LIMIT ?3"
        ))
        .bind(topic)
        .bind(MOST_ATTACHED)
        .rows(|row| {
            Ok(Attached {
                id: row.get("field_id")?,
                form: row.get("form_id")?,
                label: row.get("label")?,
            })
        })
}

/// A topic as it is to be.
#[derive(Clone, Debug)]
pub struct Change<'a> {
    /// Its name, its place and what it does.
    pub to: NewTopic<'a>,
    /// The topic above it, as it was read.
    pub parent: Option<&'a Kept>,
    /// Whether tickets may have it.
    pub is_active: bool,
    /// Where it stands among the others.
    pub position: i64,
    /// The forms that are filled in with its tickets, in their order.
    pub forms: &'a [i64],
    /// Fields that its tickets are not asked for; those of other forms do not count.
    pub off: &'a [i64],
}

/// Changes a topic of the realm. Those below it are renamed with it.
///
/// # Errors
/// What is wrong with it; and from the database [`Refused::Stale`], when the topic or the one
/// above it was renamed since they were read.
pub fn change(
    realm: &Granted<Realm, act::DeskManage>,
    was: &Kept,
    change: &Change<'_>,
) -> Result<Vec<Statement>, Refused> {
    change.to.check()?;
    let above = change.parent.map(|parent| parent.topic.name.as_str());
    let own = change.to.name.trim();
    let name = above.map_or_else(|| own.to_owned(), |above| format!("{above}{BETWEEN}{own}"));
    if name.chars().count() > LONGEST_NAME {
        return Err(Refused::Name);
    }
    let scope = realm.scope();
    Ok(vec![
        update(realm, was, change, &name),
        rename_below(scope, was, &name),
        detach_forms(realm, was.topic.id),
        attach_forms(realm, was.topic.id, change.forms),
        switch_off(realm, was.topic.id, change.off),
    ])
}

/// Gives the topic no name, which refuses it, when somebody else was faster.
fn update(
    realm: &Granted<Realm, act::DeskManage>,
    was: &Kept,
    change: &Change<'_>,
    name: &str,
) -> Statement {
    let topic = &change.to.topic;
    realm
        .scope()
        .statement(sql!(
            "UPDATE help_topic
                SET name = CASE
                      WHEN name = ?4
                       AND (?5 IS NULL
                            OR EXISTS (SELECT 1 FROM help_topic AS p
                                        WHERE p.tenant_id = ?1 AND p.topic_id = ?5
                                          AND p.name = ?6))
                      THEN ?7 END,
                    parent_id = ?5, thanks = ?8, is_public = ?9, is_silent = ?10, is_active = ?11,
                    department_id = ?12, sla_plan_id = ?13, priority = ?14, number_format = ?15,
                    sequence_id = ?16, has_parents_forms = ?17, agent_id = ?18, team_id = ?19,
                    state = ?20, status_id = ?21, position = ?22
              WHERE tenant_id = ?1 AND realm_id = ?2 AND topic_id = ?3"
        ))
        .bind(realm.id)
        .bind(was.topic.id)
        .bind(was.topic.name.as_str())
        .bind(change.parent.map(|parent| parent.topic.id))
        .bind(change.parent.map(|parent| parent.topic.name.as_str()))
        .bind(name)
        .bind(topic.thanks.as_str())
        .bind(topic.is_public)
        .bind(topic.is_silent)
        .bind(change.is_active)
        .bind(topic.department)
        .bind(topic.plan)
        .bind(topic.priority.map(Priority::id))
        .bind(change.to.format)
        .bind(topic.sequence)
        .bind(change.to.has_parents_forms)
        .bind(topic.agent.as_ref())
        .bind(topic.team)
        .bind(topic.given.map(Given::state))
        .bind(topic.given.and_then(|given| given.status))
        .bind(change.position)
}

fn rename_below(scope: &Scope, was: &Kept, name: &str) -> Statement {
    scope
        .statement(sql!(
            "UPDATE help_topic
                SET name = ?4 || substr(name, length(?3) + 1)
              WHERE tenant_id = ?1
                AND topic_id IN (
                  WITH RECURSIVE below (topic_id) AS (
                    SELECT p.topic_id FROM help_topic AS p
                     WHERE p.tenant_id = ?1 AND p.parent_id = ?2
                    UNION
                    SELECT p.topic_id FROM below
                      JOIN help_topic AS p ON p.tenant_id = ?1 AND p.parent_id = below.topic_id)
                  SELECT below.topic_id FROM below)"
        ))
        .bind(was.topic.id)
        .bind(was.topic.name.as_str())
        .bind(name)
}

fn detach_forms(realm: &Granted<Realm, act::DeskManage>, topic: i64) -> Statement {
    realm
        .scope()
        .statement(sql!(
            "DELETE FROM topic_form
              WHERE tenant_id = ?1 AND topic_id = ?3
                AND EXISTS (SELECT 1 FROM help_topic AS p
                             WHERE p.tenant_id = ?1 AND p.topic_id = ?3 AND p.realm_id = ?2)"
        ))
        .bind(realm.id)
        .bind(topic)
}

fn attach_forms(realm: &Granted<Realm, act::DeskManage>, topic: i64, forms: &[i64]) -> Statement {
    realm
        .scope()
        .statement(sql!(
            "INSERT INTO topic_form (tenant_id, topic_id, form_id, position)
             SELECT p.tenant_id, p.topic_id, f.value, f.key
               FROM help_topic AS p
              CROSS JOIN json_each(?4) AS f
              WHERE p.tenant_id = ?1 AND p.topic_id = ?3 AND p.realm_id = ?2
             ON CONFLICT DO NOTHING"
        ))
        .bind(realm.id)
        .bind(topic)
        .bind(json!(forms).to_string())
}

fn switch_off(realm: &Granted<Realm, act::DeskManage>, topic: i64, fields: &[i64]) -> Statement {
    realm
        .scope()
        .statement(sql!(
            "INSERT INTO topic_field_off (tenant_id, topic_id, form_id, field_id)
             SELECT p.tenant_id, p.topic_id, a.form_id, f.field_id
               FROM help_topic AS p
              CROSS JOIN json_each(?4) AS off
              CROSS JOIN field AS f
              CROSS JOIN topic_form AS a
              WHERE p.tenant_id = ?1 AND p.topic_id = ?3 AND p.realm_id = ?2
                AND f.tenant_id = ?1 AND f.field_id = off.value
                AND a.tenant_id = ?1 AND a.topic_id = ?3 AND a.form_id = f.form_id
             ON CONFLICT DO NOTHING"
        ))
        .bind(realm.id)
        .bind(topic)
        .bind(json!(fields).to_string())
}

/// Brings a topic of the realm back that was put away.
pub fn restore(realm: &Granted<Realm, act::DeskManage>, topic: i64) -> Statement {
    realm
        .scope()
        .statement(sql!(
            "UPDATE help_topic SET archived_at = NULL
              WHERE tenant_id = ?1 AND realm_id = ?2 AND topic_id = ?3"
        ))
        .bind(realm.id)
        .bind(topic)
}

/// Tells why a change of a topic was not written.
pub fn change_refused(error: DbError) -> Refused {
    match super::refused(error) {
        Refused::Parent => Refused::Stale,
        refused @ (Refused::Name
        | Refused::Taken
        | Refused::Format
        | Refused::Stale
        | Refused::Failed(_)) => refused,
    }
}
