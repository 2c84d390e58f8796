//! Whom a realm is shown to and closed for, as far as the administrator sees them.

use pages::admin::Decision;
use tenancy::peer::{self, Peer};
use tenancy::principal::Agent;
use tenancy::realm::{self, Listed, Realm};
use tenancy::sight::{Requirement, Role, Standing, requirements};
use tenancy::{Id, Query, RealmId, Scope, Sight, Table};

/// So many realms and teams are offered in a list.
const OFFERED: i64 = 200;

/// What is asked about who sees a realm.
pub(super) type Queries = (
    Query<Peer<Id>>,
    Query<Peer<i64>>,
    Query<Peer<RealmId>>,
    Query<Peer<i64>>,
    Query<Listed>,
    Query<Role>,
    Query<Requirement>,
);

/// What was found of it.
pub(super) type Found = (
    Vec<Peer<Id>>,
    Vec<Peer<i64>>,
    Vec<Peer<RealmId>>,
    Vec<Peer<i64>>,
    Vec<Listed>,
    Vec<Role>,
    Vec<Requirement>,
);

/// Whom a realm is shown to, and what can be chosen.
pub(super) struct Access {
    pub(super) agents: Vec<Peer<Id>>,
    pub(super) teams: Vec<Peer<i64>>,
    pub(super) viewers: Vec<Peer<RealmId>>,
    pub(super) unseen: usize,
    pub(super) teams_offered: Vec<Peer<i64>>,
    pub(super) realms_offered: Vec<Listed>,
    pub(super) roles: Vec<Role>,
    pub(super) required: Vec<Requirement>,
}

impl Access {
    /// Looks up what is said at a realm that the agent holds.
    pub(super) fn queries(agent: &Agent, scope: &Scope, id: RealmId) -> Queries {
        (
            peer::agents_shown(scope, id),
            peer::teams_shown(scope, id),
            peer::realms_shown(scope, id),
            peer::teams(scope, &agent.sight(Table::Team), OFFERED),
            realm::list(scope, agent.holdings().as_sight(), OFFERED),
            peer::roles(scope),
            requirements(scope),
        )
    }

    pub(super) fn of(agent: &Agent, found: Found) -> Self {
        let (agents, teams, viewers, teams_offered, realms_offered, roles, required) = found;
        let all = agents.len() + teams.len() + viewers.len();
        let agents = seen(agents, &agent.sight(Table::Agent));
        let teams = seen(teams, &agent.sight(Table::Team));
        let viewers = seen(viewers, agent.holdings().as_sight());
        Self {
            unseen: all - agents.len() - teams.len() - viewers.len(),
            agents,
            teams,
            viewers,
            teams_offered,
            realms_offered,
            roles,
            required,
        }
    }

    /// What the selector asks for at the realm.
    pub(super) fn asking(&self, realm: &Realm) -> Decision<'_> {
        let own = self.required.iter().find(|it| it.node.realm == realm.id);
        let name = |id| self.roles.iter().find(|role| role.id == id);
        match own.map(|own| own.role.and_then(name)) {
            None => Decision::Above(None),
            Some(Some(role)) => Decision::Role(&role.name),
            Some(None) => Decision::Everybody,
        }
    }

    pub(super) fn own_role(&self, standing: &Standing) -> &str {
        let own = self.roles.iter().find(|role| standing.meets(Some(role.id)));
        own.map_or("", |role| &role.name)
    }
}

fn seen<I>(peers: Vec<Peer<I>>, sight: &Sight) -> Vec<Peer<I>> {
    let is_seen = |peer: &Peer<I>| sight.sees(&peer.path);
    peers.into_iter().filter(is_seen).collect()
}

/// Who sees the realm at all: what is said at it, or what a realm above it asks for.
pub(super) fn closing<'s>(standing: &'s Standing, realm: &Realm) -> Decision<'s> {
    let Some(restriction) = standing.restriction(&realm.path) else {
        return Decision::Above(None);
    };
    let role = restriction.role.as_ref().map(|role| role.name.as_str());
    match role {
        role if restriction.node.realm != realm.id => Decision::Above(role),
        Some(role) => Decision::Role(role),
        None => Decision::Everybody,
    }
}
