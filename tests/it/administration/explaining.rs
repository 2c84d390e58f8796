//! Why an agent sees a ticket, or does not, for those who may ask.

use realmdesk_tests::{Browser, World};

use super::{administrator, agent, doing, email, id, parent, path, told};

fn number(world: &World, subject: &str) -> String {
    world
        .rows(&format!(
            "SELECT number FROM ticket WHERE subject = '{subject}'"
        ))
        .remove(0)
}

fn question(world: &World, ticket: &str, realm: &str) -> String {
    let ticket = number(world, ticket);
    format!("/admin/explain?ticket={ticket}&agent={}", email(realm))
}

fn text(browser: &mut Browser<'_>, path: &str) -> String {
    told(browser, path)["text"].as_str().unwrap().to_owned()
}

#[test]
fn t_3_t_8_t_10_t_21_every_reason_is_told() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let sp3 = question(&world, "C1B", "SP3");
    assert_eq!(
        text(&mut p, &sp3),
        "not seen\n- tickets are seen from SP3 downwards and the realm does not lie there"
    );
    let access = path(&world, "SP1", "/access");
    doing(
        &mut p,
        &access,
        &[("change", "show_agent"), ("agent", &email("SP3"))],
    );
    assert_eq!(text(&mut p, &sp3), "seen\n- SP1 was granted to the agent");
    let mut them = agent(&world, "SP3");
    let c3a = id(&world, "C3A").to_string();
    doing(&mut them, "/queues/realm", &[("realm", &c3a)]);
    assert_eq!(
        text(&mut p, &sp3),
        "not seen\n- SP1 was granted to the agent\n- C3A is selected and does not see the realm"
    );
    doing(&mut p, &access, &[("change", "close"), ("role", "1")]);
    let answer = told(&mut p, &question(&world, "C1A", "C1A"));
    assert_eq!(answer["visible"], true);
    assert_eq!(answer["reasons"][1]["effect"], "allows");
    let page = p.get(&question(&world, "C1A", "SP2"));
    assert_eq!(page.status, 200);
    assert!(
        page.text().contains("Agent of SP2 does not see ticket"),
        "{}",
        page.text()
    );
}

#[test]
fn tickets_and_agents_out_of_sight_are_as_good_as_none() {
    let world = parent().tenant("acme");
    world.ticket("acme", "Abroad");
    let mut sp1 = administrator(&world, "SP1");
    let none = "/admin/explain?ticket=999999&agent=agent@c1a.example";
    let nothing = sp1.get_json(none).raw();
    assert!(nothing.starts_with("404"), "{nothing}");
    for (ticket, realm) in [
        ("SP3", "C1A"),
        ("P", "C1A"),
        ("Abroad", "C1A"),
        ("C1A", "SP3"),
        ("C1A", "P"),
    ] {
        let path = question(&world, ticket, realm);
        assert_eq!(sp1.get_json(&path).raw(), nothing, "{ticket} {realm}");
        let page = sp1.get(&path);
        assert_eq!(page.status, 404);
        assert!(page.text().contains("as far as you can see"));
    }
    assert_eq!(
        told(&mut sp1, &question(&world, "C1A", "C1B"))["visible"],
        false
    );
    assert_eq!(
        sp1.get("/admin/explain").status,
        200,
        "nothing was asked yet"
    );
}

#[test]
fn realms_that_the_asker_does_not_know_are_not_named() {
    let world = parent();
    let mut p = administrator(&world, "P");
    doing(
        &mut p,
        &path(&world, "P", "/access"),
        &[("change", "show_agent"), ("agent", &email("C1A"))],
    );
    let mut c1a = agent(&world, "C1A");
    let sp3 = id(&world, "SP3").to_string();
    doing(&mut c1a, "/queues/realm", &[("realm", &sp3)]);
    let mut sp1 = administrator(&world, "SP1");
    assert_eq!(
        text(&mut sp1, &question(&world, "C1B", "C1A")),
        "not seen\n- another realm was granted to the agent\n\
         - another realm is selected and does not see the realm"
    );
}

/// What an explanation says of an action.
fn ability(answer: &serde_json::Value, action: &str) -> (bool, String) {
    let abilities = answer["abilities"].as_array().unwrap();
    let found = abilities.iter().find(|it| it["action"] == action);
    let found = found.unwrap_or_else(|| panic!("{action}: {answer}"));
    let why = found["why"].as_str().unwrap().to_owned();
    (found["may"].as_bool().unwrap(), why)
}

/// Makes an agent a member of the tenant's Support, with a role of their own there or without.
fn joins(world: &World, realm: &str, role: &str) {
    let email = email(realm);
    world.execute(&format!(
        "INSERT INTO department_member (tenant_id, department_id, agent_id, role_id)
         SELECT tenant_id, 1, agent_id, {role} FROM agent WHERE email = '{email}'"
    ));
}

#[test]
fn dp_5_the_role_that_counts_is_told_with_what_it_allows() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let c1a = question(&world, "C1A", "C1A");
    let answer = told(&mut p, &c1a);
    assert_eq!(
        answer["role"]["words"],
        "has the primary role, not being limited to departments"
    );
    let (may, why) = ability(&answer, "close a ticket");
    assert_eq!((may, &*why), (true, "has ticket.close"));
    joins(&world, "C1A", "3");
    let answer = told(&mut p, &c1a);
    assert_eq!(answer["role"]["department_role"], "Limited Access");
    let (may, why) = ability(&answer, "close a ticket");
    assert_eq!((may, &*why), (false, "lacks ticket.close"));
    assert!(ability(&answer, "reply to a ticket").0);
    let page = p.get(&c1a);
    assert!(
        page.text()
            .contains("has the role Limited Access for Support")
    );
    assert!(page.text().contains("May not close a ticket"));
}

#[test]
fn dp_6_what_ties_a_limited_agent_to_a_ticket_is_told() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let c1a = question(&world, "C1A", "C1A");
    let limited = "UPDATE agent SET is_limited = 1 WHERE email = 'agent@c1a.example'";
    world.execute(limited);
    let answer = told(&mut p, &c1a);
    assert_eq!(answer["visible"], false);
    assert_eq!(answer["reasons"][1]["kind"], "department");
    assert_eq!(ability(&answer, "view a ticket").1, "out of reach");
    for (sql, kind, words) in [
        (
            "UPDATE ticket SET agent_id = (SELECT agent_id FROM agent
              WHERE email = 'agent@c1a.example') WHERE subject = 'C1A'",
            "assignment",
            "it is assigned to them",
        ),
        (
            "UPDATE ticket SET agent_id = NULL;
             INSERT INTO referral (tenant_id, ticket_id, referral_id, realm_id, agent_id, created_at)
             SELECT t.tenant_id, t.ticket_id, 'r', t.realm_id, a.agent_id, 0
               FROM ticket AS t, agent AS a
              WHERE t.subject = 'C1A' AND a.email = 'agent@c1a.example'",
            "referral",
            "it was referred to them",
        ),
        (
            "DELETE FROM referral;
             INSERT INTO department_member (tenant_id, department_id, agent_id)
             SELECT tenant_id, 1, agent_id FROM agent WHERE email = 'agent@c1a.example'",
            "department",
            "it is in Support, where they are a member",
        ),
    ] {
        world.execute(sql);
        let answer = told(&mut p, &c1a);
        assert_eq!(answer["visible"], true, "{words}");
        assert_eq!(answer["reasons"][1]["kind"], kind);
        assert_eq!(answer["reasons"][1]["words"], words);
    }
}

#[test]
fn departments_of_realms_that_the_asker_does_not_know_are_not_named() {
    let world = parent();
    joins(&world, "C1A", "3");
    let mut sp1 = administrator(&world, "SP1");
    let answer = told(&mut sp1, &question(&world, "C1A", "C1A"));
    assert_eq!(
        answer["role"]["words"],
        "has the role Limited Access for another department"
    );
}
