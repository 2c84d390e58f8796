//! Calls that have their effect once, however often they are sent: `Idempotency-Key`.

use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use desk::program::{self, Answered, LONGEST_KEY, Once};
use serde::Serialize;
use tenancy::policy::CallKey;
use tenancy::principal::ApiKey;
use tenancy::scope::{And, Queries};
use tenancy::{Id, Scope, Statement};

use crate::call::{Answer, Call};
use crate::entity::created;
use crate::problem::Problem;
use crate::program::Program;
use crate::shape::Made;

/// A call that makes something.
pub(crate) enum Entered<A> {
    /// It was answered before, like this.
    Before(Response),
    /// It is to be answered now.
    Now(Box<Caller>, A),
}

/// Who makes something, and under which `Idempotency-Key`.
pub(crate) struct Caller {
    pub(crate) program: Program,
    once: Option<Once>,
}

impl Call {
    /// As [`Self::enter`], for a call that makes something.
    ///
    /// # Errors
    /// Why they are not let in, or [`Problem::Reused`].
    pub(crate) async fn enter_once<Q: Queries>(
        &self,
        needed: CallKey,
        look_up: impl FnOnce(&Scope) -> Q,
    ) -> Result<Entered<Q::Answers>, Problem> {
        let once = self.once()?;
        let now = self.runtime.clock.now();
        let door = ApiKey::door(self.presented()?);
        let look_up = |scope: &Scope| {
            let before = |once: &Once| (program::find_answered(scope, &door, once, now),);
            And(once.as_ref().map(before), look_up(scope))
        };
        let (program, ((answered,), found)) = self.enter(needed, look_up).await?;
        match (answered.into_iter().next(), &once) {
            (Some(answered), Some(once)) => Ok(Entered::Before(again(&answered, once)?)),
            _ => Ok(Entered::Now(Box::new(Caller { program, once }), found)),
        }
    }

    fn once(&self) -> Result<Option<Once>, Problem> {
        let header = HeaderName::from_static("idempotency-key");
        if !self.has(&header) {
            return Ok(None);
        }
        // One that cannot be read is not as good as none: whoever sent it counts on it.
        match self.header(&header).map(str::trim) {
            Some(key) if (1..=LONGEST_KEY).contains(&key.len()) && !key.contains('\t') => {
                Ok(Some(Once::new(key, self.uri.path(), &self.body)))
            }
            Some(_) | None => {
                let words = format!("An Idempotency-Key has 1 to {LONGEST_KEY} ASCII characters.");
                Err(Problem::Unreadable(words))
            }
        }
    }
}

/// What was answered before, if it was this very call.
fn again(answered: &Answered, once: &Once) -> Answer {
    if !answered.is_of(once) {
        return Err(Problem::Reused);
    }
    let mut response = created(&answered.location, answered.body.clone());
    let header = HeaderName::from_static("idempotency-replayed");
    let value = HeaderValue::from_static("true");
    response.headers_mut().insert(header, value);
    Ok(response)
}

impl Caller {
    /// Writes what makes something, and keeps the answer in the same batch.
    ///
    /// # Errors
    /// The database's; then nothing was written.
    pub(crate) async fn made(&self, mut batch: Vec<Statement>, made: &Made) -> Answer {
        let body = json(made);
        let scope = self.program.scope();
        batch.extend(self.kept(&scope, (&made.href, &body), None));
        scope.write(batch).await?;
        Ok(created(&made.href, body))
    }

    /// The statements that keep an answer; where it is about a ticket that is being made, its
    /// number is put in.
    pub(crate) fn kept(
        &self,
        scope: &Scope,
        answer: (&str, &str),
        ticket: Option<&Id>,
    ) -> Vec<Statement> {
        let Some(once) = &self.once else {
            return Vec::new();
        };
        let (key, now) = (&self.program.key, self.program.runtime.clock.now());
        program::keep_answer(scope, key, once, answer, ticket, now).to_vec()
    }
}

/// A shape as text.
pub(crate) fn json(shape: &impl Serialize) -> String {
    serde_json::to_string(shape).unwrap_or_default()
}
