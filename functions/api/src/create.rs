//! `POST /api/tickets.json`: a program opens a ticket.

use axum::Extension;
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::response::Response;
use desk::filter::Channel;
use desk::form::{self, Asker, Field};
use desk::intake::{self, Arrival, Draft, Problem, Problems, Setup, Submission, Wishes};
use desk::ticket::{Actor, Priority, Source};
use serde_json::{Map, Value};
use tenancy::port::ClientAddress;
use tenancy::principal::{ApiKey, Refusal};
use tenancy::scope::And;
use tenancy::{Runtime, Scope, Site, Timestamp};
use web::letters::{self, Audience};

use crate::answer::{Refused, created};
use crate::fields::{Named, troubles};

pub(crate) async fn json(
    Extension(runtime): Extension<Runtime>,
    Extension(client): Extension<ClientAddress>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refused> {
    let presented = headers.get("x-api-key").and_then(|key| key.to_str().ok());
    let door = ApiKey::door(
        presented
            .filter(|key| !key.is_empty())
            .ok_or(Refused::KeyRequired)?,
    );
    // Whose it is decides what is looked up; what is wrong with it is told once it is let in.
    let fields = Fields::parse(&body);
    let asked = fields.as_ref().ok();
    let email = asked.map_or_else(String::new, Fields::email);
    let topic = asked.and_then(|fields| fields.number("topicId"));
    let scope = Scope::behind(&runtime, door.clone());
    let who = (Site::find(&scope, &door), ApiKey::find(&scope, &door));
    let about = And(
        intake::setup(&scope, Some(&[&email])),
        form::asked(&scope, topic),
    );
    let ((sites, keys), (setup, form)) = scope.read(And(who, about)).await?;
    let site = admit(sites, keys, client)?;

    let arrival = fields?.arrival(client, &site, &setup, &form, runtime.clock.now())?;
    let audience = arrival.audience;
    let admission = setup.admit(arrival.arrival).map_err(refused)?;
    let draft = Draft::new(&runtime, &site, admission, Actor::Api);
    let signer = web::visit::signer(&runtime).await?;
    let letters = letters::of_new_ticket(&runtime, &site, &setup, &draft, &signer, audience);
    Ok(created(
        &draft.write(&letters.await?, |_| Vec::new()).await?,
    ))
}

/// What a call asks for, and who is told of it.
struct Asked {
    arrival: Arrival,
    audience: Audience,
}

fn refused(refusal: intake::Refusal) -> Refused {
    match refusal {
        intake::Refusal::Denied(email) => Refused::Denied(email.to_string()),
        intake::Refusal::OverLimit => Refused::Invalid(vec![(
            "err".to_owned(),
            "You've reached the maximum open tickets allowed.".to_owned(),
        )]),
        intake::Refusal::NoDepartment | intake::Refusal::NotAsked => {
            Refused::Trouble("no department".to_owned())
        }
    }
}

fn admit(sites: Vec<Site>, keys: Vec<ApiKey>, client: ClientAddress) -> Result<Site, Refused> {
    let key = ApiKey::admit(keys.into_iter().next(), client).map_err(|refusal| match refusal {
        Refusal::Unknown => Refused::KeyRequired,
        Refusal::Inactive => Refused::KeyInactive,
    })?;
    let site = sites.into_iter().next().ok_or(Refused::KeyRequired)?;
    if site.is_suspended {
        return Err(Refused::Suspended);
    }
    if key.can_create_tickets {
        Ok(site)
    } else {
        Err(Refused::KeyNotAuthorized)
    }
}

/// What is wrong, under osTicket's keys: its own field ids, and `user` for the contact form.
fn invalid(problems: Problems) -> Vec<(String, String)> {
    let mut told = Vec::new();
    let mut tell = |key: &str, message: &str| told.push((key.to_owned(), message.to_owned()));
    if problems.name.is_some() || problems.email.is_some() {
        tell("user", "Incomplete client information");
    }
    if let Some(problem) = problems.subject {
        tell(SUBJECT, said(problem, "Issue Summary is a required field"));
    }
    if let Some(problem) = problems.message {
        tell(MESSAGE, said(problem, "Issue Details is a required field"));
    }
    told
}

/// osTicket's seeded id of the field "Issue Summary".
const SUBJECT: &str = "20";
/// osTicket's seeded id of the field "Issue Details".
const MESSAGE: &str = "21";
/// What osTicket says of a text that a spreadsheet would take for a formula.
const FORMULA: &str = "Content cannot start with the following characters: = - + @";

fn said(problem: Problem, missing: &'static str) -> &'static str {
    match problem {
        Problem::Missing => missing,
        Problem::TooLong(_) | Problem::NotAnAddress | Problem::NotOffered => {
            "Missing or invalid data — Correct any errors below and try again"
        }
    }
}

fn one_problem(key: &str, message: &str) -> Refused {
    Refused::Invalid(vec![(key.to_owned(), message.to_owned())])
}

/// The JSON object of a call.
pub(crate) struct Fields(pub(crate) Map<String, Value>);

impl Fields {
    fn parse(body: &[u8]) -> Result<Self, Refused> {
        if std::str::from_utf8(body).is_err() {
            let reason = "Malformed UTF-8 characters, possibly incorrectly encoded";
            return Err(Refused::BadJson(reason));
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) if !fields.is_empty() => Ok(Self(fields)),
            // osTicket's own words for JSON that holds no fields (Q-15).
            Ok(_) => Err(Refused::BadJson("No errors")),
            Err(error) if error.to_string().starts_with("recursion limit") => {
                Err(Refused::BadJson("Maximum stack depth exceeded"))
            }
            Err(error) if error.to_string().starts_with("control character") => {
                Err(Refused::BadJson("Unexpected control character found"))
            }
            Err(_) => Err(Refused::BadJson("Syntax error, malformed JSON")),
        }
    }

    /// The requester's address as accounts are found by it, whatever else it is.
    fn email(&self) -> String {
        self.text("email").trim().to_lowercase()
    }

    /// Checks everything, so that all that is wrong is told at once. A topic that is not on
    /// offer counts as none.
    fn arrival(
        &self,
        client: ClientAddress,
        site: &Site,
        setup: &Setup,
        form: &[Field],
        now: Timestamp,
    ) -> Result<Asked, Refused> {
        let wishes = self.wishes();
        let is_known = wishes.topic.is_some_and(|id| setup.topic(id).is_some());
        let form = if is_known || wishes.topic.is_none() {
            form
        } else {
            &[]
        };
        let filled = form::check(form, &Named(self), Asker::Program, now);
        let mut told = troubles(form, &filled.troubles);
        let request = self.submission(client)?.check();
        match request {
            Ok(request) if told.is_empty() => Ok(Asked {
                arrival: Arrival {
                    said: wishes,
                    answers: filled.answers,
                    ..Arrival::new(request, Channel::Api, site.realm)
                },
                audience: self.audience(),
            }),
            request => {
                let mut all = request.err().map(invalid).unwrap_or_default();
                all.append(&mut told);
                Err(Refused::Invalid(all))
            }
        }
    }

    fn submission(&self, client: ClientAddress) -> Result<Submission, Refused> {
        let subject = self.text("subject");
        if form::is_formula(&subject) {
            return Err(one_problem(SUBJECT, FORMULA));
        }
        Ok(Submission {
            name: self.text("name"),
            email: self.text("email"),
            subject,
            message: self.text("message"),
            source: self.source()?,
            ip: self
                .ip()
                .or_else(|| client.0.map(|address| address.to_string())),
        })
    }

    fn wishes(&self) -> Wishes {
        let priority = self
            .number("priorityId")
            .or_else(|| self.number("priority"));
        Wishes {
            topic: self.number("topicId"),
            priority: priority.and_then(Priority::of_id),
            ..Wishes::default()
        }
    }

    fn audience(&self) -> Audience {
        Audience {
            requester: self.flag("autorespond"),
            agents: self.flag("alert"),
        }
    }

    /// All five sources are taken, and none of them changes what else is asked for (Q-10).
    fn source(&self) -> Result<Source, Refused> {
        match self.text("source") {
            source if source.is_empty() => Ok(Source::Api),
            source => Source::named(&source)
                .ok_or_else(|| one_problem("source", "Invalid ticket origin given")),
        }
    }

    fn ip(&self) -> Option<String> {
        let address: std::net::IpAddr = self.text("ip").parse().ok()?;
        Some(address.to_string())
    }

    /// Numbers count as text, as they do in PHP; anything else is as good as left out.
    fn text(&self, field: &str) -> String {
        match self.0.get(field) {
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
        match self.0.get(field) {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::Number(number)) => number.as_f64() != Some(0.0),
            Some(Value::String(text)) => {
                !["", "0", "false", "no", "off"].contains(&text.to_lowercase().as_str())
            }
            Some(Value::Null | Value::Array(_) | Value::Object(_)) | None => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(json: &str) -> Fields {
        Fields::parse(json.as_bytes()).unwrap()
    }

    #[test]
    fn flags_are_true_unless_said_otherwise() {
        let said =
            fields(r#"{"a":false,"b":0,"c":"false","d":"0","e":true,"f":"yes","g":1,"h":null}"#);
        let flags = |names: [&str; 4]| names.map(|name| said.flag(name));
        assert_eq!(flags(["a", "b", "c", "d"]), [false; 4]);
        assert_eq!(flags(["e", "f", "g", "h"]), [true; 4]);
        assert!(said.flag("not there"));
    }
}
