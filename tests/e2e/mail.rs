//! What mail providers post.

use serde_json::Value;

use crate::Outcome;
use crate::client::Answer;
use crate::demo::Tenant;
use crate::outbox::follow_link;
use crate::stage::{Stage, unique};

/// Posts a mail's bytes to an address.
pub(crate) fn post(
    stage: &Stage,
    to: &str,
    secret: &str,
    mail: impl Into<Vec<u8>>,
) -> Outcome<Answer> {
    let client = stage.client("any.example");
    let request = client.request("POST", &format!("/mail/raw?to={to}"));
    client.send(
        request.header("authorization", format!("Bearer {secret}")),
        mail,
    )
}

/// Posts a mail to a tenant, and returns what became of it.
pub(crate) fn take_in(stage: &Stage, tenant: &Tenant, mail: impl Into<Vec<u8>>) -> Outcome<Value> {
    let answer = post(stage, &tenant.mail_address, &tenant.mail_secret, mail)?;
    assert!(
        [200, 201].contains(&answer.status),
        "{}: {}",
        answer.status,
        answer.text()
    );
    answer.json()
}

/// A mail of plain text.
pub(crate) fn letter(from: &str, subject: &str, headers: &str, text: &str) -> String {
    let headers = headers.replace('\n', "\r\n");
    let text = text.replace('\n', "\r\n");
    format!(
        "From: {from}\r\nSubject: {subject}\r\n{headers}\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
    )
}

pub(crate) fn a_mail_opens_a_ticket_once(stage: &Stage) -> Outcome {
    let email = format!("{}@example.com", unique("gil"));
    let id = format!("Message-ID: <{}@example.com>", unique("first"));
    let mail = letter(
        &format!("Gil <{email}>"),
        "=?utf-8?q?T=C3=BCr_klemmt?=",
        &id,
        "Die Tür 🚪 klemmt.",
    );
    let first = take_in(stage, &stage.demo.acme, mail.clone())?;
    assert_eq!(first["result"], "created");
    let again = take_in(stage, &stage.demo.acme, mail)?;
    assert_eq!(again["result"], "duplicate");
    assert_eq!(again["number"], first["number"]);
    let page = follow_link(stage, &mut stage.acme(), &email)?.text();
    assert!(
        page.contains("Tür klemmt") && page.contains("Die Tür 🚪 klemmt."),
        "{page}"
    );
    Ok(())
}

pub(crate) fn a_mail_in_a_charset_of_many_bytes_is_read(stage: &Stage) -> Outcome {
    let email = format!("{}@example.com", unique("hana"));
    let id = unique("wide");
    let mail = format!(
        "From: Hana <{email}>\r\nSubject: =?iso-2022-jp?B?GyRCRnxLXBsoQg==?=\r\n\
         Message-ID: <{id}@example.com>\r\nContent-Type: text/plain; charset=Shift_JIS\r\n\
         Content-Transfer-Encoding: quoted-printable\r\n\r\n=93=FA=96=7B\r\n"
    );
    let filed = take_in(stage, &stage.demo.acme, mail)?;
    assert_eq!(filed["result"], "created");
    let page = follow_link(stage, &mut stage.acme(), &email)?.text();
    assert!(page.matches("日本").count() >= 2, "{page}");
    Ok(())
}

pub(crate) fn a_reply_goes_on_with_its_ticket(stage: &Stage) -> Outcome {
    let email = format!("{}@example.com", unique("hal"));
    let from = format!("Hal <{email}>");
    let (first_id, second_id) = (unique("question"), unique("answer"));
    let question = letter(
        &from,
        "Badge",
        &format!("Message-ID: <{first_id}@example.com>"),
        "It beeps.",
    );
    let first = take_in(stage, &stage.demo.acme, question)?;
    let threaded =
        format!("Message-ID: <{second_id}@example.com>\nIn-Reply-To: <{first_id}@example.com>");
    let second = take_in(
        stage,
        &stage.demo.acme,
        letter(&from, "Re: Badge", &threaded, "It beeps twice."),
    )?;
    assert_eq!(second["result"], "continued");
    assert_eq!(second["number"], first["number"]);
    let number = first["number"].as_str().unwrap_or_default();
    let numbered = format!("Message-ID: <{}@example.com>", unique("third"));
    let subject = format!("Once more [#{number}]");
    let third = take_in(
        stage,
        &stage.demo.acme,
        letter(&from, &subject, &numbered, "Thrice."),
    )?;
    assert_eq!(third["result"], "continued");
    let stranger = format!(
        "Message-ID: <{}@example.com>\nIn-Reply-To: <{first_id}@example.com>",
        unique("fourth")
    );
    let foreign = letter("Ida <ida@example.com>", &subject, &stranger, "Let me in.");
    let fourth = take_in(stage, &stage.demo.acme, foreign)?;
    assert_eq!(
        fourth["result"], "created",
        "a stranger gets into the thread"
    );
    let page = follow_link(stage, &mut stage.acme(), &email)?.text();
    for said in ["It beeps.", "It beeps twice.", "Thrice."] {
        assert!(page.contains(said), "{said} is not on the page");
    }
    assert!(!page.contains("Let me in."));
    Ok(())
}

pub(crate) fn a_wrong_secret_answers_like_an_unknown_address(stage: &Stage) -> Outcome {
    let acme = &stage.demo.acme;
    let mail = || letter("Joe <joe@example.com>", "x", "X-A: b", "x");
    let wrong = post(stage, &acme.mail_address, "wrong", mail())?.expect(401);
    let others = [
        post(stage, "nobody@acme.example", &acme.mail_secret, mail())?,
        post(
            stage,
            &acme.mail_address,
            &stage.demo.parent.mail_secret,
            mail(),
        )?,
        post(stage, "", &acme.mail_secret, mail())?,
        post(stage, &acme.mail_address, "", mail())?,
    ];
    for other in others {
        assert_eq!((other.status, other.text()), (401, wrong.text()));
    }
    let client = stage.client(&acme.host);
    let path = format!("/mail/raw?to={}", acme.mail_address);
    client
        .send(client.request("POST", &path), mail())?
        .expect(401);
    Ok(())
}

/// Its source goes into the database in chunks, ahead of the ticket.
pub(crate) fn a_large_mail_is_taken_in(stage: &Stage) -> Outcome {
    let email = format!("{}@example.com", unique("kim"));
    let id = format!("Message-ID: <{}@example.com>", unique("large"));
    let mut text = "Read this first.\n".to_owned();
    while text.len() < 11 << 20 {
        text.push_str("and then seventy more characters that do not matter to anybody at all\n");
    }
    let taken = take_in(
        stage,
        &stage.demo.acme,
        letter(&format!("Kim <{email}>"), "Log", &id, &text),
    )?;
    assert_eq!(taken["result"], "created");
    let page = follow_link(stage, &mut stage.acme(), &email)?.text();
    assert!(page.contains("Read this first.") && page.contains("its source is kept whole"));
    Ok(())
}
