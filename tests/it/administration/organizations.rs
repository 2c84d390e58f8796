//! Organizations, as administrators look after them (US-4, US-5).

use realmdesk_tests::world::ticket_call;
use realmdesk_tests::{Browser, World};
use serde_json::json;

use super::{administrator, doing, each, id, parent, post, post_json, save, told};

/// Makes an organization of a realm, and returns its page.
fn made(world: &World, browser: &mut Browser<'_>, realm: &str, name: &str) -> String {
    let here = id(world, realm).to_string();
    let page = post_json(
        browser,
        "/admin/organizations",
        &[("in", &*here), ("name", name)],
    );
    assert_eq!(page.status, 200, "{}", page.text());
    format!(
        "/admin/organizations/{}",
        page.json()["id"].as_str().unwrap()
    )
}

fn opened(world: &World, realm: &str, email: &str) {
    let fields = json!({ "subject": "Hello", "email": email });
    assert_eq!(world.send(ticket_call(realm, &fields)).status, 201);
}

fn members(browser: &mut Browser<'_>, path: &str) -> Vec<String> {
    let page = told(browser, path);
    let emails = each(&page["users"], "email").into_iter();
    emails.map(str::to_owned).collect()
}

#[test]
fn us_4_new_users_join_by_the_domain_of_their_address() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let all = made(&world, &mut p, "SP3", "Globex");
    let below = made(&world, &mut p, "SP3", "Globex North");
    let changed = [("domains", "Globex.example, .globex.example")];
    assert_eq!(save(&mut p, &all, &changed).status, 303);
    assert_eq!(
        save(&mut p, &below, &[("domains", ".north.globex.example")]).status,
        303
    );
    for email in [
        "hank@globex.example",
        "lisa@South.Globex.example",
        "bart@x.north.globex.example",
        "moe@notglobex.example",
        "carl@globex.example.com",
    ] {
        opened(&world, "sp3", email);
    }
    opened(&world, "sp1", "hank@globex.example");
    assert_eq!(
        members(&mut p, &all),
        ["hank@globex.example", "lisa@south.globex.example"],
        "and nobody of another realm"
    );
    assert_eq!(
        members(&mut p, &below),
        ["bart@x.north.globex.example"],
        "the longer domain wins"
    );
}

#[test]
fn an_organization_says_who_looks_after_it_and_with_whom_it_shares() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let path = made(&world, &mut p, "SP3", "Globex");
    let changed = [
        ("name", "Globex <Inc.>"),
        ("sharing", "everybody"),
        ("manager", "Agent@SP3.example"),
    ];
    assert_eq!(save(&mut p, &path, &changed).status, 303);
    let now = told(&mut p, &path);
    assert_eq!(now["name"], "Globex <Inc.>");
    assert_eq!(now["sharing"], "everybody");
    assert_eq!(now["manager"], "agent@sp3.example");
    assert_eq!(save(&mut p, &path, &[("manager", "")]).status, 303);
    assert_eq!(told(&mut p, &path)["manager"], json!(null));
}

#[test]
fn us_4_an_organization_says_what_becomes_of_new_tickets() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let path = made(&world, &mut p, "SP3", "Globex");
    let before = told(&mut p, &path);
    assert_eq!(before["taking_part"], "none");
    assert_eq!(before["assigns_manager"], false);
    let changed = [
        ("taking_part", "primary"),
        ("assigns_manager", "1"),
        ("domains", "globex.example"),
        ("manager", "agent@sp3.example"),
    ];
    assert_eq!(save(&mut p, &path, &changed).status, 303);
    let now = told(&mut p, &path);
    assert_eq!(now["taking_part"], "primary");
    assert_eq!(now["assigns_manager"], true);
    opened(&world, "sp3", "hank@globex.example");
    let got = "SELECT a.email FROM ticket AS t JOIN agent AS a ON a.agent_id = t.agent_id";
    assert_eq!(world.rows(got), ["agent@sp3.example"]);
    assert_eq!(save(&mut p, &path, &[("assigns_manager", "")]).status, 303);
    let now = told(&mut p, &path);
    assert_eq!(
        (&now["taking_part"], &now["assigns_manager"]),
        (&json!("primary"), &json!(false))
    );
    let odd = save(&mut p, &path, &[("taking_part", "world")]);
    assert_eq!(odd.status, 400);
}

#[test]
fn t_32_a_manager_whom_the_administrator_does_not_see_stays_and_is_not_named() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let path = made(&world, &mut p, "SP3", "Globex");
    assert_eq!(
        save(&mut p, &path, &[("manager", "agent@p.example")]).status,
        303
    );
    let mut sp3 = administrator(&world, "SP3");
    let page = sp3.get(&path);
    assert!(!page.text().contains("agent@p.example"));
    assert_eq!(save(&mut sp3, &path, &[("name", "Other")]).status, 303);
    assert_eq!(told(&mut p, &path)["manager"], "agent@p.example");
    let unseen = save(&mut sp3, &path, &[("manager", "agent@p.example")]);
    let nobody = save(&mut sp3, &path, &[("manager", "nobody@p.example")]);
    assert_eq!((unseen.status, nobody.status), (422, 422));
    assert_eq!(save(&mut sp3, &path, &[("keep_manager", "")]).status, 303);
    assert_eq!(told(&mut p, &path)["manager"], json!(null));
}

#[test]
fn us_5_users_are_put_in_made_primary_contacts_and_taken_out() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let path = made(&world, &mut p, "SP3", "Globex");
    let other = made(&world, &mut p, "SP3", "Initrode");
    opened(&world, "sp3", "hank@globex.example");
    let add = [("change", "add"), ("address", "Hank@Globex.example")];
    doing(&mut p, &path, &add);
    let page = told(&mut p, &path);
    let user = page["users"][0]["id"].as_str().unwrap().to_owned();
    doing(&mut p, &path, &[("change", "primary"), ("user", &user)]);
    assert_eq!(told(&mut p, &path)["users"][0]["primary"], true);
    assert_eq!(
        post(&mut p, &other, &add).status,
        422,
        "one organization a user"
    );
    assert_eq!(
        post(
            &mut p,
            &path,
            &[("change", "add"), ("address", "nobody@globex.example")]
        )
        .status,
        422
    );
    let led = doing(&mut p, &path, &[("change", "remove"), ("user", &user)]);
    assert!(
        p.get(&led)
            .text()
            .contains("Undo: put hank@globex.example back")
    );
    doing(&mut p, &path, &add);
    assert_eq!(
        told(&mut p, &path)["users"][0]["primary"],
        false,
        "who left is no primary contact any more"
    );
}

#[test]
fn t_69_free_mail_and_what_is_no_domain_lead_nowhere() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let path = made(&world, &mut p, "SP3", "Globex");
    let taken = made(&world, &mut p, "SP3", "Initrode");
    assert_eq!(
        save(&mut p, &taken, &[("domains", "initrode.example")]).status,
        303
    );
    for (domains, error) in [
        ("gmail.com", "Everybody can have an address"),
        ("globex", "separated by commas"),
        ("initrode.example", "leads to another organization"),
    ] {
        let page = save(&mut p, &path, &[("domains", domains), ("name", "Kept")]);
        assert_eq!(page.status, 422, "{domains}");
        assert!(page.text().contains(error), "{domains}");
        assert!(
            page.text().contains("value=\"Kept\""),
            "what was typed stays"
        );
    }
    assert_eq!(told(&mut p, &path)["domains"], json!([]));
    assert_eq!(told(&mut p, &path)["name"], "Globex");
    let same = post(
        &mut p,
        "/admin/organizations",
        &[("in", &*id(&world, "SP3").to_string()), ("name", "Globex")],
    );
    assert_eq!(same.status, 422);
    assert!(same.text().contains("There is one of this name already"));
}

#[test]
fn t_65_changing_an_organization_asks_for_its_key() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let path = made(&world, &mut p, "SP3", "Globex");
    world.execute(
        r#"UPDATE agent SET permissions = '["user.dir","realm.create"]'
            WHERE email = 'agent@sp3.example'"#,
    );
    let mut sp3 = super::agent(&world, "SP3");
    let page = sp3.get(&path);
    assert_eq!(page.status, 200);
    assert!(
        !page.text().contains("name=\"change\""),
        "no form without the key"
    );
    for change in ["save", "add", "remove"] {
        assert_eq!(
            post(&mut sp3, &path, &[("change", change)]).status,
            403,
            "{change}"
        );
    }
    let here = id(&world, "SP3").to_string();
    let make = [("in", &*here), ("name", "New")];
    assert_eq!(post(&mut sp3, "/admin/organizations", &make).status, 403);
}
