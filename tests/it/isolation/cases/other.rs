//! The functions with a route or two: `/sweep` and `/assets`.

use realmdesk_tests::Call;

use super::super::askers::Who;
use super::super::stage::About;
use super::{Case, anybody};

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "POST /sweep",
            About::Nothing,
            |_, _| Call::post("/sweep"),
            |asker, _| asker.who == Who::Scheduler,
        ),
        Case::new(
            "GET /assets/{*path}",
            About::Nothing,
            |_, _| Call::get(pages::assets::CSS),
            anybody,
        ),
    ]
}
