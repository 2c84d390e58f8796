//! What the rules of filters look at (FI-2), and what is left of a filter (FI-5).

use desk::filter::{self, Action, NewFilter, Operator, Rule, What};
use desk::ticket::Priority;
use realmdesk_tests::dispatch::Page;
use realmdesk_tests::{World, task};
use serde_json::{Value, json};
use tenancy::port::DbError;

use super::{about, acme, call, filtered, mailed, realm};

fn rejecting(what: What, value: &str) -> NewFilter<'static> {
    NewFilter {
        rules: vec![Rule {
            what,
            operator: Operator::Equal,
            value: value.to_owned(),
        }],
        ..about("", vec![Action::Reject])
    }
}

fn filtering(what: What, value: &str) -> World {
    let (world, ada) = acme();
    filtered(&world, &ada, &rejecting(what, value));
    world
}

#[test]
fn fi_2_rules_look_at_each_part_of_a_call() {
    let fields = json!({
        "name": "Bo", "email": "bo@example.com", "subject": "Fire", "message": "Run.",
        "topicId": 11, "priority": 4,
    });
    for (what, value) in [
        (What::Name, "bo"),
        (What::Email, "BO@example.com"),
        (What::Subject, "fire"),
        (What::Message, "run."),
        (What::Topic, "11"),
        (What::Topic, "Report a Problem / Access Issue"),
        (What::Field(22), "4"),
        (What::Field(22), "Emergency"),
    ] {
        let world = filtering(what, value);
        assert_eq!(call(&world, &fields).status, 403, "{what:?}");
        let others = call(&world, &json!({ "topicId": 2 }));
        assert_eq!(others.status, 201, "{what:?}");
    }
}

#[test]
fn fi_2_rules_look_at_whom_a_mail_went_to_and_whom_to_answer() {
    let mail = "From: Ana <ana@example.com>\nTo: help@acme.example\nCc: boss@example.com\n\
                Reply-To: Bo <bo@example.com>\nMessage-ID: <a@example.com>\nSubject: Fire\n\nX.";
    let result = |page: Page| page.json()["result"].clone();
    for (what, value) in [
        (What::Addressee, "boss@example.com"),
        (What::ReplyTo, "bo@example.com"),
        (What::ReplyToName, "Bo"),
    ] {
        let world = filtering(what, value);
        assert_eq!(result(mailed(&world, "acme", mail)), "dropped", "{what:?}");
        let plain = "From: ana@example.com\nMessage-ID: <b@example.com>\nSubject: Fire\n\nX.";
        assert_eq!(result(mailed(&world, "acme", plain)), "created", "{what:?}");
    }
}

#[test]
fn fi_5_a_ticket_remembers_which_filters_it_met_under_their_names_then() {
    let (world, ada) = acme();
    let actions = vec![Action::Priority(Priority::High), Action::Silence];
    filtered(&world, &ada, &about("fire", actions));
    call(&world, &json!({}));
    world.execute("UPDATE filter SET name = 'Renamed' WHERE is_ban_list = 0");
    call(&world, &json!({ "subject": "Water" }));
    let matched = world.rows("SELECT filter_name, actions FROM filter_match");
    assert_eq!(matched, [r#"About|["pri","noresp"]"#]);
}

#[test]
fn fi_5_what_a_filter_names_is_not_deleted_from_under_it() {
    let (world, ada) = acme();
    let actions = vec![
        Action::Department(3),
        Action::Plan(1),
        Action::Team(1),
        Action::Agent(ada.id.clone()),
        Action::Topic(2),
    ];
    filtered(&world, &ada, &about("fire", actions));
    let scope = world.inside("acme");
    for sql in [
        tenancy::sql!("DELETE FROM department WHERE tenant_id = ?1 AND department_id = 3"),
        tenancy::sql!("DELETE FROM team WHERE tenant_id = ?1 AND team_id = 1"),
        tenancy::sql!("DELETE FROM help_topic WHERE tenant_id = ?1 AND topic_id = 2"),
    ] {
        let deleted = task::run(scope.write(vec![scope.statement(sql)]));
        assert_eq!(deleted.map(|_| ()), Err(DbError::Dangling));
    }
}

#[test]
fn fi_5_whoever_left_is_not_assigned_by_a_filter() {
    let (world, ada) = acme();
    filtered(
        &world,
        &ada,
        &about("fire", vec![Action::Agent(ada.id.clone())]),
    );
    let assigned = |fields: &Value| {
        let number = call(&world, fields).text().to_owned();
        let sql = format!("SELECT agent_id IS NOT NULL FROM ticket WHERE number = '{number}'");
        world.rows(&sql).concat()
    };
    assert_eq!(assigned(&json!({})), "1");
    world.execute("UPDATE agent SET is_active = 0");
    assert_eq!(assigned(&json!({})), "0");
}

#[test]
fn a_tenant_has_no_more_filters_than_are_read() {
    let (world, ada) = acme();
    world.execute(&format!(
        "WITH RECURSIVE n (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n < {})
         INSERT INTO filter (tenant_id, filter_id, realm_id, name) SELECT 1, n, 1, n FROM n",
        filter::MOST_FILTERS
    ));
    let realm = realm(&world, &ada);
    let batch = filter::add(&realm, &about("fire", Vec::new())).unwrap();
    let error = task::run(realm.scope().write(batch)).unwrap_err();
    assert_eq!(filter::refused(error), filter::Refused::TooMany);
}
