//! Who sees a realm, changed by those who hold it; it counts from the next request on.

use realmdesk_tests::{Browser, World, html};
use serde_json::json;

use super::{administrator, agent, doing, each, email, id, listed, parent, path, post_json, told};

fn refused(browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
    let page = post_json(browser, path, fields);
    (
        page.status,
        page.json()["error"].as_str().unwrap_or_default().to_owned(),
    )
}

#[test]
fn t_8_a_realm_is_shown_to_an_agent_and_taken_back() {
    let world = parent();
    let (mut p, mut sp3) = (administrator(&world, "P"), agent(&world, "SP3"));
    let path = path(&world, "C1B", "/access");
    assert_eq!(listed(&mut sp3), ["SP3", "C3A"]);
    let show = [("change", "show_agent"), ("agent", " Agent@SP3.example ")];
    for _ in 0..2 {
        let led = doing(&mut p, &path, &show);
        assert_eq!(led, format!("{path}?done=saved"));
    }
    assert_eq!(listed(&mut sp3), ["SP3", "C1B", "C3A", "C1Bi"]);
    let access = told(&mut p, &path);
    assert_eq!(each(&access["agents"], "detail"), ["agent@sp3.example"]);
    let page = p.get(&path);
    assert!(page.text().contains("agent@sp3.example"), "{}", page.text());
    let held = access["agents"][0]["id"].as_str().unwrap().to_owned();
    doing(
        &mut p,
        &path,
        &[("change", "hide_agent"), ("agent_id", &held)],
    );
    assert_eq!(listed(&mut sp3), ["SP3", "C3A"]);
    assert_eq!(told(&mut p, &path)["agents"], json!([]));
}

#[test]
fn t_9_a_realm_is_shown_to_a_team_and_taken_back() {
    let world = parent();
    world.execute(
        "INSERT INTO team_member SELECT tenant_id, 1, agent_id FROM agent
          WHERE email = 'agent@sp3.example'",
    );
    let (mut p, mut sp3) = (administrator(&world, "P"), agent(&world, "SP3"));
    let path = path(&world, "C2D", "/access");
    doing(&mut p, &path, &[("change", "show_team"), ("team", "1")]);
    assert_eq!(listed(&mut sp3), ["SP3", "C2D", "C3A"]);
    assert_eq!(
        each(&told(&mut p, &path)["teams"], "name"),
        ["Level I Support"]
    );
    doing(&mut p, &path, &[("change", "hide_team"), ("team", "1")]);
    assert_eq!(listed(&mut sp3), ["SP3", "C3A"]);
}

#[test]
fn t_11_a_realm_is_shown_to_everybody_of_another_and_taken_back() {
    let world = parent();
    let (mut p, mut sp2) = (administrator(&world, "P"), agent(&world, "SP2"));
    let path = path(&world, "C3A", "/access");
    let viewer = id(&world, "SP2").to_string();
    doing(
        &mut p,
        &path,
        &[("change", "show_viewer"), ("viewer", &viewer)],
    );
    assert_eq!(listed(&mut sp2), ["SP2", "C3A"]);
    assert_eq!(each(&told(&mut p, &path)["viewers"], "name"), ["SP2"]);
    doing(
        &mut p,
        &path,
        &[("change", "hide_viewer"), ("viewer", &viewer)],
    );
    assert_eq!(listed(&mut sp2), ["SP2"]);
}

#[test]
fn t_10_a_realm_is_closed_to_all_but_a_role_and_opened_again() {
    let world = parent();
    world.execute("UPDATE agent SET role_id = 3 WHERE email = 'agent@p.example'");
    let (mut p, mut c1a) = (administrator(&world, "P"), agent(&world, "C1A"));
    let at = |realm: &str| path(&world, realm, "/access");
    doing(&mut p, &at("SP1"), &[("change", "close"), ("role", "3")]);
    assert_eq!(listed(&mut c1a), [""; 0]);
    assert_eq!(listed(&mut p).len(), 10);
    assert_eq!(
        told(&mut p, &at("SP1"))["closing"],
        json!({"at": "here", "role": "Limited Access"})
    );
    assert_eq!(
        told(&mut p, &at("C1A"))["closing"],
        json!({"at": "above", "role": "Limited Access"})
    );
    doing(&mut p, &at("C1A"), &[("change", "open")]);
    assert_eq!(listed(&mut c1a), ["C1A"]);
    assert_eq!(
        told(&mut p, &at("C1A"))["closing"],
        json!({"at": "here", "role": null})
    );
    doing(&mut p, &at("C1A"), &[("change", "inherit")]);
    assert_eq!(listed(&mut c1a), [""; 0]);
    doing(&mut p, &at("SP1"), &[("change", "inherit")]);
    assert_eq!(listed(&mut c1a), ["C1A"]);
    assert_eq!(world.number("SELECT count(*) FROM restriction"), 0);
}

#[test]
fn whoever_closes_a_realm_to_themselves_is_led_away_and_nobody_does_it_to_their_own() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let path = path(&world, "SP1", "/access");
    let page = p.get(&path);
    assert!(page.text().contains("Your own role is All Access."));
    let led = doing(&mut p, &path, &[("change", "close"), ("role", "3")]);
    assert_eq!(led, "/admin/realms?done=saved");
    assert_eq!(p.get(&path).status, 404);
    let own = super::path(&world, "P", "/access");
    let close = [("change", "close"), ("role", "3")];
    assert_eq!(refused(&mut p, &own, &close), (422, "shut_out".to_owned()));
    let unknown = [("change", "close"), ("role", "99")];
    assert_eq!(refused(&mut p, &own, &unknown), (422, "unknown".to_owned()));
    assert_eq!(world.number("SELECT count(*) FROM restriction"), 1);
}

#[test]
fn t_65_nobody_gives_what_they_do_not_hold() {
    let world = parent();
    world.execute(
        "INSERT INTO agent_grant (tenant_id, agent_id, realm_id)
         SELECT tenant_id, agent_id, 2 FROM agent WHERE email = 'agent@sp3.example'",
    );
    let mut sp3 = administrator(&world, "SP3");
    let me = [("change", "show_agent"), ("agent", "agent@sp3.example")];
    for realm in ["P", "SP1", "C1B", "SP2"] {
        let path = path(&world, realm, "/access");
        assert_eq!(
            post_json(&mut sp3, &path, &me).status,
            404,
            "{realm}: shown is not held"
        );
    }
    doing(&mut sp3, &path(&world, "C3A", "/access"), &me);
    // A realm with a part that is closed to the giver is not given at all.
    let mut p = administrator(&world, "P");
    doing(
        &mut p,
        &path(&world, "C1Bi", "/access"),
        &[("change", "close"), ("role", "3")],
    );
    let whole = refused(&mut p, &path(&world, "SP1", "/access"), &me);
    assert_eq!(whole, (422, "not_held".to_owned()));
    assert_eq!(world.number("SELECT count(*) FROM agent_grant"), 2);
}

#[test]
fn agents_teams_and_realms_out_of_sight_are_as_good_as_none() {
    let world = parent().tenant("acme");
    let mut sp1 = administrator(&world, "SP1");
    let path = path(&world, "C1A", "/access");
    let show = |browser: &mut Browser<'_>, field: &str, value: &str| {
        let change = format!("show_{field}");
        refused(browser, &path, &[("change", &change), (field, value)])
    };
    let unknown = (422, "unknown".to_owned());
    let none = show(&mut sp1, "agent", "nobody@sp3.example");
    assert_eq!(none, unknown);
    for foreign in [
        "agent@sp3.example",
        "agent@p.example",
        "ada@acme.example",
        "",
        "x",
    ] {
        assert_eq!(show(&mut sp1, "agent", foreign), unknown, "{foreign}");
    }
    world.execute(
        "INSERT INTO team (tenant_id, team_id, realm_id, name) VALUES (1, 9, 4, 'Theirs')",
    );
    for foreign in ["9", "999", "x", ""] {
        assert_eq!(show(&mut sp1, "team", foreign), unknown, "{foreign}");
    }
    for foreign in ["1", "4", "999", "x", ""] {
        assert_eq!(show(&mut sp1, "viewer", foreign), unknown, "{foreign}");
    }
    let typed = [("change", "show_agent"), ("agent", "agent@sp3.example")];
    let page = super::post(&mut sp1, &path, &typed);
    assert_eq!(
        html::value(page.text(), "agent").as_deref(),
        Some("agent@sp3.example"),
        "it is kept"
    );
    let tables = ["agent_grant", "team_grant", "realm_rule"];
    for table in tables {
        assert_eq!(
            world.number(&format!("SELECT count(*) FROM {table}")),
            0,
            "{table}"
        );
    }
}

#[test]
fn those_a_realm_is_shown_to_are_counted_where_they_are_not_seen() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let path = path(&world, "C1A", "/access");
    for realm in ["SP3", "C1B"] {
        doing(
            &mut p,
            &path,
            &[("change", "show_agent"), ("agent", &email(realm))],
        );
    }
    let mut sp1 = administrator(&world, "SP1");
    let access = told(&mut sp1, &path);
    assert_eq!(each(&access["agents"], "detail"), ["agent@c1b.example"]);
    assert_eq!(access["unseen"], 1);
    let page = sp1.get(&path);
    assert!(!page.text().contains("sp3"), "{}", page.text());
    assert!(page.text().contains("It is also shown to 1 other"));
}

#[test]
fn t_23_the_selector_asks_for_a_role_and_stops_asking() {
    let world: World = parent();
    let (mut p, mut sp1) = (administrator(&world, "P"), agent(&world, "SP1"));
    let path = path(&world, "C1B", "/access");
    let offered = |browser: &mut Browser<'_>| {
        let told = told(browser, "/queues/realm");
        each(&told["offered"], "name").join(" ")
    };
    assert_eq!(offered(&mut sp1), "SP1 C1A C1B C1Bi");
    doing(&mut p, &path, &[("change", "require"), ("role", "3")]);
    assert_eq!(offered(&mut sp1), "SP1 C1A");
    assert_eq!(
        told(&mut p, &path)["asking"],
        json!({"at": "here", "role": "Limited Access"})
    );
    doing(
        &mut p,
        &super::path(&world, "C1Bi", "/access"),
        &[("change", "offer")],
    );
    assert_eq!(offered(&mut sp1), "SP1 C1A C1Bi");
    doing(&mut p, &path, &[("change", "leave")]);
    assert_eq!(offered(&mut sp1), "SP1 C1A C1B C1Bi");
}
