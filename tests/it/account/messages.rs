//! Users write to their tickets on the portal: the same rule as by mail.

use realmdesk_tests::browser::mailed_link;
use realmdesk_tests::dispatch::Call;
use realmdesk_tests::world::ticket_call;
use realmdesk_tests::{HOUR, World, html};
use serde_json::{Value, json};

use super::{ana, write_to};

fn close(world: &World) {
    let now = world.now().0;
    world.execute(&format!(
        "UPDATE ticket SET state = 'closed', closed_at = {now}, due_at = NULL"
    ));
}

/// The newest mail to an address.
fn mail_to(world: &World, address: &str) -> Option<Value> {
    world.sweep();
    let mails = world.delivered("acme.localhost");
    mails
        .into_iter()
        .find(|mail| mail["to"]["address"] == address)
}

/// What a message leaves behind, but for the door it came through.
fn left(world: &World) -> Vec<String> {
    let mut left = world.rows(
        "SELECT kind, author, body, user_id IS NOT NULL, created_at FROM entry
          ORDER BY entry_id DESC LIMIT 1",
    );
    left.extend(
        world.rows("SELECT kind FROM event WHERE kind <> 'created' ORDER BY created_at, kind DESC"),
    );
    left.extend(world.rows("SELECT state, due_at, closed_at, overdue_at, version FROM ticket"));
    left.extend(
        world.rows("SELECT to_address, subject FROM outbox WHERE subject LIKE '%New message%'"),
    );
    left
}

#[test]
fn a_user_writes_to_their_ticket_and_the_manager_hears_of_it() {
    let world = World::new().tenant("acme");
    let number = world.ticket("acme", "Printer on fire");
    let mut ana = ana(&world, "acme");
    let sent = write_to(&mut ana, &number, "Still <b>burning</b>.\n\nSend help.");
    let there = format!("/tickets/{number}?added=1");
    assert_eq!((sent.status, sent.location()), (303, &*there));
    let page = ana.follow(sent);
    assert!(page.text().contains("Your message is in the ticket."));
    assert!(
        page.text()
            .contains("Still &#60;b&#62;burning&#60;/b&#62;.")
    );
    assert_eq!(
        world.rows(
            "SELECT e.kind, e.author, e.source, e.user_id = t.user_id FROM entry AS e
               JOIN ticket AS t USING (tenant_id, ticket_id) ORDER BY entry_id DESC LIMIT 1"
        ),
        ["message|Ana Lima|Web|1"]
    );
    let mail = mail_to(&world, "ada@acme.example").unwrap();
    let subject = format!("[#{number}] New message: Printer on fire");
    assert_eq!(mail["subject"], subject.as_str());
    assert!(!mail.to_string().contains("burning"));
}

#[test]
fn whoever_works_the_ticket_hears_of_a_message_and_not_the_manager() {
    let world = World::new().tenant("acme");
    let number = world.ticket("acme", "Printer on fire");
    let scope = world.inside("acme");
    let bo = world.id();
    let root = desk::blueprint::ROOT;
    let added = world.agent(&scope, &bo, root, "bo@acme.example", "Bo");
    world.write(&scope, vec![added]);
    world.execute(&format!("UPDATE ticket SET agent_id = '{bo}'"));
    write_to(&mut ana(&world, "acme"), &number, "Still burning.");
    let told = "SELECT to_address FROM outbox WHERE subject LIKE '%New message%'";
    assert_eq!(world.rows(told), ["bo@acme.example"]);
    world.execute("DELETE FROM outbox; UPDATE agent SET is_active = 0 WHERE name = 'Bo'");
    write_to(&mut ana(&world, "acme"), &number, "Still burning.");
    assert_eq!(
        world.rows(told),
        ["ada@acme.example"],
        "who has left hears nothing"
    );
}

#[test]
fn a_message_leaves_the_same_behind_whichever_way_it_came() {
    let by_portal = {
        let world = World::new().tenant("acme");
        let number = world.ticket("acme", "Printer on fire");
        let mut ana = ana(&world, "acme");
        world.turn(HOUR);
        close(&world);
        world.turn(HOUR);
        assert_eq!(write_to(&mut ana, &number, "Still burning.").status, 303);
        left(&world).join("\n").replace(&number, "NUMBER")
    };
    let by_mail = {
        let world = World::new().tenant("acme");
        let number = world.ticket("acme", "Printer on fire");
        ana(&world, "acme");
        world.turn(HOUR);
        close(&world);
        world.turn(HOUR);
        let mail = format!(
            "From: Ana Lima <ana@example.com>\r\nSubject: Re: [#{number}]\r\n\
             Message-ID: <2@example.com>\r\n\r\nStill burning.\r\n"
        );
        let call = Call::post("/mail/raw?to=help@acme.example")
            .header("authorization", "Bearer acme-secret")
            .body(mail);
        assert_eq!(world.send(call).json()["result"], "continued");
        left(&world).join("\n").replace(&number, "NUMBER")
    };
    assert_eq!(by_portal, by_mail);
    assert!(by_portal.contains("reopened") && by_portal.contains("\nopen|"));
    assert!(by_portal.contains("ada@acme.example|[#NUMBER] New message: Printer on fire"));
}

#[test]
fn a_mail_that_a_program_wrote_is_told_to_nobody() {
    let world = World::new().tenant("acme");
    let number = world.ticket("acme", "Printer on fire");
    let mail = format!(
        "From: Ana Lima <ana@example.com>\r\nSubject: Re: [#{number}]\r\n\
         Auto-Submitted: auto-replied\r\nMessage-ID: <2@example.com>\r\n\r\nAway.\r\n"
    );
    let call = Call::post("/mail/raw?to=help@acme.example")
        .header("authorization", "Bearer acme-secret")
        .body(mail);
    assert_eq!(world.send(call).json()["result"], "continued");
    let told = "SELECT count(*) FROM outbox WHERE subject LIKE '%New message%'";
    assert_eq!(world.number(told), 0);
}

#[test]
fn whoever_came_by_the_mailed_link_writes_as_the_requester() {
    let world = World::new().tenant("acme");
    let fields = json!({ "autorespond": true });
    let number = world.send(ticket_call("acme", &fields)).text().to_owned();
    let mut ana = world.browser("acme.localhost");
    ana.submit(
        "/status",
        &[("number", &*number), ("email", "ana@example.com")],
    );
    let link = mailed_link(&world, "acme.localhost", "ana@example.com", "access=").unwrap();
    assert_eq!(ana.visit(&link).status, 200);
    assert_eq!(write_to(&mut ana, &number, "Still burning.").status, 303);
    assert_eq!(
        world.rows("SELECT author, user_id IS NOT NULL FROM entry WHERE source = 'Web'"),
        ["Ana Lima|1"]
    );
}

#[test]
fn an_empty_message_is_refused_and_nothing_is_written() {
    let world = World::new().tenant("acme");
    let number = world.ticket("acme", "Printer on fire");
    close(&world);
    let mut ana = ana(&world, "acme");
    for typed in ["", "  \n ", "\0"] {
        let page = write_to(&mut ana, &number, typed);
        assert_eq!(page.status, 422);
        assert!(page.text().contains("Write a message."));
        assert!(page.text().contains("Your message opens it again."));
    }
    world.execute("UPDATE ticket_status SET can_reopen = 0 WHERE status_id = 3");
    let page = write_to(&mut ana, &number, "");
    assert!(page.text().contains("The ticket is closed and stays so"));
    let long = "x".repeat(1_000_001);
    let page = write_to(&mut ana, &number, &long);
    assert_eq!(page.status, 422);
    assert_eq!(html::value(page.text(), "message").unwrap(), long, "kept");
    assert_eq!(world.number("SELECT count(*) FROM entry"), 1);
    assert_eq!(world.rows("SELECT state FROM ticket"), ["closed"]);
}

#[test]
fn t_61_nobody_writes_to_a_ticket_that_is_not_theirs() {
    let world = World::new().tenant("acme").tenant("globex");
    let own = world.ticket("acme", "Ana's");
    let bo = json!({ "email": "bo@example.com", "subject": "Bo's" });
    let bos = world.send(ticket_call("acme", &bo)).text().to_owned();
    let foreign = world.ticket("globex", "Ana's there");
    let mut ana = ana(&world, "acme");
    let page = ana.get(&format!("/tickets/{own}"));
    let form = html::form(page.text(), &format!("/tickets/{own}/message")).unwrap();
    let mut write = |number: &str| {
        let mut form = form.clone();
        form.action = format!("/tickets/{number}/message");
        ana.send_form(&form, &[("message", "Hello")]).raw()
    };
    let unknown = write("000000");
    assert!(unknown.starts_with("404"));
    assert_eq!(write(&bos), unknown);
    assert_eq!(write(&foreign), unknown);
    assert_eq!(world.number("SELECT count(*) FROM entry"), 3);
}

#[test]
fn notes_stay_between_agents() {
    let world = World::new().tenant("acme");
    let number = world.ticket("acme", "Printer on fire");
    world.execute(
        "INSERT INTO entry (tenant_id, ticket_id, entry_id, realm_id, kind, author, body, source,
                            created_at)
         SELECT tenant_id, ticket_id, 'z', realm_id, 'note', 'Ada', 'A difficult customer', 'Web', 0
           FROM ticket",
    );
    let page = ana(&world, "acme").get(&format!("/tickets/{number}"));
    assert_eq!(page.status, 200);
    assert!(!page.text().contains("difficult"));
}

#[test]
fn writing_takes_two_round_trips() {
    let world = World::new().tenant("acme");
    let number = world.ticket("acme", "Printer on fire");
    let mut ana = ana(&world, "acme");
    let page = ana.get(&format!("/tickets/{number}"));
    let form = html::form(page.text(), &format!("/tickets/{number}/message")).unwrap();
    world.meter.take_trips();
    assert_eq!(ana.send_form(&form, &[("message", "x")]).status, 303);
    assert_eq!(world.meter.take_trips(), 2);
}
