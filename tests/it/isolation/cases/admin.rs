//! `/admin`: the operator's tenants.

use realmdesk_tests::Call;
use serde_json::json;

use super::super::askers::{Asker, Who};
use super::super::stage::{About, Thing};
use super::Case;

fn operates(asker: &Asker, _: &Thing) -> bool {
    asker.who == Who::Operator
}

fn post(thing: &Thing, what: &str) -> Call {
    Call::post(&format!("/admin/tenants/{}/{what}", thing.id))
}

fn create(_: &Asker, _: &Thing) -> Call {
    let admin = json!({ "email": "boss@globex.example", "name": "Boss" });
    let wanted = json!({
        "slug": "globex", "name": "Globex", "host": "globex.localhost", "admin": admin,
    });
    Call::post("/admin/tenants").body(wanted.to_string())
}

fn rename(_: &Asker, thing: &Thing) -> Call {
    post(thing, "rename").body(json!({ "name": "Other" }).to_string())
}

pub(super) fn cases() -> Vec<Case> {
    let tenant = |route, call| Case::new(route, About::Tenant, call, operates);
    vec![
        Case::new(
            "GET /admin/tenants",
            About::Nothing,
            |_, _| Call::get("/admin/tenants"),
            operates,
        ),
        Case::new("POST /admin/tenants", About::Nothing, create, operates),
        tenant("POST /admin/tenants/{slug}/suspend", |_, thing| {
            post(thing, "suspend")
        }),
        tenant("POST /admin/tenants/{slug}/resume", |_, thing| {
            post(thing, "resume")
        }),
        tenant("POST /admin/tenants/{slug}/rename", rename),
        Case::new(
            "POST /admin/tenants/{slug}/invite",
            About::Newcomer,
            |_, thing| post(thing, "invite"),
            operates,
        ),
    ]
}
