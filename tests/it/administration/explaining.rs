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
