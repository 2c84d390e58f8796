//! The users' lists' SQL.

use tenancy::port::{DbError, Row};
use tenancy::principal::{Account, Membership};
use tenancy::{Query, RealmId, Scope, Statement, sql};

use super::{Counts, Listing, UserTicket, Whose};
use crate::queue::{PAGE, Turn};

/// So many of the tickets that a user takes part in are counted, the newest.
const MOST_COUNTED: i64 = 1_000;

/// Reads one page of a list and one ticket more.
pub fn page(scope: &Scope, account: &Account, listing: &Listing) -> Query<UserTicket> {
    let statement = match (listing.whose, &listing.turn) {
        (Whose::Mine, Turn::First | Turn::OlderThan(_)) => mine_older(scope),
        (Whose::Mine, Turn::NewerThan(_)) => mine_newer(scope),
        (Whose::Shared, Turn::First | Turn::OlderThan(_)) => shared_older(scope),
        (Whose::Shared, Turn::NewerThan(_)) => shared_newer(scope),
    };
    let statement = statement
        .bind(&account.id)
        .bind(listing.state.to_json())
        .bind(listing.turn.from())
        .bind(i64::try_from(PAGE + 1).unwrap_or(i64::MAX))
        .bind(listing.topic)
        .bind(listing.search.as_str());
    let statement = match listing.whose {
        Whose::Mine => statement.bind(joining(account, listing.is_joining)),
        Whose::Shared => statement.bind(organization(account)).bind(account.realm),
    };
    statement.rows(ticket_from_row)
}

/// The organization that shares with the user; without one, nothing is found.
fn organization(account: &Account) -> Option<tenancy::Id> {
    account.shared().map(|Membership { id, .. }| id.clone())
}

/// The realm whose tickets of others the user takes part in; none, where they do not see these.
fn joining(account: &Account, sees: bool) -> Option<RealmId> {
    sees.then_some(account.realm)
}

/// Takes a page of each state of the user's own tickets, and one of those they take part in; what
/// is looked for is looked for among these only.
fn mine_older(scope: &Scope) -> Statement {
    scope.statement(sql!(
        "SELECT t.ticket_id, t.number, t.subject, t.created_at, t.updated_at, t.closed_at,
                    t.realm_id, r.name AS realm, u.name AS requester, t.user_id <> ?2 AS is_joined
               FROM json_each(?3) AS wanted
              CROSS JOIN ticket AS t
               JOIN realm AS r ON r.tenant_id = t.tenant_id AND r.realm_id = t.realm_id
               JOIN user AS u ON u.tenant_id = t.tenant_id AND u.user_id = t.user_id
              WHERE t.tenant_id = ?1
                AND t.ticket_id IN
                    (SELECT own.ticket_id
                       FROM (SELECT x.ticket_id
                               FROM ticket AS x INDEXED BY ticket_of_user_by_state
                              WHERE x.tenant_id = ?1 AND x.user_id = ?2
                                AND x.state = wanted.value AND x.shelf IS NULL
                                AND x.ticket_id < ?4 AND (?6 IS NULL OR x.topic_id = ?6)
                                AND (?7 = '' OR x.number = ?7
                                     OR instr(lower(x.subject), lower(?7)) > 0)
                              ORDER BY x.ticket_id DESC
                              LIMIT ?5) AS own
                     UNION ALL
                     SELECT joined.ticket_id
                       FROM (SELECT c.ticket_id
                               FROM collaborator AS c INDEXED BY collaborator_of_user
                              CROSS JOIN ticket AS x
                              WHERE c.tenant_id = ?1 AND c.user_id = ?2 AND c.is_active = 1
                                AND c.ticket_id < ?4
                                AND x.tenant_id = ?1 AND x.ticket_id = c.ticket_id
                                AND x.realm_id = ?8 AND x.user_id <> ?2
                                AND x.state = wanted.value AND x.shelf IS NULL
                                AND (?6 IS NULL OR x.topic_id = ?6)
                                AND (?7 = '' OR x.number = ?7
                                     OR instr(lower(x.subject), lower(?7)) > 0)
                              ORDER BY c.ticket_id DESC
                              LIMIT ?5) AS joined)
              ORDER BY t.ticket_id DESC
              LIMIT ?5"
    ))
}

fn mine_newer(scope: &Scope) -> Statement {
    scope.statement(sql!(
        "SELECT t.ticket_id, t.number, t.subject, t.created_at, t.updated_at, t.closed_at,
                    t.realm_id, r.name AS realm, u.name AS requester, t.user_id <> ?2 AS is_joined
               FROM json_each(?3) AS wanted
              CROSS JOIN ticket AS t
               JOIN realm AS r ON r.tenant_id = t.tenant_id AND r.realm_id = t.realm_id
               JOIN user AS u ON u.tenant_id = t.tenant_id AND u.user_id = t.user_id
              WHERE t.tenant_id = ?1
                AND t.ticket_id IN
                    (SELECT own.ticket_id
                       FROM (SELECT x.ticket_id
                               FROM ticket AS x INDEXED BY ticket_of_user_by_state
                              WHERE x.tenant_id = ?1 AND x.user_id = ?2
                                AND x.state = wanted.value AND x.shelf IS NULL
                                AND x.ticket_id > ?4 AND (?6 IS NULL OR x.topic_id = ?6)
                                AND (?7 = '' OR x.number = ?7
                                     OR instr(lower(x.subject), lower(?7)) > 0)
                              ORDER BY x.ticket_id ASC
                              LIMIT ?5) AS own
                     UNION ALL
                     SELECT joined.ticket_id
                       FROM (SELECT c.ticket_id
                               FROM collaborator AS c INDEXED BY collaborator_of_user
                              CROSS JOIN ticket AS x
                              WHERE c.tenant_id = ?1 AND c.user_id = ?2 AND c.is_active = 1
                                AND c.ticket_id > ?4
                                AND x.tenant_id = ?1 AND x.ticket_id = c.ticket_id
                                AND x.realm_id = ?8 AND x.user_id <> ?2
                                AND x.state = wanted.value AND x.shelf IS NULL
                                AND (?6 IS NULL OR x.topic_id = ?6)
                                AND (?7 = '' OR x.number = ?7
                                     OR instr(lower(x.subject), lower(?7)) > 0)
                              ORDER BY c.ticket_id ASC
                              LIMIT ?5) AS joined)
              ORDER BY t.ticket_id ASC
              LIMIT ?5"
    ))
}

/// Looks into the colleagues one by one, so that it costs pages and not tickets.
fn shared_older(scope: &Scope) -> Statement {
    scope.statement(sql!(
        "SELECT t.ticket_id, t.number, t.subject, t.created_at, t.updated_at, t.closed_at,
                    t.realm_id, r.name AS realm, u.name AS requester, 0 AS is_joined
               FROM user AS u INDEXED BY user_of_organization
              CROSS JOIN json_each(?3) AS wanted
              CROSS JOIN ticket AS t
               JOIN realm AS r ON r.tenant_id = t.tenant_id AND r.realm_id = t.realm_id
              WHERE u.tenant_id = ?1 AND u.organization_id = ?8 AND u.realm_id = ?9
                AND u.user_id <> ?2
                AND t.tenant_id = ?1 AND t.ticket_id IN
                    (SELECT x.ticket_id
                       FROM ticket AS x INDEXED BY ticket_of_user_by_state
                      WHERE x.tenant_id = ?1 AND x.user_id = u.user_id AND x.state = wanted.value
                        AND x.shelf IS NULL
                        AND x.realm_id = ?9 AND x.ticket_id < ?4
                        AND (?6 IS NULL OR x.topic_id = ?6)
                        AND (?7 = '' OR x.number = ?7
                             OR instr(lower(x.subject), lower(?7)) > 0)
                      ORDER BY x.ticket_id DESC
                      LIMIT ?5)
              ORDER BY t.ticket_id DESC
              LIMIT ?5"
    ))
}

fn shared_newer(scope: &Scope) -> Statement {
    scope.statement(sql!(
        "SELECT t.ticket_id, t.number, t.subject, t.created_at, t.updated_at, t.closed_at,
                    t.realm_id, r.name AS realm, u.name AS requester, 0 AS is_joined
               FROM user AS u INDEXED BY user_of_organization
              CROSS JOIN json_each(?3) AS wanted
              CROSS JOIN ticket AS t
               JOIN realm AS r ON r.tenant_id = t.tenant_id AND r.realm_id = t.realm_id
              WHERE u.tenant_id = ?1 AND u.organization_id = ?8 AND u.realm_id = ?9
                AND u.user_id <> ?2
                AND t.tenant_id = ?1 AND t.ticket_id IN
                    (SELECT x.ticket_id
                       FROM ticket AS x INDEXED BY ticket_of_user_by_state
                      WHERE x.tenant_id = ?1 AND x.user_id = u.user_id AND x.state = wanted.value
                        AND x.shelf IS NULL
                        AND x.realm_id = ?9 AND x.ticket_id > ?4
                        AND (?6 IS NULL OR x.topic_id = ?6)
                        AND (?7 = '' OR x.number = ?7
                             OR instr(lower(x.subject), lower(?7)) > 0)
                      ORDER BY x.ticket_id ASC
                      LIMIT ?5)
              ORDER BY t.ticket_id ASC
              LIMIT ?5"
    ))
}

fn ticket_from_row(row: &Row) -> Result<UserTicket, DbError> {
    Ok(UserTicket {
        id: row.get("ticket_id")?,
        number: row.get("number")?,
        subject: row.get("subject")?,
        requester: row.get("requester")?,
        is_joined: row.get("is_joined")?,
        realm_id: row.get("realm_id")?,
        realm: row.get("realm")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
        closed_at: row.get("closed_at")?,
    })
}

/// How many tickets the user has raised, from the maintained counters, and takes part in, if they
/// see these: of those the last so many are looked at.
pub fn counts(scope: &Scope, account: &Account, sees_joined: bool) -> Query<Counts> {
    scope
        .statement(sql!(
            "WITH joined (state) AS MATERIALIZED (
               SELECT x.state
                 FROM (SELECT c.ticket_id
                         FROM collaborator AS c INDEXED BY collaborator_of_user
                        WHERE c.tenant_id = ?1 AND c.user_id = ?2 AND c.is_active = 1
                          AND ?3 IS NOT NULL
                        ORDER BY c.ticket_id DESC
                        LIMIT ?4) AS near
                CROSS JOIN ticket AS x
                WHERE x.tenant_id = ?1 AND x.ticket_id = near.ticket_id AND x.realm_id = ?3
                  AND x.user_id <> ?2 AND x.shelf IS NULL)
             SELECT coalesce(sum(c.tickets) FILTER (WHERE c.state = 'open'), 0)
                    + (SELECT count(*) FROM joined WHERE joined.state = 'open') AS open,
                    coalesce(sum(c.tickets) FILTER (WHERE c.state = 'closed'), 0)
                    + (SELECT count(*) FROM joined WHERE joined.state = 'closed') AS closed
               FROM user_count AS c
              WHERE c.tenant_id = ?1 AND c.user_id = ?2"
        ))
        .bind(&account.id)
        .bind(joining(account, sees_joined))
        .bind(MOST_COUNTED)
        .rows(counts_from_row)
}

/// How many tickets of colleagues are shared with the user.
pub fn shared_counts(scope: &Scope, account: &Account) -> Query<Counts> {
    scope
        .statement(sql!(
            "SELECT coalesce(sum(c.tickets) FILTER (WHERE c.state = 'open'), 0) AS open,
                    coalesce(sum(c.tickets) FILTER (WHERE c.state = 'closed'), 0) AS closed
               FROM user AS u INDEXED BY user_of_organization
              CROSS JOIN user_count AS c
              WHERE u.tenant_id = ?1 AND u.organization_id = ?3 AND u.realm_id = ?4
                AND u.user_id <> ?2
                AND c.tenant_id = ?1 AND c.user_id = u.user_id AND c.realm_id = ?4"
        ))
        .bind(&account.id)
        .bind(organization(account))
        .bind(account.realm)
        .rows(counts_from_row)
}

fn counts_from_row(row: &Row) -> Result<Counts, DbError> {
    Ok(Counts {
        open: row.get("open")?,
        closed: row.get("closed")?,
    })
}
