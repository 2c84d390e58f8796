//! Fields that files are attached to (FO-2, FO-3).

use desk::form::{self, Access, Condition, Kind, NewField, NewForm, Options, Purpose};
use desk::setting::Key;
use desk::topic;
use realmdesk_tests::browser::{Browser, mailed_link};
use realmdesk_tests::dispatch::Page;
use realmdesk_tests::{World, html};
use serde_json::json;
use tenancy::policy::act;
use tenancy::principal::Agent;

use super::{PORTAL, acme, call, realm, set, write};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n-- not the end --\r\n";
const PDF: &[u8] = b"%PDF-1.7 a receipt";

/// Acme asks of problems: whether there is a bill (23), the bill itself (24) if so, at most one of
/// 30 bytes, and pictures (25).
fn bills(user: Access) -> (World, Agent) {
    let (world, ada) = acme();
    let realm = realm::<act::DeskManage>(&world, &ada);
    let form = NewForm {
        title: "Bill",
        purpose: Purpose::Topic,
    };
    let field = |name, label, kind, options| NewField {
        form: 4,
        name,
        label,
        hint: "",
        kind,
        options,
        list: None,
        user: Access::Optional,
        agent: Access::Optional,
        condition: None,
    };
    let files = |types: &str, longest, rows| Options {
        pattern: types.to_owned(),
        longest,
        rows,
        ..Options::default()
    };
    let condition = Condition {
        field: 23,
        values: Vec::new(),
    };
    let fields = [
        field(
            "billed",
            "There is a bill",
            Kind::Checkbox,
            Options::default(),
        ),
        NewField {
            user,
            condition: Some(condition),
            ..field(
                "bill",
                "The <bill>",
                Kind::Files,
                files("pdf", Some(30), Some(1)),
            )
        },
        field("pictures", "Pictures", Kind::Files, files("", None, None)),
    ];
    let mut batch = vec![form::add(&realm, &form).unwrap()];
    let added = fields
        .iter()
        .map(|field| form::add_field(&realm, field).unwrap());
    batch.extend(added);
    batch.push(topic::attach_form(&realm, 10, 4));
    write(&world, &ada, batch);
    (world, ada)
}

fn send(browser: &mut Browser<'_>, typed: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Page {
    let page = browser.get("/open?topic=10");
    let form = html::form(page.text(), "/open").unwrap();
    let rest = PORTAL.into_iter().filter(|(name, _)| *name != "topic");
    let typed: Vec<_> = [("topic", "10")]
        .into_iter()
        .chain(rest)
        .chain(typed.iter().copied())
        .collect();
    browser.send_files_as(&form, &typed, files)
}

const KEPT: &str = "SELECT name, content_type, field_id FROM attachment ORDER BY attachment_id";
const VALUES: &str = "SELECT field_id, position, text FROM field_value ORDER BY 1, 2";

#[test]
fn fo_2_files_are_attached_to_a_field_and_shown_beside_its_label() {
    let (world, _) = bills(Access::Required);
    let mut ana = world.browser("acme.localhost");
    let files: [(&str, &str, &[u8]); 4] = [
        ("files", "log.txt", b"ouch"),
        ("field_24", "bill \"1\".pdf", PDF),
        ("field_25", "a.png", PNG),
        ("field_25", "b.png", PNG),
    ];
    world.meter.take_trips();
    let sent = send(&mut ana, &[("field_23", "1")], &files);
    assert_eq!((sent.status, sent.location()), (303, "/open/received"));
    let kept = [
        "log.txt|text/plain|NULL",
        "bill _1_.pdf|application/pdf|24",
        "a.png|image/png|25",
        "b.png|image/png|25",
    ];
    assert_eq!(world.rows(KEPT), kept);
    let values = ["23|0|1", "24|0|bill _1_.pdf", "25|0|a.png", "25|1|b.png"];
    assert_eq!(world.rows(VALUES), values);
    assert_eq!(
        world.number("SELECT count(*) FROM file"),
        3,
        "one picture, sent twice"
    );

    let link = mailed_link(&world, "acme.localhost", "ana@example.com", "access=").unwrap();
    let page = ana.visit(&link);
    let (_, beside) = page
        .text()
        .split_once("<dt>The &#60;bill&#62;</dt>")
        .unwrap();
    let beside = beside.split("</div>").next().unwrap();
    let path = beside
        .split("href=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let file = ana.get(path);
    assert_eq!((file.status, &file.body[..]), (200, PDF));
    let (_, thread) = page.text().split_once("<ol class=\"thread\"").unwrap();
    assert!(thread.contains("log.txt") && !thread.contains("a.png"));
    world.execute("UPDATE field SET user_access = 'hidden' WHERE field_id = 24");
    assert_eq!(
        ana.get(path).status,
        404,
        "what they cannot see they cannot fetch"
    );
    assert!(!ana.visit(&link).text().contains("bill _1_.pdf"));
}

#[test]
fn t_47_files_of_a_field_are_for_the_agents_who_see_the_field() {
    let (world, ada) = bills(Access::Optional);
    let mut ana = world.browser("acme.localhost");
    let files: [(&str, &str, &[u8]); 1] = [("field_25", "a.png", PNG)];
    assert_eq!(send(&mut ana, &[], &files).status, 303);
    let number = world.rows("SELECT number FROM ticket").remove(0);
    let mut desk = world
        .browser("acme.localhost")
        .signed_in("ada@acme.example");
    let page = desk.get(&format!("/queues/tickets/{number}"));
    let (_, beside) = page.text().split_once("<dt>Pictures</dt>").unwrap();
    let path = beside
        .split("href=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    assert_eq!(&desk.get(&path).body[..], PNG);
    let realm = realm::<act::DeskManage>(&world, &ada);
    write(&world, &ada, vec![form::limit_to_role(&realm, 25, 2)]);
    assert_eq!(desk.get(&path).status, 404);
    let page = desk.get(&format!("/queues/tickets/{number}"));
    assert!(!page.text().contains("Pictures"));
}

#[test]
fn fo_3_a_field_has_limits_of_its_own_and_says_beside_it_what_is_wrong() {
    let (world, _) = bills(Access::Required);
    let mut ana = world.browser("acme.localhost");
    let refused = |files: &[(&str, &str, &[u8])], words: &str| {
        let mut ana = world.browser("acme.localhost");
        let page = send(&mut ana, &[("field_23", "1")], files);
        assert_eq!(page.status, 422, "{words}");
        let (_, beside) = page.text().split_once("id=\"field_24-problem\"").unwrap();
        let beside = beside.split("</div>").next().unwrap();
        assert!(beside.contains(words), "{words}: {beside}");
        assert!(page.text().contains("It burns."), "what was typed is kept");
        assert_eq!(world.number("SELECT count(*) FROM ticket"), 0);
        assert_eq!(world.number("SELECT count(*) FROM file"), 0);
    };
    refused(&[], "Choose a file.");
    refused(
        &[("field_24", "a.png", PNG)],
        "a.png is of a type that is not taken here.",
    );
    refused(
        &[("field_24", "a.pdf", PNG)],
        "a.pdf is of a type that is not taken here.",
    );
    let long = [PDF, &[b'x'; 20]].concat();
    refused(
        &[("field_24", "a.pdf", &long)],
        "a.pdf is larger than 30 bytes.",
    );
    refused(
        &[("field_24", "a.pdf", PDF), ("field_24", "b.pdf", PDF)],
        "b.pdf is one file too many.",
    );
    // What is not asked for is not taken, whoever smuggles it in.
    let smuggled: [(&str, &str, &[u8]); 2] =
        [("field_24", "a.png", PNG), ("field_99", "b.png", PNG)];
    assert_eq!(send(&mut ana, &[], &smuggled).status, 303);
    assert_eq!(world.number("SELECT count(*) FROM attachment"), 0);
}

#[test]
fn a_field_takes_nothing_that_its_realm_does_not_take() {
    let (world, _) = bills(Access::Optional);
    set(&world, Key::FileTypes, "png");
    let mut ana = world.browser("acme.localhost");
    let files: [(&str, &str, &[u8]); 1] = [("field_25", "a.pdf", PDF)];
    let page = send(&mut ana, &[], &files);
    assert_eq!(page.status, 422);
    assert!(
        page.text()
            .contains("a.pdf is of a type that is not taken here.")
    );
    let files: [(&str, &str, &[u8]); 1] = [("field_25", "a.png", PNG)];
    assert_eq!(send(&mut ana, &[], &files).status, 303);
}

#[test]
fn the_api_takes_files_with_the_message_alone_as_osticket_does() {
    let (world, _) = bills(Access::Required);
    let fields = json!({ "topicId": 10, "pictures": "a.png" });
    assert_eq!(call(&world, &fields).status, 201);
    assert_eq!(world.rows(VALUES), Vec::<String>::new());
    let billed = json!({ "topicId": 10, "billed": true, "bill": "a.pdf" });
    let refused = call(&world, &billed);
    assert_eq!(refused.status, 500);
    assert!(refused.text().contains("The <bill> is a required field"));
}
