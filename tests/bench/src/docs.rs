//! `bench docs`: puts the results that were kept into `docs/performance.md`.
//!
//! A table stands there between `<!-- bench:NAME -->` and `<!-- end -->`; what was not measured
//! since stays as it is.

use std::fs;

use realmdesk_tests::world::repository;
use serde_json::Value;

use crate::Outcome;
use crate::table::{Table, folder};

const PAGE: &str = "docs/performance.md";
const START: &str = "<!-- bench:";
const END: &str = "<!-- end -->";

/// The columns of a table that the page leaves out.
const LEFT_OUT: [(&str, &[&str]); 1] = [(
    "tenancy",
    &[
        "µs first",
        "µs second",
        "µs back",
        "µs counters",
        "µs standing",
    ],
)];

#[expect(clippy::print_stdout, reason = "it is what the tool is for")]
pub(crate) fn command(mut args: lexopt::Parser) -> Outcome {
    if let Some(arg) = args.next()? {
        return Err(arg.unexpected().into());
    }
    let page = repository().join(PAGE);
    let text = refreshed(&fs::read_to_string(&page)?, kept)?;
    fs::write(&page, &text)?;
    for entry in fs::read_dir(folder())? {
        let file = entry?.path();
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        if name.ends_with(".svg") && text.contains(&*name) {
            fs::copy(&file, repository().join("docs").join(&*name))?;
        }
    }
    println!("{PAGE} holds what {} does", folder().display());
    Ok(())
}

/// The page with the tables that `kept` has.
fn refreshed(page: &str, kept: impl Fn(&str) -> Option<String>) -> Outcome<String> {
    let mut parts = page.split(START);
    let mut refreshed = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once(" -->").ok_or("a mark has no end")?;
        let (old, after) = rest
            .split_once(END)
            .ok_or_else(|| format!("{name} has no {END}"))?;
        let table = kept(name).map_or_else(|| old.to_owned(), |table| format!("\n\n{table}\n"));
        refreshed.extend([START, name, " -->", &table, END, after]);
    }
    Ok(refreshed)
}

fn kept(name: &str) -> Option<String> {
    let mut table = Table::kept(name).ok()?;
    let left_out = LEFT_OUT.iter().find(|(of, _)| *of == name);
    let left_out = left_out.map_or(&[][..], |(_, columns)| columns);
    if name == "tenancy" {
        dearest(&mut table);
    }
    Some(table.without(left_out).markdown())
}

/// The queues of what somebody works, for which realms keep less.
const WORK: [&str; 3] = ["mine", "assigned-to-me", "assigned-to-teams"];

/// Of the queues of each viewer two with the dearest first page: one that is about what somebody
/// works, and one of the others.
fn dearest(table: &mut Table) {
    let cost = |row: &[Value]| row[4].as_i64();
    let is_work = |row: &[Value]| WORK.iter().any(|queue| row[3] == *queue);
    let mut dearest: Vec<Vec<Value>> = Vec::new();
    for row in table.rows.drain(..) {
        let same = |other: &&mut Vec<Value>| other[0] == row[0] && is_work(other) == is_work(&row);
        match dearest.iter_mut().find(same) {
            Some(other) if cost(other) < cost(&row) => *other = row,
            Some(_) => {}
            None => dearest.push(row),
        }
    }
    table.rows = dearest;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_takes_the_place_of_the_one_before() {
        let page = "# Page\n\n<!-- bench:counts -->\nold\n<!-- end -->\n\ntext <!-- bench:load -->kept<!-- end -->.\n";
        let kept = |name: &str| (name == "counts").then(|| "| new |\n".to_owned());
        let expected = "# Page\n\n<!-- bench:counts -->\n\n| new |\n\n<!-- end -->\n\ntext <!-- bench:load -->kept<!-- end -->.\n";
        assert_eq!(refreshed(page, kept).unwrap(), expected);
        assert_eq!(refreshed(expected, kept).unwrap(), expected);
    }
}
