//! What agents are told of a new ticket. Who they are is found when it is written.

use desk::alert::{Alert, Circular, NAME};
use desk::intake::{Draft, Setup};
use desk::outbox::Letter;
use desk::template::{Code, Facts, Reader, Template};
use desk::ticket::number::PLACEHOLDER;
use pages::mail::{Letterhead, TicketAlert};

use super::{Post, facts_of_assignment, in_english, nobody_yet};
use crate::Failure;

/// Writes what agents are told of a new ticket, and of its being theirs, as far as anybody is.
pub(super) fn of_agents(
    post: &Post<'_>,
    (head, origin): (Letterhead<'_>, &str),
    setup: &Setup,
    draft: &Draft<'_>,
    facts: &Facts,
) -> Result<Vec<Circular>, Failure> {
    let head = in_english(head);
    let facts = facts.clone().plain("recipient.name", NAME);
    let mut circulars = Vec::new();
    if let Some(to) = Alert::Ticket.recipients(&setup.settings) {
        let mail = TicketAlert {
            head,
            number: PLACEHOLDER,
            subject: &draft.request().subject,
            requester: &draft.request().name,
            department: Some(&draft.routing().department.name),
            link: &format!("{origin}{}", pages::url::queue("open")),
        };
        let words = setup.templates.get(Code::TicketAlert);
        let words = words.map(|template| template.filled(&facts, Reader::Known));
        let letter = post.written_or(nobody_yet(), head, words.as_ref(), &mail)?;
        circulars.push(Circular { letter, to });
    }
    if let Some(to) = Alert::Assigned.recipients(&setup.settings) {
        let letter = of_assignment(post, head, setup, draft, facts)?;
        circulars.extend(letter.map(|letter| Circular { letter, to }));
    }
    Ok(circulars)
}

/// The letter to whoever got it by itself: an agent is named by their own name, a team is not.
fn of_assignment(
    post: &Post<'_>,
    head: Letterhead<'_>,
    setup: &Setup,
    draft: &Draft<'_>,
    facts: Facts,
) -> Result<Option<Letter>, Failure> {
    let routing = draft.routing();
    let assignee = match (&routing.agent, routing.team) {
        (Some(_), _) => NAME,
        (None, Some(_)) => "your team",
        (None, None) => return Ok(None),
    };
    let facts = facts.and(facts_of_assignment(assignee, head.tenant));
    let own = setup.templates.get(Code::AssignedAlert);
    let own = (own, &Template::assignment());
    let filling = (&facts, Reader::Known);
    post.filled(nobody_yet(), head, own, filling).map(Some)
}
