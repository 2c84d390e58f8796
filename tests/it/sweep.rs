//! The sweep: tickets become overdue, somebody is told, and mail goes out.

mod files;
mod flooding;

use realmdesk_tests::dispatch::Call;
use realmdesk_tests::task::{self, in_every_order, interleave};
use realmdesk_tests::world::{sweep_call, ticket_call};
use realmdesk_tests::{HOUR, MINUTE, World};
use serde_json::{Value, json};
use std::task::Poll;
use tenancy::port::Variable;

const SLA: i64 = 18 * HOUR;

fn alerts(world: &World) -> Vec<String> {
    world.rows("SELECT to_address, subject FROM outbox WHERE subject LIKE '%Overdue%' ORDER BY 1")
}

#[test]
fn only_the_scheduler_may_sweep() {
    let world = World::new().tenant("acme");
    let refused = world.send(Call::post("/sweep"));
    assert_eq!(refused.status, 401);
    for bearer in [
        "Bearer wrong",
        "Bearer ",
        "sweep-secret",
        "Basic sweep-secret",
    ] {
        let page = world.send(Call::post("/sweep").header("authorization", bearer));
        assert_eq!(page.raw(), refused.raw(), "{bearer}");
    }
    world.set(Variable::SweepSecret, None);
    assert_eq!(world.send(sweep_call()).status, 401, "no secret, no sweep");
    let nothing = Call::post("/sweep").header("authorization", "Bearer ");
    assert_eq!(world.send(nothing).status, 401);
}

#[test]
fn a_ticket_is_overdue_at_its_due_time_and_not_before() {
    let world = World::new().tenant("acme");
    world.ticket("acme", "Printer on fire");
    world.turn(SLA - 1);
    assert_eq!(world.sweep()["overdue"], 0);
    world.turn(1);
    assert_eq!(world.sweep()["overdue"], 1);
    let due = world.now().0;
    let marked = world.rows("SELECT overdue_at, due_at, state FROM ticket");
    assert_eq!(marked, [format!("{due}|{due}|open")]);
}

#[test]
fn a_ticket_is_marked_and_told_of_once() {
    let world = World::new().tenant("acme");
    let number = world.ticket("acme", "Printer on fire");
    world.turn(SLA);
    assert_eq!(world.sweep()["overdue"], 1);
    world.turn(HOUR);
    assert_eq!(world.sweep(), json!({ "overdue": 0, "delivered": 0 }));
    let alert = format!("ada@acme.example|[#{number}] Overdue: Printer on fire");
    assert_eq!(alerts(&world), [alert]);
    assert_eq!(
        world.rows("SELECT kind, actor FROM event ORDER BY created_at"),
        ["created|api", "overdue|scheduler"]
    );
}

#[test]
fn two_sweeps_at_once_tell_of_it_once_and_send_each_mail_once() {
    in_every_order(8, |order| {
        let world = World::new().tenant("acme");
        world.ticket("acme", "Printer on fire");
        world.turn(SLA);
        world.meter.go_stepwise();
        let pages = interleave(order, [0, 1].map(|_| world.start(sweep_call())));
        assert!(pages.iter().all(|page| page.status == 200), "{order:?}");
        let events = world.number("SELECT count(*) FROM event WHERE kind = 'overdue'");
        assert_eq!((events, alerts(&world).len()), (1, 1), "{order:?}");
        let delivered = pages.iter().map(|page| page.json()["delivered"].as_i64());
        assert_eq!(delivered.sum::<Option<i64>>(), Some(3), "{order:?}");
        let waiting = world.number("SELECT count(*) FROM outbox WHERE state <> 'sent'");
        assert_eq!(waiting, 0, "{order:?}");
    });
}

#[test]
fn q_17_one_run_marks_however_many_are_due() {
    let world = World::new().tenant("acme");
    world.ticket("acme", "Printer on fire");
    let digits = "SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3";
    world.execute(&format!(
        "WITH digit AS ({digits}),
              many AS (SELECT a.d + 4 * b.d + 16 * c.d + 64 * d.d + 256 * e.d AS n
                         FROM digit AS a, digit AS b, digit AS c, digit AS d, digit AS e)
         INSERT INTO ticket (tenant_id, ticket_id, realm_id, number, user_id, subject, source,
                             department_id, created_at, updated_at, due_at)
         SELECT t.tenant_id, printf('018bcfe5-6800-7707-8707-%012d', many.n), t.realm_id,
                'n' || many.n, t.user_id, 'many', 'API', 1, t.created_at, t.updated_at, t.due_at
           FROM ticket AS t, many"
    ));
    world.execute("DELETE FROM outbox");
    world.turn(SLA);
    assert_eq!(world.sweep()["overdue"], 1025);
    let marked = "SELECT count(*) FROM ticket WHERE overdue_at IS NOT NULL";
    assert_eq!(world.number(marked), 1025);
    let told = "SELECT count(*) FROM event WHERE kind = 'overdue'";
    assert_eq!(world.number(told), 1025);
    assert_eq!(alerts(&world).len(), 1025);
    let counted = "SELECT tickets FROM queue_count WHERE queue = 'overdue'";
    assert_eq!(world.number(counted), 1025);
    assert_eq!(world.sweep()["overdue"], 0);
}

#[test]
fn one_run_sweeps_every_tenant_and_no_notice_crosses() {
    let world = World::new().tenant("acme").tenant("globex");
    world.ticket("acme", "Printer on fire");
    world.ticket("globex", "Rocket on fire");
    world.turn(SLA);
    let swept = world.sweep();
    assert_eq!(swept, json!({ "overdue": 2, "delivered": 6 }));
    for (host, own, foreign) in [
        ("acme", "Printer", "Rocket"),
        ("globex", "Rocket", "Printer"),
    ] {
        let mails = world.delivered(&format!("{host}.localhost"));
        assert_eq!(mails.len(), 3);
        let text = json!(mails).to_string();
        assert!(text.contains(own) && !text.contains(foreign), "{host}");
        let links = text.matches("http://").count();
        let own_links = text
            .matches(&format!("http://{host}.localhost:8787/"))
            .count();
        assert_eq!(links, own_links);
    }
}

#[test]
fn a_closed_ticket_is_never_overdue() {
    let world = World::new().tenant("acme");
    world.ticket("acme", "Printer on fire");
    world.execute("UPDATE ticket SET state = 'closed', closed_at = 1");
    world.turn(SLA);
    assert_eq!(world.sweep()["overdue"], 0);
}

#[test]
fn the_assignee_and_the_manager_are_told_each_once() {
    let world = World::new().tenant("acme");
    let scope = world.inside("acme");
    let bo = world.id();
    let root = desk::blueprint::ROOT;
    world.write(
        &scope,
        vec![world.agent(&scope, &bo, root, "bo@acme.example", "Bo")],
    );
    world.ticket("acme", "one");
    world.ticket("acme", "two");
    world.ticket("acme", "three");
    world.execute(&format!(
        "UPDATE ticket SET agent_id = '{bo}' WHERE subject = 'one';
         UPDATE ticket SET agent_id = (SELECT agent_id FROM agent WHERE name = 'Ada Byron')
          WHERE subject = 'two'"
    ));
    world.turn(SLA);
    world.sweep();
    let told = world.rows(
        "SELECT t.subject, o.to_address FROM outbox AS o
           JOIN ticket AS t ON t.tenant_id = o.tenant_id AND t.ticket_id = o.ticket_id
          WHERE o.subject LIKE '%Overdue%' ORDER BY 1, 2",
    );
    assert_eq!(
        told,
        [
            "one|ada@acme.example",
            "one|bo@acme.example",
            "three|ada@acme.example",
            "two|ada@acme.example"
        ]
    );
}

#[test]
fn nobody_to_tell_is_no_reason_not_to_mark() {
    let world = World::new().parent();
    world.ticket("c1bi", "Printer on fire");
    world.turn(SLA);
    assert_eq!(world.sweep()["overdue"], 1);
    assert_eq!(alerts(&world), [""; 0]);
    assert_eq!(
        world.number("SELECT count(*) FROM ticket WHERE overdue_at IS NULL"),
        0
    );
}

#[test]
fn an_alert_comes_from_the_tickets_realm_and_leads_to_its_portal() {
    let world = World::new().parent();
    world.ticket("c1bi", "Printer on fire");
    world.execute(
        "UPDATE department SET manager_id =
                (SELECT agent_id FROM agent WHERE email = 'agent@p.example')",
    );
    world.turn(SLA);
    world.sweep();
    let alert = world.rows(
        "SELECT from_address, to_address, instr(text_body, 'http://c1bi.localhost:8787/') > 0
           FROM outbox WHERE subject LIKE '%Overdue%'",
    );
    assert_eq!(alert, ["help@c1bi.example|agent@p.example|1"]);
}

#[test]
fn mail_is_delivered_once() {
    let world = World::new().tenant("acme");
    world.ticket("acme", "Printer on fire");
    assert_eq!(world.sweep()["delivered"], 2);
    assert_eq!(world.sweep()["delivered"], 0);
    let mails = world.delivered("acme.localhost");
    let ids: Vec<&Value> = mails.iter().map(|mail| &mail["message_id"]).collect();
    assert_eq!(ids.len(), 2);
    assert_ne!(ids[0], ids[1]);
}

#[test]
fn a_large_outbox_is_emptied_in_one_run() {
    let world = World::new().tenant("acme");
    for person in 0..150 {
        let fields = json!({ "email": format!("ana{person}@example.com") });
        assert_eq!(world.send(ticket_call("acme", &fields)).status, 201);
    }
    assert_eq!(world.sweep()["delivered"], 300);
}

#[test]
fn what_a_sweep_that_died_had_taken_is_sent_after_its_lease() {
    let world = World::new().tenant("acme");
    world.ticket("acme", "Printer on fire");
    world.meter.go_stepwise();
    let mut dying = world.start(sweep_call());
    let taken = "SELECT count(*) FROM outbox WHERE attempts = 1 AND state = 'queued'";
    while world.number(taken) == 0 {
        assert!(matches!(task::poll(&mut dying), Poll::Pending));
    }
    drop(dying);
    assert_eq!(world.sweep()["delivered"], 0, "somebody else holds them");
    world.turn(5 * MINUTE - 1);
    assert_eq!(world.sweep()["delivered"], 0);
    world.turn(1);
    assert_eq!(world.sweep()["delivered"], 2);
    assert_eq!(
        world.rows("SELECT DISTINCT state, attempts FROM outbox"),
        ["sent|2"]
    );
}

#[test]
fn a_sweep_that_fails_says_so_and_the_next_one_finishes() {
    let world = World::new().tenant("acme");
    world.ticket("acme", "Printer on fire");
    world.turn(SLA);
    world.meter.set_broken(true);
    assert_eq!(world.send(sweep_call()).status, 500);
    assert_eq!(world.log.take(), ["POST /sweep: sweep: disk I/O error"]);
    world.meter.set_broken(false);
    assert_eq!(world.sweep(), json!({ "overdue": 1, "delivered": 3 }));
}

#[test]
fn the_cron_events_sweep_is_the_same_one() {
    let world = World::new().tenant("acme");
    world.ticket("acme", "Printer on fire");
    world.turn(SLA);
    task::run(sweep::run(world.runtime()));
    assert_eq!(alerts(&world).len(), 1);
    world.meter.set_broken(true);
    task::run(sweep::run(world.runtime()));
    assert_eq!(world.log.take(), ["sweep: disk I/O error"]);
}
