//! Files that come along: how they are kept, and who gets them.

use desk::setting::Key;
use realmdesk_tests::World;
use realmdesk_tests::dispatch::{Call, Page};
use serde_json::{Value, json};
use tenancy::port::{Batch, Value as DbValue};
use tenancy::token::content_address;

use super::{create, files_on, guest};

fn with_files(world: &World, files: &Value) -> Page {
    create(world, &json!({ "attachments": files }))
}

/// The stored files: name, type and size of each.
fn stored(world: &World) -> Vec<String> {
    world.rows(
        "SELECT a.name, a.content_type, f.size FROM attachment AS a
           JOIN file AS f USING (tenant_id, sha256) ORDER BY a.attachment_id",
    )
}

/// Sets a value on the tenant's first realm, for what has no page yet.
fn set(world: &World, key: Key, value: &str) {
    assert!(key.takes(value), "{value}");
    world.execute(&format!(
        "INSERT INTO setting (tenant_id, realm_id, key, value) VALUES (1, 1, '{}', '{value}')
         ON CONFLICT DO UPDATE SET value = excluded.value",
        key.name()
    ));
}

#[test]
fn a_file_is_written_with_its_ticket_and_costs_no_round_trip() {
    let world = World::new().tenant("acme");
    world.meter.take_trips();
    let page = with_files(&world, &json!([{ "a.txt": "data:,hello" }]));
    assert_eq!((page.status, world.meter.take_trips()), (201, 2));
    assert_eq!(stored(&world), ["a.txt|text/plain|5"]);
    let hangs = "SELECT count(*) FROM attachment AS a
                   JOIN entry AS e USING (tenant_id, ticket_id, entry_id, realm_id)
                  WHERE e.kind = 'message'";
    assert_eq!(world.number(hangs), 1);
    let address = content_address(b"hello");
    assert_eq!(
        world.rows("SELECT tenant_id, sha256, position, bytes FROM file_chunk"),
        [format!("1|{address}|0|5 bytes")]
    );
}

#[test]
fn the_same_bytes_are_kept_once_per_tenant() {
    let world = World::new().tenant("acme").tenant("globex");
    let file = json!([{ "a.txt": "data:,hello" }, { "b.txt": "data:,hello" }]);
    with_files(&world, &file);
    with_files(&world, &file);
    let call = |fields: &Value| realmdesk_tests::world::ticket_call("globex", fields);
    assert_eq!(
        world.send(call(&json!({ "attachments": file }))).status,
        201
    );
    assert_eq!(world.number("SELECT count(*) FROM attachment"), 6);
    assert_eq!(
        world.rows("SELECT tenant_id, size FROM file"),
        ["1|5", "2|5"]
    );
    assert_eq!(world.number("SELECT count(*) FROM file_chunk"), 2);
}

#[test]
fn t_19_a_file_has_its_tickets_realm_and_follows_it() {
    let world = World::new().parent();
    let call =
        realmdesk_tests::world::ticket_call("c3a", &json!({ "attachments": [{ "a.txt": "x" }] }));
    assert_eq!(world.send(call).status, 201);
    let realms = "SELECT t.realm_id = a.realm_id FROM ticket AS t
                    JOIN attachment AS a USING (tenant_id, ticket_id)";
    assert_eq!(world.rows(realms), ["1"]);
    world.execute("UPDATE ticket SET realm_id = (SELECT realm_id FROM realm WHERE name = 'SP1')");
    assert_eq!(world.rows(realms), ["1"]);
}

#[test]
fn the_user_finds_the_files_on_the_tickets_page() {
    let world = World::new().tenant("acme");
    let files = json!([
        { "../../Prüfung \"1\".html": "data:text/html,<script>alert(1)</script>" },
        { "pixel.gif": "data:image/gif;base64,R0lGODlhAQABAAAAACw=" },
    ]);
    let number = with_files(&world, &files).text().to_owned();
    let mut ana = guest(&world, "acme.localhost", &number);
    world.meter.take_trips();
    let page = ana.get(&format!("/tickets/{number}"));
    assert_eq!(world.meter.take_trips(), 1);
    assert!(page.text().contains("Prüfung _1_.html"), "{}", page.text());
    let links = files_on(&page);
    assert_eq!(links.len(), 2);
    let file = ana.get(&links[0]);
    assert_eq!((file.status, world.meter.take_trips()), (200, 2));
    assert_eq!(file.text(), "<script>alert(1)</script>");
    for (header, value) in [
        ("content-type", "text/html"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
        (
            "content-security-policy",
            "sandbox; default-src 'none'; frame-ancestors 'none'",
        ),
        (
            "content-disposition",
            "attachment; filename=\"Pr_fung _1_.html\"; \
             filename*=UTF-8''Pr%C3%BCfung%20_1_.html",
        ),
    ] {
        assert_eq!(file.header(header), value, "{header}");
    }
}

#[test]
fn t_60_without_the_link_a_file_answers_like_one_that_does_not_exist() {
    let world = World::new().tenant("acme").tenant("globex");
    let file = json!([{ "a.txt": "data:,secret" }]);
    let number = with_files(&world, &file).text().to_owned();
    let other = with_files(&world, &file).text().to_owned();
    let mut ana = guest(&world, "acme.localhost", &number);
    let own = files_on(&ana.get(&format!("/tickets/{number}"))).concat();
    let id = own.rsplit('/').next().unwrap();
    let nobody = |path: &str| world.browser("acme.localhost").get(path).raw();
    let nothing = nobody("/tickets/999999/files/1");
    assert_eq!(nobody(&own), nothing);
    assert!(nothing.starts_with("404\n"));
    let abroad = ana.smuggled_to("globex.localhost").get(&own);
    assert_eq!(abroad.status, 404);
    // The own link opens no file of another ticket, under either number.
    let foreign = guest(&world, "acme.localhost", &other).get(&format!("/tickets/{other}"));
    let foreign = files_on(&foreign).concat();
    assert_eq!(ana.get(&foreign).raw(), nothing);
    let foreign_id = foreign.rsplit('/').next().unwrap();
    let mixed = ana.get(&format!("/tickets/{number}/files/{foreign_id}"));
    let missing = ana.get(&format!("/tickets/{number}/files/{id}0"));
    assert_eq!(mixed.raw(), missing.raw());
    assert_eq!(mixed.status, 404);
    assert_eq!(ana.get(&own).status, 200);
}

#[test]
fn a_file_that_is_not_taken_costs_no_ticket() {
    let world = World::new().tenant("acme");
    set(&world, Key::LargestFile, "10");
    set(&world, Key::FileTypes, "txt,png");
    let files = json!([
        { "good.txt": "data:,good" },
        { "large.txt": "data:,more than ten" },
        { "program.exe": "data:,x" },
        { "program.txt": "data:,MZ%90" },
        { "../broken.png": "data:image/png;base64,?" },
        { "nothing.txt": 7 },
        "rubbish",
    ]);
    assert_eq!(with_files(&world, &files).status, 201);
    assert_eq!(stored(&world), ["good.txt|text/plain|4"]);
    let note = "SYSTEM|File Import Error\n\nlarge.txt: File size is too large\n\
                program.exe: File type is not allowed\nprogram.txt: File type is not allowed\n\
                broken.png: Poorly encoded base64 data";
    let notes = "SELECT author, body FROM entry WHERE kind = 'note'";
    assert_eq!(world.rows(notes), [note]);
    set(&world, Key::LargestFile, "0");
    assert_eq!(with_files(&world, &json!([{ "a.txt": "x" }])).status, 201);
    assert_eq!(stored(&world).len(), 1);
}

#[test]
fn a_large_file_is_kept_in_chunks_and_read_in_a_few_round_trips() {
    let world = World::new().tenant("acme");
    let text = "0123456789abcdef".repeat(250_000);
    let number = with_files(&world, &json!([{ "large.txt": text }]));
    let number = number.text().to_owned();
    assert_eq!(world.number("SELECT count(*) FROM file_chunk"), 4);
    let mut ana = guest(&world, "acme.localhost", &number);
    let link = files_on(&ana.get(&format!("/tickets/{number}"))).concat();
    world.meter.take_trips();
    let file = ana.get(&link);
    assert_eq!(world.meter.take_trips(), 3);
    assert!(file.body == text.as_bytes());
}

/// How many bytes each round trip since then carried.
fn carried(world: &World) -> Vec<usize> {
    let weigh = |value: &DbValue| match value {
        DbValue::Blob(bytes) => bytes.len(),
        _ => 0,
    };
    let batch = |batch: &Batch| batch.iter().flat_map(|it| &it.values).map(weigh).sum();
    world.meter.take_kept().iter().map(batch).collect()
}

#[test]
fn no_round_trip_carries_more_bytes_than_a_worker_can_hold() {
    let world = World::new().tenant("acme");
    let text = "0123456789abcdef".repeat(340_000);
    world.meter.keep();
    let page = with_files(
        &world,
        &json!([{ "a.txt": "data:,a" }, { "large.txt": text }]),
    );
    assert_eq!(page.status, 201);
    let carried = carried(&world);
    assert_eq!(carried.iter().sum::<usize>(), text.len() + 1);
    assert_eq!(carried.len(), 6, "what is read, four parts, and the ticket");
    assert!(carried.iter().all(|bytes| *bytes <= 2 << 20), "{carried:?}");
    assert_eq!(carried.last(), Some(&0));
    assert_eq!(stored(&world).len(), 2);
}

#[test]
fn bytes_that_went_ahead_of_a_ticket_that_failed_are_there_for_the_next() {
    let world = World::new().tenant("acme");
    let file = json!([{ "large.txt": "0123456789abcdef".repeat(250_000) }]);
    let counts = "SELECT (SELECT count(*) FROM file_chunk), (SELECT count(*) FROM attachment),
                         (SELECT count(*) FROM entry), (SELECT count(*) FROM outbox)";
    world.execute(
        "CREATE TRIGGER broken BEFORE INSERT ON attachment
         BEGIN SELECT raise(ABORT, 'disk I/O error'); END",
    );
    assert_eq!(with_files(&world, &file).status, 500);
    assert_eq!(world.log.take().len(), 1);
    assert_eq!(world.rows(counts), ["4|0|0|0"]);
    world.execute("DROP TRIGGER broken");
    assert_eq!(with_files(&world, &file).status, 201);
    assert_eq!(world.rows(counts), ["4|1|1|2"]);
}

#[test]
fn a_file_whose_bytes_are_gone_is_trouble_and_no_half_file() {
    let world = World::new().tenant("acme");
    let number = with_files(&world, &json!([{ "a.txt": "x" }]))
        .text()
        .to_owned();
    let mut ana = guest(&world, "acme.localhost", &number);
    let link = files_on(&ana.get(&format!("/tickets/{number}"))).concat();
    world.execute("DELETE FROM file_chunk");
    assert_eq!(ana.get(&link).status, 500);
    assert_eq!(world.log.take().len(), 1);
}

/// A mail with a picture, as a provider posts it.
fn mailed(from: &str, id: &str, more: &str) -> Call {
    let mail = format!(
        "From: {from}\r\nMessage-ID: <{id}>\r\nSubject: Look\r\n{more}\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n\
         --b\r\n\r\nSee below.\r\n--b\r\nContent-Type: image/gif; name=\"..\\..\\a.gif\"\r\n\
         Content-Transfer-Encoding: base64\r\n\r\nR0lGODlhAQABAAAAACw=\r\n--b--\r\n"
    );
    Call::post("/mail/raw?to=help@acme.example")
        .header("authorization", "Bearer acme-secret")
        .body(mail)
}

#[test]
fn a_mails_files_hang_on_what_the_mail_became() {
    let world = World::new().tenant("acme");
    let first = world.send(mailed("ana@example.com", "a@example.com", ""));
    let number = first.json()["number"].as_str().unwrap().to_owned();
    let answering = "In-Reply-To: <a@example.com>\r\n";
    for (from, id) in [
        ("ana@example.com", "b@example.com"),
        ("ada@acme.example", "c@acme.example"),
    ] {
        assert_eq!(
            world.send(mailed(from, id, answering)).status,
            200,
            "{from}"
        );
    }
    assert_eq!(stored(&world), ["a.gif|image/gif|14"; 3]);
    let mut ana = guest(&world, "acme.localhost", &number);
    let page = ana.get(&format!("/tickets/{number}"));
    let links = files_on(&page);
    assert_eq!(links.len(), 2, "an agent's note is not the user's to see");
    assert_eq!(ana.get(&links[1]).header("content-type"), "image/gif");
    let noted = world.rows(
        "SELECT a.attachment_id FROM attachment AS a
           JOIN entry AS e USING (tenant_id, ticket_id, entry_id) WHERE e.kind = 'note'",
    );
    let noted = format!("/tickets/{number}/files/{}", noted.concat());
    assert_eq!(ana.get(&noted).status, 404);
}
