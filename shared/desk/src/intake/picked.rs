//! What a program picks for its ticket by ids, with its SQL.
//!
//! osTicket takes these from whoever calls; here each takes the permission that the same takes
//! over the REST API. What is not to be had in the key's realm counts as not picked, like a
//! department that is not there.

use serde_json::json;
use tenancy::policy::CallKey;
use tenancy::port::{DbError, Row, texts};
use tenancy::principal::ApiKey;
use tenancy::{Id, Query, Scope, Statement, Timestamp, sql};

use super::routing::Wishes;
use crate::filter::Given;
use crate::status::State;
use crate::ticket::Priority;

/// What is picked, as it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picks {
    /// An agent.
    pub agent: Option<String>,
    /// A team.
    pub team: Option<i64>,
    /// The status it has from the start.
    pub status: Option<i64>,
    /// An address of ours, as if its mail had come there.
    pub mailbox: Option<String>,
    /// The user who raises it.
    pub requester: Option<String>,
    /// A canned reply that answers it.
    pub canned: Option<i64>,
    /// The users who take part in it.
    pub collaborators: Vec<String>,
}

/// What of it is to be had, and may be picked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picked {
    /// An agent.
    pub agent: Option<Id>,
    /// A team.
    pub team: Option<i64>,
    /// The status it has from the start.
    pub given: Option<Given>,
    /// What an address of ours says tickets are to be like.
    pub mailbox: Wishes,
    /// Address and name of the user who raises it.
    pub requester: Option<(String, String)>,
    /// What it is answered, with variables.
    pub answer: Option<String>,
    /// The users who take part in it.
    pub collaborators: Vec<String>,
}

impl Picks {
    /// Whether nothing is picked at all, so that nothing is to be looked up.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

impl Picked {
    /// What of it a key's callers may pick.
    #[must_use]
    pub fn by(self, key: &ApiKey) -> Self {
        let (works, reads) = (key.may(CallKey::TicketsWrite), key.may(CallKey::UsersRead));
        let worked = if works { self.clone() } else { Self::default() };
        Self {
            requester: self.requester.filter(|_| reads),
            mailbox: if key.can_route {
                self.mailbox
            } else {
                Wishes::default()
            },
            ..worked
        }
    }
}

/// Looks up what is picked, as it is to be had in the site's realm: agents who see its tickets,
/// what is there or above it, and its own users. One row, whatever is there.
pub fn picked(scope: &Scope, picks: &Picks) -> Query<Picked> {
    scope
        .local(sql!(
            "WITH RECURSIVE here (realm_id, parent_id, above) AS (
               SELECT r.realm_id, r.parent_id, 0 FROM realm AS r
                WHERE r.tenant_id = ?1 AND r.realm_id = ?2
               UNION ALL
               SELECT r.realm_id, r.parent_id, here.above + 1 FROM here
                 JOIN realm AS r ON r.tenant_id = ?1 AND r.realm_id = here.parent_id)
             SELECT a.agent_id, g.team_id, w.state, w.status_id, m.department_id, m.topic_id,
                    m.priority, u.email, u.name, c.text,
                    (SELECT json_group_array(p.user_id)
                       FROM json_each(?9) AS asked
                      CROSS JOIN user AS p
                      WHERE p.tenant_id = ?1 AND p.user_id = asked.value AND p.realm_id = ?2
                        AND NOT EXISTS (SELECT 1 FROM mail_address AS own
                                         WHERE own.tenant_id = ?1 AND own.address = p.email)
                        AND NOT EXISTS (SELECT 1 FROM agent AS own
                                         WHERE own.tenant_id = ?1 AND own.email = p.email))
                      AS collaborators
               FROM realm AS site
               LEFT JOIN agent AS a
                 ON a.tenant_id = ?1 AND a.agent_id = ?3 AND a.is_active = 1
                AND (a.realm_id IN (SELECT up.realm_id FROM here AS up)
                     OR EXISTS (SELECT 1 FROM agent_grant AS shown
                                 WHERE shown.tenant_id = ?1 AND shown.agent_id = a.agent_id
                                   AND shown.realm_id IN (SELECT up.realm_id FROM here AS up)))
                AND a.role_id = coalesce((SELECT closed.role_id FROM here AS up
                                           CROSS JOIN restriction AS closed
                                           WHERE closed.tenant_id = ?1
                                             AND closed.realm_id = up.realm_id
                                           ORDER BY up.above LIMIT 1), a.role_id)
               LEFT JOIN team AS g
                 ON g.tenant_id = ?1 AND g.team_id = ?4
                AND g.realm_id IN (SELECT up.realm_id FROM here AS up)
               LEFT JOIN ticket_status AS w
                 ON w.tenant_id = ?1 AND w.status_id = ?5 AND w.is_active = 1
                AND w.state IN ('open', 'closed')
               LEFT JOIN mail_address AS m
                 ON m.tenant_id = ?1 AND m.address = ?6
                AND m.realm_id IN (SELECT up.realm_id FROM here AS up)
               LEFT JOIN user AS u
                 ON u.tenant_id = ?1 AND u.user_id = ?7 AND u.realm_id = ?2
               LEFT JOIN canned_reply AS c
                 ON c.tenant_id = ?1 AND c.canned_reply_id = ?8 AND c.is_active = 1
                AND c.realm_id IN (SELECT up.realm_id FROM here AS up)
              WHERE site.tenant_id = ?1 AND site.realm_id = ?2"
        ))
        .bind(picks.agent.as_deref())
        .bind(picks.team)
        .bind(picks.status)
        .bind(picks.mailbox.as_deref())
        .bind(picks.requester.as_deref())
        .bind(picks.canned)
        .bind(json!(picks.collaborators).to_string())
        .rows(from_row)
}

fn from_row(row: &Row) -> Result<Picked, DbError> {
    let (email, name): (Option<String>, Option<String>) = (row.get("email")?, row.get("name")?);
    let priority: Option<i64> = row.get("priority")?;
    let collaborators: String = row.get("collaborators")?;
    Ok(Picked {
        agent: row.get("agent_id")?,
        team: row.get("team_id")?,
        given: given(row)?,
        mailbox: Wishes {
            department: row.get("department_id")?,
            topic: row.get("topic_id")?,
            priority: priority.and_then(Priority::of_id),
            ..Wishes::default()
        },
        requester: email.zip(name),
        answer: row.get("text")?,
        collaborators: texts(&collaborators).unwrap_or_default(),
    })
}

fn given(row: &Row) -> Result<Option<Given>, DbError> {
    let (state, id): (Option<String>, Option<i64>) = (row.get("state")?, row.get("status_id")?);
    let state = state.and_then(|name| State::named(&name));
    Ok(state.map(|state| Given {
        is_closed: state == State::Closed,
        status: id.filter(|id| *id != state.own_status()),
    }))
}

/// Has users take part in a ticket that is written by the same batch, but for its own.
pub fn take_part(
    scope: &Scope,
    ticket: &Id,
    users: &[String],
    now: Timestamp,
) -> Option<Statement> {
    let statement = scope
        .statement(sql!(
            "INSERT INTO collaborator (tenant_id, ticket_id, user_id, realm_id, is_active,
                                       created_at)
             SELECT t.tenant_id, t.ticket_id, u.user_id, t.realm_id, 1, ?4
               FROM ticket AS t
              CROSS JOIN json_each(?3) AS asked
              CROSS JOIN user AS u
              WHERE t.tenant_id = ?1 AND t.ticket_id = ?2
                AND u.tenant_id = ?1 AND u.user_id = asked.value AND u.user_id <> t.user_id
             ON CONFLICT (tenant_id, ticket_id, user_id) DO NOTHING"
        ))
        .bind(ticket)
        .bind(json!(users).to_string())
        .bind(now);
    (!users.is_empty()).then_some(statement)
}
