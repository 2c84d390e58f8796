//! For whom a ticket is raised: the portal's realm, or, by somebody signed in, one below it that
//! is open to them (T-27, T-34).

use desk::intake::{self, Setup};
use tenancy::policy::{Asking, Found, act};
use tenancy::principal::{Account, Principal, User};
use tenancy::realm::{self, Realm};
use tenancy::scope::And;
use tenancy::sight::{self, Choice, Standing};
use tenancy::{RealmId, Scope, Site};
use web::{Failure, Visit};

use crate::guest::{Guest, Knock};

/// How many realms the form offers; one that is further down the tree still counts.
const MOST: i64 = 500;

/// What a page about opening a ticket goes by.
pub(crate) struct Desk<'v> {
    pub(crate) guest: Guest<'v>,
    /// How tickets of the chosen realm are routed.
    pub(crate) setup: Setup,
    /// The portal, filing into the chosen realm.
    pub(crate) site: Site,
    /// What the user can choose from, in the order of the tree; nothing, where there is no choice.
    pub(crate) realms: Vec<Choice>,
    /// Whether the realm that was asked for is one the user may raise for. One that they may not
    /// is told like one that does not exist.
    pub(crate) is_offered: bool,
}

impl<'v> Desk<'v> {
    /// Looks up what is needed to raise a ticket for the realm that was asked for; for none, the
    /// portal's own.
    pub(crate) async fn of(visit: &'v Visit, asked: &str) -> Result<Self, Failure> {
        let knock = Knock::of(visit).await?;
        let scope = visit.scope();
        let wanted = asked.parse().map_or(RealmId(0), RealmId);
        let raising = knock.claims().map(|claims| {
            let found = (realm::find(&scope, wanted),);
            And(Standing::of_user(&scope, claims), found)
        });
        let about = And(intake::setup(&scope), raising);
        let (who, (setup, (standing, (found,)))) =
            scope.read(And(knock.who(&scope), about)).await?;
        let guest = knock.enter(who)?;
        let desk = Self {
            site: guest.site.clone(),
            is_offered: asked.is_empty(),
            realms: Vec::new(),
            guest,
            setup,
        };
        match (desk.guest.account.clone(), standing) {
            (Some(account), Some(standing)) => desk.choose(account, &standing, found).await,
            (_, _) => Ok(desk),
        }
    }

    /// Takes the realm that was asked for, if the user may raise for it.
    async fn choose(
        mut self,
        account: Account,
        standing: &Standing,
        found: Vec<Found<Realm>>,
    ) -> Result<Self, Failure> {
        let runtime = &self.guest.visit.runtime;
        let holdings = standing.holdings();
        let mut chosen = None;
        if let Some(user) = User::known(&self.site, Some(account), None) {
            let asking = Asking::new(runtime, Principal::User(&user), holdings.as_sight());
            let granted = asking.grant::<_, act::TicketCreate>(found).ok();
            if let Some(realm) = granted.filter(|realm| realm.archived_at.is_none()) {
                self.site = self.site.filing_into(&realm);
                self.is_offered = true;
                chosen = Some(Choice {
                    realm: realm.id,
                    path: realm.path.clone(),
                    name: realm.name.clone(),
                });
            }
        }
        let scope = Scope::of(runtime, &self.site);
        let choices = sight::choices(&scope, holdings.as_sight(), MOST);
        let ((realms,), setup) = scope.read(And((choices,), intake::setup(&scope))).await?;
        self.setup = setup;
        self.realms = offered(realms, chosen);
        Ok(self)
    }
}

/// What the form offers: nothing where there is no choice, and always what was chosen.
fn offered(mut realms: Vec<Choice>, chosen: Option<Choice>) -> Vec<Choice> {
    let is_listed = |wanted: &Choice| realms.iter().any(|realm| realm.realm == wanted.realm);
    realms.extend(chosen.filter(|wanted| !is_listed(wanted)));
    if realms.len() > 1 { realms } else { Vec::new() }
}
