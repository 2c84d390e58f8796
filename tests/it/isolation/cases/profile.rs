//! `/admin/profiles`: what the forms of users and of organizations hold of each.

use realmdesk_tests::Call;

use super::super::askers::Asker;
use super::super::stage::{About, Thing};
use super::Case;
use super::admin::holds;

fn one(kind: &str, thing: &Thing) -> Call {
    Call::get(&format!("/admin/profiles/{kind}/{}", thing.id))
}

fn fill_in(asker: &Asker, kind: &str, thing: &Thing, fields: &str) -> Call {
    let fields = format!("version=1&{fields}");
    asker.form(&format!("/admin/profiles/{kind}/{}", thing.id), &fields)
}

pub(super) fn cases() -> Vec<Case> {
    let company = |route, call| Case::new(route, About::Company, call, holds);
    let person = |route, call| Case::new(route, About::Person, call, holds);
    vec![
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
