//! `/admin/departments` and `/admin/teams`.

use realmdesk_tests::Call;
use tenancy::token::content_address;

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

/// A change by somebody who has read what the thing's place was furnished with.
fn change(asker: &Asker, thing: &Thing, list: &str, (what, read): (&str, &str)) -> Call {
    let reading = content_address(read.as_bytes());
    let fields = format!(
        "in={}&change={what}&name=New&reading={reading}",
        realm_of(thing)
    );
    asker.form(&one(thing, list), &fields)
}

fn change_department(asker: &Asker, thing: &Thing, (what, name): (&str, &str)) -> Call {
    let slug = thing.place.slug();
    let answers = "answers_tickets=1\nanswers_messages=1";
    let read = format!("name={name} of {slug}\nmanager=\nkeep=\nplan=\npublic=1\n{answers}\n");
    change(asker, thing, DEPARTMENTS, (what, &read))
}

fn change_team(asker: &Asker, thing: &Thing, what: &str) -> Call {
    let read = format!("name=Team of {}\nlead=\nkeep=\n", thing.place.slug());
    change(asker, thing, TEAMS, (what, &read))
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
            change_department(asker, thing, ("save", "Department"))
        }),
        Case::new(
            "POST /admin/departments/{department}",
            About::Spare,
            |asker, thing| change_department(asker, thing, ("remove", "Spare")),
            holds,
        ),
        about("POST /admin/teams/{team}", |asker, thing| {
            change_team(asker, thing, "save")
        }),
        about("POST /admin/teams/{team}", |asker, thing| {
            change_team(asker, thing, "remove")
        }),
    ]
}
