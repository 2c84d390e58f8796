//! `/account`, `/status` and `/tickets`: users with an account.

use realmdesk_tests::Call;

use super::super::askers::{Asker, Who};
use super::super::stage::{About, Thing};
use super::{Case, Leaves, anybody};

fn ask_for_link(asker: &Asker, thing: &Thing) -> Call {
    let email = thing.id.replace('@', "%40");
    asker.form("/account/sign-in", &format!("email={email}"))
}

fn ask_for_ticket(asker: &Asker, thing: &Thing) -> Call {
    let email = thing.place.user().replace('@', "%40");
    let fields = format!("number={}&email={email}", thing.id);
    asker.form("/status", &fields)
}

fn open_link(_: &Asker, thing: &Thing) -> Call {
    Call::get(&format!("/account/link?token={}", thing.id))
}

fn press(asker: &Asker, thing: &Thing) -> Call {
    asker.form("/account/link", &format!("token={}", thing.id))
}

/// They raised this very ticket: they were sent its link, or have signed in.
fn has_raised(asker: &Asker, thing: &Thing) -> bool {
    was_sent_the_link(asker, thing) || asker.is_user_of(&thing.place)
}

/// The link was sent to the user of this very ticket, and leads to a portal of the tenant.
fn was_sent_the_link(asker: &Asker, thing: &Thing) -> bool {
    asker.who == Who::Guest(thing.place) && asker.is_at_home(&thing.place)
}

/// It belongs to the realm of the portal, whoever asks.
fn is_of_the_portal(asker: &Asker, thing: &Thing) -> bool {
    asker.is_at_portal_of(&thing.place)
}

/// Whoever has signed in sees their own list, wherever a cursor leads into it.
fn has_signed_in(asker: &Asker, _: &Thing) -> bool {
    matches!(asker.who, Who::User(own) if asker.is_at_portal_of(&own))
}

fn page(route: &'static str, call: fn(&Asker, &Thing) -> Call) -> Case {
    Case::new(route, About::Nothing, call, anybody)
}

pub(super) fn cases() -> Vec<Case> {
    vec![
        page("GET /account/sign-in", |_, _| Call::get("/account/sign-in")),
        page("GET /account/sent", |_, _| Call::get("/account/sent")),
        page("GET /status", |_, _| Call::get("/status")),
        page("GET /status/sent", |_, _| Call::get("/status/sent")),
        page("POST /account/sign-out", |asker, _| {
            asker.form("/account/sign-out", "")
        }),
        Case::new(
            "POST /account/sign-in",
            About::User,
            ask_for_link,
            is_of_the_portal,
        )
        .leaving(Leaves::TheSame),
        Case::new(
            "POST /status",
            About::Ticket,
            ask_for_ticket,
            is_of_the_portal,
        )
        .leaving(Leaves::TheSame),
        Case::new(
            "GET /account/link",
            About::SignIn,
            open_link,
            is_of_the_portal,
        ),
        Case::new("POST /account/link", About::SignIn, press, is_of_the_portal),
        Case::new(
            "GET /tickets",
            About::Cursor,
            |_, thing| Call::get(&format!("/tickets?older={}", thing.id)),
            has_signed_in,
        ),
        Case::new(
            "POST /tickets/{number}/message",
            About::Ticket,
            |asker, thing| asker.form(&format!("/tickets/{}/message", thing.id), "message=Hello"),
            has_raised,
        )
        .leaving(Leaves::TheSame),
        Case::new(
            "GET /tickets/{number}",
            About::Ticket,
            |_, thing| Call::get(&format!("/tickets/{}", thing.id)),
            has_raised,
        ),
        // The token of one ticket, presented for another.
        Case::new(
            "GET /tickets/{number}",
            About::Ticket,
            |asker, thing| {
                Call::get(&format!(
                    "/tickets/{}?access={}",
                    thing.id,
                    asker.link_token()
                ))
            },
            was_sent_the_link,
        ),
        Case::new(
            "GET /tickets/{number}/files/{id}",
            About::File,
            |_, thing| Call::get(&format!("/tickets/{}", thing.id)),
            has_raised,
        ),
        // Another ticket's file, asked for as if it were on the own one.
        Case::new(
            "GET /tickets/{number}/files/{id}",
            About::FileAlone,
            |asker, thing| {
                let number = asker.own_ticket().unwrap_or("123456");
                Call::get(&format!("/tickets/{number}/files/{}", thing.id))
            },
            was_sent_the_link,
        ),
    ]
}
