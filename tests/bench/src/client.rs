//! A help desk as a client sees it: asked over HTTP or in process, by the same requests.

use std::collections::BTreeMap;

use crate::Outcome;

/// Stands in a path, header or body where each request needs something of its own.
const UNIQUE: &str = "{unique}";

/// A help desk that answers.
pub(crate) trait Desk {
    /// What a client has been told about it.
    fn facts(&self) -> &Facts;

    /// Sends one request. An answer of any status is an answer.
    fn send(&mut self, ask: &Ask) -> Outcome<Answer>;
}

/// What a client has been told about a help desk.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    /// The portal's host name, with its port.
    pub(crate) host: String,
    pub(crate) api_key: String,
    pub(crate) mail_address: String,
    pub(crate) mail_secret: String,
    pub(crate) agent: String,
    pub(crate) password: String,
    pub(crate) sweep_secret: String,
}

/// A request, to be sent as often as one likes.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Ask {
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self {
            method: "GET",
            path: path.into(),
            headers: Vec::new(),
            body: String::new(),
        }
    }

    pub(crate) fn post(path: impl Into<String>, body: impl Into<String>) -> Self {
        Self {
            method: "POST",
            body: body.into(),
            ..Self::get(path)
        }
    }

    /// A form as a browser posts it.
    pub(crate) fn form(path: impl Into<String>, fields: &[(&str, &str)]) -> Self {
        let pairs: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", escaped(name), escaped(value)))
            .collect();
        Self::post(path, pairs.join("&"))
            .header("content-type", "application/x-www-form-urlencoded")
    }

    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Carries the cookies of a jar.
    pub(crate) fn with(self, jar: &Jar) -> Self {
        self.header("cookie", jar.line())
    }

    /// The request of somebody else than those that are measured.
    pub(crate) fn sent_once(mut self, whose: &str) -> Self {
        self.body = self.body.replace(UNIQUE, &format!("{whose}-{UNIQUE}"));
        self
    }

    /// The request as it is sent the `number`th time.
    pub(crate) fn numbered(&self, number: usize) -> Self {
        let number = format!("{number:08}");
        let put = |text: &String| text.replace(UNIQUE, &number);
        Self {
            method: self.method,
            path: put(&self.path),
            headers: self.headers.clone(),
            body: put(&self.body),
        }
    }
}

impl Answer {
    /// The answer, unless it is an error.
    pub(crate) fn ok(self) -> Outcome<Self> {
        if self.status < 400 {
            Ok(self)
        } else {
            let start: String = self.body.chars().take(400).collect();
            Err(format!("status {}: {start}", self.status).into())
        }
    }

    /// A header; empty when there is none.
    pub(crate) fn header(&self, wanted: &str) -> &str {
        let found = self.headers.iter().find(|(name, _)| name == wanted);
        found.map_or("", |(_, value)| value)
    }
}

/// The cookies of one visitor.
#[derive(Clone, Debug, Default)]
pub(crate) struct Jar(BTreeMap<String, String>);

impl Jar {
    /// Takes what an answer sets.
    pub(crate) fn keep(&mut self, answer: &Answer) {
        let lines = answer.headers.iter();
        for (_, line) in lines.filter(|(name, _)| name == "set-cookie") {
            let pair = line.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.0.insert(name.trim().to_owned(), value.to_owned());
            }
        }
    }

    /// The cookies as a request carries them.
    pub(crate) fn line(&self) -> String {
        let pairs = self.0.iter();
        let pairs: Vec<String> = pairs
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }
}

/// Text as it stands in a posted form; braces stay, so that [`UNIQUE`] does.
fn escaped(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'{' | b'}' => {
            char::from(byte).to_string()
        }
        b' ' => "+".to_owned(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_request_is_one_of_its_own() {
        let ask = Ask::form("/open", &[("message", "It burns, {unique}")]);
        assert_eq!(ask.numbered(7).body, "message=It+burns%2C+00000007");
    }

    #[test]
    fn a_jar_gives_back_what_it_was_set() {
        let line = |line: &str| ("set-cookie".to_owned(), line.to_owned());
        let mut jar = Jar::default();
        jar.keep(&Answer {
            status: 200,
            headers: vec![line("b=2; Path=/"), line("a=1"), line("b=3; Path=/")],
            body: String::new(),
        });
        assert_eq!(jar.line(), "a=1; b=3");
    }
}
