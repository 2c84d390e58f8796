//! Intake's SQL.

use tenancy::port::{BatchStatement, DbError, Rows};
use tenancy::scope::{Queries, Query};
use tenancy::{Id, RealmId, Scope, Statement, Timestamp, sql};

use super::routing::{Department, Plan, Setup, Topic};
use super::submission::Request;
use crate::outbox::Correspondent;
use crate::template::{self, Written};
use crate::ticket::Priority;

/// Who the realm's mail comes from.
pub type Sender = Correspondent;

type Parts = (
    Query<Topic>,
    Query<Department>,
    Query<Plan>,
    Query<Sender>,
    Query<Written>,
);

/// The queries for what routing goes by; see [`setup`].
pub struct SetupQueries(Parts);

/// Reads what routing goes by: of the site's realm and those above it.
pub fn setup(scope: &Scope) -> SetupQueries {
    SetupQueries((
        topics(scope),
        departments(scope),
        plans(scope),
        senders(scope),
        template::written(scope),
    ))
}

impl Queries for SetupQueries {
    type Readers = <Parts as Queries>::Readers;
    type Answers = Setup;

    fn split(self) -> (Vec<BatchStatement>, Self::Readers) {
        self.0.split()
    }

    fn answers(readers: Self::Readers, rows: Vec<Rows>) -> Result<Setup, DbError> {
        let (topics, departments, plans, senders, written) = Parts::answers(readers, rows)?;
        Ok(Setup {
            topics,
            departments,
            plans,
            sender: senders.into_iter().next(),
            templates: written.into_iter().collect(),
        })
    }
}

/// The active topics of the site's realm and those above it, in the order they are offered.
pub fn topics(scope: &Scope) -> Query<Topic> {
    scope
        .local(sql!(
            "WITH RECURSIVE here (realm_id, parent_id) AS (
               SELECT r.realm_id, r.parent_id FROM realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = ?2
               UNION ALL
               SELECT r.realm_id, r.parent_id FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id)
             SELECT p.topic_id, p.name, p.is_public, p.department_id, p.sla_plan_id, p.priority
               FROM here
              CROSS JOIN help_topic AS p
              WHERE p.tenant_id = ?1 AND p.realm_id = here.realm_id AND p.is_active = 1
              ORDER BY p.position, p.name"
        ))
        .rows(|row| {
            Ok(Topic {
                id: row.get("topic_id")?,
                name: row.get("name")?,
                is_public: row.get("is_public")?,
                department: row.get("department_id")?,
                plan: row.get("sla_plan_id")?,
                priority: row
                    .get::<Option<i64>>("priority")?
                    .and_then(Priority::of_id),
            })
        })
}

fn departments(scope: &Scope) -> Query<Department> {
    scope
        .local(sql!(
            "WITH RECURSIVE here (realm_id, parent_id, above) AS (
               SELECT r.realm_id, r.parent_id, 0 FROM realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = ?2
               UNION ALL
               SELECT r.realm_id, r.parent_id, here.above + 1 FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id)
             SELECT d.department_id, d.name, d.sla_plan_id,
                    a.name AS manager_name, a.email AS manager_address
               FROM here
              CROSS JOIN department AS d
               LEFT JOIN agent AS a
                 ON a.tenant_id = ?1 AND a.agent_id = d.manager_id AND a.is_active = 1
              WHERE d.tenant_id = ?1 AND d.realm_id = here.realm_id
              ORDER BY here.above, d.department_id"
        ))
        .rows(|row| {
            Ok(Department {
                id: row.get("department_id")?,
                name: row.get("name")?,
                plan: row.get("sla_plan_id")?,
                manager: Correspondent::from_row(row, "manager_name", "manager_address")?,
            })
        })
}

fn plans(scope: &Scope) -> Query<Plan> {
    scope
        .statement(sql!(
            "SELECT s.sla_plan_id, s.grace_hours
               FROM sla_plan AS s
              WHERE s.tenant_id = ?1 AND s.is_active = 1
              ORDER BY s.sla_plan_id"
        ))
        .rows(|row| {
            Ok(Plan {
                id: row.get("sla_plan_id")?,
                grace_hours: row.get("grace_hours")?,
            })
        })
}

/// Who the mail of the site's realm comes from: its own address, or that of the nearest realm
/// above that has one.
pub fn senders(scope: &Scope) -> Query<Sender> {
    scope
        .local(sql!(
            "WITH RECURSIVE here (realm_id, parent_id, above) AS (
               SELECT r.realm_id, r.parent_id, 0 FROM realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = ?2
               UNION ALL
               SELECT r.realm_id, r.parent_id, here.above + 1 FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id)
             SELECT m.name, m.address
               FROM here
              CROSS JOIN mail_address AS m
              WHERE m.tenant_id = ?1 AND m.realm_id = here.realm_id
              ORDER BY here.above, m.is_primary DESC, m.address
              LIMIT 1"
        ))
        .rows(|row| {
            Ok(Correspondent {
                name: row.get("name")?,
                address: row.get("address")?,
            })
        })
}

/// Makes the user known, unless the realm has one with this address already.
pub(crate) fn ensure_user(
    scope: &Scope,
    id: &Id,
    realm: RealmId,
    request: &Request,
    now: Timestamp,
) -> Statement {
    scope
        .statement(sql!(
            "INSERT INTO user (tenant_id, user_id, realm_id, email, name, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (tenant_id, realm_id, email) DO NOTHING"
        ))
        .bind(id)
        .bind(realm)
        .bind(request.email.as_str())
        .bind(request.name.as_str())
        .bind(now)
}
