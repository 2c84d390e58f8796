//! Who asks.

use realmdesk_tests::{Call, World};
use tenancy::token::{AccessClaims, SessionClaims, Signer};
use tenancy::{Id, TenantId};

use super::stage::{Place, SP3, Thing, signer};

/// The portal of SP3, where everybody asks.
pub(super) const OWN: Portal = Portal {
    host: "sp3.localhost:8787",
    tenant: "parent",
};
/// Another tenant's.
pub(super) const FOREIGN: Portal = Portal {
    host: "acme.localhost:8787",
    tenant: "acme",
};
/// That of a tenant nobody can sign in to yet.
pub(super) const NEW: Portal = Portal {
    host: "initech.localhost:8787",
    tenant: "initech",
};

/// A portal, and whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Portal {
    host: &'static str,
    tenant: &'static str,
}

/// What somebody is, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// Anybody.
    Nobody,
    /// An agent of a realm, with all permissions and the rights of administration.
    Agent(Place),
    /// An agent of SP3 whose role allows nothing.
    Idle,
    /// A user who was sent the link to their ticket in this realm.
    Guest(Place),
    /// A user of this realm who has signed in.
    User(Place),
    /// A program with the key of this realm.
    Program(Place),
    /// A mail provider with the secret of this realm's address.
    Provider(Place),
    /// The platform's operator.
    Operator,
    /// Somebody who guesses the operator's secret.
    Impostor,
    /// The scheduler.
    Scheduler,
}

/// Somebody who asks, with all they can present.
pub(super) struct Asker {
    pub(super) name: String,
    pub(super) who: Who,
    /// The portal they ask at.
    pub(super) portal: Portal,
    pub(super) csrf: String,
    cookies: String,
    headers: Vec<(&'static str, String)>,
    guest_token: Option<String>,
    guest_number: Option<String>,
}

const FORM: &str = "a visitor's form cookie";

impl Asker {
    pub(super) fn new(world: &World, who: Who, portal: Portal) -> Self {
        let signer = signer();
        let mut asker = Self {
            name: named(who, portal),
            who,
            portal,
            csrf: signer.form_token(FORM),
            cookies: format!("__Host-form={FORM}"),
            headers: Vec::new(),
            guest_token: None,
            guest_number: None,
        };
        asker.equip(world, &signer);
        asker
    }

    fn equip(&mut self, world: &World, signer: &Signer) {
        let bearer = |secret: &str| ("authorization", format!("Bearer {secret}"));
        match self.who {
            Who::Nobody => {}
            Who::Agent(place) => self.sign_in(world, signer, &place.agent()),
            Who::Idle => self.sign_in(world, signer, "idle@sp3.example"),
            Who::Guest(place) => {
                let ticket = Id::parse(&place.one(world, "SELECT ticket_id FROM ticket")).unwrap();
                let tenant = TenantId(place.tenant_id(world));
                let claims = AccessClaims { tenant, ticket };
                self.guest_token = Some(signer.access(&claims, world.now()));
                self.guest_number = Some(place.one(world, "SELECT number FROM ticket"));
            }
            Who::User(place) => {
                let token = signer.user_session(&place.user_claims(world), world.now());
                self.cookies = format!("{}; __Host-user={token}", self.cookies);
            }
            Who::Program(place) => self.headers.push(("x-api-key", place.key())),
            Who::Provider(place) => self.headers.push(bearer(&place.secret())),
            Who::Operator => self.headers.push(bearer("operator-secret")),
            Who::Impostor => self.headers.push(bearer("operator-secreT")),
            Who::Scheduler => self.headers.push(bearer("sweep-secret")),
        }
    }

    fn sign_in(&mut self, world: &World, signer: &Signer, email: &str) {
        let found = world.rows(&format!(
            "SELECT tenant_id, agent_id FROM agent WHERE email = '{email}'"
        ));
        let (tenant, agent) = found[0].split_once('|').unwrap();
        let claims = SessionClaims {
            tenant: TenantId(tenant.parse().unwrap()),
            agent: Id::parse(agent).unwrap(),
            epoch: 1,
        };
        let token = signer.session(&claims, world.now());
        self.cookies = format!("{}; __Host-session={token}", self.cookies);
    }

    /// Adds to a call all that this asker can present; a guest's link token also under the name
    /// of whatever ticket is asked for.
    pub(super) fn present(&self, call: Call, thing: &Thing) -> Call {
        let mut cookies = self.cookies.clone();
        if let Some(token) = &self.guest_token {
            let own = self.own_ticket().unwrap_or_default();
            let asked = thing.id.split('/').next().unwrap_or_default();
            cookies = format!("{cookies}; __Host-access-{own}={token}");
            if asked != own {
                cookies = format!("{cookies}; __Host-access-{asked}={token}");
            }
        }
        let call = call.to(self.portal.host).header("cookie", &cookies);
        let headers = self.headers.iter();
        headers.fold(call, |call, (name, value)| call.header(name, value))
    }

    /// A posted form of this asker's.
    pub(super) fn form(&self, path: &str, fields: &str) -> Call {
        Call::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("csrf={}&{fields}", self.csrf))
    }

    /// The number of the ticket whose link this asker was sent.
    pub(super) fn own_ticket(&self) -> Option<&str> {
        self.guest_number.as_deref()
    }

    /// The link token this asker was sent.
    pub(super) fn link_token(&self) -> &str {
        self.guest_token.as_deref().unwrap_or("none")
    }

    /// Whether they are an agent who sees a realm's tickets: the own realm and those below.
    pub(super) fn works_in(&self, place: &Place) -> bool {
        let own = match self.who {
            Who::Agent(own) => own,
            Who::Idle => SP3,
            Who::Nobody
            | Who::Guest(_)
            | Who::User(_)
            | Who::Program(_)
            | Who::Provider(_)
            | Who::Operator
            | Who::Impostor
            | Who::Scheduler => return false,
        };
        self.is_at_home(&own) && own.is_at_or_above(place)
    }

    /// Whether they are a user of this realm, signed in at its portal.
    pub(super) fn is_user_of(&self, place: &Place) -> bool {
        self.who == Who::User(*place) && self.is_at_portal_of(place)
    }

    /// Whether they ask at the portal of that realm.
    pub(super) fn is_at_portal_of(&self, place: &Place) -> bool {
        self.portal.host == format!("{}.localhost:8787", place.slug())
    }

    /// Whether they ask at a portal of that tenant.
    pub(super) fn is_at_home(&self, place: &Place) -> bool {
        self.portal.tenant == place.tenant
    }
}

fn named(who: Who, portal: Portal) -> String {
    let name = match who {
        Who::Nobody => "nobody".to_owned(),
        Who::Agent(place) => format!("agent of {}", place.realm),
        Who::Idle => "agent of SP3 who may do nothing".to_owned(),
        Who::Guest(place) => format!("user of {}", place.realm),
        Who::User(place) => format!("signed-in user of {}", place.realm),
        Who::Program(place) => format!("program of {}", place.realm),
        Who::Provider(place) => format!("mail provider of {}", place.realm),
        Who::Operator => "operator".to_owned(),
        Who::Impostor => "impostor".to_owned(),
        Who::Scheduler => "scheduler".to_owned(),
    };
    if portal == OWN {
        name
    } else {
        format!("{name} at {}", portal.host)
    }
}
