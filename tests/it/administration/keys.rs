//! API keys, as administrators make and change them (AP-1).

use realmdesk_tests::{Browser, Call, Page, World};
use serde_json::{Value, json};

use super::{administrator, agent, each, id, parent, post, post_json, save, told};

const NEW: [(&str, &str); 4] = [
    ("name", "Shop"),
    ("calls", "300"),
    ("active", "1"),
    ("tickets:create", "1"),
];

/// Makes a key, and returns its page and the key itself.
fn made(
    world: &World,
    browser: &mut Browser<'_>,
    realm: &str,
    more: &[(&str, &str)],
) -> (String, String) {
    let here = id(world, realm).to_string();
    let fields = [&[("in", &*here)], &NEW[..], more].concat();
    let page = post_json(browser, "/admin/keys", &fields);
    assert_eq!(page.status, 200, "{}", page.text());
    let answer = page.json();
    let path = format!("/admin/keys/{}", answer["id"].as_str().unwrap());
    (path, answer["key"].as_str().unwrap().to_owned())
}

fn open(world: &World, key: &str) -> Page {
    let ticket = json!({
        "name": "Shop", "email": "shop@example.com", "subject": "Order", "message": "Text.",
    });
    let call = Call::post("/api/tickets.json").header("x-api-key", key);
    world.send(call.body(ticket.to_string()))
}

#[test]
fn ap_1_a_key_is_shown_once_works_and_is_kept_as_a_hash() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let sp3 = id(&world, "SP3").to_string();
    let page = post(
        &mut p,
        "/admin/keys",
        &[&[("in", &*sp3)], &NEW[..]].concat(),
    );
    assert_eq!(page.status, 200);
    let key = page
        .text()
        .split("translate=\"no\">")
        .nth(1)
        .and_then(|rest| rest.split('<').next())
        .unwrap()
        .to_owned();
    assert_eq!(key.len(), 32);
    assert!(
        key.chars()
            .all(|c| c.is_ascii_digit() || ('A'..='F').contains(&c)),
        "{key}"
    );
    assert_eq!(open(&world, &key).status, 201);
    let filed = "SELECT r.name FROM ticket AS t JOIN realm AS r USING (tenant_id, realm_id)
                  WHERE t.subject = 'Order'";
    assert_eq!(world.rows(filed), ["SP3"]);
    for table in ["api_key", "admin_event"] {
        let rows = world.rows(&format!("SELECT * FROM {table}")).concat();
        assert!(!rows.contains(&key), "{table}");
    }
    let listed = p.get("/admin/keys").text().to_owned();
    assert!(listed.contains("Shop") && !listed.contains(&key));
    assert!(listed.contains(&format!("{}…", &key[..4])));
}

#[test]
fn a_key_is_changed_switched_off_and_revoked() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let (path, key) = made(&world, &mut p, "SP3", &[]);
    let changed = [
        ("name", "Web <shop>"),
        ("notes", "Asked for by sales."),
        ("sources", "192.0.2.7\r\n2001:db8::/32"),
        ("tickets:read", "1"),
        ("old", "1"),
        ("cron", "1"),
        ("route", "1"),
        ("calls", "12"),
    ];
    assert_eq!(save(&mut p, &path, &changed).status, 303);
    let now = told(&mut p, &path);
    let shown = |field: &str| now[field].clone();
    assert_eq!(shown("name"), "Web <shop>");
    assert_eq!(shown("notes"), "Asked for by sales.");
    assert_eq!(shown("sources"), json!(["192.0.2.7", "2001:db8::/32"]));
    assert_eq!(
        shown("permissions"),
        json!(["tickets:create", "tickets:read"])
    );
    assert_eq!(shown("dialect"), "1.16");
    assert_eq!((shown("cron"), shown("route")), (json!(true), json!(true)));
    assert_eq!(shown("calls_a_minute"), 12);
    assert_eq!(open(&world, &key).status, 401, "from another address");
    assert_eq!(
        save(&mut p, &path, &[("sources", ""), ("active", "")]).status,
        303
    );
    assert_eq!(open(&world, &key).status, 401, "it is off");
    assert_eq!(save(&mut p, &path, &[("active", "1")]).status, 303);
    assert_eq!(open(&world, &key).status, 201);
    let unsure = post(&mut p, &path, &[("change", "revoke")]);
    assert_eq!(unsure.status, 422);
    assert!(unsure.text().contains("this cannot be undone"));
    let gone = post(&mut p, &path, &[("change", "revoke"), ("sure", "1")]);
    assert_eq!(gone.status, 303);
    assert!(gone.location().starts_with("/admin/keys?in="));
    assert_eq!(open(&world, &key).status, 401);
    assert_eq!(p.get(&path).status, 404);
}

#[test]
fn what_was_typed_wrongly_is_told_beside_the_field_and_kept() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let here = id(&world, "P").to_string();
    for (field, value, error) in [
        ("name", " ", "name"),
        ("sources", "everywhere", "sources"),
        ("sources", "192.0.2.0/33", "sources"),
        ("calls", "0", "calls"),
        ("calls", "many", "calls"),
        ("notes", &*"n".repeat(2_001), "too_long"),
    ] {
        let mut fields = vec![("in", &*here), (field, value)];
        fields.extend(NEW.iter().filter(|(name, _)| *name != field));
        let answer = post_json(&mut p, "/admin/keys", &fields);
        assert_eq!(answer.status, 422, "{field}={value}");
        assert_eq!(answer.json()["error"], error, "{field}={value}");
        assert_eq!(answer.json()["field"], field);
        let page = post(&mut p, "/admin/keys", &fields);
        assert_eq!(page.status, 422);
        assert!(page.text().contains(&format!("{field}-problem")), "{field}");
    }
    assert_eq!(
        world.number("SELECT count(*) FROM api_key WHERE name = 'Shop'"),
        0
    );
    assert_eq!(world.number("SELECT count(*) FROM admin_event"), 0);
}

#[test]
fn t_65_nobody_gives_a_key_more_than_they_may_do_themselves() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let (path, _) = made(
        &world,
        &mut p,
        "SP3",
        &[("users:write", "1"), ("tickets:write", "1")],
    );
    world.execute(
        r#"UPDATE agent SET permissions = '["door.manage"]', role_id = 4
            WHERE email = 'agent@sp3.example'"#,
    );
    let mut sp3 = agent(&world, "SP3");
    let page = sp3.get("/admin/keys");
    assert_eq!(page.status, 200);
    for refused in [
        "tickets:write",
        "users:read",
        "users:write",
        "tickets:create",
        "route",
    ] {
        let field = format!("name=\"{refused}\"");
        assert!(!page.text().contains(&field), "{refused} is not offered");
        let here = id(&world, "SP3").to_string();
        let fields = [
            ("in", &*here),
            ("name", "More"),
            ("calls", "1"),
            (refused, "1"),
        ];
        let answer = post_json(&mut sp3, "/admin/keys", &fields);
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (422, &json!("given"))
        );
    }
    made_by_them(&world, &mut sp3);
    // What the key has it keeps, and whoever took it away cannot give it back.
    assert_eq!(save(&mut sp3, &path, &[("name", "Renamed")]).status, 303);
    assert_eq!(save(&mut sp3, &path, &[("active", "")]).status, 303);
    let on = save(&mut sp3, &path, &[("active", "1")]);
    assert_eq!(on.status, 422);
    assert!(on.text().contains("This key may do more than you do"));
    assert_eq!(save(&mut sp3, &path, &[("users:write", "")]).status, 303);
    assert_eq!(save(&mut sp3, &path, &[("users:write", "1")]).status, 422);
}

/// What a key can always be given: to read what its maker sees.
fn made_by_them(world: &World, browser: &mut Browser<'_>) {
    let here = id(world, "SP3").to_string();
    let fields = [
        ("in", &*here),
        ("name", "Reader"),
        ("calls", "1"),
        ("tickets:read", "1"),
        ("topics:read", "1"),
    ];
    let made = post_json(browser, "/admin/keys", &fields);
    assert_eq!(made.status, 200, "{}", made.text());
}

#[test]
fn t_66_keys_are_made_and_seen_in_held_realms_only() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let (abroad, _) = made(&world, &mut p, "SP1", &[]);
    let mut sp3 = administrator(&world, "SP3");
    let keys = told(&mut sp3, "/admin/keys");
    let realms: Vec<Value> = keys["keys"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key["realm"]["name"].clone())
        .collect();
    assert!(
        realms
            .iter()
            .all(|realm| { ["SP3", "C3A", "C3B", "C3C"].contains(&realm.as_str().unwrap()) }),
        "{realms:?}"
    );
    let nothing = sp3
        .get("/admin/keys/018bcfe5-6800-7707-8707-070707070707")
        .raw();
    assert!(nothing.starts_with("404"));
    assert_eq!(sp3.get(&abroad).raw(), nothing);
    let there = id(&world, "SP1").to_string();
    let fields = [&[("in", &*there)], &NEW[..]].concat();
    assert_eq!(post(&mut sp3, "/admin/keys", &fields).raw(), nothing);
}

#[test]
fn of_two_who_change_a_key_the_second_is_told_and_nothing_is_lost() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let (path, _) = made(&world, &mut p, "P", &[]);
    let fields = [&[("change", "save"), ("version", "1")], &NEW[..]].concat();
    assert_eq!(post(&mut p, &path, &fields).status, 303);
    assert_eq!(post(&mut p, &path, &fields).status, 409);
    assert_eq!(told(&mut p, &path)["version"], 2);
}

#[test]
fn a_long_list_of_keys_goes_on_page_by_page() {
    let world = parent();
    let mut p = administrator(&world, "P");
    for number in 0..105 {
        let hash = format!("{number:064}");
        world.execute(&format!(
            "INSERT INTO api_key (tenant_id, key_hash, realm_id, prefix, name, created_at, key_id)
             SELECT tenant_id, '{hash}', realm_id, 'AAAA', 'Key {number}', 1,
                    '00000000-0000-7000-8000-{number:012}'
               FROM realm WHERE name = 'SP3'"
        ));
    }
    let mut names: Vec<String> = Vec::new();
    let mut next = Some("/admin/keys".to_owned());
    let mut pages = 0;
    while let Some(path) = next {
        let page = told(&mut p, &path);
        names.extend(each(&page["keys"], "name").into_iter().map(str::to_owned));
        next = page["next"].as_str().map(str::to_owned);
        pages += 1;
    }
    assert_eq!(pages, 2);
    let all = world.number("SELECT count(*) FROM api_key WHERE tenant_id = 1");
    assert_eq!(i64::try_from(names.len()).unwrap(), all);
    let again: std::collections::BTreeSet<_> = names.iter().collect();
    assert!(again.len() >= 105, "none is there twice");
}
