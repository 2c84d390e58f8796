//! The mailed links' SQL.

use tenancy::port::Random;
use tenancy::{Id, Query, RealmId, Scope, Statement, Timestamp, sql};

use super::{HOUR, MOST_AN_HOUR};
use crate::outbox::Letter;
use crate::ticket::{NUMBER_PLACEHOLDER, insert_reference};

/// A ticket and who raised it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketOwner {
    /// The ticket.
    pub ticket: Id,
    /// The user who raised it.
    pub user: Id,
}

/// Finds a ticket by its number and its owner's address, among those of the site's users.
pub fn find_owner(scope: &Scope, number: &str, email: &str) -> Query<TicketOwner> {
    scope
        .local(sql!(
            "SELECT t.ticket_id, t.user_id
               FROM ticket AS t
               JOIN user AS u ON u.tenant_id = t.tenant_id AND u.user_id = t.user_id
              WHERE t.tenant_id = ?1 AND t.number = ?3 AND u.realm_id = ?2 AND u.email = ?4
                AND coalesce(t.shelf, '') <> 'deleted'"
        ))
        .bind(number)
        .bind(email)
        .rows(|row| {
            Ok(TicketOwner {
                ticket: row.get("ticket_id")?,
                user: row.get("user_id")?,
            })
        })
}

/// Counts a link against the hour of the user's address. What is asked for nobody is counted
/// too, under no address, so that either takes a commit and about as long (T-72).
fn count(scope: &Scope, user: &Id, now: Timestamp) -> Statement {
    scope
        .statement(sql!(
            "INSERT INTO mailed_link (tenant_id, address, since_at, links)
             VALUES (?1,
                     coalesce((SELECT u.email FROM user AS u
                                WHERE u.tenant_id = ?1 AND u.user_id = ?2), ''),
                     ?3, 1)
             ON CONFLICT (tenant_id, address) DO UPDATE
                SET links = CASE WHEN since_at > ?4 THEN links + 1 ELSE 1 END,
                    since_at = CASE WHEN since_at > ?4 THEN since_at ELSE ?3 END"
        ))
        .bind(user)
        .bind(now)
        .bind(now + -HOUR)
}

/// Queues a sign-in link for a user, if there is such a user and their hour is not used up. It
/// goes to the address that the database knows.
pub fn mail_sign_in(
    scope: &Scope,
    realm: RealmId,
    user: &Id,
    letter: &Letter,
    now: Timestamp,
    random: &dyn Random,
) -> [Statement; 2] {
    let queued = scope
        .statement(sql!(
            "INSERT INTO outbox (tenant_id, outbox_id, realm_id, next_attempt_at, message_id,
                                 from_name, from_address, to_name, to_address, subject, text_body,
                                 html_body, created_at, is_automatic)
             SELECT u.tenant_id, ?2, ?3, ?5, ?6, ?7, ?8, '', u.email, ?9, ?10, ?11, ?5, 1
               FROM user AS u
               JOIN mailed_link AS m ON m.tenant_id = u.tenant_id AND m.address = u.email
              WHERE u.tenant_id = ?1 AND u.user_id = ?4 AND m.links <= ?12"
        ))
        .bind(Id::new(now, random))
        .bind(realm)
        .bind(user)
        .bind(now)
        .bind(letter.message_id.as_str())
        .bind(letter.from.name.as_str())
        .bind(letter.from.address.as_str())
        .bind(letter.subject.as_str())
        .bind(letter.text.as_str())
        .bind(letter.html.as_str())
        .bind(MOST_AN_HOUR);
    [count(scope, user, now), queued]
}

/// Queues the access link of a ticket for whoever raised it, in the same way.
pub fn mail_ticket(
    scope: &Scope,
    realm: RealmId,
    owner: &TicketOwner,
    letter: &Letter,
    now: Timestamp,
    random: &dyn Random,
) -> [Statement; 3] {
    let queued = scope
        .statement(sql!(
            "INSERT INTO outbox (tenant_id, outbox_id, realm_id, ticket_id, next_attempt_at,
                                 message_id, from_name, from_address, to_name, to_address, subject,
                                 text_body, html_body, created_at, is_automatic)
             SELECT t.tenant_id, ?2, ?3, t.ticket_id, ?5, ?6, ?7, ?8, '', u.email,
                    replace(?9, ?13, t.number), replace(?10, ?13, t.number),
                    replace(?11, ?13, t.number), ?5, 1
               FROM ticket AS t
               JOIN user AS u ON u.tenant_id = t.tenant_id AND u.user_id = t.user_id
               JOIN mailed_link AS m ON m.tenant_id = u.tenant_id AND m.address = u.email
              WHERE t.tenant_id = ?1 AND t.ticket_id = ?4 AND m.links <= ?12"
        ))
        .bind(Id::new(now, random))
        .bind(realm)
        .bind(&owner.ticket)
        .bind(now)
        .bind(letter.message_id.as_str())
        .bind(letter.from.name.as_str())
        .bind(letter.from.address.as_str())
        .bind(letter.subject.as_str())
        .bind(letter.text.as_str())
        .bind(letter.html.as_str())
        .bind(MOST_AN_HOUR)
        .bind(NUMBER_PLACEHOLDER);
    let remembered = insert_reference(scope, &owner.ticket, &letter.message_id, true);
    [count(scope, &owner.user, now), queued, remembered]
}
