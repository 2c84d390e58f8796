//! What changes between the two reads of one page: nobody sees more than before or after.

use std::task::Poll;

use realmdesk_tests::{Call, Page, World, task};
use tenancy::token::{SessionClaims, Signer};
use tenancy::{Id, TenantId};

use super::parent;

/// The queue as an agent's browser asks for it.
fn call(world: &World, email: &str) -> Call {
    let found = world.rows(&format!(
        "SELECT tenant_id, agent_id FROM agent WHERE email = '{email}'"
    ));
    let (tenant, agent) = found[0].split_once('|').unwrap();
    let claims = SessionClaims {
        tenant: TenantId(tenant.parse().unwrap()),
        agent: Id::parse(agent).unwrap(),
        epoch: 1,
    };
    let signer = Signer::new("a session secret of thirty-two bytes");
    let session = signer.session(&claims, world.now());
    Call::get("/queues/open")
        .to("p.localhost:8787")
        .header("accept", "application/json")
        .header("cookie", &format!("__Host-session={session}"))
}

/// The page of somebody for whom this happens just before what they see is read.
fn meanwhile(world: &World, email: &str, sql: &str) -> Page {
    let call = call(world, email);
    world.meter.go_stepwise();
    let mut page = world.start(call);
    for _ in 0..2 {
        assert!(task::poll(&mut page).is_pending());
    }
    world.execute(sql);
    loop {
        if let Poll::Ready(page) = task::poll(&mut page) {
            return page;
        }
    }
}

fn subjects(page: &Page) -> Vec<String> {
    let page = page.json();
    let tickets = page["tickets"].as_array().unwrap().iter().rev();
    let subjects = tickets.map(|ticket| ticket["subject"].as_str().unwrap().to_owned());
    subjects.collect()
}

/// Moves SP1 with all below it to where nobody was.
const MOVE_SP1: &str = "UPDATE realm SET path = 'a0az' || substr(path, length('a0a0') + 1)
                         WHERE tenant_id = 1 AND path >= 'a0a0' AND path < 'a0a0~'";

#[test]
fn t_16_a_closed_realm_that_moves_meanwhile_stays_closed() {
    let world = parent();
    world.execute(
        "INSERT INTO restriction (tenant_id, realm_id, role_id)
         SELECT tenant_id, realm_id, 3 FROM realm WHERE name = 'SP1'",
    );
    assert_eq!(
        world.rows("SELECT path FROM realm WHERE name = 'SP1'"),
        ["a0a0"]
    );
    let page = meanwhile(&world, "agent@p.example", MOVE_SP1);
    assert_eq!(
        world.rows("SELECT path FROM realm WHERE name = 'SP1'"),
        ["a0az"]
    );
    assert_eq!(subjects(&page), ["P", "SP2", "SP3", "C2C", "C2D", "C3A"]);
    assert_eq!(page.json()["counts"]["open"], 6);
}

#[test]
fn t_16_an_agent_whose_realm_moves_meanwhile_sees_it_where_it_is() {
    let world = parent();
    let page = meanwhile(&world, "agent@sp1.example", MOVE_SP1);
    assert_eq!(subjects(&page), ["SP1", "C1A", "C1B", "C1Bi"]);
}

#[test]
fn t_8_a_grant_that_ends_meanwhile_shows_nothing_any_more() {
    let world = parent();
    world.execute(
        "INSERT INTO agent_grant (tenant_id, agent_id, realm_id)
         SELECT a.tenant_id, a.agent_id, r.realm_id FROM agent AS a, realm AS r
          WHERE a.email = 'agent@sp3.example' AND r.name = 'C1B'",
    );
    let page = meanwhile(&world, "agent@sp3.example", "DELETE FROM agent_grant");
    assert_eq!(subjects(&page), ["SP3", "C3A"]);
}

#[test]
fn an_agent_who_is_deleted_meanwhile_sees_nothing() {
    let world = parent();
    let gone = "DELETE FROM department_member; DELETE FROM agent
                 WHERE email = 'agent@sp2.example'";
    let page = meanwhile(&world, "agent@sp2.example", gone);
    assert_eq!(subjects(&page), [""; 0]);
}
