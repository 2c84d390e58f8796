//! Whether a ticket is answered: whose word was the last.

use realmdesk_tests::dispatch::Call;
use realmdesk_tests::{World, html};
use serde_json::json;

use super::{acme, item, listed, patch, send, wrong};

fn is_answered(world: &World, number: &str) -> bool {
    let ticket = item(world, "acme", &format!("/tickets/{number}"));
    let queue = |queue: &str| {
        let page = item(world, "acme", &format!("/tickets?queue={queue}"));
        listed(&page, "number").contains(&number.to_owned())
    };
    let is_answered = ticket["answered"].as_bool().unwrap();
    if ticket["status"] == "open" {
        assert_eq!(queue("answered"), is_answered);
        assert_eq!(queue("unanswered"), !is_answered);
    }
    is_answered
}

fn reply(world: &World, number: &str) {
    let body = json!({ "body": "Water is on its way." });
    let page = send(world, "acme", &format!("/tickets/{number}/replies"), &body);
    assert_eq!(page.status, 201, "{}", page.text());
}

/// A mail from the requester.
fn write(world: &World, number: &str, id: &str, more: &str) {
    let mail = format!(
        "From: Ana Lima <ana@example.com>\r\nSubject: Re: [#{number}]\r\n{more}\
         Message-ID: <{id}@example.com>\r\n\r\nStill burning.\r\n"
    );
    let call = Call::post("/mail/raw?to=help@acme.example")
        .header("authorization", "Bearer acme-secret")
        .body(mail);
    assert_eq!(world.send(call).json()["result"], "continued");
}

#[test]
fn a_reply_answers_a_ticket_and_a_message_asks_again() {
    let world = acme();
    let number = world.ticket("acme", "Printer on fire");
    assert!(!is_answered(&world, &number));
    reply(&world, &number);
    assert!(is_answered(&world, &number));
    let note = json!({ "body": "Between us." });
    send(&world, "acme", &format!("/tickets/{number}/notes"), &note);
    assert!(is_answered(&world, &number), "a note is no word to anybody");
    write(&world, &number, "1", "Auto-Submitted: auto-replied\r\n");
    assert!(is_answered(&world, &number), "a program asks for nothing");
    write(&world, &number, "2", "");
    assert!(!is_answered(&world, &number));
    reply(&world, &number);
    let mut ana = world
        .browser("acme.localhost")
        .signed_in_by_mail("ana@example.com");
    let page = ana.get(&format!("/tickets/{number}"));
    let form = html::form(page.text(), &format!("/tickets/{number}/message")).unwrap();
    let sent = ana.send_form(&form, &[("message", "Still burning.")]);
    assert_eq!(sent.status, 303, "{}", sent.text());
    assert!(!is_answered(&world, &number));
}

#[test]
fn a_ticket_that_is_opened_again_is_not_answered() {
    let world = acme();
    let number = world.ticket("acme", "Printer on fire");
    reply(&world, &number);
    let change = |status: &str| {
        let body = json!({ "status": status });
        let page = world.send(patch("acme", &format!("/tickets/{number}"), &body));
        assert_eq!(page.status, 200, "{}", page.text());
    };
    change("closed");
    assert!(is_answered(&world, &number));
    change("open");
    assert!(!is_answered(&world, &number));
}

#[test]
fn queues_of_persons_and_days_are_not_for_programs() {
    let world = acme();
    for queue in ["mine", "assigned-to-me", "closed-today", "theirs"] {
        let page = super::read(&world, "acme", &format!("/tickets?queue={queue}"));
        assert_eq!(wrong(&page), ["?queue"], "{queue}");
    }
}

#[test]
fn ar_7_nobody_replies_to_whoever_is_banned() {
    let world = acme();
    let number = world.ticket("acme", "Printer on fire");
    world.execute(
        "INSERT INTO filter_rule (tenant_id, filter_id, rule_id, what, operator, value)
         VALUES (1, 1, 2, 'email', 'equal', 'ana@example.com')",
    );
    let letters = world.number("SELECT count(*) FROM outbox");
    let reply = |what: &str| {
        let body = json!({ "body": "We are on it." });
        send(&world, "acme", &format!("/tickets/{number}/{what}"), &body)
    };
    assert_eq!(wrong(&reply("replies")), ["/body"]);
    assert_eq!(world.number("SELECT count(*) FROM outbox"), letters);
    assert_eq!(reply("notes").status, 201, "agents may say what they think");
    world.execute("DELETE FROM filter_rule WHERE rule_id = 2");
    assert_eq!(reply("replies").status, 201);
}
