//! How many letters an address is sent that nobody has proved, by all tenants together: whoever
//! types other people's addresses into forms must not be able to flood them (U-32).
//!
//! Only letters that no person wrote count. What agents write always goes out, and so does what
//! goes to somebody who has opened a link of ours.

use std::collections::BTreeMap;

use serde_json::json;
use tenancy::platform::Platform;
use tenancy::port::DbError;
use tenancy::token::content_address;
use tenancy::{Id, Query, Runtime, Timestamp, platform_sql};

use super::store::Taken;

/// How many of them an address is sent within a day.
pub const MOST_A_DAY: i64 = 20;
/// A day, in milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1000;

/// Counts letters that are about to go out against their recipients' days, and tells which of
/// them are too many.
///
/// # Errors
/// The database's; then nothing was counted.
pub(super) async fn spend(
    runtime: &Runtime,
    letters: &[Taken],
    now: Timestamp,
) -> Result<Vec<Id>, DbError> {
    let counted: Vec<(String, &Id)> = letters
        .iter()
        .filter(|letter| letter.is_counted)
        .map(|letter| (recipient(letter), &letter.id))
        .collect();
    if counted.is_empty() {
        return Ok(Vec::new());
    }
    let recipients: Vec<&String> = counted.iter().map(|(recipient, _)| recipient).collect();
    let platform = Platform::new(runtime);
    let spent = count(&platform, &json!(recipients).to_string(), now);
    let (_, spent) = platform.read((forget(&platform, now), spent)).await?;
    Ok(too_many(&counted, &spent))
}

/// What a letter counts against. Links to sign in have a count of their own, so that nobody is kept
/// out by tickets that others open in their name.
fn recipient(letter: &Taken) -> String {
    let what = if letter.is_about_ticket {
        "ticket"
    } else {
        "sign-in"
    };
    content_address(format!("{what} {}", letter.to).as_bytes())
}

/// The letters behind the last that a recipient's day has room for.
fn too_many(counted: &[(String, &Id)], spent: &[(String, i64)]) -> Vec<Id> {
    let mut left: BTreeMap<&str, i64> = BTreeMap::new();
    for (recipient, letters) in spent {
        let after = left.entry(recipient).or_default();
        *after = (*after).max(*letters);
    }
    let mut over = Vec::new();
    for (recipient, id) in counted.iter().rev() {
        let letters = left.entry(recipient).or_default();
        if *letters > MOST_A_DAY {
            over.push((*id).clone());
        }
        *letters -= 1;
    }
    over
}

fn count(platform: &Platform, recipients: &str, now: Timestamp) -> Query<(String, i64)> {
    platform
        .statement(platform_sql!(
            "INSERT INTO recipient_budget (recipient, since_at, letters)
             SELECT r.value, ?2, 1 FROM json_each(?1) AS r WHERE 1 = 1
             ON CONFLICT (recipient) DO UPDATE
                SET letters = letters + 1
             RETURNING recipient, letters"
        ))
        .bind(recipients)
        .bind(now)
        .rows(|row| Ok((row.get("recipient")?, row.get("letters")?)))
}

/// Forgets the days that are over.
fn forget(platform: &Platform, now: Timestamp) -> Query<()> {
    platform
        .statement(platform_sql!(
            "DELETE FROM recipient_budget WHERE since_at <= ?1"
        ))
        .bind(now + -DAY)
        .rows(|_| Ok(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_letters_of_a_day_are_too_many() {
        let ids: Vec<Id> = (0..4)
            .map(|last| Id::parse(&format!("018bcfe5-6800-7707-8707-07070707070{last}")).unwrap())
            .collect();
        let counted: Vec<_> = ["a", "b", "a", "a"]
            .map(str::to_owned)
            .into_iter()
            .zip(&ids)
            .collect();
        let spent = |a: i64| {
            let all = [("a", a - 1), ("b", 1), ("a", a), ("a", a - 2)];
            all.map(|(recipient, letters)| (recipient.to_owned(), letters))
        };
        assert_eq!(too_many(&counted, &spent(MOST_A_DAY)), []);
        assert_eq!(too_many(&counted, &spent(MOST_A_DAY + 1)), [ids[3].clone()]);
        let all = [ids[3].clone(), ids[2].clone(), ids[0].clone()];
        assert_eq!(too_many(&counted, &spent(MOST_A_DAY + 9)), all);
    }
}
