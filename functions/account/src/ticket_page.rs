//! A ticket as its requester reads it.

use axum::response::{IntoResponse, Response};
use desk::file::Attachment;
use desk::form::Shown;
use desk::ticket::{EntryKind, RaisedTicket, ThreadEntry};
use pages::form::FieldProblem;
use pages::http::Html;
use pages::layout::{Notice, Shell};
use pages::portal::{Entry, EntryFile, EntryKind as ShownKind, TicketPage};
use pages::time::Moment;
use tenancy::principal::User;

use web::facts::facts;
use web::guest::Guest;
use web::upload::Uploaded;

/// A ticket, and who reads it.
pub(crate) struct Reading<'a> {
    pub(crate) guest: &'a Guest<'a>,
    pub(crate) user: &'a User,
    pub(crate) ticket: &'a RaisedTicket,
    pub(crate) thread: &'a [ThreadEntry],
    pub(crate) files: &'a [Attachment],
    /// What was filled in with it.
    pub(crate) filled: &'a [Shown],
}

/// What stands in the form below the thread.
pub(crate) struct Writing<'a> {
    pub(crate) typed: &'a str,
    pub(crate) problem: Option<FieldProblem>,
    pub(crate) uploaded: Uploaded,
    pub(crate) is_too_much: bool,
}

pub(crate) fn page(
    reading: &Reading<'_>,
    notice: Option<Notice<'_>>,
    writing: &Writing<'_>,
) -> Response {
    let Reading {
        guest,
        user,
        ticket,
        thread,
        files,
        filled,
    } = reading;
    let number = &ticket.news.number;
    let shell = Shell {
        notice,
        ..guest.shell()
    };
    let facts = facts(filled, shell.locale, |file| {
        pages::url::ticket_file(number, file)
    });
    let page = TicketPage {
        shell,
        number: &ticket.news.number,
        subject: &ticket.news.subject,
        is_closed: ticket.is_closed,
        status: &ticket.status,
        can_reopen: ticket.can_reopen,
        created_at: Moment(ticket.created_at.0),
        department: Some(&ticket.news.department),
        facts,
        thread: thread
            .iter()
            .filter_map(|entry| shown(number, entry, files))
            .collect(),
        colleague: (!ticket.is_raised_by(user)).then_some(ticket.requester.as_str()),
        raised_for: (ticket.realm != guest.site.realm).then_some(ticket.realm_name.as_str()),
        typed: writing.typed,
        problem: writing.problem,
        upload: writing.uploaded.field(),
        is_too_much: writing.is_too_much,
        csrf: guest.csrf(),
        reply_address: None,
        now: Moment(guest.visit.now().0),
    };
    Html(page).into_response()
}

/// Notes never reach this page: neither the statement nor this lets them through.
fn shown<'a>(number: &str, entry: &'a ThreadEntry, files: &'a [Attachment]) -> Option<Entry<'a>> {
    let kind = match entry.kind {
        EntryKind::Message => ShownKind::User,
        EntryKind::Reply => ShownKind::Agent,
        EntryKind::Note => return None,
    };
    let at = Moment(entry.created_at.0);
    let files = files.iter().filter(|file| file.entry == entry.id);
    Some(Entry {
        author: &entry.author,
        kind,
        at,
        text: &entry.body,
        files: files.map(|file| shown_file(number, file)).collect(),
    })
}

fn shown_file<'a>(number: &str, file: &'a Attachment) -> EntryFile<'a> {
    EntryFile {
        name: &file.name,
        bytes: file.size,
        url: pages::url::ticket_file(number, file.id.as_str()),
    }
}
