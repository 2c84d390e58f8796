//! For whom a ticket is raised: the portal's realm, or, by somebody signed in, one below it that
//! is open to them (T-27, T-34).

use desk::form::{self, Field};
use desk::intake::{self, Setup};
use desk::source;
use tenancy::policy::{Asking, Found, act};
use tenancy::principal::{Account, Principal, User};
use tenancy::realm::{self, Realm};
use tenancy::scope::And;
use tenancy::sight::{self, Choice, Standing};
use tenancy::{RealmId, Scope, Site};
use web::{Failure, Visit};

use web::guest::{Guest, Knock};

/// How many realms the form offers; one that is further down the tree still counts.
const MOST: i64 = 500;

/// What is asked for, by a link or by a form that was posted.
pub(crate) struct Wanting<'t> {
    /// The realm to raise for; empty for the portal's own.
    pub(crate) realm: &'t str,
    /// The help topic.
    pub(crate) topic: Option<i64>,
    /// Who asks for a ticket, unless they have signed in; nobody does who only looks at the form.
    pub(crate) email: Option<String>,
}

/// What a page about opening a ticket goes by.
pub(crate) struct Desk<'v> {
    pub(crate) guest: Guest<'v>,
    /// How tickets of the chosen realm are routed.
    pub(crate) setup: Setup,
    /// What is asked beside a subject and a message.
    pub(crate) form: Vec<Field>,
    /// The portal, filing into the chosen realm.
    pub(crate) site: Site,
    /// What the user can choose from, in the order of the tree; nothing, where there is no choice.
    pub(crate) realms: Vec<Choice>,
    /// Whether the realm that was asked for is one the user may raise for. One that they may not
    /// is told like one that does not exist.
    pub(crate) is_offered: bool,
    /// In how many seconds the visitor may send the form again, if they have sent it too often.
    pub(crate) wait: Option<i64>,
}

impl<'v> Desk<'v> {
    /// Looks up what is needed to raise a ticket for the realm that was asked for; for none, the
    /// portal's own.
    pub(crate) async fn of(visit: &'v Visit, wanting: &Wanting<'_>) -> Result<Self, Failure> {
        let asked = wanting.realm;
        let knock = Knock::of(visit).await?;
        let scope = visit.scope();
        let wanted = asked.parse().map_or(RealmId(0), RealmId);
        let raising = knock.claims().map(|claims| {
            let found = (realm::find(&scope, wanted),);
            And(Standing::of_user(&scope, claims), found)
        });
        let intake = And(
            intake::setup(&scope, asking(wanting.email.as_deref().as_ref())),
            form::asked(&scope, wanting.topic),
        );
        let about = And(intake, raising);
        let is_posted = wanting.email.is_some();
        let counted = is_posted.then(|| knock.count(&scope, source::Form::Open));
        let who = And(knock.who(&scope), counted.flatten());
        let ((who, (counted,)), ((setup, form), (standing, (found,)))) =
            scope.read(And(who, about)).await?;
        let guest = knock.enter(who)?;
        let desk = Self {
            site: guest.site.clone(),
            is_offered: asked.is_empty(),
            wait: guest.wait(&counted, source::Form::Open),
            realms: Vec::new(),
            form: offered_form(&setup, form, wanting.topic),
            guest,
            setup,
        };
        match (desk.guest.account.clone(), standing) {
            (Some(account), Some(standing)) => {
                desk.choose(account, &standing, found, wanting).await
            }
            (_, _) => Ok(desk),
        }
    }

    /// Takes the realm that was asked for, if the user may raise for it.
    async fn choose(
        mut self,
        account: Account,
        standing: &Standing,
        found: Vec<Found<Realm>>,
        wanting: &Wanting<'_>,
    ) -> Result<Self, Failure> {
        let runtime = &self.guest.visit.runtime;
        let holdings = standing.holdings();
        let mut chosen = None;
        let email = wanting.email.as_ref().map(|_| account.email.clone());
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
        let intake = And(
            intake::setup(&scope, asking(email.as_deref().as_ref())),
            form::asked(&scope, wanting.topic),
        );
        let ((realms,), (setup, form)) = scope.read(And((choices,), intake)).await?;
        self.form = form::of_known(offered_form(&setup, form, wanting.topic));
        self.setup = setup;
        self.realms = offered(realms, chosen);
        Ok(self)
    }
}

/// Whoever asks, as intake looks them up.
fn asking<'e>(email: Option<&'e &'e str>) -> Option<&'e [&'e str]> {
    email.map(std::slice::from_ref)
}

/// What is asked of whoever picked a topic. One that the portal does not offer asks for nothing
/// more, so that its form tells nobody of it. Where there is none to pick, the default asks.
fn offered_form(setup: &Setup, form: Vec<Field>, topic: Option<i64>) -> Vec<Field> {
    let is_public = |id| setup.topic(id).is_some_and(|topic| topic.is_public);
    let is_offered = match topic {
        Some(id) => is_public(id),
        None => setup.topics.iter().all(|topic| !topic.is_public),
    };
    if is_offered {
        setup.asks(topic, form)
    } else {
        form::of_all(form)
    }
}

/// What the form offers: nothing where there is no choice, and always what was chosen.
fn offered(mut realms: Vec<Choice>, chosen: Option<Choice>) -> Vec<Choice> {
    let is_listed = |wanted: &Choice| realms.iter().any(|realm| realm.realm == wanted.realm);
    realms.extend(chosen.filter(|wanted| !is_listed(wanted)));
    if realms.len() > 1 { realms } else { Vec::new() }
}
