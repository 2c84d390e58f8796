//! Grants, rules and restrictions: what changes who sees a realm (T-8 to T-11, T-23).
//!
//! Each takes a realm that was [`Granted`] for that and the [`Holdings`] of whoever asks. The
//! statement itself looks the realm up in the holdings again, whole subtree and all: so nobody
//! gives what they do not hold (T-65), not even a part of it that is closed to them, and a move
//! in between cannot help. What is given refuses its whole batch, told by [`is_not_held`]; what
//! is taken away simply stays.

use crate::policy::{Granted, act};
use crate::port::DbError;
use crate::realm::Realm;
use crate::scope::Statement;
use crate::sight::{Holdings, MOST_RESTRICTIONS, Standing};
use crate::{Id, RealmId, sql};

type Given = Granted<Realm, act::RealmGrant>;

/// Whether a batch was refused because the realm is not held, or not wholly, or not any more.
pub fn is_not_held(error: &DbError) -> bool {
    let tables = [
        "agent_grant",
        "team_grant",
        "realm_rule",
        "restriction",
        "selector",
    ];
    let is_realm = |column: &str| {
        let table = column.strip_suffix(".realm_id");
        table.is_some_and(|table| tables.contains(&table))
    };
    matches!(error, DbError::Missing(column) if is_realm(column))
}

/// Shows a realm with all below it to an agent (T-8).
pub fn show_agent(realm: &Given, holdings: &Holdings, agent: &Id) -> Statement {
    realm
        .scope()
        .sighted(
            holdings.as_sight(),
            sql!(
                "INSERT INTO agent_grant (tenant_id, agent_id, realm_id)
                 VALUES (?1, ?4, (SELECT r.realm_id
                                    FROM json_each(?2) AS span
                                   CROSS JOIN realm AS r
                                   WHERE r.tenant_id = ?1 AND r.realm_id = ?3
                                     AND r.path >= span.value ->> 0
                                     AND r.path || '~' <= span.value ->> 1))
                 ON CONFLICT DO NOTHING"
            ),
        )
        .bind(realm.id)
        .bind(agent)
}

/// Takes back what was shown to an agent.
pub fn hide_from_agent(realm: &Given, holdings: &Holdings, agent: &Id) -> Statement {
    realm
        .scope()
        .sighted(
            holdings.as_sight(),
            sql!(
                "DELETE FROM agent_grant
                  WHERE tenant_id = ?1 AND agent_id = ?4 AND realm_id = ?3
                    AND EXISTS (SELECT 1
                                  FROM json_each(?2) AS span
                                 CROSS JOIN realm AS r
                                 WHERE r.tenant_id = ?1 AND r.realm_id = ?3
                                   AND r.path >= span.value ->> 0 AND r.path < span.value ->> 1)"
            ),
        )
        .bind(realm.id)
        .bind(agent)
}

/// Shows a realm with all below it to the members of a team (T-9).
pub fn show_team(realm: &Given, holdings: &Holdings, team: i64) -> Statement {
    realm
        .scope()
        .sighted(
            holdings.as_sight(),
            sql!(
                "INSERT INTO team_grant (tenant_id, team_id, realm_id)
                 VALUES (?1, ?4, (SELECT r.realm_id
                                    FROM json_each(?2) AS span
                                   CROSS JOIN realm AS r
                                   WHERE r.tenant_id = ?1 AND r.realm_id = ?3
                                     AND r.path >= span.value ->> 0
                                     AND r.path || '~' <= span.value ->> 1))
                 ON CONFLICT DO NOTHING"
            ),
        )
        .bind(realm.id)
        .bind(team)
}

/// Takes back what was shown to a team.
pub fn hide_from_team(realm: &Given, holdings: &Holdings, team: i64) -> Statement {
    realm
        .scope()
        .sighted(
            holdings.as_sight(),
            sql!(
                "DELETE FROM team_grant
                  WHERE tenant_id = ?1 AND team_id = ?4 AND realm_id = ?3
                    AND EXISTS (SELECT 1
                                  FROM json_each(?2) AS span
                                 CROSS JOIN realm AS r
                                 WHERE r.tenant_id = ?1 AND r.realm_id = ?3
                                   AND r.path >= span.value ->> 0 AND r.path < span.value ->> 1)"
            ),
        )
        .bind(realm.id)
        .bind(team)
}

/// Shows a realm with all below it to those whose own realm is `viewer` (T-11).
pub fn show_realm(realm: &Given, holdings: &Holdings, viewer: RealmId) -> Statement {
    realm
        .scope()
        .sighted(
            holdings.as_sight(),
            sql!(
                "INSERT INTO realm_rule (tenant_id, viewer_id, realm_id)
                 VALUES (?1, ?4, (SELECT r.realm_id
                                    FROM json_each(?2) AS span
                                   CROSS JOIN realm AS r
                                   WHERE r.tenant_id = ?1 AND r.realm_id = ?3
                                     AND r.path >= span.value ->> 0
                                     AND r.path || '~' <= span.value ->> 1))
                 ON CONFLICT DO NOTHING"
            ),
        )
        .bind(realm.id)
        .bind(viewer)
}

/// Takes back what was shown to a realm.
pub fn hide_from_realm(realm: &Given, holdings: &Holdings, viewer: RealmId) -> Statement {
    realm
        .scope()
        .sighted(
            holdings.as_sight(),
            sql!(
                "DELETE FROM realm_rule
                  WHERE tenant_id = ?1 AND viewer_id = ?4 AND realm_id = ?3
                    AND EXISTS (SELECT 1
                                  FROM json_each(?2) AS span
                                 CROSS JOIN realm AS r
                                 WHERE r.tenant_id = ?1 AND r.realm_id = ?3
                                   AND r.path >= span.value ->> 0 AND r.path < span.value ->> 1)"
            ),
        )
        .bind(realm.id)
        .bind(viewer)
}

/// Whether closing a realm to a role would take the ground from under whoever does it.
pub fn shuts_out(realm: &Realm, by: &Standing, role: Option<i64>) -> bool {
    realm.path.covers(&by.primary().path) && !by.meets(role)
}

/// Closes a realm with all below it to all but holders of the role, or without a role opens it
/// again (T-10). A tenant has so many restrictions and no more, because all are read with each
/// request.
pub fn restrict(realm: &Given, holdings: &Holdings, role: Option<i64>) -> Statement {
    realm
        .scope()
        .sighted(
            holdings.as_sight(),
            sql!(
                "INSERT INTO restriction (tenant_id, realm_id, role_id)
                 VALUES (?1, (SELECT r.realm_id
                                FROM json_each(?2) AS span
                               CROSS JOIN realm AS r
                               WHERE r.tenant_id = ?1 AND r.realm_id = ?3
                                 AND r.path >= span.value ->> 0 AND r.path < span.value ->> 1
                                 AND (SELECT count(*) FROM restriction AS c
                                       WHERE c.tenant_id = ?1 AND c.realm_id <> ?3) < ?5), ?4)
                 ON CONFLICT (tenant_id, realm_id) DO UPDATE SET role_id = excluded.role_id"
            ),
        )
        .bind(realm.id)
        .bind(role)
        .bind(MOST_RESTRICTIONS)
}

/// Lets the realm above decide again about one that was closed or opened.
pub fn lift_restriction(realm: &Given, holdings: &Holdings) -> Statement {
    realm
        .scope()
        .sighted(
            holdings.as_sight(),
            sql!(
                "DELETE FROM restriction
                  WHERE tenant_id = ?1 AND realm_id = ?3
                    AND EXISTS (SELECT 1
                                  FROM json_each(?2) AS span
                                 CROSS JOIN realm AS r
                                 WHERE r.tenant_id = ?1 AND r.realm_id = ?3
                                   AND r.path >= span.value ->> 0 AND r.path < span.value ->> 1)"
            ),
        )
        .bind(realm.id)
}

/// Has the selector ask for a role before it offers a realm or any below, or without a role
/// offers it to everybody again (T-23).
pub fn require(realm: &Given, holdings: &Holdings, role: Option<i64>) -> Statement {
    realm
        .scope()
        .sighted(
            holdings.as_sight(),
            sql!(
                "INSERT INTO selector (tenant_id, realm_id, role_id)
                 VALUES (?1, (SELECT r.realm_id
                                FROM json_each(?2) AS span
                               CROSS JOIN realm AS r
                               WHERE r.tenant_id = ?1 AND r.realm_id = ?3
                                 AND r.path >= span.value ->> 0 AND r.path < span.value ->> 1), ?4)
                 ON CONFLICT (tenant_id, realm_id) DO UPDATE SET role_id = excluded.role_id"
            ),
        )
        .bind(realm.id)
        .bind(role)
}

/// Lets the realm above decide again about what the selector asks for.
pub fn lift_requirement(realm: &Given, holdings: &Holdings) -> Statement {
    realm
        .scope()
        .sighted(
            holdings.as_sight(),
            sql!(
                "DELETE FROM selector
                  WHERE tenant_id = ?1 AND realm_id = ?3
                    AND EXISTS (SELECT 1
                                  FROM json_each(?2) AS span
                                 CROSS JOIN realm AS r
                                 WHERE r.tenant_id = ?1 AND r.realm_id = ?3
                                   AND r.path >= span.value ->> 0 AND r.path < span.value ->> 1)"
            ),
        )
        .bind(realm.id)
}
