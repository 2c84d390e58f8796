//! What agents see.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::Outcome;
use crate::api;
use crate::client::Browser;
use crate::demo::{Agent, Tenant};
use crate::page::hidden;
use crate::rest;
use crate::stage::{Stage, unique};

/// A browser in which the agent of a realm has signed in.
pub(crate) fn signed_in(stage: &Stage, tenant: &Tenant, realm: &str) -> Outcome<Browser> {
    let mut browser = stage.browser(&tenant.host);
    sign_in(&mut browser, tenant.agent_of(realm)?)?;
    Ok(browser)
}

/// Signs an agent in.
pub(crate) fn sign_in(browser: &mut Browser, agent: &Agent) -> Outcome {
    let form = browser
        .get("/auth/sign-in?next=/queues/open")?
        .expect(200)
        .text();
    let fields = [
        ("csrf", &*hidden(&form, "csrf")?),
        ("next", &hidden(&form, "next")?),
        ("email", &agent.email),
        ("password", &agent.password),
    ];
    let answer = browser.post("/auth/sign-in", &fields)?.expect(303);
    assert_eq!(answer.header("location"), "/queues/open");
    Ok(())
}

/// The first page of the open queue.
pub(crate) fn newest(browser: &mut Browser) -> Outcome<Value> {
    browser.get_json("/queues/open")
}

/// Every ticket of a queue, page by page, newest first.
pub(crate) fn all(browser: &mut Browser, queue: &str) -> Outcome<Vec<Value>> {
    let mut tickets = Vec::new();
    let mut next = Some(format!("/queues/{queue}"));
    while let Some(path) = next {
        let mut page = browser.get_json(&path)?;
        let listed = page["tickets"]
            .as_array_mut()
            .map(std::mem::take)
            .unwrap_or_default();
        assert!(
            !listed.is_empty() || tickets.is_empty(),
            "an empty page behind others: {path}"
        );
        tickets.extend(listed);
        next = page["older"].as_str().map(str::to_owned);
    }
    Ok(tickets)
}

/// The text of a field of every ticket.
pub(crate) fn each<'a>(tickets: &'a [Value], field: &'a str) -> impl Iterator<Item = &'a str> {
    tickets
        .iter()
        .filter_map(move |ticket| ticket[field].as_str())
}

pub(crate) fn nobody_is_sent_to_sign_in(stage: &Stage) -> Outcome {
    let mut nobody = stage.acme();
    let sent = nobody.get("/queues/overdue?older=x")?.expect(303);
    assert_eq!(
        sent.header("location"),
        "/auth/sign-in?next=/queues/overdue?older=x"
    );
    let form = nobody.get("/auth/sign-in")?.expect(200).text();
    let csrf = hidden(&form, "csrf")?;
    let agent = stage.demo.acme.agent_of("Acme")?;
    for (email, password) in [
        (agent.email.as_str(), "wrong"),
        ("nobody@acme.example", agent.password.as_str()),
        (agent.email.as_str(), ""),
        ("", agent.password.as_str()),
        ("agent@p.example", agent.password.as_str()),
    ] {
        let fields = [
            ("csrf", csrf.as_str()),
            ("email", email),
            ("password", password),
        ];
        nobody.post("/auth/sign-in", &fields)?.expect(422);
        nobody.get("/queues/open")?.expect(303);
    }
    Ok(())
}

pub(crate) fn an_agent_sees_the_queues_as_page_and_json(stage: &Stage) -> Outcome {
    let subject = unique("Seen");
    let email = format!("{}@example.com", unique("lea"));
    let number = api::create(stage, &stage.demo.acme.api_key, &email, &subject)?;
    let mut agent = signed_in(stage, &stage.demo.acme, "Acme")?;
    let page = newest(&mut agent)?;
    let first = &page["tickets"][0];
    assert_eq!(first["number"], number.as_str());
    assert_eq!(first["subject"], subject.as_str());
    assert_eq!(first["requester"]["name"], "Program");
    assert_eq!(first["requester"]["email"], email.as_str());
    assert_eq!(first["overdue"], false);
    let html = agent.get("/queues/open")?.expect(200).text();
    assert!(
        html.contains(&subject) && html.contains(&format!("#{number}")),
        "{html}"
    );
    for queue in ["open", "overdue", "closed"] {
        let tickets = all(&mut agent, queue)?;
        let counted = page["counts"][queue].as_u64();
        assert_eq!(
            counted,
            Some(u64::try_from(tickets.len())?),
            "the count of {queue}"
        );
        assert!(!tickets.is_empty(), "the demo data has a ticket in {queue}");
        assert!(tickets.iter().all(|ticket| ticket["overdue"] == true) || queue != "overdue");
        assert!(
            tickets
                .iter()
                .all(|ticket| ticket["closed_at"].is_null() == (queue != "closed"))
        );
    }
    agent.get("/queues/nonsense")?.expect(404);
    agent.get("/queues/open?older=nonsense")?.expect(404);
    Ok(())
}

pub(crate) fn older_pages_lead_to_every_ticket_once(stage: &Stage) -> Outcome {
    for place in 0..60 {
        let subject = format!("Page filler {place}");
        api::create(
            stage,
            &stage.demo.acme.api_key,
            "filler@example.com",
            &subject,
        )?;
    }
    let mut agent = signed_in(stage, &stage.demo.acme, "Acme")?;
    let tickets = all(&mut agent, "open")?;
    let ids: Vec<&str> = each(&tickets, "id").collect();
    assert!(
        ids.windows(2).all(|pair| pair[0] > pair[1]),
        "newest first, each once"
    );
    let first = newest(&mut agent)?;
    let older = first["older"].as_str().ok_or("60 tickets fit one page")?;
    let second = agent.get_json(older)?;
    let back = agent.get_json(second["newer"].as_str().ok_or("no way back")?)?;
    assert_eq!(back["tickets"], first["tickets"]);
    Ok(())
}

pub(crate) fn a_session_of_one_tenant_is_nobody_in_another(stage: &Stage) -> Outcome {
    let agent = signed_in(stage, &stage.demo.acme, "Acme")?;
    let mut abroad = agent.at(stage.client(&stage.demo.parent.host));
    let sent = abroad.get("/queues/open")?.expect(303);
    assert_eq!(sent.header("location"), "/auth/sign-in?next=/queues/open");
    let mut parents = signed_in(stage, &stage.demo.parent, "P")?;
    let seen: BTreeSet<String> = each(&all(&mut parents, "open")?, "realm")
        .map(str::to_owned)
        .collect();
    assert!(!seen.contains("Acme"), "{seen:?}");
    Ok(())
}

pub(crate) fn an_agent_sees_their_own_realm_and_those_below(stage: &Stage) -> Outcome {
    let parent = &stage.demo.parent;
    let subject = unique("Far below");
    api::create(stage, parent.key_of("C3A")?, "mia@example.com", &subject)?;
    let below = |realm: &str, names: &[&str], sees_it: bool| -> Outcome {
        let mut agent = signed_in(stage, parent, realm)?;
        let page = newest(&mut agent)?;
        let tickets = all(&mut agent, "open")?;
        let seen: BTreeSet<&str> = each(&tickets, "realm").collect();
        let wanted: BTreeSet<&str> = names.iter().copied().collect();
        assert_eq!(seen, wanted, "the realms that the agent of {realm} sees");
        let counted = page["counts"]["open"].as_u64();
        assert_eq!(
            counted,
            Some(u64::try_from(tickets.len())?),
            "the count for {realm}"
        );
        let is_seen = each(&tickets, "subject").any(|seen| seen == subject);
        assert_eq!(
            is_seen, sees_it,
            "whether the agent of {realm} sees C3A's ticket"
        );
        Ok(())
    };
    below(
        "P",
        &[
            "P", "SP1", "SP2", "SP3", "C1A", "C1B", "C1Bi", "C2C", "C2D", "C3A",
        ],
        true,
    )?;
    below("SP3", &["SP3", "C3A"], true)?;
    below("C3A", &["C3A"], true)?;
    below("SP1", &["SP1", "C1A", "C1B", "C1Bi"], false)?;
    below("SP2", &["SP2"], false)
}

pub(crate) fn signing_out_ends_the_session(stage: &Stage) -> Outcome {
    let parent = &stage.demo.parent;
    let mut agent = signed_in(stage, parent, "SP2")?;
    let mut copy = agent.at(stage.client(&parent.host));
    copy.get("/queues/open")?.expect(200);
    let page = agent.get("/queues/open")?.expect(200).text();
    agent.post("/auth/sign-out", &[])?.expect(403);
    agent.get("/queues/open")?.expect(200);
    agent
        .post("/auth/sign-out", &[("csrf", &hidden(&page, "csrf")?)])?
        .expect(303);
    agent.get("/queues/open")?.expect(303);
    copy.get("/queues/open")?.expect(303);
    Ok(())
}

pub(crate) fn a_ticket_wanders_through_the_queues(stage: &Stage) -> Outcome {
    let acme = &stage.demo.acme;
    let (client, key) = (stage.client(&acme.host), acme.api_key.as_str());
    let email = format!("{}@example.com", unique("wanderer"));
    let path = rest::open(&client, key, &email, &unique("Wandering"))?;
    let number = path.rsplit('/').next().unwrap_or_default();
    let mut agent = signed_in(stage, acme, "Acme")?;
    let mut is_in = |queues: &[&str]| -> Outcome {
        for queue in [
            "open",
            "unanswered",
            "answered",
            "mine",
            "assigned-to-me",
            "closed-today",
        ] {
            let page = agent.get_json(&format!("/queues/{queue}"))?;
            let tickets = page["tickets"].as_array().cloned().unwrap_or_default();
            let is_listed = each(&tickets, "number").any(|listed| listed == number);
            assert_eq!(is_listed, queues.contains(&queue), "{queue}, of {queues:?}");
        }
        Ok(())
    };
    is_in(&["open", "unanswered"])?;
    let reply = json!({ "body": "Water is on its way." });
    rest::post(&client, key, &format!("{path}/replies"), &reply)?.expect(201);
    is_in(&["open", "answered"])?;
    rest::change(
        &client,
        key,
        &path,
        &json!({ "assignee": acme.agent_of("Acme")?.email }),
    )?;
    is_in(&["open", "answered", "mine", "assigned-to-me"])?;
    rest::change(&client, key, &path, &json!({ "status": "closed" }))?;
    is_in(&["closed-today"])?;
    rest::change(&client, key, &path, &json!({ "status": "open" }))?;
    is_in(&["open", "unanswered", "mine", "assigned-to-me"])
}

pub(crate) fn every_queue_holds_what_it_counts(stage: &Stage) -> Outcome {
    let mut agent = signed_in(stage, &stage.demo.acme, "Acme")?;
    let closed = agent.get_json("/queues/closed")?;
    let queues = closed["queues"].as_array().cloned().unwrap_or_default();
    assert_eq!(queues.len(), 14, "osTicket's installer makes fourteen");
    for shown in &queues {
        let queue = shown["queue"].as_str().unwrap_or_default();
        let tickets = all(&mut agent, queue)?;
        let (counted, listed) = (
            closed["counts"][queue].as_u64(),
            u64::try_from(tickets.len())?,
        );
        let is_right = match shown["has_more"].as_bool() {
            Some(true) => counted <= Some(listed),
            Some(false) | None => counted == Some(listed),
        };
        assert!(is_right, "{queue} counts {counted:?} and lists {listed}");
        let page = agent.get(&format!("/queues/{queue}"))?.expect(200).text();
        let marked = format!("href=\"/queues/{queue}\" aria-current=\"page\"");
        assert!(page.contains(&marked), "{queue} is not marked");
    }
    Ok(())
}

pub(crate) fn an_agent_opens_a_ticket_for_a_user(stage: &Stage) -> Outcome {
    let (subject, name) = (unique("Phoned"), unique("Lea"));
    let email = format!("{}@example.com", unique("lea"));
    api::create(stage, &stage.demo.acme.api_key, &email, &subject)?;
    let mut agent = signed_in(stage, &stage.demo.acme, "Acme")?;
    let form = agent.get("/queues/new")?.expect(200).text();
    let csrf = hidden(&form, "csrf")?;
    let typed = [("csrf", &*csrf), ("then", "find"), ("q", &email)];
    let found = agent.post("/queues/new", &typed)?.expect(200).text();
    assert!(found.contains(&format!("{email}, ")), "{found}");
    let fields = [
        ("csrf", &*csrf),
        ("name", &name),
        ("email", &email),
        ("subject", &subject),
        ("message", "It burns, she says."),
        ("reply", "Unplug it."),
        ("note", "The third time."),
        ("source", "Phone"),
        ("notice", "1"),
    ];
    let files = [("a.txt", &b"Hello"[..])];
    let sent = agent
        .post_files("/queues/new", &fields, &files)?
        .expect(303);
    let page = agent.get(sent.header("location"))?.expect(200).text();
    for part in [
        &*subject,
        "It burns, she says.",
        "Unplug it.",
        "The third time.",
        "a.txt",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let refused = agent.post("/queues/new", &[("csrf", &*csrf), ("name", &name)])?;
    assert!(refused.expect(422).text().contains(&name));
    stage.acme().get("/queues/new")?.expect(303);
    Ok(())
}
