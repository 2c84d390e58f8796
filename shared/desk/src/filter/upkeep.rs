//! What administrators do with filters: see all of them, and change one.

use tenancy::policy::{Granted, act};
use tenancy::port::{DbError, Row};
use tenancy::realm::{Path, Realm};
use tenancy::{Query, RealmId, Scope, Statement, sql};

use super::{Filter, MOST_FILTERS, NewFilter, Refused, store};

/// A filter as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its id.
    pub id: i64,
    /// The realm it belongs to.
    pub realm: RealmId,
    /// Where that realm stands.
    pub path: Path,
    /// What it asks, and what it does.
    pub filter: Filter,
    /// Its place in the order; lower ones are asked first.
    pub position: i64,
    /// Whether it is asked at all.
    pub is_active: bool,
    /// The address of the agent it assigns, and where they stand.
    pub agent: Option<(String, Path)>,
}

/// Looks up all filters of a realm and of those above it, without the ban lists, in their order.
pub fn kept(scope: &Scope, realm: RealmId) -> Query<Kept> {
    scope
        .statement(sql!(
            "WITH RECURSIVE here (realm_id, parent_id, path) AS (
               SELECT r.realm_id, r.parent_id, r.path FROM realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = ?2
               UNION ALL
               SELECT r.realm_id, r.parent_id, r.path FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id),
             kept (filter_id, path) AS (
               SELECT f.filter_id, here.path
                 FROM here
                CROSS JOIN filter AS f
                WHERE f.tenant_id = ?1 AND f.realm_id = here.realm_id AND f.is_ban_list = 0)
             SELECT f.filter_id, f.realm_id, kept.path, f.name, f.target, f.mailbox,
                    f.is_match_all, f.is_last, f.position, f.is_active,
                    (SELECT json_group_array(json_array(w.what, w.field_id, w.operator, w.value))
                       FROM filter_rule AS w
                      WHERE w.tenant_id = ?1 AND w.filter_id = f.filter_id) AS rules,
                    (SELECT json_group_array(json_array(
                              a.position, a.kind, a.department_id, a.sla_plan_id, a.team_id,
                              a.agent_id, a.topic_id, a.priority, a.state, a.recipients,
                              a.subject, a.text, a.canned_reply_id,
                              (SELECT c.text FROM canned_reply AS c
                                WHERE c.tenant_id = ?1 AND c.is_active = 1
                                  AND c.canned_reply_id = a.canned_reply_id),
                              a.status_id))
                       FROM filter_action AS a
                      WHERE a.tenant_id = ?1 AND a.filter_id = f.filter_id) AS actions,
                    g.email AS agent_address, r.path AS agent_path
               FROM kept
              CROSS JOIN filter AS f
               LEFT JOIN agent AS g
                 ON g.tenant_id = ?1
                AND g.agent_id = (SELECT a.agent_id FROM filter_action AS a
                                   WHERE a.tenant_id = ?1 AND a.filter_id = f.filter_id
                                     AND a.kind = 'agent'
                                   ORDER BY a.position DESC
                                   LIMIT 1)
               LEFT JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = g.realm_id
              WHERE f.tenant_id = ?1 AND f.filter_id = kept.filter_id
              ORDER BY f.position, f.filter_id
              LIMIT ?3"
        ))
        .bind(realm)
        .bind(MOST_FILTERS)
        .rows(from_row)
}

fn from_row(row: &Row) -> Result<Kept, DbError> {
    let address: Option<String> = row.get("agent_address")?;
    let path: Option<Path> = row.get("agent_path")?;
    Ok(Kept {
        id: row.get("filter_id")?,
        realm: row.get("realm_id")?,
        path: row.get("path")?,
        filter: store::filter(row)?,
        position: row.get("position")?,
        is_active: row.get("is_active")?,
        agent: address.zip(path),
    })
}

/// Makes a filter of the realm another one.
///
/// # Errors
/// What is wrong with it; [`Refused::Dangling`] for a filter of another realm.
pub fn change(
    realm: &Granted<Realm, act::DeskManage>,
    was: &Kept,
    to: &NewFilter<'_>,
    is_active: bool,
) -> Result<Vec<Statement>, Refused> {
    if was.realm != realm.id {
        return Err(Refused::Dangling);
    }
    to.check()?;
    let scope = realm.scope();
    let mut batch = vec![
        update(realm, was.id, to, is_active),
        delete_rules(scope, was.id),
        delete_actions(scope, was.id),
    ];
    batch.extend(to.contents(scope, Some(was.id)));
    Ok(batch)
}

fn update(
    realm: &Granted<Realm, act::DeskManage>,
    filter: i64,
    to: &NewFilter<'_>,
    is_active: bool,
) -> Statement {
    let (target, mailbox) = to.target();
    realm
        .scope()
        .statement(sql!(
            "UPDATE filter
                SET name = ?4, position = ?5, target = ?6, mailbox = ?7, is_match_all = ?8,
                    is_last = ?9, is_active = ?10
              WHERE tenant_id = ?1 AND realm_id = ?2 AND filter_id = ?3 AND is_ban_list = 0"
        ))
        .bind(realm.id)
        .bind(filter)
        .bind(to.name.trim())
        .bind(to.position)
        .bind(target)
        .bind(mailbox)
        .bind(to.is_match_all)
        .bind(to.is_last)
        .bind(is_active)
}

fn delete_rules(scope: &Scope, filter: i64) -> Statement {
    scope
        .statement(sql!(
            "DELETE FROM filter_rule WHERE tenant_id = ?1 AND filter_id = ?2"
        ))
        .bind(filter)
}

fn delete_actions(scope: &Scope, filter: i64) -> Statement {
    scope
        .statement(sql!(
            "DELETE FROM filter_action WHERE tenant_id = ?1 AND filter_id = ?2"
        ))
        .bind(filter)
}
