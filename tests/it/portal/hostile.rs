//! What attackers send to the portal: a clear answer, nothing half-written, nothing that runs.

use proptest::prelude::*;
use realmdesk_tests::World;
use realmdesk_tests::browser::{Browser, mailed_link};
use realmdesk_tests::dispatch::{Call, Page};
use realmdesk_tests::html::{self, BOUNDARY};

use super::{TYPED, form_at};
use crate::for_all;

const SCRIPT: &str = "<script>alert(1)</script>\"><img src=x onerror=alert(2)>'{{7*7}}<!--";

/// The fields that some form of the portal has.
const OPEN: [&str; 9] = [
    "topic", "name", "email", "subject", "message", "for", "then", "field_90", "homepage",
];

fn is_untouched(world: &World) -> bool {
    let tables = [
        "ticket",
        "user",
        "entry",
        "event",
        "file",
        "attachment",
        "outbox",
    ];
    let count = |table: &&str| world.number(&format!("SELECT count(*) FROM {table}"));
    tables.iter().all(|table| count(table) == 0)
}

/// Acme, whose tickets are asked for a box of text and a line.
fn asking() -> World {
    let world = World::new().tenant("acme");
    world.execute(
        "INSERT INTO form (tenant_id, form_id, realm_id, kind, title) VALUES (1, 9, 1, 'ticket', 'x');
         INSERT INTO field (tenant_id, field_id, form_id, name, label, kind)
         VALUES (1, 90, 9, 'more', 'More', 'memo'), (1, 91, 9, 'line', 'Line', 'text')",
    );
    world
}

fn but(field: &str, value: &str) -> Vec<(String, String)> {
    let pair = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    let others = TYPED.into_iter().filter(|(name, _)| *name != field);
    others.chain([(field, value)]).map(pair).collect()
}

/// Posts fields both ways that browsers have.
fn both_ways(browser: &mut Browser<'_>, path: &str, fields: &[(String, String)]) -> [Page; 2] {
    [
        browser.post(path, &html::encoded(fields)),
        browser.post_multipart(path, html::multipart(fields, &[])),
    ]
}

fn nothing_runs(what: &str, page: &Page) {
    for live in ["<script>alert", "<img src=x", "\"><img"] {
        assert!(!page.text().contains(live), "{live} on {what}");
    }
}

#[test]
fn a_script_in_any_field_runs_on_no_page() {
    let world = asking();
    let mut ana = world.browser("acme.localhost");
    let csrf = form_at(&mut ana, "/open", "/open").hidden.remove(0);
    for field in OPEN {
        let mut fields = but(field, SCRIPT);
        fields.push(csrf.clone());
        for page in both_ways(&mut ana, "/open", &fields) {
            assert!(page.status < 500, "{field}: {}", page.status);
            nothing_runs(field, &page);
        }
    }
    for (path, field) in [
        ("/status", "number"),
        ("/status", "email"),
        ("/account/sign-in", "email"),
    ] {
        let page = ana.submit(path, &[(field, SCRIPT)]);
        assert!(page.status < 500, "{path}");
        nothing_runs(path, &page);
    }
    assert_eq!(world.log.take(), [""; 0]);
}

#[test]
fn a_script_in_every_field_at_once_stays_text_wherever_it_is_shown() {
    let world = asking();
    let mut ana = world.browser("acme.localhost");
    let form = form_at(&mut ana, "/open", "/open");
    let typed = [
        ("topic", "1"),
        ("name", SCRIPT),
        ("email", "ana@example.com"),
        ("subject", SCRIPT),
        ("message", SCRIPT),
        ("field_90", SCRIPT),
        ("field_91", SCRIPT),
    ];
    let name = format!("{SCRIPT}.html");
    let sent = ana.send_files(&form, &typed, &[(&*name, SCRIPT.as_bytes())]);
    assert_eq!(sent.status, 303);
    nothing_runs("the confirmation", &ana.follow(sent));
    let link = mailed_link(&world, "acme.localhost", "ana@example.com", "access=").unwrap();
    let page = ana.visit(&link);
    assert!(
        page.text().contains("&#60;script&#62;alert(1)"),
        "the text is kept"
    );
    nothing_runs("the ticket", &page);
    let number = world.rows("SELECT number FROM ticket").remove(0);
    let path = format!("/tickets/{number}");
    let write = html::form(page.text(), &format!("{path}/message")).unwrap();
    let sent = ana.send_files(&write, &[("message", SCRIPT)], &[(&*name, b"x")]);
    nothing_runs("the thread", &ana.follow(sent));
    let mut user = world
        .browser("acme.localhost")
        .signed_in_by_mail("ana@example.com");
    nothing_runs("the list", &user.get("/tickets"));
    let mut ada = world
        .browser("acme.localhost")
        .signed_in("ada@acme.example");
    nothing_runs("the queue", &ada.get("/queues/open"));
    for mail in world.delivered("acme.localhost") {
        assert!(
            !mail["html"]
                .as_str()
                .unwrap_or_default()
                .contains("<script")
        );
    }
}

#[test]
fn ten_megabytes_in_any_field_are_refused() {
    let world = asking();
    let mut ana = world.browser("acme.localhost");
    let csrf = form_at(&mut ana, "/open", "/open").hidden.remove(0);
    let large = "x".repeat(10_000_000);
    for field in OPEN.into_iter().filter(|field| *field != "then") {
        let mut fields = but(field, &large);
        fields.insert(0, csrf.clone());
        for page in both_ways(&mut ana, "/open", &fields) {
            assert!(
                (400..500).contains(&page.status),
                "{field}: {}",
                page.status
            );
        }
    }
    let mut fields = but("csrf", &large);
    for page in both_ways(&mut ana, "/open", &fields) {
        assert_eq!(page.status, 403);
    }
    for (path, field) in [
        ("/status", "number"),
        ("/status", "email"),
        ("/account/sign-in", "email"),
    ] {
        fields = vec![csrf.clone(), (field.to_owned(), large.clone())];
        assert_eq!(
            ana.post(path, &html::encoded(&fields)).status,
            422,
            "{path}"
        );
    }
    fields = vec![csrf, ("email".to_owned(), "ana@example.com".to_owned())];
    fields.push(("number".to_owned(), large));
    assert_eq!(
        ana.post("/status", &html::encoded(&fields)).status,
        303,
        "no such ticket"
    );
    world.execute("DELETE FROM outbox");
    assert!(is_untouched(&world));
    assert_eq!(world.log.take(), [""; 0]);
}

#[test]
fn ten_thousand_fields_are_refused() {
    let world = World::new().tenant("acme");
    let mut ana = world.browser("acme.localhost");
    let form = form_at(&mut ana, "/open", "/open");
    let mut fields = Browser::filled(&form, &TYPED);
    fields.extend((0..10_000).map(|field| (format!("field_{field}"), "x".to_owned())));
    for path in ["/open", "/tickets/482913/message"] {
        for page in both_ways(&mut ana, path, &fields) {
            assert_eq!(page.status, 400, "{path}");
        }
    }
    assert!(is_untouched(&world));
}

#[test]
fn every_cut_of_a_form_with_files_is_refused_whole() {
    let world = World::new().tenant("acme");
    let mut ana = world.browser("acme.localhost");
    let form = form_at(&mut ana, "/open", "/open");
    let fields = Browser::filled(&form, &TYPED);
    let body = html::multipart(&fields, &[("files", "a.txt", b"\r\n--x\r\n")]);
    for end in 0..body.len() - 2 {
        let page = ana.post_multipart("/open", body[..end].to_vec());
        assert_eq!(page.status, 400, "{end}");
    }
    assert!(is_untouched(&world));
    assert_eq!(ana.post_multipart("/open", body).status, 303);
}

#[test]
fn a_body_that_is_not_what_it_says_is_refused() {
    let world = World::new().tenant("acme");
    let mut ana = world.browser("acme.localhost");
    let form = form_at(&mut ana, "/open", "/open");
    let fields = Browser::filled(&form, &TYPED);
    let multipart = html::multipart(&fields, &[]);
    let encoded = html::encoded(&fields).into_bytes();
    let right = format!("multipart/form-data; boundary={BOUNDARY}");
    for (kind, body) in [
        ("multipart/form-data; boundary=another", &multipart),
        ("multipart/form-data; boundary=", &multipart),
        ("multipart/form-data", &multipart),
        ("multipart/mixed; boundary=----realmdesk-7e1b", &multipart),
        ("application/x-www-form-urlencoded-not", &encoded),
        ("application/json", &encoded),
        ("text/plain", &encoded),
        ("", &encoded),
        (&*right, &encoded),
    ] {
        let call = Call::post("/open").header("content-type", kind);
        assert_eq!(ana.send(call.body(body.clone())).status, 400, "{kind}");
    }
    let call = Call::post("/open").header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(ana.send(call.body(multipart)).status, 403, "no token in it");
    assert!(is_untouched(&world));
}

#[test]
fn text_in_another_charset_is_refused_and_not_spoiled() {
    let world = World::new().tenant("acme");
    let mut ana = world.browser("acme.localhost");
    let form = form_at(&mut ana, "/open", "/open");
    let fields = Browser::filled(&form, &TYPED);
    for text in ["%FF%FE", "%C3%28", "%ED%A0%80", "T%FCr"] {
        let body = html::encoded(&fields).replace("Printer", text);
        assert_eq!(ana.post("/open", &body).status, 400, "{text}");
        let body = format!("{}&number={text}", html::encoded(&fields));
        assert_eq!(ana.post("/status", &body).status, 400, "{text}");
    }
    let mut body = html::multipart(&fields, &[]);
    let at = body.windows(7).position(|window| window == b"Printer");
    body[at.unwrap()] = 0xfc;
    assert_eq!(ana.post_multipart("/open", body).status, 400);
    assert!(is_untouched(&world));
}

#[test]
fn a_file_cannot_be_named_out_of_its_place() {
    let world = World::new().tenant("acme");
    let mut ana = world.browser("acme.localhost");
    let form = form_at(&mut ana, "/open", "/open");
    let long = format!("{}.txt", "ü".repeat(500));
    let names = [
        ("../../../etc/passwd", "passwd"),
        ("/etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("C:\\autoexec.bat", "autoexec.bat"),
        ("a\0.txt", "a.txt"),
        ("a\r\nX-Evil: y", "aX-Evil_ y"),
        ("..", "file"),
        ("\u{202e}gpj.exe", "gpj.exe"),
        ("con/../aux", "aux"),
        ("a;b=\"c\".txt", "a;b=_c_.txt"),
    ];
    let files = names.map(|(name, _)| (name, &b"x"[..]));
    assert_eq!(ana.send_files(&form, &TYPED, &files).status, 303);
    let stored = world.rows("SELECT name FROM attachment ORDER BY attachment_id");
    assert_eq!(stored, names.map(|(_, kept)| kept));
    assert_eq!(ana.send_files(&form, &TYPED, &[(&*long, b"x")]).status, 303);
    let kept = world.rows("SELECT length(name), name FROM attachment ORDER BY length(name) DESC");
    assert!(
        kept[0].starts_with("128|ü") && kept[0].ends_with("ü.txt"),
        "{}",
        kept[0]
    );
    let endless = "x".repeat(10_000);
    let page = ana.send_files(&form, &TYPED, &[(&*endless, b"x")]);
    assert_eq!(page.status, 400, "longer than the head of a part can be");
}

#[test]
fn a_page_that_says_to_be_a_picture_is_neither_shown_nor_run() {
    let world = World::new().tenant("acme");
    let mut ana = world.browser("acme.localhost");
    let form = form_at(&mut ana, "/open", "/open");
    let page = b"<!DOCTYPE html><script>alert(1)</script>";
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
    let files = [("cat.png", &page[..]), ("dog.png", &svg[..])];
    assert_eq!(ana.send_files(&form, &TYPED, &files).status, 303);
    let stored = world.rows("SELECT content_type FROM attachment ORDER BY attachment_id");
    assert_eq!(stored, ["text/html", "image/svg+xml"]);
    let link = mailed_link(&world, "acme.localhost", "ana@example.com", "access=").unwrap();
    let ticket = ana.visit(&link);
    let links = ticket
        .text()
        .split("href=\"")
        .filter(|it| it.contains("/files/"));
    for link in links {
        let file = ana.get(link.split('"').next().unwrap());
        assert_eq!(file.status, 200);
        assert!(
            file.header("content-disposition")
                .starts_with("attachment;")
        );
        assert_eq!(file.header("x-content-type-options"), "nosniff");
        assert!(
            file.header("content-security-policy")
                .starts_with("sandbox; default-src 'none'")
        );
    }
}

#[test]
fn whatever_is_posted_gets_a_clear_answer() {
    let world = World::new().tenant("acme");
    let mut ana = world.browser("acme.localhost");
    let csrf = form_at(&mut ana, "/open", "/open").hidden.remove(0);
    let ana = std::cell::RefCell::new(ana);
    let head = html::multipart(&[csrf], &[]);
    let head = head[..head.len() - 4].to_vec();
    let tails = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        "[-\r\n:;=\"a-z]{0,80}".prop_map(String::into_bytes),
        "\r\nContent-Disposition: form-data; (name|filename)=[\"a-z;=\\\\%]{0,20}\r\n\r\n.{0,20}\r\n"
            .prop_map(String::into_bytes),
    ];
    let paths = prop_oneof![Just("/open"), Just("/tickets/482913/message")];
    for_all(300, &(paths, tails), |(path, tail)| {
        let body = [&head[..], &tail[..], b"\r\n--", BOUNDARY.as_bytes(), b"--"].concat();
        let page = ana.borrow_mut().post_multipart(path, body);
        let is_clear = [400, 403, 404, 422, 429].contains(&page.status);
        prop_assert!(is_clear, "{path} {tail:?}: {}", page.status);
        Ok(())
    });
    assert!(is_untouched(&world));
    assert_eq!(world.log.take(), [""; 0]);
}
