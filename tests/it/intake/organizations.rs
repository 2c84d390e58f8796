//! What organizations do to the new tickets of their users (US-4, IN-21).

use desk::setting::Key;
use realmdesk_tests::World;
use realmdesk_tests::dispatch::Call;
use realmdesk_tests::world::ticket_call;
use serde_json::json;

use super::{PORTAL, acme, call, mailed, set};

const ORGANIZATION: &str = "018bcfe5-6800-7707-8707-07070707070a";

/// Gives a realm an organization that users of `example.com` join, looked after by this agent.
fn organization(world: &World, realm: &str, manager: &str) {
    world.execute(&format!(
        "INSERT INTO organization (tenant_id, organization_id, realm_id, name, manager_id,
                                   assigns_manager)
         SELECT r.tenant_id, '{ORGANIZATION}', r.realm_id, 'Examples', a.agent_id, 1
           FROM realm AS r JOIN agent AS a ON a.tenant_id = r.tenant_id
          WHERE r.name = '{realm}' AND a.email = '{manager}'"
    ));
    world.execute(
        "INSERT INTO organization_domain (tenant_id, realm_id, domain, organization_id)
         SELECT tenant_id, realm_id, 'example.com', organization_id FROM organization",
    );
}

/// The address of whoever got the newest ticket.
fn assigned(world: &World) -> String {
    world.turn(1);
    let sql = "SELECT coalesce(a.email, 'nobody') FROM ticket AS t
                 LEFT JOIN agent AS a ON a.agent_id = t.agent_id
                ORDER BY t.ticket_id DESC LIMIT 1";
    world.rows(sql).remove(0)
}

fn taking_part(world: &World) -> Vec<String> {
    world.turn(1);
    world.rows(
        "SELECT u.email, c.is_active FROM collaborator AS c
           JOIN user AS u ON u.user_id = c.user_id
          WHERE c.ticket_id = (SELECT max(ticket_id) FROM ticket) ORDER BY u.email",
    )
}

fn takes_part(world: &World, who: &str) {
    world.execute(&format!("UPDATE organization SET taking_part = '{who}'"));
}

fn member(world: &World, email: &str, is_primary: bool) {
    world.user("acme.localhost", email, "Somebody");
    world.execute(&format!(
        "UPDATE user SET organization_id = '{ORGANIZATION}', is_primary_contact = {}
          WHERE email = '{email}'",
        u8::from(is_primary)
    ));
}

#[test]
fn in_21_the_account_manager_gets_the_ticket_at_every_door() {
    let (world, _) = acme();
    organization(&world, "Acme", "ada@acme.example");
    let from = |name: &str| format!("{name}@example.com");
    world.meter.take_trips();
    assert_eq!(call(&world, &json!({ "email": from("api") })).status, 201);
    assert_eq!(world.meter.take_trips(), 2);
    assert_eq!(
        assigned(&world),
        "ada@acme.example",
        "even to the first of them"
    );
    call(&world, &json!({ "email": from("api") }));
    assert_eq!(
        assigned(&world),
        "ada@acme.example",
        "and to whoever is known"
    );
    let mut typed = PORTAL.to_vec();
    typed[2] = ("email", "portal@example.com");
    let sent = world.browser("acme.localhost").submit("/open", &typed);
    assert_eq!((sent.status, &*assigned(&world)), (303, "ada@acme.example"));
    mailed(
        &world,
        "acme",
        "From: mail@example.com\nSubject: Printer\nMessage-ID: <1@example.com>\n\nIt burns.\n",
    );
    assert_eq!(assigned(&world), "ada@acme.example");
    let body = json!({ "requester": { "email": from("rest"), "name": "R" },
                       "subject": "Printer", "message": "It burns." });
    let sent = Call::post("/api/v1/tickets")
        .header("x-api-key", "acme-key")
        .header("content-type", "application/json");
    assert_eq!(world.send(sent.body(body.to_string())).status, 201);
    assert_eq!(assigned(&world), "ada@acme.example");
    let managed = "SELECT count(*) FROM ticket WHERE agent_id IS NOT NULL";
    assert_eq!(world.number(managed), 5);
    call(&world, &json!({ "email": "stranger@example.org" }));
    assert_eq!(assigned(&world), "nobody");
}

#[test]
fn in_21_a_topic_that_assigns_comes_before_the_account_manager() {
    let (world, ada) = acme();
    organization(&world, "Acme", "ada@acme.example");
    world.execute("UPDATE help_topic SET team_id = 1 WHERE topic_id = 10");
    let ticket = |topic| {
        call(
            &world,
            &json!({ "topicId": topic, "email": "a@example.com" }),
        );
        world.turn(1);
        let sql = "SELECT agent_id, team_id FROM ticket ORDER BY ticket_id DESC LIMIT 1";
        world.rows(sql).remove(0)
    };
    assert_eq!(ticket(10), "NULL|1", "and the manager not beside the team");
    assert_eq!(ticket(1), format!("{}|NULL", ada.id));
    world.execute("UPDATE organization SET assigns_manager = 0");
    assert_eq!(
        ticket(1),
        "NULL|NULL",
        "only where the organization says so"
    );
}

#[test]
fn in_21_a_manager_who_is_not_there_or_does_not_see_the_realm_is_not_assigned() {
    let world = World::new().parent();
    let open = |realm: &str| {
        let fields = json!({ "email": "hank@example.com" });
        assert_eq!(world.send(ticket_call(realm, &fields)).status, 201);
        assigned(&world)
    };
    let managed_by = |realm: &str| {
        let manager = format!("agent@{realm}.example");
        world.execute(&format!(
            "UPDATE organization SET manager_id =
               (SELECT agent_id FROM agent WHERE email = '{manager}')"
        ));
    };
    organization(&world, "SP3", "agent@sp3.example");
    assert_eq!(open("sp3"), "agent@sp3.example");
    assert_eq!(
        open("sp1"),
        "nobody",
        "the same address is another user there"
    );
    managed_by("p");
    assert_eq!(
        open("sp3"),
        "agent@p.example",
        "whoever stands above sees it"
    );
    for elsewhere in ["sp1", "c3a"] {
        managed_by(elsewhere);
        assert_eq!(open("sp3"), "nobody", "{elsewhere}");
    }
    world.execute(
        "INSERT INTO agent_grant (tenant_id, agent_id, realm_id)
         SELECT a.tenant_id, a.agent_id, o.realm_id FROM agent AS a, organization AS o
          WHERE a.email = 'agent@sp1.example'",
    );
    managed_by("sp1");
    assert_eq!(open("sp3"), "agent@sp1.example", "a realm that was granted");
    let closed = "INSERT INTO restriction (tenant_id, realm_id, role_id)
                  SELECT r.tenant_id, r.realm_id, (SELECT max(role_id) FROM role)
                    FROM realm AS r WHERE r.name = 'P'";
    world.execute("UPDATE agent SET role_id = (SELECT min(role_id) FROM role)");
    world.execute(closed);
    assert_eq!(open("sp3"), "nobody", "a realm that is closed to them");
    world.execute(
        "INSERT INTO restriction (tenant_id, realm_id)
         SELECT r.tenant_id, r.realm_id FROM realm AS r WHERE r.name = 'SP3'",
    );
    assert_eq!(open("sp3"), "agent@sp1.example", "and opened again");
    world.execute("UPDATE agent SET is_active = 0 WHERE email = 'agent@sp1.example'");
    assert_eq!(open("sp3"), "nobody");
}

#[test]
fn in_16_mail_of_an_organizations_people_is_taken_though_nobody_knows_them_yet() {
    let (world, _) = acme();
    set(&world, Key::AcceptUnregistered, "0");
    let mail = |from: &str| {
        let text =
            format!("From: {from}\nTo: help@acme.example\nMessage-ID: <{from}>\nSubject: x\n\ny\n");
        mailed(&world, "acme", &text).json()["result"].clone()
    };
    assert_eq!(mail("ana@example.com"), "dropped");
    organization(&world, "Acme", "ada@acme.example");
    assert_eq!(mail("bo@example.com"), "created");
    assert_eq!(mail("bo@example.org"), "dropped");
    world.execute("UPDATE organization_domain SET domain = '.example.org'");
    assert_eq!(mail("bo@mail.example.org"), "created");
    assert_eq!(mail("cy@example.com"), "dropped");
}

#[test]
fn us_4_members_take_part_in_each_others_new_tickets() {
    let (world, _) = acme();
    organization(&world, "Acme", "ada@acme.example");
    member(&world, "boss@example.com", true);
    member(&world, "bo@example.com", false);
    world.user("acme.localhost", "other@example.com", "In no organization");
    let open = || {
        call(&world, &json!({ "email": "ana@example.com" }));
        taking_part(&world)
    };
    assert_eq!(open(), [""; 0], "nobody, unless it is said");
    takes_part(&world, "primary");
    assert_eq!(open(), ["boss@example.com|1"]);
    takes_part(&world, "everybody");
    assert_eq!(open(), ["bo@example.com|1", "boss@example.com|1"]);
    member(&world, "help@acme.example", true);
    member(&world, "ada@acme.example", true);
    let but_ours = ["bo@example.com|1", "boss@example.com|1"];
    assert_eq!(open(), but_ours, "neither our own address nor an agent");
}

#[test]
fn us_4_whoever_a_mail_brings_is_let_in_as_their_organization_says() {
    let (world, _) = acme();
    organization(&world, "Acme", "ada@acme.example");
    takes_part(&world, "everybody");
    member(&world, "bo@example.com", false);
    mailed(
        &world,
        "acme",
        "From: ana@example.com\nTo: help@acme.example\nCc: bo@example.com\n\
         Subject: Printer\nMessage-ID: <1@example.com>\n\nIt burns.\n",
    );
    assert_eq!(taking_part(&world), ["bo@example.com|1"]);
}

#[test]
fn us_4_so_many_of_a_large_organization_take_part() {
    let (world, _) = acme();
    organization(&world, "Acme", "ada@acme.example");
    takes_part(&world, "everybody");
    world.execute(&format!(
        "INSERT INTO user (tenant_id, user_id, realm_id, email, name, created_at, organization_id)
         SELECT 1, 'u' || value, 1, 'u' || value || '@example.com', 'U', 0, '{ORGANIZATION}'
           FROM (WITH RECURSIVE n (value) AS
                   (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 150)
                 SELECT value FROM n)"
    ));
    call(&world, &json!({ "email": "ana@example.com" }));
    assert_eq!(taking_part(&world).len(), 100);
}
