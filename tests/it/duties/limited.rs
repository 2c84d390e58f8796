//! What agents see who are limited to their duties (DP-6), wherever they get at tickets.

use desk::queue::{
    self, Calendar, Closings, Listing, Page, Period, Queue, QueueTicket, Sort, Tally, Turn, Viewer,
};
use proptest::collection::vec;
use proptest::prelude::*;
use realmdesk_tests::{Browser, Call, DAY, World, task};
use tenancy::duty::{Referee, Work};
use tenancy::policy::act;
use tenancy::port::{FromValue, Value};
use tenancy::principal::Agent;
use tenancy::realm::Path;
use tenancy::sight::Node;
use tenancy::{RealmId, Scope, Timestamp};
use zone::Zone;

use super::{agent, department, email, joins, limit, number, parent, path, post, team, told};
use crate::for_all;

fn subjects(browser: &mut Browser<'_>, queue: &str) -> Vec<String> {
    let page = told(browser, &format!("/queues/{queue}"));
    let tickets = page["tickets"].as_array().unwrap().iter().rev();
    let subjects = tickets.map(|ticket| ticket["subject"].as_str().unwrap().to_owned());
    subjects.collect()
}

fn id_of(realm: &str) -> String {
    let email = email(realm);
    format!("(SELECT agent_id FROM agent WHERE email = '{email}')")
}

fn referral(world: &World, subject: &str, column: &str, to: &str) {
    let id = world.id();
    world.execute(&format!(
        "INSERT INTO referral (tenant_id, ticket_id, referral_id, realm_id, {column}, created_at)
         SELECT tenant_id, ticket_id, '{id}', realm_id, {to}, 0 FROM ticket
          WHERE subject = '{subject}'"
    ));
}

#[test]
fn dp_6_an_agent_without_duties_sees_nothing_and_each_duty_adds_what_it_ties() {
    let world = parent();
    limit(&world, "P");
    let mut p = agent(&world, "P");
    assert!(subjects(&mut p, "open").is_empty());
    assert_eq!(told(&mut p, "/queues/open")["counts"]["open"], 0);
    let me = id_of("P");
    world.execute(&format!(
        "UPDATE ticket SET agent_id = {me} WHERE subject = 'C1A'"
    ));
    assert_eq!(subjects(&mut p, "open"), ["C1A"]);
    referral(&world, "C3A", "agent_id", &me);
    assert_eq!(subjects(&mut p, "open"), ["C1A", "C3A"]);
    team(&world, 7, "SP1");
    world.execute(&format!("INSERT INTO team_member VALUES (1, 7, {me})"));
    world.execute("UPDATE ticket SET team_id = 7 WHERE subject = 'SP2'");
    assert_eq!(subjects(&mut p, "open").len(), 3);
    department(&world, 9, "SP1");
    world.execute("UPDATE ticket SET department_id = 9 WHERE subject = 'SP1'");
    joins(&world, "P", 9, "NULL");
    assert_eq!(subjects(&mut p, "open").len(), 4);
    world.execute("UPDATE ticket SET state = 'closed', closed_at = 1");
    assert!(subjects(&mut p, "open").is_empty());
    assert_eq!(
        subjects(&mut p, "closed").len(),
        2,
        "the department's and the referred"
    );
    assert_eq!(told(&mut p, "/queues/closed")["counts"]["closed"], 2);
}

#[test]
fn t_6_duties_never_bring_back_what_sight_leaves_out() {
    let world = parent();
    limit(&world, "SP3");
    joins(&world, "SP3", 1, "NULL");
    let me = id_of("SP3");
    world.execute(&format!(
        "UPDATE ticket SET agent_id = {me} WHERE subject = 'SP1'"
    ));
    referral(&world, "P", "agent_id", &me);
    let mut sp3 = agent(&world, "SP3");
    assert_eq!(subjects(&mut sp3, "open"), ["SP3", "C3A"]);
    assert_eq!(told(&mut sp3, "/queues/open")["counts"]["open"], 2);
    for subject in ["SP1", "P"] {
        assert_eq!(sp3.get(&path(&world, subject)).status, 404, "{subject}");
    }
}

#[test]
fn dp_6_what_is_out_of_reach_answers_byte_for_byte_like_nothing() {
    let world = parent();
    limit(&world, "P");
    world.empower(&email("P"));
    let mut p = agent(&world, "P");
    let there = number(&world, "C1A");
    let sql = "SELECT attachment_id FROM attachment LIMIT 1";
    let file = world.rows(sql).pop().unwrap_or_else(|| "1".to_owned());
    let before = world.image();
    let ways: [fn(&str, &str) -> String; 3] = [
        |number, _| format!("/queues/tickets/{number}"),
        |number, file| format!("/queues/tickets/{number}/files/{file}"),
        |number, _| format!("/admin/explain?ticket={number}&agent=agent@c1a.example"),
    ];
    for way in ways {
        let mut raw = |number: &str| {
            let json = p.get_json(&way(number, &file)).raw();
            let page = p.get(&way(number, &file)).raw();
            (json + &page).replace(number, "")
        };
        let (found, nothing) = (raw(&there), raw("999999"));
        assert_eq!(found, nothing);
        assert!(found.starts_with("404"));
    }
    let refer = [("change", "refer_team"), ("team", "1")];
    let mut asked = |number: &str| {
        let page = post(&mut p, &format!("/queues/tickets/{number}"), &refer);
        page.raw().replace(number, "")
    };
    assert_eq!(asked(&there), asked("999999"));
    assert_eq!(world.image(), before);
}

#[test]
fn a_change_of_duties_counts_from_the_next_request_on() {
    let world = parent();
    let mut sp3 = agent(&world, "SP3");
    assert_eq!(subjects(&mut sp3, "open"), ["SP3", "C3A"]);
    limit(&world, "SP3");
    assert!(subjects(&mut sp3, "open").is_empty());
    joins(&world, "SP3", 1, "NULL");
    assert_eq!(subjects(&mut sp3, "open"), ["SP3", "C3A"]);
}

/// What a ticket of the random world is.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is drawn for itself")]
struct Drawn {
    department: i64,
    is_mine: bool,
    team: Option<i64>,
    is_closed: bool,
    /// How many days ago, where it is closed.
    days: i64,
    is_answered: bool,
    is_overdue: bool,
    is_below: bool,
    referred: Option<usize>,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    (
        1..=3_i64,
        prop::bool::weighted(0.2),
        prop::option::weighted(0.3, 1..=2_i64),
        any::<bool>(),
        0..6_i64,
        any::<bool>(),
        any::<bool>(),
        prop::bool::weighted(0.3),
        prop::option::weighted(0.3, 0..6_usize),
    )
        .prop_map(
            |(
                department,
                is_mine,
                team,
                is_closed,
                days,
                is_answered,
                is_overdue,
                is_below,
                referred,
            )| Drawn {
                department,
                is_mine,
                team,
                is_closed,
                days,
                is_answered,
                is_overdue,
                is_below,
                referred,
            },
        )
}

const ADA: &str = "(SELECT agent_id FROM agent WHERE tenant_id = 1)";
const REFEREES: [(&str, &str); 6] = [
    ("agent_id", ADA),
    ("team_id", "1"),
    ("team_id", "2"),
    ("department_id", "1"),
    ("department_id", "2"),
    ("department_id", "3"),
];

/// A tenant of two realms whose only agent works in some departments and teams.
fn world(tickets: &[Drawn], posts: &[i64], bands: &[i64], is_at_top: bool) -> World {
    let world = World::new().tenant("acme");
    world.execute(
        "INSERT INTO realm (tenant_id, realm_id, parent_id, path, name)
         SELECT 1, 2, 1, path || 'a0', 'Below' FROM realm WHERE realm_id = 1;
         INSERT INTO team (tenant_id, team_id, realm_id, name) VALUES (1, 2, 1, 'Two');
         UPDATE department SET manager_id = NULL;
         UPDATE agent SET is_limited = 1;
         INSERT INTO user (tenant_id, user_id, realm_id, email, name, created_at)
         VALUES (1, 'u', 1, 'u@x.example', 'U', 0)",
    );
    for post in posts {
        let sql = format!("VALUES (1, {post}, {ADA}, NULL)");
        world.execute(&format!("INSERT OR IGNORE INTO department_member {sql}"));
    }
    for band in bands {
        world.execute(&format!(
            "INSERT OR IGNORE INTO team_member VALUES (1, {band}, {ADA})"
        ));
    }
    for (index, ticket) in tickets.iter().enumerate() {
        world.execute(&ticket_sql(index, ticket));
    }
    if !is_at_top {
        world.execute("UPDATE agent SET realm_id = 2");
    }
    world
}

fn ticket_sql(index: usize, ticket: &Drawn) -> String {
    let id = format!("018bcfe5-6800-7707-8707-{index:012}");
    let agent = if ticket.is_mine { ADA } else { "NULL" };
    let team = ticket
        .team
        .map_or("NULL".to_owned(), |team| team.to_string());
    let (state, closed) = if ticket.is_closed {
        ("closed", closed_at(ticket).to_string())
    } else {
        ("open", "NULL".to_owned())
    };
    let set = |is_set: bool| if is_set { "1" } else { "NULL" };
    let (overdue, answered) = (set(ticket.is_overdue), set(ticket.is_answered));
    let (realm, department) = (1 + i64::from(ticket.is_below), ticket.department);
    let referral = ticket.referred.map(|referred| REFEREES[referred]);
    let referral = referral.map(|(column, to)| {
        format!(
            "INSERT INTO referral (tenant_id, ticket_id, referral_id, realm_id, {column}, created_at)
             VALUES (1, '{id}', 'r', {realm}, {to}, 0)"
        )
    });
    let referral = referral.unwrap_or_default();
    format!(
        "INSERT INTO ticket (tenant_id, ticket_id, realm_id, number, user_id, subject, source,
                             department_id, created_at, updated_at, agent_id, team_id, state,
                             closed_at, overdue_at, answered_at)
         VALUES (1, '{id}', {realm}, '{index}', 'u', '{index}', 'Web', {department}, 0, 0, {agent},
                 {team}, '{state}', {closed}, {overdue}, {answered});
         {referral}"
    )
}

/// A Friday, so that days, weeks, months and years differ.
const TODAY: i64 = 20_000;

/// Noon of that day, some days earlier.
fn closed_at(ticket: &Drawn) -> i64 {
    (TODAY - ticket.days) * DAY + DAY / 2
}

fn viewer(ada: &Agent) -> Viewer {
    let now = Timestamp(TODAY * DAY + DAY * 3 / 4);
    Viewer {
        agent: Some(ada.id.clone()),
        calendar: Calendar {
            now,
            zone: Zone::UTC,
        },
    }
}

fn read(scope: &Scope, ada: &Agent, queue: Queue, turn: Turn) -> Page<QueueTicket> {
    let sort = Sort::Newest;
    let (listing, viewer) = (Listing { queue, sort, turn }, viewer(ada));
    let page = queue::page_for(scope, ada, &listing, &viewer);
    let (found,) = task::run(scope.read((page,))).unwrap();
    Page::new(&listing.turn, found)
}

/// The numbers of all pages of a queue, first to last; on the way each is read from below too.
fn listed(scope: &Scope, ada: &Agent, queue: Queue) -> Vec<String> {
    let mut pages = vec![read(scope, ada, queue, Turn::First)];
    while let Some(last) = pages.last().filter(|page| page.has_older) {
        let place = queue.place(last.tickets.last().unwrap());
        let page = read(scope, ada, queue, Turn::OlderThan(place));
        let first = queue.place(&page.tickets[0]);
        let above = read(scope, ada, queue, Turn::NewerThan(first));
        assert_eq!(above.tickets, last.tickets);
        pages.push(page);
    }
    let tickets = pages.into_iter().flat_map(|page| page.tickets);
    tickets.map(|ticket| ticket.number).collect()
}

fn counted(scope: &Scope, ada: &Agent, queue: Queue) -> i64 {
    let calendar = viewer(ada).calendar;
    let sight = ada.sight(tenancy::Table::Ticket);
    let (counts, work, closings) = task::run(scope.read((
        queue::counts_for(scope, ada),
        queue::work(scope, &sight, &ada.id),
        queue::closings_for(scope, ada, &calendar),
    )))
    .unwrap();
    let tally = Tally {
        counts: counts[0],
        work: work[0],
        closings: Some(Closings(closings)),
    };
    let count = tally.of(queue, &calendar).unwrap();
    assert!(!count.is_more);
    count.tickets
}

fn is_in(queue: Queue, ticket: &Drawn, bands: &[i64]) -> bool {
    let is_open = !ticket.is_closed;
    let is_of_team = ticket.team.is_some_and(|team| bands.contains(&team));
    match queue {
        Queue::Open => is_open,
        Queue::Unanswered => is_open && !ticket.is_answered,
        Queue::Answered => is_open && ticket.is_answered,
        Queue::Overdue => is_open && ticket.is_overdue,
        Queue::Mine => is_open && (ticket.is_mine || is_of_team),
        Queue::AssignedToMe => is_open && ticket.is_mine,
        Queue::AssignedToTeams => is_open && is_of_team,
        Queue::Closed => ticket.is_closed,
        Queue::ClosedIn(period) => ticket.is_closed && is_within(period, ticket.days),
    }
}

fn is_within(period: Period, days: i64) -> bool {
    match period {
        Period::Today => days == 0,
        Period::Yesterday => days == 1,
        Period::Week => days <= 4,
        Period::Month | Period::Quarter => days <= 3,
        Period::Year => true,
    }
}

/// The numbers of those tickets in the order of a queue.
fn ordered(queue: Queue, tickets: &[Drawn], mut of: Vec<usize>) -> Vec<String> {
    let last_closed = |index: &usize| match queue {
        Queue::ClosedIn(_) => (closed_at(&tickets[*index]), *index),
        _ => (0, *index),
    };
    of.sort_by_key(last_closed);
    of.iter().rev().map(ToString::to_string).collect()
}

/// A ticket as it was drawn.
fn work(ada: &Agent, ticket: &Drawn) -> Work {
    let me = || ada.id.clone();
    let referee = |index| match index {
        0 => Referee::Agent(me()),
        1 | 2 => Referee::Team(index),
        _ => Referee::Department(index - 2),
    };
    let referred = ticket.referred.and_then(|index| i64::try_from(index).ok());
    Work {
        department: ticket.department,
        agent: ticket.is_mine.then(me),
        team: ticket.team,
        is_open: !ticket.is_closed,
        referrals: referred.map(referee).into_iter().collect(),
    }
}

/// What explaining says of each ticket.
fn explained(world: &World, ada: &Agent, tickets: &[Drawn]) -> Vec<bool> {
    let paths = world.rows("SELECT path FROM realm ORDER BY realm_id");
    let standing = ada.standing().unwrap();
    let one = |ticket: &Drawn| {
        let path = paths[usize::from(ticket.is_below)].clone();
        let node = Node {
            realm: RealmId(1 + i64::from(ticket.is_below)),
            path: Path::from_value(&Value::Text(path)).unwrap(),
            name: String::new(),
        };
        standing
            .explain_ticket(&node, &work(ada, ticket))
            .is_visible
    };
    tickets.iter().map(one).collect()
}

/// What is explained, what is granted, what is listed and what is counted are one.
#[test]
fn explained_granted_listed_and_counted_are_the_same_tickets() {
    let cases = (
        vec(drawn(), 40..80),
        vec(1..=3_i64, 0..3),
        vec(1..=2_i64, 0..2),
        any::<bool>(),
    );
    for_all(24, &cases, |(tickets, posts, bands, is_at_top)| {
        let world = world(&tickets, &posts, &bands, is_at_top);
        let scope = world.inside("acme");
        let ada = world.agent_at("acme.localhost", "ada@acme.example");
        let seen = explained(&world, &ada, &tickets);
        for (index, is_seen) in seen.iter().enumerate() {
            let number = index.to_string();
            let granted = world.ask_ticket::<act::TicketView>(&ada, &scope, &number);
            prop_assert_eq!(granted.is_ok(), *is_seen, "{}", number);
        }
        for queue in Queue::ALL {
            let all = 0..tickets.len();
            let expected = all.filter(|at| seen[*at] && is_in(queue, &tickets[*at], &bands));
            let expected = ordered(queue, &tickets, expected.collect());
            prop_assert_eq!(&listed(&scope, &ada, queue), &expected, "{:?}", queue);
            let counted = counted(&scope, &ada, queue);
            prop_assert_eq!(usize::try_from(counted), Ok(expected.len()), "{:?}", queue);
        }
        Ok(())
    });
}

/// Tickets of a realm in the department, the first one numbered so, newer ones later.
fn many(world: &World, realm: &str, from: usize, to: usize) {
    world.execute(&format!(
        "INSERT INTO user (tenant_id, user_id, realm_id, email, name, created_at)
         VALUES (1, 'u', 1, 'u@x.example', 'U', 0) ON CONFLICT DO NOTHING;
         WITH RECURSIVE n (i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM n WHERE i < {to})
         INSERT INTO ticket (tenant_id, ticket_id, realm_id, number, user_id, subject, source,
                             department_id, created_at, updated_at)
         SELECT 1, printf('018bcfe5-6800-7707-8707-%012d', n.i), r.realm_id, 'N' || n.i, 'u',
                'S' || n.i, 'Web', 1, 0, 0 FROM realm AS r, n WHERE r.name = '{realm}'"
    ));
}

#[test]
fn a_long_department_is_listed_as_far_as_it_is_in_sight() {
    let world = World::new().parent();
    limit(&world, "SP3");
    joins(&world, "SP3", 1, "NULL");
    many(&world, "SP3", 1, 30);
    many(&world, "P", 31, 400);
    let mut sp3 = agent(&world, "SP3");
    let page = sp3.get_json("/queues/open").json();
    let shown = page["tickets"].as_array().unwrap().iter();
    let shown: Vec<&str> = shown.filter_map(|it| it["number"].as_str()).collect();
    let down: Vec<String> = (6..=30).rev().map(|number| format!("N{number}")).collect();
    assert_eq!(shown, down);
    assert_eq!(
        page["counts"]["open"],
        serde_json::Value::Null,
        "it is not known"
    );
    let rest = sp3.get_json(page["older"].as_str().unwrap()).json();
    assert_eq!(rest["tickets"].as_array().unwrap().len(), 5);
    let oldest = sp3.get_json("/queues/open?sort=oldest").json();
    assert_eq!(oldest["tickets"][0]["number"], "N1");
}

#[test]
fn more_than_are_counted_are_told_as_more() {
    let world = parent();
    limit(&world, "SP3");
    joins(&world, "SP3", 1, "NULL");
    many(&world, "SP3", 1, 120);
    let mut sp3 = agent(&world, "SP3");
    let page = sp3.get("/queues/open");
    assert!(page.text().contains("99+"), "{}", page.text());
}

#[test]
fn dp_6_an_agents_mail_is_no_note_on_a_ticket_out_of_their_reach() {
    let world = World::new().parent();
    let number = world.ticket("p", "Toner");
    let write = |id: &str| {
        let raw = format!(
            "From: agent@p.example\r\nSubject: [#{number}] Toner\r\nMessage-ID: <{id}@x>\r\n\r\nSeen.\r\n"
        );
        let call = Call::post("/mail/raw?to=help@p.example");
        let call = call.header("authorization", "Bearer p-secret");
        let page = world.send(call.body(raw));
        assert!(page.status < 300, "{}", page.text());
        page.json()["result"].as_str().unwrap().to_owned()
    };
    assert_eq!(write("a"), "continued");
    limit(&world, "P");
    assert_eq!(write("b"), "created", "a ticket of their own");
    assert_eq!(
        world
            .rows("SELECT body FROM entry WHERE kind = 'note'")
            .len(),
        1
    );
    joins(&world, "P", 1, "NULL");
    assert_eq!(write("c"), "continued");
    world.execute(
        "DELETE FROM department_member;
         UPDATE agent SET is_limited = 0;
         INSERT INTO restriction (tenant_id, realm_id, role_id)
         SELECT tenant_id, realm_id, 4 FROM realm WHERE name = 'P'",
    );
    assert_eq!(write("d"), "created", "nor on one out of sight");
}
