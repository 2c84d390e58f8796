//! What mails say, as administrators read and write it.

use realmdesk_tests::{Browser, Page, World, html};
use serde_json::{Value, json};

use super::{administrator, agent, doing, each, id, parent, post, post_json, told};

fn path_of(world: &World, realm: &str, code: &str) -> String {
    format!("/admin/templates/{code}?in={}", id(world, realm))
}

/// Fills in the form of a kind of mail and presses a button.
fn press(
    browser: &mut Browser<'_>,
    path: &str,
    button: &str,
    (subject, text): (&str, &str),
) -> Page {
    let reading = html::value(browser.get(path).text(), "reading").unwrap();
    let fields = [
        ("change", button),
        ("reading", &*reading),
        ("subject", subject),
        ("text", text),
    ];
    post_in(browser, path, &fields)
}

fn post_in(browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Page {
    let realm = path.split_once("?in=").unwrap().1;
    let whole = [&[("in", realm)], fields].concat();
    post(browser, path, &whole)
}

#[test]
fn every_kind_of_mail_is_listed_with_whose_words_count() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let at = path_of(&world, "SP1", "ticket.reply");
    assert_eq!(press(&mut p, &at, "save", ("Re", "x")).status, 303);
    let list = |browser: &mut Browser<'_>, realm: &str| {
        told(
            browser,
            &format!("/admin/templates?in={}", id(&world, realm)),
        )["templates"]
            .clone()
    };
    let of_reply = |list: &Value| {
        let mut found = list.as_array().unwrap().iter();
        let found = found.find(|it| it["code"] == "ticket.reply").unwrap();
        (found["origin"].clone(), found["realm"].clone())
    };
    let here = list(&mut p, "SP1");
    assert_eq!(each(&here, "code").len(), 19);
    assert_eq!(of_reply(&here), (json!("own"), Value::Null));
    let below = list(&mut p, "C1A");
    assert_eq!(of_reply(&below), (json!("above"), json!("SP1")));
    let beside = list(&mut p, "SP3");
    assert_eq!(of_reply(&beside), (json!("platform"), Value::Null));
    let page = p.get(&format!("/admin/templates?in={}", id(&world, "C1A")));
    assert!(page.text().contains("Inherited from SP1"));
    let mut c1a = administrator(&world, "C1A");
    assert_eq!(
        of_reply(&list(&mut c1a, "C1A")),
        (json!("above"), Value::Null),
        "a realm that is not theirs is not named"
    );
}

#[test]
fn a_mail_is_written_and_goes_back_to_what_it_was() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let at = path_of(&world, "SP1", "ticket.autoresp");
    assert_eq!(told(&mut p, &at)["origin"], "platform");
    let words = ("We have #%{ticket.number}", "Dear you,\r\n\r\n%{signature}");
    let page = press(&mut p, &at, "save", words);
    assert_eq!(page.location(), format!("{at}&done=saved"));
    let now = told(&mut p, &at);
    assert_eq!(now["text"], "Dear you,\n\n%{signature}");
    world.ticket("sp1", "Printer");
    world.turn(realmdesk_tests::MINUTE);
    world.sweep();
    let mails = world.delivered("p.localhost");
    let subject = |mail: &Value| mail["subject"].as_str().unwrap().to_owned();
    assert!(
        mails
            .iter()
            .any(|mail| subject(mail).starts_with("We have #"))
    );
    assert_eq!(press(&mut p, &at, "reset", ("", "")).status, 303);
    assert_eq!(told(&mut p, &at)["origin"], "platform");
    assert!(!p.get(&at).text().contains("value=\"reset\""));
}

#[test]
fn what_is_wrong_is_said_and_what_was_typed_is_kept() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let at = path_of(&world, "P", "ticket.alert");
    for (subject, text, field, why) in [
        (" ", "kept", "subject", "subject"),
        ("kept", "", "text", "text"),
        (
            "kept",
            "%{ticket.colour} %{moon} %{moon}",
            "text",
            "variables",
        ),
        ("%{response}", "of another mail", "text", "variables"),
    ] {
        let page = press(&mut p, &at, "save", (subject, text));
        assert_eq!(page.status, 422, "{why}");
        assert!(page.text().contains(&format!("id=\"{field}-problem\"")));
        let kept = html::filled(page.text(), &at).unwrap();
        assert!(kept.contains(&("text".to_owned(), text.to_owned())));
        let realm = id(&world, "P").to_string();
        let fields = [
            ("in", &*realm),
            ("change", "save"),
            ("subject", subject),
            ("text", text),
        ];
        let refused = post_json(&mut p, &at, &fields).json();
        assert_eq!(refused["error"], why);
        if text.contains("moon") {
            assert_eq!(refused["unknown"], json!(["ticket.colour", "moon"]));
            assert!(page.text().contains("<code>%{moon}</code>"));
        }
    }
    assert_eq!(told(&mut p, &at)["origin"], "platform");
    assert_eq!(p.get(&path_of(&world, "P", "no.such")).status, 404);
    let nonsense = [("change", "burn"), ("reading", "")];
    assert_eq!(post_in(&mut p, &at, &nonsense).status, 400);
}

#[test]
fn a_preview_shows_the_sample_ticket_and_writes_nothing() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let at = path_of(&world, "P", "ticket.reply");
    let words = (
        "Re: %{ticket.subject}",
        "<b> %{response} %{ticket.name.first}",
    );
    let page = press(&mut p, &at, "preview", words);
    assert_eq!(page.status, 200);
    let text = html::unescaped(page.text());
    assert!(
        text.contains("<b>Re:") || text.contains("Re: Printer on fire"),
        "{text}"
    );
    assert!(
        page.text()
            .contains("&#60;b&#62; Please switch it off. Ana")
    );
    assert!(
        page.text().contains("<b class=\"break\">Re:</b>"),
        "what a stranger gets"
    );
    assert_eq!(told(&mut p, &at)["origin"], "platform");
}

#[test]
fn a_mail_names_the_fields_of_its_realm_and_of_those_above() {
    let world = parent();
    let (p_id, sp1, c1a) = (id(&world, "P"), id(&world, "SP1"), id(&world, "C1A"));
    world.execute(&format!(
        "INSERT INTO form (tenant_id, form_id, realm_id, kind, title, is_active)
         SELECT r.tenant_id, 900 + r.realm_id, r.realm_id, 'topic', 'More', 1 FROM realm AS r
          WHERE r.realm_id IN ({p_id}, {sp1}, {c1a});
         INSERT INTO field (tenant_id, field_id, form_id, name, label, kind, is_active)
         SELECT tenant_id, 9001, form_id, 'asset', '<b>Asset', 'text', 1 FROM form
          WHERE realm_id = {p_id} AND form_id > 900 UNION ALL
         SELECT tenant_id, 9002, form_id, 'gone', 'Gone', 'text', 0 FROM form
          WHERE realm_id = {p_id} AND form_id > 900 UNION ALL
         SELECT tenant_id, 9003, form_id, 'room', 'Room', 'text', 1 FROM form
          WHERE realm_id = {sp1} AND form_id > 900 UNION ALL
         SELECT tenant_id, 9004, form_id, 'below', 'Below', 'text', 1 FROM form
          WHERE realm_id = {c1a} AND form_id > 900"
    ));
    let mut p = administrator(&world, "P");
    let at = path_of(&world, "SP1", "ticket.reply");
    let words = ("Of %{ticket.asset}", "In %{ticket.room}");
    let page = press(&mut p, &at, "preview", words);
    let preview = html::unescaped(page.text());
    assert!(preview.contains("Of <b>Asset"), "{preview}");
    assert!(!page.text().contains("<b>Asset"));
    assert_eq!(press(&mut p, &at, "save", words).status, 303);
    let variables = told(&mut p, &at)["variables"].clone();
    let lists = |name: &str| variables.as_array().unwrap().contains(&json!(name));
    assert!(lists("ticket.asset") && lists("ticket.room"), "{variables}");
    for name in ["phone", "user.phone", "user.organization.website"] {
        assert!(lists(&format!("ticket.{name}")), "{name}: {variables}");
    }
    for (realm, code, name) in [
        ("SP1", "ticket.reply", "gone"),
        ("SP1", "ticket.reply", "below"),
        ("SP1", "ticket.reply", "nonsense"),
        ("SP3", "ticket.reply", "room"),
        ("SP1", "task.alert", "room"),
        ("SP1", "ticket.alert", "user.phone"),
    ] {
        let at = path_of(&world, realm, code);
        let words = format!("%{{ticket.{name}}}");
        let page = press(&mut p, &at, "save", ("Mine", &words));
        assert_eq!(page.status, 422, "{code} of {realm}: {name}");
    }
}

#[test]
fn a_stale_form_writes_nothing_and_shows_what_stands_there() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let at = path_of(&world, "P", "ticket.reply");
    let old = html::value(p.get(&at).text(), "reading").unwrap();
    assert_eq!(press(&mut p, &at, "save", ("Mine", "x")).status, 303);
    let realm = id(&world, "P").to_string();
    for button in ["save", "reset", "preview"] {
        let fields = [
            ("in", &*realm),
            ("change", button),
            ("reading", &*old),
            ("subject", "Theirs"),
            ("text", "y"),
        ];
        let page = post(&mut p, &at, &fields);
        assert_eq!(page.status, 409, "{button}");
        assert!(page.text().contains("<b class=\"break\">Mine</b>"));
        assert_eq!(html::value(page.text(), "subject").unwrap(), "Theirs");
        let seen = html::value(page.text(), "reading").unwrap();
        assert_ne!(seen, old, "who saves it again has seen it");
    }
    assert_eq!(told(&mut p, &at)["subject"], "Mine");
}

#[test]
fn what_is_read_meanwhile_is_not_written_over() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let at = path_of(&world, "P", "ticket.reply");
    let who = world.agent_at("p.localhost", "agent@p.example");
    let realm = world
        .ask::<tenancy::policy::act::DeskManage>(&who, "P")
        .unwrap();
    let words = |subject| desk::template::Template::checked(subject, "x").unwrap();
    let write = |subject, was: Option<&desk::template::Template>| {
        let code = desk::template::Code::TicketReply;
        let statement = desk::template::write(&realm, code, &words(subject), was);
        realmdesk_tests::task::run(realm.scope().write(vec![statement]))
    };
    write("First", None).unwrap();
    let refused = desk::template::refused(write("Second", None).unwrap_err());
    assert_eq!(refused, desk::template::Refused::Stale);
    write("Third", Some(&words("First"))).unwrap();
    let refused = desk::template::refused(write("Fourth", Some(&words("First"))).unwrap_err());
    assert_eq!(refused, desk::template::Refused::Stale);
    assert_eq!(told(&mut p, &at)["subject"], "Third");
}

#[test]
fn t_66_only_who_holds_the_realm_writes_its_mails() {
    let world = parent();
    let at = path_of(&world, "P", "ticket.reply");
    let mut sp3 = administrator(&world, "SP3");
    for path in [&*at, &*format!("/admin/templates?in={}", id(&world, "P"))] {
        assert_eq!(sp3.get(path).status, 404, "{path}");
    }
    let fields = [("change", "save"), ("subject", "x"), ("text", "y")];
    assert_eq!(post_in(&mut sp3, &at, &fields).status, 404);
    let own = doing(
        &mut sp3,
        &path_of(&world, "SP3", "ticket.reply"),
        &[
            ("in", &id(&world, "SP3").to_string()),
            ("change", "save"),
            ("subject", "x"),
            ("text", "y"),
        ],
    );
    assert!(own.ends_with("done=saved"));
    let mut c1b = agent(&world, "C1B");
    assert_eq!(c1b.get("/admin/templates").status, 403);
}
