//! Two administrators who remove the same thing at once: it is gone, and written down once.

use realmdesk_tests::task::{in_every_order, interleave};
use realmdesk_tests::{Browser, Call, World};
use tenancy::token::content_address;

use super::{administrator, email, form, id, parent, post, post_json, told};

/// A call as a form posts it.
fn posted(browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Call {
    let body = form(browser, fields);
    let cookies = ["__Host-form", "__Host-session"];
    let cookies = cookies.map(|name| format!("{name}={}", browser.cookie(name).unwrap()));
    Call::post(path)
        .to("p.localhost:8787")
        .header("cookie", &cookies.join("; "))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body)
}

/// Posts the same form twice, in every order in which the round trips can fall.
fn removed_twice(prepared: &str, path: &str, fields: impl Fn(&mut Browser<'_>) -> Fields) {
    in_every_order(4, |order| {
        let world = parent();
        world.execute(prepared);
        let mut p = administrator(&world, "P");
        let here = id(&world, "P").to_string();
        let fields = fields(&mut p);
        let fields = fields.iter().map(|(name, value)| (*name, value.as_str()));
        let fields: Vec<_> = [("in", here.as_str())].into_iter().chain(fields).collect();
        let call = posted(&mut p, path, &fields);
        let before = deeds(&world);
        world.meter.go_stepwise();
        let tasks = [0, 1].map(|_| world.start(call.clone()));
        let statuses = interleave(order, tasks).map(|page| page.status);
        let expected = |status: &u16| [303, 404, 409, 422].contains(status);
        assert!(
            statuses.contains(&303) && statuses.iter().all(expected),
            "{path}: {statuses:?} {order:?}"
        );
        assert_eq!(deeds(&world), before + 1, "{path}: {order:?}");
    });
}

type Fields = Vec<(&'static str, String)>;

fn deeds(world: &World) -> i64 {
    world.number("SELECT count(*) FROM admin_event")
}

fn asking(fields: &[(&'static str, &str)]) -> Fields {
    let owned = |(name, value): &(&'static str, &str)| (*name, (*value).to_owned());
    fields.iter().map(owned).collect()
}

/// Removes what has been read.
fn as_read(browser: &mut Browser<'_>, path: &str) -> Fields {
    let reading = told(browser, path)["reading"].clone();
    asking(&[("change", "remove"), ("reading", reading.as_str().unwrap())])
}

#[test]
fn a_department_and_a_team_are_removed_once() {
    let prepared = "INSERT INTO department (tenant_id, department_id, realm_id, name)
                    VALUES (1, 900, 1, 'Night');
                    INSERT INTO team (tenant_id, team_id, realm_id, name)
                    VALUES (1, 900, 1, 'Night')";
    for path in ["/admin/departments/900?in=1", "/admin/teams/900?in=1"] {
        removed_twice(prepared, path, |p| as_read(p, path));
    }
}

#[test]
fn a_list_and_a_status_are_removed_once() {
    let list =
        "INSERT INTO list (tenant_id, list_id, realm_id, name) VALUES (1, 900, 1, 'Colours')";
    removed_twice(list, "/admin/lists/900?in=1", |_| {
        asking(&[("change", "remove")])
    });
    let status = "INSERT INTO ticket_status (tenant_id, status_id, name, state, position)
                  VALUES (1, 90, 'Parked', 'closed', 90)";
    removed_twice(status, "/admin/statuses", |_| {
        asking(&[("change", "remove"), ("status", "90")])
    });
}

#[test]
fn a_canned_reply_and_a_template_are_removed_once() {
    let canned = "INSERT INTO canned_reply (tenant_id, canned_reply_id, realm_id, title, text)
                  VALUES (1, 900, 1, 'Thanks', 'Thanks.')";
    removed_twice(canned, "/admin/canned/900?in=1", |_| {
        asking(&[("change", "delete"), ("version", "1")])
    });
    let template = "INSERT INTO mail_template (tenant_id, realm_id, code, subject, text)
                    VALUES (1, 1, 'task.alert', 'x', 'y')";
    removed_twice(template, "/admin/templates/task.alert?in=1", |_| {
        let reading = content_address(b"x\ny");
        asking(&[("change", "reset"), ("reading", &reading)])
    });
}

#[test]
fn a_key_is_revoked_and_a_ban_is_lifted_once() {
    let key = "UPDATE api_key SET key_id = '018bcfe5-6800-7707-8707-070707070707'
                WHERE tenant_id = 1 AND realm_id = 1";
    removed_twice(
        key,
        "/admin/keys/018bcfe5-6800-7707-8707-070707070707",
        |_| asking(&[("change", "revoke"), ("sure", "1")]),
    );
    removed_twice("SELECT 1", "/admin/bans", |p| {
        let ban = [
            ("in", "1"),
            ("change", "ban"),
            ("address", "ana@example.com"),
        ];
        assert_eq!(post(p, "/admin/bans", &ban).status, 303);
        asking(&[("change", "unban"), ("address", "ana@example.com")])
    });
}

#[test]
fn what_was_not_read_is_neither_changed_nor_removed() {
    let world = parent();
    let mut p = administrator(&world, "P");
    for (list, leader) in [("departments", "manager"), ("teams", "lead")] {
        let path = format!("/admin/{list}");
        let made = post_json(&mut p, &path, &[("in", "1"), ("name", "Night")]).json();
        let path = format!("{path}/{}", made["id"]);
        let before = deeds(&world);
        for change in ["save", "remove"] {
            let fields = [
                ("in", "1"),
                ("change", change),
                ("name", "Day"),
                (leader, &*email("P")),
            ];
            let refused = post_json(&mut p, &path, &fields);
            assert_eq!(refused.json()["error"], "unread", "{path} {change}");
            let page = post(&mut p, &path, &fields);
            assert_eq!(page.status, 422, "{path} {change}");
            let words = "does not say what it was filled in about";
            assert!(page.text().contains(words), "{}", page.text());
            assert!(page.text().contains("value=\"Day\""), "{}", page.text());
        }
        assert_eq!(told(&mut p, &format!("{path}?in=1"))["name"], "Night");
        assert_eq!(deeds(&world), before);
    }
}
