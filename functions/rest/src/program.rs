//! Who calls: a program, let in by its key, standing in the key's realm.

use desk::form::{Field, Kind};
use desk::ticket::{Actor, Target};
use tenancy::policy::{Act, Asking, Found, Granted, Thing, act};
use tenancy::port::Rows;
use tenancy::principal::{ApiKey, Principal};
use tenancy::scope::{And, Queries, Unread};
use tenancy::sight::Standing;
use tenancy::{DbError, Door, Id, RealmId, Runtime, Scope, Sight, Site, Table};

use crate::problem::Problem;

/// How often a list is read anew when where its reader stands changes meanwhile.
const MOST_LOOKS: usize = 3;

/// A program that was let in.
pub(crate) struct Program {
    pub(crate) runtime: Runtime,
    pub(crate) site: Site,
    pub(crate) key: ApiKey,
    pub(crate) door: Door,
    /// The realm it has selected, if any.
    pub(crate) selected: Option<RealmId>,
    pub(crate) standing: Standing,
}

impl Program {
    /// The reach into the key's site.
    pub(crate) fn scope(&self) -> Scope {
        Scope::of(&self.runtime, &self.site)
    }

    /// What the program sees of a table.
    pub(crate) fn sight(&self, table: Table) -> Sight {
        self.standing.program_sight(table)
    }

    /// Refuses a realm that was selected and is not in sight; one that is nobody's alike.
    pub(crate) fn check_selection(&self) -> Result<(), Problem> {
        let current = self.standing.current();
        let is_held = self.standing.holdings().as_sight().sees(&current.path);
        match self.selected {
            Some(realm) if realm != current.realm || !is_held => {
                Err(Problem::field("?realm", "There is no such realm."))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Grants the first of what was looked up in a table for the action `A`.
    ///
    /// # Errors
    /// Why not.
    pub(crate) fn grant<T: Thing, A: Act>(
        &self,
        table: Table,
        found: Vec<Found<T>>,
    ) -> Result<Granted<T, A>, Problem> {
        let sight = self.sight(table);
        Ok(self.asking(&sight).grant(found)?)
    }

    /// Asks with this sight.
    pub(crate) fn asking<'a>(&'a self, sight: &'a Sight) -> Asking<'a> {
        Asking::new(&self.runtime, Principal::ApiKey(&self.key), sight)
    }

    /// Grants a department to hand tickets to. Departments are seen as agents see them, who hand
    /// tickets upwards too where departments look both ways (T-31).
    ///
    /// # Errors
    /// Why not.
    pub(crate) fn transfers_to(
        &self,
        found: Vec<Found<Target<i64>>>,
    ) -> Result<Granted<Target<i64>, act::TicketTransfer>, Problem> {
        let sight = self.standing.sight(Table::Department);
        Ok(self.asking(&sight).grant(found)?)
    }

    /// Has a field offer what the program could give a ticket: the agents and departments it sees.
    pub(crate) fn reveal(&self, field: &mut Field) {
        let agents = self.sight(Table::Agent);
        let departments = self.standing.sight(Table::Department);
        let sight = if field.kind == Kind::Agent {
            agents
        } else {
            departments
        };
        field.reveal(|it| sight.sees(&it.path));
    }

    /// A fresh id.
    pub(crate) fn fresh_id(&self) -> Id {
        Id::new(self.runtime.clock.now(), &*self.runtime.random)
    }

    /// The program as the audit names it.
    pub(crate) fn actor(&self) -> Actor {
        Actor::Program(self.key.hash.clone())
    }

    /// Reads what the program sees, and in the same moment where it stands; it is read again when
    /// that is not what the sight was computed from (T-16).
    ///
    /// # Errors
    /// The database's; [`DbError::Busy`] when the standing keeps changing.
    pub(crate) async fn look<Q: Queries>(
        &mut self,
        queries: impl Fn(&Self, &Scope) -> Q,
    ) -> Result<Q::Answers, DbError> {
        let scope = self.scope();
        for _ in 0..MOST_LOOKS {
            let (unread, readers) = Unread::of(queries(self, &scope));
            if let Some(rows) = self.look_once(unread).await? {
                return Q::answers(readers, rows);
            }
        }
        Err(DbError::Busy)
    }

    /// Reads once; nothing, when the program stands elsewhere by now.
    async fn look_once(&mut self, unread: Unread) -> Result<Option<Vec<Rows>>, DbError> {
        let scope = self.scope();
        let again = Standing::of_program(&scope, &self.door, self.selected);
        let (standing, rows) = scope.read(And(again, unread)).await?;
        let standing = standing.ok_or(DbError::Busy)?;
        let is_same = standing == self.standing;
        self.standing = standing;
        Ok(is_same.then_some(rows))
    }
}
