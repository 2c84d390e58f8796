//! Mails as nobody writes them.

use super::*;

/// Bits of which odd mails are made.
fn odd_mail() -> impl Strategy<Value = Vec<u8>> {
    let bits = prop::sample::select(vec![
        "From: ",
        "Subject: ",
        "ana@example.com",
        "<",
        ">",
        "\r\n",
        "\n",
        "\r\n\r\n",
        "\0",
        " ",
        "\u{e000}",
        "\u{a0}",
        "Content-Type: text/html\r\n",
        "<p></p>",
        "Message-ID: ",
        "=?utf-8?q?",
        "?=",
        "Content-Transfer-Encoding: base64\r\n",
        "multipart/mixed; boundary=b",
        "--b",
        "--b--",
        "help@acme.example",
        "#1 #2",
        "Auto-Submitted: auto-replied\r\n",
        "References: <a@b> <c@d>",
        "MAILER-DAEMON",
        "ü",
        "\t",
    ]);
    let made = prop::collection::vec(bits, 0..24).prop_map(|bits| bits.concat().into_bytes());
    prop_oneof![made, prop::collection::vec(any::<u8>(), 0..200)]
}

#[test]
fn whatever_arrives_is_taken_in_and_never_asked_for_again() {
    let world = World::new().tenant("acme");
    crate::for_all(500, &odd_mail(), |raw| {
        let page = world.send(posted_to("acme", raw.clone()));
        prop_assert!(page.status < 300, "{:?}", world.log.take());
        if page.json()["result"] != "duplicate" {
            prop_assert_eq!(stored(&world, &content_address(&raw)), raw);
        }
        Ok(())
    });
}

#[test]
fn a_mail_of_nothing_that_can_be_shown_still_opens_a_ticket() {
    let world = World::new().tenant("acme");
    for (id, text) in ["", " ", "\0", "\0 \0", "\u{e000} \u{e000}", " \0 "]
        .iter()
        .enumerate()
    {
        let empty = mail(&format!("{id}@example.com")).text(text);
        assert_eq!(filed(&world, &empty).0, "created", "{text:?}");
    }
}
