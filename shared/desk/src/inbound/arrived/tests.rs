//! Mails, read.

use super::Arrived;
use crate::email::EmailAddress;
use crate::intake::LONGEST_MESSAGE;

fn read(mail: &str) -> Arrived {
    Arrived::read(mail.replace('\n', "\r\n").as_bytes())
}

#[test]
fn a_plain_mail_is_read_whole() {
    let mail = read(
        "From: =?utf-8?q?Ana_L=C3=ADma?= <Ana@Example.com>\n\
         To: help@acme.example\n\
         Subject: Re: Printer [#482913]\n\
         Message-ID: <b@example.com>\n\
         In-Reply-To: <a@acme.example>\n\
         References: <z@example.com> <a@acme.example>\n\
         \n\
         It burns.\n",
    );
    assert_eq!(mail.message_id, "b@example.com");
    assert_eq!(mail.references, ["a@acme.example", "z@example.com"]);
    assert_eq!(mail.sender, EmailAddress::parse("ana@example.com"));
    assert_eq!(mail.name, "Ana Líma");
    assert_eq!(mail.numbers, ["482913"]);
    assert_eq!(mail.text, "It burns.");
    assert!(!mail.is_automatic && !mail.is_bounce);
}

#[test]
fn html_alone_becomes_text_and_no_script_survives() {
    let mail = read(
        "From: ana@example.com\nSubject: x\nContent-Type: text/html; charset=utf-8\n\n\
         <p>Hello <b>there</b></p><script>alert(1)</script>\n",
    );
    assert!(mail.text.contains("Hello"));
    assert!(!mail.text.contains("<script"), "{}", mail.text);
}

#[test]
fn a_wrong_charset_is_read_as_well_as_can_be() {
    let raw = b"From: ana@example.com\r\nSubject: x\r\n\
                Content-Type: text/plain; charset=iso-8859-1\r\n\r\nGr\xFC\xDFe\r\n";
    assert_eq!(Arrived::read(raw).text, "Grüße");
}

#[test]
fn charsets_of_many_bytes_are_read_in_head_text_and_markup() {
    let mail = read(
        "From: =?EUC-KR?B?x9Gx2w==?= <ana@example.com>\n\
         Subject: =?iso-2022-jp?B?GyRCRnxLXBsoQg==?= #12\n\
         Content-Type: multipart/mixed; boundary=b\n\n\
         --b\nContent-Type: text/plain; charset=Shift_JIS\n\
         Content-Transfer-Encoding: quoted-printable\n\n=93=FA=96=7B\n\
         --b\nContent-Type: text/html; charset=gb2312\n\
         Content-Transfer-Encoding: base64\n\nPGI+1tDOxDwvYj4=\n\
         --b\nContent-Type: text/plain; charset=big5; name=a.txt\n\
         Content-Disposition: attachment\n\
         Content-Transfer-Encoding: base64\n\npKSk5Q==\n\
         --b--\n",
    );
    assert_eq!((&*mail.name, &*mail.subject), ("한글", "日本 #12"));
    assert_eq!(mail.text, "日本\n\n中文");
    let file = mail.files[0].bytes.clone().unwrap();
    assert_eq!(&*file, b"\xa4\xa4\xa4\xe5", "a file stays as it was sent");
}

#[test]
fn bytes_that_are_no_mail_still_become_something() {
    for raw in [
        &b""[..],
        b"\0\0\0",
        b"\xff\xfe garbage",
        b"no headers at all",
    ] {
        let mail = Arrived::read(raw);
        assert!(!mail.text.is_empty() && !mail.subject.is_empty() && !mail.name.is_empty());
    }
}

#[test]
fn a_mail_without_an_id_gets_the_same_one_each_time() {
    let mail = "From: ana@example.com\nSubject: x\n\ntext\n";
    assert_eq!(read(mail).message_id, read(mail).message_id);
    assert!(read(mail).message_id.ends_with("@local"));
}

#[test]
fn programs_are_recognised() {
    let automatic =
        |header: &str| read(&format!("From: a@example.com\n{header}\n\nx\n")).is_automatic;
    assert!(automatic("Auto-Submitted: auto-replied (vacation)"));
    assert!(automatic("Precedence: bulk"));
    assert!(automatic("X-Autorespond: anything"));
    assert!(!automatic("Auto-Submitted: no"));
    assert!(!automatic("Precedence: special-delivery"));
}

#[test]
fn a_delivery_report_names_the_mail_it_returns() {
    let mail = read(
        "From: MAILER-DAEMON@mx.example.com\nSubject: Undelivered Mail Returned to Sender\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n\
         --b\nContent-Type: text/plain\n\nSorry.\n\
         --b\nContent-Type: message/rfc822\n\n\
         From: help@acme.example\nMessage-ID: <ours@acme.example>\nSubject: s\n\nhello\n\
         --b--\n",
    );
    assert!(mail.is_bounce && mail.is_automatic);
    assert_eq!(mail.references, ["ours@acme.example"]);
}

#[test]
fn attachments_and_inline_parts_become_files() {
    let mail = read(
        "From: ana@example.com\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\n\
         --b\nContent-Type: multipart/related; boundary=c\n\n\
         --c\nContent-Type: text/html\n\n<p>See <img src=\"cid:1\"></p>\n\
         --c\nContent-Type: image/png\nContent-ID: <1>\n\
         Content-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--c--\n\
         --b\nContent-Type: text/plain; charset=iso-8859-1\n\
         Content-Disposition: attachment; filename*0*=utf-8''Pr%C3%BC; filename*1=fung.txt\n\n\
         done\n\
         --b\nContent-Type: message/rfc822\n\nFrom: bo@example.com\nSubject: inner\n\nhi\n\
         --b--\n",
    );
    let names: Vec<&str> = mail.files.iter().map(|file| &*file.name).collect();
    assert_eq!(names, ["image.png", "Prüfung.txt", "message.eml"]);
    let bytes = |index: usize| mail.files[index].bytes.clone().unwrap();
    assert_eq!(&*bytes(0), b"\x89PNG\r\n\x1a\n");
    assert_eq!(&*bytes(1), b"done");
    assert!(bytes(2).starts_with(b"From: bo@example.com\r\n"));
    assert!(mail.text.contains("See"), "{}", mail.text);
}

#[test]
fn too_long_a_text_is_cut_at_a_character() {
    let mail = read(&format!(
        "From: a@example.com\n\n{}",
        "ü".repeat(LONGEST_MESSAGE)
    ));
    assert!(mail.text.len() <= LONGEST_MESSAGE && mail.text.ends_with("kept whole.]"));
}

#[test]
fn a_carried_mail_is_read_in_its_charset_with_its_files() {
    let raw = b"From: a@example.com\r\nMessage-ID: <o@example.com>\r\n\
                Content-Type: message/rfc822\r\n\r\n\
                From: bo@example.com\r\nSubject: Leck\r\n\
                Content-Type: multipart/mixed; boundary=b\r\n\r\n\
                --b\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\nGr\xFC\xDFe\r\n\
                --b\r\nContent-Type: text/plain; name=a.txt\r\n\
                Content-Disposition: attachment\r\n\r\ndone\r\n--b--\r\n";
    let mail = Arrived::read(raw);
    assert_eq!(mail.text, "Gr\u{fc}\u{df}e");
    assert_eq!(mail.files.len(), 1);
    assert_eq!(mail.files[0].bytes.clone().unwrap().as_ref(), b"done");
    assert_eq!(mail.sender, EmailAddress::parse("bo@example.com"));
}
