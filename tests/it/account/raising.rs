//! A signed-in user opens a ticket, for their own realm or one below it.

use realmdesk_tests::{Browser, Page, World, html};

use super::{listed, subjects};

/// The user of a realm of the reference tree.
fn user<'w>(world: &'w World, realm: &str) -> Browser<'w> {
    let host = format!("{}.localhost", realm.to_lowercase());
    let email = format!("user@{}.example", realm.to_lowercase());
    world.user(&host, &email, &format!("User of {realm}"));
    world.browser(&host).signed_in_by_mail(&email)
}

/// The realms that the form offers.
fn offered(browser: &mut Browser<'_>) -> Vec<String> {
    let page = browser.get("/open");
    assert_eq!(page.status, 200);
    let Some((_, rest)) = page.text().split_once("<select id=\"for\"") else {
        return Vec::new();
    };
    let options = rest.split("</select>").next().unwrap().split("<option ");
    let name = |option: &str| {
        let name = option.split(['>', '<']).nth(1).unwrap();
        name.trim_start_matches("– ").to_owned()
    };
    options.skip(1).map(name).collect()
}

fn id_of(world: &World, realm: &str) -> i64 {
    world.number(&format!(
        "SELECT realm_id FROM realm WHERE name = '{realm}'"
    ))
}

const TYPED: [(&str, &str); 3] = [
    ("topic", "1"),
    ("subject", "Printer on fire"),
    ("message", "It burns."),
];

/// Opens a ticket for a realm, as the form that was made for it does.
fn open_for(browser: &mut Browser<'_>, realm: i64) -> Page {
    let page = browser.get(&format!("/open?for={realm}"));
    assert_eq!(page.status, 200);
    let chosen = format!("<option value=\"{realm}\" selected>");
    assert!(page.text().contains(&chosen), "{}", page.text());
    let mut typed = TYPED.to_vec();
    let realm = realm.to_string();
    typed.push(("for", &realm));
    browser.send_form(&html::form(page.text(), "/open").unwrap(), &typed)
}

/// Posts the form with another realm in it.
fn post_for(browser: &mut Browser<'_>, realm: &str) -> Page {
    let mut typed = TYPED.to_vec();
    typed.push(("for", realm));
    let token = html::form(browser.get("/tickets").text(), "/account/sign-out").unwrap();
    let mut form = token.clone();
    "/open".clone_into(&mut form.action);
    browser.send_form(&form, &typed)
}

#[test]
fn t_27_a_user_of_the_parent_raises_for_its_customers() {
    let world = World::new().parent();
    let mut user = user(&world, "P");
    assert_eq!(
        offered(&mut user),
        [
            "P", "SP1", "C1A", "C1B", "C1Bi", "SP2", "SP3", "C3A", "C2C", "C2D"
        ]
    );
    for realm in ["C2C", "C2D"] {
        assert_eq!(open_for(&mut user, id_of(&world, realm)).status, 303);
    }
    assert_eq!(
        world.rows(
            "SELECT r.name, u.email, h.name FROM ticket AS t
               JOIN realm AS r ON r.tenant_id = t.tenant_id AND r.realm_id = t.realm_id
               JOIN user AS u ON u.tenant_id = t.tenant_id AND u.user_id = t.user_id
               JOIN realm AS h ON h.tenant_id = u.tenant_id AND h.realm_id = u.realm_id
              ORDER BY 1"
        ),
        ["C2C|user@p.example|P", "C2D|user@p.example|P"]
    );
    assert_eq!(
        world.number("SELECT count(*) FROM user"),
        1,
        "nobody is made twice"
    );
}

#[test]
fn t_34_a_user_of_a_provider_raises_for_it_and_its_customer() {
    let world = World::new().parent();
    let mut user = user(&world, "SP3");
    assert_eq!(offered(&mut user), ["SP3", "C3A"]);
    assert_eq!(open_for(&mut user, id_of(&world, "C3A")).status, 303);
    // The user keeps sight of it, and it is that realm's ticket to its agents.
    let list = listed(&mut user, "/tickets");
    assert_eq!(subjects(&list), ["Printer on fire"]);
    assert_eq!(list["tickets"][0]["realm"], "C3A");
    assert!(user.get("/tickets").text().contains(" · for C3A"));
    let number = list["tickets"][0]["number"].as_str().unwrap().to_owned();
    let page = user.get(&format!("/tickets/{number}"));
    assert_eq!(page.status, 200);
    assert!(page.text().contains("for C3A"));
    for (realm, sees) in [("c3a", true), ("sp3", true), ("p", true), ("sp1", false)] {
        let agent = world.browser(&format!("{realm}.localhost"));
        let mut agent = agent.signed_in(&format!("agent@{realm}.example"));
        let queue = agent.get_json("/queues/open").json();
        assert_eq!(queue["counts"]["open"], i64::from(sees), "{realm}");
    }
}

#[test]
fn a_user_at_the_bottom_is_not_asked() {
    let world = World::new().parent();
    assert_eq!(offered(&mut user(&world, "C3A")), [""; 0]);
}

#[test]
fn t_17_the_ticket_is_routed_as_its_realm_says() {
    let world = World::new().parent();
    let c3a = id_of(&world, "C3A");
    world.execute(&format!(
        "INSERT INTO sla_plan (tenant_id, sla_plan_id, name, grace_hours)
         VALUES (1, 77, 'Fast', 2);
         INSERT INTO department (tenant_id, department_id, realm_id, name, sla_plan_id)
         VALUES (1, 77, {c3a}, 'C3A Support', 77);
         INSERT INTO help_topic (tenant_id, topic_id, realm_id, name, department_id)
         VALUES (1, 77, {c3a}, 'Only at C3A', 77)"
    ));
    let mut user = user(&world, "SP3");
    assert!(!user.get("/open").text().contains("Only at C3A"));
    let page = user.get(&format!("/open?for={c3a}"));
    assert!(page.text().contains("Only at C3A"));
    open_for(&mut user, c3a);
    let routed = "SELECT realm_id, department_id, sla_plan_id FROM ticket";
    assert_eq!(world.rows(routed), [format!("{c3a}|77|77")]);
    // The topic of another realm is none here.
    let mut typed = TYPED.to_vec();
    typed[0] = ("topic", "77");
    let form = html::form(user.get("/open").text(), "/open").unwrap();
    let page = user.send_form(&form, &typed);
    assert_eq!(page.status, 422);
    assert!(page.text().contains("Choose one from the list."));
}

#[test]
fn t_17_what_is_raised_for_a_realm_belongs_to_it_wherever_the_tenant_takes_realms_from() {
    let world = World::new().parent();
    world.execute(
        "INSERT INTO separation (tenant_id, table_name, direction, realm_from)
         VALUES (1, 'ticket', 'down', 'department')",
    );
    let (p, sp3, c3a) = (
        id_of(&world, "P"),
        id_of(&world, "SP3"),
        id_of(&world, "C3A"),
    );
    let mut user = user(&world, "SP3");
    open_for(&mut user, c3a);
    let realms = "SELECT realm_id FROM ticket ORDER BY ticket_id";
    assert_eq!(world.rows(realms), [c3a.to_string()]);
    world.execute("DELETE FROM attachment; DELETE FROM entry; DELETE FROM event");
    world.execute("DELETE FROM outbox; DELETE FROM message_reference; DELETE FROM ticket");
    // For their own realm the tenant's choice counts: the department is P's.
    open_for(&mut user, sp3);
    assert_eq!(world.rows(realms), [p.to_string()]);
}

#[test]
fn t_72_a_realm_that_is_not_offered_answers_like_one_that_does_not_exist() {
    let world = World::new().parent().tenant("acme");
    let mut user = user(&world, "SP1");
    world.execute(
        "UPDATE realm SET archived_at = 1 WHERE name = 'C1A';
         INSERT INTO restriction (tenant_id, realm_id, role_id)
         SELECT tenant_id, realm_id, 1 FROM realm WHERE name = 'C1B'",
    );
    assert_eq!(
        offered(&mut user),
        [""; 0],
        "closed and archived realms are left out"
    );
    world.execute(
        "DELETE FROM restriction WHERE realm_id = (SELECT realm_id FROM realm WHERE name = 'C1Bi')",
    );
    let unknown = (
        post_for(&mut user, "4711").raw(),
        user.get("/open?for=4711").raw(),
    );
    let mut refused = vec!["rubbish".to_owned(), "-1".to_owned(), "' OR 1=1".to_owned()];
    for realm in ["P", "SP3", "C3A", "C1A", "C1B", "C1Bi"] {
        refused.push(id_of(&world, realm).to_string());
    }
    for realm in refused {
        assert_eq!(post_for(&mut user, &realm).raw(), unknown.0, "{realm}");
        let path = format!("/open?for={}", realm.replace(' ', "+"));
        assert_eq!(user.get(&path).raw(), unknown.1, "{realm}");
    }
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 0);
}

#[test]
fn what_was_typed_is_kept_when_another_realm_is_chosen() {
    let world = World::new().parent();
    let c3a = id_of(&world, "C3A");
    world.execute(&format!(
        "INSERT INTO help_topic (tenant_id, topic_id, realm_id, name)
         VALUES (1, 77, {c3a}, 'Only at C3A')"
    ));
    let mut user = user(&world, "SP3");
    let form = html::form(user.get("/open").text(), "/open").unwrap();
    let (c3a, mut typed) = (c3a.to_string(), TYPED.to_vec());
    typed.extend([("for", &*c3a), ("then", "ask")]);
    let page = user.send_form(&form, &typed);
    assert_eq!(page.status, 200);
    assert!(page.text().contains("Only at C3A"));
    assert!(
        page.text()
            .contains(&format!("<option value=\"{c3a}\" selected>"))
    );
    assert!(
        page.text().contains("<option value=\"1\" selected>"),
        "the topic"
    );
    let kept = |field: &str| html::value(page.text(), field).unwrap();
    assert_eq!(
        (kept("subject"), kept("message")),
        ("Printer on fire".into(), "It burns.".into())
    );
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 0);
    typed.pop();
    assert_eq!(
        user.send_form(&form, &typed).status,
        303,
        "chosen and sent at once"
    );
    assert_eq!(world.rows("SELECT realm_id FROM ticket"), [c3a.as_str()]);
}

#[test]
fn what_was_typed_is_kept_when_a_realm_is_not_offered() {
    let world = World::new().parent();
    let mut user = user(&world, "SP3");
    let page = post_for(&mut user, &id_of(&world, "SP1").to_string());
    assert_eq!(page.status, 422);
    assert!(page.text().contains("Choose one from the list."));
    assert_eq!(html::value(page.text(), "message").unwrap(), "It burns.");
    assert_eq!(
        html::value(page.text(), "subject").unwrap(),
        "Printer on fire"
    );
    world.execute("UPDATE realm SET archived_at = 1 WHERE name = 'C3A'");
    let page = post_for(&mut user, &id_of(&world, "C3A").to_string());
    assert_eq!(page.status, 404, "there is nothing left to choose from");
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 0);
}

#[test]
fn a_signed_in_user_is_who_they_are_whatever_is_posted() {
    let world = World::new().tenant("acme");
    world.user("acme.localhost", "ana@example.com", "Ana Lima");
    let mut ana = super::ana(&world, "acme");
    let page = ana.get("/open");
    assert!(page.text().contains("ana@example.com"));
    assert!(
        html::value(page.text(), "email").is_none(),
        "nothing to type it into"
    );
    let mut typed = TYPED.to_vec();
    typed.extend([("name", "Mallory"), ("email", "mallory@example.com")]);
    let sent = ana.submit("/open", &typed);
    assert_eq!(sent.status, 303);
    let page = ana.follow(sent);
    assert!(page.text().contains("View your ticket"));
    assert_eq!(
        world.rows("SELECT u.email, e.author FROM user AS u JOIN entry AS e USING (user_id)"),
        ["ana@example.com|Ana Lima"]
    );
}

#[test]
fn who_has_not_signed_in_raises_for_the_portals_realm_alone() {
    let world = World::new().parent();
    let mut nobody = world.browser("sp3.localhost");
    assert!(
        !nobody
            .get("/open")
            .text()
            .contains("Who is this ticket for?")
    );
    for realm in ["SP3", "C3A"] {
        let path = format!("/open?for={}", id_of(&world, realm));
        assert_eq!(nobody.get(&path).status, 404);
    }
}

#[test]
fn opening_takes_two_reads_and_one_write() {
    let world = World::new().parent();
    let mut user = user(&world, "SP3");
    let c3a = id_of(&world, "C3A").to_string();
    world.meter.take_trips();
    user.get("/open");
    assert_eq!(world.meter.take_trips(), 2);
    let token = html::form(user.get("/").text(), "/account/sign-out").unwrap();
    let form = html::Form {
        action: "/open".to_owned(),
        ..token
    };
    let mut typed = TYPED.to_vec();
    typed.push(("for", &c3a));
    world.meter.take_trips();
    assert_eq!(user.send_form(&form, &typed).status, 303);
    assert_eq!(world.meter.take_trips(), 3);
}
