//! What agents are told of a new ticket. Who they are is found when it is written.

use desk::alert::{Alert, Circular, NAME};
use desk::intake::{Draft, Setup};
use desk::template::{Code, Facts, Reader, Template};
use pages::mail::Letterhead;

use super::post::{Post, nobody_yet};
use super::{facts_of_assignment, in_english, words};
use crate::Failure;

/// Writes what agents are told of a new ticket, and of its being theirs, as far as anybody is.
pub(super) fn of_agents(
    post: &Post<'_>,
    head: Letterhead<'_>,
    setup: &Setup,
    draft: &Draft<'_>,
    request: Facts,
) -> Result<Vec<Circular>, Failure> {
    let head = in_english(head);
    let facts = words::of_answers(draft, true, head.locale).and(request);
    let facts = facts.plain("recipient.name", NAME);
    let (of_ticket, settings) = (Template::of_ticket(), &setup.settings);
    let mut circulars = Vec::new();
    if let Some(to) = Alert::Ticket.recipients(settings) {
        let own = (setup.templates.get(Code::TicketAlert), &of_ticket);
        let letter = post.filled(nobody_yet(), head, own, (&facts, Reader::Known))?;
        circulars.push(Circular { letter, to });
    }
    let assignee = assignee(draft).zip(Alert::Assigned.recipients(settings));
    if let Some((assignee, to)) = assignee {
        let facts = facts.and(facts_of_assignment(assignee, head.tenant));
        let own = setup.templates.get(Code::AssignedAlert);
        let own = (own, &Template::of_assignment());
        let letter = post.filled(nobody_yet(), head, own, (&facts, Reader::Known))?;
        circulars.push(Circular { letter, to });
    }
    Ok(circulars)
}

/// Who got it by itself, as long as it is open: an agent is named by their own name, a team is not.
fn assignee(draft: &Draft<'_>) -> Option<&'static str> {
    if draft.admission().given.is_closed {
        return None;
    }
    let routing = draft.routing();
    let agent = routing.agent.as_ref().map(|_| NAME);
    agent.or(routing.team.map(|_| "your team"))
}
