//! `/tickets/{number}`: a user reads a ticket, behind the access link from a mail.

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};
use desk::file::{self, Attachment};
use desk::setting;
use desk::ticket::{self, EntryKind, FullTicket, ThreadEntry};
use pages::http::Html;
use pages::portal::{
    Entry, EntryFile, EntryKind as ShownKind, LinkNeededPage, TicketPage, TicketStatus,
};
use pages::time::Moment;
use serde::Deserialize;
use tenancy::token::{ACCESS_SECONDS, AccessClaims, Signer};
use tenancy::{Site, Timestamp};
use web::failure::see_other;
use web::visit::{Frame, open_site};
use web::{Answer, Visit, cookie};

/// A browser keeps the access tokens of several tickets, each under the ticket's number.
const ACCESS: &str = "__Host-access-";

#[derive(Deserialize)]
pub(crate) struct Link {
    access: Option<String>,
}

pub(crate) async fn show(
    visit: Visit,
    Path(number): Path<String>,
    Query(link): Query<Link>,
) -> Answer {
    let scope = visit.scope();
    let (sites, settings, tickets, thread, files) = scope
        .read((
            visit.site(&scope),
            setting::inherited(&scope),
            ticket::find_by_number(&scope, &number),
            ticket::thread_by_number(&scope, &number),
            file::of_ticket(&scope, &number),
        ))
        .await?;
    let site = open_site(sites)?;
    let frame = Frame::new(&site, &settings);
    let ticket = tickets.into_iter().next();
    let signer = visit.signer().await?;
    if let Some(token) = link.access {
        return Ok(exchange(
            &frame,
            &signer,
            visit.now(),
            &site,
            ticket.as_ref(),
            &token,
        ));
    }
    Ok(match ticket {
        Some(ticket) if is_open_to(&visit, &signer, &site, &ticket) => {
            page(&frame, &ticket, (&thread, &files), visit.now())
        }
        Some(_) | None => link_needed(&frame),
    })
}

/// Whether the visitor holds the link to this ticket.
pub(crate) fn is_open_to(visit: &Visit, signer: &Signer, site: &Site, ticket: &FullTicket) -> bool {
    let held = visit.cookie(&format!("{ACCESS}{}", ticket.number));
    held.is_some_and(|token| opens(signer, visit.now(), site, ticket, token))
}

/// Turns the link from the mail into a cookie, so that the token leaves the address bar.
fn exchange(
    frame: &Frame,
    signer: &Signer,
    now: Timestamp,
    site: &Site,
    ticket: Option<&FullTicket>,
    token: &str,
) -> Response {
    let opened = ticket.filter(|ticket| opens(signer, now, site, ticket, token));
    let Some(ticket) = opened else {
        return link_needed(frame);
    };
    let mut response = see_other(&pages::url::ticket(&ticket.number));
    let name = format!("{ACCESS}{}", ticket.number);
    if let Some(cookie) = cookie::set(&name, token, ACCESS_SECONDS) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

fn opens(signer: &Signer, now: Timestamp, site: &Site, ticket: &FullTicket, token: &str) -> bool {
    let wanted = AccessClaims {
        tenant: site.tenant,
        ticket: ticket.id.clone(),
    };
    signer.read_access(token, now) == Some(wanted)
}

/// The same page whether the ticket exists or not.
pub(crate) fn link_needed(frame: &Frame) -> Response {
    (
        StatusCode::NOT_FOUND,
        Html(LinkNeededPage {
            shell: frame.shell(),
        }),
    )
        .into_response()
}

fn page(
    frame: &Frame,
    ticket: &FullTicket,
    (thread, files): (&[ThreadEntry], &[Attachment]),
    now: Timestamp,
) -> Response {
    let number = &ticket.number;
    let status = if ticket.is_closed {
        TicketStatus::Closed
    } else {
        TicketStatus::Open
    };
    let page = TicketPage {
        shell: frame.shell(),
        number: &ticket.number,
        subject: &ticket.subject,
        status,
        created_at: Moment(ticket.created_at.0),
        department: Some(&ticket.department),
        thread: thread
            .iter()
            .filter_map(|entry| shown(number, entry, files))
            .collect(),
        reply_address: None,
        now: Moment(now.0),
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
