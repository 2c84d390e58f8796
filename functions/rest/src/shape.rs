//! What the API answers with: the one place that names its fields.

use desk::directory::{Company, Person};
use desk::queue::QueueTicket;
use desk::ticket::{self, EntryKind, Named, WorkEntry, WorkFile, WorkTicket};
use desk::topic;
use pages::time::Moment;
use serde::{Deserialize, Serialize};
use tenancy::{Id, RealmId, Timestamp};
use utoipa::ToSchema;

/// One page of a list.
#[derive(Serialize, ToSchema)]
pub(crate) struct List<T> {
    /// What is on this page.
    pub(crate) items: Vec<T>,
    /// The address of the next page; null on the last one.
    #[schema(example = "/api/v1/tickets?after=019aa4a1-5f00-7000-8000-000000000000")]
    pub(crate) next: Option<String>,
}

/// A realm, a department or a help topic, by its id and name.
#[derive(Serialize, ToSchema)]
pub(crate) struct Numbered {
    /// Its id.
    id: i64,
    /// Its name.
    name: String,
}

/// An agent or an organization, by its id and name.
#[derive(Serialize, ToSchema)]
pub(crate) struct Reference {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// Its name.
    name: String,
}

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

/// Somebody who asks for help.
#[derive(Serialize, ToSchema)]
pub(crate) struct User {
    /// Their id.
    #[schema(format = "uuid")]
    id: String,
    /// Their address, lower case.
    email: String,
    /// Their name.
    name: String,
    /// The realm they belong to.
    realm: Numbered,
    /// The organization they are in.
    organization: Option<Reference>,
    /// Since when they are known.
    #[schema(format = DateTime)]
    created_at: String,
}

/// An organization.
#[derive(Serialize, ToSchema)]
pub(crate) struct Organization {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// Its name.
    name: String,
    /// The realm it belongs to.
    realm: Numbered,
}

/// A help topic that a ticket can be opened with.
#[derive(Serialize, ToSchema)]
pub(crate) struct Topic {
    /// Its id.
    id: i64,
    /// Its name.
    name: String,
    /// Whether the portal offers it.
    is_public: bool,
}

/// Something that was made.
#[derive(Serialize, ToSchema)]
pub(crate) struct Made {
    /// Its id.
    #[schema(format = "uuid")]
    pub(crate) id: String,
    /// Its address, or that of the thread it is in.
    pub(crate) href: String,
}

/// A ticket that was opened.
#[derive(Serialize, ToSchema)]
pub(crate) struct Opened {
    /// Its id.
    #[schema(format = "uuid")]
    pub(crate) id: String,
    /// Its number.
    pub(crate) number: String,
    /// Its address.
    pub(crate) href: String,
}

/// A moment as the API writes it.
fn moment(at: Timestamp) -> String {
    Moment(at.0).iso().to_string()
}

impl From<&Named<i64>> for Numbered {
    fn from(named: &Named<i64>) -> Self {
        Self {
            id: named.id,
            name: named.name.clone(),
        }
    }
}

impl From<&Named<RealmId>> for Numbered {
    fn from(named: &Named<RealmId>) -> Self {
        Self {
            id: named.id.0,
            name: named.name.clone(),
        }
    }
}

impl From<&Named<Id>> for Reference {
    fn from(named: &Named<Id>) -> Self {
        Self {
            id: named.id.to_string(),
            name: named.name.clone(),
        }
    }
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
            overdue: ticket.is_overdue,
            created_at: moment(ticket.created_at),
            due_at: ticket.due_at.map(moment),
            closed_at: ticket.closed_at.map(moment),
        }
    }
}

impl From<&WorkTicket> for Ticket {
    fn from(ticket: &WorkTicket) -> Self {
        Self {
            id: ticket.id.to_string(),
            number: ticket.number.clone(),
            subject: ticket.subject.clone(),
            status: ticket.is_closed.into(),
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
            overdue: ticket.overdue_at.is_some(),
            created_at: moment(ticket.created_at),
            updated_at: moment(ticket.updated_at),
            due_at: ticket.due_at.map(moment),
            closed_at: ticket.closed_at.map(moment),
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

impl From<&Person> for User {
    fn from(person: &Person) -> Self {
        Self {
            id: person.id.to_string(),
            email: person.email.clone(),
            name: person.name.clone(),
            realm: (&person.realm).into(),
            organization: person.organization.as_ref().map(Into::into),
            created_at: moment(person.created_at),
        }
    }
}

impl From<&Company> for Organization {
    fn from(company: &Company) -> Self {
        Self {
            id: company.id.to_string(),
            name: company.name.clone(),
            realm: (&company.realm).into(),
        }
    }
}

impl From<&topic::Topic> for Topic {
    fn from(topic: &topic::Topic) -> Self {
        Self {
            id: topic.id,
            name: topic.name.clone(),
            is_public: topic.is_public,
        }
    }
}
