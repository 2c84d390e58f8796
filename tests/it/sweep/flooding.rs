//! An address that somebody else types into forms is not flooded, whichever tenants they are of.

use desk::outbox::MOST_A_DAY;
use realmdesk_tests::world::ticket_call;
use realmdesk_tests::{DAY, MINUTE, World};
use serde_json::json;

fn both() -> World {
    World::new().tenant("acme").tenant("globex")
}

/// Opens tickets at both tenants in somebody's name.
fn open(world: &World, tickets: i64) {
    for ticket in 0..tickets {
        let tenant = ["acme", "globex"][usize::from(ticket % 2 == 1)];
        let fields = json!({ "email": "victim@example.com", "name": "Buy now at evil.example" });
        assert_eq!(world.send(ticket_call(tenant, &fields)).status, 201);
    }
    world.turn(MINUTE);
    world.sweep();
}

/// How many letters to the address are in each state.
fn states(world: &World) -> Vec<String> {
    world.rows(
        "SELECT state, count(*) FROM outbox WHERE to_address = 'victim@example.com'
          GROUP BY state ORDER BY state",
    )
}

#[test]
fn u_32_an_address_that_nobody_proved_gets_so_many_letters_a_day_from_all_tenants() {
    let world = both();
    open(&world, MOST_A_DAY + 3);
    assert_eq!(
        states(&world),
        ["dead|3".to_owned(), format!("sent|{MOST_A_DAY}")]
    );
    open(&world, 2);
    assert_eq!(states(&world)[0], "dead|5");
    let others = "SELECT count(*) FROM outbox
                   WHERE to_address <> 'victim@example.com' AND state <> 'sent'";
    assert_eq!(world.number(others), 0, "agents hear of every ticket");
    assert_eq!(world.number("SELECT count(*) FROM ticket"), MOST_A_DAY + 5);
    let why = world.rows("SELECT DISTINCT last_error FROM outbox WHERE state = 'dead'");
    assert!(why[0].contains("nobody has proved"), "{why:?}");
    world.turn(DAY);
    open(&world, 1);
    assert_eq!(
        states(&world),
        ["dead|5".to_owned(), format!("sent|{}", MOST_A_DAY + 1)]
    );
    assert_eq!(world.rows("SELECT letters FROM recipient_budget"), ["1"]);
}

#[test]
fn whoever_has_proved_their_address_is_told_of_every_ticket() {
    let world = both();
    open(&world, 1);
    world.execute("UPDATE user SET link_epoch = 2 WHERE tenant_id = 1");
    for _ in 0..=MOST_A_DAY {
        let fields = json!({ "email": "victim@example.com" });
        assert_eq!(world.send(ticket_call("acme", &fields)).status, 201);
    }
    world.turn(MINUTE);
    world.sweep();
    assert_eq!(states(&world), [format!("sent|{}", MOST_A_DAY + 2)]);
}

#[test]
fn nobody_is_kept_from_signing_in_by_tickets_in_their_name() {
    let world = both();
    open(&world, MOST_A_DAY + 1);
    let victim = world.browser("acme.localhost");
    let mut victim = victim.signed_in_by_mail("victim@example.com");
    assert_eq!(victim.get("/tickets").status, 200);
}

#[test]
fn what_agents_write_always_goes_out() {
    let world = both();
    world.execute("UPDATE api_key SET permissions = '[\"tickets:write\"]'");
    open(&world, MOST_A_DAY + 1);
    let number = world
        .rows("SELECT number FROM ticket WHERE tenant_id = 1 LIMIT 1")
        .concat();
    let reply = realmdesk_tests::Call::post(&format!("/api/v1/tickets/{number}/replies"));
    let reply = reply.header("x-api-key", "acme-key");
    assert_eq!(
        world
            .send(reply.body(r#"{ "body": "We are on it." }"#))
            .status,
        201
    );
    world.turn(MINUTE);
    world.sweep();
    assert_eq!(
        states(&world),
        ["dead|1".to_owned(), format!("sent|{}", MOST_A_DAY + 1)]
    );
}
