//! The outbox's SQL.

use tenancy::platform::Platform;
use tenancy::port::Random;
use tenancy::scope::Query;
use tenancy::{Id, RealmId, Scope, Statement, TenantId, Timestamp, platform_sql, sql};

use super::{Correspondent, Letter};
use crate::ticket::{NUMBER_PLACEHOLDER, insert_reference};

/// Queues a letter about a ticket, puts the ticket's number where the placeholder stands, and
/// remembers the letter's Message-ID as part of the thread.
pub(crate) fn queue(
    scope: &Scope,
    realm: RealmId,
    ticket: &Id,
    letter: &Letter,
    now: Timestamp,
    random: &dyn Random,
) -> [Statement; 2] {
    let id = Id::new(now, random);
    let queued = scope
        .statement(sql!(
            "INSERT INTO outbox (tenant_id, outbox_id, realm_id, ticket_id, next_attempt_at,
                                 message_id, in_reply_to, from_name, from_address, to_name,
                                 to_address, subject, text_body, html_body, created_at,
                                 is_automatic)
             SELECT t.tenant_id, ?2, ?3, t.ticket_id, ?5, ?6, ?7, ?8, ?9, ?10, ?11,
                    replace(?12, ?15, t.number), replace(?13, ?15, t.number),
                    replace(?14, ?15, t.number), ?5, ?16
               FROM ticket AS t
              WHERE t.tenant_id = ?1 AND t.ticket_id = ?4"
        ))
        .bind(&id)
        .bind(realm)
        .bind(ticket)
        .bind(now)
        .bind(letter.message_id.as_str())
        .bind(letter.in_reply_to.as_deref())
        .bind(letter.from.name.as_str())
        .bind(letter.from.address.as_str())
        .bind(letter.to.name.as_str())
        .bind(letter.to.address.as_str())
        .bind(letter.subject.as_str())
        .bind(letter.text.as_str())
        .bind(letter.html.as_str())
        .bind(NUMBER_PLACEHOLDER)
        .bind(letter.is_automatic);
    [
        queued,
        insert_reference(scope, ticket, &letter.message_id, true),
    ]
}

/// The tenants that have mail to send now, each once.
pub(super) fn tenants_with_mail(platform: &Platform, now: Timestamp) -> Query<TenantId> {
    platform
        .statement(platform_sql!(
            "SELECT DISTINCT o.tenant_id
               FROM outbox AS o INDEXED BY outbox_queued
              WHERE o.state = 'queued' AND o.next_attempt_at <= ?1
              LIMIT 100"
        ))
        .bind(now)
        .rows(|row| row.get("tenant_id"))
}

/// A letter that is being delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    /// Its row.
    pub(super) id: Id,
    /// The address it goes to.
    pub(super) to: String,
    /// Whether no person wrote it and nobody has proved the address.
    pub(super) is_counted: bool,
    /// Whether it is about a ticket; otherwise somebody wants to sign in.
    pub(super) is_about_ticket: bool,
}

/// Takes letters to deliver, and keeps other sweeps off them until `lease_until`.
pub(super) fn take(scope: &Scope, now: Timestamp, lease_until: Timestamp) -> Query<Taken> {
    scope
        .statement(sql!(
            "UPDATE outbox
                SET next_attempt_at = ?3, attempts = attempts + 1
              WHERE tenant_id = ?1 AND outbox_id IN
                    (SELECT o.outbox_id FROM outbox AS o INDEXED BY outbox_next
                      WHERE o.tenant_id = ?1 AND o.state = 'queued' AND o.next_attempt_at <= ?2
                      LIMIT 200)
             RETURNING outbox_id, to_address,
                       is_automatic = 1
                       AND NOT EXISTS (SELECT 1 FROM user AS u
                                        WHERE u.tenant_id = ?1 AND u.email = to_address
                                          AND u.link_epoch > 1) AS is_counted,
                       ticket_id IS NOT NULL AS is_about_ticket"
        ))
        .bind(now)
        .bind(lease_until)
        .rows(|row| {
            Ok(Taken {
                id: row.get("outbox_id")?,
                to: row.get("to_address")?,
                is_counted: row.get("is_counted")?,
                is_about_ticket: row.get("is_about_ticket")?,
            })
        })
}

/// Marks letters as sent.
pub(super) fn mark_sent(scope: &Scope, ids: &[&Id], now: Timestamp) -> Statement {
    scope
        .statement(sql!(
            "UPDATE outbox SET state = 'sent', sent_at = ?3, last_error = NULL
              WHERE tenant_id = ?1 AND outbox_id IN (SELECT value FROM json_each(?2))"
        ))
        .bind(serde_json::to_string(ids).unwrap_or_default())
        .bind(now)
}

/// Marks letters as such that are never sent, and says why.
pub(super) fn mark_dead(scope: &Scope, ids: &[Id], why: &str) -> Statement {
    scope
        .statement(sql!(
            "UPDATE outbox SET state = 'dead', last_error = ?3
              WHERE tenant_id = ?1 AND outbox_id IN (SELECT value FROM json_each(?2))"
        ))
        .bind(serde_json::to_string(ids).unwrap_or_default())
        .bind(why)
}

/// Queues a letter that belongs to no ticket.
pub fn post(
    scope: &Scope,
    realm: RealmId,
    letter: &Letter,
    now: Timestamp,
    random: &dyn Random,
) -> Statement {
    scope
        .statement(sql!(
            "INSERT INTO outbox (tenant_id, outbox_id, realm_id, next_attempt_at, message_id,
                                 from_name, from_address, to_name, to_address, subject, text_body,
                                 html_body, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?4)"
        ))
        .bind(Id::new(now, random))
        .bind(realm)
        .bind(now)
        .bind(letter.message_id.as_str())
        .bind(letter.from.name.as_str())
        .bind(letter.from.address.as_str())
        .bind(letter.to.name.as_str())
        .bind(letter.to.address.as_str())
        .bind(letter.subject.as_str())
        .bind(letter.text.as_str())
        .bind(letter.html.as_str())
}

/// A mail that was delivered to the `capture` transport.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Captured {
    /// Its row.
    pub id: Id,
    /// Who it is from.
    pub from: Correspondent,
    /// Who it is for.
    pub to: Correspondent,
    /// Its subject.
    pub subject: String,
    /// Its plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// Its Message-ID, without angle brackets.
    pub message_id: String,
    /// When it was sent.
    pub sent_at: Timestamp,
}

/// The newest captured mails of the tenant.
pub fn captured(scope: &Scope) -> Query<Captured> {
    scope
        .statement(sql!(
            "SELECT o.outbox_id, o.from_name, o.from_address, o.to_name, o.to_address, o.subject,
                    o.text_body, o.html_body, o.message_id, o.sent_at
               FROM outbox AS o
              WHERE o.tenant_id = ?1 AND o.state = 'sent'
              ORDER BY o.outbox_id DESC
              LIMIT 100"
        ))
        .rows(|row| {
            Ok(Captured {
                id: row.get("outbox_id")?,
                from: Correspondent {
                    name: row.get("from_name")?,
                    address: row.get("from_address")?,
                },
                to: Correspondent {
                    name: row.get("to_name")?,
                    address: row.get("to_address")?,
                },
                subject: row.get("subject")?,
                text: row.get("text_body")?,
                html: row.get("html_body")?,
                message_id: row.get("message_id")?,
                sent_at: row.get("sent_at")?,
            })
        })
}
