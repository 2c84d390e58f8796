//! The fields of forms in a call, under the names osTicket knows them by.

use desk::form::{Field, Kind, Problem, Purpose, Trouble, Typed};
use desk::ticket::Priority;
use serde_json::Value;

use super::Problem as Told;
use super::fields::{CLIENT, Fields};

impl Typed for Fields {
    fn of(&self, field: &Field) -> Vec<String> {
        let texts = self.plain.get(&field.name).map(texts).unwrap_or_default();
        match field.kind {
            Kind::Priority => {
                // A priority that does not exist counts as none, as it always did.
                let is_one = |text: &String| text.parse().ok().and_then(Priority::of_id).is_some();
                texts.into_iter().filter(is_one).collect()
            }
            Kind::Phone => texts.iter().map(|text| telephone(text)).collect(),
            _ => texts,
        }
    }
}

/// A telephone number as it was written, unless that has words in it: of these osTicket reads the
/// digits alone, and the `X` that begins an extension.
fn telephone(text: &str) -> String {
    let text = text.to_ascii_uppercase();
    let is_read = |c: char| c.is_ascii_digit() || c == 'X';
    if text.chars().all(|c| is_read(c) || " +-./()".contains(c)) {
        return text;
    }
    let read = text.replace(|c| !is_read(c), "");
    if read.is_empty() { text } else { read }
}

/// The texts of a value; of several choices, those of a list or of an object's keys.
pub(super) fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Number(number) => vec![number.to_string()],
        Value::Bool(flag) => vec![if *flag { "1" } else { "0" }.to_owned()],
        Value::Array(values) => values.iter().take(MOST_VALUES).flat_map(texts).collect(),
        Value::Object(fields) => fields.keys().take(MOST_VALUES).cloned().collect(),
        Value::Null => Vec::new(),
    }
}

/// Most values of one field that are looked at.
const MOST_VALUES: usize = 200;

/// What is wrong with fields, as osTicket tells it: under the field's id; of the user's own fields
/// only that something is.
pub(super) fn troubles(form: &[Field], troubles: &[Trouble]) -> Vec<Told> {
    let tell = |trouble: &Trouble| {
        let field = form.iter().find(|field| field.id == trouble.field)?;
        if field.purpose == Purpose::User {
            return Some((CLIENT.0.into(), CLIENT.1.into()));
        }
        let words = words(field, trouble.problem);
        Some((field.id.to_string().into(), words.into()))
    };
    let mut told: Vec<Told> = troubles.iter().filter_map(tell).collect();
    told.dedup();
    told
}

fn words(field: &Field, problem: Problem) -> String {
    let own = &field.options.error;
    match problem {
        Problem::Missing => format!("{} is a required field", field.label),
        _ if !own.is_empty() => own.clone(),
        Problem::TooLong(max) => format!("Value cannot be longer than {max} characters"),
        Problem::NotAnAddress => "Enter a valid email address".to_owned(),
        Problem::NotAPhone => "Enter a valid phone number".to_owned(),
        Problem::NotAnIp => "Enter a valid IP address".to_owned(),
        Problem::NotANumber => "Enter a number".to_owned(),
        Problem::NotAMatch => "Value does not match required pattern".to_owned(),
        Problem::NotADate => "Enter a valid date".to_owned(),
        Problem::TooEarly => "Selected date is earlier than permitted".to_owned(),
        Problem::TooLate => "Selected date is later than permitted".to_owned(),
        Problem::NotOffered => "Unknown or invalid input".to_owned(),
        Problem::Formula => {
            "Content cannot start with the following characters: = - + @".to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::telephone;

    #[test]
    fn of_a_telephone_number_with_words_only_the_digits_are_read() {
        for (written, read) in [
            ("0171/123 45-67", "0171/123 45-67"),
            ("318-555-8634x123", "318-555-8634X123"),
            ("(318) 555-8634 ext. 12", "3185558634X12"),
            ("555-1234 at home", "5551234"),
            ("n/a", "N/A"),
            ("", ""),
        ] {
            assert_eq!(telephone(written), read);
        }
    }
}
