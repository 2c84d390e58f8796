//! How each route is asked, and who is let in; one file per function.

mod account;
mod admin;
mod api;
mod auth;
mod directory;
mod duties;
mod intake;
mod mail;
mod other;
mod portal;
mod profile;
mod queues;
mod rest;
mod templates;

use realmdesk_tests::Call;

use super::askers::{Asker, Who};
use super::stage::{About, Place, Thing};

/// What a refused call leaves in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaves {
    /// It is as it was.
    Nothing,
    /// What the same call about nothing leaves.
    TheSame,
    /// What was sent, which names the thing.
    WhatWasSent,
}

/// One way to ask a route about a thing.
pub(super) struct Case {
    /// `METHOD /path`, as the function declares it.
    pub(super) route: &'static str,
    pub(super) about: About,
    pub(super) call: fn(&Asker, &Thing) -> Call,
    /// Who gets the thing itself.
    pub(super) admits: fn(&Asker, &Thing) -> bool,
    /// Who sees the thing, and is told that they may not do that.
    pub(super) forbids: fn(&Asker, &Thing) -> bool,
    pub(super) leaves: Leaves,
    /// Whose texts the asker may be shown.
    pub(super) shows: fn(&Asker, &Place) -> bool,
}

impl Case {
    /// A route that is asked about things of this kind, leaves nothing when it refuses, and
    /// shows everybody what they may see.
    pub(super) const fn new(
        route: &'static str,
        about: About,
        call: fn(&Asker, &Thing) -> Call,
        admits: fn(&Asker, &Thing) -> bool,
    ) -> Self {
        Self {
            route,
            about,
            call,
            admits,
            forbids: nobody,
            leaves: Leaves::Nothing,
            shows: sees,
        }
    }

    /// The same, and who sees the thing and may not do that.
    pub(super) const fn forbidding(self, forbids: fn(&Asker, &Thing) -> bool) -> Self {
        Self { forbids, ..self }
    }

    /// The same, and what a refused call leaves is said.
    pub(super) const fn leaving(self, leaves: Leaves) -> Self {
        Self { leaves, ..self }
    }

    /// The same, and whom it shows what.
    pub(super) const fn showing(self, shows: fn(&Asker, &Place) -> bool) -> Self {
        Self { shows, ..self }
    }
}

/// Agents see the own realm and those below, users what they raised.
pub(super) fn sees(asker: &Asker, place: &Place) -> bool {
    match asker.who {
        Who::Agent(_) | Who::Idle => asker.works_in(place),
        Who::Guest(own) => own == *place,
        Who::User(_) => asker.is_user_of(place),
        Who::Nobody
        | Who::Program(_)
        | Who::Provider(_)
        | Who::Operator
        | Who::Impostor
        | Who::Scheduler => false,
    }
}

fn nobody(_: &Asker, _: &Thing) -> bool {
    false
}

/// What is for everybody.
pub(super) fn anybody(_: &Asker, _: &Thing) -> bool {
    true
}

/// Every case of every function.
pub(super) fn all() -> Vec<Case> {
    let functions = [
        account::cases(),
        admin::cases(),
        intake::cases(),
        directory::cases(),
        duties::cases(),
        api::cases(),
        auth::cases(),
        mail::cases(),
        other::cases(),
        portal::cases(),
        queues::cases(),
        rest::cases(),
        profile::cases(),
        templates::cases(),
    ];
    functions.into_iter().flatten().collect()
}
