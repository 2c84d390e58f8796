//! Who takes part in a ticket of somebody else's (IN-18, TK-12).

use realmdesk_tests::dispatch::{Call, Page};
use realmdesk_tests::{Browser, MINUTE, SECOND, World, html};
use serde_json::{Value, json};

fn acme() -> World {
    let world = World::new().tenant("acme");
    world.execute("UPDATE api_key SET permissions = '[\"tickets:write\", \"tickets:read\"]'");
    world
}

fn mailed(world: &World, from: &str, headers: &str) -> Page {
    world.turn(SECOND);
    let mail = format!(
        "From: {from}\r\nMessage-ID: <{}@example.com>\r\n{headers}\r\n\r\nIt burns.\r\n",
        world.now().0
    );
    let call = Call::post("/mail/raw?to=help@acme.example");
    world.send(
        call.header("authorization", "Bearer acme-secret")
            .body(mail),
    )
}

/// A ticket of Ana's that Kay takes part in.
fn with_kay(world: &World) -> String {
    let page = mailed(
        world,
        "Ana <ana@example.com>",
        "Subject: Printer\r\nTo: help@acme.example\r\nCc: Kay <Kay@Example.com>",
    );
    page.json()["number"].as_str().unwrap().to_owned()
}

fn taking_part(world: &World) -> Vec<String> {
    world.rows(
        "SELECT u.email, u.name, c.is_active FROM collaborator AS c
           JOIN user AS u ON u.user_id = c.user_id ORDER BY u.email",
    )
}

fn settle(world: &World) {
    world.execute("UPDATE outbox SET to_address = 'before'");
}

fn told(world: &World) -> Vec<String> {
    let told = world.rows(
        "SELECT to_address, subject, text_body FROM outbox
          WHERE to_address LIKE '%@example.%' ORDER BY to_address",
    );
    settle(world);
    told
}

fn set(world: &World, key: &str, value: &str) {
    world.execute(&format!(
        "INSERT INTO setting (tenant_id, realm_id, key, value) VALUES (1, 1, '{key}', '{value}')
         ON CONFLICT DO UPDATE SET value = excluded.value"
    ));
}

fn reply(world: &World, number: &str) {
    world.turn(SECOND);
    let call = Call::post(&format!("/api/v1/tickets/{number}/replies"));
    let call = call.header("x-api-key", "acme-key");
    let page = world.send(call.body(json!({ "body": "Switch it off." }).to_string()));
    assert_eq!(page.status, 201, "{}", page.text());
}

#[test]
fn in_18_whoever_else_a_mail_went_to_takes_part() {
    let world = acme();
    world.execute(
        "INSERT INTO mail_address (address, tenant_id, realm_id, name, secret_hash)
         SELECT 'sales@acme.example', tenant_id, realm_id, 'Sales', 'x' FROM mail_address",
    );
    let page = mailed(
        &world,
        "Ana <ana@example.com>",
        "Subject: Printer\r\nDelivered-To: hidden@example.com\r\n\
         To: help@acme.example, Kay <Kay@Example.com>, sales@acme.example, not an address\r\n\
         Cc: lou@example.org, kay@example.com, ana@example.com, Ada <ada@acme.example>",
    );
    assert_eq!(page.status, 201);
    assert_eq!(
        taking_part(&world),
        ["kay@example.com|Kay|1", "lou@example.org|lou@example.org|1"]
    );
}

#[test]
fn in_18_nobody_is_brought_by_a_mail_that_is_not_to_us_or_from_a_program() {
    for headers in [
        "Subject: x\r\nTo: kay@example.com",
        "Subject: x\r\nTo: help@acme.example, kay@example.com\r\nAuto-Submitted: auto-generated",
    ] {
        let world = acme();
        assert_eq!(mailed(&world, "ana@example.com", headers).status, 201);
        assert_eq!(taking_part(&world), [""; 0], "{headers}");
    }
    let world = acme();
    set(&world, "add_email_collabs", "0");
    with_kay(&world);
    assert_eq!(taking_part(&world), [""; 0]);
}

#[test]
fn in_18_whom_others_bring_waits_until_an_agent_lets_them_in() {
    let world = acme();
    let number = with_kay(&world);
    let headers = format!("Subject: [#{number}]\r\nTo: help@acme.example\r\nCc: eve@example.org");
    let page = mailed(&world, "kay@example.com", &headers);
    assert_eq!(page.json()["result"], "continued");
    assert_eq!(taking_part(&world)[0], "eve@example.org|eve@example.org|0");
    settle(&world);
    reply(&world, &number);
    assert_eq!(told(&world).len(), 2, "Ana and Kay");

    let path = format!("/queues/tickets/{number}");
    let mut ada = world
        .browser("acme.localhost")
        .signed_in("ada@acme.example");
    let listed = ada.get_json(&path).json()["collaborators"].clone();
    let eve = listed
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["name"] != "Kay")
        .unwrap();
    assert_eq!(eve["active"], false);
    let press = |ada: &mut Browser<'_>, change: &str| {
        let token = html::form(ada.get(&path).text(), "/auth/sign-out")
            .unwrap()
            .hidden;
        let user = eve["id"].as_str().unwrap().to_owned();
        let fields = [
            ("change".to_owned(), change.to_owned()),
            ("collaborator".to_owned(), user),
        ];
        let body = html::encoded(&token.into_iter().chain(fields).collect::<Vec<_>>());
        let page = ada.post(&path, &body);
        assert_eq!(
            page.location(),
            format!("{path}?done=collaborators"),
            "{}",
            page.text()
        );
    };
    assert!(ada.get(&path).text().contains("Waits to be let in"));
    press(&mut ada, "let_in");
    assert_eq!(taking_part(&world)[0], "eve@example.org|eve@example.org|1");
    reply(&world, &number);
    assert_eq!(told(&world).len(), 3);
    press(&mut ada, "keep_out");
    reply(&world, &number);
    assert_eq!(told(&world).len(), 2);
    press(&mut ada, "put_out");
    assert_eq!(taking_part(&world).len(), 1);
}

#[test]
fn in_18_the_owner_lets_somebody_in_by_answering_our_mail_and_not_by_an_address_alone() {
    let world = acme();
    let number = with_kay(&world);
    let first = format!("{}@example.com", world.now().0);
    let number_alone = format!("Subject: [#{number}] Printer");
    let own_id = format!("Subject: Printer\r\nIn-Reply-To: <{first}>");
    for known_to_others in [number_alone, own_id] {
        let headers = format!("{known_to_others}\r\nTo: help@acme.example\r\nCc: eve@example.org");
        let page = mailed(&world, "ana@example.com", &headers);
        assert_eq!(page.json()["result"], "continued");
        assert_eq!(taking_part(&world)[0], "eve@example.org|eve@example.org|0");
    }
    let ours = "SELECT message_id FROM message_reference WHERE is_ours = 1 LIMIT 1";
    let ours = world.rows(ours).remove(0);
    let headers = format!(
        "Subject: Printer\r\nIn-Reply-To: <{ours}>\r\nTo: help@acme.example\r\nCc: lou@example.org"
    );
    let page = mailed(&world, "ana@example.com", &headers);
    assert_eq!(page.json()["number"], number.as_str());
    assert_eq!(taking_part(&world)[2], "lou@example.org|lou@example.org|1");
}

#[test]
fn th_5_who_takes_part_writes_to_the_ticket_and_who_waits_does_not() {
    let world = acme();
    let number = with_kay(&world);
    let headers = format!("Subject: [#{number}]\r\nTo: help@acme.example");
    assert_eq!(
        mailed(&world, "Kay <kay@example.com>", &headers).json()["result"],
        "continued"
    );
    assert_eq!(
        world.rows(
            "SELECT e.kind, e.author, u.email FROM entry AS e JOIN user AS u USING (user_id)
              ORDER BY e.created_at, e.entry_id"
        ),
        ["message|Ana|ana@example.com", "message|Kay|kay@example.com"]
    );
    world.execute("UPDATE collaborator SET is_active = 0");
    assert_eq!(
        mailed(&world, "kay@example.com", &headers).json()["result"],
        "created"
    );
}

#[test]
fn u_32_an_address_that_nobody_proved_hears_of_replies_alone_and_of_nothing_typed() {
    let world = acme();
    let number = with_kay(&world);
    settle(&world);
    reply(&world, &number);
    let mails = told(&world);
    assert_eq!(mails.len(), 2);
    let to_kay = &mails[1];
    assert!(
        to_kay.starts_with(&format!("kay@example.com|Re: [#{number}]|")),
        "{to_kay}"
    );
    assert!(to_kay.contains("Switch it off.") && to_kay.contains(&format!("/tickets/{number}")));
    assert!(
        !to_kay.contains("access="),
        "the owner's link is the owner's"
    );
    for typed in ["Printer", "Ana", "burns"] {
        assert!(!to_kay.contains(typed), "{typed}");
    }
    let headers = format!("Subject: [#{number}]\r\nTo: help@acme.example");
    mailed(&world, "ana@example.com", &headers);
    assert_eq!(told(&world), [""; 0]);
    world.execute("UPDATE user SET link_epoch = 2 WHERE email = 'kay@example.com'");
    mailed(&world, "ana@example.com", &headers);
    let mails = told(&world);
    assert_eq!(mails.len(), 1);
    assert!(mails[0].starts_with(&format!("kay@example.com|Re: Printer [#{number}]|")));
    assert!(mails[0].contains("It burns."));
    mailed(&world, "kay@example.com", &headers);
    assert_eq!(told(&world), [""; 0], "not who wrote it");
    world.execute("UPDATE user SET link_epoch = 2 WHERE email = 'ana@example.com'");
    mailed(&world, "kay@example.com", &headers);
    let mails = told(&world);
    assert_eq!(mails.len(), 1, "the owner, now that the address is proved");
    assert!(mails[0].starts_with(&format!("ana@example.com|Re: Printer [#{number}]|")));
    set(&world, "message_autoresponder_collabs", "0");
    mailed(&world, "ana@example.com", &headers);
    assert_eq!(told(&world), [""; 0]);
}

fn kay(world: &World) -> Browser<'_> {
    world
        .browser("acme.localhost")
        .signed_in_by_mail("kay@example.com")
}

#[test]
fn tk_12_who_takes_part_reads_the_ticket_on_the_portal_and_writes_to_it() {
    let world = acme();
    let number = with_kay(&world);
    let other = world.ticket("acme", "Another");
    let mut kay = kay(&world);
    let path = format!("/tickets/{number}");
    let unknown = kay.get("/tickets/000000").raw();
    assert_eq!(kay.get(&format!("/tickets/{other}")).raw(), unknown);
    let page = kay.get(&path);
    assert_eq!(page.status, 200);
    assert!(page.text().contains("It burns."));
    let form = html::form(page.text(), &format!("{path}/message")).unwrap();
    world.turn(MINUTE);
    let sent = kay.send_form(&form, &[("message", "Mine too.")]);
    assert_eq!(sent.location(), format!("{path}?added=1"));
    assert_eq!(
        world.rows("SELECT author, body FROM entry ORDER BY created_at DESC LIMIT 1"),
        ["Kay|Mine too."]
    );
    let hides = |sql: &str| {
        let mark = world.mark();
        world.execute(sql);
        let unknown = kay.get("/tickets/000000").raw();
        assert_eq!(kay.get(&path).raw(), unknown, "{sql}");
        let sent = kay.send_form(&form, &[("message", "x")]);
        assert_eq!(sent.status, 404, "{sql}");
        world.rewind(&mark);
    };
    let mut hides = hides;
    hides("UPDATE collaborator SET is_active = 0");
    hides("DELETE FROM collaborator");
    hides(
        "INSERT INTO setting (tenant_id, realm_id, key, value)
         VALUES (1, 1, 'collaborator_ticket_visibility', '0')",
    );
    hides(
        "INSERT INTO realm (tenant_id, realm_id, parent_id, path, name)
         SELECT tenant_id, 50, realm_id, path || 'b9', 'Depot' FROM realm WHERE realm_id = 1;
         UPDATE ticket SET realm_id = 50 WHERE subject = 'Printer'",
    );
    assert_eq!(kay.get(&path).status, 200);
}

#[test]
fn t_19_who_takes_part_follows_the_ticket_to_its_new_realm() {
    let world = acme();
    with_kay(&world);
    world.execute(
        "INSERT INTO realm (tenant_id, realm_id, parent_id, path, name)
         SELECT tenant_id, 50, realm_id, path || 'b9', 'Depot' FROM realm WHERE realm_id = 1;
         UPDATE ticket SET realm_id = 50",
    );
    assert_eq!(world.rows("SELECT realm_id FROM collaborator"), ["50"]);
}

#[test]
fn t_61_an_agent_out_of_sight_lets_nobody_in() {
    let world = World::new().parent();
    let number = world.ticket("sp1", "Printer");
    let kay = world.user("sp1.localhost", "kay@example.com", "Kay");
    world.execute(&format!(
        "INSERT INTO collaborator (tenant_id, ticket_id, user_id, realm_id, is_active, created_at)
         SELECT tenant_id, ticket_id, '{kay}', realm_id, 0, 1 FROM ticket"
    ));
    let mut sp3 = world.browser("p.localhost").signed_in("agent@sp3.example");
    let token = html::form(sp3.get("/queues/open").text(), "/auth/sign-out")
        .unwrap()
        .hidden;
    let ask = |sp3: &mut Browser<'_>, number: &str| {
        let fields = [("change", "let_in"), ("collaborator", kay.as_str())];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let all: Vec<_> = token.iter().cloned().chain(fields).collect();
        sp3.post(&format!("/queues/tickets/{number}"), &html::encoded(&all))
            .raw()
    };
    assert_eq!(ask(&mut sp3, &number), ask(&mut sp3, "000000"));
    assert_eq!(world.rows("SELECT is_active FROM collaborator"), ["0"]);
    let page: Value = json!(sp3.get(&format!("/queues/tickets/{number}")).status);
    assert_eq!(page, 404);
}
