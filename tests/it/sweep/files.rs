//! Bytes that nothing refers to: what went ahead of a ticket that was then refused.

use realmdesk_tests::dispatch::Call;
use realmdesk_tests::task::{in_every_order, interleave};
use realmdesk_tests::world::{sweep_call, ticket_call};
use realmdesk_tests::{HOUR, World};
use serde_json::json;

const DAY: i64 = 24 * HOUR;
const KEPT: &str = "SELECT (SELECT count(*) FROM file), (SELECT count(*) FROM file_chunk)";

/// A ticket with a file that goes ahead of it, in parts.
fn large() -> Call {
    let file = json!([{ "large.txt": "0123456789abcdef".repeat(250_000) }]);
    ticket_call("acme", &json!({ "attachments": file }))
}

/// Has the ticket of such a call refused by the database, once its file is there.
fn refused(world: &World) {
    world.execute(
        "CREATE TRIGGER broken BEFORE INSERT ON attachment
         BEGIN SELECT raise(ABORT, 'disk I/O error'); END",
    );
    assert_eq!(world.send(large()).status, 500);
    world.log.take();
    world.execute("DROP TRIGGER broken");
    assert_eq!(world.rows(KEPT), ["1|4"]);
}

#[test]
fn bytes_of_a_refused_ticket_are_removed_a_day_later() {
    let world = World::new().tenant("acme");
    refused(&world);
    world.turn(DAY);
    world.sweep();
    assert_eq!(world.rows(KEPT), ["1|4"], "not before");
    world.turn(1);
    world.sweep();
    assert_eq!(world.rows(KEPT), ["0|0"]);
}

#[test]
fn what_something_refers_to_stays_and_is_not_looked_at_again() {
    let world = World::new().tenant("acme");
    assert_eq!(world.send(large()).status, 201);
    let mail =
        "From: ana@example.com\r\nMessage-ID: <a@example.com>\r\nSubject: Fire\r\n\r\nBurns.";
    let posted = Call::post("/mail/raw?to=help@acme.example")
        .header("authorization", "Bearer acme-secret")
        .body(mail);
    assert_eq!(world.send(posted).status, 201);
    let unsettled = "SELECT count(*) FROM file WHERE is_settled = 0";
    assert_eq!(world.number(unsettled), 2);
    world.turn(DAY + 1);
    world.sweep();
    assert_eq!(world.rows(KEPT), ["2|5"]);
    assert_eq!(world.number(unsettled), 0);
}

#[test]
fn bytes_that_come_again_count_as_fresh() {
    let world = World::new().tenant("acme");
    refused(&world);
    world.turn(DAY - HOUR);
    refused(&world);
    world.turn(2 * HOUR);
    world.sweep();
    assert_eq!(world.rows(KEPT), ["1|4"]);
    world.turn(DAY);
    world.sweep();
    assert_eq!(world.rows(KEPT), ["0|0"]);
}

#[test]
fn no_file_is_removed_that_is_being_written() {
    // The sweep goes on wherever nothing is chosen, so the file stands at every step meanwhile.
    in_every_order(5, |order| {
        let world = World::new().tenant("acme");
        refused(&world);
        world.turn(DAY + 1);
        world.meter.go_stepwise();
        let tasks = [sweep_call(), large()].map(|call| world.start(call));
        let statuses = interleave(order, tasks).map(|page| page.status);
        assert_eq!(statuses, [200, 201], "{order:?}");
        let whole =
            "SELECT count(DISTINCT a.attachment_id), count(*), sum(length(c.bytes)) = f.size
                       FROM attachment AS a JOIN file AS f USING (tenant_id, sha256)
                       JOIN file_chunk AS c USING (tenant_id, sha256)";
        assert_eq!(world.rows(whole), ["1|4|1"], "{order:?}");
        world.turn(DAY + 1);
        world.sweep();
        assert_eq!(world.rows(whole), ["1|4|1"], "{order:?}");
    });
}

#[test]
fn one_sweep_looks_at_some_and_the_next_at_the_others() {
    let world = World::new().tenant("acme").tenant("globex");
    for tenant in [1, 2] {
        world.execute(&format!(
            "INSERT INTO file (tenant_id, sha256, size, created_at)
             SELECT {tenant}, 'none-' || n.value, 1, n.value
               FROM json_each('[{}]') AS n",
            (1..=30)
                .map(|n| n.to_string())
                .collect::<Vec<_>>()
                .join(",")
        ));
    }
    world.sweep();
    assert_eq!(world.number("SELECT count(*) FROM file"), 10);
    world.sweep();
    assert_eq!(world.number("SELECT count(*) FROM file"), 0);
}
