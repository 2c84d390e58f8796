//! What fits into a field, and what does not.

use std::net::IpAddr;

use super::{Access, Answer, Clocks, Field, Kind, LONGEST_BOX, LONGEST_LINE, Validator, Value};
use crate::email::EmailAddress;
use crate::filter::pattern;
use crate::intake::one_line;
use crate::ticket::number::without_placeholder;

/// What was typed, by whatever names the fields have where they were filled in.
pub trait Typed {
    /// The texts that were typed into a field; none or empty ones when it was left empty.
    fn of(&self, field: &Field) -> Vec<String>;

    /// The names of the files that were attached to a field and are taken. Where files come in
    /// with the message alone, as in osTicket's API, there are none.
    fn files(&self, _field: &Field) -> Vec<String> {
        Vec::new()
    }
}

/// What is wrong with one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Nothing was typed.
    Missing,
    /// It has more than this many characters.
    TooLong(usize),
    /// It is no mail address.
    NotAnAddress,
    /// It is no telephone number.
    NotAPhone,
    /// It is no address of the internet protocol.
    NotAnIp,
    /// It is no number.
    NotANumber,
    /// It does not fit the field's pattern.
    NotAMatch,
    /// It is no day, or no day and time.
    NotADate,
    /// It lies before the earliest day.
    TooEarly,
    /// It lies behind the latest day, or in the future.
    TooLate,
    /// It is none of the choices.
    NotOffered,
    /// A spreadsheet would take it for a formula.
    Formula,
}

/// A field with what is wrong in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The field.
    pub field: i64,
    /// What is wrong.
    pub problem: Problem,
}

/// What came of asking.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// What was filled in.
    pub answers: Vec<Answer>,
    /// What is wrong, in the order of the fields.
    pub troubles: Vec<Trouble>,
    /// The fields that were asked for, in their order: the others' conditions do not hold.
    pub asked: Vec<i64>,
}

/// Who fills in a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    /// A user, who may fill in what users may.
    User,
    /// An agent, who may fill in what agents may.
    Agent,
    /// A program, which may fill in every field, and must only what users must.
    Program,
}

impl Asker {
    /// What they may do with a field.
    pub fn access(self, field: &Field) -> Access {
        match self {
            // Who works here is not for users to look up, and so nothing that anybody else must.
            Self::User if field.kind == Kind::Agent => field.user.min(Access::Shown),
            Self::Program if field.kind == Kind::Agent => Access::Optional,
            Self::User => field.user,
            Self::Agent => field.agent,
            Self::Program => field.user.max(Access::Optional),
        }
    }
}

/// Checks what was filled in. Fields come in the order they are shown; a condition looks at
/// what was answered before it, so there is no circle to run in. What was typed into a field that
/// is not asked for does not count.
pub fn check(
    fields: &[Field],
    typed: &impl Typed,
    asker: Asker,
    clocks: impl Into<Clocks>,
) -> Outcome {
    let clocks = clocks.into();
    let mut outcome = Outcome::default();
    for field in fields {
        let access = asker.access(field);
        if access == Access::Hidden || !outcome.asks_for(field) {
            continue;
        }
        outcome.asked.push(field.id);
        if !field.kind.takes_answers() || !access.is_asked() {
            continue;
        }
        let given = match field.kind {
            Kind::Files => typed.files(field),
            _ => typed.of(field),
        };
        match answer(field, &given, clocks) {
            Ok(values) if values.is_empty() && access == Access::Required => {
                outcome.tell(field, Problem::Missing);
            }
            Ok(values) if values.is_empty() => {}
            Ok(values) => outcome.answers.push(field.answer(values)),
            Err(problem) => outcome.tell(field, problem),
        }
    }
    outcome
}

impl Outcome {
    fn tell(&mut self, field: &Field, problem: Problem) {
        let field = field.id;
        self.troubles.push(Trouble { field, problem });
    }

    pub(super) fn asks_for(&self, field: &Field) -> bool {
        let Some(condition) = &field.condition else {
            return true;
        };
        let answer = self.answers.iter().find(|it| it.field == condition.field);
        answer.is_some_and(|answer| {
            let is_wanted = |value: &Value| condition.values.contains(&value.text);
            condition.values.is_empty() || answer.values.iter().any(is_wanted)
        })
    }
}

pub(super) fn answer(
    field: &Field,
    typed: &[String],
    clocks: Clocks,
) -> Result<Vec<Value>, Problem> {
    let typed: Vec<&str> = typed.iter().map(|text| text.trim()).collect();
    let filled = typed.iter().copied().filter(|text| !text.is_empty());
    match field.kind {
        Kind::Choice
        | Kind::List
        | Kind::Priority
        | Kind::Department
        | Kind::Agent
        | Kind::State
        | Kind::Flag => chosen(field, filled.collect()),
        Kind::Files => Ok(filled.map(|name| plain(name.to_owned())).collect()),
        Kind::Text
        | Kind::Memo
        | Kind::Email
        | Kind::Phone
        | Kind::Checkbox
        | Kind::Date
        | Kind::Zone
        | Kind::Section
        | Kind::Information => filled
            .take(1)
            .map(|text| one(field, text, clocks))
            .collect(),
    }
    .map(|values| {
        values
            .into_iter()
            .filter(|it| !it.text.is_empty())
            .collect()
    })
}

fn one(field: &Field, typed: &str, clocks: Clocks) -> Result<Value, Problem> {
    match field.kind {
        Kind::Memo => text(
            &without_placeholder(typed).replace('\0', ""),
            field,
            LONGEST_BOX,
        ),
        Kind::Email => address(typed),
        Kind::Phone => phone(field, typed),
        Kind::Checkbox => Ok(checked(typed)),
        Kind::Date => date(field, typed, clocks),
        Kind::Text => line(field, &one_line(typed)),
        Kind::Zone => zone(typed),
        Kind::Choice
        | Kind::List
        | Kind::Priority
        | Kind::Department
        | Kind::Agent
        | Kind::State
        | Kind::Flag
        | Kind::Files
        | Kind::Section
        | Kind::Information => Err(Problem::NotOffered),
    }
}

fn plain(text: String) -> Value {
    Value { text, number: None }
}

fn text(typed: &str, field: &Field, longest: usize) -> Result<Value, Problem> {
    let longest = field.options.longest.unwrap_or(longest).min(longest);
    if typed.chars().count() > longest {
        return Err(Problem::TooLong(longest));
    }
    Ok(plain(typed.to_owned()))
}

fn line(field: &Field, typed: &str) -> Result<Value, Problem> {
    let value = text(typed, field, LONGEST_LINE)?;
    match field.options.validator {
        Validator::None if is_formula(typed) => Err(Problem::Formula),
        Validator::None => Ok(value),
        Validator::Phone => phone(field, typed),
        Validator::Email => address(typed),
        Validator::Ip => match typed.parse::<IpAddr>() {
            Ok(address) => Ok(plain(address.to_string())),
            Err(_) => Err(Problem::NotAnIp),
        },
        Validator::Number => number(typed),
        Validator::Regex => {
            let fits = pattern(&field.options.pattern).is_none_or(|it| it.is_match(typed));
            fits.then_some(value).ok_or(Problem::NotAMatch)
        }
    }
}

/// Whether a spreadsheet would take the text for a formula; a telephone number is none.
pub fn is_formula(text: &str) -> bool {
    let is_telephone = text
        .strip_prefix('+')
        .is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit()));
    text.starts_with(['=', '-', '+', '@']) && !is_telephone
}

/// Numbers with decimals are kept as they are written; whole ones also compare as numbers.
fn number(typed: &str) -> Result<Value, Problem> {
    let unsigned = typed.strip_prefix(['-', '+']).unwrap_or(typed);
    let (whole, decimals) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    if !is_digits(whole) || !is_digits(decimals) || typed.len() > 30 {
        return Err(Problem::NotANumber);
    }
    let largest = tenancy::port::LARGEST_INTEGER;
    let number = typed.parse().ok();
    Ok(Value {
        text: typed.to_owned(),
        number: number.filter(|number: &i64| (-largest..=largest).contains(number)),
    })
}

fn address(typed: &str) -> Result<Value, Problem> {
    let address = EmailAddress::parse(typed).ok_or(Problem::NotAnAddress)?;
    Ok(plain(address.as_str().to_owned()))
}

/// Digits with what people write between them, and an extension behind an `x`.
fn phone(field: &Field, typed: &str) -> Result<Value, Problem> {
    let low = typed.to_ascii_lowercase();
    let (number, extension) = match low.split_once('x') {
        Some((number, extension)) => (number.trim_end(), extension.trim()),
        None => (low.as_str(), ""),
    };
    let is_part = |c: char| c.is_ascii_digit() || " +-./()".contains(c);
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let fewest = field.options.fewest_digits.unwrap_or(7);
    let is_extension = extension.len() <= 10 && extension.bytes().all(|it| it.is_ascii_digit());
    let may_extend = extension.is_empty() || field.options.has_extension;
    let is_number = number.chars().all(is_part) && digits >= fewest && number.len() <= 40;
    if !is_number || !is_extension || !may_extend {
        return Err(Problem::NotAPhone);
    }
    Ok(plain(if extension.is_empty() {
        number.to_owned()
    } else {
        format!("{number} x{extension}")
    }))
}

/// A box that is not checked is not sent at all, or sent as one of the words for no.
fn checked(typed: &str) -> Value {
    let is_no = ["0", "false", "no", "off"].contains(&typed.to_lowercase().as_str());
    let text = if is_no { String::new() } else { "1".to_owned() };
    let number = Some(i64::from(!is_no));
    Value { text, number }
}

/// A day is the same day everywhere; a time is a moment, and stands as the clocks show it. The
/// earliest and the latest are what clocks show, too.
fn date(field: &Field, typed: &str, clocks: Clocks) -> Result<Value, Problem> {
    let (at, shown) = clocks.read(typed).ok_or(Problem::NotADate)?;
    let options = &field.options;
    let (at, shown) = if options.has_time {
        (at, shown)
    } else {
        let day = shown - shown.rem_euclid(86_400_000);
        (day, day)
    };
    if options.earliest.is_some_and(|earliest| shown < earliest) {
        return Err(Problem::TooEarly);
    }
    let is_late = options.latest.is_some_and(|latest| shown > latest);
    if is_late || (options.is_past && shown > clocks.shown(clocks.now.0)) {
        return Err(Problem::TooLate);
    }
    let text = super::day_and_time(shown, options.has_time);
    let number = Some(at);
    Ok(Value { text, number })
}

fn zone(typed: &str) -> Result<Value, Problem> {
    let is_known = zone::Zone::named(typed).is_some();
    is_known
        .then(|| plain(typed.to_owned()))
        .ok_or(Problem::NotOffered)
}

/// What was chosen, by the key or by what people read.
fn chosen(field: &Field, typed: Vec<&str>) -> Result<Vec<Value>, Problem> {
    let choices = field.choices();
    let mut values: Vec<Value> = Vec::new();
    for text in typed {
        let choice = field.choice(&choices, text);
        let (key, label) = choice.ok_or(Problem::NotOffered)?;
        let value = if field.kind == Kind::Choice {
            plain(key.clone())
        } else {
            Value {
                text: label.clone(),
                number: key.parse().ok(),
            }
        };
        if !values.contains(&value) {
            values.push(value);
        }
    }
    match values.len() {
        0 | 1 => Ok(values),
        _ if field.options.is_multiple => Ok(values),
        _ => Err(Problem::NotOffered),
    }
}

#[cfg(test)]
mod tests;
