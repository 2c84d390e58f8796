//! Mail that was captured instead of sent.

use serde_json::Value;

use crate::Outcome;
use crate::client::{Answer, Browser, Client};
use crate::page::between;
use crate::stage::Stage;

/// Lets the sweep run until nothing is left to do.
pub(crate) fn sweep(stage: &Stage) -> Outcome {
    let client = stage.client(&stage.demo.acme.host);
    while sweep_once(&client, &stage.demo.sweep_secret)?["delivered"] != 0 {}
    Ok(())
}

/// Lets the sweep run, and returns what it did.
pub(crate) fn sweep_once(client: &Client, secret: &str) -> Outcome<Value> {
    let bearer = format!("Bearer {secret}");
    let request = client
        .request("POST", "/sweep")
        .header("authorization", bearer);
    client.send(request, "")?.expect(200).json()
}

/// The captured mails of the browser's host, newest first.
pub(crate) fn captured(browser: &mut Browser) -> Outcome<Vec<Value>> {
    let mut mails = browser.get_json("/mail/captured")?;
    Ok(mails["mails"]
        .as_array_mut()
        .map(std::mem::take)
        .unwrap_or_default())
}

/// The captured mail for an address.
pub(crate) fn mail_to(browser: &mut Browser, address: &str) -> Outcome<Value> {
    let found = captured(browser)?
        .into_iter()
        .find(|mail| mail["to"]["address"] == address);
    found.ok_or_else(|| format!("no mail to {address} was captured").into())
}

/// Lets the sweep deliver, and opens the ticket through the link that was mailed to the address.
pub(crate) fn follow_link(stage: &Stage, browser: &mut Browser, address: &str) -> Outcome<Answer> {
    sweep(stage)?;
    let mail = mail_to(browser, address)?;
    open(browser, &link(&mail)?)
}

/// The access link of a mail, as a path.
pub(crate) fn link(mail: &Value) -> Outcome<String> {
    let text = mail["text"].as_str().unwrap_or_default();
    let link = between(text, "http://", "\n")?;
    let (_, path) = link.split_once('/').ok_or("the link has no path")?;
    Ok(format!("/{}", path.trim()))
}

/// Follows an access link: the token is exchanged for a cookie, then the ticket is shown.
pub(crate) fn open(browser: &mut Browser, link: &str) -> Outcome<Answer> {
    let exchanged = browser.get(link)?.expect(303);
    let location = exchanged.header("location").to_owned();
    assert!(
        !location.contains("access"),
        "the token stays in the address bar: {location}"
    );
    Ok(browser.get(&location)?.expect(200))
}
