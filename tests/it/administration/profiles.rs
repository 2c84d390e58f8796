//! What the forms of users and of organizations hold of each (FO-1).

use realmdesk_tests::world::ticket_call;
use realmdesk_tests::{Browser, World, html};
use serde_json::{Value, json};

use super::{administrator, agent, each, id, parent, post, post_json, save, told};

fn opened(world: &World, realm: &str, fields: &Value) -> String {
    let page = world.send(ticket_call(realm, fields));
    page.text().to_owned()
}

fn user(world: &World, email: &str) -> String {
    let found = world.rows(&format!("SELECT user_id FROM user WHERE email = '{email}'"));
    format!("/admin/profiles/users/{}", found[0])
}

fn organization(world: &World, p: &mut Browser<'_>, realm: &str) -> String {
    let fields = [("in", &*id(world, realm).to_string()), ("name", "Globex")];
    let page = post_json(p, "/admin/organizations", &fields);
    assert_eq!(page.status, 200, "{}", page.text());
    format!(
        "/admin/profiles/organizations/{}",
        page.json()["id"].as_str().unwrap()
    )
}

/// What a profile holds, by the names of its fields.
fn held(browser: &mut Browser<'_>, path: &str) -> Vec<(String, String)> {
    let profile = told(browser, path);
    let fields = profile["fields"].as_array().unwrap().iter();
    let said = fields.map(|it| {
        let values = it["values"].as_array().unwrap().iter();
        let values: Vec<&str> = values.map(|it| it.as_str().unwrap()).collect();
        (it["name"].as_str().unwrap().to_owned(), values.join("+"))
    });
    said.collect()
}

fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

const HANK: &str = "hank@globex.example";

#[test]
fn fo_1_whoever_is_new_introduces_themselves_with_their_first_ticket() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let first = json!({
        "subject": "Hello", "email": HANK, "name": "Hank",
        "phone": "555-123-4567X89", "notes": "Important"
    });
    let number = opened(&world, "p", &first);
    let path = user(&world, HANK);
    let own = pairs([("phone", "555-123-4567 x89"), ("notes", "Important")]);
    assert_eq!(held(&mut p, &path), own);
    // Agents find it with the ticket as well, and users what they may see of it.
    let ticket = p.get(&format!("/queues/tickets/{number}"));
    assert!(ticket.text().contains("555-123-4567 x89") && ticket.text().contains("Important"));
    // A stranger who types the address changes nothing of whose it is; nothing is lost either.
    let second = json!({
        "subject": "Again", "email": HANK, "name": "Not Hank", "phone": "999 999 9999"
    });
    let number = opened(&world, "p", &second);
    assert_eq!(held(&mut p, &path), own);
    let ticket = p.get(&format!("/queues/tickets/{number}"));
    assert!(ticket.text().contains("999 999 9999"));
}

#[test]
fn fo_1_the_portal_asks_strangers_and_not_whoever_has_signed_in() {
    let world = World::new().tenant("acme");
    let mut ana = world.browser("acme.localhost");
    let page = ana.get("/open");
    assert!(page.text().contains("Phone Number"));
    assert!(!page.text().contains("Internal Notes"), "for agents alone");
    let typed = [
        ("topic", "1"),
        ("name", "Ana Lima"),
        ("email", "ana@example.com"),
        ("subject", "Printer"),
        ("message", "It burns."),
        ("field_3", "call me"),
    ];
    let page = ana.submit("/open", &typed);
    assert_eq!(page.status, 422);
    assert!(page.text().contains("call me"), "what was typed is kept");
    let mut right = typed;
    right[5].1 = "+49 30 1234567";
    assert_eq!(ana.submit("/open", &right).status, 303);
    assert_eq!(
        world.rows(
            "SELECT v.text FROM user_value AS v JOIN user AS u USING (tenant_id, user_id)
                     WHERE u.email = 'ana@example.com'"
        ),
        ["+49 30 1234567"]
    );
    let ana = world.browser("acme.localhost");
    let mut ana = ana.signed_in_by_mail("ana@example.com");
    let page = ana.get("/open");
    assert_eq!(page.status, 200);
    assert!(!page.text().contains("Phone Number"));
}

#[test]
fn fo_1_profiles_are_seen_and_changed() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let path = organization(&world, &mut p, "SP1");
    let (form, action) = (p.get(&path), path.as_str());
    let filled = html::filled(form.text(), action).unwrap();
    let names: Vec<&str> = filled.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "csrf", "version", "field_5", "field_6", "field_7", "field_8"
        ]
    );
    let typed = [
        ("field_5", "1 Way\nSpringfield"),
        ("field_7", "https://globex.example"),
    ];
    assert_eq!(save(&mut p, &path, &typed).status, 303);
    let is_held = pairs([
        ("address", "1 Way\nSpringfield"),
        ("phone", ""),
        ("website", "https://globex.example"),
        ("notes", ""),
    ]);
    assert_eq!(held(&mut p, &path), is_held);
    // What somebody else has read before that does not undo it.
    let stale = [("version", "1"), ("field_7", "https://other.example")];
    assert_eq!(post(&mut p, &path, &stale).status, 409);
    assert_eq!(held(&mut p, &path), is_held);
    let wrong = save(&mut p, &path, &[("field_6", "none")]);
    assert_eq!(wrong.status, 422);
    assert!(
        wrong.text().contains("value=\"none\""),
        "what was typed is kept"
    );
    assert_eq!(held(&mut p, &path), is_held);
    world.turn(1);
    assert_eq!(save(&mut p, &path, &[("field_5", " ")]).status, 303);
    assert_eq!(held(&mut p, &path)[0].1, "");
    let log = world.rows(
        "SELECT action, kind, name, changed FROM admin_event WHERE changed IS NOT NULL
          ORDER BY event_id DESC LIMIT 1",
    );
    assert_eq!(log, [r#"changed|organization|Globex|{"address":""}"#]);
}

#[test]
fn fo_1_each_realm_asks_what_it_wants_and_the_realms_above() {
    let world = parent();
    let mut p = administrator(&world, "P");
    for (realm, title, name) in [("SP1", "Customer", "customer"), ("SP2", "Other", "other")] {
        let realm = id(&world, realm).to_string();
        let form = [("in", &*realm), ("title", title), ("purpose", "user")];
        let form = post_json(&mut p, "/admin/forms", &form).json()["id"].to_string();
        let path = format!("/admin/forms/{form}?in={realm}");
        let field = |kind| {
            [
                ("in", &*realm),
                ("change", "add"),
                ("label", title),
                ("name", name),
                ("kind", kind),
            ]
        };
        // What a ticket has, no user has.
        for kind in ["priority", "files"] {
            assert_eq!(post_json(&mut p, &path, &field(kind)).status, 400);
        }
        assert_eq!(post_json(&mut p, &path, &field("text")).status, 200);
        // A form of users stays one.
        let change = [
            ("in", &*realm),
            ("change", "save"),
            ("title", title),
            ("purpose", "ticket"),
            ("active", "1"),
        ];
        assert_eq!(post_json(&mut p, &path, &change).status, 200);
        assert_eq!(told(&mut p, &path)["purpose"], "user");
    }
    opened(
        &world,
        "sp1",
        &json!({ "subject": "Hello", "email": HANK, "name": "Hank", "customer": "C-1" }),
    );
    let path = user(&world, HANK);
    let profile = told(&mut p, &path);
    assert_eq!(
        each(&profile["fields"], "name"),
        ["phone", "notes", "customer"]
    );
    assert_eq!(held(&mut p, &path)[2].1, "C-1");
}

#[test]
fn t_47_a_field_of_a_profile_is_known_to_its_roles_alone() {
    let world = parent();
    opened(
        &world,
        "p",
        &json!({ "subject": "Hello", "email": HANK, "name": "Hank", "phone": "555 123 4567" }),
    );
    world.execute("INSERT INTO field_role (tenant_id, field_id, role_id) VALUES (1, 3, 4)");
    let mut p = administrator(&world, "P");
    let path = user(&world, HANK);
    assert_eq!(each(&told(&mut p, &path)["fields"], "name"), ["notes"]);
    let typed = [("version", "1"), ("field_3", "555 999 9999")];
    assert_eq!(
        post(&mut p, &path, &typed).status,
        303,
        "it is as good as not there"
    );
    assert_eq!(world.rows("SELECT text FROM user_value"), ["555 123 4567"]);
    world.execute("UPDATE field_role SET role_id = (SELECT min(role_id) FROM agent)");
    world.execute("UPDATE agent SET role_id = (SELECT min(role_id) FROM agent)");
    let mut p = agent(&world, "P");
    assert_eq!(
        each(&told(&mut p, &path)["fields"], "name"),
        ["phone", "notes"]
    );
}

#[test]
fn who_may_not_change_users_only_reads_of_them() {
    let world = parent();
    opened(
        &world,
        "p",
        &json!({ "subject": "Hello", "email": HANK, "name": "Hank", "phone": "555 123 4567" }),
    );
    world.execute(
        r#"UPDATE agent SET permissions = '["realm.create","user.dir"]'
            WHERE email = 'agent@p.example'"#,
    );
    let mut p = agent(&world, "P");
    let path = user(&world, HANK);
    let page = p.get(&path);
    assert_eq!(page.status, 200);
    assert!(page.text().contains("555 123 4567") && !page.text().contains("<form class=\"panel"));
    assert_eq!(
        post(
            &mut p,
            &path,
            &[("version", "1"), ("field_3", "555 999 9999")]
        )
        .status,
        403
    );
    let nobody = "/admin/profiles/users/018bcfe5-6800-7707-8707-070707070707";
    assert_eq!(p.get(nobody).status, 404);
}
