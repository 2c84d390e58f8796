//! What users with an account do, as both runtimes serve it.

use serde_json::Value;

use crate::Outcome;
use crate::client::{Answer, Browser};
use crate::demo::Tenant;
use crate::outbox::{captured, sweep};
use crate::page::{between, first_topic, hidden};
use crate::stage::{Stage, unique};

/// Signs a user in by the link that is mailed to them.
fn sign_in(stage: &Stage, host: &str, email: &str) -> Outcome<Browser> {
    let mut browser = stage.browser(host);
    ask_for_link(&mut browser, email)?;
    sweep(stage)?;
    let link = sign_in_link(&mut browser, email)?;
    let page = browser.get(&link)?.expect(200);
    assert!(
        page.text().contains(email),
        "the page does not say who signs in"
    );
    let pressed = press(&mut browser, &page)?.expect(303);
    assert_eq!(pressed.header("location"), "/tickets");
    Ok(browser)
}

fn ask_for_link(browser: &mut Browser, email: &str) -> Outcome<Answer> {
    let form = browser.get("/account/sign-in")?.expect(200).text();
    let csrf = hidden(&form, "csrf")?;
    let sent = browser.post("/account/sign-in", &[("csrf", &csrf), ("email", email)])?;
    assert_eq!(sent.status, 303);
    assert_eq!(sent.header("location"), "/account/sent");
    Ok(sent)
}

/// The newest sign-in link that was mailed to an address, as a path.
fn sign_in_link(browser: &mut Browser, email: &str) -> Outcome<String> {
    let mails = captured(browser)?;
    let is_theirs = |mail: &&Value| mail["to"]["address"] == email;
    let texts = mails.iter().filter(is_theirs);
    let links = texts.filter_map(|mail| mail["text"].as_str()?.split_once("/account/link?"));
    let query = links.map(|(_, rest)| rest.lines().next().unwrap_or_default());
    let query = query.map(str::to_owned).next();
    let query = query.ok_or_else(|| format!("no sign-in link to {email} was captured"))?;
    Ok(format!("/account/link?{query}"))
}

fn press(browser: &mut Browser, page: &Answer) -> Outcome<Answer> {
    let (csrf, token) = (
        hidden(&page.text(), "csrf")?,
        hidden(&page.text(), "token")?,
    );
    browser.post("/account/link", &[("csrf", &csrf), ("token", &token)])
}

fn host_of(tenant: &Tenant, realm: &str) -> String {
    format!("{}.{}", realm.to_lowercase(), tenant.host)
}

pub(crate) fn a_user_signs_in_by_a_mailed_link_once(stage: &Stage) -> Outcome {
    let user = stage.demo.acme.user_of("Acme")?;
    let host = &stage.demo.acme.host;
    let mut browser = sign_in(stage, host, user)?;
    let list = browser.get("/tickets")?.expect(200);
    assert_eq!(list.header("cache-control"), "no-store");
    let used = sign_in_link(&mut browser, user)?;
    stage.browser(host).get(&used)?.expect(404);
    let csrf = hidden(&list.text(), "csrf")?;
    browser
        .post("/account/sign-out", &[("csrf", &csrf)])?
        .expect(303);
    let out = browser.get("/tickets")?.expect(303);
    assert_eq!(out.header("location"), "/account/sign-in");
    Ok(())
}

pub(crate) fn an_unknown_address_is_answered_alike(stage: &Stage) -> Outcome {
    let mut browser = stage.acme();
    let email = format!("{}@example.com", unique("nobody"));
    ask_for_link(&mut browser, &email)?;
    sweep(stage)?;
    let mails = captured(&mut browser)?;
    assert!(
        !mails
            .iter()
            .any(|mail| mail["to"]["address"] == email.as_str())
    );
    Ok(())
}

pub(crate) fn a_user_raises_for_a_realm_below_and_writes_to_the_ticket(stage: &Stage) -> Outcome {
    let parent = &stage.demo.parent;
    let mut user = sign_in(stage, &host_of(parent, "SP3"), parent.user_of("SP3")?)?;
    let form = user.get("/open")?.expect(200).text();
    let offered = between(&form, r#"<select id="for""#, "</select>")?;
    assert!(
        offered.contains("C3A") && !offered.contains("SP1"),
        "{offered}"
    );
    let (_, option) = offered
        .rsplit_once(r#"<option value=""#)
        .ok_or("no option")?;
    let realm = option.split('"').next().unwrap_or_default();
    let form = user.get(&format!("/open?for={realm}"))?.expect(200).text();
    let subject = unique("Badge reader at the gate");
    let fields = [
        ("csrf", hidden(&form, "csrf")?),
        ("for", realm.to_owned()),
        ("topic", first_topic(&form)?),
        ("subject", subject.clone()),
        ("message", "It stays red.".to_owned()),
    ];
    let fields = fields
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    user.post("/open", &fields)?.expect(303);

    let list = user.get_json("/tickets")?;
    let found = list["tickets"].as_array().into_iter().flatten();
    let ticket = found
        .into_iter()
        .find(|ticket| ticket["subject"] == subject.as_str());
    let ticket = ticket.ok_or("the ticket is not in the list")?;
    assert_eq!(ticket["realm"], "C3A");
    let path = format!("/tickets/{}", ticket["number"].as_str().unwrap_or_default());
    let page = user.get(&path)?.expect(200).text();
    let fields = [
        ("csrf", &*hidden(&page, "csrf")?),
        ("message", "It is green again."),
    ];
    let sent = user.post(&format!("{path}/message"), &fields)?.expect(303);
    let page = user.get(sent.header("location"))?.expect(200).text();
    assert!(page.contains("It is green again."));

    // Whoever did not raise it finds nothing, be it in the very realm.
    let mut other = sign_in(stage, &host_of(parent, "C3A"), parent.user_of("C3A")?)?;
    let nothing = other.get("/tickets/000000")?.expect(404).text();
    assert_eq!(other.get(&path)?.expect(404).text(), nothing);
    Ok(())
}

pub(crate) fn the_link_to_a_ticket_is_mailed_again(stage: &Stage) -> Outcome {
    let mut browser = stage.acme();
    let form = browser.get("/status")?.expect(200).text();
    let csrf = hidden(&form, "csrf")?;
    let fields = [
        ("csrf", &*csrf),
        ("number", "000000"),
        ("email", "nobody@example.com"),
    ];
    let sent = browser.post("/status", &fields)?.expect(303);
    assert_eq!(sent.header("location"), "/status/sent");
    let fields = [("csrf", &*csrf), ("number", ""), ("email", "x")];
    let page = browser.post("/status", &fields)?.expect(422).text();
    assert!(page.contains(r#"id="number-problem""#) && page.contains(r#"id="email-problem""#));
    Ok(())
}
