//! osTicket's whole HTTP contract: every call, and the files that tickets carry.

use serde_json::json;

use crate::Outcome;
use crate::api::{number, post};
use crate::client::Answer;
use crate::mail::letter;
use crate::outbox::follow_link;
use crate::page::between;
use crate::stage::{Stage, unique};

/// The XML of a ticket, with some elements more.
fn xml(email: &str, more: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ticket><name>Program</name>\
         <email>{email}</email><subject>Marked up</subject><message>Tür 🚪</message>{more}</ticket>"
    )
}

/// Makes a call with acme's key.
fn call(stage: &Stage, method: &str, path: &str, body: impl Into<Vec<u8>>) -> Outcome<Answer> {
    let client = stage.client(&stage.demo.acme.host);
    let request = client.request(method, path);
    client.send(request.header("x-api-key", &stage.demo.acme.api_key), body)
}

pub(crate) fn every_call_has_two_paths_and_a_verb_in_the_query(stage: &Stage) -> Outcome {
    let email = format!("{}@example.com", unique("kim"));
    let mail = || {
        let id = format!("Message-ID: <{}@example.com>", unique("piped"));
        letter(&email, "Piped", &id, "From a mail server.")
    };
    let plain = || crate::api::body(&email, "Plain");
    for prefix in ["/api/", "/api/http.php/"] {
        number(&call(
            stage,
            "POST",
            &format!("{prefix}tickets.json"),
            plain(),
        )?)?;
        number(&call(
            stage,
            "POST",
            &format!("{prefix}tickets.xml"),
            xml(&email, ""),
        )?)?;
        number(&call(
            stage,
            "POST",
            &format!("{prefix}tickets.email"),
            mail(),
        )?)?;
        let cron = call(stage, "POST", &format!("{prefix}tasks/cron"), "")?.expect(200);
        assert_eq!(cron.text(), "Completed");
        assert_eq!(cron.header("content-type"), "text/html; charset=UTF-8");
    }
    number(&call(
        stage,
        "PUT",
        "/api/tickets.json?_method=post",
        plain(),
    )?)?;
    number(&call(
        stage,
        "PUT",
        "/api/tickets.email?_method=post",
        mail(),
    )?)?;
    for path in [
        "/api/tickets.json?_method=get",
        "/api/tickets.email?_method=get",
        "/api/tasks/cron/",
        "/api/tickets.XML",
    ] {
        let refused = call(stage, "POST", path, plain())?.expect(400);
        assert_eq!(refused.text(), "URL not supported", "{path}");
    }
    Ok(())
}

pub(crate) fn xml_and_mail_are_refused_in_osticket_s_words(stage: &Stage) -> Outcome {
    let rows: [(&str, &[u8], u16, &str); 7] = [
        (
            "xml",
            b"",
            400,
            "XML error: Not well-formed (invalid token) at line 1:1",
        ),
        (
            "xml",
            b"<a>\n<b></a>",
            400,
            "XML error: Mismatched tag at line 2:4",
        ),
        (
            "xml",
            b"<!DOCTYPE t [<!ENTITY a 'a'>]><t><name>&a;</name></t>",
            400,
            "XML error: Document type declarations are not taken at line 1:1",
        ),
        (
            "xml",
            b"<t><name>\xff</name></t>",
            400,
            "XML error: Invalid character at line 1:1",
        ),
        (
            "xml",
            b"<t><name>Ana</name><subject>x</subject><message>y</message></t>",
            500,
            "Unable to create new ticket :user\nIncomplete client information",
        ),
        ("email", b"", 400, "Unable to read email request"),
        ("email", b"no headers", 400, "Unable to read email request"),
    ];
    for (suffix, body, status, text) in rows {
        let answer = call(stage, "POST", &format!("/api/tickets.{suffix}"), body)?;
        let told = (answer.status, answer.text());
        assert_eq!(
            told,
            (status, text.to_owned()),
            "{}",
            String::from_utf8_lossy(body)
        );
    }
    let client = stage.client(&stage.demo.acme.host);
    for name in ["tickets.xml", "tickets.email", "tasks/cron"] {
        let without = client.request("POST", &format!("/api/{name}"));
        let refused = client.send(without, "")?.expect(401);
        assert_eq!(refused.text(), "Valid API key required", "{name}");
    }
    let parent = client
        .request("POST", "/api/tasks/cron")
        .header("x-api-key", &stage.demo.parent.api_key);
    let refused = client.send(parent, "")?.expect(401);
    assert_eq!(refused.text(), "API key not authorized");
    Ok(())
}

pub(crate) fn files_come_back_byte_for_byte_to_whoever_has_the_link(stage: &Stage) -> Outcome {
    let email = format!("{}@example.com", unique("lea"));
    let lines: Vec<String> = (0..700_000).map(|line| format!("{line:06}\n")).collect();
    let large = lines.concat();
    let body = json!({
        "name": "Lea", "email": email, "subject": "Files", "message": "See below.",
        "attachments": [
            { "../../Prüfung.gif": "data:image/png;base64,R0lGODlhAQABAAAAACw=" },
            { "large.txt": format!("data:text/plain,{large}") },
        ],
    });
    let client = stage.client(&stage.demo.acme.host);
    let ticket = number(&post(&client, &stage.demo.acme.api_key, &body.to_string())?)?;
    let mut lea = stage.acme();
    let page = follow_link(stage, &mut lea, &email)?.text();
    assert!(
        page.contains("Prüfung.gif") && page.contains("4.9 MB"),
        "{page}"
    );
    let first = between(&page, &format!("/tickets/{ticket}/files/"), "\"")?;
    let first = format!("/tickets/{ticket}/files/{first}");
    let (_, rest) = page.split_once(&first).ok_or("the page names no file")?;
    let second = between(rest, &format!("/tickets/{ticket}/files/"), "\"")?;
    let second = format!("/tickets/{ticket}/files/{second}");
    let small = lea.get(&first)?.expect(200);
    assert_eq!(small.body, b"GIF89a\x01\0\x01\0\0\0\0,");
    assert_eq!(small.header("content-type"), "image/gif");
    assert_eq!(small.header("x-content-type-options"), "nosniff");
    assert!(
        small
            .header("content-security-policy")
            .starts_with("sandbox;")
    );
    assert!(
        small
            .header("content-disposition")
            .starts_with("attachment;")
    );
    assert_eq!(small.header("content-length"), "14");
    assert!(lea.get(&second)?.expect(200).body == large.as_bytes());
    let nothing = client.get("/tickets/1/files/1")?.expect(404);
    assert_eq!(client.get(&first)?.expect(404).body, nothing.body);
    Ok(())
}
