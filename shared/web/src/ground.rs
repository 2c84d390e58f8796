//! The realm whose help topics, forms and filters an administrator looks after, and what they type
//! about them.

use crate::{Desk, Failure, Visit, form};
use desk::deed::{self, Deed, Verb};
use desk::offer::{Kind, Offer};
use desk::ticket::Priority;
use pages::admin::{Choice, Filled, Problem, Why};
use serde::Deserialize;
use serde_json::Value;
use tenancy::policy::{Act, Granted, act};
use tenancy::port::{DbError, Rows};
use tenancy::realm::{self, Listed, Path, Realm};
use tenancy::scope::{And, Queries};
use tenancy::sight::Standing;
use tenancy::{RealmId, Scope, Statement};

use crate::administering::{enter, granted, realm_id, write};

/// Most choices that are written into a field; more make a list.
const MOST_CHOICES: usize = 200;
/// Longest choice, in characters.
const LONGEST_CHOICE: usize = 255;

/// Which realm is asked about, and what was done before.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    pub r#in: String,
    pub done: String,
}

/// A realm to look after.
pub struct Ground<A = act::DeskManage> {
    pub desk: Desk,
    pub realm: Granted<Realm, A>,
    /// The realm and those above it, the topmost first.
    pub above: Vec<Listed>,
}

impl<A: Act> Ground<A> {
    /// Lets an administrator in, and looks up what there is in the realm they name; in their own,
    /// where they name none, which takes a second look.
    pub async fn enter<Q: Queries>(
        visit: Visit,
        wanted: &str,
        look_up: impl Fn(&Scope, RealmId) -> Q,
    ) -> Result<(Self, Q::Answers), Failure> {
        let queries = |scope: &Scope, id| {
            let realm = (realm::find(scope, id), realm::above(scope, id));
            And(realm, look_up(scope, id))
        };
        let (mut desk, mut found) = enter(visit, |scope| queries(scope, realm_id(wanted))).await?;
        if wanted.is_empty() {
            let own = |standing: &Standing| standing.primary().realm;
            found = desk
                .look(|agent, scope| queries(scope, agent.standing().map_or(RealmId(0), own)))
                .await?;
        }
        let ((realms, above), found) = found;
        let realm = granted(&desk, realms)?;
        Ok((Self { desk, realm, above }, found))
    }

    /// The same, for a form that was posted.
    pub async fn posted<Q: Queries>(
        visit: Visit,
        typed: &Typed,
        look_up: impl Fn(&Scope, RealmId) -> Q,
    ) -> Result<(Self, Q::Answers), Failure> {
        let (ground, found) = Self::enter(visit, typed.get("in"), look_up).await?;
        form::check(&ground.desk.visit, &ground.desk.signer, typed.get("csrf"))?;
        Ok((ground, found))
    }

    /// Writes what was decided about the realm, and down that it was done.
    ///
    /// # Errors
    /// The database's; then nothing was written.
    pub async fn write(
        &self,
        batch: Vec<Statement>,
        deed: &Deed<'_>,
    ) -> Result<Vec<Rows>, DbError> {
        write(&self.desk, self.realm.scope(), batch, deed).await
    }

    /// Something done in the realm to a thing of this kind.
    pub fn deed(&self, verb: Verb, kind: deed::Kind) -> Deed<'_> {
        Deed::new(self.realm.id, verb, kind)
    }

    /// Whether what belongs to a realm is the administrator's to see.
    pub fn holds(&self, path: &Path) -> bool {
        self.desk.agent.holds_realm(path)
    }

    /// The name of a realm above, for what is inherited from it.
    pub fn named_above(&self, realm: RealmId) -> Option<&str> {
        let found = self.above.iter().find(|above| above.id == realm)?;
        Some(found.name.as_str()).filter(|_| realm != self.realm.id)
    }

    /// What is offered of a kind, as far as the administrator sees it.
    pub fn offered<'o>(&self, offers: &'o [Offer], kind: Kind) -> Vec<(i64, &'o str)> {
        let is_seen = |offer: &&Offer| {
            let path = offer.path.as_ref();
            offer.kind == kind && path.is_none_or(|path| self.holds(path))
        };
        let seen = offers.iter().filter(is_seen);
        seen.map(|offer| (offer.id, offer.name.as_str())).collect()
    }
}

/// What a form posted. A field that is left out counts as empty.
#[derive(Default)]
pub struct Typed(pub Vec<(String, String)>);

impl Typed {
    pub fn get(&self, field: &str) -> &str {
        self.all(field).next().unwrap_or_default()
    }

    pub fn all(&self, field: &str) -> impl Iterator<Item = &str> {
        let own = self.0.iter().filter(move |(name, _)| name == field);
        own.map(|(_, value)| value.as_str())
    }

    pub fn number(&self, field: &str) -> Option<i64> {
        self.get(field).parse().ok()
    }

    /// What was typed and is not as it was before.
    pub fn since(&self, before: &Self) -> Value {
        deed::changes(before.filled().0, self.filled().0)
    }

    pub fn filled(&self) -> Filled<'_> {
        let own = self.0.iter();
        Filled(
            own.map(|(name, value)| (name.as_str(), value.as_str()))
                .collect(),
        )
    }

    pub fn is_on(&self, field: &str) -> bool {
        self.get(field) == "1"
    }

    /// What was chosen, if it is offered or stands there now.
    pub fn chosen(
        &self,
        field: &'static str,
        offered: &[(i64, &str)],
        now: Option<i64>,
    ) -> Result<Option<i64>, Problem> {
        let unknown = Problem {
            why: Why::Unknown,
            field,
        };
        match self.get(field) {
            "" => Ok(None),
            text => {
                let id = text.parse().ok();
                let is_offered = |id: i64| offered.iter().any(|(known, _)| *known == id);
                id.filter(|id| is_offered(*id) || now == Some(*id))
                    .map(Some)
                    .ok_or(unknown)
            }
        }
    }
}

/// The choices that were written one a line, as what is stored, a colon, and what people read;
/// none that are too many, too long, or there twice.
pub fn written_choices(text: &str) -> Option<Vec<(String, String)>> {
    let mut choices: Vec<(String, String)> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (key, words) = line.split_once(':').unwrap_or((line, line));
        let (key, words) = (key.trim(), words.trim());
        let is_fit = |text: &str| (1..=LONGEST_CHOICE).contains(&text.chars().count());
        let is_known = choices.iter().any(|(known, _)| known == key);
        if is_known || !is_fit(key) || !is_fit(words) || choices.len() == MOST_CHOICES {
            return None;
        }
        choices.push((key.to_owned(), words.to_owned()));
    }
    Some(choices)
}

/// The priorities, as they are offered.
pub fn priorities() -> [(i64, &'static str); 4] {
    Priority::ALL.map(|priority| (priority.id(), priority.name()))
}

/// What can be chosen, with what is chosen; something that is chosen but not offered has no name.
pub fn choices<'o>(offered: &[(i64, &'o str)], chosen: &[i64]) -> Vec<Choice<'o>> {
    let is_offered = |id: &i64| offered.iter().any(|(known, _)| known == id);
    let choice = |(id, name): (i64, &'o str)| Choice {
        id,
        name,
        is_chosen: chosen.contains(&id),
    };
    let unseen = chosen.iter().filter(|id| !is_offered(id));
    let unseen = unseen.map(|id| (*id, ""));
    offered.iter().copied().chain(unseen).map(choice).collect()
}
