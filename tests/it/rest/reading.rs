//! Reading tickets, their threads and their files.

use realmdesk_tests::World;
use realmdesk_tests::world::ticket_call;
use serde_json::json;

use super::{acme, get, item, listed, problem, read, tree};

#[test]
fn a_ticket_is_read_whole() {
    let world = acme();
    let number = world.ticket("acme", "Printer on fire");
    let ticket = item(&world, "acme", &format!("/tickets/{number}"));
    let read = |field: &str| ticket[field].clone();
    assert_eq!(read("number"), number);
    assert_eq!(read("subject"), "Printer on fire");
    assert_eq!(read("status"), "open");
    assert_eq!(read("priority"), "normal");
    assert_eq!(read("source"), "API");
    assert_eq!(read("realm"), json!({ "id": 1, "name": "Acme" }));
    assert_eq!(read("requester")["email"], "ana@example.com");
    assert_eq!(read("department"), json!({ "id": 1, "name": "Support" }));
    assert_eq!(read("assignee"), json!(null));
    assert_eq!(read("answered"), false);
    assert_eq!(read("overdue"), false);
    assert_eq!(read("created_at"), "2026-11-21T09:00:01Z");
}

#[test]
fn one_reading_is_told_from_another_by_its_tag() {
    let world = acme();
    let number = world.ticket("acme", "Printer on fire");
    let path = format!("/tickets/{number}");
    let first = read(&world, "acme", &path);
    let again = world.send(get("acme", &path).header("if-none-match", first.header("etag")));
    assert_eq!((again.status, again.text()), (304, ""));
    assert_eq!(again.header("etag"), first.header("etag"));
    world.execute("UPDATE ticket SET priority = 4");
    let changed = world.send(get("acme", &path).header("if-none-match", first.header("etag")));
    assert_eq!(changed.status, 200);
    assert_ne!(changed.header("etag"), first.header("etag"));
}

#[test]
fn reads_make_one_round_trip_and_lists_two() {
    let world = acme();
    let number = world.ticket("acme", "Printer on fire");
    let rows = [
        (format!("/tickets/{number}"), 1),
        (format!("/tickets/{number}/entries"), 1),
        ("/topics".to_owned(), 1),
        ("/tickets".to_owned(), 2),
        ("/users".to_owned(), 2),
        ("/organizations".to_owned(), 2),
    ];
    for (path, trips) in rows {
        world.meter.take_trips();
        item(&world, "acme", &path);
        assert_eq!(world.meter.take_trips(), trips, "{path}");
    }
}

#[test]
fn a_list_goes_on_page_by_page_and_ends() {
    let world = acme();
    let subjects: Vec<String> = (0..5).map(|index| format!("Ticket {index}")).collect();
    for subject in &subjects {
        world.ticket("acme", subject);
    }
    let mut seen = Vec::new();
    let mut path = "/tickets?limit=2".to_owned();
    loop {
        let page = read(&world, "acme", &path);
        let body = page.json();
        seen.extend(listed(&body, "subject"));
        let Some(next) = body["next"].as_str() else {
            assert_eq!(page.header("link"), "");
            break;
        };
        assert_eq!(page.header("link"), format!("<{next}>; rel=\"next\""));
        path = next.strip_prefix("/api/v1").unwrap().to_owned();
    }
    let newest_first: Vec<String> = subjects.into_iter().rev().collect();
    assert_eq!(seen, newest_first);
}

#[test]
fn queues_are_told_apart() {
    let world = acme();
    world.ticket("acme", "Open");
    world.ticket("acme", "Late");
    world.ticket("acme", "Done");
    world.execute(
        "UPDATE ticket SET overdue_at = 1 WHERE subject = 'Late';
         UPDATE ticket SET state = 'closed', closed_at = 1 WHERE subject = 'Done'",
    );
    let of = |queue: &str| {
        listed(
            &item(&world, "acme", &format!("/tickets{queue}")),
            "subject",
        )
    };
    assert_eq!(of(""), ["Late", "Open"]);
    assert_eq!(of("?queue=open"), ["Late", "Open"]);
    assert_eq!(of("?queue=overdue"), ["Late"]);
    assert_eq!(of("?queue=closed"), ["Done"]);
    assert_eq!(of("?sort=oldest"), ["Open", "Late"]);
    for wrong in ["?sort=loudest", "?queue=closed&sort=oldest"] {
        let page = read(&world, "acme", &format!("/tickets{wrong}"));
        assert_eq!(problem(&page).0, 422, "{wrong}");
    }
    let first = item(&world, "acme", "/tickets?sort=oldest&limit=1");
    let next = first["next"].as_str().unwrap().to_owned();
    let next = next.strip_prefix("/api/v1").unwrap();
    assert_eq!(listed(&item(&world, "acme", next), "subject"), ["Late"]);
}

#[test]
fn t_58_a_key_sees_its_realm_and_those_below_and_nothing_else() {
    let world = tree();
    for realm in ["p", "sp1", "sp3", "c1a", "c3a"] {
        world.ticket(realm, realm);
    }
    let seen = |realm: &str, query: &str| {
        listed(&item(&world, realm, &format!("/tickets{query}")), "subject")
    };
    assert_eq!(seen("sp3", ""), ["c3a", "sp3"]);
    assert_eq!(seen("c1a", ""), ["c1a"]);
    assert_eq!(seen("p", ""), ["c3a", "c1a", "sp3", "sp1", "p"]);
    let realm =
        |name: &str| world.number(&format!("SELECT realm_id FROM realm WHERE name = '{name}'"));
    assert_eq!(
        seen("p", &format!("?realm={}", realm("SP1"))),
        ["c1a", "sp1"]
    );
    let foreign = read(&world, "sp3", &format!("/tickets?realm={}", realm("SP1")));
    let nobodys = read(&world, "sp3", "/tickets?realm=99999");
    assert_eq!(foreign.text(), nobodys.text());
    assert_eq!(problem(&foreign).0, 422);
}

#[test]
fn t_58_no_direction_shows_a_key_more_than_its_branch() {
    let world = tree();
    for realm in ["p", "sp1", "sp3"] {
        world.ticket(realm, realm);
    }
    for direction in ["off", "both", "up"] {
        world.execute(&format!(
            "UPDATE separation SET direction = '{direction}' WHERE table_name = 'ticket';
             INSERT OR IGNORE INTO separation (tenant_id, table_name, direction)
             VALUES (1, 'ticket', '{direction}')"
        ));
        let page = item(&world, "sp3", "/tickets");
        assert_eq!(listed(&page, "subject"), ["sp3"], "{direction}");
    }
}

#[test]
fn t_10_what_is_closed_to_all_but_a_role_is_closed_to_keys() {
    let world = tree();
    let number = world.ticket("c3a", "Secret");
    world.execute(
        "INSERT INTO restriction (tenant_id, realm_id, role_id)
         SELECT tenant_id, realm_id, 1 FROM realm WHERE name = 'C3A'",
    );
    assert_eq!(listed(&item(&world, "p", "/tickets"), "subject"), [""; 0]);
    assert_eq!(read(&world, "p", &format!("/tickets/{number}")).status, 404);
}

#[test]
fn a_thread_has_everything_in_its_order_and_its_files() {
    let world = acme();
    // Where no form asks for them, notes become a note.
    world.execute("UPDATE form SET is_active = 0 WHERE kind = 'user'");
    let sent = json!({
        "subject": "With a file", "message": "First", "notes": "Said on the phone",
        "attachments": [{ "a.txt": "data:text/plain,hello" }],
    });
    let number = world.send(ticket_call("acme", &sent)).text().to_owned();
    let path = format!("/tickets/{number}/entries");
    let thread = item(&world, "acme", &path);
    assert_eq!(listed(&thread, "kind"), ["message", "note"]);
    let file = &thread["items"][0]["files"][0];
    assert_eq!(file["name"], "a.txt");
    assert_eq!(
        (&file["size"], &file["content_type"]),
        (&json!(5), &json!("text/plain"))
    );
    let href = file["href"]
        .as_str()
        .unwrap()
        .strip_prefix("/api/v1")
        .unwrap();
    let bytes = read(&world, "acme", href);
    assert_eq!((bytes.status, bytes.text()), (200, "hello"));
    assert!(bytes.header("content-disposition").contains("a.txt"));

    let first = item(&world, "acme", &format!("{path}?limit=1"));
    assert_eq!(listed(&first, "kind"), ["message"]);
    let next = first["next"]
        .as_str()
        .unwrap()
        .strip_prefix("/api/v1")
        .unwrap();
    assert_eq!(listed(&item(&world, "acme", next), "kind"), ["note"]);
}

#[test]
fn t_60_t_72_what_is_out_of_sight_answers_like_what_does_not_exist() {
    let world = tree();
    let fields = json!({ "attachments": [{ "a.txt": "data:,a" }] });
    let number = world.send(ticket_call("sp1", &fields)).text().to_owned();
    let id = world.rows("SELECT attachment_id FROM attachment")[0].clone();
    let user = world.rows("SELECT user_id FROM user")[0].clone();
    let nobody = world.id();
    for (foreign, nothing) in [
        (format!("/tickets/{number}"), "/tickets/000000".to_owned()),
        (
            format!("/tickets/{number}/entries"),
            "/tickets/000000/entries".to_owned(),
        ),
        (
            format!("/tickets/{number}/files/{id}"),
            format!("/tickets/000000/files/{id}"),
        ),
        (format!("/users/{user}"), format!("/users/{nobody}")),
        (
            format!("/users?after={user}"),
            format!("/users?after={nobody}"),
        ),
    ] {
        let world: &World = &world;
        let mark = world.mark();
        let told = read(world, "sp3", &foreign).raw();
        world.rewind(&mark);
        assert_eq!(told, read(world, "sp3", &nothing).raw(), "{foreign}");
    }
}

#[test]
fn what_was_filled_in_is_read_by_the_fields_names() {
    let world = acme();
    world.execute(
        "INSERT INTO form (tenant_id, form_id, realm_id, kind, title)
         VALUES (1, 9, 1, 'ticket', 'More');
         INSERT INTO list (tenant_id, list_id, realm_id, name) VALUES (1, 1, 1, 'Things');
         INSERT INTO list_item (tenant_id, list_id, item_id, value)
         VALUES (1, 1, 1, 'Lamp'), (1, 1, 2, 'Desk');
         INSERT INTO field (tenant_id, field_id, form_id, name, label, kind, list_id, options)
         VALUES (1, 90, 9, 'room', 'Room', 'text', NULL, '{}'),
                (1, 91, 9, 'broken', 'Broken', 'list', 1, '{\"is_multiple\": true}'),
                (1, 92, 9, 'secret', 'Secret', 'text', NULL, '{}'),
                (1, 93, 9, 'hidden', 'Hidden', 'text', NULL, '{}')",
    );
    let fields = json!({
        "room": "12 <b>", "broken": ["Lamp", "Desk"], "secret": "s", "hidden": "h",
    });
    let page = world.send(ticket_call("acme", &fields));
    assert_eq!(page.status, 201, "{}", page.text());
    world.execute(
        "INSERT INTO field_role (tenant_id, field_id, role_id) VALUES (1, 92, 1);
         UPDATE field SET agent_access = 'hidden' WHERE field_id = 93",
    );
    let ticket = item(&world, "acme", &format!("/tickets/{}", page.text()));
    let expected = json!({ "room": "12 <b>", "broken": ["Lamp", "Desk"] });
    assert_eq!(ticket["fields"], expected);
}
