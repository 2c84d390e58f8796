//! Fields for time zones, departments, agents, states and flags (FO-2), and who is offered what.

use realmdesk_tests::dispatch::{Call, Page};
use realmdesk_tests::world::ticket_call;
use realmdesk_tests::{World, html};
use serde_json::{Value, json};
use tenancy::token;

/// The reference tree, where every ticket is asked for one thing of each kind, from 91 on.
fn asking() -> World {
    let world = World::new().parent();
    let top = world.number("SELECT realm_id FROM realm WHERE name = 'P'");
    world.execute(&format!(
        "INSERT INTO form (tenant_id, form_id, realm_id, kind, title)
         VALUES (1, 9, {top}, 'ticket', 'More')"
    ));
    for (at, kind) in [
        (1, "timezone"),
        (2, "department"),
        (3, "agent"),
        (4, "state"),
        (5, "flag"),
    ] {
        world.execute(&format!(
            "INSERT INTO field (tenant_id, field_id, form_id, name, label, kind, position)
             VALUES (1, 9{at}, 9, 'a_{kind}', 'The {kind}', '{kind}', {at})"
        ));
    }
    world.execute(
        "UPDATE department SET is_public = 0 WHERE tenant_id = 1 AND name = 'Maintenance'",
    );
    world
}

fn email(realm: &str) -> String {
    format!("agent@{}.example", realm.to_lowercase())
}

fn permit(world: &World, realm: &str) {
    let hash = token::digest(&format!("{realm}-key"));
    world.execute(&format!(
        "UPDATE api_key SET permissions = '[\"tickets:read\",\"tickets:write\"]'
          WHERE key_hash = '{hash}'"
    ));
}

fn patch(world: &World, realm: &str, number: &str, fields: &Value) -> Page {
    let path = format!("/api/v1/tickets/{number}");
    let call = Call::new("PATCH".parse().unwrap(), &path)
        .header("x-api-key", &format!("{realm}-key"))
        .header("if-match", "*");
    world.send(call.body(json!({ "fields": fields }).to_string()))
}

fn stored(world: &World) -> Vec<String> {
    world.rows("SELECT field_id, text, number FROM field_value ORDER BY field_id")
}

fn id(world: &World, department: &str) -> i64 {
    world.number(&format!(
        "SELECT department_id FROM department WHERE tenant_id = 1 AND name = '{department}'"
    ))
}

#[test]
fn fo_2_each_is_stored_as_what_people_read_and_told_over_rest() {
    let world = asking();
    let fields = json!({
        "a_timezone": "Europe/Berlin", "a_department": "Support", "a_agent": email("P"),
        "a_state": "closed", "a_flag": "Overdue",
    });
    let page = world.send(ticket_call("p", &fields));
    assert_eq!(page.status, 201, "{}", page.text());
    let number = page.text().to_owned();
    let expected = [
        "91|Europe/Berlin|NULL".to_owned(),
        format!("92|Support|{}", id(&world, "Support")),
        "93|Agent of P|NULL".to_owned(),
        "94|Closed|NULL".to_owned(),
        "95|Overdue|NULL".to_owned(),
    ];
    assert_eq!(stored(&world), expected);
    permit(&world, "p");
    let changed =
        json!({ "a_flag": "answered", "a_department": id(&world, "Maintenance").to_string() });
    let told = patch(&world, "p", &number, &changed);
    assert_eq!(told.status, 200, "{} {:?}", told.text(), world.log.take());
    let expected = json!({
        "a_timezone": "Europe/Berlin", "a_department": "Maintenance", "a_agent": "Agent of P",
        "a_state": "Closed", "a_flag": "Answered",
    });
    assert_eq!(told.json()["fields"], expected);
    let page = world
        .browser("p.localhost")
        .signed_in(&email("P"))
        .get(&format!("/queues/tickets/{number}"));
    for shown in ["The timezone", "Europe/Berlin", "Agent of P", "Answered"] {
        assert!(page.text().contains(shown), "{shown}");
    }
}

#[test]
fn what_is_none_of_them_is_refused_with_what_was_typed_kept() {
    let world = asking();
    for (field, wrong) in [
        ("a_timezone", "Europe/Atlantis"),
        ("a_timezone", "' OR 1"),
        ("a_department", "Nowhere"),
        ("a_department", "-1"),
        ("a_agent", "nobody@p.example"),
        ("a_state", "archived"),
        ("a_flag", "onhold"),
    ] {
        let page = world.send(ticket_call("p", &json!({ field: wrong })));
        assert_eq!(page.status, 500, "{wrong}");
        assert!(page.text().contains("Unknown or invalid input"));
    }
    let mut agent = world.browser("p.localhost").signed_in(&email("P"));
    let typed = [
        ("name", "Ana"),
        ("email", "ana@example.com"),
        ("subject", "Kept <words>"),
        ("message", "Hi"),
        ("field_91", "Europe/Atlantis"),
    ];
    let page = agent.submit("/queues/new", &typed);
    assert_eq!(page.status, 422);
    assert!(page.text().contains("id=\"field_91-problem\""));
    assert!(page.text().contains("Kept &#60;words&#62;"));
    assert_eq!(world.number("SELECT count(*) FROM field_value"), 0);
}

#[test]
fn users_are_offered_public_departments_and_no_agents() {
    let world = asking();
    let mut portal = world.browser("p.localhost");
    let page = portal.get("/open?topic=1");
    let text = page.text();
    assert!(text.contains(">Support<") && !text.contains("Maintenance"));
    assert!(text.contains("field_92") && !text.contains("field_93"));
    assert!(text.contains("<option value=\"Africa/Abidjan\""));
    assert!(!text.contains(&email("P")) && !text.contains("Agent of P"));
    let form = html::form(text, "/open").unwrap();
    let refused = |department: &str| {
        let typed = [
            ("topic", "1"),
            ("name", "Ana"),
            ("email", "ana@example.com"),
            ("subject", "Hi"),
            ("message", "Hi"),
            ("field_92", department),
        ];
        let page = world.browser("p.localhost").submit("/open", &typed);
        assert_eq!(page.status, 422);
        let (_, beside) = page.text().split_once("id=\"field_92-problem\"").unwrap();
        beside.split("</div>").next().unwrap().to_owned()
    };
    assert_eq!(
        refused(&id(&world, "Maintenance").to_string()),
        refused("4711")
    );
    let typed = [
        ("topic", "1"),
        ("name", "Ana"),
        ("email", "ana@example.com"),
        ("subject", "Hi"),
        ("message", "Hi"),
        ("field_93", &*email("P")),
        ("field_94", "open"),
    ];
    assert_eq!(portal.send_form(&form, &typed).status, 303);
    assert_eq!(
        stored(&world),
        ["94|Open|NULL"],
        "nobody asked for an agent"
    );
}

#[test]
fn t_31_agents_are_offered_those_that_they_see_and_others_are_like_none() {
    let world = asking();
    let mut p = world.browser("p.localhost").signed_in(&email("P"));
    let realm = world.number("SELECT realm_id FROM realm WHERE name = 'SP3'");
    let page = p.get(&format!("/queues/new?in={realm}"));
    for seen in [email("P"), email("SP3")] {
        assert!(page.text().contains(&format!("value=\"{seen}\"")), "{seen}");
    }
    assert!(!page.text().contains(&email("SP1")), "not above it");
    let mut sp3 = world.browser("p.localhost").signed_in(&email("SP3"));
    let page = sp3.get("/queues/new");
    assert!(page.text().contains(&format!("value=\"{}\"", email("SP3"))));
    assert!(
        !page.text().contains(&email("P")),
        "P's are not theirs to see"
    );
    let mut refused = |agent: &str| {
        let typed = [
            ("name", "Ana"),
            ("email", "ana@example.com"),
            ("subject", "Hi"),
            ("message", "Hi"),
            ("field_93", agent),
        ];
        let page = sp3.submit("/queues/new", &typed);
        assert_eq!(page.status, 422);
        let (_, beside) = page.text().split_once("id=\"field_93\"").unwrap();
        beside.to_owned()
    };
    assert_eq!(refused(&email("P")), refused("nobody@p.example"));
}

#[test]
fn t_58_programs_name_those_of_their_keys_realm() {
    let world = asking();
    for realm in ["p", "sp3"] {
        permit(&world, realm);
    }
    let number = world.ticket("sp3", "Printer");
    let by = |realm: &str, agent: &str| {
        let page = patch(&world, realm, &number, &json!({ "a_agent": agent }));
        (page.status, page.text().to_owned())
    };
    assert_eq!(by("p", &email("SP3")).0, 200);
    assert_eq!(by("sp3", &email("SP3")).0, 200);
    let hidden = by("sp3", &email("P"));
    assert_eq!(hidden, by("sp3", "nobody@p.example"));
    assert_eq!(hidden.0, 422);
    let call = |agent: &str| {
        let page = world.send(ticket_call("sp3", &json!({ "a_agent": agent })));
        (page.status, page.text().to_owned())
    };
    assert_eq!(call(&email("SP3")).0, 201);
    assert_eq!(call(&email("P")), call("nobody@p.example"));
}
