//! Who hears of a ticket that is opened, and of one that is theirs from the start.

use realmdesk_tests::World;
use realmdesk_tests::dispatch::Call;

use super::{acme, agent_id, hire, set, settle, told};

/// Names of those who hear of a new ticket, and of its being theirs.
fn heard(world: &World) -> (String, String) {
    heard_of(world, "ana@example.com")
}

fn heard_of(world: &World, email: &str) -> (String, String) {
    let body = format!(
        r#"{{"name": "Ana", "email": "{email}", "subject": "Printer", "message": "It burns."}}"#
    );
    let call = Call::post("/api/tickets.json").header("x-api-key", "acme-key");
    let page = world.send(call.body(body));
    assert_eq!(page.status, 201, "{}", page.text());
    world.execute("UPDATE outbox SET to_address = 'before' WHERE to_address LIKE '%example.com'");
    let told = told(world);
    let names = |is_wanted: &dyn Fn(&str) -> bool| {
        let rows = told.iter().map(|row| row.split_once('|').unwrap());
        let wanted = rows.filter(|(_, subject)| is_wanted(subject));
        let names: Vec<_> = wanted
            .map(|(it, _)| it.split('@').next().unwrap())
            .collect();
        names.join(" ")
    };
    (
        names(&|subject| subject.contains("New: Printer")),
        names(&|subject| subject == "Ticket Assigned to you"),
    )
}

fn alone(names: &str) -> (String, String) {
    (names.to_owned(), String::new())
}

/// A team of these agents, led by the first of them.
fn team(world: &World, names: &[&str]) {
    let lead = agent_id(world, names[0]);
    world.execute(&format!(
        "INSERT INTO team (tenant_id, team_id, realm_id, name, lead_id)
         VALUES (1, 77, 1, 'Night', '{lead}')"
    ));
    for name in &names[1..] {
        let agent = agent_id(world, name);
        world.execute(&format!(
            "INSERT INTO team_member (tenant_id, team_id, agent_id) VALUES (1, 77, '{agent}')"
        ));
    }
}

fn work_in(world: &World, names: &[&str]) {
    for name in names {
        let agent = agent_id(world, name);
        world.execute(&format!(
            "INSERT INTO department_member (tenant_id, department_id, agent_id)
             VALUES (1, 1, '{agent}')"
        ));
    }
}

/// Has every new ticket assigned, to the agent or else the team.
fn assigning(world: &World, agent: Option<&str>) {
    let agent = agent.map_or("NULL".to_owned(), |name| {
        format!("'{}'", agent_id(world, name))
    });
    world.execute(&format!(
        "UPDATE help_topic SET agent_id = {agent}, team_id = iif({agent} IS NULL, 77, NULL)"
    ));
    let topic = world.rows("SELECT min(topic_id) FROM help_topic").concat();
    set(world, "intake.default_topic", &topic);
}

#[test]
fn al_1_15_a_new_ticket_is_told_of_as_the_settings_say() {
    let (world, _) = acme();
    for name in ["bo", "cleo"] {
        hire(&world, name, 1);
    }
    work_in(&world, &["bo"]);
    assert_eq!(heard(&world), alone("ada"), "the manager, and nobody else");
    set(&world, "admin_email", "Root@acme.example");
    assert_eq!(heard(&world), alone("ada root"));
    set(&world, "ticket_alert_dept_manager", "0");
    set(&world, "ticket_alert_dept_members", "1");
    assert_eq!(heard(&world), alone("bo root"));
    set(&world, "ticket_alert_admin", "0");
    assert_eq!(heard(&world), alone("bo"));
    set(&world, "ticket_alert_active", "0");
    assert_eq!(heard(&world), alone(""));
}

#[test]
fn nobody_hears_twice_of_what_they_did_or_when_they_do_not_work() {
    let (world, _) = acme();
    hire(&world, "bo", 1);
    work_in(&world, &["ada", "bo"]);
    set(&world, "ticket_alert_dept_members", "1");
    set(&world, "admin_email", "ada@acme.example");
    assert_eq!(heard(&world), alone("ada bo"), "each once");
    assert_eq!(
        heard_of(&world, "ada@acme.example"),
        alone("bo"),
        "not who asks"
    );
    world.execute("UPDATE agent SET is_active = 0 WHERE name = 'bo'");
    assert_eq!(heard(&world), alone("ada"));
}

#[test]
fn who_does_not_see_a_new_ticket_does_not_hear_of_it() {
    let (world, _) = acme();
    world.execute(
        "INSERT INTO realm (tenant_id, realm_id, parent_id, path, name)
         SELECT tenant_id, 50, realm_id, path || 'b9', 'Depot' FROM realm WHERE realm_id = 1",
    );
    hire(&world, "bo", 50);
    hire(&world, "cleo", 1);
    work_in(&world, &["bo", "cleo"]);
    set(&world, "ticket_alert_dept_members", "1");
    set(&world, "ticket_alert_dept_manager", "0");
    assert_eq!(
        heard(&world),
        alone("cleo"),
        "it lies above the other's realm"
    );
    world.execute(
        "INSERT INTO restriction (tenant_id, realm_id, role_id)
         SELECT 1, 1, max(role_id) FROM role",
    );
    assert_eq!(heard(&world), alone(""), "the realm is closed to them");
}

#[test]
fn the_account_manager_of_the_user_s_organization_can_be_told() {
    let (world, _) = acme();
    hire(&world, "bo", 1);
    let bo = agent_id(&world, "bo");
    world.execute(&format!(
        "INSERT INTO organization (tenant_id, organization_id, realm_id, name, manager_id)
         VALUES (1, '018bcfe5-6800-7707-8707-070707070799', 1, 'Example', '{bo}');
         UPDATE user SET organization_id = '018bcfe5-6800-7707-8707-070707070799'"
    ));
    assert_eq!(heard(&world), alone("ada"), "not by itself");
    set(&world, "ticket_alert_acct_manager", "1");
    assert_eq!(heard(&world), alone("ada bo"));
    assert_eq!(
        heard_of(&world, "eve@example.com"),
        alone("ada"),
        "of another's users"
    );
    world.execute("UPDATE agent SET is_limited = 1 WHERE name = 'bo'");
    assert_eq!(
        heard(&world),
        alone("ada"),
        "it is none of their departments"
    );
}

#[test]
fn al_1_15_who_gets_a_ticket_by_itself_hears_of_it() {
    let (world, _) = acme();
    for name in ["bo", "cleo", "dora"] {
        hire(&world, name, 1);
    }
    team(&world, &["bo", "cleo"]);
    work_in(&world, &["dora"]);
    set(&world, "ticket_alert_dept_members", "1");
    let told = |news: &str, assigned: &str| (news.to_owned(), assigned.to_owned());
    assigning(&world, Some("cleo"));
    assert_eq!(
        heard(&world),
        told("ada", "cleo"),
        "members only of what is nobody's"
    );
    set(&world, "assigned_alert_staff", "0");
    assert_eq!(heard(&world), told("ada", ""));
    assigning(&world, None);
    assert_eq!(heard(&world), told("ada", ""));
    set(&world, "assigned_alert_team_lead", "1");
    assert_eq!(heard(&world), told("ada", "bo"));
    set(&world, "assigned_alert_team_members", "1");
    assert_eq!(heard(&world), told("ada", "bo cleo"));
    assigning(&world, Some("dora"));
    assert_eq!(
        heard(&world),
        told("ada", ""),
        "a team only where no agent has it"
    );
    assigning(&world, None);
    set(&world, "assigned_alert_active", "0");
    assert_eq!(heard(&world), told("ada", ""));
}

#[test]
fn in_21_a_ticket_goes_to_the_account_manager_where_the_organization_wants_that() {
    let (world, _) = acme();
    for name in ["bo", "cleo"] {
        hire(&world, name, 1);
    }
    let bo = agent_id(&world, "bo");
    world.execute(&format!(
        "INSERT INTO organization (tenant_id, organization_id, realm_id, name, manager_id,
                                   assigns_manager)
         VALUES (1, '018bcfe5-6800-7707-8707-070707070799', 1, 'Example', '{bo}', 1);
         INSERT INTO organization_domain (tenant_id, realm_id, domain, organization_id)
         VALUES (1, 1, 'example.com', '018bcfe5-6800-7707-8707-070707070799')"
    ));
    let told = |news: &str, assigned: &str| (news.to_owned(), assigned.to_owned());
    assert_eq!(
        heard(&world),
        told("ada", ""),
        "who was there before is in no organization"
    );
    assert_eq!(heard_of(&world, "eve@example.com"), told("ada", "bo"));
    let assigned = "SELECT count(*) FROM ticket WHERE agent_id IS NOT NULL";
    assert_eq!(world.number(assigned), 1);
    team(&world, &["cleo"]);
    assigning(&world, Some("cleo"));
    assert_eq!(
        heard_of(&world, "eve@example.com"),
        told("ada", "cleo"),
        "behind the topic"
    );
    set(&world, "intake.default_topic", "0");
    world.execute("UPDATE agent SET is_active = 0 WHERE name = 'bo'");
    assert_eq!(heard_of(&world, "eve@example.com"), told("ada", ""));
    assert_eq!(world.number(assigned), 2, "nobody who does not work");
}

#[test]
fn each_is_told_by_their_own_name_in_one_mail_that_can_be_answered() {
    let (world, _) = acme();
    hire(&world, "bo", 1);
    world.execute("UPDATE agent SET name = 'Bo <b>&\"Berg\"' WHERE name = 'bo'");
    work_in(&world, &["bo"]);
    set(&world, "ticket_alert_dept_members", "1");
    world.execute(
        "INSERT INTO mail_template (tenant_id, realm_id, code, subject, text)
         VALUES (1, 1, 'ticket.alert', 'For %{recipient.name}', 'Hello %{recipient.name}: #%{ticket.number} %{message}')",
    );
    settle(&world);
    let mail = "From: ana@example.com\r\nSubject: Fire\r\n\r\nSee \u{E001} \u{E000}.\r\n";
    let call = Call::post("/mail/raw?to=help@acme.example");
    let call = call
        .header("authorization", "Bearer acme-secret")
        .body(mail.to_owned());
    let number = world.send(call).json()["number"]
        .as_str()
        .unwrap()
        .to_owned();
    let read = |columns: &str| {
        world.rows(&format!(
            "SELECT {columns} FROM outbox WHERE to_address LIKE '%@acme.example' ORDER BY to_address"
        ))
    };
    assert_eq!(
        read("to_name, subject, substr(text_body, instr(text_body, 'Hello'))"),
        [
            format!("Ada Byron|For Ada Byron|Hello Ada Byron: #{number} See  ."),
            format!("Bo <b>&\"Berg\"|For Bo <b>&\"Berg\"|Hello Bo <b>&\"Berg\": #{number} See  ."),
        ]
    );
    let html = read("html_body");
    assert!(
        html[1].contains("Hello Bo &#60;b&#62;&#38;&#34;Berg&#34;: #"),
        "{}",
        html[1]
    );
    assert!(!html.concat().contains('\u{E001}'));
    let ids = world.rows("SELECT message_id FROM outbox WHERE to_address LIKE '%@acme.example'");
    assert_eq!(ids[0], ids[1], "copies of one mail");
    let answer = format!(
        "From: bo@acme.example\r\nSubject: mine\r\nMessage-ID: <a@acme.example>\r\n\
         In-Reply-To: <{}>\r\n\r\nI have it.\r\n",
        ids[0]
    );
    let call = Call::post("/mail/raw?to=help@acme.example");
    let call = call
        .header("authorization", "Bearer acme-secret")
        .body(answer);
    assert_eq!(world.send(call).json()["number"], number);
    assert_eq!(
        world.rows("SELECT kind FROM entry WHERE body LIKE 'I have it%'"),
        ["note"]
    );
}
