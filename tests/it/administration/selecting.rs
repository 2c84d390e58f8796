//! The realm selector on the queues' pages (T-21 to T-23).

use realmdesk_tests::{Browser, html};
use serde_json::json;

use super::{agent, each, id, listed, parent, post, post_json, told};

fn choose(browser: &mut Browser<'_>, realm: i64) -> (u16, String) {
    let realm = realm.to_string();
    let fields = [("realm", &*realm), ("back", "/queues/closed")];
    let page = post(browser, "/queues/realm", &fields);
    (page.status, page.location().to_owned())
}

#[test]
fn t_21_t_22_lists_and_counts_follow_the_selected_realm_until_they_are_led_back() {
    let world = parent();
    let mut p = agent(&world, "P");
    let page = p.get("/queues/open");
    assert!(!page.text().contains("Back to my own realm"));
    let led = (303, "/queues/closed".to_owned());
    assert_eq!(choose(&mut p, id(&world, "SP3")), led);
    assert_eq!(listed(&mut p), ["SP3", "C3A"]);
    assert_eq!(told(&mut p, "/queues/open")["counts"]["open"], 2);
    let told_now = told(&mut p, "/queues/realm");
    let names = [&told_now["own"]["name"], &told_now["current"]["name"]];
    assert_eq!(names, ["P", "SP3"], "both are told");
    let page = p.get("/queues/open?sort=oldest");
    assert!(
        page.text().contains("Back to my own realm, P"),
        "{}",
        page.text()
    );
    let back: Vec<&str> = page.text().split("<form class=\"selector-form\"").collect();
    let back = html::form(&format!("<form {}", back[2]), "/queues/realm").unwrap();
    let led_back = p.send_form(&back, &[]);
    assert_eq!(led_back.location(), "/queues/open?sort=oldest");
    assert_eq!(listed(&mut p).len(), 10);
    assert_eq!(choose(&mut p, id(&world, "C1B")), led);
    assert_eq!(
        choose(&mut p, id(&world, "P")),
        led,
        "the own realm leads back too"
    );
    assert_eq!(world.number("SELECT count(*) FROM selection"), 0);
}

#[test]
fn t_23_what_is_not_offered_answers_like_what_does_not_exist() {
    let world = parent().tenant("acme");
    let mut sp3 = agent(&world, "SP3");
    let wrong = |browser: &mut Browser<'_>, realm: &str| {
        post(browser, "/queues/realm", &[("realm", realm)]).raw()
    };
    let nothing = wrong(&mut sp3, "999");
    assert!(nothing.starts_with("404"), "{nothing}");
    for realm in ["1", "2", "x", "-1", "9007199254740993"] {
        assert_eq!(wrong(&mut sp3, realm), nothing, "{realm}");
    }
    let told = told(&mut sp3, "/queues/realm");
    assert_eq!(each(&told["offered"], "name"), ["SP3", "C3A"]);
    let json = post_json(&mut sp3, "/queues/realm", &[("realm", "999")]);
    assert_eq!(
        (json.status, json.json()),
        (404, json!({"error": "there is no such thing"}))
    );
    assert_eq!(world.number("SELECT count(*) FROM selection"), 0);
}

#[test]
fn whoever_has_one_realm_has_nothing_to_select() {
    let world = parent();
    let mut sp2 = agent(&world, "SP2");
    assert!(!sp2.get("/queues/open").text().contains("/queues/realm"));
    let mut sp3 = agent(&world, "SP3");
    assert!(sp3.get("/queues/open").text().contains("/queues/realm"));
    world.execute("UPDATE realm SET archived_at = 1 WHERE name = 'C3A'");
    assert!(!sp3.get("/queues/open").text().contains("/queues/realm"));
}

#[test]
fn many_realms_are_at_hand_first_and_the_others_are_searched_for() {
    let world = parent();
    world.execute(
        "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
         INSERT INTO realm (tenant_id, realm_id, parent_id, path, name)
         SELECT 1, 100 + i, 1, 'a0d' || printf('%04d', i + 1000), 'Branch ' || printf('%03d', i)
           FROM n",
    );
    let mut p = agent(&world, "P");
    world.meter.take_trips();
    let page = p.get("/queues/open");
    assert_eq!(world.meter.take_trips(), 2);
    assert_eq!(page.text().matches("<option").count(), 50);
    assert!(page.text().contains("All realms"));
    let all = p.get("/queues/realm");
    assert_eq!(all.text().matches("<option").count(), 200);
    let found = told(&mut p, "/queues/realm?q=branch+99");
    assert_eq!(found["offered"].as_array().unwrap().len(), 10);
    assert!(
        p.get("/queues/realm?q=nowhere")
            .text()
            .contains("No realm found")
    );
    assert_eq!(choose(&mut p, 1099).0, 303);
    let page = p.get("/queues/open");
    assert!(
        page.text()
            .contains("<option value=\"\" selected disabled>Branch 999</option>")
    );
}

#[test]
fn choosing_asks_to_sign_in_and_for_the_forms_token() {
    let world = parent();
    let mut nobody = world.browser("p.localhost");
    assert_eq!(
        nobody.get("/queues/realm").location(),
        "/auth/sign-in?next=/queues/realm"
    );
    assert_eq!(nobody.post("/queues/realm", "realm=4").status, 303);
    let mut p = agent(&world, "P");
    assert_eq!(p.post("/queues/realm", "realm=4&csrf=x").status, 403);
    assert_eq!(listed(&mut p).len(), 10);
}
