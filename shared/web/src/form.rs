//! Posted forms, and the tokens that make them count.
//!
//! A form counts only when it was posted from a page of ours to the same visitor.
//!
//! The visitor holds a random cookie that other hosts cannot set; the page carries a token
//! signed from it. Nothing is stored.

use axum::Form;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::header::{CONTENT_TYPE, HeaderValue, SET_COOKIE};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use desk::file::Sent;
use desk::intake::Problem;
use pages::form::FieldProblem;
use tenancy::token::{Signer, nonce};

use crate::osticket::percent_decoded;
use crate::{Failure, Visit, cookie, multipart};

/// What was typed to search for, without the spaces around it; nothing, when it holds what
/// nobody types.
pub fn searched(typed: &str) -> &str {
    let typed = typed.trim();
    if typed.chars().any(char::is_control) {
        ""
    } else {
        typed
    }
}

/// What is said beside a field that intake has not taken.
pub fn shown(problem: Problem) -> FieldProblem {
    match problem {
        Problem::Missing => FieldProblem::Missing,
        Problem::NotAnAddress => FieldProblem::NotAnAddress,
        Problem::TooLong(max) => FieldProblem::TooLong { max },
        Problem::NotOffered => FieldProblem::NotOffered,
    }
}

/// A posted form. One that cannot be read answers with a page, as every other failure does.
pub struct Posted<T>(pub T);

impl<S: Send + Sync, T> FromRequest<S> for Posted<T>
where
    Form<T>: FromRequest<S>,
{
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let (parts, body) = whole(request, state).await?;
        // What is not UTF-8 would be stored as question marks.
        if String::from_utf8(percent_decoded(&body)).is_err() {
            return Err(Failure::BadRequest);
        }
        let request = Request::from_parts(parts, Body::from(body));
        match Form::from_request(request, state).await {
            Ok(Form(posted)) => Ok(Self(posted)),
            Err(_) => Err(Failure::BadRequest),
        }
    }
}

/// Reads a body to its end; the request's extensions say how long it can be.
async fn whole<S: Send + Sync>(request: Request, state: &S) -> Result<(Parts, Bytes), Failure> {
    let (parts, body) = request.into_parts();
    let mut request = Request::new(body);
    *request.extensions_mut() = parts.extensions.clone();
    let body = Bytes::from_request(request, state).await;
    Ok((parts, body.map_err(|_| Failure::BadRequest)?))
}

/// Most fields and files that a posted form can have.
const MOST_POSTED: usize = 2_000;

/// A posted form with all that is in it, in its order; with files or without.
#[derive(Default)]
pub struct Submitted {
    /// What was typed and chosen, by the names of the fields.
    pub fields: Vec<(String, String)>,
    /// The files, by the names of the fields.
    pub files: Vec<(String, Sent)>,
}

impl Submitted {
    /// The first text that was posted under a name.
    pub fn first(&self, name: &str) -> Option<&str> {
        let posted = self.fields.iter().find(|(posted, _)| posted == name);
        posted.map(|(_, text)| text.as_str())
    }

    /// The same; empty, if there is none.
    pub fn text(&self, name: &str) -> &str {
        self.first(name).unwrap_or_default()
    }

    /// The files that were posted under a name.
    pub fn sent(&self, name: &str) -> Vec<Sent> {
        let posted = self.files.iter().filter(|(posted, _)| posted == name);
        posted.map(|(_, file)| file.clone()).collect()
    }

    fn with_files(boundary: &str, body: &[u8]) -> Option<Self> {
        let mut submitted = Self::default();
        for part in multipart::parts(boundary, body, MOST_POSTED)? {
            match part.file {
                // A browser sends an empty file where none was chosen.
                Some(name) if name.is_empty() && part.bytes.is_empty() => {}
                Some(name) => {
                    let bytes = Ok(part.bytes.into());
                    submitted.files.push((part.name, Sent { name, bytes }));
                }
                None => {
                    let text = String::from_utf8(part.bytes.to_vec()).ok()?;
                    submitted.fields.push((part.name, text));
                }
            }
        }
        Some(submitted)
    }

    fn encoded(body: &[u8]) -> Option<Self> {
        let pairs = body.split(|byte| *byte == b'&').filter(|it| !it.is_empty());
        let pairs: Vec<&[u8]> = pairs.take(MOST_POSTED + 1).collect();
        let fields = pairs.iter().map(|pair| {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            Some((
                decoded(halves.next()?)?,
                decoded(halves.next().unwrap_or_default())?,
            ))
        });
        let fields = fields.collect::<Option<Vec<_>>>()?;
        (fields.len() <= MOST_POSTED).then_some(Self {
            fields,
            files: Vec::new(),
        })
    }
}

/// A name or a value of an encoded form; none, where it is not UTF-8.
fn decoded(text: &[u8]) -> Option<String> {
    let blanks = text
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte });
    String::from_utf8(percent_decoded(&blanks.collect::<Vec<u8>>())).ok()
}

impl<S: Send + Sync> FromRequest<S> for Submitted {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let (parts, body) = whole(request, state).await?;
        let kind = parts.headers.get(CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or("");
        let essence = kind.split(';').next().unwrap_or_default().trim();
        let submitted = if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            Self::encoded(&body)
        } else {
            multipart::boundary(kind).and_then(|boundary| Self::with_files(boundary, &body))
        };
        submitted.ok_or(Failure::BadRequest)
    }
}

const COOKIE: &str = "__Host-form";
/// As long as somebody may take over a form, in seconds.
const SECONDS: u64 = 24 * 60 * 60;

/// A visitor's form cookie and the token that goes with it.
pub struct FormToken {
    /// The hidden field's value.
    pub token: String,
    set_cookie: Option<HeaderValue>,
}

impl FormToken {
    /// Takes the visitor's form cookie, or makes one.
    pub fn of(visit: &Visit, signer: &Signer) -> Self {
        if let Some(held) = visit.cookie(COOKIE) {
            return Self {
                token: signer.form_token(held),
                set_cookie: None,
            };
        }
        let made = nonce(&*visit.runtime.random);
        Self {
            token: signer.form_token(&made),
            set_cookie: cookie::set(COOKIE, &made, SECONDS),
        }
    }

    /// Adds the cookie to the answer, if the visitor has none yet.
    pub fn with(self, answer: impl IntoResponse) -> Response {
        let mut response = answer.into_response();
        if let Some(set_cookie) = self.set_cookie {
            response.headers_mut().append(SET_COOKIE, set_cookie);
        }
        response
    }
}

/// Refuses a posted form unless its token belongs to the visitor.
///
/// # Errors
/// [`Failure::FormExpired`].
pub fn check(visit: &Visit, signer: &Signer, token: &str) -> Result<(), Failure> {
    let held = visit.cookie(COOKIE).ok_or(Failure::FormExpired)?;
    if signer.is_form_token(held, token) {
        Ok(())
    } else {
        Err(Failure::FormExpired)
    }
}
