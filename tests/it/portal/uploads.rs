//! Files that people choose on the portal, with a new ticket and with a message.

use desk::setting::Key;
use realmdesk_tests::browser::{Browser, mailed_link};
use realmdesk_tests::dispatch::Page;
use realmdesk_tests::{World, html};

use super::{TYPED, form_at, set, typed_but};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n-- not the end --\r\n";

fn send(browser: &mut Browser<'_>, files: &[(&str, &[u8])]) -> Page {
    let form = form_at(browser, "/open", "/open");
    browser.send_files(&form, &TYPED, files)
}

/// The files as they are kept: name, type, size, and the kind of entry they hang on.
fn kept(world: &World) -> Vec<String> {
    world.rows(
        "SELECT a.name, a.content_type, f.size, e.kind FROM attachment AS a
           JOIN file AS f USING (tenant_id, sha256)
           JOIN entry AS e USING (tenant_id, ticket_id, entry_id, realm_id)
          ORDER BY a.attachment_id",
    )
}

/// What is said beside the field for files.
fn beside(page: &Page) -> Vec<String> {
    let Some((_, rest)) = page.text().split_once("id=\"files-problem\"") else {
        return Vec::new();
    };
    let items = rest.split("</ul>").next().unwrap().split("<li ").skip(1);
    let words = items.map(|item| html::element(item, "<span").unwrap());
    words.collect()
}

fn nothing_is_written(world: &World) {
    for table in [
        "ticket",
        "user",
        "file",
        "file_chunk",
        "attachment",
        "outbox",
    ] {
        let count = format!("SELECT count(*) FROM {table}");
        assert_eq!(world.number(&count), 0, "{table}");
    }
}

#[test]
fn a_ticket_is_opened_with_files_in_two_round_trips() {
    let world = World::new().tenant("acme");
    let mut ana = world.browser("acme.localhost");
    let form = form_at(&mut ana, "/open", "/open");
    world.meter.take_trips();
    let files: [(&str, &[u8]); 2] = [("burning \"now\".png", PNG), ("log.txt", b"ouch")];
    let sent = ana.send_files(&form, &TYPED, &files);
    assert_eq!((sent.status, sent.location()), (303, "/open/received"));
    assert_eq!(world.meter.take_trips(), 2);
    let size = PNG.len();
    assert_eq!(
        kept(&world),
        [
            format!("burning _now_.png|image/png|{size}|message"),
            "log.txt|text/plain|4|message".to_owned()
        ]
    );
    let link = mailed_link(&world, "acme.localhost", "ana@example.com", "access=").unwrap();
    let page = ana.visit(&link);
    let (_, rest) = page.text().split_once("burning _now_.png").unwrap();
    assert!(rest.contains("log.txt"), "in the order they were chosen");
    let path = page
        .text()
        .split("href=\"")
        .find(|it| it.contains("/files/"));
    let path = path.unwrap().split('"').next().unwrap().to_owned();
    let file = ana.get(&path);
    assert_eq!((file.status, &file.body[..]), (200, PNG));
    assert!(file.header("content-disposition").starts_with("attachment"));
}

#[test]
fn a_large_file_comes_back_as_it_was_sent() {
    let world = World::new().tenant("acme");
    let mut ana = world.browser("acme.localhost");
    let large: Vec<u8> = (0..8_388_608_u32)
        .map(|at| at.to_le_bytes()[0] ^ at.to_le_bytes()[1])
        .collect();
    assert_eq!(send(&mut ana, &[("disk.img", &large)]).status, 303);
    let link = mailed_link(&world, "acme.localhost", "ana@example.com", "access=").unwrap();
    let page = ana.visit(&link);
    let path = page
        .text()
        .split("href=\"")
        .find(|it| it.contains("/files/"));
    let path = path.unwrap().split('"').next().unwrap().to_owned();
    let file = ana.get(&path);
    assert_eq!(file.status, 200);
    assert!(file.body[..] == large[..]);
}

#[test]
fn a_form_with_files_is_a_form_like_any_other() {
    let world = World::new().tenant("acme");
    let mut ana = world.browser("acme.localhost");
    let page = ana.get("/open");
    assert!(page.text().contains("enctype=\"multipart/form-data\""));
    assert!(
        page.text()
            .contains("At most 8.4 MB each, and 12 MB together.")
    );
    let form = html::form(page.text(), "/open").unwrap();
    let none: [(&str, &[u8]); 1] = [("", b"")];
    let sent = ana.send_files(&form, &TYPED, &none);
    assert_eq!(sent.status, 303, "no file was chosen");
    assert_eq!(world.rows("SELECT body FROM entry"), [TYPED[4].1]);
    let forged = html::Form {
        hidden: vec![("csrf".to_owned(), "forged".to_owned())],
        ..form
    };
    assert_eq!(ana.send_files(&forged, &TYPED, &none).status, 403);
    let bare = html::multipart(&[], &[("files", "a.txt", b"x")]);
    assert_eq!(ana.post_multipart("/open", bare).status, 403);
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 1);
}

#[test]
fn a_file_that_is_not_taken_is_told_of_beside_the_field_and_what_was_typed_is_kept() {
    let world = World::new().tenant("acme");
    set(&world, Key::LargestFile, "100");
    set(&world, Key::FileTypes, "png,txt");
    let mut ana = world.browser("acme.localhost");
    let large = [b'x'; 101];
    let page = send(
        &mut ana,
        &[
            ("fine.png", PNG),
            ("<b>large.txt", &large),
            ("tool.exe", b"MZ"),
            ("page.png", b"<html><script>alert(1)</script>"),
        ],
    );
    assert_eq!(page.status, 422);
    assert_eq!(
        beside(&page),
        [
            "_b_large.txt is larger than 100 bytes.",
            "tool.exe is of a type that is not taken here.",
            "page.png is of a type that is not taken here.",
        ]
    );
    assert!(
        page.text()
            .contains("Files are not kept: choose them again before you send.")
    );
    assert!(page.text().contains("accept=\".png,.txt\""));
    for (name, typed) in &TYPED[1..] {
        assert_eq!(
            html::value(page.text(), name).as_deref(),
            Some(*typed),
            "{name}"
        );
    }
    nothing_is_written(&world);
    assert_eq!(send(&mut ana, &[("fine.png", PNG)]).status, 303);
}

#[test]
fn files_have_to_be_chosen_again_whatever_was_wrong() {
    let world = World::new().tenant("acme");
    let mut ana = world.browser("acme.localhost");
    let form = form_at(&mut ana, "/open", "/open");
    let lost = "Files are not kept";
    let page = ana.send_files(&form, &typed_but("subject", ""), &[("a.txt", b"x")]);
    assert!(page.status == 422 && page.text().contains(lost));
    assert_eq!(beside(&page), [""; 0]);
    let page = ana.send_files(&form, &typed_but("subject", ""), &[]);
    assert!(page.status == 422 && !page.text().contains(lost));
}

#[test]
fn there_are_only_so_many_files_in_a_message() {
    let world = World::new().tenant("acme");
    let mut ana = world.browser("acme.localhost");
    let many: [(&str, &[u8]); 33] = [("a.txt", b"x"); 33];
    let page = send(&mut ana, &many);
    assert_eq!(page.status, 422);
    assert_eq!(beside(&page), ["a.txt is one file too many."]);
    nothing_is_written(&world);
}

#[test]
fn where_no_files_are_taken_the_form_asks_for_none() {
    let world = World::new().tenant("acme");
    set(&world, Key::LargestFile, "0");
    let mut ana = world.browser("acme.localhost");
    assert!(!ana.get("/open").text().contains("type=\"file\""));
    let page = send(&mut ana, &[("a.txt", b"x")]);
    assert_eq!((page.status, beside(&page).len()), (422, 1));
    nothing_is_written(&world);
}

#[test]
fn a_message_takes_files_too_and_as_few_round_trips() {
    let world = World::new().tenant("acme");
    let number = world.ticket("acme", "Printer on fire");
    let ana = world.browser("acme.localhost");
    let mut ana = ana.signed_in_by_mail("ana@example.com");
    let path = format!("/tickets/{number}");
    let form = form_at(&mut ana, &path, &format!("{path}/message"));
    world.meter.take_trips();
    let sent = ana.send_files(&form, &[("message", "See here.")], &[("now.png", PNG)]);
    assert_eq!((sent.status, world.meter.take_trips()), (303, 2));
    assert!(ana.follow(sent).text().contains("now.png"));
    set(&world, Key::FileTypes, "png");
    let page = ana.send_files(&form, &[("message", "And here.")], &[("now.exe", b"MZ")]);
    assert_eq!(page.status, 422);
    assert_eq!(
        beside(&page),
        ["now.exe is of a type that is not taken here."]
    );
    let kept = html::value(page.text(), "message");
    assert_eq!(kept.as_deref(), Some("And here."));
    let page = ana.send_files(&form, &[("message", " ")], &[("now.png", PNG)]);
    assert_eq!((page.status, beside(&page).len()), (422, 0));
    assert!(page.text().contains("Files are not kept"));
    assert_eq!(world.number("SELECT count(*) FROM attachment"), 1);
    assert_eq!(world.number("SELECT count(*) FROM entry"), 2);
}

#[test]
fn who_has_signed_in_sends_files_with_a_ticket() {
    let world = World::new().tenant("acme");
    world.ticket("acme", "Printer on fire");
    let ana = world.browser("acme.localhost");
    let mut ana = ana.signed_in_by_mail("ana@example.com");
    let form = form_at(&mut ana, "/open", "/open");
    world.meter.take_trips();
    let sent = ana.send_files(&form, &TYPED, &[("now.png", PNG)]);
    assert_eq!((sent.status, world.meter.take_trips()), (303, 3));
    assert_eq!(kept(&world).len(), 1);
}
