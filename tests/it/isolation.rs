//! The isolation sweep: every route × every asker × things of the own realm, of those above,
//! below and beside it, of another tenant, and things that do not exist.
//!
//! The routes are read off the functions' sources, so a route that is not in the sweep fails
//! here. To add one, write a [`Case`] in `cases/`, saying how the route is asked about a thing
//! and who is to be let in. The laws are the same for all:
//!
//! 1. who is let in gets an answer, so that no case can pass by asking wrongly;
//! 2. to everybody else a thing answers, byte for byte, like one that does not exist, and
//!    leaves the database as that does;
//! 3. nothing on any page comes from a realm the asker does not see.

mod askers;
mod cases;
mod routes;
mod stage;

use std::collections::BTreeSet;

use askers::Asker;
use cases::{Case, Leaves};
use realmdesk_tests::{Page, World};
use stage::{Stage, Thing};

/// What an asker was told about a thing, and what is in the database then.
struct Told {
    page: Page,
    image: Vec<u8>,
}

/// Asks in the world as it was staged, and puts it back.
fn tell(stage: &Stage, case: &Case, asker: &Asker, thing: &Thing) -> Told {
    let call = (case.call)(asker, thing);
    let page = stage.world.send(asker.present(call, thing));
    let image = stage.world.image();
    stage.world.rewind(&stage.mark);
    Told { page, image }
}

/// Runs a check for every case, asker and thing.
fn sweep(check: impl Fn(&Stage, &Case, &Asker, &Thing)) {
    let stage = Stage::set();
    for case in cases::all() {
        for asker in stage.askers() {
            for thing in stage.things(case.about) {
                check(&stage, &case, &asker, &thing);
            }
        }
    }
}

#[test]
fn every_route_of_every_function_is_swept() {
    let routed = routes::of_all_functions();
    let swept: BTreeSet<String> = cases::all()
        .iter()
        .map(|case| case.route.to_owned())
        .collect();
    let missing: Vec<_> = routed.difference(&swept).collect();
    assert!(missing.is_empty(), "not in the sweep: {missing:#?}");
    let gone: Vec<_> = swept.difference(&routed).collect();
    assert!(gone.is_empty(), "no such route any more: {gone:#?}");
}

#[test]
fn who_is_let_in_gets_an_answer() {
    let stage = Stage::set();
    for case in cases::all() {
        let mut let_in = 0;
        for asker in stage.askers() {
            for thing in stage.things(case.about) {
                if !(case.admits)(&asker, &thing) {
                    continue;
                }
                let_in += 1;
                let told = tell(&stage, &case, &asker, &thing).page;
                let is_let_in =
                    told.status < 400 && !told.location().starts_with("/auth/sign-in?next");
                assert!(
                    is_let_in,
                    "{} of {} by {}: {}\n{}",
                    case.route,
                    thing.id,
                    asker.name,
                    told.status,
                    told.text()
                );
            }
        }
        assert!(let_in > 0, "{}: nobody is ever let in", case.route);
    }
}

#[test]
fn t_43_t_60_t_61_t_72_what_is_out_of_sight_answers_like_what_does_not_exist() {
    sweep(|stage, case, asker, thing| {
        if (case.admits)(asker, thing) {
            return;
        }
        let twin = thing.twin();
        let (told, of_nothing) = (
            tell(stage, case, asker, thing),
            tell(stage, case, asker, &twin),
        );
        let what = format!("{} of {} by {}", case.route, thing.id, asker.name);
        let named = |page: &Page, thing: &Thing| thing.forget(&page.raw());
        assert_eq!(
            named(&told.page, thing),
            named(&of_nothing.page, &twin),
            "{what}"
        );
        match case.leaves {
            Leaves::Nothing => assert!(told.image == stage.mark.image, "{what}: written"),
            Leaves::TheSame => assert!(told.image == of_nothing.image, "{what}: differs"),
            Leaves::WhatWasSent => {}
        }
    });
}

#[test]
fn t_30_t_62_nothing_on_any_page_comes_from_a_realm_the_asker_does_not_see() {
    sweep(|stage, case, asker, thing| {
        let told = tell(stage, case, asker, thing).page;
        let text = String::from_utf8_lossy(&told.body);
        for place in stage::PLACES {
            let is_there = text.contains(&place.marker());
            assert!(
                !is_there || (case.shows)(asker, place),
                "{} of {} tells {} of {}",
                case.route,
                thing.id,
                asker.name,
                place.realm
            );
        }
    });
}

#[test]
fn t_73_no_cache_keeps_what_one_viewer_was_told() {
    sweep(|stage, case, asker, thing| {
        let told = tell(stage, case, asker, thing).page;
        let kept = told.header("cache-control");
        let is_public = case.route.starts_with("GET /assets/") && told.status == 200;
        let is_kept = kept != "no-store" && !told.body.is_empty();
        assert!(is_public || !is_kept, "{}: {kept:?}", case.route);
    });
}

#[test]
fn t_74_the_log_holds_nothing_of_what_was_asked_or_found() {
    sweep(|stage, case, asker, thing| {
        for is_broken in [false, true] {
            stage.world.meter.set_broken(is_broken);
            tell(stage, case, asker, thing);
            stage.world.meter.set_broken(false);
            for line in stage.world.log.take() {
                let has = |text: &str| line.contains(text);
                let is_foreign = stage::PLACES.iter().any(|place| has(&place.marker()));
                let is_secret = has("secret") || has(World::PASSWORD) || has("-key");
                let is_private = case.about.is_private() && has(&thing.id);
                assert!(!is_foreign && !is_secret && !is_private, "{line}");
            }
        }
    });
}

#[test]
fn the_sweep_notices_a_leak() {
    let stage = Stage::set();
    let leak = Case {
        route: "GET /queues/{queue}",
        about: stage::About::Nothing,
        call: |_, _| realmdesk_tests::Call::get("/queues/open"),
        admits: |_, _| true,
        leaves: Leaves::Nothing,
        shows: |_, _| false,
    };
    let sp3 = stage.asker("agent of SP3");
    let thing = &stage.things(leak.about)[0];
    let told = tell(&stage, &leak, &sp3, thing).page;
    let own = stage::PLACES.iter().find(|place| place.realm == "SP3");
    assert!(told.text().contains(&own.unwrap().marker()));
}
