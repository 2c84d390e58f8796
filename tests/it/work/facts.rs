//! What was filled in with a ticket, as people read it: in the realm's language, with its times,
//! whatever is stored.

use realmdesk_tests::World;
use realmdesk_tests::world::ticket_call;
use serde_json::json;

/// Acme, in Berlin, with a ticket that has a day, a moment, a ticked box, an item and a choice.
fn filled_in(language: &str) -> (World, String) {
    let world = World::new().tenant("acme");
    world.execute(&format!(
        "INSERT INTO setting (tenant_id, realm_id, key, value)
         VALUES (1, 1, 'locale', '{language}'), (1, 1, 'time_zone', 'Europe/Berlin');
         INSERT INTO form (tenant_id, form_id, realm_id, kind, title)
         VALUES (1, 9, 1, 'ticket', 'More');
         INSERT INTO list (tenant_id, list_id, realm_id, name) VALUES (1, 1, 1, 'Things');
         INSERT INTO list_item (tenant_id, list_id, item_id, value) VALUES (1, 1, 7, 'Desk <7>');
         INSERT INTO field (tenant_id, field_id, form_id, name, label, kind, list_id, options,
                            user_access, agent_access, when_field_id, when_values, position)
         VALUES
           (1, 90, 9, 'day', 'Day', 'date', NULL, '{{}}', 'optional', 'optional', NULL, '[]', 1),
           (1, 91, 9, 'at', 'At', 'date', NULL, '{{\"has_time\": true}}', 'optional', 'optional',
            NULL, '[]', 2),
           (1, 92, 9, 'urgent', 'Urgent', 'checkbox', NULL, '{{}}', 'optional', 'optional', NULL,
            '[]', 3),
           (1, 93, 9, 'thing', 'Thing', 'list', 1, '{{}}', 'optional', 'optional', NULL, '[]', 4),
           (1, 94, 9, 'colour', 'Colour', 'choice', NULL,
            '{{\"choices\": [[\"r\", \"Red\"]]}}', 'optional', 'optional', NULL, '[]', 5)"
    ));
    let fields = json!({
        "email": "ana@example.com", "day": "2027-03-01", "at": "2027-03-01T22:30Z", "urgent": true,
        "thing": "7", "colour": "r",
    });
    let page = world.send(ticket_call("acme", &fields));
    assert_eq!(page.status, 201, "{}", page.text());
    let number = page.text().to_owned();
    (world, number)
}

/// The answers on a page, in the order they stand.
fn answers(page: &str) -> Vec<&str> {
    let answers = page.split("<dd class=\"break\">").skip(1);
    let answers = answers.filter_map(|rest| Some(rest.split_once("</dd>")?.0));
    answers.collect()
}

#[test]
fn users_read_days_moments_and_boxes_in_their_language_and_zone() {
    for (language, day, at, yes) in [
        ("en", "1 Mar 2027", "1 Mar 2027, 23:30 CET", "Yes"),
        ("de", "1. März 2027", "1. März 2027, 23:30 CET", "Ja"),
        ("ar", "1 مارس 2027", "1 مارس 2027، 23:30 CET", "نعم"),
    ] {
        let (world, number) = filled_in(language);
        let ana = world.browser("acme.localhost");
        let mut ana = ana.signed_in_by_mail("ana@example.com");
        let page = ana.get(&format!("/tickets/{number}"));
        let expected = [day, at, yes, "Desk &#60;7&#62;", "Red"];
        assert_eq!(answers(page.text()), expected, "{language}");
    }
}

#[test]
fn agents_read_them_in_english_with_the_realms_times() {
    let (world, number) = filled_in("de");
    let ada = world.browser("acme.localhost");
    let mut ada = ada.signed_in("ada@acme.example");
    let page = ada.get(&format!("/queues/tickets/{number}"));
    let told = answers(page.text());
    let expected = [
        "1 Mar 2027",
        "1 Mar 2027, 23:30 CET",
        "Yes",
        "Desk &#60;7&#62;",
        "Red",
    ];
    assert!(told.ends_with(&expected), "{told:?}");
    // What somebody else has filled in meanwhile is told alike.
    let path = format!("/queues/edit/{number}");
    let form = ada.get(&path);
    let typed = [
        ("version", "0"),
        ("field_90", "2027-03-02"),
        ("field_92", ""),
        ("field_93", ""),
    ];
    let form = realmdesk_tests::html::form(form.text(), &path).unwrap();
    let mut fields = realmdesk_tests::Browser::filled(&form, &typed);
    fields.retain(|(name, value)| name != "version" || value == "0");
    let stale = ada.post(&path, &realmdesk_tests::html::encoded(&fields));
    assert_eq!(stale.status, 409, "{}", stale.text());
    let told = answers(stale.text());
    for words in [
        "1 Mar 2027",
        "1 Mar 2027, 23:30 CET",
        "Yes",
        "Desk &#60;7&#62;",
    ] {
        assert!(told.contains(&words), "{words}: {told:?}");
    }
}
