//! Users, as administrators look through them (US-1).

use realmdesk_tests::World;
use realmdesk_tests::world::ticket_call;
use serde_json::json;

use super::{administrator, agent, doing, each, id, parent, post, save, told};

fn opened(world: &World, realm: &str, email: &str) -> u16 {
    let fields = json!({ "subject": "Hello", "email": email, "name": "Hank" });
    world.send(ticket_call(realm, &fields)).status
}

/// The page of the user with this address.
fn page_of(world: &World, email: &str) -> String {
    let ids = world.rows(&format!("SELECT user_id FROM user WHERE email = '{email}'"));
    format!("/admin/users/{}", ids[0])
}

#[test]
fn us_1_users_are_listed_found_and_changed() {
    let world = parent();
    let mut p = administrator(&world, "P");
    for number in 0..3 {
        assert_eq!(
            opened(&world, "sp3", "hank@globex.example"),
            201,
            "{number}"
        );
    }
    let list = told(&mut p, &format!("/admin/users?in={}", id(&world, "SP3")));
    assert!(each(&list["users"], "email").contains(&"hank@globex.example"));
    let found = told(&mut p, "/admin/users?q=HANK%40");
    assert_eq!(each(&found["users"], "email"), ["hank@globex.example"]);
    assert!(each(&told(&mut p, "/admin/users?q=globex")["users"], "email").is_empty());
    let path = page_of(&world, "hank@globex.example");
    assert_eq!(
        told(&mut p, &path)["tickets"],
        json!({ "open": 3, "closed": 0 })
    );
    assert_eq!(
        save(&mut p, &path, &[("name", " Hank  Scorpio ")]).status,
        303
    );
    assert_eq!(told(&mut p, &path)["name"], "Hank Scorpio");
    let stale = [("change", "save"), ("version", "1"), ("name", "Other")];
    assert_eq!(post(&mut p, &path, &stale).status, 409);
    assert_eq!(save(&mut p, &path, &[("name", "")]).status, 422);
    assert_eq!(
        save(
            &mut p,
            &path,
            &[("organization", "018bcfe5-6800-7707-8707-070707070707")]
        )
        .status,
        422
    );
}

#[test]
fn ar_7_a_user_is_banned_in_their_realm() {
    let world = parent();
    let mut p = administrator(&world, "P");
    assert_eq!(opened(&world, "sp3", "hank@globex.example"), 201);
    let path = page_of(&world, "hank@globex.example");
    doing(&mut p, &path, &[("change", "ban")]);
    assert_eq!(told(&mut p, &path)["banned"], true);
    assert_eq!(opened(&world, "sp3", "hank@globex.example"), 403);
    world.turn(1);
    doing(&mut p, &path, &[("change", "unban")]);
    assert_eq!(opened(&world, "sp3", "hank@globex.example"), 201);
    let kinds = world.rows("SELECT action, kind, name FROM admin_event ORDER BY event_id");
    assert_eq!(
        kinds,
        [
            "made|ban|hank@globex.example",
            "removed|ban|hank@globex.example"
        ]
    );
}

#[test]
fn what_an_administrator_has_no_key_for_is_refused() {
    let world = parent();
    assert_eq!(opened(&world, "sp3", "hank@globex.example"), 201);
    let path = page_of(&world, "hank@globex.example");
    world.execute(
        r#"UPDATE agent SET permissions = '["realm.create","user.dir"]'
            WHERE email = 'agent@sp3.example'"#,
    );
    let mut sp3 = agent(&world, "SP3");
    let page = sp3.get(&path);
    assert_eq!(page.status, 200);
    assert!(!page.text().contains("name=\"change\""));
    assert!(!page.text().contains("/admin/bans"));
    for change in ["save", "ban", "unban"] {
        let fields = [("change", change), ("name", "x"), ("version", "1")];
        assert_eq!(post(&mut sp3, &path, &fields).status, 403, "{change}");
    }
    world.execute(
        r#"UPDATE agent SET permissions = '["realm.create"]' WHERE email = 'agent@sp3.example'"#,
    );
    for list in ["users", "organizations", "bans", "keys"] {
        assert_eq!(sp3.get(&format!("/admin/{list}")).status, 403, "{list}");
    }
}

#[test]
fn users_are_found_by_the_beginning_of_their_name_too() {
    let world = parent();
    let mut p = administrator(&world, "P");
    world.user("sp3.localhost", "z@globex.example", "Hank Scorpio");
    world.user("sp1.localhost", "hank@globex.example", "Hank Azaria");
    world.user("sp1.localhost", "a@globex.example", "Not Hank");
    for text in ["hank%20", "HANK%20", "hank"] {
        let found = told(&mut p, &format!("/admin/users?q={text}"));
        let emails = each(&found["users"], "email");
        assert_eq!(
            emails,
            ["hank@globex.example", "z@globex.example"],
            "{text}"
        );
    }
    let mut sp3 = administrator(&world, "SP3");
    let found = told(&mut sp3, "/admin/users?q=hank");
    assert_eq!(each(&found["users"], "email"), ["z@globex.example"]);
}

#[test]
fn users_found_by_name_go_on_page_by_page() {
    let world = parent();
    let mut p = administrator(&world, "P");
    for number in 0..120 {
        let host = ["sp1.localhost", "sp3.localhost"][number % 2];
        let email = format!("m{:03}@x.example", number / 2);
        world.user(host, &email, ["Max", "max"][number / 2 % 2]);
    }
    let first = told(&mut p, "/admin/users?q=mAx");
    let second = told(&mut p, first["next"].as_str().unwrap());
    let mut found = each(&first["users"], "id");
    found.extend(each(&second["users"], "id"));
    found.sort_unstable();
    found.dedup();
    assert_eq!((found.len(), second["next"].as_str()), (120, None));
}

#[test]
fn found_users_go_on_page_by_page_across_realms() {
    let world = parent();
    let mut p = administrator(&world, "P");
    for number in 0..120 {
        let realm = ["sp1", "sp3"][number % 2];
        world.user(
            &format!("{realm}.localhost"),
            &format!("m{:03}@x.example", number / 2),
            "M",
        );
    }
    let mut found: Vec<String> = Vec::new();
    let mut next = Some("/admin/users?q=m0".to_owned());
    let mut pages = 0;
    while let Some(path) = next {
        let page = told(&mut p, &path);
        found.extend(each(&page["users"], "id").into_iter().map(str::to_owned));
        next = page["next"].as_str().map(str::to_owned);
        pages += 1;
    }
    assert_eq!(
        (pages, found.len()),
        (2, 120),
        "one address in two realms is two users"
    );
    let each_once: std::collections::BTreeSet<_> = found.iter().collect();
    assert_eq!(each_once.len(), 120);
}
