//! Which agents hear of what happens to a ticket (osTicket 1.15), and what users are told.

mod opened;
mod overdue;

use realmdesk_tests::dispatch::{Call, Page};
use realmdesk_tests::{MINUTE, SECOND, World};
use serde_json::{Value, json};
use tenancy::RealmId;

/// A tenant whose key may do everything, with a ticket of Ana's in it.
fn acme() -> (World, String) {
    let world = World::new().tenant("acme");
    world.execute("UPDATE api_key SET permissions = '[\"tickets:write\", \"tickets:read\"]'");
    let number = world.ticket("acme", "Printer on fire");
    settle(&world);
    (world, number)
}

/// Adds an agent `{name}@acme.example` of a realm.
fn hire(world: &World, name: &str, realm: i64) {
    let scope = world.inside("acme");
    let email = format!("{name}@acme.example");
    let agent = world.agent(&scope, &world.id(), RealmId(realm), &email, name);
    world.write(&scope, vec![agent]);
}

fn agent_id(world: &World, name: &str) -> String {
    world
        .rows(&format!(
            "SELECT agent_id FROM agent WHERE email = '{name}@acme.example'"
        ))
        .concat()
}

/// Has an agent answer a ticket, which no door does yet.
fn answer(world: &World, name: &str) {
    let (entry, agent, now) = (world.id(), agent_id(world, name), world.now().0);
    world.execute(&format!(
        "INSERT INTO entry (tenant_id, ticket_id, entry_id, realm_id, kind, agent_id, author,
                            body, source, created_at)
         SELECT tenant_id, ticket_id, '{entry}', realm_id, 'reply', '{agent}', '{name}', 'x',
                'Web', {now} FROM ticket"
    ));
}

fn assign(world: &World, name: &str) {
    let agent = agent_id(world, name);
    world.execute(&format!("UPDATE ticket SET agent_id = '{agent}'"));
}

fn set(world: &World, key: &str, value: &str) {
    world.execute(&format!(
        "INSERT INTO setting (tenant_id, realm_id, key, value) VALUES (1, 1, '{key}', '{value}')
         ON CONFLICT DO UPDATE SET value = excluded.value"
    ));
}

/// Forgets what was mailed so far.
fn settle(world: &World) {
    world.execute("UPDATE outbox SET to_address = 'before'");
}

/// Who was mailed since, and under which subject, in the order of addresses.
fn told(world: &World) -> Vec<String> {
    let told = world.rows(
        "SELECT to_address, subject FROM outbox WHERE to_address <> 'before' ORDER BY to_address",
    );
    settle(world);
    told
}

fn post(world: &World, from: &str, number: &str, more: &str) -> Page {
    world.turn(SECOND);
    let mail = format!(
        "From: {from}\r\nSubject: Re: [#{number}]\r\nMessage-ID: <{}@example.com>\r\n{more}\r\n\
         It still burns.\r\n",
        world.now().0
    );
    let call = Call::post("/mail/raw?to=help@acme.example");
    world.send(
        call.header("authorization", "Bearer acme-secret")
            .body(mail),
    )
}

fn rest(world: &World, method: &str, path: &str, body: &Value) -> Page {
    world.turn(SECOND);
    let call = Call::new(method.parse().unwrap(), &format!("/api/v1/tickets/{path}"));
    let call = call.header("x-api-key", "acme-key").header("if-match", "*");
    world.send(call.body(body.to_string()))
}

fn change(world: &World, number: &str, body: &Value) {
    let page = rest(world, "PATCH", number, body);
    assert_eq!(page.status, 200, "{}", page.text());
}

fn note(world: &World, number: &str) {
    let page = rest(
        world,
        "POST",
        &format!("{number}/notes"),
        &json!({ "body": "Ask Bo." }),
    );
    assert_eq!(page.status, 201, "{}", page.text());
}

const NEW: &str = "New message on ticket";

fn heard(world: &World, number: &str) -> String {
    assert_eq!(post(world, "ana@example.com", number, "").status, 200);
    let told = told(world);
    let names = told.iter().map(|row| {
        let (address, subject) = row.split_once('|').unwrap();
        assert!(
            subject.contains(number) || subject.starts_with(NEW),
            "{subject}"
        );
        address.split('@').next().unwrap().to_owned()
    });
    names.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_message_is_heard_by_who_replied_last_and_who_it_is_assigned_to() {
    let (world, number) = acme();
    for name in ["bo", "cleo", "dora"] {
        hire(&world, name, 1);
    }
    assert_eq!(heard(&world, &number), "ada", "nobody else is there");
    answer(&world, "dora");
    world.turn(SECOND);
    answer(&world, "bo");
    assert_eq!(heard(&world, &number), "bo", "who replied last");
    assign(&world, "cleo");
    assert_eq!(heard(&world, &number), "bo cleo");
    assign(&world, "bo");
    assert_eq!(heard(&world, &number), "bo", "nobody twice");
    set(&world, "message_alert_dept_manager", "1");
    assert_eq!(heard(&world, &number), "ada bo");
    set(&world, "message_alert_laststaff", "0");
    assign(&world, "cleo");
    assert_eq!(heard(&world, &number), "ada cleo");
    set(&world, "message_alert_active", "0");
    assert_eq!(heard(&world, &number), "");
}

#[test]
fn who_does_not_work_any_more_or_wrote_it_does_not_hear_of_it() {
    let (world, number) = acme();
    hire(&world, "bo", 1);
    hire(&world, "cleo", 1);
    answer(&world, "bo");
    assign(&world, "cleo");
    world.execute("UPDATE agent SET is_active = 0 WHERE email = 'bo@acme.example'");
    assert_eq!(heard(&world, &number), "cleo");
    world.execute("UPDATE agent SET is_active = 0 WHERE email = 'cleo@acme.example'");
    assert_eq!(heard(&world, &number), "ada", "no message goes unheard");
    world.execute(
        "UPDATE agent SET is_active = 1 WHERE email = 'cleo@acme.example';
         UPDATE user SET email = 'cleo@acme.example'",
    );
    assert_eq!(post(&world, "cleo@acme.example", &number, "").status, 200);
    assert_eq!(told(&world).len(), 1, "the manager alone");
}

#[test]
fn a_team_hears_while_no_agent_is_assigned() {
    let (world, number) = acme();
    hire(&world, "bo", 1);
    hire(&world, "cleo", 1);
    let bo = agent_id(&world, "bo");
    world.execute(&format!(
        "INSERT INTO team (tenant_id, team_id, realm_id, name) VALUES (1, 77, 1, 'Night');
         INSERT INTO team_member (tenant_id, team_id, agent_id) VALUES (1, 77, '{bo}');
         UPDATE ticket SET team_id = 77"
    ));
    assert_eq!(heard(&world, &number), "bo");
    assign(&world, "cleo");
    assert_eq!(heard(&world, &number), "cleo");
}

#[test]
fn t_61_who_replied_once_and_sees_it_no_more_does_not_hear_of_it() {
    let (world, number) = acme();
    world.execute(
        "INSERT INTO realm (tenant_id, realm_id, parent_id, path, name)
         SELECT tenant_id, 50, realm_id, path || 'b9', 'Depot' FROM realm WHERE realm_id = 1",
    );
    hire(&world, "bo", 50);
    answer(&world, "bo");
    assert_eq!(heard(&world, &number), "ada", "it lies above their realm");
    world.execute("UPDATE agent SET realm_id = 1, is_limited = 1 WHERE name = 'bo'");
    assert_eq!(
        heard(&world, &number),
        "ada",
        "it is none of their departments"
    );
    let bo = agent_id(&world, "bo");
    world.execute(&format!(
        "INSERT INTO department_member (tenant_id, department_id, agent_id)
         SELECT 1, department_id, '{bo}' FROM ticket"
    ));
    assert_eq!(heard(&world, &number), "bo");
    world.execute(
        "INSERT INTO restriction (tenant_id, realm_id, role_id)
         SELECT 1, 1, max(role_id) FROM role",
    );
    assert_eq!(heard(&world, &number), "ada", "the realm is closed to them");
    world.execute("UPDATE restriction SET role_id = NULL");
    assert_eq!(heard(&world, &number), "bo");
}

#[test]
fn a_note_is_told_of_where_a_realm_wants_that() {
    let (world, number) = acme();
    hire(&world, "bo", 1);
    assign(&world, "bo");
    note(&world, &number);
    assert_eq!(told(&world), [""; 0], "not by itself");
    set(&world, "note_alert_active", "1");
    note(&world, &number);
    assert_eq!(
        told(&world),
        ["bo@acme.example|New Internal Activity Alert"]
    );
    set(&world, "note_alert_dept_manager", "1");
    let page = post(&world, "bo@acme.example", &number, "");
    assert_eq!(page.json()["result"], "continued");
    let rows = world.rows("SELECT to_address, text_body FROM outbox WHERE to_address <> 'before'");
    assert_eq!(rows.len(), 1, "not who wrote it: {rows:?}");
    assert!(rows[0].starts_with("ada@acme.example|") && rows[0].contains("It still burns."));
    settle(&world);
    set(&world, "note_alert_assigned", "0");
    set(&world, "note_alert_dept_manager", "0");
    note(&world, &number);
    assert_eq!(told(&world), [""; 0]);
}

#[test]
fn an_agent_hears_of_an_assignment_once() {
    let (world, number) = acme();
    hire(&world, "bo", 1);
    let to_bo = json!({ "assignee": "Bo@acme.example" });
    change(&world, &number, &to_bo);
    let rows = world.rows(
        "SELECT to_name, to_address, subject, text_body FROM outbox
                            WHERE to_address <> 'before'",
    );
    assert_eq!(rows.len(), 1);
    assert!(
        rows[0].starts_with("bo|bo@acme.example|Ticket Assigned to you|"),
        "{rows:?}"
    );
    for part in ["Acme has assigned", &number, "to bo", "/queues/tickets/"] {
        assert!(rows[0].contains(part), "{part}: {rows:?}");
    }
    settle(&world);
    change(&world, &number, &to_bo);
    assert_eq!(told(&world), [""; 0], "it was theirs already");
    change(&world, &number, &json!({ "assignee": null }));
    set(&world, "assigned_alert_staff", "0");
    change(&world, &number, &to_bo);
    assert_eq!(told(&world), [""; 0]);
    let refused = rest(
        &world,
        "PATCH",
        &number,
        &json!({ "assignee": "no@acme.example" }),
    );
    assert_eq!(refused.status, 422);
    assert_eq!(told(&world), [""; 0]);
}

#[test]
fn a_transfer_is_told_of_in_the_new_department() {
    let (world, number) = acme();
    for name in ["bo", "cleo", "dora"] {
        hire(&world, name, 1);
    }
    let (bo, cleo) = (agent_id(&world, "bo"), agent_id(&world, "cleo"));
    world.execute(&format!(
        "INSERT INTO department (tenant_id, department_id, realm_id, name, manager_id)
         VALUES (1, 77, 1, 'Repairs', '{bo}');
         INSERT INTO department_member (tenant_id, department_id, agent_id)
         VALUES (1, 77, '{bo}'), (1, 77, '{cleo}')"
    ));
    let to = |department: i64| json!({ "department": department });
    change(&world, &number, &to(77));
    assert_eq!(told(&world), [""; 0], "not by itself");
    set(&world, "transfer_alert_active", "1");
    change(&world, &number, &to(1));
    assert_eq!(told(&world).len(), 1, "the manager");
    set(&world, "transfer_alert_dept_members", "1");
    change(&world, &number, &to(77));
    let subject = format!("Ticket #{number} transfer - Repairs");
    assert_eq!(
        told(&world),
        [
            format!("bo@acme.example|{subject}"),
            format!("cleo@acme.example|{subject}")
        ]
    );
    assign(&world, "dora");
    set(&world, "transfer_alert_assigned", "1");
    change(&world, &number, &to(1));
    let names: Vec<_> = told(&world);
    assert_eq!(
        names.len(),
        2,
        "members only while nobody is assigned: {names:?}"
    );
    assert!(names[0].starts_with("ada@") && names[1].starts_with("dora@"));
    change(&world, &number, &to(1));
    assert_eq!(told(&world), [""; 0], "it is there already");
}

#[test]
fn t_31_members_hear_where_the_ticket_goes_and_not_where_it_was() {
    let world = World::new().parent();
    world.execute(
        "UPDATE api_key SET permissions = '[\"tickets:write\", \"tickets:read\"]';
         INSERT INTO separation (tenant_id, table_name, direction, realm_from)
         VALUES (1, 'ticket', 'down', 'department')
         ON CONFLICT DO UPDATE SET realm_from = 'department';
         INSERT INTO department (tenant_id, department_id, realm_id, name)
         SELECT 1, 77, realm_id, 'Repairs' FROM realm WHERE name = 'SP1';
         INSERT INTO department_member (tenant_id, department_id, agent_id)
         SELECT 1, 77, agent_id FROM agent WHERE email IN ('agent@sp1.example', 'agent@sp3.example');
         INSERT INTO setting (tenant_id, realm_id, key, value)
         SELECT 1, 1, value, '1'
           FROM json_each('[\"transfer_alert_active\", \"transfer_alert_dept_members\"]')",
    );
    let number = world.ticket("p", "Printer on fire");
    settle(&world);
    let call = Call::new(
        "PATCH".parse().unwrap(),
        &format!("/api/v1/tickets/{number}"),
    );
    let call = call.header("x-api-key", "p-key").header("if-match", "*");
    let page = world.send(call.body(json!({ "department": 77 }).to_string()));
    assert_eq!(page.status, 200, "{}", page.text());
    let told = told(&world);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("agent@sp1.example|"));
}

#[test]
fn a_user_is_told_that_a_message_came_in_where_a_realm_wants_that() {
    let (world, number) = acme();
    set(&world, "message_alert_active", "0");
    assert_eq!(post(&world, "ana@example.com", &number, "").status, 200);
    assert_eq!(told(&world), [""; 0], "not by itself");
    set(&world, "message_autoresponder", "1");
    assert_eq!(post(&world, "ana@example.com", &number, "").status, 200);
    let rows = world.rows(
        "SELECT to_address, to_name, subject, text_body FROM outbox
                            WHERE to_address <> 'before'",
    );
    assert_eq!(rows.len(), 1);
    assert!(
        rows[0].starts_with("ana@example.com||Message Confirmation|"),
        "{rows:?}"
    );
    assert!(rows[0].contains(&format!("#{number}")) && rows[0].contains("?access="));
    for typed in ["burns", "Printer", "Ana"] {
        assert!(!rows[0].contains(typed), "U-32: {typed}");
    }
    settle(&world);
    let robot = "Auto-Submitted: auto-replied\r\n";
    assert_eq!(post(&world, "ana@example.com", &number, robot).status, 200);
    assert_eq!(told(&world), [""; 0], "a program would answer for ever");
    world.execute("UPDATE mail_address SET is_silent = 1");
    assert_eq!(post(&world, "ana@example.com", &number, "").status, 200);
    assert_eq!(told(&world), [""; 0], "the address answers nobody");
}

#[test]
fn th_11_a_reply_answers_the_mail_that_opened_the_ticket() {
    let world = World::new().tenant("acme");
    world.execute("UPDATE api_key SET permissions = '[\"tickets:write\"]'");
    let opened = post(&world, "ana@example.com", "none", "");
    let number = opened.json()["number"].as_str().unwrap().to_owned();
    let opener = world.rows("SELECT message_id FROM inbound_mail").concat();
    assert_eq!(post(&world, "ana@example.com", &number, "").status, 200);
    settle(&world);
    let path = format!("{number}/replies");
    assert_eq!(
        rest(&world, "POST", &path, &json!({ "body": "Off?" })).status,
        201
    );
    assert_eq!(
        world.rows("SELECT in_reply_to FROM outbox WHERE to_address <> 'before'"),
        [opener]
    );
}

#[test]
fn a_reply_of_a_program_is_answered_without_the_number() {
    let (world, number) = acme();
    let reply = rest(
        &world,
        "POST",
        &format!("{number}/replies"),
        &json!({ "body": "Off?" }),
    );
    assert_eq!(reply.status, 201);
    let ours = world
        .rows("SELECT message_id FROM outbox WHERE to_address = 'ana@example.com'")
        .concat();
    world.turn(MINUTE);
    let mail = format!(
        "From: ana@example.com\r\nSubject: still\r\nMessage-ID: <z@example.com>\r\n\
         References: <x@example.com> <{ours}>\r\n\r\nIt still burns.\r\n"
    );
    let call = Call::post("/mail/raw?to=help@acme.example");
    let page = world.send(
        call.header("authorization", "Bearer acme-secret")
            .body(mail),
    );
    assert_eq!(
        page.json(),
        json!({ "result": "continued", "number": number })
    );
}
