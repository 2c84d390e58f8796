//! `/api/v1`: programs, each behind the key of its realm, which sees that realm and those below.

use realmdesk_tests::Call;

use super::super::askers::{Asker, Who};
use super::super::stage::{About, Place, Thing};
use super::{Case, Leaves};

fn shows(asker: &Asker, place: &Place) -> bool {
    match asker.who {
        Who::Program(own) => own.is_at_or_above(place),
        _ => false,
    }
}

fn sees_it(asker: &Asker, thing: &Thing) -> bool {
    shows(asker, &thing.place)
}

fn programs(asker: &Asker, _: &Thing) -> bool {
    matches!(asker.who, Who::Program(_))
}

/// Every call of a key is counted.
const fn case(
    route: &'static str,
    about: About,
    call: fn(&Asker, &Thing) -> Call,
    admits: fn(&Asker, &Thing) -> bool,
) -> Case {
    Case::new(route, about, call, admits)
        .leaving(Leaves::TheSame)
        .showing(shows)
}

fn at(path: &str) -> Call {
    Call::get(&format!("/api/v1{path}"))
}

pub(super) fn cases() -> Vec<Case> {
    [lists(), things()].into_iter().flatten().collect()
}

fn lists() -> Vec<Case> {
    vec![
        case(
            "GET /api/v1/tickets",
            About::Nothing,
            |_, _| at("/tickets"),
            programs,
        ),
        case(
            "GET /api/v1/tickets",
            About::Branch,
            |_, thing| at(&format!("/tickets?realm={}", thing.id)),
            sees_it,
        ),
        case(
            "GET /api/v1/tickets",
            About::Cursor,
            |_, thing| at(&format!("/tickets?after={}", thing.id)),
            sees_it,
        ),
        case(
            "GET /api/v1/users",
            About::Nothing,
            |_, _| at("/users"),
            programs,
        ),
        case(
            "GET /api/v1/users",
            About::User,
            |_, thing| at(&format!("/users?email={}", thing.id)),
            sees_it,
        ),
        case(
            "GET /api/v1/users",
            About::Person,
            |_, thing| at(&format!("/users?after={}", thing.id)),
            sees_it,
        ),
        case(
            "GET /api/v1/organizations",
            About::Nothing,
            |_, _| at("/organizations"),
            programs,
        ),
        case(
            "GET /api/v1/organizations",
            About::Company,
            |_, thing| at(&format!("/organizations?after={}", thing.id)),
            sees_it,
        ),
        case(
            "GET /api/v1/topics",
            About::Nothing,
            |_, _| at("/topics"),
            programs,
        ),
    ]
}

fn things() -> Vec<Case> {
    vec![
        case(
            "GET /api/v1/tickets/{number}",
            About::Ticket,
            |_, thing| at(&format!("/tickets/{}", thing.id)),
            sees_it,
        ),
        case(
            "GET /api/v1/tickets/{number}/entries",
            About::Ticket,
            |_, thing| at(&format!("/tickets/{}/entries", thing.id)),
            sees_it,
        ),
        case(
            "GET /api/v1/tickets/{number}/files/{id}",
            About::File,
            |_, thing| at(&format!("/tickets/{}", thing.id)),
            sees_it,
        ),
        case(
            "GET /api/v1/users/{id}",
            About::Person,
            |_, thing| at(&format!("/users/{}", thing.id)),
            sees_it,
        ),
        case(
            "GET /api/v1/organizations/{id}",
            About::Company,
            |_, thing| at(&format!("/organizations/{}", thing.id)),
            sees_it,
        ),
    ]
}
