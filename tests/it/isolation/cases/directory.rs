//! `/admin/users`, `/admin/organizations`, `/admin/bans` and `/admin/keys`: who asks for help and
//! who calls in.

use realmdesk_tests::Call;

use super::super::askers::Asker;
use super::super::stage::{About, Thing};
use super::Case;
use super::admin::{administers, holds};

fn within(list: &str, thing: &Thing) -> Call {
    Call::get(&format!("/admin/{list}?in={}", thing.id))
}

fn behind(list: &str, thing: &Thing) -> Call {
    Call::get(&format!("/admin/{list}?at={}&after=a", thing.id))
}

fn make(asker: &Asker, list: &str, thing: &Thing, fields: &str) -> Call {
    let fields = format!("in={}&{fields}", thing.id);
    asker.form(&format!("/admin/{list}"), &fields)
}

fn one(list: &str, thing: &Thing) -> Call {
    Call::get(&format!("/admin/{list}/{}", thing.id))
}

fn change(asker: &Asker, list: &str, thing: &Thing, fields: &str) -> Call {
    asker.form(&format!("/admin/{list}/{}", thing.id), fields)
}

fn lists() -> Vec<Case> {
    let plain = |route, call| Case::new(route, About::Nothing, call, administers);
    let realm = |route, call| Case::new(route, About::Branch, call, holds);
    vec![
        realm("GET /admin/agents", |_, thing| within("agents", thing)),
        realm("POST /admin/agents", |asker, thing| {
            let fields = "name=New&email=new%40example.com&role=1";
            make(asker, "agents", thing, fields)
        }),
        plain("GET /admin/bans", |_, _| Call::get("/admin/bans")),
        realm("GET /admin/bans", |_, thing| within("bans", thing)),
        realm("GET /admin/bans", |_, thing| behind("bans", thing)),
        realm("POST /admin/bans", |asker, thing| {
            make(
                asker,
                "bans",
                thing,
                "change=ban&address=spam%40example.com",
            )
        }),
        realm("POST /admin/bans", |asker, thing| {
            make(
                asker,
                "bans",
                thing,
                "change=unban&address=spam%40example.com",
            )
        }),
        plain("GET /admin/keys", |_, _| Call::get("/admin/keys")),
        realm("GET /admin/keys", |_, thing| within("keys", thing)),
        realm("GET /admin/keys", |_, thing| behind("keys", thing)),
        realm("POST /admin/keys", |asker, thing| {
            make(asker, "keys", thing, "name=New&calls=300&active=1")
        }),
        plain("GET /admin/log", |_, _| Call::get("/admin/log")),
        plain("GET /admin/log", |_, _| {
            Call::get("/admin/log?agent=agent%40p.example&kind=filter")
        }),
        plain("GET /admin/organizations", |_, _| {
            Call::get("/admin/organizations")
        }),
        realm("GET /admin/organizations", |_, thing| {
            within("organizations", thing)
        }),
        realm("GET /admin/organizations", |_, thing| {
            behind("organizations", thing)
        }),
        realm("POST /admin/organizations", |asker, thing| {
            make(asker, "organizations", thing, "name=New")
        }),
        plain("GET /admin/users", |_, _| Call::get("/admin/users")),
        plain("GET /admin/users", |_, _| Call::get("/admin/users?q=user")),
        realm("GET /admin/users", |_, thing| within("users", thing)),
        realm("GET /admin/users", |_, thing| behind("users", thing)),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    let key = |route, call| Case::new(route, About::Key, call, holds);
    let company = |route, call| Case::new(route, About::Company, call, holds);
    let person = |route, call| Case::new(route, About::Person, call, holds);
    let mut cases = lists();
    cases.extend([
        key("GET /admin/keys/{key}", |_, thing| one("keys", thing)),
        key("POST /admin/keys/{key}", |asker, thing| {
            let fields = "change=save&version=1&name=Other&calls=1";
            change(asker, "keys", thing, fields)
        }),
        key("POST /admin/keys/{key}", |asker, thing| {
            change(asker, "keys", thing, "change=revoke&sure=1")
        }),
        company("GET /admin/organizations/{organization}", |_, thing| {
            one("organizations", thing)
        }),
        company(
            "POST /admin/organizations/{organization}",
            |asker, thing| {
                let fields =
                    "change=save&version=1&name=Other&sharing=everybody&domains=other.example";
                change(asker, "organizations", thing, fields)
            },
        ),
        company(
            "POST /admin/organizations/{organization}",
            |asker, thing| {
                let address = thing.place.user().replace('@', "%40");
                let fields = format!("change=add&address={address}");
                change(asker, "organizations", thing, &fields)
            },
        ),
        person("GET /admin/users/{user}", |_, thing| one("users", thing)),
        person("POST /admin/users/{user}", |asker, thing| {
            change(asker, "users", thing, "change=save&version=1&name=Other")
        }),
        person("POST /admin/users/{user}", |asker, thing| {
            change(asker, "users", thing, "change=ban")
        }),
        person("POST /admin/users/{user}", |asker, thing| {
            change(asker, "users", thing, "change=unban")
        }),
    ]);
    cases
}
