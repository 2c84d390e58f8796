//! What end users do.

use crate::Outcome;
use crate::client::Answer;
use crate::outbox::{captured, follow_link, link, mail_to, sweep};
use crate::page::{between, first_topic, hidden};
use crate::stage::{Stage, unique};

pub(crate) fn the_landing_page_belongs_to_the_host(stage: &Stage) -> Outcome {
    let (acme, parent) = (&stage.demo.acme.host, &stage.demo.parent.host);
    let page = stage.client(acme).get("/")?.expect(200);
    assert!(page.text().contains("How can we help?"));
    assert!(page.text().contains("Acme"), "the tenant's name");
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(
        page.header("content-security-policy")
            .starts_with("default-src 'none'")
    );
    for spelling in [format!("{}:9", acme.to_uppercase()), format!("{acme}:80")] {
        let same = stage.client(&spelling).get("/")?.expect(200);
        assert_eq!(same.text(), page.text(), "{spelling}");
    }
    let other = stage.client(parent).get("/")?.expect(200);
    assert!(!other.text().contains("Acme"), "another tenant's name");
    Ok(())
}

pub(crate) fn a_ticket_goes_from_the_form_to_the_page_behind_the_mailed_link(
    stage: &Stage,
) -> Outcome {
    let mut ana = stage.acme();
    let email = format!("{}@example.com", unique("ana"));
    let (subject, message) = (unique("Printer on fire"), unique("It burns.\n\nSince noon"));
    let form = ana.get("/open")?.expect(200).text();
    let sent = ana.post(
        "/open",
        &[
            ("csrf", &hidden(&form, "csrf")?),
            ("topic", &first_topic(&form)?),
            ("name", "Ana Lima"),
            ("email", &email),
            ("subject", &subject),
            ("message", &message),
        ],
    )?;
    assert_eq!(sent.expect(303).header("location"), "/open/received");
    let confirmation = ana.get("/open/received")?.expect(200).text();
    let number = between(&confirmation, r#"translate="no">#"#, "<")?;
    assert!(
        number.len() >= 6 && number.bytes().all(|digit| digit.is_ascii_digit()),
        "{number}"
    );
    assert!(
        !confirmation.contains(&subject),
        "the confirmation shows what was typed"
    );

    let page = follow_link(stage, &mut ana, &email)?;
    for wanted in [number.as_str(), &subject, "It burns.", "Ana Lima"] {
        assert!(
            page.text().contains(wanted),
            "{wanted} is not on the ticket's page"
        );
    }
    assert_eq!(page.header("cache-control"), "no-store");

    let mail = mail_to(&mut ana, &email)?;
    let told = mail.to_string();
    assert!(told.contains(&number), "the mail does not name the number");
    for typed in [subject.as_str(), "It burns", "Ana Lima"] {
        assert!(
            !told.contains(typed),
            "the mail repeats what a stranger may have typed: {typed}"
        );
    }
    stage.acme().get(&format!("/tickets/{number}"))?.expect(404);
    Ok(())
}

pub(crate) fn a_refused_form_keeps_what_was_typed(stage: &Stage) -> Outcome {
    let mut bo = stage.acme();
    let form = bo.get("/open")?.expect(200).text();
    let csrf = hidden(&form, "csrf")?;
    let empty = bo.post("/open", &[("csrf", &csrf)])?.expect(422).text();
    for field in ["topic", "name", "email", "subject", "message"] {
        assert!(
            empty.contains(&format!(r#"id="{field}-problem""#)),
            "nothing stands beside {field}"
        );
    }
    let refused = bo.post(
        "/open",
        &[
            ("csrf", &csrf),
            ("topic", "999999"),
            ("name", "Bo \"B\" <b>"),
            ("email", "bo at example"),
            ("subject", "Half & half"),
            ("message", "line one\nline two"),
        ],
    )?;
    let page = refused.expect(422).text();
    assert!(page.contains(r#"id="email-problem""#) && page.contains(r#"id="topic-problem""#));
    assert!(!page.contains(r#"id="name-problem""#));
    for kept in [
        "bo at example",
        "Half &#38; half",
        "line one\nline two",
        "Bo &#34;B&#34; &#60;b&#62;",
    ] {
        assert!(page.contains(kept), "{kept} was not kept:\n{page}");
    }
    Ok(())
}

pub(crate) fn a_form_without_its_token_is_refused(stage: &Stage) -> Outcome {
    let email = format!("{}@example.com", unique("mallory"));
    let fields = [
        ("topic", "1"),
        ("name", "Mallory"),
        ("email", &email),
        ("subject", "x"),
        ("message", "x"),
    ];
    let mut nobody = stage.acme();
    nobody.post("/open", &fields)?.expect(403);
    let stolen = hidden(&stage.acme().get("/open")?.text(), "csrf")?;
    let mut mallory = stage.acme();
    mallory.get("/open")?.expect(200);
    let with_token: Vec<_> = fields
        .into_iter()
        .chain([("csrf", stolen.as_str())])
        .collect();
    mallory.post("/open", &with_token)?.expect(403);
    sweep(stage)?;
    let told = captured(&mut mallory)?;
    assert!(
        told.iter()
            .all(|mail| mail["to"]["address"] != email.as_str()),
        "a mail went out"
    );
    Ok(())
}

pub(crate) fn a_ticket_without_its_link_looks_like_none(stage: &Stage) -> Outcome {
    let email = format!("{}@example.com", unique("cy"));
    let key = &stage.demo.acme.api_key;
    let number = crate::api::create(stage, key, &email, &unique("Private"))?;
    sweep(stage)?;
    let link = link(&mail_to(&mut stage.acme(), &email)?)?;
    let token = link
        .split_once("access=")
        .map_or("", |(_, token)| token)
        .to_owned();
    let (head, tail) = token.split_at(token.len() / 2);
    let look = |path: String| -> Outcome<Answer> { stage.acme().get(&path) };
    let none = look("/tickets/000000".to_owned())?.expect(404);
    for path in [
        format!("/tickets/{number}"),
        format!("/tickets/{number}?access="),
        format!("/tickets/{number}?access=rubbish"),
        format!("/tickets/{number}?access={head}x{tail}"),
        format!("/tickets/000000?access={token}"),
        "/tickets/1'%20OR%201=1".to_owned(),
    ] {
        let answer = look(path.clone())?.expect(404);
        assert_eq!(answer.text(), none.text(), "{path} tells something");
    }
    let elsewhere = stage.browser(&stage.demo.parent.host).get(&link)?;
    assert_eq!(
        elsewhere.status, 404,
        "the link opens another tenant's portal"
    );
    Ok(())
}

pub(crate) fn files_go_along_with_a_ticket_and_a_message(stage: &Stage) -> Outcome {
    let mut ana = stage.acme();
    let email = format!("{}@example.com", unique("files"));
    let form = ana.get("/open")?.expect(200).text();
    let (csrf, topic) = (hidden(&form, "csrf")?, first_topic(&form)?);
    let fields = [
        ("csrf", csrf.as_str()),
        ("topic", &topic),
        ("name", "Ana Lima"),
        ("email", &email),
        ("subject", "See the pictures"),
        ("message", "They are large."),
    ];
    let large: Vec<u8> = (0..5_000_000_u32).map(|at| at.to_le_bytes()[0]).collect();
    let all: Vec<u8> = (0..=255).collect();
    let sent = ana.post_files(
        "/open",
        &fields,
        &[("large.bin", &large), ("../all.bin", &all)],
    )?;
    assert_eq!(sent.expect(303).header("location"), "/open/received");
    let page = follow_link(stage, &mut ana, &email)?.text();
    let links = || page.split("href=\"").filter(|it| it.contains("/files/"));
    let path = |link: &str| link.split('"').next().unwrap_or_default().to_owned();
    let found: Vec<String> = links().map(path).collect();
    assert_eq!(found.len(), 2, "{page}");
    assert!(page.contains("large.bin") && page.contains("all.bin") && !page.contains(".."));
    for (path, bytes) in found.iter().zip([&large, &all]) {
        let file = ana.get(path)?.expect(200);
        assert!(file.body == *bytes, "{path} came back otherwise");
        assert!(file.header("content-disposition").starts_with("attachment"));
    }
    let message = between(&page, "id=\"write\" method=\"post\" action=\"", "\"")?;
    let fields = [("csrf", &*hidden(&page, "csrf")?), ("message", "And this.")];
    let sent = ana
        .post_files(&message, &fields, &[("more.txt", b"more")])?
        .expect(303);
    let page = ana.get(sent.header("location"))?.expect(200).text();
    assert!(page.contains("And this.") && page.contains("more.txt"));
    Ok(())
}
