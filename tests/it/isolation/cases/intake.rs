//! `/admin/topics`, `/admin/forms`, `/admin/lists` and `/admin/filters`: what is asked of tickets, and where they go.

use realmdesk_tests::Call;

use super::super::askers::Asker;
use super::super::stage::{About, Thing};
use super::Case;
use super::admin::{administers, administers_all, holds};

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

fn list(thing: &Thing) -> String {
    format!("/admin/lists/{}?in={}", thing.id, realm_of(thing))
}

fn change_list(asker: &Asker, thing: &Thing, fields: &str) -> Call {
    let fields = format!("in={}&{fields}", realm_of(thing));
    asker.form(&list(thing), &fields)
}

fn make_list(asker: &Asker, thing: &Thing) -> Call {
    let fields = format!("in={}&name=New", thing.id);
    asker.form("/admin/lists", &fields)
}

fn make_topic(asker: &Asker, thing: &Thing) -> Call {
    let fields = format!("in={}&name=New", thing.id);
    asker.form("/admin/topics", &fields)
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = of_topics_filters_and_forms();
    cases.extend(of_statuses());
    cases.extend(of_lists());
    cases
}

fn of_statuses() -> Vec<Case> {
    let plain = |route, call| Case::new(route, About::Nothing, call, administers_all);
    vec![
        plain("GET /admin/statuses", |_, _| Call::get("/admin/statuses")),
        plain("POST /admin/statuses", |asker, _| {
            asker.form("/admin/statuses", "change=add&name=Other&state=open")
        }),
        plain("POST /admin/statuses", |asker, _| {
            let fields = "change=save&status=2&name=Other&active=1";
            asker.form("/admin/statuses", fields)
        }),
        plain("POST /admin/statuses", |asker, _| {
            asker.form("/admin/statuses", "change=up&status=2")
        }),
        plain("POST /admin/statuses", |asker, _| {
            asker.form("/admin/statuses", "change=remove&status=2")
        }),
    ]
}

fn of_lists() -> Vec<Case> {
    let plain = |route, call, admits| Case::new(route, About::Nothing, call, admits);
    let realm = |route, call| Case::new(route, About::Branch, call, holds);
    let about_topic = |route, call| Case::new(route, About::Topic, call, holds);
    vec![
        plain(
            "GET /admin/lists",
            |_, _| Call::get("/admin/lists"),
            administers,
        ),
        realm("GET /admin/lists", |_, thing| {
            Call::get(&format!("/admin/lists?in={}", thing.id))
        }),
        realm("POST /admin/lists", make_list),
        about_topic("GET /admin/lists/{list}", |_, thing| {
            Call::get(&list(thing))
        }),
        about_topic("POST /admin/lists/{list}", |asker, thing| {
            change_list(asker, thing, "change=save&name=Other")
        }),
        about_topic("POST /admin/lists/{list}", |asker, thing| {
            change_list(asker, thing, "change=import&items=Other")
        }),
        about_topic("POST /admin/lists/{list}", |asker, thing| {
            change_list(asker, thing, "change=item&item=1&value=Other")
        }),
        about_topic("POST /admin/lists/{list}", |asker, thing| {
            change_list(asker, thing, "change=drop&item=1")
        }),
        about_topic("POST /admin/lists/{list}", |asker, thing| {
            change_list(asker, thing, "change=up&item=1")
        }),
        Case::new(
            "POST /admin/lists/{list}",
            About::List,
            |asker, thing| change_list(asker, thing, "change=properties"),
            holds,
        ),
        about_topic("POST /admin/lists/{list}", |asker, thing| {
            change_list(asker, thing, "change=remove")
        }),
    ]
}

fn of_topics_filters_and_forms() -> Vec<Case> {
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
        about_topic("POST /admin/forms/{form}", |asker, thing| {
            change_form(asker, thing, &format!("change=up&field={}", thing.id))
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
        about_topic("POST /admin/topics/{topic}", |asker, thing| {
            change_topic(asker, thing, "restore")
        }),
    ]
}
