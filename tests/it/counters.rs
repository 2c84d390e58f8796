//! The counters of queues and users, which triggers keep: after any history they are what counting would give.

use proptest::prelude::*;
use realmdesk_tests::World;

/// Something that happens to a ticket.
#[derive(Clone, Copy, Debug)]
enum Step {
    Open,
    Close,
    Reopen,
    BecomeOverdue,
    GetMoreTime,
    Move(u8),
    Delete,
    /// To another user, as merging two does it.
    GiveTo(u8),
    BeAnswered,
    BeAsked,
    BeAssigned(Option<u8>),
    GoToTeam(Option<u8>),
    /// Several columns at once, as one statement may write them.
    MoveAndClose(u8),
    ReopenOverdue,
}

/// A step for one of eight tickets of one of two tenants.
fn steps() -> impl Strategy<Value = Vec<(u8, u8, Step)>> {
    let step = prop_oneof![
        3 => Just(Step::Open),
        2 => Just(Step::Close),
        2 => Just(Step::Reopen),
        2 => Just(Step::BecomeOverdue),
        1 => Just(Step::GetMoreTime),
        2 => (1..4u8).prop_map(Step::Move),
        1 => Just(Step::Delete),
        1 => (0..2u8).prop_map(Step::GiveTo),
        1 => (1..4u8).prop_map(Step::MoveAndClose),
        1 => Just(Step::ReopenOverdue),
        2 => Just(Step::BeAnswered),
        1 => Just(Step::BeAsked),
        2 => prop::option::of(0..2u8).prop_map(Step::BeAssigned),
        2 => prop::option::of(1..3u8).prop_map(Step::GoToTeam),
    ];
    prop::collection::vec((1..3u8, 0..8u8, step), 1..60)
}

/// The SQL of a step; it changes nothing where the ticket is not there.
fn sql(tenant: u8, ticket: u8, step: Step) -> String {
    let set = |columns: &str| {
        format!(
            "UPDATE ticket SET {columns} WHERE tenant_id = {tenant} AND ticket_id = 't{ticket}'"
        )
    };
    match step {
        Step::Open => format!(
            "INSERT INTO ticket (tenant_id, ticket_id, realm_id, number, user_id, subject, source,
                                 department_id, created_at, updated_at, overdue_at, answered_at,
                                 agent_id, team_id)
             VALUES ({tenant}, 't{ticket}', 1 + {ticket} % 3, 'n{ticket}', 'u0', 's', 'API', 1, 0, 0,
                     CASE WHEN {ticket} % 4 = 0 THEN 1 END, CASE WHEN {ticket} % 3 = 0 THEN 1 END,
                     CASE WHEN {ticket} % 2 = 0 THEN 'a1' END,
                     CASE WHEN {ticket} % 5 = 0 THEN 1 END)
             ON CONFLICT DO NOTHING"
        ),
        Step::Close => set("state = 'closed', closed_at = 1"),
        Step::Reopen => set("state = 'open', closed_at = NULL, overdue_at = NULL"),
        Step::BecomeOverdue => set("overdue_at = 1"),
        Step::GetMoreTime => set("overdue_at = NULL"),
        Step::Move(realm) => set(&format!("realm_id = {realm}")),
        Step::Delete => {
            format!("DELETE FROM ticket WHERE tenant_id = {tenant} AND ticket_id = 't{ticket}'")
        }
        Step::GiveTo(user) => set(&format!("user_id = 'u{user}'")),
        Step::MoveAndClose(realm) => set(&format!(
            "realm_id = {realm}, state = 'closed', closed_at = 1"
        )),
        Step::BeAnswered => set("answered_at = 1"),
        Step::BeAsked => set("answered_at = NULL, updated_at = 1"),
        Step::BeAssigned(agent) => set(&format!(
            "agent_id = {}",
            agent.map_or("NULL".to_owned(), |agent| format!("'a{agent}'"))
        )),
        Step::GoToTeam(team) => set(&format!(
            "team_id = {}",
            team.map_or("NULL".to_owned(), |team| team.to_string())
        )),
        Step::ReopenOverdue => set("state = 'open', closed_at = NULL, overdue_at = 1"),
    }
}

const KEPT: &str = "SELECT tenant_id, realm_id, queue, tickets FROM queue_count
                     WHERE tickets <> 0 ORDER BY 1, 2, 3";
const COUNTED: &str = "SELECT tenant_id, realm_id, queue, count(*)
                         FROM (SELECT tenant_id, realm_id, state AS queue FROM ticket
                                UNION ALL
                               SELECT tenant_id, realm_id, 'overdue' FROM ticket
                                WHERE state = 'open' AND overdue_at IS NOT NULL)
                        GROUP BY 1, 2, 3 ORDER BY 1, 2, 3";
const KEPT_OF_USERS: &str = "SELECT tenant_id, user_id, realm_id, state, tickets FROM user_count
                              WHERE tickets <> 0 ORDER BY 1, 2, 3, 4";
const COUNTED_OF_USERS: &str = "SELECT tenant_id, user_id, realm_id, state, count(*) FROM ticket
                                 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4";

const KEPT_OF_WORK: &str = "SELECT tenant_id, agent_id, team_id, realm_id, tickets FROM work_count
                             ORDER BY 1, 2, 3, 4";
const COUNTED_OF_WORK: &str =
    "SELECT tenant_id, coalesce(agent_id, ''), coalesce(team_id, 0), realm_id, count(*)
                                 FROM ticket
                                WHERE state = 'open'
                                  AND (agent_id IS NOT NULL OR team_id IS NOT NULL)
                                GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4";

/// Where teams' open tickets are.
const KEPT_OF_TEAMS: &str = "SELECT w.tenant_id, w.team_id, e.key, e.value ->> 0, e.value ->> 1
       FROM team_work AS w, json_each(w.realms) AS e WHERE w.block = e.key / 64 ORDER BY 1, 2, 3";
const FOUND_OF_TEAMS: &str =
    "SELECT tenant_id, team_id, CAST(realm_id AS TEXT), min(ticket_id), max(ticket_id)
       FROM ticket WHERE state = 'open' AND team_id IS NOT NULL
      GROUP BY 1, 2, 3 ORDER BY 1, 2, 3";

/// What realms keep beside counts.
const KEPT_OF_REALMS: &str =
    "SELECT tenant_id, realm_id, answered_tickets, newest_open, newest_unanswered, newest_answered,
            newest_overdue, newest_closed, newest_closing, oldest_open, oldest_unanswered,
            oldest_answered, oldest_overdue
       FROM realm ORDER BY 1, 2";
const COUNTED_OF_REALMS: &str = "SELECT r.tenant_id, r.realm_id,
            count(CASE WHEN t.state = 'open' AND t.answered_at IS NOT NULL THEN 1 END),
            max(CASE WHEN t.state = 'open' THEN t.ticket_id END),
            max(CASE WHEN t.state = 'open' AND t.answered_at IS NULL THEN t.ticket_id END),
            max(CASE WHEN t.state = 'open' AND t.answered_at IS NOT NULL THEN t.ticket_id END),
            max(CASE WHEN t.state = 'open' AND t.overdue_at IS NOT NULL THEN t.ticket_id END),
            max(CASE WHEN t.state = 'closed' THEN t.ticket_id END),
            max(CASE WHEN t.state = 'closed'
                     THEN printf('%015d', t.closed_at) || t.ticket_id END),
            min(CASE WHEN t.state = 'open' THEN t.ticket_id END),
            min(CASE WHEN t.state = 'open' AND t.answered_at IS NULL THEN t.ticket_id END),
            min(CASE WHEN t.state = 'open' AND t.answered_at IS NOT NULL THEN t.ticket_id END),
            min(CASE WHEN t.state = 'open' AND t.overdue_at IS NOT NULL THEN t.ticket_id END)
       FROM realm AS r LEFT JOIN ticket AS t
         ON t.tenant_id = r.tenant_id AND t.realm_id = r.realm_id
      GROUP BY 1, 2 ORDER BY 1, 2";

const WHOLE: &str =
    "SELECT tenant_id, open_tickets, overdue_tickets, closed_tickets, answered_tickets
                       FROM tenant_count ORDER BY 1";
const SUMMED: &str =
    "SELECT w.tenant_id, sum(open_tickets), sum(overdue_tickets), sum(closed_tickets),
            sum(answered_tickets)
                        FROM realm AS r JOIN (SELECT tenant_id FROM tenant_count) AS w
                          ON w.tenant_id = r.tenant_id
                       GROUP BY 1 ORDER BY 1";

#[test]
fn counters_are_what_counting_would_give_after_any_history() {
    let world = World::new().tenant("acme").tenant("globex");
    world.execute(
        "INSERT INTO realm (tenant_id, realm_id, parent_id, path, name)
         VALUES (1, 2, 1, 'a0a0', 'x'), (1, 3, 1, 'a0a1', 'y'),
                (2, 2, 1, 'a0a0', 'x'), (2, 3, 1, 'a0a1', 'y');
         INSERT INTO user (tenant_id, user_id, realm_id, email, name, created_at)
         VALUES (1, 'u0', 1, 'a@example.com', 'a', 0), (1, 'u1', 1, 'b@example.com', 'b', 0),
                (2, 'u0', 1, 'a@example.com', 'a', 0), (2, 'u1', 1, 'b@example.com', 'b', 0);
         INSERT INTO agent (tenant_id, agent_id, realm_id, role_id, email, name, created_at)
         VALUES (1, 'a0', 1, 1, 'x@example.com', 'x', 0), (1, 'a1', 1, 1, 'y@example.com', 'y', 0),
                (2, 'a0', 1, 1, 'x@example.com', 'x', 0), (2, 'a1', 1, 1, 'y@example.com', 'y', 0);
         INSERT INTO team (tenant_id, team_id, realm_id, name) VALUES (1, 2, 1, 't'), (2, 2, 1, 't')",
    );
    crate::for_all(100, &steps(), |steps| {
        world.execute("DELETE FROM ticket");
        for (tenant, ticket, step) in steps {
            world.execute(&sql(tenant, ticket, step));
            prop_assert_eq!(world.rows(KEPT), world.rows(COUNTED), "after {:?}", step);
            prop_assert_eq!(world.rows(WHOLE), world.rows(SUMMED), "after {:?}", step);
            let (kept, counted) = (world.rows(KEPT_OF_USERS), world.rows(COUNTED_OF_USERS));
            prop_assert_eq!(kept, counted, "after {:?}", step);
            prop_assert_eq!(
                world.rows(KEPT_OF_TEAMS),
                world.rows(FOUND_OF_TEAMS),
                "{:?}",
                step
            );
            let (kept, counted) = (world.rows(KEPT_OF_WORK), world.rows(COUNTED_OF_WORK));
            prop_assert_eq!(kept, counted, "after {:?}", step);
            let (kept, counted) = (world.rows(KEPT_OF_REALMS), world.rows(COUNTED_OF_REALMS));
            prop_assert_eq!(kept, counted, "after {:?}", step);
        }
        Ok(())
    });
}
