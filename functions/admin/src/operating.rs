//! The operator, as every handler gets them: a request without their secret gets no further.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use desk::deed::{self, Verb};
use serde_json::Value;
use tenancy::platform::tenants::{self, Tenant};
use tenancy::policy::{Act, Asking, Granted};
use tenancy::principal::Operator;
use tenancy::{Id, Runtime, Scope, Statement};

use crate::answer::Refused;

/// The operator at work.
pub(crate) struct Operating {
    pub(crate) runtime: Runtime,
    pub(crate) operator: Operator,
}

impl Operating {
    /// Finds a tenant for an action.
    pub(crate) async fn tenant<A: Act>(&self, slug: &str) -> Result<Granted<Tenant, A>, Refused> {
        let platform = self.operator.platform(&self.runtime);
        let (found,) = platform.read((tenants::find(&platform, slug),)).await?;
        let asking = Asking::operator(&self.runtime, &self.operator);
        asking.grant(found).map_err(|_| Refused::NotFound)
    }
}

impl Operating {
    /// Writes down what the operator does to a tenant.
    pub(crate) fn deed(&self, scope: &Scope, verb: Verb, changed: &Value) -> Statement {
        let now = self.runtime.clock.now();
        let id = Id::new(now, &*self.runtime.random);
        deed::by_operator(scope, verb, changed, (&id, now))
    }
}

impl<S: Sync> FromRequestParts<S> for Operating {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refused> {
        let runtime = parts.extensions.get::<Runtime>().cloned();
        let runtime = runtime.ok_or_else(|| Refused::Trouble("no runtime".to_owned()))?;
        let presented = parts.headers.get(AUTHORIZATION);
        let presented = presented.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        let operator = Operator::admit(&runtime, presented).await;
        let operator = operator.ok_or(Refused::Unauthorized)?;
        Ok(Self { runtime, operator })
    }
}
