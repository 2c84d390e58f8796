//! Ticket numbers (IN-22).

use desk::setting::Key;
use realmdesk_tests::World;
use realmdesk_tests::task::{in_every_order, interleave};
use realmdesk_tests::world::ticket_call;
use serde_json::json;

use super::{call, set};

fn sequenced(format: &str, next: i64, increment: i64) -> World {
    let world = World::new().tenant("acme");
    set(&world, Key::NumberFormat, format);
    set(&world, Key::NumberSequence, "1");
    world.execute(&format!(
        "UPDATE sequence SET next = {next}, increment = {increment} WHERE sequence_id = 1"
    ));
    world
}

fn opened(world: &World) -> String {
    let page = call(world, &json!({}));
    assert_eq!(page.status, 201, "{}", page.text());
    page.text().to_owned()
}

#[test]
fn in_22_a_sequence_gives_numbers_in_its_steps() {
    let world = sequenced("INC-####-x", 8, 1);
    assert_eq!(
        [opened(&world), opened(&world)],
        ["INC-0008-x", "INC-0009-x"]
    );
    let world = sequenced(r"\#A##.##", 998, 7);
    assert_eq!([opened(&world), opened(&world)], ["#A09.98", "#A10.05"]);
    let world = sequenced("##", 9, 95);
    assert_eq!(
        [opened(&world), opened(&world)],
        ["09", "104"],
        "it grows behind its places"
    );
    assert_eq!(
        world.rows("SELECT next FROM sequence WHERE sequence_id = 1"),
        ["199"]
    );
    world.execute("UPDATE sequence SET padding = '_', next = 7 WHERE sequence_id = 1");
    assert_eq!(opened(&world), "_7");
}

#[test]
fn a_sequence_that_was_set_back_goes_on_with_what_is_free() {
    let world = sequenced("####", 1, 1);
    for _ in 0..20 {
        opened(&world);
    }
    world.execute("UPDATE sequence SET next = 1 WHERE sequence_id = 1");
    assert_eq!(
        opened(&world),
        "0033",
        "the first free one that its steps meet"
    );
    world.execute("UPDATE sequence SET next = 19 WHERE sequence_id = 1");
    assert_eq!(opened(&world), "0021");
}

#[test]
fn in_22_a_topic_numbers_its_tickets_in_its_own_way() {
    let world = sequenced("####", 5, 1);
    world.execute("UPDATE help_topic SET number_format = 'Q########' WHERE topic_id = 2");
    let own = call(&world, &json!({ "topicId": 2 })).text().to_owned();
    assert!(own.starts_with('Q') && own.len() == 9, "{own}");
    assert_eq!(opened(&world), "0005");
}

#[test]
fn a_sequence_that_is_not_there_leaves_numbers_to_chance() {
    let world = World::new().tenant("acme");
    set(&world, Key::NumberSequence, "77");
    assert_eq!(opened(&world).len(), 6);
}

#[test]
fn two_creates_at_once_never_share_a_number_of_a_sequence() {
    in_every_order(8, |order| {
        let world = sequenced("####", 1, 1);
        world.meter.go_stepwise();
        let calls = [
            ticket_call("acme", &json!({})),
            ticket_call("acme", &json!({})),
        ];
        let tasks = calls.each_ref().map(|call| world.start(call.clone()));
        let mut numbers = interleave(order, tasks).map(|page| page.text().to_owned());
        numbers.sort();
        assert_eq!(numbers, ["0001", "0002"], "{order:?}");
    });
}
