//! `/auth`: agents and their passwords.

use realmdesk_tests::{Call, World};

use super::super::askers::Asker;
use super::super::stage::{About, Thing};
use super::{Case, anybody};

fn sign_in(asker: &Asker, thing: &Thing) -> Call {
    let password = World::PASSWORD.replace(' ', "+");
    let email = thing.id.replace('@', "%40");
    asker.form(
        "/auth/sign-in",
        &format!("email={email}&password={password}"),
    )
}

fn accept(asker: &Asker, thing: &Thing) -> Call {
    let (token, password) = (&thing.id, "a+password+of+my+own");
    let fields = format!("token={token}&password={password}&again={password}");
    asker.form("/auth/bootstrap", &fields)
}

/// Everybody with the password or the token, at a portal of its tenant.
fn is_of_here(asker: &Asker, thing: &Thing) -> bool {
    asker.is_at_home(&thing.place)
}

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "GET /auth/sign-in",
            About::Nothing,
            |_, _| Call::get("/auth/sign-in"),
            anybody,
        ),
        Case::new("POST /auth/sign-in", About::Account, sign_in, is_of_here),
        Case::new(
            "GET /auth/bootstrap",
            About::Invitation,
            |_, thing| Call::get(&format!("/auth/bootstrap?token={}", thing.id)),
            is_of_here,
        ),
        Case::new(
            "POST /auth/bootstrap",
            About::Invitation,
            accept,
            is_of_here,
        ),
        Case::new(
            "POST /auth/sign-out",
            About::Nothing,
            |asker, _| asker.form("/auth/sign-out", ""),
            anybody,
        ),
    ]
}
