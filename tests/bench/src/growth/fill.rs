//! Help desks of any size, made outside the product, which would take too long.

use std::fs;
use std::path::Path;

use host::native::Sqlite;
use realmdesk_tests::World;
use realmdesk_tests::world::migrations;
use rusqlite::{Connection, params};
use tenancy::realm;

use crate::Outcome;
use crate::native::Native;

/// How large a help desk is. Realms, users and tickets are those of the tenant `acme`.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) tenants: usize,
    pub(crate) realms: usize,
    pub(crate) users: usize,
    pub(crate) tickets: usize,
}

/// A help desk of some size, in a file.
pub(crate) struct Help {
    pub(crate) desk: Native,
    size: Size,
}

/// What a tenant beside `acme` has.
const TICKETS_OF_OTHERS: usize = 100;

/// How many realms hang below one.
const FAN: usize = 8;

impl Help {
    pub(crate) fn new(file: &Path, size: &Size) -> Outcome<Self> {
        if file.exists() {
            fs::remove_file(file)?;
        }
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        let sqlite = Sqlite::file(file)?;
        for (_, sql) in migrations() {
            sqlite.migrate(&sql)?;
        }
        // What is lost with the power can be made again.
        let hasty = "PRAGMA journal_mode = memory; PRAGMA synchronous = off;
                     PRAGMA cache_size = -500000";
        sqlite.with(|connection| connection.execute_batch(hasty))?;
        let mut world = World::on(sqlite).tenant("acme");
        for tenant in 1..size.tenants {
            world = world.tenant(&format!("t{tenant}"));
        }
        let mut help = Self {
            desk: Native::new(world)?,
            size: Size {
                tickets: 0,
                ..*size
            },
        };
        help.write(|connection| {
            grow(connection, size.realms)?;
            register(connection, size.users)
        })?;
        help.add_tickets(size.tickets)?;
        help.write(|connection| spread(connection, size.tenants))?;
        Ok(help)
    }

    /// Adds tickets until there are so many.
    pub(crate) fn add_tickets(&mut self, tickets: usize) -> Outcome {
        let (size, from) = (self.size, self.size.tickets);
        self.write(|connection| {
            for ticket in from..tickets {
                write(connection, ticket, &size)?;
            }
            Ok(())
        })?;
        self.size.tickets = tickets;
        Ok(())
    }

    fn write(&self, write: impl FnOnce(&Connection) -> rusqlite::Result<()>) -> Outcome {
        self.desk.world.sqlite.with(|connection| {
            let transaction = connection.transaction()?;
            write(&transaction)?;
            transaction.commit()
        })?;
        Ok(())
    }
}

/// A tree below the root; a tree of one is the root alone.
fn grow(connection: &Connection, realms: usize) -> rusqlite::Result<()> {
    let mut insert = connection.prepare(
        "INSERT INTO realm (tenant_id, realm_id, parent_id, path, name) VALUES (1, ?1, ?2, ?3, 'R')",
    )?;
    let mut paths = vec![realm::Path::root(0)];
    for realm in 1..realms {
        let above = (realm - 1) / FAN;
        let place = u32::try_from((realm - 1) % FAN).unwrap_or(0);
        let path = paths[above].child(place);
        insert.execute(params![number(realm + 1), number(above + 1), path.as_str()])?;
        paths.push(path);
    }
    Ok(())
}

fn register(connection: &Connection, users: usize) -> rusqlite::Result<()> {
    let mut insert = connection.prepare(
        "INSERT INTO user (tenant_id, user_id, realm_id, email, name, created_at)
         VALUES (1, ?1, 1, ?2, 'Ula', 0)",
    )?;
    for user in 0..users {
        insert.execute(params![
            format!("018bcfe5-6800-7707-8000-{user:012x}"),
            format!("u{user}@acme.example")
        ])?;
    }
    Ok(())
}

/// One ticket with its first message and its event: one in three closed, one in ten overdue.
fn write(connection: &Connection, ticket: usize, size: &Size) -> rusqlite::Result<()> {
    let id = format!("018bcfe5-6800-7707-8707-{ticket:012x}");
    let user = format!(
        "018bcfe5-6800-7707-8000-{:012x}",
        ticket * 7919 % size.users
    );
    let (realm, is_closed) = (1 + ticket * 31 % size.realms, ticket.is_multiple_of(3));
    let is_overdue = !is_closed && ticket % 10 == 1;
    connection
        .prepare_cached(
            "INSERT INTO ticket (tenant_id, ticket_id, realm_id, number, user_id, subject, source,
                                 state, department_id, created_at, updated_at, closed_at, overdue_at)
             VALUES (1, ?1, ?2,
                     iif(EXISTS (SELECT 1 FROM ticket AS t
                                  WHERE t.tenant_id = 1 AND t.number = ?3), '0' || ?3, ?3),
                     ?4, 'Printer on fire', 'Web', ?5, 1, ?6, ?6, ?7, ?8)",
        )?
        .execute(params![
            id,
            number(realm),
            // As the product draws them: of six digits while there are any.
            (100_000 + ticket).to_string(),
            user,
            if is_closed { "closed" } else { "open" },
            number(ticket),
            is_closed.then_some(1),
            is_overdue.then_some(1),
        ])?;
    connection
        .prepare_cached(
            "INSERT INTO entry (tenant_id, ticket_id, entry_id, realm_id, kind, user_id, author,
                                body, source, created_at)
             VALUES (1, ?1, ?1, ?2, 'message', ?3, 'Ula',
                     'It burns since this morning, and the one beside it looks nervous.', 'Web', 0)",
        )?
        .execute(params![id, number(realm), user])?;
    connection
        .prepare_cached(
            "INSERT INTO event (tenant_id, ticket_id, event_id, realm_id, kind, actor, created_at)
             VALUES (1, ?1, ?1, ?2, 'created', 'user', 0)",
        )?
        .execute(params![id, number(realm)])?;
    Ok(())
}

/// Gives the other tenants tickets of their own.
fn spread(connection: &Connection, tenants: usize) -> rusqlite::Result<()> {
    for tenant in 2..=tenants {
        connection.execute_batch(&format!(
            "INSERT INTO user (tenant_id, user_id, realm_id, email, name, created_at)
             VALUES ({tenant}, 'u', 1, 'u@other.example', 'Ula', 0);
             INSERT INTO ticket (tenant_id, ticket_id, realm_id, number, user_id, subject, source,
                                 state, department_id, created_at, updated_at, closed_at)
             SELECT {tenant}, t.ticket_id, 1, t.number, 'u', t.subject, t.source, t.state, 1, 0, 0,
                    t.closed_at
               FROM ticket AS t WHERE t.tenant_id = 1 ORDER BY t.ticket_id LIMIT {TICKETS_OF_OTHERS}"
        ))?;
    }
    Ok(())
}

fn number(index: usize) -> i64 {
    i64::try_from(index).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_desks_fit_the_schema_and_grow_in_place() {
        let size = Size {
            tenants: 2,
            realms: 10,
            users: 5,
            tickets: 20,
        };
        let file = std::env::temp_dir().join(format!("realmdesk-growth-{}", std::process::id()));
        let mut help = Help::new(&file, &size).unwrap();
        help.add_tickets(30).unwrap();
        let count = |what: &str| {
            help.desk
                .world
                .number(&format!("SELECT count(*) FROM {what}"))
        };
        assert_eq!(count("ticket WHERE tenant_id = 1"), 30);
        assert_eq!(count("ticket WHERE tenant_id = 2"), 20);
        assert_eq!(count("realm WHERE tenant_id = 1"), 10);
        drop(help);
        fs::remove_file(file).unwrap();
    }
}
