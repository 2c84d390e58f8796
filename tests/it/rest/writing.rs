//! Replies and notes.

use serde_json::json;

use super::{acme, item, listed, permit, problem, read, send, tree, wrong};

#[test]
fn a_reply_is_in_the_thread_and_in_the_mail_by_two_round_trips() {
    let world = acme();
    let number = world.ticket("acme", "Printer on fire");
    world.sweep();
    world.meter.take_trips();
    let path = format!("/tickets/{number}/replies");
    let page = send(
        &world,
        "acme",
        &path,
        &json!({ "body": "Water is on its way." }),
    );
    assert_eq!(page.status, 201, "{}", page.text());
    assert_eq!(world.meter.take_trips(), 2);
    assert_eq!(page.location(), format!("/api/v1/tickets/{number}/entries"));
    let thread = item(&world, "acme", &format!("/tickets/{number}/entries"));
    assert_eq!(listed(&thread, "kind"), ["message", "reply"]);
    assert_eq!(thread["items"][1]["author"], "Acme");
    assert_eq!(thread["items"][1]["id"], page.json()["id"]);
    let told = "SELECT kind, actor, length(actor_id) FROM event WHERE kind <> 'created'";
    assert_eq!(world.rows(told), ["reply|api|64"]);

    world.sweep();
    let mail = &world.delivered("acme.localhost")[0];
    assert_eq!(mail["to"]["address"], "ana@example.com");
    assert_eq!(mail["subject"], format!("Re: [#{number}]"));
    let text = mail["text"].as_str().unwrap();
    assert!(text.contains("Water is on its way."), "{text}");
    assert!(
        text.contains(&format!("/tickets/{number}?access=")),
        "{text}"
    );
}

#[test]
fn u_32_what_a_stranger_typed_is_not_mailed_to_them_until_they_prove_their_address() {
    let world = acme();
    let number = world.ticket("acme", "Buy at evil.example");
    let path = format!("/tickets/{number}/replies");
    send(&world, "acme", &path, &json!({ "body": "First" }));
    world.execute("UPDATE user SET link_epoch = 2");
    send(&world, "acme", &path, &json!({ "body": "Second" }));
    let subjects = "SELECT subject FROM outbox WHERE text_body LIKE '%First%'
                       OR text_body LIKE '%Second%' ORDER BY outbox_id";
    assert_eq!(
        world.rows(subjects),
        [
            format!("Re: [#{number}]"),
            format!("Re: Buy at evil.example [#{number}]")
        ]
    );
}

#[test]
fn a_reply_speaks_for_the_tickets_own_realm() {
    let world = tree();
    let number = world.ticket("c3a", "Printer on fire");
    world.execute(
        "INSERT INTO mail_template (tenant_id, realm_id, code, subject, text)
         SELECT tenant_id, realm_id, 'ticket.reply', 'From C3A', '%{response} %{recipient.ticket_link}'
           FROM realm WHERE name = 'C3A'",
    );
    let path = format!("/tickets/{number}/replies");
    assert_eq!(
        send(&world, "p", &path, &json!({ "body": "Hello" })).status,
        201
    );
    let letter = world.rows(
        "SELECT o.subject, o.from_address, r.name, o.text_body LIKE '%Hello %c3a.localhost%'
           FROM outbox AS o JOIN realm AS r USING (tenant_id, realm_id)
          WHERE o.subject = 'From C3A'",
    );
    assert_eq!(letter, ["From C3A|help@c3a.example|C3A|1"]);
}

#[test]
fn a_note_is_never_mailed_and_never_shown_to_the_requester() {
    let world = acme();
    let number = world.ticket("acme", "Printer on fire");
    let before = world.number("SELECT count(*) FROM outbox");
    let files = json!([{ "name": "plan.txt", "content": "aGVsbG8=" }]);
    let note = json!({ "body": "They never pay.", "files": files });
    let page = send(&world, "acme", &format!("/tickets/{number}/notes"), &note);
    assert_eq!(page.status, 201, "{}", page.text());
    assert_eq!(world.number("SELECT count(*) FROM outbox"), before);
    let thread = item(&world, "acme", &format!("/tickets/{number}/entries"));
    assert_eq!(listed(&thread, "kind"), ["message", "note"]);
    let href = thread["items"][1]["files"][0]["href"].as_str().unwrap();
    let file = read(&world, "acme", href.strip_prefix("/api/v1").unwrap());
    assert_eq!(file.text(), "hello");
}

#[test]
fn what_cannot_be_written_is_refused_and_nothing_is_half_written() {
    let world = acme();
    let number = world.ticket("acme", "Printer on fire");
    let path = format!("/tickets/{number}/replies");
    let entries = || world.number("SELECT count(*) FROM entry");
    let rows = [
        (json!({ "body": "" }), "/body"),
        (json!({ "body": "x".repeat(1_000_001) }), "/body"),
        (json!({}), ""),
        (json!({ "body": 7 }), ""),
        (json!({ "body": "x", "kind": "reply" }), ""),
        (
            json!({ "body": "x", "files": [{ "name": "a.exe", "content": "TVo=" }] }),
            "/files",
        ),
    ];
    for (body, pointer) in rows {
        if pointer == "/files" {
            world.execute(
                "INSERT INTO setting (tenant_id, realm_id, key, value)
                 VALUES (1, 1, 'file.types', 'png')",
            );
        }
        assert_eq!(wrong(&send(&world, "acme", &path, &body)), [pointer]);
    }
    for text in ["", "[", "name=Ana"] {
        let call = super::post("acme", &path, &json!({})).body(text);
        assert_eq!(problem(&world.send(call)), (400, "unreadable".to_owned()));
    }
    assert_eq!(entries(), 1);
}

#[test]
fn t_61_t_72_a_ticket_out_of_sight_takes_nothing_and_tells_nothing() {
    let world = tree();
    let number = world.ticket("sp1", "Printer on fire");
    for kind in ["replies", "notes"] {
        let body = json!({ "body": "x" });
        let foreign = send(&world, "sp3", &format!("/tickets/{number}/{kind}"), &body);
        let nothing = send(&world, "sp3", &format!("/tickets/000000/{kind}"), &body);
        assert_eq!(foreign.text(), nothing.text());
        assert_eq!(problem(&foreign), (404, "not-found".to_owned()));
    }
    assert_eq!(world.number("SELECT count(*) FROM entry"), 1);
}

#[test]
fn to_write_takes_its_own_permission() {
    let world = acme();
    let number = world.ticket("acme", "Printer on fire");
    permit(&world, "acme", &["tickets:read"]);
    for kind in ["replies", "notes"] {
        let page = send(
            &world,
            "acme",
            &format!("/tickets/{number}/{kind}"),
            &json!({ "body": "x" }),
        );
        assert_eq!(page.json()["detail"], "The key lacks tickets:write.");
    }
}
