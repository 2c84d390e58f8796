//! Canned replies, as administrators make and change them, and filters that answer with them
//! (KB-1, FI-4, FI-5).

use realmdesk_tests::world::ticket_call;
use realmdesk_tests::{Browser, Call, World, html};
use serde_json::json;

use super::{administrator, agent, each, id, parent, post, post_json, save, told};

const TEXT: &str = "Dear %{recipient.name.first}, #%{ticket.number} about %{ticket.subject}: \
                    switch it off. %{signature}";

fn page_of(world: &World, realm: &str, reply: i64) -> String {
    format!("/admin/canned/{reply}?in={}", id(world, realm))
}

/// Makes a canned reply, and returns its id.
fn made(world: &World, browser: &mut Browser<'_>, realm: &str, title: &str) -> i64 {
    let here = id(world, realm).to_string();
    let fields = [("in", &*here), ("title", title), ("text", TEXT)];
    let page = post_json(browser, "/admin/canned", &fields);
    assert_eq!(page.status, 200, "{}", page.text());
    page.json()["id"].as_i64().unwrap()
}

/// Makes a filter of a realm that answers tickets about fires, and returns its page.
fn answering(world: &World, browser: &mut Browser<'_>, realm: &str, reply: i64) -> String {
    let here = id(world, realm).to_string();
    let fields = [
        ("in", &*here),
        ("name", "Fires"),
        ("what", "subject"),
        ("operator", "contains"),
        ("value", "fire"),
    ];
    let page = post_json(browser, "/admin/filters", &fields);
    let filter = format!("/admin/filters/{}?in={here}", page.json()["id"]);
    let saved = save(browser, &filter, &[("canned", &reply.to_string())]);
    assert_eq!(saved.status, 303, "{}", saved.text());
    filter
}

fn open(world: &World, realm: &str, fields: &serde_json::Value) -> String {
    world.execute("DELETE FROM outbox");
    let page = world.send(ticket_call(realm, fields));
    assert_eq!(page.status, 201, "{}", page.text());
    page.text().to_owned()
}

fn mailed(world: &World) -> Vec<String> {
    world.rows("SELECT to_address, subject, text_body FROM outbox WHERE to_address LIKE 'ana@%'")
}

#[test]
fn fi_4_a_filter_answers_with_a_canned_reply_in_the_place_of_the_confirmation() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let reply = made(&world, &mut p, "P", " Switch it <off> ");
    answering(&world, &mut p, "P", reply);
    let number = open(&world, "sp3", &json!({ "subject": "Fire!" }));
    let told = mailed(&world);
    assert_eq!(told.len(), 1, "no confirmation beside it: {told:?}");
    let mail = &told[0];
    for part in [
        &*format!("[#{number}]"),
        &format!("#{number} about"),
        "switch it off. SP3",
    ] {
        assert!(mail.contains(part), "{part}: {mail}");
    }
    assert!(mail.contains("?access="));
    for typed in ["Fire!", "Ana"] {
        assert!(!mail.contains(typed), "U-32: {typed} in {mail}");
    }
    let entries = world.rows(&format!(
        "SELECT e.kind, e.author, e.body FROM entry AS e JOIN ticket AS t USING (ticket_id)
          WHERE t.number = '{number}' ORDER BY e.entry_id"
    ));
    assert_eq!(
        entries[1],
        format!("reply|SYSTEM (Canned Reply)|Dear Ana, #{number} about Fire!: switch it off. SP3")
    );
    assert_eq!(
        world.rows(&format!(
            "SELECT answered_at FROM ticket WHERE number = '{number}'"
        )),
        ["NULL"],
        "an agent has not had the last word"
    );
    assert_eq!(
        world.rows("SELECT actions FROM filter_match"),
        ["[\"canned\"]"]
    );
    let page = open(&world, "sp3", &json!({ "subject": "Water" }));
    assert!(!page.is_empty());
    assert!(
        mailed(&world)[0].contains("your ticket is with us"),
        "the rest is confirmed as ever"
    );
}

#[test]
fn a_canned_reply_is_mailed_only_where_answers_are() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let reply = made(&world, &mut p, "P", "Off");
    let filter = answering(&world, &mut p, "P", reply);
    open(
        &world,
        "p",
        &json!({ "subject": "Fire", "autorespond": false }),
    );
    assert_eq!(mailed(&world).len(), 0, "the program said so");
    let robot = "From: ana@example.com\r\nSubject: Fire\r\nMessage-ID: <r@example.com>\r\n\
                 Auto-Submitted: auto-generated\r\n\r\nx\r\n";
    let call = Call::post("/mail/raw?to=help@p.example").header("authorization", "Bearer p-secret");
    assert_eq!(world.send(call.body(robot)).status, 201);
    assert_eq!(mailed(&world).len(), 0, "a program would answer it");
    save(&mut p, &filter, &[("noresp", "1")]);
    open(&world, "p", &json!({ "subject": "Fire" }));
    assert_eq!(mailed(&world).len(), 0, "the filter says so too");
    assert_eq!(
        world.number("SELECT count(*) FROM entry WHERE kind = 'reply'"),
        3,
        "the thread has it all the same"
    );
}

#[test]
fn fi_5_a_filter_is_switched_off_with_its_canned_reply() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let reply = made(&world, &mut p, "P", "Off");
    let filter = answering(&world, &mut p, "SP1", reply);
    let at = page_of(&world, "P", reply);
    assert_eq!(told(&mut p, &filter)["dangling"], false);
    assert_eq!(save(&mut p, &at, &[("active", "")]).status, 303);
    let now = told(&mut p, &filter);
    assert_eq!(
        (&now["active"], &now["dangling"]),
        (&json!(false), &json!(true))
    );
    assert!(p.get(&filter).text().contains("switched off or gone"));
    save(&mut p, &filter, &[("active", "1")]);
    open(&world, "sp1", &json!({ "subject": "Fire" }));
    assert!(
        mailed(&world)[0].contains("your ticket is with us"),
        "there is nothing to answer"
    );
    assert_eq!(save(&mut p, &at, &[("active", "1")]).status, 303);
    open(&world, "sp1", &json!({ "subject": "Fire" }));
    assert!(mailed(&world)[0].contains("switch it off"));
    let version = html::value(p.get(&at).text(), "version").unwrap();
    let here = id(&world, "P").to_string();
    let fields = [("in", &*here), ("change", "delete"), ("version", &*version)];
    let gone = post(&mut p, &at, &fields);
    assert_eq!(
        gone.location(),
        format!("/admin/canned?in={here}&done=saved")
    );
    let now = told(&mut p, &filter);
    assert_eq!(
        (&now["active"], &now["dangling"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(now["actions"], json!([{ "do": "canned", "value": null }]));
    assert_eq!(p.get(&at).status, 404);
    assert_eq!(save(&mut p, &filter, &[("active", "1")]).status, 303);
    let now = told(&mut p, &filter);
    assert_eq!(
        (&now["active"], &now["actions"]),
        (&json!(true), &json!([]))
    );
}

#[test]
fn canned_replies_are_listed_with_those_of_realms_above() {
    let world = parent();
    let mut p = administrator(&world, "P");
    made(&world, &mut p, "P", "Of P");
    made(&world, &mut p, "SP1", "Of SP1 <&>");
    let list = |browser: &mut Browser<'_>, realm: &str| {
        told(browser, &format!("/admin/canned?in={}", id(&world, realm)))["canned"].clone()
    };
    assert_eq!(each(&list(&mut p, "C1A"), "title"), ["Of P", "Of SP1 <&>"]);
    assert_eq!(each(&list(&mut p, "SP3"), "title"), ["Of P"]);
    let page = p.get(&format!("/admin/canned?in={}", id(&world, "C1A")));
    assert!(
        page.text().contains("Of SP1 &#60;&#38;&#62;") && page.text().contains("of SP1</span>")
    );
    let mut sp1 = administrator(&world, "SP1");
    assert_eq!(
        each(&list(&mut sp1, "C1A"), "title"),
        ["Of SP1 <&>"],
        "what they hold"
    );
}

#[test]
fn kb_1_what_is_wrong_is_said_beside_it_and_kept() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let reply = made(&world, &mut p, "P", "Off");
    let at = page_of(&world, "P", reply);
    made(&world, &mut p, "P", "Taken");
    let realm = id(&world, "P").to_string();
    for (title, text, department, field, why) in [
        (" ", "kept", "", "title", "title"),
        ("Taken", "kept", "", "title", "taken"),
        ("x", " ", "", "text", "text"),
        ("x", "%{moon}", "", "text", "variables"),
        ("x", "%{response}", "", "text", "variables"),
        ("x", "kept", "999", "department", "unknown"),
    ] {
        let version = html::value(p.get(&at).text(), "version").unwrap();
        let fields = [
            ("in", &*realm),
            ("change", "save"),
            ("version", &*version),
            ("title", title),
            ("text", text),
            ("department", department),
        ];
        for path in ["/admin/canned", &at] {
            let refused = post_json(&mut p, path, &fields);
            assert_eq!(refused.status, 422, "{path} {why}");
            assert_eq!(refused.json()["error"], why);
            assert_eq!(refused.json()["field"], field);
            let page = post(&mut p, path, &fields);
            assert_eq!(page.status, 422);
            assert!(
                page.text().contains(&format!("id=\"{field}-problem\"")),
                "{why}"
            );
            assert_eq!(html::value(page.text(), "title").unwrap(), title);
        }
    }
    assert_eq!(told(&mut p, &at)["title"], "Off");
    let preview = told(&mut p, &at)["preview"].clone();
    assert!(preview.as_str().unwrap().starts_with("Dear Ana, #482913"));
}

#[test]
fn a_stale_form_changes_nothing() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let reply = made(&world, &mut p, "P", "Off");
    let at = page_of(&world, "P", reply);
    assert_eq!(
        save(&mut p, &at, &[("title", "Mine"), ("active", "1")]).status,
        303
    );
    let realm = id(&world, "P").to_string();
    for change in ["save", "delete"] {
        let fields = [
            ("in", &*realm),
            ("change", change),
            ("version", "1"),
            ("title", "Theirs"),
            ("text", "x"),
        ];
        let page = post(&mut p, &at, &fields);
        assert_eq!(page.status, 409, "{change}");
        assert_eq!(html::value(page.text(), "title").unwrap(), "Theirs");
    }
    assert_eq!(told(&mut p, &at)["title"], "Mine");
}

#[test]
fn t_56_a_department_s_canned_reply_says_whose_it_is() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let reply = made(&world, &mut p, "P", "Off");
    let at = page_of(&world, "P", reply);
    assert_eq!(told(&mut p, &at)["department"], json!(null));
    let department = world.number("SELECT min(department_id) FROM department WHERE tenant_id = 1");
    let changed = [("department", &*department.to_string()), ("active", "1")];
    assert_eq!(save(&mut p, &at, &changed).status, 303);
    assert_eq!(told(&mut p, &at)["department"], department);
    assert_eq!(
        save(&mut p, &at, &[("active", "1")]).status,
        303,
        "as it is"
    );
    assert_eq!(told(&mut p, &at)["department"], department);
}

#[test]
fn t_66_only_who_holds_the_realm_looks_after_its_canned_replies() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let reply = made(&world, &mut p, "P", "Off");
    let at = page_of(&world, "P", reply);
    let mut sp3 = administrator(&world, "SP3");
    for hidden in [&at, &page_of(&world, "SP3", reply)] {
        assert_eq!(sp3.get(hidden).status, 404, "{hidden}");
        let fields = [("in", "1"), ("change", "delete"), ("version", "1")];
        assert_eq!(post(&mut sp3, hidden, &fields).status, 404);
    }
    let own = sp3.get("/admin/canned");
    assert!(own.text().contains("No canned replies yet"));
    let mut c1b = agent(&world, "C1B");
    assert_eq!(c1b.get("/admin/canned").status, 403);
}

#[test]
fn kb_1_a_canned_reply_names_the_fields_that_tickets_are_asked_for() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let realm = id(&world, "P");
    world.execute(&format!(
        "INSERT INTO form (tenant_id, form_id, realm_id, kind, title)
         VALUES (1, 9, {realm}, 'ticket', 'More');
         INSERT INTO field (tenant_id, field_id, form_id, name, label, kind)
         VALUES (1, 90, 9, 'asset', 'The asset', 'text')"
    ));
    let here = realm.to_string();
    let new = |text| [("in", &*here), ("title", "Asset"), ("text", text)];
    let refused = post_json(&mut p, "/admin/canned", &new("%{ticket.moon}"));
    assert_eq!(refused.json()["unknown"], json!(["ticket.moon"]));
    let page = post_json(&mut p, "/admin/canned", &new("About %{ticket.asset}."));
    assert_eq!(page.status, 200, "{}", page.text());
    let reply = page.json()["id"].as_i64().unwrap();
    let shown = told(&mut p, &page_of(&world, "P", reply));
    assert_eq!(shown["preview"], "About The asset.");
    assert!(
        p.get(&page_of(&world, "P", reply))
            .text()
            .contains("%{ticket.asset}")
    );
    let listed = told(&mut p, &format!("/admin/canned?in={here}"));
    let variables = listed["variables"].as_array().unwrap();
    assert!(variables.contains(&json!("ticket.asset")));
}
