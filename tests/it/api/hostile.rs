//! Calls that mean harm, or are broken: a clear answer, and nothing half-written.

use proptest::prelude::*;
use realmdesk_tests::World;
use realmdesk_tests::dispatch::Page;
use serde_json::json;

use super::{create, guest, raw, told, xml};
use crate::for_all;

/// What a refused call must leave behind.
fn is_untouched(world: &World) -> bool {
    [
        "ticket",
        "user",
        "entry",
        "event",
        "file",
        "file_chunk",
        "attachment",
        "outbox",
    ]
    .iter()
    .all(|table| world.number(&format!("SELECT count(*) FROM {table}")) == 0)
}

#[test]
fn every_cut_of_a_json_body_is_refused_whole() {
    let world = World::new().tenant("acme");
    let body = json!({
        "name": "Ana", "email": "ana@example.com", "subject": "ü", "message": "data:;base64,aGk=",
        "attachments": [{ "a.txt": "data:,x" }],
    });
    let body = body.to_string().into_bytes();
    for end in 0..body.len() {
        let page = world.send(raw(&body[..end]));
        assert_eq!(page.status, 400, "{end}: {}", page.text());
    }
    assert!(is_untouched(&world));
    assert_eq!(world.log.take(), [""; 0]);
    assert_eq!(world.send(raw(body)).status, 201);
}

#[test]
fn every_cut_of_an_xml_body_is_refused_whole() {
    let world = World::new().tenant("acme");
    let body = xml::ticket("<attachments><file name='a'>ü</file></attachments>").into_bytes();
    for end in 0..body.len() {
        let page = xml::post(&world, &body[..end]);
        assert_eq!(page.status, 400, "{end}: {}", page.text());
        assert!(page.text().starts_with("XML error: "), "{}", page.text());
    }
    assert!(is_untouched(&world));
    assert_eq!(world.log.take(), [""; 0]);
}

#[test]
fn a_document_that_defines_anything_is_refused() {
    let world = World::new().tenant("acme");
    let laughs: Vec<String> = (1..10)
        .map(|level| {
            let before = format!("&l{};", level - 1).repeat(10);
            format!("<!ENTITY l{level} \"{before}\">")
        })
        .collect();
    let laughs = laughs.concat();
    let bombs = [
        format!("<!DOCTYPE t [<!ENTITY l0 \"lol\">{laughs}]><t><name>&l9;</name></t>"),
        "<!DOCTYPE t SYSTEM \"file:///etc/passwd\"><t><name>x</name></t>".to_owned(),
        "<!DOCTYPE t [<!ENTITY x SYSTEM \"http://127.0.0.1/\">]><t><name>&x;</name></t>".to_owned(),
        "<?xml version='1.0'?>\n<!DOCTYPE t [<!ELEMENT t ANY>]><t/>".to_owned(),
    ];
    for bomb in bombs {
        let page = xml::post(&world, bomb);
        let text = "XML error: Document type declarations are not taken at line 1:1";
        assert_eq!(told(&page), (400, text));
    }
    let wide = format!("<t>{}</t>", "<a/>".repeat(100_000));
    assert_eq!(xml::post(&world, wide).status, 400);
    assert_eq!(xml::post(&world, "<a>".repeat(100_000)).status, 400);
    let attributes: Vec<String> = (0..100_000).map(|n| format!(" a{n}=''")).collect();
    let page = xml::post(&world, format!("<t{}/>", attributes.concat()));
    assert_eq!(
        told(&page),
        (400, "XML error: Too many attributes at line 1:1")
    );
    assert!(is_untouched(&world));
}

#[test]
fn ten_megabytes_in_any_field_are_refused() {
    let world = World::new().tenant("acme");
    let large = "x".repeat(10_000_000);
    for field in ["name", "email", "subject", "message", "phone", "source"] {
        let page = create(&world, &json!({ field: large }));
        assert_eq!(page.status, 500, "{field}");
        assert!(page.body.len() < 200, "{field} is not told back");
        let marked = xml::ticket(&format!("<{field}>{large}</{field}>"));
        let page = xml::post(&world, marked);
        assert_eq!(page.status, 500, "{field} in XML");
    }
    assert!(is_untouched(&world));
    assert_eq!(world.log.take(), [""; 0], "no trouble of ours");
    // What is of no use is left out, and a file that is too large costs no ticket.
    assert_eq!(create(&world, &json!({ "unheard-of": large })).status, 201);
    let page = create(&world, &json!({ "attachments": [{ "a.txt": large }] }));
    assert_eq!(page.status, 201);
    assert_eq!(world.number("SELECT count(*) FROM file"), 0);
}

#[test]
fn text_in_no_known_charset_is_refused() {
    let world = World::new().tenant("acme");
    let malformed = "Malformed UTF-8 characters, possibly incorrectly encoded";
    for message in [
        "data:text/plain;charset=utf-8,%ff",
        "data:text/plain,%c3",
        "data:text/plain;charset=x-unheard-of,%ff",
        "data:text/plain;charset=utf-16,%d8%00",
        "data:text/plain;charset=shift_jis,%93",
        "data:text/plain;charset=us-ascii,%fc",
        "data:text/plain;base64,!!!!",
    ] {
        let page = create(&world, &json!({ "message": message }));
        assert_eq!(told(&page), (400, malformed), "{message}");
    }
    let page = xml::post(
        &world,
        b"<?xml version='1.0' encoding='x-unheard-of'?><t>\xa4\xa4</t>".to_vec(),
    );
    assert_eq!(
        told(&page),
        (400, "XML error: Unsupported encoding at line 1:1")
    );
    assert!(is_untouched(&world));
}

#[test]
fn a_script_in_every_field_stays_text() {
    let world = World::new().tenant("acme");
    let script = "<script>alert('x')</script>";
    let page = create(
        &world,
        &json!({
            "name": script, "subject": script, "message": script, "notes": script,
            "attachments": [{ (format!("{script}.html")): script }],
        }),
    );
    let number = page.text().to_owned();
    let page = guest(&world, "acme.localhost", &number).get(&format!("/tickets/{number}"));
    assert_eq!(page.status, 200);
    assert!(!page.text().contains("<script>alert"), "{}", page.text());
    assert!(page.text().contains("script_.html"), "{}", page.text());
}

#[test]
fn a_file_cannot_be_named_out_of_its_place() {
    let world = World::new().tenant("acme");
    let names = [
        "../../../etc/passwd",
        "/etc/passwd",
        "..\\..\\boot.ini",
        "C:\\autoexec.bat",
        "a\u{0}.txt",
        "a\r\nX: y",
        "..",
        "",
        "\u{202e}gpj.exe",
        "con/../aux",
    ];
    let files: Vec<_> = names.iter().map(|name| json!({ (*name): "x" })).collect();
    assert_eq!(create(&world, &json!({ "attachments": files })).status, 201);
    let stored = world.rows("SELECT name FROM attachment ORDER BY attachment_id");
    let expected = [
        "passwd",
        "passwd",
        "boot.ini",
        "autoexec.bat",
        "a.txt",
        "aX_ y",
        "file",
        "file",
        "gpj.exe",
        "aux",
    ];
    assert_eq!(stored, expected);
}

fn is_clear(page: &Page) -> bool {
    page.header("content-type") == "text/html; charset=UTF-8"
        && (page.status == 201 || page.status == 400 || page.status == 500 && is_validation(page))
}

/// A 500 of osTicket's that is the caller's to mend.
fn is_validation(page: &Page) -> bool {
    !page.text().ends_with("unknown error")
}

#[test]
fn whatever_is_sent_gets_a_clear_answer() {
    let json = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        "[\\[\\]{}\":,a-z0-9\\\\]{0,80}".prop_map(String::into_bytes),
        "\\{\"(message|attachments|name)\":\"data:[a-z/;=,%]{0,30}\"\\}"
            .prop_map(String::into_bytes),
    ];
    let xml = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        "[<>/a-c=\"'&;! ]{0,80}".prop_map(String::into_bytes),
        "<t><(message|attachments|name)[ a-z='\"]{0,10}>[^<]{0,20}</t>"
            .prop_map(String::into_bytes),
    ];
    let world = World::new().tenant("acme");
    for_all(400, &(json, xml), |(json, xml)| {
        prop_assert!(is_clear(&world.send(raw(json.clone()))), "{json:?}");
        prop_assert!(is_clear(&xml::post(&world, xml.clone())), "{xml:?}");
        Ok(())
    });
    assert_eq!(world.log.take(), [""; 0]);
}
