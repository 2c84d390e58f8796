//! One request, as every handler gets it.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use desk::form::Clocks;
use desk::setting::{Held, Settings};
use pages::Locale;
use pages::layout::{Accent, Shell};
use pages::mail::Letterhead;
use tenancy::port::{ClientAddress, Variable};
use tenancy::scope::Query;
use tenancy::token::Signer;
use tenancy::{Door, Runtime, Scope, Site, Timestamp};

use crate::letters::letterhead;
use crate::{Failure, cookie};

/// A request: the runtime it may use, the portal it came to, and what it carries.
pub struct Visit {
    /// The runtime.
    pub runtime: Runtime,
    /// The address it came from.
    pub client: ClientAddress,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its path and query.
    pub path: String,
    door: Door,
}

impl Visit {
    /// Reads through the portal's host name.
    pub fn scope(&self) -> Scope {
        Scope::behind(&self.runtime, self.door.clone())
    }

    /// Looks up the site behind the host name.
    pub fn site(&self, scope: &Scope) -> Query<Site> {
        Site::find(scope, &self.door)
    }

    /// The current time.
    pub fn now(&self) -> Timestamp {
        self.runtime.clock.now()
    }

    /// A cookie the visitor sent.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        cookie::find(&self.headers, name)
    }

    /// What clocks show to whoever fills in a form of a page.
    pub fn clocks(&self, shell: &Shell<'_>) -> Clocks {
        Clocks {
            now: self.now(),
            zone: shell.locale.zone,
        }
    }

    /// The signer of sessions, access links and form tokens.
    ///
    /// # Errors
    /// When the deployment has no session secret.
    pub async fn signer(&self) -> Result<Signer, Failure> {
        signer(&self.runtime).await
    }
}

/// The signer of sessions, access links and form tokens.
///
/// # Errors
/// When the deployment has no session secret.
pub async fn signer(runtime: &Runtime) -> Result<Signer, Failure> {
    let secret = runtime.secrets.read(Variable::SessionSecret).await;
    let missing = || Failure::Trouble("SESSION_SECRET is not set".to_owned());
    Ok(Signer::new(&secret.ok_or_else(missing)?))
}

/// The site a look-up found.
///
/// # Errors
/// [`Failure::NotFound`] when the door opens onto nothing, [`Failure::Suspended`] when the
/// platform has suspended the tenant.
pub fn open_site(found: Vec<Site>) -> Result<Site, Failure> {
    let site = found.into_iter().next().ok_or(Failure::NotFound)?;
    if site.is_suspended {
        Err(Failure::Suspended)
    } else {
        Ok(site)
    }
}

/// The frame of a site's pages.
pub struct Frame {
    name: String,
    accent: Accent,
    locale: Locale,
}

impl Frame {
    /// Makes the frame from what was looked up.
    pub fn new(site: &Site, settings: &[Option<Held>]) -> Self {
        let head = letterhead(&site.name, &Settings::of(settings));
        Self {
            name: site.name.clone(),
            accent: head.accent,
            locale: head.locale,
        }
    }

    /// The frame as mails take it.
    pub fn letterhead(&self) -> Letterhead<'_> {
        Letterhead {
            accent: self.accent,
            locale: self.locale,
            ..Letterhead::of(&self.name)
        }
    }

    /// The frame as pages in English take it, those of agents: their times are the realm's, their
    /// words are not.
    pub fn english_shell(&self) -> Shell<'_> {
        Shell {
            locale: self.locale.in_english(),
            ..self.shell()
        }
    }

    /// The frame as pages take it.
    pub fn shell(&self) -> Shell<'_> {
        Shell {
            accent: self.accent,
            locale: self.locale,
            ..Shell::of(&self.name)
        }
    }
}

/// A portal host from a `Host` header: lower case, without the port and a final dot.
fn portal_host(header: &str) -> String {
    let host = match header.rsplit_once(':') {
        Some((host, port)) if port.chars().all(|c| c.is_ascii_digit()) => host,
        Some(_) | None => header,
    };
    host.trim_end_matches('.').to_ascii_lowercase()
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Failure> {
        let runtime = parts.extensions.get::<Runtime>().cloned();
        let runtime = runtime.ok_or_else(|| Failure::Trouble("no runtime".to_owned()))?;
        let client = parts.extensions.get::<ClientAddress>().copied();
        // Not every runtime shows a Host header; each has the host in the URI if it has not.
        let header = parts
            .headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok());
        let host = parts.uri.host().or(header).ok_or(Failure::NotFound)?;
        Ok(Self {
            runtime,
            client: client.unwrap_or(ClientAddress(None)),
            headers: parts.headers.clone(),
            path: parts
                .uri
                .path_and_query()
                .map(ToString::to_string)
                .unwrap_or_default(),
            door: Door::PortalHost(portal_host(host)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_found_whatever_its_port_and_case() {
        let check = |header: &str, host: &str| assert_eq!(portal_host(header), host);
        check("acme.localhost:8787", "acme.localhost");
        check("ACME.Example.com.", "acme.example.com");
        check("acme.example.com", "acme.example.com");
        check("[::1]:8787", "[::1]");
        check("", "");
    }
}
