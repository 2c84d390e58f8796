//! Where a user stands: in their own realm, with no role, no grant and no rule.
//!
//! Tickets they see by having raised them and not by where they stand; but they may raise them
//! for what they hold, their own realm and those below it (T-27, T-34).

use crate::duty::Duties;
use crate::port::{BatchStatement, DbError, Rows};
use crate::scope::{Queries, Query, Scope};
use crate::separation::Directions;
use crate::sql;
use crate::token::UserClaims;

use super::standing::{Node, Restriction, Standing};
use super::store::{all, restrictions};

type Parts = (Query<Node>, Query<Restriction>);

/// The queries that find where a user stands; nothing is found when there is no such user.
pub struct FindUserStanding(Parts);

impl Standing {
    /// Looks up where the user of a session stands.
    pub fn of_user(scope: &Scope, claims: &UserClaims) -> FindUserStanding {
        FindUserStanding((seat(scope, claims), restrictions(scope)))
    }
}

impl Queries for FindUserStanding {
    type Readers = <Parts as Queries>::Readers;
    type Answers = Option<Standing>;

    fn split(self) -> (Vec<BatchStatement>, Self::Readers) {
        self.0.split()
    }

    fn answers(readers: Self::Readers, rows: Vec<Rows>) -> Result<Self::Answers, DbError> {
        let (seats, restrictions) = Parts::answers(readers, rows)?;
        let restrictions = all(restrictions)?;
        Ok(seats.into_iter().next().map(|primary| Standing {
            primary,
            role: None,
            selected: None,
            extensions: Vec::new(),
            restrictions,
            directions: Directions::default(),
            duties: Duties::default(),
        }))
    }
}

fn seat(scope: &Scope, claims: &UserClaims) -> Query<Node> {
    scope
        .statement(sql!(
            "SELECT r.realm_id, r.path, r.name AS realm
               FROM user AS u
               JOIN realm AS r ON r.tenant_id = u.tenant_id AND r.realm_id = u.realm_id
              WHERE u.tenant_id = ?1 AND u.user_id = ?2"
        ))
        .bind(&claims.user)
        .rows(Node::from_row)
}
