//! `/mail`: providers post to addresses, and development shows what was delivered.

use realmdesk_tests::Call;

use super::super::askers::{Asker, Who};
use super::super::stage::{About, Place, Thing};
use super::{Case, Leaves};

fn post(to: &str, subject: &str) -> Call {
    let mail = format!(
        "From: Mallory <mallory@example.com>\r\nMessage-ID: <1@example.com>\r\n\
         Subject: {subject}\r\n\r\nHello.\r\n"
    );
    Call::post(&format!("/mail/raw?to={to}")).body(mail)
}

fn to_the_address(_: &Asker, thing: &Thing) -> Call {
    post(&thing.id, "Hello")
}

fn has_the_secret(asker: &Asker, thing: &Thing) -> bool {
    asker.who == Who::Provider(thing.place)
}

/// From a stranger, who names somebody's ticket in the subject.
fn about_the_ticket(asker: &Asker, thing: &Thing) -> Call {
    let to = match asker.who {
        Who::Provider(own) => own.address(),
        _ => "help@sp3.example".to_owned(),
    };
    post(&to, &format!("Re: [#{}]", thing.id))
}

/// What was delivered is shown whole to everybody at that tenant's portals, in development.
fn at_home(asker: &Asker, thing: &Thing) -> bool {
    asker.is_at_home(&thing.place)
}

fn shows_the_tenant(asker: &Asker, place: &Place) -> bool {
    asker.is_at_home(place)
}

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "POST /mail/raw",
            About::Mailbox,
            to_the_address,
            has_the_secret,
        ),
        // The mail becomes a ticket of its own, whatever number it names; its source says which.
        Case::new(
            "POST /mail/raw",
            About::Ticket,
            about_the_ticket,
            |asker, thing| matches!(asker.who, Who::Provider(own) if own == thing.place),
        )
        .leaving(Leaves::WhatWasSent),
        Case::new(
            "GET /mail/captured",
            About::Nothing,
            |_, _| Call::get("/mail/captured"),
            |_, _| true,
        )
        .showing(shows_the_tenant),
        Case::new(
            "GET /mail/captured/{id}",
            About::Letter,
            |_, thing| Call::get(&format!("/mail/captured/{}", thing.id)),
            at_home,
        )
        .showing(shows_the_tenant),
    ]
}
