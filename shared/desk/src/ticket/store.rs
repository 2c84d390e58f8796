//! The ticket's SQL.

use tenancy::port::{DbError, Random, Row};
use tenancy::{Id, Query, RealmId, Scope, Statement, Timestamp, sql};

use super::number::Numbering;
use super::{Actor, EntryKind, Priority, Source, number};
use crate::filter::Given;

/// A ticket about to be written.
pub(crate) struct Opening<'a> {
    pub(crate) id: &'a Id,
    pub(crate) realm: RealmId,
    /// Random numbers, for where no sequence gives one.
    pub(crate) candidates: String,
    pub(crate) numbering: &'a Numbering,
    /// The realm the user belongs to, who may raise tickets for others below it (T-27).
    pub(crate) user_realm: RealmId,
    pub(crate) user_email: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) priority: Priority,
    pub(crate) source: Source,
    pub(crate) ip: Option<&'a str>,
    pub(crate) topic: Option<i64>,
    pub(crate) department: i64,
    pub(crate) plan: Option<i64>,
    pub(crate) agent: Option<&'a Id>,
    pub(crate) team: Option<i64>,
    /// The status it has from the start.
    pub(crate) given: Given,
    pub(crate) due_at: Option<Timestamp>,
    pub(crate) now: Timestamp,
}

/// Moves the sequence behind its next number that is free, for a ticket that takes its number
/// from one; [`open`] then takes the number before it.
pub(crate) fn move_on(scope: &Scope, numbering: &Numbering) -> Option<Statement> {
    let sequence = numbering.sequence?;
    let statement = scope.statement(sql!(
        "UPDATE sequence
            SET next = increment + (
              SELECT min(next + k.value * increment)
                FROM json_each(?3) AS k
               WHERE NOT EXISTS (
                 SELECT 1 FROM ticket AS taken
                  WHERE taken.tenant_id = ?1 AND taken.number = (
                    SELECT group_concat((g.value ->> 0) || substr(
                             substr(replace(hex(zeroblob(?5)), '00', sequence.padding), 1,
                                    max(0, ?5 - length(sequence.next
                                                       + k.value * sequence.increment)))
                             || (sequence.next + k.value * sequence.increment),
                             g.value ->> 1, g.value ->> 2), '')
                      FROM json_each(?4) AS g)))
          WHERE tenant_id = ?1 AND sequence_id = ?2"
    ));
    Some(
        statement
            .bind(sequence)
            .bind(number::steps())
            .bind(numbering.format.groups())
            .bind(numbering.format.width()),
    )
}

/// Writes the ticket under its number and returns it as `number`: the one a sequence was just
/// moved behind, or the first random one that is free. The ticket belongs to the realm of its
/// door, unless the tenant takes it from elsewhere (T-17); one that a user raised for another
/// realm than their own belongs to that. Whoever is assigned must be there.
///
/// A column that stays without a number refuses the whole batch.
pub(crate) fn open(scope: &Scope, opening: &Opening<'_>) -> Statement {
    scope
        .statement(sql!(
            "INSERT INTO ticket (tenant_id, ticket_id, realm_id, number, user_id, subject,
                                 priority, source, ip, topic_id, department_id, sla_plan_id,
                                 created_at, updated_at, due_at, agent_id, team_id, state,
                                 closed_at, status_id)
             VALUES (?1, ?2,
                     coalesce(CASE (SELECT s.realm_from FROM separation AS s
                                     WHERE s.tenant_id = ?1 AND s.table_name = 'ticket'
                                       AND ?3 = ?15)
                       WHEN 'department' THEN
                         (SELECT d.realm_id FROM department AS d
                           WHERE d.tenant_id = ?1 AND d.department_id = ?11)
                       WHEN 'organization' THEN
                         (SELECT o.realm_id FROM user AS u
                            JOIN organization AS o ON o.tenant_id = ?1
                             AND o.organization_id = u.organization_id
                           WHERE u.tenant_id = ?1 AND u.realm_id = ?15 AND u.email = ?5)
                       END, ?3),
                     coalesce(
                       (SELECT (SELECT group_concat((part.value ->> 0) || substr(
                                         substr(replace(hex(zeroblob(?18)), '00', s.padding), 1,
                                                max(0, ?18 - length(s.next - s.increment)))
                                         || (s.next - s.increment),
                                         part.value ->> 1, part.value ->> 2), '')
                                  FROM json_each(?17) AS part)
                          FROM sequence AS s
                         WHERE s.tenant_id = ?1 AND s.sequence_id = ?16),
                       (SELECT c.value FROM json_each(?4) AS c
                         WHERE NOT EXISTS (SELECT 1 FROM ticket AS taken
                                            WHERE taken.tenant_id = ?1
                                              AND taken.number = c.value)
                         LIMIT 1)),
                     (SELECT u.user_id FROM user AS u
                       WHERE u.tenant_id = ?1 AND u.realm_id = ?15 AND u.email = ?5),
                     ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?13, ?14,
                     (SELECT a.agent_id FROM agent AS a
                       WHERE a.tenant_id = ?1 AND a.agent_id = ?19 AND a.is_active = 1),
                     (SELECT g.team_id FROM team AS g
                       WHERE g.tenant_id = ?1 AND g.team_id = ?20),
                     CASE ?21 WHEN 1 THEN 'closed' ELSE 'open' END,
                     CASE ?21 WHEN 1 THEN ?13 END, ?22)
             RETURNING number"
        ))
        .bind(opening.id)
        .bind(opening.realm)
        .bind(opening.candidates.as_str())
        .bind(opening.user_email)
        .bind(opening.subject)
        .bind(opening.priority.id())
        .bind(opening.source.name())
        .bind(opening.ip)
        .bind(opening.topic)
        .bind(opening.department)
        .bind(opening.plan)
        .bind(opening.now)
        .bind(opening.due_at)
        .bind(opening.user_realm)
        .bind(opening.numbering.sequence)
        .bind(opening.numbering.format.groups())
        .bind(opening.numbering.format.width())
        .bind(opening.agent)
        .bind(opening.team)
        .bind(opening.given.is_closed)
        .bind(opening.given.status)
}

/// The user who wrote an entry.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Writer<'a> {
    /// The ticket's own.
    Owner,
    /// This one.
    User(&'a Id),
    /// No user: an agent, a program, or somebody nobody knows.
    Nobody,
}

/// What an entry does to whether its ticket is answered.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Word {
    /// It is an agent's last word.
    Answers,
    /// It is a user's.
    Asks,
    /// Nobody's: a note, what a program wrote, or the first one of all.
    Leaves,
}

/// An entry about to be written, and the event that tells of it.
pub(crate) struct OpeningEntry<'a> {
    pub(crate) ticket: &'a Id,
    pub(crate) entry: &'a Id,
    pub(crate) event: &'a Id,
    pub(crate) kind: EntryKind,
    pub(crate) event_kind: &'static str,
    pub(crate) actor: &'a Actor,
    pub(crate) author: &'a str,
    pub(crate) writer: Writer<'a>,
    pub(crate) body: &'a str,
    pub(crate) source: Source,
    pub(crate) word: Word,
    pub(crate) now: Timestamp,
}

/// Writes an entry, its event, and the ticket's time of change. Both take the ticket's realm
/// from the ticket itself (T-19); the entry its number, where the placeholder stands.
pub(crate) fn append(scope: &Scope, entry: &OpeningEntry<'_>) -> [Statement; 3] {
    let (is_owner, user) = match entry.writer {
        Writer::Owner => (true, None),
        Writer::User(id) => (false, Some(id)),
        Writer::Nobody => (false, None),
    };
    let written = scope
        .statement(sql!(
            "INSERT INTO entry (tenant_id, ticket_id, entry_id, realm_id, kind, user_id, agent_id,
                                author, body, source, created_at)
             SELECT t.tenant_id, t.ticket_id, ?3, t.realm_id, ?4,
                    CASE WHEN ?5 = 1 THEN t.user_id ELSE ?11 END, ?6, ?7,
                    replace(?8, char(57344), t.number), ?9, ?10
               FROM ticket AS t
              WHERE t.tenant_id = ?1 AND t.ticket_id = ?2"
        ))
        .bind(entry.ticket)
        .bind(entry.entry)
        .bind(entry.kind.name())
        .bind(is_owner)
        // What an agent writes down for the owner is the owner's.
        .bind(entry.actor.agent().filter(|_| !is_owner))
        .bind(entry.author)
        .bind(entry.body)
        .bind(entry.source.name())
        .bind(entry.now)
        .bind(user);
    let told = scope
        .statement(sql!(
            "INSERT INTO event (tenant_id, ticket_id, event_id, realm_id, kind, actor, actor_id,
                                created_at)
             SELECT t.tenant_id, t.ticket_id, ?3, t.realm_id, ?4, ?5, ?6, ?7
               FROM ticket AS t
              WHERE t.tenant_id = ?1 AND t.ticket_id = ?2"
        ))
        .bind(entry.ticket)
        .bind(entry.event)
        .bind(entry.event_kind)
        .bind(entry.actor.name())
        .bind(entry.actor.id())
        .bind(entry.now);
    [written, told, touch(scope, entry)]
}

/// The ticket's time of change, and whose word was the last. What leaves that alone has a
/// statement of its own: it fires no trigger, so none is planned.
fn touch(scope: &Scope, entry: &OpeningEntry<'_>) -> Statement {
    let statement = match entry.word {
        Word::Answers => scope.statement(sql!(
            "UPDATE ticket SET updated_at = ?3, answered_at = ?3
              WHERE tenant_id = ?1 AND ticket_id = ?2"
        )),
        Word::Asks => scope.statement(sql!(
            "UPDATE ticket SET updated_at = ?3, answered_at = NULL
              WHERE tenant_id = ?1 AND ticket_id = ?2"
        )),
        Word::Leaves => scope.statement(sql!(
            "UPDATE ticket SET updated_at = ?3 WHERE tenant_id = ?1 AND ticket_id = ?2"
        )),
    };
    statement.bind(entry.ticket).bind(entry.now)
}

/// Reopens the ticket if it is closed and its status lets it, with its event, a new due time and
/// the status that the former one says.
pub(crate) fn reopen(
    scope: &Scope,
    ticket: &Id,
    event: &Id,
    actor: &Actor,
    due_at: Option<Timestamp>,
    now: Timestamp,
) -> [Statement; 2] {
    let told = scope
        .statement(sql!(
            "INSERT INTO event (tenant_id, ticket_id, event_id, realm_id, kind, actor, created_at)
             SELECT t.tenant_id, t.ticket_id, ?3, t.realm_id, 'reopened', ?4, ?5
               FROM ticket AS t
              WHERE t.tenant_id = ?1 AND t.ticket_id = ?2 AND t.state = 'closed'
                AND EXISTS (SELECT 1 FROM ticket_status AS s
                             WHERE s.tenant_id = ?1 AND s.can_reopen = 1
                               AND s.status_id = coalesce(t.status_id,
                                     iif(t.shelf IS NULL, 3, 4)))"
        ))
        .bind(ticket)
        .bind(event)
        .bind(actor.name())
        .bind(now);
    let reopened = scope
        .statement(sql!(
            "UPDATE ticket
                SET state = 'open', closed_at = NULL, overdue_at = NULL, due_at = ?3,
                    shelf = NULL, version = version + 1,
                    status_id = (SELECT s.reopen_status_id FROM ticket_status AS s
                                  WHERE s.tenant_id = ?1 AND s.status_id =
                                        coalesce(ticket.status_id, iif(ticket.shelf IS NULL, 3, 4)))
              WHERE tenant_id = ?1 AND ticket_id = ?2 AND state = 'closed'
                AND EXISTS (SELECT 1 FROM ticket_status AS s
                             WHERE s.tenant_id = ?1 AND s.can_reopen = 1
                               AND s.status_id = coalesce(ticket.status_id,
                                     iif(ticket.shelf IS NULL, 3, 4)))"
        ))
        .bind(ticket)
        .bind(due_at);
    [told, reopened]
}

/// What we note ourselves.
pub(crate) const SYSTEM_NOTE: (EntryKind, &str) = (EntryKind::Note, "SYSTEM");

/// Appends a note or a reply of our own beside an entry, after it in the order of ids.
pub(crate) fn append_beside(
    scope: &Scope,
    beside: &OpeningEntry<'_>,
    (kind, author): (EntryKind, &str),
    told: &str,
    random: &dyn Random,
) -> [Statement; 3] {
    let ids = [
        Id::new(beside.now + 1, random),
        Id::new(beside.now + 1, random),
    ];
    let own = OpeningEntry {
        ticket: beside.ticket,
        entry: &ids[0],
        event: &ids[1],
        kind,
        event_kind: kind.name(),
        actor: beside.actor,
        author,
        writer: Writer::Nobody,
        body: told,
        source: beside.source,
        word: Word::Leaves,
        now: beside.now,
    };
    append(scope, &own)
}

/// Remembers a Message-ID as part of the ticket's thread.
pub(crate) fn insert_reference(
    scope: &Scope,
    ticket: &Id,
    message_id: &str,
    is_ours: bool,
) -> Statement {
    scope
        .statement(sql!(
            "INSERT INTO message_reference (tenant_id, message_id, ticket_id, realm_id, is_ours)
             SELECT t.tenant_id, ?3, t.ticket_id, t.realm_id, ?4
               FROM ticket AS t
              WHERE t.tenant_id = ?1 AND t.ticket_id = ?2
             ON CONFLICT DO NOTHING"
        ))
        .bind(ticket)
        .bind(message_id)
        .bind(is_ours)
}

/// An entry as the ticket's owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadEntry {
    /// Its id.
    pub id: Id,
    /// Message or reply; notes never get here.
    pub kind: EntryKind,
    /// Who wrote it.
    pub author: String,
    /// What they wrote, as plain text.
    pub body: String,
    /// When.
    pub created_at: Timestamp,
}

/// The entries of a ticket that its owner may read, oldest first.
pub fn thread_by_number(scope: &Scope, number: &str) -> Query<ThreadEntry> {
    scope
        .statement(sql!(
            "SELECT e.entry_id, e.kind, e.author, e.body, e.created_at
               FROM ticket AS t
               JOIN entry AS e ON e.tenant_id = t.tenant_id AND e.ticket_id = t.ticket_id
              WHERE t.tenant_id = ?1 AND t.number = ?2 AND e.kind <> 'note'
              ORDER BY e.entry_id"
        ))
        .bind(number)
        .rows(entry_from_row)
}

fn entry_from_row(row: &Row) -> Result<ThreadEntry, DbError> {
    Ok(ThreadEntry {
        id: row.get("entry_id")?,
        kind: EntryKind::named(&row.get::<String>("kind")?)?,
        author: row.get("author")?,
        body: row.get("body")?,
        created_at: row.get("created_at")?,
    })
}

/// Finds out whether a batch failed because every candidate number was taken.
pub(crate) fn ran_out_of_numbers(error: &DbError) -> bool {
    matches!(error, DbError::Missing(column) if column == "ticket.number")
        || matches!(error, DbError::Duplicate(columns) if columns.contains("ticket.number"))
}

/// The placeholder as the outbox statement replaces it.
pub(crate) const NUMBER_PLACEHOLDER: &str = number::PLACEHOLDER;
