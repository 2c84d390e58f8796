//! What agents see: the queues, and of those only what is in their sight.

mod deleting;
mod periods;
mod sort;
mod tree;
mod work;

use std::collections::{BTreeMap, BTreeSet};

use realmdesk_tests::tree::REALMS;
use realmdesk_tests::{Browser, HOUR, World};
use serde_json::{Value, json};

/// The agent of a tenant or realm at its portal.
fn ada(world: &World) -> Browser<'_> {
    world
        .browser("acme.localhost")
        .signed_in("ada@acme.example")
}

fn agent_of<'w>(world: &'w World, realm: &str) -> Browser<'w> {
    let realm = realm.to_lowercase();
    let browser = world.browser(&format!("{realm}.localhost"));
    browser.signed_in(&format!("agent@{realm}.example"))
}

fn listed(browser: &mut Browser<'_>, path: &str) -> Value {
    let page = browser.get_json(path);
    assert_eq!(page.status, 200, "{path}");
    page.json()
}

fn subjects(listed: &Value) -> Vec<&str> {
    let tickets = listed["tickets"].as_array().unwrap().iter();
    tickets
        .map(|ticket| ticket["subject"].as_str().unwrap())
        .collect()
}

fn counts(listed: &Value) -> [i64; 3] {
    ["open", "overdue", "closed"].map(|queue| listed["counts"][queue].as_i64().unwrap())
}

/// Opens as many tickets, called `1`, `2`, ….
fn open_many(world: &World, realm: &str, many: usize) {
    for number in 1..=many {
        world.ticket(realm, &number.to_string());
    }
}

fn close(world: &World, subject: &str) {
    let now = world.now().0;
    world.execute(&format!(
        "UPDATE ticket SET state = 'closed', closed_at = {now} WHERE subject = '{subject}'"
    ));
}

#[test]
fn the_queues_ask_to_sign_in_first() {
    let world = World::new().tenant("acme");
    for (path, next) in [
        ("/queues/open", "/queues/open"),
        (
            "/queues/overdue?older=x&y=z#",
            "/queues/overdue?older=x%26y=z",
        ),
        ("/queues/nonsense", "/queues/nonsense"),
    ] {
        let page = world.browser("acme.localhost").get(path);
        assert_eq!(page.status, 303, "{path}");
        assert_eq!(page.location(), format!("/auth/sign-in?next={next}"));
    }
    let first = world.browser("acme.localhost").get("/queues");
    assert_eq!((first.status, first.location()), (303, "/queues/open"));
}

#[test]
fn a_queue_lists_the_newest_tickets_first() {
    let world = World::new().tenant("acme");
    open_many(&world, "acme", 3);
    let listed = listed(&mut ada(&world), "/queues/open");
    assert_eq!(subjects(&listed), ["3", "2", "1"]);
    assert_eq!(counts(&listed), [3, 0, 0]);
}

#[test]
fn a_queue_is_a_page_for_people_and_json_for_programs() {
    let world = World::new().tenant("acme");
    let number = world.ticket("acme", "Printer <b>on</b> fire");
    let created = world.now().0;
    let mut ada = ada(&world);
    let page = ada.get("/queues/open");
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(page.header("vary"), "accept");
    assert!(
        page.text()
            .contains("Printer &#60;b&#62;on&#60;/b&#62; fire")
    );
    for shown in [&number, "Ana Lima", "Support", "Ada Byron"] {
        assert!(page.text().contains(shown), "{shown}");
    }
    let json = ada.get_json("/queues/open");
    assert_eq!(json.header("content-type"), "application/json");
    assert_eq!(
        (json.header("vary"), json.header("cache-control")),
        ("accept", "no-store")
    );
    let id = world.rows("SELECT ticket_id FROM ticket").concat();
    let json = json.json();
    assert_eq!(
        json,
        json!({
            "queue": "open",
            "sort": "newest",
            "queues": json["queues"],
            "counts": {
                "open": 1, "unanswered": 1, "answered": 0, "overdue": 0,
                "mine": 0, "assigned-to-me": 0, "assigned-to-teams": 0, "closed": 0,
            },
            "newer": null,
            "older": null,
            "tickets": [{
                "id": id, "number": number, "subject": "Printer <b>on</b> fire",
                "requester": { "name": "Ana Lima", "email": "ana@example.com" },
                "department": "Support", "realm": "Acme", "assignee": null, "team": null,
                "priority": "Normal", "answered": false, "overdue": false, "created_at": created,
                "due_at": created + 18 * HOUR, "closed_at": null,
            }],
        })
    );
}

#[test]
fn a_queue_is_read_in_two_round_trips() {
    let world = World::new().tenant("acme");
    let mut ada = ada(&world);
    world.meter.take_trips();
    ada.get("/queues/open");
    assert_eq!(world.meter.take_trips(), 2);
}

#[test]
fn tickets_move_between_the_queues_and_their_counts() {
    let world = World::new().tenant("acme");
    open_many(&world, "acme", 3);
    world.turn(18 * HOUR);
    world.sweep();
    world.ticket("acme", "new");
    close(&world, "2");
    let mut ada = ada(&world);
    let queues = ["open", "overdue", "closed"].map(|queue| {
        let listed = listed(&mut ada, &format!("/queues/{queue}"));
        assert_eq!(counts(&listed), [3, 2, 1], "{queue}");
        subjects(&listed).join(" ")
    });
    assert_eq!(queues, ["new 3 1", "3 1", "2"]);
}

#[test]
fn an_unknown_queue_or_page_does_not_exist() {
    let world = World::new().tenant("acme");
    let mut ada = ada(&world);
    for path in [
        "/queues/theirs",
        "/queues/closed-today?older=018bcfe5-6800-7707-8707-070707070707",
        "/queues/open?older=1",
        "/queues/open?newer='",
        "/queues/open/1",
    ] {
        assert_eq!(ada.get(path).status, 404, "{path}");
    }
}

#[test]
fn paging_shows_every_ticket_once_in_both_directions() {
    let world = World::new().tenant("acme");
    open_many(&world, "acme", 60);
    let down: Vec<String> = (1..=60).rev().map(|number| number.to_string()).collect();
    let mut ada = ada(&world);
    let mut pages = Vec::new();
    let mut path = "/queues/open".to_owned();
    loop {
        let page = listed(&mut ada, &path);
        let older = page["older"].as_str().map(str::to_owned);
        assert_eq!(counts(&page), [60, 0, 0]);
        assert!(pages.len() < 10, "the pages go in a circle");
        pages.push(page);
        match older {
            Some(older) => path = older,
            None => break,
        }
    }
    let sizes: Vec<usize> = pages.iter().map(|page| subjects(page).len()).collect();
    assert_eq!(sizes, [25, 25, 10]);
    assert_eq!(pages.iter().flat_map(subjects).collect::<Vec<_>>(), down);
    assert_eq!(pages[0]["newer"], Value::Null);

    let mut page = pages.pop().unwrap();
    while let Some(earlier) = pages.pop() {
        page = listed(&mut ada, page["newer"].as_str().unwrap());
        assert_eq!(subjects(&page), subjects(&earlier));
    }
    assert_eq!(
        page["newer"],
        Value::Null,
        "the first page is the first again"
    );
    assert!(page["older"].is_string());
}

#[test]
fn a_page_stays_where_it_is_while_tickets_come_in() {
    let world = World::new().tenant("acme");
    open_many(&world, "acme", 30);
    let mut ada = ada(&world);
    let first = listed(&mut ada, "/queues/open");
    let older = first["older"].as_str().unwrap().to_owned();
    let before = listed(&mut ada, &older);
    open_many(&world, "acme", 7);
    assert_eq!(subjects(&listed(&mut ada, &older)), subjects(&before));
    assert_eq!(subjects(&before), ["5", "4", "3", "2", "1"]);
}

#[test]
fn a_page_past_the_end_leads_back_to_the_tickets() {
    let world = World::new().tenant("acme");
    open_many(&world, "acme", 2);
    let mut ada = ada(&world);
    let page = listed(&mut ada, "/queues/open");
    let id = |ticket: usize| page["tickets"][ticket]["id"].as_str().unwrap();
    let past = format!("/queues/open?older={}", id(1));
    let beyond = listed(&mut ada, &past);
    assert_eq!(subjects(&beyond), [""; 0]);
    assert_eq!(beyond["newer"], "/queues/open");
    assert!(ada.get(&past).text().contains("No older tickets"));
    let before = listed(&mut ada, &format!("/queues/open?newer={}", id(0)));
    assert_eq!(
        (subjects(&before), &before["older"]),
        (vec![], &json!("/queues/open"))
    );
}

/// A world with the reference tree, and one ticket in each realm, called like it.
fn tree_with_tickets() -> World {
    let world = World::new().parent();
    for realm in REALMS {
        world.ticket(&realm.to_lowercase(), realm);
    }
    world
}

/// What an agent sees in each queue, and that the counts agree.
fn seen(world: &World, agent: &str) -> BTreeSet<String> {
    let mut browser = agent_of(world, agent);
    let mut seen = BTreeSet::new();
    for queue in ["open", "overdue", "closed"] {
        let listed = listed(&mut browser, &format!("/queues/{queue}"));
        assert_eq!(
            listed["counts"][queue],
            subjects(&listed).len(),
            "{agent} {queue}"
        );
        let page = browser.get(&format!("/queues/{queue}"));
        for realm in REALMS {
            let row = format!("\">{realm}</a>");
            let is_listed = subjects(&listed).contains(&realm);
            assert_eq!(
                page.text().contains(&row),
                is_listed,
                "{agent} {queue} {realm}"
            );
        }
        if queue != "overdue" {
            seen.extend(subjects(&listed).into_iter().map(str::to_owned));
        }
    }
    seen
}

fn set(realms: &[&str]) -> BTreeSet<String> {
    realms.iter().map(ToString::to_string).collect()
}

#[test]
fn t_25_an_agent_of_p_sees_every_realms_tickets() {
    assert_eq!(seen(&tree_with_tickets(), "P"), set(&REALMS));
}

#[test]
fn t_29_t_30_an_agent_of_sp3_sees_sp3_and_c3a_and_nothing_else() {
    assert_eq!(seen(&tree_with_tickets(), "SP3"), set(&["SP3", "C3A"]));
}

#[test]
fn t_3_every_agent_sees_the_own_realm_and_those_below_in_every_queue() {
    let world = tree_with_tickets();
    world.turn(19 * HOUR);
    world.sweep();
    for closed in ["P", "SP1", "C1Bi", "C3A"] {
        close(&world, closed);
    }
    for (agent, realms) in [
        ("P", &REALMS[..]),
        ("SP1", &["SP1", "C1A", "C1B", "C1Bi"]),
        ("SP2", &["SP2"]),
        ("SP3", &["SP3", "C3A"]),
        ("C1B", &["C1B", "C1Bi"]),
        ("C1Bi", &["C1Bi"]),
        ("C2C", &["C2C"]),
    ] {
        assert_eq!(seen(&world, agent), set(realms), "{agent}");
    }
}

#[test]
fn sight_is_the_agents_and_not_the_portals() {
    let world = tree_with_tickets();
    let mut visiting = agent_of(&world, "SP3").smuggled_to("p.localhost");
    assert_eq!(
        subjects(&listed(&mut visiting, "/queues/open")),
        ["C3A", "SP3"]
    );
}

#[test]
fn t_19_a_ticket_that_moves_is_seen_where_it_is_now() {
    let world = tree_with_tickets();
    world.execute(
        "UPDATE ticket SET realm_id = (SELECT realm_id FROM realm WHERE name = 'C3A')
          WHERE subject = 'SP1'",
    );
    assert_eq!(seen(&world, "SP3"), set(&["SP3", "C3A", "SP1"]));
    assert_eq!(seen(&world, "SP1"), set(&["C1A", "C1B", "C1Bi"]));
}

#[test]
fn a_realms_name_is_shown_to_those_who_see_several() {
    let world = tree_with_tickets();
    assert!(
        agent_of(&world, "SP3")
            .get("/queues/open")
            .text()
            .contains("Department, realm")
    );
    assert!(
        !agent_of(&world, "C3A")
            .get("/queues/open")
            .text()
            .contains("Department, realm")
    );
}

#[test]
fn another_tenants_tickets_are_in_no_queue() {
    let world = World::new().tenant("acme").tenant("globex");
    open_many(&world, "globex", 3);
    world.ticket("acme", "own");
    let listed = listed(&mut ada(&world), "/queues/open");
    assert_eq!(
        (subjects(&listed), counts(&listed)),
        (vec!["own"], [1, 0, 0])
    );
    let foreign = world
        .rows("SELECT ticket_id FROM ticket WHERE tenant_id = 2")
        .remove(0);
    let after = ada(&world).get_json(&format!("/queues/open?newer={foreign}"));
    assert_eq!(
        subjects(&after.json()),
        ["own"],
        "any id is only a place in time"
    );
}

/// Adds this many realms below the root, each with a portal's worth of nothing.
fn add_realms(world: &World, many: u32) {
    use desk::blueprint::{NewRealm, ROOT, add_realm};
    use tenancy::RealmId;
    use tenancy::realm::Path;
    let scope = world.inside("acme");
    let below = (0..many).map(|place| {
        let path = Path::root(0).child(place);
        let realm = NewRealm {
            id: RealmId(i64::from(place) + 2),
            parent: Some(ROOT),
            path: &path,
            name: &format!("Site {place}"),
            kind: "site",
        };
        add_realm(&scope, &realm)
    });
    world.write(&scope, below.collect());
}

/// A queue as the whole tenant's agent sees it, page by page.
fn walked(world: &World) -> Vec<Value> {
    let mut ada = ada(world);
    let mut pages = vec![listed(&mut ada, "/queues/open")];
    while let Some(older) = pages.last().unwrap()["older"].as_str().map(str::to_owned) {
        assert!(pages.len() < 10, "the pages go in a circle");
        pages.push(listed(&mut ada, &older));
    }
    let back = pages.last().unwrap()["newer"].as_str().map(str::to_owned);
    pages.extend(back.map(|newer| listed(&mut ada, &newer)));
    pages
}

#[test]
fn many_realms_are_read_another_way_with_the_same_result() {
    let world = World::new().tenant("acme");
    open_many(&world, "acme", 60);
    add_realms(&world, 250);
    world.execute("UPDATE ticket SET realm_id = 1 + (CAST(subject AS INTEGER) * 7) % 251");
    // Beyond 200 realms the tenant's tickets are walked; below, gathered realm by realm.
    let wide = walked(&world);
    world.execute("UPDATE ticket SET realm_id = 1 + realm_id % 100");
    world.execute(
        "DELETE FROM user_count WHERE tickets = 0; DELETE FROM realm WHERE realm_id > 101",
    );
    let narrow = walked(&world);
    let shown = |pages: &[Value]| -> Vec<Vec<String>> {
        let page = |page| subjects(page).into_iter().map(str::to_owned).collect();
        pages.iter().map(page).collect()
    };
    assert_eq!(shown(&wide), shown(&narrow));
    assert_eq!(shown(&wide).iter().flatten().count(), 60 + 25);
}

#[test]
fn every_seeded_role_may_look_at_the_queues_of_its_own_realm() {
    let world = World::new().tenant("acme");
    world.ticket("acme", "Printer on fire");
    let mut seen = BTreeMap::new();
    for role in 1..=4 {
        world.execute(&format!("UPDATE agent SET role_id = {role}"));
        let listed = listed(&mut ada(&world), "/queues/open");
        seen.insert(role, subjects(&listed).len());
    }
    assert_eq!(seen, [(1, 1), (2, 1), (3, 1), (4, 1)].into());
}
