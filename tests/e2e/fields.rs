//! Fields of forms: on tickets, in profiles and of lists' items, as people fill them in.
//!
//! The cases leave forms behind that only topics of their own ask for, and that nobody asks for
//! once those are archived.

use serde_json::{Value, json};

use crate::Outcome;
use crate::administration::{administrator, id, post, realm};
use crate::api;
use crate::client::Browser;
use crate::intake::made;
use crate::page::{between, hidden};
use crate::stage::{Stage, unique};

/// A topic of P's with a form of its own.
struct Asking {
    p: Browser,
    here: String,
    topic_page: String,
    topic: String,
    form: String,
}

impl Asking {
    fn begin(stage: &Stage) -> Outcome<Self> {
        let mut p = administrator(stage)?;
        let here = id(&realm(&mut p, "P")?).to_owned();
        let name = unique("Größe <&>");
        let (form, form_id) = made(&mut p, "/admin/forms", &[("in", &here), ("title", &name)])?;
        let (topic_page, topic) = made(&mut p, "/admin/topics", &[("in", &here), ("name", &name)])?;
        let asks = [
            ("in", &*here),
            ("change", "save"),
            ("name", &name),
            ("active", "1"),
            ("public", "1"),
            ("form", &form_id),
        ];
        post(&mut p, &topic_page, &asks)?.expect(303);
        Ok(Self {
            p,
            here,
            topic_page,
            topic,
            form,
        })
    }

    /// Adds a field that users and agents may fill in, and returns what forms call it.
    fn add(&mut self, label: &str, more: &[(&str, &str)]) -> Outcome<String> {
        let fields = [("in", &*self.here), ("change", "add"), ("label", label)];
        post(&mut self.p, &self.form, &[&fields[..], more].concat())?.expect(303);
        let told = self.p.get_json(&self.form)?;
        let fields = told["fields"].as_array().into_iter().flatten();
        let field = fields.last().ok_or("no field was added")?["id"].to_string();
        let path = self.form.replace('?', &format!("/fields/{field}?"));
        let open = [
            ("in", &*self.here),
            ("label", label),
            ("user", "optional"),
            ("agent", "optional"),
            ("active", "1"),
        ];
        post(&mut self.p, &path, &[&open[..], more].concat())?.expect(303);
        Ok(format!("field_{field}"))
    }

    /// Opens a ticket about the topic, and returns its number.
    fn open(&self, stage: &Stage, fields: &Value) -> Outcome<String> {
        let mut ticket = json!({
            "name": "Program", "email": "fields@example.com", "subject": unique("Asked"),
            "message": "Text.", "topicId": self.topic,
        });
        for (name, value) in fields.as_object().into_iter().flatten() {
            ticket[name] = value.clone();
        }
        let parent = &stage.demo.parent;
        let client = stage.client(&parent.host);
        api::number(&api::post(&client, &parent.api_key, &ticket.to_string())?)
    }

    fn end(mut self) -> Outcome {
        let archive = [("in", &*self.here), ("change", "archive")];
        post(&mut self.p, &self.topic_page, &archive)?.expect(303);
        Ok(())
    }
}

pub(crate) fn an_agent_fills_in_a_ticket_anew(stage: &Stage) -> Outcome {
    let mut asking = Asking::begin(stage)?;
    let kind = [("name", "room"), ("kind", "text"), ("validator", "none")];
    let room = asking.add("Room <&>", &kind)?;
    let number = asking.open(stage, &json!({ "room": "Cellar <1>" }))?;
    let path = format!("/queues/edit/{number}");
    let p = &mut asking.p;
    let form = p.get(&path)?.expect(200).text();
    assert!(form.contains("value=\"Cellar &#60;1&#62;\""), "{form}");
    let read = hidden(&form, "version")?;
    let comment = unique("She moved");
    let typed = [
        ("version", &*read),
        (&*room, "Attic"),
        ("comment", &*comment),
    ];
    let led = post(p, &path, &typed)?.expect(303);
    let ticket = p.get(led.header("location"))?.expect(200).text();
    for part in ["The details are saved.", "Attic", &*comment] {
        assert!(ticket.contains(part), "{part}: {ticket}");
    }
    assert!(!ticket.contains("Cellar"), "{ticket}");
    // What was read before that is refused, and what was typed is kept.
    let late = [("version", &*read), (&*room, "Yard <2>")];
    let refused = post(p, &path, &late)?.expect(409).text();
    for part in [
        "Somebody else changed",
        "value=\"Yard &#60;2&#62;\"",
        "Attic",
    ] {
        assert!(refused.contains(part), "{part}: {refused}");
    }
    let ticket = p.get(&format!("/queues/tickets/{number}"))?.expect(200);
    assert!(!ticket.text().contains("Yard"), "{}", ticket.text());
    asking.end()
}

/// The name that a profile's form has for a field, by the name that programs know it by.
fn named(profile: &Value, name: &str) -> Outcome<String> {
    let fields = profile["fields"].as_array().into_iter().flatten();
    let mut fields = fields.filter(|field| field["name"] == name);
    let field = fields.next().ok_or_else(|| format!("no field {name}"))?;
    Ok(field["field"].as_str().unwrap_or_default().to_owned())
}

/// Fills in a field of a profile, and again from the page that was read first.
fn filled_in(browser: &mut Browser, path: &str, name: &str, texts: [&str; 2]) -> Outcome {
    let profile = browser.get_json(path)?;
    let (field, read) = (named(&profile, name)?, profile["version"].to_string());
    let [first, late] = texts;
    let typed = [("version", &*read), (&*field, first)];
    post(browser, path, &typed)?.expect(303);
    let page = browser.get(path)?.expect(200).text();
    assert!(page.contains(first), "{page}");
    let typed = [("version", &*read), (&*field, late)];
    let refused = post(browser, path, &typed)?.expect(409).text();
    assert!(refused.contains("Somebody else changed this"), "{refused}");
    assert!(!browser.get(path)?.expect(200).text().contains(late));
    Ok(())
}

pub(crate) fn users_and_organizations_have_profiles(stage: &Stage) -> Outcome {
    let mut p = administrator(stage)?;
    let here = realm(&mut p, "P")?;
    let email = format!("{}@example.com", unique("fay"));
    let parent = &stage.demo.parent;
    api::create(stage, &parent.api_key, &email, "Introduced")?;
    let found = p.get_json(&format!("/admin/users?q={email}"))?;
    let user = found["users"][0]["id"].as_str().ok_or("no such user")?;
    let path = format!("/admin/profiles/users/{user}");
    filled_in(&mut p, &path, "phone", ["555-123-4567", "555-765-4321"])?;
    let fields = [("in", id(&here)), ("name", &*unique("Globex"))];
    let led = post(&mut p, "/admin/organizations", &fields)?.expect(303);
    let made = led.header("location").split('?').next().unwrap_or_default();
    let path = format!("/admin/profiles/organizations/{}", id(made));
    let texts = ["https://first.example", "https://late.example"];
    filled_in(&mut p, &path, "website", texts)
}

/// Makes a list of P's with two rooms, and returns its page and its id.
fn rooms(asking: &mut Asking) -> Outcome<(String, String)> {
    let fields = [("in", &*asking.here), ("name", &*unique("Rooms"))];
    let (list, number) = made(&mut asking.p, "/admin/lists", &fields)?;
    let items = [
        ("in", &*asking.here),
        ("change", "import"),
        ("items", "Cellar <1>\nAttic"),
    ];
    post(&mut asking.p, &list, &items)?.expect(303);
    Ok((list, number))
}

pub(crate) fn an_item_of_a_list_has_properties(stage: &Stage) -> Outcome {
    let mut asking = Asking::begin(stage)?;
    let (list, number) = rooms(&mut asking)?;
    let (p, here) = (&mut asking.p, &asking.here);
    let properties = [("in", &**here), ("change", "properties")];
    let led = post(p, &list, &properties)?.expect(303);
    let form = led.header("location").replace("&done=saved", "");
    let floor = [
        ("in", &**here),
        ("change", "add"),
        ("label", "Floor"),
        ("name", "floor"),
        ("kind", "text"),
    ];
    post(p, &form, &floor)?.expect(303);
    let item = format!("/admin/profiles/lists/{number}/1?in={here}");
    let profile = p.get_json(&item)?;
    let (field, read) = (named(&profile, "floor")?, profile["version"].to_string());
    let typed = [("in", &**here), ("version", &*read), (&*field, "Minus <2>")];
    post(p, &item, &typed)?.expect(303);
    let page = p.get(&item)?.expect(200).text();
    assert!(page.contains("value=\"Minus &#60;2&#62;\""), "{page}");
    let late = [("in", &**here), ("version", &*read), (&*field, "Plus <3>")];
    let refused = post(p, &item, &late)?.expect(409).text();
    assert!(refused.contains("Somebody else changed this"), "{refused}");
    assert!(!p.get(&item)?.expect(200).text().contains("Plus"));
    let other = p.get_json(&item.replace("/1?", "/2?"))?;
    assert_eq!(other["fields"][0]["values"], json!([]));
    post(p, &list, &[("in", &**here), ("change", "remove")])?.expect(303);
    asking.end()
}

pub(crate) fn a_room_is_typed_on_the_portal(stage: &Stage) -> Outcome {
    let mut asking = Asking::begin(stage)?;
    let (_, list) = rooms(&mut asking)?;
    let kind = [
        ("name", "room"),
        ("kind", "list"),
        ("list", &*list),
        ("typeahead", "1"),
    ];
    let room = asking.add("Room", &kind)?;
    let mut fay = stage.browser(&stage.demo.parent.host);
    let at = format!("/open?topic={}", asking.topic);
    let form = fay.get(&at)?.expect(200).text();
    assert!(form.contains(&format!("list=\"{room}-offered\"")), "{form}");
    let offered = between(
        &form,
        &format!("<datalist id=\"{room}-offered\">"),
        "</datalist>",
    )?;
    for name in ["Cellar &#60;1&#62;", "Attic"] {
        let option = format!("<option value=\"{name}\"></option>");
        assert!(offered.contains(&option), "{offered}");
    }
    let csrf = hidden(&form, "csrf")?;
    let subject = unique("Typed");
    let typed = |named: &'static str| {
        [
            ("csrf", &*csrf),
            ("topic", &*asking.topic),
            ("name", "Fay"),
            ("email", "fay@example.com"),
            ("subject", &*subject),
            ("message", "It leaks."),
            (&*room, named),
        ]
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
    };
    let send = |fay: &mut Browser, named| {
        let typed = typed(named);
        let typed = typed.each_ref().map(|(name, text)| (&**name, &**text));
        fay.post("/open", &typed)
    };
    let refused = send(&mut fay, "Kitchen <3>")?.expect(422).text();
    for part in ["value=\"Kitchen &#60;3&#62;\"", &*subject, "It leaks."] {
        assert!(refused.contains(part), "{part}: {refused}");
    }
    send(&mut fay, "cellar <1>")?.expect(303);
    let opened = asking.p.get_json("/queues/open")?;
    let tickets = opened["tickets"].as_array().into_iter().flatten();
    let mut tickets = tickets.filter(|ticket| ticket["subject"] == *subject);
    let number = tickets.next().ok_or("no ticket was opened")?["number"].clone();
    let number = number.as_str().unwrap_or_default();
    let ticket = asking.p.get(&format!("/queues/tickets/{number}"))?;
    let ticket = ticket.expect(200).text();
    assert!(ticket.contains("Cellar &#60;1&#62;"), "{ticket}");
    asking.end()
}
