//! Where mail comes in, and that it stays in the realm of its address.

use super::*;

#[test]
fn a_wrong_secret_is_answered_like_an_unknown_address() {
    let world = World::new().tenant("acme").tenant("globex");
    let call = |to: &str, secret: &str| {
        Call::post(&format!("/mail/raw?to={to}"))
            .header("authorization", secret)
            .body(mail("a@example.com").bytes())
    };
    let unknown = world.send(call("nobody@acme.example", "Bearer acme-secret"));
    assert_eq!(unknown.status, 401);
    for (to, secret) in [
        ("help@acme.example", "Bearer wrong"),
        ("help@acme.example", "Bearer globex-secret"),
        ("help@acme.example", "Bearer "),
        ("help@acme.example", "Basic acme-secret"),
        ("", "Bearer acme-secret"),
    ] {
        let page = world.send(call(to, secret));
        assert_eq!(page.raw(), unknown.raw(), "{to} {secret}");
    }
    let bare = Call::post("/mail/raw?to=help@acme.example").body("x");
    assert_eq!(world.send(bare).raw(), unknown.raw());
    assert_eq!(world.number("SELECT count(*) FROM file"), 0);
    let good = call("Help@ACME.example", "Bearer acme-secret");
    assert_eq!(world.send(good).status, 201, "addresses have no case");
}

#[test]
fn a_suspended_tenants_mail_is_kept_by_the_provider() {
    let world = World::new().tenant("acme");
    world.execute("UPDATE tenant SET status = 'suspended'");
    let page = post(&world, &mail("a@example.com"));
    assert_eq!(page.status, 503);
    assert_eq!(world.number("SELECT count(*) FROM file"), 0);
}

#[test]
fn a_mail_that_could_not_be_stored_is_not_acknowledged() {
    let world = World::new().tenant("acme");
    world.meter.set_broken(true);
    assert_eq!(post(&world, &mail("a@example.com")).status, 500);
    let logged = world.log.take();
    assert_eq!(logged, ["POST /mail/raw: database: disk I/O error"]);
    world.meter.set_broken(false);
    assert_eq!(post(&world, &mail("a@example.com")).status, 201);
}

#[test]
fn t_52_mail_lands_in_the_tenant_and_realm_of_its_address() {
    let world = World::new().tenant("acme").parent();
    let raw = mail("a@example.com").bytes();
    for realm in ["acme", "c1bi", "sp2"] {
        assert_eq!(world.send(posted_to(realm, raw.clone())).status, 201);
    }
    let filed = "SELECT n.slug, r.name FROM ticket AS t JOIN tenant AS n USING (tenant_id)
                   JOIN realm AS r ON r.tenant_id = t.tenant_id AND r.realm_id = t.realm_id
                  ORDER BY t.tenant_id, r.name";
    assert_eq!(
        world.rows(filed),
        ["acme|Acme", "parent|C1Bi", "parent|SP2"]
    );
}

#[test]
fn t_68_equal_message_ids_and_numbers_of_two_realms_do_not_collide() {
    let world = World::new().parent();
    let raw = mail("a@example.com").bytes();
    let first = world.send(posted_to("sp1", raw.clone())).json()["number"].clone();
    world.send(posted_to("sp2", raw));
    let reply = mail("b@example.com").answering("a@example.com").bytes();
    let continued = world.send(posted_to("sp1", reply)).json();
    assert_eq!(continued, json!({ "result": "continued", "number": first }));
    let subject = format!("#{}", first.as_str().unwrap());
    let elsewhere = mail("c@example.com").subject(&subject).bytes();
    let page = world.send(posted_to("sp2", elsewhere));
    assert_eq!(page.json()["result"], "created");
}

#[test]
fn t_69_nobodys_mail_domain_makes_them_a_member_of_an_organization() {
    let world = World::new().tenant("acme");
    filed(&world, &mail("a@example.com"));
    world.execute(
        "INSERT INTO organization (tenant_id, organization_id, realm_id, name)
         VALUES (1, 'o', 1, 'Example');
         UPDATE user SET organization_id = 'o'",
    );
    filed(&world, &mail("b@example.com").from("bo@example.com"));
    let members = "SELECT email, organization_id FROM user ORDER BY email";
    assert_eq!(
        world.rows(members),
        ["ana@example.com|o", "bo@example.com|NULL"]
    );
}

#[test]
fn t_70_a_reply_to_our_mail_finds_the_ticket_after_it_was_moved() {
    let world = World::new().parent();
    world.send(posted_to("sp1", mail("a@example.com").bytes()));
    let ours = our_id(&world, "ana@example.com");
    world.execute("UPDATE ticket SET realm_id = (SELECT realm_id FROM realm WHERE name = 'SP2')");
    let reply = mail("b@example.com").answering(&ours).bytes();
    let page = world.send(posted_to("sp1", reply));
    assert_eq!(page.json()["result"], "continued");
    let realms = world.rows("SELECT DISTINCT r.name FROM entry JOIN realm AS r USING (realm_id)");
    assert_eq!(realms, ["SP2"]);
}

#[test]
fn t_71_another_tenants_message_id_never_reaches_its_ticket() {
    let world = World::new().tenant("acme").tenant("globex");
    filed(&world, &mail("a@example.com"));
    let ours = our_id(&world, "ana@example.com");
    let reply = mail("b@example.com").answering(&ours).bytes();
    let page = world.send(posted_to("globex", reply));
    assert_eq!(page.json()["result"], "created");
    assert_eq!(
        world.rows("SELECT tenant_id, count(*) FROM entry GROUP BY 1"),
        ["1|1", "2|1"]
    );
}
