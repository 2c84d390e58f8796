//! `/`: users, at the portal of their realm.

use realmdesk_tests::Call;

use super::super::askers::{Asker, OWN, Who};
use super::super::stage::{ACME, About, Place, SP3, Thing};
use super::{Case, Leaves, anybody, sees};

fn open(asker: &Asker, thing: &Thing) -> Call {
    let topic = &thing.id;
    let fields =
        format!("topic={topic}&name=Ana&email=ana%40example.com&subject=Toner&message=Empty.");
    asker.form("/open", &fields)
}

fn open_for(_: &Asker, thing: &Thing) -> Call {
    Call::get(&format!("/open?for={}", thing.id))
}

fn send_for(asker: &Asker, thing: &Thing) -> Call {
    let fields = format!("for={}&topic=1&subject=Toner&message=Empty.", thing.id);
    asker.form("/open", &fields)
}

/// A signed-in user raises for their own realm and those below it. Realms of two tenants have the
/// same ids, which mean the asker's.
fn may_raise_for(asker: &Asker, thing: &Thing) -> bool {
    match (asker.who, thing.id.as_str()) {
        (Who::User(ACME), "000000001") => asker.is_user_of(&ACME),
        _ => asker.is_user_of(&SP3) && SP3.is_at_or_above(&thing.place),
    }
}

/// The form names the realms that a signed-in user may raise tickets for.
fn shows_held(asker: &Asker, place: &Place) -> bool {
    sees(asker, place) || (asker.is_user_of(&SP3) && SP3.is_at_or_above(place))
}

/// The topics of the portal's realm and of those above it are offered.
fn is_offered(asker: &Asker, thing: &Thing) -> bool {
    asker.is_at_home(&thing.place) && (asker.portal != OWN || thing.place.is_at_or_above(&SP3))
}

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("GET /open", About::Realm, open_for, may_raise_for).showing(shows_held),
        // Whatever is sent is counted against its source.
        Case::new("POST /open", About::Realm, send_for, may_raise_for)
            .showing(shows_held)
            .leaving(Leaves::TheSame),
        Case::new("GET /", About::Nothing, |_, _| Call::get("/"), anybody),
        Case::new(
            "GET /open",
            About::Nothing,
            |_, _| Call::get("/open"),
            anybody,
        )
        .showing(shows_held),
        Case::new("POST /open", About::Topic, open, is_offered)
            .showing(shows_held)
            .leaving(Leaves::TheSame),
        Case::new(
            "GET /open/received",
            About::Nothing,
            |_, _| Call::get("/open/received"),
            anybody,
        ),
    ]
}
