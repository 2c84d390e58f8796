//! As much of osTicket's pages as tells whether our client fills them in right.
//!
//! For its API our own functions stand in: they answer as osTicket does.

use realmdesk_tests::World;
use serde_json::json;

use crate::Outcome;
use crate::client::{Answer, Ask, Desk, Facts};
use crate::native::Native;
use crate::peer::osticket::{Access, Peer};

/// A help desk with one visitor at a time.
struct StandIn {
    api: Native,
    session: usize,
    token: usize,
    is_signed_in: bool,
    opened: usize,
}

const PASSWORD: &str = "a pass & word";

impl Desk for StandIn {
    fn facts(&self) -> &Facts {
        self.api.facts()
    }

    fn send(&mut self, ask: &Ask) -> Outcome<Answer> {
        let path = ask
            .path
            .strip_prefix("/support")
            .ok_or("it is installed in /support")?;
        if path.starts_with("/api/") {
            let path = path.to_owned();
            return self.api.send(&Ask {
                path,
                ..ask.clone()
            });
        }
        let cookie = ask.headers.iter().find(|(name, _)| name == "cookie");
        let mine = format!("OSTSESSID=s{}", self.session);
        if cookie.is_none_or(|(_, held)| *held != mine) {
            self.session += 1;
            self.is_signed_in = false;
        }
        let body = self.page(ask.method, path, &ask.body);
        let set = format!("OSTSESSID=s{}; path=/support", self.session);
        Ok(Answer {
            status: if body.is_empty() { 404 } else { 200 },
            headers: vec![("set-cookie".to_owned(), set)],
            body,
        })
    }
}

impl StandIn {
    fn new() -> Self {
        Self {
            api: Native::new(World::new().tenant("acme")).unwrap(),
            session: 0,
            token: 0,
            is_signed_in: false,
            opened: 0,
        }
    }

    fn page(&mut self, method: &str, path: &str, body: &str) -> String {
        match (method, path) {
            ("GET", "/ajax.php/form/help-topic/2") => {
                let html = format!(
                    "<label for=\"s{0}c\"><span>Issue Summary</span></label><input name=\"s{0}c\">\
                     <textarea class=\"richtext\" name=\"s{0}d\"></textarea>",
                    self.session
                );
                json!({ "media": "", "html": html }).to_string()
            }
            ("POST", "/open.php") if self.is_whole(body) => {
                (self.token, self.opened) = (self.token + 1, self.opened + 1);
                "Thank you".to_owned()
            }
            (_, "/open.php") => self.form(),
            ("POST", "/scp/login.php") if self.is_let_in(body) => {
                self.is_signed_in = true;
                "Welcome".to_owned()
            }
            ("GET", "/scp/tickets.php") if self.is_signed_in => {
                "<a href=\"tickets.php?id=17\">1</a>".to_owned()
            }
            (_, path) if path.starts_with("/scp/") => {
                format!("{}<input type=\"password\" name=\"passwd\">", self.hidden())
            }
            _ => String::new(),
        }
    }

    fn hidden(&self) -> String {
        let token = self.token;
        format!("<input type=\"hidden\" name=\"__CSRFToken__\" value=\"t&amp;{token}\" />")
    }

    /// The names of fields are others in each session.
    fn form(&self) -> String {
        format!(
            "<form id=\"ticketForm\">{}<select id=\"topicId\" name=\"topicId\">\
             <option value=\"\">Select</option><option value=\"2\">Feedback</option></select>\
             <label for=\"s{1}a\"><span>Email Address</span></label>\
             <label for=\"s{1}b\"><span>Full Name</span></label></form>",
            self.hidden(),
            self.session
        )
    }

    fn is_whole(&self, body: &str) -> bool {
        let fields = ["a", "b", "c", "d"].map(|field| format!("&s{}{field}=", self.session));
        body.starts_with(&format!(
            "a=open&__CSRFToken__=t%26{}&topicId=2&",
            self.token
        )) && fields.iter().all(|field| body.contains(field.as_str()))
    }

    fn is_let_in(&self, body: &str) -> bool {
        body == format!(
            "__CSRFToken__=t%26{}&do=scplogin&userid=ost&passwd=a+pass+%26+word",
            self.token
        )
    }
}

fn peer(password: &str) -> Peer<StandIn> {
    let access = Access {
        url: String::new(),
        api_key: "acme-key".to_owned(),
        agent: "ost".to_owned(),
        password: password.to_owned(),
    };
    Peer::of(StandIn::new(), access, "/support".to_owned())
}

#[test]
fn tickets_are_opened_over_the_api() {
    let mut peer = peer(PASSWORD);
    let ask = peer.create().unwrap();
    let answer = peer.desk.send(&ask.numbered(1)).unwrap();
    assert_eq!(answer.status, 201, "{}", answer.body);
}

#[test]
fn forms_are_filled_in_again_and_again() {
    let mut peer = peer(PASSWORD);
    peer.submit().unwrap();
    peer.submit().unwrap();
    assert_eq!((peer.desk.opened, peer.desk.session), (2, 2));
}

#[test]
fn agents_are_signed_in_and_see_their_list() {
    let mut peer = peer(PASSWORD);
    let list = peer.list().unwrap();
    assert!(
        peer.desk
            .send(&list)
            .unwrap()
            .body
            .contains("tickets.php?id=17")
    );
    assert_eq!(
        peer.thread().unwrap().path,
        "/support/scp/tickets.php?id=17"
    );
}

#[test]
fn who_is_not_let_in_is_not_measured() {
    assert!(peer("wrong").list().is_err());
}
