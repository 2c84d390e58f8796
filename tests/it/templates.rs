//! What mails say where a realm has written their words.

use desk::setting::Key;
use desk::template::{self, Code, Template};
use realmdesk_tests::{Call, HOUR, MINUTE, World, task};
use tenancy::policy::{Refusal, act};

/// Writes a template in the name of a realm's agent, who administers it.
fn write(world: &World, by: &str, realm: &str, code: Code, template: &Template) {
    let email = format!("agent@{}.example", by.to_lowercase());
    world.empower(&email);
    let agent = world.agent_at("p.localhost", &email);
    let realm = world.ask::<act::DeskManage>(&agent, realm).unwrap();
    let statement = template::write(&realm, code, template, None);
    task::run(realm.scope().write(vec![statement])).unwrap();
}

fn words(subject: &str, text: &str) -> Template {
    Template::checked(subject, text).unwrap()
}

/// The subjects and texts that were delivered to an address, oldest first, without the line that
/// stands above them all.
fn told(world: &World, address: &str) -> Vec<(String, String)> {
    world.turn(MINUTE);
    world.sweep();
    let mails = world.delivered("p.localhost");
    let to = mails.iter().filter(|mail| mail["to"]["address"] == address);
    let text = |mail: &serde_json::Value, part: &str| mail[part].as_str().unwrap().to_owned();
    let told = to.map(|mail| (text(mail, "subject"), below(&text(mail, "text")).to_owned()));
    told.rev().collect()
}

/// A mail's text without the line that stands above it.
fn below(text: &str) -> &str {
    let below = text.strip_prefix("-- reply above this line --\n\n");
    below.unwrap_or(text).trim()
}

#[test]
fn the_nearest_realm_s_words_count() {
    let world = World::new().parent();
    let code = Code::TicketAutoresp;
    write(
        &world,
        "P",
        "P",
        code,
        &words("P has %{ticket.number}", "From %{company.name}."),
    );
    write(
        &world,
        "P",
        "SP1",
        code,
        &words("SP1 has it", "%{recipient.ticket_link}"),
    );
    let number = world.ticket("sp3", "Printer");
    world.ticket("c1a", "Printer");
    let told = told(&world, "ana@example.com");
    assert_eq!(told[0].0, format!("P has {number}"));
    assert_eq!(told[0].1.trim(), "From SP3.");
    assert_eq!(told[1].0, "SP1 has it");
    assert!(
        told[1].1.starts_with("http://c1a.localhost:8787/tickets/"),
        "{}",
        told[1].1
    );
}

#[test]
fn a_stranger_is_not_sent_what_somebody_typed_whatever_the_template_says() {
    let world = World::new().parent();
    let greedy = words(
        "Re: %{ticket.subject}",
        "x %{message} %{ticket.name} %{ticket.name.first} %{recipient.name} %{ticket.email} y",
    );
    write(&world, "P", "P", Code::TicketAutoresp, &greedy);
    world.ticket("p", "Buy at evil.example");
    let told = told(&world, "ana@example.com");
    assert_eq!(told[0].0, "Re:");
    assert_eq!(told[0].1.split_whitespace().collect::<Vec<_>>(), ["x", "y"]);
}

#[test]
fn where_nothing_is_left_of_a_subject_our_own_mail_goes_out() {
    let world = World::new().parent();
    let empty = words("%{ticket.subject}", "%{message}");
    write(&world, "P", "P", Code::TicketAutoresp, &empty);
    world.ticket("p", "Buy at evil.example");
    let told = told(&world, "ana@example.com");
    assert!(
        told[0].0.contains("your ticket is with us"),
        "{}",
        told[0].0
    );
}

#[test]
fn what_was_typed_is_text_in_the_html_too() {
    let world = World::new().tenant("acme");
    world.execute(
        "INSERT INTO mail_template (tenant_id, realm_id, code, subject, text)
         VALUES (1, 1, 'ticket.alert', 'New: %{ticket.subject}', 'Says: %{message}')",
    );
    let ticket = serde_json::json!({ "subject": "<b>", "message": "<script>%{company.name}" });
    world.send(realmdesk_tests::world::ticket_call("acme", &ticket));
    world.turn(MINUTE);
    world.sweep();
    let mails = world.delivered("acme.localhost");
    let alert = mails
        .iter()
        .find(|mail| mail["subject"] == "New: <b>")
        .unwrap();
    assert_eq!(
        below(alert["text"].as_str().unwrap()),
        "Says: <script>%{company.name}"
    );
    let html = alert["html"].as_str().unwrap();
    assert!(
        html.contains("&#60;script&#62;") && !html.contains("<script>"),
        "{html}"
    );
}

#[test]
fn an_overdue_ticket_is_told_of_in_the_realm_s_words() {
    let world = World::new().tenant("acme");
    world.execute(
        "INSERT INTO mail_template (tenant_id, realm_id, code, subject, text)
         VALUES (1, 1, 'ticket.overdue', 'Hurry: %{ticket.subject}', 'Due %{ticket.due_date}')",
    );
    world.ticket("acme", "Printer");
    world.turn(19 * HOUR);
    world.sweep();
    let mails = world.delivered("acme.localhost");
    assert!(
        mails.iter().any(|mail| mail["subject"] == "Hurry: Printer"),
        "{mails:?}"
    );
}

#[test]
fn t_66_nobody_writes_the_words_of_a_realm_they_do_not_hold() {
    let world = World::new().parent();
    world.empower("agent@sp1.example");
    let sp1 = world.agent_at("p.localhost", "agent@sp1.example");
    let refused = world.ask::<act::DeskManage>(&sp1, "SP3").unwrap_err();
    assert_eq!(refused, Refusal::NotFound);
}

#[test]
fn a_realm_goes_back_to_what_it_inherits() {
    let world = World::new().parent();
    let code = Code::TicketAutoresp;
    let own = words("SP1 has it", "x");
    write(&world, "P", "SP1", code, &own);
    let agent = world.agent_at("p.localhost", "agent@p.example");
    let realm = world.ask::<act::DeskManage>(&agent, "SP1").unwrap();
    task::run(
        realm
            .scope()
            .write(vec![template::reset(&realm, code, &own)]),
    )
    .unwrap();
    world.ticket("sp1", "Printer");
    let told = told(&world, "ana@example.com");
    assert!(
        told[0].0.contains("your ticket is with us"),
        "{}",
        told[0].0
    );
}

/// Every ticket of Acme's is asked for some things that not everybody sees, and mails of some
/// kinds name all of them.
fn asking() -> World {
    let world = World::new().tenant("acme");
    world.execute(
        "INSERT INTO form (tenant_id, form_id, realm_id, kind, title)
         VALUES (1, 9, 1, 'ticket', 'More');
         INSERT INTO field (tenant_id, field_id, form_id, name, label, kind, options, user_access,
                            agent_access)
         VALUES
           (1, 90, 9, 'asset', 'Asset', 'text', '{}', 'optional', 'optional'),
           (1, 91, 9, 'colour', 'Colour', 'choice', '{\"is_multiple\": true,
            \"choices\": [[\"r\", \"Red\"], [\"b\", \"Blue\"]]}', 'optional', 'optional'),
           (1, 92, 9, 'pay', 'Pay', 'text', '{}', 'hidden', 'optional'),
           (1, 93, 9, 'secret', 'Secret', 'text', '{}', 'optional', 'optional'),
           (1, 94, 9, 'hidden', 'Hidden', 'text', '{}', 'optional', 'hidden'),
           (1, 95, 9, 'number', 'Number', 'text', '{}', 'optional', 'optional');
         INSERT INTO field_role (tenant_id, field_id, role_id) VALUES (1, 93, 1);
         INSERT INTO mail_template (tenant_id, realm_id, code, subject, text)
         SELECT 1, 1, value, value, 'Has %{ticket.asset}|%{ticket.colour}|%{ticket.pay}|%{ticket.secret}%{ticket.hidden}%{ticket.nothing}|%{ticket.number}'
           FROM json_each('[\"ticket.autoresp\", \"ticket.alert\", \"assigned.alert\",
                            \"ticket.reply\", \"message.alert\", \"message.autoresp\",
                            \"ticket.activity.notice\", \"note.alert\", \"ticket.overdue\"]');
         UPDATE api_key SET permissions = '[\"tickets:write\", \"tickets:read\"]'",
    );
    world
}

/// Opens a ticket with all of it filled in.
fn filled(world: &World) -> String {
    let ticket = serde_json::json!({
        "asset": "<b>%{ticket.number}", "colour": ["r", "b"], "pay": "10", "secret": "s",
        "hidden": "h", "number": "7",
    });
    let page = world.send(realmdesk_tests::world::ticket_call("acme", &ticket));
    assert_eq!(page.status, 201, "{}", page.text());
    page.text().to_owned()
}

/// The mail of a kind that says its name, as text and as HTML.
fn mail_of(world: &World, code: Code) -> (String, String) {
    world.turn(MINUTE);
    world.sweep();
    let mails = world.delivered("acme.localhost");
    let mail = mails.iter().find(|mail| mail["subject"] == code.name());
    let mail = mail.unwrap_or_else(|| panic!("{}", code.name()));
    let part = |part: &str| below(mail[part].as_str().unwrap()).to_owned();
    (part("text"), part("html"))
}

fn call(world: &World, method: &str, path: &str, body: &'static str) {
    let call = Call::new(method.parse().unwrap(), path).header("if-match", "*");
    let page = world.send(call.header("x-api-key", "acme-key").body(body));
    assert!(page.status < 300, "{}", page.text());
}

#[test]
fn t_47_agents_are_told_what_all_of_them_may_see_of_what_was_filled_in() {
    let world = asking();
    let number = filled(&world);
    let (text, html) = mail_of(&world, Code::TicketAlert);
    let told = format!("Has <b>%{{ticket.number}}|Red, Blue|10||{number}");
    assert_eq!(text, told);
    assert!(html.contains("&#60;b&#62;%{ticket.number}|"), "{html}");
    let path = format!("/api/v1/tickets/{number}");
    call(
        &world,
        "PATCH",
        &path,
        r#"{"assignee": "ada@acme.example"}"#,
    );
    assert_eq!(mail_of(&world, Code::AssignedAlert).0, told);
}

#[test]
fn a_requester_is_told_what_they_may_see_of_what_was_filled_in() {
    let world = asking();
    let number = filled(&world);
    let none = format!("Has ||||{number}");
    assert_eq!(mail_of(&world, Code::TicketAutoresp).0, none, "a stranger");
    world.execute("UPDATE user SET link_epoch = 2");
    let path = format!("/api/v1/tickets/{number}/replies");
    call(&world, "POST", &path, r#"{"body": "Switch it off."}"#);
    assert_eq!(
        mail_of(&world, Code::TicketReply).0,
        format!("Has <b>%{{ticket.number}}|Red, Blue|||{number}")
    );
}

/// Has somebody write to a ticket by mail.
fn mail_in(world: &World, from: &str, number: &str) {
    world.turn(MINUTE);
    let at = world.now().0;
    let mail = format!(
        "From: {from}\r\nSubject: [#{number}]\r\nMessage-ID: <{at}@x.example>\r\n\r\nIt burns.\r\n"
    );
    let call = Call::post("/mail/raw?to=help@acme.example").body(mail);
    let page = world.send(call.header("authorization", "Bearer acme-secret"));
    assert_eq!(page.status, 200, "{}", page.text());
}

/// Has Kay, who has proved the address, take part in all tickets, and Ada hear of notes.
fn with_company(world: &World) {
    let kay = world.user("acme.localhost", "kay@example.com", "Kay");
    world.execute(&format!(
        "UPDATE user SET link_epoch = 2 WHERE user_id = '{kay}';
         INSERT INTO collaborator (tenant_id, ticket_id, user_id, realm_id, is_active, created_at)
         SELECT tenant_id, ticket_id, '{kay}', realm_id, 1, 1 FROM ticket;
         INSERT INTO agent (tenant_id, agent_id, realm_id, email, name, role_id, created_at)
         SELECT tenant_id, '018bcfe5-6800-7707-8707-070707070799', realm_id, 'bo@acme.example',
                'Bo', role_id, created_at FROM agent WHERE email = 'ada@acme.example';
         INSERT INTO setting (tenant_id, realm_id, key, value)
         SELECT 1, 1, value, '1' FROM json_each('[\"note_alert_active\",
           \"note_alert_dept_manager\", \"message_autoresponder\"]')"
    ));
}

#[test]
fn every_mail_about_a_ticket_tells_what_was_filled_in_with_it() {
    let world = asking();
    let number = filled(&world);
    with_company(&world);
    mail_in(&world, "ana@example.com", &number);
    let for_agents = format!("Has <b>%{{ticket.number}}|Red, Blue|10||{number}");
    let for_users = format!("Has <b>%{{ticket.number}}|Red, Blue|||{number}");
    let for_strangers = format!("Has ||||{number}");
    assert_eq!(mail_of(&world, Code::MessageAlert).0, for_agents);
    assert_eq!(mail_of(&world, Code::TicketActivityNotice).0, for_users);
    assert_eq!(mail_of(&world, Code::MessageAutoresp).0, for_strangers);
    mail_in(&world, "bo@acme.example", &number);
    assert_eq!(mail_of(&world, Code::NoteAlert).0, for_agents);
    world.turn(19 * HOUR);
    assert_eq!(mail_of(&world, Code::TicketOverdue).0, for_agents);
}

#[test]
fn a_message_on_the_portal_tells_what_was_filled_in_too() {
    let world = asking();
    let number = filled(&world);
    world.execute("UPDATE user SET link_epoch = 2");
    let ana = world.browser("acme.localhost");
    let mut ana = ana.signed_in_by_mail("ana@example.com");
    let page = ana.get(&format!("/tickets/{number}"));
    let action = format!("/tickets/{number}/message");
    let form = realmdesk_tests::html::form(page.text(), &action).unwrap();
    let written = ana.send_form(&form, &[("message", "It still burns.")]);
    assert_eq!(written.status, 303);
    let told = format!("Has <b>%{{ticket.number}}|Red, Blue|10||{number}");
    assert_eq!(mail_of(&world, Code::MessageAlert).0, told);
}

#[test]
fn mails_tell_of_the_user_and_of_their_organization() {
    let world = asking();
    let number = filled(&world);
    with_company(&world);
    world.execute(
        "UPDATE mail_template
            SET text = '%{ticket.phone}|%{ticket.user.phone}|%{ticket.user.name.first}|'
                       || '%{ticket.user.email}|%{ticket.user.pay}|%{ticket.user.organization.name}|'
                       || '%{ticket.user.organization.website}|%{ticket.user.secret}';
         INSERT INTO organization (tenant_id, organization_id, realm_id, name)
         VALUES (1, 'o', 1, 'Example & Co');
         INSERT INTO form (tenant_id, form_id, realm_id, kind, title)
         VALUES (1, 20, 1, 'user', 'Themselves'), (1, 21, 1, 'organization', 'Company');
         INSERT INTO field (tenant_id, field_id, form_id, name, label, kind, options, user_access,
                            agent_access)
         VALUES
           (1, 200, 20, 'phone', 'Phone', 'phone', '{}', 'optional', 'optional'),
           (1, 201, 20, 'pay', 'Pay', 'text', '{}', 'hidden', 'optional'),
           (1, 202, 20, 'secret', 'Secret', 'text', '{}', 'optional', 'hidden'),
           (1, 210, 21, 'website', 'Website', 'text', '{}', 'hidden', 'optional');
         UPDATE user SET organization_id = 'o' WHERE email = 'ana@example.com';
         INSERT INTO user_value (tenant_id, user_id, field_id, text)
         SELECT 1, user_id, value ->> 0, value ->> 1 FROM user
          CROSS JOIN json_each('[[200, \"5550123\"], [201, \"10\"], [202, \"s\"]]')
          WHERE email = 'ana@example.com';
         INSERT INTO organization_value (tenant_id, organization_id, field_id, text)
         VALUES (1, 'o', 210, 'example.com')",
    );
    mail_in(&world, "ana@example.com", &number);
    let start = "5550123|5550123|Ana|ana@example.com";
    let for_agents = format!("{start}|10|Example & Co|example.com|");
    assert_eq!(mail_of(&world, Code::MessageAlert).0, for_agents);
    let for_users = format!("{start}||Example & Co||");
    assert_eq!(mail_of(&world, Code::TicketActivityNotice).0, for_users);
    let path = format!("/api/v1/tickets/{number}");
    call(
        &world,
        "PATCH",
        &path,
        r#"{"assignee": "ada@acme.example"}"#,
    );
    assert_eq!(mail_of(&world, Code::AssignedAlert).0, for_agents);
    world.execute("UPDATE user SET link_epoch = 2");
    let path = format!("{path}/replies");
    call(&world, "POST", &path, r#"{"body": "Switch it off."}"#);
    assert_eq!(mail_of(&world, Code::TicketReply).0, for_users);
    world.turn(19 * HOUR);
    assert_eq!(mail_of(&world, Code::TicketOverdue).0, for_agents);
}

#[test]
fn a_profile_is_told_in_its_own_realm_alone() {
    let world = World::new().parent();
    let text = words("Re", "%{ticket.user.name}: %{ticket.user.phone}");
    write(&world, "P", "P", Code::TicketReply, &text);
    let number = world.ticket("sp1", "Printer");
    world.execute(
        "UPDATE api_key SET permissions = '[\"tickets:write\", \"tickets:read\"]';
         INSERT INTO form (tenant_id, form_id, realm_id, kind, title)
         VALUES (1, 20, 1, 'user', 'Themselves');
         INSERT INTO field (tenant_id, field_id, form_id, name, label, kind)
         VALUES (1, 200, 20, 'phone', 'Phone', 'phone');
         INSERT INTO user_value (tenant_id, user_id, field_id, text)
         SELECT 1, user_id, 200, '5550123' FROM user",
    );
    let path = format!("/api/v1/tickets/{number}/replies");
    for (realm, phone) in [("P", ""), ("SP2", ""), ("SP1", "5550123"), ("C1A", "")] {
        world.execute(&format!(
            "UPDATE user SET link_epoch = 2,
                    realm_id = (SELECT realm_id FROM realm WHERE name = '{realm}')"
        ));
        let call = Call::post(&path).header("x-api-key", "p-key");
        let page = world.send(call.body(r#"{"body": "Switch it off."}"#));
        assert_eq!(page.status, 201, "{}", page.text());
        let told = told(&world, "ana@example.com").pop().unwrap();
        assert_eq!(told.1, format!("Ana Lima: {phone}").trim(), "{realm}");
    }
}

/// Has every ticket of Acme's tell a day, a moment and whether it is urgent, in a realm that
/// speaks German in Berlin.
fn dated() -> World {
    let world = asking();
    let (language, zone) = (Key::Locale.name(), Key::TimeZone.name());
    world.execute(&format!(
        "INSERT INTO field (tenant_id, field_id, form_id, name, label, kind, options)
         VALUES
           (1, 80, 9, 'day', 'Day', 'date', '{{}}'),
           (1, 81, 9, 'since', 'Since', 'date', '{{\"has_time\": true}}'),
           (1, 82, 9, 'urgent', 'Urgent', 'checkbox', '{{}}');
         UPDATE mail_template SET text = '%{{ticket.day}}|%{{ticket.since}}|%{{ticket.urgent}}';
         INSERT INTO setting (tenant_id, realm_id, key, value)
         VALUES (1, 1, '{language}', 'de'), (1, 1, '{zone}', 'Europe/Berlin')"
    ));
    world
}

#[test]
fn what_was_filled_in_reads_as_its_reader_writes() {
    let world = dated();
    let ticket = serde_json::json!({
        "day": "2026-11-20", "since": "2026-11-20T23:30Z", "urgent": true,
    });
    let page = world.send(realmdesk_tests::world::ticket_call("acme", &ticket));
    assert_eq!(page.status, 201, "{}", page.text());
    let in_english = "20 Nov 2026|21 Nov 2026, 00:30 CET|Yes";
    assert_eq!(mail_of(&world, Code::TicketAlert).0, in_english);
    world.execute("UPDATE user SET link_epoch = 2");
    let path = format!("/api/v1/tickets/{}/replies", page.text());
    call(&world, "POST", &path, r#"{"body": "Switch it off."}"#);
    let (text, html) = mail_of(&world, Code::TicketReply);
    assert_eq!(text, "20. Nov. 2026|21. Nov. 2026, 00:30 CET|Ja");
    assert!(html.contains("lang=\"de\""));
}

#[test]
fn what_a_filter_answers_tells_nothing_that_users_do_not_see() {
    let world = asking();
    world.execute(
        "INSERT INTO canned_reply (tenant_id, canned_reply_id, realm_id, title, text)
         VALUES (1, 1, 1, 'Off', 'Of %{ticket.asset}: %{ticket.pay}%{ticket.secret}.');
         INSERT INTO filter (tenant_id, filter_id, realm_id, name) VALUES (1, 77, 1, 'All');
         INSERT INTO filter_rule (tenant_id, filter_id, rule_id, what, operator, value)
         VALUES (1, 77, 0, 'subject', 'dn_contain', 'nowhere');
         INSERT INTO filter_action (tenant_id, filter_id, position, kind, canned_reply_id)
         VALUES (1, 77, 0, 'canned', 1)",
    );
    filled(&world);
    let answers = "SELECT body FROM entry WHERE body LIKE 'Of %'";
    assert_eq!(world.rows(answers), ["Of <b>%{ticket.number}: ."]);
}

#[test]
fn agents_are_told_in_the_realm_s_time_of_what_is_handed_to_them() {
    let world = dated();
    let ticket = serde_json::json!({ "day": "2026-11-20", "since": "2026-11-20T23:30Z" });
    let page = world.send(realmdesk_tests::world::ticket_call("acme", &ticket));
    let path = format!("/api/v1/tickets/{}", page.text());
    let assigned = r#"{"assignee": "ada@acme.example"}"#;
    call(&world, "PATCH", &path, assigned);
    let in_berlin = "20 Nov 2026|21 Nov 2026, 00:30 CET|";
    assert_eq!(mail_of(&world, Code::AssignedAlert).0, in_berlin);
}

/// Has mails of these kinds tell of the company, under their own name.
fn telling_of_the_company(world: &World, codes: &[Code]) {
    let told =
        ["", ".name", ".website", ".phone", ".address"].map(|it| format!("%{{company{it}}}"));
    for code in codes {
        let (name, told) = (code.name(), told.join("|"));
        world.execute(&format!(
            "INSERT INTO mail_template (tenant_id, realm_id, code, subject, text)
             VALUES (1, 1, '{name}', '{name}', '{told}')"
        ));
    }
}

#[test]
fn mails_tell_of_the_company_what_the_settings_say() {
    let world = World::new().tenant("acme");
    let codes = [
        Code::TicketAlert,
        Code::TicketReply,
        Code::AssignedAlert,
        Code::TicketOverdue,
        Code::MessageAlert,
    ];
    telling_of_the_company(&world, &codes);
    world.execute(
        "UPDATE api_key SET permissions = '[\"tickets:write\", \"tickets:read\"]';
         INSERT INTO setting (tenant_id, realm_id, key, value)
         VALUES (1, 1, 'company.name', 'Acme <Tools> Ltd.'),
                (1, 1, 'company.website', 'https://www.acme.example'),
                (1, 1, 'company.phone', '+49 30 5550123');
         INSERT INTO tenant_setting (tenant_id, key, value, is_locked)
         VALUES (1, 'company.address', '1 Mill Lane', 0)",
    );
    let number = world.ticket("acme", "Printer");
    let path = format!("/api/v1/tickets/{number}");
    call(
        &world,
        "PATCH",
        &path,
        r#"{"assignee": "ada@acme.example"}"#,
    );
    let replies = format!("{path}/replies");
    call(&world, "POST", &replies, r#"{"body": "Switch it off."}"#);
    let mail = format!("From: ana@example.com\r\nSubject: [#{number}]\r\n\r\nIt burns.\r\n");
    let mail = Call::post("/mail/raw?to=help@acme.example").body(mail);
    let page = world.send(mail.header("authorization", "Bearer acme-secret"));
    assert_eq!(page.status, 200);
    world.turn(19 * HOUR);
    world.sweep();
    let (name, rest) = (
        "Acme <Tools> Ltd.",
        "https://www.acme.example|+49 30 5550123",
    );
    for code in codes {
        let (text, html) = mail_of(&world, code);
        let told = format!("{name}|{name}|{rest}|1 Mill Lane");
        assert_eq!(text, told, "{}", code.name());
        assert!(html.contains("Acme &#60;Tools&#62; Ltd."), "{html}");
    }
}

#[test]
fn a_company_that_no_setting_names_is_the_realm() {
    let world = World::new().tenant("acme");
    telling_of_the_company(&world, &[Code::TicketAlert]);
    world.ticket("acme", "Printer");
    let (text, _) = mail_of(&world, Code::TicketAlert);
    let realm = world.rows("SELECT name FROM realm").concat();
    assert_eq!(text, format!("{realm}|{realm}|||"));
}

/// Has mails of this kind say all that they know, under their own name.
fn say_everything(world: &World, code: Code) {
    let facts = code.sample();
    let named = facts
        .names()
        .into_iter()
        .map(|name| format!("%{{{name}}} "));
    let (name, text) = (code.name(), named.collect::<String>());
    world.execute(&format!(
        "INSERT INTO mail_template (tenant_id, realm_id, code, subject, text)
         VALUES (1, 1, '{name}', '{name}', '{text}')"
    ));
}

#[test]
fn a_mail_knows_all_that_its_page_lists() {
    let world = World::new().tenant("acme");
    let codes = [
        Code::TicketAutoresp,
        Code::TicketAlert,
        Code::TicketReply,
        Code::MessageAlert,
        Code::MessageAutoresp,
        Code::NoteAlert,
        Code::AssignedAlert,
        Code::TransferAlert,
        Code::TicketAutoreply,
        Code::TicketActivityNotice,
        Code::TicketOverdue,
    ];
    for code in codes {
        say_everything(&world, code);
    }
    let number = world.ticket("acme", "Printer");
    world.execute(
        "UPDATE api_key SET permissions = '[\"tickets:write\", \"tickets:read\"]';
         INSERT INTO department (tenant_id, department_id, realm_id, name, manager_id)
         SELECT 1, 77, 1, 'Repairs', agent_id FROM agent;
         INSERT INTO setting (tenant_id, realm_id, key, value)
         SELECT 1, 1, value, '1' FROM json_each('[\"note_alert_active\",
           \"transfer_alert_active\", \"message_autoresponder\"]');
         INSERT INTO canned_reply (tenant_id, canned_reply_id, realm_id, title, text)
         VALUES (1, 1, 1, 'Off', 'x');
         INSERT INTO filter (tenant_id, filter_id, realm_id, name) VALUES (1, 77, 1, 'Fires');
         INSERT INTO filter_rule (tenant_id, filter_id, rule_id, what, operator, value)
         VALUES (1, 77, 0, 'subject', 'equal', 'Fire');
         INSERT INTO filter_action (tenant_id, filter_id, position, kind, canned_reply_id)
         VALUES (1, 77, 0, 'canned', 1)",
    );
    world.ticket("acme", "Fire");
    let kay = world.user("acme.localhost", "kay@example.com", "Kay");
    world.execute(&format!(
        "INSERT INTO collaborator (tenant_id, ticket_id, user_id, realm_id, is_active, created_at)
         SELECT tenant_id, ticket_id, '{kay}', realm_id, 1, 1 FROM ticket WHERE number = '{number}'"
    ));
    let path = format!("/api/v1/tickets/{number}");
    for (method, path, body) in [
        (
            "POST",
            format!("{path}/replies"),
            r#"{"body": "Switch it off."}"#,
        ),
        (
            "PATCH",
            path.clone(),
            r#"{"assignee": "ada@acme.example", "department": 77}"#,
        ),
        ("POST", format!("{path}/notes"), r#"{"body": "Ask Bo."}"#),
    ] {
        let call = Call::new(method.parse().unwrap(), &path).header("if-match", "*");
        let page = world.send(call.header("x-api-key", "acme-key").body(body));
        assert!(page.status < 300, "{}", page.text());
    }
    let mail = format!("From: ana@example.com\r\nSubject: [#{number}]\r\n\r\nIt burns.\r\n");
    let call = Call::post("/mail/raw?to=help@acme.example");
    let call = call
        .header("authorization", "Bearer acme-secret")
        .body(mail);
    assert_eq!(world.send(call).status, 200);
    world.turn(19 * HOUR);
    world.sweep();
    let mails = world.delivered("acme.localhost");
    for code in codes {
        let mut found = mails.iter().filter(|mail| mail["subject"] == code.name());
        let mail = found.next().unwrap_or_else(|| panic!("{}", code.name()));
        let text = mail["text"].as_str().unwrap();
        assert!(!text.contains("%{"), "{}: {text}", code.name());
    }
}
