//! Who hears of a ticket whose due time has passed.

use realmdesk_tests::{HOUR, World};

use super::{acme, agent_id, assign, hire, set, settle, told};

/// Who hears of the ticket, once it is overdue again.
fn heard(world: &World) -> String {
    world.execute("UPDATE ticket SET overdue_at = NULL, due_at = created_at");
    settle(world);
    world.turn(HOUR);
    world.sweep();
    let told = told(world);
    let names = told
        .iter()
        .map(|row| row.split('@').next().unwrap().to_owned());
    names.collect::<Vec<_>>().join(" ")
}

#[test]
fn al_1_15_an_overdue_ticket_is_told_of_as_the_settings_say() {
    let (world, _) = acme();
    for name in ["bo", "cleo", "dora"] {
        hire(&world, name, 1);
    }
    let (cleo, dora) = (agent_id(&world, "cleo"), agent_id(&world, "dora"));
    world.execute(&format!(
        "INSERT INTO team (tenant_id, team_id, realm_id, name) VALUES (1, 77, 1, 'Night');
         INSERT INTO team_member (tenant_id, team_id, agent_id) VALUES (1, 77, '{cleo}');
         INSERT INTO department_member (tenant_id, department_id, agent_id)
         VALUES (1, 1, '{dora}')"
    ));
    assert_eq!(heard(&world), "ada", "the manager");
    set(&world, "overdue_alert_dept_members", "1");
    assert_eq!(heard(&world), "ada dora");
    world.execute("UPDATE ticket SET team_id = 77");
    assert_eq!(heard(&world), "ada cleo");
    assign(&world, "bo");
    assert_eq!(heard(&world), "ada bo");
    assign(&world, "ada");
    assert_eq!(heard(&world), "ada", "nobody twice");
    set(&world, "overdue_alert_dept_manager", "0");
    assign(&world, "bo");
    assert_eq!(heard(&world), "bo");
    world.execute("UPDATE agent SET is_active = 0 WHERE name = 'bo'");
    assert_eq!(heard(&world), "", "who does not work any more is not told");
    set(&world, "overdue_alert_active", "0");
    set(&world, "overdue_alert_dept_manager", "1");
    assert_eq!(heard(&world), "");
    assert_eq!(
        world.rows("SELECT count(*) FROM ticket WHERE overdue_at IS NOT NULL"),
        ["1"],
        "it is marked all the same"
    );
}

#[test]
fn a_realm_s_own_settings_count_for_its_overdue_tickets() {
    let (world, _) = acme();
    world.execute(
        "INSERT INTO tenant_setting (tenant_id, key, value)
         VALUES (1, 'overdue_alert_dept_manager', '0')",
    );
    assert_eq!(heard(&world), "");
    set(&world, "overdue_alert_dept_manager", "1");
    assert_eq!(heard(&world), "ada", "the nearest counts");
    world.execute("UPDATE tenant_setting SET is_locked = 1");
    assert_eq!(heard(&world), "", "and a lock above before it");
}
