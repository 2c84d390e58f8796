//! Who works in a department or is in a team, as far as the administrator sees them.

use desk::agent::member::Member;
use pages::admin::{Problem, StaffRow, Why};
use serde_json::{Value, json};
use tenancy::token::content_address;
use web::ground::{Ground, Typed};

pub(crate) fn rows<'m>(ground: &Ground, members: &'m [Member]) -> Vec<StaffRow<'m>> {
    let seen = members.iter().filter(|it| ground.holds(&it.path));
    seen.map(row).collect()
}

fn row(member: &Member) -> StaffRow<'_> {
    StaffRow {
        id: member.id.as_str(),
        name: &member.name,
        email: &member.email,
        role: member.role.as_deref().unwrap_or_default(),
    }
}

pub(crate) fn json(rows: &[StaffRow<'_>]) -> Value {
    let row = |it: &StaffRow<'_>| json!({ "id": it.id, "name": it.name, "email": it.email });
    rows.iter().map(row).collect::<Vec<_>>().into()
}

/// Tells what stands in a form as it is from whatever stands there later.
pub(crate) fn reading(now: &Typed) -> String {
    let fields = now
        .0
        .iter()
        .map(|(name, value)| format!("{name}={value}\n"));
    content_address(fields.collect::<String>().as_bytes())
}

/// What a form would post if nothing were changed.
pub(crate) fn typed<const N: usize>(fields: [(&str, &str); N]) -> Typed {
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    Typed(fields.map(owned).into())
}

pub(crate) fn box_of(is_on: bool) -> &'static str {
    if is_on { "1" } else { "" }
}

/// The number that a text is; none that anything has, where it is no number.
pub(crate) fn number(id: &str) -> i64 {
    id.parse::<u32>().map_or(0, i64::from)
}

/// Refuses what was decided on an older reading, or on none: whoever changes or removes something
/// says what they have seen of it.
pub(crate) fn is_current(typed: &Typed, now: &Typed) -> Result<(), Problem> {
    let why = match typed.get("reading") {
        "" => Why::Unread,
        read if read == reading(now) => return Ok(()),
        _ => Why::Stale,
    };
    Err(Problem { why, field: "" })
}
