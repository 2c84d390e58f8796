//! `POST /api/tasks/cron`: the scheduled work of one tenant, started by a program.

use realmdesk_tests::dispatch::{Call, Page};
use realmdesk_tests::{DAY, World};

use super::{set_key, told};

fn cron(world: &World, key: &str) -> Page {
    world.send(Call::post("/api/tasks/cron").header("x-api-key", key))
}

#[test]
fn a_key_that_may_starts_what_the_sweep_does_for_its_own_tenant() {
    let world = World::new().tenant("acme").tenant("globex");
    set_key(&world, "acme-key", "can_run_cron = 1");
    world.ticket("acme", "Printer on fire");
    world.ticket("globex", "Rocket on fire");
    world.turn(DAY);
    assert_eq!(told(&cron(&world, "acme-key")), (200, "Completed"));
    let overdue = "SELECT subject FROM ticket WHERE overdue_at IS NOT NULL";
    assert_eq!(world.rows(overdue), ["Printer on fire"]);
    let sent = "SELECT DISTINCT tenant_id FROM outbox WHERE state = 'sent'";
    assert_eq!(world.rows(sent), ["1"]);
    let queued = "SELECT count(*) FROM outbox WHERE state = 'queued' AND tenant_id = 1";
    assert_eq!(world.number(queued), 0);
    let alerts = "SELECT count(*) FROM event WHERE kind = 'overdue'";
    assert_eq!(world.number(alerts), 1);
    assert_eq!(told(&cron(&world, "acme-key")), (200, "Completed"));
    assert_eq!(world.number(alerts), 1, "nobody is told twice");
}

#[test]
fn a_key_that_may_not_starts_nothing() {
    let world = World::new().tenant("acme");
    world.ticket("acme", "Printer on fire");
    world.turn(DAY);
    assert_eq!(
        told(&cron(&world, "acme-key")),
        (401, "API key not authorized")
    );
    assert_eq!(
        told(&cron(&world, "no-key")),
        (401, "Valid API key required")
    );
    set_key(&world, "acme-key", "can_run_cron = 1, is_active = 0");
    let inactive = "API key not found/active or source IP not authorized";
    assert_eq!(told(&cron(&world, "acme-key")), (401, inactive));
    let overdue = "SELECT count(*) FROM ticket WHERE overdue_at IS NOT NULL";
    assert_eq!(world.number(overdue), 0);
}

#[test]
fn a_key_for_the_work_alone_opens_no_ticket() {
    let world = World::new().tenant("acme");
    set_key(
        &world,
        "acme-key",
        "can_run_cron = 1, can_create_tickets = 0",
    );
    assert_eq!(cron(&world, "acme-key").status, 200);
    for path in [
        "/api/tickets.json",
        "/api/tickets.xml",
        "/api/tickets.email",
    ] {
        let call = Call::post(path)
            .header("x-api-key", "acme-key")
            .body("From: a@b.example");
        assert_eq!(
            told(&world.send(call)),
            (401, "API key not authorized"),
            "{path}"
        );
    }
}
