//! The demo data, as `demo.json` describes it.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::Outcome;

pub(crate) struct Demo {
    pub(crate) sweep_secret: String,
    pub(crate) operator_secret: String,
    /// One company with one realm.
    pub(crate) acme: Tenant,
    /// A service provider with a tree of realms.
    pub(crate) parent: Tenant,
}

pub(crate) struct Tenant {
    pub(crate) host: String,
    pub(crate) api_key: String,
    pub(crate) mail_address: String,
    pub(crate) mail_secret: String,
    pub(crate) agents: Vec<Agent>,
    /// End users: realm and address.
    pub(crate) users: Vec<(String, String)>,
    pub(crate) realms: Vec<Realm>,
}

pub(crate) struct Agent {
    pub(crate) email: String,
    pub(crate) password: String,
    pub(crate) realm: String,
}

/// A realm below the tenant's own.
pub(crate) struct Realm {
    pub(crate) name: String,
    pub(crate) api_key: String,
}

impl Demo {
    pub(crate) fn read(file: &Path) -> Outcome<Self> {
        let text =
            fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        let info: Value = serde_json::from_str(&text)?;
        Ok(Self {
            sweep_secret: field(&info, "sweep_secret")?,
            operator_secret: field(&info, "operator_secret")?,
            acme: Tenant::named(&info, "acme")?,
            parent: Tenant::named(&info, "parent")?,
        })
    }
}

impl Tenant {
    fn named(info: &Value, slug: &str) -> Outcome<Self> {
        let found = list(info, "tenants").find(|tenant| tenant["slug"] == slug);
        let tenant = found.ok_or_else(|| format!("demo.json holds no tenant {slug}"))?;
        let of_kind = |kind| list(tenant, "people").filter(move |person| person["kind"] == kind);
        let user = |person| Ok((field(person, "realm")?, field(person, "email")?));
        Ok(Self {
            host: field(tenant, "host")?,
            api_key: field(tenant, "api_key")?,
            mail_address: field(&tenant["mail"], "address")?,
            mail_secret: field(&tenant["mail"], "secret")?,
            agents: of_kind("agent").map(Agent::read).collect::<Outcome<_>>()?,
            users: of_kind("user").map(user).collect::<Outcome<_>>()?,
            realms: list(tenant, "realms")
                .map(Realm::read)
                .collect::<Outcome<_>>()?,
        })
    }

    /// The agent whose primary realm this is.
    pub(crate) fn agent_of(&self, realm: &str) -> Outcome<&Agent> {
        let found = self.agents.iter().find(|agent| agent.realm == realm);
        found.ok_or_else(|| format!("demo.json holds no agent of {realm}").into())
    }

    /// The address of the first end user of a realm.
    pub(crate) fn user_of(&self, realm: &str) -> Outcome<&str> {
        let found = self.users.iter().find(|(known, _)| known == realm);
        let found = found.map(|(_, email)| email.as_str());
        found.ok_or_else(|| format!("demo.json holds no user of {realm}").into())
    }

    /// The realm's own API key.
    pub(crate) fn key_of(&self, realm: &str) -> Outcome<&str> {
        let found = self.realms.iter().find(|known| known.name == realm);
        let found = found.map(|realm| realm.api_key.as_str());
        found.ok_or_else(|| format!("demo.json holds no API key of {realm}").into())
    }
}

impl Agent {
    fn read(person: &Value) -> Outcome<Self> {
        Ok(Self {
            email: field(person, "email")?,
            password: field(person, "password")?,
            realm: field(person, "realm")?,
        })
    }
}

impl Realm {
    fn read(realm: &Value) -> Outcome<Self> {
        Ok(Self {
            name: field(realm, "name")?,
            api_key: field(realm, "api_key")?,
        })
    }
}

fn list<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value[name].as_array().into_iter().flatten()
}

fn field(value: &Value, name: &str) -> Outcome<String> {
    let text = value[name].as_str().map(str::to_owned);
    text.ok_or_else(|| format!("demo.json: no text `{name}` in {value}").into())
}
