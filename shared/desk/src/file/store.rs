//! The files' SQL.

use tenancy::platform::Platform;
use tenancy::port::{DbError, Row};
use tenancy::{Id, Query, Scope, Statement, Timestamp, platform_sql, sql};

use super::File;
use crate::ticket::OpeningEntry;

/// A chunk of a file, in bytes: a row of D1 holds at most 2 MB.
const CHUNK: usize = 1 << 20;
/// How many chunks are read in one round trip: D1 hands bytes over as lists of numbers, and a
/// whole large file of them would not fit into a worker's memory.
pub(super) const CHUNKS_A_TRIP: i64 = 3;

/// Within so many milliseconds a file that comes again is not noted as fresh once more.
const FRESH: i64 = 60 * 60 * 1000;
/// So many files are looked at in one sweep.
const LOOKED_AT: i64 = 50;

/// Stores bytes under their address, in chunks; many of them ahead of their batch. What is stored
/// already stays as it is, and counts as fresh: nothing may refer to it yet.
pub(crate) fn keep(scope: &Scope, sha256: &str, bytes: &[u8], now: Timestamp) -> Vec<Statement> {
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let file = scope
        .statement(sql!(
            "INSERT INTO file (tenant_id, sha256, size, created_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (tenant_id, sha256) DO UPDATE SET created_at = excluded.created_at
              WHERE is_settled = 0 AND created_at < excluded.created_at - ?5"
        ))
        .bind(sha256)
        .bind(size)
        .bind(now)
        .bind(FRESH);
    let chunk = |(position, bytes): (i64, &[u8])| {
        scope
            .statement(sql!(
                "INSERT INTO file_chunk (tenant_id, sha256, position, bytes)
                 VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (tenant_id, sha256, position) DO NOTHING"
            ))
            .bind(sha256)
            .bind(position)
            .bind(bytes.to_vec())
    };
    std::iter::once(file)
        .chain((0i64..).zip(bytes.chunks(CHUNK)).map(chunk))
        .map(Statement::ahead)
        .collect()
}

/// Settles files that are older than this and that something refers to, and removes those that
/// nothing does, over all tenants: some of the oldest at a time. Whatever is decided is decided by
/// the rows as they are in this batch, so a file that is referred to or comes again meanwhile
/// stays.
pub(super) fn settle(platform: &Platform, since: Timestamp) -> [Statement; 3] {
    let settled = platform.statement(platform_sql!(
        "UPDATE file SET is_settled = 1
          WHERE (tenant_id, sha256) IN
                (SELECT old.tenant_id, old.sha256
                   FROM file AS old INDEXED BY file_unsettled
                  WHERE old.is_settled = 0 AND old.created_at < ?1
                  ORDER BY old.created_at
                  LIMIT ?2)
            AND (EXISTS (SELECT 1 FROM attachment AS a
                          WHERE a.tenant_id = file.tenant_id AND a.sha256 = file.sha256)
                 OR EXISTS (SELECT 1 FROM inbound_mail AS m
                             WHERE m.tenant_id = file.tenant_id AND m.sha256 = file.sha256))"
    ));
    let emptied = platform.statement(platform_sql!(
        "DELETE FROM file_chunk
          WHERE (tenant_id, sha256) IN
                (SELECT old.tenant_id, old.sha256
                   FROM (SELECT f.tenant_id, f.sha256
                           FROM file AS f INDEXED BY file_unsettled
                          WHERE f.is_settled = 0 AND f.created_at < ?1
                          ORDER BY f.created_at
                          LIMIT ?2) AS old
                  WHERE NOT EXISTS (SELECT 1 FROM attachment AS a
                                     WHERE a.tenant_id = old.tenant_id
                                       AND a.sha256 = old.sha256)
                    AND NOT EXISTS (SELECT 1 FROM inbound_mail AS m
                                     WHERE m.tenant_id = old.tenant_id
                                       AND m.sha256 = old.sha256))"
    ));
    let removed = platform.statement(platform_sql!(
        "DELETE FROM file
          WHERE (tenant_id, sha256) IN
                (SELECT old.tenant_id, old.sha256
                   FROM (SELECT f.tenant_id, f.sha256
                           FROM file AS f INDEXED BY file_unsettled
                          WHERE f.is_settled = 0 AND f.created_at < ?1
                          ORDER BY f.created_at
                          LIMIT ?2) AS old
                  WHERE NOT EXISTS (SELECT 1 FROM attachment AS a
                                     WHERE a.tenant_id = old.tenant_id
                                       AND a.sha256 = old.sha256)
                    AND NOT EXISTS (SELECT 1 FROM inbound_mail AS m
                                     WHERE m.tenant_id = old.tenant_id
                                       AND m.sha256 = old.sha256))"
    ));
    [settled, emptied, removed].map(|statement| statement.bind(since).bind(LOOKED_AT))
}

/// Hangs a file on an entry. It takes its realm from the ticket (T-19).
pub(super) fn attach(scope: &Scope, entry: &OpeningEntry<'_>, id: &Id, file: &File) -> Statement {
    scope
        .statement(sql!(
            "INSERT INTO attachment (tenant_id, ticket_id, attachment_id, entry_id, realm_id,
                                     sha256, name, content_type, field_id)
             SELECT t.tenant_id, t.ticket_id, ?3, ?4, t.realm_id, ?5, ?6, ?7, ?8
               FROM ticket AS t
              WHERE t.tenant_id = ?1 AND t.ticket_id = ?2"
        ))
        .bind(entry.ticket)
        .bind(id)
        .bind(entry.entry)
        .bind(file.sha256.as_str())
        .bind(file.name.as_str())
        .bind(file.content_type)
        .bind(file.field)
}

/// A file on an entry that the ticket's requester may read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its id.
    pub id: Id,
    /// The entry it hangs on.
    pub entry: Id,
    /// Its name, which is no path.
    pub name: String,
    /// Its type, as its content tells.
    pub content_type: String,
    /// How many bytes it has.
    pub size: i64,
    sha256: String,
}

/// The files on the entries of a ticket that its requester may read, in the order they came;
/// those of fields come with what was filled in.
pub fn of_ticket(scope: &Scope, number: &str) -> Query<Attachment> {
    scope
        .statement(sql!(
            "SELECT a.attachment_id, a.entry_id, a.name, a.content_type, a.sha256, f.size
               FROM ticket AS t
               JOIN attachment AS a ON a.tenant_id = ?1 AND a.ticket_id = t.ticket_id
               JOIN entry AS e ON e.tenant_id = ?1 AND e.ticket_id = t.ticket_id
                AND e.entry_id = a.entry_id
               JOIN file AS f ON f.tenant_id = ?1 AND f.sha256 = a.sha256
              WHERE t.tenant_id = ?1 AND t.number = ?2 AND e.kind <> 'note'
                AND a.field_id IS NULL
              ORDER BY a.attachment_id"
        ))
        .bind(number)
        .rows(from_row)
}

/// One of a ticket's files that its requester may read, on an entry or of a field.
pub fn find(scope: &Scope, number: &str, id: &str) -> Query<Attachment> {
    scope
        .statement(sql!(
            "SELECT a.attachment_id, a.entry_id, a.name, a.content_type, a.sha256, f.size
               FROM ticket AS t
               JOIN attachment AS a ON a.tenant_id = ?1 AND a.ticket_id = t.ticket_id
               JOIN entry AS e ON e.tenant_id = ?1 AND e.ticket_id = t.ticket_id
                AND e.entry_id = a.entry_id
               JOIN file AS f ON f.tenant_id = ?1 AND f.sha256 = a.sha256
              WHERE t.tenant_id = ?1 AND t.number = ?2 AND a.attachment_id = ?3
                AND e.kind <> 'note'
                AND NOT EXISTS (SELECT 1 FROM field AS o
                                 WHERE o.tenant_id = ?1 AND o.field_id = a.field_id
                                   AND o.user_access = 'hidden')"
        ))
        .bind(number)
        .bind(id)
        .rows(from_row)
}

/// One of them for whoever works the ticket, who may also read what hangs on a note. A file of a
/// field that is limited to roles is there for agents of these alone, and for no program (T-47).
pub fn find_for_work(
    scope: &Scope,
    number: &str,
    id: &str,
    agent: Option<&Id>,
) -> Query<Attachment> {
    scope
        .statement(sql!(
            "SELECT a.attachment_id, a.entry_id, a.name, a.content_type, a.sha256, f.size
               FROM ticket AS t
               JOIN attachment AS a ON a.tenant_id = ?1 AND a.ticket_id = t.ticket_id
               JOIN file AS f ON f.tenant_id = ?1 AND f.sha256 = a.sha256
              WHERE t.tenant_id = ?1 AND t.number = ?2 AND a.attachment_id = ?3
                AND NOT EXISTS (SELECT 1 FROM field AS o
                                 WHERE o.tenant_id = ?1 AND o.field_id = a.field_id
                                   AND o.agent_access = 'hidden')
                AND (NOT EXISTS (SELECT 1 FROM field_role AS l
                                  WHERE l.tenant_id = ?1 AND l.field_id = a.field_id)
                     OR EXISTS (SELECT 1 FROM field_role AS l
                                  JOIN agent AS g
                                    ON g.tenant_id = l.tenant_id AND g.role_id = l.role_id
                                 WHERE l.tenant_id = ?1 AND l.field_id = a.field_id
                                   AND g.agent_id = ?4))"
        ))
        .bind(number)
        .bind(id)
        .bind(agent)
        .rows(from_row)
}

fn from_row(row: &Row) -> Result<Attachment, DbError> {
    Ok(Attachment {
        id: row.get("attachment_id")?,
        entry: row.get("entry_id")?,
        name: row.get("name")?,
        content_type: row.get("content_type")?,
        size: row.get("size")?,
        sha256: row.get("sha256")?,
    })
}

/// Some of a file's chunks, from one on.
pub(super) fn chunks(scope: &Scope, file: &Attachment, position: i64) -> Query<Vec<u8>> {
    scope
        .statement(sql!(
            "SELECT c.bytes
               FROM file_chunk AS c
              WHERE c.tenant_id = ?1 AND c.sha256 = ?2 AND c.position >= ?3 AND c.position < ?4
              ORDER BY c.position"
        ))
        .bind(file.sha256.as_str())
        .bind(position)
        .bind(position + CHUNKS_A_TRIP)
        .rows(|row| row.get("bytes"))
}
