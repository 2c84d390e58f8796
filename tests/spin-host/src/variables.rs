//! Application variables, and what components see of them.
//!
//! An application variable gets its value from a `--variable` flag, else from `SPIN_VARIABLE_<NAME>`, else from its default.
//! A component sees only its own variables, whose templates (`"{{ name }}"`) draw on the application's.
//! Everything is resolved at the start, so that a missing secret stops the server and not a request.

use std::collections::BTreeMap;

use wasmtime::{Result, bail, ensure};

use crate::manifest::{Manifest, VariableName};

/// The application's variables with their values.
#[derive(Debug, Default)]
pub struct Variables {
    values: BTreeMap<VariableName, String>,
}

impl Variables {
    /// Resolves every application variable; `flags` beat `environment`.
    pub fn resolve(
        manifest: &Manifest,
        flags: &BTreeMap<String, String>,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self> {
        let mut values = BTreeMap::new();
        let mut missing = Vec::new();
        for (name, variable) in &manifest.variables {
            let from_environment = || {
                environment(&format!(
                    "SPIN_VARIABLE_{}",
                    name.as_str().to_ascii_uppercase()
                ))
            };
            let value = flags.get(name.as_str()).cloned();
            match value
                .or_else(from_environment)
                .or_else(|| variable.default.clone())
            {
                Some(value) => _ = values.insert(name.clone(), value),
                None => missing.push(name.as_str()),
            }
        }
        ensure!(
            missing.is_empty(),
            "no value for the required variable(s) {}",
            missing.join(", ")
        );
        Ok(Self { values })
    }

    /// Fills in the application's variables.
    pub fn expand(&self, template: &str) -> Result<String> {
        let mut text = String::new();
        let mut rest = template;
        while let Some((literal, expression)) = rest.split_once("{{") {
            let Some((name, tail)) = expression.split_once("}}") else {
                bail!("a '{{{{' without '}}}}' in the template {template:?}");
            };
            text.push_str(literal);
            text.push_str(self.get(name.trim())?);
            rest = tail;
        }
        text.push_str(rest);
        Ok(text)
    }

    fn get(&self, name: &str) -> Result<&str> {
        let found = self.values.iter().find(|(known, _)| known.as_str() == name);
        match found {
            Some((_, value)) => Ok(value),
            None => bail!("a template names the variable {name:?}, which does not exist"),
        }
    }

    /// Fills in the templates of one component.
    pub fn for_component(
        &self,
        templates: &BTreeMap<VariableName, String>,
    ) -> Result<BTreeMap<VariableName, String>> {
        templates
            .iter()
            .map(|(name, template)| Ok((name.clone(), self.expand(template)?)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let text = r#"
            spin_manifest_version = 2
            application = { name = "desk" }
            trigger = { http = [] }
            [variables]
            origin = { default = "https://desk.example" }
            secret = { required = true, secret = true }
        "#;
        Manifest::parse(text).unwrap()
    }

    fn resolve(flags: &[(&str, &str)], environment: &[(&str, &str)]) -> Result<Variables> {
        let flags = flags
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        Variables::resolve(&manifest(), &flags, |name| {
            let found = environment.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn a_flag_beats_the_environment_beats_the_default() {
        let environment = [
            ("SPIN_VARIABLE_SECRET", "env"),
            ("SPIN_VARIABLE_ORIGIN", "env"),
        ];
        let variables = resolve(&[("secret", "flag")], &environment).unwrap();
        assert_eq!(
            variables.expand("{{ secret }} {{ origin }}").unwrap(),
            "flag env"
        );
        let variables = resolve(&[("secret", "flag")], &[]).unwrap();
        assert_eq!(
            variables.expand("{{origin}}/x").unwrap(),
            "https://desk.example/x"
        );
    }

    #[test]
    fn a_missing_required_variable_stops_the_start() {
        let refusal = resolve(&[], &[]).unwrap_err().to_string();
        assert_eq!(refusal, "no value for the required variable(s) secret");
    }

    #[test]
    fn bad_templates_are_refused() {
        let variables = resolve(&[("secret", "x")], &[]).unwrap();
        assert_eq!(variables.expand("no braces").unwrap(), "no braces");
        assert!(variables.expand("{{ unknown }}").is_err());
        assert!(variables.expand("{{ secret").is_err());
    }
}
