//! What is kept of programs' calls, as SQL.

use tenancy::principal::ApiKey;
use tenancy::{Door, Id, Query, Scope, Statement, Timestamp, sql};

use super::{Answered, KEPT_FOR, MINUTE, Once};
use crate::ticket::NUMBER_PLACEHOLDER;

/// Counts a call of the key behind a door, and tells how many it made in this minute.
pub fn count_call(scope: &Scope, door: &Door, now: Timestamp) -> Query<i64> {
    scope
        .statement(sql!(
            "INSERT INTO call_count (tenant_id, key_hash, minute_at, calls)
             SELECT k.tenant_id, k.key_hash, ?3, 1
               FROM api_key AS k
              WHERE k.tenant_id = ?1 AND k.key_hash = ?2
             ON CONFLICT (tenant_id, key_hash) DO UPDATE SET
               calls = iif(minute_at = excluded.minute_at, calls + 1, 1),
               minute_at = excluded.minute_at
             RETURNING calls"
        ))
        .bind(door.key())
        .bind(now.0 - now.0.rem_euclid(MINUTE))
        .rows(|row| row.get("calls"))
}

/// What a call under the same `Idempotency-Key` was answered.
pub fn find_answered(scope: &Scope, door: &Door, once: &Once, now: Timestamp) -> Query<Answered> {
    scope
        .statement(sql!(
            "SELECT a.location, a.body, a.fingerprint
               FROM answered_call AS a
              WHERE a.tenant_id = ?1 AND a.key_hash = ?2 AND a.idempotency_key = ?3
                AND a.answered_at > ?4"
        ))
        .bind(door.key())
        .bind(once.key.as_str())
        .bind(now + -KEPT_FOR)
        .rows(|row| {
            Ok(Answered {
                location: row.get("location")?,
                body: row.get("body")?,
                fingerprint: row.get("fingerprint")?,
            })
        })
}

/// Keeps an answer about a ticket, its number put where the placeholder stands, and forgets some
/// that are older than is promised. A second call under the same key refuses its whole batch.
pub fn keep_answer(
    scope: &Scope,
    key: &ApiKey,
    once: &Once,
    answer: (&str, &str),
    ticket: Option<&Id>,
    now: Timestamp,
) -> [Statement; 2] {
    let forgotten = scope
        .statement(sql!(
            "DELETE FROM answered_call
              WHERE tenant_id = ?1 AND key_hash = ?2 AND +answered_at <= ?3
                AND idempotency_key IN
                    (SELECT ?4
                     UNION ALL
                     SELECT old.idempotency_key
                       FROM (SELECT a.idempotency_key
                               FROM answered_call AS a INDEXED BY answered_call_by_age
                              WHERE a.tenant_id = ?1 AND a.key_hash = ?2 AND a.answered_at <= ?3
                              ORDER BY a.answered_at
                              LIMIT 20) AS old)"
        ))
        .bind(key.hash.as_str())
        .bind(now + -KEPT_FOR)
        .bind(once.key.as_str());
    let (location, body) = answer;
    let kept = scope
        .statement(sql!(
            "INSERT INTO answered_call (tenant_id, key_hash, idempotency_key, fingerprint,
                                        location, body, answered_at)
             VALUES (?1, ?2, ?3, ?4,
                     replace(?5, ?8, coalesce((SELECT t.number FROM ticket AS t
                                                WHERE t.tenant_id = ?1 AND t.ticket_id = ?9), '')),
                     replace(?6, ?8, coalesce((SELECT t.number FROM ticket AS t
                                                WHERE t.tenant_id = ?1 AND t.ticket_id = ?9), '')),
                     ?7)"
        ))
        .bind(key.hash.as_str())
        .bind(once.key.as_str())
        .bind(once.fingerprint.as_str())
        .bind(location)
        .bind(body)
        .bind(now)
        .bind(NUMBER_PLACEHOLDER)
        .bind(ticket);
    [forgotten, kept]
}
