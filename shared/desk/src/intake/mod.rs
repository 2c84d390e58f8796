//! Intake: the one pipeline every ticket comes through.
//!
//! Validate, find the requester, route, number, write: one read batch ([`setup`]) and one write
//! batch ([`Draft::write`]), whichever door it was.

mod routing;
mod store;
mod submission;

use tenancy::port::DbError;
use tenancy::scope::returned;
use tenancy::{Id, RealmId, Runtime, Scope, Site, Statement, Timestamp};

use crate::file::Files;
use crate::outbox::{self, Letter};
use crate::ticket::{self, Actor, EntryKind, Opening, OpeningEntry, Writer, number};

pub use routing::{Department, Plan, Routing, Setup, Topic, Wishes};
pub use store::{Sender, senders, setup, topics};
pub use submission::checked_message;
pub(crate) use submission::one_line;
pub use submission::{
    LONGEST_MESSAGE, LONGEST_NAME, LONGEST_SUBJECT, Problem, Problems, Request, Submission,
};

/// How often a ticket is tried again when every candidate number was taken.
const MOST_TRIES: usize = 3;

/// A ticket that is about to be written: all that its mails need to know already.
pub struct Draft<'a> {
    runtime: &'a Runtime,
    site: &'a Site,
    user_realm: RealmId,
    request: Request,
    routing: Routing,
    actor: Actor,
    now: Timestamp,
    id: Id,
    files: Files,
    note: Option<String>,
}

impl<'a> Draft<'a> {
    /// Prepares a ticket from a checked request and where it was routed.
    pub fn new(
        runtime: &'a Runtime,
        site: &'a Site,
        request: Request,
        routing: Routing,
        actor: Actor,
    ) -> Self {
        let now = runtime.clock.now();
        let id = Id::new(now, &*runtime.random);
        Self {
            runtime,
            site,
            user_realm: site.realm,
            request,
            routing,
            actor,
            now,
            id,
            files: Files::default(),
            note: None,
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
        &self.request
    }

    /// Where it goes.
    pub fn routing(&self) -> &Routing {
        &self.routing
    }

    /// When it is created.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Writes the ticket with its first entry, its event, its letters and whatever `besides`
    /// must be written with it, all or nothing, and returns its number.
    ///
    /// Letters stand with [`number::PLACEHOLDER`] where the number belongs.
    ///
    /// # Errors
    /// The database's; then nothing was written.
    pub async fn write(
        &self,
        letters: &[Letter],
        besides: impl Fn(&Scope) -> Vec<Statement>,
    ) -> Result<String, DbError> {
        let scope = Scope::of(self.runtime, self.site);
        let mut tries = 1;
        loop {
            let mut batch = self.statements(&scope, letters);
            batch.extend(besides(&scope));
            match scope.write(batch).await {
                Ok(rows) => return returned(&rows, 1, "number"),
                Err(error) if ticket::ran_out_of_numbers(&error) && tries < MOST_TRIES => {
                    tries += 1;
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn statements(&self, scope: &Scope, letters: &[Letter]) -> Vec<Statement> {
        let random = &*self.runtime.random;
        let user_id = Id::new(self.now, random);
        let mut batch = vec![
            store::ensure_user(scope, &user_id, self.user_realm, &self.request, self.now),
            ticket::open(scope, &self.opening()),
        ];
        let ids = [Id::new(self.now, random), Id::new(self.now, random)];
        let entry = self.first_entry(&ids);
        batch.extend(self.files.append(scope, &entry, random));
        if let Some(note) = &self.note {
            batch.extend(ticket::append_note(scope, &entry, note, random));
        }
        for letter in letters {
            batch.extend(outbox::queue(
                scope,
                self.site.realm,
                &self.id,
                letter,
                self.now,
                random,
            ));
        }
        batch
    }

    fn opening(&self) -> Opening<'_> {
        Opening {
            id: &self.id,
            realm: self.site.realm,
            candidates: number::candidates(&*self.runtime.random),
            user_realm: self.user_realm,
            user_email: self.request.email.as_str(),
            subject: &self.request.subject,
            priority: self.routing.priority,
            source: self.request.source,
            ip: self.request.ip.as_deref(),
            topic: self.routing.topic,
            department: self.routing.department.id,
            plan: self.routing.plan,
            due_at: self.routing.due_at(self.now),
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
            author: &self.request.name,
            writer: Writer::Owner,
            body: &self.request.message,
            source: self.request.source,
            now: self.now,
        }
    }
}
