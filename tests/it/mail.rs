//! What a mail provider sees, and what becomes of the mails it posts.

mod hostile;

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
fn a_reply_to_our_mail_goes_on_with_the_ticket() {
    let world = World::new().tenant("acme");
    let (_, number) = filed(&world, &mail("a@example.com"));
    let ours = our_id(&world, "ana@example.com");
    let reply = mail("b@example.com").answering(&ours).text("Still burns.");
    assert_eq!(filed(&world, &reply), ("continued".to_owned(), number));
    assert_eq!(
        entries(&world),
        [
            "message|Ana Lima|It burns.",
            "message|Ana Lima|Still burns."
        ]
    );
    assert_eq!(
        world.rows("SELECT kind, actor FROM event ORDER BY event_id"),
        ["created|mail", "message|mail"]
    );
}

#[test]
fn a_reply_is_found_by_any_of_its_references() {
    let world = World::new().tenant("acme");
    let (_, number) = filed(&world, &mail("a@example.com"));
    let chain = "References: <x@example.org>\r\n\t<a@example.com> <y@example.org>";
    let reply = mail("b@example.com").header(chain);
    assert_eq!(filed(&world, &reply).1, number);
}

#[test]
fn u_17_a_stranger_cannot_write_into_a_ticket_by_quoting_the_owners_id() {
    let world = World::new().tenant("acme");
    filed(&world, &mail("a@example.com"));
    let strange = mail("b@example.com")
        .from("Eve <eve@example.org>")
        .answering("a@example.com");
    assert_eq!(filed(&world, &strange).0, "created");
}

#[test]
fn a_guest_who_was_sent_our_mail_may_answer_it_under_their_address() {
    let world = World::new().tenant("acme");
    let (_, number) = filed(&world, &mail("a@example.com"));
    let ours = our_id(&world, "ana@example.com");
    let guest = mail("b@example.com")
        .from("Bo <bo@example.org>")
        .answering(&ours)
        .text("Mine too.");
    assert_eq!(filed(&world, &guest), ("continued".to_owned(), number));
    assert_eq!(entries(&world)[1], "message|Bo <bo@example.org>|Mine too.");
    let writers = world.rows("SELECT user_id IS NULL FROM entry ORDER BY created_at");
    assert_eq!(writers, ["0", "1"]);
}

#[test]
fn a_number_in_the_subject_counts_for_the_owner_and_for_nobody_else() {
    let world = World::new().tenant("acme");
    let (_, number) = filed(&world, &mail("a@example.com"));
    let subject = format!("Re: [#{number}] Printer on fire");
    let own = mail("b@example.com").subject(&subject);
    assert_eq!(filed(&world, &own), ("continued".to_owned(), number));
    let strange = mail("c@example.com")
        .subject(&subject)
        .from("Eve <eve@example.org>");
    assert_eq!(filed(&world, &strange).0, "created");
}

#[test]
fn q_16_an_agents_mail_is_a_note_that_the_portal_never_shows() {
    let world = World::new().tenant("acme");
    let (_, number) = filed(&world, &mail("a@example.com"));
    let alert = our_id(&world, "ada@acme.example");
    let note = mail("b@example.com")
        .from("Ada <Ada@Acme.example>")
        .answering(&alert)
        .text("He always says so.");
    assert_eq!(
        filed(&world, &note),
        ("continued".to_owned(), number.clone())
    );
    assert_eq!(entries(&world)[1], "note|Ada Byron|He always says so.");
    assert_eq!(
        world.rows("SELECT kind, actor FROM event ORDER BY event_id")[1],
        "note|agent"
    );
    world.sweep();
    let mails = world.delivered("acme.localhost");
    let to_ana = |mail: &&Value| mail["to"]["address"] == "ana@example.com";
    let text = mails.iter().find(to_ana).unwrap()["text"].to_string();
    let link = text
        .split("\\n")
        .find(|line| line.contains("access="))
        .unwrap();
    let page = world.browser("acme.localhost").visit(link);
    assert_eq!(page.status, 200);
    assert!(page.text().contains("It burns."));
    assert!(!page.text().contains("He always says so."));
}

#[test]
fn an_agent_who_was_switched_off_is_a_guest() {
    let world = World::new().tenant("acme");
    filed(&world, &mail("a@example.com"));
    let alert = our_id(&world, "ada@acme.example");
    world.execute("UPDATE agent SET is_active = 0");
    let reply = mail("b@example.com")
        .from("ada@acme.example")
        .answering(&alert);
    filed(&world, &reply);
    assert!(entries(&world)[1].starts_with("message|ada@acme.example|"));
}

#[test]
fn a_message_reopens_a_closed_ticket_with_a_new_due_time() {
    let world = World::new().tenant("acme");
    let (_, number) = filed(&world, &mail("a@example.com"));
    world.turn(DAY);
    world.sweep();
    close(&world, &number);
    world.turn(DAY);
    filed(&world, &mail("b@example.com").answering("a@example.com"));
    let due = world.now().0 + 18 * HOUR;
    assert_eq!(
        world.rows("SELECT state, closed_at, overdue_at, due_at FROM ticket"),
        [format!("open|NULL|NULL|{due}")]
    );
    let events = world.rows("SELECT kind FROM event ORDER BY created_at, kind");
    assert_eq!(events, ["created", "overdue", "message", "reopened"]);
    assert_eq!(
        world.rows("SELECT queue, tickets FROM queue_count ORDER BY queue"),
        ["closed|0", "open|1", "overdue|0"]
    );
}

#[test]
fn an_agents_note_leaves_a_closed_ticket_closed() {
    let world = World::new().tenant("acme");
    let (_, number) = filed(&world, &mail("a@example.com"));
    close(&world, &number);
    let note = mail("b@example.com")
        .from("ada@acme.example")
        .subject(&format!("#{number}"));
    assert_eq!(filed(&world, &note).0, "continued");
    assert_eq!(world.rows("SELECT state FROM ticket"), ["closed"]);
}

#[test]
fn an_automatic_mail_gets_no_answer_and_reopens_nothing() {
    let world = World::new().tenant("acme");
    let away = mail("a@example.com").header("Auto-Submitted: auto-replied");
    let (result, number) = filed(&world, &away);
    assert_eq!(result, "created");
    let told = world.rows("SELECT to_address FROM outbox");
    assert_eq!(told, ["ada@acme.example"]);
    close(&world, &number);
    let again = mail("b@example.com")
        .answering("a@example.com")
        .header("Precedence: bulk");
    assert_eq!(filed(&world, &again).0, "continued");
    assert_eq!(world.rows("SELECT state FROM ticket"), ["closed"]);
}

#[test]
fn a_bounce_of_our_mail_is_a_note_and_answers_nobody() {
    let world = World::new().tenant("acme");
    let (_, number) = filed(&world, &mail("a@example.com"));
    let ours = our_id(&world, "ana@example.com");
    let letters = world.number("SELECT count(*) FROM outbox");
    let bounce = mail("b@mx.example.com")
        .from("MAILER-DAEMON@mx.example.com")
        .subject("Undelivered Mail Returned to Sender")
        .answering(&ours);
    assert_eq!(filed(&world, &bounce), ("continued".to_owned(), number));
    assert!(entries(&world)[1].starts_with("note|"));
    let stray = mail("c@mx.example.com").from("MAILER-DAEMON@mx.example.com");
    assert_eq!(filed(&world, &stray).0, "created");
    assert_eq!(world.number("SELECT count(*) FROM outbox"), letters);
}

#[test]
fn our_own_mail_coming_back_is_kept_and_dropped() {
    let world = World::new().tenant("acme");
    let own = mail("a@example.com").from("Acme help <help@acme.example>");
    let page = post(&world, &own);
    let expected = json!({ "result": "dropped", "number": null });
    assert_eq!((page.status, page.json()), (200, expected));
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 0);
    assert_eq!(world.rows("SELECT result FROM inbound_mail"), ["dropped"]);
    let again = json!({ "result": "duplicate", "number": null });
    assert_eq!(post(&world, &own).json(), again);
    let (_, number) = filed(&world, &mail("b@example.com"));
    let echo = mail(&our_id(&world, "ana@example.com"));
    assert_eq!(filed(&world, &echo), ("duplicate".to_owned(), number));
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

#[test]
fn a_wrong_secret_is_answered_like_an_unknown_address() {
    let world = World::new().tenant("acme").tenant("globex");
    let call = |to: &str, secret: &str| {
        Call::post(&format!("/mail/raw?to={to}"))
            .header("authorization", secret)
            .body(mail("a@example.com").bytes())
    };
    let unknown = world.send(call("nobody@acme.example", "Bearer acme-secret"));
    assert_eq!(unknown.status, 401);
    for (to, secret) in [
        ("help@acme.example", "Bearer wrong"),
        ("help@acme.example", "Bearer globex-secret"),
        ("help@acme.example", "Bearer "),
        ("help@acme.example", "Basic acme-secret"),
        ("", "Bearer acme-secret"),
    ] {
        let page = world.send(call(to, secret));
        assert_eq!(page.raw(), unknown.raw(), "{to} {secret}");
    }
    let bare = Call::post("/mail/raw?to=help@acme.example").body("x");
    assert_eq!(world.send(bare).raw(), unknown.raw());
    assert_eq!(world.number("SELECT count(*) FROM file"), 0);
    let good = call("Help@ACME.example", "Bearer acme-secret");
    assert_eq!(world.send(good).status, 201, "addresses have no case");
}

#[test]
fn a_suspended_tenants_mail_is_kept_by_the_provider() {
    let world = World::new().tenant("acme");
    world.execute("UPDATE tenant SET status = 'suspended'");
    let page = post(&world, &mail("a@example.com"));
    assert_eq!(page.status, 503);
    assert_eq!(world.number("SELECT count(*) FROM file"), 0);
}

#[test]
fn a_mail_that_could_not_be_stored_is_not_acknowledged() {
    let world = World::new().tenant("acme");
    world.meter.set_broken(true);
    assert_eq!(post(&world, &mail("a@example.com")).status, 500);
    let logged = world.log.take();
    assert_eq!(logged, ["POST /mail/raw: database: disk I/O error"]);
    world.meter.set_broken(false);
    assert_eq!(post(&world, &mail("a@example.com")).status, 201);
}

#[test]
fn t_52_mail_lands_in_the_tenant_and_realm_of_its_address() {
    let world = World::new().tenant("acme").parent();
    let raw = mail("a@example.com").bytes();
    for realm in ["acme", "c1bi", "sp2"] {
        assert_eq!(world.send(posted_to(realm, raw.clone())).status, 201);
    }
    let filed = "SELECT n.slug, r.name FROM ticket AS t JOIN tenant AS n USING (tenant_id)
                   JOIN realm AS r ON r.tenant_id = t.tenant_id AND r.realm_id = t.realm_id
                  ORDER BY t.tenant_id, r.name";
    assert_eq!(
        world.rows(filed),
        ["acme|Acme", "parent|C1Bi", "parent|SP2"]
    );
}

#[test]
fn t_68_equal_message_ids_and_numbers_of_two_realms_do_not_collide() {
    let world = World::new().parent();
    let raw = mail("a@example.com").bytes();
    let first = world.send(posted_to("sp1", raw.clone())).json()["number"].clone();
    world.send(posted_to("sp2", raw));
    let reply = mail("b@example.com").answering("a@example.com").bytes();
    let continued = world.send(posted_to("sp1", reply)).json();
    assert_eq!(continued, json!({ "result": "continued", "number": first }));
    let subject = format!("#{}", first.as_str().unwrap());
    let elsewhere = mail("c@example.com").subject(&subject).bytes();
    let page = world.send(posted_to("sp2", elsewhere));
    assert_eq!(page.json()["result"], "created");
}

#[test]
fn t_69_nobodys_mail_domain_makes_them_a_member_of_an_organization() {
    let world = World::new().tenant("acme");
    filed(&world, &mail("a@example.com"));
    world.execute(
        "INSERT INTO organization (tenant_id, organization_id, realm_id, name)
         VALUES (1, 'o', 1, 'Example');
         UPDATE user SET organization_id = 'o'",
    );
    filed(&world, &mail("b@example.com").from("bo@example.com"));
    let members = "SELECT email, organization_id FROM user ORDER BY email";
    assert_eq!(
        world.rows(members),
        ["ana@example.com|o", "bo@example.com|NULL"]
    );
}

#[test]
fn t_70_a_reply_to_our_mail_finds_the_ticket_after_it_was_moved() {
    let world = World::new().parent();
    world.send(posted_to("sp1", mail("a@example.com").bytes()));
    let ours = our_id(&world, "ana@example.com");
    world.execute("UPDATE ticket SET realm_id = (SELECT realm_id FROM realm WHERE name = 'SP2')");
    let reply = mail("b@example.com").answering(&ours).bytes();
    let page = world.send(posted_to("sp1", reply));
    assert_eq!(page.json()["result"], "continued");
    let realms = world.rows("SELECT DISTINCT r.name FROM entry JOIN realm AS r USING (realm_id)");
    assert_eq!(realms, ["SP2"]);
}

#[test]
fn t_71_another_tenants_message_id_never_reaches_its_ticket() {
    let world = World::new().tenant("acme").tenant("globex");
    filed(&world, &mail("a@example.com"));
    let ours = our_id(&world, "ana@example.com");
    let reply = mail("b@example.com").answering(&ours).bytes();
    let page = world.send(posted_to("globex", reply));
    assert_eq!(page.json()["result"], "created");
    assert_eq!(
        world.rows("SELECT tenant_id, count(*) FROM entry GROUP BY 1"),
        ["1|1", "2|1"]
    );
}

/// Bits of which odd mails are made.
fn odd_mail() -> impl Strategy<Value = Vec<u8>> {
    let bits = prop::sample::select(vec![
        "From: ",
        "Subject: ",
        "ana@example.com",
        "<",
        ">",
        "\r\n",
        "\n",
        "\r\n\r\n",
        "\0",
        " ",
        "\u{e000}",
        "\u{a0}",
        "Content-Type: text/html\r\n",
        "<p></p>",
        "Message-ID: ",
        "=?utf-8?q?",
        "?=",
        "Content-Transfer-Encoding: base64\r\n",
        "multipart/mixed; boundary=b",
        "--b",
        "--b--",
        "help@acme.example",
        "#1 #2",
        "Auto-Submitted: auto-replied\r\n",
        "References: <a@b> <c@d>",
        "MAILER-DAEMON",
        "ü",
        "\t",
    ]);
    let made = prop::collection::vec(bits, 0..24).prop_map(|bits| bits.concat().into_bytes());
    prop_oneof![made, prop::collection::vec(any::<u8>(), 0..200)]
}

#[test]
fn whatever_arrives_is_taken_in_and_never_asked_for_again() {
    let world = World::new().tenant("acme");
    crate::for_all(500, &odd_mail(), |raw| {
        let page = world.send(posted_to("acme", raw.clone()));
        prop_assert!(page.status < 300, "{:?}", world.log.take());
        if page.json()["result"] != "duplicate" {
            prop_assert_eq!(stored(&world, &content_address(&raw)), raw);
        }
        Ok(())
    });
}

#[test]
fn a_mail_of_nothing_that_can_be_shown_still_opens_a_ticket() {
    let world = World::new().tenant("acme");
    for (id, text) in ["", " ", "\0", "\0 \0", "\u{e000} \u{e000}", " \0 "]
        .iter()
        .enumerate()
    {
        let empty = mail(&format!("{id}@example.com")).text(text);
        assert_eq!(filed(&world, &empty).0, "created", "{text:?}");
    }
}
