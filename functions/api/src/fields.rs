//! The fields of a call, whichever way they were written.

use desk::file::Sent;
use desk::intake::{Problem, Problems, Setup, Submission, Wishes};
use desk::ticket::{Priority, Source};
use serde_json::{Map, Value};
use tenancy::port::ClientAddress;
use tenancy::principal::ApiKey;
use web::letters::Audience;
use web::osticket::Why;

/// The fields of a ticket.
pub(crate) struct Fields {
    /// Those that are plain values.
    pub(crate) plain: Map<String, Value>,
    /// The message, as text.
    pub(crate) message: String,
    /// What is sent along.
    pub(crate) files: Vec<Sent>,
}

/// osTicket's seeded id of the field "Issue Summary".
const SUBJECT: &str = "20";
/// osTicket's seeded id of the field "Issue Details".
const MESSAGE: &str = "21";
/// What osTicket says of a text that a spreadsheet would take for a formula.
const FORMULA: &str = "Content cannot start with the following characters: = - + @";
/// What it says of the fields of the person, all of them.
const CLIENT: (&str, &str) = ("user", "Incomplete client information");
/// The fewest digits of a telephone number.
const FEWEST_DIGITS: usize = 7;

/// What is wrong, under osTicket's keys: its own field ids, and `user` for the contact form.
pub(crate) fn invalid(problems: &Problems) -> Why {
    let mut told = Vec::new();
    if problems.name.is_some() || problems.email.is_some() {
        told.push(CLIENT);
    }
    if let Some(problem) = problems.subject {
        let missing = "Issue Summary is a required field";
        told.push((SUBJECT, said(problem, missing)));
    }
    if let Some(problem) = problems.message {
        let missing = "Issue Details is a required field";
        told.push((MESSAGE, said(problem, missing)));
    }
    Why::Invalid(told)
}

fn said(problem: Problem, missing: &'static str) -> &'static str {
    match problem {
        Problem::Missing => missing,
        Problem::TooLong(_) | Problem::NotAnAddress | Problem::NotOffered => {
            "Missing or invalid data — Correct any errors below and try again"
        }
    }
}

impl Fields {
    pub(crate) fn submission(&self, client: ClientAddress) -> Result<Submission, Why> {
        let subject = self.text("subject");
        if is_formula(&subject) {
            return Err(Why::Invalid(vec![(SUBJECT, FORMULA)]));
        }
        if !is_telephone(&self.phone()) {
            return Err(Why::Invalid(vec![CLIENT]));
        }
        Ok(Submission {
            name: self.text("name"),
            email: self.text("email"),
            subject,
            message: self.message.clone(),
            source: self.source()?,
            ip: self
                .ip()
                .or_else(|| client.0.map(|address| address.to_string())),
        })
    }

    /// Where the caller wants the ticket. Department and SLA plan only count for keys that may
    /// choose them; one that is not there counts as left out.
    pub(crate) fn wishes(&self, key: &ApiKey, setup: &Setup) -> Wishes {
        let is_known = |id: &i64| setup.departments.iter().any(|known| known.id == *id);
        let chosen = |field: &str| self.number(field).filter(|_| key.can_route);
        let priority = self
            .number("priorityId")
            .or_else(|| self.number("priority"));
        Wishes {
            topic: self.number("topicId"),
            department: chosen("deptId").filter(is_known),
            plan: chosen("slaId"),
            priority: priority.and_then(Priority::of_id),
        }
    }

    pub(crate) fn audience(&self) -> Audience {
        Audience {
            requester: self.flag("autorespond"),
            agents: self.flag("alert"),
        }
    }

    /// What else is said of the person, for the agents.
    pub(crate) fn note(&self) -> Option<String> {
        let said = [("Phone", self.phone()), ("Notes", self.text("notes"))];
        let said = said.iter().filter(|(_, text)| !text.trim().is_empty());
        let lines: Vec<String> = said
            .map(|(label, text)| format!("{label}: {}", text.replace('\0', "")))
            .collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    fn phone(&self) -> String {
        self.text("phone").trim().to_ascii_uppercase()
    }

    /// All five sources are taken, and none of them changes what else is asked for (Q-10).
    fn source(&self) -> Result<Source, Why> {
        match self.text("source") {
            source if source.is_empty() => Ok(Source::Api),
            source => Source::named(&source)
                .ok_or_else(|| Why::Invalid(vec![("source", "Invalid ticket origin given")])),
        }
    }

    fn ip(&self) -> Option<String> {
        let address: std::net::IpAddr = self.text("ip").parse().ok()?;
        Some(address.to_string())
    }

    /// Numbers count as text, as they do in PHP; anything else is as good as left out.
    fn text(&self, field: &str) -> String {
        match self.plain.get(field) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) | None => {
                String::new()
            }
        }
    }

    fn number(&self, field: &str) -> Option<i64> {
        self.text(field).trim().parse().ok()
    }

    /// True unless the call says otherwise, in one of the ways PHP takes for false.
    fn flag(&self, field: &str) -> bool {
        match self.plain.get(field) {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::Number(number)) => number.as_f64() != Some(0.0),
            Some(Value::String(text)) => {
                !["", "0", "false", "no", "off"].contains(&text.to_lowercase().as_str())
            }
            Some(Value::Null | Value::Array(_) | Value::Object(_)) | None => true,
        }
    }
}

/// Whether a spreadsheet would take the text for a formula; a telephone number is none.
fn is_formula(text: &str) -> bool {
    let is_telephone = text
        .strip_prefix('+')
        .is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit()));
    text.starts_with(['=', '-', '+', '@']) && !is_telephone
}

/// Whether a text can be a telephone number, or is left out; an `X` begins the extension.
fn is_telephone(text: &str) -> bool {
    let (number, extension) = text.split_once('X').unwrap_or((text, ""));
    let is_sign = |c: char| c.is_ascii_digit() || " +-().".contains(c);
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let is_number = digits >= FEWEST_DIGITS && number.chars().all(is_sign);
    text.is_empty() || is_number && extension.trim().chars().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_true_unless_said_otherwise() {
        let said = crate::json::read(
            br#"{"a":false,"b":0,"c":"false","d":"0","e":true,"f":"yes","g":1,"h":null}"#,
        );
        let said = said.unwrap();
        let flags = |names: [&str; 4]| names.map(|name| said.flag(name));
        assert_eq!(flags(["a", "b", "c", "d"]), [false; 4]);
        assert_eq!(flags(["e", "f", "g", "h"]), [true; 4]);
        assert!(said.flag("not there"));
    }

    #[test]
    fn a_formula_is_no_subject_but_a_telephone_number_is() {
        assert!(is_formula("=1+1"));
        assert!(is_formula("@sum"));
        assert!(is_formula("+1 555"));
        assert!(!is_formula("+15551234"));
        assert!(!is_formula("2 = 2"));
    }

    #[test]
    fn a_telephone_number_has_seven_digits_and_maybe_an_extension() {
        for number in ["", "318-555-8634X123", "+1 (318) 555.8634", "5558634"] {
            assert!(is_telephone(number), "{number}");
        }
        for number in ["555863", "call me", "318-555-8634XABC", "5558634;1"] {
            assert!(!is_telephone(number), "{number}");
        }
    }
}
