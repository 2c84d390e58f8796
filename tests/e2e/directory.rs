//! Keys, ban lists and invitations, as administrators make them and others meet them.
//!
//! The cases leave behind an address that is not banned any more and agents who never sign in.

use serde_json::json;

use crate::Outcome;
use crate::administration::{administrator, id, post, realm};
use crate::api;
use crate::stage::{Stage, unique};

pub(crate) fn a_key_opens_tickets_until_it_is_revoked(stage: &Stage) -> Outcome {
    let mut p = administrator(stage)?;
    let here = realm(&mut p, "P")?;
    let name = unique("Shop <&>");
    let fields = [
        ("in", id(&here)),
        ("name", &name),
        ("calls", "300"),
        ("active", "1"),
        ("tickets:create", "1"),
    ];
    let page = post(&mut p, "/admin/keys", &fields)?.expect(200).text();
    let key = page.split("<code class=\"break\" translate=\"no\">").nth(1);
    let key = key.and_then(|rest| rest.split('<').next());
    let key = key.ok_or("no key is shown")?.to_owned();
    assert_eq!(key.len(), 32, "{key}");
    let client = stage.client(&stage.demo.parent.host);
    let ticket = json!({
        "name": "Shop", "email": "shop@example.com", "subject": "Order", "message": "Text.",
    });
    let ticket = ticket.to_string();
    api::number(&api::post(&client, &key, &ticket)?)?;
    let listed = p.get_json("/admin/keys")?;
    let keys = listed["keys"].as_array().into_iter().flatten();
    let mut keys = keys.filter(|each| each["name"] == name.as_str());
    let made = keys.next().ok_or("the key is not listed")?;
    let path = format!("/admin/keys/{}", made["id"].as_str().unwrap_or_default());
    let revoked = [("change", "revoke"), ("sure", "1")];
    post(&mut p, &path, &revoked)?.expect(303);
    assert_eq!(api::post(&client, &key, &ticket)?.status, 401);
    p.get(&path)?.expect(404);
    Ok(())
}

pub(crate) fn a_banned_address_opens_no_tickets_until_it_is_taken_off(stage: &Stage) -> Outcome {
    let mut p = administrator(stage)?;
    let here = realm(&mut p, "P")?;
    let address = format!("{}@example.com", unique("spam").replace(' ', "-"));
    let client = stage.client(&stage.demo.parent.host);
    let opened = || {
        let ticket = json!({
            "name": "Spam", "email": address, "subject": "Buy", "message": "Text.",
        });
        let answer = api::post(&client, &stage.demo.parent.api_key, &ticket.to_string())?;
        Outcome::Ok(answer.status)
    };
    let change = |change| {
        [
            ("in", id(&here)),
            ("change", change),
            ("address", &*address),
        ]
    };
    post(&mut p, "/admin/bans", &change("ban"))?.expect(303);
    assert_eq!(opened()?, 403);
    let led = post(&mut p, "/admin/bans", &change("unban"))?.expect(303);
    let undo = p.get(led.header("location"))?.expect(200).text();
    assert!(undo.contains("Undo: ban"), "{undo}");
    assert_eq!(opened()?, 201);
    Ok(())
}

pub(crate) fn what_is_done_stands_in_the_log(stage: &Stage) -> Outcome {
    let mut p = administrator(stage)?;
    let here = realm(&mut p, "P")?;
    let name = unique("Globex");
    let fields = [("in", id(&here)), ("name", name.as_str())];
    let led = post(&mut p, "/admin/organizations", &fields)?.expect(303);
    let path = led.header("location").split('?').next();
    let path = path.unwrap_or_default().to_owned();
    let version = p.get_json(&path)?["version"].to_string();
    let domain = format!("{}.example", id(&path));
    let fields = [
        ("change", "save"),
        ("version", &version),
        ("name", &name),
        ("domains", &domain),
        ("sharing", "everybody"),
    ];
    post(&mut p, &path, &fields)?.expect(303);
    assert_eq!(p.get_json(&path)?["domains"], json!([domain]));
    let log = p.get_json("/admin/log?kind=organization")?;
    let newest = &log["deeds"][0];
    assert_eq!(newest["action"], "changed");
    assert_eq!(newest["name"], name.as_str());
    assert_eq!(newest["changed"]["sharing"], "everybody");
    Ok(())
}
