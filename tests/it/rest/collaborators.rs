//! Who takes part in a ticket, as programs say it.

use realmdesk_tests::dispatch::Call;
use realmdesk_tests::task::{in_every_order, interleave};
use realmdesk_tests::{SECOND, World};
use serde_json::{Value, json};

use super::{acme, delete, item, listed, patch, permit, post, problem, read, send, tree, wrong};

fn kay() -> Value {
    json!({ "name": "Kay", "email": "Kay@Example.com" })
}

fn of(number: &str) -> String {
    format!("/tickets/{number}/collaborators")
}

fn events(world: &World) -> Vec<String> {
    world.rows("SELECT kind, detail, actor FROM event WHERE kind = 'collab' ORDER BY event_id")
}

/// Acme, with a ticket of Ana's.
fn with_ticket() -> (World, String) {
    let world = acme();
    let number = world.ticket("acme", "Printer on fire");
    (world, number)
}

#[test]
fn tk_12_somebody_is_added_held_back_let_in_and_removed_in_two_round_trips_each() {
    let (world, number) = with_ticket();
    assert_eq!(listed(&item(&world, "acme", &of(&number)), "name"), [""; 0]);
    world.meter.take_trips();
    let page = send(&world, "acme", &of(&number), &kay());
    assert_eq!(page.status, 201, "{}", page.text());
    assert_eq!(world.meter.take_trips(), 2);
    let id = page.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(page.location(), format!("/api/v1{}/{id}", of(&number)));
    let shown = |active| {
        let kay = json!({
            "id": id, "name": "Kay", "email": "kay@example.com", "active": active,
        });
        assert_eq!(item(&world, "acme", &of(&number))["items"], json!([kay]));
    };
    shown(true);
    let path = format!("{}/{id}", of(&number));
    for active in [false, false, true] {
        world.turn(SECOND);
        world.meter.take_trips();
        let page = world.send(patch("acme", &path, &json!({ "active": active })));
        assert_eq!((page.status, &page.json()["active"]), (200, &json!(active)));
        assert!(world.meter.take_trips() <= 2);
        shown(active);
    }
    world.turn(SECOND);
    let page = world.send(delete("acme", &path));
    assert_eq!((page.status, page.text()), (204, ""));
    let again = world.send(delete("acme", &path));
    assert_eq!(problem(&again), (404, "not-found".to_owned()));
    assert_eq!(item(&world, "acme", &of(&number))["items"], json!([]));
    let told = ["add", "keep_out", "let_in", "del"]
        .map(|what| format!("collab|{{\"{what}\":[\"{id}\"]}}|api"));
    assert_eq!(events(&world), told);
}

#[test]
fn somebody_who_waits_reads_nothing() {
    let (world, number) = with_ticket();
    let mut waiting = kay();
    waiting["active"] = json!(false);
    send(&world, "acme", &of(&number), &waiting);
    let mut kay = world
        .browser("acme.localhost")
        .signed_in_by_mail("kay@example.com");
    assert_eq!(kay.get(&format!("/tickets/{number}")).status, 404);
    let id = &item(&world, "acme", &of(&number))["items"][0]["id"];
    let path = format!("{}/{}", of(&number), id.as_str().unwrap());
    world.send(patch("acme", &path, &json!({ "active": true })));
    assert_eq!(kay.get(&format!("/tickets/{number}")).status, 200);
}

#[test]
fn a_user_who_is_known_is_added_by_id_or_by_address() {
    let (world, number) = with_ticket();
    let made = send(&world, "acme", "/users", &kay());
    let id = made.json()["id"].clone();
    let page = send(&world, "acme", &of(&number), &json!({ "user": id }));
    assert_eq!(page.status, 201, "{}", page.text());
    assert_eq!(page.json()["id"], id);
    let again = send(&world, "acme", &of(&number), &kay());
    assert_eq!(problem(&again), (409, "exists".to_owned()));
    let other = world.ticket("acme", "Toner");
    let page = send(&world, "acme", &of(&other), &kay());
    assert_eq!(page.json()["id"], id);
    assert_eq!(
        world.number("SELECT count(*) FROM user WHERE email = 'kay@example.com'"),
        1
    );
    permit(&world, "acme", &["tickets:write"]);
    let third = world.ticket("acme", "Paper");
    let page = send(&world, "acme", &of(&third), &json!({ "user": id }));
    assert_eq!(problem(&page), (403, "forbidden".to_owned()));
    assert_eq!(page.json()["detail"], "The key lacks users:read.");
    assert_eq!(send(&world, "acme", &of(&third), &kay()).status, 201);
}

#[test]
fn who_cannot_take_part_is_told_and_nothing_is_written() {
    let (world, number) = with_ticket();
    let users = world.number("SELECT count(*) FROM user");
    let ana = &item(&world, "acme", &format!("/tickets/{number}"))["requester"];
    let own = json!({ "name": "Ana", "email": ana["email"] });
    let none = "018bcfe5-6800-7707-8707-070707070707";
    for (body, pointer) in [
        (own, ""),
        (json!({ "user": ana["id"] }), ""),
        (json!({ "user": none }), "/user"),
        (json!({ "user": "kay" }), "/user"),
        (json!({}), ""),
        (json!({ "email": "kay@example.com" }), ""),
        (
            json!({ "user": none, "email": "kay@example.com", "name": "Kay" }),
            "",
        ),
        (
            json!({ "name": "Help", "email": "Help@acme.example" }),
            "/email",
        ),
        (
            json!({ "name": "Ada", "email": "ada@acme.example" }),
            "/email",
        ),
        (json!({ "name": "Kay", "email": "kay" }), "/email"),
        (json!({ "name": "\n", "email": "kay@example.com" }), "/name"),
        (
            json!({ "name": "x".repeat(200), "email": "kay@example.com" }),
            "/name",
        ),
        (json!({ "name": "Kay", "mail": "kay@example.com" }), ""),
        (json!({ "name": ["Kay"], "email": "kay@example.com" }), ""),
    ] {
        let page = send(&world, "acme", &of(&number), &body);
        assert_eq!(wrong(&page), [pointer], "{body}");
    }
    assert_eq!(world.number("SELECT count(*) FROM collaborator"), 0);
    assert_eq!(world.number("SELECT count(*) FROM user"), users);
    assert_eq!(events(&world), [""; 0]);
}

#[test]
fn t_35_a_user_of_another_realm_does_not_take_part() {
    let world = tree();
    let number = world.ticket("c1a", "Printer on fire");
    for realm in ["sp1", "c1a", "sp3"] {
        let made = send(&world, realm, "/users", &kay()).json();
        let body = json!({ "user": made["id"] });
        let page = send(&world, "sp1", &of(&number), &body);
        if realm == "c1a" {
            assert_eq!(page.status, 201, "{}", page.text());
        } else {
            assert_eq!(wrong(&page), ["/user"], "{realm}");
        }
    }
    let page = send(&world, "sp1", &of(&number), &json!({ "user": "x" }));
    let nobody = json!({ "user": "018bcfe5-6800-7707-8707-070707070707" });
    assert_eq!(
        page.text(),
        send(&world, "sp1", &of(&number), &nobody).text()
    );
}

#[test]
fn t_60_what_is_out_of_sight_answers_like_nothing() {
    let world = tree();
    let number = world.ticket("sp3", "Printer on fire");
    let page = send(&world, "sp3", &of(&number), &kay());
    let id = page.json()["id"].as_str().unwrap().to_owned();
    let nothing = "000000";
    let asked = |number: &str| {
        let one = format!("{}/{id}", of(number));
        [
            read(&world, "sp1", &of(number)),
            send(&world, "sp1", &of(number), &kay()),
            world.send(patch("sp1", &one, &json!({ "active": false }))),
            world.send(delete("sp1", &one)),
        ]
        .map(|page| (page.status, page.text().to_owned()))
    };
    assert_eq!(asked(&number), asked(nothing));
    assert_eq!(asked(&number)[0].0, 404);
    assert_eq!(world.rows("SELECT is_active FROM collaborator"), ["1"]);
    let elsewhere = world.send(delete("sp3", &format!("{}/x", of(&number))));
    assert_eq!(problem(&elsewhere).0, 404);
}

#[test]
fn a_key_that_only_reads_changes_nobody() {
    let (world, number) = with_ticket();
    let page = send(&world, "acme", &of(&number), &kay());
    let path = page.location().strip_prefix("/api/v1").unwrap().to_owned();
    permit(&world, "acme", &["tickets:read"]);
    assert_eq!(
        item(&world, "acme", &of(&number))["items"][0]["name"],
        "Kay"
    );
    for call in [
        post("acme", &of(&number), &kay()),
        patch("acme", &path, &json!({ "active": false })),
        delete("acme", &path),
    ] {
        assert_eq!(problem(&world.send(call)).0, 403);
    }
    permit(&world, "acme", &["tickets:write"]);
    assert_eq!(problem(&read(&world, "acme", &of(&number))).0, 403);
}

#[test]
fn the_same_call_under_the_same_key_adds_somebody_once() {
    let (world, number) = with_ticket();
    let once = || {
        let call = post("acme", &of(&number), &kay()).header("idempotency-key", "kay");
        world.send(call)
    };
    let (first, second) = (once(), once());
    assert_eq!((first.status, second.status), (201, 201));
    assert_eq!(first.text(), second.text());
    assert_eq!(second.header("idempotency-replayed"), "true");
    assert_eq!(events(&world).len(), 1);
}

#[test]
fn a_ticket_takes_no_more_than_so_many() {
    let (world, number) = with_ticket();
    world.execute(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
         INSERT INTO user (tenant_id, user_id, realm_id, email, name, created_at)
         SELECT 1, printf('018bcfe5-6800-7707-8707-%012d', i), 1, i || '@example.org', 'U', 0
           FROM n;
         INSERT INTO collaborator (tenant_id, ticket_id, user_id, realm_id, is_active, created_at)
         SELECT 1, t.ticket_id, u.user_id, 1, 1, 0 FROM ticket AS t, user AS u
          WHERE u.email LIKE '%@example.org'",
    );
    let page = send(&world, "acme", &of(&number), &kay());
    assert_eq!(wrong(&page), [""]);
    assert_eq!(
        item(&world, "acme", &of(&number))["items"]
            .as_array()
            .unwrap()
            .len(),
        200
    );
}

#[test]
fn broken_calls_are_refused_whole() {
    let (world, number) = with_ticket();
    let page = send(&world, "acme", &of(&number), &kay());
    let path = page.location().strip_prefix("/api/v1").unwrap().to_owned();
    let before = world.rows("SELECT user_id, is_active FROM collaborator");
    let bodies = [
        String::new(),
        "[".repeat(100_000),
        "null".to_owned(),
        "{\"active\":null}".to_owned(),
        "{\"active\":\"no\"}".to_owned(),
        "{\"active\":false,\"name\":\"x\"}".to_owned(),
        format!("{{\"email\":\"{}\",\"name\":\"x\"}}", "x".repeat(5_000_000)),
        "{\"email\":\"a\\u0000@example.com\",\"name\":\"x\"}".to_owned(),
    ];
    for body in bodies {
        for (method, path) in [("POST", of(&number)), ("PATCH", path.clone())] {
            let call = Call::new(method.parse().unwrap(), &format!("/api/v1{path}"));
            let call = call.header("x-api-key", "acme-key").header("if-match", "*");
            let page = world.send(call.body(body.clone()));
            assert!([400, 422].contains(&problem(&page).0), "{}", page.text());
            assert!(page.body.len() < 1_000);
        }
    }
    assert_eq!(
        world.rows("SELECT user_id, is_active FROM collaborator"),
        before
    );
    assert_eq!(world.log.take(), [""; 0]);
}

#[test]
fn what_two_do_at_once_is_told_once() {
    in_every_order(4, |order| {
        let (world, number) = with_ticket();
        let page = send(&world, "acme", &of(&number), &kay());
        let id = page.json()["id"].as_str().unwrap().to_owned();
        let path = format!("{}/{id}", of(&number));
        world.meter.go_stepwise();
        for call in [
            patch("acme", &path, &json!({ "active": false })),
            delete("acme", &path),
        ] {
            let tasks = [call.clone(), call].map(|call| world.start(call));
            interleave(order, tasks);
        }
        assert_eq!(events(&world).len(), 3, "{order:?}");
    });
}
