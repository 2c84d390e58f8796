//! Reads `spin.toml`, manifest version 2.
//!
//! Knows the keys Spin knows and refuses the rest, because Spin refuses them too and a typing error would otherwise only show in production.
//! A key that Spin accepts and this host does not implement is refused as well, unless leaving it out changes nothing at run time.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::{Error as _, IgnoredAny};
use wasmtime::error::Context as _;
use wasmtime::{Result, ensure};

/// A checked manifest.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    #[serde(rename = "spin_manifest_version", deserialize_with = "version_two")]
    _version: u8,
    pub application: Application,
    #[serde(default)]
    pub variables: BTreeMap<VariableName, Variable>,
    pub trigger: Triggers,
    #[serde(default)]
    pub component: BTreeMap<ComponentId, Component>,
}

/// `[application]`; only the name matters here.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "listed so that Spin's other keys are accepted")]
pub struct Application {
    pub name: String,
    version: Option<String>,
    description: Option<String>,
    authors: Option<Vec<String>>,
    targets: Option<IgnoredAny>,
    trigger: Option<IgnoredAny>,
    tool: Option<IgnoredAny>,
}

/// An application variable: it has a default or must be supplied.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    pub default: Option<String>,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub secret: bool,
    #[serde(rename = "description")]
    _description: Option<String>,
}

/// `[[trigger.…]]`; this host serves HTTP only.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Triggers {
    pub http: Vec<HttpTrigger>,
}

/// One `[[trigger.http]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpTrigger {
    pub route: Route,
    pub component: ComponentId,
    #[serde(rename = "id")]
    _id: Option<String>,
    #[serde(rename = "executor")]
    _executor: Option<Executor>,
}

/// Where a trigger answers.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Route {
    Path(String),
    /// `{ private = true }`: reachable by other components only, so never here.
    Private(Private),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Private {
    #[serde(rename = "private")]
    _private: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", tag = "type")]
enum Executor {
    #[serde(alias = "spin")]
    Http,
}

/// `[component.<id>]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// A path relative to the manifest; sources from registries and URLs are refused.
    pub source: PathBuf,
    #[serde(default)]
    pub variables: BTreeMap<VariableName, String>,
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    #[serde(default)]
    pub allowed_outbound_hosts: Vec<String>,
    #[serde(default)]
    pub sqlite_databases: Vec<String>,
    #[serde(rename = "description")]
    _description: Option<String>,
    #[serde(rename = "targets")]
    _targets: Option<IgnoredAny>,
    #[serde(rename = "build")]
    _build: Option<IgnoredAny>,
    #[serde(rename = "tool")]
    _tool: Option<IgnoredAny>,
}

/// A component's name: kebab-case words.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(try_from = "String")]
pub struct ComponentId(String);

/// A variable's name: lower-case words joined by single underscores.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(try_from = "String")]
pub struct VariableName(String);

impl ComponentId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl VariableName {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ComponentId {
    type Error = String;

    fn try_from(id: String) -> Result<Self, String> {
        let well_formed = id.split('-').all(|word| is_word(word, false));
        well_formed
            .then_some(Self(id.clone()))
            .ok_or(format!("{id:?} is not in kebab-case"))
    }
}

impl TryFrom<String> for VariableName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let well_formed = name.split('_').all(|word| is_word(word, true));
        well_formed.then_some(Self(name.clone())).ok_or(format!(
            "{name:?} is not made of lower-case words joined by underscores"
        ))
    }
}

/// A letter, then letters of the same case and digits.
fn is_word(word: &str, lower_only: bool) -> bool {
    let Some(first) = word.chars().next() else {
        return false;
    };
    let upper = first.is_ascii_uppercase();
    let same_case = |c: char| c.is_ascii_alphabetic() && c.is_ascii_uppercase() == upper;
    first.is_ascii_alphabetic()
        && !(lower_only && upper)
        && word.chars().all(|c| c.is_ascii_digit() || same_case(c))
}

fn version_two<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
    match u8::deserialize(deserializer)? {
        2 => Ok(2),
        other => Err(D::Error::custom(format!(
            "manifest version {other} is not supported, only 2"
        ))),
    }
}

impl Manifest {
    /// Reads and checks the manifest; component sources become paths that can be opened.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let mut manifest =
            Self::parse(&text).with_context(|| format!("{} is not usable", path.display()))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        for component in manifest.component.values_mut() {
            component.source = folder.join(&component.source);
        }
        Ok(manifest)
    }

    pub fn parse(text: &str) -> Result<Self> {
        let manifest: Self = toml::from_str(text)?;
        manifest.check()?;
        Ok(manifest)
    }

    fn check(&self) -> Result<()> {
        for (name, variable) in &self.variables {
            ensure!(
                variable.required != variable.default.is_some(),
                "variable {:?} must be `required` or have a `default`, and not both",
                name.as_str()
            );
        }
        for trigger in &self.trigger.http {
            ensure!(
                self.component.contains_key(&trigger.component),
                "a trigger names the component {:?}, which does not exist",
                trigger.component.as_str()
            );
        }
        for (id, component) in &self.component {
            for database in &component.sqlite_databases {
                ensure!(
                    database == "default",
                    "component {:?} uses the database {database:?}, but only \"default\" exists here",
                    id.as_str()
                );
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = r#"
        spin_manifest_version = 2
        [application]
        name = "desk"
        [variables]
        session_secret = { required = true, secret = true }
        [[trigger.http]]
        route = "/api/..."
        component = "api"
        [component.api]
        source = "api.wasm"
        sqlite_databases = ["default"]
        [component.api.variables]
        session_secret = "{{ session_secret }}"
        [component.api.build]
        command = "cargo build"
    "#;

    fn refusal(from: &str, to: &str) -> String {
        assert!(SMALL.contains(from));
        format!(
            "{:?}",
            Manifest::parse(&SMALL.replacen(from, to, 1)).unwrap_err()
        )
    }

    #[test]
    fn a_manifest_is_read() {
        let manifest = Manifest::parse(SMALL).unwrap();
        assert_eq!(manifest.application.name, "desk");
        let api = &manifest.component[&ComponentId("api".into())];
        assert_eq!(api.sqlite_databases, ["default"]);
    }

    #[test]
    fn unknown_keys_are_refused() {
        assert!(refusal("source =", "colour = 1\nsource =").contains("unknown field `colour`"));
        assert!(refusal("route =", "rote = 1\nroute =").contains("unknown field `rote`"));
        assert!(refusal("[application]", "top = 1\n[application]").contains("unknown field `top`"));
        assert!(refusal("secret = true", "secert = true").contains("unknown field `secert`"));
        assert!(refusal("trigger.http", "trigger.redis").contains("unknown field `redis`"));
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        assert!(refusal("version = 2", "version = 1").contains("version 1 is not supported"));
        assert!(refusal("component = \"api\"", "component = \"apy\"").contains("does not exist"));
        assert!(refusal("[\"default\"]", "[\"other\"]").contains("only \"default\" exists"));
        assert!(refusal("required = true", "required = false").contains("must be `required` or"));
        assert!(refusal("[component.api]", "[component.a_pi]").contains("not in kebab-case"));
        assert!(refusal("session_secret =", "session__secret =").contains("joined by underscores"));
    }

    #[test]
    fn a_private_route_is_no_route() {
        let manifest = SMALL.replace("\"/api/...\"", "{ private = true }");
        let manifest = Manifest::parse(&manifest).unwrap();
        assert!(matches!(manifest.trigger.http[0].route, Route::Private(_)));
    }
}
