//! What a mail provider sees, and what becomes of the mails it posts.

mod doors;
mod hostile;
mod odd;
mod threading;
mod words;

use proptest::prelude::*;
use realmdesk_tests::dispatch::{Call, Page};
use realmdesk_tests::task::{in_every_order, interleave};
use realmdesk_tests::{DAY, HOUR, SECOND, World};
use serde_json::{Value, json};
use tenancy::token::content_address;

/// A mail about to be posted.
struct Mail {
    from: String,
    subject: String,
    id: Option<String>,
    more: Vec<String>,
    text: String,
}

/// A mail from Ana, under this Message-ID.
fn mail(id: &str) -> Mail {
    Mail {
        from: "Ana Lima <ana@example.com>".to_owned(),
        subject: "Printer on fire".to_owned(),
        id: Some(id.to_owned()),
        more: Vec::new(),
        text: "It burns.".to_owned(),
    }
}

impl Mail {
    fn from(mut self, from: &str) -> Self {
        from.clone_into(&mut self.from);
        self
    }

    fn subject(mut self, subject: &str) -> Self {
        subject.clone_into(&mut self.subject);
        self
    }

    fn text(mut self, text: &str) -> Self {
        text.clone_into(&mut self.text);
        self
    }

    fn header(mut self, line: &str) -> Self {
        self.more.push(line.to_owned());
        self
    }

    fn answering(self, id: &str) -> Self {
        self.header(&format!("In-Reply-To: <{id}>"))
    }

    fn bytes(&self) -> Vec<u8> {
        let id = self.id.iter().map(|id| format!("Message-ID: <{id}>"));
        let lines = [
            format!("From: {}", self.from),
            format!("Subject: {}", self.subject),
        ];
        let lines: Vec<String> = lines
            .into_iter()
            .chain(id)
            .chain(self.more.iter().cloned())
            .collect();
        let text = self.text.replace('\n', "\r\n");
        format!("{}\r\n\r\n{text}\r\n", lines.join("\r\n")).into_bytes()
    }
}

fn posted_to(realm: &str, raw: Vec<u8>) -> Call {
    Call::post(&format!("/mail/raw?to=help@{realm}.example"))
        .header("authorization", &format!("Bearer {realm}-secret"))
        .body(raw)
}

fn post(world: &World, mail: &Mail) -> Page {
    world.turn(SECOND);
    world.send(posted_to("acme", mail.bytes()))
}

/// Posts a mail, and returns what became of it and the ticket's number.
fn filed(world: &World, mail: &Mail) -> (String, String) {
    let page = post(world, mail);
    assert!(page.status < 300, "{}", page.text());
    let text = |key: &str| page.json()[key].as_str().unwrap_or_default().to_owned();
    (text("result"), text("number"))
}

/// The Message-ID under which the desk wrote to an address the last time.
fn our_id(world: &World, to: &str) -> String {
    let sql = format!(
        "SELECT message_id FROM outbox WHERE to_address = '{to}' ORDER BY outbox_id DESC LIMIT 1"
    );
    world.rows(&sql).concat()
}

fn entries(world: &World) -> Vec<String> {
    world.rows("SELECT kind, author, body FROM entry ORDER BY created_at, entry_id")
}

fn close(world: &World, number: &str) {
    let now = world.now().0;
    world.execute(&format!(
        "UPDATE ticket SET state = 'closed', closed_at = {now} WHERE number = '{number}'"
    ));
}

#[test]
fn a_new_mail_opens_a_ticket_and_is_answered_with_the_link() {
    let world = World::new().tenant("acme");
    let page = post(&world, &mail("a@example.com"));
    assert_eq!(page.status, 201);
    let number = world.rows("SELECT number FROM ticket").concat();
    assert_eq!(
        page.json(),
        json!({ "result": "created", "number": number })
    );
    assert_eq!(
        world.rows("SELECT subject, source, ip, realm_id, state FROM ticket"),
        ["Printer on fire|Email|NULL|1|open"]
    );
    assert_eq!(entries(&world), ["message|Ana Lima|It burns."]);
    world.sweep();
    let mails = world.delivered("acme.localhost");
    let told: Vec<&Value> = mails.iter().map(|mail| &mail["to"]["address"]).collect();
    assert_eq!(told.len(), 2);
    assert!(
        told.contains(&&json!("ana@example.com")) && told.contains(&&json!("ada@acme.example"))
    );
}

#[test]
fn filing_a_mail_makes_two_round_trips() {
    let world = World::new().tenant("acme");
    world.meter.take_trips();
    post(&world, &mail("a@example.com"));
    assert_eq!(world.meter.take_trips(), 2);
    post(&world, &mail("a@example.com"));
    assert_eq!(world.meter.take_trips(), 2, "a copy's source is kept too");
}

#[test]
fn a_different_mail_under_a_known_id_keeps_its_source() {
    let world = World::new().tenant("acme");
    let first = mail("a@example.com");
    let files = "SELECT count(*) FROM file";
    post(&world, &first);
    post(&world, &first);
    assert_eq!(world.number(files), 1);
    let other = Mail {
        text: "It smokes.".to_owned(),
        ..mail("a@example.com")
    };
    post(&world, &other);
    assert_eq!(world.number(files), 2);
    assert_eq!(world.number("SELECT count(*) FROM entry"), 1);
}

#[test]
fn the_same_mail_posted_twice_changes_nothing() {
    let world = World::new().tenant("acme");
    let (_, number) = filed(&world, &mail("a@example.com"));
    let again = post(&world, &mail("a@example.com"));
    assert_eq!(again.status, 200);
    let expected = json!({ "result": "duplicate", "number": number });
    assert_eq!(again.json(), expected);
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 1);
    assert_eq!(world.number("SELECT count(*) FROM entry"), 1);
    assert_eq!(world.number("SELECT count(*) FROM outbox"), 2);
}

#[test]
fn the_same_mail_posted_twice_at_once_opens_one_ticket() {
    in_every_order(usize::MAX, |order| {
        let world = World::new().tenant("acme");
        world.meter.go_stepwise();
        let raw = mail("a@example.com").bytes();
        let tasks = [0, 1].map(|_| world.start(posted_to("acme", raw.clone())));
        let pages = interleave(order, tasks);
        let mut results = pages
            .each_ref()
            .map(|page| page.json()["result"].to_string());
        results.sort();
        assert_eq!(results, ["\"created\"", "\"duplicate\""], "{order:?}");
        assert_eq!(pages[0].json()["number"], pages[1].json()["number"]);
        assert_eq!(world.number("SELECT count(*) FROM ticket"), 1, "{order:?}");
    });
}

#[test]
fn a_mail_without_a_message_id_is_known_by_its_bytes() {
    let world = World::new().tenant("acme");
    let nameless = Mail {
        id: None,
        ..mail("")
    };
    assert_eq!(filed(&world, &nameless).0, "created");
    assert_eq!(filed(&world, &nameless).0, "duplicate");
    assert_eq!(filed(&world, &nameless.text("Other.")).0, "created");
}

#[test]
fn a_mails_source_is_kept_byte_for_byte() {
    let world = World::new().tenant("acme");
    let small = b"From: ana@example.com\nSubject: =?x?= \xff\x00\xfe\n\n\x00\xff".to_vec();
    let mut large = mail("large@example.com").bytes();
    large.extend((0..3_000_000u32).map(|n| b'a' + u8::try_from(n % 23).unwrap()));
    for raw in [small, large] {
        let page = world.send(posted_to("acme", raw.clone()));
        assert_eq!(page.status, 201, "{}", page.text());
        let address = content_address(&raw);
        assert_eq!(stored(&world, &address), raw);
        let size = format!("SELECT size FROM file WHERE sha256 = '{address}'");
        assert_eq!(world.number(&size), i64::try_from(raw.len()).unwrap());
    }
}

/// The bytes of a file, its chunks joined.
fn stored(world: &World, address: &str) -> Vec<u8> {
    world.sqlite.with(|connection| {
        let sql = "SELECT bytes FROM file_chunk WHERE sha256 = ?1 ORDER BY position";
        let mut statement = connection.prepare(sql).unwrap();
        let chunks = statement.query_map([address], |row| row.get::<_, Vec<u8>>(0));
        chunks.unwrap().flat_map(Result::unwrap).collect()
    })
}
