//! Filing a mail: the one batch that keeps its source and does what was decided.

use std::borrow::Cow;

use tenancy::port::DbError;
use tenancy::{Id, Runtime, Scope, Site, Statement};

use super::{Arrived, Candidate, Voice, store};
use crate::collaborator::{self, Brought};
use crate::file::Files;
use crate::intake::Setup;
use crate::outbox::{self, Letter};
use crate::referral;
use crate::setting::Key;
use crate::ticket::{self, Actor, EntryKind, Message, OpeningEntry, Source, Word, Writer};

/// Everything about a mail that is being filed.
pub struct Filing<'a> {
    /// The runtime.
    pub runtime: &'a Runtime,
    /// Whose mail it is.
    pub site: &'a Site,
    /// The mail.
    pub mail: &'a Arrived,
    /// What it says anew.
    pub text: Cow<'a, str>,
    /// Its source, byte for byte.
    pub raw: &'a [u8],
    /// The address it was posted to.
    pub address: &'a str,
    /// Its files, as far as they are taken.
    pub files: Files,
}

impl Filing<'_> {
    /// The statements that keep the mail's source, mark it as taken in and bring its readers, beside
    /// what opens its ticket.
    pub fn kept(&self, scope: &Scope, ticket: &Id, setup: &Setup) -> Vec<Statement> {
        let mut batch = store::keep_source(scope, self.raw, self.runtime.clock.now());
        batch.push(self.taken_in(scope, "created", Some(ticket)));
        batch.push(ticket::insert_reference(
            scope,
            ticket,
            &self.mail.message_id,
            false,
        ));
        batch.extend(self.brought(scope, ticket, setup, true));
        batch.extend(self.referred(scope, ticket));
        batch
    }

    /// Refers the ticket to whoever works what comes to the other addresses.
    fn referred(&self, scope: &Scope, ticket: &Id) -> Option<Statement> {
        let others = self.mail.recipients.iter().map(String::as_str);
        let others: Vec<&str> = others.filter(|it| *it != self.address).collect();
        let (now, random) = (self.runtime.clock.now(), &*self.runtime.random);
        (!others.is_empty())
            .then(|| referral::refer_to_addressed(scope, ticket, &others, random, now))
    }

    /// Keeps the source of a mail whose Message-ID is known. The same bytes are stored already
    /// and change nothing; others are a different mail under a reused id, and are not lost.
    ///
    /// # Errors
    /// The database's.
    pub async fn keep_copy(&self) -> Result<(), DbError> {
        let scope = Scope::of(self.runtime, self.site);
        let batch = store::keep_source(&scope, self.raw, self.runtime.clock.now());
        scope.write(batch).await.map(|_| ())
    }

    /// Keeps a mail that goes no further.
    ///
    /// # Errors
    /// The database's.
    pub async fn drop_it(&self) -> Result<(), DbError> {
        let scope = Scope::of(self.runtime, self.site);
        let mut batch = store::keep_source(&scope, self.raw, self.runtime.clock.now());
        batch.push(self.taken_in(&scope, "dropped", None));
        scope.write(batch).await.map(|_| ())
    }

    /// Adds the mail to a thread: as a message or as a note, of which the letters tell.
    ///
    /// # Errors
    /// The database's; then nothing was written.
    pub async fn go_on(
        &self,
        found: &Candidate,
        voice: &Voice,
        setup: &Setup,
        letters: &[Letter],
    ) -> Result<(), DbError> {
        let scope = Scope::of(self.runtime, self.site);
        let now = self.runtime.clock.now();
        let mut batch = store::keep_source(&scope, self.raw, now);
        batch.push(self.taken_in(&scope, "continued", Some(&found.ticket)));
        batch.push(ticket::insert_reference(
            &scope,
            &found.ticket,
            &self.mail.message_id,
            false,
        ));
        // Anybody can write an owner's address; our own Message-ID, only who has had our mail.
        let is_in = *voice == Voice::Owner && found.is_ours;
        batch.extend(self.brought(&scope, &found.ticket, setup, is_in));
        let author = self.author(voice);
        match voice {
            Voice::Owner => {
                let message = self.message(found, Writer::Owner, &author);
                batch.extend(self.told(&message, &scope, setup, letters));
            }
            Voice::Collaborator(user) => {
                let message = self.message(found, Writer::User(user), &author);
                batch.extend(self.told(&message, &scope, setup, letters));
            }
            Voice::Guest => {
                let message = self.message(found, Writer::Nobody, &author);
                batch.extend(self.told(&message, &scope, setup, letters));
            }
            Voice::Agent(agent) => {
                let actor = Actor::Agent(agent.id.clone());
                batch.extend(self.note(&scope, found, &actor, &author, letters));
            }
            Voice::Bounce => batch.extend(self.note(&scope, found, &Actor::Mail, &author, letters)),
        }
        scope.write(batch).await.map(|_| ())
    }

    /// Has whoever else the mail went to take part in its ticket: only where it is to an address
    /// of ours, and a person wrote it.
    fn brought(
        &self,
        scope: &Scope,
        ticket: &Id,
        setup: &Setup,
        is_active: bool,
    ) -> Vec<Statement> {
        let mut readers = self.mail.people.iter();
        let is_to_us = readers.any(|(address, _)| address.as_str() == self.address);
        let is_on = setup.settings.is_on(Key::CollaboratorsByMail);
        if !is_to_us || !is_on || self.mail.is_automatic {
            return Vec::new();
        }
        let people = collaborator::brought_by(&self.mail.people, self.mail.sender.as_ref());
        let others = people
            .into_iter()
            .filter(|(it, _)| it.as_str() != self.address);
        let brought = Brought {
            ticket,
            realm: self.site.realm,
            people: &others.collect::<Vec<_>>(),
            is_active,
            now: self.runtime.clock.now(),
        };
        collaborator::bring(scope, &brought, &*self.runtime.random)
    }

    fn message<'m>(
        &'m self,
        found: &'m Candidate,
        writer: Writer<'m>,
        author: &'m str,
    ) -> Message<'m> {
        Message {
            ticket: &found.ticket,
            plan: found.plan,
            actor: Actor::Mail,
            writer,
            author,
            body: &self.text,
            files: &self.files,
            source: Source::Email,
            is_automatic: self.mail.is_automatic,
        }
    }

    fn told(
        &self,
        message: &Message<'_>,
        scope: &Scope,
        setup: &Setup,
        letters: &[Letter],
    ) -> Vec<Statement> {
        message.statements(self.runtime, scope, self.site.realm, setup, letters)
    }

    fn note(
        &self,
        scope: &Scope,
        found: &Candidate,
        actor: &Actor,
        author: &str,
        letters: &[Letter],
    ) -> Vec<Statement> {
        let (now, random) = (self.runtime.clock.now(), &*self.runtime.random);
        let note = OpeningEntry {
            ticket: &found.ticket,
            entry: &Id::new(now, random),
            event: &Id::new(now, random),
            kind: EntryKind::Note,
            event_kind: EntryKind::Note.name(),
            actor,
            author,
            writer: Writer::Nobody,
            body: &self.text,
            source: Source::Email,
            word: Word::Leaves,
            now,
        };
        let mut batch = self.files.append(scope, &note, random);
        let (realm, ticket) = (self.site.realm, &found.ticket);
        batch.extend(outbox::queue_all(
            self.runtime,
            scope,
            realm,
            ticket,
            letters,
        ));
        batch
    }

    /// The name the mail stands under in the thread. A guest is shown with the address, so that
    /// nobody takes them for the owner.
    pub fn author(&self, voice: &Voice) -> String {
        match (voice, &self.mail.sender) {
            (Voice::Agent(agent), _) => agent.name.clone(),
            (Voice::Guest, Some(sender)) if sender.as_str() != self.mail.name => {
                format!("{} <{sender}>", self.mail.name)
            }
            (Voice::Owner | Voice::Collaborator(_) | Voice::Guest | Voice::Bounce, _) => {
                self.mail.name.clone()
            }
        }
    }

    fn taken_in(&self, scope: &Scope, result: &'static str, ticket: Option<&Id>) -> Statement {
        let receipt = store::Receipt {
            realm: self.site.realm,
            message_id: &self.mail.message_id,
            address: self.address,
            raw: self.raw,
            result,
            ticket,
            now: self.runtime.clock.now(),
        };
        store::take_in(scope, &receipt)
    }
}
