//! `POST /api/v1/tickets/{number}/replies` and `…/notes`: a program writes to a ticket.

use axum::response::Response;
use desk::alert::{self, Alert, Asked, Parties};
use desk::file::{Files, Limits, Sent};
use desk::filter;
use desk::intake::{self, Problem as Flaw};
use desk::outbox::{Envoy, envoy};
use desk::setting::{self, Settings};
use desk::template::Code;
use desk::ticket::{self, Source, Written};
use tenancy::policy::{CallKey, act};
use tenancy::{Id, Scope, Table};
use web::letters::{self, Notice, Reply, Said};

use crate::call::{Answer, Call};
use crate::document::{IdempotencyKey, Making};
use crate::entity::Part;
use crate::once::Entered;
use crate::problem::Problem;
use crate::shape::Made;
use crate::wanted::{NewEntry, NewFile};

/// Why nobody is written to (osTicket's AR-7).
const BANNED: &str = "The requester's address is on a ban list; take it off before you reply.";

/// Reply to a ticket
///
/// The reply is mailed to the requester, in the name of the ticket's realm. Takes `tickets:write`.
#[utoipa::path(
    post,
    path = "/api/v1/tickets/{number}/replies",
    operation_id = "reply",
    tag = "Tickets",
    params(("number" = String, Path, description = "The ticket's number."), IdempotencyKey),
    request_body = NewEntry,
    responses((status = 201, description = "It is written.", body = Made, headers(("location" = String, description = "Its address."))), Making),
)]
pub(crate) async fn reply(Part(number): Part<String>, call: Call) -> Response {
    call.answer(replied(&call, &number).await)
}

async fn replied(call: &Call, number: &str) -> Answer {
    let numbers = [number.to_owned()];
    let find = |scope: &Scope| {
        (
            ticket::find_for_work(scope, number),
            envoy(scope, number, Code::TicketReply),
            setting::of_ticket(scope, number),
            alert::parties(scope, Asked::numbered(&numbers)),
            envoy(scope, number, Code::TicketActivityNotice),
            filter::of_ticket(scope, number),
            ticket::tellable(scope, Asked::numbered(&numbers), &[]),
        )
    };
    let (caller, (found, envoys, settings, parties, notices, bans, told)) =
        match call.enter_once(CallKey::TicketsWrite, find).await? {
            Entered::Before(answer) => return Ok(answer),
            Entered::Now(caller, found) => (caller, found),
        };
    let program = &caller.program;
    let ticket = program.grant::<_, act::TicketReply>(Table::Ticket, found)?;
    let settings = Settings::of(&settings);
    let envoy: Envoy = envoys.into_iter().next().ok_or(Problem::NotFound)?;
    let envoy = envoy.going_by(&settings);
    let wanted = Checked::read(call, &Limits::of(&settings))?;
    if !bans.is_empty() {
        return Err(Problem::field("/body", BANNED));
    }
    let signer = web::visit::signer(&call.runtime).await?;
    let news = ticket.news(&told);
    let reply = Reply {
        ticket: &ticket,
        news: &news,
        author: &program.key.name,
        text: &wanted.text,
    };
    let tenant = program.site.tenant;
    let mut letters = vec![letters::of_reply(&call.runtime, tenant, &envoy, &signer, reply).await?];
    let notice = Notice {
        news: &news,
        told: &Parties::of(&ticket.id, &parties).collaborators(&settings, "", true),
        said: Said {
            author: reply.author,
            text: reply.text,
        },
        is_ours: true,
    };
    for envoy in notices {
        let envoy = envoy.going_by(&settings);
        letters.extend(letters::of_notice(&call.runtime, &envoy, &notice).await?);
    }
    let (id, by) = (program.fresh_id(), program.actor());
    let written = wanted.written(&id, &program.key.name, &by);
    let batch = written.reply(&call.runtime, &ticket, envoy.realm, &letters);
    caller.made(batch, &made(&ticket.number, &id)).await
}

/// Write a note
///
/// Only those who work the ticket see it. Takes `tickets:write`.
#[utoipa::path(
    post,
    path = "/api/v1/tickets/{number}/notes",
    operation_id = "note",
    tag = "Tickets",
    params(("number" = String, Path, description = "The ticket's number."), IdempotencyKey),
    request_body = NewEntry,
    responses((status = 201, description = "It is written.", body = Made, headers(("location" = String, description = "Its address."))), Making),
)]
pub(crate) async fn note(Part(number): Part<String>, call: Call) -> Response {
    call.answer(noted(&call, &number).await)
}

async fn noted(call: &Call, number: &str) -> Answer {
    let numbers = [number.to_owned()];
    let find = |scope: &Scope| {
        (
            ticket::find_for_work(scope, number),
            envoy(scope, number, Code::NoteAlert),
            setting::of_ticket(scope, number),
            alert::parties(scope, Asked::numbered(&numbers)),
            ticket::tellable(scope, Asked::numbered(&numbers), &[]),
        )
    };
    let (caller, (found, envoys, settings, parties, told)) =
        match call.enter_once(CallKey::TicketsWrite, find).await? {
            Entered::Before(answer) => return Ok(answer),
            Entered::Now(caller, found) => (caller, found),
        };
    let program = &caller.program;
    let ticket = program.grant::<_, act::TicketNote>(Table::Ticket, found)?;
    let settings = Settings::of(&settings);
    let envoy: Envoy = envoys.into_iter().next().ok_or(Problem::NotFound)?;
    let envoy = envoy.going_by(&settings);
    let wanted = Checked::read(call, &Limits::of(&settings))?;
    let alert = letters::Alert {
        code: Code::NoteAlert,
        news: &ticket.news(&told),
        told: &Parties::of(&ticket.id, &parties).told(Alert::Note, &settings, ""),
        facts: letters::facts_of_note(&program.key.name, &wanted.text),
    };
    let letters = letters::of_alert(&call.runtime, &envoy, &alert).await?;
    let (id, by) = (program.fresh_id(), program.actor());
    let written = wanted.written(&id, &program.key.name, &by);
    let batch = written.note(&call.runtime, &ticket, envoy.realm, &letters);
    caller.made(batch, &made(&ticket.number, &id)).await
}

fn made(number: &str, id: &Id) -> Made {
    Made {
        id: id.to_string(),
        href: format!("/api/v1/tickets/{number}/entries"),
    }
}

/// What was sent, checked.
struct Checked {
    text: String,
    files: Files,
}

impl Checked {
    fn read(call: &Call, limits: &Limits) -> Result<Self, Problem> {
        let wanted: NewEntry = call.json()?;
        let text = intake::checked_message(&wanted.body);
        Ok(Self {
            text: text.map_err(|flaw| Problem::field("/body", flawed(flaw)))?,
            files: checked_files(&wanted.files, limits)?,
        })
    }

    fn written<'a>(&'a self, id: &'a Id, author: &'a str, by: &'a ticket::Actor) -> Written<'a> {
        Written {
            id,
            text: &self.text,
            files: &self.files,
            author,
            by,
            source: Source::Api,
        }
    }
}

/// The files that were sent. A program is told of one that is not taken, and nothing is written:
/// it can send it otherwise, where a mail could not.
pub(crate) fn checked_files(sent: &[NewFile], limits: &Limits) -> Result<Files, Problem> {
    let sent: Vec<Sent> = sent.iter().map(NewFile::sent).collect();
    let files = Files::judge(&sent, limits);
    if files.refused().is_empty() {
        Ok(files)
    } else {
        Err(Problem::field("/files", files.told()))
    }
}

/// What is wrong with a field, in words.
pub(crate) fn flawed(flaw: Flaw) -> String {
    match flaw {
        Flaw::Missing => "It is missing.".to_owned(),
        Flaw::NotAnAddress => "It is no mail address.".to_owned(),
        Flaw::TooLong(most) => format!("It is longer than {most}."),
        Flaw::NotOffered => "There is no such choice.".to_owned(),
    }
}
