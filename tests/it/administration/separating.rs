//! Separation: set for the whole tenant, by whoever holds all of its trees.

use serde_json::json;

use super::{administrator, agent, doing, listed, parent, post, post_json, told};

#[test]
fn t_1_t_2_a_direction_is_set_per_table_and_counts_from_the_next_request_on() {
    let world = parent();
    let (mut p, mut c1b) = (administrator(&world, "P"), agent(&world, "C1B"));
    let before = told(&mut p, "/admin/separation");
    assert_eq!(
        before["tables"]["ticket"], "down",
        "a missing value means down"
    );
    assert_eq!(before["tables"]["team"], "both");
    for (direction, sees) in [
        ("up", &["P", "SP1", "C1B"] as &[_]),
        ("both", &["P", "SP1", "C1B", "C1Bi"]),
        ("down", &["C1B", "C1Bi"]),
    ] {
        let led = doing(&mut p, "/admin/separation", &[("ticket", direction)]);
        assert_eq!(led, "/admin/separation?done=saved");
        assert_eq!(listed(&mut c1b), sees, "{direction}");
    }
    doing(
        &mut p,
        "/admin/separation",
        &[("ticket", "off"), ("user", "up")],
    );
    assert_eq!(listed(&mut c1b).len(), 10);
    let tables = told(&mut p, "/admin/separation");
    assert_eq!(tables["tables"]["user"], "up");
    assert_eq!(tables["tables"]["team"], "both", "what is left out stays");
    let page = p.get("/admin/separation?done=saved");
    assert!(page.text().contains("<option value=\"off\" selected>"));
    assert!(page.text().contains("Saved."));
}

#[test]
fn a_direction_that_is_none_changes_nothing() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let wrong = [("user", "up"), ("ticket", "sideways")];
    assert_eq!(post(&mut p, "/admin/separation", &wrong).status, 400);
    assert_eq!(told(&mut p, "/admin/separation")["tables"]["user"], "down");
    assert_eq!(
        post_json(&mut p, "/admin/separation", &[]).json(),
        json!({"done": "saved"})
    );
}

#[test]
fn t_12_t_65_only_who_holds_every_tree_separates_for_all() {
    let world = parent();
    let mut sp1 = administrator(&world, "SP1");
    assert_eq!(sp1.get("/admin/separation").status, 403);
    assert_eq!(
        post(&mut sp1, "/admin/separation", &[("ticket", "off")]).status,
        403
    );
    let mut p = administrator(&world, "P");
    assert_eq!(p.get("/admin/separation").status, 200);
    world.execute(
        "INSERT INTO realm (tenant_id, realm_id, path, name) VALUES (1, 99, 'a1', 'Island')",
    );
    assert_eq!(
        post(&mut p, "/admin/separation", &[("ticket", "off")]).status,
        403
    );
    assert_eq!(
        world.number("SELECT count(*) FROM separation WHERE table_name = 'ticket'"),
        0
    );
}

#[test]
fn t_17_the_tenant_says_where_new_tickets_take_their_realm_from() {
    let world = parent();
    let mut p = administrator(&world, "P");
    let source = |p: &mut _| told(p, "/admin/separation")["realm_from"].clone();
    assert_eq!(source(&mut p), "door");
    doing(&mut p, "/admin/separation", &[("realm_from", "department")]);
    assert_eq!(source(&mut p), "department");
    world.ticket("sp3", "Goes to P's department");
    let newest = "SELECT r.name FROM ticket AS t JOIN realm AS r USING (tenant_id, realm_id)
                   ORDER BY t.ticket_id DESC LIMIT 1";
    assert_eq!(world.rows(newest), ["P"]);
    let wrong = [("realm_from", "everywhere")];
    assert_eq!(post(&mut p, "/admin/separation", &wrong).status, 400);
    assert_eq!(source(&mut p), "department");
}
