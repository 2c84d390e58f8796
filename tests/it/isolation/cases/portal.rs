//! `/`: users, at the portal of their realm.

use realmdesk_tests::Call;

use super::super::askers::{Asker, OWN, Who};
use super::super::stage::{About, SP3, Thing};
use super::{Case, anybody};

fn open(asker: &Asker, thing: &Thing) -> Call {
    let topic = &thing.id;
    let fields =
        format!("topic={topic}&name=Ana&email=ana%40example.com&subject=Toner&message=Empty.");
    asker.form("/open", &fields)
}

/// The topics of the portal's realm and of those above it are offered.
fn is_offered(asker: &Asker, thing: &Thing) -> bool {
    asker.is_at_home(&thing.place) && (asker.portal != OWN || thing.place.is_at_or_above(&SP3))
}

/// The link was sent to the user of this very ticket, and leads to a portal of the tenant.
fn was_sent_the_link(asker: &Asker, thing: &Thing) -> bool {
    asker.who == Who::Guest(thing.place) && asker.is_at_home(&thing.place)
}

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("GET /", About::Nothing, |_, _| Call::get("/"), anybody),
        Case::new(
            "GET /open",
            About::Nothing,
            |_, _| Call::get("/open"),
            anybody,
        ),
        Case::new("POST /open", About::Topic, open, is_offered),
        Case::new(
            "GET /open/received",
            About::Nothing,
            |_, _| Call::get("/open/received"),
            anybody,
        ),
        Case::new(
            "GET /tickets/{number}",
            About::Ticket,
            |_, thing| Call::get(&format!("/tickets/{}", thing.id)),
            was_sent_the_link,
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
            was_sent_the_link,
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
