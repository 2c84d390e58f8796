//! The world of the sweep: SP3 as the own realm, P above, C3A below, SP1 beside, and another
//! tenant, each with things of every kind.

use realmdesk_tests::world::{Mark, ticket_call};
use realmdesk_tests::{Call, MINUTE, SECOND, World};
use serde_json::json;
use tenancy::policy::{CallKey, Keys};
use tenancy::token::{SessionClaims, Signer, UserClaims};
use tenancy::{Id, RealmId, TenantId};

use super::askers::{Asker, FOREIGN, NEW, OWN, Who};

/// A realm of the sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) tenant: &'static str,
    pub(super) realm: &'static str,
}

const fn parent(realm: &'static str) -> Place {
    Place {
        tenant: "parent",
        realm,
    }
}

pub(super) const P: Place = parent("P");
pub(super) const SP1: Place = parent("SP1");
pub(super) const SP3: Place = parent("SP3");
pub(super) const C3A: Place = parent("C3A");
pub(super) const ACME: Place = Place {
    tenant: "acme",
    realm: "Acme",
};

/// Without things of its own: nobody works there yet.
const INITECH: Place = Place {
    tenant: "initech",
    realm: "Initech",
};

/// All where there is something.
pub(super) const PLACES: &[Place] = &[P, SP1, SP3, C3A, ACME];

impl Place {
    /// What stands in every text of this realm, and nowhere else.
    pub(super) fn marker(&self) -> String {
        format!("only-in-{}", self.slug())
    }

    pub(super) fn slug(&self) -> String {
        self.realm.to_lowercase()
    }

    pub(super) fn agent(&self) -> String {
        match self.tenant {
            "acme" => "ada@acme.example".to_owned(),
            _ => format!("agent@{}.example", self.slug()),
        }
    }

    /// The address of the user who raised this realm's ticket.
    pub(super) fn user(&self) -> String {
        format!("user@{}.example", self.slug())
    }

    /// What a fresh token of that user's says.
    pub(super) fn user_claims(&self, world: &World) -> UserClaims {
        UserClaims {
            tenant: TenantId(self.tenant_id(world)),
            user: Id::parse(&self.one(world, "SELECT user_id FROM user")).unwrap(),
            epoch: 1,
        }
    }

    pub(super) fn key(&self) -> String {
        format!("{}-key", self.slug())
    }

    pub(super) fn address(&self) -> String {
        format!("help@{}.example", self.slug())
    }

    pub(super) fn secret(&self) -> String {
        format!("{}-secret", self.slug())
    }

    pub(super) fn is_at_or_above(&self, other: &Self) -> bool {
        self == other || (*self == P && other.tenant == "parent") || (*self, *other) == (SP3, C3A)
    }

    pub(super) fn tenant_id(&self, world: &World) -> i64 {
        let slug = self.tenant;
        world.number(&format!(
            "SELECT tenant_id FROM tenant WHERE slug = '{slug}'"
        ))
    }

    fn realm_id(&self, world: &World) -> i64 {
        let (tenant, name) = (self.tenant_id(world), self.realm);
        world.number(&format!(
            "SELECT realm_id FROM realm WHERE tenant_id = {tenant} AND name = '{name}'"
        ))
    }

    /// The id of a realm that is below this one for the sweep; its neighbour is nobody's.
    fn branch(&self, world: &World) -> i64 {
        1000 * self.tenant_id(world) + 10 * self.realm_id(world) + 5
    }

    /// The first row of a query over a table with realms, in this realm.
    pub(super) fn one(&self, world: &World, select: &str) -> String {
        let (tenant, realm) = (self.tenant_id(world), self.realm_id(world));
        let wanted = format!("{select} WHERE tenant_id = {tenant} AND realm_id = {realm}");
        world.rows(&wanted).swap_remove(0)
    }
}

/// What kind of thing a route is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// Nothing of anybody's.
    Nothing,
    /// A ticket by its number.
    Ticket,
    /// A ticket by its id, as a place in a list.
    Cursor,
    /// A tenant by its short name.
    Tenant,
    /// A tenant that nobody can sign in to yet.
    Newcomer,
    /// An agent by their address.
    Account,
    /// An agent by their id.
    Colleague,
    /// An agent who has yet to take up their invitation, by their id.
    Invitee,
    /// A user by their address.
    User,
    /// A user by their id.
    Person,
    /// An organization by its id.
    Company,
    /// An API key by its id.
    Key,
    /// A user's sign-in link by its token.
    SignIn,
    /// A realm by its id, to raise a ticket for.
    Realm,
    /// A mail address of ours.
    Mailbox,
    /// A help topic by its id, which its realm's department, team, form, field, list, filter and
    /// canned reply have too.
    Topic,
    /// A department by its id.
    Department,
    /// A department that nothing needs, by its id.
    Spare,
    /// A list whose items have no properties, by its id.
    List,
    /// A file by its ticket's number and its own id.
    File,
    /// Somebody who takes part, by the ticket's number and their own id.
    Collaborator,
    /// A file by its id alone.
    FileAlone,
    /// An invitation by its token.
    Invitation,
    /// A delivered mail by its id.
    Letter,
    /// A realm below the place, by its id.
    Branch,
}

impl About {
    /// Whether the log must not even name such things.
    pub(super) fn is_private(self) -> bool {
        matches!(
            self,
            Self::Account | Self::User | Self::SignIn | Self::Mailbox | Self::Invitation
        )
    }
}

/// Something a route is asked about.
#[derive(Clone, Debug)]
pub(super) struct Thing {
    pub(super) place: Place,
    pub(super) id: String,
}

impl Thing {
    /// Something of the same form that does not exist.
    pub(super) fn twin(&self) -> Self {
        let mut id = self.id.clone();
        let last = id.pop().unwrap_or('0');
        let other = match last {
            '0'..='8' => char::from_digit(last.to_digit(10).unwrap() + 1, 10).unwrap(),
            '9' => '0',
            'a' => 'b',
            'e' => 'f',
            _ => 'a',
        };
        id.push(other);
        Self { id, ..self.clone() }
    }

    /// Text without the thing's own name in it.
    pub(super) fn forget(&self, text: &str) -> String {
        let escaped = self.id.replace('@', "&#64;");
        text.replace(&self.id, "{thing}")
            .replace(&escaped, "{thing}")
    }
}

/// The world, and the moment every request starts from.
pub(super) struct Stage {
    pub(super) world: World,
    pub(super) mark: Mark,
}

impl Stage {
    pub(super) fn set() -> Self {
        let world = World::new().tenant("acme").parent();
        for place in PLACES {
            furnish(&world, place);
        }
        for place in [P, SP3, C3A, ACME] {
            world.empower(&place.agent());
        }
        take_part(&world);
        add_spares(&world);
        add_idle(&world);
        add_newcomer(&world);
        world.turn(MINUTE);
        world.sweep();
        let mark = world.mark();
        // A database that was put back counts its changes, and a new one does not.
        world.rewind(&mark);
        Self { world, mark }
    }

    /// Everybody, each at the own portal and agents and users also at another tenant's.
    pub(super) fn askers(&self) -> Vec<Asker> {
        let at_home = [
            Who::Nobody,
            Who::Agent(P),
            Who::Agent(SP3),
            Who::Agent(C3A),
            Who::Agent(ACME),
            Who::Idle,
            Who::Guest(SP3),
            Who::Guest(SP1),
            Who::Guest(ACME),
            Who::User(SP3),
            Who::User(P),
            Who::User(ACME),
            Who::Program(SP3),
            Who::Program(ACME),
            Who::Provider(SP3),
            Who::Provider(ACME),
            Who::Operator,
            Who::Impostor,
            Who::Scheduler,
        ];
        let abroad = [
            Who::Nobody,
            Who::Agent(P),
            Who::Agent(ACME),
            Who::Guest(SP3),
            Who::User(SP3),
            Who::User(ACME),
        ];
        let at = |portal| move |who: &Who| Asker::new(&self.world, *who, portal);
        let at_home = at_home.iter().map(at(OWN));
        let abroad = abroad.iter().map(at(FOREIGN));
        let newcomer = std::iter::once(&Who::Nobody).map(at(NEW));
        at_home.chain(abroad).chain(newcomer).collect()
    }

    pub(super) fn asker(&self, name: &str) -> Asker {
        let mut askers = self.askers().into_iter();
        askers.find(|asker| asker.name == name).unwrap()
    }

    /// One thing of a kind for each place that has one.
    pub(super) fn things(&self, about: About) -> Vec<Thing> {
        let single = |place, id| vec![Thing { place, id }];
        match about {
            About::Nothing => return single(SP3, "nothing".to_owned()),
            About::Newcomer => return single(INITECH, INITECH.slug()),
            About::Invitation => return single(INITECH, self.invitation()),
            _ => {}
        }
        let of = |place: &Place| self.id(about, place).map(|id| Thing { place: *place, id });
        PLACES.iter().filter_map(of).collect()
    }

    fn id(&self, about: About, place: &Place) -> Option<String> {
        let world = &self.world;
        Some(match about {
            About::Ticket => place.one(world, "SELECT number FROM ticket"),
            About::Cursor => place.one(world, "SELECT ticket_id FROM ticket"),
            About::Tenant if *place == P || *place == ACME => place.tenant.to_owned(),
            About::Tenant | About::Nothing | About::Newcomer | About::Invitation => return None,
            About::Account => place.agent(),
            About::Colleague => place.one(world, "SELECT min(agent_id) FROM agent"),
            About::Invitee => {
                let invitee = "SELECT max(iif(password_hash IS NULL, agent_id, '')) FROM agent";
                place.one(world, invitee)
            }
            About::User => place.user(),
            About::Person => place.one(world, "SELECT user_id FROM user"),
            About::Company => place.one(world, "SELECT organization_id FROM organization"),
            About::Key => place.one(world, "SELECT key_id FROM api_key"),
            About::SignIn => signer().sign_in(&place.user_claims(world), world.now()),
            // Written long, so that it is found in a page as itself alone.
            About::Realm => format!("{:09}", place.realm_id(world)),
            About::Mailbox => place.address(),
            About::Topic => {
                let topic = "SELECT max(topic_id) FROM help_topic";
                place.one(world, topic)
            }
            About::Department => {
                let used = "max(iif(name LIKE 'Department of %', department_id, 0))";
                place.one(world, &format!("SELECT {used} FROM department"))
            }
            About::Spare => place.one(world, "SELECT max(department_id) FROM department"),
            About::List => place.one(world, "SELECT max(list_id) FROM list"),
            About::FileAlone => place.one(world, "SELECT attachment_id FROM attachment"),
            About::File => {
                let number = place.one(world, "SELECT number FROM ticket");
                let id = place.one(world, "SELECT attachment_id FROM attachment");
                format!("{number}/files/{id}")
            }
            About::Collaborator => {
                let number = place.one(world, "SELECT number FROM ticket");
                let id = place.one(world, "SELECT user_id FROM user");
                format!("{number}/collaborators/{id}")
            }
            About::Letter => self.letter(place)?,
            About::Branch => place.branch(world).to_string(),
        })
    }

    /// The invitation of the new tenant's first agent.
    fn invitation(&self) -> String {
        let agent = self
            .world
            .rows("SELECT tenant_id, agent_id FROM agent WHERE email = 'bill@initech.example'");
        let (tenant, agent) = agent[0].split_once('|').unwrap();
        let claims = SessionClaims {
            tenant: TenantId(tenant.parse().unwrap()),
            agent: Id::parse(agent).unwrap(),
            epoch: 1,
        };
        signer().bootstrap(&claims, self.world.now())
    }

    fn letter(&self, place: &Place) -> Option<String> {
        if *place != SP3 && *place != ACME {
            return None;
        }
        let host = format!("{}.localhost", place.slug());
        let mails = self.world.delivered(&host);
        let of_here = mails.iter().find(|mail| {
            let to = mail["to"]["address"].as_str().unwrap();
            to.contains(&place.slug())
        });
        Some(of_here.unwrap()["id"].as_str().unwrap().to_owned())
    }
}

/// What the worlds' tokens are signed by.
pub(super) fn signer() -> Signer {
    Signer::new("a session secret of thirty-two bytes")
}

/// Puts a ticket, a user, an organization, an invited agent, a help topic, a form, a filter, a
/// canned reply and a mail template into a realm, and a realm below it; all but the topic carry
/// its marker. What is numbered is numbered alike.
fn furnish(world: &World, place: &Place) {
    let (slug, marker) = (place.slug(), place.marker());
    let ticket = json!({
        "subject": format!("{marker} subject"),
        "message": format!("{marker} message"),
        "name": format!("{marker} user"),
        "email": place.user(),
        "attachments": [{ format!("{marker}.txt"): format!("data:,{marker}") }],
    });
    world.turn(SECOND);
    assert_eq!(world.send(ticket_call(&slug, &ticket)).status, 201);
    let (tenant, realm) = (place.tenant_id(world), place.realm_id(world));
    let topic = 1000 * tenant + 10 * realm;
    let permissions = Keys::<CallKey>::all_but(&[]).to_json();
    world.execute(&format!(
        "INSERT INTO help_topic (tenant_id, topic_id, realm_id, name, is_public)
         VALUES ({tenant}, {topic}, {realm}, 'Topic of {slug}', 1);
         INSERT INTO department (tenant_id, department_id, realm_id, name)
         VALUES ({tenant}, {topic}, {realm}, 'Department of {slug}');
         INSERT INTO team (tenant_id, team_id, realm_id, name)
         VALUES ({tenant}, {topic}, {realm}, 'Team of {slug}');
         INSERT INTO form (tenant_id, form_id, realm_id, kind, title)
         VALUES ({tenant}, {topic}, {realm}, 'topic', '{marker} form');
         INSERT INTO field (tenant_id, field_id, form_id, name, label, kind)
         VALUES ({tenant}, {topic}, {topic}, 'text', '{marker} field', 'text');
         INSERT INTO list (tenant_id, list_id, realm_id, name)
         VALUES ({tenant}, {topic}, {realm}, '{marker} list');
         INSERT INTO list_item (tenant_id, list_id, item_id, value)
         VALUES ({tenant}, {topic}, 1, '{marker} item');
         INSERT INTO list (tenant_id, list_id, realm_id, name)
         VALUES ({tenant}, 6 + {topic}, {realm}, '{marker} bare list');
         INSERT INTO form (tenant_id, form_id, realm_id, kind, title, list_id)
         VALUES ({tenant}, 5 + {topic}, {realm}, 'list', '{marker} properties', {topic});
         INSERT INTO field (tenant_id, field_id, form_id, name, label, kind)
         VALUES ({tenant}, 5 + {topic}, 5 + {topic}, 'text', '{marker} property', 'text');
         INSERT INTO filter (tenant_id, filter_id, realm_id, name)
         VALUES ({tenant}, {topic}, {realm}, '{marker} filter');
         INSERT INTO filter_rule (tenant_id, filter_id, rule_id, what, operator, value)
         VALUES ({tenant}, {topic}, 0, 'subject', 'equal', '{marker}');
         INSERT INTO filter_action (tenant_id, filter_id, position, kind, topic_id)
         VALUES ({tenant}, {topic}, 0, 'topic', {topic});
         INSERT INTO canned_reply (tenant_id, canned_reply_id, realm_id, title, text)
         VALUES ({tenant}, {topic}, {realm}, '{marker} canned', '{marker} canned');
         INSERT INTO mail_template (tenant_id, realm_id, code, subject, text)
         VALUES ({tenant}, {realm}, 'task.alert', '{marker} mail', '{marker} mail');
         UPDATE api_key SET can_route = 1, can_run_cron = 1, permissions = '{permissions}'"
    ));
    let (company, invitee) = (world.id(), world.id());
    world.execute(&format!(
        "INSERT INTO organization (tenant_id, organization_id, realm_id, name)
         VALUES ({tenant}, '{company}', {realm}, '{marker} company');
         INSERT INTO agent (tenant_id, agent_id, realm_id, role_id, email, name, created_at,
                            invited_at)
         VALUES ({tenant}, '{invitee}', {realm}, 4, 'new@{slug}.example', '{marker} agent', 0, 0)"
    ));
    let branch = place.branch(world);
    world.execute(&format!(
        "INSERT INTO realm (tenant_id, realm_id, parent_id, path, name)
         SELECT tenant_id, {branch}, realm_id, path || 'a9', '{marker} branch'
           FROM realm WHERE tenant_id = {tenant} AND realm_id = {realm}"
    ));
}

/// Adds departments once all tickets have found theirs, so that nothing needs them.
fn add_spares(world: &World) {
    world.execute(
        "INSERT INTO department (tenant_id, department_id, realm_id, name)
         SELECT tenant_id, 7 + department_id, realm_id, replace(name, 'Department', 'Spare')
           FROM department WHERE name LIKE 'Department of %'",
    );
}

/// Has each requester take part in their own ticket too, so that somebody does.
fn take_part(world: &World) {
    world.execute(
        "INSERT INTO collaborator (tenant_id, ticket_id, user_id, realm_id, is_active, created_at)
         SELECT tenant_id, ticket_id, user_id, realm_id, 1, 0 FROM ticket",
    );
}

/// Adds a tenant as its operator does.
fn add_newcomer(world: &World) {
    let admin = json!({ "email": "bill@initech.example", "name": "Bill" });
    let wanted = json!({
        "slug": "initech", "name": "Initech", "host": "initech.localhost", "admin": admin,
    });
    let call = Call::post("/admin/tenants").header("authorization", "Bearer operator-secret");
    assert_eq!(world.send(call.body(wanted.to_string())).status, 201);
}

/// Adds an agent of SP3 whose role allows nothing.
fn add_idle(world: &World) {
    let scope = world.inside("parent");
    let sp3 = RealmId(SP3.realm_id(world));
    let idle = world.agent(&scope, &world.id(), sp3, "idle@sp3.example", "Idle");
    world.write(&scope, vec![idle]);
    let tenant = SP3.tenant_id(world);
    world.execute(&format!(
        "INSERT INTO role (tenant_id, role_id, name, permissions)
         VALUES ({tenant}, 99, 'Nothing', '[]');
         UPDATE agent SET role_id = 99, permissions = '[]' WHERE email = 'idle@sp3.example'"
    ));
}
