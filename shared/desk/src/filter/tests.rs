use proptest::prelude::*;

use super::*;

fn rule(what: What, operator: Operator, value: &str) -> Rule {
    let value = value.to_owned();
    Rule {
        what,
        operator,
        value,
    }
}

fn filter(name: &str, rules: Vec<Rule>, actions: Vec<Action>) -> Filter {
    Filter {
        name: name.to_owned(),
        target: Target::Any,
        is_match_all: false,
        is_last: false,
        rules,
        actions,
    }
}

fn always() -> Vec<Rule> {
    vec![rule(What::Name, Operator::DoesNotContain, "nobody at all")]
}

fn facts() -> Facts {
    Facts::default()
        .with(What::Name, "Ana Lima")
        .with(What::Email, "ana@example.com")
        .with(What::Subject, "Printer on fire")
        .with(What::ReplyTo, "bo@example.com")
        .with(What::ReplyToName, "Bo")
}

fn holds(operator: Operator, value: &str) -> bool {
    let rules = vec![rule(What::Subject, operator, value)];
    filter("f", rules, Vec::new()).matches(&facts())
}

#[test]
fn fi_3_each_operator_compares_as_osticket_does() {
    assert!(holds(Operator::Equal, "PRINTER on fire"));
    assert!(!holds(Operator::Equal, "Printer"));
    assert!(holds(Operator::Starts, "printer") && !holds(Operator::Starts, "fire"));
    assert!(holds(Operator::Ends, "FIRE") && !holds(Operator::Ends, "printer"));
    assert!(holds(Operator::Contains, "ter on") && !holds(Operator::Contains, "water"));
    assert!(holds(Operator::Matches, "^print(er|ing)\\b"));
    assert!(holds(Operator::Matches, "/FIRE$/i") && !holds(Operator::Matches, "/FIRE$/"));
    assert!(!holds(Operator::Matches, "(") && !holds(Operator::DoesNotMatch, "("));
    assert!(!Operator::Matches.takes("(") && !Operator::Matches.takes("/x/e"));
    assert!(!Operator::Contains.takes(""));
}

#[test]
fn fi_3_a_pattern_takes_any_case_of_any_letter() {
    let fits = |pattern: &str, text: &str| Operator::Matches.holds(&[text], pattern);
    for (pattern, text) in [
        ("ärger", "Der ÄRGER"),
        ("ÄRGER", "der ärger"),
        ("[À-Þ]RGER", "ärger"),
        ("срочно", "СРОЧНО!"),
        ("/^Ω\\S/i", "ωΣ"),
        ("[Þ-ß]", "Straße"),
    ] {
        assert!(fits(pattern, text), "{pattern} {text}");
    }
    assert!(!fits("/ärger/", "ÄRGER"), "it says that case counts");
    assert!(!fits("ärger", "Arger"));
}

#[test]
fn a_pattern_made_to_take_for_ever_does_not() {
    let text = format!("{}!{}", "a".repeat(10_000), "a".repeat(1_000_000));
    let facts = Facts::default().with(What::Message, &text);
    for value in ["^(a+)+$", "^(a|a)*$", "(a{1,99}){1,99}{1,99}", "((a*)*)*b"] {
        let rules = vec![rule(What::Message, Operator::Matches, value)];
        assert!(!filter("f", rules, Vec::new()).matches(&facts), "{value}");
    }
}

#[test]
fn fi_1_filters_are_asked_in_order_until_one_is_the_last() {
    let mut second = filter("second", always(), vec![Action::Department(2)]);
    let third = filter(
        "third",
        always(),
        vec![Action::Department(3), Action::Silence],
    );
    let first = filter(
        "first",
        always(),
        vec![Action::Department(1), Action::Plan(9)],
    );
    let filters = [first.clone(), second.clone(), third.clone()];
    let effects = run(&filters, &facts()).unwrap();
    assert_eq!((effects.department, effects.plan), (Some(3), Some(9)));
    assert!(effects.is_silent);
    second.is_last = true;
    let effects = run(&[first, second, third], &facts()).unwrap();
    assert_eq!((effects.department, effects.is_silent), (Some(2), false));
    let matches: Vec<_> = effects.matches.iter().map(|it| &*it.filter).collect();
    assert_eq!(matches, ["first", "second"]);
    assert_eq!(effects.matches[0].actions, ["dept", "sla"]);
}

#[test]
fn fi_1_a_filter_is_asked_about_its_target_only() {
    let at = |target: Target, channel, mailbox: Option<&str>| {
        let filter = Filter {
            target,
            ..filter("f", always(), Vec::new())
        };
        filter.matches(&Facts {
            channel,
            mailbox: mailbox.map(ToOwned::to_owned),
            ..facts()
        })
    };
    let mailbox = || Target::Mailbox("help@acme.example".to_owned());
    assert!(at(Target::Any, None, None));
    assert!(at(Target::Channel(Channel::Api), Some(Channel::Api), None));
    assert!(!at(Target::Channel(Channel::Web), Some(Channel::Api), None));
    assert!(!at(Target::Channel(Channel::Web), None, None));
    assert!(at(
        mailbox(),
        Some(Channel::Email),
        Some("help@acme.example")
    ));
    assert!(!at(
        mailbox(),
        Some(Channel::Email),
        Some("it@acme.example")
    ));
    assert!(!at(mailbox(), Some(Channel::Web), None));
}

#[test]
fn fi_4_reply_to_becomes_the_sender_and_all_filters_are_asked_again() {
    let is_bo = || vec![rule(What::Email, Operator::Equal, "bo@example.com")];
    let early = filter("bo's", is_bo(), vec![Action::Department(7)]);
    let swap = filter("swap", always(), vec![Action::UseReplyTo]);
    let effects = run(&[early.clone(), swap.clone()], &facts()).unwrap();
    assert_eq!((effects.uses_reply_to, effects.department), (true, Some(7)));
    let reject = filter("no bo", is_bo(), vec![Action::Reject]);
    assert_eq!(
        run(&[reject, swap.clone()], &facts()),
        Err("no bo".to_owned())
    );
    let banned = Facts {
        banned: vec!["bo@example.com".to_owned()],
        ..facts()
    };
    assert!(run(&[early], &banned).is_ok(), "nobody made Bo the sender");
    assert_eq!(
        run(std::slice::from_ref(&swap), &banned),
        Err(BAN_LIST.to_owned())
    );
    let nobody = Facts::default();
    assert!(!run(&[swap], &nobody).unwrap().uses_reply_to);
}

#[test]
fn what_is_not_known_counts_as_an_empty_text_and_no_rules_as_no_match() {
    let of = |operator, value| filter("f", vec![rule(What::Field(7), operator, value)], Vec::new());
    assert!(of(Operator::Equal, "").matches(&facts()));
    assert!(of(Operator::NotEqual, "x").matches(&facts()));
    assert!(!of(Operator::NotEqual, "").matches(&facts()));
    assert!(!filter("f", Vec::new(), Vec::new()).matches(&facts()));
}

fn some_operator() -> impl Strategy<Value = (Operator, Operator)> {
    prop_oneof![
        Just((Operator::Equal, Operator::NotEqual)),
        Just((Operator::Contains, Operator::DoesNotContain)),
        Just((Operator::Matches, Operator::DoesNotMatch)),
    ]
}

fn some_filter() -> impl Strategy<Value = Filter> {
    let rules = prop::collection::vec(("[ab]{0,2}", 0..8usize), 0..4);
    let actions = prop::collection::vec(0..3i64, 0..3);
    (rules, actions, any::<bool>(), any::<bool>()).prop_map(|(rules, actions, all, last)| Filter {
        is_match_all: all,
        is_last: last,
        ..filter(
            "f",
            rules
                .iter()
                .map(|(value, operator)| rule(What::Subject, Operator::ALL[*operator], value))
                .collect(),
            actions.into_iter().map(Action::Department).collect(),
        )
    })
}

proptest! {
    #[test]
    fn no_text_and_no_pattern_break_a_rule(values in prop::collection::vec(".{0,40}", 0..3), wanted in ".{0,40}") {
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        for operator in Operator::ALL {
            operator.holds(&values, &wanted);
            operator.takes(&wanted);
        }
    }

    #[test]
    fn of_an_operator_and_its_opposite_one_holds(
        (is, is_not) in some_operator(),
        values in prop::collection::vec("[a-cA-C]{0,4}", 0..3),
        wanted in "[a-c]{1,3}",
    ) {
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        prop_assert_ne!(is.holds(&values, &wanted), is_not.holds(&values, &wanted));
    }

    #[test]
    fn what_stands_behind_the_last_changes_nothing(
        filters in prop::collection::vec(some_filter(), 0..6),
        behind in prop::collection::vec(some_filter(), 0..4),
        subject in "[ab]{0,3}",
    ) {
        let facts = Facts::default().with(What::Subject, &subject);
        if filters.iter().any(|filter| filter.is_last && filter.matches(&facts)) {
            let more: Vec<Filter> = filters.iter().chain(&behind).cloned().collect();
            prop_assert_eq!(run(&filters, &facts), run(&more, &facts));
        }
    }

    #[test]
    fn filters_that_do_not_match_change_nothing(
        filters in prop::collection::vec(some_filter(), 0..6),
        subject in "[ab]{0,3}",
    ) {
        let facts = Facts::default().with(What::Subject, &subject);
        let matching: Vec<Filter> =
            filters.iter().filter(|filter| filter.matches(&facts)).cloned().collect();
        prop_assert_eq!(run(&filters, &facts), run(&matching, &facts));
    }
}
