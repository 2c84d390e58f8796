//! What a ticket is opened by: its realm and what is offered there, and who is meant.

use desk::directory::{self, Behind, Person};
use desk::email::looked_up;
use desk::form::{self, Field, Kind};
use desk::intake::{self, Prospect, Setup};
use desk::offer::{self, Offer};
use desk::ticket::{self, Target};
use tenancy::duty::{Duties, Post};
use tenancy::peer::{self, Peer};
use tenancy::policy::{Act, AgentKey, Asking, Found, Granted, Permission, Refusal, act};
use tenancy::principal::{Agent, Principal};
use tenancy::realm::{self, Realm};
use tenancy::scope::And;
use tenancy::sight::{self, Choice};
use tenancy::{Id, Scope, Sight, Site, Table};
use web::{Desk, Failure, Visit};

use crate::typed::{Then, Typed};

/// How many realms and teams are offered.
const MOST: i64 = 500;
/// How many users a search shows.
const MOST_FOUND: i64 = 20;

/// Where an agent opens a ticket.
pub(crate) struct Counter {
    pub(crate) desk: Desk,
    pub(crate) realm: Granted<Realm, act::RealmView>,
    /// The user who was picked. To be shown as somebody who asks takes sight alone.
    pub(crate) person: Option<Granted<Person, act::RealmView>>,
    /// How tickets of the realm are routed.
    pub(crate) setup: Setup,
    /// What the topic asks of agents.
    pub(crate) form: Vec<Field>,
    /// The realms that the agent may pick.
    pub(crate) realms: Vec<Choice>,
    /// What can be named in this one.
    pub(crate) offers: Vec<Offer>,
    pub(crate) teams: Vec<Peer<i64>>,
    /// Whoever was found; none where nobody was searched for.
    pub(crate) found: Option<Vec<Person>>,
    /// The host of the realm's portal.
    pub(crate) host: String,
    pub(crate) assignee: Assignee,
}

/// Who is to get the ticket, before anybody has asked whether they may.
pub(crate) struct Assignee {
    pub(crate) agents: Vec<Found<Target<Id>>>,
    pub(crate) teams: Vec<Found<Target<i64>>>,
}

/// Somebody who asks for things of a sight.
pub(crate) fn asking<'a>(desk: &'a Desk, sight: &'a Sight) -> Asking<'a> {
    Asking::new(&desk.visit.runtime, Principal::Agent(&desk.agent), sight)
}

pub(crate) fn failure(refusal: Refusal) -> Failure {
    match refusal {
        Refusal::NotFound => Failure::NotFound,
        Refusal::Forbidden(_) => Failure::Forbidden,
    }
}

/// A realm whose tickets the agent sees. One that is archived takes none, like one that is not
/// there.
fn seen(desk: &Desk, found: Vec<Found<Realm>>) -> Result<Granted<Realm, act::RealmView>, Failure> {
    let sight = desk.agent.sight(Table::Ticket);
    let realm: Granted<Realm, _> = asking(desk, &sight).grant(found).map_err(failure)?;
    let is_open = realm.archived_at.is_none();
    is_open.then_some(realm).ok_or(Failure::NotFound)
}

impl Counter {
    /// Lets the agent in, and looks up all that the form and the ticket go by, in two round trips.
    /// Whoever was picked brings their realm, unless the one that was named lies below it.
    pub(crate) async fn enter(visit: Visit, typed: &mut Typed) -> Result<Self, Failure> {
        let (named, user) = (typed.realm(), typed.user());
        let look_up = |scope: &Scope, agent: &Id| {
            let meant = user.as_ref().map(|user| {
                let person = directory::person(scope, user);
                (person, realm::of_user(scope, user))
            });
            And((realm::worked_in(scope, agent, named),), meant)
        };
        let (desk, ((realms,), (people, homes))) = Desk::enter_as(visit, look_up).await?;
        if !desk.agent.opens_tickets() {
            return Err(Failure::Forbidden);
        }
        let realm = seen(&desk, realms)?;
        let sight = desk.agent.sight(Table::User);
        let person: Option<Granted<Person, _>> = asking(&desk, &sight).grant(people).ok();
        let is_picked = !typed.get("pick").is_empty();
        let is_elsewhere = |person: &Person| is_picked && !person.path.covers(&realm.path);
        let moves = person.as_deref().is_some_and(is_elsewhere);
        let home = if moves { seen(&desk, homes).ok() } else { None };
        if let Some(person) = person.as_ref().filter(|_| is_picked) {
            typed.set("user", person.id.as_str());
            typed.set("name", &person.name);
            typed.set("email", &person.email);
            typed.set("q", "");
        }
        Self::look(desk, home.unwrap_or(realm), person, typed).await
    }

    async fn look(
        mut desk: Desk,
        realm: Granted<Realm, act::RealmView>,
        person: Option<Granted<Person, act::RealmView>>,
        typed: &Typed,
    ) -> Result<Self, Failure> {
        let (email, agent) = (typed.email(), looked_up(typed.get("agent")));
        let (topic, team) = (typed.number("topic"), typed.number("team"));
        let there = Scope::at(&realm);
        let addresses = [email.as_str()];
        let is_asking = typed.then() == Then::Open && !typed.get("csrf").is_empty();
        let queries = |who: &Agent, scope: &Scope| {
            let asked = is_asking.then_some(&addresses[..]);
            let setup = intake::setup(&there, asked);
            let closed = (form::closed_to(scope, &who.id), Site::host_of(&there));
            let asks = And(form::asked(&there, topic), closed);
            let (tickets, teams) = (who.sight(Table::Ticket), who.sight(Table::Team));
            let offered = (
                sight::choices(scope, &tickets, MOST),
                offer::offers(scope, realm.id),
                peer::teams(scope, &teams, MOST),
                ticket::find_assignee(scope, &agent),
                ticket::find_team(scope, team.unwrap_or_default()),
            );
            let users = who.sight(Table::User);
            let first = Behind::default();
            let search = |text| {
                (directory::people_beginning(
                    scope, &users, text, &first, MOST_FOUND,
                ),)
            };
            And(And(setup, asks), And(offered, typed.sought().map(search)))
        };
        let ((setup, (form, (closed, hosts))), (offered, (found,))) = desk.look(queries).await?;
        let (realms, offers, teams, agents, assigned) = offered;
        let mut form = setup.asks(topic, form);
        if person.is_some() {
            form = form::of_known(form);
        }
        form.retain(|field| !closed.contains(&field.id));
        for field in &mut form {
            reveal(field, &desk.agent);
        }
        Ok(Self {
            desk,
            realm,
            person,
            setup,
            form,
            realms,
            offers,
            teams,
            found: typed.sought().map(|_| found),
            host: hosts.into_iter().next().unwrap_or_default(),
            assignee: Assignee {
                agents,
                teams: assigned,
            },
        })
    }

    /// A ticket in a department of the realm, for an action of the agent's.
    pub(crate) fn prospect<A: Act>(
        &self,
        department: i64,
    ) -> Result<Granted<Prospect, A>, Refusal> {
        let sight = self.desk.agent.sight(Table::Ticket);
        let prospect = Prospect::of(&self.realm, department, &self.desk.agent);
        asking(&self.desk, &sight).grant(vec![prospect])
    }

    /// The departments that the agent is shown and may open tickets in.
    pub(crate) fn departments(&self) -> impl Iterator<Item = (i64, &str)> {
        let may = |id: i64| self.prospect::<act::TicketCreate>(id).is_ok();
        let departments = self.setup.departments.iter();
        departments
            .filter(move |it| is_shown(&self.desk.agent, it.id) && may(it.id))
            .map(|it| (it.id, it.name.as_str()))
    }
}

/// Has a field offer the agents and departments that an agent sees.
fn reveal(field: &mut Field, agent: &Agent) {
    if field.kind == Kind::Agent {
        let sight = agent.sight(Table::Agent);
        field.reveal(|it| sight.sees(&it.path));
    } else {
        let sight = agent.sight(Table::Department);
        let is_shown = |id: &str| id.parse().is_ok_and(|id| is_shown(agent, id));
        field.reveal(|it| sight.sees(&it.path) && is_shown(&it.key));
    }
}

/// Whether an agent may be shown a department: without the key for others (osTicket's VI-2) only
/// those they work in.
fn is_shown(agent: &Agent, department: i64) -> bool {
    let sees_others = agent.has(Permission::Agent(AgentKey::VisibilityDepartments));
    let posts = agent.duties().map(Duties::posts);
    let is_own = |posts: &[Post]| posts.iter().any(|it| it.department == department);
    sees_others || posts.is_some_and(is_own)
}
