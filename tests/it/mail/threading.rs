//! Which ticket a mail goes on with, and as whose word.

use super::*;

#[test]
fn a_reply_to_our_mail_goes_on_with_the_ticket() {
    let world = World::new().tenant("acme");
    let (_, number) = filed(&world, &mail("a@example.com"));
    let ours = our_id(&world, "ana@example.com");
    let reply = mail("b@example.com").answering(&ours).text("Still burns.");
    assert_eq!(filed(&world, &reply), ("continued".to_owned(), number));
    assert_eq!(
        entries(&world),
        [
            "message|Ana Lima|It burns.",
            "message|Ana Lima|Still burns."
        ]
    );
    assert_eq!(
        world.rows("SELECT kind, actor FROM event ORDER BY event_id"),
        ["created|mail", "message|mail"]
    );
}

#[test]
fn a_reply_is_found_by_any_of_its_references() {
    let world = World::new().tenant("acme");
    let (_, number) = filed(&world, &mail("a@example.com"));
    let chain = "References: <x@example.org>\r\n\t<a@example.com> <y@example.org>";
    let reply = mail("b@example.com").header(chain);
    assert_eq!(filed(&world, &reply).1, number);
}

#[test]
fn u_17_a_stranger_cannot_write_into_a_ticket_by_quoting_the_owners_id() {
    let world = World::new().tenant("acme");
    filed(&world, &mail("a@example.com"));
    let strange = mail("b@example.com")
        .from("Eve <eve@example.org>")
        .answering("a@example.com");
    assert_eq!(filed(&world, &strange).0, "created");
}

#[test]
fn a_guest_who_was_sent_our_mail_may_answer_it_under_their_address() {
    let world = World::new().tenant("acme");
    let (_, number) = filed(&world, &mail("a@example.com"));
    let ours = our_id(&world, "ana@example.com");
    let guest = mail("b@example.com")
        .from("Bo <bo@example.org>")
        .answering(&ours)
        .text("Mine too.");
    assert_eq!(filed(&world, &guest), ("continued".to_owned(), number));
    assert_eq!(entries(&world)[1], "message|Bo <bo@example.org>|Mine too.");
    let writers = world.rows("SELECT user_id IS NULL FROM entry ORDER BY created_at");
    assert_eq!(writers, ["0", "1"]);
}

#[test]
fn a_number_in_the_subject_counts_for_the_owner_and_for_nobody_else() {
    let world = World::new().tenant("acme");
    let (_, number) = filed(&world, &mail("a@example.com"));
    let subject = format!("Re: [#{number}] Printer on fire");
    let own = mail("b@example.com").subject(&subject);
    assert_eq!(filed(&world, &own), ("continued".to_owned(), number));
    let strange = mail("c@example.com")
        .subject(&subject)
        .from("Eve <eve@example.org>");
    assert_eq!(filed(&world, &strange).0, "created");
}

#[test]
fn q_16_an_agents_mail_is_a_note_that_the_portal_never_shows() {
    let world = World::new().tenant("acme");
    let (_, number) = filed(&world, &mail("a@example.com"));
    let alert = our_id(&world, "ada@acme.example");
    let note = mail("b@example.com")
        .from("Ada <Ada@Acme.example>")
        .answering(&alert)
        .text("He always says so.");
    assert_eq!(
        filed(&world, &note),
        ("continued".to_owned(), number.clone())
    );
    assert_eq!(entries(&world)[1], "note|Ada Byron|He always says so.");
    assert_eq!(
        world.rows("SELECT kind, actor FROM event ORDER BY event_id")[1],
        "note|agent"
    );
    world.sweep();
    let mails = world.delivered("acme.localhost");
    let to_ana = |mail: &&Value| mail["to"]["address"] == "ana@example.com";
    let text = mails.iter().find(to_ana).unwrap()["text"].to_string();
    let link = text
        .split("\\n")
        .find(|line| line.contains("access="))
        .unwrap();
    let page = world.browser("acme.localhost").visit(link);
    assert_eq!(page.status, 200);
    assert!(page.text().contains("It burns."));
    assert!(!page.text().contains("He always says so."));
}

#[test]
fn an_agent_who_was_switched_off_is_a_guest() {
    let world = World::new().tenant("acme");
    filed(&world, &mail("a@example.com"));
    let alert = our_id(&world, "ada@acme.example");
    world.execute("UPDATE agent SET is_active = 0");
    let reply = mail("b@example.com")
        .from("ada@acme.example")
        .answering(&alert);
    filed(&world, &reply);
    assert!(entries(&world)[1].starts_with("message|ada@acme.example|"));
}

#[test]
fn a_message_reopens_a_closed_ticket_with_a_new_due_time() {
    let world = World::new().tenant("acme");
    let (_, number) = filed(&world, &mail("a@example.com"));
    world.turn(DAY);
    world.sweep();
    close(&world, &number);
    world.turn(DAY);
    filed(&world, &mail("b@example.com").answering("a@example.com"));
    let due = world.now().0 + 18 * HOUR;
    assert_eq!(
        world.rows("SELECT state, closed_at, overdue_at, due_at FROM ticket"),
        [format!("open|NULL|NULL|{due}")]
    );
    let events = world.rows("SELECT kind FROM event ORDER BY created_at, kind");
    assert_eq!(events, ["created", "overdue", "message", "reopened"]);
    assert_eq!(
        world.rows("SELECT queue, tickets FROM queue_count ORDER BY queue"),
        ["closed|0", "open|1", "overdue|0"]
    );
}

#[test]
fn an_agents_note_leaves_a_closed_ticket_closed() {
    let world = World::new().tenant("acme");
    let (_, number) = filed(&world, &mail("a@example.com"));
    close(&world, &number);
    let note = mail("b@example.com")
        .from("ada@acme.example")
        .subject(&format!("#{number}"));
    assert_eq!(filed(&world, &note).0, "continued");
    assert_eq!(world.rows("SELECT state FROM ticket"), ["closed"]);
}

#[test]
fn an_automatic_mail_gets_no_answer_and_reopens_nothing() {
    let world = World::new().tenant("acme");
    let away = mail("a@example.com").header("Auto-Submitted: auto-replied");
    let (result, number) = filed(&world, &away);
    assert_eq!(result, "created");
    let told = world.rows("SELECT to_address FROM outbox");
    assert_eq!(told, ["ada@acme.example"]);
    close(&world, &number);
    let again = mail("b@example.com")
        .answering("a@example.com")
        .header("Precedence: bulk");
    assert_eq!(filed(&world, &again).0, "continued");
    assert_eq!(world.rows("SELECT state FROM ticket"), ["closed"]);
}

#[test]
fn a_bounce_of_our_mail_is_a_note_and_answers_nobody() {
    let world = World::new().tenant("acme");
    let (_, number) = filed(&world, &mail("a@example.com"));
    let ours = our_id(&world, "ana@example.com");
    let letters = world.number("SELECT count(*) FROM outbox");
    let bounce = mail("b@mx.example.com")
        .from("MAILER-DAEMON@mx.example.com")
        .subject("Undelivered Mail Returned to Sender")
        .answering(&ours);
    assert_eq!(filed(&world, &bounce), ("continued".to_owned(), number));
    assert!(entries(&world)[1].starts_with("note|"));
    let stray = mail("c@mx.example.com").from("MAILER-DAEMON@mx.example.com");
    assert_eq!(filed(&world, &stray).0, "created");
    assert_eq!(world.number("SELECT count(*) FROM outbox"), letters);
}

#[test]
fn our_own_mail_coming_back_is_kept_and_dropped() {
    let world = World::new().tenant("acme");
    let own = mail("a@example.com").from("Acme help <help@acme.example>");
    let page = post(&world, &own);
    let expected = json!({ "result": "dropped", "number": null });
    assert_eq!((page.status, page.json()), (200, expected));
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 0);
    assert_eq!(world.rows("SELECT result FROM inbound_mail"), ["dropped"]);
    let again = json!({ "result": "duplicate", "number": null });
    assert_eq!(post(&world, &own).json(), again);
    let (_, number) = filed(&world, &mail("b@example.com"));
    let echo = mail(&our_id(&world, "ana@example.com"));
    assert_eq!(filed(&world, &echo), ("duplicate".to_owned(), number));
}
