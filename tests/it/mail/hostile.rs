//! Mails that mean harm. They are taken in all the same, since no mail may be lost; what must not
//! happen is that they break anything or that anything in them runs.

use realmdesk_tests::World;

use super::{Mail, filed, mail};

const SCRIPT: &str = "<script>alert(1)</script>\"><img src=x onerror=alert(2)>";

/// A mail with attached files: the parameters that name them, and what is in them.
fn carrying(id: &str, files: &[(&str, &str)]) -> Mail {
    let part = |(parameters, body): &(&str, &str)| {
        format!(
            "--b\nContent-Type: image/png\n\
             Content-Disposition: attachment; {parameters}\n\n{body}\n"
        )
    };
    let parts: Vec<String> = files.iter().map(part).collect();
    let text = format!(
        "--b\nContent-Type: text/plain\n\nIt burns.\n{}--b--\n",
        parts.concat()
    );
    let mail = mail(id).header("MIME-Version: 1.0");
    mail.header("Content-Type: multipart/mixed; boundary=b")
        .text(&text)
}

fn names(world: &World) -> Vec<String> {
    world.rows("SELECT name FROM attachment ORDER BY attachment_id")
}

#[test]
fn ten_megabytes_anywhere_in_a_mail_break_nothing() {
    let world = World::new().tenant("acme");
    let large = "x".repeat(10_000_000);
    let mails = [
        mail("1@example.com").subject(&large),
        mail("2@example.com").from(&format!("{large} <ana@example.com>")),
        mail("3@example.com").from(&format!("Ana <{large}@example.com>")),
        mail("4@example.com").text(&large),
        mail("5@example.com").header(&format!("References: <{large}@example.com>")),
        mail("6@example.com").header(&format!("X-Large: {large}")),
        carrying("7@example.com", &[(&format!("filename={large}"), "x")]),
        mail(&large),
    ];
    for (place, mail) in mails.iter().enumerate() {
        filed(&world, mail);
        assert_eq!(world.log.take(), [""; 0], "{place}");
    }
    assert_eq!(
        world.number("SELECT max(length(subject)) <= 255 FROM ticket"),
        1
    );
}

#[test]
fn a_script_anywhere_in_a_mail_runs_on_no_page() {
    let world = World::new().tenant("acme");
    let quoted = SCRIPT.replace('"', "\\\"");
    let mail = carrying(
        "1@example.com",
        &[(&format!("filename=\"{quoted}.html\""), SCRIPT)],
    );
    let mail = mail
        .from(&format!("\"{quoted}\" <ana@example.com>"))
        .subject(SCRIPT);
    let (result, number) = filed(&world, &mail);
    assert_eq!(result, "created");
    let html = super::mail("2@example.com").header("Content-Type: text/html; charset=utf-8");
    let html = html.subject(&format!("Re: [#{number}]"));
    filed(
        &world,
        &html.text(&format!(
            "<p onclick='alert(3)'>Hi</p>{SCRIPT}<iframe src=x>"
        )),
    );
    let mut ana = world
        .browser("acme.localhost")
        .signed_in_by_mail("ana@example.com");
    let mut ada = world
        .browser("acme.localhost")
        .signed_in("ada@acme.example");
    let pages = [
        ana.get("/tickets"),
        ana.get(&format!("/tickets/{number}")),
        ada.get("/queues/open"),
        ana.get("/mail/captured"),
    ];
    for page in pages {
        assert_eq!(page.status, 200);
        for live in ["<script>alert", "<img src=x", "<p onclick", "<iframe"] {
            assert!(!page.text().contains(live), "{live}: {}", page.text());
        }
    }
}

#[test]
fn an_attachment_cannot_be_named_out_of_its_place() {
    let world = World::new().tenant("acme");
    let files = [
        ("filename=\"../../../etc/passwd\"", "x"),
        ("filename=\"C:\\\\Windows\\\\win.ini\"", "x"),
        ("filename*=utf-8''%E2%80%AEgpj.exe", "x"),
        ("filename*=utf-8''a%00b%0D%0Ac.txt", "x"),
        ("filename=\"..\"", "x"),
    ];
    filed(&world, &carrying("1@example.com", &files));
    assert_eq!(names(&world)[..3], ["passwd", "win.ini", "gpj.exe"]);
    let is_harmless = |name: &String| !name.contains(['/', '\\', '\0', '\r', '\n', '\u{202e}']);
    assert!(names(&world).iter().all(is_harmless), "{:?}", names(&world));
    assert_eq!(names(&world).len(), 5);
    let types = world.rows("SELECT DISTINCT content_type FROM attachment");
    assert_eq!(types, ["text/plain"], "whatever they say to be");
}

#[test]
fn a_mail_of_many_parts_breaks_nothing() {
    let world = World::new().tenant("acme");
    let many = vec![("filename=a.txt", "x"); 5_000];
    assert_eq!(
        filed(&world, &carrying("1@example.com", &many)).0,
        "created"
    );
    assert_eq!(names(&world).len(), 32);
    let part = |level| {
        format!(
            "--b{level}\nContent-Type: multipart/mixed; boundary=b{}\n\n",
            level + 1
        )
    };
    let nested: Vec<String> = (0..2_000).map(part).collect();
    let deep = mail("2@example.com").header("Content-Type: multipart/mixed; boundary=b0");
    filed(&world, &deep.text(&nested.concat()));
    assert_eq!(world.log.take(), [""; 0]);
}
