//! What an agent typed.

use desk::email::looked_up;
use desk::ticket::Source;
use tenancy::{Id, RealmId};
use web::form::{Submitted, searched};

/// The sources that an agent can name, the usual one first.
pub(crate) const SOURCES: [Source; 4] = [Source::Phone, Source::Email, Source::Web, Source::Other];

/// What the form posts. A field that is left out counts as empty.
pub(crate) struct Typed(pub(crate) Submitted);

/// What is to be done with it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    /// The ticket is opened.
    Open,
    /// The form is shown again, with what was found or picked, or asking for more.
    Ask,
}

impl Typed {
    /// What a link says to begin with.
    pub(crate) fn of_link(fields: Vec<(String, String)>) -> Self {
        Self(Submitted {
            fields,
            files: Vec::new(),
        })
    }

    pub(crate) fn get(&self, field: &str) -> &str {
        self.0.text(field)
    }

    pub(crate) fn set(&mut self, field: &str, text: &str) {
        self.0.fields.retain(|(name, _)| name != field);
        self.0.fields.push((field.to_owned(), text.to_owned()));
    }

    pub(crate) fn then(&self) -> Then {
        let is_asking = !self.get("then").is_empty() || !self.get("pick").is_empty();
        if is_asking { Then::Ask } else { Then::Open }
    }

    /// A number that was picked.
    pub(crate) fn number(&self, field: &str) -> Option<i64> {
        self.get(field).parse::<u32>().ok().map(i64::from)
    }

    /// The realm that was picked; one that cannot be is nobody's.
    pub(crate) fn realm(&self) -> Option<RealmId> {
        let is_named = !self.get("in").is_empty();
        is_named.then(|| RealmId(self.number("in").unwrap_or_default()))
    }

    /// The user who was picked, now or before.
    pub(crate) fn user(&self) -> Option<Id> {
        Id::parse(self.get("pick")).or_else(|| Id::parse(self.get("user")))
    }

    /// What is searched for, where something is.
    pub(crate) fn sought(&self) -> Option<&str> {
        let sought = Some(searched(self.get("q"))).filter(|text| !text.is_empty());
        sought.filter(|_| self.get("then") == "find")
    }

    pub(crate) fn email(&self) -> String {
        looked_up(self.get("email"))
    }

    pub(crate) fn source(&self) -> Option<Source> {
        match self.get("source") {
            "" => Some(Source::Phone),
            name => Source::named(name).filter(|source| SOURCES.contains(source)),
        }
    }
}
