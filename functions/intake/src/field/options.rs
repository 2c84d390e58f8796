//! What the kind of a field leaves open, as it was typed.

use desk::file;
use desk::form::{self, Kind, Options, Validator, moment};
use pages::admin::{Problem, Why};

use web::ground::{Typed, written_choices};

/// Something that cannot stand in a field of the page.
pub(super) fn value(field: &'static str) -> Problem {
    let why = Why::Value;
    Problem { why, field }
}

/// The options of a kind; those of other kinds are left empty.
pub(super) fn read(kind: Kind, typed: &Typed) -> Result<Options, Problem> {
    let text = |name: &str| typed.get(name).trim().to_owned();
    let common = Options {
        error: text("error"),
        ..Options::default()
    };
    Ok(match kind {
        Kind::Text => Options {
            longest: count(typed, "longest", form::LONGEST_LINE)?,
            validator: Validator::named(typed.get("validator")).ok_or(value("validator"))?,
            pattern: text("pattern"),
            placeholder: text("placeholder"),
            ..common
        },
        Kind::Memo => Options {
            longest: count(typed, "longest", form::LONGEST_BOX)?,
            rows: count(typed, "rows", 40)?.and_then(|rows| u8::try_from(rows).ok()),
            placeholder: text("placeholder"),
            ..common
        },
        Kind::Phone => Options {
            fewest_digits: count(typed, "digits", 20)?,
            has_extension: typed.is_on("extension"),
            ..common
        },
        Kind::Choice | Kind::List => Options {
            choices: own_choices(kind, typed)?,
            default: text("default"),
            prompt: text("prompt"),
            is_multiple: typed.is_on("multiple"),
            has_typeahead: kind == Kind::List && typed.is_on("typeahead"),
            ..common
        },
        Kind::Date => Options {
            has_time: typed.is_on("time"),
            is_past: typed.is_on("past"),
            earliest: day(typed, "earliest")?,
            latest: day(typed, "latest")?,
            ..common
        },
        Kind::Files => Options {
            rows: count(typed, "most", file::MOST_FILES)?.and_then(|most| u8::try_from(most).ok()),
            longest: count(typed, "largest", file::LARGEST_FILE)?,
            pattern: types(typed)?,
            ..common
        },
        Kind::Information => Options {
            text: text("text"),
            ..common
        },
        Kind::Zone | Kind::Department | Kind::Agent | Kind::State | Kind::Flag => Options {
            prompt: text("prompt"),
            ..common
        },
        Kind::Email | Kind::Checkbox | Kind::Priority | Kind::Section => common,
    })
}

/// Endings of names, and those of whole groups, without their dots.
fn types(typed: &Typed) -> Result<String, Problem> {
    let words = typed.get("types").to_ascii_lowercase();
    let words = words.split([',', ' ', '\n', '\r', '\t', ';']);
    let mut types: Vec<&str> = Vec::new();
    for word in words.map(|word| word.trim_start_matches('.')) {
        let group = file::extensions_of_group(word);
        let named = if group.is_empty() { vec![word] } else { group };
        for ending in named {
            if !ending.is_empty() && !types.contains(&ending) {
                types.push(ending);
            }
        }
    }
    let is_ending =
        |word: &&str| word.len() <= 16 && word.bytes().all(|it| it.is_ascii_alphanumeric());
    if types.len() > 100 || !types.iter().all(is_ending) {
        return Err(value("types"));
    }
    Ok(types.join(","))
}

fn own_choices(kind: Kind, typed: &Typed) -> Result<Vec<(String, String)>, Problem> {
    if kind == Kind::List {
        return Ok(Vec::new());
    }
    let (why, field) = (Why::Choices, "choices");
    written_choices(typed.get("choices")).ok_or(Problem { why, field })
}

fn count(typed: &Typed, name: &'static str, most: usize) -> Result<Option<usize>, Problem> {
    match typed.get(name).trim() {
        "" => Ok(None),
        text => {
            let count = text.parse().ok().filter(|count| (1..=most).contains(count));
            count.map(Some).ok_or(value(name))
        }
    }
}

fn day(typed: &Typed, name: &'static str) -> Result<Option<i64>, Problem> {
    match typed.get(name).trim() {
        "" => Ok(None),
        text => moment(text).map(Some).ok_or(value(name)),
    }
}
