//! Ticket filters, the ban list, and who may write (FI-1 to FI-6, AR-7, IN-16, IN-17).

use desk::email::EmailAddress;
use desk::filter::{self, Action, Channel, Given, Mailing, NewFilter, Refused, Rule, Target, What};
use desk::setting::Key;
use desk::ticket::Priority;
use realmdesk_tests::{World, task};
use serde_json::json;
use tenancy::policy::act;

use super::{PORTAL, about, acme, call, filtered, mailed, realm, set, write};

const MAIL: &str = "From: Ana <ana@example.com>\nMessage-ID: <a@example.com>\nSubject: Fire\n\nX.";
const REJECTED: &str = "Unable to create new ticket :Ticket denied: ana@example.com\n\n\
                        This help desk is for use by authorized users only";

/// How each door refuses Ana, and that nothing is left behind.
fn refuses_ana(world: &World) {
    let tickets = "SELECT count(*) FROM ticket";
    let before = world.number(tickets);
    let page = call(world, &json!({ "subject": "Fire" }));
    assert_eq!((page.status, page.text()), (403, REJECTED));
    let mut typed = PORTAL.to_vec();
    typed[3] = ("subject", "Fire & smoke");
    let page = world.browser("acme.localhost").submit("/open", &typed);
    assert_eq!(page.status, 403);
    assert!(page.text().contains("for use by authorized users only"));
    assert!(
        page.text().contains("Fire &#38; smoke"),
        "what was typed is kept"
    );
    let page = mailed(world, "acme", MAIL);
    assert_eq!(
        (page.status, &page.json()["result"]),
        (200, &json!("dropped"))
    );
    assert_eq!(
        world.number("SELECT count(*) FROM file"),
        1,
        "its source is kept"
    );
    assert_eq!(
        mailed(world, "acme", MAIL).json()["result"],
        "duplicate",
        "AR-8"
    );
    assert_eq!(world.number(tickets), before);
    assert_eq!(world.number("SELECT count(*) FROM outbox"), 0);
}

#[test]
fn fi_6_a_rejected_ticket_is_refused_at_each_door() {
    let (world, ada) = acme();
    filtered(&world, &ada, &about("FIRE", vec![Action::Reject]));
    refuses_ana(&world);
    assert_eq!(call(&world, &json!({ "subject": "Water" })).status, 201);
}

#[test]
fn fi_2_rules_look_at_what_is_known_of_users_and_their_organizations() {
    let (world, ada) = acme();
    assert_eq!(
        call(&world, &json!({ "phone": "555 123 4567" })).status,
        201
    );
    world.execute(
        "INSERT INTO organization (tenant_id, organization_id, realm_id, name)
         VALUES (1, 'o', 1, 'Globex');
         INSERT INTO organization_value (tenant_id, organization_id, field_id, text)
         VALUES (1, 'o', 7, 'https://globex.example');
         UPDATE user SET organization_id = 'o' WHERE email = 'ana@example.com'",
    );
    for (field, value) in [(3, "123 4567"), (7, "globex")] {
        let rule = NewFilter {
            rules: vec![Rule {
                what: What::Field(field),
                ..about(value, vec![Action::Reject]).rules.remove(0)
            }],
            ..about(value, vec![Action::Reject])
        };
        filtered(&world, &ada, &rule);
        // By mail nobody says anything of themselves.
        let mail = MAIL.replace("<a@", &format!("<{field}@"));
        assert_eq!(mailed(&world, "acme", &mail).json()["result"], "dropped");
        assert_eq!(call(&world, &json!({})).status, 403);
        let other = json!({ "email": "other@example.com" });
        assert_eq!(call(&world, &other).status, 201);
        world.execute(
            "UPDATE filter SET is_active = 0, name = 'Before ' || filter_id
                        WHERE is_ban_list = 0",
        );
        assert_eq!(call(&world, &json!({})).status, 201);
    }
}

#[test]
fn ar_7_whoever_is_banned_is_refused_until_they_are_not() {
    let (world, ada) = acme();
    let realm = realm::<act::BanlistManage>(&world, &ada);
    let ana = EmailAddress::parse("Ana@Example.com").unwrap();
    write(&world, &ada, filter::ban(&realm, &ana).to_vec());
    write(&world, &ada, filter::ban(&realm, &ana).to_vec());
    refuses_ana(&world);
    let page = world.send(realmdesk_tests::world::ticket_call("globex", &json!({})));
    assert_eq!(page.status, 201, "another tenant's ban list is its own");
    write(&world, &ada, vec![filter::unban(&realm, &ana)]);
    assert_eq!(call(&world, &json!({})).status, 201);
    let seeded = call(&world, &json!({ "email": "test@example.com" }));
    assert_eq!(seeded.status, 403, "osTicket's own");
}

#[test]
fn t_53_filters_of_a_tenant_never_see_or_alter_mail_of_another() {
    let (world, ada) = acme();
    let actions = vec![Action::Reject];
    let everything = NewFilter {
        rules: vec![Rule {
            what: What::Email,
            operator: filter::Operator::DoesNotContain,
            value: "no such text".to_owned(),
        }],
        ..about("", actions)
    };
    filtered(&world, &ada, &everything);
    assert_eq!(mailed(&world, "acme", MAIL).json()["result"], "dropped");
    let theirs = MAIL.replace("a@example.com>\nSubject", "b@example.com>\nSubject");
    assert_eq!(mailed(&world, "globex", &theirs).status, 201);
    assert_eq!(world.number("SELECT count(*) FROM filter_match"), 0);
}

#[test]
fn fi_4_what_filters_do_to_a_ticket() {
    let (world, ada) = acme();
    let actions = vec![
        Action::Department(2),
        Action::Priority(Priority::Emergency),
        Action::Agent(ada.id.clone()),
        Action::Topic(2),
        Action::Status(Given {
            is_closed: true,
            status: None,
        }),
        Action::Silence,
        Action::Mail(Mailing {
            recipients: "fire@acme.example, %{user}, not an address".to_owned(),
            subject: "Fire: #%{ticket.number}".to_owned(),
            text: "Run. %{ticket.subject}".to_owned(),
        }),
    ];
    filtered(&world, &ada, &about("fire", actions));
    let number = call(&world, &json!({ "priority": 1 })).text().to_owned();
    let ticket = "SELECT department_id, priority, agent_id, topic_id, state,
                         closed_at = created_at FROM ticket";
    assert_eq!(world.rows(ticket), [format!("2|4|{}|2|closed|1", ada.id)]);
    let letters = "SELECT to_address, subject FROM outbox ORDER BY to_address";
    let subject = format!("Fire: #{number}");
    let expected = [
        format!("ana@example.com|{subject}"),
        format!("fire@acme.example|{subject}"),
    ];
    assert_eq!(world.rows(letters), expected, "and no answer by itself");
    let to_ana = "SELECT text_body FROM outbox WHERE to_address = 'ana@example.com'";
    assert!(!world.rows(to_ana)[0].contains("Printer"), "U-32");
    let matched = "SELECT filter_name, actions FROM filter_match";
    let keys = r#"["dept","pri","agent","topic","status","noresp","email"]"#;
    assert_eq!(world.rows(matched), [format!("About|{keys}")]);
    let counts = world.rows("SELECT queue, tickets FROM queue_count WHERE tickets > 0");
    assert_eq!(counts, ["closed|1"]);
}

#[test]
fn fi_1_a_filter_has_its_channel_and_fi_4_reply_to_becomes_the_sender() {
    let (world, ada) = acme();
    let by_mail = NewFilter {
        target: Target::Channel(Channel::Email),
        ..about("fire", vec![Action::UseReplyTo])
    };
    filtered(&world, &ada, &by_mail);
    assert_eq!(call(&world, &json!({ "subject": "Fire" })).status, 201);
    let redirected = MAIL.replace("Subject", "Reply-To: Bo <bo@example.com>\nSubject");
    assert_eq!(mailed(&world, "acme", &redirected).status, 201);
    let users = world.rows("SELECT email, name FROM user ORDER BY email");
    assert_eq!(users, ["ana@example.com|Ana Lima", "bo@example.com|Bo"]);
}

#[test]
fn a_filter_that_cannot_be_one_is_refused_and_nothing_is_left_of_it() {
    let (world, ada) = acme();
    let realm = realm(&world, &ada);
    let refused = |filter: &NewFilter<'_>| filter::add(&realm, filter).unwrap_err();
    let broken = |operator, value: &str| NewFilter {
        rules: vec![Rule {
            what: What::Name,
            operator,
            value: value.to_owned(),
        }],
        ..about("x", Vec::new())
    };
    let name = NewFilter {
        name: "",
        ..about("x", Vec::new())
    };
    assert_eq!(refused(&name), Refused::Name);
    assert_eq!(
        refused(&broken(filter::Operator::Matches, "(")),
        Refused::Rule(0)
    );
    assert_eq!(
        refused(&broken(filter::Operator::Contains, "")),
        Refused::Rule(0)
    );
    let none = NewFilter {
        rules: Vec::new(),
        ..about("x", Vec::new())
    };
    assert_eq!(refused(&none), Refused::RuleCount);
    for action in [Action::Department(99), Action::Topic(99), Action::Plan(99)] {
        let batch = filter::add(&realm, &about("x", vec![action])).unwrap();
        let error = task::run(realm.scope().write(batch)).unwrap_err();
        assert_eq!(filter::refused(error), Refused::Dangling);
    }
    assert_eq!(
        world.number("SELECT count(*) FROM filter WHERE is_ban_list = 0"),
        0
    );
}

#[test]
fn in_17_a_user_has_so_many_tickets_open_and_is_told_once() {
    let (world, _) = acme();
    set(&world, Key::MaxOpenTickets, "2");
    set(&world, Key::OverlimitNotice, "1");
    let told = "SELECT count(*) FROM outbox WHERE subject LIKE '%as many tickets open%'";
    assert_eq!(call(&world, &json!({})).status, 201);
    assert_eq!(world.number(told), 0);
    assert_eq!(call(&world, &json!({})).status, 201);
    assert_eq!(world.number(told), 1);
    let page = call(&world, &json!({}));
    let limit =
        "Unable to create new ticket :err\nYou've reached the maximum open tickets allowed.";
    assert_eq!((page.status, page.text()), (500, limit));
    let page = world.browser("acme.localhost").submit("/open", &PORTAL);
    assert_eq!(page.status, 403);
    assert!(page.text().contains("as many tickets open as you can"));
    assert_eq!(mailed(&world, "acme", MAIL).json()["result"], "dropped");
    assert_eq!(
        call(&world, &json!({ "email": "bo@example.com" })).status,
        201
    );
    world.execute(
        "UPDATE ticket SET state = 'closed', closed_at = 1
          WHERE ticket_id = (SELECT min(t.ticket_id) FROM ticket AS t JOIN user AS u USING (user_id)
                              WHERE u.email = 'ana@example.com')",
    );
    assert_eq!(call(&world, &json!({})).status, 201, "room for one more");
}

#[test]
fn in_17_the_administrator_hears_of_it_whoever_else_does() {
    let (world, _) = acme();
    set(&world, Key::MaxOpenTickets, "1");
    set(&world, Key::AdminEmail, "root@acme.example");
    set(&world, Key::TicketAlertAdmin, "0");
    let told = "SELECT to_address, instr(text_body, 'Maximum open tickets (1) reached for ana@example.com.') > 0
                  FROM outbox WHERE subject = 'Overlimit Notice'";
    let quiet = json!({ "alert": false, "autorespond": false });
    assert_eq!(call(&world, &quiet).status, 201);
    assert_eq!(world.rows(told), ["root@acme.example|1"]);
    assert_eq!(world.number("SELECT count(*) FROM outbox"), 1);
    assert_eq!(call(&world, &quiet).status, 500);
    assert_eq!(world.number("SELECT count(*) FROM outbox"), 1, "once");
}

#[test]
fn in_16_mail_of_people_nobody_knows_may_be_refused() {
    let (world, _) = acme();
    set(&world, Key::AcceptUnregistered, "0");
    assert_eq!(mailed(&world, "acme", MAIL).json()["result"], "dropped");
    assert_eq!(
        call(&world, &json!({})).status,
        201,
        "programs vouch for whom they name"
    );
    let again = MAIL.replace("<a@example.com>\nSubject", "<b@example.com>\nSubject");
    assert_eq!(
        mailed(&world, "acme", &again).status,
        201,
        "and now Ana is known"
    );
}

#[test]
fn in_20_an_address_sets_a_priority_and_may_keep_silent() {
    let (world, _) = acme();
    world.execute(
        "UPDATE mail_address SET priority = 3, is_silent = 1, topic_id = 2 WHERE tenant_id = 1",
    );
    mailed(&world, "acme", MAIL);
    assert_eq!(world.rows("SELECT priority, topic_id FROM ticket"), ["3|2"]);
    assert_eq!(
        world.rows("SELECT to_address FROM outbox"),
        ["ada@acme.example"]
    );
}

#[test]
fn intake_takes_two_round_trips_whatever_it_has_to_decide() {
    let (world, ada) = acme();
    filtered(&world, &ada, &about("fire", vec![Action::Department(2)]));
    set(&world, Key::MaxOpenTickets, "9");
    set(&world, Key::NumberSequence, "1");
    world.meter.take_trips();
    call(&world, &json!({}));
    assert_eq!(world.meter.take_trips(), 2);
    mailed(&world, "acme", MAIL);
    assert_eq!(world.meter.take_trips(), 2);
}
