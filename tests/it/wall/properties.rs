//! The properties of tenancy.md 5.2, through SQL: random trees, grants, rules, restrictions and
//! selections are written to the database, looked up again, and what statements then find is held
//! against a walk of the tree.

use desk::queue::{self, Listing, Queue, Turn};
use proptest::prelude::*;
use realmdesk_tests::{World, task};
use tenancy::sight::{Standing, choices};
use tenancy::{Id, Scope, Table};

use super::trees::{case, id};
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

/// All open tickets, page by page from the newest, as the realms they are called after.
fn paged(world: &World, mut listing: Listing) -> Vec<(Id, i64)> {
    let scope = world.inside("acme");
    let sight = ada(world, &scope).sight(Table::Ticket);
    let mut all = Vec::new();
    loop {
        let read = task::run(scope.read((queue::page(&scope, &sight, &listing),))).unwrap();
        let page = queue::Page::new(&listing.turn, read.0);
        let rows = page.tickets.iter();
        all.extend(rows.map(|row| (row.id.clone(), row.subject.parse::<i64>().unwrap())));
        match page.tickets.last() {
            Some(last) if page.has_older => listing.turn = Turn::OlderThan(last.id.clone()),
            Some(_) | None => return all,
        }
    }
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
        for listing in listings() {
            let rows = paged(&world, listing);
            let realms: Vec<i64> = rows.iter().map(|(_, realm)| *realm).collect();
            prop_assert_eq!(&realms, &expected);
        }
        let scope = world.inside("acme");
        let sight = ada(&world, &scope).sight(Table::Ticket);
        let counts = task::run(scope.read((queue::counts(&scope, &sight),))).unwrap().0;
        prop_assert_eq!(usize::try_from(counts[0].open), Ok(expected.len()));
    }
}

proptest! {
    #![proptest_config(config(2))]

    #[test]
    fn a_statement_finds_them_among_ten_thousand_realms_too(case in case(10_000)) {
        prop_assert_eq!(found(&case.world(0)), case.walked());
    }
}

/// Every way to read the open queue from the newest ticket.
fn listings() -> Vec<Listing> {
    let first = Listing::all()
        .into_iter()
        .filter(|it| it.queue == Queue::Open);
    let mut listings: Vec<Listing> = first.collect();
    for listing in &mut listings {
        listing.turn = Turn::First;
    }
    listings
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
