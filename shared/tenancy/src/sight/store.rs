//! How a standing is looked up: with the agent, in the one batch that every request reads first.

use crate::duty::Duties;
use crate::port::{BatchStatement, DbError, Row, Rows};
use crate::scope::{Queries, Query, Scope};
use crate::separation::{Direction, Directions, Table};
use crate::token::SessionClaims;
use crate::{Id, sql};

use super::standing::{Extension, Node, Restriction, Role, Standing, Way};

/// How many restrictions a tenant can have. All of them are read with each request, so that
/// whoever stands at the top misses none.
pub(crate) const MOST_RESTRICTIONS: i64 = 1000;
/// How many realms are added to what the direction shows; more are left out, which only narrows.
const MOST_EXTENSIONS: i64 = 1000;

impl Standing {
    /// Looks up where the agent of a session stands.
    pub fn of_session(scope: &Scope, claims: &SessionClaims) -> FindStanding {
        Self::of_agent(scope, &claims.agent)
    }

    /// Looks up where an agent stands, to explain what they see or to show it to them.
    pub fn of_agent(scope: &Scope, agent: &Id) -> FindStanding {
        FindStanding((
            seat(scope, agent),
            extensions(scope, agent),
            restrictions(scope),
            Directions::query(scope),
        ))
    }
}

type Parts = (
    Query<Seat>,
    Query<Extension>,
    Query<Restriction>,
    Query<(Option<Table>, Direction)>,
);

/// The queries that find a standing; nothing is found when there is no such agent.
pub struct FindStanding(Parts);

impl Queries for FindStanding {
    type Readers = <Parts as Queries>::Readers;
    type Answers = Option<Standing>;

    fn split(self) -> (Vec<BatchStatement>, Self::Readers) {
        self.0.split()
    }

    fn answers(readers: Self::Readers, rows: Vec<Rows>) -> Result<Self::Answers, DbError> {
        let (seats, extensions, restrictions, directions) = Parts::answers(readers, rows)?;
        let restrictions = all(restrictions)?;
        let known = |(table, direction): (Option<Table>, _)| Some((table?, direction));
        let directions = directions.into_iter().filter_map(known).collect();
        let seat = seats.into_iter().next();
        Ok(seat.map(|(primary, role, selected, duties)| Standing {
            primary,
            role: Some(role),
            selected,
            extensions,
            restrictions,
            directions,
            duties,
        }))
    }
}

/// The part of a standing that is one row: the primary realm, the role, the selected realm, and
/// the departments and teams.
type Seat = (Node, i64, Option<Node>, Duties);

fn seat(scope: &Scope, agent: &Id) -> Query<Seat> {
    scope
        .statement(sql!(
            "SELECT a.role_id, own.realm_id, own.path, own.name AS realm,
                    sel.realm_id AS selected_id, sel.path AS selected_path, sel.name AS selected,
                    a.agent_id, a.is_limited,
                    (SELECT json_group_array(json_object(
                              'id', d.department_id, 'name', d.name, 'path', r.path,
                              'is_member', p.is_member, 'role', o.name, 'keys', o.permissions))
                       FROM (SELECT m.department_id, m.role_id, 1 AS is_member
                               FROM department_member AS m INDEXED BY department_member_of_agent
                              WHERE m.tenant_id = ?1 AND m.agent_id = ?2
                              UNION ALL
                             SELECT g.department_id, NULL, 0
                               FROM department AS g INDEXED BY department_of_manager
                              WHERE g.tenant_id = ?1 AND g.manager_id = ?2) AS p
                      CROSS JOIN department AS d
                      CROSS JOIN realm AS r
                       LEFT JOIN role AS o ON o.tenant_id = ?1 AND o.role_id = p.role_id
                      WHERE d.tenant_id = ?1 AND d.department_id = p.department_id
                        AND r.tenant_id = ?1 AND r.realm_id = d.realm_id) AS posts,
                    (SELECT json_group_array(json_object(
                              'id', t.team_id, 'name', t.name, 'path', r.path))
                       FROM team_member AS m INDEXED BY team_member_of_agent
                       JOIN team AS t ON t.tenant_id = ?1 AND t.team_id = m.team_id
                       JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = t.realm_id
                      WHERE m.tenant_id = ?1 AND m.agent_id = ?2) AS bands
               FROM agent AS a
               JOIN realm AS own ON own.tenant_id = a.tenant_id AND own.realm_id = a.realm_id
               LEFT JOIN selection AS s ON s.tenant_id = a.tenant_id AND s.agent_id = a.agent_id
               LEFT JOIN realm AS sel
                 ON sel.tenant_id = s.tenant_id AND sel.realm_id = s.realm_id
              WHERE a.tenant_id = ?1 AND a.agent_id = ?2"
        ))
        .bind(agent)
        .rows(seat_from_row)
}

fn seat_from_row(row: &Row) -> Result<Seat, DbError> {
    let (primary, duties) = (Node::from_row(row)?, Duties::from_row(row)?);
    Ok((primary, row.get("role_id")?, selected(row)?, duties))
}

pub(super) fn selected(row: &Row) -> Result<Option<Node>, DbError> {
    let Some(realm) = row.get("selected_id")? else {
        return Ok(None);
    };
    let (path, name) = (row.get("selected_path")?, row.get("selected")?);
    Ok(Some(Node { realm, path, name }))
}

fn extensions(scope: &Scope, agent: &Id) -> Query<Extension> {
    scope
        .statement(sql!(
            "SELECT 'agent' AS way, NULL AS team, r.realm_id, r.path, r.name AS realm
               FROM agent_grant AS g
               JOIN realm AS r ON r.tenant_id = g.tenant_id AND r.realm_id = g.realm_id
              WHERE g.tenant_id = ?1 AND g.agent_id = ?2
             UNION ALL
             SELECT 'team', t.name, r.realm_id, r.path, r.name
               FROM team_member AS m
              CROSS JOIN team_grant AS g
               JOIN team AS t ON t.tenant_id = m.tenant_id AND t.team_id = m.team_id
               JOIN realm AS r ON r.tenant_id = g.tenant_id AND r.realm_id = g.realm_id
              WHERE m.tenant_id = ?1 AND m.agent_id = ?2
                AND g.tenant_id = m.tenant_id AND g.team_id = m.team_id
             UNION ALL
             SELECT 'rule', NULL, r.realm_id, r.path, r.name
               FROM agent AS a
               JOIN realm_rule AS v ON v.tenant_id = a.tenant_id AND v.viewer_id = a.realm_id
               JOIN realm AS r ON r.tenant_id = v.tenant_id AND r.realm_id = v.realm_id
              WHERE a.tenant_id = ?1 AND a.agent_id = ?2
              LIMIT ?3"
        ))
        .bind(agent)
        .bind(MOST_EXTENSIONS)
        .rows(extension)
}

fn extension(row: &Row) -> Result<Extension, DbError> {
    let way = match row.get::<String>("way")?.as_str() {
        "agent" => Way::Agent,
        "team" => Way::Team(row.get("team")?),
        "rule" => Way::Rule,
        other => return Err(DbError::Corrupt(format!("way: {other}"))),
    };
    let node = Node::from_row(row)?;
    Ok(Extension { node, way })
}

/// The restrictions, if these are all of the tenant's.
pub(super) fn all(restrictions: Vec<Restriction>) -> Result<Vec<Restriction>, DbError> {
    let most = usize::try_from(MOST_RESTRICTIONS).unwrap_or(usize::MAX);
    if restrictions.len() > most {
        // To go on without some of them would open what they close.
        return Err(DbError::Corrupt(format!("restriction: more than {most}")));
    }
    Ok(restrictions)
}

pub(super) fn restrictions(scope: &Scope) -> Query<Restriction> {
    scope
        .statement(sql!(
            "SELECT r.realm_id, r.path, r.name AS realm, c.role_id, o.name AS role
               FROM restriction AS c
              CROSS JOIN realm AS r
               LEFT JOIN role AS o ON o.tenant_id = c.tenant_id AND o.role_id = c.role_id
              WHERE c.tenant_id = ?1 AND r.tenant_id = c.tenant_id AND r.realm_id = c.realm_id
              LIMIT ?2"
        ))
        .bind(MOST_RESTRICTIONS + 1)
        .rows(restriction)
}

fn restriction(row: &Row) -> Result<Restriction, DbError> {
    let role = match row.get("role_id")? {
        Some(id) => Some(Role {
            id,
            name: row.get("role")?,
        }),
        None => None,
    };
    let node = Node::from_row(row)?;
    Ok(Restriction { node, role })
}
