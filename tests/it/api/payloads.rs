//! The shapes of payload that osTicket's manual and its clients show, whole.

use realmdesk_tests::World;
use realmdesk_tests::dispatch::{Call, Page};

use super::{guest, xml};

/// Seven pixels, as osTicket's manual sends them: a GIF that is called a PNG.
const GIF: &str = "R0lGODlhBwAHAIAAAP///wAAACH5BAAAAAAALAAAAAAHAAcAAAIGhI+py+0FADs=";

fn json(world: &World, body: String) -> Page {
    let call = Call::post("/api/tickets.json").header("x-api-key", "acme-key");
    world.send(call.body(body))
}

fn stored(world: &World) -> (Vec<String>, Vec<String>) {
    (
        world.rows("SELECT kind, author, body FROM entry ORDER BY entry_id"),
        world.rows(
            "SELECT a.name, a.content_type, f.size FROM attachment AS a
               JOIN file AS f USING (tenant_id, sha256) ORDER BY a.attachment_id",
        ),
    )
}

#[test]
fn the_whole_json_payload() {
    let world = World::new().tenant("acme");
    let body = format!(
        r#"{{
            "alert": true,
            "autorespond": true,
            "source": "API",
            "name": "Angry User",
            "email": "api@example.com",
            "phone": "3185558634X123",
            "subject": "Testing API",
            "ip": "123.211.233.122",
            "message": "data:text/html,MESSAGE <b>HERE</b>",
            "attachments": [
                {{"file.txt": "data:text/plain;charset=utf-8,content"}},
                {{"image.png": "data:image/png;base64,{GIF}"}},
                {{"bare.txt": "bare text"}}
            ]
        }}"#
    );
    let page = json(&world, body);
    assert_eq!(page.status, 201, "{}", page.text());
    assert_eq!(
        world.rows("SELECT subject, source, ip FROM ticket"),
        ["Testing API|API|123.211.233.122"]
    );
    let (entries, files) = stored(&world);
    assert_eq!(entries, ["message|Angry User|MESSAGE HERE"]);
    assert_eq!(said(&world), ["phone|3185558634 x123"]);
    let expected = [
        "file.txt|text/plain|7",
        "image.png|image/gif|47",
        "bare.txt|text/plain|9",
    ];
    assert_eq!(files, expected);
}

/// What the tickets' requesters said of themselves.
fn said(world: &World) -> Vec<String> {
    world.rows(
        "SELECT f.name, v.text FROM user_value AS v JOIN field AS f USING (tenant_id, field_id)",
    )
}

#[test]
fn telephone_numbers_are_taken_as_people_write_them() {
    for (written, read) in [
        ("0171/1234567", "0171/1234567"),
        ("(318) 555-8634 ext. 12", "3185558634 x12"),
        ("555-1234 at home", "5551234"),
    ] {
        let world = World::new().tenant("acme");
        let body = serde_json::json!({
            "name": "Ana", "email": "ana@example.com", "subject": "x", "message": "y",
            "phone": written,
        });
        assert_eq!(json(&world, body.to_string()).status, 201, "{written}");
        assert_eq!(said(&world), [format!("phone|{read}")]);
    }
}

#[test]
fn a_realm_that_asks_for_shorter_numbers_or_for_none_takes_them() {
    for change in [
        "UPDATE field SET options = json_set(options, '$.fewest_digits', 4) WHERE name = 'phone'",
        "UPDATE field SET is_active = 0 WHERE name = 'phone'",
    ] {
        let world = World::new().tenant("acme");
        world.execute(change);
        let body = r#"{"name":"Ana","email":"ana@example.com","subject":"x","message":"y","phone":"4711"}"#;
        assert_eq!(json(&world, body.to_owned()).status, 201, "{change}");
    }
}

#[test]
fn the_whole_xml_payload() {
    let world = World::new().tenant("acme");
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <ticket alert=\"true\" autorespond=\"true\" source=\"API\">\n\
           <name>Angry User</name>\n  <email>api@example.com</email>\n\
           <subject>Testing API</subject>\n  <phone ext=\"123\">318-555-8634</phone>\n\
           <message type=\"text/plain\"><![CDATA[Message content here]]></message>\n\
           <attachments>\n\
             <file name=\"file.txt\" type=\"text/plain\"><![CDATA[\n  File content is here and is \
             automatically trimmed\n  ]]></file>\n\
             <file name=\"image.gif\" type=\"image/gif\" encoding=\"base64\">\n   {GIF}\n  </file>\n\
           </attachments>\n  <ip>123.211.233.122</ip>\n</ticket>\n"
    );
    let page = xml::post(&world, body);
    assert_eq!(page.status, 201, "{}", page.text());
    assert_eq!(
        world.rows("SELECT subject, source, ip FROM ticket"),
        ["Testing API|API|123.211.233.122"]
    );
    let (entries, files) = stored(&world);
    assert_eq!(entries, ["message|Angry User|Message content here"]);
    assert_eq!(said(&world), ["phone|318-555-8634 x123"]);
    assert_eq!(files, ["file.txt|text/plain|49", "image.gif|image/gif|47"]);
}

#[test]
fn the_small_payload_of_a_monitoring_system() {
    let world = World::new().tenant("acme");
    let body = r#"{"name":"Nagios","email":"nagios@example.com","phone":"","subject":"CRITICAL: disk",
                   "message":"/ is 99% full","ip":"","topicId":"1","unheard":{"of":[1]},"notes":null}"#;
    let page = json(&world, body.to_owned());
    assert_eq!(page.status, 201, "{}", page.text());
    let (entries, files) = stored(&world);
    assert_eq!(entries, ["message|Nagios|/ is 99% full"]);
    assert_eq!(files, [""; 0]);
}

#[test]
fn q_12_messages_come_in_every_charset_that_they_name() {
    for (message, expected) in [
        (
            "data:text/plain;charset=utf-8,Gr%C3%BC%C3%9Fe 🚪",
            "Grüße 🚪",
        ),
        ("data:text/plain,Grüße", "Grüße"),
        ("data:text/plain;charset=iso-8859-1,Gr%FC%DFe", "Grüße"),
        ("data:text/plain;charset=windows-1252,%80 5", "€ 5"),
        ("data:text/plain;charset=iso-8859-15;base64,pCA1", "€ 5"),
        ("data:text/plain;charset=utf-8;base64,R3LDvMOfZQ==", "Grüße"),
        ("data:text/plain;charset=windows-1251,%CF%F0%E8", "При"),
        ("data:text/plain;charset=KOI8-R;base64,8NLJ", "При"),
        ("data:text/plain;charset=shift_jis,%93%FA%96%7B", "日本"),
        ("data:text/plain;charset=gb2312,%D6%D0", "中"),
        (
            "data: is where we keep it, mostly",
            "data: is where we keep it, mostly",
        ),
    ] {
        let world = World::new().tenant("acme");
        let body = serde_json::json!({
            "name": "Ana", "email": "ana@example.com", "subject": "x", "message": message,
        });
        assert_eq!(json(&world, body.to_string()).status, 201, "{message}");
        assert_eq!(
            world.rows("SELECT body FROM entry"),
            [expected],
            "{message}"
        );
    }
}

#[test]
fn html_becomes_text_on_the_users_page() {
    let world = World::new().tenant("acme");
    let body = serde_json::json!({
        "name": "Ana", "email": "ana@example.com", "subject": "x",
        "message": "data:text/html;charset=utf-8,<p>It &lt;burns&gt;</p><script>alert(1)</script>",
    });
    let number = json(&world, body.to_string()).text().to_owned();
    let page = guest(&world, "acme.localhost", &number).get(&format!("/tickets/{number}"));
    assert!(
        page.text().contains("It &#60;burns&#62;"),
        "{}",
        page.text()
    );
    assert!(!page.text().contains("<script>alert"));
}
