//! How a call may be spelt: paths, verbs, and what stands for them.

use http::Method;
use realmdesk_tests::World;
use realmdesk_tests::dispatch::Call;

use super::{set_key, told};

const JSON: &str = r#"{"name":"Ana","email":"ana@example.com","subject":"x","message":"y"}"#;
const XML: &str = "<ticket><name>Ana</name><email>ana@example.com</email><subject>x</subject>\
                   <message>y</message></ticket>";
const MAIL: &str = "From: ana@example.com\r\nSubject: x\r\n\r\ny\r\n";

/// Every call: its name, a body for it, and the status when it is done.
const CALLS: [(&str, &str, u16); 4] = [
    ("tickets.json", JSON, 201),
    ("tickets.xml", XML, 201),
    ("tickets.email", MAIL, 201),
    ("tasks/cron", "", 200),
];

fn call(method: Method, path: &str, body: &'static str) -> Call {
    Call::new(method, path)
        .header("x-api-key", "acme-key")
        .body(body)
}

fn world() -> World {
    let world = World::new().tenant("acme");
    set_key(&world, "acme-key", "can_run_cron = 1");
    world
}

#[test]
fn each_call_has_two_paths() {
    let world = world();
    for (name, body, status) in CALLS {
        for prefix in ["/api/", "/api/http.php/"] {
            let page = world.send(call(Method::POST, &format!("{prefix}{name}"), body));
            assert_eq!(page.status, status, "{prefix}{name}: {}", page.text());
            assert_eq!(page.header("content-type"), "text/html; charset=UTF-8");
            assert_eq!(page.header("content-length"), page.body.len().to_string());
        }
    }
}

#[test]
fn q_26_the_query_may_name_the_verb() {
    let world = world();
    for (name, body, status) in CALLS {
        for (method, query, expected) in [
            (Method::GET, "?_method=post", status),
            (Method::PUT, "?a=b&_method=POST", status),
            (Method::POST, "?_method=Post", status),
            (Method::POST, "?_method=get", 400),
            (Method::POST, "?_method=", 400),
            (Method::GET, "", 400),
            (Method::DELETE, "", 400),
        ] {
            let page = world.send(call(method.clone(), &format!("/api/{name}{query}"), body));
            assert_eq!(
                page.status,
                expected,
                "{method} {name}{query}: {}",
                page.text()
            );
            if expected == 400 {
                assert_eq!(page.text(), "URL not supported");
            }
        }
    }
}

#[test]
fn a_path_may_be_percent_encoded_and_nothing_may_follow_it() {
    let world = world();
    let sent = |path: &str| world.send(call(Method::POST, path, JSON));
    for path in ["/api/tickets%2Ejson", "/api/http%2ephp/tickets%2ejson"] {
        assert_eq!(sent(path).status, 201, "{path}");
    }
    for path in [
        "/api/tickets.json/",
        "/api/tickets.json/1",
        "/api/tickets.json%00",
        "/api/Tickets.json",
        "/api/tickets.XML",
        "/api/tickets.email/x",
        "/api/tickets%2Exml",
        "/api/tickets%2Eemail",
        "/api/tasks%2Fcron",
        "/api/tasks/cr%6Fn",
        "/api/tickets",
        "/api/tasks",
        "/api/tasks/cron/",
        "/api/http.php",
        "/api/http.php/http.php/tickets.json",
        "/api//tickets.json",
        "/api/%ff",
    ] {
        assert_eq!(told(&sent(path)), (400, "URL not supported"), "{path}");
    }
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 2);
}

#[test]
fn the_type_that_a_call_names_is_no_difference() {
    let world = world();
    for kind in ["text/plain", "application/x-www-form-urlencoded", "rubbish"] {
        let call = call(Method::POST, "/api/tickets.json", JSON).header("content-type", kind);
        assert_eq!(world.send(call.header("expect", "")).status, 201, "{kind}");
    }
}
