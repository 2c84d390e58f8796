//! `DELETE /api/v1/tickets/{number}`: a program deletes a ticket.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use desk::status::{self, State};
use desk::ticket::{self, Change, WorkTicket};
use tenancy::policy::{CallKey, Granted, act};
use tenancy::{Scope, Table};

use crate::call::{Answer, Call};
use crate::document::{MayMatch, Removing};
use crate::entity::{Entity, Part};
use crate::problem::Problem;
use crate::shape::Ticket;

/// Delete a ticket
///
/// From then on it is as good as not there, for everybody. Takes `tickets:delete`.
#[utoipa::path(
    delete,
    path = "/api/v1/tickets/{number}",
    operation_id = "deleteTicket",
    tag = "Tickets",
    params(("number" = String, Path, description = "The ticket's number."), MayMatch),
    responses((status = 204, description = "It is deleted."), Removing),
)]
pub(crate) async fn delete(Part(number): Part<String>, call: Call) -> Response {
    call.answer(deleted(&call, &number).await)
}

async fn deleted(call: &Call, number: &str) -> Answer {
    let find = |scope: &Scope| (ticket::find_for_work(scope, number), status::all(scope));
    let (program, (found, statuses)) = call.enter(CallKey::TicketsDelete, find).await?;
    let ticket: Granted<WorkTicket, act::TicketDelete> = program.grant(Table::Ticket, found)?;
    Entity::of(&Ticket::from(&*ticket)).check_match_if_any(call)?;
    let gone = status::own(&statuses, State::Deleted);
    let gone = gone.ok_or_else(|| Problem::Trouble("no status of the deleted".to_owned()))?;
    let change = Change::of(&ticket, call.runtime.clock.now()).delete(&ticket, gone);
    let batch = change.statements(&program.actor(), &*call.runtime.random);
    ticket.scope().write(batch).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
