//! Statuses of tickets: what they are given, what comes of it, and what a message does (FO-7).

use realmdesk_tests::browser::mailed_link;
use realmdesk_tests::dispatch::{Call, Page};
use realmdesk_tests::{Browser, SECOND, World};
use serde_json::{Value, json};

use super::{acme, item, patch, permit, problem, read, wrong};

fn change(world: &World, number: &str, status: &Value) -> Page {
    world.turn(SECOND);
    let body = json!({ "status": status });
    world.send(patch("acme", &format!("/tickets/{number}"), &body))
}

/// State, shelf and status as they are stored.
fn stored(world: &World) -> String {
    world
        .rows("SELECT state, shelf, status_id FROM ticket")
        .remove(0)
}

/// How many tickets the lists and the counters of agents and users know of: open, then closed.
fn counted(world: &World) -> [i64; 4] {
    [
        "SELECT sum(open_tickets) FROM realm",
        "SELECT sum(closed_tickets) FROM realm",
        "SELECT open_tickets * 10 + closed_tickets FROM tenant_count",
        "SELECT coalesce(sum(tickets * iif(state = 'open', 10, 1)), 0) FROM user_count",
    ]
    .map(|sql| world.number(sql))
}

fn ana(world: &World) -> (Browser<'_>, String) {
    world.sweep();
    let link = mailed_link(world, "acme.localhost", "ana@example.com", "access=").unwrap();
    let mut ana = world.browser("acme.localhost");
    let page = ana.visit(&link);
    assert_eq!(page.status, 200);
    (ana, link)
}

#[test]
fn fo_7_a_status_is_given_by_its_id_or_its_name_and_shown() {
    let world = acme();
    let number = world.ticket("acme", "Printer on fire");
    let before = item(&world, "acme", &format!("/tickets/{number}"));
    assert_eq!(before["named_status"], json!({ "id": 1, "name": "Open" }));
    let page = change(&world, &number, &json!("resolved"));
    assert_eq!(page.status, 200, "{}", page.text());
    let ticket = page.json();
    assert_eq!(
        (&ticket["status"], &ticket["named_status"]["name"]),
        (&json!("closed"), &json!("Resolved"))
    );
    assert_eq!(stored(&world), "closed|NULL|2");
    assert_eq!(counted(&world), [0, 1, 1, 1]);
    assert_eq!(
        change(&world, &number, &json!(3)).json()["named_status"]["name"],
        "Closed"
    );
    assert_eq!(
        stored(&world),
        "closed|NULL|NULL",
        "the one that every tenant has"
    );
    assert_eq!(
        change(&world, &number, &json!("open")).json()["status"],
        "open"
    );
    world.execute("INSERT INTO ticket_status (tenant_id, status_id, name, state) VALUES (1, 6, 'Waiting for <you>', 'open')");
    let waiting = change(&world, &number, &json!("waiting for <you>"));
    assert_eq!(waiting.json()["status"], "open");
    assert_eq!(stored(&world), "open|NULL|6");
    let (mut ana, link) = ana(&world);
    assert!(
        ana.visit(&link)
            .text()
            .contains("Waiting for &#60;you&#62;")
    );
    let mut ada = world
        .browser("acme.localhost")
        .signed_in("ada@acme.example");
    let page = ada.get(&format!("/queues/tickets/{number}"));
    assert!(page.text().contains("Waiting for &#60;you&#62;"));
    let told = world.rows("SELECT kind FROM event WHERE kind <> 'created' ORDER BY event_id");
    assert_eq!(told, ["closed", "edited", "reopened", "edited"]);
}

#[test]
fn what_is_no_status_changes_nothing() {
    let world = acme();
    let number = world.ticket("acme", "Printer on fire");
    world.execute("UPDATE ticket_status SET is_active = 0 WHERE status_id = 2");
    for by in [
        json!("gone"),
        json!(99),
        json!(""),
        json!("resolved"),
        json!(2),
    ] {
        let page = change(&world, &number, &by);
        assert_eq!(wrong(&page), ["/status"], "{by}");
    }
    for by in [json!(null), json!(true), json!({ "id": 1 })] {
        assert_eq!(change(&world, &number, &by).status, 422, "{by}");
    }
    assert_eq!(stored(&world), "open|NULL|NULL");
    // It takes a permission of its own to delete tickets.
    assert_eq!(problem(&change(&world, &number, &json!("Deleted"))).0, 403);
    permit(&world, "acme", &["tickets:read"]);
    assert_eq!(change(&world, &number, &json!("Closed")).status, 403);
}

#[test]
fn fo_7_an_archived_ticket_is_in_no_list_and_found_by_its_number() {
    let world = acme();
    let number = world.ticket("acme", "Printer on fire");
    let other = world.ticket("acme", "Toner");
    for from in ["open", "closed"] {
        assert_eq!(change(&world, &number, &json!(from)).status, 200);
        let page = change(&world, &number, &json!("archived"));
        assert_eq!(page.json()["named_status"]["name"], "Archived");
        assert_eq!(counted(&world), [1, 0, 10, 10], "from {from}");
        let mut ada = world
            .browser("acme.localhost")
            .signed_in("ada@acme.example");
        for queue in ["open", "closed", "closed-today"] {
            let page = ada.get(&format!("/queues/{queue}"));
            assert!(!page.text().contains("Printer on fire"), "{queue}");
        }
        assert_eq!(ada.get(&format!("/queues/tickets/{number}")).status, 200);
    }
    let mut user = world
        .browser("acme.localhost")
        .signed_in_by_mail("ana@example.com");
    for state in ["open", "closed"] {
        let page = user.get(&format!("/tickets?state={state}"));
        assert!(!page.text().contains("Printer on fire"), "{state}");
    }
    assert!(user.get("/tickets").text().contains("Toner"), "{other}");
    let page = user.get(&format!("/tickets/{number}"));
    assert!(page.text().contains("Archived"));
}

#[test]
fn fo_7_a_deleted_ticket_answers_like_none() {
    let world = acme();
    let number = world.ticket("acme", "Printer on fire");
    let (mut ana, link) = ana(&world);
    change(&world, &number, &json!("closed"));
    world.execute("UPDATE ticket SET shelf = 'deleted'");
    assert_eq!(counted(&world), [0, 0, 0, 0]);
    let gone = ana.visit(&link);
    let none = ana.visit(&link.replace(&number, "000000"));
    assert_eq!((gone.status, gone.status), (404, none.status));
    assert_eq!(
        gone.text().replace(&number, ""),
        none.text().replace("000000", "")
    );
    assert_eq!(
        read(&world, "acme", &format!("/tickets/{number}")).status,
        404
    );
    assert_eq!(
        read(&world, "acme", &format!("/tickets/{number}/entries")).status,
        404
    );
    let mut ada = world
        .browser("acme.localhost")
        .signed_in("ada@acme.example");
    assert_eq!(ada.get(&format!("/queues/tickets/{number}")).status, 404);
    // A mail that answers it opens another.
    let mail = format!(
        "From: ana@example.com\r\nTo: help@acme.example\r\nSubject: Re: [#{number}] Fire\r\n\
         Message-ID: <again@acme.example>\r\n\r\nStill burning.\r\n"
    );
    let call = Call::post("/mail/raw?to=help@acme.example");
    let call = call
        .header("authorization", "Bearer acme-secret")
        .body(mail);
    assert!(world.send(call).status < 300);
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 2);
    assert_eq!(counted(&world)[0], 1);
}

#[test]
fn fo_7_a_message_reopens_a_ticket_as_its_status_says() {
    let world = acme();
    let number = world.ticket("acme", "Printer on fire");
    let (mut ana, link) = ana(&world);
    world.execute(
        "INSERT INTO ticket_status (tenant_id, status_id, name, state)
         VALUES (1, 6, 'Back again', 'open');
         UPDATE ticket_status SET reopen_status_id = 6 WHERE status_id = 2;
         UPDATE ticket_status SET can_reopen = 0 WHERE status_id = 3",
    );
    let path = link.split(['?']).next().unwrap().to_owned();
    let mut write = |text: &str| {
        let page = ana.get(&path);
        let action = format!("/tickets/{number}/message");
        let form = realmdesk_tests::html::form(page.text(), &action).unwrap();
        assert_eq!(ana.send_form(&form, &[("message", text)]).status, 303);
    };
    change(&world, &number, &json!("resolved"));
    write("Again!");
    assert_eq!(stored(&world), "open|NULL|6");
    change(&world, &number, &json!("closed"));
    write("And again!");
    assert_eq!(
        stored(&world),
        "closed|NULL|NULL",
        "it stays closed, and has the message"
    );
    assert_eq!(
        world.number("SELECT count(*) FROM entry WHERE kind = 'message'"),
        3
    );
    change(&world, &number, &json!("archived"));
    write("Once more!");
    assert_eq!(stored(&world), "open|NULL|NULL");
    assert_eq!(counted(&world), [1, 0, 10, 10]);
}

#[test]
fn fo_7_tenants_have_statuses_of_their_own() {
    let world = World::new().tenant("acme").tenant("globex");
    permit(&world, "acme", &super::ALL);
    let number = world.ticket("acme", "Printer on fire");
    world.execute("INSERT INTO ticket_status (tenant_id, status_id, name, state) VALUES (2, 6, 'Theirs', 'closed')");
    for by in [json!(6), json!("Theirs")] {
        assert_eq!(wrong(&change(&world, &number, &by)), ["/status"]);
    }
    assert_eq!(
        world.number("SELECT count(*) FROM ticket_status WHERE tenant_id = 2"),
        6
    );
}
