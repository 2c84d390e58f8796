//! Intake's SQL.

use serde_json::json;
use tenancy::port::{BatchStatement, DbError, Row, Rows, texts};
use tenancy::scope::{Queries, Query};
use tenancy::{Id, RealmId, Scope, Statement, Timestamp, sql};

use super::setup::{Department, Plan, Requester, Setup};
use super::submission::Request;
use crate::filter::{self, Filter};
use crate::outbox::Correspondent;
use crate::setting::{self, Held, Settings};
use crate::template::{self, Written};
use crate::topic::{self, Topic};

/// Who the realm's mail comes from.
pub type Sender = Correspondent;

type Routes = (
    Query<Topic>,
    Query<Department>,
    Query<Plan>,
    Query<Sender>,
    Query<Option<Held>>,
    Query<Written>,
);
type Judges = (Query<Filter>, Query<Asking>);

/// What is known, in one realm, of an address that asks for a ticket.
#[derive(Clone, Debug)]
pub struct Asking {
    requester: Requester,
    is_banned: bool,
}

/// The queries for what intake goes by; see [`setup`].
pub struct SetupQueries {
    routes: Routes,
    judges: Option<Judges>,
}

/// Reads what intake goes by: of the site's realm and those above it, and about whoever asks for
/// a ticket.
///
/// Those are the addresses, lower case, that may turn out to be the requester's. Where nobody
/// asks for one, filters are not read either, and nothing can be admitted by them.
pub fn setup(scope: &Scope, asking: Option<&[&str]>) -> SetupQueries {
    let routes = (
        topic::inherited(scope),
        departments(scope),
        plans(scope),
        senders(scope),
        setting::inherited(scope),
        template::written(scope),
    );
    let judges = asking.map(|addresses| (filter::inherited(scope), of_addresses(scope, addresses)));
    SetupQueries { routes, judges }
}

impl Queries for SetupQueries {
    type Readers = (
        usize,
        <Routes as Queries>::Readers,
        Option<<Judges as Queries>::Readers>,
    );
    type Answers = Setup;

    fn split(self) -> (Vec<BatchStatement>, Self::Readers) {
        let (mut batch, routes) = self.routes.split();
        let routed = batch.len();
        let judges = self.judges.map(|judges| {
            let (statements, readers) = judges.split();
            batch.extend(statements);
            readers
        });
        (batch, (routed, routes, judges))
    }

    fn answers(readers: Self::Readers, mut rows: Vec<Rows>) -> Result<Setup, DbError> {
        let (routed, routes, judges) = readers;
        let judged = rows.split_off(routed.min(rows.len()));
        let (topics, departments, plans, senders, settings, written) =
            Routes::answers(routes, rows)?;
        let setup = Setup {
            topics: topic::standing(&topics),
            departments,
            plans,
            sender: senders.into_iter().next(),
            settings: Settings::of(&settings),
            templates: written.into_iter().collect(),
            ..Setup::default()
        };
        let Some(judges) = judges else {
            return Ok(setup);
        };
        let (filters, asking) = Judges::answers(judges, judged)?;
        let banned = asking.iter().filter(|it| it.is_banned);
        Ok(Setup {
            filters: Some(filters),
            banned: banned.map(|it| it.requester.email.clone()).collect(),
            requesters: asking.into_iter().map(|it| it.requester).collect(),
            ..setup
        })
    }
}

/// What is known of these addresses in the site's realm and in each of those above it: whether it
/// bans them, whether a user of it has them, and with how many tickets open; and what their
/// organization, be it one that they would join, does to new tickets. Its account manager counts
/// as long as they work and are shown the site's realm.
fn of_addresses(scope: &Scope, addresses: &[&str]) -> Query<Asking> {
    scope
        .local(sql!(
            "WITH RECURSIVE here (realm_id, parent_id, above) AS (
               SELECT r.realm_id, r.parent_id, 0 FROM realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = ?2
               UNION ALL
               SELECT r.realm_id, r.parent_id, here.above + 1 FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id)
             SELECT asked.value AS email, here.realm_id,
                    coalesce(u.user_id, o.organization_id) IS NOT NULL AS is_known,
                    coalesce(o.taking_part, 'none') <> 'none' AS has_company,
                    (SELECT a.agent_id FROM agent AS a
                      WHERE o.assigns_manager = 1
                        AND a.tenant_id = ?1 AND a.agent_id = o.manager_id AND a.is_active = 1
                        AND (a.realm_id IN (SELECT up.realm_id FROM here AS up)
                             OR EXISTS (SELECT 1 FROM agent_grant AS g
                                         WHERE g.tenant_id = ?1 AND g.agent_id = a.agent_id
                                           AND g.realm_id IN (SELECT up.realm_id FROM here AS up)))
                        AND a.role_id = coalesce((SELECT c.role_id FROM here AS up
                                                   CROSS JOIN restriction AS c
                                                   WHERE c.tenant_id = ?1
                                                     AND c.realm_id = up.realm_id
                                                   ORDER BY up.above LIMIT 1), a.role_id))
                      AS manager_id,
                    (SELECT coalesce(sum(c.tickets), 0) FROM user_count AS c
                      WHERE c.tenant_id = ?1 AND c.user_id = u.user_id AND c.state = 'open')
                      AS open_tickets,
                    (SELECT json_group_array(v.field_id || ':' || v.text) FROM user_value AS v
                      WHERE v.tenant_id = ?1 AND v.user_id = u.user_id) AS profile,
                    (SELECT json_group_array(v.field_id || ':' || v.text)
                       FROM organization_value AS v
                      WHERE v.tenant_id = ?1 AND v.organization_id = o.organization_id)
                      AS company_profile,
                    EXISTS (SELECT 1 FROM filter AS f
                             CROSS JOIN filter_rule AS w
                             WHERE f.tenant_id = ?1 AND f.realm_id = here.realm_id
                               AND f.is_ban_list = 1 AND f.is_active = 1
                               AND w.tenant_id = ?1 AND w.filter_id = f.filter_id
                               AND w.value = asked.value) AS is_banned
               FROM json_each(?3) AS asked
              CROSS JOIN here
               LEFT JOIN user AS u
                 ON u.tenant_id = ?1 AND u.realm_id = here.realm_id AND u.email = asked.value
               LEFT JOIN organization AS o
                 ON o.tenant_id = ?1 AND o.organization_id =
                    iif(u.user_id IS NOT NULL, u.organization_id,
                        coalesce((SELECT d.organization_id FROM organization_domain AS d
                                   WHERE d.tenant_id = ?1 AND d.realm_id = here.realm_id
                                     AND d.domain =
                                         substr(asked.value, instr(asked.value, '@') + 1)),
                                 (SELECT d.organization_id FROM organization_domain AS d
                                   WHERE d.tenant_id = ?1 AND d.realm_id = here.realm_id
                                     AND d.domain >= '.' AND d.domain < '/'
                                     AND substr(asked.value, -length(d.domain)) = d.domain
                                   ORDER BY length(d.domain) DESC
                                   LIMIT 1)))"
        ))
        .bind(json!(addresses).to_string())
        .rows(|row| {
            Ok(Asking {
                requester: Requester {
                    email: row.get("email")?,
                    realm: row.get("realm_id")?,
                    open_tickets: row.get("open_tickets")?,
                    is_known: row.get("is_known")?,
                    manager: row.get("manager_id")?,
                    has_company: row.get("has_company")?,
                    profile: [values(row, "profile")?, values(row, "company_profile")?].concat(),
                },
                is_banned: row.get("is_banned")?,
            })
        })
}

fn values(row: &Row, column: &str) -> Result<Vec<(i64, String)>, DbError> {
    let listed: String = row.get(column)?;
    let value = |text: String| {
        let (field, value) = text.split_once(':')?;
        Some((field.parse().ok()?, value.to_owned()))
    };
    let values = texts(&listed).map(|texts| texts.into_iter().filter_map(value).collect());
    values.ok_or_else(|| DbError::Corrupt(format!("{column}: {listed}")))
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
             SELECT d.department_id, d.name, d.sla_plan_id, d.answers_tickets
               FROM here
              CROSS JOIN department AS d
              WHERE d.tenant_id = ?1 AND d.realm_id = here.realm_id
              ORDER BY here.above, d.department_id"
        ))
        .rows(|row| {
            Ok(Department {
                id: row.get("department_id")?,
                name: row.get("name")?,
                plan: row.get("sla_plan_id")?,
                answers_tickets: row.get("answers_tickets")?,
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

/// Makes the user known, unless the realm has one with this address already. A new one joins the
/// organization that the address's domain leads to.
pub(crate) fn ensure_user(
    scope: &Scope,
    id: &Id,
    realm: RealmId,
    request: &Request,
    now: Timestamp,
) -> Statement {
    scope
        .statement(sql!(
            "INSERT INTO user (tenant_id, user_id, realm_id, email, name, created_at,
                               organization_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6,
                     coalesce((SELECT d.organization_id FROM organization_domain AS d
                                WHERE d.tenant_id = ?1 AND d.realm_id = ?3
                                  AND d.domain = substr(?4, instr(?4, '@') + 1)),
                              (SELECT d.organization_id FROM organization_domain AS d
                                WHERE d.tenant_id = ?1 AND d.realm_id = ?3
                                  AND d.domain >= '.' AND d.domain < '/'
                                  AND substr(?4, -length(d.domain)) = d.domain
                                ORDER BY length(d.domain) DESC
                                LIMIT 1)))
             ON CONFLICT (tenant_id, realm_id, email) DO NOTHING"
        ))
        .bind(id)
        .bind(realm)
        .bind(request.email.as_str())
        .bind(request.name.as_str())
        .bind(now)
}
