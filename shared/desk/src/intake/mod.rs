//! Intake: the one pipeline every ticket comes through.
//!
//! Validate, find the requester, filter, route, number, write: one read batch ([`setup`]), one pure
//! decision ([`Setup::admit`]) and one write batch ([`Draft::write`]), whichever door it was.

mod admission;
mod opened;
mod picked;
mod routing;
mod setup;
mod store;
mod submission;

use tenancy::port::DbError;
use tenancy::scope::returned;
use tenancy::{Id, RealmId, Runtime, Scope, Site, Statement, Timestamp};

use crate::alert::Circular;
use crate::file::Files;
use crate::outbox::{self, Letter};
use crate::ticket::{self, Actor, EntryKind, Opening, OpeningEntry, SYSTEM_NOTE, Word, Writer};
use crate::{collaborator, filter, form};

pub use admission::{Admission, Arrival, MailFacts, Refusal};
pub use opened::{Prospect, say};
pub use picked::{Picked, Picks, picked, take_part};
pub use routing::{Routing, Wishes};
pub use setup::{Department, Plan, Requester, Setup};
pub use store::{Sender, senders, setup};
pub use submission::checked_message;
pub(crate) use submission::one_line;
pub use submission::{
    LONGEST_MESSAGE, LONGEST_NAME, LONGEST_SUBJECT, Problem, Problems, Request, Submission,
};

/// How often a ticket is tried again when every candidate number was taken.
const MOST_TRIES: usize = 3;

/// The answer of a filter, as osTicket signs it.
const CANNED: (EntryKind, &str) = (EntryKind::Reply, "SYSTEM (Canned Reply)");

/// What goes out with a new ticket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outgoing {
    /// The letters.
    pub letters: Vec<Letter>,
    /// What agents are told, whoever they turn out to be.
    pub circulars: Vec<Circular>,
    /// The address of the agent who opened it, who is told nothing; otherwise the requester is not.
    pub opener: Option<String>,
    /// What a filter answers, filled in; it is part of the thread.
    pub answer: Option<String>,
}

/// A ticket that is about to be written: all that its mails need to know already.
pub struct Draft<'a> {
    runtime: &'a Runtime,
    site: &'a Site,
    user_realm: RealmId,
    admission: Admission,
    actor: Actor,
    now: Timestamp,
    id: Id,
    files: Files,
    note: Option<String>,
    due_at: Option<Timestamp>,
}

impl<'a> Draft<'a> {
    /// Prepares a ticket from a request that was admitted.
    pub fn new(runtime: &'a Runtime, site: &'a Site, admission: Admission, actor: Actor) -> Self {
        let now = runtime.clock.now();
        let id = Id::new(now, &*runtime.random);
        Self {
            runtime,
            site,
            user_realm: site.realm,
            admission,
            actor,
            now,
            id,
            files: Files::default(),
            note: None,
            due_at: None,
        }
    }

    /// The same, with files on its first entry.
    #[must_use]
    pub fn carrying(self, files: Files) -> Self {
        Self { files, ..self }
    }

    /// The same, with a note for the agents beside its first entry.
    #[must_use]
    pub fn noting(self, note: Option<String>) -> Self {
        Self { note, ..self }
    }

    /// The same, due at another moment than its SLA plan says.
    #[must_use]
    pub fn due(self, due_at: Option<Timestamp>) -> Self {
        Self { due_at, ..self }
    }

    /// Raised by a user of another realm than it is filed into (T-27).
    #[must_use]
    pub fn raised_from(self, user_realm: RealmId) -> Self {
        Self { user_realm, ..self }
    }

    /// The id the ticket will have.
    pub fn id(&self) -> &Id {
        &self.id
    }

    /// Who asks, and what.
    pub fn request(&self) -> &Request {
        &self.admission.request
    }

    /// Where it goes.
    pub fn routing(&self) -> &Routing {
        &self.admission.routing
    }

    /// What was decided about it.
    pub fn admission(&self) -> &Admission {
        &self.admission
    }

    /// When it is created.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Writes the ticket with its first entry, its event, its letters and whatever `besides`
    /// must be written with it, all or nothing, and returns its number.
    ///
    /// Letters and the answer stand with [`ticket::number::PLACEHOLDER`] where the number belongs.
    ///
    /// # Errors
    /// The database's; then nothing was written.
    pub async fn write(
        &self,
        outgoing: &Outgoing,
        besides: impl Fn(&Scope) -> Vec<Statement>,
    ) -> Result<String, DbError> {
        let scope = Scope::of(self.runtime, self.site);
        let mut tries = 1;
        loop {
            let (mut batch, opened) = self.statements(&scope, outgoing);
            batch.extend(besides(&scope));
            match scope.write(batch).await {
                Ok(rows) => return returned(&rows, opened, "number"),
                Err(error) if ticket::ran_out_of_numbers(&error) && tries < MOST_TRIES => {
                    tries += 1;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// The statements, and which of them opens the ticket.
    fn statements(&self, scope: &Scope, outgoing: &Outgoing) -> (Vec<Statement>, usize) {
        let random = &*self.runtime.random;
        let user_id = Id::new(self.now, random);
        let (request, numbering) = (self.request(), &self.routing().numbering);
        let mut batch = vec![store::ensure_user(
            scope,
            &user_id,
            self.user_realm,
            request,
            self.now,
        )];
        let answers = &self.admission.answers;
        batch.extend(form::profile::introduce(scope, &user_id, answers));
        batch.extend(ticket::move_on(scope, numbering));
        let opened = batch.len();
        batch.push(ticket::open(scope, &self.opening()));
        let ids = [Id::new(self.now, random), Id::new(self.now, random)];
        if self.admission.has_company {
            batch.push(collaborator::bring_company(scope, &self.id, self.now));
        }
        let entry = self.first_entry(&ids);
        batch.extend(self.files.append(scope, &entry, random));
        if let Some(note) = &self.note {
            batch.extend(ticket::append_beside(
                scope,
                &entry,
                SYSTEM_NOTE,
                note,
                random,
            ));
        }
        batch.extend(form::fill_in(scope, &self.id, answers));
        batch.extend(filter::remember(scope, &self.id, &self.admission.matches));
        if let Some(answer) = &outgoing.answer {
            let answered = ticket::append_beside(scope, &entry, CANNED, answer, random);
            batch.extend(answered);
        }
        for letter in &outgoing.letters {
            batch.extend(outbox::queue(
                scope,
                self.site.realm,
                &self.id,
                letter,
                self.now,
                random,
            ));
        }
        let about = (self.site.realm, &self.id);
        let opener = outgoing.opener.as_deref();
        let doer = opener.unwrap_or(request.email.as_str());
        for circular in &outgoing.circulars {
            batch.extend(circular.queue(scope, about, doer, self.now, random));
        }
        (batch, opened)
    }

    fn opening(&self) -> Opening<'_> {
        let (request, routing) = (self.request(), self.routing());
        Opening {
            id: &self.id,
            realm: self.site.realm,
            candidates: routing.numbering.format.candidates(&*self.runtime.random),
            numbering: &routing.numbering,
            user_realm: self.user_realm,
            user_email: request.email.as_str(),
            subject: &request.subject,
            priority: routing.priority,
            source: request.source,
            ip: request.ip.as_deref(),
            topic: routing.topic,
            department: routing.department.id,
            plan: routing.plan,
            agent: routing.agent.as_ref(),
            team: routing.team,
            given: self.admission.given,
            due_at: self.due_at.or(routing.due_at(self.now)),
            now: self.now,
        }
    }

    fn first_entry<'b>(&'b self, ids: &'b [Id; 2]) -> OpeningEntry<'b> {
        OpeningEntry {
            ticket: &self.id,
            entry: &ids[0],
            event: &ids[1],
            kind: EntryKind::Message,
            event_kind: "created",
            actor: &self.actor,
            author: &self.request().name,
            writer: Writer::Owner,
            body: &self.request().message,
            source: self.request().source,
            word: Word::Leaves,
            now: self.now,
        }
    }
}
