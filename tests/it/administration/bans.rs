//! Ban lists, as administrators keep them, and as agents use them from a ticket (AR-7).

use realmdesk_tests::World;
use realmdesk_tests::world::ticket_call;
use serde_json::{Value, json};

use super::{administrator, agent, doing, each, id, parent, post, post_json, told};

fn opens(world: &World, realm: &str, email: &str) -> u16 {
    let fields = json!({ "subject": "Hello", "email": email });
    world.send(ticket_call(realm, &fields)).status
}

fn ban<'a>(here: &'a str, change: &'a str, address: &'a str) -> [(&'a str, &'a str); 3] {
    [("in", here), ("change", change), ("address", address)]
}

#[test]
fn ar_7_an_address_is_banned_in_a_realm_and_below_and_comes_back_by_undo() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let sp3 = id(&world, "SP3").to_string();
    doing(
        &mut p,
        "/admin/bans",
        &ban(&sp3, "ban", " Spam@Example.com "),
    );
    assert_eq!(opens(&world, "sp3", "spam@example.com"), 403);
    assert_eq!(opens(&world, "c3a", "SPAM@example.com"), 403, "below too");
    assert_eq!(opens(&world, "sp1", "spam@example.com"), 201, "not beside");
    let bans = told(&mut p, "/admin/bans");
    assert!(each(&bans["bans"], "address").contains(&"spam@example.com"));
    let led = doing(
        &mut p,
        "/admin/bans",
        &ban(&sp3, "unban", "spam@example.com"),
    );
    let page = p.get(&led);
    assert!(page.text().contains("Undo: ban spam@example.com again"));
    assert_eq!(opens(&world, "sp3", "spam@example.com"), 201);
    doing(&mut p, "/admin/bans", &ban(&sp3, "ban", "spam@example.com"));
    doing(&mut p, "/admin/bans", &ban(&sp3, "ban", "spam@example.com"));
    assert_eq!(
        world.number("SELECT count(*) FROM filter_rule WHERE value = 'spam@example.com'"),
        1,
        "once is enough"
    );
}

#[test]
fn what_is_no_address_is_told_and_kept() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let here = id(&world, "P").to_string();
    for wrong in [
        "",
        "nobody",
        "a@b",
        "<x>@example.com",
        "a@b.example, c@d.example",
    ] {
        let page = post(&mut p, "/admin/bans", &ban(&here, "ban", wrong));
        assert_eq!(page.status, 422, "{wrong}");
        assert!(page.text().contains("address-problem"));
        let told = post_json(&mut p, "/admin/bans", &ban(&here, "ban", wrong));
        assert_eq!(told.json()["error"], "address", "{wrong}");
    }
    let page = post(&mut p, "/admin/bans", &ban(&here, "ban", "<x>@example.com"));
    assert!(page.text().contains("&#60;x&#62;@example.com"));
    assert_eq!(world.number("SELECT count(*) FROM admin_event"), 0);
}

#[test]
fn a_ban_list_is_searched_and_read_page_by_page() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let here = id(&world, "SP3").to_string();
    doing(&mut p, "/admin/bans", &ban(&here, "ban", "x@first.example"));
    for number in 0..205 {
        world.execute(&format!(
            "INSERT INTO filter_rule (tenant_id, filter_id, rule_id, what, operator, value)
             SELECT f.tenant_id, f.filter_id, 100 + {number}, 'email', 'equal',
                    'm{number:03}@example.com'
               FROM filter AS f JOIN realm AS r USING (tenant_id, realm_id)
              WHERE r.name = 'SP3' AND f.is_ban_list = 1"
        ));
    }
    let mut found: Vec<String> = Vec::new();
    let mut next = Some(format!("/admin/bans?in={here}&q=Example.com"));
    while let Some(path) = next {
        let page = told(&mut p, &path);
        found.extend(
            each(&page["bans"], "address")
                .into_iter()
                .map(str::to_owned),
        );
        next = page["next"].as_str().map(str::to_owned);
    }
    assert_eq!(found.len(), 205);
    assert!(found.is_sorted());
    let page = told(&mut p, &format!("/admin/bans?in={here}&q=first"));
    assert_eq!(each(&page["bans"], "address"), ["x@first.example"]);
    assert_eq!(page["next"], Value::Null);
}

#[test]
fn ar_7_agents_with_the_key_ban_from_the_ticket_and_others_see_nothing_of_it() {
    let world = parent();
    let number = world.ticket("c3a", "Buy this");
    let path = format!("/queues/tickets/{number}");
    let mut plain = agent(&world, "SP3");
    let page = plain.get(&path);
    assert_eq!(page.status, 200);
    assert!(!page.text().contains("Ban the address"));
    assert_eq!(post(&mut plain, &path, &[("change", "ban")]).status, 403);
    world.execute(
        r#"UPDATE agent SET permissions = '["emails.banlist"]' WHERE email = 'agent@sp3.example'"#,
    );
    assert!(plain.get(&path).text().contains("Ban the address"));
    doing(&mut plain, &path, &[("change", "ban")]);
    assert!(plain.get(&path).text().contains("Unban the address"));
    assert_eq!(told(&mut plain, &path)["banned"], true);
    let email = world.rows(&format!(
        "SELECT u.email FROM ticket AS t JOIN user AS u USING (tenant_id, user_id)
          WHERE t.tenant_id = 1 AND t.number = '{number}'"
    ));
    assert_eq!(opens(&world, "c3a", &email[0]), 403);
    assert_eq!(opens(&world, "sp3", &email[0]), 201, "not above");
    doing(&mut plain, &path, &[("change", "unban")]);
    assert_eq!(opens(&world, "c3a", &email[0]), 201);
    let deeds = world.rows("SELECT action, kind FROM admin_event ORDER BY event_id");
    assert_eq!(deeds, ["made|ban", "removed|ban"]);
}

#[test]
fn a_ban_further_up_is_told_and_not_taken_back_below() {
    let world = parent();
    let number = world.ticket("sp3", "Buy this");
    let path = format!("/queues/tickets/{number}");
    let mut p = administrator(&world, "P");
    let here = id(&world, "P").to_string();
    let email = told(&mut p, &path)["requester"]["email"]
        .as_str()
        .unwrap()
        .to_owned();
    doing(&mut p, "/admin/bans", &ban(&here, "ban", &email));
    let mut sp3 = administrator(&world, "SP3");
    assert!(sp3.get(&path).text().contains("Banned further up"));
    assert!(each(&told(&mut sp3, "/admin/bans")["bans"], "address").is_empty());
    doing(&mut sp3, &path, &[("change", "unban")]);
    assert_eq!(opens(&world, "sp3", &email), 403);
}
