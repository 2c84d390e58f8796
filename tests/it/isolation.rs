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
mod verbs;

use std::collections::BTreeSet;
use std::sync::OnceLock;
use std::thread;

use askers::Asker;
use cases::{Case, Leaves};
use realmdesk_tests::{Page, World};
use stage::{PLACES, Place, Stage, Thing};
use tenancy::token::content_address;

/// What an asker was told, what was logged of it, and a hash of the database if it has changed.
struct Told {
    page: Page,
    log: Vec<String>,
    left: Option<String>,
}

/// One question, and what became of it.
struct Asked {
    what: String,
    route: &'static str,
    leaves: Leaves,
    thing: Thing,
    is_private: bool,
    is_let_in: bool,
    is_forbidden: bool,
    /// Whose texts the asker must not be shown.
    hidden: Vec<Place>,
    told: Told,
    /// For who is not let in: the same question about something that does not exist.
    of_nothing: Option<(Thing, Told)>,
}

/// Asks in the world as it was staged, and puts it back.
fn tell(stage: &Stage, case: &Case, asker: &Asker, thing: &Thing) -> Told {
    let call = (case.call)(asker, thing);
    let page = stage.world.send(asker.present(call, thing));
    let image = stage.world.image();
    let left = (image != stage.mark.image).then(|| content_address(&image));
    stage.world.rewind(&stage.mark);
    Told {
        page,
        log: stage.world.log.take(),
        left,
    }
}

fn ask(stage: &Stage, case: &Case, asker: &Asker, thing: Thing) -> Asked {
    let is_let_in = (case.admits)(asker, &thing);
    let is_forbidden = (case.forbids)(asker, &thing);
    let of_nothing = (!is_let_in && !is_forbidden).then(|| {
        let twin = thing.twin();
        let told = tell(stage, case, asker, &twin);
        (twin, told)
    });
    let hidden = PLACES.iter().filter(|place| !(case.shows)(asker, place));
    Asked {
        what: format!("{} of {} by {}", case.route, thing.id, asker.name),
        route: case.route,
        leaves: case.leaves,
        is_private: case.about.is_private(),
        is_let_in,
        is_forbidden,
        hidden: hidden.copied().collect(),
        told: tell(stage, case, asker, &thing),
        of_nothing,
        thing,
    }
}

/// Every question there is, asked once for all the laws: every other case in a world of its own.
fn swept() -> &'static [Asked] {
    static SWEPT: OnceLock<Vec<Asked>> = OnceLock::new();
    SWEPT.get_or_init(|| {
        thread::scope(|scope| {
            let halves = [0, 1].map(|half| scope.spawn(move || swept_half(half)));
            let asked = halves.map(|half| half.join().unwrap());
            asked.into_iter().flatten().collect()
        })
    })
}

fn swept_half(half: usize) -> Vec<Asked> {
    let stage = Stage::set();
    let askers = stage.askers();
    let mut asked = Vec::new();
    for case in cases::all().iter().skip(half).step_by(2) {
        let things = stage.things(case.about);
        for asker in &askers {
            let of_thing = |thing: &Thing| ask(&stage, case, asker, thing.clone());
            asked.extend(things.iter().map(of_thing));
        }
    }
    asked
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
fn every_verb_of_every_form_of_the_administration_is_swept() {
    let stage = Stage::set();
    let asker = &stage.asker("agent of SP3");
    let mut missing = verbs::of_the_administration();
    for case in cases::all() {
        let thing = &stage.things(case.about)[0];
        let call = (case.call)(asker, thing);
        missing.retain(|(route, verb)| route != case.route || !call.asks_for(verb));
    }
    assert!(missing.is_empty(), "not in the sweep: {missing:#?}");
}

#[test]
fn who_is_let_in_gets_an_answer() {
    let mut routes: BTreeSet<&str> = cases::all().iter().map(|case| case.route).collect();
    for Asked { what, told, .. } in swept().iter().filter(|asked| asked.is_let_in) {
        let page = &told.page;
        let is_let_in = page.status < 400 && !page.location().starts_with("/auth/sign-in?next");
        assert!(is_let_in, "{what}: {}\n{}", page.status, page.text());
    }
    for asked in swept().iter().filter(|asked| asked.is_let_in) {
        routes.remove(asked.route);
    }
    assert!(routes.is_empty(), "nobody is ever let in: {routes:?}");
}

#[test]
fn who_sees_it_and_may_not_is_told_so_and_leaves_nothing() {
    for Asked { what, told, .. } in swept().iter().filter(|asked| asked.is_forbidden) {
        assert_eq!(told.page.status, 403, "{what}: {}", told.page.text());
        assert!(told.left.is_none(), "{what}");
    }
}

#[test]
fn t_43_t_60_t_61_t_72_what_is_out_of_sight_answers_like_what_does_not_exist() {
    for asked in swept() {
        let Some((twin, of_nothing)) = &asked.of_nothing else {
            continue;
        };
        let (what, told) = (&asked.what, &asked.told);
        let answer = asked.thing.forget(&told.page.raw());
        assert_eq!(answer, twin.forget(&of_nothing.page.raw()), "{what}");
        match asked.leaves {
            Leaves::Nothing => assert!(told.left.is_none(), "{what}: written"),
            Leaves::TheSame => assert!(told.left == of_nothing.left, "{what}: differs"),
            Leaves::WhatWasSent => {}
        }
    }
}

#[test]
fn t_30_t_62_nothing_on_any_page_comes_from_a_realm_the_asker_does_not_see() {
    for asked in swept() {
        let text = String::from_utf8_lossy(&asked.told.page.body);
        let leak = asked
            .hidden
            .iter()
            .find(|place| text.contains(&place.marker()));
        assert!(leak.is_none(), "{} tells of {leak:?}", asked.what);
    }
}

#[test]
fn t_73_no_cache_keeps_what_one_viewer_was_told() {
    for Asked {
        what, route, told, ..
    } in swept()
    {
        let page = &told.page;
        let is_public = route.starts_with("GET /assets/") && page.status == 200;
        let is_kept = page.header("cache-control") != "no-store" && !page.body.is_empty();
        assert!(is_public || !is_kept, "{what}");
    }
}

#[test]
fn t_74_the_log_holds_nothing_of_what_was_asked_or_found() {
    for asked in swept() {
        let private = asked.is_private.then_some(&*asked.thing.id);
        hold_to_silence(&asked.told.log, private);
    }
}

#[test]
fn t_74_nor_does_it_when_the_database_fails() {
    let stage = Stage::set();
    let askers = stage.askers();
    for case in cases::all() {
        let thing = stage.things(case.about).remove(0);
        for asker in &askers {
            stage.world.meter.set_broken(true);
            let told = tell(&stage, &case, asker, &thing);
            stage.world.meter.set_broken(false);
            hold_to_silence(&told.log, case.about.is_private().then_some(&*thing.id));
        }
    }
}

fn hold_to_silence(log: &[String], private: Option<&str>) {
    for line in log {
        let has = |text: &str| line.contains(text);
        let is_foreign = PLACES.iter().any(|place| has(&place.marker()));
        let is_secret = has("secret") || has(World::PASSWORD) || has("-key");
        assert!(
            !is_foreign && !is_secret && !private.is_some_and(has),
            "{line}"
        );
    }
}

/// Whatever an administrator or the operator does is written down, once, by the batch that does it.
#[test]
fn every_route_of_the_administration_writes_down_what_was_done() {
    let stage = Stage::set();
    let askers = stage.askers();
    let posts = |route: &str| route.starts_with("POST /admin/");
    let mut routes = routes::of_all_functions();
    routes.retain(|route| posts(route));
    let deeds = || stage.world.number("SELECT count(*) FROM admin_event");
    for case in cases::all().iter().filter(|case| posts(case.route)) {
        for thing in stage.things(case.about) {
            let admitted = |asker: &&Asker| (case.admits)(asker, &thing);
            let Some(asker) = askers.iter().find(admitted) else {
                continue;
            };
            let before = deeds();
            let call = (case.call)(asker, &thing);
            let page = stage.world.send(asker.present(call, &thing));
            if stage.world.image() != stage.mark.image {
                let what = format!("{} of {} by {}", case.route, thing.id, asker.name);
                assert_eq!(deeds(), before + 1, "{what}: {}", page.status);
                routes.remove(case.route);
            }
            stage.world.rewind(&stage.mark);
        }
    }
    assert!(routes.is_empty(), "nothing is written down by {routes:?}");
}

#[test]
fn the_sweep_notices_a_leak() {
    let stage = Stage::set();
    let leak = Case {
        route: "GET /queues/{queue}",
        about: stage::About::Nothing,
        call: |_, _| realmdesk_tests::Call::get("/queues/open"),
        admits: |_, _| true,
        forbids: |_, _| false,
        leaves: Leaves::Nothing,
        shows: |_, _| false,
    };
    let sp3 = stage.asker("agent of SP3");
    let thing = &stage.things(leak.about)[0];
    let told = tell(&stage, &leak, &sp3, thing).page;
    assert!(told.text().contains(&stage::SP3.marker()));
}
