//! Administrators look after agents, and hand out nothing that they do not hold.

use realmdesk_tests::{Browser, Page, World};
use serde_json::Value;

use super::{administrator, agent, doing, each, email, listed, parent, post, save, told};

fn id(world: &World, realm: &str) -> String {
    let email = email(realm);
    let sql = format!("SELECT agent_id FROM agent WHERE email = '{email}'");
    world.rows(&sql).remove(0)
}

fn path(world: &World, realm: &str) -> String {
    format!("/admin/agents/{}", id(world, realm))
}

/// A department and a team of a realm, under an id of their own.
fn furnish(world: &World, id: i64, realm: &str) {
    world.execute(&format!(
        "INSERT INTO department (tenant_id, department_id, realm_id, name)
         SELECT tenant_id, {id}, realm_id, 'Desk of {realm}' FROM realm WHERE name = '{realm}';
         INSERT INTO team (tenant_id, team_id, realm_id, name)
         SELECT tenant_id, {id}, realm_id, 'Team of {realm}' FROM realm WHERE name = '{realm}'"
    ));
}

fn role_of(world: &World, realm: &str) -> i64 {
    let email = email(realm);
    world.number(&format!(
        "SELECT role_id FROM agent WHERE email = '{email}'"
    ))
}

fn memberships(world: &World) -> Vec<String> {
    world.rows("SELECT department_id, role_id FROM department_member ORDER BY department_id")
}

fn ids(list: &Value) -> Vec<i64> {
    let items = list.as_array().unwrap().iter();
    items.map(|item| item["id"].as_i64().unwrap()).collect()
}

fn refused(browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)], word: &str) -> Page {
    let page = save(browser, path, fields);
    assert_eq!(page.status, 422, "{fields:?}: {}", page.text());
    assert!(page.text().contains(word), "{word}: {}", page.text());
    page
}

#[test]
fn an_administrator_lists_the_agents_they_hold_realm_by_realm() {
    let world = parent();
    let mut sp1 = administrator(&world, "SP1");
    let page = told(&mut sp1, "/admin/agents");
    assert_eq!(
        each(&page["agents"], "realm"),
        ["SP1", "C1A", "C1B", "C1Bi"]
    );
    let after = format!("/admin/agents?after={}", id(&world, "C1A"));
    let rest = told(&mut sp1, &after);
    assert_eq!(each(&rest["agents"], "realm"), ["C1B", "C1Bi"]);
    assert!(
        sp1.get("/admin/agents")
            .text()
            .contains("agent@c1a.example")
    );
    world.execute(
        "UPDATE agent SET permissions = '[\"realm.grant\"]' WHERE email = 'agent@sp1.example'",
    );
    assert_eq!(sp1.get("/admin/agents").status, 403, "without the key");
    assert_eq!(agent(&world, "SP3").get("/admin/agents").status, 403);
}

#[test]
fn a_list_of_many_agents_has_pages() {
    let world = parent();
    world.execute(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150)
         INSERT INTO agent (tenant_id, agent_id, realm_id, role_id, email, name, created_at)
         SELECT 1, printf('018bcfe5-6800-7707-8707-%012d', n.i), r.realm_id, 1,
                'many' || n.i || '@x.example', 'Many', 0 FROM realm AS r, n WHERE r.name = 'C3A'",
    );
    let mut sp3 = administrator(&world, "SP3");
    let first = told(&mut sp3, "/admin/agents");
    assert_eq!(first["agents"].as_array().unwrap().len(), 100);
    let next = told(&mut sp3, first["next"].as_str().unwrap());
    assert_eq!(next["agents"].as_array().unwrap().len(), 52);
    assert!(next["next"].is_null());
}

#[test]
fn dp_4_role_departments_and_teams_are_set_and_count_at_once() {
    let world = parent();
    furnish(&world, 31, "C3A");
    world.execute("UPDATE ticket SET department_id = 31 WHERE subject = 'C3A'");
    let mut sp3 = administrator(&world, "SP3");
    let mut c3a = agent(&world, "C3A");
    let path = path(&world, "C3A");
    let fields = [
        ("role", "3"),
        ("limited", "1"),
        ("department-31", "4"),
        ("team-31", "1"),
    ];
    assert_eq!(save(&mut sp3, &path, &fields).status, 303);
    assert_eq!(
        (role_of(&world, "C3A"), memberships(&world)),
        (3, vec!["31|4".to_owned()])
    );
    assert_eq!(world.number("SELECT count(*) FROM team_member"), 1);
    assert_eq!(listed(&mut c3a), ["C3A"]);
    let now = told(&mut sp3, &path);
    assert_eq!(
        (&now["limited"], &now["departments"][0]["role"]),
        (&true.into(), &4.into())
    );
    assert_eq!(
        save(&mut sp3, &path, &[("department-31", "primary")]).status,
        303
    );
    assert_eq!(memberships(&world), ["31|NULL"]);
    let none = [("department-31", ""), ("team-31", "")];
    assert_eq!(save(&mut sp3, &path, &none).status, 303);
    assert!(memberships(&world).is_empty() && listed(&mut c3a).is_empty());
    assert_eq!(world.number("SELECT count(*) FROM team_member"), 0);
}

#[test]
fn an_agent_who_is_switched_off_is_signed_out_and_may_come_back() {
    let world = parent();
    let mut sp3 = administrator(&world, "SP3");
    let mut c3a = agent(&world, "C3A");
    let path = path(&world, "C3A");
    assert_eq!(save(&mut sp3, &path, &[("active", "")]).status, 303);
    assert_eq!(c3a.get("/queues/open").status, 303);
    assert_eq!(save(&mut sp3, &path, &[("active", "1")]).status, 303);
    assert_eq!(
        c3a.get("/queues/open").status,
        303,
        "the old session has ended"
    );
    assert_eq!(agent(&world, "C3A").get("/queues/open").status, 200);
}

#[test]
fn t_65_no_role_is_given_that_permits_or_opens_more_than_the_own() {
    let world = parent();
    let mut sp3 = administrator(&world, "SP3");
    world.execute("UPDATE agent SET role_id = 3 WHERE email IN ('agent@sp3.example')");
    furnish(&world, 31, "C3A");
    let path = path(&world, "C3A");
    let page = told(&mut sp3, &path);
    assert_eq!(
        ids(&page["roles"]),
        [1, 3, 4],
        "theirs, and those within Limited Access"
    );
    refused(
        &mut sp3,
        &path,
        &[("role", "2")],
        "permits or opens more than your own",
    );
    refused(&mut sp3, &path, &[("role", "99")], "permits or opens more");
    refused(
        &mut sp3,
        &path,
        &[("department-31", "1")],
        "permits or opens more",
    );
    assert!(memberships(&world).is_empty());
    assert_eq!(save(&mut sp3, &path, &[("department-31", "3")]).status, 303);
    world.execute("UPDATE department_member SET role_id = 1");
    assert_eq!(
        save(&mut sp3, &path, &[("limited", "1")]).status,
        303,
        "it stays"
    );
    assert_eq!(memberships(&world), ["31|1"]);
    world.execute(
        "INSERT INTO restriction (tenant_id, realm_id, role_id)
         SELECT tenant_id, realm_id, 4 FROM realm WHERE name = 'C2C'",
    );
    refused(&mut sp3, &path, &[("role", "4")], "permits or opens more");
    assert_eq!(role_of(&world, "C3A"), 1);
}

#[test]
fn t_65_departments_and_teams_of_realms_that_are_not_held_stay_as_they_are() {
    let world = parent();
    for (id, realm) in [(11, "SP1"), (31, "C3A")] {
        furnish(&world, id, realm);
    }
    let c3a = id(&world, "C3A");
    world.execute(&format!(
        "INSERT INTO department_member VALUES (1, 11, '{c3a}', 4);
         INSERT INTO team_member VALUES (1, 11, '{c3a}');
         INSERT INTO team (tenant_id, team_id, realm_id, name)
         SELECT tenant_id, 32, realm_id, 'Shown SP1' FROM realm WHERE name = 'C3A';
         INSERT INTO team_grant (tenant_id, team_id, realm_id)
         SELECT tenant_id, 32, realm_id FROM realm WHERE name = 'SP1'"
    ));
    let mut sp3 = administrator(&world, "SP3");
    let path = path(&world, "C3A");
    let page = told(&mut sp3, &path);
    assert_eq!(ids(&page["departments"]), [31]);
    assert_eq!(
        ids(&page["teams"]),
        [31],
        "none that leads to a realm that is not held"
    );
    let version = page["version"].to_string();
    let fields = [
        ("version", version.as_str()),
        ("role", "1"),
        ("active", "1"),
        ("department-11", ""),
        ("department-1", "primary"),
        ("team-32", "1"),
        ("team-31", "1"),
    ];
    doing(&mut sp3, &path, &fields);
    assert_eq!(memberships(&world), ["11|4"]);
    assert_eq!(
        world.rows("SELECT team_id FROM team_member ORDER BY team_id"),
        ["11", "31"]
    );
}

#[test]
fn t_65_who_is_limited_frees_nobody_and_gives_only_their_own_duties() {
    let world = parent();
    for (id, realm) in [(30, "SP3"), (31, "C3A")] {
        furnish(&world, id, realm);
    }
    let mut sp3 = administrator(&world, "SP3");
    let own = id(&world, "SP3");
    world.execute(&format!(
        "INSERT INTO department_member VALUES (1, 30, '{own}', NULL);
         UPDATE agent SET is_limited = 1"
    ));
    for realm in ["C3A", "SP3"] {
        let path = path(&world, realm);
        let page = told(&mut sp3, &path);
        assert_eq!(ids(&page["departments"]), [30]);
        assert!(ids(&page["teams"]).is_empty());
        refused(
            &mut sp3,
            &path,
            &[("limited", "")],
            "limited to your departments yourself",
        );
    }
}

#[test]
fn t_65_nobody_switches_on_who_holds_more_nor_off_themselves() {
    let world = parent();
    world.empower(&email("C3A"));
    let mut sp3 = administrator(&world, "SP3");
    world.execute(
        "UPDATE agent SET permissions = '[\"agent.manage\"]' WHERE email = 'agent@sp3.example'",
    );
    let c3a = path(&world, "C3A");
    assert_eq!(save(&mut sp3, &c3a, &[("active", "")]).status, 303);
    refused(&mut sp3, &c3a, &[("active", "1")], "holds more than you do");
    let own = path(&world, "SP3");
    refused(&mut sp3, &own, &[("active", "")], "your own account");
}

#[test]
fn what_was_decided_on_an_older_reading_changes_nothing() {
    let world = parent();
    furnish(&world, 31, "C3A");
    let mut sp3 = administrator(&world, "SP3");
    let path = path(&world, "C3A");
    let fields = [
        ("version", "1"),
        ("role", "3"),
        ("active", "1"),
        ("department-31", "4"),
    ];
    doing(&mut sp3, &path, &fields);
    let before = world.image();
    let late = [("version", "1"), ("role", "4"), ("active", "1")];
    let page = post(&mut sp3, &path, &late);
    assert_eq!(page.status, 409);
    assert!(page.text().contains("Somebody else changed this"));
    assert_eq!(world.image(), before);
    for nonsense in [&[][..], &[("version", "x"), ("role", "<1>")]] {
        assert_eq!(post(&mut sp3, &path, nonsense).status, 422, "{nonsense:?}");
    }
}
