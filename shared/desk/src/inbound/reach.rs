//! What an agent who sends a mail may add a note to: the tickets that they see.

use tenancy::port::DbError;
use tenancy::scope::And;
use tenancy::sight::Standing;
use tenancy::{Id, Scope};

use super::{Arrived, Candidate, Known};
use crate::ticket::{Placed, find_places};

/// Leaves out the tickets that the agent who sent a mail does not see: to them they are none, and
/// the mail opens one of its own. Only such mails take this look; their own tickets stay theirs.
///
/// # Errors
/// The database's.
pub async fn within_reach(
    scope: &Scope,
    mail: &Arrived,
    mut known: Known,
) -> Result<Known, DbError> {
    let Some(agent) = &known.agent else {
        return Ok(known);
    };
    let found = known.referred.iter().chain(&known.numbered);
    let others: Vec<&Id> = found
        .filter(|found| !is_own(mail, found))
        .map(|found| &found.ticket)
        .collect();
    if others.is_empty() {
        return Ok(known);
    }
    let places = (find_places(scope, &others),);
    let asked = And(Standing::of_agent(scope, &agent.id), places);
    let (standing, (placed,)) = scope.read(asked).await?;
    let seen = seen(standing.as_ref(), &placed);
    let stays = |found: &Candidate| is_own(mail, found) || seen.contains(&&found.ticket);
    known.referred.retain(stays);
    known.numbered.retain(stays);
    Ok(known)
}

fn is_own(mail: &Arrived, found: &Candidate) -> bool {
    let sender = mail.sender.as_ref();
    sender.is_some_and(|sender| sender.as_str() == found.owner())
}

fn seen<'p>(standing: Option<&Standing>, placed: &'p [Placed]) -> Vec<&'p Id> {
    let sees = |it: &&Placed| {
        standing.is_some_and(|standing| standing.sees_ticket(&it.node.path, &it.work))
    };
    placed.iter().filter(sees).map(|it| &it.id).collect()
}
