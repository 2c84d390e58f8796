//! DP-5 and DP-6 as tables.

use super::{Band, Capacity, Duties, Footing, HeldRole, Post, Referee, Tie, Work};
use crate::Id;
use crate::policy::{Keys, RoleKey};
use crate::realm::Path;

const OWN: i64 = 1;
const HELD: i64 = 2;
const MANAGED: i64 = 3;
const OTHER: i64 = 9;

fn agent(last: char) -> Id {
    Id::parse(&format!("018bcfe5-6800-7707-8707-07070707070{last}")).unwrap()
}

fn post(department: i64, capacity: Capacity) -> Post {
    Post {
        department,
        name: format!("Department {department}"),
        capacity,
        path: Path::root(0),
    }
}

/// A member of one department, with a role of their own in another, managing a third.
fn duties(is_limited: bool) -> Duties {
    let role = HeldRole {
        name: "Closer".to_owned(),
        keys: Keys::of(&[RoleKey::TicketClose]),
    };
    Duties {
        agent: Some(agent('1')),
        is_limited,
        posts: vec![
            post(OWN, Capacity::Member),
            post(HELD, Capacity::Holding(role)),
            post(MANAGED, Capacity::Manager),
        ],
        bands: vec![Band {
            team: 1,
            name: "Team".to_owned(),
            path: Path::root(0),
        }],
    }
}

fn in_department(department: i64) -> Work {
    Work {
        department,
        agent: None,
        team: None,
        is_open: true,
        referrals: Vec::new(),
    }
}

fn assigned(department: i64, agent: Id) -> Work {
    Work {
        agent: Some(agent),
        ..in_department(department)
    }
}

fn referred(to: Referee) -> Work {
    Work {
        referrals: vec![to],
        ..in_department(OTHER)
    }
}

/// What a role that replies may do on a ticket: reply, close, create.
fn may(duties: &Duties, work: &Work) -> String {
    let primary = Keys::of(&[RoleKey::TicketReply, RoleKey::TicketCreate]);
    let keys = [
        (RoleKey::TicketReply, 'r'),
        (RoleKey::TicketClose, 'c'),
        (RoleKey::TicketCreate, '+'),
    ];
    let footing = duties.footing(work);
    let given = keys.iter().filter(|(key, _)| footing.gives(*key, &primary));
    given.map(|(_, letter)| *letter).collect()
}

#[test]
fn dp_5_the_role_for_the_department_counts_before_the_primary_one() {
    let me = || agent('1');
    for (work, unlimited, limited) in [
        (in_department(OWN), "r+", "r+"),
        (in_department(HELD), "c", "c"),
        (assigned(HELD, me()), "c", "c"),
        (in_department(MANAGED), "r+", "+"),
        (assigned(MANAGED, me()), "r+", "r+"),
        (in_department(OTHER), "r+", "+"),
        (assigned(OTHER, me()), "r+", "r+"),
        (assigned(OTHER, agent('2')), "r+", "+"),
        (referred(Referee::Agent(me())), "r+", "+"),
        (referred(Referee::Department(HELD)), "r+", "+"),
    ] {
        assert_eq!(may(&duties(false), &work), unlimited, "{work:?}");
        assert_eq!(may(&duties(true), &work), limited, "limited: {work:?}");
    }
}

#[test]
fn dp_5_a_ticket_assigned_while_it_was_open_keeps_its_role_when_it_is_closed() {
    let closed = Work {
        is_open: false,
        ..assigned(OTHER, agent('1'))
    };
    assert_eq!(duties(true).footing(&closed), Footing::Assigned);
}

#[test]
fn dp_6_a_limited_agent_reaches_what_is_theirs_and_nothing_else() {
    let closed = |work: Work| Work {
        is_open: false,
        ..work
    };
    let to_team = |department| Work {
        team: Some(1),
        ..in_department(department)
    };
    for (work, reached) in [
        (in_department(OWN), true),
        (in_department(HELD), true),
        (in_department(MANAGED), true),
        (closed(in_department(OWN)), true),
        (in_department(OTHER), false),
        (assigned(OTHER, agent('1')), true),
        (closed(assigned(OTHER, agent('1'))), false),
        (assigned(OTHER, agent('2')), false),
        (to_team(OTHER), true),
        (closed(to_team(OTHER)), false),
        (referred(Referee::Agent(agent('1'))), true),
        (closed(referred(Referee::Agent(agent('1')))), true),
        (referred(Referee::Agent(agent('2'))), false),
        (referred(Referee::Team(1)), true),
        (referred(Referee::Team(2)), false),
        (referred(Referee::Department(HELD)), true),
        (referred(Referee::Department(8)), false),
    ] {
        assert_eq!(duties(true).reach(&work), reached, "{work:?}");
        assert!(duties(false).reach(&work), "not limited: {work:?}");
    }
}

#[test]
fn every_tie_is_told() {
    let work = Work {
        team: Some(1),
        referrals: vec![Referee::Department(HELD), Referee::Team(1)],
        ..assigned(OWN, agent('1'))
    };
    let duties = duties(true);
    let [own, held, _] = duties.posts() else {
        panic!("three departments");
    };
    let band = &duties.bands()[0];
    let expected = [
        Tie::Department(own),
        Tie::Assigned,
        Tie::TeamAssigned(band),
        Tie::DepartmentReferred(held),
        Tie::TeamReferred(band),
    ];
    assert_eq!(duties.ties(&work), expected);
}

#[test]
fn duties_of_nobody_are_tied_to_nothing_and_not_limited() {
    let nobody = Duties::default();
    assert!(nobody.reach(&in_department(OTHER)));
    assert!(nobody.ties(&in_department(OTHER)).is_empty());
}
