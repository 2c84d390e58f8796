//! `/admin/templates`: what mails say.

use realmdesk_tests::Call;

use super::super::askers::{Asker, Who};
use super::super::stage::{About, Place, Thing};
use super::Case;
use super::admin::{administers, holds};

const PAGE: &str = "/admin/templates/task.alert";

fn change(asker: &Asker, thing: &Thing, what: &str) -> Call {
    let fields = format!("in={}&change={what}&subject=x&text=y", thing.id);
    asker.form(PAGE, &fields)
}

/// What counts in a realm is inherited from those above, whoever administers them.
fn inherits(asker: &Asker, place: &Place) -> bool {
    let is_below = |own: &Place| asker.is_at_home(own) && place.is_at_or_above(own);
    super::sees(asker, place) || matches!(&asker.who, Who::Agent(own) if is_below(own))
}

pub(super) fn cases() -> Vec<Case> {
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
    ]
}
