//! Settings on their pages: set, inherited, locked and cleared.

use realmdesk_tests::{Browser, World, html};
use serde_json::{Value, json};

use super::{administrator, doing, parent, path, post, post_json, told};

fn setting(browser: &mut Browser<'_>, path: &str, key: &str) -> Value {
    let page = told(browser, path);
    let settings = page["settings"].as_array().unwrap().iter();
    let mut found = settings.filter(|setting| setting["key"] == key);
    found.next().unwrap().clone()
}

fn change(browser: &mut Browser<'_>, path: &str, change: &str, value: &str) {
    let fields = [("change", change), ("key", "locale"), ("value", value)];
    let led = doing(browser, path, &fields);
    assert_eq!(led, format!("{path}?at=locale&done=saved"));
}

#[test]
fn t_39_a_value_is_set_inherited_and_cleared_and_says_where_it_comes_from() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let at = |realm: &str| path(&world, realm, "/settings");
    let counts = |browser: &mut Browser<'_>, realm: &str| {
        let found = setting(browser, &at(realm), "locale");
        (
            found["value"].clone(),
            found["origin"].clone(),
            found["realm"].clone(),
        )
    };
    let told = |value: &str, origin: &str, realm: Value| (json!(value), json!(origin), realm);
    assert_eq!(counts(&mut p, "C1Bi"), told("en", "platform", Value::Null));
    change(&mut p, &at("SP1"), "set", "de");
    assert_eq!(counts(&mut p, "SP1"), told("de", "own", Value::Null));
    assert_eq!(counts(&mut p, "C1Bi"), told("de", "above", json!("SP1")));
    assert_eq!(counts(&mut p, "SP3"), told("en", "platform", Value::Null));
    let page = p.get(&at("C1Bi"));
    assert!(
        page.text().contains("inherited from SP1"),
        "{}",
        page.text()
    );
    change(&mut p, &at("SP1"), "clear", "");
    assert_eq!(counts(&mut p, "C1Bi"), told("en", "platform", Value::Null));
    world.execute("INSERT INTO tenant_setting (tenant_id, key, value) VALUES (1, 'locale', 'ar')");
    assert_eq!(counts(&mut p, "C1Bi"), told("ar", "tenant", Value::Null));
}

#[test]
fn a_realm_above_is_named_only_to_who_administers_it() {
    let world = parent();
    let mut p = administrator(&world, "P");
    change(&mut p, &path(&world, "P", "/settings"), "set", "de");
    let mut sp1 = administrator(&world, "SP1");
    let at = path(&world, "C1A", "/settings");
    let found = setting(&mut sp1, &at, "locale");
    assert_eq!(
        (&found["origin"], &found["realm"]),
        (&json!("above"), &Value::Null)
    );
    let page = sp1.get(&at);
    assert!(page.text().contains("inherited from a realm further up"));
}

#[test]
fn a_locked_value_is_changed_only_where_it_is_locked() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let (sp1, c1a) = (
        path(&world, "SP1", "/settings"),
        path(&world, "C1A", "/settings"),
    );
    change(&mut p, &c1a, "set", "ar");
    change(&mut p, &sp1, "set", "de");
    change(&mut p, &sp1, "lock", "");
    let below = setting(&mut p, &c1a, "locale");
    assert_eq!(
        (&below["value"], &below["locked"]),
        (&json!("de"), &json!(true))
    );
    let fields = [("change", "set"), ("key", "locale"), ("value", "en")];
    let refused = post_json(&mut p, &c1a, &fields);
    assert_eq!(
        (refused.status, refused.json()),
        (422, json!({"error": "locked", "field": "locale"}))
    );
    let page = p.get(&c1a);
    assert!(page.text().contains("Only who locked it can change it."));
    change(&mut p, &sp1, "clear", "");
    assert_eq!(
        setting(&mut p, &sp1, "locale")["value"],
        "de",
        "a locked value is not cleared"
    );
    change(&mut p, &sp1, "unlock", "");
    assert_eq!(
        setting(&mut p, &c1a, "locale")["value"],
        "ar",
        "its own counts again"
    );
}

#[test]
fn a_value_that_does_not_fit_is_refused_beside_its_field_and_kept() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let at = path(&world, "SP1", "/settings");
    for (key, field, value) in [
        ("time_zone", "time-zone", "Europe/<Berlin>"),
        ("time_zone", "time-zone", ""),
        ("locale", "locale", "tlh"),
        ("branding.accent", "accent", "red"),
        ("company.website", "company-website", "javascript:alert(1)"),
    ] {
        let fields = [("change", "set"), ("key", key), ("value", value)];
        let refused = post(&mut p, &at, &fields);
        assert_eq!(refused.status, 422, "{key} {value}");
        assert!(
            refused.text().contains(&format!("id=\"{field}-problem\"")),
            "{key}"
        );
        if key == "time_zone" {
            assert_eq!(html::value(refused.text(), "value").as_deref(), Some(value));
        }
    }
    let unknown = [("change", "set"), ("key", "no.such.key"), ("value", "x")];
    assert_eq!(post(&mut p, &at, &unknown).status, 400);
    assert_eq!(world.number("SELECT count(*) FROM setting"), 0);
}

#[test]
fn t_42_a_colour_set_on_a_page_shows_on_the_portals_below() {
    let world: World = parent();
    let mut sp1 = administrator(&world, "SP1");
    let at = path(&world, "SP1", "/settings");
    let fields = [
        ("change", "set"),
        ("key", "branding.accent"),
        ("value", "rose"),
    ];
    doing(&mut sp1, &at, &fields);
    for (host, is_rose) in [("c1bi", true), ("sp1", true), ("sp2", false), ("p", false)] {
        let page = world.browser(&format!("{host}.localhost")).get("/");
        assert_eq!(
            page.text().contains("data-accent=\"rose\""),
            is_rose,
            "{host}"
        );
    }
}

#[test]
fn a_language_and_a_time_zone_set_on_a_page_speak_on_the_portals_below_and_in_their_mails() {
    let world: World = parent();
    let mut sp1 = administrator(&world, "SP1");
    let at = path(&world, "SP1", "/settings");
    for (key, value) in [("locale", "de"), ("time_zone", "Asia/Kathmandu")] {
        let fields = [("change", "set"), ("key", key), ("value", value)];
        doing(&mut sp1, &at, &fields);
    }
    let below = world.browser("c1bi.localhost").get("/open");
    assert!(below.text().contains("<html lang=\"de\" dir=\"ltr\""));
    assert!(below.text().contains("Ticket senden"));
    let beside = world.browser("sp2.localhost").get("/open");
    assert!(beside.text().contains("<html lang=\"en\" dir=\"ltr\""));
    assert!(beside.text().contains("Send ticket"));
    let agents = sp1.get("/queues/open");
    assert!(agents.text().contains("<html lang=\"en\""));
    let mut visitor = world.browser("c1bi.localhost");
    let fields = [
        ("topic", "1"),
        ("name", "Ana"),
        ("email", "uta@example.com"),
        ("subject", "Drucker"),
        ("message", "Er druckt nicht."),
    ];
    let sent = visitor.submit("/open", &fields);
    let done = visitor.follow(sent);
    assert!(done.text().contains("bei uns"), "{}", done.text());
    let sent =
        world.rows("SELECT subject, text_body FROM outbox WHERE to_address = 'uta@example.com'");
    assert!(sent[0].contains("bei uns"), "{sent:?}");
    assert!(sent[0].contains(" +0545."), "{sent:?}");
}

#[test]
fn settings_that_name_something_offer_what_the_administrator_sees() {
    let world = parent();
    world.execute(
        "INSERT INTO department (tenant_id, department_id, realm_id, name)
         SELECT tenant_id, 70, realm_id, 'Depot <3>' FROM realm WHERE name = 'SP3'",
    );
    let (mut p, mut sp3) = (administrator(&world, "P"), administrator(&world, "SP3"));
    let at = path(&world, "SP3", "/settings");
    let key = "routing.department";
    let page = p.get(&at).text().to_owned();
    assert!(page.contains("Support") && page.contains("Depot &#60;3&#62;"));
    let shown = sp3.get(&at).text().to_owned();
    assert!(!shown.contains(">Support<") && shown.contains("Depot &#60;3&#62;"));
    let set = |browser: &mut Browser<'_>, value: &str| {
        let key = told(browser, &at)["settings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["key"].as_str().unwrap().to_owned())
            .find(|key| key.contains("department"))
            .unwrap_or(key.to_owned());
        post(
            browser,
            &at,
            &[("change", "set"), ("key", &key), ("value", value)],
        )
        .status
    };
    assert_eq!(set(&mut p, "1"), 303);
    assert!(sp3.get(&at).text().contains("One that you do not see"));
    assert_eq!(set(&mut sp3, "1"), 422, "not theirs to name");
    assert_eq!(set(&mut sp3, "70"), 303);
    assert_eq!(set(&mut sp3, "99"), 422);
    assert_eq!(set(&mut sp3, "0"), 303);
}

#[test]
fn al_1_15_an_alert_that_is_on_must_go_to_somebody() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let (top, sp1) = (
        path(&world, "P", "/settings"),
        path(&world, "SP1", "/settings"),
    );
    let mut set = |at: &str, key: &str, value: &str| {
        let fields = [("change", "set"), ("key", key), ("value", value)];
        let page = post_json(&mut p, at, &fields);
        (page.status, page.json()["field"].clone())
    };
    let refused = |field: &str| (422, json!(field));
    let done = (200, Value::Null);
    let manager = "ticket_alert_dept_manager";
    assert_eq!(set(&top, manager, "0"), refused("ticket-alert-manager"));
    assert_eq!(set(&top, "admin_email", "root@p.example"), done);
    assert_eq!(set(&top, manager, "0"), done, "the administrator is left");
    assert_eq!(
        set(&sp1, "ticket_alert_admin", "0"),
        refused("ticket-alert-admin"),
        "by what is inherited"
    );
    assert_eq!(set(&sp1, "admin_email", ""), refused("admin-email"));
    assert_eq!(set(&sp1, "ticket_alert_active", "0"), done);
    assert_eq!(
        set(&sp1, "ticket_alert_admin", "0"),
        done,
        "what is off may go to nobody"
    );
    assert_eq!(
        set(&sp1, "ticket_alert_active", "1"),
        refused("ticket-alert")
    );
    assert_eq!(
        set(&sp1, "locale", "de"),
        done,
        "other settings are their own matter"
    );
    let clear = [
        ("change", "clear"),
        ("key", "ticket_alert_active"),
        ("value", ""),
    ];
    let page = post(&mut p, &sp1, &clear);
    assert_eq!(page.status, 422);
    assert!(
        page.text().contains("The alert would go to nobody."),
        "{}",
        page.text()
    );
    let off = [
        ("change", "set"),
        ("key", "assigned_alert_staff"),
        ("value", "0"),
    ];
    let page = post(&mut p, &sp1, &off);
    assert_eq!(page.status, 422);
    assert!(page.text().contains("id=\"assigned-alert-agent-problem\""));
    let kept = "SELECT count(*) FROM setting WHERE key = 'assigned_alert_staff'";
    assert_eq!(world.number(kept), 0);
}
