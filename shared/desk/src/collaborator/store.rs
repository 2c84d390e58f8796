//! The collaborators' SQL.

use serde_json::json;
use tenancy::policy::{Granted, act};
use tenancy::port::Random;
use tenancy::{Id, Query, RealmId, Scope, Statement, Timestamp, sql};

use super::{Candidate, Collaborator, Doing, Joining, MOST_COMPANY};
use crate::email::EmailAddress;
use crate::ticket::WorkTicket;

/// Looks up who takes part in a ticket, by name.
pub fn of_ticket(scope: &Scope, number: &str) -> Query<Collaborator> {
    scope
        .statement(sql!(
            "SELECT u.user_id, u.name, u.email, c.is_active
               FROM ticket AS t
              CROSS JOIN collaborator AS c
              CROSS JOIN user AS u
              WHERE t.tenant_id = ?1 AND t.number = ?2
                AND c.tenant_id = ?1 AND c.ticket_id = t.ticket_id
                AND u.tenant_id = ?1 AND u.user_id = c.user_id
              ORDER BY u.name, u.user_id
              LIMIT 200"
        ))
        .bind(number)
        .rows(|row| {
            Ok(Collaborator {
                user: row.get("user_id")?,
                name: row.get("name")?,
                email: row.get("email")?,
                is_active: row.get("is_active")?,
            })
        })
}

/// People whom a mail brings to a ticket.
pub(crate) struct Brought<'a> {
    pub(crate) ticket: &'a Id,
    /// The realm whose users they are, or become.
    pub(crate) realm: RealmId,
    pub(crate) people: &'a [&'a (EmailAddress, String)],
    /// Whether they are in at once.
    pub(crate) is_active: bool,
    pub(crate) now: Timestamp,
}

/// Makes them known and has them take part, without the ticket's owner, addresses of ours, and
/// agents. Whoever takes part already stays as they are.
pub(crate) fn bring(scope: &Scope, brought: &Brought<'_>, random: &dyn Random) -> Vec<Statement> {
    let people = brought.people.iter().map(|(address, name)| {
        let id = Id::new(brought.now, random);
        json!([id, address.as_str(), name])
    });
    let people: Vec<_> = people.collect();
    if people.is_empty() {
        return Vec::new();
    }
    let people = json!(people).to_string();
    let known = scope
        .statement(sql!(
            "INSERT INTO user (tenant_id, user_id, realm_id, email, name, created_at)
             SELECT ?1, p.value ->> 0, ?2, p.value ->> 1, p.value ->> 2, ?3
               FROM json_each(?4) AS p
              WHERE NOT EXISTS (SELECT 1 FROM mail_address AS m
                                 WHERE m.tenant_id = ?1 AND m.address = p.value ->> 1)
                AND NOT EXISTS (SELECT 1 FROM agent AS a
                                 WHERE a.tenant_id = ?1 AND a.email = p.value ->> 1)
             ON CONFLICT (tenant_id, realm_id, email) DO NOTHING"
        ))
        .bind(brought.realm)
        .bind(brought.now)
        .bind(people.as_str());
    let joined = scope
        .statement(sql!(
            "INSERT INTO collaborator (tenant_id, ticket_id, user_id, realm_id, is_active,
                                       created_at)
             SELECT t.tenant_id, t.ticket_id, u.user_id, t.realm_id, ?5, ?6
               FROM ticket AS t
              CROSS JOIN json_each(?4) AS p
              CROSS JOIN user AS u
              WHERE t.tenant_id = ?1 AND t.ticket_id = ?3
                AND u.tenant_id = ?1 AND u.realm_id = ?2 AND u.email = p.value ->> 1
                AND u.user_id <> t.user_id
                AND NOT EXISTS (SELECT 1 FROM mail_address AS m
                                 WHERE m.tenant_id = ?1 AND m.address = u.email)
                AND NOT EXISTS (SELECT 1 FROM agent AS a
                                 WHERE a.tenant_id = ?1 AND a.email = u.email)
             ON CONFLICT (tenant_id, ticket_id, user_id) DO NOTHING"
        ))
        .bind(brought.realm)
        .bind(brought.ticket)
        .bind(people)
        .bind(brought.is_active)
        .bind(brought.now);
    vec![known, joined]
}

/// Has those members of the owner's organization take part that it says, up to so many, without
/// addresses of ours, and agents.
pub(crate) fn bring_company(scope: &Scope, ticket: &Id, now: Timestamp) -> Statement {
    scope
        .statement(sql!(
            "INSERT INTO collaborator (tenant_id, ticket_id, user_id, realm_id, is_active,
                                       created_at)
             SELECT t.tenant_id, t.ticket_id, m.user_id, t.realm_id, 1, ?3
               FROM ticket AS t
              CROSS JOIN user AS u
              CROSS JOIN organization AS o
              CROSS JOIN user AS m INDEXED BY user_of_organization
              WHERE t.tenant_id = ?1 AND t.ticket_id = ?2
                AND u.tenant_id = ?1 AND u.user_id = t.user_id
                AND o.tenant_id = ?1 AND o.organization_id = u.organization_id
                AND m.tenant_id = ?1 AND m.organization_id = o.organization_id
                AND m.user_id <> t.user_id
                AND (o.taking_part = 'everybody'
                     OR (o.taking_part = 'primary' AND m.is_primary_contact = 1))
                AND NOT EXISTS (SELECT 1 FROM mail_address AS p
                                 WHERE p.tenant_id = ?1 AND p.address = m.email)
                AND NOT EXISTS (SELECT 1 FROM agent AS a
                                 WHERE a.tenant_id = ?1 AND a.email = m.email)
              LIMIT ?4
             ON CONFLICT (tenant_id, ticket_id, user_id) DO NOTHING"
        ))
        .bind(ticket)
        .bind(now)
        .bind(MOST_COMPANY)
}

/// Looks up what is known of an address, lower case, whose owner is to take part in a ticket.
pub fn candidate(scope: &Scope, number: &str, email: &str) -> Query<Candidate> {
    scope
        .statement(sql!(
            "SELECT u.user_id,
                    EXISTS (SELECT 1 FROM mail_address AS m
                             CROSS JOIN realm AS a
                             WHERE m.tenant_id = ?1 AND m.address = ?3
                               AND a.tenant_id = ?1 AND a.realm_id = m.realm_id
                               AND instr(r.path, a.path) = 1) AS is_ours
               FROM ticket AS t
               JOIN realm AS r ON r.tenant_id = t.tenant_id AND r.realm_id = t.realm_id
               LEFT JOIN user AS u
                 ON u.tenant_id = ?1 AND u.realm_id = t.realm_id AND u.email = ?3
              WHERE t.tenant_id = ?1 AND t.number = ?2"
        ))
        .bind(number)
        .bind(email)
        .rows(|row| {
            Ok(Candidate {
                user: row.get("user_id")?,
                is_ours: row.get("is_ours")?,
            })
        })
}

/// Has somebody of the ticket's realm take part, and makes them a user of it if they are none.
/// Whoever does already refuses the batch, and so does somebody who is not who they were; see
/// [`super::refused`].
pub fn join(
    ticket: &Granted<WorkTicket, act::TicketEdit>,
    joining: Joining<'_>,
    doing: Doing<'_>,
) -> [Statement; 3] {
    let scope = ticket.scope();
    let known = scope
        .statement(sql!(
            "INSERT INTO user (tenant_id, user_id, realm_id, email, name, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (tenant_id, realm_id, email) DO NOTHING"
        ))
        .bind(joining.user)
        .bind(ticket.realm.id)
        .bind(joining.email)
        .bind(joining.name)
        .bind(doing.now);
    let joined = scope
        .statement(sql!(
            "INSERT INTO collaborator (tenant_id, ticket_id, user_id, realm_id, is_active,
                                       created_at)
             VALUES (?1, ?2,
                     (SELECT u.user_id
                        FROM ticket AS t
                       CROSS JOIN user AS u
                       WHERE t.tenant_id = ?1 AND t.ticket_id = ?2 AND t.realm_id = ?3
                         AND u.tenant_id = ?1 AND u.user_id = ?4 AND u.realm_id = ?3),
                     ?3, ?5, ?6)"
        ))
        .bind(&ticket.id)
        .bind(ticket.realm.id)
        .bind(joining.user)
        .bind(joining.is_active)
        .bind(doing.now);
    let told = told(ticket, "add", joining.user, None, doing);
    [known, joined, told]
}

/// Lets a collaborator in, or keeps them out; who is so already stays, and nothing is told of it.
pub fn set_active(
    ticket: &Granted<WorkTicket, act::TicketEdit>,
    user: &Id,
    is_active: bool,
    doing: Doing<'_>,
) -> [Statement; 2] {
    let what = if is_active { "let_in" } else { "keep_out" };
    let set = ticket.scope().statement(sql!(
        "UPDATE collaborator SET is_active = ?4
          WHERE tenant_id = ?1 AND ticket_id = ?2 AND user_id = ?3"
    ));
    let set = set.bind(&ticket.id).bind(user).bind(is_active);
    [told(ticket, what, user, Some(is_active), doing), set]
}

/// Has somebody take part no longer.
pub fn put_out(
    ticket: &Granted<WorkTicket, act::TicketEdit>,
    user: &Id,
    doing: Doing<'_>,
) -> [Statement; 2] {
    let gone = ticket.scope().statement(sql!(
        "DELETE FROM collaborator
          WHERE tenant_id = ?1 AND ticket_id = ?2 AND user_id = ?3"
    ));
    let gone = gone.bind(&ticket.id).bind(user);
    [told(ticket, "del", user, None, doing), gone]
}

/// The event that tells what is done about whoever takes part, unless it is so already. Whoever takes
/// part no longer is told nothing of.
fn told(
    ticket: &Granted<WorkTicket, act::TicketEdit>,
    what: &str,
    user: &Id,
    becomes: Option<bool>,
    doing: Doing<'_>,
) -> Statement {
    ticket
        .scope()
        .statement(sql!(
            "INSERT INTO event (tenant_id, ticket_id, event_id, realm_id, kind, detail, actor,
                                actor_id, created_at)
             SELECT c.tenant_id, c.ticket_id, ?4, c.realm_id, 'collab', ?5, ?6, ?7, ?8
               FROM collaborator AS c
              WHERE c.tenant_id = ?1 AND c.ticket_id = ?2 AND c.user_id = ?3
                AND (?9 IS NULL OR c.is_active <> ?9)"
        ))
        .bind(&ticket.id)
        .bind(user)
        .bind(doing.event)
        .bind(json!({ what: [user] }).to_string())
        .bind(doing.by.name())
        .bind(doing.by.id())
        .bind(doing.now)
        .bind(becomes)
}
