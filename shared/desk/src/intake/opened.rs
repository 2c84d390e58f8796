//! Tickets that an agent opens for a user (IN-4).

use tenancy::duty::Work;
use tenancy::policy::{Found, Granted, Thing, act};
use tenancy::port::Random;
use tenancy::principal::Agent;
use tenancy::realm::{Path, Realm};
use tenancy::{Id, Scope, Statement, TenantId, Timestamp};

use crate::ticket::{Actor, EntryKind, OpeningEntry, Source, Word, Writer, append};

/// A ticket that an agent is about to open: in which realm, and in which department, whose role
/// decides what they may do with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prospect {
    tenant: TenantId,
    path: Path,
    work: Work,
}

impl Prospect {
    /// A ticket in a department of a realm that the agent sees. While it is opened it is theirs,
    /// so that who is limited to some departments reaches the others with the primary role alone.
    pub fn of(
        realm: &Granted<Realm, act::RealmView>,
        department: i64,
        agent: &Agent,
    ) -> Found<Self> {
        Found::new(Self {
            tenant: realm.tenant,
            path: realm.path.clone(),
            work: Work {
                department,
                agent: Some(agent.id.clone()),
                team: None,
                is_open: true,
                referrals: Vec::new(),
            },
        })
    }
}

impl Thing for Prospect {
    fn tenant(&self) -> TenantId {
        self.tenant
    }

    fn path(&self) -> Option<&Path> {
        Some(&self.path)
    }

    fn work(&self) -> Option<&Work> {
        Some(&self.work)
    }
}

/// The statements that write what an agent says beside the first message of a ticket that they
/// open: a reply, by which it is answered, or a note.
pub fn say(
    scope: &Scope,
    (ticket, source): (&Id, Source),
    kind: EntryKind,
    agent: &Agent,
    text: &str,
    (now, random): (Timestamp, &dyn Random),
) -> [Statement; 3] {
    // Behind the message, which is of the same moment.
    let later = now + 1;
    let entry = OpeningEntry {
        ticket,
        entry: &Id::new(later, random),
        event: &Id::new(later, random),
        kind,
        event_kind: kind.name(),
        actor: &Actor::Agent(agent.id.clone()),
        author: &agent.name,
        writer: Writer::Nobody,
        body: text,
        source,
        word: match kind {
            EntryKind::Reply => Word::Answers,
            EntryKind::Message | EntryKind::Note => Word::Leaves,
        },
        now,
    };
    append(scope, &entry)
}
