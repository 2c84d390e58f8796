//! The platform's tenants: created, invited, suspended, and never by a stranger.

mod invitations;

use realmdesk_tests::world::ticket_call;
use realmdesk_tests::{Browser, Call, Page, World, html};
use serde_json::{Value, json};
use tenancy::port::Variable;

const PASSWORD: &str = "a password of my own";

/// Sends a call of the operator's.
fn operate(world: &World, call: Call) -> Page {
    let call = call.to("anything.example");
    world.send(call.header("authorization", "Bearer operator-secret"))
}

fn wanted() -> Value {
    json!({
        "slug": "initech",
        "name": "Initech",
        "host": "initech.localhost",
        "admin": { "email": "Bill@initech.example", "name": "Bill Lumbergh" },
    })
}

fn create(world: &World, wanted: &Value) -> Page {
    operate(world, Call::post("/admin/tenants").body(wanted.to_string()))
}

fn post(world: &World, path: &str) -> Page {
    operate(world, Call::post(path))
}

/// Takes an invitation up.
fn accept(browser: &mut Browser<'_>, url: &str, password: &str, again: &str) -> Page {
    let page = browser.visit(url);
    let form = html::form(page.text(), "/auth/bootstrap").unwrap();
    browser.send_form(&form, &[("password", password), ("again", again)])
}

#[test]
fn a_tenant_is_created_in_one_batch_and_its_first_agent_lets_themselves_in() {
    let world = World::new();
    world.meter.take_trips();
    let page = create(&world, &wanted());
    assert_eq!(
        (page.status, world.meter.take_trips()),
        (201, 2),
        "{}",
        page.text()
    );
    let told = page.json();
    assert_eq!(
        (&told["slug"], &told["status"]),
        (&json!("initech"), &json!("active"))
    );
    let url = told["invitation"]["url"].as_str().unwrap();
    assert!(
        url.starts_with("http://initech.localhost:8787/auth/bootstrap?token="),
        "{url}"
    );

    let mut browser = world.browser("initech.localhost");
    assert_eq!(browser.get("/").status, 200);
    for (password, again) in [("short", "short"), (PASSWORD, "another"), ("", "")] {
        assert_eq!(
            accept(&mut browser, url, password, again).status,
            422,
            "{password}"
        );
    }
    let page = accept(&mut browser, url, PASSWORD, PASSWORD);
    assert_eq!(
        (page.status, page.location()),
        (303, "/auth/sign-in?password_set=1")
    );
    assert!(
        browser
            .follow(page)
            .text()
            .contains("Your password is set.")
    );
    let typed = [("email", "bill@initech.example"), ("password", PASSWORD)];
    let page = browser.submit("/auth/sign-in", &typed);
    assert_eq!((page.status, page.location()), (303, "/queues"));
    assert_eq!(browser.visit("/queues").status, 200);
}

#[test]
fn without_the_operators_secret_no_route_tells_anything() {
    let world = World::new().tenant("acme");
    let calls = || {
        [
            Call::get("/admin/tenants"),
            Call::post("/admin/tenants").body(wanted().to_string()),
            Call::post("/admin/tenants/acme/suspend"),
            Call::post("/admin/tenants/acme/resume"),
            Call::post("/admin/tenants/acme/rename").body("{}"),
            Call::post("/admin/tenants/acme/invite"),
            Call::post("/admin/tenants/nobody/suspend"),
        ]
    };
    for bearer in ["", "Bearer ", "Bearer wrong", "Basic operator-secret"] {
        let mut answers = Vec::new();
        for call in calls() {
            let page = world.send(call.to("acme.localhost").header("authorization", bearer));
            assert_eq!(page.status, 401);
            answers.push(page.raw());
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]));
    }
    world.set(Variable::OperatorSecret, Some(""));
    for bearer in ["Bearer ", "Bearer operator-secret"] {
        let call = Call::get("/admin/tenants").to("acme.localhost");
        assert_eq!(world.send(call.header("authorization", bearer)).status, 401);
    }
    assert_eq!(world.number("SELECT count(*) FROM tenant"), 1);
}

#[test]
fn what_is_wrong_is_named_and_nothing_is_half_written() {
    let world = World::new().tenant("acme");
    let check = |field: &str, value: &str, status: u16| {
        let mut wanted = wanted();
        *wanted
            .pointer_mut(&format!("/{}", field.replace('.', "/")))
            .unwrap() = json!(value);
        let page = create(&world, &wanted);
        assert_eq!(
            (page.status, &page.json()["field"]),
            (status, &json!(field)),
            "{value}"
        );
    };
    for slug in ["", "Acme", "-a", "a b", "a/b"] {
        check("slug", slug, 422);
    }
    check("name", " ", 422);
    check("host", "initech.localhost:8787", 422);
    check("admin.email", "bill", 422);
    check("admin.name", "", 422);
    check("slug", "acme", 409);
    check("host", "acme.localhost", 409);
    for body in ["", "[]", "{\"slug\":\"a\"}", "{\"surprise\":1}"] {
        assert_eq!(
            operate(&world, Call::post("/admin/tenants").body(body)).status,
            400
        );
    }
    assert_eq!(world.number("SELECT count(*) FROM tenant"), 1);
    assert_eq!(world.number("SELECT count(*) FROM realm"), 1);
    world.set(Variable::SessionSecret, None);
    assert_eq!(create(&world, &wanted()).status, 500);
    assert_eq!(world.number("SELECT count(*) FROM tenant"), 1);
    world.set(Variable::SessionSecret, Some("another"));
    assert_eq!(create(&world, &wanted()).status, 201);
}

#[test]
fn a_suspended_tenant_says_so_and_intake_may_try_again() {
    let world = World::new().tenant("acme").tenant("globex");
    let mut ada = world
        .browser("acme.localhost")
        .signed_in("ada@acme.example");
    let page = post(&world, "/admin/tenants/acme/suspend");
    assert_eq!(
        (page.status, &page.json()["status"]),
        (200, &json!("suspended"))
    );

    for path in ["/", "/open", "/auth/sign-in", "/queues/open"] {
        let page = ada.get(path);
        assert_eq!(page.status, 503, "{path}");
    }
    assert_eq!(world.send(ticket_call("acme", &json!({}))).status, 503);
    let mail = || {
        let call = Call::post("/mail/raw?to=help@acme.example");
        call.header("authorization", "Bearer acme-secret")
            .body("From: a@b.example\r\n\r\nHi\r\n")
    };
    assert_eq!(world.send(mail()).status, 503);
    assert_eq!(world.browser("globex.localhost").get("/").status, 200);
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 0);

    assert_eq!(post(&world, "/admin/tenants/acme/resume").status, 200);
    assert_eq!(
        ada.visit("/queues/open").status,
        200,
        "a session outlives the suspension"
    );
    assert_eq!(world.send(mail()).status, 201);
}

#[test]
fn tenants_are_listed_and_renamed_without_a_look_inside() {
    let world = World::new().tenant("globex").tenant("acme");
    let rename = Call::post("/admin/tenants/acme/rename").body(r#"{"name":" Acme Ltd. "}"#);
    assert_eq!(operate(&world, rename).status, 200);
    post(&world, "/admin/tenants/globex/suspend");
    let list = |path: &str| operate(&world, Call::get(path)).json();
    let told = list("/admin/tenants");
    let row = |slug: &str, name: &str, status: &str| {
        json!({
            "slug": slug, "name": name, "status": status,
            "host": format!("{slug}.localhost"), "created_at": world.now().0,
        })
    };
    let rows = [
        row("acme", "Acme Ltd.", "active"),
        row("globex", "Globex", "suspended"),
    ];
    assert_eq!(told, json!({ "tenants": rows, "next": null }));
    assert_eq!(
        list("/admin/tenants?after=acme")["tenants"],
        json!([rows[1]])
    );
    let realm = world.rows("SELECT name FROM realm WHERE tenant_id = 2");
    assert_eq!(realm, ["Acme"], "the tenant's own realms keep their names");
    for path in [
        "/admin/tenants/nobody/suspend",
        "/admin/tenants/nobody/invite",
        "/admin/x",
    ] {
        assert_eq!(post(&world, path).status, 404, "{path}");
    }
    assert_eq!(
        operate(&world, Call::get("/admin/tenants/acme/suspend")).status,
        405
    );
}

#[test]
fn t_38_two_tenants_start_alike_and_share_nothing() {
    let world = World::new();
    create(&world, &wanted());
    let mut other = wanted();
    other["slug"] = json!("initrode");
    other["host"] = json!("initrode.localhost");
    assert_eq!(
        create(&world, &other).status,
        201,
        "the same address may be an agent in both"
    );
    for table in [
        "role",
        "department",
        "help_topic",
        "sla_plan",
        "sequence",
        "team",
    ] {
        let of = |tenant: i64| {
            let columns = world.rows(&format!(
                "SELECT group_concat(name) FROM pragma_table_info('{table}')
                  WHERE name NOT IN ('tenant_id', 'manager_id')"
            ));
            world.rows(&format!(
                "SELECT {} FROM {table} WHERE tenant_id = {tenant}",
                columns[0]
            ))
        };
        assert!(!of(1).is_empty(), "{table}");
        assert_eq!(of(1), of(2), "{table}");
    }
}
