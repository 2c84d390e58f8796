//! Where a program stands: in the realm of its API key, with no role, no grant and no rule.

use crate::duty::Duties;
use crate::port::{BatchStatement, DbError, Rows};
use crate::scope::{Door, Queries, Query, Scope};
use crate::separation::{Direction, Directions, Table};
use crate::{RealmId, sql};

use super::Sight;
use super::spans::Spans;
use super::standing::{Node, Restriction, Standing};
use super::store::{all, restrictions, selected};

type Seat = (Node, Option<Node>);
type Parts = (
    Query<Seat>,
    Query<Restriction>,
    Query<(Option<Table>, Direction)>,
);

/// The queries that find where a program stands; nothing is found when there is no such key.
pub struct FindProgramStanding(Parts);

impl Standing {
    /// Looks up where the program behind a door stands, with the realm it selects. A realm that
    /// is nobody's is as good as none, so whoever selects one looks whether it is
    /// [`Self::current`].
    pub fn of_program(
        scope: &Scope,
        door: &Door,
        selected: Option<RealmId>,
    ) -> FindProgramStanding {
        FindProgramStanding((
            seat(scope, door, selected),
            restrictions(scope),
            Directions::query(scope),
        ))
    }

    /// What a program sees of a table: what the direction shows, and of that only the realm of
    /// its key and those below, which the key is bound to (T-58).
    pub fn program_sight(&self, table: Table) -> Sight {
        let bound = Spans::subtree(&self.primary().path);
        Sight(self.sight(table).0.and(&bound))
    }
}

impl Queries for FindProgramStanding {
    type Readers = <Parts as Queries>::Readers;
    type Answers = Option<Standing>;

    fn split(self) -> (Vec<BatchStatement>, Self::Readers) {
        self.0.split()
    }

    fn answers(readers: Self::Readers, rows: Vec<Rows>) -> Result<Self::Answers, DbError> {
        let (seats, restrictions, directions) = Parts::answers(readers, rows)?;
        let restrictions = all(restrictions)?;
        let known = |(table, direction): (Option<Table>, _)| Some((table?, direction));
        let directions = directions.into_iter().filter_map(known).collect();
        Ok(seats
            .into_iter()
            .next()
            .map(|(primary, selected)| Standing {
                primary,
                role: None,
                selected,
                extensions: Vec::new(),
                restrictions,
                directions,
                duties: Duties::default(),
            }))
    }
}

fn seat(scope: &Scope, door: &Door, chosen: Option<RealmId>) -> Query<Seat> {
    scope
        .statement(sql!(
            "SELECT own.realm_id, own.path, own.name AS realm,
                    sel.realm_id AS selected_id, sel.path AS selected_path, sel.name AS selected
               FROM api_key AS k
               JOIN realm AS own ON own.tenant_id = k.tenant_id AND own.realm_id = k.realm_id
               LEFT JOIN realm AS sel ON sel.tenant_id = ?1 AND sel.realm_id = ?3
              WHERE k.tenant_id = ?1 AND k.key_hash = ?2"
        ))
        .bind(door.key())
        .bind(chosen)
        .rows(|row| Ok((Node::from_row(row)?, selected(row)?)))
}
