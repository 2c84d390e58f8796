//! Who gets in, and what everybody else is told.

use realmdesk_tests::{Browser, Call, World};

use super::{administrator, agent, id, parent, path, post, post_json};

/// Every page of a realm that takes changes.
const PAGES: [&str; 4] = ["", "/move", "/access", "/settings"];

fn pages(realm: i64) -> Vec<String> {
    let of_realm = PAGES.map(|page| format!("/admin/realms/{realm}{page}"));
    let others = ["/admin/realms", "/admin/separation", "/admin/explain"];
    of_realm
        .into_iter()
        .chain(others.map(str::to_owned))
        .collect()
}

#[test]
fn the_administration_asks_to_sign_in_first() {
    let world = parent();
    for path in pages(2) {
        let page = world.browser("p.localhost").get(&path);
        assert_eq!(page.status, 303, "{path}");
        assert_eq!(page.location(), format!("/auth/sign-in?next={path}"));
        let told = world.browser("p.localhost").get_json(&path);
        assert_eq!(told.status, 401, "{path}");
        if path != "/admin/explain" {
            let posted = world.browser("p.localhost").post(&path, "change=archive");
            assert_eq!(
                (posted.status, posted.location()),
                (303, page.location()),
                "{path}"
            );
        }
    }
    let mut nobody = world.browser("p.localhost");
    let typed = [("email", "agent@p.example"), ("password", World::PASSWORD)];
    let page = nobody.submit("/auth/sign-in?next=/admin/realms/2/access", &typed);
    assert_eq!(page.location(), "/admin/realms/2/access");
}

#[test]
fn an_agent_without_a_key_of_administration_is_told_so_whatever_is_there() {
    let world = parent();
    let mut p = agent(&world, "P");
    let refused = p.get("/admin/realms/2").raw();
    for path in pages(2).into_iter().chain(pages(999)) {
        let page = p.get(&path);
        assert_eq!((page.status, page.raw()), (403, refused.clone()), "{path}");
        assert_eq!(
            p.get_json(&path).json()["error"],
            "you may not do that",
            "{path}"
        );
    }
    assert!(refused.contains("You may not do that"));
    assert!(!p.get("/queues/open").text().contains("/admin/realms"));
    assert!(
        administrator(&world, "P")
            .get("/queues/open")
            .text()
            .contains("/admin/realms")
    );
}

/// What a request answers for a realm that does not exist.
fn of_nothing(browser: &mut Browser<'_>, page: &str) -> [String; 3] {
    answers(browser, 999, page)
}

fn answers(browser: &mut Browser<'_>, realm: i64, page: &str) -> [String; 3] {
    let path = format!("/admin/realms/{realm}{page}");
    let fields = [
        ("change", "rename"),
        ("name", "Taken over"),
        ("kind", "site"),
        ("version", "1"),
        ("below", "4"),
        ("key", "locale"),
        ("value", "de"),
    ];
    let fields = fields.map(|(name, value)| match (page, name) {
        ("/access", "change") => (name, "close"),
        ("/settings", "change") => (name, "set"),
        (_, _) => (name, value),
    });
    [
        browser.get(&path).raw(),
        browser.get_json(&path).raw(),
        post(browser, &path, &fields).raw(),
    ]
}

#[test]
fn t_61_t_66_foreign_realms_answer_byte_for_byte_like_none() {
    let world = parent().tenant("acme");
    // Another tenant's realm under an id that this tenant has none of.
    world.execute(
        "INSERT INTO realm (tenant_id, realm_id, parent_id, path, name)
         SELECT tenant_id, 77, 1, 'a0a0', 'Abroad' FROM tenant WHERE slug = 'acme'",
    );
    let before = world.rows("SELECT * FROM realm ORDER BY tenant_id, realm_id");
    let mut sp3 = administrator(&world, "SP3");
    for page in PAGES {
        let nothing = of_nothing(&mut sp3, page);
        assert!(
            nothing[0].starts_with("404") && nothing[2].starts_with("404"),
            "{page}"
        );
        for realm in ["P", "SP1", "C1A", "Abroad"] {
            let foreign = id(&world, realm);
            assert_eq!(answers(&mut sp3, foreign, page), nothing, "{realm}{page}");
        }
        let closed = "INSERT INTO restriction (tenant_id, realm_id, role_id)
             SELECT tenant_id, realm_id, 3 FROM realm WHERE name = 'C3A'";
        world.execute(closed);
        let shut = answers(&mut sp3, id(&world, "C3A"), page);
        assert_eq!(shut, nothing, "a realm closed to the administrator{page}");
        world.execute("DELETE FROM restriction");
    }
    for list in ["/admin/realms?in=", "/admin/realms?after="] {
        let nothing = sp3.get(&format!("{list}999"));
        assert_eq!(nothing.status, 404);
        for realm in ["P", "SP1", "Abroad"] {
            let foreign = sp3.get(&format!("{list}{}", id(&world, realm)));
            assert_eq!(foreign.raw(), nothing.raw(), "{list} {realm}");
        }
    }
    let below = |browser: &mut Browser<'_>, realm: &str| {
        let fields = [("below", realm), ("name", "New"), ("kind", "site")];
        post(browser, "/admin/realms", &fields).raw()
    };
    let nothing = below(&mut sp3, "999");
    assert!(nothing.starts_with("404"));
    for realm in ["1", "2", "77", "x", ""] {
        assert_eq!(below(&mut sp3, realm), nothing, "{realm}");
    }
    assert_eq!(
        world.rows("SELECT * FROM realm ORDER BY tenant_id, realm_id"),
        before
    );
    assert_eq!(world.number("SELECT count(*) FROM setting"), 0);
    assert_eq!(world.number("SELECT count(*) FROM restriction"), 0);
}

#[test]
fn t_65_each_change_asks_for_its_own_key() {
    let world = parent();
    world.execute(
        r#"UPDATE agent SET permissions = '["realm.create"]' WHERE email = 'agent@p.example'"#,
    );
    let mut p = agent(&world, "P");
    for (page, fields) in [
        ("", [("change", "rename"), ("name", "x"), ("kind", "site")]),
        ("", [("change", "archive"), ("version", "1"), ("", "")]),
        ("/move", [("below", "3"), ("version", "1"), ("", "")]),
        ("/access", [("change", "open"), ("", ""), ("", "")]),
        (
            "/settings",
            [("change", "set"), ("key", "locale"), ("value", "de")],
        ),
        (
            "/settings",
            [("change", "lock"), ("key", "locale"), ("", "")],
        ),
    ] {
        let path = path(&world, "SP1", page);
        let refused = post(&mut p, &path, &fields);
        assert_eq!(refused.status, 403, "{path} {fields:?}");
        assert!(refused.text().contains("You may not do that"));
    }
    let page = p.get(&path(&world, "SP1", "/access"));
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(
        !page.text().contains("name=\"change\""),
        "no form without the key"
    );
    assert_eq!(p.get("/admin/separation").status, 403);
    assert_eq!(p.get("/admin/explain").status, 403);
    assert!(!p.get("/admin/realms").text().contains("/admin/separation"));
}

#[test]
fn a_form_without_its_token_changes_nothing() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let fields = "change=rename&name=Stolen&kind=site&version=1&csrf=x";
    for page in pages(2).iter().filter(|page| *page != "/admin/explain") {
        let refused = p.post(page, fields);
        assert_eq!(refused.status, 403, "{page}");
        assert!(refused.text().contains("This form has expired"), "{page}");
    }
    assert_eq!(
        world.number("SELECT count(*) FROM realm WHERE name = 'Stolen'"),
        0
    );
}

#[test]
fn what_is_no_id_no_change_and_no_method_is_told_so() {
    let world = parent();
    let mut p = administrator(&world, "P");
    for realm in [
        "x",
        "-1",
        "0",
        "9007199254740993",
        "99999999999999999999",
        "1%00",
    ] {
        let path = format!("/admin/realms/{realm}");
        assert_eq!(p.get(&path).status, 404, "{realm}");
    }
    for path in ["/admin/x", "/admin/realms/1/x", "/admin/realms/"] {
        assert_eq!(p.get(path).status, 404, "{path}");
        assert_eq!(p.get_json(path).json()["error"], "there is no such thing");
    }
    for page in pages(2) {
        let call = Call::new("DELETE".parse().unwrap(), &page);
        assert_eq!(p.send(call).status, 405, "{page}");
    }
    for page in ["", "/access", "/settings"] {
        let path = path(&world, "SP1", page);
        let fields = [
            ("change", "explode"),
            ("key", "locale"),
            ("name", "x"),
            ("kind", "site"),
        ];
        assert_eq!(post(&mut p, &path, &fields).status, 400, "{page}");
    }
    let first = p.get("/admin");
    assert_eq!((first.status, first.location()), (303, "/admin/realms"));
    let nothing = world.send(Call::get("/admin/tenants/x/y"));
    assert_eq!(
        (nothing.status, nothing.header("content-type")),
        (404, "application/json")
    );
}

#[test]
fn a_session_of_one_tenant_administers_no_other() {
    let world = parent().tenant("acme");
    world.empower("ada@acme.example");
    let ada = world
        .browser("acme.localhost")
        .signed_in("ada@acme.example");
    let mut abroad = ada.smuggled_to("p.localhost");
    assert_eq!(abroad.get("/admin/realms").status, 303);
    let fields = [("change", "archive"), ("version", "1")];
    let told = post_json(&mut ada.clone(), "/admin/realms/2", &fields);
    assert_eq!(told.status, 404, "acme has one realm");
}
