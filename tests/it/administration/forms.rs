//! Forms and their fields, as administrators make and change them (FO-2 to FO-5, HT-2).

use realmdesk_tests::world::ticket_call;
use realmdesk_tests::{Browser, World, html};
use serde_json::json;

use super::{administrator, agent, doing, each, id, parent, post, post_json, save, told};

fn page_of(world: &World, realm: &str, form: &str) -> String {
    format!("/admin/forms/{form}?in={}", id(world, realm))
}

/// Makes a form in P, and returns its id and its page.
pub(super) fn made(
    world: &World,
    p: &mut Browser<'_>,
    title: &str,
    is_for_all: bool,
) -> (i64, String) {
    let realm = id(world, "P").to_string();
    let fields = [
        ("in", &*realm),
        ("title", title),
        ("purpose", if is_for_all { "ticket" } else { "topic" }),
    ];
    let page = post_json(p, "/admin/forms", &fields);
    assert_eq!(page.status, 200, "{}", page.text());
    let form = page.json()["id"].as_i64().unwrap();
    (form, page_of(world, "P", &form.to_string()))
}

/// Adds a field, and returns its page.
pub(super) fn added(p: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> String {
    let (form, realm) = path.split_once("?in=").unwrap();
    let mut whole = vec![("in", realm), ("change", "add")];
    whole.extend(fields);
    let page = post_json(p, path, &whole);
    assert_eq!(page.status, 200, "{}", page.text());
    format!("{form}/fields/{}?in={realm}", page.json()["field"])
}

#[test]
fn a_form_is_made_filled_with_fields_and_asked_for() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let (form, path) = made(&world, &mut p, " Device <any> ", false);
    added(
        &mut p,
        &path,
        &[
            ("label", "Device Type"),
            ("name", "device"),
            ("kind", "choice"),
            (
                "choices",
                "printer: Printer\n\n screen : A <screen>\r\nOther",
            ),
        ],
    );
    let serial = added(
        &mut p,
        &path,
        &[("label", "Serial"), ("name", "serial"), ("kind", "text")],
    );
    let pattern = [
        ("validator", "regex"),
        ("pattern", "/^[A-Z]+[0-9]+$/"),
        ("user", "required"),
        ("when", "23"),
        ("values", "printer\n"),
        ("error", "It looks like AB12."),
    ];
    assert_eq!(save(&mut p, &serial, &pattern).status, 303);
    let shown = told(&mut p, &path);
    assert_eq!(shown["title"], "Device <any>");
    assert_eq!(
        shown["fields"][0]["options"]["choices"],
        json!([
            ["printer", "Printer"],
            ["screen", "A <screen>"],
            ["Other", "Other"]
        ])
    );
    assert_eq!(
        [&shown["fields"][1]["when"], &shown["fields"][1]["values"]],
        [&json!(23), &json!(["printer"])]
    );
    let topic = format!("/admin/topics/2?in={}", id(&world, "P"));
    assert_eq!(
        save(&mut p, &topic, &[("form", &form.to_string())]).status,
        303
    );
    assert_eq!(told(&mut p, &topic)["forms"], json!([form]));
    let asked = world.browser("sp3.localhost").get("/open?topic=2");
    assert!(
        asked.text().contains("A &#60;screen&#62;"),
        "in realms below too"
    );
    let call = |serial: &str| {
        let fields = json!({ "topicId": 2, "device": "printer", "serial": serial });
        world.send(ticket_call("p", &fields))
    };
    assert!(call("12").text().ends_with("24\nIt looks like AB12."));
    assert_eq!(call("AB12").status, 201);
}

#[test]
fn a_form_for_all_is_asked_for_until_it_is_switched_off() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let (_, path) = made(&world, &mut p, "More", true);
    added(
        &mut p,
        &path,
        &[("label", "Room"), ("name", "room"), ("kind", "text")],
    );
    let asks = || {
        world
            .browser("c3a.localhost")
            .get("/open?topic=1")
            .text()
            .contains("field_23")
    };
    assert!(asks());
    assert_eq!(
        save(&mut p, &path, &[("active", ""), ("title", "Rooms")]).status,
        303
    );
    assert!(!asks());
    let forms = told(&mut p, "/admin/forms");
    assert_eq!(
        each(&forms["forms"], "title"),
        [
            "Contact Information",
            "Ticket Details",
            "Organization Information",
            "Rooms"
        ]
    );
    assert_eq!(forms["forms"][3]["active"], false);
    let page = p.get(&page_of(&world, "P", "2"));
    assert!(
        page.text().contains("Priority Level"),
        "osTicket's own is one like any other"
    );
}

#[test]
fn each_kind_of_field_is_made_and_keeps_its_options() {
    let world = parent();
    let mut p = administrator(&world, "P");
    world.execute("INSERT INTO list (tenant_id, list_id, realm_id, name) SELECT 1, 7, realm_id, 'Things' FROM realm WHERE tenant_id = 1 AND name = 'P'");
    let (_, path) = made(&world, &mut p, "All", false);
    let options: [(&str, &[(&str, &str)]); 16] = [
        (
            "text",
            &[
                ("longest", "9"),
                ("validator", "number"),
                ("placeholder", "12 <kg>"),
            ],
        ),
        ("memo", &[("rows", "7"), ("longest", "500")]),
        ("email", &[("error", "No address."), ("closing", "1")]),
        ("phone", &[("digits", "5"), ("extension", "1")]),
        ("checkbox", &[("hint", "Tick it.")]),
        (
            "choice",
            &[
                ("choices", "a: A\nb: B"),
                ("default", "b"),
                ("prompt", "Pick"),
                ("multiple", "1"),
            ],
        ),
        ("list", &[("list", "7"), ("prompt", "Pick")]),
        (
            "date",
            &[
                ("time", "1"),
                ("past", "1"),
                ("earliest", "2026-01-01T08:00"),
                ("latest", "2026-12-31T09:30"),
            ],
        ),
        ("priority", &[("user", "required")]),
        ("section", &[("label", "Part two")]),
        ("information", &[("text", "Read <this>.")]),
        ("timezone", &[("prompt", "Where?")]),
        ("department", &[("user", "hidden")]),
        ("agent", &[("prompt", "Nobody <yet>")]),
        ("state", &[("agent", "required")]),
        ("flag", &[("hint", "What of it?")]),
    ];
    for (kind, changed) in options {
        let choices = if kind == "choice" { "x: X" } else { "" };
        let list = if kind == "list" { "7" } else { "" };
        let name = format!("a_{kind}");
        let new = [
            ("label", kind),
            ("name", &*name),
            ("kind", kind),
            ("choices", choices),
            ("list", list),
        ];
        let field = added(&mut p, &path, &new);
        assert_eq!(save(&mut p, &field, changed).status, 303, "{kind}");
        let page = p.get(&field);
        let kept = html::filled(page.text(), &field).unwrap();
        for wanted in changed {
            let is = |(name, value): &(String, String)| (&**name, &**value) == *wanted;
            assert!(kept.iter().any(is), "{kind} {wanted:?} {kept:?}");
        }
        assert_eq!(save(&mut p, &field, &[]).status, 303, "{kind} as it is");
    }
}

#[test]
fn what_is_wrong_with_a_form_or_a_field_is_said_beside_it_and_kept() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let realm = id(&world, "P").to_string();
    for (title, why) in [(" ", "title"), ("Ticket Details", "taken")] {
        let fields = [("in", &*realm), ("title", title)];
        let page = post(&mut p, "/admin/forms", &fields);
        assert_eq!(page.status, 422);
        assert!(page.text().contains("id=\"title-problem\""));
        assert_eq!(
            post_json(&mut p, "/admin/forms", &fields).json()["error"],
            why
        );
    }
    let (_, path) = made(&world, &mut p, "Device", false);
    for (name, label, kind, choices, field, why) in [
        ("Serial No", "x", "text", "", "name", "field_name"),
        ("subject", "x", "text", "", "name", "field_name"),
        ("serial", " ", "text", "", "label", "label"),
        ("serial", "x", "choice", "", "choices", "choices"),
        ("serial", "x", "choice", "a: A\na: B", "choices", "choices"),
        ("serial", "x", "text", "a: A", "choices", "choices"),
        ("serial", "x", "list", "", "list", "choices"),
    ] {
        let fields = [
            ("in", &*realm),
            ("change", "add"),
            ("name", name),
            ("label", label),
            ("kind", kind),
            ("choices", choices),
        ];
        let told = post_json(&mut p, &path, &fields);
        assert_eq!(told.json(), json!({ "error": why, "field": field }));
        let page = post(&mut p, &path, &fields);
        assert_eq!(page.status, 422);
        assert_eq!(html::value(page.text(), "name").unwrap(), name);
        assert_eq!(
            html::value(page.text(), "title").unwrap(),
            "Device",
            "the form itself stays"
        );
    }
    let serial = added(
        &mut p,
        &path,
        &[("label", "Serial"), ("name", "serial"), ("kind", "text")],
    );
    for (field, value) in [
        ("pattern", "("),
        ("longest", "0"),
        ("longest", "many"),
        ("validator", "x"),
        ("user", "king"),
        ("when", "23"),
        ("label", " "),
    ] {
        let regex = (
            "validator",
            if field == "validator" { value } else { "regex" },
        );
        let page = save(
            &mut p,
            &serial,
            &[(field, value), regex, ("placeholder", "kept")],
        );
        assert_eq!(page.status, 422, "{field}");
        assert!(
            page.text().contains(&format!("id=\"{field}-problem\"")) || field == "when",
            "{field}"
        );
        assert_eq!(html::value(page.text(), "placeholder").unwrap(), "kept");
    }
    assert_eq!(
        told(&mut p, &serial)["options"]["validator"],
        "none",
        "nothing was written"
    );
}

#[test]
fn fields_are_put_into_another_order() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let (_, path) = made(&world, &mut p, "Device", false);
    for name in ["one", "two", "three"] {
        added(
            &mut p,
            &path,
            &[("label", name), ("name", name), ("kind", "text")],
        );
    }
    let realm = id(&world, "P").to_string();
    let up = |field| [("in", &*realm), ("change", "up"), ("field", field)];
    doing(&mut p, &path, &up("25"));
    assert_eq!(
        each(&told(&mut p, &path)["fields"], "name"),
        ["one", "three", "two"]
    );
    doing(&mut p, &path, &up("25"));
    doing(&mut p, &path, &up("25"));
    assert_eq!(
        each(&told(&mut p, &path)["fields"], "name"),
        ["three", "one", "two"]
    );
    assert_eq!(
        post(&mut p, &path, &up("22")).status,
        404,
        "of another form"
    );
}

#[test]
fn only_who_holds_the_realm_looks_after_its_forms() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let (form, path) = made(&world, &mut p, "Device", false);
    let field = added(
        &mut p,
        &path,
        &[("label", "Serial"), ("name", "serial"), ("kind", "text")],
    );
    let mut sp3 = administrator(&world, "SP3");
    for hidden in [&path, &field, &page_of(&world, "SP3", &form.to_string())] {
        assert_eq!(sp3.get(hidden).status, 404, "{hidden}");
    }
    let own = sp3.get("/admin/forms");
    assert!(!own.text().contains("Device") && own.text().contains("No forms yet"));
    let mut c1b = agent(&world, "C1B");
    assert_eq!(c1b.get("/admin/forms").status, 403);
}
