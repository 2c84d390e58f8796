//! The API's own description (`OpenAPI` 3.1), made from the types and handlers themselves.
//!
//! It is made natively and checked in as `openapi.json`, which the function `assets` answers with
//! as it is; a test proves that the two are equal. What makes it is left out of the functions,
//! where nobody calls it.

#![expect(
    dead_code,
    reason = "the types below stand for parts of the document and are never made"
)]

use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{OpenApi as Described, SecurityRequirement};
use utoipa::{IntoParams, IntoResponses, Modify, OpenApi, ToSchema};

use crate::problem::{FieldProblem, ProblemDetails};
use crate::{change, collaborators, delete, directory, open, people, tickets, write};

/// The document as the code says it is.
pub fn document() -> String {
    let described = Document::openapi().to_pretty_json();
    described.map(|text| text + "\n").unwrap_or_default()
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Realmdesk REST API",
        version = "1.0.0",
        description = "Read and work the tickets of an API key's realm and of those below it. \
                       Errors are problem details (RFC 9457). Every answer to a known key says in \
                       RateLimit-Limit, RateLimit-Remaining and RateLimit-Reset how many calls it \
                       has left this minute.",
        license(name = "Apache-2.0 OR MIT", identifier = "Apache-2.0 OR MIT"),
    ),
    servers((url = "/")),
    tags(
        (name = "Tickets"),
        (name = "Users"),
        (name = "Organizations"),
        (name = "Help topics"),
    ),
    paths(
        tickets::list,
        open::open,
        tickets::show,
        change::change,
        delete::delete,
        tickets::entries,
        write::reply,
        write::note,
        tickets::file,
        collaborators::list,
        collaborators::add,
        collaborators::change,
        collaborators::remove,
        directory::users,
        people::add,
        directory::user,
        people::change,
        directory::organizations,
        directory::organization,
        directory::topics,
    ),
    components(schemas(ProblemDetails, FieldProblem)),
    modifiers(&Keys),
)]
struct Document;

/// The two ways to present a key.
struct Keys;

impl Modify for Keys {
    fn modify(&self, described: &mut Described) {
        let header = ApiKey::Header(ApiKeyValue::new("X-API-Key"));
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        let components = described.components.get_or_insert_default();
        components.add_security_scheme("key", SecurityScheme::ApiKey(header));
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let either = ["key", "bearer"].map(|name| SecurityRequirement::new(name, [""; 0]));
        described.security = Some(either.into());
    }
}

/// A queue by its name.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub(crate) enum QueueName {
    Open,
    Unanswered,
    Answered,
    Overdue,
    Closed,
}

/// What a list begins with.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub(crate) enum SortName {
    Newest,
    Oldest,
}

/// The bytes of a file.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
pub(crate) struct Bytes(Vec<u8>);

/// What a read may say of an earlier one.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct IfNoneMatch {
    /// The `ETag` of what was read before; nothing comes back while it is as it was.
    #[param(rename = "If-None-Match")]
    if_none_match: Option<String>,
}

/// What a change must say.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct IfMatch {
    /// The `ETag` of what was read, or `*` for whatever is there.
    #[param(rename = "If-Match", example = "*")]
    if_match: String,
}

/// What a call that removes something may say.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct MayMatch {
    /// The `ETag` of what was read: nothing is removed that has become something else.
    #[param(rename = "If-Match", example = "*")]
    if_match: Option<String>,
}

/// What a call that makes something may say.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct IdempotencyKey {
    /// Any text of the caller's, new for each thing to be made: the same call under the same key
    /// has its effect once, and is answered the same for a day.
    #[param(
        rename = "Idempotency-Key",
        min_length = 1,
        max_length = 255,
        pattern = "^[ -~]*$"
    )]
    idempotency_key: Option<String>,
}

/// Names how a kind of call is refused: as every call can be, and as this kind can.
macro_rules! refusals {
    ($(#[$doc:meta])* $kind:ident { $($(#[$said:meta])* $refusal:ident = $status:literal,)* }) => {
        $(#[$doc])*
        #[derive(IntoResponses)]
        pub(crate) enum $kind {
            /// The call cannot be read.
            #[response(status = 400, content_type = "application/problem+json")]
            Unreadable(ProblemDetails),
            /// A valid API key is needed.
            #[response(status = 401, content_type = "application/problem+json")]
            KeyNeeded(ProblemDetails),
            /// The key lacks the permission.
            #[response(status = 403, content_type = "application/problem+json")]
            Forbidden(ProblemDetails),
            /// There is no such thing, as far as the key sees.
            #[response(status = 404, content_type = "application/problem+json")]
            NotFound(ProblemDetails),
            /// Too many calls; Retry-After says how many seconds to wait.
            #[response(status = 429, content_type = "application/problem+json")]
            TooMany(ProblemDetails),
            /// Something is wrong on our side.
            #[response(status = 500, content_type = "application/problem+json")]
            Trouble(ProblemDetails),
            /// The help desk is closed for now.
            #[response(status = 503, content_type = "application/problem+json")]
            Suspended(ProblemDetails),
            $(
                $(#[$said])*
                #[response(status = $status, content_type = "application/problem+json")]
                $refusal(ProblemDetails),
            )*
        }
    };
}

refusals! {
    /// How a read is refused.
    Reading {
        /// Some parameters are wrong.
        Invalid = 422,
    }
}

refusals! {
    /// How a call that makes something is refused.
    Making {
        /// Something like it is there already, or the same call is being answered.
        Exists = 409,
        /// Some fields are wrong, or the Idempotency-Key belongs to another call.
        Invalid = 422,
    }
}

refusals! {
    /// How it is refused to remove something.
    Removing {
        /// It was changed in the meantime.
        Stale = 412,
    }
}

refusals! {
    /// How a change is refused.
    Changing {
        /// It was changed in the meantime.
        Stale = 412,
        /// Some fields are wrong.
        Invalid = 422,
        /// If-Match is needed.
        ConditionNeeded = 428,
    }
}
