//! Who is let in, and how often.

use realmdesk_tests::dispatch::Call;
use realmdesk_tests::{MINUTE, World};

use super::{acme, get, permit, problem, read};

fn refused(world: &World, call: Call) -> (u16, String) {
    problem(&world.send(call))
}

fn expected(status: u16, name: &str) -> (u16, String) {
    (status, name.to_owned())
}

#[test]
fn a_key_comes_in_either_header_and_another_is_nobodys() {
    let world = acme();
    let list = || Call::get("/api/v1/tickets");
    for call in [
        list().header("x-api-key", "acme-key"),
        list().header("authorization", "Bearer acme-key"),
        list().header("authorization", "bearer acme-key"),
    ] {
        assert_eq!(world.send(call).status, 200);
    }
    for call in [
        list(),
        list().header("x-api-key", ""),
        list().header("x-api-key", "acme-kez"),
        list().header("authorization", "Basic acme-key"),
        list().header("authorization", "Bearer"),
    ] {
        let page = world.send(call);
        assert_eq!(page.header("www-authenticate"), "Bearer");
        assert_eq!(problem(&page), expected(401, "key-needed"));
    }
}

#[test]
fn a_key_that_is_off_or_bound_elsewhere_answers_like_an_unknown_one() {
    let world = acme();
    let unknown = world.send(Call::get("/api/v1/tickets").header("x-api-key", "nobody"));
    for columns in ["is_active = 0", r#"sources = '["198.51.100.7"]'"#] {
        world.execute(&format!("UPDATE api_key SET {columns}"));
        assert_eq!(read(&world, "acme", "/tickets").raw(), unknown.raw());
    }
}

#[test]
fn a_key_made_before_may_read_nothing() {
    let world = World::new().tenant("acme");
    world.ticket("acme", "Printer on fire");
    for path in ["/tickets", "/users", "/organizations", "/topics"] {
        let page = read(&world, "acme", path);
        assert_eq!(problem(&page), expected(403, "forbidden"), "{path}");
    }
}

#[test]
fn each_permission_opens_its_own_calls_and_no_others() {
    let world = acme();
    let rows = [
        ("/tickets", "tickets:read"),
        ("/users", "users:read"),
        ("/organizations", "users:read"),
        ("/topics", "topics:read"),
    ];
    for permission in ["tickets:read", "tickets:write", "users:read", "topics:read"] {
        permit(&world, "acme", &[permission]);
        for (path, needed) in rows {
            let status = if permission == needed { 200 } else { 403 };
            let page = read(&world, "acme", path);
            assert_eq!(page.status, status, "{path} with {permission}");
        }
    }
    permit(&world, "acme", &[]);
    let told = read(&world, "acme", "/tickets").json();
    assert_eq!(told["detail"], "The key lacks tickets:read.");
}

#[test]
fn a_suspended_tenant_is_closed() {
    let world = acme();
    world.execute("UPDATE tenant SET status = 'suspended'");
    let page = read(&world, "acme", "/tickets");
    assert_eq!(problem(&page), expected(503, "suspended"));
}

#[test]
fn a_key_has_so_many_calls_a_minute() {
    let world = acme();
    world.execute("UPDATE api_key SET calls_a_minute = 2");
    for remaining in ["1", "0"] {
        let page = read(&world, "acme", "/tickets");
        assert_eq!(page.status, 200);
        assert_eq!(page.header("ratelimit-limit"), "2");
        assert_eq!(page.header("ratelimit-remaining"), remaining);
        assert_eq!(page.header("ratelimit-reset"), "60");
    }
    world.turn(MINUTE / 2 + 1);
    let page = read(&world, "acme", "/tickets");
    assert_eq!(problem(&page), expected(429, "too-many"));
    assert_eq!(page.header("retry-after"), "30");
    assert_eq!(page.header("ratelimit-remaining"), "0");
    world.turn(MINUTE / 2);
    assert_eq!(read(&world, "acme", "/tickets").status, 200);
}

#[test]
fn the_calls_of_one_key_are_not_those_of_another() {
    let world = World::new().tenant("acme").tenant("globex");
    for tenant in ["acme", "globex"] {
        permit(&world, tenant, &["tickets:read"]);
    }
    world.execute("UPDATE api_key SET calls_a_minute = 1");
    assert_eq!(read(&world, "acme", "/tickets").status, 200);
    assert_eq!(read(&world, "acme", "/tickets").status, 429);
    assert_eq!(read(&world, "globex", "/tickets").status, 200);
}

#[test]
fn what_is_no_route_is_a_problem_too() {
    let world = acme();
    for path in [
        "/api/v1",
        "/api/v1/",
        "/api/v1/nothing",
        "/api/v1/tickets/",
        "/api/v1/%ff",
    ] {
        let page = world.send(Call::get(path));
        assert_eq!(problem(&page), expected(404, "not-found"), "{path}");
    }
    let page = world.send(Call::new("DELETE".parse().unwrap(), "/api/v1/tickets"));
    assert_eq!(problem(&page), expected(405, "method-not-allowed"));
    assert!(
        page.header("allow").contains("GET"),
        "{}",
        page.header("allow")
    );
    assert_eq!(
        refused(&world, Call::get("/api/v1/tickets/%ff")),
        expected(404, "not-found")
    );
}

#[test]
fn a_query_that_makes_no_sense_is_refused() {
    let world = acme();
    let rows = [
        ("/tickets?page=2", 400),
        ("/tickets?limit=many", 400),
        ("/tickets?limit=0", 422),
        ("/tickets?limit=101", 422),
        ("/tickets?queue=all", 422),
        ("/tickets?after=x", 422),
        ("/tickets?realm=4711", 422),
        ("/users?after=019aa4a1-5f00-7000-8000-000000000000", 422),
    ];
    for (path, status) in rows {
        assert_eq!(read(&world, "acme", path).status, status, "{path}");
    }
}

#[test]
fn our_own_trouble_tells_nothing() {
    let world = acme();
    world.meter.set_broken(true);
    let page = world.send(get("acme", "/tickets"));
    assert_eq!(problem(&page), expected(500, "trouble"));
    assert!(!page.text().contains("disk"));
    assert_eq!(
        world.log.take(),
        ["GET /api/v1/tickets: database: disk I/O error"]
    );
}
