//! `bench counts`: what each request costs, in figures that are the same in every run.

pub(crate) mod budget;
pub(crate) mod instructions;
pub(crate) mod meter;

use lexopt::Arg::Long;
use realmdesk_tests::World;
use serde_json::Value;

use crate::Outcome;
use crate::client::{Answer, Desk};
use crate::counts::budget::{Budget, Budgets};
use crate::counts::instructions::Instructions;
use crate::counts::meter::Cost;
use crate::native::Native;
use crate::scenario::{SCENARIOS, Scenario};
use crate::table::Table;

/// What one request costs natively.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) trips: i64,
    pub(crate) statements: i64,
    pub(crate) cost: Cost,
}

/// What `--check` and the table say of a scenario.
struct Figures {
    scenario: &'static Scenario,
    counts: Counts,
    instructions: Instructions,
}

#[expect(clippy::print_stdout, reason = "it is what the tool is for")]
pub(crate) fn command(mut args: lexopt::Parser) -> Outcome {
    let mut check = false;
    while let Some(arg) = args.next()? {
        match arg {
            Long("check") => check = true,
            other => return Err(other.unexpected().into()),
        }
    }
    let budgets = Budgets::read()?;
    let figures = SCENARIOS.iter().map(measure).collect::<Outcome<Vec<_>>>()?;
    table(&figures).publish()?;
    if !instructions::has_valgrind() {
        println!("instructions are not counted: valgrind is not on the PATH");
    }
    let beyond: Vec<String> = figures
        .iter()
        .flat_map(|of| budgets.beyond(of.scenario.name, &of.counts, of.instructions))
        .collect();
    match beyond.is_empty() {
        true => Ok(()),
        false if check => Err(beyond.join("\n       ").into()),
        false => {
            println!("{}", beyond.join("\n"));
            Ok(())
        }
    }
}

fn measure(scenario: &'static Scenario) -> Outcome<Figures> {
    Ok(Figures {
        scenario,
        counts: count(scenario)?,
        instructions: instructions::per_request(scenario.name)?,
    })
}

/// Counts one request in a small help desk.
pub(crate) fn count(scenario: &Scenario) -> Outcome<Counts> {
    count_in(&mut Native::new(World::new().tenant("acme"))?, scenario)
}

/// Counts one request.
pub(crate) fn count_in(desk: &mut Native, scenario: &Scenario) -> Outcome<Counts> {
    let told = |error| format!("{}: {error}", scenario.name);
    let ask = (scenario.prepare)(desk).map_err(told)?;
    if scenario.can_repeat {
        // Then every statement is planned, as in a server that has been running.
        let first = desk.again(&ask);
        desk.send(&first).and_then(Answer::ok).map_err(told)?;
    }
    let ask = desk.again(&ask);
    let call = desk.call(&ask);
    desk.world.meter.keep();
    let (page, cost) = meter::cost(&desk.world, || desk.world.send(call));
    if page.status >= 400 {
        return Err(told(page.text().into()).into());
    }
    let batches = desk.world.meter.take_kept();
    Ok(Counts {
        trips: whole(batches.len()),
        statements: whole(batches.iter().map(Vec::len).sum()),
        cost,
    })
}

fn whole(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn table(figures: &[Figures]) -> Table {
    let head = ["request"].into_iter().chain(Budget::FIGURES);
    let mut table = Table::new("counts", &head.collect::<Vec<_>>());
    for of in figures {
        let counted = Budget::figures(&of.counts, of.instructions).map(Value::from);
        let name = Value::from(of.scenario.name);
        table.rows.push([vec![name], counted.to_vec()].concat());
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_request_costs_more_than_its_budget() {
        let budgets = Budgets::read().unwrap();
        let beyond = SCENARIOS.iter().flat_map(|scenario| {
            let counts = count(scenario).unwrap();
            budgets.beyond(scenario.name, &counts, Instructions::default())
        });
        let beyond: Vec<String> = beyond.collect();
        assert!(beyond.is_empty(), "\n{}\n", beyond.join("\n"));
    }

    #[test]
    fn counts_are_the_same_in_every_run() {
        let create = &SCENARIOS[0];
        assert_eq!(count(create).unwrap(), count(create).unwrap());
    }

    #[test]
    fn every_scenario_has_a_budget_and_every_budget_a_scenario() {
        let named: Vec<&str> = SCENARIOS.iter().map(|scenario| scenario.name).collect();
        let mut budgeted = Budgets::read().unwrap().names();
        let mut named: Vec<String> = named.into_iter().map(str::to_owned).collect();
        budgeted.sort();
        named.sort();
        assert_eq!(budgeted, named);
    }
}
