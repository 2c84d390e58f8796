//! `/admin/departments` and `/admin/teams`.

use realmdesk_tests::Call;

use super::super::askers::Asker;
use super::super::stage::{About, Thing};
use super::Case;
use super::admin::{administers, holds};
use super::intake::realm_of;

fn make(asker: &Asker, thing: &Thing, list: &str) -> Call {
    asker.form(list, &format!("in={}&name=New", thing.id))
}

fn one(thing: &Thing, list: &str) -> String {
    format!("{list}/{}?in={}", thing.id, realm_of(thing))
}

fn change(asker: &Asker, thing: &Thing, list: &str, what: &str) -> Call {
    let fields = format!("in={}&change={what}&name=New", realm_of(thing));
    asker.form(&one(thing, list), &fields)
}

const DEPARTMENTS: &str = "/admin/departments";
const TEAMS: &str = "/admin/teams";

pub(super) fn cases() -> Vec<Case> {
    let plain = |route, call| Case::new(route, About::Nothing, call, administers);
    let realm = |route, call| Case::new(route, About::Branch, call, holds);
    let about = |route, call| Case::new(route, About::Topic, call, holds);
    vec![
        plain("GET /admin/departments", |_, _| Call::get(DEPARTMENTS)),
        plain("GET /admin/teams", |_, _| Call::get(TEAMS)),
        realm("GET /admin/departments", |_, thing| {
            Call::get(&format!("{DEPARTMENTS}?in={}", thing.id))
        }),
        realm("GET /admin/teams", |_, thing| {
            Call::get(&format!("{TEAMS}?in={}", thing.id))
        }),
        realm("POST /admin/departments", |asker, thing| {
            make(asker, thing, DEPARTMENTS)
        }),
        realm("POST /admin/teams", |asker, thing| {
            make(asker, thing, TEAMS)
        }),
        about("GET /admin/departments/{department}", |_, thing| {
            Call::get(&one(thing, DEPARTMENTS))
        }),
        about("GET /admin/teams/{team}", |_, thing| {
            Call::get(&one(thing, TEAMS))
        }),
        about("POST /admin/departments/{department}", |asker, thing| {
            change(asker, thing, DEPARTMENTS, "save")
        }),
        about("POST /admin/departments/{department}", |asker, thing| {
            change(asker, thing, DEPARTMENTS, "remove")
        }),
        about("POST /admin/teams/{team}", |asker, thing| {
            change(asker, thing, TEAMS, "save")
        }),
        about("POST /admin/teams/{team}", |asker, thing| {
            change(asker, thing, TEAMS, "remove")
        }),
    ]
}
