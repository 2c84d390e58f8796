//! A ticket's thread as whoever works it reads it, with its SQL.

use serde::Deserialize;
use tenancy::port::{DbError, Row};
use tenancy::{Id, Query, Scope, Timestamp, sql};

use super::EntryKind;

/// An entry as whoever works the ticket sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkEntry {
    /// Its id, by which the thread is sorted.
    pub id: Id,
    /// Message, reply or note.
    pub kind: EntryKind,
    /// Who wrote it.
    pub author: String,
    /// What they wrote, as plain text.
    pub body: String,
    /// The door it came through.
    pub source: String,
    /// When.
    pub created_at: Timestamp,
    /// The files that hang on it.
    pub files: Vec<WorkFile>,
}

/// A file as it is listed with its entry.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct WorkFile {
    /// Its id.
    pub id: String,
    /// Its name, which is no path.
    pub name: String,
    /// Its type, as its content tells.
    pub content_type: String,
    /// How many bytes it has.
    pub size: i64,
}

/// The entries of a ticket behind one of them, notes too, oldest first. Who is to see them was
/// granted the ticket.
pub fn thread_for_work(
    scope: &Scope,
    number: &str,
    after: Option<&Id>,
    most: i64,
) -> Query<WorkEntry> {
    scope
        .statement(sql!(
            "SELECT e.entry_id, e.kind, e.author, e.body, e.source, e.created_at,
                    (SELECT json_group_array(json_object(
                              'id', a.attachment_id, 'name', a.name,
                              'content_type', a.content_type, 'size', f.size))
                       FROM attachment AS a
                       JOIN file AS f ON f.tenant_id = ?1 AND f.sha256 = a.sha256
                      WHERE a.tenant_id = ?1 AND a.ticket_id = e.ticket_id
                        AND a.entry_id = e.entry_id AND a.field_id IS NULL) AS files
               FROM ticket AS t
               JOIN entry AS e ON e.tenant_id = t.tenant_id AND e.ticket_id = t.ticket_id
              WHERE t.tenant_id = ?1 AND t.number = ?2 AND e.entry_id > ?3
              ORDER BY e.entry_id
              LIMIT ?4"
        ))
        .bind(number)
        .bind(after.map_or("", Id::as_str))
        .bind(most)
        .rows(from_row)
}

fn from_row(row: &Row) -> Result<WorkEntry, DbError> {
    let files: String = row.get("files")?;
    let corrupt = |error| DbError::Corrupt(format!("files: {error}"));
    Ok(WorkEntry {
        id: row.get("entry_id")?,
        kind: EntryKind::named(&row.get::<String>("kind")?)?,
        author: row.get("author")?,
        body: row.get("body")?,
        source: row.get("source")?,
        created_at: row.get("created_at")?,
        files: serde_json::from_str(&files).map_err(corrupt)?,
    })
}
