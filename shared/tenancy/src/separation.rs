//! Separation: which tables look along the tree, and in which direction (T-1, T-2).
//!
//! It is set per tenant and table. What hangs on a ticket (entries, events, attachments) has no
//! direction of its own: it carries the ticket's realm and is read through the ticket.

use crate::policy::{Granted, act};
use crate::port::{DbError, FromValue, Row, Value};
use crate::realm::Realm;
use crate::scope::{Query, Scope, Statement};
use crate::sql;

/// A table whose rows belong to realms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// Tickets, and with them their entries, events and attachments.
    Ticket,
    /// Users: the people who ask for help.
    User,
    /// Organizations.
    Organization,
    /// Agents, where they are listed or picked.
    Agent,
    /// Teams.
    Team,
    /// Departments.
    Department,
    /// Help topics.
    HelpTopic,
}

impl Table {
    /// All separated tables.
    pub const ALL: [Self; 7] = [
        Self::Ticket,
        Self::User,
        Self::Organization,
        Self::Agent,
        Self::Team,
        Self::Department,
        Self::HelpTopic,
    ];

    /// The table's name in the schema.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ticket => "ticket",
            Self::User => "user",
            Self::Organization => "organization",
            Self::Agent => "agent",
            Self::Team => "team",
            Self::Department => "department",
            Self::HelpTopic => "help_topic",
        }
    }

    /// The table with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.name() == name)
    }

    /// What its rows are called on pages.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Ticket => "tickets",
            Self::User => "users",
            Self::Organization => "organizations",
            Self::Agent => "agents",
            Self::Team => "teams",
            Self::Department => "departments",
            Self::HelpTopic => "help topics",
        }
    }
}

/// In which direction a viewer sees along the tree (T-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Direction {
    /// The own realm and everything below it (T-3). What a missing value means.
    #[default]
    Down,
    /// The own realm and everything above it (T-4).
    Up,
    /// The own realm, everything above and everything below (T-5).
    Both,
    /// The table is not separated: every realm of the tenant (T-1).
    Off,
}

impl Direction {
    /// All directions.
    pub const ALL: [Self; 4] = [Self::Down, Self::Up, Self::Both, Self::Off];

    /// The name as stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Down => "down",
            Self::Up => "up",
            Self::Both => "both",
            Self::Off => "off",
        }
    }

    /// The direction with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|direction| direction.name() == name)
    }
}

impl FromValue for Direction {
    fn from_value(value: &Value) -> Option<Self> {
        Self::named(&String::from_value(value)?)
    }
}

/// The direction of every table of a tenant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directions(Vec<(Table, Direction)>);

impl Directions {
    /// The direction of a table.
    pub fn of(&self, table: Table) -> Direction {
        let set = self.0.iter().find(|(set, _)| *set == table);
        set.map(|(_, direction)| *direction).unwrap_or_default()
    }

    /// Looks up what the tenant has set.
    pub(crate) fn query(scope: &Scope) -> Query<(Option<Table>, Direction)> {
        scope
            .statement(sql!(
                "SELECT table_name, direction FROM separation WHERE tenant_id = ?1"
            ))
            .rows(Self::row)
    }

    /// A table this code does not know belongs to code that is still to come.
    fn row(row: &Row) -> Result<(Option<Table>, Direction), DbError> {
        let table: String = row.get("table_name")?;
        Ok((Table::named(&table), row.get("direction")?))
    }
}

impl FromIterator<(Table, Direction)> for Directions {
    fn from_iter<I: IntoIterator<Item = (Table, Direction)>>(set: I) -> Self {
        Self(set.into_iter().collect())
    }
}

/// Sets a table's direction for the whole tenant, by whoever may do that in each of its trees:
/// one tree's direction would show the others' rows too. Nothing for a tenant without trees.
pub fn separate(
    trees: &[Granted<Realm, act::RealmSeparate>],
    table: Table,
    direction: Direction,
) -> Option<Statement> {
    Some(directed(trees.first()?.scope(), table, direction))
}

/// The same while a tenant is set up, where nobody is there yet to be asked.
pub fn directed(scope: &Scope, table: Table, direction: Direction) -> Statement {
    scope
        .statement(sql!(
            "INSERT INTO separation (tenant_id, table_name, direction) VALUES (?1, ?2, ?3)
             ON CONFLICT (tenant_id, table_name) DO UPDATE SET direction = excluded.direction"
        ))
        .bind(table.name())
        .bind(direction.name())
}

/// Where the realm of a new ticket comes from (T-17). One that leads nowhere is the door's, never
/// everybody's (T-20).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum RealmSource {
    /// The door the ticket came through, or the realm it was raised for.
    #[default]
    Door,
    /// The department it goes to; a transfer takes it anew (T-18).
    Department,
    /// The organization of whoever asks.
    Organization,
}

impl RealmSource {
    /// All sources.
    pub const ALL: [Self; 3] = [Self::Door, Self::Department, Self::Organization];

    /// The source with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.name() == name)
    }

    /// Looks up what the tenant has set; nothing, where it has never set anything.
    pub fn query(scope: &Scope) -> Query<Self> {
        scope
            .statement(sql!(
                "SELECT realm_from FROM separation
                  WHERE tenant_id = ?1 AND table_name = 'ticket'"
            ))
            .rows(|row| row.get("realm_from"))
    }

    /// The name as stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Door => "door",
            Self::Department => "department",
            Self::Organization => "organization",
        }
    }
}

impl FromValue for RealmSource {
    fn from_value(value: &Value) -> Option<Self> {
        Self::named(&String::from_value(value)?)
    }
}

/// Sets where new tickets of the whole tenant take their realm from, by whoever may do that in
/// each of its trees. Nothing for a tenant without trees.
pub fn take_realm_from(
    trees: &[Granted<Realm, act::RealmSeparate>],
    source: RealmSource,
) -> Option<Statement> {
    let taken = trees
        .first()?
        .scope()
        .statement(sql!(
            "INSERT INTO separation (tenant_id, table_name, direction, realm_from)
             VALUES (?1, 'ticket', 'down', ?2)
             ON CONFLICT (tenant_id, table_name) DO UPDATE SET realm_from = excluded.realm_from"
        ))
        .bind(source.name());
    Some(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_2_a_missing_direction_means_down() {
        let directions = Directions::from_iter([(Table::Team, Direction::Both)]);
        assert_eq!(directions.of(Table::Team), Direction::Both);
        assert_eq!(directions.of(Table::Ticket), Direction::Down);
    }

    #[test]
    fn every_table_is_found_by_its_name() {
        for table in Table::ALL {
            assert_eq!(Table::named(table.name()), Some(table));
        }
        assert_eq!(Table::named("setting"), None);
    }

    #[test]
    fn a_direction_nobody_knows_is_no_direction() {
        for direction in Direction::ALL {
            let stored = Value::from(direction.name());
            assert_eq!(Direction::from_value(&stored), Some(direction));
        }
        assert_eq!(Direction::from_value(&Value::from("sideways")), None);
    }
}
