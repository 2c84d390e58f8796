//! Creating a tenant, and inviting its first agent.

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::StatusCode;
use desk::blueprint::{self, Founding, NewTenant};
use desk::deed::Verb;
use desk::email::EmailAddress;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tenancy::platform::tenants::Tenant;
use tenancy::policy::{Granted, act};
use tenancy::principal::Invitation;
use tenancy::token::{BOOTSTRAP_SECONDS, SessionClaims, Signer};
use tenancy::{Id, Runtime, Timestamp};
use web::letters::Origins;

use crate::answer::{Answer, Refused, answered};
use crate::operating::Operating;

/// What a new tenant starts with, as the operator says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    slug: String,
    name: String,
    host: String,
    admin: Admin,
}

/// The tenant's first agent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Admin {
    email: String,
    name: String,
}

/// The same, looked over.
struct Checked<'a> {
    slug: &'a str,
    name: &'a str,
    host: &'a str,
    email: EmailAddress,
    agent_name: &'a str,
}

pub(crate) async fn create(operating: Operating, body: Bytes) -> Answer {
    let wanted: Wanted = parsed(&body)?;
    let wanted = wanted.checked()?;
    // First, so that no tenant is made that nobody could be invited to.
    let inviting = Inviting::new(&operating.runtime).await?;
    let claims = wanted.provision(&operating).await?;
    let body = json!({
        "slug": wanted.slug,
        "name": wanted.name,
        "status": "active",
        "host": wanted.host,
        "created_at": inviting.now.0,
        "invitation": inviting.signed(wanted.host, &claims),
    });
    Ok(answered(StatusCode::CREATED, body))
}

/// Signs the first agent's invitation again, as long as nobody can sign in.
pub(crate) async fn invite(operating: Operating, Path(slug): Path<String>) -> Answer {
    let tenant: Granted<Tenant, act::TenantBootstrap> = operating.tenant(&slug).await?;
    let look_up = (Invitation::of_tenant(&tenant),);
    let (open,) = tenant.scope().read(look_up).await?;
    let open = open.into_iter().next().ok_or(Refused::Settled)?;
    let host = tenant.host.as_deref().ok_or(Refused::NotFound)?;
    let changed = json!({ "email": open.email });
    let deed = operating.deed(tenant.scope(), Verb::Invited, &changed);
    tenant.scope().write(vec![deed]).await?;
    let signed = Inviting::new(&operating.runtime).await?;
    let signed = signed.signed(host, open.claims());
    let body = json!({ "slug": slug, "email": open.email, "invitation": signed });
    Ok(answered(StatusCode::OK, body))
}

/// What an invitation is written with.
struct Inviting {
    signer: Signer,
    origins: Origins,
    now: Timestamp,
}

impl Inviting {
    async fn new(runtime: &Runtime) -> Result<Self, Refused> {
        Ok(Self {
            signer: web::visit::signer(runtime).await?,
            origins: Origins::of(runtime).await,
            now: runtime.clock.now(),
        })
    }

    fn signed(&self, host: &str, claims: &SessionClaims) -> Value {
        let token = self.signer.bootstrap(claims, self.now);
        let (origin, path) = (self.origins.origin(host), pages::url::BOOTSTRAP);
        let lasts = i64::try_from(BOOTSTRAP_SECONDS * 1000).unwrap_or(i64::MAX);
        json!({
            "url": format!("{origin}{path}?token={token}"),
            "expires_at": (self.now + lasts).0,
        })
    }
}

impl Checked<'_> {
    /// Creates the tenant, and returns what its first agent's invitation says.
    async fn provision(&self, operating: &Operating) -> Result<SessionClaims, Refused> {
        let runtime = &operating.runtime;
        let now = runtime.clock.now();
        let agent = Id::new(now, &*runtime.random);
        let founding = Founding {
            host: self.host,
            agent: &agent,
            email: self.email.as_str(),
            agent_name: self.agent_name,
            deed: &Id::new(now, &*runtime.random),
        };
        let (slug, name) = (self.slug, self.name);
        let new = NewTenant { slug, name, now };
        let platform = operating.operator.platform(runtime);
        Ok(SessionClaims {
            tenant: blueprint::provision(&platform, &new, &founding).await?,
            agent,
            epoch: Invitation::FIRST_EPOCH,
        })
    }
}

impl Wanted {
    fn checked(&self) -> Result<Checked<'_>, Refused> {
        let of = |field, must| move || Refused::Invalid(field, must);
        let slug = Some(self.slug.as_str()).filter(|slug| is_label(slug));
        let host = Some(self.host.as_str()).filter(|host| is_host(host));
        let (address, named) = ("an e-mail address", "1 to 255 characters");
        Ok(Checked {
            slug: slug.ok_or_else(of("slug", "1 to 63 of a-z, 0-9 and -, none - at its ends"))?,
            name: well_named(&self.name).ok_or_else(of("name", named))?,
            host: host.ok_or_else(of("host", "a host name in lower case, without a port"))?,
            email: EmailAddress::parse(&self.admin.email).ok_or_else(of("admin.email", address))?,
            agent_name: well_named(&self.admin.name).ok_or_else(of("admin.name", named))?,
        })
    }
}

/// Reads a JSON body.
pub(crate) fn parsed<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refused> {
    serde_json::from_slice(body).map_err(|error| Refused::BadJson(error.to_string()))
}

/// A name without the spaces around it, if it is one.
pub(crate) fn well_named(name: &str) -> Option<&str> {
    let name = name.trim();
    let is_good = !name.is_empty() && name.chars().count() <= 255;
    (is_good && !name.chars().any(char::is_control)).then_some(name)
}

fn is_label(text: &str) -> bool {
    let is_good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let has_ends = !text.starts_with('-') && !text.ends_with('-');
    (1..=63).contains(&text.len()) && has_ends && text.chars().all(is_good)
}

fn is_host(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_made_of_labels_in_lower_case() {
        for host in [
            "acme.localhost",
            "help.acme.example",
            "xn--bcher-kva.example",
        ] {
            assert!(is_host(host), "{host}");
        }
        for host in [
            "",
            "acme.",
            "Acme.example",
            "acme.example:8787",
            "-a.b",
            "a/b",
            "a..b",
        ] {
            assert!(!is_host(host), "{host}");
        }
    }

    #[test]
    fn a_name_is_something_to_read() {
        assert_eq!(well_named("  Acme & Sons "), Some("Acme & Sons"));
        assert!(well_named(" ").is_none() && well_named("a\u{0}b").is_none());
        assert!(well_named(&"x".repeat(256)).is_none());
    }
}
