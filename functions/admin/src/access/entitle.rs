//! Changing who sees a realm. Nobody gives what they do not hold (T-65): the statements look the
//! realm up in the giver's holdings once more.

use desk::deed::{Deed, Kind, Verb};
use desk::email::EmailAddress;
use pages::admin::{Done, Why};
use serde::Deserialize;
use serde_json::{Value, json};
use tenancy::peer::{self, Peer};
use tenancy::policy::{Found, Granted, act};
use tenancy::realm::{self, Realm};
use tenancy::sight::{Holdings, Role};
use tenancy::{Id, RealmId, Scope, Statement, Table, grant};
use web::{Desk, Failure};

use web::administering::{Outcome, granted, held, realm_id, write};

/// What the forms post. A field that is left out counts as empty.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    pub(super) csrf: String,
    pub(super) agent: String,
    change: String,
    agent_id: String,
    role: String,
    team: String,
    viewer: String,
}

impl Typed {
    fn number(text: &str) -> i64 {
        text.parse::<u32>().map_or(0, i64::from)
    }
}

type LookUp = (
    tenancy::Query<Found<Realm>>,
    tenancy::Query<Peer<Id>>,
    tenancy::Query<Peer<i64>>,
    tenancy::Query<Peer<RealmId>>,
    tenancy::Query<Role>,
);

type Looked = (
    Vec<Found<Realm>>,
    Vec<Peer<Id>>,
    Vec<Peer<i64>>,
    Vec<Peer<RealmId>>,
    Vec<Role>,
);

/// Looks up the realm, and everybody who may be named.
pub(super) fn look_up(scope: &Scope, id: RealmId, typed: &Typed) -> LookUp {
    let email = EmailAddress::parse(&typed.agent);
    (
        realm::find(scope, id),
        peer::agent(scope, email.as_ref().map_or("", |email| email.as_str())),
        peer::team(scope, Typed::number(&typed.team)),
        peer::realm(scope, realm_id(&typed.viewer)),
        peer::roles(scope),
    )
}

/// A change that was understood.
struct Change {
    statement: Statement,
    /// Whether the realm is closed to whoever changed it.
    is_left: bool,
    /// What the log says of it.
    told: Value,
}

impl Change {
    fn new(statement: Statement, told: Value) -> Self {
        Self {
            statement,
            is_left: false,
            told,
        }
    }
}

/// Somebody who may change who sees a realm, and what was looked up with it.
struct Giving<'a> {
    desk: &'a Desk,
    realm: Granted<Realm, act::RealmGrant>,
    holdings: Holdings,
    roles: Vec<Role>,
}

/// Changes who sees the realm.
pub(super) async fn apply(desk: &Desk, found: Looked, typed: &Typed) -> Result<Outcome, Failure> {
    let (realms, agents, teams, viewers, roles) = found;
    let giving = Giving {
        desk,
        realm: granted(desk, realms)?,
        holdings: desk.agent.holdings(),
        roles,
    };
    let change = match typed.change.as_str() {
        "show_agent" => giving.show_agent(agents),
        "show_team" => giving.show_team(teams),
        "show_viewer" => giving.show_viewer(viewers),
        "close" => giving.close(Typed::number(&typed.role)),
        "require" => giving.require(Typed::number(&typed.role)),
        other => giving.take_back(other, typed).map(Ok)?,
    };
    match change {
        Ok(change) => giving.write(change).await,
        Err((why, field)) => Ok(Outcome::refused(why, field)),
    }
}

type Understood = Result<Change, (Why, &'static str)>;

impl Giving<'_> {
    async fn write(&self, change: Change) -> Result<Outcome, Failure> {
        let realm = &self.realm;
        let deed = Deed::new(realm.id, Verb::Changed, Kind::Access)
            .of(&realm.id, &realm.name)
            .changing(change.told);
        match write(self.desk, realm.scope(), vec![change.statement], &deed).await {
            Ok(_) => Ok(Outcome::Done(
                Done::Saved,
                json!({ "left": change.is_left }),
            )),
            Err(error) if grant::is_not_held(&error) => Ok(Outcome::refused(Why::NotHeld, "")),
            Err(error) => Err(error.into()),
        }
    }

    fn show_agent(&self, found: Vec<Peer<Id>>) -> Understood {
        let seen = self.desk.agent.sight(Table::Agent);
        let agent = found.into_iter().find(|agent| seen.sees(&agent.path));
        let agent = agent.ok_or((Why::Unknown, "agent"))?;
        let shown = grant::show_agent(&self.realm, &self.holdings, &agent.id);
        Ok(Change::new(shown, json!({ "show_agent": agent.detail })))
    }

    fn show_team(&self, found: Vec<Peer<i64>>) -> Understood {
        let seen = self.desk.agent.sight(Table::Team);
        let team = found.into_iter().find(|team| seen.sees(&team.path));
        let team = team.ok_or((Why::Unknown, "team"))?;
        let shown = grant::show_team(&self.realm, &self.holdings, team.id);
        Ok(Change::new(shown, json!({ "show_team": team.name })))
    }

    fn show_viewer(&self, found: Vec<Peer<RealmId>>) -> Understood {
        let viewer = held(self.desk, found).ok_or((Why::Unknown, "viewer"))?;
        let shown = grant::show_realm(&self.realm, &self.holdings, viewer.id);
        Ok(Change::new(shown, json!({ "show_viewer": viewer.name })))
    }

    fn role(&self, role: i64, field: &'static str) -> Result<Option<i64>, (Why, &'static str)> {
        let is_known = self.roles.iter().any(|known| known.id == role);
        is_known.then_some(Some(role)).ok_or((Why::Unknown, field))
    }

    fn close(&self, role: i64) -> Understood {
        let role = self.role(role, "role")?;
        let standing = self.desk.agent.standing().ok_or((Why::NotHeld, ""))?;
        if grant::shuts_out(&self.realm, standing, role) {
            return Err((Why::ShutOut, "role"));
        }
        Ok(Change {
            statement: grant::restrict(&self.realm, &self.holdings, role),
            is_left: !standing.meets(role),
            told: json!({ "close": self.role_name(role) }),
        })
    }

    fn require(&self, role: i64) -> Understood {
        let role = self.role(role, "asked")?;
        let required = grant::require(&self.realm, &self.holdings, role);
        let told = json!({ "require": self.role_name(role) });
        Ok(Change::new(required, told))
    }

    fn role_name(&self, role: Option<i64>) -> Option<&str> {
        let known = self.roles.iter().find(|known| Some(known.id) == role);
        known.map(|known| known.name.as_str())
    }

    /// What needs nobody to be looked up: taking back, and opening.
    fn take_back(&self, change: &str, typed: &Typed) -> Result<Change, Failure> {
        let (realm, held) = (&self.realm, &self.holdings);
        let statement = match change {
            "open" => grant::restrict(realm, held, None),
            "inherit" => grant::lift_restriction(realm, held),
            "offer" => grant::require(realm, held, None),
            "leave" => grant::lift_requirement(realm, held),
            "hide_agent" => {
                let agent = Id::parse(&typed.agent_id).ok_or(Failure::BadRequest)?;
                grant::hide_from_agent(realm, held, &agent)
            }
            "hide_team" => grant::hide_from_team(realm, held, Typed::number(&typed.team)),
            "hide_viewer" => grant::hide_from_realm(realm, held, realm_id(&typed.viewer)),
            _ => return Err(Failure::BadRequest),
        };
        let whom = [&typed.agent_id, &typed.team, &typed.viewer];
        let whom = whom.into_iter().find(|id| !id.is_empty());
        Ok(Change::new(statement, json!({ change: whom })))
    }
}
