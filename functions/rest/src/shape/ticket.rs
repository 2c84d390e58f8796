//! Tickets and their threads, as the API writes them.

use std::collections::BTreeMap;

use desk::collaborator;
use desk::queue::QueueTicket;
use desk::ticket::{self, EntryKind, FilledIn, WorkEntry, WorkFile, WorkTicket};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Numbered, Reference, moment};
use crate::wanted::Typed;

/// Whether a ticket is still worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    /// It is.
    Open,
    /// It is not, until somebody writes to it.
    Closed,
}

/// How urgent a ticket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Priority {
    Low,
    Normal,
    High,
    Emergency,
}

/// Whoever asked for help.
#[derive(Serialize, ToSchema)]
pub(crate) struct Requester {
    /// The user's id.
    #[schema(format = "uuid")]
    id: String,
    /// Their name.
    name: String,
    /// Their address.
    email: String,
}

/// A ticket as lists show it.
#[derive(Serialize, ToSchema)]
pub(crate) struct TicketSummary {
    /// Its id, by which lists are sorted, newest first.
    #[schema(format = "uuid")]
    id: String,
    /// Its number, by which it is found.
    #[schema(example = "384911")]
    number: String,
    /// What it is about.
    subject: String,
    /// Whether it is still worked on.
    status: Status,
    /// How urgent it is.
    priority: Priority,
    /// The name of its realm.
    realm: String,
    /// The name of whoever asked.
    requester: String,
    /// Their address.
    requester_email: String,
    /// The name of its department.
    department: String,
    /// The name of the agent who works it.
    assignee: Option<String>,
    /// The name of the team that works it.
    team: Option<String>,
    /// Whether an agent had the last word.
    answered: bool,
    /// Whether it is past its due time.
    overdue: bool,
    /// When it was created.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it is due.
    #[schema(format = DateTime)]
    due_at: Option<String>,
    /// When it was closed.
    #[schema(format = DateTime)]
    closed_at: Option<String>,
}

/// A ticket. Its messages are below its address, under `entries`.
#[derive(Serialize, ToSchema)]
pub(crate) struct Ticket {
    /// Its id, by which lists are sorted, newest first.
    #[schema(format = "uuid")]
    id: String,
    /// Its number, by which it is found.
    #[schema(example = "384911")]
    number: String,
    /// What it is about.
    subject: String,
    /// Whether it is still worked on.
    status: Status,
    /// What the help desk calls that; a `PATCH` takes it by its id or its name.
    named_status: Numbered,
    /// How urgent it is.
    priority: Priority,
    /// The door it came through: `Web`, `Email`, `Phone`, `API` or `Other`.
    source: String,
    /// Its realm.
    realm: Numbered,
    /// Whoever asked.
    requester: Requester,
    /// Its department.
    department: Numbered,
    /// Its help topic.
    topic: Option<Numbered>,
    /// The agent who works it.
    assignee: Option<Reference>,
    /// The team that works it.
    team: Option<Numbered>,
    /// What was filled in with it, by the fields' names; nothing that is limited to roles.
    fields: BTreeMap<String, Typed>,
    /// Whether an agent had the last word.
    answered: bool,
    /// Whether it is past its due time.
    overdue: bool,
    /// When it was created.
    #[schema(format = DateTime)]
    created_at: String,
    /// When something last happened to it.
    #[schema(format = DateTime)]
    updated_at: String,
    /// When it is due.
    #[schema(format = DateTime)]
    due_at: Option<String>,
    /// When it was closed.
    #[schema(format = DateTime)]
    closed_at: Option<String>,
}

/// Somebody who takes part in a ticket of somebody else's.
#[derive(Serialize, ToSchema)]
pub(crate) struct Collaborator {
    /// The user's id.
    #[schema(format = "uuid")]
    id: String,
    /// Their name.
    name: String,
    /// Their address.
    email: String,
    /// Whether they are let in; until then they read and hear nothing.
    active: bool,
}

/// A message, reply or note.
#[derive(Serialize, ToSchema)]
pub(crate) struct Entry {
    /// Its id, by which the thread is sorted, oldest first.
    #[schema(format = "uuid")]
    id: String,
    /// `message` from the requester, `reply` to them, `note` between agents.
    kind: Kind,
    /// Who wrote it.
    author: String,
    /// What they wrote, as plain text.
    body: String,
    /// The door it came through: `Web`, `Email`, `Phone`, `API` or `Other`.
    source: String,
    /// When it was written.
    #[schema(format = DateTime)]
    created_at: String,
    /// The files that hang on it.
    files: Vec<File>,
}

/// What an entry is to the reader.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// From the requester.
    Message,
    /// To the requester.
    Reply,
    /// Between agents; requesters never see it.
    Note,
}

/// A file that hangs on an entry.
#[derive(Serialize, ToSchema)]
pub(crate) struct File {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// Its name.
    name: String,
    /// Its type, as its content tells.
    content_type: String,
    /// How many bytes it has.
    size: i64,
    /// Where its bytes are.
    href: String,
}

impl From<bool> for Status {
    fn from(is_closed: bool) -> Self {
        if is_closed { Self::Closed } else { Self::Open }
    }
}

impl From<ticket::Priority> for Priority {
    fn from(priority: ticket::Priority) -> Self {
        match priority {
            ticket::Priority::Low => Self::Low,
            ticket::Priority::Normal => Self::Normal,
            ticket::Priority::High => Self::High,
            ticket::Priority::Emergency => Self::Emergency,
        }
    }
}

impl From<Priority> for ticket::Priority {
    fn from(priority: Priority) -> Self {
        match priority {
            Priority::Low => Self::Low,
            Priority::Normal => Self::Normal,
            Priority::High => Self::High,
            Priority::Emergency => Self::Emergency,
        }
    }
}

impl From<&QueueTicket> for TicketSummary {
    fn from(ticket: &QueueTicket) -> Self {
        Self {
            id: ticket.id.to_string(),
            number: ticket.number.clone(),
            subject: ticket.subject.clone(),
            status: ticket.closed_at.is_some().into(),
            priority: ticket.priority.into(),
            realm: ticket.realm.clone(),
            requester: ticket.requester.clone(),
            requester_email: ticket.requester_email.clone(),
            department: ticket.department.clone(),
            assignee: ticket.assignee.clone(),
            team: ticket.team.clone(),
            answered: ticket.is_answered,
            overdue: ticket.is_overdue,
            created_at: moment(ticket.created_at),
            due_at: ticket.due_at.map(moment),
            closed_at: ticket.closed_at.map(moment),
        }
    }
}

fn fields(filled: &[FilledIn]) -> BTreeMap<String, Typed> {
    let mut fields: BTreeMap<String, Typed> = BTreeMap::new();
    for FilledIn { name, text, .. } in filled {
        let known = fields.remove(name);
        let now = match known {
            None => Typed::One(text.clone()),
            Some(known) => Typed::Some([known.texts(), vec![text.clone()]].concat()),
        };
        fields.insert(name.clone(), now);
    }
    fields
}

impl From<&WorkTicket> for Ticket {
    fn from(ticket: &WorkTicket) -> Self {
        Self {
            id: ticket.id.to_string(),
            number: ticket.number.clone(),
            subject: ticket.subject.clone(),
            status: ticket.is_closed.into(),
            named_status: (&ticket.status).into(),
            priority: ticket.priority.into(),
            source: ticket.source.clone(),
            realm: (&ticket.realm).into(),
            requester: Requester {
                id: ticket.requester.id.to_string(),
                name: ticket.requester.name.clone(),
                email: ticket.requester.email.clone(),
            },
            department: (&ticket.department).into(),
            topic: ticket.topic.as_ref().map(Into::into),
            assignee: ticket.assignee.as_ref().map(Into::into),
            team: ticket.team.as_ref().map(Into::into),
            fields: fields(&ticket.filled),
            answered: ticket.answered_at.is_some(),
            overdue: ticket.overdue_at.is_some(),
            created_at: moment(ticket.created_at),
            updated_at: moment(ticket.updated_at),
            due_at: ticket.due_at.map(moment),
            closed_at: ticket.closed_at.map(moment),
        }
    }
}

impl From<collaborator::Collaborator> for Collaborator {
    fn from(known: collaborator::Collaborator) -> Self {
        Self {
            id: known.user.to_string(),
            name: known.name,
            email: known.email,
            active: known.is_active,
        }
    }
}

impl Entry {
    /// An entry of the ticket with this number.
    pub(crate) fn of(number: &str, entry: WorkEntry) -> Self {
        let file = |file: WorkFile| File {
            href: format!("/api/v1/tickets/{number}/files/{}", file.id),
            id: file.id,
            name: file.name,
            content_type: file.content_type,
            size: file.size,
        };
        Self {
            id: entry.id.to_string(),
            kind: match entry.kind {
                EntryKind::Message => Kind::Message,
                EntryKind::Reply => Kind::Reply,
                EntryKind::Note => Kind::Note,
            },
            author: entry.author,
            body: entry.body,
            source: entry.source,
            created_at: moment(entry.created_at),
            files: entry.files.into_iter().map(file).collect(),
        }
    }
}
