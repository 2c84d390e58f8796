//! What becomes of what was filled in, when some of it is filled in anew.

use super::check::answer;
use super::{Access, Answer, Clocks, Field, Filled, Kind, Outcome, Problem, Trouble, Typed, Value};

/// A field that is filled in anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amendment {
    /// What it held.
    pub(super) before: Vec<Value>,
    /// What it is to hold; without values, nothing.
    pub(super) answer: Answer,
}

/// What came of filling in some fields anew.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Amended {
    /// The fields that change, by their ids.
    pub changes: Vec<Amendment>,
    /// The priority that was picked in a field for it.
    pub priority: Option<crate::ticket::Priority>,
    /// What is wrong, in the order of the fields.
    pub troubles: Vec<Trouble>,
    /// The fields that agents may not fill in, or that are not asked for as the others stand.
    pub closed: Vec<i64>,
    /// The fields that hold nothing and must, before the ticket is closed.
    pub lacking: Vec<i64>,
}

/// Checks what an agent, or a program in an agent's place, fills in anew: of a ticket's fields
/// those that are named. All others keep what they hold, whatever would be said of it by now.
///
/// What anybody must fill in is not emptied, and is filled in as soon as another answer has it asked
/// for. Files come with what is written, and stay.
pub fn amend(
    filled: &[Filled],
    is_named: impl Fn(&Field) -> bool,
    typed: &impl Typed,
    clocks: impl Into<Clocks>,
) -> Amended {
    let clocks = clocks.into();
    let mut amended = Amended::default();
    let (mut before, mut outcome) = (Outcome::default(), Outcome::default());
    for held in filled {
        let kept = if is_named(&held.field) {
            amended.take(held, &outcome, typed, clocks)
        } else {
            held.values.clone()
        };
        let is_lacking = kept.is_empty() && outcome.asks_for(&held.field);
        // Every ticket has a priority, which is its own.
        let is_lacking = is_lacking && held.field.kind != Kind::Priority;
        if is_lacking && held.is_needed_to_close {
            amended.lacking.push(held.field.id);
        }
        let is_new = is_lacking && !is_named(&held.field) && !before.asks_for(&held.field);
        if is_new && held.is_needed() && held.is_open() {
            amended.miss(&held.field);
        }
        if !held.values.is_empty() {
            before.answers.push(held.field.answer(held.values.clone()));
        }
        if !kept.is_empty() {
            outcome.answers.push(held.field.answer(kept));
        }
    }
    amended.priority = super::priority(&outcome.answers);
    amended
}

impl Amended {
    fn miss(&mut self, field: &Field) {
        self.troubles.push(Trouble {
            field: field.id,
            problem: Problem::Missing,
        });
    }

    /// Notes what is typed into a field, and returns what it holds from then on.
    fn take(
        &mut self,
        held: &Filled,
        so_far: &Outcome,
        typed: &impl Typed,
        clocks: Clocks,
    ) -> Vec<Value> {
        let field = &held.field;
        let values = match answer(field, &typed.of(field), clocks) {
            _ if !held.is_open() => Err(None),
            Err(problem) => Err(Some(problem)),
            Ok(values) if values.is_empty() && held.is_needed() && so_far.asks_for(field) => {
                Err(Some(Problem::Missing))
            }
            Ok(values) if !values.is_empty() && !so_far.asks_for(field) => Err(None),
            Ok(values) => Ok(values),
        };
        match values {
            Ok(values) => {
                if field.kind != Kind::Priority && values != held.values {
                    self.changes.push(Amendment {
                        before: held.values.clone(),
                        answer: held.field.answer(values.clone()),
                    });
                }
                values
            }
            Err(problem) => {
                match problem {
                    Some(problem) => self.troubles.push(Trouble {
                        field: field.id,
                        problem,
                    }),
                    None => self.closed.push(field.id),
                }
                held.values.clone()
            }
        }
    }
}

impl Filled {
    /// Whether all agents may fill it in.
    fn is_open(&self) -> bool {
        let takes = self.field.kind.takes_answers() && self.field.kind != Kind::Files;
        takes && !self.field.is_limited && self.field.agent.is_asked()
    }

    fn is_needed(&self) -> bool {
        [self.field.user, self.field.agent].contains(&Access::Required)
    }
}

#[cfg(test)]
mod tests {
    use tenancy::Timestamp;

    use super::*;
    use crate::form::{Condition, Options};

    struct Filling(&'static [(&'static str, &'static str)]);

    impl Typed for Filling {
        fn of(&self, field: &Field) -> Vec<String> {
            let of = self.0.iter().filter(|(name, _)| *name == field.name);
            of.map(|(_, text)| (*text).to_owned()).collect()
        }
    }

    fn held(id: i64, name: &str, text: &str) -> Filled {
        let value = Value {
            text: text.to_owned(),
            number: None,
        };
        Filled {
            field: Field {
                id,
                form: 1,
                purpose: crate::form::Purpose::Ticket,
                name: name.to_owned(),
                label: name.to_owned(),
                hint: String::new(),
                kind: Kind::Text,
                options: Options::default(),
                user: Access::Optional,
                agent: Access::Optional,
                condition: None,
                is_limited: false,
                candidates: Vec::new(),
            },
            is_needed_to_close: false,
            values: Some(value)
                .filter(|it| !it.text.is_empty())
                .into_iter()
                .collect(),
        }
    }

    fn amended(filled: &[Filled], typed: &'static [(&'static str, &'static str)]) -> Amended {
        let is_named = |field: &Field| typed.iter().any(|(name, _)| *name == field.name);
        amend(filled, is_named, &Filling(typed), Timestamp(0))
    }

    fn changes(amended: &Amended) -> Vec<(i64, Vec<&str>)> {
        assert_eq!(amended.troubles, []);
        assert_eq!(amended.closed, [0; 0]);
        let changes = amended.changes.iter().map(|it| &it.answer);
        changes
            .map(|it| {
                (
                    it.field,
                    it.values.iter().map(|it| it.text.as_str()).collect(),
                )
            })
            .collect()
    }

    #[test]
    fn fo_9_only_what_is_named_and_differs_changes() {
        let filled = [
            held(1, "device", "x"),
            held(2, "since", "=cmd"),
            held(3, "room", ""),
        ];
        let told = amended(&filled, &[("device", "y"), ("room", "  ")]);
        assert_eq!(changes(&told), [(1, vec!["y"])]);
        assert_eq!(told.changes[0].before[0].text, "x");
    }

    #[test]
    fn what_somebody_must_fill_in_is_not_emptied() {
        for (user, agent) in [
            (Access::Required, Access::Optional),
            (Access::Hidden, Access::Required),
        ] {
            let mut device = held(1, "device", "x");
            (device.field.user, device.field.agent) = (user, agent);
            let told = amended(&[device], &[("device", "")]);
            assert_eq!(told.troubles[0].problem, Problem::Missing);
        }
        let device = [held(1, "device", "x")];
        assert_eq!(changes(&amended(&device, &[("device", "")])), [(1, vec![])]);
    }

    #[test]
    fn t_47_what_agents_may_not_fill_in_stays() {
        let mut shown = held(1, "device", "x");
        shown.field.agent = Access::Shown;
        let mut limited = held(2, "device", "x");
        limited.field.is_limited = true;
        let mut files = held(3, "device", "x");
        files.field.kind = Kind::Files;
        let told = amended(&[shown, limited, files], &[("device", "y")]);
        assert_eq!((told.closed, told.changes), (vec![1, 2, 3], Vec::new()));
    }

    #[test]
    fn fo_4_what_a_ticket_lacks_to_be_closed_is_told() {
        let needed = |id, name, text| Filled {
            is_needed_to_close: true,
            ..held(id, name, text)
        };
        let mut serial = needed(3, "serial", "");
        serial.field.condition = Some(Condition {
            field: 1,
            values: vec!["printer".to_owned()],
        });
        let filled = [
            needed(1, "device", "screen"),
            needed(2, "cause", ""),
            serial,
        ];
        assert_eq!(amended(&filled, &[]).lacking, [2]);
        assert_eq!(amended(&filled, &[("cause", "Age")]).lacking, [0; 0]);
        let asked = amended(&filled, &[("device", "printer"), ("cause", " ")]);
        assert_eq!(asked.lacking, [2, 3]);
    }

    #[test]
    fn fo_5_what_comes_to_be_asked_for_and_is_required_is_demanded_at_once() {
        const GIVEN: &[(&str, &str)] = &[("device", "printer"), ("serial", "A1")];
        let mut serial = held(2, "serial", "");
        serial.field.agent = Access::Required;
        serial.field.condition = Some(Condition {
            field: 1,
            values: vec!["printer".to_owned()],
        });
        let filled = |device, kept: &str| {
            let mut serial = serial.clone();
            if !kept.is_empty() {
                serial.values = held(2, "serial", kept).values;
            }
            [held(1, "device", device), serial]
        };
        let missed = |told: &Amended| told.troubles.iter().map(|it| it.field).collect::<Vec<_>>();
        let told = amended(&filled("screen", ""), &[("device", "printer")]);
        assert_eq!(
            (missed(&told), told.troubles[0].problem),
            (vec![2], Problem::Missing)
        );
        assert_eq!(missed(&amended(&filled("screen", ""), GIVEN)), [0; 0]);
        let kept = amended(&filled("screen", "A1"), &[("device", "printer")]);
        assert_eq!(missed(&kept), [0; 0], "it is filled in already");
        let before = amended(&filled("printer", ""), &[("device", "printer")]);
        assert_eq!(missed(&before), [0; 0], "it was asked for before");
        let hidden = amended(
            &filled("printer", "A1"),
            &[("device", "screen"), ("serial", "")],
        );
        assert_eq!(missed(&hidden), [0; 0], "nobody asks for it any more");
    }

    #[test]
    fn fo_5_a_field_is_asked_for_as_the_others_will_stand() {
        let mut serial = held(2, "serial", "");
        serial.field.condition = Some(Condition {
            field: 1,
            values: vec!["printer".to_owned()],
        });
        let filled = [held(1, "device", "screen"), serial];
        assert_eq!(amended(&filled, &[("serial", "A1")]).closed, [2]);
        let both = amended(&filled, &[("serial", "A1"), ("device", "printer")]);
        assert_eq!(changes(&both), [(1, vec!["printer"]), (2, vec!["A1"])]);
    }
}
