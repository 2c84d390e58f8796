//! What of a mail counts: what it says anew, how urgent it is, and all whom it is to.

use realmdesk_tests::World;

use super::{Mail, entries, filed, mail, our_id, posted_to};

fn set(world: &World, key: &str, value: &str) {
    world.execute(&format!(
        "INSERT INTO setting (tenant_id, realm_id, key, value) VALUES (1, 1, '{key}', '{value}')
         ON CONFLICT DO UPDATE SET value = excluded.value"
    ));
}

/// What is added to the thread of a ticket by a mail that answers one of ours.
fn answered(world: &World, text: &str) -> String {
    filed(world, &mail("first@example.com"));
    let ours = our_id(world, "ana@example.com");
    let number = filed(
        world,
        &mail("second@example.com").answering(&ours).text(text),
    );
    assert_eq!(number.0, "continued");
    entries(world).pop().unwrap()
}

#[test]
fn in_15_what_an_answer_quotes_of_our_mail_stays_out_of_the_thread() {
    let text = "It is out.\n\nOn Mon, 1 Jan 2026, Help <help@acme.example> wrote:\n\
                > -- reply above this line --\n> Is it out?\n";
    let world = World::new().tenant("acme");
    assert_eq!(answered(&world, text), "message|Ana Lima|It is out.");
    let told = world
        .rows("SELECT text_body LIKE '%Is it out?%' FROM outbox ORDER BY outbox_id DESC LIMIT 1");
    assert_eq!(told, ["0"], "nor do agents read it in their mail");
    let kept = "SELECT count(*) FROM file_chunk
                 WHERE instr(CAST(bytes AS TEXT), 'Is it out?') > 0";
    assert_eq!(world.number(kept), 1, "the mail itself is kept whole");
}

#[test]
fn in_15_a_realm_has_a_line_of_its_own_or_none() {
    let text = "Yes.\n## answer above ##\nIs it out?";
    let world = World::new().tenant("acme");
    assert_eq!(answered(&world, text).lines().count(), 3);
    let world = World::new().tenant("acme");
    set(&world, "reply_separator", "## answer above ##");
    assert_eq!(answered(&world, text), "message|Ana Lima|Yes.");
    let world = World::new().tenant("acme");
    set(&world, "reply_separator", "## answer above ##");
    set(&world, "strip_quoted_reply", "0");
    assert_eq!(answered(&world, text).lines().count(), 3);
}

#[test]
fn th_11_our_mails_begin_with_the_line_that_they_are_answered_above() {
    let world = World::new().tenant("acme");
    filed(&world, &mail("1@example.com"));
    let letters = "SELECT text_body LIKE '-- reply above this line --%',
                          html_body LIKE '%>-- reply above this line --<%' FROM outbox";
    assert_eq!(world.rows(letters), ["1|1", "1|1"]);
    world.execute("DELETE FROM message_reference; DELETE FROM outbox");
    set(&world, "strip_quoted_reply", "0");
    filed(&world, &mail("2@example.com"));
    assert_eq!(world.rows(letters), ["0|0", "0|0"]);
}

#[test]
fn ar_1_a_department_or_a_realm_answers_nobody_by_itself() {
    let to_ana = "SELECT count(*) FROM outbox WHERE to_address = 'ana@example.com'";
    let world = World::new().tenant("acme");
    set(&world, "message_autoresponder", "1");
    let (_, number) = filed(&world, &mail("1@example.com"));
    let again = |id: &str| mail(id).answering("1@example.com");
    filed(&world, &again("2@example.com"));
    assert_eq!(world.number(to_ana), 2);
    world.execute("UPDATE department SET answers_messages = 0");
    assert_eq!(filed(&world, &again("3@example.com")).1, number);
    assert_eq!(world.number(to_ana), 2);
    world.execute("UPDATE department SET answers_tickets = 0");
    filed(&world, &mail("4@example.com"));
    assert_eq!(world.number(to_ana), 2);
    world.execute("UPDATE department SET answers_tickets = 1");
    set(&world, "ticket_autoresponder", "0");
    filed(&world, &mail("5@example.com"));
    assert_eq!(world.number(to_ana), 2);
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 3);
}

#[test]
fn in_14_a_mail_gives_itself_a_priority_where_the_realm_lets_it() {
    let urgent = |id: &str| mail(id).header("Importance: High");
    let world = World::new().tenant("acme");
    filed(&world, &urgent("1@example.com"));
    set(&world, "use_email_priority", "1");
    filed(&world, &urgent("2@example.com"));
    filed(
        &world,
        &mail("3@example.com").header("X-Priority: 5 (Lowest)"),
    );
    filed(&world, &mail("4@example.com").header("X-Priority: ???"));
    let given = world.rows("SELECT priority FROM ticket ORDER BY ticket_id");
    assert_eq!(given, ["2", "3", "1", "2"]);
}

#[test]
fn in_11_a_mail_that_is_nothing_but_another_is_read_as_that() {
    let forwarded = mail("outer@example.com")
        .header("Content-Type: message/rfc822")
        .text(
            "From: Bo <bo@example.com>\nSubject: Leak\nMessage-ID: <inner@example.com>\n\n\
             It drips.",
        );
    let world = World::new().tenant("acme");
    filed(&world, &forwarded);
    let filed = world.rows(
        "SELECT t.subject, u.email, e.body FROM ticket AS t JOIN user AS u USING (user_id)
           JOIN entry AS e USING (ticket_id)",
    );
    assert_eq!(filed, ["Leak|bo@example.com|It drips."]);
    let known = world.rows("SELECT message_id FROM inbound_mail");
    assert_eq!(known, ["outer@example.com"]);
}

/// A mail to the desk and to others.
fn to_all(id: &str) -> Mail {
    let all = "help@acme.example, Sales <Sales@acme.example>, kay@example.com";
    mail(id).header(&format!("To: {all}"))
}

#[test]
fn in_19_whoever_works_the_other_addresses_of_a_mail_sees_its_ticket() {
    let world = World::new().tenant("acme");
    world.execute(
        "INSERT INTO mail_address (address, tenant_id, realm_id, name, secret_hash, department_id)
         VALUES ('sales@acme.example', 1, 1, 'Sales', 'x', 2),
                ('more@acme.example', 1, 1, 'More', 'y', 2)",
    );
    let (_, number) = filed(
        &world,
        &to_all("1@example.com").header("Cc: more@acme.example"),
    );
    let referred = format!(
        "SELECT t.department_id, f.department_id, f.realm_id FROM referral AS f
           JOIN ticket AS t USING (ticket_id) WHERE t.number = '{number}'"
    );
    assert_eq!(world.rows(&referred), ["1|2|1"]);
    filed(&world, &mail("2@example.com"));
    assert_eq!(world.number("SELECT count(*) FROM referral"), 1);
}

#[test]
fn in_19_no_other_realms_department_is_shown_a_ticket() {
    let world = World::new().tenant("acme").tenant("sales");
    world.execute("UPDATE mail_address SET address = 'sales@acme.example' WHERE tenant_id = 2");
    filed(&world, &to_all("1@example.com"));
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 1);
    assert_eq!(world.number("SELECT count(*) FROM referral"), 0);
    let world = World::new().parent();
    world.execute(
        "UPDATE mail_address SET department_id =
           (SELECT max(department_id) FROM department WHERE tenant_id = 1)",
    );
    let to_both = mail("2@example.com").header("To: help@sp2.example, help@c1bi.example");
    assert_eq!(world.send(posted_to("sp2", to_both.bytes())).status, 201);
    assert_eq!(world.number("SELECT count(*) FROM referral"), 0);
}
