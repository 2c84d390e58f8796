//! The properties of tenancy.md 5.2, through SQL: random trees, grants, rules, restrictions and
//! selections are written to the database, looked up again, and what statements then find is held
//! against a walk of the tree.

use desk::queue::{
    self, Calendar, Closings, Listing, Period, Place, Queue, Sort, Tally, Turn, Viewer,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use realmdesk_tests::viewers::{case, id, ticket_sql};
use realmdesk_tests::{DAY, World, task};
use tenancy::sight::{Standing, choices};
use tenancy::{Id, Scope, Table, Timestamp};
use zone::Zone;

use super::{agent, parent};

fn ada(world: &World, scope: &Scope) -> Standing {
    super::standing(world, scope, "ada@acme.example")
}

/// The realms that a statement finds through the sight.
fn found(world: &World) -> Vec<i64> {
    let scope = world.inside("acme");
    let sight = ada(world, &scope).sight(Table::Ticket);
    let (nodes,) = task::run(scope.read((choices(&scope, &sight, 20_000),))).unwrap();
    let mut found: Vec<i64> = nodes.iter().map(|node| node.realm.0).collect();
    found.sort_unstable();
    found
}

/// How many tickets a queue counts; where it stops to count, as many as there are is right.
fn counted(world: &World, queue: Queue) -> usize {
    let scope = world.inside("acme");
    let sight = ada(world, &scope).sight(Table::Ticket);
    let viewer = viewer(world);
    let (counts, work, closings) = task::run(scope.read((
        queue::counts(&scope, &sight),
        queue::work(&scope, &sight, viewer.agent.as_ref().unwrap()),
        queue::closings(&scope, &sight, &viewer.calendar),
    )))
    .unwrap();
    let tally = Tally {
        counts: counts[0],
        work: work[0],
        closings: Some(Closings(closings)),
    };
    let count = tally.of(queue, &viewer.calendar).unwrap();
    let tickets = usize::try_from(count.tickets).unwrap();
    if count.is_more {
        let all = paged(world, queue).len();
        assert!(tickets == 99 && all > 99, "{queue:?} {all}");
        all
    } else {
        tickets
    }
}

/// Ada, at noon of that day.
fn viewer(world: &World) -> Viewer {
    let agent = world.rows("SELECT agent_id FROM agent WHERE email = 'ada@acme.example'");
    let (now, zone) = (
        Timestamp(i64::try_from(TODAY).unwrap() * DAY + DAY / 2),
        Zone::UTC,
    );
    Viewer {
        agent: Id::parse(&agent[0]),
        calendar: Calendar { now, zone },
    }
}

fn read(world: &World, queue: Queue, sort: Sort, turn: Turn) -> queue::Page {
    let scope = world.inside("acme");
    let sight = ada(world, &scope).sight(Table::Ticket);
    let (listing, viewer) = (Listing { queue, sort, turn }, viewer(world));
    let page = queue::page(&scope, &sight, &listing, &viewer);
    let (found,) = task::run(scope.read((page,))).unwrap();
    queue::Page::sorted(sort, &listing.turn, found)
}

/// Whether there are pages before and behind a page.
fn around(page: &queue::Page, sort: Sort) -> (bool, bool) {
    match sort {
        Sort::Newest => (page.has_newer, page.has_older),
        Sort::Oldest => (page.has_older, page.has_newer),
    }
}

fn before(sort: Sort, place: Place) -> Turn {
    match sort {
        Sort::Newest => Turn::NewerThan(place),
        Sort::Oldest => Turn::OlderThan(place),
    }
}

/// All pages of a queue from the first. On the way each page is also read from behind.
fn pages(world: &World, queue: Queue, sort: Sort) -> Vec<queue::Page> {
    let mut pages = vec![read(world, queue, sort, Turn::First)];
    while let Some(last) = pages.last().filter(|page| around(page, sort).1) {
        let place = queue.place(last.tickets.last().unwrap());
        let page = read(world, queue, sort, sort.behind(place));
        assert!(around(&page, sort).0);
        let first = queue.place(&page.tickets[0]);
        let back = read(world, queue, sort, before(sort, first));
        assert_eq!(back.tickets, last.tickets);
        assert_eq!(around(&back, sort), (pages.len() > 1, true));
        pages.push(page);
    }
    pages
}

/// The realms of a queue's tickets, newest ticket first; a ticket is called after its realm.
fn paged(world: &World, queue: Queue) -> Vec<i64> {
    paged_by(world, queue, Sort::Newest)
}

/// The realms of a queue's tickets in an order.
fn paged_by(world: &World, queue: Queue, sort: Sort) -> Vec<i64> {
    let pages = pages(world, queue, sort);
    let tickets = pages.iter().flat_map(|page| &page.tickets);
    tickets
        .map(|ticket| ticket.subject.parse().unwrap())
        .collect()
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config(24))]

    #[test]
    fn a_statement_finds_the_realms_that_a_walk_does(case in case(40)) {
        prop_assert_eq!(found(&case.world(0)), case.walked());
    }

    #[test]
    fn a_queue_lists_every_ticket_of_those_realms_once_and_no_other(case in case(40)) {
        let tickets = 120;
        let world = case.world(tickets);
        let expected: Vec<i64> = (0..tickets).rev()
            .map(|ticket| ticket % case.parents.len())
            .filter(|realm| case.walks_to(*realm))
            .map(id)
            .collect();
        prop_assert_eq!(&paged(&world, Queue::Open), &expected);
        let scope = world.inside("acme");
        let sight = ada(&world, &scope).sight(Table::Ticket);
        let counts = task::run(scope.read((queue::counts(&scope, &sight),))).unwrap().0;
        prop_assert_eq!(usize::try_from(counts[0].open.tickets), Ok(expected.len()));
    }
}

proptest! {
    #![proptest_config(config(6))]

    /// Enough realms for the statement to choose among its plans, and tickets that come in runs.
    #[test]
    fn a_queue_lists_them_whichever_way_it_finds_them(
        case in case(2_000),
        whose in vec((any::<Index>(), 1..40_usize), 1..40),
    ) {
        let case = case.at_the_root();
        let world = case.world(0);
        let runs = whose.iter().flat_map(|(realm, run)| {
            std::iter::repeat_n(realm.index(case.parents.len()), *run)
        });
        let realms: Vec<usize> = runs.collect();
        for (ticket, realm) in realms.iter().enumerate() {
            world.execute(&ticket_sql("1", ticket, *realm));
        }
        work_some(&world);
        for queue in Queue::ALL {
            let seen = realms.iter().enumerate().filter(|(ticket, realm)| {
                is_in(queue, *ticket) && case.walks_to(**realm)
            });
            let mut seen: Vec<(usize, &usize)> = seen.collect();
            seen.sort_by_key(|(ticket, _)| std::cmp::Reverse(rank(queue, *ticket)));
            let expected: Vec<i64> = seen.iter().map(|(_, realm)| id(**realm)).collect();
            prop_assert_eq!(counted(&world, queue), expected.len(), "{:?}", queue);
            for sort in queue.sorts() {
                let mut expected = expected.clone();
                if *sort == Sort::Oldest {
                    expected.reverse();
                }
                prop_assert_eq!(paged_by(&world, queue, *sort), expected, "{:?} {:?}", queue, sort);
            }
        }
    }
}

/// Today, counted from the first of January; a Friday.
const TODAY: usize = 50;

/// Every third ticket is closed, some on each day until today; every fifth of the others overdue,
/// every fourth answered, every second a team's and every seventh Ada's.
fn work_some(world: &World) {
    world.execute("UPDATE ticket SET overdue_at = 1 WHERE number % 5 = 0");
    world.execute("UPDATE ticket SET answered_at = 1 WHERE number % 4 = 0");
    world.execute("UPDATE ticket SET team_id = 1 WHERE number % 2 = 1");
    world.execute("UPDATE ticket SET agent_id = (SELECT agent_id FROM agent) WHERE number % 7 = 0");
    world.execute(&format!(
        "UPDATE ticket SET state = 'closed',
                           closed_at = number * 5 % {} * {DAY} + CAST(number AS INTEGER)
          WHERE number % 3 = 0",
        TODAY + 1
    ));
}

fn is_in(queue: Queue, ticket: usize) -> bool {
    let (is_closed, day) = (ticket.is_multiple_of(3), ticket * 5 % (TODAY + 1));
    let (is_adas, is_teams) = (ticket.is_multiple_of(7), ticket % 2 == 1);
    match queue {
        Queue::Open => !is_closed,
        Queue::Unanswered => !is_closed && !ticket.is_multiple_of(4),
        Queue::Answered => !is_closed && ticket.is_multiple_of(4),
        Queue::Overdue => !is_closed && ticket.is_multiple_of(5),
        Queue::Mine => !is_closed && (is_adas || is_teams),
        Queue::AssignedToMe => !is_closed && is_adas,
        Queue::AssignedToTeams => !is_closed && is_teams,
        Queue::Closed | Queue::ClosedIn(Period::Quarter | Period::Year) => is_closed,
        Queue::ClosedIn(Period::Today) => is_closed && day == TODAY,
        Queue::ClosedIn(Period::Yesterday) => is_closed && day == TODAY - 1,
        Queue::ClosedIn(Period::Week) => is_closed && day >= TODAY - 4,
        Queue::ClosedIn(Period::Month) => is_closed && day >= 31,
    }
}

/// Where a ticket comes in the order of a queue.
fn rank(queue: Queue, ticket: usize) -> (usize, usize) {
    match queue {
        Queue::ClosedIn(_) => (ticket * 5 % (TODAY + 1), ticket),
        _ => (0, ticket),
    }
}

proptest! {
    #![proptest_config(config(2))]

    #[test]
    fn a_statement_finds_them_among_ten_thousand_realms_too(case in case(10_000)) {
        prop_assert_eq!(found(&case.world(0)), case.walked());
    }
}

#[test]
fn what_happens_in_one_realm_changes_no_byte_of_what_another_lists() {
    let world = parent();
    let mut sp3 = agent(&world, "SP3");
    let mut look = || {
        let queues = ["open", "overdue", "closed"];
        queues.map(|queue| sp3.get_json(&format!("/queues/{queue}")).text().to_owned())
    };
    let before = look();
    for realm in ["sp1", "c1a", "c2c", "p"] {
        world.ticket(realm, "Something new");
        assert_eq!(look(), before);
    }
    for sql in [
        "UPDATE ticket SET state = 'closed', closed_at = 1
          WHERE realm_id IN (SELECT realm_id FROM realm WHERE name IN ('SP1', 'C1A'))",
        "UPDATE ticket SET overdue_at = 1 WHERE state = 'open' AND
          realm_id IN (SELECT realm_id FROM realm WHERE name IN ('C2C', 'P'))",
        "INSERT INTO restriction (tenant_id, realm_id, role_id)
         SELECT tenant_id, realm_id, 3 FROM realm WHERE name = 'SP1'",
        "INSERT INTO agent_grant (tenant_id, agent_id, realm_id)
         SELECT a.tenant_id, a.agent_id, r.realm_id FROM agent AS a, realm AS r
          WHERE a.email = 'agent@sp2.example' AND r.name = 'SP3'",
        "UPDATE realm SET path = path || 'a9' WHERE name = 'SP2'",
        "UPDATE realm SET name = 'Renamed' WHERE name = 'C1B'",
    ] {
        world.execute(sql);
        assert_eq!(look(), before, "{sql}");
    }
}
