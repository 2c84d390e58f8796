//! A server that is killed while tickets come in.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};

use crate::Outcome;
use crate::api;
use crate::client::{Browser, Client};
use crate::demo::Demo;
use crate::outbox;
use crate::queues;
use crate::random::Random;
use crate::server::{Server, State};
use crate::stage::{Stage, unique};

const ROUNDS: usize = 3;
const CALLERS: usize = 16;
const CREATES: usize = 200;
const SUBJECT: &str = "Killed in between";
/// What the addresses begin with that ask.
const KILLED: &str = "killed";

pub(crate) fn a_killed_server_loses_no_ticket_and_halves_none(stage: &Stage) -> Outcome {
    let mut random = Random::seeded();
    let state = State::new()?;
    let mut answered = BTreeSet::new();
    for round in 1..=ROUNDS {
        let server = Server::start(stage, &state)?;
        let before = answered.len();
        create_until_killed(server, &state, &mut random, &mut answered)?;
        println!(
            "round {round}: killed after {} of {CREATES} answers",
            answered.len() - before
        );
        let server = Server::start(stage, &state)?;
        look_from_outside(&server, &state, &answered)?;
        server.stop()?;
        look_inside(state.folder(), &answered)?;
    }
    Ok(())
}

/// Lets callers create tickets, and kills the server once a drawn number of them is answered and
/// a drawn moment has passed.
fn create_until_killed(
    server: Server,
    state: &State,
    random: &mut Random,
    answered: &mut BTreeSet<String>,
) -> Outcome {
    let demo = Demo::read(&state.path("demo.json"))?;
    let wanted = usize::try_from(random.below(CREATES as u64 * 4 / 5))?;
    let moment = Duration::from_micros(random.below(30_000));
    let (begun, numbers) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let url = server.url.clone();
    let call = || {
        let client = Client::new(&url, &demo.acme.host);
        while begun.fetch_add(1, Ordering::Relaxed) < CREATES {
            let answer = api::post(
                &client,
                &demo.acme.api_key,
                &api::body(&format!("{}@example.com", unique(KILLED)), SUBJECT),
            );
            // Without an answer nothing is promised, and the server is gone.
            let Ok(number) = answer.and_then(|answer| api::number(&answer)) else {
                return;
            };
            numbers
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(number);
        }
    };
    let count = || numbers.lock().unwrap_or_else(PoisonError::into_inner).len();
    thread::scope(|scope| {
        for _ in 0..CALLERS {
            scope.spawn(call);
        }
        let started = Instant::now();
        while count() < wanted && started.elapsed() < Duration::from_mins(1) {
            thread::sleep(Duration::from_micros(200));
        }
        thread::sleep(moment);
        server.kill()
    })?;
    let numbers = numbers.into_inner().unwrap_or_else(PoisonError::into_inner);
    assert!(
        numbers.len() >= wanted,
        "the server stopped answering before it was killed"
    );
    for number in numbers {
        assert!(answered.insert(number.clone()), "{number} was given twice");
    }
    Ok(())
}

/// Whether an address is one of those that tickets were opened in the name of, each by itself: one
/// alone is mailed only so much a day.
fn is_killed(address: &serde_json::Value) -> bool {
    address.as_str().is_some_and(|it| it.starts_with(KILLED))
}

/// Every ticket that was promised is in the queue, whole, and its link works.
fn look_from_outside(server: &Server, state: &State, answered: &BTreeSet<String>) -> Outcome {
    let demo = Demo::read(&state.path("demo.json"))?;
    let client = Client::new(&server.url, &demo.acme.host);
    let mut agent = Browser::new(client.clone());
    queues::sign_in(&mut agent, demo.acme.agent_of("Acme")?)?;
    let tickets = queues::all(&mut agent, "open")?;
    let listed: BTreeSet<&str> = queues::each(&tickets, "number").collect();
    let lost: Vec<_> = answered
        .iter()
        .filter(|number| !listed.contains(number.as_str()))
        .collect();
    assert!(lost.is_empty(), "answered with 201, and lost: {lost:?}");
    for ticket in tickets.iter().filter(|ticket| ticket["subject"] == SUBJECT) {
        assert!(is_killed(&ticket["requester"]["email"]), "{ticket}");
        assert!(
            ticket["department"].is_string() && ticket["due_at"].is_i64(),
            "{ticket}"
        );
    }
    // A lock that the killed server left behind would stop these.
    api::number(&api::post(
        &client,
        &demo.acme.api_key,
        &api::body("after@example.com", "After"),
    )?)?;
    outbox::sweep_once(&client, &demo.sweep_secret)?;
    let mut visitor = Browser::new(client);
    let mails = outbox::captured(&mut visitor)?;
    let links = mails
        .iter()
        .filter(|mail| is_killed(&mail["to"]["address"]));
    let links = links.map(outbox::link).collect::<Outcome<Vec<_>>>()?;
    assert!(
        !links.is_empty() || answered.is_empty(),
        "no link was mailed"
    );
    for link in links {
        let page = outbox::open(&mut visitor, &link)?.text();
        assert!(
            page.contains(SUBJECT) && page.contains("From a program."),
            "{link}: {page}"
        );
    }
    Ok(())
}

/// What must come back empty from the database's file; `?1` is the subject.
const HALVES: [(&str, &str); 6] = [
    (
        "tickets without exactly one message",
        "SELECT t.number FROM ticket AS t
          WHERE t.subject = ?1
            AND 1 <> (SELECT count(*) FROM entry AS e
                       WHERE e.tenant_id = t.tenant_id AND e.ticket_id = t.ticket_id)",
    ),
    (
        "tickets without exactly one event",
        "SELECT t.number FROM ticket AS t
          WHERE t.subject = ?1
            AND 1 <> (SELECT count(*) FROM event AS e
                       WHERE e.tenant_id = t.tenant_id AND e.ticket_id = t.ticket_id)",
    ),
    (
        "tickets without their two letters",
        "SELECT t.number FROM ticket AS t
          WHERE t.subject = ?1
            AND 2 <> (SELECT count(*) FROM outbox AS o
                       WHERE o.tenant_id = t.tenant_id AND o.ticket_id = t.ticket_id)",
    ),
    (
        "letters whose Message-ID is unknown",
        "SELECT o.message_id
           FROM outbox AS o
           JOIN ticket AS t ON t.tenant_id = o.tenant_id AND t.ticket_id = o.ticket_id
          WHERE t.subject = ?1
            AND NOT EXISTS (SELECT 1 FROM message_reference AS r
                             WHERE r.tenant_id = o.tenant_id AND r.message_id = o.message_id)",
    ),
    (
        "counts of open tickets that are wrong",
        "SELECT c.realm_id || '' FROM queue_count AS c
          WHERE ?1 <> '' AND c.queue = 'open'
            AND c.tickets <> (SELECT count(*) FROM ticket AS t
                               WHERE t.tenant_id = c.tenant_id AND t.realm_id = c.realm_id
                                 AND t.state = 'open')",
    ),
    (
        "references that lead nowhere",
        "SELECT \"table\" FROM pragma_foreign_key_check WHERE ?1 <> ''",
    ),
];

fn look_inside(folder: &Path, answered: &BTreeSet<String>) -> Outcome {
    let database = database(folder)?;
    let integrity: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    assert_eq!(integrity, "ok");
    for (what, sql) in HALVES {
        let mut statement = database.prepare(sql)?;
        let found = statement.query_map([SUBJECT], |row| row.get::<_, String>(0))?;
        let found = found.collect::<Result<Vec<_>, _>>()?;
        assert!(found.is_empty(), "{what}: {found:?}");
    }
    let mut statement = database.prepare("SELECT number FROM ticket WHERE subject = ?1")?;
    let stored = statement.query_map([SUBJECT], |row| row.get(0))?;
    let stored = stored.collect::<Result<BTreeSet<String>, _>>()?;
    assert!(answered.is_subset(&stored));
    Ok(())
}

/// The file below the folder that holds the tickets: Spin's own, or the one Miniflare keeps D1 in.
fn database(folder: &Path) -> Outcome<Connection> {
    let served = files(folder)?.into_iter().filter(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        name == "spin.db" || name.ends_with(".sqlite")
    });
    for file in served {
        let database = Connection::open_with_flags(&file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let found = "SELECT count(*) FROM sqlite_master WHERE name = 'ticket'";
        if database.query_row(found, [], |row| row.get::<_, i64>(0))? == 1 {
            return Ok(database);
        }
    }
    Err(format!("no database below {}", folder.display()).into())
}

fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}
