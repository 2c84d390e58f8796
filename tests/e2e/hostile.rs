//! What attackers type.

use serde_json::json;

use crate::Outcome;
use crate::api;
use crate::client::{BOUNDARY, form, multipart};
use crate::mail::{letter, take_in};
use crate::outbox::{captured, follow_link, sweep};
use crate::page::{first_topic, hidden};
use crate::queues::{newest, signed_in};
use crate::raw;
use crate::stage::{Stage, unique};

const SCRIPT: &str = r#"<script>alert(1)</script>"><img src=x onerror=alert(2)>'{{7*7}}<!--"#;

pub(crate) fn a_script_in_every_field_stays_text(stage: &Stage) -> Outcome {
    let mut ana = stage.acme();
    let email = format!("{}@example.com", unique("script"));
    let page = ana.get("/open")?.expect(200).text();
    let typed = [
        ("csrf", &*hidden(&page, "csrf")?),
        ("topic", &first_topic(&page)?),
        ("name", SCRIPT),
        ("email", &email),
        ("subject", SCRIPT),
        ("message", SCRIPT),
    ];
    ana.post("/open", &typed)?.expect(303);
    let id = format!("Message-ID: <{}@example.com>", unique("script"));
    let mailed = letter(
        &format!("\"{}\" <{email}>", SCRIPT.replace('"', "\\\"")),
        SCRIPT,
        &id,
        SCRIPT,
    );
    take_in(stage, &stage.demo.acme, mailed)?;
    let ticket = follow_link(stage, &mut ana, &email)?.text();
    assert!(
        ticket.contains("&#60;script&#62;alert(1)"),
        "the text is kept: {ticket}"
    );
    let mut agent = signed_in(stage, &stage.demo.acme, "Acme")?;
    let queue = agent.get("/queues/open")?.expect(200).text();
    let refused = ana.post(
        "/open",
        &[
            typed[0],
            ("topic", SCRIPT),
            typed[2],
            ("email", SCRIPT),
            typed[4],
        ],
    )?;
    let mut pages = vec![
        ("the ticket's page", ticket),
        ("the queue", queue),
        ("the refused form", refused.expect(422).text()),
        (
            "the captured mails",
            ana.get("/mail/captured")?.expect(200).text(),
        ),
    ];
    for mail in captured(&mut ana)?.iter().take(6) {
        let path = format!("/mail/captured/{}", mail["id"].as_str().unwrap_or_default());
        let preview = ana.get(&path)?.expect(200);
        assert!(
            preview
                .header("content-security-policy")
                .starts_with("sandbox")
        );
        pages.push(("a captured mail", preview.text()));
    }
    for (name, page) in pages {
        for live in ["<script>alert", "<img src=x", "\"><img"] {
            assert!(!page.contains(live), "{live} is alive on {name}:\n{page}");
        }
    }
    Ok(())
}

pub(crate) fn a_line_break_makes_no_header(stage: &Stage) -> Outcome {
    let smuggled = unique("smuggled");
    let subject = format!("Hello\r\nBcc: {smuggled}@example.com\r\n\r\nBody");
    let name = format!("Nat\r\nX-Evil: {smuggled}");
    let fields = |email: &str| {
        json!({ "name": name, "email": email, "subject": subject, "message": "x" }).to_string()
    };
    let client = stage.client(&stage.demo.acme.host);
    let key = &stage.demo.acme.api_key;
    let email = format!("{}@example.com", unique("nat"));
    api::number(&api::post(&client, key, &fields(&email))?)?;
    api::post(
        &client,
        key,
        &fields("nat@example.com\r\nBcc: all@example.com"),
    )?
    .expect(500);
    sweep(stage)?;
    let mails = captured(&mut stage.acme())?;
    let alert = mails.iter().find(|mail| {
        mail["text"]
            .as_str()
            .is_some_and(|text| text.contains(&smuggled))
    });
    let alert = alert.ok_or("the manager was not told of the ticket")?;
    for mail in &mails {
        for header in [
            &mail["subject"],
            &mail["to"]["name"],
            &mail["to"]["address"],
            &mail["from"]["name"],
            &mail["message_id"],
        ] {
            let text = header.as_str().unwrap_or_default();
            assert!(
                !text.contains(['\r', '\n']),
                "a header of two lines: {mail}"
            );
        }
    }
    assert_ne!(alert["to"]["address"], format!("{smuggled}@example.com"));
    let mut nobody = stage.acme();
    let sent = nobody.get("/queues/open?a=%0d%0aSet-Cookie:%20evil=1")?;
    assert!(
        sent.headers.get("set-cookie").is_none(),
        "{:?}",
        sent.headers
    );
    Ok(())
}

pub(crate) fn bytes_that_are_not_utf_8_break_nothing(stage: &Stage) -> Outcome {
    let mut browser = stage.acme();
    let page = browser.get("/open")?.expect(200).text();
    let (csrf, topic) = (hidden(&page, "csrf")?, first_topic(&page)?);
    let rest = form(&[
        ("csrf", &csrf),
        ("topic", &topic),
        ("email", "oli@example.com"),
        ("subject", "x"),
        ("message", "x"),
    ]);
    for name in [
        "name=%FF%FE",
        "name=%C3%28",
        "name=%ED%A0%80",
        "name=%",
        "name=%zz",
    ] {
        let answer = browser.post_raw("/open", format!("{rest}&{name}"))?;
        assert!(answer.status < 500, "{name}: {}", answer.status);
    }
    let mut raw_bytes = format!("{rest}&name=").into_bytes();
    raw_bytes.extend_from_slice(b"\xff\xfe\x80");
    assert!(browser.post_raw("/open", raw_bytes)?.status < 500);
    for path in [
        "/tickets/%FF",
        "/%C0%AE%C0%AE/",
        "/queues/%FF",
        "/open?x=%FF",
        "/tickets/1?access=%FF",
        "/mail/captured/%FF",
    ] {
        let answer = browser.get(path)?;
        assert!(answer.status < 500, "{path}: {}", answer.status);
    }
    // A mail may be anything; it is kept.
    let id = format!("Message-ID: <{}@example.com>", unique("bytes"));
    let mut mail = letter("Oli <oli@example.com>", "x", &id, "before ").into_bytes();
    mail.extend_from_slice(b"\xff\xfe\x00\x80 after \xed\xa0\x80\r\n");
    assert_eq!(take_in(stage, &stage.demo.acme, mail)?["result"], "created");
    let noise: Vec<u8> = (0..40_000u32)
        .map(|place| place.wrapping_mul(2_654_435_761).to_be_bytes()[0])
        .collect();
    take_in(stage, &stage.demo.acme, noise)?;
    take_in(stage, &stage.demo.acme, Vec::new())?;
    let mut agent = signed_in(stage, &stage.demo.acme, "Acme")?;
    agent.get("/queues/open")?.expect(200);
    newest(&mut agent).map(|_| ())
}

pub(crate) fn a_broken_form_with_files_is_refused_whole(stage: &Stage) -> Outcome {
    let mut browser = stage.acme();
    let page = browser.get("/open")?.expect(200).text();
    let email = format!("{}@example.com", unique("broken"));
    let (csrf, topic) = (hidden(&page, "csrf")?, first_topic(&page)?);
    let fields = [
        ("csrf", csrf.as_str()),
        ("topic", &topic),
        ("name", "Mallory"),
        ("email", &email),
        ("subject", "x"),
        ("message", "x"),
    ];
    let whole = multipart(&fields, &[("a.png", b"<script>alert(1)</script>")]);
    for end in (0..whole.len() - 2).step_by(97) {
        let cut = whole[..end].to_vec();
        browser.post_parts("/open", BOUNDARY, cut)?.expect(400);
    }
    browser
        .post_parts("/open", "another", whole.clone())?
        .expect(400);
    browser.post_parts("/open", "", whole.clone())?.expect(400);
    let name = "f".repeat(20_000);
    let many: Vec<(&str, &str)> = vec![(&name[..1], "x"); 10_000];
    let many = multipart(&[&fields[..], &many].concat(), &[]);
    browser.post_parts("/open", BOUNDARY, many)?.expect(400);
    let endless = multipart(&fields, &[(&name, b"x")]);
    browser.post_parts("/open", BOUNDARY, endless)?.expect(400);
    sweep(stage)?;
    let mails = captured(&mut browser)?;
    let told = |mail: &serde_json::Value| mail["to"]["address"] == email.as_str();
    assert!(!mails.iter().any(told), "a ticket was opened");
    browser.post_parts("/open", BOUNDARY, whole)?.expect(303);
    Ok(())
}

pub(crate) fn a_nul_breaks_nothing(stage: &Stage) -> Outcome {
    let client = stage.client(&stage.demo.acme.host);
    let email = format!("{}@example.com", unique("nul"));
    let body =
        json!({ "name": "N\u{0}ul", "email": email, "subject": "a\u{0}b", "message": "c\u{0}d" });
    api::number(&api::post(
        &client,
        &stage.demo.acme.api_key,
        &body.to_string(),
    )?)?;
    let page = follow_link(stage, &mut stage.acme(), &email)?.text();
    assert!(!page.contains('\0'), "{page:?}");
    let spoiled = body.to_string().replace(&email, "nul\\u0000@example.com");
    api::post(&client, &stage.demo.acme.api_key, &spoiled)?.expect(500);
    for path in [
        "/tickets/%00",
        "/%00",
        "/tickets/1%00?access=%00",
        "/queues/open%00",
        "/assets/%00",
    ] {
        let answer = client.get(path)?;
        assert!(
            (300..500).contains(&answer.status),
            "{path}: {}",
            answer.status
        );
    }
    Ok(())
}

pub(crate) fn rubbish_where_tokens_belong_is_nobody(stage: &Stage) -> Outcome {
    let long = "x".repeat(3000);
    // `{"alg":"none"}.{"tenant":1,…}.` and what is nearly a token.
    let unsigned =
        "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJ0ZW5hbnQiOjEsImFnZW50IjoieCIsImVwb2NoIjowfQ.";
    for token in ["x", "..", "a.b.c", unsigned, &long, "%00", "';--"] {
        for name in [
            "__Host-session",
            "__Host-form",
            "__Host-access-123456",
            "__Host-received",
        ] {
            let mut browser = stage.acme();
            browser.hold(name, token);
            browser.get("/queues/open")?.expect(303);
            browser.get("/tickets/123456")?.expect(404);
            browser.get("/open")?.expect(200);
            let answer = browser.get("/open/received")?;
            assert!(answer.status < 400, "{name}={token}: {}", answer.status);
            assert!(!answer.text().contains("<script>alert"));
        }
    }
    let client = stage.client(&stage.demo.acme.host);
    for key in ["x", &long, "' OR 1=1 --", "%00"] {
        api::post(&client, key, "{}")?.expect(401);
    }
    Ok(())
}

pub(crate) fn a_broken_request_leaves_the_server_up(stage: &Stage) -> Outcome {
    let host = &stage.demo.acme.host;
    let no_host = b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n".to_vec();
    let mut odd_host = b"GET / HTTP/1.1\r\nConnection: close\r\nHost: ".to_vec();
    odd_host.extend_from_slice(b"\xff\xfe\r\n\r\n");
    // No name at all in Punycode: a URL that cannot be parsed.
    let no_name =
        b"GET / HTTP/1.1\r\nHost: xn--acme.localhost\r\nConnection: close\r\n\r\n".to_vec();
    let two_hosts = format!(
        "GET / HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    );
    let twice = format!(
        "POST /open HTTP/1.1\r\nHost: {host}\r\nContent-Length: 3\r\nContent-Length: 4\r\nConnection: close\r\n\r\nabc"
    );
    let early_end =
        format!("POST /open HTTP/1.1\r\nHost: {host}\r\nContent-Length: 100\r\n\r\nabc");
    let endless = format!(
        "GET /{} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n",
        "a".repeat(200_000)
    );
    for (what, bytes) in [
        ("no host", no_host),
        ("an odd host", odd_host),
        ("a host that is no name", no_name),
        ("two lengths", twice.into_bytes()),
        ("an endless path", endless.into_bytes()),
        (
            "no HTTP",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n".to_vec(),
        ),
    ] {
        let status = raw::status(stage, bytes)?;
        assert!(
            status.is_none_or(|status| (400..=501).contains(&status)),
            "{what}: {status:?}"
        );
        stage.client(host).get("/")?.expect(200);
    }
    // RFC 9112, 3.2, wants it refused; where the server takes the first, the second must not count.
    let status = raw::status(stage, two_hosts.into_bytes())?;
    assert!(
        status.is_some_and(|status| status != 404),
        "two hosts: {status:?}"
    );
    raw::hang_up(stage, early_end.as_bytes())?;
    stage.client(host).get("/")?.expect(200);
    Ok(())
}
