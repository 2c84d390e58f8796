//! What programs do with the REST API.

use serde_json::{Value, json};

use crate::Outcome;
use crate::administration::{administrator, id, post as post_form, realm};
use crate::client::{Answer, Client};
use crate::outbox;
use crate::stage::{Stage, unique};

fn call(
    client: &Client,
    key: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&Value>,
) -> Outcome<Answer> {
    let request = client.request(method, path);
    let request = request.header("authorization", format!("Bearer {key}"));
    let headers = headers.iter();
    let request = headers.fold(request, |request, (name, value)| {
        request.header(*name, *value)
    });
    match body {
        Some(body) => {
            let request = request.header("content-type", "application/json");
            client.send(request, body.to_string())
        }
        None => client.send(request, ""),
    }
}

fn get(client: &Client, key: &str, path: &str) -> Outcome<Answer> {
    call(client, key, "GET", path, &[], None)
}

pub(crate) fn post(client: &Client, key: &str, path: &str, body: &Value) -> Outcome<Answer> {
    call(client, key, "POST", path, &[], Some(body))
}

/// Changes a ticket, whatever it is now.
pub(crate) fn change(client: &Client, key: &str, path: &str, body: &Value) -> Outcome {
    let headers = [("if-match", "*")];
    call(client, key, "PATCH", path, &headers, Some(body))?.expect(200);
    Ok(())
}

/// The short name of the problem that is told.
fn problem(answer: &Answer) -> Outcome<String> {
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let told = answer.json()?;
    assert_eq!(told["status"], answer.status);
    let kind = told["type"].as_str().unwrap_or_default();
    let (_, name) = kind.rsplit_once('-').unwrap_or_default();
    Ok(name.to_owned())
}

fn new_ticket(email: &str, subject: &str) -> Value {
    let requester = json!({ "name": "Program", "email": email });
    json!({ "requester": requester, "subject": subject, "message": "From a program." })
}

/// Opens a ticket, and returns its address.
pub(crate) fn open(client: &Client, key: &str, email: &str, subject: &str) -> Outcome<String> {
    let ticket = new_ticket(email, subject);
    let answer = post(client, key, "/api/v1/tickets", &ticket)?.expect(201);
    assert_eq!(answer.json()?["href"], answer.header("location"));
    Ok(answer.header("location").to_owned())
}

pub(crate) fn a_program_opens_reads_works_and_answers_a_ticket(stage: &Stage) -> Outcome {
    let acme = &stage.demo.acme;
    let (client, key) = (stage.client(&acme.host), acme.api_key.as_str());
    let email = format!("{}@example.com", unique("rest"));
    let path = open(&client, key, &email, "Printer on fire")?;
    let read = get(&client, key, &path)?.expect(200);
    assert_eq!(read.json()?["requester"]["email"], email);
    assert_eq!(read.json()?["status"], "open");

    let file = json!({ "name": "plan.txt", "content": "aGVsbG8=" });
    let reply = json!({ "body": "Water is on its way.", "files": [file] });
    post(&client, key, &format!("{path}/replies"), &reply)?.expect(201);
    let note = json!({ "body": "Third time." });
    post(&client, key, &format!("{path}/notes"), &note)?.expect(201);
    let thread = get(&client, key, &format!("{path}/entries"))?.expect(200);
    let thread = thread.json()?;
    let kinds = thread["items"].as_array().into_iter().flatten();
    let mut kinds: Vec<&str> = kinds.filter_map(|entry| entry["kind"].as_str()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["message", "note", "reply"]);
    let mut files = thread["items"].as_array().into_iter().flatten();
    let file = files.find_map(|entry| entry["files"][0]["href"].as_str());
    let bytes = get(&client, key, file.unwrap_or_default())?.expect(200);
    assert_eq!(bytes.body, b"hello");

    let change = json!({ "status": "closed", "priority": "high" });
    let tag = get(&client, key, &path)?.expect(200);
    let tag = tag.header("etag");
    let changed = call(
        &client,
        key,
        "PATCH",
        &path,
        &[("if-match", tag)],
        Some(&change),
    )?;
    let changed = changed.expect(200).json()?;
    assert_eq!(changed["status"], "closed");
    assert_eq!(changed["priority"], "high");

    outbox::sweep(stage)?;
    let mail = outbox::mail_to(&mut stage.browser(&acme.host), &email)?;
    let text = mail["text"].as_str().unwrap_or_default();
    assert!(text.contains("Water is on its way."), "{text}");
    Ok(())
}

pub(crate) fn a_repeated_call_has_its_effect_once(stage: &Stage) -> Outcome {
    let acme = &stage.demo.acme;
    let (client, key) = (stage.client(&acme.host), acme.api_key.as_str());
    let once = unique("once");
    let headers = [("idempotency-key", once.as_str())];
    let open = |subject: &str| {
        let ticket = new_ticket(&format!("{once}@example.com"), subject);
        call(
            &client,
            key,
            "POST",
            "/api/v1/tickets",
            &headers,
            Some(&ticket),
        )
    };
    let first = open("Once")?.expect(201);
    let again = open("Once")?.expect(201);
    assert_eq!(again.body, first.body);
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(problem(&open("Twice")?.expect(422))?, "reused");
    Ok(())
}

pub(crate) fn a_change_of_what_was_changed_is_refused(stage: &Stage) -> Outcome {
    let acme = &stage.demo.acme;
    let (client, key) = (stage.client(&acme.host), acme.api_key.as_str());
    let email = format!("{}@example.com", unique("stale"));
    let path = open(&client, key, &email, "Stale")?;
    let read = get(&client, key, &path)?.expect(200);
    let change = |headers: &[(&str, &str)], priority: &str| {
        let body = json!({ "priority": priority });
        call(&client, key, "PATCH", &path, headers, Some(&body))
    };
    let tag = [("if-match", read.header("etag"))];
    change(&tag, "high")?.expect(200);
    assert_eq!(problem(&change(&tag, "low")?.expect(412))?, "stale");
    change(&[], "low")?.expect(428);
    Ok(())
}

pub(crate) fn every_page_of_a_list_is_reached(stage: &Stage) -> Outcome {
    let acme = &stage.demo.acme;
    let (client, key) = (stage.client(&acme.host), acme.api_key.as_str());
    let email = format!("{}@example.com", unique("pages"));
    let mut opened = Vec::new();
    for index in 0..5 {
        opened.push(open(&client, key, &email, &format!("Page {index}"))?);
    }
    let mut seen = Vec::new();
    let mut next = Some("/api/v1/tickets?limit=2".to_owned());
    while let Some(path) = next {
        let page = get(&client, key, &path)?.expect(200).json()?;
        let items = page["items"].as_array().into_iter().flatten();
        let numbers = items.filter_map(|ticket| ticket["number"].as_str());
        seen.extend(numbers.map(|number| format!("/api/v1/tickets/{number}")));
        let is_done = opened.iter().all(|path| seen.contains(path));
        next = page["next"]
            .as_str()
            .filter(|_| !is_done)
            .map(str::to_owned);
    }
    assert!(opened.iter().all(|path| seen.contains(path)));
    Ok(())
}

pub(crate) fn a_key_sees_its_own_branch(stage: &Stage) -> Outcome {
    let parent = &stage.demo.parent;
    let client = stage.client(&parent.host);
    let (own, above) = (parent.key_of("SP3")?, parent.api_key.as_str());
    let email = format!("{}@example.com", unique("branch"));
    let path = open(&client, above, &email, "At the top")?;
    let foreign = get(&client, own, &path)?.expect(404);
    let nothing = get(&client, own, "/api/v1/tickets/0")?.expect(404);
    assert_eq!(foreign.body, nothing.body);
    let path = open(&client, own, &email, "In the branch")?;
    get(&client, above, &path)?.expect(200);
    get(&client, &stage.demo.acme.api_key, &path)?.expect(404);
    assert_eq!(
        problem(&get(&client, "nobody", &path)?.expect(401))?,
        "needed"
    );
    Ok(())
}

pub(crate) fn the_reference_is_served_without_a_key(stage: &Stage) -> Outcome {
    let client = stage.client(&stage.demo.acme.host);
    let document = client.get("/api/v1/openapi.json")?.expect(200);
    assert_eq!(document.json()?["openapi"], "3.1.0");
    let page = client.get("/api/v1/docs")?.expect(200);
    assert!(page.text().contains("List tickets"));
    Ok(())
}

pub(crate) fn a_team_works_a_ticket(stage: &Stage) -> Outcome {
    let mut p = administrator(stage)?;
    let here = realm(&mut p, "P")?;
    let name = unique("Printers <&>");
    let fields = [("in", id(&here)), ("name", &*name)];
    let led = post_form(&mut p, "/admin/teams", &fields)?.expect(303);
    let page = led.header("location").replace("&done=added", "");
    let team: i64 = id(page.split('?').next().unwrap_or_default()).parse()?;
    let parent = &stage.demo.parent;
    let (client, key) = (stage.client(&parent.host), parent.api_key.as_str());
    let path = open(&client, key, "team@example.com", "Printer on fire")?;
    let worked = format!("/api/v1/tickets?team={team}");
    let listed = |expected: usize| -> Outcome {
        let listed = get(&client, key, &worked)?.expect(200).json()?;
        let items = listed["items"].as_array().map_or(0, Vec::len);
        assert_eq!(items, expected, "{listed}");
        Ok(())
    };
    listed(0)?;
    change(&client, key, &path, &json!({ "team": team }))?;
    let ticket = get(&client, key, &path)?.expect(200).json()?;
    assert_eq!(ticket["team"], json!({ "id": team, "name": name }));
    listed(1)?;
    let nobody = json!({ "team": 9_999_999 });
    let any = [("if-match", "*")];
    let refused = call(&client, key, "PATCH", &path, &any, Some(&nobody))?;
    assert_eq!(refused.expect(422).json()?["errors"][0]["pointer"], "/team");
    change(&client, key, &path, &json!({ "team": null }))?;
    listed(0)?;
    let reading = p.get_json(&page)?["reading"].clone();
    let reading = reading.as_str().unwrap_or_default();
    let remove = [
        ("in", id(&here)),
        ("change", "remove"),
        ("reading", reading),
    ];
    post_form(&mut p, &page, &remove)?.expect(303);
    Ok(())
}
