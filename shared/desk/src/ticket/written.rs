//! What is written to a ticket by whoever works it: replies to the requester, and notes that
//! only those who work it see.

use tenancy::policy::{Granted, act};
use tenancy::{Id, RealmId, Runtime, Scope, Statement};

use super::store::{OpeningEntry, Word, Writer};
use super::{Actor, EntryKind, Source, WorkTicket};
use crate::file::Files;
use crate::outbox::{self, Letter};

/// A reply or note about to be written.
pub struct Written<'a> {
    /// Its id.
    pub id: &'a Id,
    /// What it says, checked.
    pub text: &'a str,
    /// The files that hang on it.
    pub files: &'a Files,
    /// Whose name it stands under.
    pub author: &'a str,
    /// Who wrote it.
    pub by: &'a Actor,
    /// The door it came through.
    pub source: Source,
}

impl Written<'_> {
    /// The statements that write it as a reply, by which the ticket is answered, and the letters
    /// that take it to the requester. They go out through the door of `realm`.
    pub fn reply(
        &self,
        runtime: &Runtime,
        ticket: &Granted<WorkTicket, act::TicketReply>,
        realm: RealmId,
        letters: &[Letter],
    ) -> Vec<Statement> {
        let scope = ticket.scope();
        let mut batch = self.entry(runtime, scope, &ticket.id, EntryKind::Reply);
        batch.extend(outbox::queue_all(
            runtime, scope, realm, &ticket.id, letters,
        ));
        batch
    }

    /// The statements that write it as a note, and the letters that tell agents of it.
    pub fn note(
        &self,
        runtime: &Runtime,
        ticket: &Granted<WorkTicket, act::TicketNote>,
        realm: RealmId,
        letters: &[Letter],
    ) -> Vec<Statement> {
        let scope = ticket.scope();
        let mut batch = self.entry(runtime, scope, &ticket.id, EntryKind::Note);
        batch.extend(outbox::queue_all(
            runtime, scope, realm, &ticket.id, letters,
        ));
        batch
    }

    fn entry(
        &self,
        runtime: &Runtime,
        scope: &Scope,
        ticket: &Id,
        kind: EntryKind,
    ) -> Vec<Statement> {
        let (now, random) = (runtime.clock.now(), &*runtime.random);
        let word = match kind {
            EntryKind::Message => Word::Asks,
            EntryKind::Reply => Word::Answers,
            EntryKind::Note => Word::Leaves,
        };
        let entry = OpeningEntry {
            ticket,
            entry: self.id,
            event: &Id::new(now, random),
            kind,
            event_kind: kind.name(),
            actor: self.by,
            author: self.author,
            writer: Writer::Nobody,
            body: self.text,
            source: self.source,
            word,
            now,
        };
        self.files.append(scope, &entry, random)
    }
}
