//! `/admin/topics`, `/admin/forms` and `/admin/filters`: what is asked of tickets, and where they go.

use realmdesk_tests::Call;

use super::super::askers::Asker;
use super::super::stage::{About, Thing};
use super::Case;
use super::admin::{administers, holds};

/// The realm of a thing that is numbered after it.
pub(super) fn realm_of(thing: &Thing) -> u32 {
    thing.id.parse::<u32>().unwrap() % 1000 / 10
}

fn topic(thing: &Thing) -> String {
    format!("/admin/topics/{}?in={}", thing.id, realm_of(thing))
}

fn change_topic(asker: &Asker, thing: &Thing, what: &str) -> Call {
    let fields = format!("in={}&change={what}&name=Other", realm_of(thing));
    asker.form(&topic(thing), &fields)
}

fn form_page(thing: &Thing) -> String {
    format!("/admin/forms/{}?in={}", thing.id, realm_of(thing))
}

fn change_form(asker: &Asker, thing: &Thing, fields: &str) -> Call {
    let fields = format!("in={}&{fields}", realm_of(thing));
    asker.form(&form_page(thing), &fields)
}

fn field_page(thing: &Thing) -> String {
    let id = &thing.id;
    format!("/admin/forms/{id}/fields/{id}?in={}", realm_of(thing))
}

fn change_field(asker: &Asker, thing: &Thing) -> Call {
    let fields = "label=Other&user=hidden&agent=hidden&validator=none";
    let fields = format!("in={}&{fields}", realm_of(thing));
    asker.form(&field_page(thing), &fields)
}

fn filter(thing: &Thing) -> String {
    format!("/admin/filters/{}?in={}", thing.id, realm_of(thing))
}

fn change_filter(asker: &Asker, thing: &Thing) -> Call {
    let rule = "what=subject&operator=contains&value=fire";
    let fields = format!(
        "in={}&name=Other&position=1&target=any&{rule}",
        realm_of(thing)
    );
    asker.form(&filter(thing), &fields)
}

fn make_filter(asker: &Asker, thing: &Thing) -> Call {
    let rule = "what=subject&operator=contains&value=fire";
    let fields = format!("in={}&name=New&{rule}", thing.id);
    asker.form("/admin/filters", &fields)
}

fn make_form(asker: &Asker, thing: &Thing) -> Call {
    let fields = format!("in={}&title=New", thing.id);
    asker.form("/admin/forms", &fields)
}

fn make_topic(asker: &Asker, thing: &Thing) -> Call {
    let fields = format!("in={}&name=New", thing.id);
    asker.form("/admin/topics", &fields)
}

pub(super) fn cases() -> Vec<Case> {
    let plain = |route, call, admits| Case::new(route, About::Nothing, call, admits);
    let realm = |route, call| Case::new(route, About::Branch, call, holds);
    let about_topic = |route, call| Case::new(route, About::Topic, call, holds);
    vec![
        plain(
            "GET /admin/topics",
            |_, _| Call::get("/admin/topics"),
            administers,
        ),
        realm("GET /admin/topics", |_, thing| {
            Call::get(&format!("/admin/topics?in={}", thing.id))
        }),
        realm("POST /admin/topics", make_topic),
        plain(
            "GET /admin/filters",
            |_, _| Call::get("/admin/filters"),
            administers,
        ),
        realm("GET /admin/filters", |_, thing| {
            Call::get(&format!("/admin/filters?in={}", thing.id))
        }),
        realm("POST /admin/filters", make_filter),
        about_topic("GET /admin/filters/{filter}", |_, thing| {
            Call::get(&filter(thing))
        }),
        about_topic("POST /admin/filters/{filter}", change_filter),
        plain(
            "GET /admin/forms",
            |_, _| Call::get("/admin/forms"),
            administers,
        ),
        realm("GET /admin/forms", |_, thing| {
            Call::get(&format!("/admin/forms?in={}", thing.id))
        }),
        realm("POST /admin/forms", make_form),
        about_topic("GET /admin/forms/{form}", |_, thing| {
            Call::get(&form_page(thing))
        }),
        about_topic("POST /admin/forms/{form}", |asker, thing| {
            change_form(asker, thing, "change=save&title=Other")
        }),
        about_topic("POST /admin/forms/{form}", |asker, thing| {
            change_form(asker, thing, "change=add&label=Other&name=other&kind=text")
        }),
        about_topic("GET /admin/forms/{form}/fields/{field}", |_, thing| {
            Call::get(&field_page(thing))
        }),
        about_topic("POST /admin/forms/{form}/fields/{field}", change_field),
        about_topic("GET /admin/topics/{topic}", |_, thing| {
            Call::get(&topic(thing))
        }),
        about_topic("POST /admin/topics/{topic}", |asker, thing| {
            change_topic(asker, thing, "save")
        }),
        about_topic("POST /admin/topics/{topic}", |asker, thing| {
            change_topic(asker, thing, "archive")
        }),
    ]
}
