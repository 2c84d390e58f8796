//! Inviting agents: an administrator makes them, and they choose their own password.

use realmdesk_tests::{Browser, DAY, MINUTE, World, html};
use serde_json::json;

use super::{administrator, agent, doing, id, parent, post, post_json, save, told};

const PASSWORD: &str = "correct horse battery";

/// What a new agent is made with.
fn fields<'a>(here: &'a str, email: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("in", here),
        ("name", "Nora New"),
        ("email", email),
        ("role", "4"),
    ]
}

/// Makes an agent of a realm, and returns their page and the invitation's path.
fn made(world: &World, browser: &mut Browser<'_>, realm: &str) -> (String, String) {
    let here = id(world, realm).to_string();
    let page = post_json(browser, "/admin/agents", &fields(&here, "Nora@New.example"));
    assert_eq!(page.status, 200, "{}", page.text());
    let told = page.json();
    let url = told["invitation"]["url"].as_str().unwrap();
    let path = url.split_once(":8787").unwrap().1.to_owned();
    (
        format!("/admin/agents/{}", told["id"].as_str().unwrap()),
        path,
    )
}

fn accept(world: &World, path: &str) -> u16 {
    let mut nora = world.browser("p.localhost");
    let page = nora.get(path);
    if page.status != 200 {
        return page.status;
    }
    nora.submit(path, &[("password", PASSWORD), ("again", PASSWORD)])
        .status
}

fn signs_in(world: &World) -> bool {
    let mut nora = world.browser("p.localhost");
    let typed = [("email", "nora@new.example"), ("password", PASSWORD)];
    nora.submit("/auth/sign-in", &typed).status == 303
}

#[test]
fn an_agent_is_made_mailed_a_link_and_chooses_a_password_once() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let (page, path) = made(&world, &mut p, "SP3");
    let pending = told(&mut p, &page);
    assert_eq!(pending["pending"], true);
    assert_eq!(pending["invitation"]["state"], "open");
    assert_eq!(pending["realm"], "SP3");
    assert!(p.get("/admin/agents").text().contains("No password yet"));
    world.turn(MINUTE);
    world.sweep();
    let mails = world.delivered("p.localhost");
    let mail = mails
        .iter()
        .find(|mail| mail["to"]["address"] == "nora@new.example")
        .unwrap();
    let text = mail.to_string();
    assert!(
        text.contains(path.split_once("token=").unwrap().1),
        "the very link"
    );
    assert!(
        !text.contains("Nora New"),
        "nothing that was typed is mailed"
    );
    assert!(!signs_in(&world));
    assert_eq!(accept(&world, &path), 303);
    assert!(signs_in(&world));
    assert_eq!(accept(&world, &path), 404, "it works once");
    assert_eq!(told(&mut p, &page)["invitation"], json!(null));
    assert_eq!(post(&mut p, &page, &[("change", "invite")]).status, 409);
    let stored = world.rows("SELECT changed FROM admin_event").concat();
    assert!(!stored.contains("token"), "no secret is written down");
}

#[test]
fn an_invitation_runs_out_is_sent_anew_and_taken_back() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let (page, first) = made(&world, &mut p, "SP3");
    world.turn(3 * DAY + MINUTE);
    let mut p = agent(&world, "P");
    assert_eq!(told(&mut p, &page)["invitation"]["state"], "over");
    assert_eq!(accept(&world, &first), 404);
    let answer = post_json(&mut p, &page, &[("change", "invite")]);
    assert_eq!(
        answer.json(),
        json!({ "done": "invited" }),
        "the link goes by mail alone"
    );
    assert_eq!(told(&mut p, &page)["invitation"]["state"], "open");
    let (_, second) = invited(&world);
    doing(&mut p, &page, &[("change", "invite")]);
    assert_eq!(accept(&world, &second), 404, "a newer one was sent");
    let (_, third) = invited(&world);
    doing(&mut p, &page, &[("change", "withdraw")]);
    assert_eq!(told(&mut p, &page)["invitation"]["state"], "none");
    assert_eq!(accept(&world, &third), 404);
    doing(&mut p, &page, &[("change", "invite")]);
    let (_, fourth) = invited(&world);
    assert_eq!(accept(&world, &fourth), 303);
}

/// The address and the path of the newest invitation in the outbox.
fn invited(world: &World) -> (String, String) {
    world.turn(1);
    let rows = world.rows(
        "SELECT to_address, text_body FROM outbox
          WHERE subject LIKE '%invited%' ORDER BY outbox_id DESC LIMIT 1",
    );
    let (address, text) = rows[0].split_once('|').unwrap();
    let line = rows
        .iter()
        .flat_map(|row| row.lines())
        .chain(text.lines())
        .find(|line| line.contains("/auth/bootstrap?token="))
        .unwrap();
    let path = line.split_once(":8787").unwrap().1.trim().to_owned();
    (address.to_owned(), path)
}

#[test]
fn t_65_nobody_makes_an_agent_who_has_more_than_they_have() {
    let world = parent();
    world.execute(
        r#"UPDATE agent SET permissions = '["agent.manage"]', role_id = 3
            WHERE email = 'agent@sp3.example'"#,
    );
    let mut sp3 = agent(&world, "SP3");
    let (own, above) = (id(&world, "SP3").to_string(), id(&world, "P").to_string());
    let page = sp3.get("/admin/agents");
    assert!(!page.text().contains(">All Access</option>"));
    let mut all_access = fields(&own, "nora@new.example");
    all_access.retain(|(name, _)| *name != "role");
    all_access.push(("role", "1"));
    let refused = post_json(&mut sp3, "/admin/agents", &all_access);
    assert_eq!(
        (refused.status, &refused.json()["field"]),
        (422, &json!("role"))
    );
    let elsewhere = post(
        &mut sp3,
        "/admin/agents",
        &fields(&above, "nora@new.example"),
    );
    assert_eq!(elsewhere.status, 404);
    world.execute("UPDATE agent SET is_limited = 1 WHERE email = 'agent@sp3.example'");
    let mut sp3 = agent(&world, "SP3");
    let free = post_json(&mut sp3, "/admin/agents", &fields(&own, "nora@new.example"));
    assert_eq!(
        (free.status, &free.json()["field"]),
        (422, &json!("limited"))
    );
    assert_eq!(
        world.number("SELECT count(*) FROM agent WHERE email = 'nora@new.example'"),
        0
    );
    assert_eq!(
        world.number("SELECT count(*) FROM outbox WHERE subject LIKE '%invited%'"),
        0
    );
}

#[test]
fn a_new_agent_becomes_a_member_of_the_departments_that_were_ticked() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let here = id(&world, "P").to_string();
    let mut ticked = fields(&here, "nora@new.example");
    ticked.extend([
        ("department-1", "1"),
        ("department-3", "1"),
        ("department-99", "1"),
    ]);
    assert_eq!(post_json(&mut p, "/admin/agents", &ticked).status, 200);
    let departments = world.rows(
        "SELECT m.department_id FROM department_member AS m JOIN agent AS a USING (tenant_id, agent_id)
          WHERE a.email = 'nora@new.example' ORDER BY 1",
    );
    assert_eq!(departments, ["1", "3"]);
}

#[test]
fn what_was_typed_wrongly_is_told_and_kept() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let here = id(&world, "P").to_string();
    for (field, value) in [("name", " "), ("email", "nora"), ("role", "77")] {
        let mut typed = fields(&here, "nora@new.example");
        typed.retain(|(name, _)| *name != field);
        typed.push((field, value));
        let page = post(&mut p, "/admin/agents", &typed);
        assert_eq!(page.status, 422, "{field}");
        assert!(page.text().contains(&format!("{field}-problem")), "{field}");
    }
    let known = post(&mut p, "/admin/agents", &fields(&here, "agent@sp3.example"));
    assert_eq!(known.status, 422);
    assert!(
        known
            .text()
            .contains("No agent can be made with this address")
    );
    assert!(known.text().contains("value=\"Nora New\""));
}

#[test]
fn an_agent_who_has_a_password_is_not_let_in_by_a_link_of_the_first_days() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let (page, path) = made(&world, &mut p, "SP3");
    assert_eq!(save(&mut p, &page, &[("active", "")]).status, 303);
    assert_eq!(accept(&world, &path), 404, "the account is off");
    assert_eq!(save(&mut p, &page, &[("active", "1")]).status, 303);
    let form = world.browser("p.localhost").get(&path);
    let held = html::form(form.text(), "/auth/bootstrap");
    assert!(held.is_some() || form.status == 404);
}
