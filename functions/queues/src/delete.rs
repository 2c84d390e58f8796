//! Deleting a ticket: it gets the status of the deleted, and is as good as not there.

use axum::http::StatusCode;
use desk::queue::Queue;
use desk::status::{self, State};
use desk::ticket::{self, Actor, Change};
use serde_json::json;
use tenancy::policy::act;
use web::failure::{data, see_other};
use web::{Answer, Desk, Failure, Visit, form};

use crate::ticket::granted;

/// What the form's button posts.
pub(crate) const CHANGE: &str = "delete";

pub(crate) async fn change(visit: Visit, number: &str, csrf: &str) -> Answer {
    let (desk, (found, statuses)) = Desk::enter(visit, |scope| {
        (ticket::find_for_work(scope, number), status::all(scope))
    })
    .await?;
    form::check(&desk.visit, &desk.signer, csrf)?;
    let ticket = granted::<act::TicketDelete>(&desk, found)?;
    let gone = status::own(&statuses, State::Deleted);
    let gone = gone.ok_or_else(|| Failure::Trouble("no status of the deleted".to_owned()))?;
    let change = Change::of(&ticket, desk.visit.now()).delete(&ticket, gone);
    let by = Actor::Agent(desk.agent.id.clone());
    let batch = change.statements(&by, &*desk.visit.runtime.random);
    ticket.scope().write(batch).await?;
    if desk.wants_json() {
        return Ok(desk.renewed(data(StatusCode::OK, &json!({ "done": "deleted" }))));
    }
    let path = pages::url::queue(Queue::Open.name());
    Ok(desk.renewed(see_other(&format!("{path}?done=deleted"))))
}
