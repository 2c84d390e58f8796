//! `/admin/templates` and `/admin/canned`: what mails and canned replies say.

use realmdesk_tests::Call;
use tenancy::token::content_address;

use super::super::askers::{Asker, Who};
use super::super::stage::{About, Place, Thing};
use super::Case;
use super::admin::{administers, holds};
use super::intake::realm_of;

const PAGE: &str = "/admin/templates/task.alert";

fn change(asker: &Asker, thing: &Thing, what: &str) -> Call {
    let fields = format!("in={}&change={what}&subject=x&text=y", thing.id);
    asker.form(PAGE, &fields)
}

/// Goes back from what the thing's realm has written, which is what its place was furnished with.
fn reset(asker: &Asker, thing: &Thing) -> Call {
    let written = format!("{0} mail\n{0} mail", thing.place.marker());
    let reading = content_address(written.as_bytes());
    let fields = format!("in={}&change=reset&reading={reading}", realm_of(thing));
    asker.form(PAGE, &fields)
}

/// What counts in a realm is inherited from those above, whoever administers them.
fn inherits(asker: &Asker, place: &Place) -> bool {
    let is_below = |own: &Place| asker.is_at_home(own) && place.is_at_or_above(own);
    super::sees(asker, place) || matches!(&asker.who, Who::Agent(own) if is_below(own))
}

fn canned(thing: &Thing) -> String {
    format!("/admin/canned/{}?in={}", thing.id, realm_of(thing))
}

fn change_canned(asker: &Asker, thing: &Thing, what: &str) -> Call {
    let fields = format!(
        "in={}&change={what}&version=1&title=x&text=y",
        realm_of(thing)
    );
    asker.form(&canned(thing), &fields)
}

fn make_canned(asker: &Asker, thing: &Thing) -> Call {
    let fields = format!("in={}&title=New&text=y", thing.id);
    asker.form("/admin/canned", &fields)
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = of_canned_replies();
    cases.extend(of_templates());
    cases
}

fn of_canned_replies() -> Vec<Case> {
    let list = |_: &Asker, thing: &Thing| Call::get(&format!("/admin/canned?in={}", thing.id));
    let about = |route, call| Case::new(route, About::Topic, call, holds);
    vec![
        Case::new(
            "GET /admin/canned",
            About::Nothing,
            |_, _| Call::get("/admin/canned"),
            administers,
        ),
        Case::new("GET /admin/canned", About::Branch, list, holds),
        Case::new("POST /admin/canned", About::Branch, make_canned, holds),
        about("GET /admin/canned/{reply}", |_, thing| {
            Call::get(&canned(thing))
        }),
        about("POST /admin/canned/{reply}", |asker, thing| {
            change_canned(asker, thing, "save")
        }),
        about("POST /admin/canned/{reply}", |asker, thing| {
            change_canned(asker, thing, "delete")
        }),
    ]
}

fn of_templates() -> Vec<Case> {
    let plain = |route, call| Case::new(route, About::Nothing, call, administers);
    let realm = |route, call| Case::new(route, About::Branch, call, holds).showing(inherits);
    vec![
        plain("GET /admin/templates", |_, _| Call::get("/admin/templates")),
        realm("GET /admin/templates", |_, thing| {
            Call::get(&format!("/admin/templates?in={}", thing.id))
        }),
        plain("GET /admin/templates/{code}", |_, _| Call::get(PAGE)).showing(inherits),
        realm("GET /admin/templates/{code}", |_, thing| {
            Call::get(&format!("{PAGE}?in={}", thing.id))
        }),
        realm("POST /admin/templates/{code}", |asker, thing| {
            change(asker, thing, "save")
        }),
        realm("POST /admin/templates/{code}", |asker, thing| {
            change(asker, thing, "preview")
        }),
        Case::new("POST /admin/templates/{code}", About::Topic, reset, holds).showing(inherits),
    ]
}
