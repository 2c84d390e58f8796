//! What both demo tenants are made with: the native host, and the real functions in process.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use bytes::Bytes;
use desk::blueprint::{self, NewAgent, NewTenant};
use desk::status;
use desk::ticket::{self, Actor, Change};
use host::SecureRandom;
use host::native::Sqlite;
use http::{Method, Request, Response};
use pollster::block_on;
use serde_json::{Value, json};
use tenancy::platform::Platform;
use tenancy::policy::Asking;
use tenancy::port::{Boxed, ClientAddress, Log, Outbound, Secrets, Variable};
use tenancy::principal::{Agent, Credentials, Principal, SignIn};
use tenancy::scope::And;
use tenancy::sight::Standing;
use tenancy::{Id, RealmId, Runtime, Scope, Statement, Table, TenantId, password};

use crate::Outcome;
use crate::clock::TurnedClock;

/// Every demo agent's password.
pub(crate) const PASSWORD: &str = "realmdesk-demo";

/// The native host with a clock that can be turned.
pub(crate) struct World {
    pub(crate) database: Arc<Sqlite>,
    pub(crate) clock: Arc<TurnedClock>,
    pub(crate) runtime: Runtime,
    password_hash: String,
}

/// An agent of the demo.
pub(crate) struct Person {
    pub(crate) name: &'static str,
    pub(crate) email: &'static str,
    pub(crate) realm: (i64, &'static str),
}

/// An end user of the demo, who signs in by mail.
pub(crate) struct EndUser {
    pub(crate) name: &'static str,
    pub(crate) email: &'static str,
    pub(crate) realm: (i64, &'static str),
}

/// A ticket of the demo, posted through the API.
pub(crate) struct Asked {
    pub(crate) hours_ago: i64,
    pub(crate) name: &'static str,
    pub(crate) email: &'static str,
    pub(crate) topic: i64,
    pub(crate) subject: &'static str,
    pub(crate) message: &'static str,
}

impl World {
    pub(crate) fn new(database: Arc<Sqlite>, portal_origin: &str) -> Self {
        let clock = Arc::new(TurnedClock::new());
        let runtime = Runtime {
            database: Arc::clone(&database) as _,
            clock: Arc::clone(&clock) as _,
            random: Arc::new(SecureRandom),
            secrets: Arc::new(DemoSecrets {
                portal_origin: portal_origin.to_owned(),
            }),
            outbound: Arc::new(NoOutbound),
            log: Arc::new(Console),
        };
        let password_hash = password::hash(PASSWORD, &*runtime.random).unwrap_or_default();
        Self {
            database,
            clock,
            runtime,
            password_hash,
        }
    }

    pub(crate) fn is_empty(&self) -> Outcome<bool> {
        let count = "SELECT count(*) FROM tenant";
        let tenants: i64 = self
            .database
            .with(|connection| connection.query_row(count, [], |row| row.get(0)))?;
        Ok(tenants == 0)
    }

    pub(crate) fn create_tenant(&self, slug: &str, name: &str) -> Outcome<(TenantId, Scope)> {
        let platform = Platform::new(&self.runtime);
        let tenant = NewTenant {
            slug,
            name,
            now: self.runtime.clock.now(),
        };
        let id = block_on(blueprint::create_tenant(&platform, &tenant))?;
        Ok((id, platform.enter(id)))
    }

    pub(crate) fn id(&self) -> Id {
        Id::new(self.runtime.clock.now(), &*self.runtime.random)
    }

    pub(crate) fn add_agent(&self, scope: &Scope, id: &Id, person: &Person) -> Statement {
        blueprint::add_agent(
            scope,
            &NewAgent {
                id,
                realm: RealmId(person.realm.0),
                role: blueprint::ALL_ACCESS,
                email: person.email,
                name: person.name,
                password_hash: Some(&self.password_hash),
                now: self.runtime.clock.now(),
            },
        )
    }

    /// Adds end users and returns their ids.
    pub(crate) fn add_users(&self, scope: &Scope, users: &[EndUser]) -> Outcome<Vec<Id>> {
        let ids: Vec<Id> = users.iter().map(|_| self.id()).collect();
        let now = self.runtime.clock.now();
        let added = users.iter().zip(&ids).map(|(user, id)| {
            let EndUser { name, email, realm } = user;
            blueprint::add_user(scope, id, RealmId(realm.0), email, name, now)
        });
        write(scope, added.collect())?;
        Ok(ids)
    }

    /// Opens a ticket through the API at its time, and returns its number.
    pub(crate) fn ask(&self, api_key: &str, asked: &Asked) -> Outcome<String> {
        self.clock.turn_to(asked.hours_ago * 60);
        let body = json!({
            "name": asked.name, "email": asked.email, "topicId": asked.topic,
            "subject": asked.subject, "message": asked.message,
        });
        let request = Request::builder()
            .method(Method::POST)
            .uri("/api/tickets.json")
            .header("x-api-key", api_key)
            .body(Bytes::from(body.to_string()))?;
        self.call(api::router(), request)
    }

    /// Posts a mail to an address at a time.
    pub(crate) fn mail(&self, hours_ago: i64, to: &str, secret: &str, mail: &str) -> Outcome {
        self.clock.turn_to(hours_ago * 60);
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("/mail/raw?to={to}"))
            .header("authorization", format!("Bearer {secret}"))
            .body(Bytes::from(mail.replace('\n', "\r\n")))?;
        self.call(mail::router(), request).map(|_| ())
    }

    /// Closes a ticket at a time, as an agent who has signed in may.
    pub(crate) fn close(
        &self,
        scope: &Scope,
        number: &str,
        agent: &Agent,
        hours_ago: i64,
    ) -> Outcome {
        self.clock.turn_to(hours_ago * 60);
        let found = (ticket::find_for_work(scope, number), status::all(scope));
        let (found, statuses) = block_on(scope.read(found))?;
        let closed = status::meant(&statuses, "closed").ok_or("no status closes")?;
        let sight = agent.sight(Table::Ticket);
        let asking = Asking::new(&self.runtime, Principal::Agent(agent), &sight);
        let refused = |refusal| format!("{number} stays open: {refusal:?}");
        let ticket = asking.grant(found).map_err(refused)?;
        let change = Change::of(&ticket, self.runtime.clock.now()).give_status(&ticket, closed);
        let by = Actor::Agent(agent.id.clone());
        let batch = change.statements(&by, &*self.runtime.random);
        write(scope, batch)
    }

    /// Signs an agent in.
    pub(crate) fn sign_in(&self, scope: &Scope, id: &Id, email: &str) -> Outcome<Agent> {
        let account = (Credentials::of_email(scope, email),);
        let found = And(account, Standing::of_agent(scope, id));
        let ((accounts,), standing) = block_on(scope.read(found))?;
        let account = accounts.into_iter().next();
        match Credentials::sign_in(account, PASSWORD, self.runtime.clock.now()) {
            SignIn::Accepted(agent) => Ok(agent.standing_at(standing)),
            SignIn::Refused | SignIn::Locked => Err(format!("{email} cannot sign in").into()),
        }
    }

    /// Lets the sweep run now: what is overdue is marked, what is queued is captured.
    pub(crate) fn sweep(&self) {
        self.clock.turn_to(0);
        block_on(sweep::run(&self.runtime));
    }

    fn call(&self, router: host::Router, request: Request<Bytes>) -> Outcome<String> {
        let client = ClientAddress(Some(IpAddr::V4(Ipv4Addr::LOCALHOST)));
        let response = block_on(host::handle(router, self.runtime.clone(), client, request));
        let text = String::from_utf8_lossy(response.body()).into_owned();
        if response.status().is_success() {
            Ok(text)
        } else {
            Err(text.into())
        }
    }
}

/// How a person stands in `demo.json`.
pub(crate) fn agent_info(person: &Person) -> Value {
    json!({
        "name": person.name, "email": person.email, "password": PASSWORD,
        "kind": "agent", "role": "All Access", "realm": person.realm.1,
    })
}

/// How an end user stands in `demo.json`: they have no password, they get links by mail.
pub(crate) fn user_info(user: &EndUser) -> Value {
    json!({
        "name": user.name, "email": user.email, "password": null,
        "kind": "user", "role": null, "realm": user.realm.1,
    })
}

/// Writes a batch, all or nothing.
pub(crate) fn write(scope: &Scope, batch: Vec<Statement>) -> Outcome {
    block_on(scope.write(batch))?;
    Ok(())
}

struct DemoSecrets {
    portal_origin: String,
}

impl Secrets for DemoSecrets {
    fn read(&self, variable: Variable) -> Boxed<'_, Option<String>> {
        let value = match variable {
            Variable::PortalOrigin => Some(self.portal_origin.clone()),
            // The server's own, so that the links in the demo's mails open.
            Variable::SessionSecret => std::env::var(variable.name()).ok(),
            Variable::SweepSecret | Variable::OperatorSecret | Variable::Environment => None,
        };
        Box::pin(std::future::ready(value))
    }
}

struct NoOutbound;

impl Outbound for NoOutbound {
    fn send(&self, _: Request<Bytes>) -> Boxed<'_, Result<Response<Bytes>, String>> {
        Box::pin(std::future::ready(Err("the demo calls nobody".to_owned())))
    }
}

struct Console;

impl Log for Console {
    #[expect(clippy::print_stderr, reason = "a command line program's errors")]
    fn error(&self, text: &str) {
        eprintln!("{text}");
    }
}
