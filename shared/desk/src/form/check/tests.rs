use std::collections::BTreeMap;

use proptest::prelude::*;
use tenancy::Timestamp;

use super::super::{Condition, Options, moment};
use super::*;

struct Given(BTreeMap<i64, Vec<String>>);

impl Typed for Given {
    fn of(&self, field: &Field) -> Vec<String> {
        self.0.get(&field.id).cloned().unwrap_or_default()
    }
}

fn given(typed: &[(i64, &str)]) -> Given {
    let mut by_field: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for (field, text) in typed {
        by_field.entry(*field).or_default().push((*text).to_owned());
    }
    Given(by_field)
}

fn field(id: i64, kind: Kind) -> Field {
    Field {
        purpose: crate::form::Purpose::Ticket,
        id,
        form: 1,
        name: format!("f{id}"),
        label: format!("Field {id}"),
        hint: String::new(),
        kind,
        options: Options::default(),
        user: Access::Optional,
        agent: Access::Optional,
        condition: None,
        is_limited: false,
        candidates: Vec::new(),
    }
}

fn with(kind: Kind, options: Options) -> Field {
    Field {
        options,
        ..field(1, kind)
    }
}

fn asked_user(fields: &[Field], given: &Given) -> Outcome {
    check(fields, given, Asker::User, Timestamp(0))
}

/// What becomes of one text in a field.
fn taken(field: &Field, typed: &str) -> Result<Vec<(String, Option<i64>)>, Problem> {
    let outcome = asked_user(std::slice::from_ref(field), &given(&[(field.id, typed)]));
    if let Some(trouble) = outcome.troubles.first() {
        return Err(trouble.problem);
    }
    let values = outcome.answers.into_iter().flat_map(|answer| answer.values);
    Ok(values.map(|value| (value.text, value.number)).collect())
}

fn texts(field: &Field, typed: &str) -> Result<Vec<String>, Problem> {
    let values = taken(field, typed)?;
    Ok(values.into_iter().map(|(text, _)| text).collect())
}

fn text_with(validator: Validator) -> Field {
    let pattern = "^[A-Z]{2}[0-9]+$".to_owned();
    with(
        Kind::Text,
        Options {
            validator,
            pattern: format!("/{pattern}/"),
            longest: Some(30),
            ..Options::default()
        },
    )
}

#[test]
fn fo_3_each_validator_looks_at_a_line() {
    let check = |validator, good: &[&str], bad: &[&str], problem| {
        let field = text_with(validator);
        for text in good {
            assert_eq!(texts(&field, text), Ok(vec![(*text).to_owned()]), "{text}");
        }
        for text in bad {
            assert_eq!(taken(&field, text), Err(problem), "{text}");
        }
    };
    check(
        Validator::None,
        &["x", "+491701234"],
        &["=1", "@a", "-x", "+1 2"],
        Problem::Formula,
    );
    check(
        Validator::Number,
        &["7", "-7", "7.50"],
        &["7,5", "x", "1e9", "."],
        Problem::NotANumber,
    );
    check(
        Validator::Ip,
        &["192.0.2.1", "::1"],
        &["192.0.2", "host"],
        Problem::NotAnIp,
    );
    check(
        Validator::Email,
        &["a@example.com"],
        &["a@", "a b@c.de"],
        Problem::NotAnAddress,
    );
    check(
        Validator::Phone,
        &["+49 (170) 12-34"],
        &["123", "call me"],
        Problem::NotAPhone,
    );
    check(
        Validator::Regex,
        &["AB12"],
        &["ab12", "AB"],
        Problem::NotAMatch,
    );
    assert_eq!(
        taken(&text_with(Validator::None), &"x".repeat(31)),
        Err(Problem::TooLong(30))
    );
}

#[test]
fn a_line_is_one_line_and_a_box_keeps_its_lines() {
    assert_eq!(
        texts(&field(1, Kind::Text), "a\r\nb\0c"),
        Ok(vec!["a b c".to_owned()])
    );
    assert_eq!(
        texts(&field(1, Kind::Memo), "a\nb\0"),
        Ok(vec!["a\nb".to_owned()])
    );
    let long = "x".repeat(LONGEST_BOX + 1);
    assert_eq!(
        taken(&field(1, Kind::Memo), &long),
        Err(Problem::TooLong(LONGEST_BOX))
    );
}

#[test]
fn numbers_and_days_compare_as_what_they_are() {
    let number = |text| taken(&text_with(Validator::Number), text).unwrap()[0].1;
    assert_eq!(number("42"), Some(42));
    assert_eq!(
        (number("4.2"), number("99999999999999999999")),
        (None, None)
    );
    let day = field(1, Kind::Date);
    let expected = vec![("2026-11-21".to_owned(), Some(1_795_219_200_000))];
    for text in ["2026-11-21", "2026-11-21T09:00", "1795251600"] {
        assert_eq!(taken(&day, text), Ok(expected.clone()), "{text}");
    }
    assert_eq!(taken(&day, "tomorrow"), Err(Problem::NotADate));
    let bounded = with(
        Kind::Date,
        Options {
            earliest: moment("2026-01-01"),
            latest: moment("2026-12-31"),
            ..Options::default()
        },
    );
    assert_eq!(taken(&bounded, "2025-12-31"), Err(Problem::TooEarly));
    assert_eq!(taken(&bounded, "2027-01-01"), Err(Problem::TooLate));
    let past = with(
        Kind::Date,
        Options {
            is_past: true,
            ..Options::default()
        },
    );
    assert_eq!(taken(&past, "1970-01-02"), Err(Problem::TooLate));
}

fn colours(is_multiple: bool) -> Field {
    let choices = [("r", "Red"), ("g", "Green")];
    with(
        Kind::Choice,
        Options {
            choices: choices
                .map(|(key, label)| (key.to_owned(), label.to_owned()))
                .to_vec(),
            is_multiple,
            ..Options::default()
        },
    )
}

#[test]
fn a_choice_is_taken_by_its_key_or_its_words() {
    assert_eq!(texts(&colours(false), "r"), Ok(vec!["r".to_owned()]));
    assert_eq!(texts(&colours(false), "green"), Ok(vec!["g".to_owned()]));
    assert_eq!(taken(&colours(false), "blue"), Err(Problem::NotOffered));
    let some = given(&[(1, "g"), (1, "r"), (1, "Green"), (1, "")]);
    let both = asked_user(&[colours(true)], &some);
    assert_eq!(both.answers[0].values.len(), 2);
    let one = asked_user(&[colours(false)], &some);
    assert_eq!(one.troubles[0].problem, Problem::NotOffered);
    let priority = taken(&field(1, Kind::Priority), "3");
    assert_eq!(priority, Ok(vec![("High".to_owned(), Some(3))]));
}

#[test]
fn fo_6_what_is_typed_into_a_list_means_a_name_before_a_key() {
    let choices = [("1", "Two"), ("2", "1"), ("3", "Hall")];
    let mut site = with(
        Kind::List,
        Options {
            choices: choices
                .map(|(key, label)| (key.to_owned(), label.to_owned()))
                .to_vec(),
            ..Options::default()
        },
    );
    let item = |name: &str, id| Ok(vec![(name.to_owned(), Some(id))]);
    assert_eq!(taken(&site, "1"), item("Two", 1));
    site.options.has_typeahead = true;
    assert_eq!(taken(&site, "1"), item("1", 2));
    assert_eq!(taken(&site, " HALL "), item("Hall", 3));
    assert_eq!(taken(&site, "3"), item("Hall", 3), "programs send keys");
    assert_eq!(taken(&site, "Hal"), Err(Problem::NotOffered));
}

#[test]
fn a_box_is_checked_or_it_is_empty() {
    let checkbox = field(1, Kind::Checkbox);
    for yes in ["on", "1", "true", "yes"] {
        assert_eq!(
            taken(&checkbox, yes),
            Ok(vec![("1".to_owned(), Some(1))]),
            "{yes}"
        );
    }
    for no in ["", "0", "false", "No"] {
        assert_eq!(taken(&checkbox, no), Ok(Vec::new()), "{no}");
    }
}

#[test]
fn fo_4_who_may_fill_in_a_field_and_who_must() {
    let of = |user| Field {
        user,
        ..field(1, Kind::Text)
    };
    let ask = |user, typed| asked_user(&[of(user)], &given(&[(1, typed)]));
    assert_eq!(
        ask(Access::Required, " ").troubles[0].problem,
        Problem::Missing
    );
    assert_eq!(ask(Access::Optional, "").troubles, []);
    for (user, asked) in [(Access::Hidden, vec![]), (Access::Shown, vec![1])] {
        let outcome = ask(user, "smuggled");
        assert_eq!(
            (outcome.answers, outcome.asked),
            (Vec::new(), asked),
            "{user:?}"
        );
    }
}

#[test]
fn fo_5_a_field_is_asked_for_where_an_earlier_one_says_so() {
    let asked = |values: &[&str], first: &str| {
        let values = values.iter().map(|it| (*it).to_owned()).collect();
        let second = Field {
            user: Access::Required,
            condition: Some(Condition { field: 1, values }),
            ..field(2, Kind::Text)
        };
        let outcome = asked_user(&[colours(false), second], &given(&[(1, first)]));
        (outcome.asked.contains(&2), outcome.troubles.len())
    };
    assert_eq!(
        asked(&["r"], "r"),
        (true, 1),
        "and then it must be filled in"
    );
    assert_eq!(asked(&["r"], "g"), (false, 0));
    assert_eq!(asked(&[], "g"), (true, 1));
    assert_eq!(asked(&[], ""), (false, 0));
}

#[test]
fn conditions_that_run_in_a_circle_ask_for_nothing() {
    let on = |id, other| Field {
        condition: Some(Condition {
            field: other,
            values: Vec::new(),
        }),
        ..field(id, Kind::Text)
    };
    let typed = given(&[(1, "x"), (2, "x"), (3, "x")]);
    let outcome = asked_user(&[on(1, 2), on(2, 1), on(3, 3)], &typed);
    assert_eq!((outcome.asked, outcome.answers), (Vec::new(), Vec::new()));
}

fn some_field() -> impl Strategy<Value = Field> {
    let kind = prop::sample::select(Kind::ALL.to_vec());
    let access = prop::sample::select(Access::ALL.to_vec());
    let validator = prop::sample::select(vec![
        Validator::None,
        Validator::Phone,
        Validator::Number,
        Validator::Regex,
        Validator::Ip,
    ]);
    let condition = prop::option::of((0..6i64, prop::collection::vec("[ab]{0,1}", 0..2)));
    (
        0..6i64,
        kind,
        access,
        validator,
        ".{0,20}",
        condition,
        any::<bool>(),
    )
        .prop_map(
            |(id, kind, user, validator, pattern, condition, flag)| Field {
                user,
                condition: condition.map(|(field, values)| Condition { field, values }),
                options: Options {
                    validator,
                    pattern,
                    choices: vec![("a".to_owned(), "A".to_owned())],
                    is_multiple: flag,
                    has_time: flag,
                    ..Options::default()
                },
                ..field(id, kind)
            },
        )
}

proptest! {
    #[test]
    fn nothing_typed_breaks_a_form(
        fields in prop::collection::vec(some_field(), 0..6),
        typed in prop::collection::vec((0..6i64, ".{0,30}"), 0..8),
    ) {
        let typed: Vec<(i64, &str)> = typed.iter().map(|(id, text)| (*id, &**text)).collect();
        let outcome = asked_user(&fields, &given(&typed));
        for answer in &outcome.answers {
            prop_assert!(!answer.values.is_empty());
            prop_assert!(outcome.asked.contains(&answer.field));
            prop_assert!(answer.values.iter().all(|value| !value.text.contains('\0')));
        }
    }

    /// What was stored can be filled in again and stays what it is.
    #[test]
    fn an_answer_that_fits_fits_again(field in some_field(), typed in "[ -~]{0,20}") {
        let field = Field { condition: None, user: Access::Optional, ..field };
        if let Ok(values) = texts(&field, &typed) {
            for value in values {
                prop_assert_eq!(texts(&field, &value), Ok(vec![value]));
            }
        }
    }
}
