//! Reading ban lists: what stands on them, and whether somebody does.

use tenancy::port::{DbError, Row};
use tenancy::realm::Path;
use tenancy::{Id, Query, RealmId, Scope, Sight, sql};

/// An address on a realm's ban list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Banned {
    /// The address.
    pub address: String,
    /// The realm that bans it.
    pub realm: RealmId,
    /// That realm's name.
    pub realm_name: String,
    /// Where it lies.
    pub path: Path,
}

fn from_row(row: &Row) -> Result<Banned, DbError> {
    Ok(Banned {
        address: row.get("address")?,
        realm: row.get("realm_id")?,
        realm_name: row.get("realm")?,
        path: row.get("path")?,
    })
}

/// Some of the banned addresses of the realms in sight that hold a text, realm by realm and there
/// by address, behind one of them.
pub fn on_lists(
    scope: &Scope,
    sight: &Sight,
    holding: &str,
    behind: Option<(&Path, &str)>,
    most: i64,
) -> Query<Banned> {
    let (path, address) = behind.map_or(("", ""), |(path, address)| (path.as_str(), address));
    scope
        .sighted(
            sight,
            sql!(
                "SELECT w.value AS address, r.realm_id, r.name AS realm, r.path
                   FROM json_each(?2) AS span
                  CROSS JOIN realm AS r INDEXED BY realm_by_path
                  CROSS JOIN filter AS f INDEXED BY filter_of_realm
                  CROSS JOIN filter_rule AS w INDEXED BY filter_rule_by_value
                  WHERE r.tenant_id = ?1
                    AND r.path >= max(span.value ->> 0, ?3) AND r.path < span.value ->> 1
                    AND f.tenant_id = ?1 AND f.realm_id = r.realm_id AND f.is_ban_list = 1
                    AND w.tenant_id = ?1 AND w.filter_id = f.filter_id
                    AND w.value > iif(r.path = ?3, ?4, '')
                    AND (?5 = '' OR instr(w.value, ?5) > 0)
                  LIMIT ?6"
            ),
        )
        .bind(path)
        .bind(address)
        .bind(holding)
        .bind(most)
        .rows(from_row)
}

/// The realms that ban a user's address, of the user's own and of those above it.
pub fn of_user(scope: &Scope, user: Option<&Id>) -> Query<Banned> {
    scope
        .statement(sql!(
            "WITH RECURSIVE here (address, realm_id, parent_id) AS (
               SELECT u.email, r.realm_id, r.parent_id
                 FROM user AS u
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = u.realm_id
                WHERE u.tenant_id = ?1 AND u.user_id = ?2
               UNION ALL
               SELECT here.address, r.realm_id, r.parent_id FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id)
             SELECT here.address, r.realm_id, r.name AS realm, r.path
               FROM here
              CROSS JOIN realm AS r
              WHERE r.tenant_id = ?1 AND r.realm_id = here.realm_id
                AND EXISTS (SELECT 1 FROM filter AS f
                             CROSS JOIN filter_rule AS w
                             WHERE f.tenant_id = ?1 AND f.realm_id = here.realm_id
                               AND f.is_ban_list = 1 AND f.is_active = 1
                               AND w.tenant_id = ?1 AND w.filter_id = f.filter_id
                               AND w.value = here.address)"
        ))
        .bind(user)
        .rows(from_row)
}

/// The realms that ban the requester of a ticket, of the ticket's own and of those above it.
pub fn of_ticket(scope: &Scope, number: &str) -> Query<Banned> {
    scope
        .statement(sql!(
            "WITH RECURSIVE here (address, realm_id, parent_id) AS (
               SELECT u.email, r.realm_id, r.parent_id
                 FROM ticket AS t
                 JOIN user AS u ON u.tenant_id = ?1 AND u.user_id = t.user_id
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = t.realm_id
                WHERE t.tenant_id = ?1 AND t.number = ?2
               UNION ALL
               SELECT here.address, r.realm_id, r.parent_id FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id)
             SELECT here.address, r.realm_id, r.name AS realm, r.path
               FROM here
              CROSS JOIN realm AS r
              WHERE r.tenant_id = ?1 AND r.realm_id = here.realm_id
                AND EXISTS (SELECT 1 FROM filter AS f
                             CROSS JOIN filter_rule AS w
                             WHERE f.tenant_id = ?1 AND f.realm_id = here.realm_id
                               AND f.is_ban_list = 1 AND f.is_active = 1
                               AND w.tenant_id = ?1 AND w.filter_id = f.filter_id
                               AND w.value = here.address)"
        ))
        .bind(number)
        .rows(from_row)
}
