//! The SQL audit: every statement of the product keeps to its tenant and never scans a table of
//! tenants' rows.
//!
//! What each statement says and how it is run is kept beside this file, so that a change of
//! either is seen in review.

mod anchors;
mod plans;
pub(crate) mod statements;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use desk::queue::{Listing, Queue, Turn};
use realmdesk_tests::World;

use self::plans::Plans;
use self::statements::{Found, Maker};

/// Every table that holds tenants' rows.
fn tenant_tables(world: &World) -> BTreeSet<String> {
    let tables = world.rows(
        "SELECT t.name FROM pragma_table_list AS t
          WHERE t.schema = 'main' AND t.type = 'table'
            AND EXISTS (SELECT 1 FROM pragma_table_info(t.name) AS c WHERE c.name = 'tenant_id')",
    );
    assert!(tables.len() > 20, "the schema is not where it was");
    tables.into_iter().collect()
}

#[test]
fn every_statement_keeps_to_its_tenant() {
    let tables = tenant_tables(&World::new());
    let mut refused = Vec::new();
    for found in statements::all() {
        if found.maker == Maker::Platform {
            continue;
        }
        for problem in anchors::problems(&found.text, &tables) {
            refused.push(format!("{} {}: {problem}", found.file, found.function));
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

#[test]
fn the_audit_refuses_what_does_not_keep_to_its_tenant() {
    let tables = tenant_tables(&World::new());
    let bad = [
        // No tenant at all.
        "SELECT t.number FROM ticket AS t WHERE t.number = ?2",
        // The tenant is only one of two ways to match.
        "SELECT t.number FROM ticket AS t WHERE t.tenant_id = ?1 OR t.number = ?2",
        // The joined table is not bound.
        "SELECT t.number, u.name FROM ticket AS t JOIN user AS u ON u.user_id = t.user_id
          WHERE t.tenant_id = ?1",
        // An outer join's condition does not bind the table on its left.
        "SELECT t.number FROM ticket AS t LEFT JOIN user AS u ON t.tenant_id = ?1
            AND u.tenant_id = ?1",
        // Bound to each other, but neither to the tenant.
        "SELECT t.number FROM ticket AS t JOIN user AS u ON u.tenant_id = t.tenant_id",
        // The subquery is not bound.
        "SELECT t.number FROM ticket AS t WHERE t.tenant_id = ?1
            AND EXISTS (SELECT 1 FROM entry AS e WHERE e.ticket_id = t.ticket_id)",
        // Bound to an alias that the subquery declares anew.
        "SELECT t.number FROM ticket AS t WHERE t.tenant_id = ?1
            AND EXISTS (SELECT 1 FROM ticket AS t JOIN user AS u ON u.tenant_id = t.tenant_id)",
        // A common table that takes a tenant table's name.
        "WITH ticket AS (SELECT 1 AS tenant_id) SELECT t.tenant_id FROM ticket AS t
          WHERE t.tenant_id = ?1",
        // Another tenant's id is written.
        "INSERT INTO setting (tenant_id, realm_id, key, value) VALUES (?2, ?1, ?3, ?4)",
        "INSERT INTO event (tenant_id, ticket_id, event_id, realm_id, kind, actor, created_at)
         SELECT t.tenant_id, t.ticket_id, ?3, t.realm_id, 'closed', 'agent', ?4
           FROM ticket AS t WHERE t.ticket_id = ?2",
        // No tenant is written.
        "INSERT INTO setting (realm_id, key, value) VALUES (?1, ?2, ?3)",
        // The upsert may change another tenant's row.
        "INSERT INTO portal_host (tenant_id, host, realm_id) VALUES (?1, ?2, ?3)
             ON CONFLICT (host) DO UPDATE SET realm_id = excluded.realm_id",
        "INSERT OR REPLACE INTO portal_host (tenant_id, host, realm_id) VALUES (?1, ?2, ?3)",
        // A change, a deletion and a gift of another tenant's rows.
        "UPDATE ticket SET subject = ?2 WHERE ticket_id = ?3",
        "DELETE FROM ticket WHERE ticket_id = ?2",
        "UPDATE ticket SET tenant_id = ?2 WHERE tenant_id = ?1",
        // Two statements, of which some runtimes would run one.
        "SELECT t.number FROM ticket AS t WHERE t.tenant_id = ?1; DELETE FROM ticket",
    ];
    for sql in bad {
        assert!(!anchors::problems(sql, &tables).is_empty(), "{sql}");
    }
}

#[test]
fn the_audit_accepts_every_way_to_keep_to_the_tenant() {
    let tables = tenant_tables(&World::new());
    let good = [
        "SELECT t.number FROM ticket AS t INDEXED BY ticket_by_state WHERE (t.tenant_id = ?1)",
        "SELECT number FROM ticket WHERE tenant_id = ?1",
        "SELECT u.name FROM ticket AS t JOIN user AS u ON u.tenant_id = t.tenant_id
          WHERE ?1 = t.tenant_id",
        "UPDATE ticket SET subject = ?2 WHERE tenant_id = ?1 AND ticket_id IN
                (SELECT e.ticket_id FROM entry AS e WHERE e.tenant_id = ticket.tenant_id)",
        "INSERT INTO setting (key, tenant_id, realm_id, value) VALUES (?3, ?1, ?2, ?4)",
    ];
    for sql in good {
        let problems = anchors::problems(sql, &tables);
        assert!(problems.is_empty(), "{sql}: {problems:?}");
    }
}

#[test]
fn only_the_platform_reads_across_tenants() {
    let mut listed = String::new();
    for found in statements::all() {
        if found.maker == Maker::Platform {
            let (file, function, text) = (found.file, found.function, trimmed(&found.text));
            let _ = writeln!(listed, "{file} {function}\n{text}\n");
        }
    }
    insta::assert_snapshot!("platform", listed);
}

#[test]
fn every_text_a_queue_can_give_is_audited() {
    let audited: BTreeSet<String> = Listing::all().iter().map(Listing::text).collect();
    for queue in Queue::ALL {
        for sort in queue.sorts() {
            let (sort, turn) = (*sort, Turn::First);
            let first = Listing { queue, sort, turn };
            assert!(audited.contains(&first.text()), "{first:?}");
        }
    }
}

#[test]
fn a_statement_over_a_separated_table_looks_through_its_sight() {
    for found in statements::all() {
        let (is_sighted, text) = (found.maker == Maker::Sighted, &found.text);
        assert_eq!(is_sighted, text.contains("json_each(?2) AS span"), "{text}");
    }
}

#[test]
fn no_statement_scans_a_tenant_table() {
    let world = World::new();
    let tables = tenant_tables(&world);
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut scans = Vec::new();
    for found in statements::all() {
        let plans = Plans::of(&world, &found);
        let aliases = aliases(&found, &tables);
        let scanned = plans.scans(&aliases);
        scans.extend(
            scanned
                .iter()
                .map(|scan| format!("{} {}: {scan}", found.file, found.function)),
        );
        let text = files.entry(found.file.clone()).or_default();
        let Found {
            function, maker, ..
        } = &found;
        let _ = writeln!(
            text,
            "{function} ({maker:?})\n{}\n{}",
            trimmed(&found.text),
            plans.to_text()
        );
    }
    assert!(scans.is_empty(), "{}", scans.join("\n"));
    for (file, text) in files {
        let name = file
            .trim_end_matches(".rs")
            .replace("/src", "")
            .replace('/', "-");
        insta::assert_snapshot!(name, text);
    }
}

/// The tenant tables, and every name that the statement gives one.
fn aliases(found: &Found, tables: &BTreeSet<String>) -> BTreeSet<String> {
    let words: Vec<&str> = found.text.split_whitespace().collect();
    let given = words.windows(3).filter_map(|words| match words {
        [table, "AS", alias] if tables.contains(*table) => {
            Some((*alias).trim_end_matches([',', ')']).to_owned())
        }
        _ => None,
    });
    given.chain(tables.iter().cloned()).collect()
}

/// The text without the indentation it has in the source.
fn trimmed(text: &str) -> String {
    let lines = text.lines().skip(1).filter(|line| !line.trim().is_empty());
    let indent = lines.map(|line| line.len() - line.trim_start().len()).min();
    let cut = |line: &str| line.get(indent.unwrap_or(0)..).unwrap_or("").to_owned();
    let rest = text.lines().skip(1).map(cut);
    let first = text.lines().next().unwrap_or_default().to_owned();
    std::iter::once(first)
        .chain(rest)
        .collect::<Vec<_>>()
        .join("\n")
}
