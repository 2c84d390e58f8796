//! Settings: what counts in a realm, where it comes from, and who may change it.

use desk::setting::{self, Key, Origin, Refused, Settings, Value};
use realmdesk_tests::{World, task};
use tenancy::platform::tenants;
use tenancy::policy::{Asking, Granted, Refusal, act};
use tenancy::principal::{Agent, Operator};
use tenancy::realm::Realm;
use tenancy::{RealmId, Scope};

/// The reference tree, administered from the top.
fn administered() -> (World, Agent) {
    let world = World::new().parent();
    world.empower("agent@p.example");
    let agent = world.agent_at("p.localhost", "agent@p.example");
    (world, agent)
}

fn set(world: &World, agent: &Agent, realm: &str, value: &str) -> Result<(), Refused> {
    let realm: Granted<Realm, act::SettingEdit> = world.ask(agent, realm).unwrap();
    let statement = setting::set(&realm, Key::Locale, value)?;
    let written = task::run(realm.scope().write(vec![statement]));
    written.map(|_| ()).map_err(setting::refused)
}

fn set_for_tenant(world: &World, value: &str, is_locked: bool) {
    let runtime = world.runtime();
    let operator = task::run(Operator::admit(runtime, Some("operator-secret"))).unwrap();
    let platform = operator.platform(runtime);
    let (found,) = task::run(platform.read((tenants::find(&platform, "parent"),))).unwrap();
    let tenant = Asking::operator(runtime, &operator).grant(found).unwrap();
    let statement = setting::set_for_tenant(&tenant, Key::Locale, value, is_locked).unwrap();
    task::run(tenant.scope().write(vec![statement])).unwrap();
}

/// The locale as it counts in a realm.
fn locale(world: &World, realm: &str) -> Value {
    let site = world.site(&format!("{}.localhost", realm.to_lowercase()));
    let scope = Scope::of(world.runtime(), &site);
    let (found,) = task::run(scope.read((setting::inherited(&scope),))).unwrap();
    Settings::of(&found).value(Key::Locale)
}

fn above(realm: i64, name: &str) -> Origin {
    Origin::Above {
        realm: RealmId(realm),
        name: name.to_owned(),
    }
}

#[test]
fn t_39_a_value_comes_from_the_nearest_realm_above_and_says_so() {
    let (world, agent) = administered();
    let counts = |realm: &str| {
        let value = locale(&world, realm);
        (value.text, value.origin)
    };
    assert_eq!(counts("C1Bi"), ("en".to_owned(), Origin::Default));
    set_for_tenant(&world, "ar", false);
    assert_eq!(counts("C1Bi"), ("ar".to_owned(), Origin::Tenant));
    set(&world, &agent, "P", "de").unwrap();
    assert_eq!(counts("C1Bi"), ("de".to_owned(), above(1, "P")));
    set(&world, &agent, "C1B", "en").unwrap();
    assert_eq!(counts("C1Bi"), ("en".to_owned(), above(8, "C1B")));
    assert_eq!(counts("C1B"), ("en".to_owned(), Origin::Own));
    assert_eq!(
        counts("C1A"),
        ("de".to_owned(), above(1, "P")),
        "siblings do not inherit"
    );
    let own: Granted<Realm, act::SettingEdit> = world.ask(&agent, "C1B").unwrap();
    world.write(own.scope(), vec![setting::unset(&own, Key::Locale)]);
    assert_eq!(counts("C1Bi"), ("de".to_owned(), above(1, "P")));
}

#[test]
fn a_locked_value_counts_below_and_nobody_there_sets_another() {
    let (world, agent) = administered();
    set(&world, &agent, "C1A", "ar").unwrap();
    set(&world, &agent, "SP1", "de").unwrap();
    let sp1: Granted<Realm, act::SettingLock> = world.ask(&agent, "SP1").unwrap();
    world.write(sp1.scope(), vec![setting::lock(&sp1, Key::Locale)]);
    let locked = Value {
        text: "de".to_owned(),
        origin: above(2, "SP1"),
        is_locked: true,
    };
    assert_eq!(locale(&world, "C1A"), locked);
    assert_eq!(locale(&world, "C1Bi"), locked);
    assert_eq!(set(&world, &agent, "C1Bi", "en"), Err(Refused::Locked));
    assert_eq!(set(&world, &agent, "C1A", "en"), Err(Refused::Locked));
    assert_eq!(
        set(&world, &agent, "SP2", "ar"),
        Ok(()),
        "a lock goes down, not sideways"
    );
    assert_eq!(
        set(&world, &agent, "SP1", "en"),
        Ok(()),
        "who locked it may change it"
    );
    world.write(sp1.scope(), vec![setting::unlock(&sp1, Key::Locale)]);
    assert_eq!(
        locale(&world, "C1A").text,
        "ar",
        "what was set before counts again"
    );
    set_for_tenant(&world, "en", true);
    assert_eq!(locale(&world, "C1A").origin, Origin::Tenant);
    assert_eq!(set(&world, &agent, "P", "de"), Err(Refused::Locked));
}

#[test]
fn t_65_settings_are_changed_where_the_realm_is_held() {
    let (world, _) = administered();
    world.empower("agent@sp1.example");
    let agent = world.agent_at("p.localhost", "agent@sp1.example");
    set(&world, &agent, "C1A", "de").unwrap();
    for other in ["P", "SP3"] {
        let refused = world.ask::<act::SettingEdit>(&agent, other).unwrap_err();
        assert_eq!(refused, Refusal::NotFound, "{other}");
    }
    assert_eq!(set(&world, &agent, "C1A", "tlh"), Err(Refused::Unfit));
}

#[test]
fn a_moved_realm_inherits_from_where_it_is() {
    let (world, agent) = administered();
    set(&world, &agent, "SP3", "ar").unwrap();
    assert_eq!(locale(&world, "C1A").origin, Origin::Default);
    world.execute("UPDATE realm SET parent_id = 4, path = 'a0a2a1' WHERE name = 'C1A'");
    assert_eq!(locale(&world, "C1A").origin, above(4, "SP3"));
}

#[test]
fn t_42_a_portal_shows_inherited_branding_in_one_round_trip() {
    let (world, _) = administered();
    let insert = "INSERT INTO setting (tenant_id, realm_id, key, value)";
    world.execute(&format!(
        "{insert} VALUES (1, 2, 'branding.accent', 'rose')"
    ));
    for (host, is_rose) in [("c1bi", true), ("sp1", true), ("sp2", false), ("p", false)] {
        world.meter.take_trips();
        let page = world.browser(&format!("{host}.localhost")).get("/");
        assert_eq!(world.meter.take_trips(), 1, "{host}");
        assert_eq!(
            page.text().contains("data-accent=\"rose\""),
            is_rose,
            "{host}"
        );
    }
}
