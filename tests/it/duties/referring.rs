//! An agent refers tickets, to whom they see.

use realmdesk_tests::{Browser, World, html};

use super::{agent, department, email, joins, parent, path, post, team, told};

/// What a ticket is referred to, as its page lists it.
fn referrals(browser: &mut Browser<'_>, path: &str) -> Vec<String> {
    let page = told(browser, path);
    let referrals = page["referrals"].as_array().unwrap().iter();
    let named = referrals.map(|it| {
        let text = |field: &str| it[field].as_str().unwrap_or_default().to_owned();
        format!("{} {}", text("kind"), text("name"))
    });
    named.collect()
}

fn refer(browser: &mut Browser<'_>, path: &str, kind: &str, to: &str) -> u16 {
    let change = format!("refer_{kind}");
    post(browser, path, &[("change", &change), (kind, to)]).status
}

/// The realms of which something is offered.
fn offered(browser: &mut Browser<'_>, path: &str, what: &str) -> Vec<String> {
    let page = told(browser, path);
    let offered = page[what].as_array().unwrap().iter();
    let realms = offered.map(|it| it["realm"].as_str().unwrap().to_owned());
    let mut realms: Vec<String> = realms.collect();
    realms.dedup();
    realms
}

#[test]
fn an_agent_reads_a_ticket_with_its_thread_and_files() {
    let world = World::new().tenant("acme");
    let fields = serde_json::json!({ "attachments": [{ "plan.txt": "data:,the plan" }] });
    let number = world.send(realmdesk_tests::world::ticket_call("acme", &fields));
    let path = format!("/queues/tickets/{}", number.text());
    let mut ada = world
        .browser("acme.localhost")
        .signed_in("ada@acme.example");
    let queue = ada.get("/queues/open");
    assert!(queue.text().contains(&path), "the queue leads there");
    let page = ada.get(&path);
    assert_eq!(page.status, 200);
    assert!(page.text().contains("It burns."));
    let entry = told(&mut ada, &path)["thread"][0].clone();
    assert_eq!(entry["kind"], "message");
    let file = entry["files"][0]["id"].as_str().unwrap().to_owned();
    let file = ada.get(&format!("{path}/files/{file}"));
    assert_eq!((file.status, file.text()), (200, "the plan"));
    assert_eq!(ada.get(&format!("{path}/files/none")).status, 404);
}

#[test]
fn a_long_thread_goes_on_on_the_next_page() {
    let world = World::new().tenant("acme");
    let number = world.ticket("acme", "Long");
    world.execute(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120)
         INSERT INTO entry (tenant_id, ticket_id, entry_id, realm_id, kind, author, body, source,
                            created_at)
         SELECT t.tenant_id, t.ticket_id, printf('f18bcfe5-6800-7707-8707-%012d', n.i),
                t.realm_id, 'note', 'A', 'note ' || n.i, 'Web', 0 FROM ticket AS t, n",
    );
    let mut ada = world
        .browser("acme.localhost")
        .signed_in("ada@acme.example");
    let path = format!("/queues/tickets/{number}");
    let first = told(&mut ada, &path);
    assert_eq!(first["thread"].as_array().unwrap().len(), 100);
    let after = first["more_after"].as_str().unwrap();
    let rest = told(&mut ada, &format!("{path}?after={after}"));
    assert_eq!(rest["thread"].as_array().unwrap().len(), 21);
    assert!(rest["more_after"].is_null());
    assert!(ada.get(&path).text().contains("The thread goes on"));
}

#[test]
fn tk_5_a_ticket_is_referred_and_the_referral_withdrawn() {
    let world = parent();
    team(&world, 7, "SP3");
    let path = path(&world, "C3A");
    let mut p = agent(&world, "P");
    let sp3 = email("SP3");
    for (kind, to) in [("department", "1"), ("team", "7"), ("agent", sp3.as_str())] {
        world.turn(realmdesk_tests::SECOND);
        assert_eq!(refer(&mut p, &path, kind, to), 303, "{kind}");
    }
    let all = [
        "department Support",
        "team Team of SP3",
        "agent Agent of SP3",
    ];
    assert_eq!(referrals(&mut p, &path), all);
    assert_eq!(
        world.number("SELECT count(*) FROM event WHERE kind = 'referred'"),
        3
    );
    assert_eq!(refer(&mut p, &path, "team", "7"), 422, "there already");
    let page = p.get(&path);
    let form = html::form(page.text(), &path).unwrap();
    assert_eq!(form.hidden.len(), 2, "the token and the referral");
    let done = p.send_form(&form, &[("change", "withdraw")]);
    assert_eq!(done.status, 303);
    assert!(p.follow(done).text().contains("The referral is withdrawn."));
    assert_eq!(referrals(&mut p, &path), all[1..]);
}

#[test]
fn a_referral_follows_its_ticket_to_another_realm() {
    let world = parent();
    let mut p = agent(&world, "P");
    let path = path(&world, "C3A");
    assert_eq!(refer(&mut p, &path, "department", "1"), 303);
    world.execute(
        "UPDATE ticket SET realm_id = (SELECT realm_id FROM realm WHERE name = 'C1A')
          WHERE subject = 'C3A'",
    );
    let follows = "SELECT r.name FROM referral AS f JOIN realm AS r USING (tenant_id, realm_id)";
    assert_eq!(world.rows(follows), ["C1A"]);
}

#[test]
fn t_31_t_32_only_whom_the_agent_sees_is_offered_or_taken() {
    let world = parent();
    for (id, realm) in [(21, "SP1"), (23, "SP3")] {
        department(&world, id, realm);
        team(&world, id, realm);
    }
    let mut sp3 = agent(&world, "SP3");
    let path = path(&world, "C3A");
    for what in ["departments", "teams"] {
        assert_eq!(offered(&mut sp3, &path, what), ["P", "SP3"], "{what}");
    }
    assert_eq!(refer(&mut sp3, &path, "department", "23"), 303);
    assert_eq!(refer(&mut sp3, &path, "team", "1"), 303, "P's");
    let (p, sp1, c3a) = (email("P"), email("SP1"), email("C3A"));
    let nobodys = [
        ("department", "21"),
        ("department", "99"),
        ("team", "21"),
        ("team", "x"),
        ("agent", p.as_str()),
        ("agent", sp1.as_str()),
        ("agent", "nobody"),
    ];
    for (kind, to) in nobodys {
        assert_eq!(refer(&mut sp3, &path, kind, to), 422, "{kind} {to}");
    }
    assert_eq!(refer(&mut sp3, &path, "agent", &c3a), 303);
    let change = [("change", "refer_agent"), ("agent", "a@<b>.example")];
    let page = post(&mut sp3, &path, &change);
    assert!(
        page.text().contains("value=\"a@&#60;b&#62;.example\""),
        "it is kept"
    );
    assert!(
        page.text()
            .contains("There is none, as far as you can see.")
    );
}

#[test]
fn vi_2_without_the_key_for_others_only_own_departments_are_offered() {
    let world = parent();
    department(&world, 23, "SP3");
    joins(&world, "SP3", 23, "NULL");
    world.execute("UPDATE agent SET permissions = '[]' WHERE email = 'agent@sp3.example'");
    let mut sp3 = agent(&world, "SP3");
    let path = path(&world, "SP3");
    assert_eq!(offered(&mut sp3, &path, "departments"), ["SP3"]);
    assert_eq!(refer(&mut sp3, &path, "department", "1"), 422);
    assert_eq!(refer(&mut sp3, &path, "department", "23"), 303);
}

#[test]
fn dp_5_who_refers_is_told_by_the_role_for_the_department() {
    let world = parent();
    let path = path(&world, "SP3");
    let mut sp3 = agent(&world, "SP3");
    joins(&world, "SP3", 1, "4");
    assert!(told(&mut sp3, &path)["departments"].is_null());
    assert!(!sp3.get(&path).text().contains("Refer to the team"));
    assert_eq!(refer(&mut sp3, &path, "team", "1"), 403);
    world.execute(
        "UPDATE department_member SET role_id = 3;
         UPDATE agent SET role_id = 4 WHERE email = 'agent@sp3.example'",
    );
    assert_eq!(
        refer(&mut sp3, &path, "team", "1"),
        303,
        "by the department's"
    );
}

#[test]
fn nothing_is_half_written_and_nonsense_is_refused() {
    let world = parent();
    let mut p = agent(&world, "P");
    let path = path(&world, "P");
    let before = world.image();
    for fields in [
        &[("change", "explode")][..],
        &[("change", "withdraw"), ("referral", "1")],
        &[],
    ] {
        assert_eq!(post(&mut p, &path, fields).status, 400, "{fields:?}");
    }
    let page = p.post(&path, "change=refer_team&team=1");
    assert_eq!(page.status, 403, "without the token");
    assert_eq!(world.image(), before);
    let gone = ("referral", "018bcfe5-6800-7707-8707-070707070707");
    assert_eq!(
        post(&mut p, &path, &[("change", "withdraw"), gone]).status,
        303
    );
}
