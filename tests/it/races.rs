//! Two requests at once, in every order in which their round trips can fall.
//!
//! What one door does to itself is tested with that door; here different doors meet.

use realmdesk_tests::dispatch::Call;
use realmdesk_tests::task::{Order, in_every_order, interleave};
use realmdesk_tests::world::{sweep_call, ticket_call};
use realmdesk_tests::{HOUR, World, html};
use serde_json::json;

fn mailed(text: &str) -> Call {
    Call::post("/mail/raw?to=help@acme.example")
        .header("authorization", "Bearer acme-secret")
        .body(text.replace('\n', "\r\n"))
}

const FIRST: &str = "From: ana@example.com\nMessage-ID: <a@example.com>\nSubject: Fire\n\nBurns.";
const REPLY: &str = "From: ana@example.com\nMessage-ID: <b@example.com>\n\
                     In-Reply-To: <a@example.com>\nSubject: Fire\n\nStill.";

/// Runs two calls in every order, each time in a world made anew, and checks what is left.
fn race(made: impl Fn() -> World, calls: &[Call; 2], check: impl Fn(&World, [u16; 2], &Order)) {
    in_every_order(8, |order| {
        let world = made();
        world.meter.go_stepwise();
        let tasks = calls.each_ref().map(|call| world.start(call.clone()));
        let statuses = interleave(order, tasks).map(|page| page.status);
        check(&world, statuses, order);
    });
}

#[test]
fn two_doors_that_meet_a_new_address_make_one_user_and_two_tickets() {
    let made = || World::new().tenant("acme");
    let calls = [ticket_call("acme", &json!({})), mailed(FIRST)];
    race(made, &calls, |world, statuses, order| {
        assert_eq!(statuses, [201, 201], "{order:?}");
        assert_eq!(world.number("SELECT count(*) FROM user"), 1, "{order:?}");
        let numbers = "SELECT count(DISTINCT number) FROM ticket";
        assert_eq!(world.number(numbers), 2, "{order:?}");
    });
}

#[test]
fn a_reply_that_reopens_while_the_sweep_runs_leaves_counters_right() {
    let made = || {
        let world = World::new().tenant("acme");
        world.send(mailed(FIRST));
        world.turn(19 * HOUR);
        world
    };
    race(
        made,
        &[sweep_call(), mailed(REPLY)],
        |world, statuses, order| {
            assert_eq!(statuses, [200, 200], "{order:?}");
            let overdue = "SELECT count(*) FROM event WHERE kind = 'overdue'";
            assert_eq!(world.number(overdue), 1, "{order:?}");
            assert_eq!(
                world.rows("SELECT queue, tickets FROM queue_count ORDER BY 1"),
                ["closed|0", "open|1", "overdue|1"],
                "{order:?}"
            );
        },
    );
}

#[test]
fn two_replies_reopen_a_closed_ticket_once() {
    let made = || {
        let world = World::new().tenant("acme");
        world.send(mailed(FIRST));
        world.execute("UPDATE ticket SET state = 'closed', closed_at = 1");
        world
    };
    let other = REPLY.replace("b@example.com", "c@example.com");
    race(
        made,
        &[mailed(REPLY), mailed(&other)],
        |world, statuses, order| {
            assert_eq!(statuses, [200, 200], "{order:?}");
            let reopened = "SELECT count(*) FROM event WHERE kind = 'reopened'";
            assert_eq!(world.number(reopened), 1, "{order:?}");
            assert_eq!(world.number("SELECT count(*) FROM entry"), 3, "{order:?}");
        },
    );
}

#[test]
fn failures_at_once_are_all_counted() {
    in_every_order(usize::MAX, |order| {
        let world = World::new().tenant("acme");
        world.execute("UPDATE agent SET failed_sign_ins = 3");
        let call = wrong_password(&world);
        world.meter.go_stepwise();
        let tasks = [0, 1].map(|_| world.start(call.clone()));
        let statuses = interleave(order, tasks).map(|page| page.status);
        assert_eq!(statuses, [422, 422], "{order:?}");
        let locked = "SELECT failed_sign_ins, locked_until IS NOT NULL FROM agent";
        assert_eq!(world.rows(locked), ["0|1"], "{order:?}");
    });
}

fn wrong_password(world: &World) -> Call {
    let mut eve = world.browser("acme.localhost");
    let form = html::form(eve.get("/auth/sign-in").text(), "/auth/sign-in").unwrap();
    let typed = [("email", "ada@acme.example"), ("password", "wrong")];
    let typed = typed.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let fields: Vec<_> = form.hidden.into_iter().chain(typed).collect();
    let cookie = format!("__Host-form={}", eve.cookie("__Host-form").unwrap());
    Call::post("/auth/sign-in")
        .to("acme.localhost")
        .header("cookie", &cookie)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(html::encoded(&fields))
}
