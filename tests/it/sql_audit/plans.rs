//! How SQLite would run each statement: bound to a tenant, and behind each door.

use std::collections::BTreeSet;
use std::fmt::Write;

use realmdesk_tests::World;

use super::statements::{Found, Maker};

/// The doors' tables and keys, as `tenancy::scope` looks them up.
const DOORS: [(&str, &str); 3] = [
    ("portal_host", "host"),
    ("api_key", "key_hash"),
    ("mail_address", "address"),
];

/// The plans of one statement.
pub(super) struct Plans {
    bound: Vec<String>,
    behind: Vec<(&'static str, Vec<String>)>,
}

impl Plans {
    /// Asks SQLite. Only reads that do not depend on a sight are run behind a door, and the count
    /// of a program's calls, which finds its one row by the key of the door either way.
    pub(super) fn of(world: &World, found: &Found) -> Self {
        let is_read = !["INSERT", "UPDATE", "DELETE"]
            .iter()
            .any(|word| found.text.starts_with(word));
        let has_doors = is_read && matches!(found.maker, Maker::Statement | Maker::Local);
        let doors = DOORS.iter().filter(|_| has_doors);
        let behind = doors.map(|(table, key)| {
            let text = behind(found, table, key);
            (*table, without_look_up(explain(world, &text), table))
        });
        Self {
            bound: explain(world, &found.text),
            behind: behind.collect(),
        }
    }

    /// Every line that scans what is not a list given as JSON, a CTE or another result.
    pub(super) fn scans(&self, tenant_aliases: &BTreeSet<String>) -> Vec<&str> {
        let lines = self.behind.iter().flat_map(|(_, lines)| lines);
        let scans = self
            .bound
            .iter()
            .chain(lines)
            .filter_map(|line| line.trim_start().strip_prefix("SCAN "));
        let of_table =
            |scan: &&str| tenant_aliases.contains(scan.split(' ').next().unwrap_or_default());
        scans.filter(of_table).collect()
    }

    /// The plans as text: those behind doors only where they differ.
    pub(super) fn to_text(&self) -> String {
        let mut text = String::new();
        for line in &self.bound {
            let _ = writeln!(text, "  {line}");
        }
        for (door, lines) in self.behind.iter().filter(|(_, lines)| *lines != self.bound) {
            let _ = writeln!(text, "  behind {door}:");
            for line in lines {
                let _ = writeln!(text, "    {line}");
            }
        }
        text
    }
}

/// The text as `Scope::behind` rewrites it.
fn behind(found: &Found, table: &str, key: &str) -> String {
    let look_up = |column: &str, placeholder: &str| {
        format!("(SELECT {column} FROM {table} WHERE {key} = {placeholder})")
    };
    let text = replace(&found.text, "?1", &look_up("tenant_id", "?1"));
    match found.maker {
        Maker::Local => replace(&text, "?2", &look_up("realm_id", "?2")),
        Maker::Statement | Maker::Sighted | Maker::Platform => text,
    }
}

fn replace(sql: &str, placeholder: &str, replacement: &str) -> String {
    let mut parts = sql.split(placeholder);
    let mut replaced = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let is_longer = part.starts_with(|next: char| next.is_ascii_digit());
        replaced.push_str(if is_longer { placeholder } else { replacement });
        replaced.push_str(part);
    }
    replaced
}

/// The lines of a plan, indented like its tree.
fn explain(world: &World, sql: &str) -> Vec<String> {
    world.sqlite.with(|connection| {
        let mut statement = connection
            .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
            .unwrap_or_else(|error| panic!("{error}: {sql}"));
        let mut depths: Vec<(i64, usize)> = vec![(0, 0)];
        let mut lines = Vec::new();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().unwrap() {
            let (id, parent): (i64, i64) = (row.get(0).unwrap(), row.get(1).unwrap());
            let above = depths.iter().find(|(id, _)| *id == parent);
            let depth = above.map_or(0, |(_, depth)| depth + 1);
            depths.push((id, depth));
            let detail: String = row.get(3).unwrap();
            let indent = "  ".repeat(depth.saturating_sub(1));
            lines.push(format!("{indent}{}", without_numbers(&detail)));
        }
        lines
    })
}

/// Takes away the running numbers of subqueries, which change with every other word.
fn without_numbers(detail: &str) -> String {
    let is_number = |text: &str| text.parse::<u32>().is_ok();
    match detail.rsplit_once([' ', '-']) {
        Some((before, number)) if is_number(number) => before.to_owned(),
        Some((before, number)) if number.strip_suffix(')').is_some_and(is_number) => {
            format!("{before})")
        }
        Some(_) | None => detail.to_owned(),
    }
}

/// Takes away the lines of a door's own look-up, each a scalar subquery over one row.
fn without_look_up(lines: Vec<String>, table: &str) -> Vec<String> {
    let own = format!("SEARCH {table} USING PRIMARY KEY");
    let mut kept: Vec<String> = Vec::new();
    for line in lines {
        let is_inside = kept.last().map(|above| above.trim_start()) == Some("SCALAR SUBQUERY");
        if is_inside && line.trim_start().starts_with(&own) {
            kept.pop();
        } else if line.trim_start() != "REUSE SUBQUERY" {
            kept.push(line);
        }
    }
    kept
}
