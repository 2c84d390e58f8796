//! What osTicket's API clients do.

use std::collections::BTreeSet;
use std::thread;

use serde_json::json;

use crate::Outcome;
use crate::client::{Answer, Client};
use crate::queues;
use crate::stage::{Stage, unique};

/// Opens a ticket, and returns its number.
pub(crate) fn create(stage: &Stage, key: &str, email: &str, subject: &str) -> Outcome<String> {
    let client = stage.client(&stage.demo.acme.host);
    number(&post(&client, key, &body(email, subject))?)
}

/// The body of a plain ticket.
pub(crate) fn body(email: &str, subject: &str) -> String {
    json!({ "name": "Program", "email": email, "subject": subject, "message": "From a program." })
        .to_string()
}

pub(crate) fn post(client: &Client, key: &str, body: &str) -> Outcome<Answer> {
    let request = client
        .request("POST", "/api/tickets.json")
        .header("x-api-key", key);
    client.send(request.header("content-type", "application/json"), body)
}

/// The number that a 201 answers, and nothing else.
pub(crate) fn number(answer: &Answer) -> Outcome<String> {
    if answer.status != 201 {
        return Err(format!("{}: {}", answer.status, answer.text()).into());
    }
    let text = answer.text();
    if text.len() < 6 || !text.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(format!("`{text}` is no number").into());
    }
    Ok(text)
}

pub(crate) fn a_ticket_is_answered_with_its_number_alone(stage: &Stage) -> Outcome {
    let client = stage.client(&stage.demo.acme.host);
    let email = format!("{}@example.com", unique("dee"));
    let answer = post(&client, &stage.demo.acme.api_key, &body(&email, "Plain"))?.expect(201);
    assert_eq!(answer.header("content-type"), "text/html; charset=UTF-8");
    assert_eq!(
        answer.header("content-length"),
        answer.body.len().to_string()
    );
    number(&answer).map(|_| ())
}

pub(crate) fn every_refusal_has_osticket_s_words(stage: &Stage) -> Outcome {
    let key = stage.demo.acme.api_key.as_str();
    let missing = "Unable to create new ticket :user\nIncomplete client information\n\
                   20\nIssue Summary is a required field\n21\nIssue Details is a required field";
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(600), "]".repeat(600));
    let whole = body("row@example.com", "x");
    let fields = |more: &str| whole.replacen('{', &format!("{{{more},"), 1);
    let foreign = fields(r#""source":"Fax""#);
    let formula = body("row@example.com", "=1+1");
    let rows: [(&str, &str, &[u8], u16, &str); 13] = [
        ("no key", "", b"{}", 401, "Valid API key required"),
        (
            "unknown key",
            "0123456789ABCDEF0123456789ABCDEF",
            whole.as_bytes(),
            401,
            "Valid API key required",
        ),
        (
            "no JSON",
            key,
            b"name=Ana",
            400,
            "Syntax error, malformed JSON",
        ),
        ("no body", key, b"", 400, "Syntax error, malformed JSON"),
        (
            "half a body",
            key,
            &whole.as_bytes()[..20],
            400,
            "Syntax error, malformed JSON",
        ),
        ("an empty object", key, b"{}", 400, "No errors"),
        ("a list", key, b"[1]", 400, "No errors"),
        ("a number", key, b"5", 400, "No errors"),
        (
            "a control character",
            key,
            b"{\"a\":\"\n\"}",
            400,
            "Unexpected control character found",
        ),
        (
            "bytes that are no UTF-8",
            key,
            b"{\"a\":\"\xff\"}",
            400,
            "Malformed UTF-8 characters, possibly incorrectly encoded",
        ),
        (
            "too deep",
            key,
            deep.as_bytes(),
            400,
            "Maximum stack depth exceeded",
        ),
        ("no fields", key, br#"{"a":1}"#, 500, missing),
        (
            "an unknown source",
            key,
            foreign.as_bytes(),
            500,
            "Unable to create new ticket :source\nInvalid ticket origin given",
        ),
    ];
    let client = stage.client(&stage.demo.acme.host);
    for (row, key, body, status, text) in rows {
        let mut request = client.request("POST", "/api/tickets.json");
        if !key.is_empty() {
            request = request.header("x-api-key", key);
        }
        let answer = client.send(request, body)?;
        assert_eq!(
            (answer.status, answer.text().as_str()),
            (status, text),
            "{row}"
        );
    }
    let formula = post(&client, key, &formula)?.expect(500).text();
    assert!(formula.ends_with("20\nContent cannot start with the following characters: = - + @"));
    for (method, path) in [
        ("GET", "/api/tickets.json"),
        ("PUT", "/api/tickets.json"),
        ("POST", "/api/tickets.yaml"),
        ("POST", "/api/tickets"),
        ("POST", "/api"),
    ] {
        let request = client.request(method, path).header("x-api-key", key);
        let answer = client
            .send(request, if method == "GET" { "" } else { "{}" })?
            .expect(400);
        assert_eq!(answer.text(), "URL not supported", "{method} {path}");
    }
    Ok(())
}

pub(crate) fn the_tenant_is_the_key_s_whatever_the_host(stage: &Stage) -> Outcome {
    let subject = unique("Whose is this");
    let client = stage.client(&stage.demo.parent.host);
    let made = post(
        &client,
        &stage.demo.acme.api_key,
        &body("eve@example.com", &subject),
    )?;
    number(&made)?;
    let mut acme = queues::signed_in(stage, &stage.demo.acme, "Acme")?;
    let mut parent = queues::signed_in(stage, &stage.demo.parent, "P")?;
    assert!(
        queues::newest(&mut acme)?.to_string().contains(&subject),
        "acme has its ticket"
    );
    assert!(
        !queues::newest(&mut parent)?.to_string().contains(&subject),
        "parent has it"
    );
    Ok(())
}

pub(crate) fn sixteen_callers_get_sixteen_numbers(stage: &Stage) -> Outcome {
    let client = stage.client(&stage.demo.acme.host);
    let call = || {
        number(&post(
            &client,
            &stage.demo.acme.api_key,
            &body("fay@example.com", "At once"),
        )?)
    };
    let numbers = thread::scope(|scope| {
        let callers: Vec<_> = (0..16).map(|_| scope.spawn(call)).collect();
        let answers = callers.into_iter().map(|caller| {
            caller
                .join()
                .unwrap_or_else(|_| Err("a caller panicked".into()))
        });
        answers.collect::<Outcome<BTreeSet<String>>>()
    })?;
    assert_eq!(numbers.len(), 16, "{numbers:?}");
    Ok(())
}
