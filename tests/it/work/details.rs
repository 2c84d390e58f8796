//! Agents fill in a ticket's fields anew (FO-9).

use realmdesk_tests::world::ticket_call;
use realmdesk_tests::{Browser, Call, Page, World, html};
use serde_json::json;

/// Every ticket of Acme's is asked for a device, for its serial number if it is a printer, for
/// what is broken, whether it is urgent, and for things that not everybody may fill in.
fn asking() -> (World, String) {
    let world = World::new().tenant("acme");
    world.execute(
        "INSERT INTO form (tenant_id, form_id, realm_id, kind, title)
         VALUES (1, 9, 1, 'ticket', 'More');
         INSERT INTO list (tenant_id, list_id, realm_id, name) VALUES (1, 1, 1, 'Things');
         INSERT INTO list_item (tenant_id, list_id, item_id, value)
         VALUES (1, 1, 1, 'Lamp'), (1, 1, 2, 'Desk');
         INSERT INTO field (tenant_id, field_id, form_id, name, label, kind, list_id, options,
                            user_access, agent_access, when_field_id, when_values, position)
         VALUES
           (1, 90, 9, 'device', 'Device', 'text', NULL, '{}', 'optional', 'required', NULL, '[]', 1),
           (1, 91, 9, 'serial', 'Serial', 'text', NULL, '{\"longest\": 8}', 'optional', 'required',
            90, '[\"printer\"]', 2),
           (1, 92, 9, 'broken', 'Broken', 'list', 1, '{\"is_multiple\": true}', 'optional',
            'optional', NULL, '[]', 3),
           (1, 93, 9, 'urgent', 'Urgent', 'checkbox', NULL, '{}', 'optional', 'optional', NULL,
            '[]', 4),
           (1, 94, 9, 'shown', 'Shown', 'text', NULL, '{}', 'optional', 'shown', NULL, '[]', 5),
           (1, 95, 9, 'hidden', 'Hidden', 'text', NULL, '{}', 'optional', 'hidden', NULL, '[]', 6),
           (1, 96, 9, 'secret', 'Secret', 'text', NULL, '{}', 'optional', 'optional', NULL, '[]', 7);
         INSERT INTO field_role (tenant_id, field_id, role_id) VALUES (1, 96, 3)",
    );
    let fields = json!({
        "device": "screen", "broken": ["Lamp"], "urgent": true, "shown": "s", "hidden": "h",
        "secret": "x",
    });
    let page = world.send(ticket_call("acme", &fields));
    assert_eq!(page.status, 201, "{}", page.text());
    let number = page.text().to_owned();
    (world, number)
}

fn ada(world: &World) -> Browser<'_> {
    let browser = world.browser("acme.localhost");
    browser.signed_in("ada@acme.example")
}

fn path(number: &str) -> String {
    format!("/queues/edit/{number}")
}

/// The form as a page shows it, with some fields typed otherwise.
fn typed(page: &Page, number: &str, typed: &[(&str, &str)]) -> String {
    let mut fields = html::filled(page.text(), &path(number)).unwrap();
    fields.retain(|(name, _)| typed.iter().all(|(other, _)| other != name));
    let typed = typed.iter();
    fields.extend(typed.map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
    html::encoded(&fields)
}

fn save(agent: &mut Browser<'_>, number: &str, fields: &[(&str, &str)]) -> Page {
    let page = agent.get(&path(number));
    agent.post(&path(number), &typed(&page, number, fields))
}

fn stored(world: &World) -> Vec<String> {
    world.rows("SELECT field_id, text FROM field_value ORDER BY 1, position")
}

fn history(world: &World) -> Vec<String> {
    world.rows("SELECT kind, detail, actor FROM event WHERE kind <> 'created' ORDER BY event_id")
}

#[test]
fn fo_9_fields_are_filled_in_anew_with_a_comment_and_a_history() {
    let (world, number) = asking();
    let mut ada = ada(&world);
    let fields = [("field_90", "laptop"), ("comment", "She called again.")];
    let page = save(&mut ada, &number, &fields);
    assert_eq!(page.status, 303, "{}", page.text());
    assert_eq!(
        page.location(),
        format!("/queues/tickets/{number}?done=edited")
    );
    assert!(ada.follow(page).text().contains("The details are saved."));
    let held = ["90|laptop", "92|Lamp", "93|1", "94|s", "95|h", "96|x"];
    assert_eq!(stored(&world), held);
    let told = r#"edited|{"fields":{"90":[["screen"],["laptop"]]}}|agent"#;
    assert_eq!(history(&world), [told, "note|NULL|agent"]);
    let note = world.rows("SELECT kind, author, body FROM entry ORDER BY entry_id");
    assert_eq!(note[1], "note|Ada Byron|She called again.");
}

#[test]
fn what_was_not_touched_changes_nothing() {
    let (world, number) = asking();
    let mut ada = ada(&world);
    let (held, version) = (stored(&world), "SELECT version FROM ticket");
    assert_eq!(save(&mut ada, &number, &[]).status, 303);
    assert_eq!((stored(&world), history(&world).len()), (held.clone(), 0));
    assert_eq!(world.number(version), 1);
    world.execute("UPDATE list_item SET is_active = 0 WHERE item_id = 1");
    assert_eq!(save(&mut ada, &number, &[]).status, 303);
    assert_eq!(stored(&world), held, "what is not offered any more stays");
    assert_eq!(
        save(&mut ada, &number, &[("comment", "Just so.")]).status,
        303
    );
    assert_eq!(history(&world), ["note|NULL|agent"]);
    assert_eq!(world.number(version), 1);
}

#[test]
fn the_priority_is_the_tickets_own() {
    let (world, number) = asking();
    let mut ada = ada(&world);
    assert_eq!(save(&mut ada, &number, &[("field_22", "4")]).status, 303);
    assert_eq!(world.number("SELECT priority FROM ticket"), 4);
    assert_eq!(history(&world), ["edited|NULL|agent"]);
}

#[test]
fn choices_and_boxes_are_taken_away_and_given() {
    let (world, number) = asking();
    let mut ada = ada(&world);
    let form = ada.get(&path(&number));
    let csrf = html::value(form.text(), "csrf").unwrap();
    let posted = |fields: &str| format!("csrf={csrf}&version=1&field_90=screen{fields}");
    let page = ada.post(&path(&number), &posted("&field_92=2&field_92=1"));
    assert_eq!(page.status, 303, "{}", page.text());
    let held = ["90|screen", "92|Desk", "92|Lamp", "94|s", "95|h", "96|x"];
    let mut now = stored(&world);
    now.sort();
    assert_eq!(now, held, "and the box was left empty");
}

#[test]
fn what_is_wrong_is_told_beside_the_field_and_what_was_typed_is_kept() {
    let (world, number) = asking();
    let mut ada = ada(&world);
    let held = stored(&world);
    let fields = [
        ("field_90", "printer"),
        ("field_91", "far too long"),
        ("comment", "Kept <as is>"),
    ];
    let page = save(&mut ada, &number, &fields);
    assert_eq!(page.status, 422);
    for kept in [
        "far too long",
        "value=\"printer\"",
        "Kept &#60;as is&#62;",
        "field_91-problem",
    ] {
        assert!(page.text().contains(kept), "{kept}: {}", page.text());
    }
    let empty = save(&mut ada, &number, &[("field_90", " ")]);
    assert!(empty.text().contains("field_90-problem"));
    let asked = save(&mut ada, &number, &[("field_90", "printer")]);
    assert_eq!(
        asked.status, 422,
        "the serial number is required of a printer"
    );
    assert!(asked.text().contains("field_91-problem"));
    assert_eq!((stored(&world), history(&world).len()), (held, 0));
    let both = [("field_90", "printer"), ("field_91", "AB12")];
    assert_eq!(save(&mut ada, &number, &both).status, 303);
    assert!(stored(&world).contains(&"91|AB12".to_owned()));
}

#[test]
fn further_questions_are_shown_without_script() {
    let (world, number) = asking();
    let mut ada = ada(&world);
    assert!(!ada.get(&path(&number)).text().contains("field_91"));
    let asked = save(
        &mut ada,
        &number,
        &[("field_90", "printer"), ("then", "ask")],
    );
    assert_eq!(asked.status, 200);
    assert!(asked.text().contains("name=\"field_91\""));
    assert!(!asked.text().contains("Nothing is saved yet"));
    assert_eq!(history(&world), [""; 0]);
}

#[test]
fn t_47_what_an_agent_may_not_fill_in_is_neither_shown_nor_taken() {
    let (world, number) = asking();
    let mut ada = ada(&world);
    let page = ada.get(&path(&number));
    let csrf = html::value(page.text(), "csrf").unwrap();
    let held = stored(&world);
    for field in ["field_94", "field_95", "field_96"] {
        assert!(!page.text().contains(field), "{field}");
        let posted =
            format!("csrf={csrf}&version=1&field_90=screen&field_92=1&field_93=1&{field}=y");
        assert_eq!(ada.post(&path(&number), &posted).status, 303);
    }
    assert_eq!(stored(&world), held);
    world.execute(
        "UPDATE agent SET role_id = 3; UPDATE role SET permissions =
        (SELECT permissions FROM role WHERE role_id = 1) WHERE role_id = 3",
    );
    let page = save(&mut ada, &number, &[("field_96", "y")]);
    assert_eq!(page.status, 303, "{}", page.text());
    assert!(stored(&world).contains(&"96|y".to_owned()));
}

#[test]
fn who_saves_too_late_is_told_what_it_says_now_and_may_save_again() {
    let (world, number) = asking();
    let (mut ada, mut late) = (ada(&world), ada(&world));
    let form = late.get(&path(&number));
    assert_eq!(
        save(&mut ada, &number, &[("field_90", "laptop")]).status,
        303
    );
    let page = late.post(
        &path(&number),
        &typed(&form, &number, &[("field_90", "tablet")]),
    );
    assert_eq!(page.status, 409);
    assert!(page.text().contains("Somebody else changed the ticket"));
    assert!(page.text().contains("laptop") && page.text().contains("value=\"tablet\""));
    assert!(stored(&world).contains(&"90|laptop".to_owned()));
    let again = late.post(&path(&number), &typed(&page, &number, &[]));
    assert_eq!(again.status, 303);
    assert!(stored(&world).contains(&"90|tablet".to_owned()));
}

#[test]
fn programs_read_and_fill_in_the_same_form() {
    let (world, number) = asking();
    let mut ada = ada(&world);
    let read = ada.get_json(&path(&number)).json();
    let fields = read["fields"].as_array().unwrap().iter();
    let fields: Vec<&str> = fields.map(|it| it["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["field_22", "field_90", "field_92", "field_93"]);
    let csrf = read["csrf"].as_str().unwrap();
    let post = |fields: &str| {
        let body = format!("csrf={csrf}&field_92=1&field_93=1&{fields}");
        Call::post(&path(&number))
            .header("accept", "application/json")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
    };
    let refused = ada.send(post("version=1&field_90="));
    let wrong = json!([{ "field": "field_90", "error": "invalid" }]);
    assert_eq!((refused.status, &refused.json()["problems"]), (422, &wrong));
    let stale = ada.send(post("version=7&field_90=laptop"));
    assert_eq!(
        (stale.status, stale.json()["error"].as_str()),
        (409, Some("stale"))
    );
    let done = ada.send(post("version=1&field_90=laptop"));
    assert_eq!(
        (done.status, done.json()),
        (200, json!({ "done": "edited" }))
    );
}

#[test]
fn who_may_not_edit_sees_no_link_and_gets_no_form() {
    let (world, number) = asking();
    let mut ada = ada(&world);
    let link = format!("href=\"{}\"", path(&number));
    let work = format!("/queues/tickets/{number}");
    assert!(ada.get(&work).text().contains(&link));
    world.execute("UPDATE agent SET role_id = 4");
    assert!(!ada.get(&work).text().contains(&link));
    assert_eq!(ada.get(&path(&number)).status, 403);
    assert_eq!(ada.get(&path("000000")).status, 404);
}

#[test]
fn a_ticket_that_is_asked_for_nothing_says_so() {
    let world = World::new().tenant("acme");
    let number = world.ticket("acme", "Printer on fire");
    world.execute("UPDATE form SET is_active = 0");
    let page = ada(&world).get(&path(&number));
    assert_eq!(page.status, 200);
    assert!(page.text().contains("Nothing is asked of this ticket"));
}
