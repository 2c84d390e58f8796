//! Departments and teams, as administrators make, change and remove them.

use realmdesk_tests::{Browser, World};
use serde_json::{Value, json};

use super::{administrator, doing, each, email, id, parent, post, post_json, save, told};

const DEPARTMENTS: &str = "/admin/departments";
const TEAMS: &str = "/admin/teams";

/// Makes something in a realm, and returns its page.
fn made(
    world: &World,
    browser: &mut Browser<'_>,
    list: &str,
    realm: &str,
    fields: &[(&str, &str)],
) -> String {
    let here = id(world, realm).to_string();
    let mut all = vec![("in", here.as_str())];
    all.extend(fields);
    let led = doing(browser, list, &all);
    let page = led.strip_suffix("&done=added").unwrap();
    page.to_owned()
}

fn names(browser: &mut Browser<'_>, list: &str, kind: &str) -> Vec<String> {
    let page = told(browser, list);
    let names = each(&page[kind], "name").into_iter();
    names.map(str::to_owned).collect()
}

fn removed(browser: &mut Browser<'_>, path: &str) -> realmdesk_tests::Page {
    let reading = told(browser, path)["reading"].clone();
    let realm = path.split("in=").nth(1).unwrap();
    let fields = [
        ("in", realm),
        ("change", "remove"),
        ("reading", reading.as_str().unwrap()),
    ];
    post(browser, path, &fields)
}

#[test]
fn t_41_a_department_is_made_changed_and_removed() {
    let world = parent();
    let mut sp3 = administrator(&world, "SP3");
    let fields = [
        ("name", " Night <shift> "),
        ("public", "1"),
        ("answers_messages", "1"),
        ("manager", "AGENT@c3a.example"),
    ];
    let page = made(&world, &mut sp3, DEPARTMENTS, "SP3", &fields);
    let now = told(&mut sp3, &page);
    assert_eq!(
        (&now["name"], &now["manager"], &now["answers_tickets"]),
        (&json!("Night <shift>"), &json!(email("C3A")), &json!(false))
    );
    world.turn(1);
    let changed = [("name", "Night"), ("manager", ""), ("answers_tickets", "1")];
    assert_eq!(save(&mut sp3, &page, &changed).status, 303);
    let now = told(&mut sp3, &page);
    assert_eq!(
        (&now["name"], &now["manager"], &now["answers_tickets"]),
        (&json!("Night"), &Value::Null, &json!(true))
    );
    assert_eq!(now["public"], true, "what was not changed stays");
    assert_eq!(names(&mut sp3, DEPARTMENTS, "departments"), ["Night"]);
    world.turn(1);
    let gone = removed(&mut sp3, &page);
    assert!(
        gone.location().ends_with("&done=removed"),
        "{}",
        gone.text()
    );
    assert_eq!(sp3.get(&page).status, 404);
    let log = told(&mut sp3, "/admin/log");
    let deeds = log["deeds"].as_array().unwrap().iter();
    let deeds: Vec<_> = deeds.map(|it| json!([it["kind"], it["action"]])).collect();
    let expected = ["removed", "changed", "made"].map(|action| json!(["department", action]));
    assert_eq!(deeds, expected);
}

#[test]
fn t_41_a_team_is_made_changed_and_removed() {
    let world = parent();
    let mut sp3 = administrator(&world, "SP3");
    let fields = [("name", "Second line"), ("lead", "agent@sp3.example")];
    let page = made(&world, &mut sp3, TEAMS, "SP3", &fields);
    assert_eq!(told(&mut sp3, &page)["lead"], email("SP3"));
    let team = world.number("SELECT max(team_id) FROM team");
    let agent = world.rows("SELECT agent_id FROM agent WHERE email = 'agent@c3a.example'");
    world.execute(&format!(
        "INSERT INTO team_member (tenant_id, team_id, agent_id) VALUES (1, {team}, '{}')",
        agent[0]
    ));
    assert_eq!(
        each(&told(&mut sp3, &page)["members"], "email"),
        [email("C3A")]
    );
    let twice = [("in", page.split("in=").nth(1).unwrap()), fields[0]];
    assert_eq!(post_json(&mut sp3, TEAMS, &twice).json()["error"], "taken");
    assert_eq!(
        save(&mut sp3, &page, &[("name", "Third line"), ("lead", "")]).status,
        303
    );
    let rows = world.rows("SELECT name || coalesce(lead_id, '-') FROM team WHERE realm_id > 1");
    assert!(rows.contains(&"Third line-".to_owned()), "{rows:?}");
    assert_eq!(removed(&mut sp3, &page).status, 303);
    assert_eq!(sp3.get(&page).status, 404);
    assert_eq!(world.number("SELECT count(*) FROM team_member"), 0);
}

#[test]
fn what_something_needs_stays() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let here = id(&world, "P");
    let all = told(&mut p, &format!("{DEPARTMENTS}?in={here}"));
    assert!(all["departments"].as_array().unwrap().len() > 1);
    let used = world.number("SELECT department_id FROM ticket LIMIT 1");
    let refused = removed(&mut p, &format!("{DEPARTMENTS}/{used}?in={here}"));
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("Something else still needs this"));
    let team = made(&world, &mut p, TEAMS, "P", &[("name", "Held")]);
    world.execute("UPDATE ticket SET team_id = (SELECT max(team_id) FROM team)");
    assert_eq!(removed(&mut p, &team).status, 422);
    assert_eq!(told(&mut p, &team)["name"], "Held");
}

#[test]
fn the_last_department_that_tickets_can_go_to_stays() {
    let world = World::new().tenant("acme");
    world.empower("ada@acme.example");
    let mut admin = world
        .browser("acme.localhost")
        .signed_in("ada@acme.example");
    world.execute(
        "DELETE FROM ticket;
         UPDATE help_topic SET department_id = NULL;
         DELETE FROM department_member;
         DELETE FROM department WHERE department_id > 1",
    );
    let refused = removed(&mut admin, &format!("{DEPARTMENTS}/1?in=1"));
    assert_eq!(refused.status, 422);
    assert_eq!(world.number("SELECT count(*) FROM department"), 1);
}

#[test]
fn t_65_a_leader_is_an_agent_whom_the_administrator_sees() {
    let world = parent();
    let mut sp3 = administrator(&world, "SP3");
    let page = made(&world, &mut sp3, DEPARTMENTS, "SP3", &[("name", "Night")]);
    let refused = |sp3: &mut Browser<'_>, manager| {
        let page = save(sp3, &page, &[("manager", manager)]);
        assert_eq!(page.status, 422, "{manager}");
        page.text().replace(manager, "…")
    };
    let unknown = refused(&mut sp3, "nobody@acme.example");
    assert!(unknown.contains("id=\"manager-problem\""));
    assert_eq!(refused(&mut sp3, "agent@p.example"), unknown);
    // One above put their own agent there, whom those below do not see.
    world.execute(
        "UPDATE department SET manager_id = (SELECT agent_id FROM agent WHERE email = 'agent@p.example')
          WHERE name = 'Night'",
    );
    let now = sp3.get(&page);
    assert!(!now.text().contains("agent@p.example"));
    assert_eq!(save(&mut sp3, &page, &[("name", "Nights")]).status, 303);
    let managed =
        "SELECT count(*) FROM department WHERE name = 'Nights' AND manager_id IS NOT NULL";
    assert_eq!(world.number(managed), 1, "the unseen manager stays");
    assert_eq!(save(&mut sp3, &page, &[("keep", "")]).status, 303);
    assert_eq!(world.number(managed), 0, "unless that is taken back");
}

#[test]
fn t_65_who_is_limited_names_leaders_of_their_own_duties_alone() {
    let world = parent();
    let mut sp3 = administrator(&world, "SP3");
    let own = made(&world, &mut sp3, DEPARTMENTS, "SP3", &[("name", "Own")]);
    let other = made(&world, &mut sp3, DEPARTMENTS, "SP3", &[("name", "Other")]);
    let team = made(&world, &mut sp3, TEAMS, "SP3", &[("name", "Team")]);
    world.execute(
        "INSERT INTO department_member (tenant_id, department_id, agent_id)
         SELECT d.tenant_id, d.department_id, a.agent_id FROM department AS d, agent AS a
          WHERE d.name = 'Own' AND a.email = 'agent@sp3.example';
         UPDATE agent SET is_limited = 1",
    );
    let named = [("manager", "agent@sp3.example")];
    assert_eq!(save(&mut sp3, &own, &named).status, 303);
    let refused = save(&mut sp3, &other, &named);
    assert_eq!(refused.status, 422);
    assert!(
        refused
            .text()
            .contains("limited to other departments and teams yourself")
    );
    let lead = save(&mut sp3, &team, &[("lead", "agent@sp3.example")]);
    assert_eq!(lead.status, 422);
    let here = id(&world, "SP3").to_string();
    let new = [("in", &*here), ("name", "New"), named[0]];
    assert_eq!(post(&mut sp3, DEPARTMENTS, &new).status, 422);
    assert_eq!(save(&mut sp3, &other, &[("name", "Renamed")]).status, 303);
}

#[test]
fn what_was_typed_wrongly_is_told_and_kept_and_an_older_reading_changes_nothing() {
    let world = parent();
    let mut sp3 = administrator(&world, "SP3");
    let page = made(&world, &mut sp3, DEPARTMENTS, "SP3", &[("name", "Night")]);
    let refused = save(&mut sp3, &page, &[("name", " "), ("answers_tickets", "1")]);
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("id=\"name-problem\""));
    assert!(
        refused
            .text()
            .contains("name=\"answers_tickets\" value=\"1\" checked")
    );
    let old = told(&mut sp3, &page)["reading"].clone();
    assert_eq!(
        save(&mut sp3, &page, &[("answers_messages", "1")]).status,
        303
    );
    let realm = page.split("in=").nth(1).unwrap();
    let late = [
        ("in", realm),
        ("change", "save"),
        ("name", "Late"),
        ("reading", old.as_str().unwrap()),
    ];
    assert_eq!(post_json(&mut sp3, &page, &late).json()["error"], "stale");
    assert_eq!(told(&mut sp3, &page)["name"], "Night");
}

#[test]
fn what_a_department_does_not_answer_by_itself_goes_unanswered() {
    let world = World::new().tenant("acme");
    world.empower("ada@acme.example");
    let mut admin = world
        .browser("acme.localhost")
        .signed_in("ada@acme.example");
    let to_ana = "SELECT count(*) FROM outbox WHERE to_address = 'ana@example.com'";
    let answers = |world: &World, subject| {
        let before = world.number(to_ana);
        world.ticket("acme", subject);
        world.number(to_ana) - before
    };
    let with = answers(&world, "One");
    let department = world.number("SELECT max(department_id) FROM ticket");
    let page = format!("{DEPARTMENTS}/{department}?in=1");
    assert_eq!(
        save(&mut admin, &page, &[("answers_tickets", "")]).status,
        303
    );
    assert_eq!((with, answers(&world, "Two")), (1, 0));
}
