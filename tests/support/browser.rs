//! A visitor of one portal: keeps cookies, fills in forms, follows redirects.

use std::collections::BTreeMap;

use http::header::{COOKIE, SET_COOKIE};

use crate::SECOND;
use crate::dispatch::{Call, Page};
use crate::html::{self, Form};
use crate::world::World;

/// A browser that is open on one portal.
#[derive(Clone)]
pub struct Browser<'w> {
    world: &'w World,
    host: String,
    cookies: BTreeMap<String, String>,
}

impl<'w> Browser<'w> {
    pub(crate) fn new(world: &'w World, host: &str) -> Self {
        Self {
            world,
            host: host.to_owned(),
            cookies: BTreeMap::new(),
        }
    }

    /// Opens a page. A path may carry an origin, as links in mails do.
    pub fn get(&mut self, path: &str) -> Page {
        self.send(Call::get(own_path(path)))
    }

    /// Asks for a page's data.
    pub fn get_json(&mut self, path: &str) -> Page {
        self.send(Call::get(own_path(path)).header("accept", "application/json"))
    }

    /// Opens a page and goes on wherever it sends.
    pub fn visit(&mut self, path: &str) -> Page {
        let page = self.get(path);
        self.follow(page)
    }

    /// Goes on wherever an answer sends.
    pub fn follow(&mut self, mut page: Page) -> Page {
        for _ in 0..5 {
            if page.status != 303 {
                return page;
            }
            let location = page.location().to_owned();
            page = self.get(&location);
        }
        panic!("{} sends in a circle", page.location());
    }

    /// Opens the page at `path`, fills in its form there and sends it.
    pub fn submit(&mut self, path: &str, typed: &[(&str, &str)]) -> Page {
        let page = self.visit(path);
        let action = own_path(path).split('?').next().unwrap_or_default();
        let form = html::form(page.text(), action);
        let form = form.unwrap_or_else(|| panic!("{path} has no form to {action}"));
        self.send_form(&form, typed)
    }

    /// Sends a form with its hidden fields and what was typed; typing into a hidden field wins.
    pub fn send_form(&mut self, form: &Form, typed: &[(&str, &str)]) -> Page {
        self.post(&form.action, &html::encoded(&Self::filled(form, typed)))
    }

    /// The same with files, each of a name and bytes, as a browser sends a form that takes some.
    pub fn send_files(
        &mut self,
        form: &Form,
        typed: &[(&str, &str)],
        files: &[(&str, &[u8])],
    ) -> Page {
        let files = files.iter().map(|(name, bytes)| ("files", *name, *bytes));
        self.send_files_as(form, typed, &files.collect::<Vec<_>>())
    }

    /// The same with files of several fields, each with the field's name.
    pub fn send_files_as(
        &mut self,
        form: &Form,
        typed: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> Page {
        let body = html::multipart(&Self::filled(form, typed), files);
        self.post_multipart(&form.action, body)
    }

    /// Posts a form with files as it is.
    pub fn post_multipart(&mut self, path: &str, body: Vec<u8>) -> Page {
        let kind = format!("multipart/form-data; boundary={}", html::BOUNDARY);
        self.send(Call::post(path).body(body).header("content-type", &kind))
    }

    /// A form's hidden fields and what was typed.
    pub fn filled(form: &Form, typed: &[(&str, &str)]) -> Vec<(String, String)> {
        let is_typed = |name: &str| typed.iter().any(|(other, _)| *other == name);
        let hidden = form.hidden.iter().filter(|(name, _)| !is_typed(name));
        let typed = typed
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        hidden.cloned().chain(typed).collect()
    }

    /// Posts an encoded form.
    pub fn post(&mut self, path: &str, encoded: &str) -> Page {
        let call = Call::post(path).body(encoded.to_owned());
        self.send(call.header("content-type", "application/x-www-form-urlencoded"))
    }

    /// Sends any request with this browser's cookies, and keeps those that come back.
    pub fn send(&mut self, call: Call) -> Page {
        let call = self.with_cookies(call.to(&format!("{}:8787", self.host)));
        let page = self.world.send(call);
        for set in page.headers.get_all(SET_COOKIE) {
            self.keep(set.to_str().expect("a cookie is visible ASCII"));
        }
        page
    }

    fn with_cookies(&self, call: Call) -> Call {
        let pairs: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if pairs.is_empty() {
            call
        } else {
            call.header(COOKIE.as_str(), &pairs.join("; "))
        }
    }

    /// Keeps a cookie, if a browser would: the `__Host-` prefix asks for the rest of the line.
    fn keep(&mut self, line: &str) {
        let (pair, attributes) = line.split_once("; ").expect("a cookie has attributes");
        let (name, value) = pair.split_once('=').expect("a cookie has a value");
        assert!(name.starts_with("__Host-"), "{line}");
        for attribute in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
            assert!(attributes.split("; ").any(|has| has == attribute), "{line}");
        }
        if attributes.split("; ").any(|has| has == "Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    /// The value of a cookie it keeps.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    /// Puts a cookie into the jar, as nobody's browser would by itself.
    pub fn plant(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    /// The same browser with the same cookies on another portal, as no browser would do it.
    #[must_use]
    pub fn smuggled_to(&self, host: &str) -> Self {
        Self {
            host: host.to_owned(),
            ..self.clone()
        }
    }

    /// Signs an agent in with the password all agents of a world have.
    #[must_use]
    pub fn signed_in(mut self, email: &str) -> Self {
        let typed = [("email", email), ("password", World::PASSWORD)];
        let page = self.submit("/auth/sign-in", &typed);
        assert_eq!((page.status, page.location()), (303, "/queues"), "{email}");
        self
    }

    /// Asks for a sign-in link, and returns the answer.
    pub fn ask_for_link(&mut self, email: &str) -> Page {
        self.submit("/account/sign-in", &[("email", email)])
    }

    /// Opens a sign-in link and presses its button.
    pub fn press(&mut self, link: &str) -> Page {
        let page = self.get(link);
        assert_eq!(page.status, 200, "{link}");
        let form = html::form(page.text(), "/account/link").expect("the link has a button");
        self.send_form(&form, &[])
    }

    /// Signs a user in by the link that is mailed to them, a second after whatever was before.
    #[must_use]
    pub fn signed_in_by_mail(mut self, email: &str) -> Self {
        self.world.turn(SECOND);
        assert_eq!(self.ask_for_link(email).status, 303, "{email}");
        let link = mailed_link(self.world, &self.host, email, "/account/link");
        let page = self.press(&link.unwrap_or_else(|| panic!("no link to {email}")));
        assert_eq!((page.status, page.location()), (303, "/tickets"), "{email}");
        self
    }
}

/// The newest link with this in it that was mailed to an address, once a sweep has delivered it.
pub fn mailed_link(world: &World, host: &str, to: &str, with: &str) -> Option<String> {
    world.sweep();
    let mails = world.delivered(host);
    let to_them = mails.iter().filter(|mail| mail["to"]["address"] == to);
    let texts = to_them.filter_map(|mail| mail["text"].as_str());
    let mut lines = texts.flat_map(str::lines);
    let link = lines.find(|line| line.starts_with("http") && line.contains(with))?;
    Some(link.to_owned())
}

fn own_path(link: &str) -> &str {
    let Some((_, rest)) = link.split_once("://") else {
        return link;
    };
    rest.find('/').map_or("/", |start| &rest[start..])
}
