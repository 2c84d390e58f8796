//! What administrators change, and what others see of it at their next request.
//!
//! The cases change the demo tenant `parent` and leave it as they found it, but for realms of
//! their own that they archive.

use serde_json::Value;

use crate::Outcome;
use crate::api;
use crate::client::{Answer, Browser};
use crate::page::hidden;
use crate::queues::{all, each, newest, signed_in};
use crate::stage::{Stage, unique};

/// The administrator of the service provider's whole tree.
pub(crate) fn administrator(stage: &Stage) -> Outcome<Browser> {
    signed_in(stage, &stage.demo.parent, "P")
}

/// Posts fields with the token that the page at `path` gives out.
pub(crate) fn post(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Outcome<Answer> {
    let page = browser.get(path)?.expect(200).text();
    let csrf = hidden(&page, "csrf")?;
    let fields: Vec<_> = [("csrf", csrf.as_str())]
        .iter()
        .chain(fields)
        .copied()
        .collect();
    browser.post(path, &fields)
}

/// The path of a realm's page.
pub(crate) fn realm(browser: &mut Browser, name: &str) -> Outcome<String> {
    let found = browser.get_json(&format!("/admin/realms?q={name}"))?;
    let realms = found["realms"].as_array().into_iter().flatten();
    let mut realms = realms.filter(|realm| realm["name"] == name);
    let realm = realms.next().ok_or_else(|| format!("no realm {name}"))?;
    Ok(format!("/admin/realms/{}", realm["id"]))
}

pub(crate) fn id(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// Makes a realm, and returns the path of its page.
fn make(browser: &mut Browser, below: &str, name: &str, kind: &str) -> Outcome<String> {
    let fields = [("below", id(below)), ("name", name), ("kind", kind)];
    let made = post(browser, "/admin/realms", &fields)?.expect(303);
    let path = made.header("location").split('?').next();
    Ok(path.unwrap_or_default().to_owned())
}

fn version(browser: &mut Browser, path: &str) -> Outcome<String> {
    Ok(browser.get_json(path)?["version"].to_string())
}

fn archive(browser: &mut Browser, path: &str) -> Outcome {
    let version = version(browser, path)?;
    let fields = [("change", "archive"), ("version", &version)];
    post(browser, path, &fields)?.expect(303);
    Ok(())
}

/// Moves a realm below another, and returns where that leads.
fn relocate(browser: &mut Browser, path: &str, below: &str) -> Outcome<String> {
    let version = version(browser, path)?;
    let fields = [("below", id(below)), ("version", &version)];
    let moved = post(browser, &format!("{path}/move"), &fields)?.expect(303);
    Ok(moved.header("location").to_owned())
}

fn names(list: &Value) -> Vec<&str> {
    each(list.as_array().map_or(&[], Vec::as_slice), "name").collect()
}

pub(crate) fn realms_are_made_three_levels_deep(stage: &Stage) -> Outcome {
    let mut p = administrator(stage)?;
    let name = unique("Depot <&> Größe");
    let top = realm(&mut p, "SP2")?;
    let depot = make(&mut p, &top, &name, "department")?;
    let site = make(&mut p, &depot, "Hall 1", "site")?;
    let client = make(&mut p, &site, "Lodger", "customer")?;
    let deepest = p.get_json(&client)?;
    assert_eq!(names(&deepest["above"]), ["P", "SP2", &name, "Hall 1"]);
    assert_eq!(deepest["kind"], "customer");
    let tree = p.get_json(&format!("/admin/realms?in={}", id(&depot)))?;
    assert_eq!(names(&tree["realms"]), [&*name, "Hall 1", "Lodger"]);
    let page = p.get(&depot)?.expect(200).text();
    assert!(
        page.contains("&#60;&#38;&#62;") && !page.contains("<&>"),
        "{page}"
    );
    let fields = [("below", id(&depot)), ("name", " "), ("kind", "site")];
    post(&mut p, "/admin/realms", &fields)?.expect(422);
    p.get("/admin/realms/999999")?.expect(404);
    archive(&mut p, &depot)
}

pub(crate) fn a_moved_subtree_is_seen_from_its_new_place_and_back_to_the_byte(
    stage: &Stage,
) -> Outcome {
    let mut p = administrator(stage)?;
    let mut sp3 = signed_in(stage, &stage.demo.parent, "SP3")?;
    let mut sp1 = signed_in(stage, &stage.demo.parent, "SP1")?;
    let seen = |browser: &mut Browser| -> Outcome<Vec<Vec<u8>>> {
        let queues = ["open", "overdue", "closed"];
        let list = |queue| {
            Ok(all(browser, queue)?
                .iter()
                .map(Value::to_string)
                .collect::<String>())
        };
        let lists = queues.map(list).into_iter().collect::<Outcome<Vec<_>>>()?;
        Ok(lists.into_iter().map(String::into_bytes).collect())
    };
    let before = (seen(&mut sp1)?, seen(&mut sp3)?);
    let (c1b, c3a) = (realm(&mut p, "C1B")?, realm(&mut p, "C3A")?);
    let led = relocate(&mut p, &c1b, &c3a)?;
    let tickets = all(&mut sp3, "open")?;
    let realms: Vec<&str> = each(&tickets, "realm").collect();
    assert!(
        realms.contains(&"C1B") && realms.contains(&"C1Bi"),
        "{realms:?}"
    );
    let tickets = all(&mut sp1, "open")?;
    assert!(!each(&tickets, "realm").any(|realm| realm.starts_with("C1B")));
    let page = p.get(&led)?.expect(200).text();
    let fields = ["csrf", "version", "below", "place"].map(|name| hidden(&page, name));
    let [csrf, version, below, place] = fields;
    let fields = [
        ("csrf", &*csrf?),
        ("version", &version?),
        ("below", &below?),
        ("place", &place?),
    ];
    p.post(&format!("{c1b}/move"), &fields)?.expect(303);
    assert!(
        before == (seen(&mut sp1)?, seen(&mut sp3)?),
        "moving it back restores every byte"
    );
    p.post(&format!("{c1b}/move"), &fields)?.expect(409);
    Ok(())
}

pub(crate) fn a_granted_realm_is_seen_at_the_next_request_and_not_after(stage: &Stage) -> Outcome {
    let mut p = administrator(stage)?;
    let mut sp3 = signed_in(stage, &stage.demo.parent, "SP3")?;
    let subject = unique("For others to see");
    api::create(
        stage,
        stage.demo.parent.key_of("C1A")?,
        "mia@example.com",
        &subject,
    )?;
    let sees = |browser: &mut Browser| -> Outcome<bool> {
        let page = newest(browser)?;
        let tickets = page["tickets"]
            .as_array()
            .map_or(&[] as &[_], Vec::as_slice);
        Ok(each(tickets, "subject").any(|seen| seen == subject))
    };
    let access = format!("{}/access", realm(&mut p, "C1A")?);
    assert!(!sees(&mut sp3)?);
    let show = [("change", "show_agent"), ("agent", "agent@sp3.example")];
    post(&mut p, &access, &show)?.expect(303);
    assert!(sees(&mut sp3)?);
    let shown = p.get_json(&access)?;
    let agent = shown["agents"][0]["id"]
        .as_str()
        .ok_or("nobody is listed")?;
    let hide = [("change", "hide_agent"), ("agent_id", agent)];
    post(&mut p, &access, &hide)?.expect(303);
    assert!(!sees(&mut sp3)?);
    let number = all(&mut p, "open")?;
    let number = number
        .iter()
        .find(|ticket| ticket["subject"] == subject.as_str());
    let number = number
        .and_then(|ticket| ticket["number"].as_str())
        .ok_or("no number")?;
    let why = format!("/admin/explain?ticket={number}&agent=agent@sp3.example");
    let answer = p.get_json(&why)?;
    assert_eq!(answer["visible"], false);
    assert!(p.get(&why)?.expect(200).text().contains("does not see"));
    Ok(())
}

pub(crate) fn a_closed_realm_is_gone_until_it_is_opened(stage: &Stage) -> Outcome {
    let mut p = administrator(stage)?;
    let mut sp3 = signed_in(stage, &stage.demo.parent, "SP3")?;
    let before = newest(&mut sp3)?["counts"].clone();
    let access = format!("{}/access", realm(&mut p, "C3A")?);
    // Everybody of the demo holds the first role, so this closes nothing; the second is nobody's.
    let own = p.get_json(&access)?;
    let role = |name: &str| {
        let mut roles = own["roles"].as_array().into_iter().flatten();
        let role = roles.find(|role| role["name"] == name);
        role.map(|role| role["id"].to_string()).unwrap_or_default()
    };
    let close = |role: &str| {
        [("change", "close"), ("role", role)].map(|(a, b)| (a.to_owned(), b.to_owned()))
    };
    let send = |browser: &mut Browser, fields: [(String, String); 2]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (&**a, &**b)).collect();
        post(browser, &access, &fields)
    };
    send(&mut p, close(&role("All Access")))?.expect(303);
    assert_eq!(newest(&mut sp3)?["counts"], before);
    assert_eq!(p.get_json(&access)?["closing"]["role"], "All Access");
    post(&mut p, &access, &[("change", "inherit")])?.expect(303);
    let own = realm(&mut p, "P")?;
    let refused = post(
        &mut p,
        &format!("{own}/access"),
        &[("change", "close"), ("role", &role("View only"))],
    )?;
    refused.expect(422);
    // A realm of its own is closed for good: nobody of the demo could open it again.
    let c3a = realm(&mut p, "C3A")?;
    let name = unique("Vault");
    let vault = make(&mut p, &c3a, &name, "site")?;
    let page = format!("{vault}/access");
    let led = post(
        &mut p,
        &page,
        &[("change", "close"), ("role", &role("View only"))],
    )?
    .expect(303);
    assert_eq!(led.header("location"), "/admin/realms?done=saved");
    let closed = p.get(&vault)?.expect(404);
    let nothing = p.get("/admin/realms/999999")?.expect(404);
    assert_eq!(closed.body, nothing.body, "it answers like nothing");
    assert!(realm(&mut p, &name).is_err(), "and is found no more");
    Ok(())
}

pub(crate) fn a_setting_is_inherited_and_says_so(stage: &Stage) -> Outcome {
    let mut p = administrator(stage)?;
    let (sp1, c1a) = (realm(&mut p, "SP1")?, realm(&mut p, "C1A")?);
    let (above, below) = (format!("{sp1}/settings"), format!("{c1a}/settings"));
    let zone = |browser: &mut Browser| -> Outcome<Value> {
        let page = browser.get_json(&below)?;
        let found = page["settings"].as_array().into_iter().flatten();
        let mut found = found.filter(|setting| setting["key"] == "time_zone");
        Ok(found.next().cloned().unwrap_or_default())
    };
    assert_eq!(zone(&mut p)?["origin"], "platform");
    let fields = |change| {
        [
            ("change", change),
            ("key", "time_zone"),
            ("value", "Europe/Berlin"),
        ]
    };
    post(&mut p, &above, &fields("set"))?.expect(303);
    post(&mut p, &above, &fields("lock"))?.expect(303);
    let inherited = zone(&mut p)?;
    assert_eq!(inherited["value"], "Europe/Berlin");
    assert_eq!(
        (&inherited["origin"], &inherited["realm"]),
        (&"above".into(), &"SP1".into())
    );
    post(&mut p, &below, &fields("set"))?.expect(422);
    post(&mut p, &above, &fields("unlock"))?.expect(303);
    post(&mut p, &above, &fields("clear"))?.expect(303);
    assert_eq!(zone(&mut p)?["value"], "UTC");
    let wrong = [
        ("change", "set"),
        ("key", "time_zone"),
        ("value", "the moon"),
    ];
    post(&mut p, &above, &wrong)?.expect(422);
    Ok(())
}

pub(crate) fn lists_follow_the_selected_realm(stage: &Stage) -> Outcome {
    let mut p = administrator(stage)?;
    let whole = newest(&mut p)?["counts"].clone();
    let sp3 = realm(&mut p, "SP3")?;
    let choose = |browser: &mut Browser, realm: &str| -> Outcome<Answer> {
        let page = browser.get("/queues/open")?.expect(200).text();
        let csrf = hidden(&page, "csrf")?;
        browser.post(
            "/queues/realm",
            &[("csrf", &csrf), ("realm", realm), ("back", "/queues/open")],
        )
    };
    let led = choose(&mut p, id(&sp3))?.expect(303);
    assert_eq!(led.header("location"), "/queues/open");
    let tickets = all(&mut p, "open")?;
    assert!(each(&tickets, "realm").all(|realm| ["SP3", "C3A"].contains(&realm)));
    assert_eq!(p.get_json("/queues/realm")?["current"]["name"], "SP3");
    choose(&mut p, "999999")?.expect(404);
    choose(&mut p, "")?.expect(303);
    assert_eq!(newest(&mut p)?["counts"], whole);
    Ok(())
}

pub(crate) fn only_administrators_get_in(stage: &Stage) -> Outcome {
    let mut nobody = stage.browser(&stage.demo.parent.host);
    let sent = nobody.get("/admin/realms")?.expect(303);
    assert_eq!(sent.header("location"), "/auth/sign-in?next=/admin/realms");
    let mut sp1 = signed_in(stage, &stage.demo.parent, "SP1")?;
    for path in [
        "/admin/realms",
        "/admin/realms/1",
        "/admin/separation",
        "/admin/explain",
    ] {
        let refused = sp1.get(path)?.expect(403);
        assert!(refused.text().contains("You may not do that"), "{path}");
    }
    let mut p = administrator(stage)?;
    let page = p.get("/queues/open")?.expect(200).text();
    assert!(
        page.contains("/admin/realms")
            && !sp1.get("/queues/open")?.text().contains("/admin/realms")
    );
    let tables = p.get_json("/admin/separation")?;
    assert_eq!(tables["tables"]["team"], "both");
    let send = |browser: &mut Browser, direction| {
        post(browser, "/admin/separation", &[("organization", direction)])
    };
    send(&mut p, "off")?.expect(303);
    assert_eq!(
        p.get_json("/admin/separation")?["tables"]["organization"],
        "off"
    );
    send(&mut p, "down")?.expect(303);
    send(&mut p, "sideways")?.expect(400);
    Ok(())
}

/// Saves an agent's page with some fields changed, and everything else as it was.
fn employ(browser: &mut Browser, path: &str, limited: &str, department: &str) -> Outcome {
    let now = browser.get_json(path)?;
    let role = now["roles"][0]["id"].to_string();
    let (version, id) = (
        now["version"].to_string(),
        now["departments"][0]["id"].clone(),
    );
    let place = format!("department-{id}");
    let fields = [
        ("version", version.as_str()),
        ("role", &role),
        ("active", "1"),
        ("limited", limited),
        (&place, department),
    ];
    post(browser, path, &fields)?.expect(303);
    Ok(())
}

pub(crate) fn a_limited_agent_sees_what_is_referred_to_them_and_no_more(stage: &Stage) -> Outcome {
    let mut p = administrator(stage)?;
    let email = &stage.demo.parent.agent_of("C3A")?.email;
    let agents = p.get_json("/admin/agents")?;
    let agents = agents["agents"].as_array().into_iter().flatten();
    let mut agents = agents.filter(|agent| agent["email"] == email.as_str());
    let agent = agents.next().ok_or("the agent is not listed")?;
    let path = format!("/admin/agents/{}", agent["id"].as_str().unwrap_or_default());
    let mut c3a = signed_in(stage, &stage.demo.parent, "C3A")?;
    let before = all(&mut c3a, "open")?;
    employ(&mut p, &path, "1", "")?;
    assert!(all(&mut c3a, "open")?.is_empty());
    let ticket = before.first().ok_or("C3A has no open ticket")?;
    let number = ticket["number"].as_str().unwrap_or_default();
    let page = format!("/queues/tickets/{number}");
    c3a.get(&page)?.expect(404);
    let refer = [("change", "refer_agent"), ("agent", email)];
    post(&mut p, &page, &refer)?.expect(303);
    assert_eq!(
        each(&all(&mut c3a, "open")?, "number").collect::<Vec<_>>(),
        [number]
    );
    let referrals = c3a.get_json(&page)?["referrals"].clone();
    let id = referrals[0]["id"].as_str().unwrap_or_default();
    post(&mut p, &page, &[("change", "withdraw"), ("referral", id)])?.expect(303);
    c3a.get(&page)?.expect(404);
    employ(&mut p, &path, "", "")?;
    assert_eq!(all(&mut c3a, "open")?, before);
    Ok(())
}
