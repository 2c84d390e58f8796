//! What triggers keep about each realm's newest and oldest tickets is what a look at all of them finds.

use proptest::prelude::*;
use realmdesk_tests::World;

/// The statement of one change; tickets are named by their place.
fn change(kind: u8, ticket: usize, realm: i64) -> String {
    let of = format!("WHERE ticket_id = 't{ticket:03}'");
    match kind {
        0 => format!("UPDATE ticket SET state = 'closed', closed_at = 1 {of}"),
        1 => format!("UPDATE ticket SET state = 'open', closed_at = NULL, overdue_at = NULL {of}"),
        2 => format!("UPDATE ticket SET overdue_at = 1 {of}"),
        3 => format!("UPDATE ticket SET realm_id = {realm} {of}"),
        4 => format!("DELETE FROM ticket {of}"),
        _ => format!(
            "INSERT OR IGNORE INTO ticket (tenant_id, ticket_id, realm_id, number, user_id, subject,
                                           source, department_id, created_at, updated_at, overdue_at)
             VALUES (1, 't{ticket:03}', {realm}, {ticket}, 'u', 'S', 'Web', 1, 0, 0,
                     CASE WHEN {ticket} % 2 THEN 1 END)"
        ),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_realms_newest_and_oldest_tickets_are_those(
        changes in proptest::collection::vec((0..9_u8, 0..12_usize, 1..4_i64), 1..60),
    ) {
        let world = World::new().tenant("acme");
        world.execute("INSERT INTO realm (tenant_id, realm_id, parent_id, path, name)
                       VALUES (1, 2, 1, 'a0a0', 'A'), (1, 3, 1, 'a0a1', 'B');
                       INSERT INTO user (tenant_id, user_id, realm_id, email, name, created_at)
                       VALUES (1, 'u', 1, 'u@x.example', 'U', 0)");
        for (kind, ticket, realm) in changes {
            world.execute(&change(kind, ticket, realm));
        }
        let kept = world.rows("SELECT realm_id, newest_open, newest_overdue, newest_closed,
                                       oldest_open, oldest_overdue
                                 FROM realm ORDER BY realm_id");
        let found = world.rows(
            "SELECT r.realm_id, max(t.ticket_id) FILTER (WHERE t.state = 'open'),
                    max(t.ticket_id) FILTER (WHERE t.state = 'open' AND t.overdue_at IS NOT NULL),
                    max(t.ticket_id) FILTER (WHERE t.state = 'closed'),
                    min(t.ticket_id) FILTER (WHERE t.state = 'open'),
                    min(t.ticket_id) FILTER (WHERE t.state = 'open' AND t.overdue_at IS NOT NULL)
               FROM realm AS r LEFT JOIN ticket AS t ON t.realm_id = r.realm_id
              GROUP BY r.realm_id ORDER BY r.realm_id",
        );
        prop_assert_eq!(kept, found);
    }
}
