//! Calls that are refused before anybody looks at the ticket: the key, the path, the body.

use http::Method;
use realmdesk_tests::World;
use realmdesk_tests::dispatch::Call;

use super::{add_key, keyed, raw, set_key, told};

/// One row of osTicket's table of answers.
struct Row {
    what: &'static str,
    call: Call,
    status: u16,
    text: &'static str,
}

fn row(what: &'static str, call: Call, status: u16, text: &'static str) -> Row {
    Row {
        what,
        call,
        status,
        text,
    }
}

#[test]
fn every_refusal_is_osticket_s_to_the_letter() {
    for dialect in ["1.18", "1.16"] {
        every_refusal(dialect);
    }
}

fn every_refusal(dialect: &str) {
    let world = World::new().tenant("acme");
    add_key(&world, "bound-key", &["198.51.100.7", "2001:db8::/32"]);
    add_key(&world, "off-key", &[]);
    add_key(&world, "bound-off-key", &["198.51.100.7"]);
    add_key(&world, "weak-key", &[]);
    world.execute(
        "UPDATE api_key SET is_active = 0 WHERE name IN ('off-key', 'bound-off-key');
         UPDATE api_key SET can_create_tickets = 0 WHERE name = 'weak-key'",
    );
    set_key(&world, "acme-key", &format!("dialect = '{dialect}'"));
    for refusal in keys_refused().into_iter().chain(bodies_refused()) {
        let Row {
            what,
            call,
            status,
            text,
        } = refusal;
        let page = world.send(call);
        assert_eq!(told(&page), (status, text), "{what}");
        assert_eq!(page.header("content-type"), "text/html; charset=UTF-8");
        assert_eq!(page.header("content-length"), text.len().to_string());
    }
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 0);
    assert_eq!(
        world.log.take(),
        [""; 0],
        "a wrong call is no trouble of ours"
    );
}

fn keys_refused() -> Vec<Row> {
    let required = "Valid API key required";
    let inactive = "API key not found/active or source IP not authorized";
    let without = Call::post("/api/tickets.json").body("{}");
    let empty = without.clone().header("x-api-key", "");
    let elsewhere = Some("198.51.100.8");
    vec![
        row("no key", without, 401, required),
        row("an empty key", empty, 401, required),
        row("an unknown key", keyed("globex"), 401, required),
        row("another case", keyed("ACME"), 401, required),
        row(
            "another address",
            keyed("bound").from(elsewhere),
            401,
            required,
        ),
        row(
            "an unknown address",
            keyed("bound").from(None),
            401,
            required,
        ),
        row("switched off", keyed("off"), 401, inactive),
        row("off, elsewhere", keyed("bound-off"), 401, required),
        row(
            "may not create",
            keyed("weak"),
            401,
            "API key not authorized",
        ),
    ]
}

fn bodies_refused() -> Vec<Row> {
    let unsupported = "URL not supported";
    let syntax = "Syntax error, malformed JSON";
    let utf8 = "Malformed UTF-8 characters, possibly incorrectly encoded";
    let deep = "[".repeat(600);
    let at = |path| Call::post(path).header("x-api-key", "acme-key").body("{}");
    let with = |method| Call::new(method, "/api/tickets.json").header("x-api-key", "acme-key");
    vec![
        row("no such call", at("/api/users.json"), 400, unsupported),
        row("no such suffix", at("/api/tickets.yaml"), 400, unsupported),
        row(
            "a suffix in capitals",
            at("/api/tickets.JSON"),
            400,
            unsupported,
        ),
        row(
            "more after the suffix",
            at("/api/tickets.json/1"),
            400,
            unsupported,
        ),
        row("the bare folder", at("/api"), 400, unsupported),
        row("a wrong verb", with(Method::GET), 400, unsupported),
        row("another wrong verb", with(Method::PUT), 400, unsupported),
        row("no body", raw(""), 400, syntax),
        row("no JSON", raw("subject=x"), 400, syntax),
        row("half an object", raw("{\"subject\":"), 400, syntax),
        row("too deep", raw(deep), 400, "Maximum stack depth exceeded"),
        row(
            "a control character",
            raw("{\"subject\":\"a\nb\"}"),
            400,
            "Unexpected control character found",
        ),
        row("no UTF-8", raw(b"{\"subject\":\"\xff\"}"), 400, utf8),
        row("an empty object", raw("{}"), 400, "No errors"),
        row("an empty list", raw("[]"), 400, "No errors"),
        row("a number", raw("7"), 400, "No errors"),
        row("null", raw("null"), 400, "No errors"),
    ]
}
