//! Agents as a request knows them, and what they are granted.

use desk::ticket::{self, WorkTicket};
use tenancy::policy::{Act, Asking, Granted, Refusal};
use tenancy::principal::{Agent, Credentials, Principal};
use tenancy::realm::{self, Realm};
use tenancy::scope::And;
use tenancy::sight::Standing;
use tenancy::token::SessionClaims;
use tenancy::{Door, Id, RealmId, Scope, Site, Table, TenantId};

use crate::{World, task};

impl World {
    /// What a portal's host name opens onto.
    pub fn site(&self, host: &str) -> Site {
        let door = Door::PortalHost(host.to_owned());
        let scope = Scope::behind(self.runtime(), door.clone());
        let (sites,) = task::run(scope.read((Site::find(&scope, &door),))).unwrap();
        sites.into_iter().next().unwrap()
    }

    /// An agent with a session, as one that comes to the portal of their tenant.
    pub fn agent_at(&self, host: &str, email: &str) -> Agent {
        let site = self.site(host);
        let scope = Scope::of(self.runtime(), &site);
        let found = self.rows(&format!(
            "SELECT agent_id FROM agent WHERE tenant_id = {} AND email = '{email}'",
            site.tenant
        ));
        let claims = SessionClaims {
            tenant: site.tenant,
            agent: Id::parse(&found[0]).unwrap(),
            epoch: 1,
        };
        let account = (Credentials::of_session(&scope, &claims),);
        let standing = Standing::of_session(&scope, &claims);
        let ((accounts,), standing) = task::run(scope.read(And(account, standing))).unwrap();
        let account = accounts.into_iter().next().unwrap();
        account
            .resume(&site, &claims)
            .unwrap()
            .standing_at(standing)
    }

    /// Gives an agent the rights of administration.
    pub fn empower(&self, email: &str) {
        let rights = tenancy::policy::Rights::administrator().to_json();
        self.execute(&format!(
            "UPDATE agent SET permissions = '{rights}' WHERE email = '{email}'"
        ));
    }

    /// Asks for a realm for an action, in the name of an agent.
    pub fn ask<A: Act>(&self, agent: &Agent, realm: &str) -> Result<Granted<Realm, A>, Refusal> {
        let named = format!("SELECT tenant_id, realm_id FROM realm WHERE name = '{realm}'");
        let ids = self.rows(&named);
        let (tenant, id) = ids.first().map_or((0, 0), |ids| {
            let (tenant, id) = ids.split_once('|').unwrap();
            (tenant.parse().unwrap(), id.parse().unwrap())
        });
        let scope = self.inside_id(TenantId(tenant));
        let (found,) = task::run(scope.read((realm::find(&scope, RealmId(id)),))).unwrap();
        let (principal, holdings) = (Principal::Agent(agent), agent.holdings());
        Asking::new(self.runtime(), principal, holdings.as_sight()).grant(found)
    }

    /// Asks for a ticket for an action, in the name of an agent.
    pub fn ask_ticket<A: Act>(
        &self,
        agent: &Agent,
        scope: &Scope,
        number: &str,
    ) -> Result<Granted<WorkTicket, A>, Refusal> {
        let found = task::run(scope.read((ticket::find_for_work(scope, number),)));
        let (principal, sight) = (Principal::Agent(agent), agent.sight(Table::Ticket));
        Asking::new(self.runtime(), principal, &sight).grant(found.unwrap().0)
    }
}
