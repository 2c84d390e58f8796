//! Changing tickets.

use realmdesk_tests::dispatch::Page;
use realmdesk_tests::task::{in_every_order, interleave};
use realmdesk_tests::{HOUR, World};
use serde_json::{Value, json};

use super::{acme, item, patch, permit, problem, read, tree, wrong};

fn change(world: &World, realm: &str, number: &str, body: &Value) -> Page {
    world.send(patch(realm, &format!("/tickets/{number}"), body))
}

fn events(world: &World) -> Vec<String> {
    world.rows("SELECT kind FROM event WHERE kind <> 'created' ORDER BY event_id, kind")
}

#[test]
fn everything_is_changed_at_once_in_two_round_trips() {
    let world = acme();
    let number = world.ticket("acme", "Printer on fire");
    let wanted = json!({
        "priority": "emergency", "assignee": "Ada@acme.example", "topic": 1,
        "due_at": "2026-12-24T18:00:00+01:00", "status": "closed",
    });
    world.meter.take_trips();
    let page = change(&world, "acme", &number, &wanted);
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(world.meter.take_trips(), 2);
    let ticket = page.json();
    assert_eq!(ticket["priority"], "emergency");
    assert_eq!(ticket["assignee"]["name"], "Ada Byron");
    assert_eq!(ticket["topic"]["id"], 1);
    assert_eq!(ticket["due_at"], "2026-12-24T17:00:00Z");
    assert_eq!(ticket["status"], "closed");
    assert_eq!(ticket["closed_at"], ticket["updated_at"]);
    let now = read(&world, "acme", &format!("/tickets/{number}"));
    assert_eq!(now.text(), page.text());
    assert_eq!(now.header("etag"), page.header("etag"));
    let mut told = events(&world);
    told.sort();
    assert_eq!(told, ["assigned", "closed", "edited"]);
    assert_eq!(world.number("SELECT version FROM ticket"), 2);
}

#[test]
fn what_is_left_out_stays_and_null_takes_away() {
    let world = acme();
    let number = world.ticket("acme", "Printer on fire");
    let given = json!({ "assignee": "ada@acme.example", "topic": 1 });
    change(&world, "acme", &number, &given);
    let page = change(&world, "acme", &number, &json!({ "priority": "low" }));
    assert_eq!(page.json()["assignee"]["name"], "Ada Byron");
    let taken = json!({ "assignee": null, "topic": null, "due_at": null });
    let ticket = change(&world, "acme", &number, &taken).json();
    for field in ["assignee", "topic", "due_at"] {
        assert!(ticket[field].is_null(), "{field}");
    }
    assert_eq!(ticket["priority"], "low");
}

#[test]
fn nothing_to_change_changes_nothing() {
    let world = acme();
    let number = world.ticket("acme", "Printer on fire");
    let before = read(&world, "acme", &format!("/tickets/{number}"));
    for nothing in [
        json!({}),
        json!({ "status": "open" }),
        json!({ "assignee": null }),
    ] {
        let page = change(&world, "acme", &number, &nothing);
        assert_eq!((page.status, page.text()), (200, before.text()));
    }
    assert_eq!(events(&world), [""; 0]);
    assert_eq!(world.number("SELECT version FROM ticket"), 1);
}

#[test]
fn a_change_says_what_it_was_decided_on() {
    let world = acme();
    let number = world.ticket("acme", "Printer on fire");
    let path = format!("/tickets/{number}");
    let tag = read(&world, "acme", &path).header("etag").to_owned();
    let with = |condition: Option<&str>, priority: &str| {
        let call = realmdesk_tests::Call::new("PATCH".parse().unwrap(), &format!("/api/v1{path}"))
            .header("x-api-key", "acme-key")
            .body(json!({ "priority": priority }).to_string());
        let call = match condition {
            Some(tag) => call.header("if-match", tag),
            None => call,
        };
        world.send(call)
    };
    assert_eq!(
        problem(&with(None, "high")),
        (428, "condition-needed".to_owned())
    );
    let first = with(Some(&format!("\"x\", {tag}")), "high");
    assert_eq!(first.status, 200);
    assert_eq!(problem(&with(Some(&tag), "low")), (412, "stale".to_owned()));
    assert_eq!(with(Some(first.header("etag")), "low").status, 200);
    assert_eq!(with(Some("*"), "high").status, 200);
}

#[test]
fn of_two_at_once_one_is_told_that_it_is_late() {
    in_every_order(8, |order| {
        let world = acme();
        let number = world.ticket("acme", "Printer on fire");
        let call = |priority: &str| {
            let body = json!({ "priority": priority });
            world.start(patch("acme", &format!("/tickets/{number}"), &body))
        };
        let pages = {
            world.meter.go_stepwise();
            interleave(order, [call("high"), call("low")])
        };
        let done = pages.iter().filter(|page| page.status == 200).count();
        let late = pages.iter().filter(|page| page.status == 412).count();
        assert_eq!(done + late, 2, "{order:?}");
        assert!(done > 0, "{order:?}");
        assert_eq!(
            world.number("SELECT version FROM ticket"),
            1 + i64::try_from(done).unwrap()
        );
    });
}

#[test]
fn a_ticket_is_closed_and_opened_again_with_a_new_due_time_and_the_counters_stay_true() {
    let world = acme();
    let number = world.ticket("acme", "Printer on fire");
    let counters = || world.rows("SELECT open_tickets, closed_tickets FROM tenant_count");
    change(&world, "acme", &number, &json!({ "status": "closed" }));
    assert_eq!(counters(), ["0|1"]);
    world.turn(HOUR);
    let ticket = change(&world, "acme", &number, &json!({ "status": "open" })).json();
    assert_eq!(counters(), ["1|0"]);
    assert!(ticket["closed_at"].is_null());
    let hours = "SELECT (due_at - updated_at) / 3600000 = (SELECT grace_hours FROM sla_plan AS s
                   WHERE s.sla_plan_id = t.sla_plan_id) FROM ticket AS t";
    assert_eq!(world.number(hours), 1);
    assert_eq!(events(&world), ["closed", "reopened"]);
}

#[test]
fn a_new_due_time_ends_being_overdue() {
    let world = acme();
    let number = world.ticket("acme", "Printer on fire");
    world.execute("UPDATE ticket SET overdue_at = 1");
    let later = json!({ "due_at": "2030-01-01T00:00:00Z" });
    assert_eq!(
        change(&world, "acme", &number, &later).json()["overdue"],
        false
    );
    assert_eq!(world.number("SELECT overdue_tickets FROM tenant_count"), 0);
}

#[test]
fn what_is_no_choice_is_refused_and_nothing_is_written() {
    let world = acme();
    let number = world.ticket("acme", "Printer on fire");
    let rows = [
        (json!({ "department": 4711 }), "/department"),
        (json!({ "assignee": "nobody@acme.example" }), "/assignee"),
        (json!({ "topic": 4711 }), "/topic"),
        (json!({ "due_at": "tomorrow" }), "/due_at"),
        (json!({ "due_at": "2020-01-01T00:00:00Z" }), "/due_at"),
        (json!({ "priority": "urgent" }), ""),
        (json!({ "status": "open", "colour": "red" }), ""),
    ];
    for (body, pointer) in rows {
        let page = change(&world, "acme", &number, &body);
        assert_eq!(wrong(&page), [pointer], "{body}");
    }
    world.execute("UPDATE agent SET is_active = 0");
    let page = change(
        &world,
        "acme",
        &number,
        &json!({ "assignee": "ada@acme.example" }),
    );
    assert_eq!(wrong(&page), ["/assignee"]);
    assert_eq!(world.number("SELECT version FROM ticket"), 1);
}

#[test]
fn t_32_nobody_out_of_sight_is_assigned_and_it_is_not_told_that_they_exist() {
    let world = tree();
    let number = world.ticket("sp3", "Printer on fire");
    let assign = |agent: &str| {
        let body = json!({ "assignee": format!("agent@{agent}.example") });
        change(&world, "sp3", &number, &body)
    };
    let nobody = assign("nobody").text().to_owned();
    for foreign in ["p", "sp1"] {
        assert_eq!(assign(foreign).text(), nobody, "{foreign}");
    }
    assert_eq!(assign("c3a").status, 200);
}

#[test]
fn t_31_t_18_a_transfer_that_takes_the_ticket_out_of_sight_answers_without_it() {
    let world = tree();
    let number = world.ticket("sp3", "Printer on fire");
    world.execute(
        "INSERT INTO separation (tenant_id, table_name, direction, realm_from)
         VALUES (1, 'ticket', 'down', 'department')
         ON CONFLICT DO UPDATE SET realm_from = 'department';
         INSERT INTO department (tenant_id, department_id, realm_id, name)
         SELECT tenant_id, 92, realm_id, 'Desk' FROM realm WHERE name = 'SP1'",
    );
    let unseen = change(&world, "sp3", &number, &json!({ "department": 92 }));
    assert_eq!(wrong(&unseen), ["/department"]);
    world.execute(
        "INSERT INTO department (tenant_id, department_id, realm_id, name)
         SELECT tenant_id, 91, realm_id, 'Second level' FROM realm WHERE name = 'P'",
    );
    let page = change(&world, "sp3", &number, &json!({ "department": 91 }));
    assert_eq!((page.status, page.text()), (204, ""));
    assert_eq!(
        read(&world, "sp3", &format!("/tickets/{number}")).status,
        404
    );
    let ticket = item(&world, "p", &format!("/tickets/{number}"));
    assert_eq!(ticket["department"]["id"], 91);
    assert_eq!(ticket["realm"]["name"], "P");
}

#[test]
fn a_key_that_may_only_write_is_not_shown_what_it_wrote() {
    let world = acme();
    let number = world.ticket("acme", "Printer on fire");
    permit(&world, "acme", &["tickets:write"]);
    let page = change(&world, "acme", &number, &json!({ "priority": "high" }));
    assert_eq!((page.status, page.text()), (204, ""));
    assert_eq!(world.number("SELECT priority FROM ticket"), 3);
}

#[test]
fn t_61_t_72_a_ticket_out_of_sight_is_not_changed() {
    let world = tree();
    let number = world.ticket("sp1", "Printer on fire");
    let body = json!({ "priority": "high" });
    let foreign = change(&world, "sp3", &number, &body);
    assert_eq!(
        foreign.text(),
        change(&world, "sp3", "000000", &body).text()
    );
    assert_eq!(problem(&foreign), (404, "not-found".to_owned()));
    assert_eq!(world.number("SELECT priority FROM ticket"), 2);
}
