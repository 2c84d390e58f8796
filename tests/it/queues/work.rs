//! What agents are given to work: to themselves, and to their teams, and of that only what they see.

use realmdesk_tests::World;

use super::{agent_of, listed, subjects, tree_with_tickets};

const MINE: [&str; 3] = ["mine", "assigned-to-me", "assigned-to-teams"];

/// Has tickets worked by an agent or a team, each given as SQL.
fn give(world: &World, subjects: &[&str], agent: &str, team: &str) {
    for subject in subjects {
        world.execute(&format!(
            "UPDATE ticket SET agent_id = {agent}, team_id = {team} WHERE subject = '{subject}'"
        ));
    }
}

fn agent(realm: &str) -> String {
    let realm = realm.to_lowercase();
    format!("(SELECT agent_id FROM agent WHERE email = 'agent@{realm}.example')")
}

/// What an agent sees in each queue of theirs, and that the counts agree.
fn seen(world: &World, realm: &str) -> [String; 3] {
    let mut browser = agent_of(world, realm);
    MINE.map(|queue| {
        let listed = listed(&mut browser, &format!("/queues/{queue}"));
        let subjects = subjects(&listed);
        assert_eq!(listed["counts"][queue], subjects.len(), "{realm} {queue}");
        subjects.join(" ")
    })
}

fn join(world: &World, team: u32, realm: &str) {
    let agent = agent(realm);
    world.execute(&format!(
        "INSERT INTO team (tenant_id, team_id, realm_id, name) VALUES (1, {team}, 1, 'T{team}')
             ON CONFLICT DO NOTHING;
         INSERT INTO team_member (tenant_id, team_id, agent_id) VALUES (1, {team}, {agent})"
    ));
}

#[test]
fn what_is_assigned_to_an_agent_and_to_their_teams_is_theirs() {
    let world = tree_with_tickets();
    join(&world, 7, "SP3");
    join(&world, 8, "P");
    give(&world, &["SP3"], &agent("SP3"), "NULL");
    give(&world, &["C3A"], "NULL", "7");
    assert_eq!(seen(&world, "SP3"), ["C3A SP3", "SP3", "C3A"]);
    assert_eq!(seen(&world, "P"), ["", "", ""]);
    give(&world, &["C3A"], &agent("SP3"), "7");
    assert_eq!(seen(&world, "SP3"), ["C3A SP3", "C3A SP3", "C3A"]);
    give(&world, &["C3A"], &agent("P"), "7");
    assert_eq!(seen(&world, "SP3"), ["C3A SP3", "SP3", "C3A"]);
    assert_eq!(seen(&world, "P"), ["C3A", "C3A", ""]);
    world.execute("UPDATE ticket SET state = 'closed', closed_at = 1 WHERE subject = 'C3A'");
    assert_eq!(seen(&world, "SP3"), ["SP3", "SP3", ""]);
    world.execute("DELETE FROM team_member");
    assert_eq!(seen(&world, "SP3"), ["SP3", "SP3", ""]);
}

#[test]
fn what_is_out_of_sight_is_nobodys_work() {
    let world = tree_with_tickets();
    join(&world, 7, "SP3");
    join(&world, 7, "P");
    give(&world, &["SP1", "SP3"], &agent("SP3"), "NULL");
    give(&world, &["C1A", "C3A", "P"], "NULL", "7");
    assert_eq!(seen(&world, "SP3"), ["C3A SP3", "SP3", "C3A"]);
    let [mine, to_me, _] = seen(&world, "P");
    assert_eq!((mine.split(' ').count(), &*to_me), (3, ""));
    world.execute("UPDATE ticket SET realm_id = 1 WHERE subject IN ('SP3', 'C3A')");
    assert_eq!(seen(&world, "SP3"), ["", "", ""], "it has moved away");
}

#[test]
fn another_tenants_work_is_not_counted() {
    let world = World::new().tenant("acme").tenant("globex");
    for realm in ["acme", "globex"] {
        world.ticket(realm, realm);
    }
    world.execute(
        "UPDATE ticket SET team_id = 1,
                agent_id = (SELECT a.agent_id FROM agent AS a WHERE a.tenant_id = ticket.tenant_id)",
    );
    world.execute("INSERT INTO team_member SELECT tenant_id, 1, agent_id FROM agent");
    let mut ada = super::ada(&world);
    for queue in MINE {
        let listed = listed(&mut ada, &format!("/queues/{queue}"));
        assert_eq!(subjects(&listed), ["acme"], "{queue}");
        assert_eq!(listed["counts"][queue], 1, "{queue}");
    }
}

#[test]
fn an_empty_queue_says_what_would_be_in_it() {
    let world = World::new().tenant("acme");
    let mut ada = super::ada(&world);
    for (queue, text) in [
        ("open", "Nothing is open"),
        ("unanswered", "Nothing waits for an answer"),
        ("answered", "Nothing is answered"),
        ("overdue", "Nothing is overdue"),
        ("mine", "Nothing is yours"),
        ("assigned-to-me", "Nothing is assigned to you"),
        ("assigned-to-teams", "Nothing is assigned to your teams"),
        ("closed", "Nothing is closed yet"),
        ("closed-today", "Nothing was closed in this time"),
    ] {
        let page = ada.get(&format!("/queues/{queue}"));
        assert!(page.text().contains(text), "{queue}");
    }
}

#[test]
fn a_long_lane_is_paged_whichever_way_it_is_found() {
    let world = World::new().tenant("acme");
    super::add_realms(&world, 4);
    world.user("acme.localhost", "ana@example.com", "Ana Lima");
    for ticket in 0..330 {
        world.execute(&format!(
            "INSERT INTO ticket (tenant_id, ticket_id, realm_id, number, user_id, subject, source,
                                 department_id, created_at, updated_at, agent_id, team_id)
             SELECT 1, '018bcfe5-6800-7707-8707-{ticket:012}', {}, '{ticket}', u.user_id,
                    '{ticket}', 'Web', 1, 0, 0, a.agent_id, iif({ticket} % 2 = 0, 1, NULL)
               FROM user AS u, agent AS a",
            // The first 40 in sight, far behind those that are not.
            if ticket < 40 { 2 } else { 3 }
        ));
    }
    world.execute("INSERT INTO team_member SELECT tenant_id, 1, agent_id FROM agent");
    world.execute("INSERT INTO restriction (tenant_id, realm_id, role_id) VALUES (1, 3, 3)");
    let mut ada = super::ada(&world);
    for (queue, expected) in [
        ("assigned-to-me", 40),
        ("mine", 40),
        ("assigned-to-teams", 20),
    ] {
        let first = listed(&mut ada, &format!("/queues/{queue}"));
        assert_eq!(first["counts"][queue], expected, "{queue}");
        let mut all = subjects(&first).join(" ");
        if let Some(older) = first["older"].as_str() {
            let second = listed(&mut ada, older);
            all = format!("{all} {}", subjects(&second).join(" "));
            let back = listed(&mut ada, second["newer"].as_str().unwrap());
            assert_eq!(subjects(&back), subjects(&first), "{queue}");
        }
        let step = 40 / expected;
        let down: Vec<String> = (0..40)
            .rev()
            .filter(|it| it % step == 0)
            .map(|it| it.to_string())
            .collect();
        assert_eq!(all, down.join(" "), "{queue}");
    }
}
