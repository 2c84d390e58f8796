//! Teams, and who takes part: assigning, telling, listing.

use realmdesk_tests::World;
use serde_json::{Value, json};

use super::{acme, get, item, patch, permit, post, problem, tree, wrong};

/// A team of two, and somebody who leads it without being in it.
fn teamed() -> World {
    let world = acme();
    let scope = world.inside("acme");
    let batch = [
        ("bob", "Bob"),
        ("cat", "Cat"),
        ("lea", "Lea"),
        ("off", "Off"),
    ]
    .map(|(email, name)| {
        let (id, email) = (world.id(), format!("{email}@acme.example"));
        world.agent(&scope, &id, desk::blueprint::ROOT, &email, name)
    });
    world.write(&scope, batch.to_vec());
    world.execute(
        "INSERT INTO team (tenant_id, team_id, realm_id, name) VALUES (1, 5, 1, 'Printers');
         INSERT INTO team_member (tenant_id, team_id, agent_id)
         SELECT 1, 5, agent_id FROM agent WHERE name IN ('Bob', 'Cat', 'Off');
         UPDATE team SET lead_id = (SELECT agent_id FROM agent WHERE name = 'Lea');
         UPDATE agent SET is_active = 0 WHERE name = 'Off';",
    );
    world
}

fn change(world: &World, number: &str, body: &Value) -> realmdesk_tests::dispatch::Page {
    world.send(patch("acme", &format!("/tickets/{number}"), body))
}

fn told(world: &World) -> Vec<String> {
    let told = world.rows("SELECT to_name FROM outbox WHERE subject LIKE 'Ticket Assigned%'");
    world.execute("DELETE FROM outbox");
    let mut told = told;
    told.sort();
    told
}

fn set(world: &World, key: &str, value: &str) {
    world.execute(&format!(
        "INSERT INTO setting (tenant_id, realm_id, key, value) VALUES (1, 1, '{key}', '{value}')
         ON CONFLICT DO UPDATE SET value = excluded.value"
    ));
}

fn numbers(world: &World, realm: &str, query: &str) -> Vec<String> {
    let list = item(world, realm, &format!("/tickets?{query}"));
    let items = list["items"].as_array().unwrap().iter();
    items
        .map(|it| it["subject"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_team_is_assigned_and_released_and_read() {
    let world = teamed();
    let number = world.ticket("acme", "Printer on fire");
    world.meter.take_trips();
    let page = change(&world, &number, &json!({ "team": 5 }));
    assert_eq!((page.status, world.meter.take_trips()), (200, 2));
    assert_eq!(page.json()["team"], json!({ "id": 5, "name": "Printers" }));
    let list = item(&world, "acme", "/tickets");
    assert_eq!(list["items"][0]["team"], "Printers");
    let both = json!({ "team": null, "assignee": "bob@acme.example" });
    let page = change(&world, &number, &both);
    assert!(page.json()["team"].is_null());
    assert_eq!(page.json()["assignee"]["name"], "Bob");
    let mut kinds = world.rows("SELECT kind FROM event WHERE kind <> 'created'");
    kinds.sort();
    assert_eq!(kinds, ["assigned", "assigned", "released"]);
    let version = world.number("SELECT version FROM ticket");
    assert_eq!(
        change(&world, &number, &json!({ "team": null })).status,
        200
    );
    assert_eq!(world.number("SELECT version FROM ticket"), version);
}

#[test]
fn al_1_15_a_team_is_told_as_the_settings_say() {
    let world = teamed();
    let number = world.ticket("acme", "Printer on fire");
    world.execute("DELETE FROM outbox");
    let assign = |team: &Value| {
        let page = change(&world, &number, &json!({ "team": team }));
        assert_eq!(page.status, 200, "{}", page.text());
        told(&world)
    };
    assert_eq!(assign(&json!(5)), [""; 0], "osTicket's defaults");
    set(&world, "assigned_alert_team_members", "1");
    assert_eq!(assign(&json!(5)), [""; 0], "it is theirs already");
    assert_eq!(assign(&Value::Null), [""; 0]);
    assert_eq!(assign(&json!(5)), ["Bob", "Cat"], "those who work");
    set(&world, "assigned_alert_team_lead", "1");
    assign(&Value::Null);
    assert_eq!(assign(&json!(5)), ["Bob", "Cat", "Lea"]);
    set(&world, "assigned_alert_active", "0");
    assign(&Value::Null);
    assert_eq!(assign(&json!(5)), [""; 0]);
}

#[test]
fn a_team_is_not_told_of_what_an_agent_works() {
    let world = teamed();
    set(&world, "assigned_alert_team_members", "1");
    let number = world.ticket("acme", "Printer on fire");
    world.execute("DELETE FROM outbox");
    let both = json!({ "team": 5, "assignee": "bob@acme.example" });
    assert_eq!(change(&world, &number, &both).status, 200);
    assert_eq!(told(&world), ["Bob"]);
}

#[test]
fn t_58_a_team_out_of_sight_is_no_team() {
    let world = tree();
    world.execute(
        "INSERT INTO team (tenant_id, team_id, realm_id, name)
         SELECT 1, 50 + row_number() OVER (ORDER BY name), realm_id, name FROM realm
          WHERE tenant_id = 1 AND name IN ('P', 'SP1', 'SP3', 'C3A')",
    );
    let id = |name: &str| {
        world.number(&format!(
            "SELECT team_id FROM team WHERE name = '{name}' AND team_id > 50"
        ))
    };
    let number = world.ticket("sp3", "Printer on fire");
    let path = format!("/tickets/{number}");
    let assign = |team: i64| world.send(patch("sp3", &path, &json!({ "team": team })));
    let none = assign(999);
    assert_eq!(wrong(&none), ["/team"]);
    for foreign in ["P", "SP1"] {
        assert_eq!(assign(id(foreign)).text(), none.text(), "{foreign}");
    }
    assert_eq!(assign(id("C3A")).status, 200);
    let open = |team: i64| {
        let body = json!({
            "requester": { "email": "ana@example.com", "name": "Ana" },
            "subject": "Toner", "message": "Empty.", "team": team,
        });
        world.send(post("sp3", "/tickets", &body))
    };
    assert_eq!(wrong(&open(999)), ["/team"]);
    assert_eq!(open(id("P")).text(), open(999).text());
    permit(&world, "sp3", &["tickets:read"]);
    assert_eq!(problem(&open(id("SP3"))), (403, "forbidden".to_owned()));
    permit(&world, "sp3", &["tickets:read", "tickets:write"]);
    let page = open(id("SP3"));
    assert_eq!(page.status, 201, "{}", page.text());
    assert_eq!(
        numbers(&world, "sp3", &format!("team={}", id("SP3"))),
        ["Toner"]
    );
    assert_eq!(
        numbers(&world, "sp1", &format!("team={}", id("SP3"))),
        [""; 0]
    );
}

#[test]
fn tickets_are_listed_by_their_team_page_by_page() {
    let world = teamed();
    for subject in ["one", "two", "three"] {
        world.turn(1000);
        let number = world.ticket("acme", subject);
        if subject != "two" {
            change(&world, &number, &json!({ "team": 5 }));
        }
    }
    assert_eq!(numbers(&world, "acme", "team=5"), ["three", "one"]);
    assert_eq!(
        numbers(&world, "acme", "team=5&sort=oldest"),
        ["one", "three"]
    );
    assert_eq!(numbers(&world, "acme", "team=6"), [""; 0]);
    let page = item(&world, "acme", "/tickets?team=5&limit=1");
    let next = page["next"]
        .as_str()
        .unwrap()
        .strip_prefix("/api/v1")
        .unwrap();
    assert_eq!(item(&world, "acme", next)["items"][0]["subject"], "one");
    let closed = world.send(get("acme", "/tickets?team=5&queue=closed"));
    assert_eq!(wrong(&closed), ["?team"]);
}

#[test]
fn tickets_are_listed_by_who_takes_part() {
    let world = teamed();
    let kay = world
        .user("acme.localhost", "kay@acme.example", "Kay")
        .to_string();
    for subject in ["one", "two", "three"] {
        world.turn(1000);
        let number = world.ticket("acme", subject);
        if subject != "two" {
            let body = json!({ "user": kay, "active": subject == "one" });
            let path = format!("/tickets/{number}/collaborators");
            assert_eq!(world.send(post("acme", &path, &body)).status, 201);
        }
        if subject == "one" {
            change(&world, &number, &json!({ "status": "closed" }));
        }
    }
    let with = |more: &str| numbers(&world, "acme", &format!("collaborator={kay}{more}"));
    assert_eq!(with(""), ["three"]);
    assert_eq!(with("&queue=closed"), ["one"]);
    let nobody = world.id();
    assert_eq!(
        numbers(&world, "acme", &format!("collaborator={nobody}")),
        [""; 0]
    );
    for (query, field) in [
        ("collaborator=kay", "?collaborator"),
        (&*format!("collaborator={kay}&team=5"), "?collaborator"),
    ] {
        let page = world.send(get("acme", &format!("/tickets?{query}")));
        assert_eq!(wrong(&page), [field], "{query}");
    }
}

#[test]
fn t_58_who_takes_part_is_listed_within_sight_alone() {
    let world = tree();
    let number = world.ticket("sp1", "Printer on fire");
    let user = world.rows("SELECT user_id FROM ticket").concat();
    world.execute(
        "INSERT INTO collaborator (tenant_id, ticket_id, user_id, realm_id, is_active, created_at)
         SELECT tenant_id, ticket_id, user_id, realm_id, 1, created_at FROM ticket",
    );
    let query = format!("collaborator={user}");
    assert_eq!(numbers(&world, "sp1", &query).len(), 1, "{number}");
    assert_eq!(numbers(&world, "p", &query).len(), 1);
    assert_eq!(numbers(&world, "sp3", &query), [""; 0]);
}
