use super::*;
use crate::intake::Plan;
use crate::setting::{Held, Settings};
use crate::ticket::number::Format;

fn department(id: i64, plan: Option<i64>) -> Department {
    Department {
        id,
        name: format!("Department {id}"),
        plan,
        answers_tickets: true,
    }
}

fn setup() -> Setup {
    let topic = |id, department, plan, priority| Topic {
        id,
        name: format!("Topic {id}"),
        is_public: true,
        department,
        plan,
        priority,
        ..Topic::default()
    };
    Setup {
        topics: vec![
            topic(1, None, None, None),
            topic(2, Some(20), Some(200), Some(Priority::High)),
            topic(3, Some(20), None, None),
        ],
        departments: vec![department(10, None), department(20, Some(300))],
        plans: vec![
            Plan {
                id: 100,
                grace_hours: 18,
            },
            Plan {
                id: 200,
                grace_hours: 4,
            },
            Plan {
                id: 300,
                grace_hours: 2,
            },
        ],
        ..Setup::default()
    }
}

fn routed(wishes: Wishes) -> (Option<i64>, i64, Option<i64>, Priority) {
    routed_with(wishes, Wishes::default())
}

fn routed_with(said: Wishes, mailbox: Wishes) -> (Option<i64>, i64, Option<i64>, Priority) {
    let routing = setup().route(said, mailbox, None).unwrap();
    (
        routing.topic,
        routing.department.id,
        routing.plan,
        routing.priority,
    )
}

fn topic(id: i64) -> Wishes {
    Wishes {
        topic: Some(id),
        ..Wishes::default()
    }
}

#[test]
fn without_wishes_the_defaults_hold() {
    assert_eq!(
        routed(Wishes::default()),
        (None, 10, Some(100), Priority::Normal)
    );
}

#[test]
fn in_21_a_topic_sets_department_plan_and_priority() {
    assert_eq!(routed(topic(2)), (Some(2), 20, Some(200), Priority::High));
}

#[test]
fn in_21_a_departments_plan_comes_after_the_topics() {
    assert_eq!(routed(topic(3)), (Some(3), 20, Some(300), Priority::Normal));
}

#[test]
fn in_21_a_mailboxs_department_wins_over_the_topics() {
    let mailbox = Wishes {
        department: Some(10),
        priority: Some(Priority::Low),
        ..topic(3)
    };
    let routed = |said| routed_with(said, mailbox.clone());
    assert_eq!(routed(topic(2)), (Some(2), 10, Some(200), Priority::Low));
    let said = Wishes {
        department: Some(20),
        priority: Some(Priority::Emergency),
        ..Wishes::default()
    };
    assert_eq!(routed(said), (Some(3), 20, Some(300), Priority::Emergency));
}

#[test]
fn in_21_a_callers_plan_wins_over_the_topics_if_there_is_one() {
    let wishes = |plan| Wishes {
        plan: Some(plan),
        ..topic(2)
    };
    let high = Priority::High;
    assert_eq!(routed(wishes(300)), (Some(2), 20, Some(300), high));
    assert_eq!(routed(wishes(999)), (Some(2), 20, Some(200), high));
}

#[test]
fn an_unknown_topic_counts_as_none() {
    assert_eq!(routed(topic(99)), (None, 10, Some(100), Priority::Normal));
}

#[test]
fn the_due_time_is_plain_hours_after_creation() {
    let routing = setup().route(topic(2), Wishes::default(), None).unwrap();
    assert_eq!(
        routing.due_at(Timestamp(1_000)),
        Some(Timestamp(1_000 + 4 * 3_600_000))
    );
}

#[test]
fn a_realm_without_a_department_cannot_take_tickets() {
    let nothing = Wishes::default();
    assert_eq!(Setup::default().route(nothing.clone(), nothing, None), None);
}

#[test]
fn in_21_the_defaults_are_settings() {
    let set = |key: Key, text: &str| Held::own(key, text);
    let setup = Setup {
        settings: Settings::of(&[
            set(Key::DefaultDepartment, "20"),
            set(Key::DefaultPriority, "4"),
            set(Key::DefaultPlan, "200"),
            set(Key::DefaultTopic, "1"),
        ]),
        ..setup()
    };
    let route = |said| setup.route(said, Wishes::default(), None).unwrap();
    let routing = route(Wishes::default());
    assert_eq!((routing.topic, routing.department.id), (Some(1), 20));
    assert_eq!(
        (routing.plan, routing.priority),
        (Some(300), Priority::Emergency)
    );
    let elsewhere = Wishes {
        department: Some(99),
        plan: Some(99),
        ..Wishes::default()
    };
    let routing = route(elsewhere);
    let left_out = (20, Some(300));
    assert_eq!(
        (routing.department.id, routing.plan),
        left_out,
        "as if not said"
    );
    assert_eq!(setup.plan(Some(99)).unwrap().id, 200);
}

#[test]
fn in_21_an_assignee_comes_from_what_is_said_and_then_from_the_topic() {
    let agent = Id::parse("018bcfe5-6800-7707-8707-070707070708").unwrap();
    let mut setup = setup();
    setup.topics[1].agent = Some(agent.clone());
    let assigned = |said| {
        let routing = setup.route(said, Wishes::default(), None).unwrap();
        (routing.agent, routing.team)
    };
    assert_eq!(assigned(topic(1)), (None, None));
    assert_eq!(assigned(topic(2)), (Some(agent), None));
    let team = Wishes {
        team: Some(5),
        ..topic(2)
    };
    assert_eq!(
        assigned(team),
        (None, Some(5)),
        "and not the topic's agent beside it"
    );
    let manager = Id::parse("018bcfe5-6800-7707-8707-070707070709").unwrap();
    let managed = |said| {
        let routing = setup.route(said, Wishes::default(), Some(&manager));
        let routing = routing.unwrap();
        (routing.agent, routing.team)
    };
    assert_eq!(managed(topic(1)), (Some(manager.clone()), None));
    assert_eq!(managed(topic(2)).0, setup.topics[1].agent);
}

#[test]
fn in_22_a_topic_may_number_its_tickets_in_its_own_way() {
    let mut setup = setup();
    setup.settings = Settings::of(&[
        Held::own(Key::NumberFormat, "T-####"),
        Held::own(Key::NumberSequence, "1"),
    ]);
    setup.topics[0].format = Format::parse("Q########");
    setup.topics[2].format = Format::parse("R#");
    setup.topics[2].sequence = Some(7);
    let numbered = |id| {
        let numbering = setup
            .route(topic(id), Wishes::default(), None)
            .unwrap()
            .numbering;
        (numbering.format, numbering.sequence)
    };
    let format = |text| Format::parse(text).unwrap();
    assert_eq!(numbered(2), (format("T-####"), Some(1)));
    assert_eq!(numbered(1), (format("Q########"), None));
    assert_eq!(numbered(3), (format("R#"), Some(7)));
}
