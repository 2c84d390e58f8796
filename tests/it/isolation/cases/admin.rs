//! `/admin`: the operator's tenants, and a tenant's realms.

use realmdesk_tests::Call;
use serde_json::json;

use super::super::askers::{Asker, Who};
use super::super::stage::{ACME, About, P, Thing};
use super::{Case, anybody};

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

fn rename_tenant(_: &Asker, thing: &Thing) -> Call {
    post(thing, "rename").body(json!({ "name": "Other" }).to_string())
}

/// An administrator who holds the realm.
pub(super) fn holds(asker: &Asker, thing: &Thing) -> bool {
    matches!(asker.who, Who::Agent(_)) && asker.works_in(&thing.place)
}

pub(super) fn administers(asker: &Asker, _: &Thing) -> bool {
    matches!(asker.who, Who::Agent(own) if asker.is_at_home(&own))
}

/// An administrator of the tenant's one tree.
pub(super) fn administers_all(asker: &Asker, thing: &Thing) -> bool {
    matches!(asker.who, Who::Agent(own) if own == P || own == ACME) && administers(asker, thing)
}

/// Where the asker's own realm lies, as the reference tree numbers them.
fn own_realm(asker: &Asker) -> u8 {
    match asker.who {
        Who::Agent(own) if own.realm == "SP3" => 4,
        Who::Agent(own) if own.realm == "C3A" => 9,
        _ => 1,
    }
}

fn page(thing: &Thing, page: &str) -> Call {
    Call::get(&format!("/admin/realms/{}{page}", thing.id))
}

fn form(asker: &Asker, thing: &Thing, page: &str, fields: &str) -> Call {
    asker.form(&format!("/admin/realms/{}{page}", thing.id), fields)
}

fn make(asker: &Asker, thing: &Thing) -> Call {
    let fields = format!("below={}&name=New&kind=site", thing.id);
    asker.form("/admin/realms", &fields)
}

fn relocate(asker: &Asker, thing: &Thing) -> Call {
    let fields = format!("below={}&version=1", own_realm(asker));
    form(asker, thing, "/move", &fields)
}

fn rename(asker: &Asker, thing: &Thing) -> Call {
    form(
        asker,
        thing,
        "",
        "change=rename&name=Other&kind=site&version=1",
    )
}

fn archive(asker: &Asker, thing: &Thing) -> Call {
    form(asker, thing, "", "change=archive&version=1")
}

fn restore(asker: &Asker, thing: &Thing) -> Call {
    form(asker, thing, "", "change=restore&version=1")
}

fn access(asker: &Asker, thing: &Thing, fields: &str) -> Call {
    form(asker, thing, "/access", &format!("change={fields}"))
}

fn show_to_me(asker: &Asker, thing: &Thing) -> Call {
    let me = match asker.who {
        Who::Agent(own) => own.agent(),
        _ => "nobody@p.example".to_owned(),
    };
    let fields = format!("change=show_agent&agent={}", me.replace('@', "%40"));
    form(asker, thing, "/access", &fields)
}

fn setting(asker: &Asker, thing: &Thing, change: &str) -> Call {
    let fields = format!("change={change}&key=locale&value=de");
    form(asker, thing, "/settings", &fields)
}

fn explain(asker: &Asker, thing: &Thing) -> Call {
    let me = match asker.who {
        Who::Agent(own) => own.agent(),
        _ => "nobody@p.example".to_owned(),
    };
    let number = &thing.id;
    Call::get(&format!("/admin/explain?ticket={number}&agent={me}"))
}

fn employ(asker: &Asker, thing: &Thing) -> Call {
    asker.form(
        &format!("/admin/agents/{}", thing.id),
        "version=1&role=1&active=1&limited=1",
    )
}

fn invite(asker: &Asker, thing: &Thing, change: &str) -> Call {
    let fields = format!("change={change}");
    asker.form(&format!("/admin/agents/{}", thing.id), &fields)
}

fn of_agents() -> Vec<Case> {
    let colleague = |route, call| Case::new(route, About::Colleague, call, holds);
    let invitee = |route, call| Case::new(route, About::Invitee, call, holds);
    vec![
        Case::new(
            "GET /admin/agents",
            About::Nothing,
            |_, _| Call::get("/admin/agents"),
            administers,
        ),
        colleague("GET /admin/agents", |_, thing| {
            Call::get(&format!("/admin/agents?after={}", thing.id))
        }),
        colleague("GET /admin/agents/{agent}", |_, thing| {
            Call::get(&format!("/admin/agents/{}", thing.id))
        }),
        colleague("POST /admin/agents/{agent}", employ),
        invitee("POST /admin/agents/{agent}", |asker, thing| {
            invite(asker, thing, "invite")
        }),
        invitee("POST /admin/agents/{agent}", |asker, thing| {
            invite(asker, thing, "withdraw")
        }),
    ]
}

/// The changes to who sees a realm; whoever is taken away need not have been there.
fn of_access() -> Vec<Case> {
    let case = |call| {
        Case::new(
            "POST /admin/realms/{realm}/access",
            About::Branch,
            call,
            holds,
        )
    };
    vec![
        case(show_to_me),
        case(|asker, thing| access(asker, thing, "show_team&team=1")),
        case(|asker, thing| {
            let fields = format!("show_viewer&viewer={}", own_realm(asker));
            access(asker, thing, &fields)
        }),
        case(|asker, thing| {
            let nobody = "018bcfe5-6800-7707-8707-070707070707";
            access(asker, thing, &format!("hide_agent&agent_id={nobody}"))
        }),
        case(|asker, thing| access(asker, thing, "hide_team&team=1")),
        case(|asker, thing| access(asker, thing, "hide_viewer&viewer=1")),
        case(|asker, thing| access(asker, thing, "close&role=1")),
        case(|asker, thing| access(asker, thing, "open")),
        case(|asker, thing| access(asker, thing, "inherit")),
        case(|asker, thing| access(asker, thing, "require&role=1")),
        case(|asker, thing| access(asker, thing, "offer")),
        case(|asker, thing| access(asker, thing, "leave")),
    ]
}

fn of_settings() -> Vec<Case> {
    let route = "POST /admin/realms/{realm}/settings";
    let case = |call| Case::new(route, About::Branch, call, holds);
    vec![
        case(|asker, thing| setting(asker, thing, "set")),
        case(|asker, thing| setting(asker, thing, "clear")),
        case(|asker, thing| setting(asker, thing, "lock")),
        case(|asker, thing| setting(asker, thing, "unlock")),
    ]
}

fn of_administrators() -> Vec<Case> {
    let plain = |route, call, admits| Case::new(route, About::Nothing, call, admits);
    let realm = |route, call| Case::new(route, About::Branch, call, holds);
    vec![
        plain("GET /admin", |_, _| Call::get("/admin"), anybody),
        plain(
            "GET /admin/realms",
            |_, _| Call::get("/admin/realms"),
            administers,
        ),
        plain(
            "GET /admin/realms",
            |_, _| Call::get("/admin/realms?q=only-in"),
            administers,
        ),
        realm("GET /admin/realms", |_, thing| {
            Call::get(&format!("/admin/realms?in={}", thing.id))
        }),
        realm("GET /admin/realms", |_, thing| {
            Call::get(&format!("/admin/realms?after={}", thing.id))
        }),
        realm("POST /admin/realms", make),
        realm("GET /admin/realms/{realm}", |_, thing| page(thing, "")),
        realm("POST /admin/realms/{realm}", rename),
        realm("POST /admin/realms/{realm}", archive),
        realm("POST /admin/realms/{realm}", restore),
        realm("GET /admin/realms/{realm}/move", |_, thing| {
            page(thing, "/move")
        }),
        realm("POST /admin/realms/{realm}/move", relocate),
        realm("GET /admin/realms/{realm}/access", |_, thing| {
            page(thing, "/access")
        }),
        realm("GET /admin/realms/{realm}/settings", |_, thing| {
            page(thing, "/settings")
        }),
        plain(
            "GET /admin/separation",
            |_, _| Call::get("/admin/separation"),
            administers_all,
        ),
        plain(
            "POST /admin/separation",
            |asker, _| asker.form("/admin/separation", "ticket=off"),
            administers_all,
        ),
        Case::new("GET /admin/explain", About::Ticket, explain, holds),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = of_operators();
    cases.extend(of_administrators());
    cases.extend(of_access());
    cases.extend(of_settings());
    cases.extend(of_agents());
    cases
}

fn of_operators() -> Vec<Case> {
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
        tenant("POST /admin/tenants/{slug}/rename", rename_tenant),
        Case::new(
            "POST /admin/tenants/{slug}/invite",
            About::Newcomer,
            |_, thing| post(thing, "invite"),
            operates,
        ),
    ]
}
