//! `/admin/profiles`: what the forms of users, of organizations and of lists hold of each.

use realmdesk_tests::Call;

use super::super::askers::Asker;
use super::super::stage::{About, Thing};
use super::Case;
use super::admin::holds;
use super::intake::realm_of;

fn one(kind: &str, thing: &Thing) -> Call {
    Call::get(&format!("/admin/profiles/{kind}/{}", thing.id))
}

fn fill_in(asker: &Asker, kind: &str, thing: &Thing, fields: &str) -> Call {
    let fields = format!("version=1&{fields}");
    asker.form(&format!("/admin/profiles/{kind}/{}", thing.id), &fields)
}

/// The one item of a thing's list.
fn item(thing: &Thing) -> String {
    let (list, realm) = (&thing.id, realm_of(thing));
    format!("/admin/profiles/lists/{list}/1?in={realm}")
}

fn describe(asker: &Asker, thing: &Thing) -> Call {
    let property = 5 + thing.id.parse::<u32>().unwrap();
    let fields = format!("version=1&field_{property}=Other");
    asker.form(&item(thing), &fields)
}

pub(super) fn cases() -> Vec<Case> {
    let company = |route, call| Case::new(route, About::Company, call, holds);
    let person = |route, call| Case::new(route, About::Person, call, holds);
    let list = |route, call| Case::new(route, About::Topic, call, holds);
    vec![
        list("GET /admin/profiles/lists/{list}/{item}", |_, thing| {
            Call::get(&item(thing))
        }),
        list("POST /admin/profiles/lists/{list}/{item}", describe),
        company(
            "GET /admin/profiles/organizations/{organization}",
            |_, thing| one("organizations", thing),
        ),
        company(
            "POST /admin/profiles/organizations/{organization}",
            |asker, thing| fill_in(asker, "organizations", thing, "field_6=5551234567"),
        ),
        person("GET /admin/profiles/users/{user}", |_, thing| {
            one("users", thing)
        }),
        person("POST /admin/profiles/users/{user}", |asker, thing| {
            fill_in(asker, "users", thing, "field_3=5551234567")
        }),
    ]
}
