//! What the schema itself refuses, and the shape every table has.

use std::collections::BTreeSet;

use realmdesk_tests::World;

/// Tables found before the tenant is known, by a key of their own.
const DOORS: [&str; 3] = ["portal_host", "api_key", "mail_address"];

/// Tables of the platform itself, which hold nothing of a tenant's: how many letters an address was
/// sent by all of them together.
const PLATFORM: [&str; 1] = ["recipient_budget"];

fn tables(world: &World) -> Vec<String> {
    world.rows(
        "SELECT name FROM pragma_table_list
          WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'
          ORDER BY name",
    )
}

#[test]
fn every_table_is_strict() {
    let loose = World::new().rows(
        "SELECT name FROM pragma_table_list
          WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' AND strict = 0",
    );
    assert_eq!(loose, [""; 0]);
}

#[test]
fn t_38_every_row_has_a_tenant_and_lies_beside_that_tenants_others() {
    let world = World::new();
    let tables = tables(&world);
    let of_tenants = tables
        .iter()
        .filter(|name| !PLATFORM.contains(&name.as_str()));
    for table in of_tenants {
        let column = world.rows(&format!(
            "SELECT \"notnull\" OR type = 'INTEGER' AND pk = 1 FROM pragma_table_info('{table}')
              WHERE name = 'tenant_id'"
        ));
        assert_eq!(column, ["1"], "{table} has no tenant");
        let first = world.rows(&format!(
            "SELECT name FROM pragma_table_info('{table}') WHERE pk = 1"
        ));
        let is_door = DOORS.contains(&table.as_str());
        assert_eq!(
            first != ["tenant_id"],
            is_door,
            "{table} begins with {first:?}"
        );
    }
}

#[test]
fn no_foreign_key_leads_into_another_tenant() {
    let world = World::new();
    for table in tables(&world) {
        let keys = world.rows(&format!(
            "SELECT id, \"table\", group_concat(\"from\" || '=' || \"to\", ' ')
               FROM pragma_foreign_key_list('{table}') GROUP BY id"
        ));
        for key in keys {
            assert!(key.contains("tenant_id=tenant_id"), "{table}: {key}");
        }
    }
}

#[test]
fn t_19_what_hangs_on_a_ticket_and_has_a_realm_follows_the_tickets() {
    let world = World::new();
    let mut loose = BTreeSet::new();
    for table in tables(&world) {
        let has_both = world.number(&format!(
            "SELECT count(*) FROM pragma_table_info('{table}')
              WHERE name IN ('ticket_id', 'realm_id')"
        )) == 2;
        let follows = world.number(&format!(
            "SELECT count(*) FROM pragma_foreign_key_list('{table}')
              WHERE \"table\" = 'ticket' AND \"from\" = 'realm_id' AND on_update = 'CASCADE'"
        )) == 1;
        if has_both && !follows && table != "ticket" {
            loose.insert(table);
        }
    }
    // Mail belongs to the realm whose door it came or goes through, wherever the ticket moves.
    assert_eq!(
        loose,
        BTreeSet::from(["inbound_mail".to_owned(), "outbox".to_owned()])
    );
}

#[test]
fn times_are_whole_numbers_named_at() {
    let world = World::new();
    for table in tables(&world) {
        let columns = world.rows(&format!(
            "SELECT name FROM pragma_table_info('{table}')
              WHERE name LIKE '%\\_at' ESCAPE '\\' AND type <> 'INTEGER'"
        ));
        assert_eq!(columns, [""; 0], "{table}");
    }
}

#[test]
fn the_database_refuses_what_points_across_tenants() {
    let world = World::new().tenant("acme").tenant("globex");
    world.ticket("acme", "Printer on fire");
    let refused = |sql: &str| {
        let done = world
            .sqlite
            .with(|connection| connection.execute_batch(&format!("BEGIN; {sql}; COMMIT")));
        let refused = done.unwrap_err().to_string();
        world
            .sqlite
            .with(|connection| connection.execute_batch("ROLLBACK"))
            .unwrap();
        refused
    };
    let foreign = "FOREIGN KEY constraint failed";
    assert!(refused("UPDATE ticket SET tenant_id = 2").contains(foreign));
    assert!(refused("UPDATE entry SET realm_id = 7").contains(foreign));
    let stray =
        "INSERT INTO event (tenant_id, ticket_id, event_id, realm_id, kind, actor, created_at)
                 SELECT 2, ticket_id, 'x', realm_id, 'closed', 'agent', 0 FROM ticket";
    assert!(refused(stray).contains(foreign));
    let nobodys = "INSERT INTO setting (realm_id, key, value) VALUES (1, 'k', 'v')";
    assert!(refused(nobodys).contains("NOT NULL constraint failed: setting.tenant_id"));
}
