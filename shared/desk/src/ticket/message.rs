//! A message from outside that goes on with a ticket: one rule, whether it came by mail or was
//! written on the portal.
//!
//! It waits for an answer, reopens a ticket that was closed, with a new due time, and an agent
//! hears of it; unless a program wrote it, which must do none of that.

use tenancy::policy::{Granted, act};
use tenancy::port::{DbError, Row};
use tenancy::principal::Account;
use tenancy::{Id, RealmId, Runtime, Scope, Statement, Timestamp};

use super::store::{OpeningEntry, Word, Writer, reopen};
use super::{Actor, EntryKind, FilledIn, RaisedTicket, Source};
use crate::file::Files;
use crate::intake::Setup;
use crate::outbox::{self, Correspondent, Letter};

/// What whoever hears of something is told about its ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// The ticket's number.
    pub number: String,
    /// Its subject.
    pub subject: String,
    /// The department that works it.
    pub department: String,
    /// Whoever raised it.
    pub requester: Correspondent,
    /// Whether the department has messages answered by themselves.
    pub is_answered: bool,
    /// What was filled in that all agents may see; see [`super::tellable`]. Empty until it is looked up.
    pub filled: Vec<FilledIn>,
}

impl News {
    /// Reads it from a row that has the ticket, its department and its owner.
    pub(crate) fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            number: row.get("number")?,
            subject: row.get("subject")?,
            department: row.get("department")?,
            requester: Correspondent {
                name: row.get("requester")?,
                address: row.get("owner")?,
            },
            is_answered: row.get("answers_messages")?,
            filled: Vec::new(),
        })
    }
}

/// A message about to be written.
pub(crate) struct Message<'a> {
    pub(crate) ticket: &'a Id,
    /// The ticket's SLA plan, which says when it is due once it is open again.
    pub(crate) plan: Option<i64>,
    pub(crate) actor: Actor,
    pub(crate) writer: Writer<'a>,
    pub(crate) author: &'a str,
    pub(crate) body: &'a str,
    pub(crate) files: &'a Files,
    pub(crate) source: Source,
    pub(crate) is_automatic: bool,
}

impl Message<'_> {
    /// The statements that write it. Letters go out through the door of `realm`.
    pub(crate) fn statements(
        &self,
        runtime: &Runtime,
        scope: &Scope,
        realm: RealmId,
        setup: &Setup,
        letters: &[Letter],
    ) -> Vec<Statement> {
        let (now, random) = (runtime.clock.now(), &*runtime.random);
        let [entry, told, event] = [(); 3].map(|()| Id::new(now, random));
        let entry = self.entry(&entry, &told, now);
        let mut batch = self.files.append(scope, &entry, random);
        if self.is_automatic {
            return batch;
        }
        let plan = setup.plan(self.plan);
        let due_at = plan.map(|plan| super::due_at(now, plan.grace_hours));
        batch.extend(reopen(scope, self.ticket, &event, &self.actor, due_at, now));
        batch.extend(outbox::queue_all(
            runtime,
            scope,
            realm,
            self.ticket,
            letters,
        ));
        batch
    }

    fn entry<'b>(&'b self, entry: &'b Id, event: &'b Id, now: Timestamp) -> OpeningEntry<'b> {
        OpeningEntry {
            ticket: self.ticket,
            entry,
            event,
            kind: EntryKind::Message,
            event_kind: EntryKind::Message.name(),
            actor: &self.actor,
            author: self.author,
            writer: self.writer,
            body: self.body,
            source: self.source,
            word: if self.is_automatic {
                Word::Leaves
            } else {
                Word::Asks
            },
            now,
        }
    }
}

/// A message that a user writes on the portal.
pub struct PortalMessage<'a> {
    /// Who writes it; whoever came by the ticket's link alone writes as its requester.
    pub account: Option<&'a Account>,
    /// What they write, checked.
    pub text: &'a str,
    /// What goes along with it.
    pub files: &'a Files,
    /// The realm of the portal.
    pub realm: RealmId,
}

impl PortalMessage<'_> {
    /// The name the message stands under.
    pub fn author<'n>(&'n self, ticket: &'n RaisedTicket) -> &'n str {
        let name = self.account.map(|account| account.name.as_str());
        name.unwrap_or(&ticket.requester)
    }

    /// The statements that add it to the thread.
    pub fn write(
        &self,
        runtime: &Runtime,
        ticket: &Granted<RaisedTicket, act::TicketMessage>,
        setup: &Setup,
        letters: &[Letter],
    ) -> Vec<Statement> {
        let message = Message {
            ticket: &ticket.id,
            plan: ticket.plan,
            actor: Actor::User,
            writer: self
                .account
                .map_or(Writer::Owner, |it| Writer::User(&it.id)),
            author: self.author(ticket),
            body: self.text,
            files: self.files,
            source: Source::Web,
            is_automatic: false,
        };
        message.statements(runtime, ticket.scope(), self.realm, setup, letters)
    }
}
