//! What a ticket must have before it is closed (osTicket's FO-4 and HT-3).

use desk::form::{self, Filled};
use desk::setting::{self, Held, Key, Settings};
use desk::ticket::WorkTicket;
use desk::wish::Wish;
use tenancy::scope::And;
use tenancy::{Query, Scope};

use crate::fields::pointer;
use crate::problem::{FieldProblem, Problem};
use crate::wanted::TicketChange;

type Fields = Option<(Query<Filled>,)>;
type Wanted = Option<(Query<Option<Held>>,)>;

/// Looks up what was filled in, where a call changes that or might close the ticket, and what the
/// settings of its realm say of that: what must be there, and what its clocks show.
pub(crate) fn look_up(
    scope: &Scope,
    number: &str,
    wanted: Option<&TicketChange>,
) -> And<Fields, Wanted> {
    let is_given = wanted.is_some_and(|wanted| wanted.status.is_some());
    let is_asked = |wanted: &&TicketChange| is_given || !wanted.fields.is_empty();
    let filled = wanted.filter(is_asked);
    And(
        filled.map(|wanted| (form::filled(scope, number, &wanted.topic()),)),
        filled.map(|_| (setting::of_ticket(scope, number),)),
    )
}

/// Refuses to close a ticket that lacks something.
///
/// # Errors
/// All that it lacks.
pub(crate) fn check(
    ticket: &WorkTicket,
    wanted: &TicketChange,
    filled: &[Filled],
    lacking: &[i64],
    settings: &Settings,
) -> Result<(), Problem> {
    let lacking = filled.iter().filter(|it| lacking.contains(&it.field.id));
    let mut errors: Vec<FieldProblem> = lacking.map(lacked).collect();
    let has_topic = match wanted.topic() {
        Wish::Keep => ticket.topic.is_some(),
        Wish::Clear => false,
        Wish::Set(_) => true,
    };
    if !has_topic && settings.is_on(Key::TopicToClose) {
        errors.push(needed("/topic".to_owned()));
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Problem::Invalid(errors))
    }
}

/// Fields that programs do not see are not named.
fn lacked(filled: &Filled) -> FieldProblem {
    if filled.field.is_seen_by_all() {
        needed(pointer(&filled.field.name))
    } else {
        let detail = "It lacks something that only some agents can fill in.".to_owned();
        let pointer = "/status".into();
        FieldProblem { pointer, detail }
    }
}

fn needed(pointer: String) -> FieldProblem {
    let detail = "A ticket cannot be closed without it.".to_owned();
    let pointer = pointer.into();
    FieldProblem { pointer, detail }
}
