//! What administrators say about new tickets counts for the next one: help topics, forms, filters.
//!
//! The case leaves things behind that are put away or switched off, and look at words of its own.

use serde_json::{Value, json};

use crate::Outcome;
use crate::administration::{administrator, id, post, realm};
use crate::api;
use crate::client::Browser;
use crate::stage::{Stage, unique};

/// Makes something, and returns its page and its id.
pub(crate) fn made(
    browser: &mut Browser,
    list: &str,
    fields: &[(&str, &str)],
) -> Outcome<(String, String)> {
    let led = post(browser, list, fields)?.expect(303);
    let page = led.header("location").replace("&done=saved", "");
    let path = page.split('?').next().unwrap_or_default();
    Ok((page.clone(), id(path).to_owned()))
}

/// What the API answers for a ticket in P, as status and text.
fn opened(stage: &Stage, fields: &Value) -> Outcome<(u16, String)> {
    let mut ticket = json!({
        "name": "Program", "email": "intake@example.com", "subject": "Plain", "message": "Text.",
    });
    for (name, value) in fields.as_object().into_iter().flatten() {
        ticket[name] = value.clone();
    }
    let parent = &stage.demo.parent;
    let client = stage.client(&parent.host);
    let answer = api::post(&client, &parent.api_key, &ticket.to_string())?;
    Ok((answer.status, answer.text()))
}

pub(crate) fn topics_forms_and_filters_count_for_the_next_ticket(stage: &Stage) -> Outcome {
    let mut p = administrator(stage)?;
    let here = realm(&mut p, "P")?;
    let here = id(&here);
    let name = unique("Größe <&>");
    let (form, form_id) = made(&mut p, "/admin/forms", &[("in", here), ("title", &name)])?;
    let colour = [
        ("in", here),
        ("change", "add"),
        ("label", "Colour <&>"),
        ("name", "colour"),
        ("kind", "choice"),
        ("choices", "red: Red\nblue: Blue <&>"),
    ];
    post(&mut p, &form, &colour)?.expect(303);
    let shown = p.get_json(&form)?;
    assert_eq!(shown["fields"][0]["options"]["choices"][1][1], "Blue <&>");
    let field = shown["fields"][0]["id"].to_string();
    let path = form.replace('?', &format!("/fields/{field}?"));
    let needed = [
        ("in", here),
        ("label", "Colour"),
        ("choices", "red: Red\nblue: Blue"),
        ("user", "required"),
        ("agent", "optional"),
        ("active", "1"),
    ];
    post(&mut p, &path, &needed)?.expect(303);
    let (topic, topic_id) = made(&mut p, "/admin/topics", &[("in", here), ("name", &name)])?;
    let asking = [
        ("in", here),
        ("change", "save"),
        ("name", name.as_str()),
        ("active", "1"),
        ("public", "1"),
        ("form", form_id.as_str()),
        ("format", "Q-########"),
    ];
    post(&mut p, &topic, &asking)?.expect(303);
    let (status, text) = opened(stage, &json!({ "topicId": topic_id }))?;
    assert_eq!(
        (status, text.contains("Colour is a required field")),
        (500, true),
        "{text}"
    );
    let (status, text) = opened(stage, &json!({ "topicId": topic_id, "colour": "Blue" }))?;
    assert_eq!((status, text.starts_with("Q-")), (201, true), "{text}");
    post(&mut p, &topic, &[("in", here), ("change", "archive")])?.expect(303);
    let (status, text) = opened(stage, &json!({ "topicId": topic_id }))?;
    assert_eq!((status, text.starts_with("Q-")), (201, false), "{text}");
    Ok(())
}

pub(crate) fn a_filter_refuses_until_it_is_switched_off(stage: &Stage) -> Outcome {
    let mut p = administrator(stage)?;
    let here = realm(&mut p, "P")?;
    let here = id(&here);
    let word = unique("spam");
    let rule = [
        ("what", "subject"),
        ("operator", "contains"),
        ("value", word.as_str()),
    ];
    let mut fields = vec![("in", here), ("name", word.as_str())];
    fields.extend(rule);
    let (filter, _) = made(&mut p, "/admin/filters", &fields)?;
    let subject = json!({ "subject": format!("It is {word}") });
    assert_eq!(opened(stage, &subject)?.0, 201, "it does nothing yet");
    fields.extend([("target", "api"), ("position", "1"), ("reject", "1")]);
    fields.push(("active", "1"));
    post(&mut p, &filter, &fields)?.expect(303);
    let (status, text) = opened(stage, &subject)?;
    let denied = "Unable to create new ticket :Ticket denied: intake@example.com\n\n\
                  This help desk is for use by authorized users only";
    assert_eq!((status, text.as_str()), (403, denied));
    assert_eq!(p.get_json(&filter)?["actions"][0]["do"], "reject");
    fields.pop();
    post(&mut p, &filter, &fields)?.expect(303);
    assert_eq!(opened(stage, &subject)?.0, 201);
    Ok(())
}

pub(crate) fn a_mail_says_what_was_written_for_it(stage: &Stage) -> Outcome {
    let mut p = administrator(stage)?;
    let here = realm(&mut p, "SP2")?;
    let at = format!("/admin/templates/ticket.reply?in={}", id(&here));
    let words = [
        ("in", id(&here)),
        ("reading", ""),
        ("subject", "Größe <&> #%{ticket.number}"),
        ("text", "%{response}"),
    ];
    let preview = [&words[..], &[("change", "preview")]].concat();
    let page = post(&mut p, &at, &preview)?.expect(200).text();
    assert!(page.contains("Größe &#60;&#38;&#62; #482913"), "{page}");
    let save = [&words[..], &[("change", "save")]].concat();
    post(&mut p, &at, &save)?.expect(303);
    post(&mut p, &at, &save)?.expect(409);
    let now = p.get_json(&at)?;
    assert_eq!(now["origin"], "own");
    let reading = now["reading"].as_str().unwrap_or_default();
    let back = [("in", id(&here)), ("reading", reading), ("change", "reset")];
    post(&mut p, &at, &back)?.expect(303);
    assert_eq!(p.get_json(&at)?["origin"], "platform");
    Ok(())
}

pub(crate) fn a_filter_answers_with_a_canned_reply(stage: &Stage) -> Outcome {
    let mut p = administrator(stage)?;
    let here = realm(&mut p, "P")?;
    let here = id(&here);
    let word = unique("Canned");
    let fields = [
        ("in", here),
        ("title", &*word),
        ("text", "Größe <&> #%{ticket.number}"),
    ];
    let (page, reply) = made(&mut p, "/admin/canned", &fields)?;
    let fields = [
        ("in", here),
        ("name", &*word),
        ("what", "subject"),
        ("operator", "contains"),
        ("value", &*word),
    ];
    let (filter, _) = made(&mut p, "/admin/filters", &fields)?;
    let rule = [
        ("in", here),
        ("name", &*word),
        ("active", "1"),
        ("position", "1"),
        ("target", "any"),
        ("what", "subject"),
        ("operator", "contains"),
        ("value", &*word),
        ("canned", &*reply),
    ];
    post(&mut p, &filter, &rule)?.expect(303);
    let (status, number) = opened(stage, &json!({ "subject": word }))?;
    assert_eq!(status, 201, "{number}");
    let thread = p
        .get(&format!("/queues/tickets/{number}"))?
        .expect(200)
        .text();
    assert!(
        thread.contains(&format!("Größe &#60;&#38;&#62; #{number}")),
        "{thread}"
    );
    let version = p.get_json(&page)?["version"].to_string();
    let gone = [("in", here), ("change", "delete"), ("version", &*version)];
    post(&mut p, &page, &gone)?.expect(303);
    assert_eq!(p.get_json(&filter)?["dangling"], true);
    assert_eq!(p.get_json(&filter)?["active"], false);
    Ok(())
}
