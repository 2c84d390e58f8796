//! Help topics, as administrators make and change them (HT-1, HT-2).

use desk::topic::{self, Change, NewTopic, Refused};
use realmdesk_tests::world::ticket_call;
use realmdesk_tests::{Browser, World, html, task};
use serde_json::{Value, json};
use tenancy::policy::act;

use super::{administrator, agent, doing, each, id, parent, post, post_json, save, told};

fn list(world: &World, realm: &str) -> String {
    format!("/admin/topics?in={}", id(world, realm))
}

fn page_of(world: &World, realm: &str, topic: i64) -> String {
    format!("/admin/topics/{topic}?in={}", id(world, realm))
}

/// Makes a topic, and returns its id.
fn made(browser: &mut Browser<'_>, realm: i64, name: &str, parent: &str) -> i64 {
    let fields = [
        ("in", &*realm.to_string()),
        ("name", name),
        ("parent", parent),
    ];
    let page = post_json(browser, "/admin/topics", &fields);
    assert_eq!(page.status, 200, "{}", page.text());
    page.json()["id"].as_i64().unwrap()
}

#[test]
fn a_realms_topics_are_listed_with_those_that_it_inherits() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let here = id(&world, "SP3");
    made(&mut p, here, "Rollout", "");
    let topics = told(&mut p, &list(&world, "SP3"));
    let names = [
        "General Inquiry",
        "Feedback",
        "Report a Problem",
        "Report a Problem / Access Issue",
        "Rollout",
    ];
    assert_eq!(each(&topics["topics"], "name"), names);
    let page = p.get(&list(&world, "SP3"));
    assert!(
        page.text().contains("of P<"),
        "it says where they come from"
    );
    let mut sp3 = administrator(&world, "SP3");
    let own = told(&mut sp3, "/admin/topics");
    assert_eq!(
        each(&own["topics"], "name"),
        ["Rollout"],
        "what is above is not theirs"
    );
    assert!(!sp3.get("/admin/topics").text().contains("Access Issue"));
    let mut c3a = administrator(&world, "C3A");
    let none = c3a.get("/admin/topics");
    assert!(none.text().contains("No help topics yet"));
}

#[test]
fn a_topic_is_made_and_offered_at_once() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let realm = id(&world, "P").to_string();
    let led = doing(
        &mut p,
        "/admin/topics",
        &[("in", &realm), ("name", " Keys "), ("parent", "11")],
    );
    assert!(
        led.contains("/admin/topics/") && led.ends_with("&done=saved"),
        "{led}"
    );
    let page = p.get(&led);
    assert!(
        page.text()
            .contains("Report a Problem / Access Issue / Keys")
    );
    let portal = world.browser("sp3.localhost").get("/open");
    assert!(
        portal.text().contains("Access Issue / Keys"),
        "below it too"
    );
}

#[test]
fn what_is_wrong_with_a_new_topic_is_said_beside_the_field_and_what_was_typed_is_kept() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let realm = id(&world, "P").to_string();
    for (name, parent, field, why) in [
        ("", "", "name", "name"),
        ("A / B", "", "name", "name"),
        ("Feedback", "", "name", "taken"),
        ("New", "99", "parent", "unknown"),
    ] {
        let fields = [("in", &*realm), ("name", name), ("parent", parent)];
        let page = post(&mut p, "/admin/topics", &fields);
        assert_eq!(page.status, 422, "{name}");
        assert!(page.text().contains(&format!("id=\"{field}-problem\"")));
        assert_eq!(html::value(page.text(), "name").unwrap(), name);
        let data = post_json(&mut p, "/admin/topics", &fields).json();
        assert_eq!(data, json!({ "error": why, "field": field }));
    }
    assert_eq!(
        world.number("SELECT count(*) FROM help_topic WHERE tenant_id = 1"),
        4
    );
}

#[test]
fn ht_1_each_thing_that_a_topic_does_can_be_changed_and_counts_for_the_next_ticket() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let path = page_of(&world, "P", 2);
    let changed = [
        ("name", "Praise"),
        ("parent", "1"),
        ("department", "3"),
        ("priority", "4"),
        ("plan", "1"),
        ("format", "Q-########"),
        ("thanks", "We <love> praise."),
        ("silent", "1"),
        ("agent", "Agent@SP3.example"),
        ("team", "1"),
        ("status", "closed"),
        ("position", "7"),
    ];
    assert_eq!(save(&mut p, &path, &changed).status, 303);
    let now = told(&mut p, &path);
    let expected = json!({
        "id": 2, "realm": id(&world, "P"), "name": "General Inquiry / Praise", "parent": 1,
        "public": true, "active": true, "archived": false, "silent": true, "department": 3,
        "priority": 4, "plan": 1, "forms": [], "off": [], "inherits": false,
        "format": "Q-########",
        "sequence": null, "thanks": "We <love> praise.",
        "agent": "agent@sp3.example", "team": 1, "status": 3, "position": 7,
    });
    let mut shown = now;
    shown.as_object_mut().unwrap().remove("csrf");
    assert_eq!(shown, expected);
    let number = world
        .send(ticket_call("p", &json!({ "topicId": 2 })))
        .text()
        .to_owned();
    assert!(number.starts_with("Q-"), "{number}");
    let routed = format!(
        "SELECT department_id, priority, team_id, state,
                agent_id = (SELECT agent_id FROM agent WHERE email = 'agent@sp3.example')
           FROM ticket WHERE number = '{number}'"
    );
    assert_eq!(world.rows(&routed), ["3|4|1|closed|1"]);
    assert_eq!(
        save(&mut p, &path, &[("format", ""), ("department", "")]).status,
        303
    );
    let again = told(&mut p, &path);
    assert_eq!(
        [&again["format"], &again["department"]],
        [&Value::Null, &Value::Null]
    );
}

#[test]
fn ht_3_topics_stand_as_they_are_numbered_and_else_by_name() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let order = |p: &mut Browser<'_>| {
        let told = told(p, &list(&world, "P"));
        let topics = told["topics"].as_array().unwrap().iter();
        topics
            .map(|it| it["id"].as_i64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(order(&mut p), [1, 2, 10, 11]);
    for (topic, position) in [(1, "5"), (2, "5"), (10, "0"), (11, "5")] {
        let saved = save(
            &mut p,
            &page_of(&world, "P", topic),
            &[("position", position)],
        );
        assert_eq!(saved.status, 303);
    }
    assert_eq!(order(&mut p), [10, 2, 1, 11]);
    let portal = world.browser("p.localhost").get("/open");
    let at = |name: &str| portal.text().find(name).unwrap();
    assert!(at("Report a Problem") < at("Feedback") && at("Feedback") < at("General Inquiry"));
}

#[test]
fn an_agent_whom_an_administrator_does_not_see_stays_a_topics_and_is_not_told() {
    let world = parent();
    let (mut p, mut sp3) = (administrator(&world, "P"), administrator(&world, "SP3"));
    let topic = made(&mut p, id(&world, "SP3"), "Rollout", "");
    let path = page_of(&world, "SP3", topic);
    assert_eq!(
        save(&mut p, &path, &[("agent", "agent@p.example")]).status,
        303
    );
    let page = sp3.get(&path);
    assert!(
        !page.text().contains("agent@p.example") && page.text().contains("whom you do not see")
    );
    assert_eq!(told(&mut sp3, &path)["agent"], Value::Null);
    assert_eq!(save(&mut sp3, &path, &[("name", "Mine")]).status, 303);
    assert_eq!(told(&mut p, &path)["agent"], "agent@p.example");
    let anew = save(&mut sp3, &path, &[("agent", "agent@p.example")]);
    assert_eq!(anew.status, 422, "nor assigned anew");
    assert_eq!(save(&mut sp3, &path, &[("keep_agent", "")]).status, 303);
    assert_eq!(told(&mut p, &path)["agent"], Value::Null);
}

#[test]
fn topics_below_are_renamed_with_the_one_above() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let below = made(&mut p, id(&world, "SP3"), "Badge", "11");
    assert_eq!(
        save(&mut p, &page_of(&world, "P", 10), &[("name", "Trouble")]).status,
        303
    );
    let name = |id| {
        world
            .rows(&format!(
                "SELECT name FROM help_topic WHERE tenant_id = 1 AND topic_id = {id}"
            ))
            .concat()
    };
    assert_eq!(name(11), "Trouble / Access Issue");
    assert_eq!(
        name(below),
        "Trouble / Access Issue / Badge",
        "in realms below too"
    );
    assert_eq!(
        save(&mut p, &page_of(&world, "P", 11), &[("parent", "")]).status,
        303
    );
    assert_eq!(
        [name(10), name(11), name(below)],
        ["Trouble", "Access Issue", "Access Issue / Badge"]
    );
}

#[test]
fn a_topic_cannot_stand_below_itself() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let page = p.get(&page_of(&world, "P", 10));
    assert!(
        !page.text().contains("<option value=\"11\""),
        "it is not offered"
    );
    for parent in ["10", "11"] {
        assert_eq!(
            save(&mut p, &page_of(&world, "P", 10), &[("parent", parent)]).status,
            422
        );
    }
    assert_eq!(world.number("SELECT count(*) FROM help_topic WHERE topic_id = 10 AND parent_id IS NULL AND tenant_id = 1"), 1);
}

#[test]
fn a_refused_change_keeps_what_was_typed() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let path = page_of(&world, "P", 2);
    let wrong = [
        ("format", "<none>"),
        ("thanks", "Thanks & more"),
        ("public", ""),
    ];
    let page = save(&mut p, &path, &wrong);
    assert_eq!(page.status, 422);
    assert_eq!(html::value(page.text(), "format").unwrap(), "<none>");
    assert!(page.text().contains("Thanks &#38; more"));
    assert!(page.text().contains("id=\"format-problem\""));
    assert!(
        page.text().contains("name=\"public\" value=\"1\">"),
        "and what was unticked"
    );
    assert_eq!(told(&mut p, &path)["thanks"], "");
    for wrong in [
        ("department", "77"),
        ("plan", "x"),
        ("priority", "5"),
        ("sequence", "9"),
        ("form", "2"),
        ("agent", "nobody@p.example"),
        ("team", "9"),
        ("status", "archived"),
        ("position", "first"),
        ("position", "-1"),
    ] {
        assert_eq!(save(&mut p, &path, &[wrong]).status, 422, "{wrong:?}");
    }
}

#[test]
fn a_topic_is_archived_with_all_below_and_restored() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let (path, realm) = (page_of(&world, "P", 10), id(&world, "P").to_string());
    let offers = |word: &str| {
        world
            .browser("p.localhost")
            .get("/open")
            .text()
            .contains(word)
    };
    doing(&mut p, &path, &[("in", &realm), ("change", "archive")]);
    assert!(!offers("Access Issue") && told(&mut p, &path)["archived"] == true);
    doing(&mut p, &path, &[("in", &realm), ("change", "restore")]);
    assert!(offers("Access Issue") && told(&mut p, &path)["archived"] == false);
    assert_eq!(save(&mut p, &path, &[("active", "")]).status, 303);
    assert!(!offers("Report a Problem"), "switched off");
    assert_eq!(
        save(&mut p, &page_of(&world, "P", 1), &[("public", "")]).status,
        303
    );
    assert!(!offers("General Inquiry"), "not on the portal");
}

#[test]
fn what_was_renamed_meanwhile_is_not_renamed_again() {
    let world = parent();
    world.empower("agent@p.example");
    let p = world.agent_at("p.localhost", "agent@p.example");
    let realm = world.ask::<act::DeskManage>(&p, "P").unwrap();
    let read = task::run(realm.scope().read((topic::kept(realm.scope(), realm.id),)));
    let (kept,) = read.unwrap();
    let (was, parent) = (&kept[3], &kept[2]);
    for faster in ["topic_id = 10", "topic_id = 11"] {
        let change = Change {
            to: NewTopic {
                name: "Slower",
                ..NewTopic::default()
            },
            parent: Some(parent),
            is_active: true,
            position: 1,
            forms: &[],
            off: &[],
        };
        let batch = topic::change(&realm, was, &change).unwrap();
        world.execute(&format!(
            "UPDATE help_topic SET name = 'Faster ' || topic_id WHERE {faster} AND tenant_id = 1"
        ));
        let error = task::run(realm.scope().write(batch)).unwrap_err();
        assert_eq!(topic::change_refused(error), Refused::Stale, "{faster}");
    }
}

#[test]
fn only_who_holds_the_realm_and_the_right_looks_after_its_topics() {
    let world = parent();
    let mut sp3 = administrator(&world, "SP3");
    assert_eq!(sp3.get(&list(&world, "P")).status, 404);
    assert_eq!(sp3.get(&page_of(&world, "P", 10)).status, 404);
    assert_eq!(
        sp3.get(&page_of(&world, "SP3", 10)).status,
        404,
        "it is P's"
    );
    let here = id(&world, "SP3").to_string();
    let above = post(
        &mut sp3,
        "/admin/topics",
        &[("in", &here), ("name", "x"), ("parent", "10")],
    );
    assert_eq!(
        above.status, 422,
        "nor do they stand below what is not theirs"
    );
    let mut c1b = agent(&world, "C1B");
    assert_eq!(c1b.get("/admin/topics").status, 403);
    world.execute(
        "UPDATE agent SET permissions = '[\"realm.rename\"]' WHERE email = 'agent@sp3.example'",
    );
    let mut sp3 = agent(&world, "SP3");
    assert_eq!(sp3.get("/admin/topics").status, 403);
    assert!(
        !sp3.get("/admin/realms").text().contains("/admin/topics"),
        "nor is it offered"
    );
}
