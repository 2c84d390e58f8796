//! A tenant with a large tree, made outside the product, which would take too long.

use realmdesk_tests::{DAY, World};
use rusqlite::{Connection, params};
use tenancy::realm::Path;
use tenancy::{Id, Sight};

use crate::Outcome;
use crate::tenancy::Sees;

/// A world with the tenant `acme` and a viewer in it.
pub(crate) struct Large {
    pub(crate) world: World,
    pub(crate) realms: usize,
    pub(crate) tickets: usize,
    pub(crate) viewer: Id,
}

/// The viewer's own realm, away from the tree.
const BOOTH: usize = 999_999;
/// How deep the tree is.
const DEPTH: usize = 12;
const QUARTERS: usize = 4;

impl Large {
    pub(crate) fn new(realms: usize, tickets: usize) -> Outcome<Self> {
        let world = World::new().tenant("acme");
        let viewer = world.rows("SELECT agent_id FROM agent").remove(0);
        let viewer = Id::parse(&viewer).ok_or("an agent's id is a UUID")?;
        let now = world.now().0;
        world
            .sqlite
            .with(|connection| fill(connection, realms, tickets, now))?;
        Ok(Self {
            world,
            realms,
            tickets,
            viewer,
        })
    }

    /// How many realms a sight takes in.
    pub(crate) fn count(&self, sight: &Sight) -> i64 {
        self.world.number(&format!(
            "SELECT count(*) FROM json_each('{}') AS s, realm AS r
              WHERE r.path >= s.value ->> 0 AND r.path < s.value ->> 1",
            sight.to_json()
        ))
    }

    /// Changes what the viewer sees.
    pub(crate) fn stand(&self, sees: Sees) {
        let viewer = &self.viewer;
        self.world
            .execute("DELETE FROM agent_grant; DELETE FROM restriction;");
        let granted: Vec<usize> = match sees {
            Sees::Some(some) => (0..some)
                .map(|it| first_of(self.realms, 0) + 40 + 3 * it)
                .filter(|realm| *realm < first_of(self.realms, 1))
                .collect(),
            Sees::Quarters(quarters) => quarters
                .iter()
                .map(|it| first_of(self.realms, *it))
                .collect(),
            Sees::Holes => (0..QUARTERS).map(|it| first_of(self.realms, it)).collect(),
        };
        for realm in granted {
            self.world.execute(&format!(
                "INSERT INTO agent_grant (tenant_id, agent_id, realm_id) VALUES (1, '{viewer}', {realm})"
            ));
        }
        if matches!(sees, Sees::Holes) {
            self.world.execute(
                "INSERT INTO restriction (tenant_id, realm_id, role_id)
                 SELECT tenant_id, realm_id, 3 FROM realm
                  WHERE tenant_id = 1 AND realm_id > 1 AND realm_id % 10 = 0 LIMIT 1000",
            );
        }
    }
}

/// The realm at the top of a quarter.
fn first_of(realms: usize, quarter: usize) -> usize {
    2 + quarter * (realms / QUARTERS)
}

fn fill(
    connection: &mut Connection,
    realms: usize,
    tickets: usize,
    now: i64,
) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    transaction.execute_batch(&format!(
        "INSERT INTO realm (tenant_id, realm_id, path, name) VALUES (1, {BOOTH}, 'z', 'Booth');
         UPDATE agent SET realm_id = {BOOTH};
         INSERT INTO team_member (tenant_id, team_id, agent_id)
         SELECT tenant_id, 1, agent_id FROM agent;
         INSERT INTO user (tenant_id, user_id, realm_id, email, name, created_at)
         VALUES (1, 'u', 1, 'u@acme.example', 'Ula', 0);"
    ))?;
    grow(&transaction, realms)?;
    write(&transaction, realms, tickets, now)?;
    transaction.commit()
}

/// Four trees of the same shape below the root: each realm hangs below one a few before it.
fn grow(connection: &Connection, realms: usize) -> rusqlite::Result<()> {
    let mut insert = connection.prepare(
        "INSERT INTO realm (tenant_id, realm_id, parent_id, path, name) VALUES (1, ?1, ?2, ?3, 'R')",
    )?;
    let root = Path::root(0);
    for quarter in 0..QUARTERS {
        let first = first_of(realms, quarter);
        let mut paths = vec![root.child(u32::try_from(quarter).unwrap_or(0))];
        let mut children = vec![0];
        insert.execute(params![number(first), 1, paths[0].as_str()])?;
        for realm in 1..realms / QUARTERS {
            let mut parent = drawn(realm) % realm;
            while paths[parent].ancestors().len() + 2 > DEPTH {
                parent /= 2;
            }
            let path = paths[parent].child(children[parent]);
            insert.execute(params![
                number(first + realm),
                number(first + parent),
                path.as_str()
            ])?;
            children[parent] += 1;
            children.push(0);
            paths.push(path);
        }
    }
    Ok(())
}

/// Each quarter's tickets are newer than those of the quarters before. One in three is closed, all
/// of them within a year; of the others one in ten is overdue, two in three are answered, one in
/// five is the viewer's team's and one in 5,000 the viewer's own. Realms differ in how many they
/// have.
fn write(connection: &Connection, realms: usize, tickets: usize, now: i64) -> rusqlite::Result<()> {
    let mut insert = connection.prepare(
        "INSERT INTO ticket (tenant_id, ticket_id, realm_id, number, user_id, subject, source, state,
                             department_id, created_at, updated_at, closed_at, overdue_at,
                             answered_at, team_id, agent_id)
         VALUES (1, ?1, ?2, ?3, 'u', 'Printer on fire', 'Web', ?4, 1, ?3, ?3, ?5, ?6, ?7, ?8,
                 iif(?9, (SELECT agent_id FROM agent), NULL))",
    )?;
    let share = realms / QUARTERS;
    let apart = 360 * DAY / number(tickets);
    for ticket in 0..tickets {
        let quarter = ticket * QUARTERS / tickets;
        let realm =
            first_of(realms, quarter) + (drawn(ticket) % share).min(drawn(ticket * 7 + 3) % share);
        let is_closed = ticket % 3 == 0;
        insert.execute(params![
            format!("018bcfe5-6800-7707-8707-{ticket:012x}"),
            number(realm),
            number(ticket),
            if is_closed { "closed" } else { "open" },
            is_closed.then_some(now - number(tickets - ticket) * apart),
            (!is_closed && ticket % 10 == 1).then_some(1),
            (!drawn(ticket).is_multiple_of(3)).then_some(1),
            (ticket % 5 == 2).then_some(1),
            ticket % 5_000 == 11,
        ])?;
    }
    Ok(())
}

fn number(index: usize) -> i64 {
    i64::try_from(index).unwrap_or(i64::MAX)
}

/// A number that is the same in every run (`SplitMix64`'s mixing).
fn drawn(from: usize) -> usize {
    let mut mixed = u64::try_from(from)
        .unwrap_or(0)
        .wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed ^= mixed >> 27;
    usize::try_from(mixed >> 1).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tenant_fits_the_schema() {
        let large = Large::new(40, 100).unwrap();
        for sees in [Sees::Some(2), Sees::Quarters(&[0, 1]), Sees::Holes] {
            large.stand(sees);
        }
        assert_eq!(large.world.number("SELECT count(*) FROM ticket"), 100);
    }
}
