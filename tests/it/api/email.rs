//! `POST /api/tickets.email`: whole mails behind an API key, as osTicket's script for mail servers
//! posts them. The script makes exit codes of the statuses.

use realmdesk_tests::World;
use realmdesk_tests::dispatch::{Call, Page};

use super::{set_key, told};

fn mail(to: &str, id: &str, more: &str) -> String {
    format!(
        "From: Ana Lima <ana@example.com>\r\nTo: {to}\r\nMessage-ID: <{id}>\r\n\
         Subject: Printer on fire\r\n{more}\r\nIt burns.\r\n"
    )
}

fn posted(key: &str, mail: impl Into<Vec<u8>>) -> Call {
    Call::post("/api/tickets.email")
        .header("x-api-key", key)
        .header("user-agent", "osTicket API Client v1.14")
        .body(mail.into())
}

fn post(world: &World, mail: &str) -> Page {
    world.send(posted("acme-key", mail))
}

#[test]
fn a_mail_opens_a_ticket_and_its_answer_goes_on_with_it() {
    let world = World::new().tenant("acme");
    world.meter.take_trips();
    let first = post(&world, &mail("help@acme.example", "a@example.com", ""));
    assert_eq!((first.status, world.meter.take_trips()), (201, 2));
    let number = world.rows("SELECT number FROM ticket").concat();
    assert_eq!(first.text(), number);
    assert_eq!(first.header("content-type"), "text/html; charset=UTF-8");
    let answer = mail(
        "help@acme.example",
        "b@example.com",
        "In-Reply-To: <a@example.com>\r\n",
    );
    assert_eq!(told(&post(&world, &answer)), (201, &*number));
    assert_eq!(
        told(&post(&world, &answer)),
        (201, &*number),
        "a second copy"
    );
    assert_eq!(world.number("SELECT count(*) FROM entry"), 2);
    assert_eq!(
        world.rows("SELECT source, ip, user_id IS NOT NULL FROM ticket"),
        ["Email|NULL|1"]
    );
    assert_eq!(
        world.rows("SELECT address, result FROM inbound_mail ORDER BY message_id"),
        ["help@acme.example|created", "help@acme.example|continued"]
    );
}

#[test]
fn the_first_address_of_ours_says_where_the_ticket_goes() {
    let world = World::new().tenant("acme");
    world.execute(
        "INSERT INTO mail_address (address, tenant_id, realm_id, name, department_id, topic_id,
                                   secret_hash)
         VALUES ('sales@acme.example', 1, 1, 'Sales', 3, 10, 'x')",
    );
    let filed = |to: &str, id: &str, more: &str| {
        let page = post(&world, &mail(to, id, more));
        let sql = format!(
            "SELECT department_id, topic_id FROM ticket WHERE number = '{}'",
            page.text()
        );
        world.rows(&sql).concat()
    };
    let both = "Bo <bo@example.com>, Sales <Sales@Acme.example>, help@acme.example";
    assert_eq!(filed(both, "1@example.com", ""), "3|10");
    assert_eq!(filed("nobody@acme.example", "2@example.com", ""), "1|NULL");
    let delivered = "Delivered-To: sales@acme.example\r\n";
    assert_eq!(
        filed("list@example.com", "3@example.com", delivered),
        "3|10"
    );
}

#[test]
fn another_realms_address_routes_nothing() {
    let world = World::new().tenant("acme").tenant("globex");
    let page = post(&world, &mail("help@globex.example", "a@example.com", ""));
    assert_eq!(page.status, 201);
    let filed = "SELECT DISTINCT tenant_id FROM ticket
                  UNION SELECT tenant_id FROM inbound_mail";
    assert_eq!(world.rows(filed), ["1"]);
}

#[test]
fn each_status_makes_the_mail_server_do_what_is_right() {
    let world = World::new().tenant("acme");
    let whole = mail("help@acme.example", "a@example.com", "");
    let refused = |call: Call, expected: (u16, &str)| {
        assert_eq!(told(&world.send(call)), expected);
        assert_eq!(world.number("SELECT count(*) FROM inbound_mail"), 0);
    };
    // 400 and 401 send it back.
    let unreadable = (400, "Unable to read email request");
    refused(posted("acme-key", ""), unreadable);
    refused(posted("acme-key", "no headers at all"), unreadable);
    refused(posted("acme-key", b"\0\xff".to_vec()), unreadable);
    let required = (401, "Valid API key required");
    refused(posted("no-key", whole.clone()), required);
    refused(posted("no-key", ""), required);
    refused(
        Call::post("/api/tickets.email").body(whole.clone()),
        required,
    );
    set_key(&world, "acme-key", "can_create_tickets = 0");
    let unauthorized = (401, "API key not authorized");
    refused(posted("acme-key", whole.clone()), unauthorized);
    refused(posted("acme-key", ""), unauthorized);
    set_key(&world, "acme-key", "can_create_tickets = 1");
    // Only 500 has it kept and tried again.
    world.execute("UPDATE tenant SET status = 'suspended'");
    refused(
        posted("acme-key", whole.clone()),
        (500, "Help desk is offline"),
    );
    world.execute("UPDATE tenant SET status = 'active'");
    world.meter.set_broken(true);
    let unknown = "Unable to create new ticket :unknown error";
    assert_eq!(
        told(&world.send(posted("acme-key", whole.clone()))),
        (500, unknown)
    );
    world.meter.set_broken(false);
    assert_eq!(world.log.take().len(), 1);
    assert_eq!(world.send(posted("acme-key", whole)).status, 201);
}

#[test]
fn our_own_mail_coming_back_is_done_with_and_has_no_number() {
    let world = World::new().tenant("acme");
    let loops = "From: help@acme.example\r\nSubject: x\r\n\r\ny\r\n";
    assert_eq!(told(&post(&world, loops)), (201, ""));
    assert_eq!(world.rows("SELECT result FROM inbound_mail"), ["dropped"]);
}
