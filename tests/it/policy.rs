//! Who may do what: the policy, printed, and the walls it never opens.

use std::fmt::Write;

use desk::blueprint;
use realmdesk_tests::{World, task};
use tenancy::duty::{Referee, Work};
use tenancy::policy::{Action, Bond, CallKey, Keys, Reason, Subject, Verdict, judge};
use tenancy::port::{ClientAddress, Variable};
use tenancy::principal::{Agent, ApiKey, Mailbox, Operator, Principal, Scheduler, User};
use tenancy::token::AccessClaims;
use tenancy::{Scope, Site, TenantId};

/// Everybody who may knock, each with the proof that they are who they are.
struct Everybody {
    site: Site,
    agents: Vec<(String, Agent)>,
    /// An agent limited to departments: by their primary role of Limited Access, and in one
    /// department of Expanded Access.
    limited: Agent,
    works: Vec<(&'static str, Work)>,
    user: User,
    key: ApiKey,
    cron_key: ApiKey,
    program: ApiKey,
    mailbox: Mailbox,
    scheduler: Scheduler,
    operator: Operator,
}

/// An agent of acme for each seeded role, and an administrator.
fn everybody(world: &World) -> Everybody {
    let site = world.site("acme.localhost");
    let mut agents = Vec::new();
    for (role, name, _) in blueprint::roles() {
        agents.push((
            name.to_owned(),
            agent(world, role, &format!("role{role}@acme.example")),
        ));
    }
    world.empower("ada@acme.example");
    let administrator = world.agent_at("acme.localhost", "ada@acme.example");
    agents.push(("Administrator".to_owned(), administrator));
    let limited = limited(world);
    let claims = AccessClaims {
        tenant: site.tenant,
        ticket: world.id(),
    };
    let key = key(world);
    let mut cron_key = key.clone();
    (cron_key.can_create_tickets, cron_key.can_run_cron) = (false, true);
    let every = Keys::<CallKey>::all_but(&[]);
    let permitted = every.to_json();
    world.execute(&format!("UPDATE api_key SET permissions = '{permitted}'"));
    let program = self::key(world);
    let runtime = world.runtime();
    Everybody {
        user: User::admit(&site, claims).unwrap(),
        site,
        agents,
        works: works(&limited),
        limited,
        key,
        cron_key,
        program,
        mailbox: mailbox(world),
        scheduler: task::run(Scheduler::admit(runtime, Some("sweep-secret"))).unwrap(),
        operator: task::run(Operator::admit(runtime, Some("operator-secret"))).unwrap(),
    }
}

fn agent(world: &World, role: i64, email: &str) -> Agent {
    let scope = world.inside("acme");
    let added = world.agent(&scope, &world.id(), blueprint::ROOT, email, "Someone");
    world.write(&scope, vec![added]);
    world.execute(&format!(
        "UPDATE agent SET role_id = {role} WHERE email = '{email}'"
    ));
    world.agent_at("acme.localhost", email)
}

fn limited(world: &World) -> Agent {
    agent(world, 3, "limited@acme.example");
    world.execute(
        "UPDATE agent SET is_limited = 1 WHERE email = 'limited@acme.example';
         INSERT INTO department_member (tenant_id, department_id, agent_id, role_id)
         SELECT tenant_id, 1, agent_id, 2 FROM agent WHERE email = 'limited@acme.example'",
    );
    world.agent_at("acme.localhost", "limited@acme.example")
}

/// What tickets can be to an agent who is limited to a department.
fn works(agent: &Agent) -> Vec<(&'static str, Work)> {
    let elsewhere = Work {
        department: 2,
        agent: None,
        team: None,
        is_open: true,
        referrals: Vec::new(),
    };
    let own = Work {
        department: 1,
        ..elsewhere.clone()
    };
    let assigned = Work {
        agent: Some(agent.id.clone()),
        ..elsewhere.clone()
    };
    let referred = Work {
        referrals: vec![Referee::Agent(agent.id.clone())],
        ..elsewhere.clone()
    };
    vec![
        ("Limited to a department: in it", own),
        ("  assigned to them", assigned),
        ("  referred to them", referred),
        ("  out of reach", elsewhere),
    ]
}

fn key(world: &World) -> ApiKey {
    let door = ApiKey::door("acme-key");
    let scope = Scope::behind(world.runtime(), door.clone());
    let (found,) = task::run(scope.read((ApiKey::find(&scope, &door),))).unwrap();
    ApiKey::admit(found.into_iter().next(), ClientAddress(None)).unwrap()
}

fn mailbox(world: &World) -> Mailbox {
    let door = Mailbox::door("help@acme.example");
    let scope = Scope::behind(world.runtime(), door.clone());
    let (found,) = task::run(scope.read((Mailbox::find(&scope, &door),))).unwrap();
    Mailbox::admit(found.into_iter().next(), "acme-secret").unwrap()
}

impl Everybody {
    /// The columns of the table: who, and what they are to the thing.
    fn columns(&self) -> Vec<(&str, Principal<'_>, Bond, Option<&Work>)> {
        let own = self.people().into_iter();
        let own = own.map(|(name, principal, bond)| (name, principal, bond, None));
        let limited = Principal::Agent(&self.limited);
        let works = self.works.iter();
        let works = works.map(|(name, work)| (*name, limited, Bond::Other, Some(work)));
        own.chain(works).collect()
    }

    fn people(&self) -> Vec<(&str, Principal<'_>, Bond)> {
        let agents = self.agents.iter();
        let mut columns: Vec<_> = agents
            .map(|(name, agent)| (name.as_str(), Principal::Agent(agent), Bond::Other))
            .collect();
        let (_, view_only) = &self.agents[3];
        columns.push(("  its manager", Principal::Agent(view_only), Bond::Manager));
        columns.push(("User", Principal::User(&self.user), Bond::Other));
        columns.push((
            "  its requester",
            Principal::User(&self.user),
            Bond::Requester,
        ));
        columns.push((
            "  shared with",
            Principal::User(&self.user),
            Bond::Colleague,
        ));
        columns.push(("API key", Principal::ApiKey(&self.key), Bond::Other));
        columns.push(("  for cron", Principal::ApiKey(&self.cron_key), Bond::Other));
        columns.push(("  for REST", Principal::ApiKey(&self.program), Bond::Other));
        columns.push(("Mailbox", Principal::Mailbox(&self.mailbox), Bond::Other));
        columns.push((
            "Scheduler",
            Principal::Scheduler(&self.scheduler),
            Bond::Other,
        ));
        columns.push(("Operator", Principal::Operator(&self.operator), Bond::Other));
        columns
    }

    /// Something in the realm that all of them belong to.
    fn subject<'s>(&'s self, bond: Bond, work: Option<&'s Work>) -> Subject<'s> {
        Subject {
            tenant: Some(self.site.tenant),
            path: Some(&self.site.path),
            is_seen: true,
            bond,
            work,
        }
    }

    /// Everybody's verdicts on a changed subject.
    fn verdicts(&self, change: impl Fn(&mut Subject<'_>)) -> Vec<(&str, Action, Verdict)> {
        let mut verdicts = Vec::new();
        for (name, principal, bond, work) in self.columns() {
            let mut subject = self.subject(bond, work);
            change(&mut subject);
            let of = |action: &Action| (name, *action, judge(&principal, *action, &subject));
            verdicts.extend(Action::ALL.iter().map(of));
        }
        verdicts
    }
}

#[test]
fn the_policy_printed() {
    let world = World::new().tenant("acme");
    let everybody = everybody(&world);
    let columns = everybody.columns();
    let mut table = String::new();
    for (index, (name, ..)) in columns.iter().enumerate() {
        let _ = writeln!(table, "{:41}{}{name}", "", "|  ".repeat(index));
    }
    for action in Action::ALL {
        let mut line = format!("{:41}", action.words());
        for (_, principal, bond, work) in &columns {
            let subject = everybody.subject(*bond, *work);
            let verdict = judge(principal, *action, &subject);
            let _ = write!(line, "{}  ", letter(verdict));
        }
        let _ = writeln!(table, "{}", line.trim_end());
    }
    table += "\nk: has the key; s: sees it; m: manages the department; r: asked for it;\n\
              c: is shared it by the organization; i: takes things in; t: does scheduled work; o: runs the platform\n";
    insta::assert_snapshot!(table);
}

fn letter(verdict: Verdict) -> char {
    match verdict {
        Verdict::Granted(reason) => match reason {
            Reason::Has(_) => 'k',
            Reason::Seen => 's',
            Reason::Manager => 'm',
            Reason::Requester => 'r',
            Reason::Colleague => 'c',
            Reason::Intake => 'i',
            Reason::Schedule => 't',
            Reason::Operator => 'o',
            Reason::OtherTenant
            | Reason::OutOfSight
            | Reason::OutOfReach
            | Reason::RealmNotHeld
            | Reason::Lacks(_)
            | Reason::NotManager
            | Reason::NotTheirs => panic!("granted because {reason}"),
        },
        Verdict::Denied(_) => '.',
    }
}

#[test]
fn t_6_a_permission_never_brings_back_what_sight_has_left_out() {
    let world = World::new().tenant("acme");
    let everybody = everybody(&world);
    for (name, action, verdict) in everybody.verdicts(|subject| subject.is_seen = false) {
        let is_of_platform = ["Scheduler", "Operator"].contains(&name);
        let denied = verdict == Verdict::Denied(Reason::OutOfSight);
        assert!(denied || is_of_platform, "{name}: {action:?}: {verdict:?}");
    }
}

#[test]
fn t_41_nobody_does_anything_to_another_tenants_things() {
    let world = World::new().tenant("acme").tenant("globex");
    let everybody = everybody(&world);
    let other = Some(TenantId(2));
    for (name, action, verdict) in everybody.verdicts(|subject| subject.tenant = other) {
        let is_of_platform = ["Scheduler", "Operator"].contains(&name);
        let denied = verdict == Verdict::Denied(Reason::OtherTenant);
        assert!(denied || is_of_platform, "{name}: {action:?}: {verdict:?}");
    }
}

#[test]
fn t_65_administration_ends_at_the_own_realm() {
    let world = World::new().parent();
    world.empower("agent@sp1.example");
    let agent = world.agent_at("p.localhost", "agent@sp1.example");
    for (host, held) in [("sp1", true), ("c1bi", true), ("p", false), ("sp3", false)] {
        let site = world.site(&format!("{host}.localhost"));
        let subject = Subject {
            tenant: Some(site.tenant),
            path: Some(&site.path),
            is_seen: true,
            bond: Bond::Other,
            work: None,
        };
        let verdict = judge(&Principal::Agent(&agent), Action::RealmGrant, &subject);
        let refused = Verdict::Denied(Reason::RealmNotHeld);
        assert_eq!(verdict != refused, held, "{host}: {verdict:?}");
    }
}

#[test]
fn the_platform_sees_nothing_inside_a_tenant() {
    let world = World::new().tenant("acme");
    let everybody = everybody(&world);
    let operator = Principal::Operator(&everybody.operator);
    for action in Action::ALL {
        let verdict = judge(&operator, *action, &everybody.subject(Bond::Other, None));
        let is_of_tenants = format!("{action:?}").starts_with("Tenant");
        assert_eq!(
            verdict == Verdict::Granted(Reason::Operator),
            is_of_tenants,
            "{action:?}"
        );
    }
}

#[test]
fn an_empty_secret_is_known_to_nobody() {
    let world = World::new();
    world.set(Variable::OperatorSecret, Some(""));
    world.set(Variable::SweepSecret, None);
    for presented in [None, Some(""), Some("operator-secret")] {
        assert!(task::run(Operator::admit(world.runtime(), presented)).is_none());
        assert!(task::run(Scheduler::admit(world.runtime(), presented)).is_none());
    }
}

#[test]
fn t_44_a_link_of_one_tenant_makes_nobody_a_user_of_another() {
    let world = World::new().tenant("acme").tenant("globex");
    let claims = AccessClaims {
        tenant: world.site("acme.localhost").tenant,
        ticket: world.id(),
    };
    assert!(User::admit(&world.site("globex.localhost"), claims).is_none());
}
