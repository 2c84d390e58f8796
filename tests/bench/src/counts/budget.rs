//! What a request may cost: `tests/bench/budgets.toml`.

use std::collections::BTreeMap;
use std::fs;

use realmdesk_tests::world::repository;
use serde::Deserialize;

use crate::Outcome;
use crate::counts::Counts;
use crate::counts::instructions::Instructions;

const FILE: &str = "tests/bench/budgets.toml";

/// The budgets of all scenarios. Those of sizes are read by `cargo xtask sizes`.
#[derive(Deserialize)]
pub(crate) struct Budgets {
    requests: BTreeMap<String, Budget>,
}

/// The most that a request may cost, figure by figure.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Budget {
    trips: i64,
    statements: i64,
    read: i64,
    written: i64,
    steps: i64,
    instructions: Option<i64>,
    planning: Option<i64>,
}

impl Budgets {
    pub(crate) fn read() -> Outcome<Self> {
        let text = fs::read_to_string(repository().join(FILE))?;
        toml::from_str(&text).map_err(|error| format!("{FILE}: {error}").into())
    }

    pub(crate) fn of(&self, scenario: &str) -> Option<&Budget> {
        self.requests.get(scenario)
    }

    /// One sentence for each figure of a request that is beyond its budget.
    pub(crate) fn beyond(
        &self,
        scenario: &str,
        counts: &Counts,
        instructions: Instructions,
    ) -> Vec<String> {
        let Some(budget) = self.of(scenario) else {
            return vec![format!("{scenario} has no budget in {FILE}")];
        };
        let figures = Budget::figures(counts, instructions).into_iter();
        let both = Budget::FIGURES
            .into_iter()
            .zip(figures.zip(budget.limits()));
        let beyond = both.filter_map(|(name, both)| match both {
            (Some(figure), Some(limit)) if figure > limit => Some(format!(
                "{scenario}: {figure} {name}, and the budget in {FILE} is {limit}"
            )),
            _ => None,
        });
        beyond.collect()
    }

    #[cfg(test)]
    pub(crate) fn names(&self) -> Vec<String> {
        self.requests.keys().cloned().collect()
    }
}

impl Budget {
    /// What the figures are called, in their order.
    pub(crate) const FIGURES: [&str; 7] = [
        "round trips",
        "statements",
        "rows read",
        "rows written",
        "SQLite steps",
        "instructions",
        "with planning",
    ];

    /// The figures of a request.
    pub(crate) fn figures(counts: &Counts, instructions: Instructions) -> [Option<i64>; 7] {
        [
            Some(counts.trips),
            Some(counts.statements),
            Some(counts.cost.read),
            Some(counts.cost.written),
            Some(counts.cost.steps),
            instructions.planned,
            instructions.planning,
        ]
    }

    /// The budget in the same order.
    pub(crate) fn limits(&self) -> [Option<i64>; 7] {
        [
            Some(self.trips),
            Some(self.statements),
            Some(self.read),
            Some(self.written),
            Some(self.steps),
            self.instructions,
            self.planning,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counts::meter::Cost;

    #[test]
    fn a_request_beyond_its_budget_is_named_with_figure_and_budget() {
        let text = "[requests]\n\"mail in\" = { trips = 2, statements = 3, read = 4, written = 5, \
                    steps = 6, instructions = 7 }";
        let budgets: Budgets = toml::from_str(text).unwrap();
        let counts = |read| Counts {
            trips: 2,
            statements: 3,
            cost: Cost {
                read,
                written: 5,
                steps: 6,
            },
        };
        let planned = |planned| Instructions {
            planned: Some(planned),
            planning: None,
        };
        assert!(budgets.beyond("mail in", &counts(4), planned(7)).is_empty());
        let beyond = budgets.beyond("mail in", &counts(9), planned(8));
        assert!(
            beyond[0].starts_with("mail in: 9 rows read, and the budget"),
            "{beyond:?}"
        );
        assert!(
            beyond[1].starts_with("mail in: 8 instructions,"),
            "{beyond:?}"
        );
        assert_eq!(budgets.beyond("mail out", &counts(0), planned(0)).len(), 1);
    }
}
