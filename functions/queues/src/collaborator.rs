//! Letting somebody take part in a ticket, and putting them out.

use desk::collaborator::{self, Doing};
use desk::ticket::{Actor, WorkTicket};
use pages::work::Done;
use tenancy::Id;
use tenancy::policy::{Found, Granted, act};
use web::{Desk, Failure};

use crate::ticket::granted;

/// What is done about a collaborator.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Move {
    LetIn,
    KeepOut,
    PutOut,
}

impl Move {
    pub(crate) fn named(change: &str) -> Option<Self> {
        match change {
            "let_in" => Some(Self::LetIn),
            "keep_out" => Some(Self::KeepOut),
            "put_out" => Some(Self::PutOut),
            _ => None,
        }
    }
}

/// Does it; somebody who does not take part stays as they are.
pub(crate) async fn change(
    desk: &Desk,
    found: Vec<Found<WorkTicket>>,
    change: Move,
    user: &str,
) -> Result<Done, Failure> {
    let ticket: Granted<WorkTicket, act::TicketEdit> = granted(desk, found)?;
    let user = Id::parse(user).ok_or(Failure::BadRequest)?;
    let now = desk.visit.now();
    let doing = Doing {
        event: &Id::new(now, &*desk.visit.runtime.random),
        by: &Actor::Agent(desk.agent.id.clone()),
        now,
    };
    let batch = match change {
        Move::LetIn => collaborator::set_active(&ticket, &user, true, doing),
        Move::KeepOut => collaborator::set_active(&ticket, &user, false, doing),
        Move::PutOut => collaborator::put_out(&ticket, &user, doing),
    };
    ticket.scope().write(batch.to_vec()).await?;
    Ok(Done::Collaborators)
}
