//! A ticket as a page and as JSON.

use axum::http::StatusCode;
use axum::response::Response;
use desk::collaborator::Collaborator;
use desk::referral::{Kind, Referral};
use desk::ticket::{EntryKind, WorkEntry, WorkFile};
use pages::http::Html;
use pages::portal::{Entry, EntryFile, EntryKind as ShownEntry};
use pages::time::Moment;
use pages::work::{
    Ban, Collaborator as ShownCollaborator, Kind as ShownKind, May, Offered as ShownOffer, Refer,
    Referred, WorkEntry as ShownWork, WorkPage,
};
use serde_json::{Value, json};
use tenancy::peer::Peer;
use web::Desk;
use web::facts::facts;
use web::failure::data;
use web::form::FormToken;

use crate::show::shown_priority;
use crate::ticket::{Offered, Reading, Told};

pub(crate) fn answer(desk: &Desk, reading: &Reading, told: &Told<'_>) -> Response {
    let status = match told.problem {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let token = FormToken::of(&desk.visit, &desk.signer);
    let csrf = token.token.clone();
    if desk.wants_json() {
        return token.with(data(status, &body(reading, &csrf)));
    }
    token.with((status, Html(page(desk, reading, told, &csrf))))
}

fn page<'a>(desk: &'a Desk, reading: &'a Reading, told: &Told<'a>, csrf: &'a str) -> WorkPage<'a> {
    let ticket = &reading.ticket;
    let more = reading.thread.last().filter(|_| reading.has_more);
    let path = pages::url::work(&ticket.number);
    let thread = reading.thread.iter();
    let offered = reading.offered.as_ref();
    let shell = desk.shell(Some(&desk.agent.realm_name), csrf);
    let facts = facts(&reading.filled, shell.locale, |file| {
        pages::url::work_file(&ticket.number, file)
    });
    WorkPage {
        shell,
        number: &ticket.number,
        subject: &ticket.subject,
        is_closed: ticket.is_closed,
        status: &ticket.status.name,
        is_overdue: ticket.overdue_at.is_some(),
        priority: shown_priority(ticket.priority),
        requester: &ticket.requester.name,
        requester_email: &ticket.requester.email,
        ban: ban(reading),
        department: &ticket.department.name,
        realm: &ticket.realm.name,
        assignee: ticket.assignee.as_ref().map(|agent| agent.name.as_str()),
        created_at: Moment(ticket.created_at.0),
        due_at: ticket.due_at.map(|due| Moment(due.0)),
        facts,
        thread: thread
            .map(|entry| shown_entry(&ticket.number, entry))
            .collect(),
        more: more.map(|last| format!("{path}?after={}", last.id)),
        referrals: reading.referrals.iter().map(shown_referral).collect(),
        collaborators: reading
            .collaborators
            .iter()
            .map(shown_collaborator)
            .collect(),
        may: May {
            edit: reading.edits,
            delete: reading.deletes,
        },
        refer: offered.map(|offered| refer(offered, told)),
        done: told.done,
        csrf,
        now: Moment(desk.visit.now().0),
    }
}

/// What the page says of the requester's ban, the realm's own before those above it.
fn ban(reading: &Reading) -> Option<Ban> {
    let banned = reading.banned.as_ref()?;
    let own = reading.ticket.realm.id;
    Some(match banned.first() {
        None => Ban::Nowhere,
        Some(_) if banned.iter().any(|it| it.realm == own) => Ban::Here,
        Some(_) => Ban::Above,
    })
}

fn refer<'a>(offered: &'a Offered, told: &Told<'a>) -> Refer<'a> {
    Refer {
        departments: offered.departments.iter().map(shown_offer).collect(),
        teams: offered.teams.iter().map(shown_offer).collect(),
        agent: told.agent,
        problem: told.problem,
    }
}

fn shown_offer(offer: &Peer<i64>) -> ShownOffer<'_> {
    ShownOffer {
        id: offer.id,
        name: &offer.name,
        realm: &offer.detail,
    }
}

fn shown_referral(referral: &Referral) -> Referred<'_> {
    Referred {
        id: referral.id.as_str(),
        kind: match referral.kind {
            Kind::Agent => ShownKind::Agent,
            Kind::Team => ShownKind::Team,
            Kind::Department => ShownKind::Department,
        },
        name: &referral.name,
    }
}

fn shown_collaborator(collaborator: &Collaborator) -> ShownCollaborator<'_> {
    ShownCollaborator {
        id: collaborator.user.as_str(),
        name: &collaborator.name,
        email: &collaborator.email,
        is_active: collaborator.is_active,
    }
}

fn collaborator_json(collaborator: &Collaborator) -> Value {
    json!({
        "id": collaborator.user,
        "name": collaborator.name,
        "email": collaborator.email,
        "active": collaborator.is_active,
    })
}

fn shown_entry<'a>(number: &str, entry: &'a WorkEntry) -> ShownWork<'a> {
    let kind = match entry.kind {
        EntryKind::Message => ShownEntry::User,
        EntryKind::Reply | EntryKind::Note => ShownEntry::Agent,
    };
    ShownWork {
        entry: Entry {
            author: &entry.author,
            kind,
            at: Moment(entry.created_at.0),
            text: &entry.body,
            files: entry
                .files
                .iter()
                .map(|file| shown_file(number, file))
                .collect(),
        },
        is_note: entry.kind == EntryKind::Note,
    }
}

fn shown_file<'a>(number: &str, file: &'a WorkFile) -> EntryFile<'a> {
    EntryFile {
        name: &file.name,
        bytes: file.size,
        url: pages::url::work_file(number, &file.id),
    }
}

fn body(reading: &Reading, csrf: &str) -> Value {
    let ticket = &reading.ticket;
    let last = reading.thread.last().filter(|_| reading.has_more);
    let offered = reading.offered.as_ref();
    json!({
        "id": ticket.id,
        "number": ticket.number,
        "subject": ticket.subject,
        "state": if ticket.is_closed { "closed" } else { "open" },
        "status": { "id": ticket.status.id, "name": ticket.status.name },
        "priority": ticket.priority.name(),
        "requester": { "name": ticket.requester.name, "email": ticket.requester.email },
        "department": { "id": ticket.department.id, "name": ticket.department.name },
        "realm": { "id": ticket.realm.id.0, "name": ticket.realm.name },
        "assignee": ticket.assignee.as_ref().map(|agent| &agent.name),
        "created_at": ticket.created_at.0,
        "due_at": ticket.due_at.map(|due| due.0),
        "overdue_at": ticket.overdue_at.map(|at| at.0),
        "closed_at": ticket.closed_at.map(|at| at.0),
        "thread": reading.thread.iter().map(entry_json).collect::<Vec<_>>(),
        "more_after": last.map(|entry| &entry.id),
        "referrals": reading.referrals.iter().map(referral_json).collect::<Vec<_>>(),
        "collaborators": reading.collaborators.iter().map(collaborator_json).collect::<Vec<_>>(),
        "departments": offered.map(|offered| offers_json(&offered.departments)),
        "teams": offered.map(|offered| offers_json(&offered.teams)),
        "banned": reading.banned.as_ref().map(|banned| !banned.is_empty()),
        "csrf": csrf,
    })
}

fn entry_json(entry: &WorkEntry) -> Value {
    let files = entry.files.iter();
    let files = files.map(|file| json!({ "id": file.id, "name": file.name, "size": file.size }));
    json!({
        "id": entry.id,
        "kind": entry.kind.name(),
        "author": entry.author,
        "body": entry.body,
        "created_at": entry.created_at.0,
        "files": files.collect::<Vec<_>>(),
    })
}

fn referral_json(referral: &Referral) -> Value {
    json!({ "id": referral.id, "kind": referral.kind.name(), "name": referral.name })
}

fn offers_json(offers: &[Peer<i64>]) -> Vec<Value> {
    let offers = offers.iter();
    let offers = offers.map(|it| json!({ "id": it.id, "name": it.name, "realm": it.detail }));
    offers.collect()
}
