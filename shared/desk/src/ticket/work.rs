//! A ticket as whoever works it reads it, with its SQL.

use serde_json::Value;
use tenancy::duty::Work;
use tenancy::policy::{Bond, Found, Thing};
use tenancy::port::{DbError, FromValue, Row};
use tenancy::principal::Principal;
use tenancy::realm::Path;
use tenancy::{Id, Query, RealmId, Scope, TenantId, Timestamp, sql};

use super::tellable::tellable_of;
use super::{News, Priority};
use crate::form;
use crate::outbox::Correspondent;

/// A ticket as whoever works it reads it, to look at it or to change it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorkTicket {
    /// The ticket's id.
    pub id: Id,
    /// Its number.
    pub number: String,
    /// What it is about.
    pub subject: String,
    /// Whether it is closed.
    pub is_closed: bool,
    /// Its status.
    pub status: Named<i64>,
    /// How urgent it is.
    pub priority: Priority,
    /// The door it came through.
    pub source: String,
    /// Its realm.
    pub realm: Named<RealmId>,
    /// Who asked.
    pub requester: Requester,
    /// Its department.
    pub department: Named<i64>,
    /// Its help topic.
    pub topic: Option<Named<i64>>,
    /// The agent who works it.
    pub assignee: Option<Named<Id>>,
    /// The team that works it.
    pub team: Option<Named<i64>>,
    /// How many hours its SLA plan gives it.
    pub grace_hours: Option<i64>,
    /// What was filled in with it: what all agents may see.
    pub filled: Vec<FilledIn>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When something last happened to it.
    pub updated_at: Timestamp,
    /// When it is due.
    pub due_at: Option<Timestamp>,
    /// Since when it is overdue.
    pub overdue_at: Option<Timestamp>,
    /// Since when an agent has the last word.
    pub answered_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// Whose work it is.
    pub work: Work,
    tenant: TenantId,
    path: Path,
    version: i64,
    manager: Option<Id>,
}

/// A value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilledIn {
    /// What programs call the field.
    pub name: String,
    /// The value, as it is stored.
    pub text: String,
    /// The value as people read it; what depends on a language or a zone as it is stored.
    pub words: String,
    /// What the field takes.
    pub kind: form::Kind,
    /// What it counts as, where it is more than text.
    pub number: Option<i64>,
    /// Whether users see it too.
    pub is_for_users: bool,
}

/// Something by its id and its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named<I> {
    /// Its id.
    pub id: I,
    /// Its name.
    pub name: String,
}

/// Whoever asked for help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requester {
    /// The user's id.
    pub id: Id,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Whether they have proved that the address is theirs, by a link that was mailed there.
    pub is_known: bool,
}

impl WorkTicket {
    /// What whoever hears of something is told about it; see [`super::tellable`].
    pub fn news(&self, told: &[(Id, FilledIn)]) -> News {
        News {
            number: self.number.clone(),
            subject: self.subject.clone(),
            department: self.department.name.clone(),
            requester: Correspondent {
                name: self.requester.name.clone(),
                address: self.requester.email.clone(),
            },
            is_answered: false,
            filled: tellable_of(&self.id, told),
        }
    }

    /// Goes up with each change of what it is; what is written to it changes nothing.
    pub fn version(&self) -> i64 {
        self.version
    }
}

impl Thing for WorkTicket {
    fn tenant(&self) -> TenantId {
        self.tenant
    }

    fn path(&self) -> Option<&Path> {
        Some(&self.path)
    }

    fn work(&self) -> Option<&Work> {
        Some(&self.work)
    }

    fn bond(&self, principal: &Principal<'_>) -> Bond {
        match principal {
            Principal::User(user) if user.has_link_to(&self.id) => Bond::Requester,
            Principal::Agent(agent) if Some(&agent.id) == self.manager.as_ref() => Bond::Manager,
            Principal::User(_)
            | Principal::Agent(_)
            | Principal::ApiKey(_)
            | Principal::Mailbox(_)
            | Principal::Scheduler(_)
            | Principal::Operator(_) => Bond::Other,
        }
    }
}

/// Looks up a ticket by its number, for whatever is to be done to it.
pub fn find_for_work(scope: &Scope, number: &str) -> Query<Found<WorkTicket>> {
    scope
        .statement(sql!(
            "SELECT t.tenant_id, t.ticket_id, t.number, t.version, t.subject, t.state, t.priority,
                    t.source, s.grace_hours, t.created_at, t.updated_at, t.due_at, t.overdue_at,
                    t.answered_at, t.closed_at, t.realm_id, r.path, r.name AS realm, t.department_id,
                    d.name AS department, d.manager_id, t.topic_id, p.name AS topic, t.agent_id,
                    a.name AS assignee, g.name AS team, t.user_id, u.name AS requester, u.email AS requester_email,
                    u.link_epoch > 1 AS is_known, t.team_id,
                    w.status_id, w.name AS status,
                    (SELECT json_group_array(json_array(o.name, v.text,
                              coalesce((SELECT c.value ->> 1
                                          FROM json_each(o.options, '$.choices') AS c
                                         WHERE o.kind = 'choice' AND c.value ->> 0 = v.text),
                                       v.text),
                              o.user_access <> 'hidden', o.kind, v.number))
                       FROM field_value AS v
                       JOIN field AS o ON o.tenant_id = ?1 AND o.field_id = v.field_id
                      WHERE v.tenant_id = ?1 AND v.ticket_id = t.ticket_id
                        AND o.agent_access <> 'hidden'
                        AND NOT EXISTS (SELECT 1 FROM field_role AS l
                                         WHERE l.tenant_id = ?1 AND l.field_id = o.field_id))
                      AS filled,
                    (SELECT json_group_array(json_array(f.agent_id, f.team_id, f.department_id))
                       FROM referral AS f
                      WHERE f.tenant_id = t.tenant_id AND f.ticket_id = t.ticket_id) AS referrals
               FROM ticket AS t
               JOIN realm AS r ON r.tenant_id = t.tenant_id AND r.realm_id = t.realm_id
               JOIN user AS u ON u.tenant_id = t.tenant_id AND u.user_id = t.user_id
               JOIN department AS d
                 ON d.tenant_id = t.tenant_id AND d.department_id = t.department_id
               JOIN ticket_status AS w
                 ON w.tenant_id = ?1 AND w.status_id = coalesce(t.status_id,
                      CASE WHEN t.state = 'open' THEN 1 WHEN t.shelf IS NULL THEN 3 ELSE 4 END)
               LEFT JOIN help_topic AS p ON p.tenant_id = ?1 AND p.topic_id = t.topic_id
               LEFT JOIN agent AS a ON a.tenant_id = ?1 AND a.agent_id = t.agent_id
               LEFT JOIN team AS g ON g.tenant_id = ?1 AND g.team_id = t.team_id
               LEFT JOIN sla_plan AS s ON s.tenant_id = ?1 AND s.sla_plan_id = t.sla_plan_id
              WHERE t.tenant_id = ?1 AND t.number = ?2 AND coalesce(t.shelf, '') <> 'deleted'"
        ))
        .bind(number)
        .rows(|row| Ok(Found::new(from_row(row)?)))
}

fn from_row(row: &Row) -> Result<WorkTicket, DbError> {
    let priority: i64 = row.get("priority")?;
    let corrupt = || DbError::Corrupt(format!("ticket.priority: {priority}"));
    Ok(WorkTicket {
        id: row.get("ticket_id")?,
        number: row.get("number")?,
        subject: row.get("subject")?,
        is_closed: row.get::<String>("state")? == "closed",
        status: Named::from_row(row, "status_id", "status")?,
        priority: Priority::of_id(priority).ok_or_else(corrupt)?,
        source: row.get("source")?,
        realm: Named::from_row(row, "realm_id", "realm")?,
        requester: Requester {
            id: row.get("user_id")?,
            name: row.get("requester")?,
            email: row.get("requester_email")?,
            is_known: row.get("is_known")?,
        },
        department: Named::from_row(row, "department_id", "department")?,
        topic: Named::maybe_from_row(row, "topic_id", "topic")?,
        assignee: Named::maybe_from_row(row, "agent_id", "assignee")?,
        team: Named::maybe_from_row(row, "team_id", "team")?,
        grace_hours: row.get("grace_hours")?,
        filled: filled(row)?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
        due_at: row.get("due_at")?,
        overdue_at: row.get("overdue_at")?,
        answered_at: row.get("answered_at")?,
        closed_at: row.get("closed_at")?,
        tenant: row.get("tenant_id")?,
        path: row.get("path")?,
        version: row.get("version")?,
        manager: row.get("manager_id")?,
        work: Work::from_row(row)?,
    })
}

fn filled(row: &Row) -> Result<Vec<FilledIn>, DbError> {
    let stored: String = row.get("filled")?;
    let corrupt = || DbError::Corrupt(format!("field_value: {stored}"));
    let values: Vec<Value> = serde_json::from_str(&stored).map_err(|_| corrupt())?;
    let values = values
        .iter()
        .map(|value| filled_in(value).ok_or_else(corrupt));
    values.collect()
}

fn filled_in(value: &Value) -> Option<FilledIn> {
    let text = |at: usize| value[at].as_str().map(str::to_owned);
    Some(FilledIn {
        name: text(0)?,
        text: text(1)?,
        words: text(2)?,
        is_for_users: value[3].as_i64() == Some(1),
        kind: form::Kind::named(value[4].as_str()?)?,
        number: value[5].as_i64(),
    })
}

impl<I: FromValue> Named<I> {
    /// Reads one from two columns of a row.
    pub(crate) fn from_row(row: &Row, id: &str, name: &str) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get(id)?,
            name: row.get(name)?,
        })
    }

    /// The same; `None` where the row has none.
    pub(crate) fn maybe_from_row(row: &Row, id: &str, name: &str) -> Result<Option<Self>, DbError> {
        let (id, name): (Option<_>, Option<_>) = (row.get(id)?, row.get(name)?);
        Ok(id.zip(name).map(|(id, name)| Self { id, name }))
    }
}
