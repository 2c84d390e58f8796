//! Help topics, and what they do to tickets (HT-1, IN-21).

use desk::setting::Key;
use desk::topic::{self, NewTopic, Refused, Topic};
use serde_json::json;
use tenancy::policy::act;

use super::{PORTAL, acme, call, realm, set, write};

fn offered(world: &realmdesk_tests::World) -> Vec<String> {
    let page = world.browser("acme.localhost").get("/open");
    let options = page.text().split("<option value=\"").skip(2);
    let name = |option: &str| option.split(['>', '<']).nth(1).unwrap().to_owned();
    options.map(name).collect()
}

#[test]
fn ht_1_topics_are_a_tree_and_are_archived_with_all_below() {
    let (world, ada) = acme();
    let realm = realm::<act::DeskManage>(&world, &ada);
    let below = |name, parent| NewTopic {
        name,
        parent: Some(parent),
        topic: Topic {
            is_public: true,
            ..Topic::default()
        },
        ..NewTopic::default()
    };
    write(
        &world,
        &ada,
        vec![topic::add(&realm, &below("Badge", 11)).unwrap()],
    );
    assert!(offered(&world).contains(&"Report a Problem / Access Issue / Badge".to_owned()));
    let twice = topic::add(&realm, &below("Badge", 11)).unwrap();
    let error = realmdesk_tests::task::run(realm.scope().write(vec![twice])).unwrap_err();
    assert_eq!(topic::refused(error), Refused::Taken);
    let lost = topic::add(&realm, &below("Badge", 99)).unwrap();
    let error = realmdesk_tests::task::run(realm.scope().write(vec![lost])).unwrap_err();
    assert_eq!(topic::refused(error), Refused::Parent);
    write(&world, &ada, vec![topic::archive(&realm, 10, world.now())]);
    assert_eq!(offered(&world), ["General Inquiry", "Feedback"]);
}

#[test]
fn in_21_a_topic_assigns_and_whoever_is_not_there_is_not_assigned() {
    let (world, ada) = acme();
    world.execute(&format!(
        "UPDATE help_topic SET agent_id = '{}' WHERE topic_id = 2",
        ada.id
    ));
    world.execute("UPDATE help_topic SET team_id = 1 WHERE topic_id = 10");
    let assigned = |topic| {
        let number = call(&world, &json!({ "topicId": topic })).text().to_owned();
        let sql = format!("SELECT agent_id, team_id FROM ticket WHERE number = '{number}'");
        world.rows(&sql).remove(0)
    };
    assert_eq!(assigned(2), format!("{}|NULL", ada.id));
    assert_eq!(assigned(10), "NULL|1");
    world.execute("UPDATE agent SET is_active = 0");
    world.execute("UPDATE help_topic SET team_id = 99 WHERE topic_id = 10");
    assert_eq!([assigned(2), assigned(10)], ["NULL|NULL", "NULL|NULL"]);
}

#[test]
fn a_topic_says_its_own_thanks_and_may_keep_silent() {
    let (world, _) = acme();
    world.execute(
        "UPDATE help_topic SET thanks = 'We <love> feedback.', is_silent = 1 WHERE topic_id = 2",
    );
    let mut ana = world.browser("acme.localhost");
    let mut typed = PORTAL.to_vec();
    typed[0] = ("topic", "2");
    let sent = ana.submit("/open", &typed);
    let page = ana.follow(sent);
    assert!(page.text().contains("<p>We &#60;love&#62; feedback.</p>"));
    let letters = world.rows("SELECT to_address FROM outbox");
    assert_eq!(
        letters,
        ["ada@acme.example"],
        "the requester is not answered by itself"
    );
    world.execute(
        "UPDATE help_topic SET thanks =
           '%{company.name} has %{ticket.number}, %{ticket.name.first}%{ticket.subject}%{nobody}'
          WHERE topic_id = 2",
    );
    set(&world, Key::CompanyName, "Acme Ltd.");
    let page = ana.get("/open/received");
    let number = world.rows("SELECT number FROM ticket").concat();
    let thanks = format!("<p>Acme Ltd. has {number}, %{{nobody}}</p>");
    assert!(page.text().contains(&thanks), "{}", page.text());
    world.user("acme.localhost", "kay@acme.example", "Kay Low");
    let mut kay = world
        .browser("acme.localhost")
        .signed_in_by_mail("kay@acme.example");
    let sent = kay.submit("/open", &typed);
    assert!(kay.follow(sent).text().contains(", Kay%{nobody}</p>"));
    let mut bo = world.browser("acme.localhost");
    let sent = bo.submit("/open", &PORTAL);
    assert!(!bo.follow(sent).text().contains("prose thanks"));
}
