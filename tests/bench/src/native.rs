//! A help desk in this process.

use realmdesk_tests::{Call, SECOND, World};
use rusqlite::config::DbConfig;
use tenancy::policy::{CallKey, Keys};

use crate::Outcome;
use crate::client::{Answer, Ask, Desk, Facts};

/// The native host, asked through the functions' own routers.
pub(crate) struct Native {
    pub(crate) world: World,
    facts: Facts,
    asked: usize,
}

/// More than any scenario has statements: what is evicted takes its counts along.
const CACHED_STATEMENTS: usize = 500;

impl Native {
    /// A world with the tenant `acme`, as a client of that tenant.
    pub(crate) fn new(world: World) -> Outcome<Self> {
        let permissions = Keys::<CallKey>::all_but(&[]).to_json();
        world.execute(&format!("UPDATE api_key SET permissions = '{permissions}'"));
        let facts = Facts {
            host: "acme.localhost:8787".to_owned(),
            api_key: "acme-key".to_owned(),
            mail_address: "help@acme.example".to_owned(),
            mail_secret: "acme-secret".to_owned(),
            agent: "ada@acme.example".to_owned(),
            password: World::PASSWORD.to_owned(),
            sweep_secret: "sweep-secret".to_owned(),
        };
        Self::of(world, facts)
    }

    /// A world as a client who has been told these facts.
    pub(crate) fn of(world: World, facts: Facts) -> Outcome<Self> {
        world.sqlite.with(|connection| {
            connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
            // Else clearing what was bound to a statement can make SQLite plan it again.
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        })?;
        let sweep_secret = "sweep-secret".to_owned();
        Ok(Self {
            world,
            facts: Facts {
                sweep_secret,
                ..facts
            },
            asked: 0,
        })
    }

    /// From now on every statement is planned each time, as on a connection that is new.
    pub(crate) fn keep_no_plans(&self) {
        self.world
            .sqlite
            .with(|connection| connection.set_prepared_statement_cache_capacity(0));
    }

    /// The request as it was not sent before.
    pub(crate) fn again(&mut self, ask: &Ask) -> Ask {
        self.asked += 1;
        ask.numbered(self.asked)
    }

    /// The call that a request is.
    pub(crate) fn call(&self, ask: &Ask) -> Call {
        let method = ask.method.parse().unwrap_or_default();
        let call = Call::new(method, &ask.path).to(&self.facts.host);
        let headers = ask.headers.iter();
        let call = headers.fold(call, |call, (name, value)| call.header(name, value));
        call.body(ask.body.clone())
    }
}

impl Desk for Native {
    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn send(&mut self, ask: &Ask) -> Outcome<Answer> {
        self.world.turn(SECOND);
        let page = self.world.send(self.call(ask));
        let trouble = self.world.log.take();
        if !trouble.is_empty() {
            return Err(trouble.join("; ").into());
        }
        let headers = page.headers.iter();
        let header = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
            (
                name.as_str().to_owned(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        };
        Ok(Answer {
            status: page.status,
            headers: headers.map(header).collect(),
            body: String::from_utf8_lossy(&page.body).into_owned(),
        })
    }
}
