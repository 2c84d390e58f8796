//! What users with an account do: signing in by mail, their lists, writing to tickets, raising
//! them for others.

mod joined;
mod lists;
mod messages;
mod raising;
mod sharing;
mod signing_in;
mod status;

use realmdesk_tests::{Browser, World, html};
use serde_json::Value;

/// The user `ana@example.com` of a portal, whom her first ticket has made known.
fn ana<'w>(world: &'w World, realm: &str) -> Browser<'w> {
    let browser = world.browser(&format!("{realm}.localhost"));
    browser.signed_in_by_mail("ana@example.com")
}

/// What a user's list holds.
fn listed(browser: &mut Browser<'_>, path: &str) -> Value {
    let page = browser.get_json(path);
    assert_eq!(page.status, 200, "{path}");
    page.json()
}

fn subjects(listed: &Value) -> Vec<&str> {
    let tickets = listed["tickets"].as_array().unwrap().iter();
    tickets
        .map(|ticket| ticket["subject"].as_str().unwrap())
        .collect()
}

/// Writes to a ticket from its page, and returns the answer.
fn write_to(browser: &mut Browser<'_>, number: &str, text: &str) -> realmdesk_tests::Page {
    let page = browser.get(&format!("/tickets/{number}"));
    assert_eq!(page.status, 200, "{number}");
    let form = html::form(page.text(), &format!("/tickets/{number}/message")).unwrap();
    browser.send_form(&form, &[("message", text)])
}
