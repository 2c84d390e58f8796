//! What programs pick by ids, as osTicket's clients do though no manual says so (Q-11).

use realmdesk_tests::World;
use serde_json::{Value, json};

use super::{create, set_key, xml};

const MAY: &str = r#"permissions = '["tickets:write","users:read"]', can_route = 1"#;
const COLUMNS: &str = "department_id, agent_id, team_id, state, status_id, topic_id";

fn furnished() -> World {
    let world = World::new().tenant("acme");
    world.execute(
        "INSERT INTO team (tenant_id, team_id, realm_id, name) VALUES (1, 5, 1, 'Printers');
         INSERT INTO ticket_status (tenant_id, status_id, name, state, is_active)
         VALUES (1, 20, 'Told', 'closed', 1), (1, 21, 'Gone', 'archived', 1),
                (1, 22, 'Past', 'open', 0);
         INSERT INTO canned_reply (tenant_id, canned_reply_id, realm_id, title, text, is_active)
         VALUES (1, 7, 1, 'Soon', 'We look at %{ticket.number}.', 1),
                (1, 8, 1, 'Old', 'Never.', 0);
         UPDATE mail_address SET department_id = 3, topic_id = 11;",
    );
    world
}

fn ada(world: &World) -> String {
    let sql = "SELECT agent_id FROM agent WHERE email = 'ada@acme.example'";
    world.rows(sql).concat()
}

/// What a ticket with these fields is like.
fn filed(world: &World, fields: &Value) -> String {
    let page = create(world, fields);
    assert_eq!(page.status, 201, "{}", page.text());
    let number = page.text();
    let sql = format!("SELECT {COLUMNS} FROM ticket WHERE number = '{number}'");
    world.rows(&sql).concat()
}

fn people(world: &World) -> Vec<String> {
    world.rows(
        "SELECT u.email FROM collaborator c JOIN user u ON u.user_id = c.user_id ORDER BY u.email",
    )
}

#[test]
fn q_11_what_is_picked_counts_only_for_keys_that_may_pick_it() {
    let world = furnished();
    let kay = world.user("acme.localhost", "kay@acme.example", "Kay");
    let picks = json!({
        "staffId": ada(&world), "teamId": "5", "statusId": 20, "emailId": "Help@acme.example",
        "uid": kay.to_string(), "cannedResponseId": 7, "ccs": [kay.to_string()],
    });
    let plain = filed(&world, &json!({}));
    assert_eq!(plain, "1|NULL|NULL|open|NULL|NULL");
    assert_eq!(filed(&world, &picks), plain, "a key that may open tickets");
    assert_eq!(people(&world), [""; 0]);
    assert_eq!(
        world.number("SELECT count(*) FROM entry WHERE kind = 'reply'"),
        0
    );
    set_key(&world, "acme-key", MAY);
    let ada = ada(&world);
    assert_eq!(filed(&world, &picks), format!("3|{ada}|5|closed|20|11"));
    assert_eq!(
        people(&world),
        [""; 0],
        "whoever raises it takes no part beside that"
    );
}

#[test]
fn q_11_each_thing_takes_the_permission_of_its_own() {
    let world = furnished();
    let kay = world
        .user("acme.localhost", "kay@acme.example", "Kay")
        .to_string();
    let ada = ada(&world);
    let picks = json!({ "staffId": ada, "emailId": "help@acme.example", "uid": kay });
    let as_what = |columns: &str| {
        set_key(&world, "acme-key", columns);
        let page = create(&world, &picks);
        let number = page.text();
        world
            .rows(&format!(
                "SELECT t.agent_id IS NOT NULL, t.department_id, u.email
                   FROM ticket t JOIN user u ON u.user_id = t.user_id WHERE number = '{number}'"
            ))
            .concat()
    };
    let none = "permissions = '[]', can_route = 0";
    assert_eq!(as_what(none), "0|1|ana@example.com");
    let writes = r#"permissions = '["tickets:write"]', can_route = 0"#;
    assert_eq!(as_what(writes), "1|1|ana@example.com");
    let reads = r#"permissions = '["users:read"]', can_route = 0"#;
    assert_eq!(as_what(reads), "0|1|kay@acme.example");
    assert_eq!(
        as_what("permissions = '[]', can_route = 1"),
        "0|3|ana@example.com"
    );
}

#[test]
fn q_11_an_assign_id_names_an_agent_or_a_team() {
    let world = furnished();
    set_key(&world, "acme-key", MAY);
    let ada = ada(&world);
    let assigned = |id: &str| filed(&world, &json!({ "assignId": id }));
    assert_eq!(
        assigned(&format!("s{ada}")),
        format!("1|{ada}|NULL|open|NULL|NULL")
    );
    assert_eq!(assigned("t5"), "1|NULL|5|open|NULL|NULL");
    for odd in ["5", "s5", "t", "tx", &format!("t{ada}"), "x5", "s"] {
        assert_eq!(assigned(odd), "1|NULL|NULL|open|NULL|NULL", "{odd}");
    }
}

#[test]
fn q_11_what_is_not_to_be_had_counts_as_not_picked() {
    let world = furnished().tenant("globex");
    set_key(&world, "acme-key", MAY);
    let theirs = "SELECT agent_id FROM agent WHERE email = 'ada@globex.example'";
    let agent = world.rows(theirs).concat();
    let user = world
        .user("globex.localhost", "gil@globex.example", "Gil")
        .to_string();
    let plain = filed(&world, &json!({}));
    for (field, value) in [
        ("staffId", json!(agent)),
        ("staffId", json!(1)),
        ("teamId", json!(6)),
        ("statusId", json!(21)),
        ("statusId", json!(22)),
        ("statusId", json!(-1)),
        ("emailId", json!("help@globex.example")),
        ("emailId", json!({ "a": 1 })),
        ("uid", json!(user)),
        ("cannedResponseId", json!(8)),
        ("ccs", json!([user, agent, null, 7, { "a": [] }])),
        ("ccs", json!(true)),
    ] {
        assert_eq!(filed(&world, &json!({ field: value })), plain, "{field}");
    }
    assert_eq!(people(&world), [""; 0]);
    let others = "SELECT count(*) FROM ticket t JOIN user u USING (user_id)
                   WHERE u.email <> 'ana@example.com'";
    assert_eq!(world.number(others), 0);
    world.execute("UPDATE agent SET is_active = 0 WHERE tenant_id = 1");
    assert_eq!(filed(&world, &json!({ "staffId": ada(&world) })), plain);
}

#[test]
fn q_11_a_user_may_be_named_by_their_id_alone() {
    let world = furnished();
    set_key(&world, "acme-key", MAY);
    let kay = world
        .user("acme.localhost", "kay@acme.example", "Kay")
        .to_string();
    let page = create(&world, &json!({ "uid": kay, "name": "", "email": "" }));
    assert_eq!(page.status, 201, "{}", page.text());
    assert_eq!(world.rows("SELECT author FROM entry"), ["Kay"]);
    world.execute(
        "INSERT INTO filter_rule (tenant_id, filter_id, rule_id, what, operator, value)
         SELECT tenant_id, filter_id, 90, 'email', 'equal', 'kay@acme.example' FROM filter
          WHERE tenant_id = 1 AND is_ban_list = 1",
    );
    let banned = create(&world, &json!({ "uid": kay }));
    assert_eq!(
        banned.status, 403,
        "the ban list holds for whoever is named"
    );
}

#[test]
fn q_11_a_canned_reply_answers_and_others_take_part() {
    let world = furnished();
    set_key(&world, "acme-key", MAY);
    let kay = world
        .user("acme.localhost", "kay@acme.example", "Kay")
        .to_string();
    let lou = world
        .user("acme.localhost", "lou@acme.example", "Lou")
        .to_string();
    let page = create(
        &world,
        &json!({ "cannedResponseId": "7", "ccs": [kay, lou, kay] }),
    );
    let number = page.text();
    assert_eq!(
        world.rows("SELECT body FROM entry WHERE kind = 'reply'"),
        [format!("We look at {number}.")]
    );
    assert_eq!(people(&world), ["kay@acme.example", "lou@acme.example"]);
    assert_eq!(world.number("SELECT min(is_active) FROM collaborator"), 1);
}

#[test]
fn q_11_the_xml_form_picks_too_and_a_filter_has_the_last_word() {
    let world = furnished();
    set_key(&world, "acme-key", MAY);
    let kay = world
        .user("acme.localhost", "kay@acme.example", "Kay")
        .to_string();
    let lou = world
        .user("acme.localhost", "lou@acme.example", "Lou")
        .to_string();
    let picks =
        format!("<statusId>20</statusId><assignId>t5</assignId><ccs>{kay}</ccs><ccs>{lou}</ccs>");
    assert_eq!(xml::post(&world, xml::ticket(&picks)).status, 201);
    assert_eq!(
        world.rows("SELECT team_id, status_id FROM ticket"),
        ["5|20"]
    );
    assert_eq!(people(&world).len(), 2);
    world.execute(
        "INSERT INTO filter (tenant_id, filter_id, realm_id, name) VALUES (1, 91, 1, 'Open');
         INSERT INTO filter_rule (tenant_id, filter_id, rule_id, what, operator, value)
         VALUES (1, 91, 0, 'subject', 'contains', 'fire');
         INSERT INTO filter_action (tenant_id, filter_id, position, kind, state)
         VALUES (1, 91, 0, 'status', 'open');",
    );
    let filed = filed(
        &world,
        &json!({ "subject": "On fire", "statusId": 20, "teamId": 5 }),
    );
    assert_eq!(filed, "1|NULL|5|open|NULL|NULL");
}

#[test]
fn q_11_a_due_date_counts_for_keys_that_may_work_tickets() {
    let world = furnished();
    world.execute(
        "INSERT INTO setting (tenant_id, realm_id, key, value)
         VALUES (1, 1, 'time_zone', 'Europe/Berlin')",
    );
    let due = |date: &str| {
        let page = create(&world, &json!({ "duedate": date, "source": "Staff" }));
        assert_eq!(page.status, 201, "{date}: {}", page.text());
        let number = page.text();
        let sql = format!("SELECT due_at, source FROM ticket WHERE number = '{number}'");
        world.rows(&sql).concat()
    };
    let by_plan = due("");
    assert_eq!(due("2026-12-01 10:00"), by_plan, "a key that may not");
    assert_eq!(due("rubbish"), by_plan);
    set_key(&world, "acme-key", MAY);
    for date in ["2026-12-01 10:00", "2026-12-01T09:00Z"] {
        assert_eq!(due(date), "1796115600000|Other", "{date}");
    }
    for (date, words) in [
        ("rubbish", "Invalid due date"),
        ("2026-11-21T09:59", "Due date must be in the future"),
    ] {
        let told = format!("Unable to create new ticket :duedate\n{words}");
        let page = create(&world, &json!({ "duedate": date }));
        assert_eq!((page.status, page.text()), (500, &*told));
    }
}

#[test]
fn q_11_only_what_is_picked_costs_another_round_trip() {
    let world = furnished();
    set_key(&world, "acme-key", MAY);
    let trips = |fields: &Value| {
        world.meter.take_trips();
        assert_eq!(create(&world, fields).status, 201);
        world.meter.take_trips()
    };
    assert_eq!(trips(&json!({ "deptId": 3 })), 2);
    assert_eq!(trips(&json!({ "teamId": 5 })), 3);
}
