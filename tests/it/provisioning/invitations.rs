//! The invitation of a tenant's first agent: whose it is, how often and how long it is good.

use realmdesk_tests::{DAY, World, html, task};
use tenancy::port::DbError;
use tenancy::principal::Invitation;
use tenancy::token::Signer;

use super::{PASSWORD, accept, create, post, wanted};

#[test]
fn an_invitation_is_good_once_for_three_days_and_at_its_own_portal() {
    let world = World::new().tenant("acme");
    let url = create(&world, &wanted()).json()["invitation"]["url"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = url.split_once(":8787").unwrap().1;
    assert_eq!(world.browser("acme.localhost").get(path).status, 404);
    let unsigned = format!("{path}x");
    assert_eq!(
        world.browser("initech.localhost").get(&unsigned).status,
        404
    );
    assert_eq!(
        world
            .browser("initech.localhost")
            .get("/auth/bootstrap")
            .status,
        404
    );
    world.turn(3 * DAY + 1000);
    assert_eq!(world.browser("initech.localhost").get(path).status, 404);

    let again = post(&world, "/admin/tenants/initech/invite").json();
    assert_eq!(again["email"], "bill@initech.example");
    let fresh = again["invitation"]["url"].as_str().unwrap();
    let mut first = world.browser("initech.localhost");
    let mut second = world.browser("initech.localhost");
    let held = html::form(second.visit(fresh).text(), "/auth/bootstrap").unwrap();
    assert_eq!(accept(&mut first, fresh, PASSWORD, PASSWORD).status, 303);
    let typed = [
        ("password", "somebody else's"),
        ("again", "somebody else's"),
    ];
    let late = second.send_form(&held, &typed);
    assert_eq!(late.status, 404);
    assert!(late.text().contains("has been used or has run out"));
    assert_eq!(post(&world, "/admin/tenants/initech/invite").status, 409);
    assert_eq!(
        post(&world, "/admin/tenants/acme/invite").status,
        409,
        "ada can sign in"
    );
}

#[test]
fn of_two_who_accept_at_one_moment_one_is_refused() {
    let world = World::new();
    let told = create(&world, &wanted()).json();
    let token = told["invitation"]["url"]
        .as_str()
        .unwrap()
        .split_once("token=")
        .unwrap()
        .1;
    let signer = Signer::new("a session secret of thirty-two bytes");
    let claims = signer.read_bootstrap(token, world.now()).unwrap();
    let scope = world.inside("initech");
    let found = task::run(scope.read((Invitation::of_claims(&scope, Some(&claims)),)));
    let invitation = found.unwrap().0.remove(0);
    let accept = |hash| task::run(scope.write(vec![invitation.accept(&scope, hash)]));
    assert!(accept("first").is_ok());
    assert_eq!(accept("second"), Err(DbError::Stale));
    assert_eq!(world.rows("SELECT password_hash FROM agent"), ["first"]);
}
