//! A deployment with its tenants.

use std::sync::{Arc, OnceLock};
use std::{fs, path::PathBuf};

use desk::blueprint::{self, NewAgent, NewApiKey, NewMailAddress, NewTenant, ROOT};
use host::native::Sqlite;
use rusqlite::types::ValueRef;
use serde_json::{Value, json};
use tenancy::platform::Platform;
use tenancy::port::{Clock, Timestamp, Variable};
use tenancy::{Id, RealmId, Runtime, Scope, Statement, TenantId, password};

use crate::browser::Browser;
use crate::dispatch::{Call, Page};
use crate::meter::Meter;
use crate::ports::{NoWayOut, Recorded, Seeded, TurnedClock, Variables};
use crate::{SECOND, task};

/// A deployment: `World::new().tenant("acme")` is one with a help desk in it.
pub struct World {
    /// The database, past every wall; for looking at it from outside.
    pub sqlite: Arc<Sqlite>,
    /// What the product reaches the database through.
    pub meter: Arc<Meter>,
    /// The clock.
    pub clock: Arc<TurnedClock>,
    /// What was logged.
    pub log: Arc<Recorded>,
    /// The dice.
    pub random: Arc<Seeded>,
    variables: Arc<Variables>,
    runtime: Runtime,
}

/// A moment of a world.
pub struct Mark {
    /// Every byte of the database at that moment.
    pub image: Vec<u8>,
    dice: u64,
}

/// 21 November 2026, 09:00 UTC.
const MORNING: i64 = 1_795_251_600_000;

/// The file folder of the repository.
pub fn repository() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The migrations by file name, in order.
pub fn migrations() -> Vec<(String, String)> {
    let files = fs::read_dir(repository().join("sql")).expect("there are migrations");
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names
        .filter(|name| {
            std::path::Path::new(name)
                .extension()
                .is_some_and(|it| it == "sql")
        })
        .collect();
    names.sort();
    let read = |name: String| {
        let sql = fs::read_to_string(repository().join("sql").join(&name)).unwrap();
        (name, sql)
    };
    names.into_iter().map(read).collect()
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    /// The password of every agent.
    pub const PASSWORD: &str = "correct horse battery staple";

    /// A deployment without tenants.
    pub fn new() -> Self {
        let sqlite = Sqlite::in_memory().unwrap();
        for (name, sql) in migrations() {
            sqlite
                .migrate(&sql)
                .unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        Self::on(sqlite)
    }

    /// A deployment on a database that has been migrated, with whatever is in it.
    pub fn on(sqlite: Sqlite) -> Self {
        let sqlite = Arc::new(sqlite);
        let meter = Arc::new(Meter::new(Arc::clone(&sqlite)));
        let clock = Arc::new(TurnedClock::at(MORNING));
        let log = Arc::new(Recorded::default());
        let variables = Arc::new(Variables::of_development());
        let random = Arc::new(Seeded::new(2026));
        let runtime = Runtime {
            database: Arc::clone(&meter) as _,
            clock: Arc::clone(&clock) as _,
            random: Arc::clone(&random) as _,
            secrets: Arc::clone(&variables) as _,
            outbound: Arc::new(NoWayOut),
            log: Arc::clone(&log) as _,
        };
        Self {
            sqlite,
            meter,
            clock,
            log,
            random,
            variables,
            runtime,
        }
    }

    /// Adds a tenant: portal `{slug}.localhost`, agent `ada@{slug}.example` who manages
    /// Support, API key `{slug}-key`, and mail address `help@{slug}.example` with the secret
    /// `{slug}-secret`.
    #[must_use]
    pub fn tenant(self, slug: &str) -> Self {
        let name = titled(slug);
        self.create(slug, &name);
        let scope = self.inside(slug);
        let ada = self.id();
        let mut batch = self.doors(&scope, ROOT, slug, &name);
        batch.push(self.agent(
            &scope,
            &ada,
            ROOT,
            &format!("ada@{slug}.example"),
            "Ada Byron",
        ));
        batch.push(blueprint::add_manager(&scope, blueprint::SUPPORT, &ada));
        self.write(&scope, batch);
        self
    }

    pub(crate) fn create(&self, slug: &str, name: &str) {
        let now = self.clock.now();
        let tenant = NewTenant { slug, name, now };
        task::run(blueprint::create_tenant(
            &Platform::new(&self.runtime),
            &tenant,
        ))
        .unwrap();
    }

    /// The statements that open a realm's portal, API key and mail address.
    pub(crate) fn doors(
        &self,
        scope: &Scope,
        realm: RealmId,
        slug: &str,
        name: &str,
    ) -> Vec<Statement> {
        let (key, address) = (format!("{slug}-key"), format!("help@{slug}.example"));
        let key = NewApiKey {
            key: &key,
            name,
            realm,
            sources: &[],
            can_run_cron: false,
            permissions: &[],
            now: self.clock.now(),
        };
        let secret = format!("{slug}-secret");
        let address = NewMailAddress {
            address: &address,
            name: &format!("{name} help"),
            realm,
            secret: &secret,
            is_primary: realm == ROOT,
        };
        vec![
            blueprint::add_host(scope, &format!("{slug}.localhost"), realm, realm == ROOT),
            blueprint::add_api_key(scope, &key),
            blueprint::add_mail_address(scope, &address),
        ]
    }

    /// The statement that adds an agent with all permissions and [`Self::PASSWORD`].
    pub fn agent(
        &self,
        scope: &Scope,
        id: &Id,
        realm: RealmId,
        email: &str,
        name: &str,
    ) -> Statement {
        blueprint::add_agent(
            scope,
            &NewAgent {
                id,
                realm,
                role: blueprint::ALL_ACCESS,
                email,
                name,
                password_hash: Some(hashed_password()),
                now: self.clock.now(),
            },
        )
    }

    /// Adds a user to the realm of a portal.
    pub fn user(&self, host: &str, email: &str, name: &str) -> Id {
        let (site, id) = (self.site(host), self.id());
        let scope = self.inside_id(site.tenant);
        let added = blueprint::add_user(&scope, &id, site.realm, email, name, self.clock.now());
        self.write(&scope, vec![added]);
        id
    }

    /// A fresh id.
    pub fn id(&self) -> Id {
        Id::new(self.clock.now(), &*self.runtime.random)
    }

    /// The reach of one whole tenant, for what has no page yet.
    pub fn inside(&self, slug: &str) -> Scope {
        let sql = format!("SELECT tenant_id FROM tenant WHERE slug = '{slug}'");
        Platform::new(&self.runtime).enter(TenantId(self.number(&sql)))
    }

    /// The same, by the tenant's id.
    pub fn inside_id(&self, tenant: TenantId) -> Scope {
        Platform::new(&self.runtime).enter(tenant)
    }

    /// Writes a batch.
    pub fn write(&self, scope: &Scope, batch: Vec<Statement>) {
        task::run(scope.write(batch)).unwrap();
    }

    /// What the product is lent.
    pub fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// Sets a variable of the deployment, or takes it away.
    pub fn set(&self, variable: Variable, value: Option<&str>) {
        self.variables.set(variable, value);
    }

    /// Turns the clock.
    pub fn turn(&self, milliseconds: i64) {
        self.clock.turn(milliseconds);
    }

    /// The current time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A browser without cookies, open on a portal.
    pub fn browser(&self, host: &str) -> Browser<'_> {
        Browser::new(self, host)
    }

    /// Sends a request and waits for its answer.
    pub fn send(&self, call: Call) -> Page {
        task::run(call.answered_by(self.runtime.clone()))
    }

    /// Sends a request that a test steps through.
    pub fn start(&self, call: Call) -> task::Task<'static, Page> {
        Box::pin(call.answered_by(self.runtime.clone()))
    }

    /// Opens a ticket with the API key `{realm}-key`, a second after the last, and returns its
    /// number.
    pub fn ticket(&self, realm: &str, subject: &str) -> String {
        self.turn(SECOND);
        let page = self.send(ticket_call(realm, &json!({ "subject": subject })));
        assert_eq!(page.status, 201, "{}", page.text());
        page.text().to_owned()
    }

    /// Runs a sweep, and returns what it says it did.
    pub fn sweep(&self) -> Value {
        let page = self.send(sweep_call());
        assert_eq!(page.status, 200, "{}", page.text());
        page.json()
    }

    /// The mails that were delivered from a portal's tenant, newest first.
    pub fn delivered(&self, host: &str) -> Vec<Value> {
        let page = self.browser(host).get_json("/mail/captured");
        assert_eq!(page.status, 200, "{}", page.text());
        page.json()["mails"].as_array().unwrap().clone()
    }

    /// Every byte of the database.
    pub fn image(&self) -> Vec<u8> {
        let image = self
            .sqlite
            .with(|connection| connection.serialize("main").map(|data| data.to_vec()));
        image.unwrap()
    }

    /// Remembers the database and the dice, to come back to.
    pub fn mark(&self) -> Mark {
        Mark {
            image: self.image(),
            dice: self.random.position(),
        }
    }

    /// Comes back to a marked moment, so that the same request meets the same world again.
    pub fn rewind(&self, mark: &Mark) {
        let (image, length) = (&mark.image[..], mark.image.len());
        let restored = |connection: &mut rusqlite::Connection| {
            connection.deserialize_read_exact("main", image, length, false)
        };
        self.sqlite.with(restored).unwrap();
        self.random.rewind(mark.dice);
    }

    /// Changes the database from outside, for what has no page yet.
    pub fn execute(&self, sql: &str) {
        self.sqlite
            .with(|connection| connection.execute_batch(sql))
            .unwrap_or_else(|error| panic!("{error}: {sql}"));
    }

    /// The one number a query gives.
    pub fn number(&self, sql: &str) -> i64 {
        self.sqlite
            .with(|connection| connection.query_row(sql, [], |row| row.get(0)))
            .unwrap_or_else(|error| panic!("{error}: {sql}"))
    }

    /// The rows of a query, their columns joined by `|`.
    pub fn rows(&self, sql: &str) -> Vec<String> {
        self.sqlite.with(|connection| {
            let mut statement = connection.prepare(sql).unwrap();
            let columns = statement.column_count();
            let mut rows = statement.query([]).unwrap();
            let mut lines = Vec::new();
            while let Some(row) = rows.next().unwrap() {
                let shown: Vec<String> = (0..columns)
                    .map(|column| shown(row.get_ref(column).unwrap()))
                    .collect();
                lines.push(shown.join("|"));
            }
            lines
        })
    }
}

fn shown(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Blob(bytes) => format!("{} bytes", bytes.len()),
    }
}

/// A call that opens a ticket with the API key `{realm}-key`: these fields, and what is missing
/// of a whole ticket.
pub fn ticket_call(realm: &str, fields: &Value) -> Call {
    let mut whole = json!({
        "name": "Ana Lima",
        "email": "ana@example.com",
        "subject": "Printer on fire",
        "message": "It burns.",
    });
    for (field, value) in fields.as_object().unwrap() {
        whole[field] = value.clone();
    }
    Call::post("/api/tickets.json")
        .header("x-api-key", &format!("{realm}-key"))
        .body(whole.to_string())
}

/// The scheduler's call.
pub fn sweep_call() -> Call {
    Call::post("/sweep").header("authorization", "Bearer sweep-secret")
}

/// Hashing is deliberately heavy, so all agents share one hash.
fn hashed_password() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| password::hash(World::PASSWORD, &Seeded::new(7)).unwrap())
}

fn titled(slug: &str) -> String {
    let mut letters = slug.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
