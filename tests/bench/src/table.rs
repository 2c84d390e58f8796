//! Results: printed as a table, kept as JSON in `target/bench`.

use std::fmt::Display;
use std::fs;
use std::path::PathBuf;

use realmdesk_tests::world::repository;
use serde_json::{Map, Value, json};

use crate::Outcome;

/// A table of results.
pub(crate) struct Table {
    /// What the file is called.
    pub(crate) name: String,
    pub(crate) head: Vec<String>,
    pub(crate) rows: Vec<Vec<Value>>,
}

/// Where results are kept.
pub(crate) fn folder() -> PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    repository().join(target).join("bench")
}

impl Table {
    pub(crate) fn new(name: &str, head: &[&str]) -> Self {
        Self {
            name: name.to_owned(),
            head: head.iter().map(|&title| title.to_owned()).collect(),
            rows: Vec::new(),
        }
    }

    /// Prints the table and keeps it.
    #[expect(clippy::print_stdout, reason = "it is what the tool is for")]
    pub(crate) fn publish(&self) -> Outcome {
        println!("\n{}", self.markdown());
        let file = folder().join(&self.name).with_extension("json");
        fs::create_dir_all(folder())?;
        fs::write(&file, format!("{:#}\n", self.json()))?;
        println!("kept in {}", file.display());
        Ok(())
    }

    /// The table as it stands in documents.
    pub(crate) fn markdown(&self) -> String {
        let cells: Vec<Vec<String>> = self
            .rows
            .iter()
            .map(|row| row.iter().map(shown).collect())
            .collect();
        let is_number = |column: usize| {
            let mut rows = self.rows.iter().map(|row| &row[column]);
            rows.all(|cell| !cell.is_string())
        };
        let width = |column: usize| {
            let cells = cells.iter().map(|row| row[column].chars().count());
            let title = self.head[column].chars().count();
            cells.chain([title, 3]).max().unwrap_or(3)
        };
        let columns: Vec<(usize, bool)> = (0..self.head.len())
            .map(|column| (width(column), is_number(column)))
            .collect();
        let rule = |(width, right): &(usize, bool)| match right {
            true => format!("{}:", "-".repeat(width - 1)),
            false => "-".repeat(*width),
        };
        let rules: Vec<String> = columns.iter().map(rule).collect();
        let mut lines = vec![line(&self.head, &columns), line(&rules, &columns)];
        lines.extend(cells.iter().map(|row| line(row, &columns)));
        lines.concat()
    }

    /// The table without some of its columns.
    pub(crate) fn without(mut self, columns: &[&str]) -> Self {
        let stays: Vec<bool> = self
            .head
            .iter()
            .map(|title| !columns.contains(&title.as_str()))
            .collect();
        let mut left = stays.iter().copied();
        self.head.retain(|_| left.next().unwrap_or(true));
        for row in &mut self.rows {
            let mut left = stays.iter().copied();
            row.retain(|_| left.next().unwrap_or(true));
        }
        self
    }

    fn json(&self) -> Value {
        let row = |row: &Vec<Value>| {
            let pairs = self.head.iter().cloned().zip(row.iter().cloned());
            Value::Object(pairs.collect::<Map<_, _>>())
        };
        json!({
            "name": self.name,
            "head": self.head,
            "rows": self.rows.iter().map(row).collect::<Vec<_>>(),
        })
    }

    /// Reads a table that was kept.
    pub(crate) fn kept(name: &str) -> Outcome<Self> {
        let file = folder().join(name).with_extension("json");
        let kept: Value = serde_json::from_str(&fs::read_to_string(file)?)?;
        let head: Vec<String> = serde_json::from_value(kept["head"].clone())?;
        let rows = kept["rows"].as_array().into_iter().flatten();
        let rows = rows.map(|row| head.iter().map(|title| row[title].clone()).collect());
        Ok(Self {
            name: name.to_owned(),
            rows: rows.collect(),
            head,
        })
    }
}

fn line(cells: &[String], columns: &[(usize, bool)]) -> String {
    let cells = cells.iter().zip(columns).map(|(cell, (width, right))| {
        if *right {
            format!("{cell:>width$}")
        } else {
            format!("{cell:<width$}")
        }
    });
    format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
}

fn shown(cell: &Value) -> String {
    match cell {
        Value::Null => "–".to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) => match number.as_i64() {
            Some(number) => grouped(number),
            None => format!("{:.2}", number.as_f64().unwrap_or_default()),
        },
        other => other.to_string(),
    }
}

/// A number with commas between its thousands.
pub(crate) fn grouped(number: impl Display) -> String {
    let number = number.to_string();
    let (sign, digits) = match number.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", number.as_str()),
    };
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_right_and_grouped() {
        let table = Table {
            rows: vec![
                vec!["one".into(), 1_234_567.into()],
                vec!["two".into(), Value::Null],
            ],
            ..Table::new("test", &["name", "rows"])
        };
        let lines = [
            "| name |      rows |",
            "| ---- | --------: |",
            "| one  | 1,234,567 |",
            "| two  |         – |",
            "",
        ];
        assert_eq!(table.markdown(), lines.join("\n"));
    }
}
